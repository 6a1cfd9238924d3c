// What is found, as one types: in the page on /search/, below the box elsewhere; and the filters, there and on the
// lists of goods and of facilities. What it shows, and every word, stands in the templates of parts.html.
import { open } from "./engine.js";
import { NAMES, load, narrow, order } from "./facets.js";
import { mark } from "./fold.js";

const PAGE = 24;
const MOST = 8;
const KEY = "heartnet.searches";
const $ = (selector, root = document) => root?.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const on = (target, type, act) => target?.addEventListener(type, act);
const home = new URL("../../", import.meta.url);
const counted = (number) => number.toLocaleString("ja-JP");

/** Makes what a template shows of some values, without what is only there for one that is missing. */
function make(name, values) {
  const holder = document.createElement("template");
  const text = (_, key) => [values[key] || ""].flat().join("・").replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt()};`);
  holder.innerHTML = $(`.hn-${name}`).innerHTML.replace(/\{(\w+)\}/g, text);
  for (const part of all("[data-hn-if='']", holder.content)) part.remove();
  return holder.content.firstElementChild;
}

/** What is found, in order. One index; those of other sites would be merged here. */
async function find(query, filters, sort, counting, places = true) {
  const index = await open(new URL("search/index.json", home).href);
  const by = sort || (query ? "" : "kind");
  const [found, data] = await Promise.all([index.search(query, { places }), load(index, filters, by, counting)]);
  const { passed, counts } = narrow(data, filters, found.hits, counting);
  return { ...found, index, counts, facets: data.facets, hits: order(data, passed, by) };
}

window.heartnetSearch = async (query, { limit = PAGE, filters = {} } = {}) => {
  const { hits, index } = await find(query, filters, "", false, false);
  const rows = await index.rows(hits.slice(0, limit));
  return { total: hits.length, results: rows.map(({ id, kind, url, title }) => ({ id: `${kind}/${id}`, kind, url, title })) };
};

/** Marks words, also where they stand in furigana or across elements. */
function highlight(element, words) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const nodes = [];
  while (walker.nextNode()) if (!walker.currentNode.parentElement.closest("rt,rp")) nodes.push(walker.currentNode);
  const pieces = mark(nodes.map(({ data }) => data).join(""), words);
  let left = 0;
  let hit;
  for (let node of nodes) {
    while (node?.length) {
      if (!left) {
        [[left, hit]] = pieces.splice(0, 1);
        left = left.length;
      }
      const rest = left < node.length ? node.splitText(left) : null;
      left -= node.length;
      if (hit) {
        const found = document.createElement("mark");
        node.replaceWith(found);
        found.append(node);
      }
      node = rest;
    }
  }
}

/** Furigana if they are on, then the marks: a mark would cut a word in two. */
async function dress(element, words, where) {
  if (document.documentElement.dataset.hnRuby === "all") await import("../ruby.js").then((ruby) => ruby.annotate(element)).catch(() => {});
  for (const part of all(where, element)) highlight(part, words);
}

let announcing;
const status = document.createElement("p");
status.className = "only-read";
status.role = "status";
$("main").append(status);
/** Tells those who do not see it, once it has come to rest. */
const say = (text) => {
  clearTimeout(announcing);
  announcing = setTimeout(() => { status.textContent = text; }, 700);
};
const told = (query, { hits: { length }, near }) => make("said", { query, near, none: near || !length, number: counted(length), some: length, url: near && new URL(`search/?q=${encodeURIComponent(near)}`, home) });

// ---- the box: a combobox, with what is found below it, or what was asked before

const root = $("[data-hn-list]");
const box = $("#hn-q");
const form = box?.form;
const popup = $(".suggest");
const menu = $("#hn-options");
const clear = $(".suggest button");
let turns = 0;
let options = [];
let active = -1;

const past = () => {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? [];
  } catch {
    return [];
  }
};
const keep = (queries) => {
  try {
    localStorage.setItem(KEY, JSON.stringify(queries.slice(0, MOST)));
  } catch {
    // Kept from storing: nothing is remembered.
  }
};
const remember = (query) => query && keep([query, ...past().filter((other) => other !== query)]);

function go(to) {
  active = to;
  [...menu.children].forEach((option, at) => { option.ariaSelected = at === to; });
  menu.children[to]?.scrollIntoView({ block: "nearest" });
  box.setAttribute("aria-activedescendant", menu.children[to]?.id ?? "");
}

/** Opens the list, with a line on top and options, `[values, what to do]`; without a line, closes it. */
function offer(line, items = []) {
  options = items;
  popup.hidden = !line;
  clear.hidden = true;
  $("#hn-suggest").replaceChildren(line ?? "");
  menu.replaceChildren(...items.map(([values], at) => make("option", { ...values, at: `${at}` })));
  box.ariaExpanded = items.length > 0;
  go(-1);
}
const submit = () => form.requestSubmit();

async function suggest() {
  const { hnPast, hnAll, hnFailed } = popup.dataset;
  const query = box.value.trim();
  const turn = (turns += 1);
  if (!query) {
    const before = past();
    offer(before[0] && hnPast, before.map((title) => [{ title }, () => {
      box.value = title;
      submit();
    }]));
    clear.hidden = !before[0];
  } else if (root) {
    offer();
  } else {
    try {
      const found = await find(query, {});
      const rows = await found.index.rows(found.hits.slice(0, MOST));
      if (turn !== turns || document.activeElement !== box) return;
      const kinds = Object.fromEntries(found.index.root.kinds);
      offer(told(query, found), rows.map((row) => [{ ...row, kind: row.site || kinds[row.kind] }, () => location.assign(row.url)]).concat(rows[0] ? [[{ title: hnAll }, submit]] : []));
      dress(menu, found.words, ".option");
      say($("#hn-suggest").textContent);
    } catch {
      if (turn === turns) offer(hnFailed);
      say(hnFailed);
    }
  }
}

if (box) {
  menu.role = "listbox";
  box.role = "combobox";
  box.setAttribute("aria-controls", menu.id);
  box.ariaAutoComplete = "list";
  offer();
  const typed = () => {
    if (!root || !box.value.trim()) suggest();
    if (root) type();
  };
  // While an input method composes, the word is not there yet.
  on(box, "input", (event) => event.isComposing || typed());
  on(box, "compositionend", typed);
  for (const type of ["focus", "click"]) on(box, type, () => popup.hidden && suggest());
  on(box, "keydown", (event) => {
    const { key } = event;
    const last = options.length - 1;
    const to = { ArrowDown: active < last ? active + 1 : 0, ArrowUp: active > 0 ? active - 1 : last, ...(active >= 0 && { Home: 0, End: last }) }[key];
    // An Enter that confirms a word is not for us.
    if (event.isComposing || event.keyCode === 229) {
      if (key !== "Enter") return;
    } else if (to >= -1) {
      if (popup.hidden) suggest();
      else go(to);
    } else if (key === "Escape" && !popup.hidden) {
      offer();
    } else if (key === "Enter" && active >= 0) {
      choose(active);
    } else if (key === "Delete" && active >= 0 && !clear.hidden) {
      keep(past().filter((_, at) => at !== active));
      suggest();
    } else return;
    event.preventDefault();
  });
  const choose = (at) => {
    remember(box.value.trim());
    options[at][1]();
  };
  on(menu, "pointerdown", (event) => event.preventDefault());
  on(menu, "click", ({ target }) => choose([...menu.children].indexOf(target.closest("li"))));
  on(clear, "click", () => {
    keep([]);
    box.focus();
    offer();
  });
  on(form, "focusout", ({ relatedTarget }) => form.contains(relatedTarget) || offer());
  on(form, "submit", (event) => {
    remember(box.value.trim());
    offer();
    if (root) {
      event.preventDefault();
      type(true);
    }
  });
  if (document.activeElement === box) suggest();
}

// ---- results and filters in the page

let type;
if (root) {
  const kind = root.dataset.hnList;
  const path = new URL(`${kind || "search"}/`, home);
  const parts = $("#hn-found").content;
  const [filters, found, cards, chosen, total, more, sort] = [".filters", ".found", ".cards", ".chosen", ".total", ".more-found", "select[name=sort]"].map((part) => $(part, parts));
  const [panel, failed, ways] = ["#hn-narrow", "#hn-failed", ".ways"].map((part) => $(part));
  const wide = matchMedia("(min-width: 64rem)");
  let params, shown, scroll, result, filled, saving;
  let leaving = new AbortController();
  // All keys of one search are one step of the history.
  let settled = true;
  const query = () => (params.get("q") ?? "").trim();

  const pages = new Map();
  /** Some letters round the first match in the text of a result's page; its first words if there is none. */
  const excerpt = async (line, { url, lead }, words, { signal }) => {
    try {
      if (!pages.has(url)) {
        const page = new DOMParser().parseFromString(await (await fetch(url, { signal })).text(), "text/html");
        for (const reading of all("rt,rp", page)) reading.remove();
        pages.set(url, all("main .prose", page).map(({ textContent }) => textContent).join(" ").replace(/\s+/g, " "));
      }
      const pieces = mark(pages.get(url), words).map(([text, hit], at, { length }) => [text, hit, at]);
      const at = pieces.findIndex(([, hit]) => hit);
      if (at >= 0) {
        const before = pieces.slice(0, at).map(([text]) => text).join("");
        lead = `${before.length > 20 ? "…" : ""}${before.slice(-20)}${pages.get(url).slice(before.length, before.length + 40)}…`;
      }
    } catch {
      // What the row says is enough.
    }
    if (signal.aborted) return;
    line.textContent = lead;
    dress(line.parentElement, words, ".excerpt");
  };

  /** Puts rows on the list. */
  const add = (rows, again) => {
    const { words, index, hits } = result;
    const now = leaving;
    const kinds = Object.fromEntries(index.root.kinds);
    const today = new Date().toLocaleDateString("sv");
    const items = rows.map((row) => {
      const seen = words[0] && mark(`${row.title}\n${row.lead}`, words).some(([, hit]) => hit);
      return make(`card-${row.kind}`, { ...row, found: kinds[row.kind], over: row.until < today && row.status !== "cancelled", excerpt: words[0] && (seen ? row.lead : " ") });
    });
    // A picture that is there already would flicker if it were made anew.
    for (const old of all("img", cards)) {
      const fresh = items.flatMap((item) => all("img", item)).find(({ src }) => src === old.src);
      fresh?.replaceWith(old);
    }
    cards[again ? "replaceChildren" : "append"](...items);
    more.hidden = hits.length <= shown;
    const observer = new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting || now.signal.aborted) continue;
        observer.unobserve(target);
        excerpt(target, rows[items.indexOf(target.parentElement)], words, now);
      }
    });
    for (const item of items) dress(item, words, "h3, .sub, .excerpt");
    // Not for what is only passed by while typing.
    setTimeout(() => {
      for (const line of items.flatMap((item) => all(".excerpt", item))) if (!line.textContent.trim()) observer.observe(line);
    }, 300);
    return items;
  };

  /** Puts the filters, with the choices of every facet, in the place of the links. */
  const fill = (facets) => {
    const below = (part) => $("ul", part) ?? part.appendChild(document.createElement("ul"));
    for (const part of all("[data-hn-of]", filters)) {
      const { hnOf: name, hnWork: work } = part.dataset;
      const choices = facets[name].map((choice) => (Array.isArray(choice) ? choice : [choice, choice]));
      const items = choices.map(([id, label], at) => make("choice", { name, at, id, label }));
      items.forEach((item, at) => {
        const [, , up, of] = choices[at];
        if (!work || of === Number(work)) below(items[up] ?? part).append(item);
      });
    }
    const links = panel.lastElementChild;
    const focused = links.contains(document.activeElement);
    links.replaceWith(filters);
    if (focused) $("summary", filters).focus();
    filled = true;
  };

  /** Brings filters and chips in step with what is asked. */
  const sync = () => {
    const { counts, hits } = result;
    const chips = [];
    for (const input of [...filters.elements, sort]) {
      const { name, type, value } = input;
      const values = params.getAll(name);
      if (type === "checkbox") {
        input.checked = values.includes(value);
        if (input.checked) chips.push(make("chip", { name, value, label: input.nextElementSibling.textContent }));
        const left = [counts[name]].flat()[Number(input.dataset.hnAt)];
        if (left === undefined) continue;
        $(".count", input.parentElement).textContent = `${counted(left)}件`;
        input.closest("li").hidden = !left && !input.checked && input !== document.activeElement;
      } else if (name && input !== document.activeElement) {
        [input.value = ""] = values;
        if (input.value && input !== sort) chips.push(make("chip", { name, value: input.value, label: input.dataset.hnChip.replace("_", input.value) }));
      }
    }
    if (counts.kind) for (const part of all("[data-hn-of]", filters)) part.hidden = !$("li:not([hidden])", part);
    $(".filters-done strong", filters).textContent = counted(hits.length);
    chosen.replaceChildren(...chips);
  };

  /** Does what the address asks. What is there stays until the new is ready, and if it cannot be had. */
  const run = async () => {
    const turn = (turns += 1);
    const set = Object.fromEntries(NAMES.map((name) => [name, params.getAll(name)]));
    if (kind) set.kind = [kind];
    leaving.abort();
    leaving = new AbortController();
    failed.hidden = true;
    if (!query() && !Object.values(set).flat()[0]) {
      root.hidden = true;
      ways.hidden = false;
      return say("");
    }
    try {
      const now = await find(query(), set, params.get("sort"), wide.matches || panel.matches(":popover-open"));
      const rows = await now.index.rows(now.hits.slice(0, shown));
      if (turn !== turns) return;
      const first = !filled && now.facets.area;
      result = now;
      if (first) fill(now.facets);
      if (!found.isConnected) $(".browse-list").replaceChildren(found);
      sync();
      if (first) for (const part of all("details:has(input:checked)", filters)) part.open = true;
      total.replaceChildren(told(query(), now));
      say(total.textContent);
      add(rows, true);
      $(".empty", found).hidden = rows.length > 0;
      root.hidden = false;
      if (ways) ways.hidden = rows.length > 0;
      if (scroll >= 0) scrollTo(0, scroll);
      scroll = -1;
    } catch {
      if (turn !== turns) return;
      failed.hidden = false;
      say(failed.textContent);
    }
  };

  /** Asks what the address says, at the place where one was. */
  const read = () => {
    clearTimeout(saving);
    params = new URLSearchParams(location.search);
    shown = history.state?.shown ?? PAGE;
    scroll = history.state?.y ?? -1;
    settled = true;
    if (box) box.value = query();
    return run();
  };
  /** Asks something else. */
  const ask = (next, push) => {
    params = new URLSearchParams(next.filter(([, value]) => value));
    shown = PAGE;
    const url = `${path}${params.size ? `?${params}` : ""}`;
    if (url !== location.href) history[push ? "pushState" : "replaceState"]({}, "", url);
    return run();
  };
  const place = () => {
    clearTimeout(saving);
    if (found.isConnected) history.replaceState({ shown, y: scrollY }, "");
  };
  type = (submitted) => {
    ask([["q", box.value], ...[...params].filter(([name]) => name !== "q")], settled);
    settled = submitted;
    // The keyboard on the screen would cover what was found.
    if (submitted && matchMedia("(pointer: coarse)").matches) box.blur();
  };

  on(root, "change", () => {
    settled = true;
    ask([["q", query()], ...new FormData(filters)], true);
  });
  on(filters, "submit", (event) => event.preventDefault());
  on(found, "click", async ({ target }) => {
    const button = target.closest("button");
    if (target.closest("h3 a")) remember(query());
    else if (button === more) {
      const turn = turns;
      try {
        const rows = await result.index.rows(result.hits.slice(shown, shown + PAGE));
        if (turn !== turns) return;
        shown += PAGE;
        $("a", add(rows)[0]).focus();
        place();
      } catch {
        failed.hidden = false;
        say(failed.textContent);
      }
    } else if (button) {
      const at = all("button", found).indexOf(button);
      settled = true;
      await ask([...params].filter(([name, value]) => (button.name ? name !== button.name || value !== button.value : name === "q" || name === "sort")), true);
      (all("button", chosen)[at] ?? total).focus();
    }
  });
  on(panel, "toggle", ({ newState }) => newState === "open" && run());
  on(wide, "change", run);
  // Furigana come or go.
  on($("#hn-display"), "change", run);
  on(window, "scroll", () => {
    clearTimeout(saving);
    saving = setTimeout(place, 150);
  });
  on(window, "pagehide", place);
  on(window, "popstate", read);
  history.scrollRestoration = "manual";
  read();
}
