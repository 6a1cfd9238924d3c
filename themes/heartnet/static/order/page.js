// The page of the order list: draws it, checks it, and takes in what a link brings.
import { fromLink, toLink } from "./code.js";
import { button, el } from "./dom.js";
import { allergens, focusNext, item, money, remarks, takeFocus } from "./lines.js";
import { forgetLost, join, key, lost, read, seen, watch, write } from "./list.js";
import { ask, form, groups, kind, listed, packed, say, who } from "./state.js";
import { keep, stored } from "./stored.js";
import { FIELDS } from "./text.js";
import { copy, prepare, ways } from "./ways.js";

const root = document.getElementById("hn-list");
const out = document.getElementById("hn-ways");
const WHO = "heartnet.order.who";

let troubled = false;
let undo = null;
let shown = "";

async function share() {
  const nobody = Object.fromEntries(FIELDS.map(([field]) => [field, ""]));
  const code = await toLink(packed(listed(), nobody));
  await copy(`${location.origin}${location.pathname}#order=${code}`, "リンクを写しました。品と数だけが入っています（お名前などは入りません）。");
}

function draw() {
  // Whoever is typing in a field of the list goes on in it.
  const focus = takeFocus() || (root.contains(document.activeElement) ? document.activeElement.id : "");
  const open = Boolean(root.querySelector("details[open]"));
  const all = listed();
  const parts = [];
  const outs = [];
  if (troubled) {
    // Nothing is said, sorted or sent on the strength of what is not known.
    const again = () => { refresh().catch(() => {}); };
    const item = (one) => el("li", {}, `${one.name}　${one.qty.toLocaleString("ja-JP")}${one.unit}`);
    root.replaceChildren(el("div", { class: "alert" }, el("p", {}, "商品の情報を読みこめませんでした。リストはそのままです。通信を確かめて、もう一度ためしてください。お急ぎのときは、お電話でお願いします。"),
      el("p", {}, button("もう一度読みこむ", again, { id: "hn-again" }))), el("ul", {}, ...all.map(item)));
    out.replaceChildren();
    shown = "";
    if (focus) document.getElementById(focus)?.focus();
    return;
  }
  if (lost()) {
    const seen = () => {
      focusNext("hn-list-title");
      forgetLost();
    };
    parts.push(el("div", { class: "alert" },
      el("p", {}, `このブラウザの中のリストのうち、${lost()}件が読めなくなっていました。足りない品があれば、商品のページから、もう一度入れてください。`),
      el("p", {}, button("分かりました", seen, { id: "hn-lost" }))));
  }
  if (!all.length) {
    parts.push(el("p", {}, "リストには、まだ何もありません。商品のページの「依頼リストに入れる」で、ここに入ります。品が決まっていないときは、下の「なんでも相談」をえらんでください。"));
  }
  for (const group of groups(all)) {
    if (group.lines.length) {
      const section = el("section", { class: "line-group" });
      section.append(el("h3", {}, group.key ? `${group.name}（事業所へ直接）` : group.name), el("ol", { class: "lines" }, ...group.lines.map(item)), money(group));
      parts.push(section);
    }
    if (group.lines.length || kind() === "consult") outs.push(ways(group));
  }
  if (!outs.length) outs.push(el("p", {}, "商品をリストに入れるか、上の「なんでも相談」をえらぶと、ここから送れます。"));
  const foods = allergens(all);
  if (foods) {
    foods.open = open;
    parts.push(foods);
  }
  if (undo) {
    const back = () => {
      const [before, was] = undo;
      undo = null;
      focusNext("hn-list-title");
      // What was added since stays.
      const since = read();
      for (const line of since) join(before, line);
      write(before, { ...was, ...seen() });
      say("リストを元にもどしました。");
    };
    parts.push(el("p", {}, button("空にしたリストを元にもどす", back, { id: "hn-undo" })));
  }
  if (all.length) {
    const clear = () => {
      undo = [read(), seen()];
      focusNext("hn-undo");
      write([]);
      say("リストを空にしました。元にもどせます。");
    };
    const link = () => { share().catch(() => say("リンクを作れませんでした。")); };
    parts.push(el("ul", { class: "ways" },
      el("li", {}, button("続きを頼むリンクを写す", link, { id: "hn-share" })), el("li", {}, button("リストを空にする", clear, { id: "hn-clear" }))));
  }
  // Whoever has pressed a button stays at it.
  const words = outs.map((one) => one.textContent).join("");
  const same = words === shown;
  shown = words;
  if (!same) out.replaceChildren(...outs);
  root.replaceChildren(...parts);
  for (const drawn of same ? [root] : [root, out]) furigana(drawn);
  if (focus) document.getElementById(focus)?.focus();
  soon();
}

