// Filters, counts and orders over the columns of the index: pure functions, which a count by hand can check.

/** Facets: a document may have several of the choices of one. */
const LISTS = ["kind", "category", "area", "maker", "class", "price", "delivery", "free", "month", "fkind", "ekind"];
/** The columns that the other filters rest on, and the orders. */
const COLUMNS = { noufuku: "flags", tour: "flags", open: "flags", lot: "lot", lead: "lead", by: "lead", amount: "cap capdays" };
const ORDERS = { price: "yen", new: "since", reading: "rank", kind: "kind rank" };
const FLAGS = { noufuku: 1, tour: 2, open: 4 };

export const NAMES = [...LISTS, ...Object.keys(COLUMNS)];

const texts = (value) => [value ?? []].flat().map(String).filter(Boolean);

/** Brings what these filters and this order rest on; for counts, everything. */
export const load = async (index, filters, sort, counts) => {
  const set = NAMES.filter((name) => counts || texts(filters[name])[0]);
  const data = { facets: {} };
  const bring = async (name) => {
    data[name] = await (name === "facets" ? index.facets() : name === "kind" || !LISTS.includes(name) ? index.column(name) : index.lists(name));
  };
  const names = set.map((name) => COLUMNS[name] ?? name).concat(ORDERS[sort] ?? []).join(" ").split(" ");
  await Promise.all([...new Set([...names, ...(set.some((name) => name !== "kind") ? ["facets"] : [])])].filter(Boolean).map(bring));
  data.facets = { ...data.facets, kind: index.root.kinds };
  // Each document has one: a list like the others.
  if (data.kind) data.kind = { of: data.kind, start: new Uint32Array(data.kind.length + 1).map((_, at) => at) };
  // Days have passed since the site was built.
  data.today = [data.facets.today, new Date().toLocaleDateString("sv")].sort()[1];
  return data;
};

/** The place of the choice above, or -1. */
const above = (choice) => (Array.isArray(choice) ? choice[2] ?? -1 : -1);

/** Of every filter that is set: its name, and whether a document passes it. */
const tests = (data, filters) => NAMES.flatMap((name) => {
  const values = texts(filters[name]);
  const list = data[name];
  const days = (day) => (Date.parse(day) - Date.parse(data.today)) / 86_400_000;
  // What is not known is not promised.
  const within = (column, limit) => (at) => column[at] >= 0 && column[at] <= limit;
  const test = () => {
    if (FLAGS[name]) return (at) => data.flags[at] & FLAGS[name];
    if (name === "by") return within(data.lead, days(values[0]));
    if (name === "amount") {
      // Without a day, what can be made in one go.
      const by = texts(filters.by)[0];
      return (at) => data.cap[at] > 0 && data.cap[at] * (by ? Math.floor(days(by) / data.capdays[at]) : 1) >= values[0];
    }
    if (COLUMNS[name]) return within(list, values[0]);
    const all = data.facets[name];
    const { start, of } = list;
    const has = (choice) => choice >= 0 && (values.includes(String([all[choice]].flat()[0])) || has(above(all[choice])));
    const wanted = all.map((_, choice) => has(choice));
    const most = name === "free" ? values.length : 1;
    return (at) => {
      let found = 0;
      for (let i = start[at]; i < start[at + 1]; i += 1) if (wanted[of[i]]) found += 1;
      return found >= most;
    };
  };
  return values.length ? [[name, test()]] : [];
});

/**
 * The documents that pass all filters, and for each facet how many each of its choices would leave: with all filters
 * but its own, so that a second choice says what it adds. What must be free of one more must be free of those before.
 */
export const narrow = (data, filters, hits, counting) => {
  const all = tests(data, filters);
  const passed = [];
  // For a facet, what only its own filter keeps back.
  const kept = {};
  for (const at of hits) {
    let failed = 0;
    let name;
    for (const [own, test] of all) {
      if (!test(at)) {
        failed += 1;
        name = own;
      }
    }
    if (!failed) passed.push(at);
    else if (failed === 1 && name !== "free") (kept[name] ??= []).push(at);
  }
  const counts = {};
  for (const name of counting ? LISTS : []) {
    const { start, of } = data[name];
    const up = data.facets[name].map(above);
    const count = up.map(() => 0);
    const seen = up.map(() => -1);
    for (const at of passed.concat(kept[name] ?? [])) {
      for (let i = start[at]; i < start[at + 1]; i += 1) {
        // A choice has what is below it, each once.
        for (let choice = of[i]; choice >= 0 && seen[choice] !== at; choice = up[choice]) {
          seen[choice] = at;
          count[choice] += 1;
        }
      }
    }
    counts[name] = count;
  }
  for (const name in counting ? FLAGS : {}) counts[name] = passed.filter((at) => data.flags[at] & FLAGS[name]).length;
  return { passed, counts };
};

/** Documents by a column, those without a price last; else as they were found. */
export const order = (data, hits, sort) => {
  const { yen, since, rank, kind } = data;
  const key = { price: (at) => (yen[at] < 0 ? Infinity : yen[at]), new: (at) => -since[at], reading: (at) => rank[at], kind: (at) => kind.of[at] * 1e9 + rank[at] }[sort];
  return key ? [...hits].sort((a, b) => key(a) - key(b)) : hits;
};
