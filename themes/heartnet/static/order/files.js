// The order as a table, for Excel and as CSV. `heartnet order read` reads the same columns.
import { FIELDS, KINDS } from "./text.js";
import { isCertain } from "./money.js";

const HEADS = ["番号", "商品の番号", "種類の番号", "商品・仕事", "数", "単位", "単価（税込）", "税率", "金額（税込）"];
export const WIDTHS = [10, 18, 12, 36, 8, 8, 12, 8, 14];

const styled = (value, style) => ({ value, style });

export function rows({ kind, made, who, group }) {
  const rows = [["区分", KINDS[kind]], ["あて先", group.name], ["作成日", made]];
  for (const [field, label] of FIELDS) rows.push([label, styled(who[field] ?? "", "wrap")]);
  rows.push([], HEADS.map((head) => styled(head, "head")));
  group.lines.forEach((line, at) => rows.push([
    at + 1, line.id, line.variant, styled(line.name, "wrap"), styled(line.qty, "count"), line.unit,
    line.cost ? styled(line.cost.amount, "money") : "見積り",
    line.cost ? `${line.cost.tax}%${line.cost.from ? "（から）" : ""}` : "",
    isCertain(line.cost) ? styled(line.cost.amount * line.qty, "money") : "",
  ]));
  if (!group.lines.length) return rows;
  rows.push([]);
  const sum = (label, amount) => rows.push([null, null, null, label, null, null, null, null, styled(amount, "money")]);
  for (const { rate, total, tax } of group.sums.rates) sum(`${rate}%対象（うち消費税 ${tax.toLocaleString("ja-JP")}円）`, total);
  sum(group.sums.open ? `合計（ほかに、見積りの品 ${group.sums.open}件）` : "合計", group.sums.total);
  return rows;
}

// A file from here to the visitor's device.
export function save(name, type, content) {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
}
