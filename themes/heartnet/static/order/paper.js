// The sheet for FAX: A4, black and white, page by page, with the whole order as QR codes. Pages are filled by measuring:
// the desk counts the pages that came, so "1/3" has to be true whatever the buyer has written.
import { FAX, toParts } from "./code.js";
import { qr, svg } from "./qr.js";
import { FIELDS, KINDS } from "./text.js";
import { isCertain, yen } from "./money.js";
import { inWords } from "./check.js";
import { el } from "./dom.js";

// What is left of A4 between the margins (site.css), with some air: machines cut differently.
const HEIGHT = (258 * 96) / 25.4;
const HEADS = ["番号", "商品・仕事", "数", "単価（税込）", "税率", "金額（税込）"];
// Longer notes run below the boxes, from page to page.
const SHORT = 80;

function row(line, at) {
  const right = (words) => el("td", { class: "right" }, words);
  return el("tr", {}, el("th", { scope: "row" }, String(at + 1)), el("td", {}, line.name), right(`${line.qty.toLocaleString("ja-JP")}${line.unit}`),
    right(line.cost ? `${yen(line.cost.amount)}${line.cost.from ? "から" : ""}` : "見積り"), right(line.cost ? `${line.cost.tax}%` : ""),
    right(isCertain(line.cost) ? yen(line.cost.amount * line.qty) : ""));
}

function table(rows) {
  return el("table", { class: "form form-lines" }, el("thead", {}, el("tr", {}, ...HEADS.map((head) => el("th", { scope: "col" }, head)))), el("tbody", {}, ...rows));
}

const isLong = (text) => text.length > SHORT || text.includes("\n");

function boxes(who) {
  const rows = FIELDS.map(([field, label]) => {
    const text = (field === "wish" ? inWords(who.wish) : who[field]) ?? "";
    return el("tr", {}, el("th", { scope: "row" }, label), el("td", {}, field === "note" && isLong(text) ? "下に書いてあります" : text));
  });
  rows.push(el("tr", {}, el("th", { scope: "row" }, "ご署名・印"), el("td", { class: "sign" })));
  return el("table", { class: "form boxes" }, el("tbody", {}, ...rows));
}

function note(text) {
  if (!isLong(text)) return [];
  const pieces = text.split(/\r?\n/).flatMap((line) => line.match(/.{1,200}/gu) ?? [""]);
  return [el("p", { class: "paper-note" }, el("strong", {}, "備考")), ...pieces.map((piece) => el("p", { class: "paper-note" }, piece || "\u00a0"))];
}

function total(sums) {
  const rows = sums.rates.map(({ rate, total, tax }) => `${rate}%対象 ${yen(total)}（うち消費税 ${yen(tax)}）`);
  const open = sums.open ? `　ほかに、お見積りなどの品 ${sums.open}件` : "";
  return el("p", { class: "paper-total" }, [...rows, `合計 ${yen(sums.total)}${open}`].join("　"));
}

function head({ kind, made, group }, page, pages) {
  const to = [`${group.name} 行`, group.fax && `FAX ${group.fax}`, group.tel && `電話 ${group.tel}`].filter(Boolean).join("　");
  return el("p", { class: "paper-head" }, el("strong", {}, `${KINDS[kind]}書`), ` ${to}`, el("span", { class: "paper-page" }, `${inWords(made)}　${page}/${pages}ページ`));
}

async function codes(order) {
  const parts = await toParts(order, FAX.characters);
  return parts.map((part, at) => {
    const label = parts.length > 1 ? `QRコード ${at + 1}/${parts.length}` : "QRコード";
    const figure = el("figure", { class: "paper-code" });
    figure.innerHTML = svg(qr(part, { level: FAX.level }), { label });
    figure.append(el("figcaption", {}, label));
    return figure;
  });
}

// Pages for a receiver. What is sent is of one receiver only, so its codes are, too.
export async function papers(whole) {
  const { who, group, order } = whole;
  const figures = await codes(order);
  const ruler = el("div", { class: "paper measure", "aria-hidden": "true" });
  document.body.append(ruler);
  const high = (...nodes) => {
    ruler.replaceChildren(...nodes);
    return ruler.getBoundingClientRect().height;
  };
  const top = high(head(whole, 888, 888));
  const pages = [];
  let left = 0;
  const turn = () => {
    pages.push([]);
    left = HEIGHT - top;
  };
  const put = (...nodes) => {
    const height = high(...nodes);
    if (height > left && pages.at(-1).length) turn();
    pages.at(-1).push(...nodes);
    left -= height;
  };
  turn();
  put(boxes(who));
  for (const piece of note(who.note ?? "")) put(piece);
  if (group.lines.length) {
    const all = table(group.lines.map(row));
    const empty = high(table([]));
    ruler.replaceChildren(all);
    const rows = [...all.tBodies[0].rows];
    const heights = rows.map((one) => one.getBoundingClientRect().height);
    let open = null;
    rows.forEach((one, at) => {
      if (heights[at] + (open ? 0 : empty) > left && pages.at(-1).length) {
        turn();
        open = null;
      }
      if (!open) {
        open = table([]);
        pages.at(-1).push(open);
        left -= empty;
      }
      open.tBodies[0].append(one);
      left -= heights[at];
    });
    put(total(group.sums));
  }
  for (let at = 0; at < figures.length; at += 2) put(el("div", { class: "paper-codes" }, ...figures.slice(at, at + 2)));
  ruler.remove();
  return pages.map((nodes, at) => el("section", { class: "paper" }, head(whole, at + 1, pages.length), ...nodes));
}
