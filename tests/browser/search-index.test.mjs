// The index of the search in a real browser: folded as the build folds, complete for every part of every name, the
// same whatever the host compresses, and together with the indexes of other sites.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { readdir, readFile, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { browser, open, portal, portalBelowPath, serve } from "./site.mjs";

let site, other, chrome;

before(async () => {
  site = await serve(portal);
  other = await serve(portalBelowPath, "/heartnet/", { cors: true });
  chrome = await browser();
});
after(async () => {
  await chrome?.close();
  site?.close();
  other?.close();
});

/** The published name of a module, which changes with its content. */
async function module(name) {
  const found = (await readdir(join(portal, "static/search"))).find((file) => file.startsWith(`${name}.`));
  return `/static/search/${found}`;
}
const data = async (kind) => JSON.parse(await readFile(join(portal, `data/${kind}.json`), "utf8"));

async function on(path, act, from = site) {
  const page = await open(chrome, from.url + path);
  try {
    if (path) await page.waitForFunction("window.heartnetSearch");
    await act(page);
    return page.errors;
  } finally {
    await page.context().close();
  }
}

test("the browser folds as the build does", async () => {
  const vectors = (await readFile(new URL("../search/fold.tsv", import.meta.url), "utf8")).split("\n");
  const rows = vectors.filter((line) => line && !line.startsWith("#")).map((line) => line.split("\t"));
  assert.ok(rows.length > 60);
  await on("", async (page) => {
    const folded = await page.evaluate(async ([address, texts]) => {
      const { fold } = await import(address);
      return texts.map((text) => [fold(text), fold(fold(text))]);
    }, [await module("fold"), rows.map(([written]) => written)]);
    rows.forEach(([written, wanted], at) => assert.deepEqual(folded[at], [wanted, wanted], written));
  });
});

test("marks stand where the words do, as they are written", async () => {
  await on("", async (page) => {
    const marked = await page.evaluate(async ([folding, marking]) => {
      const [{ fold }, { mark }] = await Promise.all([import(folding), import(marking)]);
      const show = (text, ...words) => mark(text, words.map(fold)).map(([piece, is]) => (is ? `[${piece}]` : piece)).join("");
      return [show("米粉クッキー", "くっきー"), show("ｸｯｷｰとｸﾞﾙﾃﾝﾌﾘｰ", "グルテン"), show("髙崎の㈱あおぞら", "高崎", "株"), show("コーヒー・茶", "ヒー"), show("何もない", "クッキー"), show("", "x")];
    }, [await module("fold"), await module("mark")]);
    assert.deepEqual(marked, ["米粉[クッキー]", "ｸｯｷｰと[ｸﾞﾙﾃﾝ]ﾌﾘｰ", "[髙崎]の[㈱]あおぞら", "コー[ヒー]・茶", "何もない", ""]);
  });
});

