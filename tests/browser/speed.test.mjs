// What does not depend on the machine: nothing moves while a page loads, few bytes, nothing that holds up the first
// picture.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { browser, open, painted, portal, samples, serve } from "./site.mjs";

const PHONE = { viewport: { width: 412, height: 823 }, isMobile: true, hasTouch: true, deviceScaleFactor: 1.75 };
const MOST = 35 * 1024;
const pages = await samples();
const some = ["home", "product", "products", "facility", "events", "works"].map((kind) => pages.find((page) => page.kind === kind).path);
let site, chrome;

before(async () => {
  site = await serve(portal);
  chrome = await browser();
});
after(async () => {
  await chrome?.close();
  site?.close();
});

test("nothing moves by itself", async () => {
  for (const path of some) {
    const page = await open(chrome, site.url + path, PHONE);
    const shifts = await page.evaluate(async () => {
      const found = [];
      const note = (list) => {
        for (const { value, hadRecentInput, sources } of list) {
          if (!hadRecentInput) found.push(`${value.toFixed(4)} ${sources.map(({ node }) => node?.outerHTML?.slice(0, 80)).join(" | ")}`);
        }
      };
      const observer = new PerformanceObserver((list) => note(list.getEntries()));
      observer.observe({ type: "layout-shift", buffered: true });
      const frame = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      for (let top = 0; top < document.documentElement.scrollHeight; top += innerHeight / 2) {
        scrollTo({ top, behavior: "instant" });
        await frame();
        // Pictures that load on the way have their place already.
        const near = [...document.images].filter((image) => image.getBoundingClientRect().top < innerHeight && image.checkVisibility());
        await Promise.all(near.map((image) => image.complete || new Promise((done) => { image.onload = image.onerror = done; })));
        await frame();
      }
      note(observer.takeRecords());
      return found;
    });
    assert.deepEqual(shifts, [], path);
    await page.context().close();
  }
});

test("a product's page is small: without its photos at most 35 KB over the wire", async () => {
  const { path } = pages.find(({ kind }) => kind === "product");
  site.sent.length = 0;
  const page = await open(chrome, site.url + path, PHONE);
  await painted(page);
  await page.evaluate(() => scrollTo({ top: document.documentElement.scrollHeight, behavior: "instant" }));
  await page.waitForLoadState("networkidle");
  const sent = site.sent.filter(({ path }) => !path.startsWith("/assets/"));
  const total = sent.reduce((sum, { bytes }) => sum + bytes, 0);
  assert.ok(sent.some(({ path }) => path.endsWith(".css")));
  assert.deepEqual(sent.filter(({ status }) => status !== 200), []);
  assert.ok(total <= MOST, `${total} bytes:\n${sent.map(({ path, bytes }) => `${bytes} ${path}`).join("\n")}`);
  await page.context().close();
});

test("at most one style sheet holds a page up, and no script does", async () => {
  for (const { path } of pages) {
    const page = await open(chrome, site.url + path);
    const found = await page.evaluate(() => ({
      styles: document.querySelectorAll("link[rel~=stylesheet]").length,
      blocking: performance.getEntriesByType("resource").filter((entry) => entry.renderBlockingStatus === "blocking").map(({ name }) => name),
      scripts: [...document.scripts].filter((script) => script.src && script.type !== "module").map(({ src }) => src),
      inline: [...document.scripts].filter((script) => !script.src && !script.type.includes("json")).map(({ text }) => text.length),
      foreign: performance.getEntriesByType("resource").filter(({ name }) => new URL(name).origin !== location.origin).map(({ name }) => name),
      unsized: [...document.images].filter((image) => !image.getAttribute("width") || !image.getAttribute("height")).map(({ src }) => src),
    }));
    await page.context().close();
    assert.ok(found.styles <= 1, path);
    assert.ok(found.blocking.length <= 1 && found.blocking.every((name) => name.endsWith(".css")), `${path}: ${found.blocking}`);
    assert.deepEqual([found.scripts, found.foreign, found.unsized], [[], [], []], path);
    // The one that sets the visitor's settings before the first paint.
    assert.ok(found.inline.length <= 1 && found.inline.every((length) => length < 500), `${path}: inline scripts of ${found.inline} characters`);
  }
});
