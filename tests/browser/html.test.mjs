// Every built page is valid HTML, and every link and file of it leads somewhere.
import { test } from "node:test";
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createRequire } from "node:module";
import { files, portal, portalBelowPath } from "./site.mjs";

const require = createRequire(import.meta.url);

test("the Nu HTML checker finds no error and no warning on any page", () => {
  const jar = require.resolve("vnu-jar/build/dist/vnu.jar");
  let report = "";
  try {
    execFileSync("java", ["-Xss2m", "-jar", jar, "--skip-non-html", "--format", "gnu", portal], { stdio: "pipe", maxBuffer: 1 << 26 });
  } catch (error) {
    report = `${error.stderr}${error.stdout}`;
  }
  assert.equal(report.trim(), "");
});

for (const [name, folder, base] of [["at the root", portal, "/"], ["below a path", portalBelowPath, "/heartnet/"]]) {
  test(`every link leads to a page or file of the site, ${name}`, async () => {
    const all = new Set(await files(folder));
    const dead = [];
    let count = 0;
    for (const page of all) {
      if (!page.endsWith(".html")) continue;
      const html = await readFile(join(folder, page), "utf8");
      const ids = new Set([...html.matchAll(/\sid=("?)([^"\s>]+)\1/g)].map((match) => match[2]));
      for (const [, , quoted, bare] of html.matchAll(/\s(href|src)=(?:"([^"]*)"|([^\s>]+))/g)) {
        // A calendar's address for subscribing is the file's, by another name.
        const target = (quoted ?? bare).replaceAll("&amp;", "&").replace(/^webcal:\/\/[^/]+/, "");
        // In a template, a script puts the address in.
        if (/^\{\w+\}$/.test(target)) continue;
        count += 1;
        if (/^(https?:|mailto:|tel:)/.test(target)) continue;
        if (target.startsWith("#")) {
          if (!ids.has(decodeURIComponent(target.slice(1)))) dead.push(`${page}: ${target}`);
          continue;
        }
        const path = decodeURIComponent(target.split(/[?#]/)[0]);
        const file = path.startsWith(base) ? path.slice(base.length) : null;
        const found = file !== null && (all.has(file) || all.has(`${file}index.html`));
        if (!found) dead.push(`${page}: ${target}`);
      }
    }
    assert.ok(count > 1000);
    assert.deepEqual(dead.slice(0, 20), []);
  });
}

test("structured data is JSON and the feeds are well-formed", async () => {
  for (const page of await files(portal)) {
    const text = await readFile(join(portal, page), "utf8");
    if (page.endsWith(".json")) JSON.parse(text);
    if (page.endsWith(".html")) {
      for (const [, json] of text.matchAll(/<script type="?application\/ld\+json"?>(.*?)<\/script>/gs)) {
        assert.ok(JSON.parse(json)["@type"], page);
      }
    }
    if (page.endsWith(".xml")) {
      execFileSync("python3", ["-c", "import sys, xml.dom.minidom as m; m.parse(sys.argv[1])", join(portal, page)]);
    }
  }
});
