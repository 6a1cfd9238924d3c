// One page of each kind in a real browser: accessible by axe's rules, at home on a phone, usable by keyboard.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { browser, portal, samples, serve } from "./site.mjs";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const pages = await samples(portal);
let site, chrome;

before(async () => {
  site = await serve(portal);
  chrome = await browser();
});
after(async () => {
  await chrome?.close();
  site?.close();
});

async function open(path, options) {
  const context = await chrome.newContext({ locale: "ja-JP", ...options });
  const page = await context.newPage();
  await page.goto(site.url + path, { waitUntil: "load" });
  return page;
}

test("there is a page of every kind to look at", () => {
  assert.ok(pages.length >= 18, pages.join(" "));
});

for (const colorScheme of ["light", "dark"]) {
  test(`axe finds nothing, ${colorScheme}`, async () => {
    for (const path of pages) {
      const page = await open(path, { colorScheme, viewport: { width: 1280, height: 900 } });
      await page.evaluate(axe);
      const found = await page.evaluate(async (tags) => {
        for (const details of document.querySelectorAll("details")) details.open = true;
        const result = await axe.run(document, { runOnly: tags });
        return result.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).slice(0, 3).join(" | ")}`);
      }, TAGS);
      assert.deepEqual(found, [], path);
      await page.context().close();
    }
  });
}

test("nothing sticks out at 320 pixels, nor with text at 200 %", async () => {
  for (const path of pages) {
    const page = await open(path, { viewport: { width: 320, height: 700 } });
    const width = () => page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok((await width()) <= 320, `${path} is ${await width()} px wide`);
    await page.setViewportSize({ width: 640, height: 900 });
    await page.evaluate(() => { document.documentElement.style.fontSize = "200%"; });
    assert.ok((await width()) <= 640, `${path} with large text is ${await width()} px wide`);
    await page.context().close();
  }
});

test("a walk by keyboard sees where it is and skips to the text", async () => {
  for (const path of pages) {
    const page = await open(path, { viewport: { width: 1280, height: 900 } });
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute("href")), "#hn-main", path);
    for (let step = 0; step < 12; step += 1) {
      await page.keyboard.press("Tab");
      const seen = await page.evaluate(() => {
        const element = document.activeElement;
        if (element === document.body) return true;
        const style = getComputedStyle(element);
        const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
        return ring && element.getBoundingClientRect().width > 0;
      });
      assert.ok(seen, `${path}: the focus cannot be seen at step ${step}`);
    }
    await page.context().close();
  }
});

test("pages say everything without a script", async () => {
  const page = await open("order/", { javaScriptEnabled: false });
  const text = await page.textContent("main");
  assert.match(text, /FAX/);
  assert.match(text, /027-/);
  await page.context().close();
});
