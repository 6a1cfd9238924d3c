// An Excel workbook, written by the browser itself: a few XML files in a ZIP. What a visitor or a shop has written is
// always text, never a formula; the same sheets give the same bytes.

// Excel's own limits; what goes beyond them makes it offer to repair the file.
const TEXT_LIMIT = 32767;
const NAME_LIMIT = 31;
const WIDTH_LIMIT = 255;

const HEADER = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
const RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGED = "http://schemas.openxmlformats.org/package/2006";
const KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml";

const FONT = '<name val="Yu Gothic"/><family val="3"/><charset val="128"/>';
const EDGE = '<color rgb="FF999999"/>';
const MONEY = 164;
/** The styles of cells by name: what `styles` below counts up. */
const STYLES = {
  plain: { align: 'vertical="top"' },
  head: { font: 1, fill: 2, border: 1, align: 'vertical="center" wrapText="1"' },
  money: { format: MONEY, align: 'vertical="top"' },
  // 3 is Excel's own "#,##0".
  count: { format: 3, align: 'vertical="top"' },
  wrap: { align: 'vertical="top" wrapText="1"' },
  title: { font: 2, align: 'vertical="center"' },
};
const NAMES = Object.keys(STYLES);

/** Text that Excel would take for something else if somebody edited its cell: it gets Excel's own mark of text. */
const MISTAKABLE = /^\s*['=+\-@＝＋－＠.\p{Nd}]/u;
/** `_x0041_` in a file means "A". */
const ESCAPED = /_(?=x[\da-f]{4}_)/gi;

const escape = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");

/** Without what XML cannot hold. With `u`, only halves of a pair that stand alone are surrogates. */
const clean = (text) =>
  text.replace(/\r\n?/g, "\n").replace(/[\ud800-\udfff]/gu, "\ufffd").replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, "");

/** Cut, but not through a pair of surrogates. */
const cut = (text, limit) => text.slice(0, limit).replace(/[\ud800-\udfff]$/u, "");

/** 0 → A, 26 → AA */
function column(at) {
  let letters = "";
  for (let left = at + 1; left > 0; left = Math.floor((left - 1) / 26)) letters = String.fromCharCode(65 + ((left - 1) % 26)) + letters;
  return letters;
}

/** Texts by their number in the workbook, each once. */
function sharing() {
  const numbers = new Map();
  const number = (text) => {
    if (!numbers.has(text)) numbers.set(text, numbers.size);
    return numbers.get(text);
  };
  const item = (text) => `<si><t xml:space="preserve">${escape(text.replace(ESCAPED, "_x005F_"))}</t></si>`;
  return { number, xml: () => `${HEADER}<sst ${MAIN}>${[...numbers.keys()].map(item).join("")}</sst>` };
}

function cellXml(cell, place, shared) {
  const { value, style } = cell !== null && typeof cell === "object" ? cell : { value: cell };
  // Of every style there is a second one for text that could be mistaken.
  const look = (quoted) => {
    const number = Math.max(NAMES.indexOf(style), 0) * 2 + (quoted ? 1 : 0);
    return number ? ` s="${number}"` : "";
  };
  if (value === null || value === undefined) return look(false) && `<c r="${place}"${look(false)}/>`;
  if (Number.isFinite(value)) return `<c r="${place}"${look(false)}><v>${value}</v></c>`;
  const text = cut(clean(String(value)), TEXT_LIMIT);
  return `<c r="${place}"${look(MISTAKABLE.test(text))} t="s"><v>${shared.number(text)}</v></c>`;
}

function rowXml(cells, at, shared) {
  const written = cells.map((cell, place) => cellXml(cell, `${column(place)}${at + 1}`, shared)).join("");
  return written && `<row r="${at + 1}">${written}</row>`;
}

function colsXml(widths) {
  const written = widths.map((width, at) => {
    if (!(Number.isFinite(width) && width > 0)) return "";
    return `<col min="${at + 1}" max="${at + 1}" width="${Math.min(width, WIDTH_LIMIT)}" customWidth="1"/>`;
  }).join("");
  return written && `<cols>${written}</cols>`;
}

