// Paper: every page prints black on white without what is only for screens; the booklet is one.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { getDocument } from "pdfjs-dist/legacy/build/pdf.mjs";
import { browser, decoded, eachPage, open, painted, portal, samples, screenshots, serve, WIDE } from "./site.mjs";

const pages = await samples();
let site, chrome;

before(async () => {
  site = await serve(portal);
  chrome = await browser();
});
after(async () => {
  await chrome?.close();
  site?.close();
});

// Fonts say these parts of kanji for the kanji they look like; those of Kangxi are done by NFKC.
const RADICALS = { "⺟": "母", "⺠": "民", "⻁": "虎", "⻄": "西", "⻆": "角", "⻑": "長", "⻘": "青", "⻝": "食", "⻤": "鬼", "⻨": "麦", "⻩": "黄", "⻫": "斉", "⻭": "歯", "⻯": "竜", "⻲": "亀" };

/** Letters and figures alone, whatever their widths: PDF knows no lines of HTML, and fonts mix up ・ and ‧, ～ and 〜. */
const plain = (text) =>
  text.normalize("NFKC").replace(/[⺀-⻳]/g, (part) => RADICALS[part] ?? part).replace(/[^\p{L}\p{N}]/gu, "");
/** The numbers of pages stand in the margin, in points from the edge. */
const MARGIN = 36;

/** The texts of a PDF, page by page, each `{text, size, top}`, and all of a page as one plain text; no margins. */
async function read(pdf) {
  const document = await getDocument({ data: new Uint8Array(pdf), useSystemFonts: true, isEvalSupported: false, verbosity: 0 }).promise;
  const pages = [];
  for (let number = 1; number <= document.numPages; number += 1) {
    const page = await document.getPage(number);
    const { height, width } = page.getViewport({ scale: 1 });
    const items = (await page.getTextContent()).items
      .filter(({ str }) => str.trim())
      .map(({ str, transform }) => ({ text: str, size: Math.hypot(transform[2], transform[3]), top: height - transform[5] }))
      .filter(({ top }) => top > MARGIN && top < height - MARGIN);
    pages.push({ items, height, width, text: plain(items.map(({ text }) => text).join("")) });
  }
  await document.destroy();
  return pages;
}

test("paper is white and the text on it dark, from a dark screen, too", async () => {
  const found = await eachPage(chrome, site, pages, { viewport: WIDE, settings: { scheme: "dark" }, colorScheme: "dark" }, async (page) => {
    // Whatever day it is: one of each month is today.
    await page.evaluate(() => document.querySelector(".month td:not(.other)")?.setAttribute("aria-current", "date"));
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    await painted(page);
    return page.evaluate(() => {
      const found = new Map();
      const { backgroundColor: ground } = getComputedStyle(document.body);
      if (ground !== "rgb(255, 255, 255)") found.set("ground", `the ground is ${ground}`);
      const linear = (value) => (value <= 10 ? value / 3294 : ((value / 255 + 0.055) / 1.055) ** 2.4);
      for (const element of document.body.querySelectorAll("*")) {
        const says = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
        if (!says || !element.checkVisibility({ visibilityProperty: true }) || element.closest("script, noscript")) continue;
        const { color } = getComputedStyle(element);
        // Grounds are not printed: whatever lies below, the paper is white. `color(srgb …)` has parts from 0 to 1.
        const parts = color.match(/[\d.]+/g).map(Number).map((part) => (color.startsWith("color(") ? part * 255 : part));
        const luminance = 0.2126 * linear(parts[0]) + 0.7152 * linear(parts[1]) + 0.0722 * linear(parts[2]);
        if (1.05 / (luminance + 0.05) < 4.5) found.set(element.className || element.tagName, `${color}: ${element.outerHTML.slice(0, 100)}`);
      }
      for (const element of document.querySelectorAll("nav:not(.contents), button, .tools, .site-nav, .skip, form, input")) {
        if (element.checkVisibility() && element.getBoundingClientRect().height > 0) found.set(element, `printed: ${element.outerHTML.slice(0, 100)}`);
      }
      return [...found.values()].slice(0, 6);
    });
  });
  assert.deepEqual(found, []);
});

