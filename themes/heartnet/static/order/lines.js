// The lines of the order list as they are shown, and changed there.
import { problems } from "./check.js";
import { button, el } from "./dom.js";
import { MOST, key, read, same, write } from "./list.js";
import { isCertain, price, yen } from "./money.js";
import { days, isChosen, listed, say, who } from "./state.js";

// Where the focus goes when the list is drawn the next time.
let wanted = "";

export const focusNext = (id) => { wanted = id; };

export function takeFocus() {
  const id = wanted;
  wanted = "";
  return id;
}

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
  // What the buyer sees now of a kind that they choose now.
  const kind = one.terms?.variants?.find((kind) => kind.id === to?.variant);
  const was = kind && { name: one.terms.name, kind: kind.name, unit: one.terms.unit, price: price(one.terms, kind.id)?.amount ?? null };
  write(lines, was ? { [key({ ...one, ...to })]: was } : {});
}

function remove(one, row) {
  const next = row.nextElementSibling ?? row.previousElementSibling;
  const focus = next?.querySelector("input")?.id;
  change(one, null);
  say(`「${one.name}」をリストから消しました。`);
  (document.getElementById(focus) ?? document.getElementById("hn-list-title")).focus();
}

const checked = (one) => problems(one, one.terms, one.was, days, who());

// What is to be seen to, read out with what was changed: the remarks may be far from where one is.
export function remarks(all) {
  const stops = all.map((one) => [one, checked(one).filter(({ level }) => level === "stop")]).filter(([, told]) => told.length);
  if (!stops.length) return "";
  const [[one, [first]]] = stops;
  return `要確認: 「${one.name}」${first.text}${stops.length > 1 ? `ほか${stops.length - 1}件。` : ""}`;
}

const ICONS = { stop: "要確認", look: "注意", good: "" };

// Whoever does not see what stands above hears it.
const of = (one) => el("span", { class: "only-read" }, `（${one.name}）`);

export function item(one) {
  const id = `hn-line-${one.id}-${one.variant}`;
  const told = checked(one);
  const qty = el("input", { id, type: "number", inputmode: "numeric", min: "1", max: String(MOST), step: "1", value: String(one.qty), "aria-describedby": `${id}-told`, "aria-invalid": told.some(({ level }) => level === "stop") ? "true" : null });
  qty.addEventListener("change", () => {
    const value = Number(qty.value);
    if (Number.isSafeInteger(value) && value >= 1 && value <= MOST) {
      change(one, { qty: value });
      say(`「${one.name}」を${value.toLocaleString("ja-JP")}${one.unit}にしました。${remarks(listed().filter((other) => same(other, one)))}`);
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
      focusNext(`hn-line-${one.id}-${select.value}-kind`);
      change(one, { variant: select.value });
      say(`「${one.terms.name}」の種類を、${select.selectedOptions[0].textContent}にしました。`);
    });
    row.append(el("p", { class: "line-kind" }, el("label", { for: `${id}-kind` }, "種類", of(one)), " ", select));
  }
  const gone = button("消す", () => remove(one, row), { id: `${id}-gone`, "aria-label": `「${one.name}」をリストから消す` });
  row.append(el("p", { class: "line-count" }, el("label", { for: id }, "数", of(one)), " ", qty, ` ${one.unit}`, " ", gone));
  const unsure = one.terms?.open ? "種類をえらぶと、金額が出ます" : "合計には入れていません";
  const cost = one.cost === null ? (isChosen(one.terms, one.terms?.variants?.find((kind) => kind.id === one.variant)) ? "お見積り" : unsure) : isCertain(one.cost)
    ? `${yen(one.cost.amount)} × ${one.qty.toLocaleString("ja-JP")} = ${yen(one.cost.amount * one.qty)}（税込・${one.cost.tax}%）`
    : `${yen(one.cost.amount)}から。金額はお見積りします`;
  row.append(el("p", { class: "line-cost" }, cost));
  if (one.terms?.delivery?.length) row.append(el("p", { class: "sub" }, `受け取り方: ${one.terms.delivery.join("・")}`));
  row.append(el("ul", { class: "line-told", id: `${id}-told` }, ...told.map(({ level, text }) => el("li", { class: `is-${level}` }, ICONS[level] ? el("strong", {}, `${ICONS[level]}: `) : null, text))));
  return row;
}

export function money({ sums }) {
  const row = (head, amount) => el("tr", {}, el("th", { scope: "row" }, head), el("td", { class: "right" }, amount));
  const body = el("tbody", {});
  for (const { rate, total, tax } of sums.rates) body.append(row(`${rate}%対象`, yen(total)), row(`　うち消費税（${rate}%）`, yen(tax)));
  body.append(row("決まっている分の合計（税込）", yen(sums.total)));
  const open = sums.open ? el("p", {}, `ほかに、お見積りの品が${sums.open}件あります。合計には入っていません。`) : null;
  return el("div", { class: "line-money" }, el("div", { class: "table", tabindex: "0", role: "region", "aria-label": "金額の表" }, el("table", {}, el("caption", {}, "金額"), body)), open,
    el("p", { class: "sub" }, "消費税は、税率ごとの合計から一度だけ計算し、1円未満は切り捨てています。送料は入っていません。"));
}

export function allergens(lines) {
  const food = lines.filter((one) => one.terms?.allergens);
  if (!food.length) return null;
  const list = (names) => (names.length ? names.join("、") : "―");
  const body = food.map((one) => el("tr", {}, el("th", { scope: "row" }, one.name), ...["contains", "may_contain", "free_of"].map((state) => el("td", {}, list(one.terms.allergens[state])))));
  return el("details", { class: "line-allergens" }, el("summary", { id: `hn-allergens-${lines[0].id}` }, "リストの品のアレルギー物質"),
    el("div", { class: "table", tabindex: "0", role: "region", "aria-label": "リストの品のアレルギー物質の表" }, el("table", {}, el("caption", {}, "アレルギー物質"),
      el("thead", {}, el("tr", {}, ...["品", "含む", "混入の可能性", "含まない"].map((head) => el("th", { scope: "col" }, head)))), el("tbody", {}, ...body))),
    el("p", {}, el("strong", {}, "必ず現物の表示を確かめてください。"), "書いていない物質は「不明」です。"));
}
