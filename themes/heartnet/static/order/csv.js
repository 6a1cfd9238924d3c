// A table for programs and for Excel, which knows it for UTF-8 by the mark in front.

/** Excel runs what begins so, also behind blanks and in wide letters. */
const FORMULA = /^(?:[\t\r]|\s*[=+\-@＝＋－＠])/;
// The semicolon separates in other countries.
const QUOTED = /[",;\t\r\n]|^\s|\s$/;

function field(cell) {
  const value = cell !== null && typeof cell === "object" ? cell.value : cell;
  if (value === null || value === undefined) return "";
  if (Number.isFinite(value)) return String(value);
  // Nothing unseen stands in front of a sign.
  const text = String(value).replace(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/g, "");
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return QUOTED.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}

/** Rows of cells as `xlsx` takes them, styles left out; CRLF behind each row. */
export function csv(rows) {
  return `\ufeff${rows.map((cells) => `${cells.map(field).join(",")}\r\n`).join("")}`;
}
