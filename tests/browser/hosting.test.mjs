// The portal under exactly the headers that the build tells a host to send: nothing is refused that a page needs, and
// what is not the site's own is. Then the same for a page that says its policy itself.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { annotated, browser, decoded, each, files, hosting, portal, samples, serve, WIDE } from "./site.mjs";

/** `_headers` as Netlify and Cloudflare read it: every rule that fits says its headers; twice the same is joined. */
function parse(text) {
  const rules = [];
  for (const line of text.split("\n")) {
    if (line.trim() === "" || line.trim().startsWith("#")) continue;
    if (!/^\s/.test(line)) {
      const pattern = line.trim().replace(/[.+?^${}()|[\]\\]/g, "\\$&").replace(/\*/g, ".*").replace(/:[a-z]\w*/gi, "[^/]+");
      rules.push({ line, fits: new RegExp(`^${pattern}$`), headers: [] });
    } else {
      const at = line.indexOf(":");
      rules.at(-1).headers.push([line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim()]);
    }
  }
  return rules;
}

function of(rules, path) {
  const out = {};
  for (const { fits, headers } of rules) {
    if (!fits.test(path)) continue;
    for (const [name, value] of headers) out[name] = name in out ? `${out[name]}, ${value}` : value;
  }
  return out;
}

const text = await readFile(join(portal, "_headers"), "utf8");
const rules = parse(text);
const pages = await samples();
let site, plain, other, chrome;

before(async () => {
  site = await serve(portal, "/", { also: (path) => of(rules, path) });
  plain = await serve(hosting);
  other = await serve(portal, "/", { cors: true });
  chrome = await browser();
});
after(async () => {
  await chrome?.close();
  for (const one of [site, plain, other]) one?.close();
});

