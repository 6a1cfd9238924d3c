// Pictures of a page of every kind for people to look at: $SCREENSHOTS/WIDTH-SCHEME/KIND.png. Nothing is asserted
// but that they can be taken.
import { test } from "node:test";
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { browser, decoded, eachPage, painted, PHONE, portal, samples, screenshots, serve, WIDE } from "./site.mjs";

// Chromium paints no larger picture; the booklet is longer.
const MOST = 16000;

test("a picture of every kind of page", async () => {
  const site = await serve(portal);
  const chrome = await browser();
  try {
    const found = await eachPage(chrome, site, await samples(), { reducedMotion: "reduce" }, async (page, { kind }) => {
      for (const viewport of [PHONE, WIDE]) {
        await page.setViewportSize(viewport);
        await decoded(page);
        const height = await page.evaluate(() => document.documentElement.scrollHeight);
        const clip = { x: 0, y: 0, width: viewport.width, height: Math.min(height, MOST) };
        for (const colorScheme of ["light", "dark"]) {
          await page.emulateMedia({ colorScheme });
          await painted(page);
          const folder = join(screenshots, `${viewport.width}-${colorScheme}`);
          await mkdir(folder, { recursive: true });
          await page.screenshot({ path: join(folder, `${kind}.png`), fullPage: true, clip });
        }
      }
      return [];
    });
    assert.deepEqual(found, []);
  } finally {
    await chrome.close();
    site.close();
  }
});
