// Without scripts everything can be read, reached and ordered.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { browser, eachPage, files, open, PHONE, portal, samples, serve, WIDE } from "./site.mjs";

const pages = await samples();
const all = new Set(await files(portal));
const PLAIN = { javaScriptEnabled: false };
let site, chrome;

before(async () => {
  site = await serve(portal);
  chrome = await browser();
});
after(async () => {
  await chrome?.close();
  site?.close();
});

/** The addresses of these links, as paths; each must be of a page. */
async function leads(links) {
  const paths = await links.evaluateAll((links) => links.map((link) => new URL(link.href).pathname));
  const dead = paths.filter((path) => !all.has(`${path.slice(1)}index.html`)).map((path) => `a link to ${path}, which is no page`);
  return { paths, dead };
}

test("every page says what it has to say", async () => {
  const found = await eachPage(chrome, site, pages, PLAIN, async (page, { path }) => {
    const found = [];
    const html = await readFile(join(portal, path.endsWith("/") || path === "" ? `${path}index.html` : path), "utf8");
    const main = await page.locator("main").innerText();
    if ((await page.locator("main h1:visible").count()) !== 1) found.push("no heading");
    if (main.replace(/\s/g, "").length < 80) found.push(`main says only: ${main}`);
    // What is hidden waits for a later day or is behind a summary that says so; most is not.
    const words = (text) => text.replace(/<[^>]*>|\s/g, "").length;
    const whole = words(html.split(/<main[^>]*>/)[1].split("</main>")[0].replace(/<(script|nav|details)\b.*?<\/\1>/gs, ""));
    if (main.replace(/\s/g, "").length < whole * 0.4) found.push(`main shows ${main.length} of ${whole} characters`);
    if ((await page.locator("footer a[href^='tel:']:visible").count()) === 0) found.push("no telephone number");
    if (!/FAX\s*0\d/.test(await page.locator("footer").innerText())) found.push("no FAX number");
    if ((await page.getByRole("button", { name: "表示" }).filter({ visible: true }).count()) > 0) found.push("a button for settings that nothing would keep");
    return found;
  });
  assert.deepEqual(found, []);
});

test("the menu is links: at once on a wide screen, behind its button on a phone", async () => {
  const found = await eachPage(chrome, site, pages, { ...PLAIN, viewport: WIDE }, async (page) => {
    const links = page.locator("#hn-menu a");
    const wide = await links.filter({ visible: true }).count();
    const { dead } = await leads(links);
    await page.setViewportSize(PHONE);
    const closed = await links.filter({ visible: true }).count();
    await page.locator("[popovertarget=hn-menu]:visible").first().click();
    const opened = await links.filter({ visible: true }).count();
    const total = await links.count();
    if (await page.locator("[popovertarget=hn-display]:visible").count()) dead.push("the menu has a button for settings");
    if (wide < 7) dead.push(`${wide} links on a wide screen`);
    if (closed !== 0) dead.push(`${closed} links before the menu is opened`);
    if (opened !== total) dead.push(`${opened} of ${total} links in the opened menu`);
    return dead;
  });
  assert.deepEqual(found, []);
});

test("filters are links to pages, on both screens", async () => {
  let seen = 0;
  const found = await eachPage(chrome, site, pages, { ...PLAIN, viewport: WIDE }, async (page) => {
    // Where words are asked for first, there is nothing to narrow without a script.
    if ((await page.locator("#hn-narrow a").count()) === 0) return [];
    seen += 1;
    const { paths, dead } = await leads(page.locator("#hn-narrow a"));
    if (paths.length < 3) dead.push(`only ${paths.length} filters`);
    if ((await page.locator("#hn-narrow summary:visible").count()) === 0) dead.push("no filters beside the list");
    await page.setViewportSize(PHONE);
    await page.locator("[popovertarget=hn-narrow]:visible").first().click();
    const link = page.locator("#hn-narrow details[open] a:visible:not([aria-current])").first();
    const wanted = await link.evaluate(({ href }) => href);
    await link.click();
    if (page.url() !== wanted) dead.push(`a click on ${wanted} leads to ${page.url()}`);
    if ((await page.locator("main h1:visible").count()) !== 1) dead.push(`${wanted} has no heading`);
    return dead;
  });
  assert.deepEqual(found, []);
  assert.ok(seen >= 8, `${seen} pages have filters`);
});

test("the pages that need a script say what to do without", async () => {
  const search = await open(chrome, `${site.url}search/?q=cookie`, PLAIN);
  assert.ok(await search.getByText(/JavaScript/).isVisible());
  assert.ok((await search.locator("main .tiles a:visible, main .chips a:visible").count()) > 20);
  assert.ok(await search.locator("main a[href^='tel:']").first().isVisible());
  await search.context().close();
  const order = await open(chrome, `${site.url}order/`, PLAIN);
  const text = await order.locator("main").innerText();
  assert.match(text, /FAX/);
  assert.match(text, /027-/);
  assert.ok(await order.locator("main a[href^='tel:']").first().isVisible());
  assert.ok(await order.locator("main a[href^='mailto:']").first().isVisible());
  await order.context().close();
});

test("the search box leads to the search page with what was typed", async () => {
  const page = await open(chrome, site.url, PLAIN);
  await page.locator("[name=q]").fill("クッキー");
  await page.locator("[name=q]").press("Enter");
  assert.equal(decodeURIComponent(page.url()), `${site.url}search/?q=クッキー`);
  await page.context().close();
});