/** One sheet: A4 upright, as wide as the paper and as long as it gets. */
function sheetXml({ rows = [], widths = [] }, shared) {
  return `${HEADER}<worksheet ${MAIN}><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>`
    + `<sheetFormatPr defaultRowHeight="18.75"/>${colsXml(widths ?? [])}`
    + `<sheetData>${rows.map((cells, at) => rowXml(cells, at, shared)).join("")}</sheetData>`
    + '<pageMargins left="0.5" right="0.5" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>'
    + '<pageSetup paperSize="9" fitToWidth="1" fitToHeight="0" orientation="portrait"/>'
    // No green corners at numbers that are names, such as 000001.
    + '<ignoredErrors><ignoredError sqref="A1:XFD1048576" numberStoredAsText="1"/></ignoredErrors></worksheet>';
}

function stylesXml() {
  const looks = NAMES.flatMap((name) => {
    const { format = 0, font = 0, fill = 0, border = 0, align } = STYLES[name];
    return ["", ' quotePrefix="1"'].map((quoted) =>
      `<xf numFmtId="${format}" fontId="${font}" fillId="${fill}" borderId="${border}" xfId="0"${quoted} applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1"><alignment ${align}/></xf>`);
  });
  const list = (name, items) => `<${name} count="${items.length}">${items.join("")}</${name}>`;
  const font = (size, bold) => `<font>${bold ? "<b/>" : ""}<sz val="${size}"/>${FONT}</font>`;
  const edges = ["left", "right", "top", "bottom"];
  return `${HEADER}<styleSheet ${MAIN}>`
    + list("numFmts", [`<numFmt numFmtId="${MONEY}" formatCode="${escape('#,##0"円"')}"/>`])
    + list("fonts", [font(11, false), font(11, true), font(16, true)])
    // The first two are Excel's own, whatever is written there.
    + list("fills", [
      '<fill><patternFill patternType="none"/></fill>',
      '<fill><patternFill patternType="gray125"/></fill>',
      '<fill><patternFill patternType="solid"><fgColor rgb="FFEAF1E4"/><bgColor indexed="64"/></patternFill></fill>',
    ])
    + list("borders", [
      `<border>${edges.map((edge) => `<${edge}/>`).join("")}<diagonal/></border>`,
      `<border>${edges.map((edge) => `<${edge} style="thin">${EDGE}</${edge}>`).join("")}<diagonal/></border>`,
    ])
    + list("cellStyleXfs", ['<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'])
    + list("cellXfs", looks)
    + list("cellStyles", ['<cellStyle name="Normal" xfId="0" builtinId="0"/>'])
    + "</styleSheet>";
}

/** Names that Excel takes: it tells neither case nor width nor kind of kana apart, and History is its own. */
function sheetNames(names) {
  const folded = (name) => name.normalize("NFKC").toLowerCase().replace(/[ァ-ヶ]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0x60));
  const taken = new Set(["history"]);
  const trimmed = (name) => name.replace(/^[\s']+|[\s']+$/g, "");
  return names.map((name) => {
    const wanted = trimmed(clean(String(name ?? "")).replace(/\s+/g, " ").replace(/[[\]:*?/\\]/g, "-").replace(ESCAPED, "-")) || "シート";
    let found = trimmed(cut(wanted, NAME_LIMIT));
    for (let count = 2; taken.has(folded(found)); count += 1) {
      const behind = ` (${count})`;
      found = trimmed(cut(wanted, NAME_LIMIT - behind.length)) + behind;
    }
    taken.add(folded(found));
    return found;
  });
}

function workbookXml(names) {
  const sheets = names.map((name, at) => `<sheet name="${escape(name)}" sheetId="${at + 1}" r:id="rId${at + 1}"/>`).join("");
  return `${HEADER}<workbook ${MAIN} xmlns:r="${RELATED}"><sheets>${sheets}</sheets></workbook>`;
}

