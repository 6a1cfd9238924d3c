// A visitor who comes days after the build sees what is next then, on any screen; one without scripts sees
// the day of the build.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { browser, portal, schedules, serve } from "./site.mjs";

let site, other, chrome;

before(async () => {
  site = await serve(portal);
  other = await serve(schedules);
  chrome = await browser();
});
after(async () => {
  await chrome?.close();
  site?.close();
  other?.close();
});

/** A page as it is on a day at noon in Japan. */
async function open(path, day, options = {}, from = site) {
  const context = await chrome.newContext({ locale: "ja-JP", timezoneId: "America/New_York", ...options });
  const page = await context.newPage();
  const errors = [];
  page.on("pageerror", (error) => errors.push(error.message));
  if (options.javaScriptEnabled !== false) await page.clock.setFixedTime(new Date(`${day}T12:00:00+09:00`));
  await page.goto(from.url + path, { waitUntil: "load" });
  assert.deepEqual(errors, [], path);
  return page;
}
const until = (page, selector) =>
  page.locator(`${selector} [data-hn-until]:visible`).evaluateAll((all) => all.map((e) => e.dataset.hnUntil));

test("on the day of the build nothing moves", async () => {
  const page = await open("", "2026-11-21");
  assert.deepEqual(await until(page, ".next-days"), ["2026-12-06", "2026-12-12"]);
  assert.equal((await until(page, "main .cards")).length, 4);
  await page.context().close();
});

test("the home page shows what is next when it is read", async () => {
  const page = await open("", "2026-12-20");
  const next = await until(page, ".next-days");
  assert.ok(next.length >= 1 && next.every((day) => day >= "2026-12-20"), next.join(" "));
  const cards = await until(page, "main .cards");
  assert.ok(cards.length >= 3 && cards.every((day) => day >= "2026-12-20"), cards.join(" "));
  await page.context().close();
});

test("a clock before the build is not believed", async () => {
  const page = await open("", "2020-01-01");
  assert.deepEqual(await until(page, ".next-days"), ["2026-12-06", "2026-12-12"]);
  await page.context().close();
});

test("what is over goes below on the list, and its page says so", async () => {
  const list = await open("events/", "2026-12-07");
  const over = await list.locator("[data-hn-over] li:visible").allTextContents();
  assert.ok(over.some((text) => text.includes("冬のハートバザール2026") && text.includes("終わりました")), over.join(" | "));
  const coming = await list.locator("[data-hn-group=coming] li:visible").allTextContents();
  assert.ok(!coming.some((text) => text.includes("冬のハートバザール2026")));
  await list.context().close();

  const said = "この催しは終わりました";
  for (const [day, visible] of [["2026-12-06", false], ["2026-12-07", true]]) {
    const page = await open("events/2026-winter-bazaar/", day);
    assert.equal(await page.getByText(said).isVisible(), visible, day);
    await page.context().close();
  }
});

test("a facility and a product show the next day after that", async () => {
  for (const path of ["facilities/soyogo-budoen/", "products/mitsukuwa-shimonita-negi/"]) {
    for (const day of ["2026-12-13", "2027-01-10"]) {
      const page = await open(path, day);
      const days = await until(page, ".meetings");
      assert.ok(days.length >= 1 && days.every((until) => until >= day), `${path} on ${day}: ${days.join(" ")}`);
      await page.context().close();
    }
  }
});

test("a kind's page has one list of what is over, the latest first", async () => {
  const page = await open("events/kind/bazaar/", "2026-12-07");
  const headings = await page.locator("h2:visible").allTextContents();
  assert.equal(headings.filter((text) => text === "終わった催し").length, 1, headings.join(" "));
  const first = await page.locator("[data-hn-group=past] li:visible").first().textContent();
  assert.ok(first.includes("冬のハートバザール2026"), first);
  await page.context().close();
});

test("a deadline closes, an order period ends", async () => {
  const page = await open("events/gift/", "2026-12-05", {}, other);
  assert.ok(await page.getByText("申し込みは締め切りました").isVisible());
  assert.ok(await page.getByText("受付は終わりました").last().isVisible());
  await page.context().close();
});

test("a month is a table on a wide screen and a list on a phone", async () => {
  const wide = await open("events/2026-12/", "2026-12-05", { viewport: { width: 1280, height: 900 } });
  const table = wide.getByRole("table", { name: "2026年12月の催しの予定表" });
  assert.ok(await table.isVisible());
  assert.equal(await table.getByRole("columnheader").count(), 7);
  assert.equal(await table.locator("[aria-current=date]").innerText().then((text) => text.trim().split("\n")[0]), "5");
  await wide.context().close();
  const narrow = await open("events/2026-12/", "2026-12-05", { viewport: { width: 360, height: 800 } });
  assert.ok(!(await narrow.locator("table.month").isVisible()));
  assert.ok(await narrow.getByRole("link", { name: "あったかぐんまの冬のハートバザール2026" }).first().isVisible());
  assert.ok(await narrow.getByRole("heading", { name: "12月5日(土)" }).isVisible());
  await narrow.context().close();
});

test("without scripts everything can be read", async () => {
  const page = await open("events/", "2027-06-01", { javaScriptEnabled: false });
  assert.ok(await page.getByText("次のハートバザール").isVisible());
  assert.ok((await page.locator("[data-hn-group=coming] li:visible").count()) >= 8);
  assert.ok(await page.getByRole("heading", { name: "日程調整中・随時の催し" }).isVisible());
  await page.context().close();
});
