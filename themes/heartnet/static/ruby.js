// Furigana for the whole page, on demand. A wrong reading is worse than none: a run of kanji is read only where
// words of the site's dictionary cover all of it, or else words of two kanji and more within it.

const KANJI = /[\p{Script=Han}々〆ヶヵ]/u;
const RUN = /[\p{Script=Han}々〆ヶヵ]+/uy;
const NUMBER = /[0-9０-９]+$/;
const DAYS = { 2: "ふつか", 3: "みっか", 4: "よっか", 5: "いつか", 6: "むいか", 7: "なのか", 8: "ようか", 9: "ここのか", 10: "とおか", 14: "じゅうよっか", 20: "はつか", 24: "にじゅうよっか" };
const PEOPLE = { 1: "ひとり", 2: "ふたり" };
// Behind a number, the longest first. Those whose sound changes with it (本, 分, 匹) are left alone.
const COUNTERS = [["土曜日", "どようび"], ["日曜日", "にちようび"], ["月曜日", "げつようび"], ["火曜日", "かようび"], ["水曜日", "すいようび"], ["木曜日", "もくようび"], ["金曜日", "きんようび"], ["市町村", "しちょうそん"], ["事業所", "じぎょうしょ"], ["年間", "ねんかん"], ["年度", "ねんど"], ["年生", "ねんせい"], ["月末", "がつまつ"], ["月号", "がつごう"], ["月分", "がつぶん"], ["週間", "しゅうかん"], ["時間", "じかん"], ["日間", "にちかん"], ["種類", "しゅるい"], ["番地", "ばんち"], ["人分", "にんぶん"], ["人前", "にんまえ"], ["施設", "しせつ"], ["年", "ねん"], ["月", "がつ"], ["日", "にち"], ["時", "じ"], ["円", "えん"], ["個", "こ"], ["件", "けん"], ["名", "めい"], ["人", "にん"], ["枚", "まい"], ["台", "だい"], ["回", "かい"], ["番", "ばん"], ["号", "ごう"], ["度", "ど"], ["食", "しょく"], ["束", "たば"], ["週", "しゅう"], ["歳", "さい"], ["点", "てん"], ["袋", "ふくろ"], ["箱", "はこ"]];
const WEEKDAYS = { 日: "にち", 月: "げつ", 火: "か", 水: "すい", 木: "もく", 金: "きん", 土: "ど", 祝: "しゅく" };
const SKIP = "script,style,ruby,rt,rp,textarea,select,pre,code,svg,title,.leaf,[lang]:not([lang|=ja])";

const toHiragana = (text) => text.replace(/[ァ-ヶ]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0x60));

// One ruby cannot be broken at the end of a line: a name of a dozen kanji is read word by word, if it can be.
const UNWIELDY = 6;
const rank = ({ word }) => (word.length > UNWIELDY ? 0 : word.length);

/** Words by their first kanji, the longest handy one first. Kana in front of it must stand there, but need no reading. */
export function dictionary(readings) {
  const words = new Map();
  for (const [whole, kana] of Object.entries(readings)) {
    const start = whole.search(KANJI);
    if (start < 0) continue;
    const [before, word] = [whole.slice(0, start), whole.slice(start)];
    if (!kana.startsWith(toHiragana(before))) continue;
    const list = words.get(word[0]) ?? [];
    list.push({ before, word, reading: kana.slice(before.length) });
    words.set(word[0], list);
  }
  for (const list of words.values()) list.sort((a, b) => rank(b) - rank(a) || b.word.length - a.word.length || b.before.length - a.before.length);
  return words;
}

/** [取り扱い, とりあつかい] → [取|と] り [扱|あつか] い; the whole word under one reading where that is unclear. */
function align({ word, reading }) {
  const parts = word.match(/[\p{Script=Han}々〆ヶヵ]+|[^\p{Script=Han}々〆ヶヵ]+/gu);
  const kana = /^[\p{Script=Han}々〆ヶヵぁ-んァ-ヴー]+$/u.test(word);
  const pattern = parts.map((part) => (KANJI.test(part) ? "(.+?)" : toHiragana(part))).join("");
  const found = kana ? new RegExp(`^${pattern}$`).exec(toHiragana(reading)) : null;
  if (!found) return [{ base: word, reading }];
  let group = 0;
  return parts.map((part) => (KANJI.test(part) ? { base: part, reading: found[(group += 1)] } : { base: part }));
}

/** Words that may stand at a place. One kanji alone is a word only where nothing else is written together with it. */
function* candidates(text, at, words) {
  const alone = !KANJI.test(text[at - 1] ?? "") && !KANJI.test(text[at + 1] ?? "") && !/[ァ-ヴーA-Za-zＡ-Ｚａ-ｚ0-9０-９]/.test(text[at - 1] ?? "");
  for (const entry of words.get(text[at]) ?? []) {
    const fits = text.startsWith(entry.word, at) && text.slice(0, at).endsWith(entry.before);
    if (fits && (entry.word.length > 1 || entry.before || alone)) yield entry;
  }
}

