// From browsing to a sheet that the desk can work with: the list, what is said of it, and every way out, each opened
// again by the desk's own program (`heartnet order read`).
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { createServer } from "node:http";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { browser, PHONE, portal, serve, WIDE } from "./site.mjs";
import { calendar, earliest, together } from "../../themes/heartnet/static/order/check.js";
import { sums } from "../../themes/heartnet/static/order/money.js";
import { hash } from "../../themes/heartnet/static/order/terms.js";

const root = new URL("../..", import.meta.url).pathname;
const heartnet = process.env.HEARTNET ?? join(root, "target/debug/heartnet");
const jsqr = new URL("node_modules/jsqr/dist/jsQR.js", import.meta.url).pathname;
const KEY = "heartnet.order";
let site, chrome, room, products;

before(async () => {
  site = await serve(portal);
  chrome = await browser();
  room = await mkdtemp(join(tmpdir(), "heartnet-order-"));
  const files = await Promise.all([0, 1, 2, 3].map((at) => readFile(join(portal, `data/order/${at}.json`), "utf8").catch(() => "[]")));
  products = files.flatMap((file) => JSON.parse(file));
});
after(async () => {
  await chrome?.close();
  site?.close();
  await rm(room, { recursive: true, force: true });
});

const desk = (of) => products.filter((one) => one.open && one.order === "desk" && of(one));

async function visit(lines, { viewport = WIDE, seen } = {}) {
  const context = await chrome.newContext({ viewport, acceptDownloads: true, permissions: ["clipboard-read", "clipboard-write"] });
  const page = await context.newPage();
  const faults = [];
  page.on("pageerror", (error) => faults.push(error.message));
  await page.goto(`${site.url}404.html`);
  await page.evaluate(([key, lines, seen]) => {
    localStorage.setItem(key, JSON.stringify({ v: 1, lines }));
    if (seen) localStorage.setItem(`${key}.seen`, JSON.stringify(seen));
  }, [KEY, lines, seen]);
  await page.goto(`${site.url}order/`);
  await page.waitForSelector("#hn-list > *");
  return { page, faults, close: () => context.close() };
}

const stored = (page) => page.evaluate((key) => JSON.parse(localStorage.getItem(key))?.lines ?? [], KEY);
const said = (page) => page.textContent("#hn-said");
// What the desk's program makes of it.
const read = (...words) => JSON.parse(execFileSync(heartnet, ["order", "read", "--root", root, "--format", "json", ...words], { encoding: "utf8" }));

async function fill(page, more = {}) {
  for (const [name, value] of Object.entries({ company: "有限会社 髙﨑商店", person: "髙﨑 😀", tel: "027-000-0000", ...more })) await page.fill(`[name=${name}]`, value);
}

test("products go on the list from their page and from cards, by keyboard, and it is told", async () => {
  const context = await chrome.newContext({ viewport: PHONE });
  const page = await context.newPage();
  const [one] = desk((one) => one.variants?.length && one.min > 1);
  const [two] = desk((two) => two.price && !two.variants?.length && two.min > 1);
  await page.goto(`${new URL(site.url).origin}${one.url}`);
  await page.focus("#hn-add-count");
  await page.keyboard.press("Enter");
  assert.match(await page.textContent(".told"), new RegExp(`${one.min}${one.unit}、依頼リストに入れました`));
  assert.deepEqual(await stored(page), [{ id: one.id, variant: one.variants[0].id, qty: one.min }]);
  // The way on is behind the button, and in the head of the page, which has room for it now.
  await page.focus(".add button");
  await page.keyboard.press("Tab");
  assert.match(await page.evaluate(() => document.activeElement.textContent), /依頼リストを見る（1）/);
  assert.match(await page.getByRole("banner").getByRole("link", { name: /^ご注文・お見積り\s*（1）$/ }).innerText(), /リスト/);
  await page.goto(`${site.url}products/`);
  const button = page.locator("button[data-hn-add]").first();
  await button.focus();
  await page.keyboard.press("Space");
  assert.equal((await stored(page)).length, 2);
  // Another tab of the same browser has it, too.
  const other = await context.newPage();
  await other.goto(site.url);
  assert.match(await other.textContent(".site-footer"), /（2）/);
  await page.locator("button[data-hn-add]").nth(1).click();
  await other.waitForFunction(() => document.querySelector(".site-footer").textContent.includes("（3）"));
  // What was searched for goes on it like what was leafed through; what cannot be ordered does not.
  await page.goto(`${site.url}search/?q=${encodeURIComponent(two.name)}`);
  await page.click(`.found [data-hn-add="${two.id}"]`);
  assert.deepEqual((await stored(page)).at(-1), { id: two.id, variant: "", qty: two.min });
  const kept = await page.evaluate((key) => JSON.parse(localStorage.getItem(`${key}.seen`)), KEY);
  assert.deepEqual([kept[two.id].name, kept[two.id].unit, kept[two.id].price], [two.name, two.unit, two.price.amount]);
  const closed = products.find((one) => !one.open);
  await page.goto(`${site.url}search/?q=${encodeURIComponent(closed.name)}`);
  const card = page.locator(".found .card", { hasText: closed.name });
  await card.waitFor();
  assert.equal(await card.locator("[data-hn-add]").count(), 0);
  await context.close();
});

