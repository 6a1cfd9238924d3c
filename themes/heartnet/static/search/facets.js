// Filters, counts and orders over the columns of the index: pure functions, which a count by hand can check.

/** Facets: a document may have several choices of one. */
const LISTS = ["kind", "category", "area", "maker", "class", "price", "delivery", "free", "month", "fkind", "ekind"];
const FLAGS = { noufuku: 1, tour: 2, open: 4 };
/** The columns that the other filters and the orders rest on, where they are not their own. */
const COLUMNS = { noufuku: ["flags"], tour: ["flags"], open: ["flags"], by: ["lead"], amount: ["cap", "capdays", "lot", "most"] };
const ORDERS = { price: ["yen"], new: ["since"], reading: ["rank"], kind: ["kind", "rank"] };

export const NAMES = [...LISTS, "lot", "lead", ...Object.keys(COLUMNS)];

/** Brings what these filters and this order rest on; for counts, everything. */
export const load = async (index, filters, sort, counting) => {
  const data = {};
  const names = NAMES.filter((name) => counting || filters[name]?.length).flatMap((name) => COLUMNS[name] ?? name).concat(ORDERS[sort] ?? []);
  await Promise.all(names.map(async (name) => { data[name] = await index[name !== "kind" && LISTS.includes(name) ? "lists" : "column"](name); }));
  if (!names[0]) return data;
  const facets = await index.facets();
  data.facets = { ...facets, kind: index.root.kinds, free: facets.free.map((label) => [label, label]) };
  // Each document has one kind: a list like the others.
  if (data.kind) data.kind = { of: data.kind, start: new Uint32Array(data.kind.length + 1).map((_, at) => at) };
  // Days have passed since the site was built.
  data.today = [facets.today, new Date().toLocaleDateString("sv")].sort()[1];
  return data;
};

/** Whether documents pass a filter. What is not known is not promised. */
const passes = (data, filters, name) => {
  const values = [filters[name]].flat();
  const list = data[name];
  const days = (Date.parse(filters.by) - Date.parse(data.today)) / 86_400_000;
  const within = (column, most) => (at) => column[at] >= 0 && column[at] <= most;
  if (FLAGS[name]) return (at) => data.flags[at] & FLAGS[name];
  if (name === "by") return within(data.lead, days);
  if (name === "amount") {
    // Without a day, what is made in one go.
    const made = (at) => data.cap[at] * (filters.by?.length ? Math.floor(days / data.capdays[at]) : 1);
    return (at) => data.cap[at] > 0 && made(at) >= values[0] && data.lot[at] <= values[0] && !(data.most[at] >= 0 && data.most[at] < values[0]);
  }
  if (!list.of) return within(list, values[0]);
  const all = data.facets[name];
  const has = (choice) => choice && (values.includes(choice[0]) || has(all[choice[2]]));
  const wanted = all.map(has);
  return (at) => {
    for (let i = list.start[at]; i < list.start[at + 1]; i += 1) if (wanted[list.of[i]]) return true;
    return false;
  };
};

/**
 * The documents that pass all filters, and for each facet how many each of its choices would leave: with all filters
 * but its own, so that a second choice says what it adds. What is free of one more must be free of those before.
 */
export const narrow = (data, filters, hits, counting) => {
  const set = NAMES.filter((name) => filters[name]?.length).flatMap((name) => (name === "free" ? [filters.free].flat().map((free) => ({ free })) : [filters]).map((one) => [name, passes(data, one, name)]));
  const passed = [];
  // Of each facet, what only its own filter keeps back.
  const kept = {};
  for (const at of hits) {
    let failed = "";
    for (const [name, test] of set) if (!test(at)) failed = failed ? "free" : name;
    if (!failed) passed.push(at);
    else if (failed !== "free") (kept[failed] ??= []).push(at);
  }
  const counts = {};
  for (const name of counting ? LISTS : []) {
    const { start, of } = data[name];
    const up = data.facets[name].map((choice) => choice[2] ?? -1);
    const seen = up.map(() => -1);
    const count = up.map(() => 0);
    counts[name] = count;
    for (const at of passed.concat(kept[name] ?? [])) {
      for (let i = start[at]; i < start[at + 1]; i += 1) {
        // A choice has what is below it, each once.
        for (let choice = of[i]; choice >= 0 && seen[choice] !== at; choice = up[choice]) {
          seen[choice] = at;
          count[choice] += 1;
        }
      }
    }
  }
  for (const name in counting ? FLAGS : {}) counts[name] = passed.filter((at) => data.flags[at] & FLAGS[name]).length;
  return { passed, counts };
};

/** What documents are put in order by: small before large. Without an order, by how well they were found. */
export const key = ({ yen, since, rank, kind, grades }, sort) =>
  ({ price: (at) => (yen[at] < 0 ? Infinity : yen[at]), new: (at) => -since[at], reading: (at) => rank[at], kind: (at) => kind.of[at] * 1e9 + rank[at] })[sort] ?? ((at) => -(grades[at] ?? 0));

/** Documents in the order of a column, those without a price last; else as they were found. */
export const order = (data, hits, sort) => (sort ? [...hits].sort((a, b) => key(data, sort)(a) - key(data, sort)(b)) : hits);

/**
 * What several sites found, as `[place of the site, document]` in one order; and the counts of the first with those
 * of the others. Places in the order of readings are of one site: there one site comes behind the other.
 */
export const merge = (sites, sort) => {
  const [{ facets }] = sites;
  const counts = structuredClone(sites[0].counts);
  for (const site of sites.slice(1)) {
    for (const name in site.counts) {
      if (!facets[name]) counts[name] += site.counts[name];
      else for (const [at, [id]] of site.facets[name].entries()) {
        const own = facets[name].findIndex((choice) => choice[0] === id);
        if (own >= 0) counts[name][own] += site.counts[name][at];
      }
    }
  }
  const all = sites.flatMap((site, at) => site.hits.map((doc) => [at, doc, key(site, sort)(doc)]));
  const apart = sort === "reading";
  return { counts, hits: all.sort((a, b) => (apart && a[0] - b[0]) || a[2] - b[2] || a[0] - b[0]) };
};
