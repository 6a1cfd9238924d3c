// Furigana: the reading of texts as a function, and what it does to a page. A wrong reading is worse than none.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { browser, eachPage, files, open, portal, samples, serve } from "./site.mjs";

const all = await files(portal);
// The file as it is served. As an address of data it is a module whatever its folder says.
const script = await readFile(join(portal, all.find((name) => /^static\/ruby\.[0-9a-f]+\.js$/.test(name))), "utf8");
const { dictionary, read } = await import(`data:text/javascript;base64,${Buffer.from(script).toString("base64")}`);
const readings = JSON.parse(await readFile(join(portal, "static/readings.json"), "utf8"));
const words = dictionary(readings);
let site, chrome;

before(async () => {
  site = await serve(portal);
  chrome = await browser();
});
after(async () => {
  await chrome?.close();
  site?.close();
});

/** `取|と り 扱|あつか い`: the parts of a text as one line. */
const line = (text, of = {}) => read(text, dictionary(of)).map(({ base, reading }) => (reading ? `${base}|${reading}` : base)).join(" ");

test("days, months and counters", () => {
  const cases = {
    "12月5日(土)": "12 月|がつ 5日|いつか ( 土|ど )",
    "7日": "7日|なのか",
    "1月1日": "1 月|がつ 1 日|ついたち",
    "4月20日": "4 月|がつ 20日|はつか",
    "11日": "11 日|にち",
    "300円": "300 円|えん",
    "3か月": "3か 月|げつ",
    "10時": "10 時|じ",
    "2026年12月": "2026 年|ねん 12 月|がつ",
    "2026年度": "2026 年度|ねんど",
    "(月・祝)": "( 月|げつ ・ 祝|しゅく )",
    "５日": "５日|いつか",
  };
  const said = Object.fromEntries(Object.keys(cases).map((text) => [text, line(text)]));
  // The base of the first day may be the number as well.
  said["1月1日"] = said["1月1日"].replace("1日|", "1 日|");
  assert.deepEqual(said, cases);
});

test("no counter is read wrongly where its reading depends on the number", () => {
  // ふつか, みっか and so on; 日間 alone is にちかん only from eleven on.
  for (const text of ["2日間", "3日間", "5日間", "10日間"]) assert.doesNotMatch(line(text), /日間\|にちかん/, text);
  // A dictionary's word for the thing is not the counter: よにん is no ひと.
  const things = { 人: "ひと", 本: "ほん", 分: "ぶん", 階: "かい", 軒: "のき", 色: "いろ", 用: "よう", 前: "まえ" };
  const read = { "1人": "1人|ひとり", "4人": "4 人|にん", "2人用": "2人|ふたり 用", "2人前": "2 人前|にんまえ" };
  for (const [text, wanted] of Object.entries(read)) assert.equal(line(text, things), wanted);
  for (const text of ["3本", "10分", "3階", "2軒", "2色"]) assert.equal(line(text, things), text);
});

test("okurigana stay without a reading", () => {
  assert.equal(line("取り扱い", { 取り扱い: "とりあつかい" }), "取|と り 扱|あつか い");
  assert.equal(line("お弁当", { お弁当: "おべんとう" }), "お 弁当|べんとう");
  assert.equal(line("焼き菓子", { 焼き菓子: "やきがし" }), "焼|や き 菓子|がし");
});

test("the end of a compound says nothing of the word alone", () => {
  const of = { おり紙: "おりがみ", ふぞろい袋: "ふぞろいぶくろ", お皿: "おさら", だんご汁: "だんごじる" };
  for (const text of ["紙は", "袋に", "汁が"]) assert.equal(line(text, of), text);
  assert.equal(line("おり紙", of), "おり 紙|がみ");
  assert.equal(line("ふぞろい袋", of), "ふぞろい 袋|ぶくろ");
  assert.equal(line("紙とおり紙", { ...of, 紙: "かみ" }), "紙|かみ とおり 紙|がみ");
});

test("the longest word wins, and unknown parts are left alone", () => {
  const of = { 前橋: "まえばし", 前橋市: "まえばしし", 市役所: "しやくしょ", 橋: "はし", 山: "やま" };
  assert.equal(line("前橋市", of), "前橋市|まえばしし");
  assert.equal(line("前橋市役所", of), "前橋|まえばし 市役所|しやくしょ");
  assert.equal(line("鐵前橋", of), "鐵 前橋|まえばし");
  assert.equal(line("かなだけ abc", of), "かなだけ abc");
  // One kanji may be read in another way within a longer word that is not known.
  for (const text of ["山葵", "葵山", "鉄橋", "橋梁", "大山崎"]) assert.equal(line(text, of), text);
  // Nor are two of them a word.
  assert.equal(line("山橋", of), "山橋");
});

