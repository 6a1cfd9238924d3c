// What the page tests share: the built portal, a server for it, a browser.
import { createServer } from "node:http";
import { readFile, readdir } from "node:fs/promises";
import { join, normalize } from "node:path";
import { chromium } from "playwright-core";

export const portal = process.env.PORTAL;
export const portalBelowPath = process.env.PORTAL_PATH;
/** A small site with every kind of schedule, as of 2026-04-01. */
export const schedules = process.env.SCHEDULES;

const TYPES = {
  html: "text/html; charset=utf-8",
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  ics: "text/calendar; charset=utf-8",
  svg: "image/svg+xml",
  xml: "application/xml",
  json: "application/json",
  csv: "text/csv",
  txt: "text/plain; charset=utf-8",
};

/** Serves a folder below a path on a free port of the loopback, as a static host would. */
export async function serve(folder, path = "/") {
  const server = createServer(async (request, response) => {
    const url = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
    const inside = url.startsWith(path) ? normalize("/" + url.slice(path.length)) : null;
    const file = inside === null ? null : inside.endsWith("/") ? inside + "index.html" : inside;
    const send = async (status, name) => {
      const type = TYPES[name.split(".").pop()] ?? "application/octet-stream";
      const body = await readFile(join(folder, name));
      response.writeHead(status, { "content-type": type }).end(body);
    };
    try {
      if (file === null) throw new Error("outside");
      await send(200, file);
    } catch {
      await send(404, "404.html");
    }
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return { url: `http://127.0.0.1:${server.address().port}${path}`, close: () => server.close() };
}

export async function browser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync"],
  });
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

/** One page of each kind, the longest of them where there are many: the one that is most likely to break. */
export async function samples(folder) {
  const kinds = new Map();
  for (const name of await files(folder)) {
    if (!name.endsWith(".html")) continue;
    const kind = name
      .replace(/(products|facilities|events|news|reports|plans)\/(category|area|kind)\/[^/]+/, "$1/$2/*")
      .replace(/events\/\d{4}-\d\d/, "events/month")
      .replace(/^(products|facilities|events|news|reports|plans)\/(?!(category|area|kind|month|page|index\.html))[^/]+\/index/, "$1/*/index")
      .replace(/page\/\d+/, "page/*");
    const size = (await readFile(join(folder, name))).length;
    if (!kinds.has(kind) || kinds.get(kind).size < size) kinds.set(kind, { name, size });
  }
  return [...kinds.values()].map(({ name }) => name.replace(/index\.html$/, ""));
}