test("nothing goes out without a name and a way to answer; an empty list says how to go on", async () => {
  const empty = await visit([], { viewport: PHONE });
  assert.match(await empty.page.textContent("#hn-ways"), /なんでも相談/);
  await empty.page.check('[name=kind][value="consult"]');
  await empty.page.waitForSelector("#hn-ways button");
  await empty.close();
  const [one] = desk((one) => !one.variants?.length);
  const { page, faults, close } = await visit([{ id: one.id, variant: "", qty: one.min ?? 1 }], { viewport: PHONE });
  const focused = () => page.evaluate(() => [document.activeElement.name, document.activeElement.getAttribute("aria-invalid")]);
  for (const label of ["メールで送る", "文を写す", "Excelで保存", "CSVで保存"]) {
    await page.click(`.ways button:text-is("${label}")`);
    assert.match(await said(page), /お名前/);
    assert.deepEqual(await focused(), ["person", "true"]);
  }
  await page.fill("[name=person]", "髙﨑");
  assert.equal(await page.getAttribute("[name=person]", "aria-invalid"), null);
  await page.click('.ways button:text-is("文を写す")');
  assert.deepEqual(await focused(), ["tel", "true"]);
  await page.fill("[name=email]", "a@example.jp");
  await page.click('.ways button:text-is("文を写す")');
  await page.waitForFunction(() => document.getElementById("hn-said").textContent.includes("写しました"));
  assert.equal(await page.getAttribute("[name=tel]", "aria-invalid"), null);
  assert.deepEqual(faults, []);
  await close();
});

test("amounts and kinds change, lines go, and what has changed since is said", async () => {
  const [one] = desk((one) => one.variants?.length > 1);
  const [two] = desk((two) => two.price && !two.variants?.length && two.id !== one.id);
  const lines = [
    { id: one.id, variant: one.variants[0].id, qty: 50 }, { id: two.id, variant: "", qty: 30 },
    { id: "gone-since", variant: "", qty: 3 }, { id: one.id, variant: "no-such-kind", qty: 20 },
  ];
  const seen = { [two.id]: { name: two.name, unit: two.unit, price: two.price.amount + 10 }, "gone-since": { name: "なくなった品", unit: "個", price: 100 } };
  const { page, faults, close } = await visit(lines, { seen });
  const list = await page.textContent("#hn-list");
  assert.match(list, /なくなった品/);
  assert.match(list, /いまカタログにありません/);
  assert.match(list, /価格が変わりました/);
  assert.match(list, /種類が、なくなりました/);
  const id = `#hn-line-${one.id}-${one.variants[0].id}`;
  await page.fill(id, "60");
  await page.press(id, "Tab");
  assert.equal((await stored(page))[0].qty, 60);
  await page.fill(id, "0");
  await page.press(id, "Tab");
  assert.match(await said(page), /前の数にもどしました/);
  await page.selectOption(`${id}-kind`, one.variants[1].id);
  assert.equal((await stored(page))[0].variant, one.variants[1].id);
  await page.click("button[aria-label='「なくなった品」をリストから消す']");
  assert.equal((await stored(page)).length, 3);
  // The focus is at the next line, not lost.
  assert.notEqual(await page.evaluate(() => document.activeElement.tagName), "BODY");
  assert.deepEqual(faults, []);
  await close();
});

