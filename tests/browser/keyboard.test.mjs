// Everything by keyboard alone: one sees where one is, in the order of the page, and comes out of everything again.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { annotated, browser, each, eachPage, open, PHONE, portal, samples, serve, WIDE } from "./site.mjs";

const pages = await samples();
const STOPS = 80;
// What moves smoothly is not yet where it is going.
const STILL = { reducedMotion: "reduce" };
let site, chrome;

before(async () => {
  site = await serve(portal);
  chrome = await browser();
});
after(async () => {
  await chrome?.close();
  site?.close();
});

/** Where the focus is, what is wrong with it; null behind the last stop. */
const stop = (page) =>
  page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return null;
    const found = [];
    // The ring may be that of the card that the link covers.
    let ringed = element;
    const has = (e) => getComputedStyle(e).outlineStyle !== "none" && parseFloat(getComputedStyle(e).outlineWidth) >= 2;
    while (ringed && !has(ringed)) ringed = ringed.parentElement;
    if (!ringed) found.push("no ring of 2 px");
    const box = element.getBoundingClientRect();
    const ring = (ringed ?? element).getBoundingClientRect();
    const { innerHeight: height, innerWidth: width } = window;
    if (box.width === 0 || box.height === 0) found.push("has no size");
    // Of a field of several lines a browser shows the line that is written in.
    const fits = box.height <= height && element.tagName !== "TEXTAREA";
    if (fits ? box.top < -1 || box.bottom > height + 1 : box.top > height || box.bottom < 0) found.push(`outside of the screen (${Math.round(box.top)}…${Math.round(box.bottom)} of ${height})`);
    // A browser scrolls to the link: of a card's ring an edge may be outside, but most of it is seen.
    if (Math.min(ring.bottom, height) - Math.max(ring.top, 0) < Math.min(ring.height, height) / 2) found.push("most of the ring is outside of the screen");
    if (ring.left < -1 || ring.right > width + 1) found.push("beside the screen");
    // Nothing lies over it (WCAG 2.4.11).
    const first = element.getClientRects()[0] ?? box;
    const top = document.elementFromPoint(first.left + Math.min(first.width / 2, 20), first.top + Math.min(first.height / 2, 20));
    if (fits && top && !element.contains(top) && !top.contains(element)) found.push(`hidden by ${top.outerHTML.slice(0, 80)}`);
    const before = window.hnBefore;
    // Year, month, day and the calendar of a date are stops of their own within one element; its ring was looked at.
    window.hnParts = before === element && element.type === "date" ? (window.hnParts ?? 1) + 1 : 1;
    if (window.hnParts > 1 && window.hnParts <= 4) return [];
    if (before === element) found.push("the focus stays");
    else if (before?.isConnected && !(before.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING)) found.push(`comes after ${before.outerHTML.slice(0, 80)}, but stands before it`);
    window.hnBefore = element;
    return found.map((problem) => `${element.outerHTML.slice(0, 120)}: ${problem}`);
  });

for (const viewport of [WIDE, PHONE]) {
  test(`a walk with Tab, ${viewport.width} pixels`, async () => {
    const found = await eachPage(chrome, site, pages, { viewport, ...STILL }, async (page) => {
      const found = [];
      let steps = 0;
      for (; steps < STOPS; steps += 1) {
        await page.keyboard.press("Tab");
        const problems = await stop(page);
        if (problems === null) break;
        found.push(...problems);
        if (problems.some((problem) => problem.endsWith("stays"))) break;
      }
      // The rest of a short page is all behind us: no stop was skipped.
      if (steps < 15) found.push(`only ${steps} stops`);
      return found.slice(0, 5);
    });
    assert.deepEqual(found, []);
  });
}

