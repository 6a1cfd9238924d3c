// What is found, as one types: in the page on /search/, below the box elsewhere; and the filters, there and on the
// lists of goods and of facilities. What it shows, and every word, stands in the templates of parts.html.
import { forget } from "./engine.js";
import { NAMES, merge } from "./facets.js";
import { find, home } from "./find.js";
import { mark, read } from "./mark.js";

const PAGE = 24;
const MOST = 8;
const KEY = "heartnet.searches";
/** What an address may say of numbers and days, whoever has written it. */
const FORMS = { lot: /^[1-9]\d{0,6}$/, lead: /^\d{1,4}$/, amount: /^[1-9]\d{0,6}$/, by: /^\d{4}-(0[1-9]|1[0-2])-([0-2]\d|3[01])$/, sort: /^(price|new|reading|kind)$/, q: /\S/ };
/** What stands in a row behind its title, by its kind. */
const PICTURE = ["image", "alt", "drawn"];
const FIELDS = {
  products: [...PICTURE, "price", "unit", "lot", "days", "makers", "area", "status", "label", "noufuku", "joint", "work", "amount", "least"],
  facilities: [...PICTURE, "area", "kinds", "works", "tel", "products"],
  events: [...PICTURE, "when", "time", "venue", "area", "kind_label", "status", "label", "until", "start"],
};
const $ = (selector, root = document) => root.querySelector(selector);
const all = (selector, root) => [...root.querySelectorAll(selector)];
const on = (target, type, act) => target.addEventListener(type, act);
const counted = (number) => number.toLocaleString("ja");
const named = (row) => {
  const { image, ...fields } = Object.fromEntries((FIELDS[row.kind] ?? ["date", "iso"]).map((name, at) => [name, row.more[at]]));
  return { ...row, ...fields, image: image && new URL(image, row.home).href };
};
const hit = (text, words) => mark(text, words).find(([, found]) => found)?.[0];

