// Orders as codes: what is packed comes back, what was changed on its way is refused, and the QR codes are read by
// somebody else's reader (jsqr), also as they arrive by FAX.
import { test } from "node:test";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { deflateRawSync } from "node:zlib";
import jsQR from "jsqr";
import { capacity, qr, svg } from "../../themes/heartnet/static/order/qr.js";
import { CodeError, FAX, crc32, fromLink, fromParts, pack, toLink, toParts, unpack } from "../../themes/heartnet/static/order/code.js";

const SET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const NAMES = ["company", "person", "tel", "fax", "email", "address", "wish", "delivery", "note"];
const nobody = Object.fromEntries(NAMES.map((name) => [name, ""]));

/** Chance that is the same at every run. */
function chance(seed) {
  let state = Math.imul(seed, 0x9e3779b1) | 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  for (let i = 0; i < 10; i += 1) next();
  return { next, below: (n) => Math.floor(next() * n), of: (list) => list[Math.floor(next() * list.length)] };
}

const PIECES = ["髙﨑", "𠮷野家", "👩‍🦽", "😀", "クッキー", "ｶﾅ", "\n", "\"", "\\", "'", "<b>", "&", " ", "が", "か\u3099", "0", "a-b_c", "\u0000", "\ufeff", "‮"];
const words = ({ below, of }, most) => Array.from({ length: below(most) }, () => of(PIECES)).join("");

function random(dice, lines = dice.below(30)) {
  const { below, of } = dice;
  const date = new Date(Date.UTC(2026, 0, 1 + below(2000))).toISOString().slice(0, 10);
  return {
    v: 1,
    kind: of(["order", "quote", "consult"]),
    made: date,
    lines: Array.from({ length: lines }, () => ({
      id: `${of(["kobo", "hikari", "sazanami"])}-${below(1e6).toString(36)}`,
      variant: of(["", "", "L", "赤"]),
      qty: 1 + below(of([9, 500, 9_999_999])),
      price: of([null, below(3000), below(1_000_000_000)]),
    })),
    who: Object.fromEntries(NAMES.map((name) => [name, words(dice, of([1, 5, 40]))])),
  };
}

const small = {
  v: 1, kind: "order", made: "2026-11-29",
  lines: [{ id: "kobo-cookie", variant: "", qty: 120, price: 350 }, { id: "kobo-towel", variant: "blue", qty: 3, price: null }],
  who: { ...nobody, company: "髙﨑商店", person: "山﨑 𠮷子😀", tel: "03-0000-0000", note: "のし「御礼」\n\"二重\" <b>&" },
};

/** Refused, in words for a clerk. */
const refused = (promise, about = /[ぁ-ん]/) => assert.rejects(promise, (error) => {
  assert.ok(error instanceof CodeError, String(error.stack));
  assert.match(error.message, /[ぁ-ん]/);
  assert.match(error.message, about);
  return true;
});

const raw = (value) => new Uint8Array(deflateRawSync(Buffer.from(typeof value === "string" ? value : JSON.stringify(value))));

test("CRC-32 is that of everybody", () => {
  assert.equal(crc32(new TextEncoder().encode("123456789")), 0xcbf43926);
  assert.equal(crc32(new Uint8Array()), 0);
});

test("an order comes back as it was", async () => {
  const orders = [small, { ...small, lines: [], who: nobody, kind: "consult" }, random(chance(3), 300), random(chance(4), 1000)];
  for (let seed = 10; seed < 130; seed += 1) orders.push(random(chance(seed)));
  for (const order of orders) {
    assert.deepEqual(await unpack(await pack(order)), order);
    const link = await toLink(order);
    assert.match(link, /^HN1L[\w-]+$/);
    assert.deepEqual(await fromLink(link), order);
    assert.deepEqual(await fromLink(` ${link.replace(/.{70}/g, "$&\r\n")} `), order);
    const parts = await toParts(order, FAX.characters);
    for (const part of parts) {
      assert.ok(part.length <= FAX.characters && [...part].every((c) => SET.includes(c)) && part === part.trim(), part);
    }
    // All but the last are as full as groups of three let them be.
    for (const part of parts.slice(0, -1)) assert.ok(part.length > FAX.characters - 8, `${part.length}`);
    assert.deepEqual(await fromParts([...parts.reverse(), parts[0], ` ${parts[0]}\r\n`]), order);
  }
});

test("what is missing is empty, what does not belong there stays behind", async () => {
  const loose = { v: 1, kind: "quote", made: "2026-11-29", lines: [{ id: "a", qty: 1, more: 1 }], who: { tel: "1", card: "2" }, more: 1 };
  const strict = { v: 1, kind: "quote", made: "2026-11-29", lines: [{ id: "a", variant: "", qty: 1, price: null }], who: { ...nobody, tel: "1" } };
  assert.deepEqual(await unpack(await pack(loose)), strict);
  assert.deepEqual(await unpack(raw([1, "quote", "2026-11-29", [["a", 1]], ["", "", "1"]])), strict);
});