/** The words that cover a run of kanji from `at` on, or null. `budget` keeps odd dictionaries from hanging. */
function cover(text, at, words, budget) {
  if (at >= text.length || !KANJI.test(text[at])) return [];
  for (const entry of candidates(text, at, words)) {
    if ((budget.left -= 1) < 0) return null;
    const rest = cover(text, at + entry.word.length, words, budget);
    if (rest) return [entry, ...rest];
  }
  return null;
}

/** What stands behind a number: `{base, reading, digits}`, where the digits belong to the reading (5日, いつか). */
function counted(text, at) {
  const digits = NUMBER.exec(text.slice(0, at))?.[0];
  if (!digits) return null;
  const [counter, reading] = COUNTERS.find(([word]) => text.startsWith(word, at)) ?? [];
  if (!counter) return null;
  const number = /[,，.．]$/.test(text.slice(0, at - digits.length)) ? NaN : Number(digits.normalize("NFKC"));
  // ついたち is a date, いちにち a length of time: only behind a month it is sure.
  if (counter === "日" && number === 1) {
    const date = text.slice(0, at - digits.length).endsWith("月");
    return date ? { base: `${digits}日`, reading: "ついたち", digits } : { base: counter };
  }
  const special = counter === "人" ? PEOPLE[number] : counter[0] === "日" ? DAYS[number] : undefined;
  if (special) return { base: digits + counter, reading: special + (counter === "日間" ? "かん" : ""), digits };
  return { base: counter, reading };
}

/** Cuts a text into parts `{base, reading?}`; together the bases are the text. */
export function read(text, words) {
  const parts = [];
  const push = (part) => {
    const last = parts.at(-1);
    if (part.reading === undefined && last && last.reading === undefined) last.base += part.base;
    else parts.push({ ...part });
  };
  let at = 0;
  while (at < text.length) {
    const char = text[at];
    const before = text[at - 1] ?? "";
    if (!KANJI.test(char)) {
      push({ base: char });
      at += 1;
    } else if (WEEKDAYS[char] && /[(（・]/.test(before) && /[)）・]/.test(text[at + 1] ?? "")) {
      push({ base: char, reading: WEEKDAYS[char] });
      at += 1;
    } else if (char === "月" && /[0-9０-９]か$/.test(text.slice(0, at))) {
      push({ base: char, reading: "げつ" });
      at += 1;
    } else if (/[0-9０-９]/.test(before)) {
      const part = counted(text, at);
      RUN.lastIndex = at;
      // No known counter: nothing of what is written together with the number is read.
      const base = part ? part.base : RUN.exec(text)[0];
      if (part?.digits) {
        const last = parts.at(-1);
        last.base = last.base.slice(0, -part.digits.length);
        if (!last.base) parts.pop();
      }
      push({ base, reading: part?.reading });
      at += base.length - (part?.digits?.length ?? 0);
    } else {
      at += run(text, at, words, push);
    }
  }
  return parts;
}

/** Reads a run of kanji and what belongs to its last word; says how far it came. */
function run(text, start, words, push) {
  const whole = cover(text, start, words, { left: 400 });
  if (whole) {
    whole.flatMap(align).forEach(push);
    return whole.reduce((length, { word }) => length + word.length, 0);
  }
  let at = start;
  while (at < text.length && KANJI.test(text[at])) {
    const entry = [...candidates(text, at, words)].find(({ word }) => KANJI.test(word[1] ?? ""));
    (entry ? align(entry) : [{ base: text[at] }]).forEach(push);
    at += entry ? entry.word.length : 1;
  }
  return at - start;
}

let loaded;

/** Puts furigana on everything below an element that has none yet. */
export async function annotate(element) {
  loaded ??= fetch(new URL("../static/readings.json", import.meta.url)).then((answer) => answer.json()).then(dictionary);
  const words = await loaded;
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT, (node) =>
    KANJI.test(node.data) && !node.parentElement.closest(SKIP) ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_REJECT);
  const nodes = [];
  while (walker.nextNode()) nodes.push(walker.currentNode);
  for (const node of nodes) {
    const parts = read(node.data, words);
    if (!parts.some((part) => part.reading)) continue;
    const pieces = parts.map(({ base, reading }) => (reading === undefined ? base : ruby(base, reading)));
    // Each piece would be an item of its own in a flexible box.
    if (/flex|grid/.test(getComputedStyle(node.parentElement).display)) {
      const line = document.createElement("span");
      line.append(...pieces);
      node.replaceWith(line);
    } else node.replaceWith(...pieces);
  }
}

function ruby(base, reading) {
  const element = document.createElement("ruby");
  element.className = "by-word";
  const rt = document.createElement("rt");
  rt.textContent = reading;
  const [open, close] = ["（", "）"].map((sign) => Object.assign(document.createElement("rp"), { textContent: sign }));
  element.append(base, open, rt, close);
  return element;
}
