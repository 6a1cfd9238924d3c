// What the browser tests share: the built sites, a server for them, a browser, a page of every kind.
import { createServer } from "node:http";
import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { join, normalize } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { chromium } from "playwright-core";

export const portal = process.env.PORTAL;
export const portalBelowPath = process.env.PORTAL_PATH;
/** A small site with every kind of schedule, as of 2026-04-01. */
export const schedules = process.env.SCHEDULES;
/** A small site whose pages say themselves what they may load. */
export const hosting = process.env.HOSTING;
/** Where pictures and reports for people go; nothing reads them here. */
export const screenshots = process.env.SCREENSHOTS ?? new URL("../../target/screenshots", import.meta.url).pathname;

export const PHONE = { width: 360, height: 800 };
export const WIDE = { width: 1280, height: 900 };

const TYPES = {
  html: "text/html; charset=utf-8",
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  ics: "text/calendar; charset=utf-8",
  svg: "image/svg+xml",
  jpg: "image/jpeg",
  png: "image/png",
  webp: "image/webp",
  avif: "image/avif",
  pdf: "application/pdf",
  xml: "application/xml",
  json: "application/json",
  csv: "text/csv",
  txt: "text/plain; charset=utf-8",
};
const COMPRESSED = /^(text|application\/(json|xml))|svg/;

/**
 * Serves a folder below a path on a free port of the loopback, as a static host would: compressed on the fly,
 * what has its hash in its name kept for ever. `sent` says what went over the wire. `compress` is `some`, `all` or
 * `none` of the files; `cors` lets pages of other sites read them; `also` gives the headers that a host was told to send.
 */
