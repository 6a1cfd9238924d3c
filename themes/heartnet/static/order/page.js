// The page of the order list: shows it, checks it, and takes it to the desk in the way that the buyer likes.
import { fromLink, toLink } from "./code.js";
import { MOST, join, read, same, seen, watch, write } from "./list.js";
import { calendar, problems, today } from "./check.js";
import { el } from "./dom.js";
import { rows, save, WIDTHS } from "./files.js";
import { isCertain, price, sums, yen } from "./money.js";
import { hash, load } from "./terms.js";
import { FIELDS, KINDS, mailto, text, withCode } from "./text.js";

const site = JSON.parse(document.getElementById("hn-order-site").textContent);
const root = document.getElementById("hn-list");
const out = document.getElementById("hn-ways");
const form = document.getElementById("hn-who");
const status = document.getElementById("hn-said");
site.offset = document.documentElement.dataset.hnOffset;
site.today = today(site);
const days = calendar(site);
const WHO = "heartnet.order.who";
const SENT = "heartnet.order.sent";

let known = new Map();
let troubled = false;

const say = (words) => { status.textContent = words; };

function stored(where, key, otherwise) {
  try {
    return JSON.parse(where.getItem(key)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

function keep(where, key, value) {
  try {
    where.setItem(key, JSON.stringify(value));
  } catch {
    // It holds for this page.
  }
}

// What the buyer wrote; of this tab only, since others may use the device.
function who() {
  const data = new FormData(form);
  return Object.fromEntries(FIELDS.map(([field]) => [field, `${data.get(field) ?? ""}`.trim().slice(0, 2000)]));
}

const kind = () => form.elements.kind.value || "order";

// ---- the lines, by who receives them

function line(one) {
  const terms = known.get(one.id);
  const was = seen()[one.id];
  const kinds = terms?.variants?.find((kind) => kind.id === one.variant);
  const name = terms?.name ?? was?.name ?? one.id;
  return { ...one, terms, was, name: kinds ? `${name}（${kinds.name}）` : name, unit: terms?.unit ?? was?.unit ?? "", cost: isChosen(terms, kinds) ? price(terms, one.variant) : null };
}

// What cannot be had, or of which the kind is not known, has no price that could be summed.
const isChosen = (terms, kind) => Boolean(terms?.open && (kind || !terms.variants?.length));

function listed() {
  const all = read().map(line);
  const whole = new Map();
  for (const one of all) whole.set(one.id, (whole.get(one.id) ?? 0) + one.qty);
  return all.map((one) => ({ ...one, whole: whole.get(one.id) }));
}

function groups(all) {
  const desk = { key: "", ...site.desk, lines: [] };
  const direct = new Map();
  for (const one of all) {
    const maker = one.terms?.order === "direct" ? one.terms.makers[0] : undefined;
    if (!maker) {
      desk.lines.push(one);
      continue;
    }
    if (!direct.has(maker.id)) direct.set(maker.id, { key: maker.id, name: maker.name, tel: maker.tel, fax: maker.fax, email: maker.email, lines: [] });
    direct.get(maker.id).lines.push(one);
  }
  const found = desk.lines.length || !direct.size || kind() === "consult" ? [desk, ...direct.values()] : [...direct.values()];
  for (const group of found) group.sums = sums(group.lines);
  return found;
}

// As it is handed on (code.js).
function packed(all, who) {
  const lines = all.map(({ id, variant, qty, cost }) => ({ id, variant, qty, price: isCertain(cost) ? cost.amount : null }));
  return { v: 1, kind: kind(), made: site.today, lines, who };
}

const order = (group) => packed(group.lines, who());

const whole = (group) => ({ kind: kind(), made: site.today, who: who(), group, order: order(group) });

// ---- changes

function change(one, to) {
  const lines = read();
  const at = lines.findIndex((other) => same(other, one));
  if (at < 0) return;
  if (to === null) lines.splice(at, 1);
  else {
    lines[at] = { ...lines[at], ...to };
    // The same kind twice is one line.
    const twin = lines.findIndex((other, place) => place !== at && same(other, lines[at]));
    if (twin >= 0) {
      lines[at].qty = Math.min(lines[at].qty + lines[twin].qty, MOST);
      lines.splice(twin, 1);
    }
  }
  write(lines);
}

function remove(one, row) {
  const next = row.nextElementSibling ?? row.previousElementSibling;
  const focus = next?.querySelector("input")?.id;
  change(one, null);
  say(`「${one.name}」をリストから消しました。`);
  (document.getElementById(focus) ?? document.getElementById("hn-list-title")).focus();
}

const ICONS = { stop: "要確認", look: "注意", good: "" };

function item(one) {
  const id = `hn-line-${one.id}-${one.variant}`;
  const told = problems(one, one.terms, one.was, days, who().wish);
  const qty = el("input", { id, type: "number", inputmode: "numeric", min: "1", max: String(MOST), step: "1", value: String(one.qty), "aria-describedby": `${id}-told`, "aria-invalid": told.some(({ level }) => level === "stop") ? "true" : null });
  qty.addEventListener("change", () => {
    const value = Number(qty.value);
    if (Number.isSafeInteger(value) && value >= 1 && value <= MOST) {
      change(one, { qty: value });
      say(`「${one.name}」を${value.toLocaleString("ja-JP")}${one.unit}にしました。`);
    } else {
      qty.value = String(one.qty);
      say("数は、1からの整数で書いてください。前の数にもどしました。");
    }
  });
  // Everything that can have the focus has a name: it is drawn anew when something changes.
  const link = one.terms ? el("a", { href: one.terms.url, id: `${id}-name` }, one.name) : one.name;
  const row = el("li", { class: "line" }, el("h4", {}, link));
  if (one.terms?.variants?.length) {
    const select = el("select", { id: `${id}-kind` },
      ...(one.terms.variants.some((kind) => kind.id === one.variant) ? [] : [el("option", { value: one.variant }, "えらんでください")]),
      ...one.terms.variants.map((kind) => el("option", { value: kind.id, selected: kind.id === one.variant }, kind.name)));
    select.addEventListener("change", () => {
      wanted = `hn-line-${one.id}-${select.value}-kind`;
      change(one, { variant: select.value });
      say(`「${one.terms.name}」の種類を、${select.selectedOptions[0].textContent}にしました。`);
    });
    row.append(el("p", { class: "line-kind" }, el("label", { for: `${id}-kind` }, "種類"), " ", select));
  }
  const button = el("button", { class: "button button-outline", id: `${id}-gone`, type: "button", "aria-label": `「${one.name}」をリストから消す` }, "消す");
  button.addEventListener("click", () => remove(one, row));
  row.append(el("p", { class: "line-count" }, el("label", { for: id }, "数"), " ", qty, ` ${one.unit}`, " ", button));
  const unsure = one.terms?.open ? "種類をえらぶと、金額が出ます" : "合計には入れていません";
  const cost = one.cost === null ? (isChosen(one.terms, one.terms?.variants?.find((kind) => kind.id === one.variant)) ? "お見積り" : unsure) : isCertain(one.cost)
    ? `${yen(one.cost.amount)} × ${one.qty.toLocaleString("ja-JP")} = ${yen(one.cost.amount * one.qty)}（税込・${one.cost.tax}%）`
    : `${yen(one.cost.amount)}から。金額はお見積りします`;
  row.append(el("p", { class: "line-cost" }, cost));
  if (one.terms?.delivery?.length) row.append(el("p", { class: "sub" }, `受け取り方: ${one.terms.delivery.join("・")}`));
  row.append(el("ul", { class: "line-told", id: `${id}-told` }, ...told.map(({ level, text }) => el("li", { class: `is-${level}` }, ICONS[level] ? el("strong", {}, `${ICONS[level]}: `) : null, text))));
  return row;
}

function money({ sums }) {
  const row = (head, amount) => el("tr", {}, el("th", { scope: "row" }, head), el("td", { class: "right" }, amount));
  const body = el("tbody", {});
  for (const { rate, total, tax } of sums.rates) body.append(row(`${rate}%対象`, yen(total)), row(`　うち消費税（${rate}%）`, yen(tax)));
  body.append(row("決まっている分の合計（税込）", yen(sums.total)));
  const open = sums.open ? el("p", {}, `ほかに、お見積りの品が${sums.open}件あります。合計には入っていません。`) : null;
  return el("div", { class: "line-money" }, el("div", { class: "table", tabindex: "0", role: "region", "aria-label": "金額の表" }, el("table", {}, el("caption", {}, "金額"), body)), open,
    el("p", { class: "sub" }, "消費税は、税率ごとの合計から一度だけ計算し、1円未満は切り捨てています。送料は入っていません。"));
}

function allergens(lines) {
  const food = lines.filter((one) => one.terms?.allergens);
  if (!food.length) return null;
  const list = (names) => (names.length ? names.join("、") : "―");
  const body = food.map((one) => el("tr", {}, el("th", { scope: "row" }, one.name), ...["contains", "may_contain", "free_of"].map((state) => el("td", {}, list(one.terms.allergens[state])))));
  return el("details", { class: "line-allergens" }, el("summary", { id: `hn-allergens-${lines[0].id}` }, "リストの品のアレルギー物質"),
    el("div", { class: "table", tabindex: "0", role: "region", "aria-label": "リストの品のアレルギー物質の表" }, el("table", {}, el("caption", {}, "アレルギー物質"),
      el("thead", {}, el("tr", {}, ...["品", "含む", "混入の可能性", "含まない"].map((head) => el("th", { scope: "col" }, head)))), el("tbody", {}, ...body))),
    el("p", {}, el("strong", {}, "必ず現物の表示を確かめてください。"), "書いていない物質は「不明」です。"));
}

// ---- ways out

const named = (group) => `${KINDS[kind()]}-${site.today}${group.key ? `-${group.key}` : ""}`;

async function body(group) {
  return withCode(text(whole(group)), await toLink(order(group)));
}

async function copy(words, done) {
  try {
    await navigator.clipboard.writeText(words);
    say(done);
  } catch {
    // No permission, or not over https: the text is shown to be copied by hand.
    const box = document.getElementById("hn-copy");
    box.hidden = false;
    box.querySelector("textarea").value = words;
    box.querySelector("textarea").focus();
    box.querySelector("textarea").select();
    say("自動で写せませんでした。下の欄の文字を、写してください。");
  }
}

async function mail(group) {
  const words = await body(group);
  const subject = `${KINDS[kind()]}のお願い（${who().company || who().person || site.title}）`;
  const address = mailto(group.email, subject, words);
  if (address) {
    location.href = address;
    say("メールのソフトが開きます。送るのは、そちらで行います。");
    return;
  }
  await copy(words, "リストが長いので、本文を写しました。開いたメールに、貼りつけて送ってください。");
  location.href = mailto(group.email, subject, "（ここに、写した文を貼りつけてください。Excelのファイルを付けても届きます。）\n") ?? `mailto:${group.email}`;
}

async function excel(group) {
  const { xlsx } = await import("./xlsx.js");
  save(`${named(group)}.xlsx`, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", await xlsx([{ name: KINDS[kind()], rows: rows(whole(group)), widths: WIDTHS }]));
  say("Excelのファイルを保存しました。メールに付けて送れます。");
}

async function table(group) {
  const { csv } = await import("./csv.js");
  save(`${named(group)}.csv`, "text/csv;charset=utf-8", csv(rows(whole(group))));
  say("CSVのファイルを保存しました。");
}

let printing = 0;

// The sheets lie ready, so that whoever prints by the browser's menu has them, too.
async function prepare() {
  printing += 1;
  const mine = printing;
  const place = document.getElementById("hn-papers");
  if (!read().length && kind() !== "consult") {
    place.replaceChildren();
    return;
  }
  const { papers } = await import("./paper.js");
  const all = [];
  for (const group of groups(listed())) all.push([group.key, await papers(whole(group))]);
  if (mine !== printing) return;
  place.replaceChildren(...all.flatMap(([key, sheets]) => sheets.map((sheet) => { sheet.dataset.hnFor = key; return sheet; })));
}

async function print(group) {
  await prepare();
  const others = [...document.querySelectorAll(".paper")].filter((paper) => paper.dataset.hnFor !== group.key);
  for (const paper of others) paper.hidden = true;
  addEventListener("afterprint", () => { for (const paper of others) paper.hidden = false; }, { once: true });
  window.print();
}

async function send(group, button) {
  if (missing()) return;
  const code = await toLink(order(group));
  // Of what was sent only a number is kept: there are names in it.
  const mark = hash(code);
  if (stored(localStorage, SENT, []).includes(mark)) {
    say("同じ内容を、もう送っています。中身を変えると、もう一度送れます。お急ぎのときは、お電話ください。");
    return;
  }
  button.disabled = true;
  say("送っています…");
  const fields = { subject: `${KINDS[kind()]}のお願い`, message: text(whole(group)), code, website: form.elements.website.value, ...who() };
  try {
    const answer = await fetch(site.endpoint, { method: "POST", headers: { accept: "application/json" }, body: new URLSearchParams(fields), signal: AbortSignal.timeout(30000) });
    if (!answer.ok) throw new Error(String(answer.status));
    keep(localStorage, SENT, [mark, ...stored(localStorage, SENT, [])].slice(0, 20));
    say(`${group.name}に送りました。返事をお待ちください。リストは残してあります。`);
  } catch {
    say(`送れませんでした。リストも、書かれたことも、そのまま残っています。少し待ってもう一度送るか、印刷してFAX、メール、電話${group.tel ? `（${group.tel}）` : ""}でお願いします。`);
  }
  button.disabled = false;
  button.focus();
}

// The first field that must be filled and is not: told, and gone to.
function missing() {
  const needed = [["person", "ご担当の方のお名前を書いてください。"], ["tel", "電話かメールを書いてください。", "email"]];
  if (kind() === "consult") needed.push(["note", "ご相談の内容を、備考に書いてください。"]);
  const values = who();
  for (const [field, words, or] of needed) {
    if (values[field] || (or && values[or])) continue;
    say(words);
    form.elements[field].focus();
    return true;
  }
  if (!form.elements.consent.checked) {
    say("個人情報の取り扱いに同意して、しるしを付けてください。");
    form.elements.consent.focus();
    return true;
  }
  return false;
}

// Buttons stay while the list changes: what they send is looked up when they are pressed.
function ways(shown) {
  const { key } = shown;
  const group = () => groups(listed()).find((other) => other.key === key) ?? shown;
  const button = (label, does, plain = true) => {
    const way = el("button", { class: plain ? "button button-outline" : "button", type: "button" }, label);
    way.addEventListener("click", () => { Promise.resolve(does(way)).catch(() => say("できませんでした。もう一度ためすか、別の方法でお願いします。")); });
    return el("li", {}, way);
  };
  const list = el("ul", { class: "ways" });
  const posts = site.endpoint && key === "";
  if (posts) list.append(button("このサイトから送る", (way) => send(group(), way), false));
  list.append(button(shown.fax ? "印刷してFAXで送る" : "用紙を印刷する", () => print(group()), Boolean(posts)));
  if (shown.email) list.append(button("メールで送る", () => mail(group())));
  list.append(button("文を写す", async () => copy(await body(group()), "文を写しました。メールなどに貼りつけられます。")));
  list.append(button("Excelで保存", () => excel(group())), button("CSVで保存", () => table(group())));
  const contact = [shown.tel && `電話 ${shown.tel}`, shown.fax && `FAX ${shown.fax}`].filter(Boolean).join("　");
  return el("div", { class: "line-ways" }, el("h3", {}, `${shown.name}へ送る`), contact ? el("p", {}, contact) : null, list);
}

// ---- the page

async function share() {
  const nobody = Object.fromEntries(FIELDS.map(([field]) => [field, ""]));
  const code = await toLink(packed(listed(), nobody));
  await copy(`${location.origin}${location.pathname}#order=${code}`, "リンクを写しました。品と数だけが入っています（お名前などは入りません）。");
}

function draw() {
  // Whoever is typing in a field of the list goes on in it.
  const focus = wanted || (root.contains(document.activeElement) ? document.activeElement.id : "");
  wanted = "";
  const open = Boolean(root.querySelector("details[open]"));
  const all = listed();
  const parts = [];
  const outs = [];
  if (troubled) parts.push(el("p", { class: "alert" }, "商品の情報を読みこめませんでした。リストはそのままです。通信を確かめて、このページを開きなおしてください。"));
  if (!all.length) {
    parts.push(el("p", {}, "リストには、まだ何もありません。商品のページの「依頼リストに入れる」で、ここに入ります。品が決まっていないご相談は、下で「相談」をえらんでください。"));
  }
  for (const group of groups(all)) {
    if (group.lines.length) {
      const section = el("section", { class: "line-group" });
      section.append(el("h3", {}, group.key ? `${group.name}（事業所へ直接）` : group.name), el("ol", { class: "lines" }, ...group.lines.map(item)), money(group));
      parts.push(section);
    }
    if (group.lines.length || kind() === "consult") outs.push(ways(group));
  }
  const foods = allergens(all);
  if (foods) {
    foods.open = open;
    parts.push(foods);
  }
  if (undo) {
    const back = el("button", { class: "button button-outline", id: "hn-undo", type: "button" }, "空にしたリストを元にもどす");
    back.addEventListener("click", () => {
      const [before, was] = undo;
      undo = null;
      wanted = "hn-list-title";
      write(before, was);
      say("リストを元にもどしました。");
    });
    parts.push(el("p", {}, back));
  }
  if (all.length) {
    const clear = el("button", { class: "button button-outline", id: "hn-clear", type: "button" }, "リストを空にする");
    clear.addEventListener("click", () => {
      undo = [read(), seen()];
      wanted = "hn-undo";
      write([]);
      say("リストを空にしました。元にもどせます。");
    });
    const link = el("button", { class: "button button-outline", id: "hn-share", type: "button" }, "続きを頼むリンクを写す");
    link.addEventListener("click", () => { share().catch(() => say("リンクを作れませんでした。")); });
    parts.push(el("ul", { class: "ways" }, el("li", {}, link), el("li", {}, clear)));
  }
  // Whoever has pressed a button stays at it.
  if (outs.map((one) => one.textContent).join("") !== out.textContent) out.replaceChildren(...outs);
  root.replaceChildren(...parts);
  if (focus) document.getElementById(focus)?.focus();
  soon();
}

let later;

// The sheets are made when nothing has changed for a moment.
function soon() {
  clearTimeout(later);
  later = setTimeout(() => { prepare().catch(() => {}); }, 400);
}

// Where the focus goes when the list is drawn the next time.
let wanted = "";
let undo = null;

async function refresh() {
  try {
    known = await load(read().map((one) => one.id), site);
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
    say(error.message);
    return;
  }
  const lines = order.lines.map(({ id, variant, qty }) => ({ id, variant, qty }));
  const was = Object.fromEntries(order.lines.filter(({ price }) => price !== null).map(({ id, price, variant }) => [id, { price, variant }]));
  const take = (all, alone) => {
    if (alone) form.elements.kind.value = order.kind;
    write(all, { ...was, ...seen() });
    box.replaceChildren();
    say(`リンクの${lines.length}件を、リストに入れました。`);
    document.getElementById("hn-list-title").focus();
  };
  if (!read().length) {
    take(lines, true);
    return;
  }
  const choice = (label, does) => {
    const button = el("button", { class: "button button-outline", type: "button" }, label);
    button.addEventListener("click", does);
    return el("li", {}, button);
  };
  box.replaceChildren(el("p", {}, `リンクに、${lines.length}件のリストが入っています。いまのリストは${read().length}件です。`), el("ul", { class: "ways" },
    choice("いまのリストに足す", () => {
      const all = read();
      for (const one of lines) join(all, one);
      take(all);
    }),
    choice("リンクのリストに入れかえる", () => take(lines, true)),
    choice("やめる", () => { box.replaceChildren(); say("リンクのリストは、入れませんでした。"); })));
  box.querySelector("button").focus();
}

const before = stored(sessionStorage, WHO, {});
for (const [field, value] of Object.entries(before)) {
  const control = form.elements[field];
  if (control && typeof value === "string") control.value = value;
}
const consult = () => { if (location.hash === "#hn-consult") form.elements.kind.value = "consult"; };
consult();
form.addEventListener("input", () => {
  keep(sessionStorage, WHO, { ...who(), kind: kind() });
  soon();
});
form.addEventListener("change", draw);
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
    if (waits) setTimeout(refresh);
    waits = false;
  }, true);
}
watch(() => {
  if (pressed) waits = true;
  else setTimeout(refresh);
});
addEventListener("hashchange", async () => {
  consult();
  await receive();
  draw();
});
await receive();
await refresh();