test("the first stop skips to the text", async () => {
  const found = await eachPage(chrome, site, pages, { viewport: PHONE, ...STILL }, async (page) => {
    await page.keyboard.press("Tab");
    const skip = await page.evaluate(() => {
      const { href, textContent } = document.activeElement;
      return [href?.split("#")[1], textContent, document.activeElement.getBoundingClientRect().top >= 0];
    });
    if (skip.join() !== "hn-main,本文へ移動,true") return [`the first stop is ${skip}`];
    await page.keyboard.press("Enter");
    if (!(await page.evaluate(() => document.activeElement.matches("main")))) return ["the focus is not in main"];
    await page.keyboard.press("Tab");
    return (await page.evaluate(() => document.querySelector("main").contains(document.activeElement) || document.querySelector("main").compareDocumentPosition(document.activeElement) & Node.DOCUMENT_POSITION_FOLLOWING)) ? [] : ["the next stop is not behind main's begin"];
  });
  assert.deepEqual(found, []);
});

/** Tab until the focus is on what fits the selector. */
async function tabTo(page, selector) {
  for (let step = 0; step < STOPS; step += 1) {
    if (await page.evaluate((selector) => document.activeElement.matches(selector), selector)) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`no way by Tab to ${selector}`);
}
const isOpen = (page, id) => page.evaluate((id) => document.getElementById(id).matches(":popover-open"), id);
const focused = (page) => page.evaluate(() => (document.activeElement === document.body ? "nothing" : document.activeElement.outerHTML.slice(0, 120)));
const isOn = (page, selector) => page.evaluate((selector) => document.activeElement.matches(selector), selector);
// Browsers tell a script that a popover closed some time after it did: what gives the focus back may come later.
const comesTo = (page, selector) => page.waitForFunction((selector) => document.activeElement.matches(selector), selector, { timeout: 5000 }).then(() => true, () => false);
const opener = (id) => `[popovertarget=${id}]:not([popovertargetaction=hide])`;

for (const [name, path, id, viewport] of [
  ["the menu", "", "hn-menu", PHONE],
  ["the filters", "products/", "hn-narrow", PHONE],
  ["the settings", "", "hn-display", WIDE],
]) {
  test(`${name} opens and closes by keyboard, ${viewport.width} pixels`, async () => {
    const page = await open(chrome, site.url + path, { viewport, ...STILL });
    for (const close of ["Escape", "Enter"]) {
      await tabTo(page, opener(id));
      await page.keyboard.press(close === "Escape" ? "Enter" : "Space");
      assert.ok(await isOpen(page, id), "it opens");
      // It is the next stop, wherever it stands in the document.
      await page.keyboard.press("Tab");
      assert.ok(await isOn(page, `#${id} *`), `after opening, Tab leads to ${await focused(page)}`);
      if (close === "Enter") await tabTo(page, `#${id} [popovertargetaction=hide]`);
      await page.keyboard.press(close);
      assert.ok(!(await isOpen(page, id)), `${close} closes it`);
      assert.ok(await comesTo(page, opener(id)), `after ${close}, the focus is on ${await focused(page)}`);
    }
    await page.context().close();
  });
}

test("the settings open from the menu on a phone, and both close again", async () => {
  const page = await open(chrome, site.url, { viewport: PHONE, ...STILL });
  await tabTo(page, opener("hn-menu"));
  await page.keyboard.press("Enter");
  const inMenu = `#hn-menu ${opener("hn-display")}`;
  await page.keyboard.press("Tab");
  await tabTo(page, inMenu);
  await page.keyboard.press("Enter");
  assert.ok(await isOpen(page, "hn-display"));
  await page.keyboard.press("Tab");
  assert.ok(await isOn(page, "#hn-display *"), `after opening, Tab leads to ${await focused(page)}`);
  await page.keyboard.press("Escape");
  assert.ok(!(await isOpen(page, "hn-display")));
  // Back where one was: in the menu if it is still open, else at its button.
  const back = (await isOpen(page, "hn-menu")) ? inMenu : opener("hn-menu");
  assert.ok(await comesTo(page, back), `after Escape, the focus is on ${await focused(page)}`);
  await page.keyboard.press("Escape");
  assert.ok(!(await isOpen(page, "hn-menu")));
  assert.ok(await comesTo(page, opener("hn-menu")), `at the end, the focus is on ${await focused(page)}`);
  await page.context().close();
});

