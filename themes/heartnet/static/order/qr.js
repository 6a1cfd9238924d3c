// QR codes (ISO/IEC 18004): a text becomes black and white modules. Nothing is fetched, nothing is sent.

const ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

/**
 * What the standard lays down for versions 1 to 40: the check bytes of each block and how many blocks there are;
 * `mark` is how the level is written in the format information.
 */
const LEVELS = {
  L: {
    mark: 1,
    check: [7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28, 28, 28, 30, 30, 26, 28, ...Array(14).fill(30)],
    blocks: [1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8, 8, 9, 9, 10, 12, 12, 12, 13, 14, 15, 16, 17, 18, 19, 19, 20, 21, 22, 24, 25],
  },
  M: {
    mark: 0,
    check: [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26, 26, ...Array(19).fill(28)],
    blocks: [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16, 17, 17, 18, 20, 21, 23, 25, 26, 28, 29, 31, 33, 35, 37, 38, 40, 43, 45, 47, 49],
  },
  Q: {
    mark: 3,
    check: [13, 22, 18, 26, 18, 24, 18, 22, 20, 24, 28, 26, 24, 20, 30, 24, 28, 28, 26, 30, 28, 30, 30, 30, 30, 28, ...Array(14).fill(30)],
    blocks: [1, 1, 2, 2, 4, 4, 6, 6, 8, 8, 8, 10, 12, 16, 12, 17, 16, 18, 21, 20, 23, 23, 25, 27, 29, 34, 34, 35, 38, 40, 43, 45, 48, 51, 53, 56, 59, 62, 65, 68],
  },
  H: {
    mark: 2,
    check: [17, 28, 22, 16, 22, 28, 26, 26, 24, 28, 24, 28, 22, 24, 24, 30, 28, 28, 26, 28, 30, 24, ...Array(18).fill(30)],
    blocks: [1, 1, 2, 4, 4, 4, 5, 6, 8, 8, 11, 11, 16, 16, 18, 16, 19, 21, 25, 25, 25, 34, 30, 32, 35, 37, 40, 42, 45, 48, 51, 54, 57, 60, 63, 66, 70, 74, 77, 81],
  },
};

// Row r, column c: where it gives 0, the module is turned over.
const MASKS = [
  (r, c) => (r + c) % 2,
  (r) => r % 2,
  (r, c) => c % 3,
  (r, c) => (r + c) % 3,
  (r, c) => ((r >> 1) + Math.floor(c / 3)) % 2,
  (r, c) => ((r * c) % 2) + ((r * c) % 3),
  (r, c) => (((r * c) % 2) + ((r * c) % 3)) % 2,
  (r, c) => (((r + c) % 2) + ((r * c) % 3)) % 2,
];

const grid = (size) => Array.from({ length: size }, () => new Uint8Array(size));

/** Where the centres of the small squares lie: evenly, from behind, always on even steps. */
function centres(version) {
  if (version === 1) return [];
  const gaps = Math.floor(version / 7) + 1;
  const last = 4 * version + 10;
  const step = version === 32 ? 26 : 2 * Math.ceil((last - 6) / gaps / 2);
  return [6, ...Array.from({ length: gaps }, (_, i) => last - step * (gaps - 1 - i))];
}

const frames = new Map();

/** What is the same in every code of a version: `dark` the modules, `fixed` where no data goes, `room` the bytes that fit. */
function frame(version) {
  if (frames.has(version)) return frames.get(version);
  const size = 17 + 4 * version;
  const dark = grid(size);
  const fixed = grid(size);
  const set = (r, c, value) => {
    if (r < 0 || c < 0 || r >= size || c >= size) return;
    dark[r][c] = value ? 1 : 0;
    fixed[r][c] = 1;
  };
  // Rings around a centre; the one at distance `light` is white.
  const square = (r, c, reach, light) => {
    for (let y = -reach; y <= reach; y += 1) {
      for (let x = -reach; x <= reach; x += 1) {
        const far = Math.max(Math.abs(x), Math.abs(y));
        set(r + y, c + x, far !== light && far !== 4);
      }
    }
  };
  for (let i = 0; i < size; i += 1) {
    set(6, i, i % 2 === 0);
    set(i, 6, i % 2 === 0);
  }
  const at = centres(version);
  const end = at.length - 1;
  at.forEach((r, i) => at.forEach((c, j) => {
    if (!(i === 0 && j === 0) && !(i === 0 && j === end) && !(i === end && j === 0)) square(r, c, 2, 1);
  }));
  for (const [r, c] of [[3, 3], [3, size - 4], [size - 4, 3]]) square(r, c, 4, 2);
  const code = version < 7 ? 0 : checked(version, 12, 0x1f25);
  for (let i = 0; i < 18 && code; i += 1) {
    const [a, b] = [size - 11 + (i % 3), Math.floor(i / 3)];
    set(a, b, (code >> i) & 1);
    set(b, a, (code >> i) & 1);
  }
  for (const [r, c] of format(size).flat()) fixed[r][c] = 1;
  set(size - 8, 8, true);
  const free = fixed.reduce((sum, row) => sum + row.reduce((n, value) => n - value, size), 0);
  const made = { size, dark, fixed, room: Math.floor(free / 8) };
  frames.set(version, made);
  return made;
}