test("base45 is that of RFC 9285", async () => {
  // The letters of the RFC are those of QR codes: every part is read by an own reading of it.
  const [part] = await toParts(small, 4000);
  const [, sum, data] = /^HN1:1\/1:([0-9A-F]{8}):(.+)$/.exec(part);
  const bytes = data.match(/.{2,3}/g).flatMap((group) => {
    const value = [...group].reduce((all, c, i) => all + SET.indexOf(c) * 45 ** i, 0);
    return group.length === 3 ? [value >> 8, value & 255] : [value];
  });
  assert.deepEqual(bytes, [...await pack(small)]);
  assert.equal(parseInt(sum, 16), crc32(bytes));
});

test("a value that cannot be is refused, packed or read", async () => {
  const lines = (...values) => [1, "order", "2026-11-29", [values], []];
  for (const list of [
    null, {}, "a", [], [2, "order", "2026-11-29", [], []], [1, "gift", "2026-11-29", [], []], [1, "order", "2026-02-30", [], []],
    [1, "order", "29.11.2026", [], []], [1, "order", 5, [], []], [1, "order", "2026-11-29", {}, []], [1, "order", "2026-11-29", [], {}],
    [1, "order", "2026-11-29", []], [1, "order", "2026-11-29", [], [], 1], [1, "order", "2026-11-29", [null], []], ["1", "order", "2026-11-29", [], []],
    lines(), lines("a"), lines("a", 0), lines("a", -1), lines("a", 1.5), lines("a", "1"), lines("a", 10_000_000), lines("a", null), lines("", 1),
    lines(5, 1), lines("x".repeat(101), 1), lines("a", 1, -1), lines("a", 1, 1e9), lines("a", 1, "5"), lines("a", 1, 0.5), lines("a", 1, 5, null),
    lines("a", 1, 5, 6), lines("a", 1, 5, "x".repeat(101)), lines("a", 1, 5, "b", 1),
    [1, "order", "2026-11-29", Array(1001).fill(["a", 1]), []], [1, "order", "2026-11-29", [], [5]], [1, "order", "2026-11-29", [], [null]],
    [1, "order", "2026-11-29", [], ["x".repeat(2001)]], [1, "order", "2026-11-29", [], Array(10).fill("")],
  ]) await refused(unpack(raw(list)));
  await refused(unpack(raw([2, "order"])), /新しい形式/);
  await refused(pack({ ...small, kind: "gift" }), /注文・見積・相談/);
  await refused(pack({ ...small, lines: [{ id: "a", variant: "", qty: 0, price: 1 }] }), /数量/);
  await refused(pack({ ...small, who: { ...nobody, note: "x".repeat(2001) } }), /2,000文字/);
  // The largest that may be.
  const large = [1, "order", "2026-11-29", [["x".repeat(100), 9_999_999, 999_999_999, "y".repeat(100)]], Array(9).fill("あ".repeat(2000))];
  assert.equal((await unpack(raw(large))).lines[0].qty, 9_999_999);
});

