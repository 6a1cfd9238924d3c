// The search as a visitor meets it: typing with an input method, by keyboard, filters with their counts, the back
// button, a network that fails; and the same for whoever has no script, a reader, another path.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { browser, eachPage, open, painted, PHONE, portal, portalBelowPath, serve, WIDE } from "./site.mjs";
import { load, narrow, order } from "../../themes/heartnet/static/search/facets.js";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const data = async (kind) => JSON.parse(await readFile(join(portal, `data/${kind}.json`), "utf8"));
let site, below, chrome;

before(async () => {
  site = await serve(portal);
  below = await serve(portalBelowPath, "/heartnet/");
  chrome = await browser();
});
after(async () => {
  await chrome?.close();
  site?.close();
  below?.close();
});

/** A page, closed again; a script that fails fails the test. */
async function on(path, act, options = {}, from = site) {
  const page = await open(chrome, from.url + path, { viewport: WIDE, ...options });
  page.setDefaultTimeout(10_000);
  try {
    await act(page);
    assert.deepEqual(page.errors, [], path);
  } finally {
    await page.context().close();
  }
}
const box = (page) => page.locator("#hn-q");
const total = (page) => page.locator(".found .total").innerText();
const titles = (page) => page.locator(".found .card h3").allInnerTexts();
/** Waits for what is found to be about these words. */
const about = (page, text) => page.locator(".found .total", { hasText: text }).waitFor();
const params = (page) => new URL(page.url()).searchParams;
const scripts = (page) => page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name).filter((name) => /static\/search\/|\/search\/\w/.test(name)));

test("nothing of the search is loaded before it is touched, and then it is", async () => {
  for (const [path, touched] of [["", "#hn-q"], ["404.html", "#hn-q"], ["products/", "#hn-narrow summary"], ["facilities/", "#hn-narrow summary"]]) {
    await on(path, async (page) => {
      await page.waitForLoadState("networkidle");
      assert.deepEqual(await scripts(page), [], path);
      const loaded = page.waitForResponse(/static\/search\/page/);
      await page.locator(touched).first().focus();
      assert.equal((await loaded).status(), 200, path);
    });
  }
});

test("whoever goes on to the list before the search is there keeps their place, and sees it", async () => {
  for (const [path, part] of [["facilities/", ".card h3 a"], ["products/", ".card h3 a"], ["products/", ".card-add button"], ["products/", ".order select"], ["products/", ".pager a"]]) {
    await on(path, async (page) => {
      let release;
      const held = new Promise((resolve) => { release = resolve; });
      await page.route(/static\/search\/page/, async (route) => { await held; await route.continue(); });
      await box(page).focus();
      await page.locator(`.browse-list ${part}`).nth(part.startsWith(".card") ? 9 : 0).focus();
      const place = () => page.evaluate(() => {
        const at = document.activeElement;
        const { top, bottom } = at.getBoundingClientRect();
        return { name: at.localName, text: at.closest(".card")?.querySelector("h3").textContent, seen: top >= 0 && bottom <= innerHeight };
      });
      const before = await place();
      release();
      await page.locator(".found .card").first().waitFor();
      // Where the list had pages there is one now that goes on: the line that says how many is the place.
      assert.deepEqual(await place(), part === ".pager a" ? { name: "p", text: undefined, seen: true } : before, `${path} ${part}`);
      assert.ok(before.seen);
    }, { reducedMotion: "reduce" });
  }
});

test("what is found comes as one types, with its matches marked; the address follows", async () => {
  await on("search/", async (page) => {
    assert.ok(!(await page.locator(".found").isVisible()));
    assert.ok(await page.locator(".ways").isVisible());
    await box(page).pressSequentially("くっきー", { delay: 30 });
    await about(page, "くっきー");
    const found = await titles(page);
    assert.ok(found.some((title) => title.includes("クッキー")), found.join(" | "));
    const marked = await page.locator(".card h3 mark").allInnerTexts();
    // What means the same is marked, too.
    assert.ok(marked.includes("クッキー") && marked.every((text) => ["クッキー", "ビスケット", "サブレ"].includes(text)), marked.join(" | "));
    assert.equal(params(page).get("q"), "くっきー");
    assert.ok(!(await page.locator(".ways").isVisible()));
    // Everything is one step of the history.
    await page.goBack();
    await page.locator(".found").waitFor({ state: "hidden" });
    assert.equal(await box(page).inputValue(), "");
  });
});