/** Where the 15 bits of the format information go, the lowest first: each in two places. */
const format = (size) => Array.from({ length: 15 }, (_, i) => [
  i < 8 ? [i < 6 ? i : i + 1, 8] : [8, i === 8 ? 7 : 14 - i],
  i < 8 ? [8, size - 1 - i] : [size - 15 + i, 8],
]);

/** A number and behind it the remainder of its division by a polynomial. */
function checked(value, bits, by) {
  let rest = value << bits;
  for (let high = 31 - Math.clz32(by); rest >> high;) rest ^= by << (31 - Math.clz32(rest) - high);
  return (value << bits) | rest;
}

// The field of 256 elements the check bytes are reckoned in.
const EXP = new Uint8Array(510);
const LOG = new Uint8Array(256);
for (let i = 0, value = 1; i < 255; i += 1) {
  EXP[i] = EXP[i + 255] = value;
  LOG[value] = i;
  value = (value << 1) ^ (value & 128 ? 0x11d : 0);
}
const times = (a, b) => (a && b ? EXP[LOG[a] + LOG[b]] : 0);

/** The polynomial with the roots 2⁰ … 2ⁿ⁻¹, without its leading 1. */
function divisor(n) {
  let all = [1];
  for (let i = 0; i < n; i += 1) all = [...all, 0].map((value, at) => value ^ times(all[at - 1] ?? 0, EXP[i]));
  return all.slice(1);
}

function remainder(block, by) {
  const rest = new Uint8Array(block.length + by.length);
  rest.set(block);
  for (let i = 0; i < block.length; i += 1) {
    const lead = rest[i];
    if (lead) for (let j = 0; j < by.length; j += 1) rest[i + 1 + j] ^= times(lead, by[j]);
  }
  return rest.subarray(block.length);
}

/** How many bytes of data a version holds, the check bytes taken away. */
const bytes = (version, level) => frame(version).room - LEVELS[level].check[version - 1] * LEVELS[level].blocks[version - 1];

const plain = (version) => (version < 10 ? 9 : version < 27 ? 11 : 13);

/** How many alphanumeric characters fit. */
export function capacity(version, level) {
  const bits = 8 * bytes(version, level) - 4 - plain(version);
  return 2 * Math.floor(bits / 11) + (bits % 11 >= 6 ? 1 : 0);
}

/** How a text is written: its mode, its length and how long that is written, and its pieces as [value, bits]. */
function written(text) {
  if ([...text].every((c) => ALPHANUMERIC.includes(c))) {
    const pieces = [];
    for (let i = 0; i < text.length; i += 2) {
      const [a, b] = [ALPHANUMERIC.indexOf(text[i]), ALPHANUMERIC.indexOf(text[i + 1] ?? " ")];
      pieces.push(i + 1 < text.length ? [45 * a + b, 11] : [a, 6]);
    }
    return { mode: 2, length: text.length, count: plain, pieces };
  }
  const data = [...new TextEncoder().encode(text)];
  return { mode: 4, length: data.length, count: (version) => (version < 10 ? 8 : 16), pieces: data.map((byte) => [byte, 8]) };
}

/** The bytes of data, filled up to what the version holds. */
function filled({ mode, length, count, pieces }, version, level) {
  const out = new Uint8Array(bytes(version, level));
  let at = 0;
  for (const [value, bits] of [[mode, 4], [length, count(version)], ...pieces]) {
    for (let i = bits - 1; i >= 0; i -= 1, at += 1) out[at >> 3] |= ((value >> i) & 1) << (7 - (at & 7));
  }
  // Four zeros end it, where there is room for them.
  for (let i = Math.ceil(Math.min(at + 4, 8 * out.length) / 8), pad = 0xec; i < out.length; i += 1, pad ^= 0xfd) out[i] = pad;
  return out;
}