/** Makes what a template shows of some values, without what is only there for one that is missing. */
const make = (name, values) => {
  const holder = document.createElement("template");
  const text = (_, key) => [values[key] || ""].flat().join("・").replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt()};`);
  holder.innerHTML = $(`.hn-${name}`).innerHTML.replace(/{(\w+)}/g, text);
  for (const part of all("[data-hn-if='']", holder.content)) part.remove();
  return holder.content.firstElementChild;
};

/** What this site and others have, who of them could not be reached, and how many have not answered yet. */
const together = (all, sort, unreached, waiting) => {
  const exact = all.some((site) => site.exact);
  // Guesses are for when nobody has it.
  const none = (site) => ({ ...site, hits: [], words: [], near: null, counts: Object.fromEntries(Object.entries(site.counts).map(([name, count]) => [name, count.map?.(() => 0) ?? 0])) });
  const sites = all.map((site) => (exact && !site.exact ? none(site) : site));
  const { counts, hits } = merge(sites, sort);
  const row = async ([at, doc]) => ({ ...(await sites[at].index.rows([doc]))[0], site: at && sites[at].index.root.title });
  const near = sites.find((site) => site.near)?.near;
  return { ...all[0], exact, near, hits, counts, unreached, waiting, words: sites.flatMap(({ words }) => words), rows: (count) => Promise.all(hits.slice(0, count).map(row)) };
};

/** Marks words, also where they go across elements: in what is written, or in its readings. */
const highlight = (element, words, reading) => {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const nodes = [];
  while (walker.nextNode()) {
    const { parentElement: above } = walker.currentNode;
    if (!above.closest(reading ? "rp,mark" : "rt,rp") && (!reading || above.closest("rt") || !above.closest("ruby"))) nodes.push(walker.currentNode);
  }
  const pieces = mark(nodes.map(({ data }) => data).join(""), words);
  let left = 0;
  let found;
  for (let node of nodes) {
    while (node?.length) {
      if (!left) {
        const [text, is] = pieces.shift();
        left = text.length;
        found = is;
      }
      const rest = left < node.length ? node.splitText(left) : null;
      left -= node.length;
      if (found) {
        const marked = document.createElement("mark");
        node.replaceWith(marked);
        marked.append(node);
      }
      node = rest;
    }
  }
};

/** Furigana if they are on, then the marks: a mark would cut a word in two. */
const dress = async (element, words, where) => {
  if (document.documentElement.dataset.hnRuby === "all") await import("../ruby.js").then((ruby) => ruby.annotate(element)).catch(() => {});
  for (const part of all(where, element)) {
    highlight(part, words);
    if ($("rt", part)) highlight(part, words, true);
  }
};

let announcing;
/** Tells those who do not see it, once it has come to rest. */
const say = (text) => {
  clearTimeout(announcing);
  announcing = setTimeout(() => { $("#hn-status").textContent = text; }, 700);
};
const told = (query, { hits: { length }, near, exact, unreached, waiting }) => {
  const none = !length || (query && !exact);
  return make("said", { query, unreached, waiting: waiting && " ", none: none && " ", near: none && near, also: !none && near, number: length && counted(length), url: `${home}search/?q=${encodeURIComponent(near)}` });
};

/** Searches of before, on this device only. */
const past = (queries) => {
  try {
    if (queries) localStorage.setItem(KEY, JSON.stringify(queries.slice(0, MOST)));
    return [JSON.parse(localStorage.getItem(KEY))].flat().filter((query) => typeof query === "string" && query);
  } catch {
    // Kept from storing: nothing is remembered.
    return [];
  }
};
const remember = (query) => query && past([query, ...past().filter((other) => other !== query)]);

// ---- the box: a combobox, with what is found below it, or what was asked before

const root = $("[data-hn-list]");
const box = $("#hn-q");
let turns = 0;
let ask;

if (box) {
  const { form } = box;
  const popup = $(".suggest");
  const [line, menu, clear] = popup.children;
  const { hnPast, hnAll, hnFailed } = popup.dataset;
  const submit = () => form.requestSubmit();
  let options = [];
  let active;

  const go = (to) => {
    active = to;
    [...menu.children].forEach((option, at) => { option.ariaSelected = at === to; });
    const option = menu.children[to];
    box.setAttribute("aria-activedescendant", option?.id ?? "");
    option?.scrollIntoView({ block: "nearest" });
  };

  /** Opens the list: a line on top and options, `[values, what to do]`. Without a line, closes it. */
  const offer = (head = "", items = []) => {
    options = items;
    popup.hidden = !head;
    clear.hidden = head !== hnPast;
    line.replaceChildren(head);
    menu.replaceChildren(...items.map(([values], at) => make("option", { ...values, at: `${at}` })));
    box.ariaExpanded = items.length > 0;
    go(-1);
  };

  const suggest = async () => {
    const query = box.value.trim();
    const turn = (turns += 1);
    const before = past();
    if (!query) {
      return offer(before[0] && hnPast, before.map((title) => [{ title }, () => {
        box.value = title;
        submit();
      }]));
    }
    if (root) return offer();
    try {
      const found = await find(query);
      const rows = await found.rows(MOST);
      if (turn !== turns || document.activeElement !== box) return;
      const items = rows.map((row) => [{ ...row, kind: row.site || row.called }, () => location.assign(row.url)]);
      offer(told(query, found), items.concat(rows[0] || found.index.root.include[0] ? [[{ title: hnAll }, submit]] : []));
      say(line.textContent);
      dress(menu, found.words, ".option");
    } catch {
      forget();
      if (turn === turns) offer(hnFailed);
      say(hnFailed);
    }
  };
  const typed = (submitted) => {
    if (submitted !== true) suggest();
    ask?.([["q", box.value.trim()]], submitted === true);
  };
  const choose = (at) => {
    remember(box.value.trim());
    options[at]?.[1]();
  };

  menu.role = "listbox";
  box.role = "combobox";
  box.ariaAutoComplete = "list";
  box.setAttribute("aria-controls", menu.id);
  offer();
  // While an input method composes, the word is not there yet.
  on(box, "input", (event) => event.isComposing || typed());
  on(box, "compositionend", typed);
  on(box, "click", () => popup.hidden && suggest());
  on(box, "focus", suggest);
  on(box, "keydown", (event) => {
    const { key } = event;
    const last = options.length - 1;
    const to = { ArrowDown: active < last ? active + 1 : 0, ArrowUp: active > 0 ? active - 1 : last, ...(active >= 0 && { Home: 0, End: last }) }[key];
    // The Enter that confirms a word is not for us.
    if (event.isComposing || event.keyCode === 229) {
      if (key !== "Enter") return;
    } else if (to >= -1) {
      if (popup.hidden) suggest();
      else go(to);
    } else if (key === "Escape" && !popup.hidden) offer();
    else if (key === "Enter" && active >= 0) choose(active);
    else return;
    event.preventDefault();
  });
  on(menu, "pointerdown", (event) => event.preventDefault());
  on(menu, "click", ({ target }) => choose([...menu.children].indexOf(target.closest("li"))));
  on(clear, "click", () => {
    past([]);
    box.focus();
    offer();
  });
  on(form, "focusout", ({ relatedTarget }) => form.contains(relatedTarget) || offer());
  on(form, "submit", (event) => {
    remember(box.value.trim());
    offer();
    if (root) {
      event.preventDefault();
      typed(true);
    }
  });
  if (document.activeElement === box) suggest();
}

// ---- results and filters in the page

if (root) {
  const kind = root.dataset.hnList;
  const [filters, found] = $("#hn-found").content.children;
  const [total, sort, chosen, cards, more, empty] = [".total", "select", ".chosen", ".cards", ".more-found", ".empty"].map((part) => $(part, found));
  const [panel, failed, ways] = ["#hn-narrow", "#hn-failed", ".ways"].map((part) => $(part));
  const wide = matchMedia("(min-width: 64rem)");
  let params, shown, scroll, counts, filled, leaving;
  // All keys of one search are one step of the history.
  let settled;

  /** Some letters round the first match in the text of a result's page; its first words if there is none. */
  const excerpt = async (card, { url, lead }, words, signal) => {
    try {
      const text = await read(url, signal);
      const at = text.indexOf(hit(text, words) ?? "\n");
      if (at >= 0) lead = `${at > 20 ? "…" : ""}${text.slice(Math.max(0, at - 20), at + 40)}…`;
    } catch {
      // What the row says is enough.
    }
    if (signal.aborted) return;
    $(".excerpt", card).textContent = lead;
    dress(card, words, ".excerpt");
  };

  /** Puts the filters, with the choices of every facet, in the place of the links. */
  const fill = (facets) => {
    const below = (part) => $("ul", part) ?? part.appendChild(document.createElement("ul"));
    for (const part of all("[data-hn-of]", filters)) {
      const { hnOf: name, hnWork: work } = part.dataset;
      const items = facets[name].map(([id, label], at) => make("choice", { name, at, id, label }));
      facets[name].forEach(([, , up, of], at) => {
        if (!work || of === Number(work)) below(items[up] ?? part).append(items[at]);
      });
    }
    const links = panel.lastElementChild;
    const focused = links.contains(document.activeElement);
    links.replaceWith(filters);
    if (focused) $("summary", filters).focus();
  };

  /** Brings filters and chips in step with what is asked. */
  const sync = () => {
    const chips = [];
    for (const input of [...filters.elements, sort]) {
      const { name, value, type } = input;
      const values = params.getAll(name);
      const choice = input.closest("li");
      if (choice) {
        input.checked = values.includes(value);
        const left = [counts[name]].flat()[Number(input.dataset.hnAt)];
        if (left >= 0) {
          $(".count", choice).textContent = `${counted(left)}件`;
          choice.hidden = !left && !input.checked && input !== document.activeElement;
        }
      } else if (input !== document.activeElement) input.value = values;
      if (type === "checkbox" ? input.checked : input.value && values[0] && input !== sort) chips.push(make("chip", { name, value: input.value, label: input.dataset.hnChip.replace("_", input.value) }));
    }
    chosen.replaceChildren(...chips);
    if (counts.kind) for (const part of all("[data-hn-of]", filters)) part.hidden = !$("li:not([hidden])", part);
  };

  /** The same part of the same card in the list as it is now, or the same field above it. */
  const same = (at) => {
    const card = at.closest(".card");
    const within = card ? [...cards.children].find((other) => $("a", other).href === $("a", card).href) : found;
    return within && all(at.localName, within).find(({ href }) => href === at.href);
  };

  /** Puts what was found into the page, if nothing else has been asked since. */
  const show = (now, rows, query, turn, signal) => {
    const { words, hits, facets } = now;
    if (turn !== turns) return;
    counts = now.counts;
    const first = !filled && facets;
    if (first) fill(facets);
    filled ||= facets;
    // Whoever has gone on to the list before all was here stays at the link where they are.
    const list = $(".browse-list");
    const at = list?.contains(document.activeElement) && document.activeElement;
    if (!found.isConnected) list.replaceChildren(found);
    sync();
    if (first) for (const part of all("details:has(input:checked)", filters)) part.open = true;
    total.replaceChildren(told(query, now));
    say(total.textContent);
    $(".filters-done strong", filters).textContent = counted(hits.length);
    const today = new Date().toLocaleDateString("sv");
    const items = rows.map(named).map((row) => make(`card-${row.kind}`, { ...row, least: !row.site && row.least, found: !kind && row.called, over: row.until < today && row.status !== "cancelled", excerpt: words[0] && (hit(`${row.title}\n${row.lead}`, words) ? row.lead : " ") }));
    // A picture that is there already would flicker if it were made anew.
    for (const old of all("img", cards)) items.map((item) => $("img", item)).find((image) => image?.src === old.src)?.replaceWith(old);
    cards.replaceChildren(...items);
    if (at && !at.isConnected) (same(at) ?? total).focus();
    dress(root, words, ".card :is(h3, .sub, .badge, .excerpt)");
    more.hidden = hits.length <= shown;
    empty.hidden = rows.length > 0 || now.waiting > 0;
    root.hidden = false;
    if (ways) ways.hidden = rows.length > 0;
    if (scroll >= 0) scrollTo(0, scroll);
    scroll = -1;
    const observer = new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        observer.unobserve(target);
        excerpt(target, rows[items.indexOf(target)], words, signal);
      }
    });
    // Not for what is only passed by while typing.
    setTimeout(() => { for (const item of items) if ($("[data-hn-if=' ']", item)) observer.observe(item); }, 300);
  };

  /** Does what is asked. What is there stays until the new is ready, and if it cannot be had. */
  const run = async (again) => {
    const turn = (turns += 1);
    const query = params.get("q");
    const set = Object.fromEntries(NAMES.map((name) => [name, params.getAll(name)]));
    if (kind) set.kind = [kind];
    leaving?.abort();
    const { signal } = (leaving = new AbortController());
    failed.hidden = true;
    if (!query && !Object.values(set).flat()[0]) {
      root.hidden = true;
      ways.hidden = false;
      return say("");
    }
    try {
      const asked = [query ?? "", set, params.get("sort"), wide.matches || panel.matches(":popover-open")];
      const own = await find(...asked);
      // Who wants a maker of this site wants nothing of another.
      const others = kind || !query || set.maker[0] ? [] : own.index.root.include;
      show({ ...own, waiting: others.length }, await own.rows(shown), query, turn, signal);
      // Other sites may be slow: each comes into what is there when it answers.
      const sites = [own];
      const unreached = [];
      let waiting = others.length;
      await Promise.all(others.map(async (url, at) => {
        try {
          const site = await find(...asked, true, url);
          // What it shows must be there, and of a kind that is known here.
          if ((await site.rows(shown)).some(({ kind }) => !$(`.hn-card-${kind}`))) throw Error(url);
          sites[at + 1] = site;
        } catch {
          unreached.push(new URL(url).host);
        }
        waiting -= 1;
        const now = together(sites.filter(Boolean), asked[2], unreached, waiting);
        show(now, await now.rows(shown), query, turn, signal);
      }));
    } catch {
      if (turn !== turns) return;
      // The site may have been published anew since: once more, from its beginning.
      forget();
      if (!again) return run(true);
      failed.hidden = false;
      say(failed.textContent);
    }
  };

  /** Asks something else, of which the address tells. */
  const change = (entries, push) => {
    params = new URLSearchParams(entries.filter(([, value]) => value));
    shown = PAGE;
    const url = `${home}${kind || "search"}/?${params}`.replace(/\?$/, "");
    if (url !== location.href) history[push ? "pushState" : "replaceState"](null, "", url);
    return run();
  };
  ask = (entries, submitted) => {
    change([...entries, ...[...params].filter(([name]) => name !== "q")], settled);
    settled = submitted;
    // The keyboard on the screen would cover what was found.
    if (submitted && !wide.matches) box.blur();
  };
  const restore = () => {
    params = new URLSearchParams([...new URLSearchParams(location.search)].filter(([name, value]) => (FORMS[name] ?? /./).test(value)));
    shown = history.state?.shown ?? PAGE;
    scroll = history.state?.y;
    settled = true;
    if (box) box.value = params.get("q");
    return run();
  };
  const place = () => found.isConnected && history.replaceState({ shown, y: scrollY }, "");

  on(root, "change", ({ target }) => {
    const item = target.closest("li");
    // What has been narrowed further replaces the wider, and the other way round.
    if (target.checked) for (const other of all("input:checked", filters)) if (other !== target && (item.contains(other) || other.closest("li").contains(target))) other.checked = false;
    settled = true;
    change([["q", params.get("q")], ...new FormData(filters)], true);
  });
  on(filters, "submit", (event) => event.preventDefault());
  on(found, "click", async ({ target }) => {
    const button = target.closest("button");
    if (button === more) {
      const from = cards.children.length;
      shown = from + PAGE;
      await run();
      $("a", cards.children[from] ?? found).focus();
      place();
    } else if (button) {
      const at = all("button", chosen).indexOf(button);
      settled = true;
      await change([...params].filter(([name, value]) => (button.name ? name !== button.name || value !== button.value : name === "q" || name === "sort")), true);
      (all("button", chosen)[at] ?? total).focus();
    } else if (target.closest("a")) remember(params.get("q"));
  });
  for (const [target, type, act] of [[panel, "toggle", () => run()], [wide, "change", () => run()], [$("#hn-display"), "change", () => run()], [window, "scrollend", place], [window, "pagehide", place], [window, "popstate", restore]]) on(target, type, act);
  // The list that stands there until something else is asked has an order, too.
  const listed = $("#hn-listed");
  const sorted = () => listed?.value && change([...params, ["sort", listed.value]], true);
  if (listed) on(listed, "change", sorted);
  history.scrollRestoration = "manual";
  // Somebody was faster than the script.
  const early = box?.value;
  restore();
  remember(params.get("q"));
  if (early && early !== params.get("q")) {
    box.value = early;
    ask([["q", early]]);
  } else sorted();
}
