// The files of an order, read by somebody else's readers: the workbook by openpyxl, the table by Python's csv. What
// was written stays what it was, text stays text, and nothing hostile becomes a formula or a broken file.
import { before, test } from "node:test";
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";
import { csv } from "../../themes/heartnet/static/order/csv.js";
import { xlsx } from "../../themes/heartnet/static/order/xlsx.js";

const tools = process.env.HEARTNET_TOOLS ?? new URL("../../target/tools", import.meta.url).pathname;
const python = join(tools, "bin/python3");

const READ_XLSX = `
import io, json, sys, zipfile, warnings
import xml.dom.minidom
import openpyxl
warnings.simplefilter("error")
data = sys.stdin.buffer.read()
archive = zipfile.ZipFile(io.BytesIO(data))
assert archive.testzip() is None
for name in archive.namelist():
    xml.dom.minidom.parseString(archive.read(name))
def cell(c):
    border = c.border
    return {
        "value": c.value, "type": c.data_type, "format": c.number_format, "bold": c.font.b, "size": c.font.sz, "font": c.font.name,
        "fill": c.fill.fgColor.rgb if c.fill.fill_type else None, "wrap": bool(c.alignment.wrap_text), "quoted": bool(c.quotePrefix),
        "border": [getattr(border, side).style for side in ("left", "right", "top", "bottom")],
    }
def sheet(s):
    return {
        "name": s.title, "rows": [[cell(c) for c in row] for row in s.iter_rows()],
        "widths": {letter: d.width for letter, d in s.column_dimensions.items() if d.customWidth},
        "paper": [s.page_setup.paperSize, s.page_setup.orientation, s.page_setup.fitToWidth, s.page_setup.fitToHeight, s.sheet_properties.pageSetUpPr.fitToPage],
    }
book = openpyxl.load_workbook(io.BytesIO(data))
json.dump({
    "sheets": [sheet(s) for s in book],
    "entries": [[e.filename, e.compress_type, list(e.date_time)] for e in archive.infolist()],
    "texts": archive.read("xl/sharedStrings.xml").decode(),
}, sys.stdout)`;

const READ_CSV = `
import csv, io, json, sys
json.dump(list(csv.reader(io.TextIOWrapper(sys.stdin.buffer, "utf-8-sig", newline=""), strict=True)), sys.stdout)`;

const run = (script, input) => JSON.parse(execFileSync(python, ["-c", script], { input, maxBuffer: 1 << 27 }));
const open = async (sheets) => run(READ_XLSX, await xlsx(sheets));
const values = ({ rows }) => rows.map((cells) => cells.map(({ value }) => value));
/** Texts below each other, as they come out again. */
const through = async (texts) => (await open([{ name: "a", rows: texts.map((text) => [text]) }])).sheets[0].rows.map(([cell]) => cell);
const table = (rows) => run(READ_CSV, csv(rows));

before(() => {
  const { status, stderr, error } = spawnSync(python, ["-c", "import openpyxl"], { encoding: "utf8" });
  assert.equal(status, 0, `these tests need ${python} with openpyxl (pip install openpyxl==3.1.5; ./test installs it): ${error ?? stderr}`);
});