test("lots, lead time, season and what makers can make together are told", async () => {
  const [small] = desk((one) => one.min > 1 && !one.variants?.length);
  const [joint] = desk((one) => one.makers.filter((maker) => maker.capacity).length > 1);
  const { page, close } = await visit([{ id: small.id, variant: "", qty: 1 }, ...(joint ? [{ id: joint.id, variant: joint.variants?.[0]?.id ?? "", qty: 1 }] : [])]);
  const told = (id) => page.textContent(`[id="hn-line-${id}"] >> xpath=ancestor::li`);
  assert.match(await told(`${small.id}-`), new RegExp(`${small.min.toLocaleString("ja-JP")}${small.unit}からのご注文`));
  await page.fill("[name=wish]", "2020-01-01");
  await page.press("[name=wish]", "Tab");
  assert.match(await told(`${small.id}-`), /もう過ぎています/);
  await close();
});

test("the browser and the desk count the same days and amounts", () => {
  const days = calendar({ today: "2026-11-30", holidays: ["2027-01-01", "2027-01-11", "2027-05-03", "2027-05-04", "2027-05-05"] });
  const label = (day) => new Date(day * 86400000).toISOString().slice(0, 10);
  assert.equal(label(days.after(days.today, 21)), "2027-01-04");
  const day = (iso) => Date.parse(`${iso}T00:00:00Z`) / 86400000;
  // As in order/days.rs.
  assert.equal(days.makes({ amount: 300, per: "day" }, undefined, day("2026-12-14")), 3000);
  assert.equal(days.makes({ amount: 300, per: "week" }, [], day("2026-12-14")), 600);
  assert.equal(days.makes({ amount: 300, per: "month" }, undefined, day("2026-12-14")), 140);
  // Nothing is made outside of its season.
  assert.equal(days.makes({ amount: 10, per: "day" }, [5, 6], day("2027-05-06")), 10);
  assert.equal(days.makes({ amount: 70, per: "week" }, [5, 6], day("2027-05-06")), 60);
  const makers = [100, 300, 0].map((amount) => ({ capacity: { amount, per: "day" } }));
  assert.deepEqual(together({ makers }, days, day("2026-12-01"), 350), { all: 400, makers: 2 });
  assert.equal(label(earliest({ makers, lead: 3 }, days, 1700)), "2026-12-07");
  assert.equal(label(earliest({ makers, lead: 3, season: [2] }, days, 1)), "2027-02-01");
  assert.equal(earliest({ makers }, days, 1e9), null);
  assert.equal(hash(""), 0x811c9dc5);
});

test("money is summed once for each rate, and what is not certain never", () => {
  const cost = (amount, tax, from = false) => ({ amount, tax, from });
  const lines = [{ cost: cost(101, 8), qty: 3 }, { cost: cost(99, 8), qty: 1 }, { cost: cost(110, 10), qty: 1 }, { cost: cost(500, 10, true), qty: 2 }, { cost: null, qty: 1 }];
  assert.deepEqual(sums(lines), { rates: [{ rate: 8, total: 402, tax: 29 }, { rate: 10, total: 110, tax: 10 }], total: 512, open: 2 });
  assert.deepEqual(sums([]), { rates: [], total: 0, open: 0 });
  assert.equal(sums([{ cost: cost(999999999, 10), qty: 9999 }]).rates[0].tax, Number((999999999n * 9999n * 10n) / 110n));
});

test("orders for the desk and direct ones go to those who receive them", async (t) => {
  const direct = products.find((one) => one.open && one.order === "direct");
  if (!direct) return t.skip("the portal has no direct orders");
  const [one] = desk((one) => !one.variants?.length);
  const { page, close } = await visit([{ id: one.id, variant: "", qty: one.min ?? 1 }, { id: direct.id, variant: "", qty: direct.min ?? 1 }]);
  const ways = await page.locator(".line-ways h3").allTextContents();
  assert.equal(ways.length, 2);
  assert.ok(ways[1].includes(direct.makers[0].name));
  await close();
});