test("every part of every name finds its entry", async () => {
  const names = [];
  for (const [kind, key] of [["products", "name"], ["facilities", "name"], ["events", "title"]]) {
    for (const entry of await data(kind)) names.push([`${kind}/${entry.id}`, entry[key]], ...(entry.kana ? [[`${kind}/${entry.id}`, entry.kana]] : []));
  }
  assert.ok(names.length > 300);
  await on("", async (page) => {
    const { missed, asked } = await page.evaluate(async ([address, names]) => {
      const { open, parse } = await import(address);
      const index = await open("/search/index.json");
      const all = await index.rank([]);
      const docs = new Map((await index.rows(all)).map(({ doc, kind, id }) => [`${kind}/${id}`, doc]));
      const answers = new Map();
      const missed = [];
      let asked = 0;
      for (const [id, name] of names) {
        const letters = [...name];
        for (let from = 0; from < letters.length; from += 1) {
          for (let to = from + 1; to <= Math.min(letters.length, from + 14); to += 1) {
            const text = letters.slice(from, to).join("");
            // A minus or a quotation mark says something else at the beginning of a word.
            if (/(^|\s)[-－−‐~〜～–—]|"/.test(text) || parse(text).length === 0) continue;
            if (!answers.has(text)) answers.set(text, new Set(await index.rank(parse(text))));
            asked += 1;
            if (!answers.get(text).has(docs.get(id))) missed.push(`${text} of ${name}`);
          }
        }
      }
      return { missed, asked };
    }, [await module("engine"), names]);
    assert.ok(asked > 20_000, `${asked}`);
    assert.deepEqual(missed.slice(0, 10), []);
  });
});

test("several words, exact ones, and words to leave out", async () => {
  const products = await data("products");
  await on("search/", async (page) => {
    const ask = (query) => page.evaluate(async (query) => (await window.heartnetSearch(query, { limit: 999 })).results.map(({ id }) => id), query);
    const [cookies, gifts] = [await ask("クッキー"), await ask("クッキー 箱")];
    assert.ok(cookies.length > gifts.length && gifts.length > 0 && gifts.every((id) => cookies.includes(id)));
    const without = await ask("クッキー -米粉");
    const rice = products.filter(({ name }) => name.includes("米粉")).map(({ id }) => `products/${id}`);
    assert.ok(without.length > 0 && without.every((id) => cookies.includes(id) && !rice.includes(id)));
    const whole = products.find(({ name }) => name.includes("クッキー")).name;
    assert.equal((await ask(`"${whole}"`))[0], (await ask(whole))[0]);
    assert.deepEqual(await ask("ｸｯｷｰ"), cookies);
    assert.deepEqual(await ask("。。"), []);
  });
});

test("what is written otherwise is found: romaji, slips, other spellings", async () => {
  await on("search/", async (page) => {
    const ask = (query) => page.evaluate(async (query) => (await window.heartnetSearch(query, { limit: 20 })).results.map(({ title }) => title), query);
    for (const query of ["kukki", "kukki-", "kukkii", "クッキ一", "クツキー"]) {
      const found = await ask(query);
      assert.ok(found.length > 0 && found.some((title) => title.includes("クッキー")), `${query}: ${found.join(" | ")}`);
    }
    const [one, two] = [await ask("詰め合わせ"), await ask("詰合せ")];
    assert.ok(one.length > 0 && one.every((title) => two.includes(title)), `${one} / ${two}`);
    assert.deepEqual(await ask("qqqqqqqq"), []);
    // Long vowels that nobody types in romaji; slips in short words; a mark typed as a letter of its own.
    for (const [query, part] of [["bento", "弁当"], ["tofu", "どうふ"], ["keki", "ケーキ"], ["kohi", "珈琲"], ["クッギー", "クッキー"], ["クッー", "クッキー"], ["ハ゜ン", "パン"]]) {
      const found = await ask(query);
      assert.ok(found.some((title) => title.includes(part)), `${query}: ${found.join(" | ")}`);
    }
  });
});

test("a phrase is meant as it is written, and no text keeps the page waiting", async () => {
  await on("search/", async (page) => {
    const ask = (query) => page.evaluate(async (query) => (await window.heartnetSearch(query, { limit: 999 })).results.map(({ id }) => id), query);
    assert.ok((await ask('"ランチ"')).length < (await ask("ランチ")).length, "what means the same is another word");
    assert.deepEqual(await ask('"焼き 菓子"'), [], "its words stand apart");
    const phrases = await page.evaluate(async (ids) => Promise.all(ids.map(async (id) => {
      const text = new DOMParser().parseFromString(await (await fetch(`/products/${id}/`)).text(), "text/html").querySelector("main .prose p")?.textContent;
      return [id, /[ぁ-ん一-龠]{2,6}、[ぁ-ん一-龠]{2,6}/.exec(text)?.[0]];
    })), (await data("products")).slice(0, 12).map(({ id }) => id));
    const [id, phrase] = phrases.find(([, phrase]) => phrase);
    assert.ok((await ask(`"${phrase}"`)).includes(`products/${id}`), phrase);
    const pasted = "障害のある方が作る焼き菓子の詰め合わせを届け先別に包み、申し込み書の書き方や受け取り方、取り扱い、組み立て";
    assert.deepEqual(await ask(pasted), []);
    assert.deepEqual(await ask("かんらん".repeat(3000)), []);
  });
});

test("it is the same whether the host compresses all files or none", async () => {
  const answers = [];
  for (const compress of ["all", "none"]) {
    const host = await serve(portal, "/", { compress });
    await on("search/", async (page) => {
      answers.push(await page.evaluate(async () => [await window.heartnetSearch("弁当"), await window.heartnetSearch("高崎 クッキー", { filters: { kind: ["products"] } })]));
    }, host);
    host.close();
  }
  assert.deepEqual(answers[0], answers[1]);
  assert.ok(answers[0][0].total > 0);
});

test("what other sites have comes among the results, marked; who does not answer is named", async () => {
  const including = async (include, act) => {
    const page = await open(chrome, `${site.url}404.html`);
    await page.route("**/search/index.json", async (route) => {
      if (!route.request().url().startsWith(site.url)) return route.continue();
      const answer = await fetch(route.request().url());
      await route.fulfill({ json: { ...(await answer.json()), include } });
    });
    await page.goto(`${site.url}search/?q=${encodeURIComponent("クッキー")}`);
    await act(page);
    await page.context().close();
  };
  let alone;
  await including([], async (page) => {
    alone = await page.locator(".found .total strong").innerText();
  });
  await including([`${other.url}search/index.json`], async (page) => {
    await page.locator(".badge-site").first().waitFor();
    assert.equal(Number(await page.locator(".found .total strong").innerText()), 2 * Number(alone));
    const foreign = page.locator(".card:has(.badge-site) h3 a").first();
    assert.ok((await foreign.getAttribute("href")).startsWith(`${other.url}`));
  });
  // One that never answers keeps nobody waiting, and nothing false is said meanwhile.
  const silent = createServer(() => {}).listen(0, "127.0.0.1");
  await new Promise((resolve) => silent.on("listening", resolve));
  await including([`http://127.0.0.1:${silent.address().port}/search/index.json`, `${other.url}search/index.json`], async (page) => {
    await page.locator(".badge-site").first().waitFor();
    assert.match(await page.locator(".found .total").innerText(), /たずねています/);
  });
  silent.closeAllConnections();
  silent.close();
  // One that lets nobody read it, and one that is not there.
  const closed = await serve(portalBelowPath, "/heartnet/");
  await including([`${closed.url}search/index.json`, "http://127.0.0.1:9/search/index.json"], async (page) => {
    await page.locator(".found .total", { hasText: "つながらない" }).waitFor();
    const said = await page.locator(".found .total").innerText();
    assert.ok(said.includes(new URL(closed.url).host) && said.includes("127.0.0.1:9"), said);
    assert.equal(await page.locator(".found .total strong").innerText(), alone);
  });
  closed.close();
});

test("the query side weighs no more than 8 KB", async () => {
  let sum = 0;
  for (const name of ["find", "engine", "fold", "near"]) {
    const path = join(portal, await module(name));
    assert.ok((await stat(path)).isFile());
    sum += brotliCompressSync(await readFile(path)).length;
  }
  assert.ok(sum <= 8192, `${sum} bytes`);
});