test("an order comes out of the workbook as it went in", async () => {
  const head = (value) => ({ value, style: "head" });
  const { sheets, entries } = await open([
    {
      name: "注文書",
      widths: [10, 32.5, null, 12],
      rows: [
        [{ value: "ご注文書", style: "title" }],
        [],
        [head("商品番号"), head("商品"), head("数量"), head("金額")],
        ["000001", "髙﨑の𠮷野クッキー 🍪👨‍👩‍👧", { value: 1200, style: "count" }, { value: 1234567, style: "money" }],
        ["000002", { value: "のし\n名入れ", style: "wrap" }, 2.5, { value: -300, style: "money" }],
        [null, undefined, { value: null, style: "head" }, 0],
      ],
    },
    { name: "控え", rows: [["<&>\"'", ""]] },
  ]);
  assert.deepEqual(sheets.map(({ name }) => name), ["注文書", "控え"]);
  assert.deepEqual(values(sheets[0]), [
    ["ご注文書", null, null, null],
    [null, null, null, null],
    ["商品番号", "商品", "数量", "金額"],
    ["000001", "髙﨑の𠮷野クッキー 🍪👨‍👩‍👧", 1200, 1234567],
    ["000002", "のし\n名入れ", 2.5, -300],
    [null, null, null, 0],
  ]);
  assert.equal(sheets[1].rows[0][0].value, "<&>\"'");
  assert.deepEqual(sheets[0].widths, { A: 10, B: 32.5, D: 12 });
  for (const { paper } of sheets) assert.deepEqual(paper, [9, "portrait", 1, 0, true]);
  const [[title], , [first], [id, , count, money], [, wrap, plain], [, , empty]] = sheets[0].rows;
  for (const cell of [title, first, id, count]) assert.equal(cell.font, "Yu Gothic");
  assert.ok(title.bold && title.size > plain.size);
  for (const cell of [first, empty]) {
    assert.ok(cell.bold && /^FF[D-F]/.test(cell.fill), "bold on something light");
    assert.deepEqual(cell.border, ["thin", "thin", "thin", "thin"]);
  }
  assert.deepEqual([id.type, count.type, money.type, plain.type], ["s", "n", "n", "n"]);
  assert.deepEqual([count.format, money.format, plain.format], ["#,##0", '#,##0"円"', "General"]);
  assert.ok(wrap.wrap && !plain.wrap && !plain.bold && !plain.fill);
  assert.deepEqual(plain.border, [null, null, null, null]);
  assert.ok(entries.every(([, method, date]) => method === 8 && date.join() === "1980,1,1,0,0,0"));
  assert.equal(entries[0][0], "[Content_Types].xml");
});

test("text stays text, whatever it looks like", async () => {
  const texts = [
    "=1+1", "+81 3 1234 5678", "-1", "@x", "=cmd|'/c calc'!A1", '=HYPERLINK("https://example.com","x")', "\t=1", " =1+1", "＝1+1", "'a",
    "000001", "1e5", "2026-11-21", "TRUE", "#REF!", " blanks ", "\nlines\n\n", "\ttab", "　", "a  b", "]]>", "<b>", "&amp;", "&#65;", "_x0041_",
    "が", "e\u0301", "葛\u{e0100}城", "‮abc", "👩🏽‍🌾",
  ];
  const cells = await through(texts);
  assert.deepEqual(cells.map(({ value }) => value), texts);
  for (const { type } of cells) assert.equal(type, "s");
  // Still text after somebody has gone into the cell.
  const quoted = (wanted) => assert.ok(cells.find(({ value }) => value === wanted).quoted, wanted);
  for (const text of ["=1+1", "+81 3 1234 5678", "-1", "@x", " =1+1", "＝1+1", "000001", "2026-11-21"]) quoted(text);
  assert.ok(!cells.find(({ value }) => value === "が").quoted);
  const styles = ["head", "money", "count", "wrap", "title", "toString", ""];
  const [row] = (await open([{ name: "a", rows: [styles.map((style) => ({ value: "=1+1", style }))] }])).sheets[0].rows;
  for (const { value, type, quoted } of row) assert.deepEqual([value, type, quoted], ["=1+1", "s", true]);
});

test("what means a sign to Excel is written so that it does not", async () => {
  const written = ["_x0041_", "_x000d_x0041_", "_x_", "_X0041_", "_x005F_x0041_", "__x0041__x0042_"];
  const { texts } = await open([{ name: "a", rows: [written] }]);
  // As Excel reads it; openpyxl knows it only in part.
  const read = [...texts.matchAll(/<t [^>]*>(.*?)<\/t>/gs)].map(([, text]) => text.replace(/_x([0-9a-f]{4})_/gi, (_, code) => String.fromCharCode(parseInt(code, 16))));
  assert.deepEqual(read, written);
});