test("the files, the text and the link are read again by the desk's program", async () => {
  const some = desk((one) => one.price).slice(0, 3);
  const lines = some.map((one, at) => ({ id: one.id, variant: one.variants?.[0]?.id ?? "", qty: 20 + at }));
  const { page, faults, close } = await visit(lines);
  await fill(page, { note: "=1+1\n二行目 \"引用\", 、", wish: "2026-12-20" });
  const wanted = (order) => {
    assert.deepEqual(order.lines.map(({ id, variant, qty }) => ({ id, variant, qty })), lines);
    assert.equal(order.who.company, "有限会社 髙﨑商店");
    assert.equal(order.who.person, "髙﨑 😀");
    assert.match(order.who.note, /^=1\+1\s+二行目 "引用", 、$/);
  };
  for (const [label, name] of [["Excelで保存", "a.xlsx"], ["CSVで保存", "a.csv"]]) {
    const [download] = await Promise.all([page.waitForEvent("download"), page.click(`.ways button:text-is("${label}")`)]);
    const path = join(room, name);
    await download.saveAs(path);
    wanted(read(path).order);
  }
  await page.click('.ways button:text-is("文を写す")');
  await page.waitForFunction(() => document.getElementById("hn-said").textContent.includes("写しました"));
  const mail = join(room, "mail.txt");
  // As mail programs send it on.
  await writeFile(mail, (await page.evaluate(() => navigator.clipboard.readText())).replace(/^/gm, "> "));
  wanted(read(mail).order);
  await page.click('button:text-is("続きを頼むリンクを写す")');
  await page.waitForFunction(() => document.getElementById("hn-said").textContent.includes("リンク"));
  const link = await page.evaluate(() => navigator.clipboard.readText());
  assert.deepEqual(read(link).order.who.company, "", "a link has no names in it");
  const { page: colleague, close: leave } = await visit([]);
  await colleague.goto("about:blank");
  await colleague.goto(link);
  await colleague.waitForFunction((key) => JSON.parse(localStorage.getItem(key) ?? "{}").lines?.length === 3, KEY);
  assert.deepEqual(await stored(colleague), lines);
  assert.equal(new URL(colleague.url()).hash, "");
  const tampered = spawnSync(heartnet, ["order", "read", "--root", root, link.slice(0, -3)], { encoding: "utf8" });
  assert.equal(tampered.status, 1);
  assert.match(tampered.stderr, /こわれているか、書きかえられて/);
  assert.deepEqual(faults, []);
  await leave();
  await close();
});

