// Put into every page by `heartnet serve`, never published: tells what is wrong, shows what changed, asks for another day.
{
  const own = document.currentScript;
  let { site, tag } = own.dataset;
  const PLACE = "heartnet.serve.place";
  const host = document.createElement("heartnet-serve");
  const root = host.attachShadow({ mode: "open" });
  // Not a style element: a page's policy may forbid those.
  const style = new CSSStyleSheet();
  style.replaceSync(`
    :host { all: initial; position: fixed; inset-block-end: 8px; inset-inline-start: 8px; z-index: 2147483647; font: 14px/1.6 system-ui, sans-serif; color: #1a1a1a; }
    section, details { background: #fff; border: 2px solid #5a5a5a; border-radius: 8px; box-shadow: 0 2px 10px #0006; }
    section { position: fixed; inset: 12px 12px auto; max-height: 70vh; overflow: auto; padding: 12px 16px; border-color: #b3261e; }
    [hidden] { display: none !important; }
    h2 { font-size: 18px; margin: 0 0 4px; color: #8c1d18; } p { margin: 0 0 8px; }
    ol { margin: 0; padding: 0; list-style: none; } li { border-top: 1px solid #ccc; padding: 8px 0; }
    li b { display: block; font-size: 16px; } code { font: 13px/1.5 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
    pre { margin: 4px 0; padding: 4px 8px; background: #f4f4f4; overflow: auto; font: 13px/1.5 ui-monospace, monospace; }
    details { max-width: min(20rem, calc(100vw - 20px)); } summary { cursor: pointer; padding: 4px 10px; min-height: 24px; }
    form { padding: 4px 10px 10px; display: grid; gap: 8px; } input { font: inherit; } button { font: inherit; padding: 4px 10px; }
    :focus-visible { outline: 3px solid #0b57d0; outline-offset: 1px; } a { color: #0b57d0; }
    @media print { :host { display: none; } }
  `);
  root.adoptedStyleSheets = [style];
  root.innerHTML = `
  <section role="alert" hidden><h2></h2><p>直して保存すると、この知らせは消えます。下に見えるのは、その前のページです。</p><ol></ol></section>
  <details><summary></summary><form>
    <label>この日のサイトを見る <input type="date" name="day"></label>
    <label><input type="checkbox" name="drafts"> 下書きも見る</label>
    <div><button>見る</button> <button type="button" name="today">今日にもどす</button></div>
    <a href="/_heartnet/">下書きと注意の一覧</a>
  </form></details>`;
  const $ = (selector) => root.querySelector(selector);
  $("details").hidden = site === "0";
  const form = $("form");
  // What somebody is choosing stays as it is, whatever is saved meanwhile.
  let choosing = false;
  form.addEventListener("input", () => { choosing = true; });

  function ask(day) {
    choosing = false;
    return fetch("/_heartnet/ask", { method: "POST", body: new URLSearchParams({ day, drafts: form.drafts.checked ? "yes" : "" }) });
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask(form.day.value);
  });
  form.today.addEventListener("click", () => ask(""));

  function choose({ day, drafts }) {
    form.day.value = day;
    form.drafts.checked = drafts;
  }

  /** Problems, each with its place, its line, and the way to mend it. */
  function tell(problems) {
    const panel = $("section");
    const now = JSON.stringify(problems);
    if (panel.dataset.now === now) return;
    panel.dataset.now = now;
    panel.hidden = !problems.length;
    $("h2").textContent = `エラーが${problems.length}件あります`;
    $("ol").replaceChildren(...problems.slice(0, 20).map(({ place, message, line, help }) => {
      const item = document.createElement("li");
      const add = (tag, text) => text && item.appendChild(Object.assign(document.createElement(tag), { textContent: text }));
      add("b", message);
      add("code", place);
      add("pre", line);
      add("p", help && `直し方: ${help}`);
      return item;
    }));
  }

  /** New style sheets in the place of the old ones, which stay until the new are there. */
  function dress(styles) {
    const lasting = (href) => new URL(href, location).pathname.replace(/\.[0-9a-f]{10}(?=\.css$)/, "");
    for (const link of document.querySelectorAll("link[rel=stylesheet]")) {
      const href = styles.find((style) => lasting(style) === lasting(link.href));
      if (!href || new URL(href, location).href === link.href) continue;
      const next = link.cloneNode();
      next.href = href;
      next.onload = () => link.remove();
      link.after(next);
    }
  }

  const here = () => location.href.split("#")[0];
  const tagOf = async (url) => (await fetch(url, { method: "HEAD", cache: "no-store" })).headers.get("ETag");
  // What this page shows: itself, and what its scripts have fetched of the site (the search).
  const shown = new Map([[here(), `"${tag}"`]]);
  new PerformanceObserver((list) => {
    for (const { initiatorType, name } of list.getEntries()) {
      const { origin, pathname } = new URL(name);
      if (initiatorType !== "fetch" || shown.has(name) || origin !== location.origin || pathname.startsWith("/_heartnet/")) continue;
      shown.set(name, tagOf(name).catch(() => null));
    }
  }).observe({ type: "resource", buffered: true });

  /** What did not change stays as it is, with all that was typed into it. */
  async function isOld() {
    const all = await Promise.all([...shown].map(async ([url, tag]) => (await tag) === (await tagOf(url))));
    return all.includes(false);
  }

  // Nobody is interrupted in the middle of a word, nor on the way to a button.
  let written;
  addEventListener("input", ({ target }) => { written = target; }, true);
  const wait = (name) => new Promise((done) => addEventListener(name, done, { once: true }));
  async function undisturbed() {
    while (written !== host && written === document.activeElement && document.hasFocus()) {
      await Promise.race([wait("focusout"), wait("blur")]);
      await new Promise((done) => setTimeout(done, 300));
    }
  }

  async function renew(state) {
    const before = site;
    site = state.site;
    if (Number(before) >= state.same) return dress(state.styles);
    if (!(await isOld())) return;
    await undisturbed();
    const choice = choosing && { day: form.day.value, drafts: form.drafts.checked };
    const place = { path: location.pathname, x: scrollX, y: scrollY, open: $("details").open, at: root.activeElement?.name, choice };
    sessionStorage.setItem(PLACE, JSON.stringify(place));
    location.reload();
  }

  let source;
  function listen() {
    source?.close();
    source = undefined;
    // A browser keeps few connections to one host: a page that nobody sees needs none.
    if (document.hidden) return;
    source = new EventSource("/_heartnet/live");
    source.onmessage = ({ data }) => {
      const state = JSON.parse(data);
      // In the place of a site that could not be made yet: it tells all problems itself, and is of no day.
      if (!state.site) return isOld().then((old) => old && location.reload());
      tell(state.problems);
      if (!choosing) choose(state);
      $("summary").textContent = `確認用 ${state.shown}${state.warnings ? `・注意${state.warnings}` : ""}`;
      if (String(state.site) !== site) renew(state);
    };
  }
  document.addEventListener("visibilitychange", listen);
  document.documentElement.append(host);
  listen();
  const place = JSON.parse(sessionStorage.getItem(PLACE) ?? "{}");
  sessionStorage.removeItem(PLACE);
  if (place.path === location.pathname) {
    $("details").open = place.open;
    if (place.choice) {
      choose(place.choice);
      choosing = true;
    }
    if (place.at) form.elements[place.at]?.focus({ preventScroll: true });
    const back = () => scrollTo({ left: place.x, top: place.y, behavior: "instant" });
    back();
    addEventListener("load", back);
  }
}