/** A page that keeps what was refused in `refused`. */
async function watched(url, options = {}) {
  const context = await chrome.newContext({ locale: "ja-JP", timezoneId: "Asia/Tokyo", viewport: WIDE, ...options });
  await context.addInitScript(() => {
    window.refused = [];
    document.addEventListener("securitypolicyviolation", (event) => window.refused.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sample}`));
  });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  page.said = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && page.said.push(message.text()));
  page.on("pageerror", (error) => page.said.push(error.message));
  await page.goto(url, { waitUntil: "load" });
  return page;
}
const refused = async (page) => [...(await page.evaluate(() => window.refused)), ...page.said];

test("the rules are within what hosts take, and no two say the same of one file", async () => {
  assert.ok(rules.length <= 100, `${rules.length} rules`);
  for (const line of text.split("\n")) assert.ok(line.length <= 2000, line);
  for (const name of await files(portal)) {
    const path = `/${name.replace(/(^|\/)index\.html$/, "$1")}`;
    const fitting = rules.filter(({ fits }) => fits.test(path)).flatMap(({ headers }) => headers.map(([header]) => header));
    assert.equal(new Set(fitting).size, fitting.length, `${path}: ${fitting}`);
    const { "cache-control": cache, "content-security-policy": policy } = of(rules, path);
    assert.match(policy, /^default-src 'none'/);
    // For ever only what has its content in its name; the parts of the search have it, too.
    const hashed = /\.[0-9a-f]{10}\.\w+$|^\/search\/\w+\/[\w-]+\.bin$/.test(path);
    assert.ok(!cache?.includes("immutable") || hashed, `${path}: ${cache}`);
    if (/^\/(static|search)\//.test(path)) assert.equal(cache?.includes("immutable") ?? false, hashed, `${path}: ${cache}`);
    if (/\/$|\.html$/.test(path)) assert.equal(cache, undefined, path);
  }
});

test("no page of any kind is kept from anything, with furigana and in the dark", async () => {
  const found = await each(pages, async ({ path }) => {
    const page = await watched(site.url + path, { colorScheme: "dark" });
    try {
      await decoded(page);
      await page.evaluate(() => localStorage.setItem("heartnet.display", JSON.stringify({ ruby: "all", size: "large", scheme: "dark" })));
      await page.reload({ waitUntil: "load" });
      await annotated(page);
      // The script in the page's head ran.
      assert.equal(await page.evaluate(() => `${document.documentElement.className} ${document.documentElement.dataset.hnSize}`), "js large");
      return await refused(page);
    } finally {
      await page.context().close();
    }
  });
  assert.deepEqual(found, []);
});

test("search, suggestions, filters, settings and calendars work", async () => {
  const page = await watched(`${site.url}search/`);
  await page.locator("#hn-q").pressSequentially("くっきー", { delay: 30 });
  await page.locator(".found .total", { hasText: "くっきー" }).waitFor();
  await page.locator(".found .card img").first().waitFor();
  const found = await page.evaluate(() => window.heartnetSearch("弁当", { limit: 3 }));
  assert.ok(found.total > 0);
  await page.goto(site.url, { waitUntil: "load" });
  await page.locator("#hn-q").first().pressSequentially("たかさき", { delay: 30 });
  await page.locator("[role=option]").first().waitFor();
  await page.keyboard.press("Escape");
  await page.locator("[popovertarget=hn-display]:visible").first().click();
  await page.locator("#hn-display input[name=scheme][value=dark]").check();
  assert.equal(await page.evaluate(() => document.documentElement.dataset.hnScheme), "dark");
  await page.goto(`${site.url}products/`, { waitUntil: "load" });
  await page.locator("#hn-narrow summary:visible").first().click();
  await page.goto(`${site.url}events/`, { waitUntil: "load" });
  const calendars = await page.locator("a[href$='.ics']").evaluateAll((links) => links.map((link) => new URL(link.href).pathname));
  assert.ok(calendars.length > 0);
  for (const path of calendars.slice(0, 3)) {
    const answer = await page.request.get(new URL(path, site.url).href);
    assert.equal(answer.headers()["content-type"], "text/calendar; charset=utf-8", path);
  }
  assert.deepEqual(await refused(page), []);
  await page.context().close();
});

test("scripts, pictures and requests that are not the site's are refused", async () => {
  const page = await watched(site.url);
  await page.evaluate(async (elsewhere) => {
    const add = (tag, set) => document.body.append(Object.assign(document.createElement(tag), set));
    add("script", { textContent: "window.ran = true" });
    add("script", { src: `${elsewhere}static/none.js` });
    add("img", { src: `${elsewhere}a.png` });
    add("iframe", { src: elsewhere });
    document.body.insertAdjacentHTML("beforeend", "<button onclick='window.ran = true' id=bad style='color: red'>x</button>");
    document.getElementById("bad").click();
    await fetch(elsewhere).catch(() => {});
  }, other.url);
  await page.waitForFunction(() => window.refused.length >= 7);
  const kinds = new Set((await page.evaluate(() => window.refused)).map((line) => line.split(" ")[0]));
  assert.deepEqual([...kinds].sort(), ["connect-src", "frame-src", "img-src", "script-src-attr", "script-src-elem", "style-src-attr"]);
  assert.equal(await page.evaluate(() => window.ran), undefined);
  await page.context().close();
});

test("pages that say their policy themselves run under it on a host that says nothing", async () => {
  const all = (await files(hosting)).filter((name) => name.endsWith(".html")).map((name) => name.replace(/index\.html$/, ""));
  for (const path of all) {
    const html = await readFile(join(hosting, path.endsWith("/") || path === "" ? `${path}index.html` : path), "utf8");
    assert.equal(html.split("Content-Security-Policy").length, 2, path);
    assert.ok(html.indexOf("Content-Security-Policy") < html.indexOf("<script"), path);
  }
  const found = await each(all.filter((path) => /^$|404|^(search|products|facilities|events|order|news)\/$|cookie/.test(path)), async (path) => {
    const page = await watched(plain.url + path);
    await page.evaluate(() => localStorage.setItem("heartnet.display", JSON.stringify({ ruby: "all" })));
    await page.reload({ waitUntil: "load" });
    await annotated(page);
    const found = await refused(page);
    await page.evaluate(() => document.body.append(Object.assign(document.createElement("script"), { textContent: "window.ran = true" })));
    if (await page.evaluate(() => window.ran)) found.push("a foreign script ran");
    await page.context().close();
    return found;
  });
  assert.deepEqual(found, []);
});