/** What belongs to a part: pairs of the kind and the file, by number. */
function relationsXml(parts) {
  const written = parts.map(([kind, target], at) => `<Relationship Id="rId${at + 1}" Type="${RELATED}/${kind}" Target="${target}"/>`);
  return `${HEADER}<Relationships xmlns="${PACKAGED}/relationships">${written.join("")}</Relationships>`;
}

function typesXml(sheets) {
  const parts = [["workbook", "sheet.main"], ["styles", "styles"], ["sharedStrings", "sharedStrings"], ...sheets.map((path) => [path, "worksheet"])];
  return `${HEADER}<Types xmlns="${PACKAGED}/content-types">`
    + '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    + '<Default Extension="xml" ContentType="application/xml"/>'
    + parts.map(([path, kind]) => `<Override PartName="/xl/${path}.xml" ContentType="${KIND}.${kind}+xml"/>`).join("")
    + "</Types>";
}

const CRC = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit += 1) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  return rest;
});

function crc32(bytes) {
  let rest = 0xffffffff;
  for (const byte of bytes) rest = (rest >>> 8) ^ CRC[(rest ^ byte) & 0xff];
  return ~rest >>> 0;
}

/** Null where the browser cannot, or cannot do it without a header. */
async function deflate(bytes) {
  try {
    const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate-raw"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch {
    return null;
  }
}

/** Numbers of two and four bytes behind each other, the small end first: [[2, 20], [4, 0x04034b50]] */
function packed(fields) {
  const bytes = new Uint8Array(fields.reduce((sum, [size]) => sum + size, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [size, value] of fields) {
    if (size === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += size;
  }
  return bytes;
}

function joined(pieces) {
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/** A ZIP of [path, text]; every file is of 1980-01-01, the first day that a ZIP knows. */
async function zip(files) {
  const encoder = new TextEncoder();
  const [pieces, directory] = [[], []];
  let offset = 0;
  for (const [path, text] of files) {
    const [name, bytes] = [encoder.encode(path), encoder.encode(text)];
    const smaller = await deflate(bytes);
    const body = smaller ?? bytes;
    const about = [
      [2, 20], [2, 0], [2, smaller ? 8 : 0], [2, 0], [2, (1 << 5) | 1],
      [4, crc32(bytes)], [4, body.length], [4, bytes.length], [2, name.length], [2, 0],
    ];
    const local = packed([[4, 0x04034b50], ...about]);
    directory.push(packed([[4, 0x02014b50], [2, 20], ...about, [2, 0], [2, 0], [2, 0], [4, 0], [4, offset]]), name);
    pieces.push(local, name, body);
    offset += local.length + name.length + body.length;
  }
  const list = joined(directory);
  const end = packed([[4, 0x06054b50], [2, 0], [2, 0], [2, files.length], [2, files.length], [4, list.length], [4, offset], [2, 0]]);
  return joined([...pieces, list, end]);
}

/**
 * The bytes of a workbook. A sheet is `{ name, rows, widths }`; a cell is null, text, a number, or
 * `{ value, style }` with one of STYLES. `widths` are in letters of the usual font.
 */
export async function xlsx(sheets) {
  // A workbook without a sheet is none.
  const all = sheets.length ? sheets : [{}];
  const paths = all.map((_, at) => `worksheets/sheet${at + 1}`);
  const shared = sharing();
  const written = all.map((sheet, at) => [`xl/${paths[at]}.xml`, sheetXml(sheet, shared)]);
  const relations = [...paths.map((path) => ["worksheet", `${path}.xml`]), ["styles", "styles.xml"], ["sharedStrings", "sharedStrings.xml"]];
  return zip([
    ["[Content_Types].xml", typesXml(paths)],
    ["_rels/.rels", relationsXml([["officeDocument", "xl/workbook.xml"]])],
    ["xl/workbook.xml", workbookXml(sheetNames(all.map(({ name }) => name)))],
    ["xl/_rels/workbook.xml.rels", relationsXml(relations)],
    ["xl/styles.xml", stylesXml()],
    ["xl/sharedStrings.xml", shared.xml()],
    ...written,
  ]);
}
