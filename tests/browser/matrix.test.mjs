// A page of every kind × a phone and a wide screen × light and dark, with furigana on everything: axe finds nothing,
// nothing sticks out. Then the same for what a visitor opens: details, menu, settings, filters.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { browser, eachPage, painted, PHONE, portal, samples, serve, WIDE } from "./site.mjs";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
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

/** What axe says of the page, or of a part of it. */
async function violations(page, part) {
  return page.evaluate(async ([tags, part]) => {
    const result = await axe.run(part ?? document, { runOnly: tags, resultTypes: ["violations"] });
    return result.violations.map(({ id, nodes }) => {
      const shown = nodes.slice(0, 3).map(({ target, failureSummary }) => `${target.join(" ")} (${failureSummary.split("\n").slice(1).join("; ").trim().slice(0, 200)})`);
      return `axe ${id} ×${nodes.length}: ${shown.join(" | ")}`;
    });
  }, [TAGS, part]);
}

/** The outermost elements that are wider than the page, where anything is. */
const wider = (page) =>
  page.evaluate(() => {
    const { clientWidth: width, scrollWidth } = document.documentElement;
    if (scrollWidth <= width) return [];
    const out = [...document.body.querySelectorAll("*")].filter((e) => e.getBoundingClientRect().right > width + 1);
    const outermost = out.filter((e) => !out.includes(e.parentElement)).slice(0, 3);
    return [`${scrollWidth} px wide on a screen of ${width}: ${outermost.map((e) => e.outerHTML.slice(0, 120)).join(" | ")}`];
  });

/** Does `look` in both schemes and on both screens; the problems say where. */
async function everywhere(page, look) {
  const found = [];
  for (const viewport of [PHONE, WIDE]) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      await painted(page);
      for (const problem of await look(viewport)) found.push(`[${viewport.width} ${colorScheme}] ${problem}`);
    }
  }
  return found;
}

const ALL = { settings: { ruby: "all" } };

test("there is a page of every kind to look at", () => {
  assert.ok(pages.length >= 34, pages.map(({ path }) => path).join(" "));
});

test("axe finds nothing and nothing sticks out", async () => {
  const found = await eachPage(chrome, site, pages, ALL, async (page) => {
    await page.evaluate(axe);
    const found = await everywhere(page, async () => [...(await violations(page)), ...(await wider(page))]);
    return [...found, ...page.errors];
  });
  assert.deepEqual(found, []);
});

test("the same with all details open", async () => {
  const found = await eachPage(chrome, site, pages, ALL, async (page) => {
    const details = await page.evaluate(() => {
      const all = [...document.querySelectorAll("main details")];
      for (const one of all) one.open = true;
      return all.length;
    });
    if (details === 0) return [];
    await page.evaluate(axe);
    return everywhere(page, async () => [...(await violations(page, "main details")), ...(await wider(page))]);
  });
  assert.deepEqual(found, []);
});

test("the same for menu, settings and filters, open", async () => {
  // Menu and settings are alike on all pages, but for the mark of where one is.
  const some = pages.filter(({ kind, path }) => ["home", "product"].includes(kind) || /^(products|events|facilities)\//.test(path));
  const seen = new Set();
  const found = await eachPage(chrome, site, some, ALL, async (page, { kind }) => {
    await page.evaluate(axe);
    const ids = await page.evaluate(() => [...document.querySelectorAll("[popover]")].map(({ id }) => id));
    return everywhere(page, async (viewport) => {
      const found = [];
      for (const id of ids.filter((id) => id === "hn-narrow" || ["home", "product"].includes(kind))) {
        // Where it has no button, it stands in the page. On a phone the menu has the button of the settings.
        const button = page.locator(`[popovertarget=${id}]:not([popovertargetaction=hide]):visible`);
        if ((await button.count()) === 0 && !(viewport === PHONE && id === "hn-display")) continue;
        await page.evaluate((id) => {
          for (const details of document.querySelectorAll(`#${id} details`)) details.open = true;
          document.getElementById(id).showPopover();
        }, id);
        seen.add(`${id} ${viewport.width}`);
        for (const problem of [...(await violations(page, `#${id}`)), ...(await wider(page))]) found.push(`#${id} open: ${problem}`);
        await page.evaluate((id) => document.getElementById(id).hidePopover(), id);
      }
      return found;
    });
  });
  assert.deepEqual(found, []);
  assert.deepEqual([...seen].sort(), ["hn-display 1280", "hn-display 360", "hn-menu 360", "hn-narrow 360"]);
});

test("nothing sticks out at 320 pixels, nor with text at 200 %", async () => {
  const found = await eachPage(chrome, site, pages, { viewport: { width: 320, height: 700 } }, async (page) => {
    const found = await wider(page);
    await page.setViewportSize({ width: 640, height: 900 });
    await page.evaluate(() => { document.documentElement.style.fontSize = "200%"; });
    return [...found, ...(await wider(page)).map((problem) => `large text: ${problem}`)];
  });
  assert.deepEqual(found, []);
});
