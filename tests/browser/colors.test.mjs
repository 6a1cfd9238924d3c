// Forced colours (Windows' contrast themes) and no motion.
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

for (const viewport of [PHONE, WIDE]) {
  test(`signs are seen in forced colours, ${viewport.width} pixels`, async () => {
    const found = await eachPage(chrome, site, pages, { viewport, forcedColors: "active", colorScheme: "dark" }, async (page) => [
      ...(await page.evaluate(() => {
        if (!matchMedia("(forced-colors: active)").matches) return ["the colours are not forced"];
        for (const details of document.querySelectorAll("details")) details.open = true;
        const found = new Map();
        const clear = (color) => /^(transparent|rgba\(.*, 0\))$/.test(color);
        const ground = (element) => {
          for (let e = element; e; e = e.parentElement) {
            const { backgroundColor } = getComputedStyle(e);
            if (!clear(backgroundColor)) return backgroundColor;
          }
          return "none";
        };
        let signs = 0;
        for (const element of document.body.querySelectorAll("*")) {
          if (!element.checkVisibility()) continue;
          for (const pseudo of ["::before", "::after"]) {
            const style = getComputedStyle(element, pseudo);
            if (style.content === "none" || style.display === "none" || style.maskImage === "none") continue;
            signs += 1;
            const color = style.backgroundColor;
            if (clear(color) || color === ground(element)) found.set(`${element.tagName}.${element.className}${pseudo}`, `the sign of ${element.outerHTML.slice(0, 80)}${pseudo} is ${color} on ${ground(element)}`);
          }
        }
        return signs < 3 ? [`only ${signs} signs`] : [...found.values()];
      })),
      ...page.errors,
    ]);
    assert.deepEqual(found, []);
  });
}

test("what is chosen or stands out is told by more than a colour that is forced", async () => {
  const found = await eachPage(chrome, site, pages, { viewport: WIDE, forcedColors: "active" }, async (page) =>
    page.evaluate(() => {
      const found = [];
      for (const element of document.querySelectorAll("button, .button, .card:not(.card-notice), .panel, .alert, .chips a, input")) {
        if (!element.checkVisibility() || element.matches("input:is([type=radio], [type=checkbox]), .tool")) continue;
        const { borderTopStyle, borderTopWidth } = getComputedStyle(element);
        if (borderTopStyle === "none" || parseFloat(borderTopWidth) < 1) found.push(`no edge: ${element.outerHTML.slice(0, 100)}`);
      }
      return found.slice(0, 5);
    }),
  );
  assert.deepEqual(found, []);
});

test("nothing moves for who wants no motion", async () => {
  const found = await eachPage(chrome, site, pages, { viewport: PHONE, reducedMotion: "reduce" }, async (page) =>
    page.evaluate(() => {
      const moves = (style) => [...style.transitionDuration.split(", "), ...style.animationDuration.split(", ")].some((duration) => parseFloat(duration) > 0);
      const found = new Set();
      if (getComputedStyle(document.documentElement).scrollBehavior === "smooth") found.add("html scrolls smoothly");
      for (const element of document.querySelectorAll("*")) {
        for (const pseudo of [undefined, "::before", "::after"]) {
          if (moves(getComputedStyle(element, pseudo))) found.add(`moves: ${element.tagName}.${element.className}${pseudo ?? ""}`);
        }
      }
      if (document.getAnimations().length > 0) found.add("an animation runs");
      return [...found].slice(0, 5);
    }),
  );
  assert.deepEqual(found, []);
});
