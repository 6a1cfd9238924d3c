// An order as plain text, for a mail or to copy.
import { yen, isCertain } from "./money.js";

export const KINDS = { order: "注文", quote: "見積り", consult: "相談" };
export const FIELDS = [
  ["company", "会社・団体"], ["person", "ご担当"], ["tel", "電話"], ["fax", "FAX"], ["email", "メール"],
  ["address", "お届け先"], ["wish", "希望日"], ["delivery", "受け取り方"], ["note", "備考"],
];
// Windows passes no more than 2,083 on, and old mail programs 2,048.
const LONGEST = 2000;

function money(line) {
  if (line.cost === null) return "お見積り";
  if (!isCertain(line.cost)) return `${yen(line.cost.amount)}から（お見積り）`;
  return `${yen(line.cost.amount)} × ${line.qty.toLocaleString("ja-JP")} = ${yen(line.cost.amount * line.qty)}（税込・${line.cost.tax}%）`;
}

export function text({ kind, made, who, group }) {
  const lines = [`${group.name} 御中`, `【${KINDS[kind]}のお願い】 ${made}`, ""];
  for (const [field, label] of FIELDS) if (who[field]) lines.push(`${label}: ${who[field]}`);
  if (group.lines.length) lines.push("");
  group.lines.forEach((line, at) => {
    lines.push(`${at + 1}. ${line.name}　${line.qty.toLocaleString("ja-JP")}${line.unit}　${money(line)}`);
  });
  for (const { rate, total, tax } of group.sums.rates) lines.push(`${rate}%対象 ${yen(total)}（うち消費税 ${yen(tax)}）`);
  if (group.lines.length) {
    const open = group.sums.open ? `（ほかに、お見積りの品 ${group.sums.open}件）` : "";
    lines.push(`合計 ${yen(group.sums.total)}${open}`);
  }
  return lines.join("\n");
}

// The same in few words, for mail programs that take no more: what stands in the code only is left out.
export function short({ kind, made, who, group }) {
  const lines = [`${KINDS[kind]}のお願い ${made}`];
  for (const field of ["company", "person", "tel"]) if (who[field]) lines.push(who[field]);
  for (const line of group.lines) lines.push(`・${line.name} ${line.qty}${line.unit}`);
  return lines.join("\n");
}

// The text with the code that the desk's program reads.
export const withCode = (text, code, more = "（消さないでください）") => `${text}\n\n窓口用のコード${more}\n${code.match(/.{1,70}/g).join("\n")}\n`;

// The address that opens a mail program; null when the text is too long for it.
export function mailto(to, subject, body) {
  const address = `mailto:${to}?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(body.replace(/\n/g, "\r\n"))}`;
  return address.length > LONGEST ? null : address;
}