test("what was changed on its way is refused", async () => {
  const { below, next } = chance(7);
  const link = await toLink(small);
  const parts = await toParts(small, 120);
  assert.ok(parts.length >= 3);
  for (let at = 0; at < link.length; at += 1) {
    await refused(fromLink(link.slice(0, at)));
    await refused(fromLink(link.slice(0, at) + (link[at] === "A" ? "B" : "A") + link.slice(at + 1)));
  }
  for (const text of ["", "HN1L", `${link}A`, `${link}==`, link.toLowerCase(), "注文", null]) await refused(fromLink(text));
  for (let at = 0; at < parts[1].length; at += 1) {
    const other = parts[1].slice(0, at) + SET[(SET.indexOf(parts[1][at]) + 1 + below(43)) % 45] + parts[1].slice(at + 1);
    await refused(fromParts([parts[0], other, ...parts.slice(2)]));
  }
  const swapped = parts.map((part) => part.replace(/:[12]\//, (k) => (k === ":1/" ? ":2/" : ":1/")));
  await refused(fromParts(swapped));
  const packed = await pack(small);
  for (let round = 0; round < 300; round += 1) {
    const bytes = round % 2 ? packed.slice(0, below(packed.length)) : Uint8Array.from({ length: below(200) }, () => below(256));
    await refused(unpack(bytes));
    // Without its sum a changed byte may give another order, but never anything else.
    const changed = packed.slice();
    changed[below(changed.length)] ^= 1 << Math.floor(8 * next());
    await unpack(changed).catch((error) => assert.ok(error instanceof CodeError, String(error.stack)));
  }
  await refused(unpack(raw(Buffer.from([0xff, 0xfe]).toString("latin1").padStart(5, "["))));
});

test("codes that are missing, of others or of no order are named", async () => {
  const one = await toParts(random(chance(1), 40), 300);
  const other = await toParts(random(chance(2), 40), 300);
  assert.ok(one.length > 3);
  await refused(fromParts(one.filter((_, i) => i !== 1 && i !== 2)), /2・3枚目/);
  await refused(fromParts([...one, other[0]]), /別の注文書/);
  await refused(fromParts([one[0], "https://example.jp/"]), /ではないもの/);
  await refused(fromParts([]), /まだ/);
  await refused(fromParts([one[0], one[0].slice(0, -3)]), /2度目/);
  await refused(toParts(random(chance(1), 300), 24), /収まりません/);
  await refused(toParts(small, 10), /収まりません/);
  // Ten and more: the head is longer, none is too long.
  for (const most of [40, 60, 100, 200]) {
    const parts = await toParts(random(chance(5), 40), most);
    assert.ok(parts.every((part) => part.length <= most));
    assert.deepEqual(await fromParts(parts), random(chance(5), 40));
  }
});

test("a bomb is refused while it swells, not after", async (t) => {
  const real = globalThis.DecompressionStream;
  let seen = 0;
  t.after(() => { globalThis.DecompressionStream = real; });
  globalThis.DecompressionStream = class {
    constructor(kind) {
      const { readable, writable } = new real(kind);
      const count = new TransformStream({ transform(piece, to) { seen += piece.length; to.enqueue(piece); } });
      Object.assign(this, { writable, readable: readable.pipeThrough(count) });
    }
  };
  const bomb = raw(" ".repeat(100_000_000));
  await refused(unpack(bomb), /大きすぎます/);
  assert.ok(seen > 0 && seen < 3_000_000, `${seen} bytes`);
  await refused(unpack(raw(`${" ".repeat(1_000_000)}[]`)), /大きすぎます/);
  await refused(unpack(new Uint8Array(1_100_000)), /大きすぎます/);
  await refused(unpack(raw("[".repeat(900_000))));
  await refused(fromLink(`HN1L${"A".repeat(3_000_000)}`), /大きすぎます/);
});

/** A code as the pixels of a picture. */
function pixels({ size, rows }, scale) {
  const width = (size + 8) * scale;
  const dots = new Uint8Array(width * width);
  for (let i = 0; i < dots.length; i += 1) {
    dots[i] = rows[Math.floor(i / width / scale) - 4]?.[Math.floor((i % width) / scale) - 4] ?? 0;
  }
  return { dots, width, height: width };
}

function read({ dots, width, height }) {
  const rgba = new Uint8ClampedArray(4 * dots.length);
  rgba.fill(255);
  for (let i = 0; i < dots.length; i += 1) if (dots[i]) rgba.fill(0, 4 * i, 4 * i + 3);
  return jsQR(rgba, width, height, { inversionAttempts: "dontInvert" })?.data;
}

const full = ({ of }, length) => Array.from({ length }, () => of([...SET])).join("");

test("QR codes of all levels are read by another reader", () => {
  const dice = chance(11);
  for (const level of "LMQH") {
    for (const version of [1, 2, 6, 7, 9, 10, 13, 17, 22]) {
      const text = full(dice, capacity(version, level));
      const code = qr(text, { level, most: version });
      assert.equal(code.size, 17 + 4 * version);
      assert.equal(code.rows.length, code.size);
      assert.equal(read(pixels(code, 3)), text, `${version}-${level}`);
      assert.equal(qr(`${text}A`, { level, most: version }), null);
      assert.equal(qr(`${text}A`, { level, most: version + 1 }).size, code.size + 4);
    }
  }
  for (const text of ["A", "a", "", "髙﨑 さん 😀", "https://example.jp/#HN1L_-", "x".repeat(700)]) assert.equal(read(pixels(qr(text), 3)), text);
  assert.deepEqual([capacity(1, "L"), capacity(1, "H"), capacity(10, "M"), capacity(40, "L"), capacity(40, "H")], [25, 10, 311, 4296, 1852]);
});

test("QR codes are the same, module by module, as those of python-qrcode 8.2", () => {
  // Both were compared once in all versions, levels and modes; this is the sum of what was the same then.
  const sum = createHash("sha256");
  for (const level of "LMQH") {
    for (const version of [1, 2, 5, 7, 10, 13, 14, 18, 22, 27, 32, 36, 40]) {
      for (const letter of ["A", "a"]) {
        const length = letter === "A" ? capacity(version, level) - 2 : Math.floor((capacity(version, level) * 5.5 - 20) / 8);
        sum.update(qr(letter.repeat(Math.max(1, length)), { level, most: 40 }).rows.map((row) => row.join("")).join("\n"));
      }
    }
  }
  assert.equal(sum.digest("hex"), "e6ebaec23c6167c58d143aa61c96e608dc698e629497d03deddbc862f639af26");
});

test("a code is drawn with its quiet zone, and its name does not break out", () => {
  const code = qr("HN1", { level: "L" });
  const drawn = svg(code, { label: "注文 \"1\" <2> & '3'" });
  assert.match(drawn, /^<svg [^<>]* viewBox="0 0 29 29" role="img" aria-label="注文 &#34;1&#34; &#60;2&#62; &#38; &#39;3&#39;">/);
  assert.match(drawn, /shape-rendering="crispEdges"/);
  const rows = Array.from({ length: 29 }, () => new Uint8Array(29));
  for (const [, x, y, run] of drawn.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) rows[y].fill(1, Number(x), Number(x) + Number(run));
  assert.deepEqual(rows.slice(4, 25).map((row) => row.slice(4, 25)), code.rows);
  assert.equal(rows.flatMap((row) => [...row]).filter(Boolean).length, code.rows.flatMap((row) => [...row]).filter(Boolean).length);
});

const MODULE = 1.1;
const ACROSS = 204;
const DOWN = 98;

/** A code on paper, `turn` degrees askew, as a FAX of standard resolution sends it: black or white, with specks. */
function faxed({ size, rows }, turn, { next }) {
  const [cos, sin] = [Math.cos((turn * Math.PI) / 180), Math.sin((turn * Math.PI) / 180)];
  const wide = (size + 8) * MODULE + 12;
  const [width, height] = [Math.ceil((wide * ACROSS) / 25.4), Math.ceil((wide * DOWN) / 25.4)];
  const [step, fall] = [25.4 / ACROSS, 25.4 / DOWN];
  const [left, top] = [next(), next()];
  // The scanner's own idea of black.
  const black = 0.4 + 0.2 * next();
  const dots = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      // A dot is as dark as what lies below it: 2 × 5 places of it are looked at.
      let dark = 0;
      for (let i = 0; i < 10; i += 1) {
        const u = (x + left + ((i % 2) + 0.5) / 2) * step - wide / 2;
        const v = (y + top + ((i % 5) + 0.5) / 5) * fall - wide / 2;
        const r = Math.floor((v * cos - u * sin) / MODULE + size / 2);
        const c = Math.floor((u * cos + v * sin) / MODULE + size / 2);
        if (r >= 0 && c >= 0 && r < size && c < size) dark += rows[r][c];
      }
      dots[y * width + x] = next() < 0.003 ? Math.round(next()) : Number(dark > 10 * black);
    }
  }
  return { dots, width, height };
}

