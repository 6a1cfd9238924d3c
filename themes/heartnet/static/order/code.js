// An order as a text short enough to be handed on: as a link, or as codes printed on the sheet that is faxed.

/** Why a text is no order, in words for the clerk who reads it in. */
export class CodeError extends Error {
  name = "CodeError";
}

/**
 * The most characters of a code on a faxed sheet, and its level: version 13 at 1.1 mm a module, 84.7 mm wide, so that two
 * stand beside each other on A4. Found by trial (tests/browser/order-code.test.mjs): at the standard 204 × 98 dpi, askew
 * and with specks, every code up to version 17 (0.91 mm) was read; with lines lost, thick or thin print and paper that
 * slips only those up to 13. Level Q holds a quarter less and was not read more often.
 */
export const FAX = { characters: 483, level: "M" };

const KINDS = ["order", "quote", "consult"];
const WHO = ["company", "person", "tel", "fax", "email", "address", "wish", "delivery", "note"];
const MOST = { lines: 1000, id: 100, qty: 9_999_999, price: 999_999_999, text: 2000, bytes: 1_000_000, parts: 999 };

const BROKEN = "注文の符号が壊れているか、途中で切れています。もう一度読み取るか、紙面を見て入力してください。";
const WRONG = "注文の符号に、読み取れない値が入っています。紙面を見て入力してください。";

function must(fine, message = WRONG) {
  if (!fine) throw new CodeError(message);
}

const whole = (value, least, most) => Number.isSafeInteger(value) && value >= least && value <= most;
const name = (value) => typeof value === "string" && value.length > 0 && value.length <= MOST.id;

function day(text) {
  if (typeof text !== "string" || !/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return Number.isFinite(time) && new Date(time).toISOString().startsWith(text);
}

const object = (value) => typeof value === "object" && value !== null;

function line(each) {
  must(object(each));
  const { id, variant = "", qty, price = null } = each;
  must(name(id));
  must(variant === "" || name(variant));
  must(whole(qty, 1, MOST.qty), `数量が正しくありません（1〜${MOST.qty.toLocaleString("ja")}の整数）。`);
  must(price === null || whole(price, 0, MOST.price), "価格が正しくありません。");
  return { id, variant, qty, price };
}

/** The order with nothing in it but what belongs there, every field checked: what is packed can be read again. */
function sound({ v, kind, made, lines, who }) {
  must(whole(v, 1, 99));
  must(v === 1, "この符号は、このページより新しい形式で作られています。ページを読み込み直してください。");
  must(KINDS.includes(kind), "注文・見積・相談のどれでもない符号です。");
  must(day(made), "注文書の日付が正しくありません。");
  must(Array.isArray(lines) && lines.length <= MOST.lines, `品目は${MOST.lines.toLocaleString("ja")}行までです。`);
  must(object(who));
  const texts = WHO.map((field) => [field, who[field] === undefined ? "" : who[field]]);
  for (const [, text] of texts) {
    must(typeof text === "string");
    must(text.length <= MOST.text, `ひとつの欄に書けるのは${MOST.text.toLocaleString("ja")}文字までです。`);
  }
  return { v, kind, made, lines: lines.map(line), who: Object.fromEntries(texts) };
}

/** What comes out of a stream of the platform for these bytes; no more than `most` are ever held. */
async function through(bytes, stream, most) {
  let at = 0;
  // Small bites: however far a bite swells, it stays small, and the next is not taken once it is too much.
  const bites = new ReadableStream({
    pull(to) {
      if (at < bytes.length) to.enqueue(bytes.subarray(at, (at += 512)));
      else to.close();
    },
  }, { highWaterMark: 0 });
  const reader = bites.pipeThrough(stream).getReader();
  const pieces = [];
  let length = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    length += next.value.length;
    if (length > most) {
      reader.cancel().catch(() => {});
      throw new CodeError("注文の符号が大きすぎます。");
    }
    pieces.push(next.value);
  }
  const all = new Uint8Array(length);
  let end = 0;
  for (const piece of pieces) {
    all.set(piece, end);
    end += piece.length;
  }
  return all;
}

/** The list without what is empty at its end. */
function trimmed(list) {
  let end = list.length;
  while (end && (list[end - 1] === "" || list[end - 1] === null)) end -= 1;
  return list.slice(0, end);
}

export async function pack(order) {
  const { v, kind, made, lines, who } = sound(order);
  const short = lines.map(({ id, qty, price, variant }) => trimmed([id, qty, price, variant]));
  const json = JSON.stringify([v, kind, made, short, trimmed(WHO.map((field) => who[field]))]);
  const bytes = new TextEncoder().encode(json);
  must(bytes.length <= MOST.bytes, "注文の内容が多すぎて、符号にできません。");
  return through(bytes, new CompressionStream("deflate-raw"), Infinity);
}

export async function unpack(bytes) {
  // What does not shrink grows by a few bytes only.
  must(bytes.length <= MOST.bytes + 1000, "注文の符号が大きすぎます。");
  let list;
  try {
    const json = await through(bytes, new DecompressionStream("deflate-raw"), MOST.bytes);
    list = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(json));
  } catch (error) {
    throw error instanceof CodeError ? error : new CodeError(BROKEN, { cause: error });
  }
  must(Array.isArray(list));
  const [v, kind, made, lines, who] = list;
  must(v !== 1 || (list.length === 5 && Array.isArray(lines) && Array.isArray(who) && who.length <= WHO.length));
  return sound({
    v, kind, made,
    lines: v === 1 && lines.map((each) => {
      must(Array.isArray(each) && each.length >= 2 && each.length <= 4);
      const [id, qty, price, variant] = each;
      return { id, qty, price, variant };
    }),
    who: v === 1 && Object.fromEntries(WHO.map((field, i) => [field, who[i]])),
  });
}

