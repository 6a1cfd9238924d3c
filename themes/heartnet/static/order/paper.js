// The sheet for FAX: A4, black and white, page by page, with the whole order as QR codes.
import { FAX, toParts } from "./code.js";
import { qr, svg } from "./qr.js";
import { FIELDS, KINDS } from "./text.js";
import { isCertain, yen } from "./money.js";
import { el } from "./dom.js";

// Rows of a page; the first has the buyer's boxes above them.
const [FIRST, NEXT] = [10, 20];
const CODES = 6;

function table(lines, from) {
  const row = (line, at) => el("tr", {},
    el("th", { scope: "row" }, String(from + at + 1)),
    el("td", {}, line ? line.name : ""),
    el("td", { class: "right" }, line ? `${line.qty.toLocaleString("ja-JP")}${line.unit}` : ""),
    el("td", { class: "right" }, line?.cost ? `${yen(line.cost.amount)}${line.cost.from ? "から" : ""}` : line ? "見積り" : ""),
    el("td", { class: "right" }, line && isCertain(line.cost) ? yen(line.cost.amount * line.qty) : ""));
  const heads = ["番号", "商品・仕事", "数", "単価（税込）", "金額（税込）"];
  return el("table", { class: "form form-lines" },
    el("thead", {}, el("tr", {}, ...heads.map((head) => el("th", { scope: "col" }, head)))),
    el("tbody", {}, ...lines.map(row)));
}

function boxes(who) {
  const rows = FIELDS.map(([field, label]) => el("tr", {}, el("th", { scope: "row" }, label), el("td", {}, who[field] ?? "")));
  rows.push(el("tr", {}, el("th", { scope: "row" }, "ご署名・印"), el("td", { class: "sign" })));
  return el("table", { class: "form boxes" }, el("tbody", {}, ...rows));
}

function total(sums) {
  const rows = sums.rates.map(({ rate, total, tax }) => `${rate}%対象 ${yen(total)}（うち消費税 ${yen(tax)}）`);
  const open = sums.open ? `　ほかに、お見積りの品 ${sums.open}件` : "";
  return el("p", { class: "paper-total" }, [...rows, `合計 ${yen(sums.total)}${open}`].join("　"));
}

// Pages for a receiver. What is sent is of one receiver only, so its codes are, too.
export async function papers({ kind, made, who, group, order }) {
  const codes = (await toParts(order, FAX.characters)).map((part) => qr(part, { level: FAX.level }));
  const chunks = [group.lines.slice(0, FIRST)];
  for (let at = FIRST; at < group.lines.length; at += NEXT) chunks.push(group.lines.slice(at, at + NEXT));
  const pictures = codes.map((code, at) => {
    const label = codes.length > 1 ? `QRコード ${at + 1}/${codes.length}` : "QRコード";
    const figure = el("figure", { class: "paper-code" });
    figure.innerHTML = svg(code, { label });
    figure.append(el("figcaption", {}, label));
    return figure;
  });
  // Two codes fit below what few lines leave; more have pages of their own.
  const last = chunks.at(-1);
  const roomy = pictures.length <= 2 && last.length <= (chunks.length === 1 ? 4 : 12);
  const rest = [];
  if (!roomy) for (let at = 0; at < pictures.length; at += CODES) rest.push(pictures.slice(at, at + CODES));
  const pages = chunks.length + rest.length;
  const head = (page) => el("p", { class: "paper-head" },
    el("strong", {}, `${KINDS[kind]}書`),
    ` ${group.name} 行${group.fax ? `　FAX ${group.fax}` : ""}${group.tel ? `　電話 ${group.tel}` : ""}`,
    el("span", { class: "paper-page" }, `${made}　${page}/${pages}ページ`));
  const sheets = chunks.map((lines, at) => {
    const start = at === 0 ? 0 : FIRST + (at - 1) * NEXT;
    const paper = el("section", { class: "paper" }, head(at + 1));
    if (at === 0) paper.append(boxes(who));
    if (lines.length) paper.append(table(lines, start));
    if (at === chunks.length - 1 && group.lines.length) paper.append(total(group.sums));
    if (at === chunks.length - 1 && roomy) paper.append(el("div", { class: "paper-codes" }, ...pictures));
    return paper;
  });
  rest.forEach((some, at) => sheets.push(el("section", { class: "paper" }, head(chunks.length + at + 1),
    el("p", {}, "窓口用のコードです。このページもいっしょに送ってください。"), el("div", { class: "paper-codes" }, ...some))));
  return sheets;
}