export async function serve(folder, path = "/", { compress = "some", cors = false, also = () => ({}) } = {}) {
  const packed = new Map();
  const sent = [];
  const pack = (key, encoding, body) => {
    if (!packed.has(key)) {
      const brotli = () => brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_SIZE_HINT]: body.length } });
      packed.set(key, encoding === "br" ? brotli() : gzipSync(body));
    }
    return packed.get(key);
  };
  const server = createServer(async (request, response) => {
    const url = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
    const inside = url.startsWith(path) ? normalize("/" + url.slice(path.length)) : null;
    const file = inside === null ? null : inside.endsWith("/") ? inside + "index.html" : inside;
    const send = async (status, name) => {
      const type = TYPES[name.split(".").pop()] ?? "application/octet-stream";
      let body = await readFile(join(folder, name));
      const etag = `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`;
      const headers = {
        "content-type": type,
        "cache-control": /\.[0-9a-f]{10}\.\w+$/.test(name) ? "public, max-age=31536000, immutable" : "no-cache",
        etag,
        vary: "accept-encoding",
      };
      if (cors) headers["access-control-allow-origin"] = "*";
      Object.assign(headers, also(url));
      if (status === 200 && request.headers["if-none-match"] === etag) return response.writeHead(304, headers).end();
      const accepted = request.headers["accept-encoding"] ?? "";
      const encoding = compress !== "none" && (compress === "all" || COMPRESSED.test(type)) && ["br", "gzip"].find((name) => accepted.includes(name));
      if (encoding) {
        body = pack(`${encoding} ${etag}`, encoding, body);
        headers["content-encoding"] = encoding;
      }
      sent.push({ path: url, status, bytes: body.length });
      return response.writeHead(status, headers).end(body);
    };
    try {
      if (file === null) throw new Error("outside");
      await send(200, file);
    } catch {
      await send(404, "404.html");
    }
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${server.address().port}${path}`,
    sent,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

export const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
export const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];

export async function browser() {
  return chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
}

/** Every file of a folder, relative, with `/`. */
export async function files(folder, below = "") {
  const entries = await readdir(join(folder, below), { withFileTypes: true });
  const nested = entries.map((entry) => {
    const name = below ? `${below}/${entry.name}` : entry.name;
    if (entry.name === ".heartnet") return [];
    return entry.isDirectory() ? files(folder, name) : [name];
  });
  return (await Promise.all(nested)).flat().sort();
}

// Every page is of the first kind that fits its address. A kind of which the portal has no page is an error, and so
// is a page of no kind: a new kind of page is to be looked at, too.
const KINDS = [
  ["home", /^$/],
  ["not-found", /^404\.html$/],
  ["products", /^products\/$/],
  ["products-page-2", /^products\/page\/\d+\/$/],
  ["products-of-category", /^products\/category\/[^/]+\/$/],
  ["products-of-area", /^products\/area\/[^/]+\/$/],
  ["products-of-price", /^products\/price\/[^/]+\/$/],
  ["product", /^products\/[^/]+\/$/],
  ["facilities", /^facilities\/$/],
  ["facilities-page-2", /^facilities\/page\/\d+\/$/],
  ["facilities-of-area", /^facilities\/area\/[^/]+\/$/],
  ["facility", /^facilities\/[^/]+\/$/],
  ["events", /^events\/$/],
  ["month", /^events\/\d{4}-\d\d\/$/],
  ["events-of-kind", /^events\/kind\/[^/]+\/$/],
  ["events-past", /^events\/past\/\d{4}\/$/],
  ["events-undated", /^events\/undated\/$/],
  ["event", /^events\/[^/]+\/$/],
  ["plans", /^plans\/$/],
  ["plan", /^plans\/[^/]+\/$/],
  ["news", /^news\/$/],
  ["news-entry", /^news\/[^/]+\/$/],
  ["reports", /^reports\/$/],
  ["report", /^reports\/[^/]+\/$/],
  ["works", /^works\/$/],
  ["procurement", /^procurement\/$/],
  ["procurement-kind", /^procurement\/kind\/[^/]+\/$/],
  ["procurement-class", /^procurement\/[^/]+\/$/],
  ["readings", /^kana\/$/],
  ["readings-row", /^kana\/[^/]+\/$/],
  ["catalog", /^catalog\/$/],
  ["accessibility", /^accessibility\/$/],
  ["search", /^search\/$/],
  ["order", /^order\/$/],
  ["page", /^[a-z0-9-]+\/$/],
];
// Further pages of lists and parts of the booklet are as their first ones; the portal need not have them.
const FURTHER = /\/page\/\d+\/$|^catalog\/[^/]+\/$/;

/**
 * `{kind, path}` of a page of every kind, the longest of them where there are many: the one that is most likely to
 * break. Besides these the page with the longest table and a list on which nothing is.
 */
export async function samples(folder = portal) {
  const longest = new Map();
  const offer = (kind, path, size) => {
    if (!longest.has(kind) || longest.get(kind).size < size) longest.set(kind, { kind, path, size });
  };
  for (const name of await files(folder)) {
    if (!name.endsWith(".html")) continue;
    const path = name.replace(/index\.html$/, "");
    const html = await readFile(join(folder, name), "utf8");
    const kind = KINDS.find(([, pattern]) => pattern.test(path))?.[0];
    if (!kind && !FURTHER.test(path)) throw new Error(`of what kind is ${path}? samples() does not know`);
    if (kind) offer(kind, path, html.length);
    if (/class="?empty/.test(html)) offer("empty-list", path, html.length);
    const rows = Math.max(0, ...html.split("<table").slice(1).map((table) => table.split("</table")[0].split("<tr").length));
    // The longest name among the kinds of a product, on a page that has months as well.
    const kinds = /class="?season/.test(html) ? (html.split('id=hn-add-kind')[1]?.split("</select")[0].split("<option") ?? []) : [];
    if (kinds.length > 0) offer("kinds-and-months", path, Math.max(...kinds.map((one) => one.replace(/^[^>]*>/, "").length)));
    // Those of the booklet, a plan and a class are looked at as such.
    if (!/^(catalog|plans|procurement)\//.test(path) && rows > 8) offer("long-table", path, rows);
  }
  const all = [...KINDS.map(([kind]) => kind), "empty-list", "long-table", "kinds-and-months"].map((kind) => {
    if (!longest.has(kind)) throw new Error(`the portal has no page of the kind ${kind}`);
    return { kind, path: longest.get(kind).path };
  });
  return all.filter(({ path }, at) => all.findIndex((other) => other.path === path) === at);
}

const STORED = "heartnet.display";

/** A page in a context of its own, loaded. `settings` are the visitor's; `page.errors` are those of its scripts. */
export async function open(chrome, url, { settings, ...options } = {}) {
  const context = await chrome.newContext({ locale: "ja-JP", timezoneId: "Asia/Tokyo", ...options });
  if (settings) {
    await context.addInitScript(([key, value]) => localStorage.setItem(key, value), [STORED, JSON.stringify(settings)]);
  }
  const page = await context.newPage();
  page.errors = [];
  page.on("pageerror", (error) => page.errors.push(error.message));
  await page.goto(url, { waitUntil: "load" });
  if (settings?.ruby === "all") await annotated(page);
  return page;
}

/** The furigana are there. They come all at once, and every page has words with known readings. */
export const annotated = (page) => page.locator("ruby.by-word").first().waitFor({ state: "attached" });

/** Every picture, also those that wait for their turn, is loaded and decoded. */
export const decoded = (page) =>
  page.evaluate(() => {
    const all = [...document.images].filter((image) => image.checkVisibility());
    for (const image of all) image.loading = "eager";
    return Promise.all(all.map((image) => image.decode()));
  });

/** Two frames: what was changed is laid out and painted. */
export const painted = (page) =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))));

/**
 * Does the same with each, two at a time, and gives what they found, in order: one run says everything that is wrong.
 * `work` gives the problems of one.
 */
export async function each(items, work, name = (item) => item.path ?? item, workers = 2) {
  const found = items.map(() => []);
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const at = next;
      next += 1;
      try {
        found[at] = (await work(items[at])).map((problem) => `/${name(items[at])}: ${problem}`);
      } catch (error) {
        found[at] = [`/${name(items[at])}: ${error.stack}`];
      }
    }
  };
  await Promise.all(Array.from({ length: workers }, worker));
  return found.flat();
}

/** The same for pages: opens each, gives it to `work`, closes it. */
export const eachPage = (chrome, site, pages, options, work) =>
  each(pages, async (sample) => {
    const page = await open(chrome, site.url + sample.path, options);
    try {
      return await work(page, sample);
    } finally {
      await page.context().close();
    }
  });