// For those who have set them.
function furigana(drawn) {
  if (document.documentElement.dataset.hnRuby === "all") import("../ruby.js").then((ruby) => ruby.annotate(drawn)).catch(() => {});
}

let later;

// The sheets are made when nothing has changed for a moment.
function soon() {
  clearTimeout(later);
  later = setTimeout(() => { prepare().catch(() => {}); }, 400);
}

async function refresh() {
  try {
    await ask();
    troubled = false;
  } catch {
    troubled = true;
  }
  draw();
}

// ---- a list out of a link

async function receive() {
  const code = new URLSearchParams(location.hash.slice(1)).get("order");
  if (!code) return;
  history.replaceState(null, "", location.pathname + location.search);
  const box = document.getElementById("hn-received");
  let order;
  try {
    order = await fromLink(code);
  } catch (error) {
    const told = el("p", { class: "alert", tabindex: "-1" }, error.message);
    box.replaceChildren(told);
    told.focus();
    return;
  }
  const lines = order.lines.map(({ id, variant, qty }) => ({ id, variant, qty }));
  const was = Object.fromEntries(order.lines.map((line) => [key(line), { price: line.price }]));
  const take = (all, alone, left = 0) => {
    if (alone) form.elements.kind.value = order.kind;
    write(all, { ...was, ...seen() });
    box.replaceChildren();
    say(left ? `リンクの${lines.length}件のうち、${left}件が入りませんでした（リストは1,000件まで、1件は9,999,999までです）。` : `リンクの${lines.length}件を、リストに入れました。`);
    document.getElementById("hn-list-title").focus();
  };
  if (!read().length) {
    take(lines, true);
    return;
  }
  const choice = (label, does) => el("li", {}, button(label, does));
  box.replaceChildren(el("p", {}, `リンクに、${lines.length}件のリストが入っています。いまのリストは${read().length}件です。`), el("ul", { class: "ways" },
    choice("いまのリストに足す", () => {
      const all = read();
      take(all, false, lines.filter((one) => !join(all, one)).length);
    }),
    choice("リンクのリストに入れかえる", () => take(lines, true)),
    choice("やめる", () => { box.replaceChildren(); say("リンクのリストは、入れませんでした。"); })));
  box.querySelector("button").focus();
}

const before = stored("sessionStorage", WHO, {});
for (const [field, value] of Object.entries(before)) {
  const control = form.elements[field];
  if (control && typeof value === "string") control.value = value;
}
const consult = () => { if (location.hash === "#hn-consult") form.elements.kind.value = "consult"; };
consult();
form.addEventListener("input", () => {
  keep("sessionStorage", WHO, { ...who(), kind: kind() });
  soon();
});
form.addEventListener("change", (event) => {
  draw();
  if (["wish", "delivery"].includes(event.target.name) && !troubled) say(remarks(listed()));
});
// Browsers only bring the line that is written in to the screen.
form.elements.note.addEventListener("focus", (event) => { event.target.scrollIntoView({ block: "nearest" }); });
form.addEventListener("submit", (event) => event.preventDefault());
// After the focus has moved on from what changed: it is drawn anew.
// Not between the press and the release of a button, which would not be the same one then.
let pressed = false;
let waits = false;
addEventListener("pointerdown", () => { pressed = true; }, true);
for (const end of ["pointerup", "pointercancel"]) {
  addEventListener(end, () => {
    pressed = false;
    if (!waits || writing()) return;
    waits = false;
    setTimeout(refresh);
  }, true);
}
// Nor while somebody is writing an amount.
const writing = () => {
  const field = document.activeElement;
  return root.contains(field) && field.matches("input") && field.value !== field.defaultValue;
};
root.addEventListener("focusout", () => { if (waits) setTimeout(() => { if (!pressed && !writing()) { waits = false; refresh(); } }); });
watch(() => {
  if (pressed || writing()) waits = true;
  else setTimeout(refresh);
});
addEventListener("hashchange", async () => {
  consult();
  await receive();
  draw();
});
await receive();
await refresh();