/** As the reader makes it ready: stretched to square dots, and each made what most of the nine around it are: jsqr stumbles over specks. */
function ready({ dots, width, height }) {
  const tall = Math.round((height * ACROSS) / DOWN);
  const square = new Uint8Array(width * tall);
  for (let y = 0; y < tall; y += 1) {
    const at = Math.min(height - 1, Math.max(0, ((y + 0.5) * height) / tall - 0.5));
    const [above, part] = [Math.floor(at), at % 1];
    const below = Math.min(height - 1, above + 1);
    for (let x = 0; x < width; x += 1) {
      square[y * width + x] = Number(dots[above * width + x] * (1 - part) + dots[below * width + x] * part >= 0.5);
    }
  }
  const clean = square.slice();
  for (let y = 1; y < tall - 1; y += 1) {
    for (let x = 1; x < width - 1; x += 1) {
      let sum = 0;
      for (let at = (y - 1) * width + x; at <= (y + 1) * width + x; at += width) sum += square[at - 1] + square[at] + square[at + 1];
      clean[y * width + x] = Number(sum > 4);
    }
  }
  return { dots: clean, width, height: tall };
}

test("a code on a faxed sheet is read, askew and with specks", async () => {
  for (let seed = 1; seed <= 40; seed += 1) {
    const dice = chance(seed);
    const [part] = await toParts(random(dice, 40), FAX.characters);
    assert.ok(part.length > FAX.characters - 8);
    const code = qr(part, { level: FAX.level });
    assert.ok((code.size + 8) * MODULE <= 85, "two beside each other on A4");
    const turn = dice.of([-1, 1]) * (seed % 3);
    assert.equal(read(ready(faxed(code, turn, dice))), part, `order ${seed}, ${turn} degrees`);
  }
});