test("settings are changed by keyboard, hold on the next page and after a reload", async () => {
  const page = await open(chrome, site.url, { viewport: WIDE, ...STILL });
  const furigana = () => page.locator("ruby.by-word").count();
  const stored = () => page.evaluate(() => JSON.parse(localStorage.getItem("heartnet.display")));
  assert.equal(await furigana(), 0);
  await tabTo(page, opener("hn-display"));
  await page.keyboard.press("Enter");
  await tabTo(page, "[name=ruby]");
  await page.keyboard.press("ArrowDown");
  await annotated(page);
  await page.keyboard.press("Tab");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Tab");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  assert.deepEqual(await stored(), { ruby: "all", size: "large", scheme: "dark" });
  const look = () => page.evaluate(() => [parseFloat(getComputedStyle(document.documentElement).fontSize) > 16, getComputedStyle(document.body).colorScheme]);
  assert.deepEqual(await look(), [true, "dark"]);

  for (const go of [() => page.reload(), () => page.goto(`${site.url}facilities/`)]) {
    await go();
    await annotated(page);
    assert.deepEqual(await look(), [true, "dark"]);
    assert.deepEqual(await page.locator("#hn-display input:checked").evaluateAll((all) => all.map(({ value }) => value)), ["all", "large", "dark"]);
  }
  await tabTo(page, opener("hn-display"));
  await page.keyboard.press("Enter");
  await tabTo(page, "[name=ruby]");
  await page.keyboard.press("ArrowUp");
  assert.equal((await stored()).ruby, undefined);
  await page.reload();
  assert.equal(await furigana(), 0);
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test("the ring is seen: pixels round what has the focus change, and enough", async () => {
  const kinds = [
    ["a link", "reports/", "main .card a, main .links a"],
    ["a link in a text", "order/", ".steps a"],
    ["a button", "", ".search-box button"],
    ["a card", "products/", ".card-product a"],
    ["a door", "", ".doors a"],
    ["a chip", "search/", ".chips a"],
  ];
  const all = kinds.flatMap(([kind, path, selector]) => ["light", "dark"].map((colorScheme) => ({ path: `${path} ${kind}, ${colorScheme}`, url: site.url + path, selector, colorScheme })));
  const found = await each(all, async ({ url, selector, colorScheme }) => {
    const page = await open(chrome, url, { viewport: WIDE, colorScheme, ...STILL });
    // A key has been pressed last, so the browser shows where the focus is.
    await page.keyboard.press("Tab");
    const element = page.locator(selector).first();
    await element.scrollIntoViewIfNeeded();
    const box = await element.evaluate((e) => (e.closest(".card, .doors > li") ?? e).getBoundingClientRect().toJSON());
    const clip = { x: Math.max(0, box.x - 12), y: Math.max(0, box.y - 12), width: box.width + 24, height: box.height + 24 };
    const without = await page.screenshot({ clip, animations: "disabled" });
    await element.evaluate((e) => e.focus({ preventScroll: true }));
    const withRing = await page.screenshot({ clip, animations: "disabled" });
    // WCAG 2.4.13: an area of the outline of 2 px changes with a contrast of 3:1.
    const changed = await page.evaluate(async (pictures) => {
      const [before, after] = await Promise.all(pictures.map(async (data) => {
        const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${data}`)).blob());
        const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
        context.drawImage(bitmap, 0, 0);
        return context.getImageData(0, 0, bitmap.width, bitmap.height).data;
      }));
      const linear = (value) => (value <= 10 ? value / 3294 : ((value / 255 + 0.055) / 1.055) ** 2.4);
      const luminance = (data, at) => 0.2126 * linear(data[at]) + 0.7152 * linear(data[at + 1]) + 0.0722 * linear(data[at + 2]);
      let count = 0;
      for (let at = 0; at < before.length; at += 4) {
        const [dark, bright] = [luminance(before, at), luminance(after, at)].sort((a, b) => a - b);
        if ((bright + 0.05) / (dark + 0.05) >= 3) count += 1;
      }
      return count;
    }, [without, withRing].map((picture) => picture.toString("base64")));
    await page.context().close();
    const wanted = 2 * 2 * (box.width + box.height);
    return changed >= wanted ? [] : [`${changed} pixels change by 3:1, ${Math.round(wanted)} are wanted`];
  });
  assert.deepEqual(found, []);
});