/** Cut into blocks, each with its check bytes, and these dealt out in turn. */
function dealt(data, version, level) {
  const { check, blocks } = LEVELS[level];
  const count = blocks[version - 1];
  const by = divisor(check[version - 1]);
  const short = Math.floor(data.length / count);
  // The last ones are a byte longer.
  const start = (i) => i * short + Math.max(0, i - (count - (data.length % count)));
  const parts = Array.from({ length: count }, (_, i) => data.subarray(start(i), start(i + 1)));
  const checks = parts.map((part) => remainder(part, by));
  const out = [];
  for (let i = 0; i <= short; i += 1) for (const part of parts) if (i < part.length) out.push(part[i]);
  for (let i = 0; i < by.length; i += 1) for (const part of checks) out.push(part[i]);
  return out;
}

/** The modules in the order they are filled: two columns at a time from the right, upwards and downwards by turns. */
function path({ size, fixed }) {
  const way = [];
  for (let right = size - 1, up = true; right > 0; right -= 2, up = !up) {
    if (right === 6) right = 5;
    for (let i = 0; i < size; i += 1) {
      const r = up ? size - 1 - i : i;
      for (const c of [right, right - 1]) if (!fixed[r][c]) way.push([r, c]);
    }
  }
  return way;
}

/** How hard a code is to read: long runs, blocks, what looks like a corner, too dark or too light. */
function penalty(rows) {
  const size = rows.length;
  let points = 0;
  let dark = 0;
  const line = (get) => {
    for (let i = 0, run = 0, last = -1, seen = 0x7ff; i < size; i += 1) {
      const value = get(i);
      run = value === last ? run + 1 : 1;
      last = value;
      if (run >= 5) points += run === 5 ? 3 : 1;
      seen = ((seen << 1) | value) & 0x7ff;
      if (i >= 10 && (seen === 0b10111010000 || seen === 0b00001011101)) points += 40;
    }
  };
  for (let r = 0; r < size; r += 1) {
    const row = rows[r];
    line((c) => row[c]);
    line((c) => rows[c][r]);
    for (let c = 0; c < size; c += 1) {
      dark += row[c];
      if (r && c && row[c] === row[c - 1] && row[c] === rows[r - 1][c] && row[c] === rows[r - 1][c - 1]) points += 3;
    }
  }
  return points + 10 * Math.floor(Math.abs((20 * dark) / size ** 2 - 10));
}

function masked({ size, dark }, way, data, mask, level) {
  const rows = dark.map((row) => row.slice());
  way.forEach(([r, c], i) => {
    const bit = i >> 3 < data.length ? (data[i >> 3] >> (7 - (i & 7))) & 1 : 0;
    rows[r][c] = bit ^ (MASKS[mask](r, c) === 0 ? 1 : 0);
  });
  const bits = checked((LEVELS[level].mark << 3) | mask, 10, 0x537) ^ 0x5412;
  format(size).forEach((places, i) => { for (const [r, c] of places) rows[r][c] = (bits >> i) & 1; });
  return rows;
}

/** A text as a code of the smallest version up to `most` that holds it, without the quiet zone; null where none does. */
export function qr(text, { level = "M", most = 22 } = {}) {
  const words = written(text);
  const bits = words.pieces.reduce((sum, piece) => sum + piece[1], 4);
  let version = 1;
  while (version <= most && bits + words.count(version) > 8 * bytes(version, level)) version += 1;
  if (version > most) return null;
  const base = frame(version);
  const data = dealt(filled(words, version, level), version, level);
  const way = path(base);
  const best = MASKS.map((_, mask) => masked(base, way, data, mask, level))
    .map((rows) => ({ rows, points: penalty(rows) }))
    .reduce((a, b) => (b.points < a.points ? b : a));
  return { size: base.size, rows: best.rows };
}

const escaped = (text) => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

/** A code as a drawing, with the quiet zone of four modules; black on white in dark colours, too. */
export function svg({ size, rows }, { label = "" } = {}) {
  let black = "";
  rows.forEach((row, r) => {
    for (let c = 0, run; c < size; c += run) {
      for (run = 1; c + run < size && row[c + run] === row[c];) run += 1;
      if (row[c]) black += `M${c + 4} ${r + 4}h${run}v1h-${run}z`;
    }
  });
  const all = size + 8;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${all} ${all}" role="img" aria-label="${escaped(label)}">` +
    `<path fill="#fff" d="M0 0h${all}v${all}H0z"/><path fill="#000" shape-rendering="crispEdges" d="${black}"/></svg>`;
}
