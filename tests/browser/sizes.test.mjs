// What is pressed is big enough for a thumb; text that is larger or wider set is still all there.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { browser, eachPage, PHONE, portal, samples, serve, WIDE } from "./site.mjs";

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

/** What is smaller than 44 px; links in a sentence may be as high as its lines, others in tables and lists 24. */
const small = (page, within = "body") =>
  page.evaluate((within) => {
    const found = [];
    const controls = document.querySelector(within).querySelectorAll("a[href], button, input, select, textarea, summary, [role=button]");
    for (const element of controls) {
      if (!element.checkVisibility({ visibilityProperty: true }) || element.matches(".skip")) continue;
      // What a press reaches: the label with its field, the card that its link covers.
      const after = getComputedStyle(element, "::after");
      const covers = after.position === "absolute" && after.content !== "none" ? element.offsetParent : null;
      const target = covers ?? element.closest("label") ?? element;
      const { width, height } = target.getBoundingClientRect();
      const own = (e) => [...e.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && /[\p{L}\p{N}]/u.test(node.data));
      const sentence = element.matches("a") && getComputedStyle(element).display.startsWith("inline") && !element.closest("nav, header, .chips, .button, .tool");
      const inText = sentence && (own(element.parentElement) || element.parentElement.matches("s, strong, em") && own(element.parentElement.parentElement));
      const row = element.matches("a") && element.closest("td, th, dd, .prose, p");
      const wanted = inText ? 0 : row ? 24 : 44;
      if (width < wanted - 0.5 || height < wanted - 0.5) found.push(`${Math.round(width)}×${Math.round(height)}, wanted ${wanted}: ${element.closest("[class]")?.className ?? ""} > ${element.outerHTML.slice(0, 100)}`);
    }
    // Of many that are alike, one is enough.
    return [...new Map(found.map((line) => [line.replace(/href=\S+.*/, ""), line])).values()].slice(0, 6);
  }, within);

test("what is pressed is 44 pixels high and wide", async () => {
  const found = await eachPage(chrome, site, pages, { viewport: PHONE }, async (page) => {
    const found = [];
    for (const viewport of [PHONE, WIDE]) {
      await page.setViewportSize(viewport);
      await page.evaluate(() => { for (const details of document.querySelectorAll("details")) details.open = true; });
      const say = (problems, where) => found.push(...problems.map((problem) => `[${viewport.width}${where}] ${problem}`));
      say(await small(page), "");
      for (const id of await page.evaluate(() => [...document.querySelectorAll("[popover]")].map(({ id }) => id))) {
        await page.evaluate((id) => document.getElementById(id).showPopover(), id);
        say(await small(page, `#${id}`), ` #${id}`);
        await page.evaluate((id) => document.getElementById(id).hidePopover(), id);
      }
    }
    return found;
  });
  assert.deepEqual(found, []);
});

// WCAG 1.4.12: a reader's own spacing.
const SPACING = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; } p { margin-block-end: 2em !important; }";

/** Text that is cut off, that sticks out of its button, and items of the header on top of each other. */
const cut = (page) =>
  page.evaluate(() => {
    const found = [];
    const tell = (element, problem) => found.push(`${problem}: ${element.closest("[class]")?.className ?? ""} > ${element.outerHTML.slice(0, 120)}`);
    for (const element of document.body.querySelectorAll("*")) {
      if (!element.checkVisibility({ visibilityProperty: true }) || element.closest("svg")) continue;
      const style = getComputedStyle(element);
      const meant = style.webkitLineClamp !== "none" || element.closest(".only-read");
      const hides = /hidden|clip/.test(style.overflowX + style.overflowY) && element.textContent.trim();
      const button = element.matches("button, .button, .tool, .chips a, .badge, .tiles a, summary, .leaf");
      if (meant || (!hides && !button) || style.display === "inline") continue;
      // Its words, line by line; pictures may be cut to size.
      const box = element.getBoundingClientRect();
      const words = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
      const range = document.createRange();
      while (words.nextNode()) {
        const { parentElement: parent, data } = words.currentNode;
        if (!data.trim() || !parent.checkVisibility() || parent.closest(".only-read") || getComputedStyle(parent).webkitLineClamp !== "none") continue;
        range.selectNodeContents(words.currentNode);
        const out = [...range.getClientRects()].find((line) => line.left < box.left - 1 || line.right > box.right + 1 || line.bottom > box.bottom + 4);
        if (out) {
          tell(element, `"${data.trim().slice(0, 20)}" is cut off`);
          break;
        }
      }
    }
    const items = [...document.querySelectorAll(".site-name a, .tools .tool")].filter((e) => e.checkVisibility());
    items.forEach((one, at) => {
      const a = one.getBoundingClientRect();
      for (const other of items.slice(at + 1)) {
        const b = other.getBoundingClientRect();
        if (a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1) tell(other, `lies on ${one.textContent.trim()} in the header`);
      }
    });
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth) {
      const out = [...document.body.querySelectorAll("*")].filter((e) => e.getBoundingClientRect().right > clientWidth + 1 && !e.closest(".table"));
      const innermost = out.filter((e) => !out.some((other) => other !== e && e.contains(other))).slice(0, 3);
      found.push(`the page is ${scrollWidth} px wide on a screen of ${clientWidth}: ${innermost.map((e) => e.outerHTML.slice(0, 90)).join(" | ")}`);
    }
    return [...new Map(found.map((line) => [line.split(": ").slice(1).join().slice(0, 40), line])).values()].slice(0, 4);
  });

for (const [name, size] of [["", "100%"], [" and text at 200 %", "200%"]]) {
  test(`no text is cut at 320 pixels with a reader's spacing${name}`, async () => {
    const found = await eachPage(chrome, site, pages, { viewport: { width: 320, height: 700 } }, async (page) => {
      await page.addStyleTag({ content: SPACING });
      await page.evaluate((size) => { document.documentElement.style.fontSize = size; }, size);
      return cut(page);
    });
    assert.deepEqual(found, []);
  });
}