// What a FAX machine makes of a page (204 × 98 dots an inch, black and white, a little askew), as a program reads it.
async function faxed(page, paper, skew) {
  const picture = await paper.screenshot({ type: "png" });
  return page.evaluate(async ([data, skew]) => {
    const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${data}`)).blob());
    const [width, height] = [Math.round((image.width / 2.125 / 96) * 204), Math.round((image.height / 2.125 / 96) * 98)];
    const scan = new OffscreenCanvas(width, height).getContext("2d");
    scan.fillStyle = "#fff";
    scan.fillRect(0, 0, width, height);
    scan.translate(width / 2, height / 2);
    scan.scale(width / image.width, height / image.height);
    scan.rotate((skew * Math.PI) / 180);
    scan.drawImage(image, -image.width / 2, -image.height / 2);
    const lines = scan.getImageData(0, 0, width, height);
    for (let at = 0; at < lines.data.length; at += 4) lines.data.fill(lines.data[at] + lines.data[at + 1] + lines.data[at + 2] > 384 ? 255 : 0, at, at + 3);
    scan.putImageData(lines, 0, 0);
    const whole = new OffscreenCanvas(width, Math.round((height / 98) * 204)).getContext("2d", { willReadFrequently: true });
    whole.drawImage(scan.canvas, 0, 0, width, whole.canvas.height);
    const found = [];
    // One code after the other: what was read is painted over.
    for (let at = 0; at < 12; at += 1) {
      const { data, width: w, height: h } = whole.getImageData(0, 0, whole.canvas.width, whole.canvas.height);
      const code = jsQR(data, w, h);
      if (!code) break;
      // A pattern of specks may look like a code with nothing in it.
      if (code.data) found.push(code.data);
      const corners = Object.values(code.location).filter((point) => "x" in point && "y" in point);
      const [left, right] = [Math.min, Math.max].map((of) => of(...corners.map(({ x }) => x)));
      const [top, bottom] = [Math.min, Math.max].map((of) => of(...corners.map(({ y }) => y)));
      whole.fillStyle = "#fff";
      whole.fillRect(left - 12, top - 12, right - left + 24, bottom - top + 24);
    }
    return found;
  }, [picture.toString("base64"), skew]);
}

test("the printed sheet has all of the order in QR codes that are read after a FAX", async () => {
  const some = desk((one) => one.price).slice(0, 14);
  const lines = some.map((one, at) => ({ id: one.id, variant: one.variants?.[0]?.id ?? "", qty: 10 + at }));
  const context = await chrome.newContext({ viewport: { width: 718, height: 1000 }, deviceScaleFactor: 2.125 });
  const page = await context.newPage();
  await page.goto(`${site.url}404.html`);
  await page.evaluate(([key, lines]) => localStorage.setItem(key, JSON.stringify({ v: 1, lines })), [KEY, lines]);
  await page.goto(`${site.url}order/`);
  await page.addScriptTag({ path: jsqr });
  await fill(page, { wish: "2026-12-20" });
  await page.waitForFunction(() => document.querySelector("#hn-papers").textContent.includes("髙﨑商店"));
  await page.emulateMedia({ media: "print" });
  const papers = await page.locator(".paper").all();
  assert.ok(papers.length >= 2);
  assert.match(await papers[0].textContent(), new RegExp(`日\\([月火水木金土日]\\)　1/${papers.length}ページ`));
  assert.match(await papers[0].textContent(), /希望日2026年12月20日\(日\)/);
  for (const skew of [0, 1.5]) {
    const found = new Set();
    // A reader that looks for one code is shown one after the other.
    for (const figure of await page.locator(".paper-code").all()) for (const code of await faxed(page, figure, skew)) found.add(code);
    const order = read(...found).order;
    assert.deepEqual(order.lines.map(({ id, variant, qty }) => ({ id, variant, qty })), lines, `skew ${skew}`);
    assert.equal(order.who.company, "有限会社 髙﨑商店");
  }
  // As a PDF it has the pages that it says.
  const pdf = await page.pdf({ format: "A4" });
  const { getDocument } = await import("pdfjs-dist/legacy/build/pdf.mjs");
  const document = await getDocument({ data: new Uint8Array(pdf), useSystemFonts: true }).promise;
  assert.equal(document.numPages, papers.length);
  const words = (await (await document.getPage(1)).getTextContent()).items.map(({ str }) => str).join("");
  assert.match(words.normalize("NFKC"), /注文書/);
  await context.close();
});

test("a long list stays usable, and a mail that would be cut is copied instead", async () => {
  const lines = Array.from({ length: 300 }, (_, at) => ({ id: products[at % products.length].id, variant: `v${at}`, qty: at + 1 }));
  const { page, faults, close } = await visit(lines);
  assert.equal(await page.locator(".line").count(), 300);
  await fill(page);
  await page.evaluate(() => { window.opened = []; });
  await page.click('.ways button:text-is("メールで送る")');
  await page.waitForFunction(() => document.getElementById("hn-said").textContent.includes("貼りつけて"));
  const path = join(room, "long.txt");
  await writeFile(path, await page.evaluate(() => navigator.clipboard.readText()));
  const receivers = read(path).receivers;
  assert.ok(receivers.flatMap(({ lines }) => lines).length >= 200);
  assert.deepEqual(faults, []);
  await close();
});

test("what is sent to a form service arrives once, and nothing is lost when it fails", async () => {
  const got = [];
  let works = false;
  const service = createServer((request, response) => {
    response.setHeader("access-control-allow-origin", "*");
    response.setHeader("access-control-allow-headers", "*");
    let body = "";
    request.on("data", (data) => { body += data; });
    request.on("end", () => {
      if (request.method === "POST") got.push(new URLSearchParams(body));
      if (works === "silent") return response.destroy();
      response.setHeader("content-type", "application/json");
      response.writeHead(works === false ? 503 : 200).end(works === "refuses" ? '{"success": false}' : "{}");
    });
  });
  await new Promise((done) => { service.listen(0, "127.0.0.1", done); });
  const endpoint = `http://127.0.0.1:${service.address().port}/form`;
  // A council's new site that names the service.
  const own = join(room, "own");
  execFileSync(heartnet, ["init", own]);
  const settings = join(own, "heartnet.yaml");
  await writeFile(settings, `${await readFile(settings, "utf8")}\norder: {endpoint: "${endpoint}"}\n`);
  execFileSync(heartnet, ["build", "--root", own, "--as-of", "2026-11-21"]);
  const ours = await serve(join(own, "public"));
  const one = JSON.parse(await readFile(join(own, "public/data/order/0.json"), "utf8")).find((one) => one.open && one.order === "desk");
  const context = await chrome.newContext({ viewport: WIDE });
  const page = await context.newPage();
  await page.goto(`${ours.url}404.html`);
  await page.evaluate(([key, id]) => localStorage.setItem(key, JSON.stringify({ v: 1, lines: [{ id, variant: "", qty: 100 }] })), [KEY, one.id]);
  await page.goto(`${ours.url}order/`);
  const send = page.locator('.ways button:text-is("このサイトから送る")');
  await send.click();
  assert.match(await said(page), /お名前を書いて/);
  assert.equal(await page.evaluate(() => document.activeElement.name), "person");
  await fill(page);
  await send.click();
  assert.match(await said(page), /同意/);
  await page.check("[name=consent]");
  await send.click();
  await page.waitForFunction(() => document.getElementById("hn-said").textContent.includes("送れませんでした"));
  assert.equal((await stored(page)).length, 1);
  assert.equal(await page.inputValue("[name=person]"), "髙﨑 😀");
  // A service that says 200 and means no; then one of which nobody knows whether it has got it.
  works = "refuses";
  await send.click();
  await page.waitForFunction(() => document.getElementById("hn-said").textContent.startsWith("送れませんでした"));
  works = "silent";
  await send.click();
  await page.waitForFunction(() => document.getElementById("hn-said").textContent.startsWith("送れたかどうか"));
  works = true;
  const other = await context.newPage();
  await other.goto(`${ours.url}order/`);
  await send.click();
  await page.waitForFunction(() => document.getElementById("hn-said").textContent.includes("届いているかもしれません"));
  const before = got.length;
  await send.click();
  await page.waitForFunction(() => document.getElementById("hn-said").textContent.includes("に送りました"));
  await send.click();
  await page.waitForFunction(() => document.getElementById("hn-said").textContent.includes("もう送っています"));
  assert.equal(got.length, before + 1, "it arrives once");
  assert.equal(new Set(got.map((one) => one.get("order_id"))).size, 1, "and can be told from the tries before");
  const last = got.at(-1);
  assert.equal(last.get("website"), "");
  assert.equal(read(last.get("code")).order.lines[0].qty, 100);
  // As form services mail it: a field in each line.
  assert.equal(read([...last].map(([field, value]) => `${field}: ${value}`).join("\n")).order.lines[0].qty, 100);
  await context.close();
  ours.close();
  service.close();
});

test("without a script there is a sheet with the product's name in it", async () => {
  const context = await chrome.newContext({ javaScriptEnabled: false, viewport: { width: 718, height: 1000 } });
  const page = await context.newPage();
  const [one] = desk(() => true);
  await page.goto(`${new URL(site.url).origin}${one.url}#hn-sheet`);
  await page.emulateMedia({ media: "print" });
  assert.ok(await page.locator("#hn-sheet").isVisible());
  assert.ok(!(await page.locator(".site-header").isVisible()));
  assert.match(await page.textContent("#hn-sheet"), new RegExp(one.name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")));
  await context.close();
});

test("a government buyer takes the chosen suppliers along as a table", async () => {
  const context = await chrome.newContext({ viewport: PHONE, acceptDownloads: true });
  const page = await context.newPage();
  await page.goto(`${site.url}procurement/`);
  await page.goto(await page.getAttribute(".cards-class a", "href").then((href) => new URL(href, site.url).href));
  const save = page.locator('button:text-is("えらんだ事業所をCSVで保存")');
  await save.click();
  assert.match(await page.textContent("#hn-suppliers ~ p [role=status], section p [role=status]"), /えらんでください/);
  const boxes = page.locator("[data-hn-suppliers] [type=checkbox]");
  const names = [];
  for (const at of [0, 1]) {
    await boxes.nth(at).focus();
    await page.keyboard.press("Space");
    names.push((await page.locator("[data-hn-suppliers] tbody tr").nth(at).locator("th").textContent()).trim());
  }
  const [download] = await Promise.all([page.waitForEvent("download"), save.click()]);
  const path = join(room, "suppliers.csv");
  await download.saveAs(path);
  const text = await readFile(path, "utf8");
  assert.ok(text.startsWith("\ufeff") && names.every((name) => text.includes(name)), text);
  assert.equal(text.trim().split("\r\n").length, 1 + 2);
  // They are still chosen on other pages: by kind, and where all are seen together.
  await page.goto(`${site.url}procurement/`);
  assert.deepEqual(await page.locator("#hn-chosen li a").allTextContents(), names);
  await page.goto(await page.getAttribute("[aria-labelledby=hn-kinds] a[href*=keizoku-b]", "href").then((href) => new URL(href, site.url).href));
  for (const name of names) {
    const row = page.locator("[data-hn-suppliers] tbody tr", { hasText: name });
    if (await row.count()) assert.ok(await row.locator("input").isChecked(), name);
  }
  await page.goto(`${site.url}procurement/`);
  await page.click(`[aria-label="${names[0]}をやめる"]`);
  assert.deepEqual(await page.locator("#hn-chosen li a").allTextContents(), names.slice(1));
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute("aria-label")), `${names[1]}をやめる`);
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "hn-chosen-title");
  assert.ok(!(await page.locator("#hn-chosen button").first().isVisible()));
  await context.close();
});

