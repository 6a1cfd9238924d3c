// What somebody who writes sees in the browser while `heartnet serve` runs.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { createRequire } from "node:module";
import { browser, open, PHONE, screenshots, WIDE } from "./site.mjs";

const heartnet = process.env.HEARTNET;
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const ENTRY = "content/products/mihon-cookie.md";
let chrome, room, root, server, url;

before(async () => {
  room = await mkdtemp(join(tmpdir(), "heartnet-serve-"));
  root = join(room, "site");
  execFileSync(heartnet, ["init", root], { stdio: "ignore" });
  await mkdir(join(root, "static"));
  await writeFile(join(root, "static/own.css"), "h1 { text-indent: 0 }");
  server = spawn(heartnet, ["serve", "--root", root, "--as-of", "2026-04-01"], { env: { ...process.env, LANG: "ja_JP.UTF-8" }, stdio: ["ignore", "pipe", "ignore"] });
  for await (const line of createInterface(server.stdout)) {
    url = line.split(" ")[0];
    break;
  }
  chrome = await browser();
});
after(async () => {
  await chrome?.close();
  server?.kill();
  await rm(room, { recursive: true, force: true });
});

const read = (name) => readFile(join(root, name), "utf8");
/** As editors save: another file, renamed over the first. */
async function save(name, text) {
  await writeFile(join(root, `${name}.new~`), text);
  await rename(join(root, `${name}.new~`), join(root, name));
}
const panel = (page) => page.locator("heartnet-serve section");
const told = (page, text) => panel(page).filter({ hasText: text }).waitFor({ timeout: 10_000 });
/** What axe says of a part of a page. */
async function violations(page, selector) {
  await page.evaluate(axe);
  const found = await page.evaluate((selector) => window.axe.run(selector), selector);
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`);
}
/** Something that a reload would take away. */
const mark = (page) => page.evaluate(() => { window.stays = true; });
const stays = (page) => page.evaluate(() => window.stays === true);

test("a page renews itself where it is; others stay as they are", async () => {
  const text = await read(ENTRY);
  const page = await open(chrome, `${url}products/mihon-cookie/`, { viewport: PHONE });
  const other = await open(chrome, `${url}procurement/`, { viewport: PHONE });
  await mark(page);
  await mark(other);
  await page.evaluate(() => scrollTo({ top: 700, behavior: "instant" }));
  const at = await page.evaluate(() => scrollY);
  assert.ok(at > 300, "the page is long enough");
  await save(ENTRY, `${text}\n\nあとから書いた文。\n`);
  await page.getByText("あとから書いた文。").waitFor({ timeout: 10_000 });
  assert.ok(!(await stays(page)));
  // For good when all pictures are there.
  await page.waitForFunction((at) => Math.abs(scrollY - at) < 5, at, { timeout: 10_000 });
  assert.ok(await stays(other), "a page that shows nothing of it is not loaded again");
  await save(ENTRY, text);
  await page.getByText("あとから書いた文。").waitFor({ state: "detached", timeout: 10_000 });
  assert.deepEqual([page.errors, other.errors], [[], []]);
  await page.context().close();
  await other.context().close();
});

test("what is wrong shows over the last good page, with place and help, until it is mended", async () => {
  const text = await read(ENTRY);
  for (const viewport of [WIDE, PHONE]) {
    const page = await open(chrome, `${url}products/mihon-cookie/`, { viewport });
    await mark(page);
    await save(ENTRY, text.replace(/^name:/m, "nmae:"));
    await told(page, "nmae");
    const shown = await panel(page).innerText();
    assert.match(shown, /content\/products\/mihon-cookie\.md の2行目/);
    assert.match(shown, /直し方/);
    assert.ok(await page.locator("h1").isVisible() && (await stays(page)), "the last good page stays below");
    const wide = await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
    assert.ok(wide, "nothing sticks out");
    assert.deepEqual(await violations(page, "heartnet-serve"), []);
    await mkdir(screenshots, { recursive: true });
    await page.screenshot({ path: join(screenshots, `serve-problem-${viewport.width}.png`) });
    await save(ENTRY, text);
    await panel(page).waitFor({ state: "hidden", timeout: 10_000 });
    await page.context().close();
  }
});

test("a site that was never whole tells itself what is wrong, and comes when it is mended", async () => {
  const broken = join(room, "broken");
  execFileSync(heartnet, ["init", broken], { stdio: "ignore" });
  const name = join(broken, ENTRY);
  const text = await readFile(name, "utf8");
  await writeFile(name, text.replace(/^price:.*$/m, "price：300"));
  const own = spawn(heartnet, ["serve", "--root", broken, "--as-of", "2026-04-01"], { env: { ...process.env, LANG: "ja_JP.UTF-8" }, stdio: ["ignore", "pipe", "ignore"] });
  let at;
  for await (const line of createInterface(own.stdout)) {
    at = line.match(/http:\S+/)?.[0];
    if (at) break;
  }
  const page = await (await chrome.newContext({ viewport: PHONE })).newPage();
  await page.goto(at);
  await page.getByText("price：300").waitFor({ timeout: 10_000 });
  await page.waitForTimeout(500);
  assert.ok(!(await panel(page).isVisible()) && !(await page.locator("heartnet-serve details").isVisible()));
  // Another mistake in its place.
  await writeFile(name, text.replace(/^price:.*$/m, "price: 千円"));
  await page.getByText("千円").first().waitFor({ timeout: 10_000 });
  await writeFile(name, text);
  await page.getByRole("banner").waitFor({ timeout: 10_000 });
  await page.locator("heartnet-serve details").waitFor({ timeout: 10_000 });
  own.kill();
  await page.context().close();
});

test("a style sheet is swapped without loading the page again", async () => {
  const page = await open(chrome, url, { viewport: WIDE });
  const indent = () => page.evaluate(() => getComputedStyle(document.querySelector("h1")).textIndent);
  await page.waitForFunction(() => [...document.styleSheets].some(({ href }) => href?.includes("own.")), null, { timeout: 10_000 });
  await mark(page);
  await save("static/own.css", "h1 { text-indent: 7px }");
  await page.waitForFunction(() => getComputedStyle(document.querySelector("h1")).textIndent === "7px", null, { timeout: 10_000 });
  assert.ok(await stays(page), await indent());
  await page.context().close();
});

async function until(holds, otherwise) {
  const end = Date.now() + 10_000;
  while (!(await holds())) assert.ok(Date.now() < end, otherwise);
}
/** Waits until the server has read a file that it lists. */
const listed = (file) => until(async () => (await (await fetch(new URL("/_heartnet/", url))).text()).includes(file), `${file} is not read`);

test("another day and drafts are chosen in the page, by keyboard", async () => {
  await save("content/products/shitagaki.md", (await read(ENTRY)).replace("---\n", "---\ndraft: true\n").replace(/^name: .*$/m, "name: まだ出さない品"));
  await listed("content/products/shitagaki.md");
  const page = await open(chrome, `${url}products/`, { viewport: PHONE });
  const own = page.locator("heartnet-serve");
  const summary = own.locator("summary");
  await summary.filter({ hasText: "2026年4月1日" }).waitFor();
  await summary.focus();
  await page.keyboard.press("Enter");
  await own.locator("[name=day]").fill("2027-01-05");
  await own.locator("[name=drafts]").focus();
  await page.keyboard.press("Space");
  await page.screenshot({ path: join(screenshots, "serve-day-360.png") });
  await page.keyboard.press("Enter");
  await page.locator("html[data-hn-built='2027-01-05']").waitFor({ state: "attached", timeout: 10_000 });
  await page.getByText("まだ出さない品").first().waitFor();
  await page.goto(`${url}_heartnet/`);
  assert.match(await page.textContent("main, body"), /content\/products\/shitagaki\.md/);
  await page.screenshot({ path: join(screenshots, "serve-index-360.png") });
  assert.deepEqual(await violations(page, "html"), []);
  await rm(join(root, "content/products/shitagaki.md"));
  await page.context().close();
});

test("what somebody is choosing stays when the page renews itself meanwhile", async () => {
  const text = await read(ENTRY);
  const page = await open(chrome, `${url}products/mihon-cookie/`, { viewport: PHONE });
  const own = page.locator("heartnet-serve");
  await own.locator("summary").click();
  await own.locator("[name=day]").fill("2026-12-24");
  await own.locator("[name=day]").focus();
  await save(ENTRY, `${text}\n\n選んでいるあいだに書いた文。\n`);
  await page.getByText("選んでいるあいだに書いた文。").waitFor({ timeout: 10_000 });
  assert.equal(await own.locator("[name=day]").inputValue(), "2026-12-24");
  await page.keyboard.press("Enter");
  await page.locator("html[data-hn-built='2026-12-24']").waitFor({ state: "attached", timeout: 10_000 });
  await save(ENTRY, text);
  await page.context().close();
});

test("under a policy of hosts the panel is dressed, and scripts from elsewhere do not run", async () => {
  const settings = await read("heartnet.yaml");
  await save("heartnet.yaml", `${settings}\nhosting: [netlify]\n`);
  await until(async () => (await fetch(url)).headers.has("content-security-policy"), "no policy");
  const page = await open(chrome, url, { viewport: PHONE });
  const own = page.locator("heartnet-serve");
  await own.locator("summary").filter({ hasText: "確認用" }).waitFor();
  const look = await own.evaluate((host) => [getComputedStyle(host).position, getComputedStyle(host.shadowRoot.querySelector("section")).display]);
  assert.deepEqual(look, ["fixed", "none"]);
  assert.deepEqual(page.errors, []);
  await page.evaluate(() => document.body.append(Object.assign(document.createElement("script"), { textContent: "window.foreign = true" })));
  assert.equal(await page.evaluate(() => window.foreign), undefined);
  await save("heartnet.yaml", settings);
  await until(async () => !(await fetch(url)).headers.has("content-security-policy"), "the policy stays");
  await page.context().close();
});

test("what the search has found is new after an edit", async () => {
  const text = await read(ENTRY);
  const page = await open(chrome, `${url}search/?q=${encodeURIComponent("クッキー")}`, { viewport: PHONE });
  await page.locator("main a[href$='/products/mihon-cookie/']").first().waitFor({ timeout: 10_000 });
  await save(ENTRY, text.replace(/^name: (.*)$/m, "name: あたらしい名前のクッキー"));
  await page.locator("main a[href$='/products/mihon-cookie/']").filter({ hasText: "あたらしい名前のクッキー" }).first().waitFor({ timeout: 10_000 });
  assert.deepEqual(page.errors, []);
  await save(ENTRY, text);
  await page.context().close();
});

test("who writes is not disturbed: only what changed is renewed, and not in the middle of a word", async () => {
  const text = await read(ENTRY);
  const news = "content/news/betsu.md";
  let count = 0;
  /** Saves something that the page does not show, and waits until the page has heard of it. */
  async function unrelated(page) {
    const before = await page.evaluate(() => performance.getEntriesByType("resource").length);
    await save(news, `---\ntitle: ほかの知らせ${(count += 1)}\ndate: 2026-03-01\n---\n本文\n`);
    await page.waitForFunction((before) => performance.getEntriesByType("resource").length > before, before);
    await page.waitForTimeout(300);
  }
  const page = await open(chrome, `${url}products/mihon-cookie/`, { viewport: PHONE });
  // All readings are fetched by a script, and are what they were.
  await page.evaluate(() => localStorage.setItem("heartnet.display", '{"ruby":"all"}'));
  await page.reload();
  await page.locator("ruby").first().waitFor();
  await mark(page);
  await page.locator("#hn-add-count").fill("37");
  await unrelated(page);
  await page.evaluate(() => { location.hash = "hn-order"; });
  await unrelated(page);
  assert.ok(await stays(page));
  assert.equal(await page.locator("#hn-add-count").inputValue(), "37");
  // What it shows has changed, but somebody is still writing. Kana only: furigana would come between other letters.
  const added = "そのあいだに、かかれたことば。";
  await page.locator("#hn-add-count").focus();
  await page.keyboard.type("8");
  await save(ENTRY, `${text}\n\n${added}\n`);
  await until(async () => (await (await fetch(`${url}products/mihon-cookie/`)).text()).includes(added), "it is not read");
  await page.waitForTimeout(500);
  await page.keyboard.type("9");
  assert.equal(await page.locator("#hn-add-count").inputValue(), "3789");
  assert.ok(await stays(page));
  await page.keyboard.press("Tab");
  await page.getByText(added).waitFor({ timeout: 10_000 });
  assert.deepEqual(page.errors, []);
  await rm(join(root, news));
  await save(ENTRY, text);
  await page.context().close();
});