const CRC = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; bit += 1) n = (n >>> 1) ^ (n & 1 ? 0xedb88320 : 0);
  return n;
});

export function crc32(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes) sum = (sum >>> 8) ^ CRC[(sum ^ byte) & 255];
  return (sum ^ 0xffffffff) >>> 0;
}

const hex = (bytes) => crc32(bytes).toString(16).toUpperCase().padStart(8, "0");

function toBase64(bytes) {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

const fromBase64 = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));

/** The whole order in letters that a link or a mail may carry. */
export async function toLink(order) {
  const packed = await pack(order);
  const all = new Uint8Array(packed.length + 4);
  new DataView(all.buffer).setUint32(0, crc32(packed));
  all.set(packed, 4);
  return `HN1L${toBase64(all)}`;
}

export async function fromLink(text) {
  // Mail programs break long lines.
  const letters = String(text).replace(/\s+/g, "");
  must(letters.startsWith("HN1L"), "注文の符号ではありません（「HN1L」で始まる文字列を貼り付けてください）。");
  must(letters.length <= 2 * MOST.bytes, "注文の符号が大きすぎます。");
  const data = letters.slice(4);
  must(/^[\w-]{6,}$/.test(data) && data.length % 4 !== 1, BROKEN);
  const all = fromBase64(data);
  // The last letter holds bits that are no part of a byte: they, too, must be as they were written.
  must(toBase64(all) === data, BROKEN);
  const packed = all.subarray(4);
  must(new DataView(all.buffer).getUint32(0) === crc32(packed), BROKEN);
  return unpack(packed);
}

// Base45 (RFC 9285): two bytes are three characters of the set that QR codes write shortest, the lowest digit first.
const BASE45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

function toBase45(bytes) {
  let text = "";
  for (let i = 0; i < bytes.length; i += 2) {
    const pair = i + 1 < bytes.length;
    const value = pair ? 256 * bytes[i] + bytes[i + 1] : bytes[i];
    text += BASE45[value % 45] + BASE45[Math.floor(value / 45) % 45];
    if (pair) text += BASE45[Math.floor(value / 2025)];
  }
  return text;
}

function fromBase45(text) {
  must(text.length % 3 !== 1, BROKEN);
  const bytes = [];
  for (let i = 0; i < text.length; i += 3) {
    const digits = [...text.slice(i, i + 3)].map((c) => BASE45.indexOf(c));
    const value = digits.reduceRight((sum, digit) => 45 * sum + digit, 0);
    must(!digits.includes(-1) && value < (digits.length === 3 ? 65536 : 256), BROKEN);
    if (digits.length === 3) bytes.push(value >> 8);
    bytes.push(value & 255);
  }
  return Uint8Array.from(bytes);
}

/** The order as texts for QR codes, each of at most `most` characters: HN1:1/2:0123ABCD:…, the sum is that of them all. */
export async function toParts(order, most) {
  const packed = await pack(order);
  const data = toBase45(packed);
  const sum = hex(packed);
  for (let digits = 1; digits <= 3; digits += 1) {
    // Only whole groups of three: none of them ends with a space, which a reader may drop.
    const room = Math.floor((most - `HN1:/:${sum}:`.length - 2 * digits) / 3) * 3;
    if (room < 3) break;
    const count = Math.max(1, Math.ceil(data.length / room));
    if (String(count).length <= digits) {
      return Array.from({ length: count }, (_, i) => `HN1:${i + 1}/${count}:${sum}:${data.slice(i * room, (i + 1) * room)}`);
    }
  }
  throw new CodeError("注文の内容が多すぎて、QRコードに収まりません。");
}

/** The order again, from the texts of its codes in any order. */
export async function fromParts(texts) {
  const found = new Map();
  let total;
  let sum;
  must(texts.length > 0, "QRコードがまだ読み取られていません。");
  for (const text of texts) {
    const part = /^HN1:([1-9]\d{0,2})\/([1-9]\d{0,2}):([0-9A-F]{8}):(.+)$/.exec(String(text).trim());
    must(part && Number(part[1]) <= Number(part[2]), "注文書のQRコードではないものが混ざっています。");
    total ??= Number(part[2]);
    sum ??= part[3];
    must(sum === part[3] && total === Number(part[2]), "別の注文書のQRコードが混ざっています。1件ずつ読み取ってください。");
    const at = Number(part[1]);
    must((found.get(at) ?? part[4]) === part[4], `${total}枚のうち${at}枚目のQRコードが、2度目に違う内容で読み取られました。読み取り直してください。`);
    found.set(at, part[4]);
  }
  const all = Array.from({ length: total }, (_, i) => i + 1);
  const missing = all.filter((at) => !found.has(at));
  must(missing.length === 0, `QRコード${total}枚のうち、${missing.join("・")}枚目がまだ読み取られていません。`);
  const packed = fromBase45(all.map((at) => found.get(at)).join(""));
  must(hex(packed) === sum, BROKEN);
  return unpack(packed);
}
