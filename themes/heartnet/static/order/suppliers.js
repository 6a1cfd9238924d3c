// Suppliers that a government buyer has chosen, over all pages, as CSV for their files. The tables are whole without it.
import { csv } from "./csv.js";
import { button, el } from "./dom.js";
import { save } from "./files.js";
import { keep, stored } from "./stored.js";

const KEY = "heartnet.suppliers";
const HEADS = ["区分", "事業所", "種別", "市町村", "運営", "事業所番号", "適格請求書の登録番号", "ページ"];

// What holds for this page where nothing can be kept.
let here = [];
const isSupplier = (one) => typeof one?.url === "string" && Array.isArray(one.classes) && Array.isArray(one.cells);

function chosen() {
  const all = stored("localStorage", KEY, here);
  return Array.isArray(all) ? all.filter(isSupplier) : [];
}

function choose(all) {
  here = all;
  keep("localStorage", KEY, all);
  dispatchEvent(new Event("heartnet-suppliers"));
}

// One row each, whatever number of classes it was chosen in.
function put(supplier, name) {
  const all = chosen().filter((one) => one.url !== supplier.url);
  const before = chosen().find((one) => one.url === supplier.url);
  const classes = [...new Set([...(before?.classes ?? []), ...(name ? [name] : [])])];
  choose([...all, { ...supplier, classes }]);
}

// Out of one class, and away with the last one.
function drop(url, name) {
  const left = chosen().map((one) => (one.url === url ? { ...one, classes: one.classes.filter((other) => name && other !== name) } : one));
  choose(left.filter((one) => one.url !== url || one.classes.length));
}

function download(said) {
  const all = chosen();
  if (!all.length) {
    said.textContent = "表の左で、事業所をえらんでください。";
    document.querySelector("[data-hn-suppliers] input")?.focus();
    return;
  }
  const today = document.documentElement.dataset.hnBuilt;
  const lines = all.map((one) => [one.classes.join("、"), ...one.cells, one.url]);
  save(`事業所-${today}.csv`, "text/csv;charset=utf-8", csv([HEADS, ...lines]));
  said.textContent = `${all.length}か所をCSVに保存しました。`;
}

// The button with what it has done, and how many there are.
function tools(...more) {
  const said = el("span", { role: "status" });
  const count = el("strong", {});
  const show = () => { count.textContent = `${chosen().length}か所`; };
  addEventListener("heartnet-suppliers", show);
  addEventListener("storage", show);
  show();
  const ways = [button("えらんだ事業所をCSVで保存", () => download(said)), ...more].map((way) => el("li", {}, way));
  return el("div", { class: "screen" }, el("p", {}, "えらんだ事業所: ", count), el("ul", { class: "ways" }, ...ways), el("p", {}, said));
}

for (const table of document.querySelectorAll("table[data-hn-suppliers]")) {
  table.tHead.rows[0].prepend(el("th", { scope: "col", class: "screen" }, "えらぶ"));
  const name = table.dataset.hnSuppliers;
  const boxes = new Map();
  for (const row of table.tBodies[0].rows) {
    const url = row.querySelector("a").href;
    const cells = [...row.cells].map((cell) => cell.textContent.trim());
    const box = el("input", { type: "checkbox", "aria-label": `${cells[0]}をえらぶ` });
    box.addEventListener("change", () => { if (box.checked) put({ url, cells }, name); else drop(url, name); });
    const cell = row.insertCell(0);
    cell.className = "screen";
    cell.append(el("label", { class: "pick" }, box));
    boxes.set(url, box);
  }
  const show = () => {
    const urls = new Set(chosen().filter((one) => !name || one.classes.includes(name)).map((one) => one.url));
    for (const [url, box] of boxes) box.checked = urls.has(url);
  };
  addEventListener("heartnet-suppliers", show);
  addEventListener("storage", show);
  show();
  table.parentElement.after(tools(el("a", { class: "button button-outline", href: table.dataset.hnAll }, "えらんだ事業所を全部見る")));
}

// Where all that are chosen are seen together.
const box = document.getElementById("hn-chosen");
if (box) {
  const list = el("ul", { class: "picked" });
  const none = el("p", {}, "まだ、えらんでいません。区分のページの表で、事業所にしるしを付けると、ここに集まります。この端末だけに覚えます。");
  const ways = tools(button("全部やめる", () => {
    choose([]);
    box.querySelector("h2").focus();
  }));
  const show = () => {
    const all = chosen();
    none.hidden = all.length > 0;
    ways.hidden = !all.length;
    list.replaceChildren(...all.map((one) => el("li", {}, el("a", { href: one.url }, one.cells[0]), el("span", { class: "sub" }, [one.cells[1], one.cells[2], one.classes.join("、")].filter(Boolean).join("／")), button("やめる", () => {
      drop(one.url);
      (list.querySelector("button") ?? box.querySelector("h2")).focus();
    }, { "aria-label": `${one.cells[0]}をやめる` }))));
  };
  box.append(none, list, ways);
  box.hidden = false;
  addEventListener("heartnet-suppliers", show);
  addEventListener("storage", show);
  show();
}