test("a query in the address fills the box and runs", async () => {
  await on("search/?q=%E3%82%AF%E3%83%83%E3%82%AD%E3%83%BC", async (page) => {
    await about(page, "「クッキー」は");
    assert.equal(await box(page).inputValue(), "クッキー");
  });
});

test("an excerpt comes from the page of a result that was found by its text", async () => {
  await on("search/?q=てんさい糖", async (page) => {
    await about(page, "てんさい糖");
    await page.locator(".excerpt mark").first().waitFor();
    const [first] = await page.locator(".excerpt:has(mark)").allInnerTexts();
    assert.ok(first.length <= 70 && first.includes("てんさい糖"), first);
  });
});

test("marks and furigana stand together", async () => {
  await on("search/?q=高崎", async (page) => {
    await about(page, "高崎");
    await page.locator(".card mark").first().waitFor();
    const readings = await page.locator(".card :is(ruby:has(mark), mark:has(ruby)) rt").allTextContents();
    assert.ok(readings.length > 0, "no reading of a marked word");
    // The text is still what it was.
    const bare = await page.locator(".card .sub").first().evaluate((e) => {
      const copy = e.cloneNode(true);
      for (const reading of copy.querySelectorAll("rt, rp")) reading.remove();
      return copy.textContent;
    });
    assert.ok(!/mark|undefined|\{/.test(bare), bare);
  }, { settings: { ruby: "all" } });
});

test("while an input method composes nothing is asked, and its Enter is its own", async () => {
  await on("search/", async (page) => {
    const client = await page.context().newCDPSession(page);
    await box(page).focus();
    await page.waitForFunction(() => document.querySelector("#hn-q").role === "combobox");
    for (const text of ["k", "く", "くk", "くっ", "くっき", "くっきー"]) {
      await client.send("Input.imeSetComposition", { text, selectionStart: text.length, selectionEnd: text.length });
      await page.waitForTimeout(60);
    }
    assert.equal(await box(page).inputValue(), "くっきー");
    assert.equal(page.url(), `${site.url}search/`);
    const kept = await box(page).evaluate((e) => !e.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", isComposing: true, cancelable: true, bubbles: true })));
    assert.ok(kept, "Enter would submit");
    assert.equal(page.url(), `${site.url}search/`);
    await client.send("Input.insertText", { text: "クッキー" });
    await about(page, "「クッキー」は");
    assert.equal(params(page).get("q"), "クッキー");
  });
});

test("the box is a combobox: arrows, Home, End, Enter, Escape", async () => {
  await on("", async (page) => {
    await box(page).focus();
    await box(page).pressSequentially("弁当");
    const list = page.getByRole("listbox");
    await list.getByRole("option").first().waitFor();
    const state = () => box(page).evaluate((e) => {
      const active = document.getElementById(e.getAttribute("aria-activedescendant"));
      return { role: e.getAttribute("role"), expanded: e.getAttribute("aria-expanded"), controls: Boolean(document.getElementById(e.getAttribute("aria-controls"))), active: active?.textContent.trim(), selected: active?.getAttribute("aria-selected"), at: active ? [...active.parentElement.children].indexOf(active) : -1, of: document.querySelectorAll("[role=option]").length };
    });
    const start = await state();
    assert.deepEqual([start.role, start.expanded, start.controls, start.at], ["combobox", "true", true, -1]);
    assert.ok(start.of > 3);
    for (const [key, at] of [["ArrowDown", 0], ["ArrowDown", 1], ["ArrowUp", 0], ["ArrowUp", start.of - 1], ["ArrowDown", 0], ["End", start.of - 1], ["Home", 0]]) {
      await page.keyboard.press(key);
      const now = await state();
      assert.deepEqual([now.at, now.selected], [at, "true"], key);
      assert.equal(await page.locator("[role=option][aria-selected=true]").count(), 1);
    }
    assert.equal(await page.evaluate(() => document.activeElement.id), "hn-q");
    await page.keyboard.press("Escape");
    assert.equal((await state()).expanded, "false");
    assert.equal(await box(page).inputValue(), "弁当");
    await page.keyboard.press("ArrowDown");
    await list.getByRole("option").first().waitFor();
    await page.keyboard.press("ArrowDown");
    const { active } = await state();
    await page.keyboard.press("Enter");
    await page.waitForURL(/(products|facilities|events)\/[^/]+\/$/);
    const heading = await page.locator("h1").textContent();
    assert.ok(active.startsWith(heading.trim().slice(0, 5)), `${active} leads to ${heading}`);
  });
  await on("", async (page) => {
    await box(page).fill("弁当");
    await page.getByRole("option").first().waitFor();
    // Without a choice, Enter asks for all.
    await page.keyboard.press("Enter");
    await page.waitForURL(/search\/\?q=/);
    await about(page, "弁当");
    // And the list closes when one leaves the box.
    await page.goBack();
  });
});

test("a reader hears how many there are, once typing has come to rest", async () => {
  await on("search/", async (page) => {
    await page.evaluate(() => {
      window.said = [];
      const status = document.querySelector("#hn-status");
      new MutationObserver(() => window.said.push(status.textContent)).observe(status, { childList: true, characterData: true, subtree: true });
    });
    assert.equal(await page.locator("#hn-status").getAttribute("role"), "status");
    await box(page).pressSequentially("クッキー", { delay: 120 });
    await about(page, "「クッキー」は");
    await page.waitForFunction(() => window.said.length > 0);
    await page.waitForTimeout(900);
    const said = await page.evaluate(() => window.said);
    assert.deepEqual(said, [await total(page)]);
    assert.match(said[0], /^「クッキー」は\d+件あります。$/);
  });
});

test("filters stand in the address; chips take them off again", async () => {
  await on("search/?q=クッキー&kind=products&lot=10&sort=price", async (page) => {
    await about(page, "クッキー");
    const chips = page.locator(".chosen button");
    assert.deepEqual(await chips.allInnerTexts().then((all) => all.map((text) => text.split("\n")[0].replace("を外す", ""))), ["商品・仕事", "10個から頼める"]);
    assert.equal(await page.locator("#hn-sort").inputValue(), "price");
    const prices = (await page.locator(".card .price strong:visible").allInnerTexts()).map((text) => Number(text.replace(/\D/g, "")) || Infinity);
    assert.deepEqual(prices, [...prices].sort((a, b) => a - b));
    await chips.first().click();
    await page.waitForFunction(() => !location.search.includes("kind="));
    assert.equal(params(page).get("lot"), "10");
    await page.waitForFunction(() => document.activeElement.matches(".chosen button"));
    await page.getByRole("button", { name: "すべて外す" }).click();
    await page.waitForFunction(() => !location.search.includes("lot="));
    assert.deepEqual([params(page).get("q"), params(page).get("sort")], ["クッキー", "price"]);
    await page.waitForFunction(() => document.activeElement.matches(".total"));
    await page.goBack();
    await page.waitForFunction(() => document.querySelectorAll(".chosen li").length === 1);
    assert.equal(await page.locator("#hn-lot").inputValue(), "10");
    await page.goBack();
    await page.waitForFunction(() => document.querySelectorAll(".chosen li").length === 2);
    assert.ok(await page.locator("input[name=kind][value=products]").isChecked());
  });
});

test("a choice of the second level replaces the first", async () => {
  await on("products/", async (page) => {
    await page.locator("#hn-narrow").hover();
    const sweets = page.locator(".filters [name=category][value=sweets]");
    await sweets.check();
    await page.waitForFunction(() => location.search === "?category=sweets");
    const inside = page.locator(".filters li:has(> label > [value=sweets]) ul input").filter({ visible: true });
    await inside.first().check();
    await page.waitForFunction(() => !location.search.includes("sweets"));
    assert.equal(params(page).getAll("category").length, 1);
    assert.ok(!(await sweets.isChecked()));
    await page.locator(".chosen li").nth(0).waitFor();
    assert.equal(await page.locator(".chosen li").count(), 1);
  });
});

test("the back button brings back filters, what was shown, and the place", async () => {
  await on("products/?price=under-1000", async (page) => {
    await page.locator(".more-found").click();
    await page.waitForFunction(() => document.querySelectorAll(".found .card").length === 48);
    const focused = await page.evaluate(() => [...document.querySelectorAll(".found .card")].indexOf(document.activeElement.closest(".card")));
    assert.equal(focused, 24);
    const card = page.locator(".found .card").nth(40);
    await card.scrollIntoViewIfNeeded();
    await page.waitForTimeout(400);
    const before = await page.evaluate(() => scrollY);
    const wanted = await card.locator("h3").innerText();
    await card.locator("a").click();
    await page.waitForURL(/products\/[^/?]+\/$/);
    await page.goBack();
    await page.waitForFunction(() => document.querySelectorAll(".found .card").length === 48);
    await page.waitForFunction((before) => Math.abs(scrollY - before) < 5, before);
    assert.equal(await page.locator(".found .card").nth(40).locator("h3").innerText(), wanted);
    assert.ok(await page.locator("input[name=price][value=under-1000]").isChecked());
  });
});

test("on a phone the filters open over the page, and a button closes them", async () => {
  await on("products/", async (page) => {
    await page.locator(".narrow-button").click();
    await page.locator(".filters [name=category]").first().waitFor();
    await page.locator(".filters [name=category]").first().check();
    await page.locator(".filters-done", { hasText: /\d+件を見る/ }).click();
    assert.ok(!(await page.locator("#hn-narrow").isVisible()));
    assert.ok(await page.locator(".found .card").first().isVisible());
    assert.equal(params(page).getAll("category").length, 1);
  }, { viewport: PHONE });
});

/** What a product's page says it does not contain. */
const freeOf = async (id) => {
  const html = await readFile(join(portal, `products/${id}/index.html`), "utf8");
  return /<tr class="?free_of"?>.*?<td>([^<]*)/.exec(html)?.[1].split("、") ?? [];
};

test("counts are those of a count by hand, over the open data", async () => {
  const [products, facilities] = await Promise.all([data("products"), data("facilities")]);
  const areas = new Map(facilities.map(({ id, area }) => [id, area]));
  const makers = ({ makers }) => makers.map((maker) => maker.facility ?? maker);
  const yen = ({ price, variants = [] }) => {
    const all = [price, ...variants.map(({ price }) => price)].map((price) => price?.amount ?? price).filter((price) => typeof price === "number");
    return price === undefined || price === null ? null : Math.min(...all);
  };
  const bands = { "under-1000": [0, 999], "1000-1999": [1000, 1999], "2000-2999": [2000, 2999], "from-3000": [3000, Infinity] };
  const free = new Map(await Promise.all(products.map(async ({ id }) => [id, await freeOf(id)])));
  const listed = products.filter(({ hidden }) => !hidden);
  // A choice with those below it: a document must have one of them.
  const has = {
    category: (product, ids) => ids.includes(product.category),
    area: (product, ids) => makers(product).some((maker) => ids.includes(areas.get(maker))),
    maker: (product, ids) => makers(product).some((maker) => ids.includes(maker)),
    price: (product, [id]) => (id === "quote" ? yen(product) === null : yen(product) !== null && yen(product) >= bands[id][0] && yen(product) <= bands[id][1]),
    delivery: (product, [id]) => (product.delivery ?? []).includes(id),
    free: (product, [name]) => free.get(product.id).includes(name),
    noufuku: (product) => product.noufuku === true,
    open: (product) => ["on_sale", "made_to_order", "one_off"].includes(product.status),
    lot: (product, [most]) => (product.min_order ?? 1) <= Number(most),
    lead: (product, [most]) => product.lead_days !== undefined && product.lead_days <= Number(most),
  };
  let seed = 7;
  const random = (below) => (seed = (seed * 48271) % 2147483647) % below;
  await on("products/?lot=100000", async (page) => {
    await page.locator(".filters [name=area]").first().waitFor({ state: "attached" });
    // Every choice with the values of itself and of what is below it.
    const choices = await page.locator(".filters input[type=checkbox]").evaluateAll((all) => all.map((input) => ({ name: input.name, value: input.value, ids: [...input.closest("li").querySelectorAll("input")].map(({ value }) => value) })));
    const known = choices.filter(({ name }) => has[name]);
    assert.ok(known.length > 150, `${known.length} choices`);
    const ids = new Map(known.map(({ name, value, ids }) => [`${name} ${value}`, ids]));
    for (let turn = 0; turn < 24; turn += 1) {
      const filters = {};
      for (let left = random(4); left > 0; left -= 1) {
        const { name, value } = known[random(known.length)];
        (filters[name] ??= new Set()).add(value);
      }
      if (turn % 3 === 0) filters.lot = new Set([String([1, 5, 10, 30][random(4)])]);
      if (turn % 4 === 0) filters.lead = new Set([["3", "7", "14", "30"][random(4)]]);
      const query = new URLSearchParams(Object.entries(filters).flatMap(([name, values]) => [...values].map((value) => [name, value])));
      await page.goto(`${site.url}products/?${query}&turn=${turn}`);
      await page.locator(".found .total", { hasText: /./ }).waitFor();
      const passes = (product, but) => Object.entries(filters).every(([name, values]) => {
        if (name === but && name !== "free") return true;
        const test = (value) => has[name](product, ids.get(`${name} ${value}`) ?? [value]);
        return name === "free" ? [...values].every(test) : [...values].some(test);
      });
      const passed = listed.filter((product) => passes(product));
      assert.equal(Number((await total(page)).replace(/\D/g, "")), passed.length, `${query}`);
      const shown = await page.locator(".filters input[type=checkbox]").evaluateAll((all) => all.map((input) => [`${input.name} ${input.value}`, Number(input.closest("label").querySelector(".count").textContent.replace(/\D/g, ""))]));
      for (const [key, count] of shown) {
        const [name] = key.split(" ");
        if (!has[name]) continue;
        const wanted = listed.filter((product) => passes(product, name) && has[name](product, ids.get(key))).length;
        assert.equal(count, wanted, `${key} with ${query}`);
      }
    }
  });
});

test("any combination of filters over any columns", async () => {
  let seed = 11;
  const random = (below) => (seed = (seed * 48271) % 2147483647) % below;
  const make = (slots) => {
    const lists = {};
    const facets = { today: "2026-11-21" };
    const sizes = { category: 40, area: 20, maker: 60, class: 9, price: 5, delivery: 5, free: 12, month: 14, fkind: 6, ekind: 7 };
    const docs = Array.from({ length: slots }, () => ({ kind: random(4) }));
    for (const [name, size] of Object.entries(sizes)) {
      const tree = name === "category" || name === "area";
      facets[name] = Array.from({ length: size }, (_, at) => (name === "free" ? `f${at}` : [`${name[0]}${at}`, `${name} ${at}`, ...(tree ? [at < 4 ? -1 : at % 4] : [])]));
      const start = new Uint32Array(slots + 1);
      const of = [];
      docs.forEach((doc, at) => {
        doc[name] = Array.from({ length: random(4) }, () => random(size));
        of.push(...doc[name]);
        start[at + 1] = of.length;
      });
      lists[name] = { start, of: Uint32Array.from(of) };
    }
    const most = { yen: 4000, lot: 40, lead: 30, cap: 500, most: 4000, since: 9000, rank: slots, flags: 8 };
    for (const doc of docs) {
      for (const [name, below] of Object.entries(most)) doc[name] = random(5) || name === "flags" || name === "rank" ? random(below) : -1;
      doc.capdays = doc.cap < 0 ? -1 : [1, 7, 30][random(3)];
    }
    const index = { root: { kinds: [["k0", "0"], ["k1", "1"], ["k2", "2"], ["k3", "3"]] }, facets: async () => facets, lists: async (name) => lists[name], column: async (name) => Int32Array.from(docs, (doc) => doc[name]) };
    return { docs, facets, index };
  };
  const { docs, facets, index } = make(300);
  facets.kind = index.root.kinds;
  const id = (choice) => [choice].flat()[0];
  const under = (name, at, wanted) => at >= 0 && (wanted.includes(id(facets[name][at])) || under(name, Array.isArray(facets[name][at]) ? facets[name][at][2] ?? -1 : -1, wanted));
  const tree = ["kind", "category", "area", "maker", "class", "price", "delivery", "free", "month", "fkind", "ekind"];
  const flags = { noufuku: 1, tour: 2, open: 4 };
  const passes = (doc, filters, but) => Object.entries(filters).every(([name, values]) => {
    if (name === but && name !== "free") return true;
    const of = [doc[name]].flat();
    if (name === "free") return values.every((value) => of.some((at) => under(name, at, [value])));
    if (tree.includes(name)) return of.some((at) => under(name, at, values));
    if (flags[name]) return (doc.flags & flags[name]) > 0;
    if (name === "lot" || name === "lead") return doc[name] >= 0 && doc[name] <= Number(values);
    const left = filters.by ? Math.round((new Date(filters.by) - new Date(today)) / 86400e3) : null;
    if (name === "by") return doc.lead >= 0 && doc.lead <= left;
    if (doc.lot > Number(values) || (doc.most >= 0 && doc.most < Number(values))) return false;
    return doc.cap > 0 && (left === null ? doc.cap : doc.cap * Math.floor(left / doc.capdays)) >= Number(values);
  });
  let today;
  for (let turn = 0; turn < 120; turn += 1) {
    const filters = {};
    for (let left = random(5); left > 0; left -= 1) {
      const name = tree[random(tree.length)];
      filters[name] = [...new Set([...(filters[name] ?? []), id(facets[name][random(facets[name].length)])])];
    }
    if (turn % 3 === 0) filters[Object.keys(flags)[random(3)]] = "1";
    if (turn % 4 === 0) filters[["lot", "lead"][random(2)]] = String(random(30));
    if (turn % 5 === 0) Object.assign(filters, { amount: String(random(3000)) }, random(2) ? { by: "2099-01-10" } : {});
    const loaded = await load(index, filters, "", true);
    ({ today } = loaded);
    const hits = docs.map((_, at) => at).filter(() => random(4));
    const { passed, counts } = narrow(loaded, filters, hits, true);
    const say = JSON.stringify(filters);
    assert.deepEqual(passed, hits.filter((at) => passes(docs[at], filters)), say);
    // Only what these filters rest on gives the same.
    assert.deepEqual(narrow(await load(index, filters, "price"), filters, hits).passed, passed, say);
    for (const name of tree) {
      const left = hits.filter((at) => passes(docs[at], filters, name));
      assert.deepEqual(counts[name], facets[name].map((choice) => left.filter((at) => [docs[at][name]].flat().some((own) => under(name, own, [id(choice)]))).length), `${name} ${say}`);
    }
    for (const name in flags) assert.equal(counts[name], hits.filter((at) => passes(docs[at], { ...filters, [name]: "1" })).length, `${name} ${say}`);
    const prices = order(loaded.yen ? loaded : await load(index, {}, "price"), passed, "price").map((at) => docs[at].yen);
    assert.deepEqual(prices, [...prices].sort((a, b) => (a < 0) - (b < 0) || a - b));
  }
});

test("an answer that comes late does not replace a newer one", async () => {
  await on("search/", async (page) => {
    await box(page).focus();
    await page.waitForFunction(() => document.querySelector("#hn-q").role === "combobox");
    let held = 0;
    await page.route(/search\/.*\.bin$/, async (route) => {
      held += 1;
      if (held === 1) await new Promise((done) => setTimeout(done, 900));
      await route.continue();
    });
    await box(page).fill("弁当");
    await page.waitForTimeout(100);
    await box(page).fill("クッキー");
    await about(page, "「クッキー」は");
    await page.waitForTimeout(1200);
    assert.match(await total(page), /^「クッキー」は/);
  });
});

test("without a network it says so, and what was there stays", async () => {
  await on("search/?q=クッキー", async (page) => {
    await about(page, "クッキー");
    const before = await titles(page);
    await page.context().setOffline(true);
    await box(page).fill("そばの実のおやき");
    await page.locator("#hn-failed").waitFor();
    assert.match(await page.locator("#hn-failed").innerText(), /いま、さがせません/);
    assert.deepEqual(await titles(page), before);
    await page.context().setOffline(false);
    await box(page).press("Enter");
    await page.locator("#hn-failed").waitFor({ state: "hidden" });
    await about(page, "そばの実のおやき");
  });
  await on("", async (page) => {
    await page.waitForLoadState("networkidle");
    await page.route(/\/search\//, (route) => route.abort());
    await box(page).fill("クッキー");
    // The form still leads to the page of the search.
    await page.waitForTimeout(300);
    await page.unroute(/\/search\//);
    await page.keyboard.press("Enter");
    await page.waitForURL(/search\/\?q=/);
    await about(page, "クッキー");
  });
});

test("what was asked before stays on this device, and goes when one wants", async () => {
  await on("search/", async (page) => {
    for (const query of ["クッキー", "封入", "弁当"]) {
      await box(page).fill(query);
      await box(page).press("Enter");
      await about(page, query);
    }
    await box(page).fill("");
    const options = page.getByRole("option");
    await options.first().waitFor();
    assert.deepEqual(await options.allInnerTexts().then((all) => all.map((text) => text.trim())), ["弁当", "封入", "クッキー"]);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await about(page, "「封入」は");
    await box(page).fill("");
    await page.getByRole("button", { name: "前にさがした言葉を消す" }).click();
    assert.ok(!(await page.getByRole("listbox").isVisible()));
    assert.deepEqual(await page.evaluate(() => JSON.parse(localStorage.getItem("heartnet.searches"))), []);
  });
});

test("when nothing is found, it helps; when something near is, it says so", async () => {
  await on("search/?q=ぬるぽがっがっ", async (page) => {
    await about(page, "見つかりませんでした");
    assert.ok(await page.locator(".found .empty a[href^='tel:']").isVisible());
    assert.match(await page.locator(".found .empty").innerText(), /FAX[\s\S]*短く|短く[\s\S]*FAX/);
    assert.ok(await page.locator(".ways").isVisible());
  });
  await on("search/?q=kukki-", async (page) => {
    await about(page, "もしかして");
    assert.ok((await titles(page)).some((title) => title.includes("クッキー")));
  });
});

test("words that a filter leaves without a result are said not to be found", async () => {
  const [{ id }] = await data("facilities");
  await on(`search/?q=クッキー&maker=${id}&kind=news`, async (page) => {
    await about(page, "「クッキー」は見つかりませんでした。");
    await page.locator("#hn-status", { hasText: "見つかりませんでした" }).waitFor({ state: "attached" });
  });
});

test("what means the same is marked, and a reading that is shown", async () => {
  await on("search/?q=ランチ", async (page) => {
    await page.locator(".card mark", { hasText: "弁当" }).first().waitFor();
  });
  const { name, kana } = (await data("products")).find(({ name, kana }) => /^[一-龠]{2,}/.test(name) && kana);
  await on(`search/?q=${encodeURIComponent(kana)}`, async (page) => {
    await about(page, kana);
    await page.locator(".card rt mark").first().waitFor({ timeout: 4000 }).catch(() => assert.fail(`no reading of ${name} is marked`));
  }, { settings: { ruby: "all" } });
});

test("the list that stands there can be put in order, and be searched", async () => {
  const prices = (page) => page.locator(".found .price strong:first-child").allInnerTexts().then((all) => all.map((text) => Number(text.replace(/\D/g, ""))).filter(Boolean));
  await on("products/", async (page) => {
    await page.locator("#hn-listed").selectOption("price");
    await page.waitForURL(/sort=price/);
    await page.locator(".found .price").first().waitFor();
    const found = await prices(page);
    assert.ok(found.length > 10);
    assert.deepEqual(found, found.toSorted((a, b) => a - b));
    await box(page).fill("パン");
    await about(page, "パン");
    assert.match(page.url(), /products\/\?.*q=/);
  });
});

test("an address that says nonsense and a memory that holds nonsense do no harm", async () => {
  await on("search/?q=パン&lot=abc&by=notadate&amount=-5&lead=x", async (page) => {
    await about(page, "パン");
    assert.equal(await page.locator(".chosen li").count(), 0);
  });
  await on("", async (page) => {
    for (const kept of ['{"a":1}', '"x"', "5", '[1,{"a":2},null]', "{"]) {
      await page.evaluate((kept) => localStorage.setItem("heartnet.searches", kept), kept);
      await page.goto(`${site.url}search/?q=パン`);
      await about(page, "パン");
    }
  });
});

test("where the search cannot be loaded it says so, and the box leads on", async () => {
  await on("", async (page) => {
    await page.route(/static\/search\//, (route) => route.abort());
    await box(page).focus();
    await page.locator(".suggest", { hasText: "いま、さがせません" }).waitFor();
    assert.match(await page.locator("#hn-status").textContent(), /いま、さがせません/);
    await page.unroute(/static\/search\//);
    await box(page).fill("パン");
    await page.keyboard.press("Enter");
    await page.waitForURL(/search\/\?q=/);
    await about(page, "パン");
  });
});

test("the page's function answers as agreed", async () => {
  await on("search/", async (page) => {
    await page.waitForFunction(() => window.heartnetSearch);
    const { total, results } = await page.evaluate(() => window.heartnetSearch("クッキー", { limit: 3 }));
    assert.ok(total > 3 && results.length === 3);
    for (const { id, kind, url, title } of results) assert.ok(id.startsWith(`${kind}/`) && url.includes(id) && title, id);
    const only = await page.evaluate(() => window.heartnetSearch("", { limit: 500, filters: { kind: ["products"], category: ["sweets"] } }));
    const wanted = (await data("products")).filter(({ category_path: [top] }) => top === "菓子・スイーツ");
    assert.equal(only.total, wanted.length);
    assert.deepEqual(only.results.map(({ id }) => id).sort(), wanted.map(({ id }) => `products/${id}`).sort());
  });
});

test("below a path everything is the same", async () => {
  await on("", async (page) => {
    await box(page).fill("クッキー");
    await page.getByRole("option").first().waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/heartnet\/(products|facilities|events)\/[^/]+\/$/);
    assert.ok(await page.locator("h1").isVisible());
  }, {}, below);
  await on("facilities/?tour=1", async (page) => {
    await page.locator(".found .card").first().waitFor();
    await page.locator(".filters [name=area]").first().check();
    await page.waitForFunction(() => location.search.includes("area="));
    assert.equal(new URL(page.url()).pathname, "/heartnet/facilities/");
    const [href, image] = await page.locator(".found .card").first().evaluate((card) => [card.querySelector("a").pathname, card.querySelector("img").src]);
    assert.ok(href.startsWith("/heartnet/facilities/"), href);
    assert.equal((await page.request.get(image)).status(), 200);
  }, {}, below);
});

test("without a script nothing of it is seen, and the links stand", async () => {
  await on("products/?category=sweets", async (page) => {
    assert.equal(await page.locator(".filters, .found, .suggest:visible, #hn-failed:visible").count(), 0);
    assert.ok((await page.locator("#hn-narrow nav a:visible").count()) > 5);
    assert.equal(await page.locator("main .card").count(), 24);
  }, { javaScriptEnabled: false });
});

test("a browser can add the search", async () => {
  const home = await readFile(join(portal, "index.html"), "utf8");
  assert.match(home, /<link[^>]*href="?\/opensearch\.xml"?[^>]*rel="?search/);
  const xml = await readFile(join(portalBelowPath, "opensearch.xml"), "utf8");
  assert.match(xml, /template="https:\/\/example\.jp\/heartnet\/search\/\?q=\{searchTerms\}"/);
  assert.ok(/<ShortName>([^<]*)</.exec(xml)[1].length <= 16);
});

test("axe finds nothing, nothing sticks out, all is big enough: results, filters, the list below the box", async () => {
  const cases = [
    ["search/?q=クッキー&category=sweets", async () => {}],
    ["search/?q=会議", async (page) => {
      await page.evaluate(() => { for (const part of document.querySelectorAll(".filters details")) part.open = true; });
    }],
    ["search/?q=会議&free=卵", async (page) => {
      if (!(await page.locator(".filters").isVisible())) await page.locator(".narrow-button").click();
    }],
    ["search/?q=ぬるぽがっがっ", async () => {}],
    ["facilities/?tour=1", async () => {}],
    ["", async (page) => {
      await box(page).fill("弁当");
      await page.getByRole("option").first().waitFor();
      await page.keyboard.press("ArrowDown");
    }],
  ];
  const found = [];
  for (const [path, act] of cases) {
    for (const viewport of [PHONE, WIDE]) {
      for (const options of [{ colorScheme: "light" }, { colorScheme: "dark", settings: { ruby: "all" } }, { forcedColors: "active" }]) {
        await on(path, async (page) => {
          if (path) await page.locator(".found .total", { hasText: /./ }).waitFor();
          await act(page);
          await page.waitForTimeout(400);
          await painted(page);
          const where = `/${path} ${viewport.width} ${JSON.stringify(options)}`;
          await page.evaluate(axe);
          const problems = await page.evaluate(async (tags) => (await axe.run(document, { runOnly: tags, resultTypes: ["violations"] })).violations.map(({ id, nodes }) => `${id} ${nodes.slice(0, 2).map(({ target, failureSummary }) => `${target} ${failureSummary}`).join(" | ")}`), TAGS);
          found.push(...problems.map((problem) => `${where}: ${problem}`));
          const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
          if (wide > 0) found.push(`${where}: ${wide} px too wide`);
          const small = await page.evaluate(() => [...document.querySelectorAll(".filters :is(input, select, button, summary), .found :is(button, select), .suggest :is(li, button), .total a")].filter((e) => e.checkVisibility({ visibilityProperty: true })).map((e) => [e, (e.closest("label") ?? e).getBoundingClientRect()]).filter(([e, { width, height }]) => !e.matches(".total a") && (width < 43.5 || height < 43.5)).map(([e, { width, height }]) => `${Math.round(width)}×${Math.round(height)} ${e.outerHTML.slice(0, 90)}`));
          found.push(...small.slice(0, 3).map((problem) => `${where}: ${problem}`));
        }, { viewport, ...options });
      }
    }
  }
  assert.deepEqual(found, []);
});

test("text at 200 % and a screen of 320 px hold the results and the filters", async () => {
  const found = await eachPage(chrome, site, [{ path: "search/?q=弁当&category=bento-sozai&free=卵" }, { path: "products/?open=1" }], { viewport: { width: 320, height: 700 } }, async (page) => {
    await page.locator(".found .card").first().waitFor();
    const wide = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    const problems = [];
    if (await wide()) problems.push("320 px");
    await page.locator(".narrow-button").click();
    await page.evaluate(() => { for (const part of document.querySelectorAll(".filters details")) part.open = true; });
    if (await page.evaluate(() => { const panel = document.querySelector("#hn-narrow"); return panel.scrollWidth > panel.clientWidth; })) problems.push("filters at 320 px");
    await page.setViewportSize({ width: 640, height: 900 });
    await page.evaluate(() => { document.documentElement.style.fontSize = "200%"; });
    if (await wide()) problems.push("200 %");
    return problems;
  });
  assert.deepEqual(found, []);
});
