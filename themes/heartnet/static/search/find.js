// What a site has of a query, in order: words are found in the index, phrases in the pages, filters and orders in the
// columns of the index. It knows nothing of the page that asks.
import { open, parse } from "./engine.js";
import { fold } from "./fold.js";

/** Pages that are read to see who says a phrase. */
const MOST_READ = 48;
export const home = new URL("../../", import.meta.url);
const own = `${home}search/index.json`;

/** Which documents say a phrase of several words: the index knows where its words are, their pages know the phrase. */
const saying = async (index, query, hits) => {
  const phrases = parse(query).filter(({ phrase }) => phrase);
  if (!phrases[0]) return hits;
  const { read } = await import("./mark.js");
  const rows = await index.rows(hits.slice(0, MOST_READ));
  const texts = await Promise.all(rows.map(({ url }) => read(url).catch(() => "")));
  return hits.filter((_, at) => phrases.every(({ text, not }) => fold(texts[at] ?? "").includes(text) !== not));
};

/** What one site has, in order; `counting` how many each choice of each filter would leave. */
export const find = async (query, filters = {}, sort, counting, places = true, url = own) => {
  const index = await open(url);
  sort ||= query ? "" : "kind";
  // Who asks for words alone needs nothing of this.
  const columns = (sort || counting || Object.values(filters).flat()[0]) && import("./facets.js");
  const load = async () => (await columns)?.load(index, filters, sort, counting);
  const [found, data] = await Promise.all([index.search(query, { places }), load()]);
  let hits = await saying(index, query, found.hits);
  let counts = {};
  if (columns) {
    const { narrow, order } = await columns;
    ({ passed: hits, counts } = narrow(data, filters, hits, counting));
    hits = order(data, hits, sort);
  }
  return { ...found, ...data, index, counts, hits, rows: (count) => index.rows(hits.slice(0, count)) };
};

window.heartnetSearch = async (query, { limit = 24, filters } = {}) => {
  const { index, hits } = await find(query, filters, "", false, false);
  const results = [];
  // A browser asks for no more than some thousand files at once.
  while (results.length < Math.min(limit, hits.length)) {
    const rows = await index.rows(hits.slice(results.length, Math.min(limit, results.length + 999)));
    results.push(...rows.map(({ id, kind, url, title }) => ({ id: `${kind}/${id}`, kind, url, title })));
  }
  return { total: hits.length, results };
};

// Every search begins there: it comes while the first word is still being typed.
open(own).catch(() => {});
