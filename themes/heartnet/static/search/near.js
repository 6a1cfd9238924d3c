// When nothing, or very little, was found: other spellings, romaji, slips of the finger. Loaded only then.
import { SPELLINGS, fold } from "./fold.js";

const ROWS = { "": "あいうえお", k: "かきくけこ", s: "さしすせそ", t: "たちつてと", n: "なにぬねの", h: "はひふへほ", m: "まみむめも", y: "や　ゆ　よ", r: "らりるれろ", w: "わ　　　を", g: "がぎぐげご", z: "ざじずぜぞ", d: "だぢづでど", b: "ばびぶべぼ", p: "ぱぴぷぺぽ" };
/** Consonants that stand for one sound and a small vowel behind it, but for the one vowel that is the sound itself. */
const SMALL = { f: ["ふ", "ぁぃ　ぇぉ"], sh: ["し", "ゃ　ゅぇょ"], ch: ["ち", "ゃ　ゅぇょ"], j: ["じ", "ゃ　ゅぇょ"], ts: ["つ", "ぁぃ　ぇぉ"], th: ["て", "ゃぃゅぇょ"], dh: ["で", "ゃぃゅぇょ"] };
const SAME = { c: "k", l: "r", v: "b", q: "k", cy: "ty", jy: "zy", x: "" };
/** Letters that end in a, i, u, e, o. */
const [A, I, U, E, O] = [..."ゃ　ゅぇょ"].map((small, at) => `[${Object.values(ROWS).map((row) => row[at]).join("")}${small}]`);
/** What romaji leaves open: long vowels, じ and ぢ, ず and づ, ち and てぃ, な and んあ. */
const OPEN = [[new RegExp(`(?<=${O})[うお]|(?<=${U})う|(?<=${E})[いえ]|(?<=${A})あ|(?<=${I})い`, "g"), () => "ー"], [/[じずち]/g, (c) => ({ じ: "ぢ", ず: "づ", ち: "てぃ" })[c]], [/に(?=[ゃゅょ])/g, () => "ん"], [/[なぬねの]|に(?![ゃゅょ])/g, (c) => `ん${"あいうえお"["なにぬねの".indexOf(c)]}`]];
const MOST = 40;

/** Other ways to write a word, at most two dozen. */
function spellings(text) {
  let ways = [["", text]];
  const done = new Set();
  while (ways.length > 0 && done.size < 24) {
    const [written, left] = ways.shift();
    if (!left) { done.add(written); continue; }
    const found = SPELLINGS.flatMap((family) => family.filter((word) => left.startsWith(word)).map((word) => [word, family]));
    const [word, family] = found.sort((a, b) => b[0].length - a[0].length)[0] ?? [left[0], [left[0]]];
    // Each of them may double the ways: a long text is not written in all of its own.
    const others = ways.length + done.size < 24 ? family : [word];
    ways.push(...others.map((other) => [written + other, left.slice(word.length)]));
  }
  done.delete(text);
  return [...done];
}

function* subsets(items) {
  for (let chosen = 1; chosen < 2 ** items.length && chosen < 64; chosen += 1) yield items.filter((_, at) => chosen & (2 ** at));
}

/** The same with long vowels that were not written: kohi is こーひー, bento べんとう. */
function longer(text) {
  const places = [...text.matchAll(/[ぁ-ゖ](?![ぁぃぅぇぉゃゅょー])/g)].filter(({ 0: letter }) => !/[んっ]/.test(letter)).map(({ index }) => index + 1);
  if (places.length > 6) return [];
  const put = (at, sign) => text.slice(0, at) + sign + text.slice(at);
  const vowel = (at) => (`${O}${U}`.includes(text[at - 1]) ? "う" : "い");
  return places.flatMap((at, i) => [put(at, "ー"), put(at, vowel(at)), ...places.slice(i + 1).map((other) => `${put(at, "ー").slice(0, other + 1)}ー${text.slice(other)}`)]);
}

