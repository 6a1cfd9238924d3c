// Furigana for the whole page, on demand. A wrong reading is worse than none, so a run of kanji is read only
// where words of the site's dictionary cover all of it, or at least whole words of two kanji and more.

const KANJI = /[\p{Script=Han}々〆ヶヵ]/u;
const DIGIT = /[0-9０-９]/;
const DAYS = { 1: "ついたち", 2: "ふつか", 3: "みっか", 4: "よっか", 5: "いつか", 6: "むいか", 7: "なのか", 8: "ようか", 9: "ここのか", 10: "とおか", 14: "じゅうよっか", 20: "はつか", 24: "にじゅうよっか" };
// Behind a number. Those that change their sound with it are left out, but for days.
const COUNTERS = { 年度: "ねんど", 年間: "ねんかん", 年: "ねん", 月号: "がつごう", 月: "がつ", 日間: "にちかん", 時間: "じかん", 時: "じ", 円: "えん", 個: "こ", 件: "けん", 名: "めい", 枚: "まい", 台: "だい", 回: "かい", 番地: "ばんち", 番: "ばん", 号: "ごう", 度: "ど", 食: "しょく", 束: "たば", 週間: "しゅうかん", 週: "しゅう", 歳: "さい", 種類: "しゅるい", 点: "てん", 袋: "ふくろ", 箱: "はこ", 事業所: "じぎょうしょ", 施設: "しせつ", 市町村: "しちょうそん" };
const WEEKDAYS = { 日: "にち", 月: "げつ", 火: "か", 水: "すい", 木: "もく", 金: "きん", 土: "ど", 祝: "しゅく" };
const SKIP = "script,style,ruby,rt,rp,textarea,select,pre,code,svg,title,.leaf,[lang]:not([lang|=ja])";

/** Words by their first kanji, the longest first. Kana in front of it are dropped with their reading. */
export function dictionary(readings) {
  const words = new Map();
  for (let [word, reading] of Object.entries(readings)) {
    while (word && !KANJI.test(word[0]) && toHiragana(word[0]) === reading[0]) {
      word = word.slice(1);
      reading = reading.slice(1);
    }
    if (!word || !KANJI.test(word[0])) continue;
    const list = words.get(word[0]) ?? [];
    list.push({ word, reading });
    words.set(word[0], list);
  }
  for (const list of words.values()) list.sort((a, b) => b.word.length - a.word.length);
  return words;
}

const toHiragana = (text) => text.replace(/[ァ-ヶ]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0x60));

/** [取り扱い, とりあつかい] → [取|と] り [扱|あつか] い; the whole word under one reading where that is unclear. */
function align(word, reading) {
  const parts = word.match(/[\p{Script=Han}々〆ヶヵ]+|[^\p{Script=Han}々〆ヶヵ]+/gu);
  const pattern = parts.map((part) => (KANJI.test(part) ? "(.+?)" : toHiragana(part))).join("");
  const kana = /^[\p{Script=Han}々〆ヶヵぁ-んァ-ヴー]+$/u.test(word);
  const found = kana ? new RegExp(`^${pattern}$`).exec(toHiragana(reading)) : null;
  if (!found) return [{ base: word, reading }];
  let group = 0;
  return parts.map((part) => (KANJI.test(part) ? { base: part, reading: found[(group += 1)] } : { base: part }));
}

/** The words that cover a run of kanji from `at` on, or nothing. `budget` keeps odd dictionaries from hanging. */
function cover(text, at, words, budget) {
  if (at >= text.length || !KANJI.test(text[at])) return [];
  for (const entry of words.get(text[at]) ?? []) {
    if ((budget.left -= 1) < 0) return null;
    if (!text.startsWith(entry.word, at)) continue;
    const rest = cover(text, at + entry.word.length, words, budget);
    if (rest) return [entry, ...rest];
  }
  return null;
}

/** Cuts a text into parts `{base, reading?}`. */
export function read(text, words) {
  const parts = [];
  let plain = "";
  const push = (part) => {
    if (part.reading === undefined) { plain += part.base; return; }
    if (plain) parts.push({ base: plain });
    plain = "";
    parts.push(part);
  };
  let at = 0;
  while (at < text.length) {
    const char = text[at];
    if (!KANJI.test(char)) { plain += char; at += 1; continue; }
    if (DIGIT.test(text[at - 1] ?? "") || (/[0-9０-９]か/.test(text.slice(at - 2, at)) && char === "月")) {
      const number = /[0-9０-９]+$/.exec(text.slice(0, at))?.[0].normalize("NFKC");
      const counter = Object.keys(COUNTERS).find((key) => text.startsWith(key, at));
      if (char === "日" && !counter && number && !/[0-9０-９][,.，．][0-9０-９]+$/.test(text.slice(0, at))) {
        const first = Number(number) === 1 && !/月[0-9０-９]+$/.test(text.slice(0, at));
        const special = first ? undefined : DAYS[Number(number)];
        if (special && plain.endsWith(text.slice(at - number.length, at))) {
          const digits = text.slice(at - number.length, at);
          plain = plain.slice(0, -digits.length);
          push({ base: `${digits}日`, reading: special });
        } else push({ base: "日", reading: "にち" });
        at += 1;
        continue;
      }
      if (char === "月" && text[at - 1] === "か") { push({ base: "月", reading: "げつ" }); at += 1; continue; }
      if (counter) { push({ base: counter, reading: COUNTERS[counter] }); at += counter.length; continue; }
    }
    if (WEEKDAYS[char] && /[(（・]/.test(text[at - 1] ?? "") && /[)）・]/.test(text[at + 1] ?? "")) {
      push({ base: char, reading: WEEKDAYS[char] });
      at += 1;
      continue;
    }
    const whole = cover(text, at, words, { left: 400 });
    if (whole?.length) {
      for (const entry of whole) {
        align(entry.word, entry.reading).forEach(push);
        at += entry.word.length;
      }
      continue;
    }
    let end = at;
    while (end < text.length && KANJI.test(text[end])) end += 1;
    while (at < end) {
      const entry = (words.get(text[at]) ?? []).find(({ word }) => /^[\p{Script=Han}々〆ヶヵ]{2,}/u.test(word) && text.startsWith(word, at));
      if (entry) {
        align(entry.word, entry.reading).forEach(push);
        at += entry.word.length;
      } else {
        plain += text[at];
        at += 1;
      }
    }
  }
  if (plain) parts.push({ base: plain });
  return parts;
}

let loaded;
const home = () => new URL("../", import.meta.url);

/** Puts furigana on everything below an element that has none yet. */
export async function annotate(element) {
  loaded ??= fetch(new URL("static/readings.json", home())).then((answer) => answer.json()).then(dictionary);
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