test("what cannot be read any more is told until it was seen, whatever is added before", async () => {
  const [one, two] = desk((one) => one.price && !one.variants?.length);
  const { page, close } = await visit([{ id: one.id, variant: "", qty: 50 }, { id: two.id, qty: -3 }, "?"]);
  assert.match(await page.textContent("#hn-list .alert"), /2件が読めなく/);
  await page.goto(`${new URL(site.url).origin}${two.url}`);
  await page.click("form[data-hn-add] button");
  await page.waitForFunction((key) => JSON.parse(localStorage.getItem(key)).lines.length === 2, KEY);
  await page.goto(`${site.url}order/`);
  await page.waitForSelector("#hn-list .alert");
  assert.match(await page.textContent("#hn-list .alert"), /2件が読めなく/);
  await page.click("#hn-lost");
  await page.waitForSelector("#hn-list .alert", { state: "detached" });
  assert.deepEqual((await stored(page)).map((line) => line.id), [one.id, two.id]);
  await page.evaluate((key) => localStorage.setItem(key, "{broken"), KEY);
  await page.reload();
  await page.waitForSelector("#hn-list .alert");
  await close();
});

test("what the script draws has furigana for those who set them", async () => {
  const [one] = desk((one) => one.price && !one.variants?.length);
  const { page, close } = await visit([{ id: one.id, variant: "", qty: 50 }]);
  assert.equal(await page.locator("#hn-list rt").count(), 0);
  await page.evaluate(() => localStorage.setItem("heartnet.display", JSON.stringify({ ruby: "all" })));
  await page.reload();
  await page.waitForSelector("#hn-list rt");
  await page.waitForSelector("#hn-ways rt");
  await close();
});