test("every page prints on A4, with its text", async () => {
  const others = pages.filter(({ kind }) => kind !== "catalog");
  const found = await eachPage(chrome, site, others, {}, async (page) => {
    await decoded(page);
    const heading = await page.locator("main h1").first().innerText();
    const sheet = await page.locator(".sheet:not(.sheet-of-product) h2").allInnerTexts();
    const printed = await read(await page.pdf({ preferCSSPageSize: true }));
    const found = [];
    // The page of the order prints its form alone.
    const wanted = sheet[0] ?? heading;
    const text = printed.map(({ text }) => text).join("");
    if (!text.includes(plain(wanted))) found.push(`${wanted} is not on paper`);
    for (const { width, height } of printed) {
      if (Math.abs(width - 595) > 1 || Math.abs(height - 842) > 1) found.push(`the paper is ${width} by ${height} points`);
    }
    const empty = printed.findIndex(({ text }) => text.length === 0);
    if (empty >= 0) found.push(`page ${empty + 1} of ${printed.length} is empty`);
    if (sheet.length > 0 && printed.length !== 1) found.push(`the form takes ${printed.length} pages`);
    return [...found, ...page.errors];
  });
  assert.deepEqual(found, []);
});

test("the booklet: a cover alone, categories from a new page on, whole products, an index", async () => {
  const page = await open(chrome, `${site.url}catalog/`);
  await decoded(page);
  const pdf = await page.pdf({ preferCSSPageSize: true, tagged: false });
  await mkdir(screenshots, { recursive: true });
  await writeFile(join(screenshots, "catalog.pdf"), pdf);
  const said = await page.evaluate(() => ({
    cover: document.querySelector(".cover").innerText,
    contents: document.querySelector(".contents h2").innerText,
    sections: [...document.querySelectorAll(".booklet-section h2, .booklet-index h2, .booklet-addresses h2")].map(({ innerText }) => innerText),
    items: [...document.querySelectorAll(".booklet-items > li")].map((item) => {
      // The summary is shortened on purpose: what stands before and behind it is on one page.
      const parts = [...item.querySelector("div").children];
      const at = parts.findIndex((part) => part.matches(".summary"));
      const text = (parts) => parts.map(({ innerText }) => innerText).join("");
      return { number: item.querySelector(".number").lastChild.data, head: text(parts.slice(0, at < 0 ? undefined : at)), tail: at < 0 ? "" : text(parts.slice(at + 1)) };
    }),
    index: [...document.querySelectorAll(".index-columns li")].map(({ innerText }) => innerText),
    addresses: [...document.querySelectorAll(".booklet-addresses tbody th")].map(({ innerText }) => innerText),
  }));
  await page.emulateMedia({ media: "print" });
  const breaks = await page.locator(".booklet-items > li").evaluateAll((all) => [...new Set(all.map((item) => getComputedStyle(item).breakInside))]);
  await page.context().close();
  const printed = await read(pdf);
  const found = [];

  assert.ok(printed.length > 10, `${printed.length} pages`);
  assert.ok(said.items.length > 100 && said.sections.length > 5);
  if (printed[0].text !== plain(said.cover)) found.push(`page 1 has more or less than the cover: ${printed[0].text}`);
  if (!printed[1].text.startsWith(plain(said.contents))) found.push(`page 2 begins with ${printed[1].text.slice(0, 30)}`);
  for (const heading of said.sections) {
    // A heading's letters are larger than those of products; the first text of its page is at the top.
    const starts = printed.filter(({ items, text }) => text.startsWith(plain(heading)) && items[0].size > 12);
    if (starts.length === 0) found.push(`${heading} does not begin a page`);
  }
  assert.deepEqual(breaks, ["avoid"]);
  for (const { number, head, tail } of said.items) {
    const whole = ({ text }) => text.includes(plain(head)) && text.split(plain(head)).at(-1).includes(plain(tail));
    if (!printed.some(whole)) found.push(`product ${number} is not whole on any page: ${head} … ${tail}`);
  }
  // The index: every product once, with its number.
  assert.equal(said.index.length, said.items.length);
  const from = printed.findIndex(({ text }) => text.startsWith(plain(said.sections.at(-2))));
  const index = printed.slice(from).map(({ text }) => text).join("");
  for (const entry of said.index) if (!index.includes(plain(entry))) found.push(`the index lacks ${entry}`);
  for (const name of said.addresses) if (!index.includes(plain(name))) found.push(`the addresses lack ${name}`);
  const empty = printed.findIndex(({ text }) => text.length === 0);
  if (empty >= 0) found.push(`page ${empty + 1} is empty`);
  assert.deepEqual(found.slice(0, 20), []);
});