/** The texts of the portal's pages, as a reader has them. */
async function texts() {
  const found = new Set();
  for (const name of all.filter((name) => name.endsWith(".html"))) {
    const html = (await readFile(join(portal, name), "utf8")).replace(/<(script|style)\b.*?<\/\1>/gs, "");
    for (const text of html.split(/<[^>]*>/)) {
      if (text.trim()) found.add(text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name) => ({ amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" })[name]));
    }
  }
  return [...found];
}

/** Numbers from 0 to 1 that are the same in every run (mulberry32). */
function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

test("nothing is lost, nothing is added, readings are kana", async () => {
  const own = await texts();
  assert.ok(own.length > 2000, `${own.length} texts`);
  const next = random(20261121);
  const pick = (list) => list[Math.floor(next() * list.length)];
  const slice = (text) => text.slice(Math.floor(next() * text.length)).slice(0, 1 + Math.floor(next() * 40));
  // Texts as they are, and pieces of them put together in ways nobody has thought of.
  const mixed = Array.from({ length: 5000 }, () => Array.from({ length: 1 + Math.floor(next() * 4) }, () => slice(pick(own))).join(pick(["", "1", "・", "(", "5日", "𠮷"])));
  for (const text of [...own, ...mixed]) {
    const parts = read(text, words);
    assert.equal(parts.map(({ base }) => base).join(""), text);
    for (const { base, reading } of parts) {
      assert.ok(base !== "", `${text}: an empty part`);
      if (reading === undefined) continue;
      assert.match(base, /\p{Script=Han}|[々〆ヶヵ]/u, `${text}: ${base} needs no reading`);
      assert.match(reading, /^[ぁ-ゖー・ ]+$/, `${text}: ${base} is read ${reading}`);
    }
  }
});

test("every word of the dictionary is read as it says", () => {
  const wrong = [];
  const hiragana = (text) => text.replace(/[ァ-ヶ]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0x60));
  for (const [word, reading] of Object.entries(readings)) {
    const parts = read(word, words);
    // What is read says the word's reading, in order, with the kana of the word between.
    if (!parts.some((part) => part.reading) || /[^\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}々〆ヶヵー]/u.test(word)) continue;
    if (parts.some(({ base, reading }) => !reading && /\p{Script=Han}/u.test(base))) continue;
    const said = hiragana(parts.map(({ base, reading }) => reading ?? base).join(""));
    if (said !== hiragana(reading).replace(/[\s・]/g, "") && said !== hiragana(reading)) wrong.push(`${word}: ${said}, not ${reading}`);
  }
  assert.deepEqual(wrong, []);
});

test("furigana change no word of a page, and come once", async () => {
  const pages = await samples();
  const text = (page) =>
    page.evaluate(() => {
      const copy = document.body.cloneNode(true);
      // The editor's own furigana are of the text.
      for (const added of copy.querySelectorAll("ruby.by-word > :is(rt, rp), script")) added.remove();
      return copy.textContent;
    });
  const found = await eachPage(chrome, site, pages, { settings: { ruby: "all" } }, async (page, { path }) => {
    const plain = await open(chrome, site.url + path);
    const [before, after] = await Promise.all([text(plain), text(page)]);
    const asked = await plain.evaluate(() => performance.getEntriesByType("resource").filter(({ name }) => /\/ruby\.|readings/.test(name)).length);
    const without = await plain.locator("ruby.by-word").count();
    await plain.context().close();
    const found = [];
    if (before !== after) found.push("the text is another with furigana");
    if (asked || without) found.push(`without the setting ${asked} files are asked for and ${without} furigana shown`);
    const nested = await page.locator("ruby ruby").count();
    if (nested) found.push(`${nested} furigana within furigana`);
    return [...found, ...page.errors];
  });
  assert.deepEqual(found, []);
});

test("without furigana: not even the editor's, where a visitor wants none", async () => {
  const [path] = all.filter((name) => name.endsWith(".html")).map((name) => name.replace(/index\.html$/, "")).filter((path) => path.startsWith("easy"));
  const page = await open(chrome, site.url + path, { settings: { ruby: "none" } });
  assert.ok((await page.locator("rt").count()) > 0);
  assert.equal(await page.locator("rt:visible").count(), 0);
  await page.context().close();
});

test("a dictionary that does not come breaks nothing", async () => {
  const page = await open(chrome, site.url);
  await page.context().route("**/static/readings.json", (route) => route.abort());
  await page.evaluate(() => localStorage.setItem("heartnet.display", JSON.stringify({ ruby: "all" })));
  const asked = page.waitForEvent("requestfailed");
  await page.reload();
  await asked;
  await page.evaluate(() => new Promise((done) => setTimeout(done)));
  assert.deepEqual(page.errors, []);
  assert.ok(await page.locator("main h1").isVisible());
  await page.context().close();
});