test("the focus stays where it is when the list is drawn anew", async () => {
  const [one, two] = desk((one) => one.price && !one.variants?.length);
  const { page, close } = await visit([{ id: one.id, variant: "", qty: 50 }, { id: two.id, variant: "", qty: 50 }]);
  await page.fill(`[id="hn-line-${one.id}-"]`, "60");
  await page.keyboard.press("Tab");
  await page.waitForFunction(() => document.getElementById("hn-said").textContent.includes("60"));
  await page.waitForTimeout(200);
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "消す");
  await page.keyboard.press("Enter");
  await page.waitForTimeout(200);
  assert.equal(await page.evaluate(() => document.activeElement.id), `hn-line-${two.id}-`);
  await close();
});

test("what has changed since is said of the kind and the unit, too", async () => {
  const one = products.find((one) => one.open && one.variants?.some((kind) => kind.price));
  const kind = one.variants.find((kind) => kind.price);
  const was = { name: one.name, kind: "前の名前", unit: "山", price: kind.price.amount + 1 };
  const { page, close } = await visit([{ id: one.id, variant: kind.id, qty: 5 }], { seen: { [`${one.id} ${kind.id}`]: was } });
  const told = await page.textContent(".line-told");
  for (const words of ["前は「前の名前」", "前は「山」", "価格が変わりました"]) assert.ok(told.includes(words), `${words}: ${told}`);
  // Chosen anew it is as it is now.
  const other = one.variants.find((other) => other.id !== kind.id);
  await page.selectOption(`[id="hn-line-${one.id}-${kind.id}-kind"]`, other.id);
  await page.waitForSelector(`[id="hn-line-${one.id}-${other.id}"]`);
  assert.ok(!(await page.textContent(".line-told")).includes("変わりました"));
  await close();
});