/** Romaji as hiragana, in the ways it may be meant; nothing if it is none. */
export function kana(text) {
  let out = "";
  let left = text.normalize("NFD").replace(/(.)[\u0302\u0304]/g, (_, vowel) => vowel + (vowel === "o" ? "u" : vowel));
  while (left) {
    const [all, double, , consonant, vowel] = /^(?:(-|t(?=ch)|([bcdfghjkpqrstvwyz])(?=\2)|n'|nn?(?![aiueoy])|m(?=[bp]))|(ts|[sctd]h|[bcdghjkmnprstz]y|[b-df-hj-np-tv-z]?)([aiueo]))/.exec(left) ?? [];
    if (!all) return [];
    left = left.slice(all.length);
    if (double) {
      out += double === "-" ? "ー" : /[nm]/.test(double) ? "ん" : "っ";
      continue;
    }
    const at = "aiueo".indexOf(vowel);
    const sound = SAME[consonant] ?? consonant;
    if (SMALL[sound]) out += SMALL[sound][0] + SMALL[sound][1][at].trim();
    else if (sound.length === 2) out += ROWS[sound[0]][1] + "ゃぃゅぇょ"[at];
    else out += ROWS[sound][at].trim() || ["うぃ", "う", "うぇ"][at - 1] || "い";
  }
  const places = OPEN.flatMap(([sign, other]) => [...out.matchAll(sign)].map(({ 0: all, index }) => ({ index, all, other: other(all) })));
  const meant = [out];
  // Most often all vowels that could be long are.
  const long = places.filter(({ other }) => other === "ー");
  for (const chosen of [long, ...subsets(places.slice(0, 6))]) {
    meant.push([...out].map((letter, at) => chosen.find(({ index }) => index === at)?.other ?? letter).join(""));
  }
  return [...new Set([...new Set(meant)].slice(0, 16).concat(longer(out)))];
}

/**
 * How many slips lie between a word and the nearest parts of a text, and those parts; two letters changed about are
 * one. Of a short word nothing shorter is meant: it would be of any word.
 */
export function slips(word, text) {
  const [a, b] = [[...word], [...text]];
  // Of each end in the text the slips, and where the part begins, at the latest and at the earliest.
  const rows = [[...b, ""].map((_, at) => [0, at, at])];
  const best = (ways) => ways.reduce((one, other) => (one[0] < other[0] ? one : other[0] < one[0] ? other : [one[0], Math.max(one[1], other[1]), Math.min(one[2], other[2])]));
  const more = ([slips, ...starts], by = 1) => [slips + by, ...starts];
  for (let i = 1; i <= a.length; i += 1) {
    rows[i] = [[i, 0, 0]];
    for (let j = 1; j <= b.length; j += 1) {
      const ways = [more(rows[i - 1][j]), more(rows[i][j - 1]), more(rows[i - 1][j - 1], a[i - 1] === b[j - 1] ? 0 : 1)];
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) ways.push(more(rows[i - 2][j - 2]));
      rows[i][j] = best(ways);
    }
  }
  const ends = rows[a.length].flatMap(([slips, ...starts], end) => starts.map((start) => [slips, end - start, start])).filter(([, length]) => a.length > 4 || length >= a.length);
  const count = Math.min(...ends.map(([slips]) => slips));
  return { count, parts: ends.filter(([slips]) => slips === count).map(([, length, start]) => b.slice(start, start + length).join("")) };
}

/** Names that share pairs of letters with a word in nearly its order, with how many; the best first. */
async function alike(index, text) {
  const letters = [...text];
  const entries = await index.entries(letters);
  const names = new Map();
  entries.forEach((entry, offset) => {
    for (let at = 0; at < (entry?.counts[0] ?? 0); at += 1) {
      const name = entry.docs[0][at] * 2 + (entry.places[at] & 1);
      const place = entry.places[at] >> 1;
      if (!names.has(name)) names.set(name, { total: place + entry.rests[at], starts: new Map() });
      const { starts } = names.get(name);
      // A letter too many or too few moves what is behind it by one.
      for (const start of [place - offset - 1, place - offset, place - offset + 1]) starts.set(start, (starts.get(start) ?? 0) + 1);
    }
  });
  const docs = new Map();
  for (const [name, { total, starts }] of names) {
    const found = { doc: name >> 1, shared: Math.max(...starts.values()), off: Math.abs(total - letters.length) };
    if (found.shared > (docs.get(found.doc)?.shared ?? 0)) docs.set(found.doc, found);
  }
  return [...docs.values()].sort((a, b) => b.shared - a.shared || a.off - b.off || a.doc - b.doc);
}

/** The names nearest to a word that stands nowhere. */
async function nearest(index, text) {
  const letters = [...text].length;
  if (letters < 3) return [];
  // A slip takes three pairs at most.
  const pairs = (text.match(/[\p{Alphabetic}\p{N}](?=[\p{Alphabetic}\p{N}])/gu) ?? []).length;
  const found = (await alike(index, text)).filter(({ shared }) => shared >= Math.max(1, pairs - 3)).slice(0, MOST);
  const rows = await index.rows(found.map(({ doc }) => doc));
  const near = rows.map((row, at) => ({ ...found[at], title: row.title, ...slips(text, fold(row.title)) }));
  const least = Math.min(...near.map(({ count }) => count));
  if (least <= (letters < 8 ? 1 : 2)) return near.filter(({ count }) => count === least).sort((a, b) => a.off - b.off);
  // Nothing that a slip explains: what shares most of its letters, and not many of those.
  return near.filter(({ shared }) => shared >= pairs * 0.6).slice(0, 5).map(({ doc, title }) => ({ doc, title }));
}

const answer = (hits, words, shown = words) => hits.length > 0 && { hits, words, near: shown.join(" ") };

/** What the query may have meant, or nothing. `plain` is what it found as it stands. */
export async function near(index, words, plain, places) {
  const texts = plain.words;
  const again = (other) => words.map((word) => (word.not ? word : { text: other.get(word.text) ?? word.text }));
  // Another spelling of the same word is the same word: what it finds comes behind.
  const seen = new Set(plain.hits);
  const more = [];
  const spelled = [];
  for (const text of texts) {
    for (const other of spellings(text)) {
      const hits = (await index.rank(again(new Map([[text, other]])))).filter((doc) => !seen.has(doc));
      if (hits.length > 0) spelled.push({ text, other, count: hits.length });
      for (const doc of hits) { seen.add(doc); more.push(doc); }
    }
  }
  if (more.length > 0) {
    const [best] = spelled.sort((a, b) => b.count - a.count);
    // What one word finds in another spelling is meant as well; of several words it is only offered.
    if (texts.length > 1 && plain.hits.length > 0) return { near: texts.map((text) => (text === best.text ? best.other : text)).join(" ") };
    return { hits: [...plain.hits, ...more], words: [...texts, ...spelled.map(({ other }) => other)], near: best.other };
  }
  if (plain.hits.length > 0) return;
  // A name may stand there in letters and its reading in kana.
  const parts = texts.flatMap((text) => text.match(/[a-z]{2,}|[^a-z]+/g) ?? text);
  if (parts.length > texts.length && parts.every((part) => /^([a-z]+|[ぁ-ゖー]+)$/.test(part))) {
    const found = answer(await index.rank([...parts.map((text) => ({ text })), ...words.filter(({ not }) => not)]), parts);
    if (found) return found;
  }
  const other = new Map();
  const shown = new Map();
  for (const text of texts) {
    if (!/^[a-z'\u0302\u0304-]+$/.test(text.normalize("NFD"))) continue;
    // What stands in most names is meant; of two that stand in the same ones, the longer.
    const ways = await Promise.all(kana(text).map(async (written) => {
      const grades = [];
      const hits = await index.rank([{ text: fold(written) }], places, grades);
      return [hits.filter((doc) => grades[doc] >= 24).length, hits.length && 1, written.length, written];
    }));
    const [best] = ways.filter(([, any]) => any).sort((a, b) => b[0] - a[0] || b[2] - a[2]);
    if (best) {
      other.set(text, fold(best[3]));
      shown.set(text, best[3].replace(/ん[ゃゅょ]/g, (two) => `ん${String.fromCharCode(two.charCodeAt(1) + 1)}`));
    }
  }
  if (other.size > 0) {
    const found = answer(await index.rank(again(other), places), texts.map((text) => other.get(text) ?? text), texts.map((text) => shown.get(text) ?? text));
    if (found) return found;
  }
  // A slip in a name, which may be of several words.
  const found = await nearest(index, texts.join(" "));
  if (found.length > 0) {
    const docs = found.map(({ doc }) => doc);
    // What most of the names have is meant, and the longest of it. As a word it may stand elsewhere, too.
    const names = found.map(({ title }) => fold(title));
    const [[, , part] = []] = found.flatMap(({ parts = [] }) => parts).map((part) => [names.filter((name) => name.includes(part)).length, part.length, part]).sort((a, b) => b[0] - a[0] || b[1] - a[1]);
    const { title } = part ? found[names.findIndex((name) => name.includes(part))] : found[0];
    const hits = part && texts.length === 1 ? await index.rank(again(new Map([[texts[0], part]])), places) : [];
    if (hits.length === 0) return { hits: docs, words: [fold(title)], near: title };
    const at = fold(title).length === title.length ? fold(title).indexOf(part) : -1;
    return { hits, words: [part], near: at < 0 ? part : title.slice(at, at + part.length) };
  }
  if (texts.length < 2) return;
  // Only the words that stand nowhere are looked for once more.
  for (const text of texts.filter((text) => !other.has(text))) {
    if ((await index.rank([{ text }])).length > 0) continue;
    const [first] = await nearest(index, text);
    if (first) other.set(text, fold(first.title));
  }
  return other.size > 0 && answer(await index.rank(again(other)), texts.map((text) => other.get(text) ?? text));
}