test("what no XML can hold is left out", async () => {
  const hostile = [
    ["\0a\x01\x08\x0b\x0c\x0e\x1fb\ufffe\uffff", "ab"],
    ["\ud800", "\ufffd"],
    ["a\udc00b", "a\ufffdb"],
    ["\ude00\ud83d", "\ufffd\ufffd"],
    // Two halves do not become one by what is left out between them.
    ["\ud83d\0\ude00", "\ufffd\ufffd"],
    ["\0=1+1", "=1+1"],
    ["a\r\nb\rc", "a\nb\nc"],
    ["\x7f\x85\u2028\ufeff", "\x7f\x85\u2028\ufeff"],
  ];
  const cells = await through(hostile.map(([text]) => text));
  assert.deepEqual(cells.map(({ value }) => value), hostile.map(([, wanted]) => wanted));
  for (const { type } of cells) assert.equal(type, "s");
  // Every sign of two bytes, a few hundred to a cell.
  const all = Array.from({ length: 256 }, (_, high) => `a${String.fromCharCode(...Array.from({ length: 256 }, (_, low) => high * 256 + low))}b`);
  const known = (text) => [...text].filter((sign) => /[^\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/.test(sign)).map((sign) => (sign.isWellFormed() ? sign.replace("\r", "\n") : "\ufffd")).join("");
  // 0xdbff and 0xdc00 are in two cells: no pair comes about.
  assert.deepEqual((await through(all)).map(({ value }) => value), all.map(known));
});

test("a very long text is cut where Excel ends", async () => {
  const LIMIT = 32767;
  const found = (await through(["あ".repeat(40000), `a${"🍪".repeat(20000)}`, "🍪".repeat(20000), "&".repeat(LIMIT), "_x0041_".repeat(6000)])).map(({ value }) => value);
  assert.equal(found[0], "あ".repeat(LIMIT));
  assert.equal(found[1], `a${"🍪".repeat((LIMIT - 1) / 2)}`);
  assert.equal(found[2], "🍪".repeat((LIMIT - 1) / 2));
  assert.equal(found[3], "&".repeat(LIMIT));
  assert.equal(found[4], "_x0041_".repeat(6000).slice(0, LIMIT));
});

test("what is no number is text, what is nothing is empty", async () => {
  const numbers = [0, -0, 0.1, 1e21, 1e-7, Number.MAX_SAFE_INTEGER, -1.5];
  const rows = [numbers, [NaN, Infinity, true, "", 10n], [{}, { value: undefined }, { value: NaN, style: "money" }], []];
  const { sheets: [sheet] } = await open([{ name: "a", rows }]);
  assert.deepEqual(sheet.rows[0].map(({ value, type }) => [value, type]), numbers.map((number) => [number + 0, "n"]));
  const told = (row) => row.filter(({ value }) => value !== null).map(({ value, type }) => [value, type]);
  assert.deepEqual(told(sheet.rows[1]), [["NaN", "s"], ["Infinity", "s"], ["true", "s"], ["", "s"], ["10", "s"]]);
  assert.deepEqual(told(sheet.rows[2]), [["NaN", "s"]]);
});

test("sheets have names that Excel takes", async () => {
  const names = [
    "注文[1]:2026/11*?\\", "", "  ", "'引用'", "A", "a", "Ａ", "シート", "しーと", "あ".repeat(40), "あ".repeat(40), `${"あ".repeat(30)}'い`,
    `${"a".repeat(30)}🍪`, null, undefined, "History", "a\0b\nc\ud800", "''", "_x003A_", "<&\"'>", "/x003A_",
  ];
  const found = (await open(names.map((name) => ({ name, rows: [["x"]] })))).sheets.map(({ name }) => name);
  assert.equal(found.length, names.length);
  for (const name of found) {
    assert.ok(name.length > 0 && name.length <= 31 && name.isWellFormed(), name);
    assert.doesNotMatch(name, /[[\]:*?/\\\0-\x1f]|^'|'$|^history$|_x[\da-f]{4}_/i);
  }
  assert.equal(new Set(found.map((name) => name.normalize("NFKC").toLowerCase())).size, names.length);
  assert.deepEqual([found[0], found[1], found[3], found[4], found[5]], ["注文-1--2026-11---", "シート", "引用", "A", "a (2)"]);
  assert.equal(found[10], `${"あ".repeat(27)} (2)`);
  assert.equal(found[12], "a".repeat(30));
  assert.deepEqual((await open([])).sheets.map(({ name }) => name), ["シート"]);
  assert.deepEqual(values((await open([{ name: "a" }])).sheets[0]), []);
});

test("many rows and columns, and the same bytes every time", async () => {
  const sheets = () => [
    { name: "明細", widths: [8, 40, 8, 12, 1000, -1, NaN], rows: Array.from({ length: 300 }, (_, at) => [String(at).padStart(6, "0"), `クッキー${at % 7}`, at, { value: at * 110, style: "money" }]) },
    { name: "幅", rows: [Array.from({ length: 1000 }, (_, at) => at)] },
  ];
  const [once, again] = [await xlsx(sheets()), await xlsx(sheets())];
  assert.ok(once instanceof Uint8Array);
  assert.deepEqual(Buffer.from(once), Buffer.from(again));
  const { sheets: [rows, columns] } = run(READ_XLSX, once);
  assert.deepEqual(values(rows), sheets()[0].rows.map((row) => row.map((cell) => cell.value ?? cell)));
  assert.deepEqual(values(columns), sheets()[1].rows);
  assert.deepEqual(rows.widths, { A: 8, B: 40, C: 8, D: 12, E: 255 });
});

test("a browser that cannot deflate writes the same, only larger", async (t) => {
  const sheets = [{ name: "注文", rows: [["髙﨑", 1, { value: 2, style: "money" }]] }];
  const usual = await open(sheets);
  const kept = globalThis.CompressionStream;
  t.after(() => { globalThis.CompressionStream = kept; });
  for (const without of [undefined, class { constructor(format) { throw new TypeError(`Unsupported: ${format}`); } }]) {
    globalThis.CompressionStream = without;
    const found = await open(sheets);
    assert.ok(found.entries.every(([, method]) => method === 0));
    assert.deepEqual(found.sheets, usual.sheets);
  }
});

test("the table comes out as it went in", () => {
  const rows = [
    ["番号", "商品", "備考"],
    ["000001", '髙﨑の"クッキー", 𠮷 🍪', "一行目\n二行目\r\n三行目"],
    [" 前後 ", "a;b", "a\tb"],
    ["", "", ""],
  ];
  assert.deepEqual(table(rows), rows);
  const written = csv(rows);
  assert.ok(written.startsWith("\ufeff番号,商品,備考\r\n000001,"));
  assert.ok(written.endsWith("\r\n,,\r\n"));
  assert.equal(csv([]), "\ufeff");
  assert.deepEqual(table([[1, -2.5, 0, null, undefined, { value: 110, style: "money" }, { value: "x", style: "head" }, { value: null }]]), [["1", "-2.5", "0", "", "", "110", "x", ""]]);
  const many = Array.from({ length: 300 }, (_, at) => [String(at).padStart(6, "0"), `クッキー, ${at}`, String(at)]);
  assert.deepEqual(table(many), many);
});

test("Excel runs nothing of the table", () => {
  const formulas = ["\ta", "\ra", "=1+1", "+81 3", "-1", "@x", "\t=1", "\r=1", " =1+1", "\n=1", "　=1", "＝1+1", "＋1", "－1", "＠x", "=1,\"=2\"", '="a"', "=cmd|'/c calc'!A1"];
  assert.deepEqual(table(formulas.map((text) => [text])), formulas.map((text) => [`'${text}`]));
  assert.deepEqual(table([["\0=1", "\x1b@x", "\x7f-1"], [{ value: "=1", style: "money" }, -1, { value: -1 }]]), [["'=1", "'@x", "'-1"], ["'=1", "-1", "-1"]]);
  for (const text of ["a=1", "1-2", "クッキー@広場", "'a", "(a)"]) assert.deepEqual(table([[text]]), [[text]]);
  // A half of a pair does not break the file.
  assert.deepEqual(table([["a\ud800b", "c"]]), [["a\ufffdb", "c"]]);
});