test("nothing is said, sorted or sent while it is not known what the products are", async () => {
  const [one] = desk((one) => one.price && !one.variants?.length);
  const { page, close } = await visit([{ id: one.id, variant: "", qty: 50 }]);
  await page.route("**/data/order/*.json", (route) => route.abort());
  await page.reload();
  await page.waitForSelector("#hn-again");
  assert.equal(await page.locator(".line-told, .line-ways").count(), 0);
  await page.unroute("**/data/order/*.json");
  await page.click("#hn-again");
  await page.waitForSelector(".line-ways");
  await close();
});

test("what cannot be done so is read out where one is", async () => {
  const one = desk((one) => one.min > 1 && !one.variants?.length)[0];
  const { page, close } = await visit([{ id: one.id, variant: "", qty: one.min }]);
  assert.ok((await page.textContent(`label[for="hn-line-${one.id}-"]`)).includes(one.name));
  await page.fill(`[id="hn-line-${one.id}-"]`, "1");
  await page.keyboard.press("Tab");
  await page.waitForFunction(() => document.getElementById("hn-said").textContent.includes("からのご注文です"));
  await page.fill("[name=wish]", "2020-01-01");
  await page.keyboard.press("Tab");
  await page.waitForFunction(() => document.getElementById("hn-said").textContent.includes("要確認"));
  // Another tab changes the list while an amount is being written.
  const field = page.locator(`[id="hn-line-${one.id}-"]`);
  await field.selectText();
  await page.keyboard.type("7");
  const tab = await page.context().newPage();
  await tab.goto(`${site.url}404.html`);
  const [two] = desk((two) => two.id !== one.id && !two.variants?.length);
  await tab.evaluate(([key, lines]) => localStorage.setItem(key, JSON.stringify({ v: 1, lines })), [KEY, [{ id: one.id, variant: "", qty: 1 }, { id: two.id, variant: "", qty: 9 }]]);
  await page.waitForTimeout(300);
  await page.keyboard.type("5");
  await page.keyboard.press("Tab");
  await page.waitForSelector(`[id="hn-line-${two.id}-"]`);
  assert.deepEqual((await stored(page)).map(({ qty }) => qty), [75, 9]);
  await close();
});

test("a short list fits into a mail as it is opened", async () => {
  const some = desk((one) => one.price && !one.variants?.length).slice(0, 3);
  const { page, close } = await visit(some.map(({ id }) => ({ id, variant: "", qty: 300 })));
  await fill(page, { email: "takasaki@example.jp", address: "群馬県前橋市本町一丁目二番三号 見本ビル四階", wish: "2027-02-01" });
  await page.evaluate(() => {
    window.opened = [];
    navigation.addEventListener("navigate", (event) => { window.opened.push(event.destination.url); if (event.cancelable) event.preventDefault(); });
  });
  await page.click('.ways button:text-is("メールで送る")');
  await page.waitForFunction(() => document.getElementById("hn-said").textContent);
  assert.match(await said(page), /メールのソフトが開きます/);
  await close();
});
