// Lighthouse 12 with its simulation of a phone. How fast it is depends on the machine and is only printed; reports
// are in $SCREENSHOTS/lighthouse.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";
import { CHROMIUM, FLAGS, portal, samples, screenshots, serve } from "./site.mjs";

const CATEGORIES = ["accessibility", "best-practices", "seo"];
const pages = (await samples()).filter(({ kind }) => ["home", "product", "products"].includes(kind));
const folder = join(screenshots, "lighthouse");
let site, chrome;

before(async () => {
  site = await serve(portal);
  chrome = await launch({ chromePath: CHROMIUM, chromeFlags: ["--headless=new", ...FLAGS], logLevel: "silent" });
  await mkdir(folder, { recursive: true });
});
after(async () => {
  chrome?.kill();
  site?.close();
});

for (const { kind, path } of pages) {
  test(`Lighthouse has nothing to say of /${path}`, async (t) => {
    const { lhr, report } = await lighthouse(site.url + path, { port: chrome.port, output: "html", logLevel: "silent" });
    await writeFile(join(folder, `${kind}.html`), report);
    assert.equal(lhr.runtimeError, undefined);
    t.diagnostic(`performance ${Math.round(lhr.categories.performance.score * 100)}: ${["first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "speed-index"].map((id) => `${id} ${lhr.audits[id].displayValue}`).join(", ")}`);

    const failed = CATEGORIES.flatMap((category) =>
      lhr.categories[category].auditRefs
        .filter(({ id, weight }) => weight > 0 && lhr.audits[id].score !== null && lhr.audits[id].score < 1)
        .map(({ id }) => `${category} ${id}: ${lhr.audits[id].title} ${JSON.stringify(lhr.audits[id].details?.items?.slice(0, 3) ?? lhr.audits[id].explanation)}`.slice(0, 600)),
    );
    assert.deepEqual(failed, []);
    for (const category of CATEGORIES) assert.equal(lhr.categories[category].score, 1, category);

    const { audits } = lhr;
    assert.equal(audits["cumulative-layout-shift"].numericValue, 0);
    assert.ok((audits["render-blocking-resources"].details?.items ?? []).length <= 1);
    assert.equal(audits["unsized-images"].score, 1);
    assert.ok(audits["total-byte-weight"].numericValue <= 300 * 1024, audits["total-byte-weight"].displayValue);
  });
}
