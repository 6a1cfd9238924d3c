// Asks the index that the build has written (src/search): pairs of letters, and which documents hold them.
import { SPELLINGS, fold } from "./fold.js";

/** Scores of a word: in a name, among the words one could filter by, in a text. A synonym counts one less. */
const SCORES = [6, 4, 2];
/** With fewer results than a page shows, other spellings are looked for as well. */
const FEW = 10;
/** Compressed bytes that a word may cost beyond what it needs at least, to be matched more exactly: on a large site
 * more stands by chance in one document, and lists are longer. */
const spare = (slots) => Math.max(4000, slots / 5);
/** What asking for one more file costs, in bytes. */
const ASKING = 500;
/** Pairs of a word from which on each second one is enough to choose from. */
const LONG = 11;
/** Letters of a query that are looked at. */
const LONGEST = 120;
/** A browser does not ask again for a module that it could not get; under another address it does. */
const NEAR = [() => import("./near.js"), () => import("./near.js?2"), () => import("./near.js?3")];
/** Words that are written in several ways. */
const VARIED = new RegExp(SPELLINGS.flat().join("|"));
const PART = /[\p{Alphabetic}\p{N}・\-/&.%+'#@×:()]+/gu;

const half = (letter) => { const code = letter.codePointAt(0); return code > 0xffff ? 0xe000 + (code & 0xfff) : code; };
const pair = (a, b) => ((half(a) << 16) | (b ? half(b) : 0)) >>> 0;
/** What follows a pair, as the build numbers it: the low eight bits are of the first letter. */
const after = (next, second) => {
  const [a, b] = [half(next), second ? half(second) : 0];
  return ((a ^ (a >> 8)) & 0xff) | (((b ^ (b >> 3) ^ (b >> 6)) & 7) << 8);
};

/** How many codes come behind a first one, which then is none itself. */
const several = (first) => (first > 199 && first < 255 ? first - 200 : 0);

/** Numbers of seven bits a byte, one after the other. */
function numbers(bytes) {
  let at = 0;
  const next = () => {
    let number = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      number |= (byte & 0x7f) << shift;
      if (byte < 0x80) return number >>> 0;
    }
  };
  next.take = (count) => bytes.subarray(at, (at += count));
  /** What follows a pair in so many documents. */
  next.codes = (count) => {
    const from = at;
    for (; count > 0; count -= 1) at += several(bytes[at]) + 1;
    return bytes.subarray(from, at);
  };
  return next;
}

const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** The tree of a directory: `[bit, without, with]`, or where a file is and how large. */
function tree(bytes) {
  let at = 0;
  const node = () => {
    const first = bytes[at++];
    if (first < 0x80) return [first, node(), node()];
    return { name: hex(bytes.subarray(at, (at += 4))), size: 64 * 2 ** ((first & 0x7f) / 8) };
  };
  return node();
}

function leaf(node, key) {
  let found = node;
  while (found.length) found = found[(key >>> (31 - found[0])) & 1 ? 2 : 1];
  return found;
}

/** A file of lists: by key its documents in names, words and texts, with their places and what follows. */
function lists(bytes) {
  const next = numbers(bytes);
  const keys = new Map();
  let key = 0;
  for (let left = next(); left > 0; left -= 1) {
    key = (key + next()) >>> 0;
    const counts = [next(), next(), next()];
    keys.set(key, { counts, usual: key & 0xffff ? next.take(next() * 2) : null });
  }
  const all = [...keys.values()];
  const column = (count, from = 0) => {
    const values = new Uint32Array(count);
    for (let at = 0, sum = 0; at < count; at += 1) values[at] = from ? (sum += next()) : next();
    return values;
  };
  for (const entry of all) entry.docs = entry.counts.map((count) => column(count, 1));
  // One letter alone is nowhere in particular, and nothing follows it.
  const pairs = all.filter(({ usual }) => usual);
  for (const entry of pairs) entry.places = column(entry.counts[0]);
  for (const entry of pairs) entry.rests = column(entry.counts[0]);
  for (const entry of pairs) entry.next = entry.counts.map(next.codes);
  return keys;
}

/** Calls back with the place in its list of each document of a key that is followed by the wanted letters. */
function follow({ counts, next, usual }, place, [letter, second], found) {
  const codes = letter && next?.[place];
  const wanted = new Uint8Array(256);
  const [code, mask] = codes ? [after(letter, second), second ? 0x7ff : 0xff] : [];
  for (let at = 0; at < usual?.length; at += 2) if (((usual[at] << 8) + usual[at + 1] & mask) === code) wanted[at / 2] = 1;
  wanted[255] = 1;
  for (let at = 0, i = 0; at < counts[place]; at += 1) {
    let is = !codes;
    for (const end = i + several(codes?.[i]); i <= end; i += 1) is |= wanted[codes?.[i]];
    if (is) found(at);
  }
}

/** A query as words to find and words to leave out. `"…"` is meant as it is written, `-` leaves out. What is in a
 * `phrase` is here known word by word only. */
export function parse(query) {
  // The key of the minus gives ー while kana are typed; no second word begins with it.
  const found = [...fold(query.replace(/[“”„‟]/g, '"')).slice(0, LONGEST).matchAll(/(-|(?<=\s)ー|)(?:"([^"]+)"?|([^\s"]+))/g)];
  const words = found.map(([, not, quoted, plain]) => ({ not: !!not, exact: !plain, text: (quoted ?? plain).trim(), phrase: /[^\p{Alphabetic}\p{N}]/u.test(quoted) }));
  return words.filter(({ text }) => /[\p{Alphabetic}\p{N}]/u.test(text));
}

const raise = ({ docs, scores }, doc, score) => {
  if (!scores[doc]) docs.push(doc);
  scores[doc] = Math.max(scores[doc], score);
};

class Index {
  constructor(url) {
    this.url = url;
    this.kept = new Map();
  }

  /** What was asked for once is not asked for again, unless it failed. */
  keep(name, make) {
    if (!this.kept.has(name)) this.kept.set(name, make().catch((error) => { this.kept.delete(name); throw error; }));
    return this.kept.get(name);
  }

  async fetch(path, cache) {
    // A site that does not answer must not keep the others waiting for ever.
    const answer = await fetch(new URL(path, this.url), { cache, signal: AbortSignal.timeout(15_000) });
    if (!answer.ok) throw Error(answer.status);
    return answer;
  }

  async bytes(path) {
    const { body } = await this.fetch(path);
    return new Uint8Array(await new Response(body.pipeThrough(new DecompressionStream("deflate-raw"))).arrayBuffer());
  }

  file(name, read) {
    return this.keep(name, async () => read(await this.bytes(`${name.slice(0, 2)}/${name.slice(2)}.bin`)));
  }

  facets() {
    return this.file(this.root.facets, (bytes) => JSON.parse(new TextDecoder().decode(bytes)));
  }

  /** One number for each document; -1 where it is not known. */
  column(name) {
    return this.file(this.root.columns[name], (bytes) => {
      const next = numbers(bytes);
      return Int32Array.from({ length: this.root.slots }, () => next() - 1);
    });
  }

  /** Several numbers for each document: those of `at` are `of[start[at]]` to `of[start[at + 1]]`. */
  lists(name) {
    return this.file(this.root.columns[name], (bytes) => {
      const next = numbers(bytes);
      const start = new Uint32Array(this.root.slots + 1);
      const of = [];
      for (let at = 0; at < this.root.slots; at += 1) {
        for (let left = next(); left > 0; left -= 1) of.push(next());
        start[at + 1] = of.length;
      }
      return { start, of: Uint32Array.from(of) };
    });
  }

  /** The files of some keys; their directories are loaded first. */
  files(keys) {
    return Promise.all(keys.map(async (key) => leaf(await this.file(leaf(this.dirs, key).name, tree), key)));
  }

  /** What is known of each pair of neighbours. */
  async entries(letters) {
    const keys = letters.slice(1).map((letter, at) => pair(letters[at], letter));
    const files = await this.files(keys);
    return Promise.all(files.map(async ({ name }, at) => (await this.file(name, lists)).get(keys[at])));
  }

  /** What of a word is asked for: enough pairs to see each of its letters, the cheapest ones, and some more. */
  choose(text) {
    return this.keep(`? ${text}`, () => this.chosen(text));
  }

  async chosen(text) {
    const asked = [];
    for (const { 0: run, index } of text.matchAll(PART)) {
      const letters = [...run];
      const one = letters.length === 1;
      if (one && !/[\p{Alphabetic}\p{N}]/u.test(run)) continue;
      const last = letters.length - 2;
      const steps = one ? [0] : letters.slice(1).map((_, at) => at).filter((at) => last < LONG || at % 2 === 0 || at === last);
      const offset = [...text.slice(0, index)].length;
      const pairs = steps.map((at) => ({ key: pair(letters[at], letters[at + 1]), at: offset + at, next: letters.slice(at + 2, at + 4) }));
      const files = await this.files(pairs.map(({ key }) => key));
      files.forEach(({ name, size }, at) => { Object.assign(pairs[at], { name, cost: this.kept.has(name) ? 0 : size + ASKING }); });
      // The cheapest way to the end of the run; a pair with what follows it sees four
      // letters, of which one belongs to the next pair as well.
      const best = [{ cost: 0, way: [] }];
      for (let end = 1; end <= letters.length; end += 1) {
        const ways = pairs.flatMap((pair, at) => (at < end && end <= at + 3 ? [{ cost: best[at].cost + pair.cost, way: [...best[at].way, pair] }] : []));
        // Pairs may overlap: what reaches further reaches here too.
        best[end] = ways.sort((a, b) => a.cost - b.cost)[0] ?? best[end - 1];
      }
      const chosen = new Set(best.at(-1).way);
      let left = spare(this.root.slots);
      for (const more of pairs.filter((pair) => !chosen.has(pair)).sort((a, b) => a.cost - b.cost)) {
        if ((left -= more.cost) >= 0) chosen.add(more);
      }
      asked.push(...chosen);
    }
    return Promise.all(asked.map(async (pair) => ({ ...pair, entry: (await this.file(pair.name, lists)).get(pair.key) })));
  }

  /** Scores of all documents for one word, and lengths of names that it stands at the beginning of. */
  async match(text, less = 0, into = { docs: [], scores: new Uint8Array(this.root.slots), lengths: new Map() }) {
    const asked = await this.choose(text);
    if (asked.some(({ entry }) => !entry) || asked.length === 0) return into;
    // In texts and words each pair must be there.
    for (const place of [2, 1]) {
      const seen = new Uint8Array(this.root.slots);
      for (const { entry, next } of asked) follow(entry, place, next, (at) => {
        const doc = entry.docs[place][at];
        if ((seen[doc] += 1) === asked.length) raise(into, doc, SCORES[place] - less);
      });
    }
    // In names each must be at its place.
    let starts = null;
    asked.sort((a, b) => !a.entry.usual - !b.entry.usual || a.entry.counts[0] - b.entry.counts[0]);
    for (const { entry, at: offset, next } of asked) {
      const found = new Map();
      if (entry.usual) {
        follow(entry, 0, next, (at) => {
          const place = entry.places[at] >> 1;
          // Document, name or reading, and where in it the word begins.
          const start = (entry.docs[0][at] * 2 + (entry.places[at] & 1)) * 4096 + place - offset;
          if (place >= offset && (!starts || starts.has(start))) found.set(start, place + entry.rests[at]);
        });
      } else {
        const docs = new Set(entry.docs[0]);
        for (const [start, length] of starts ?? [...docs].map((doc) => [doc * 8192, 0])) if (docs.has(Math.floor(start / 8192))) found.set(start, length);
      }
      starts = found;
    }
    for (const [start, length] of starts) {
      const doc = Math.floor(start / 8192);
      raise(into, doc, SCORES[0] - less);
      if (!into.lengths.has(doc)) into.lengths.set(doc, new Set());
      into.lengths.get(doc).add(length);
    }
    return into;
  }

  /** Words that mean the same, and the word itself. */
  same(text) {
    return [...new Set([text, ...this.root.synonyms.filter((family) => family.includes(text)).flat()])];
  }

  /** A word with all that means the same, unless it is meant as it is written. */
  async mean({ text, exact }, places) {
    const found = await this.match(text);
    if (exact) return found;
    for (const other of this.same(text).slice(1)) await this.match(other, 1, found);
    if (places) await this.there(text, found);
    return found;
  }

  /** A word that names an area also means what is made there. */
  async there(text, found) {
    const named = this.root.places.filter(([name]) => name === text).map(([, area]) => area);
    if (named.length === 0) return;
    const [{ area }, { start, of }] = await Promise.all([this.facets(), this.lists("area")]);
    const within = (at) => at >= 0 && (named.includes(at) || within(area[at][2]));
    for (let doc = 0; doc < this.root.slots; doc += 1) {
      for (let at = start[doc]; at < start[doc + 1]; at += 1) if (within(of[at])) raise(found, doc, SCORES[1]);
    }
  }

  /** Documents that have all words, best first; into `grades` how good each is. */
  async rank(words, places, grades = []) {
    const wanted = words.filter(({ not }) => !not);
    const [found, without] = await Promise.all([
      Promise.all(wanted.map((word) => this.mean(word, places))),
      Promise.all(words.filter(({ not, phrase }) => not && !phrase).map(({ text }) => this.match(text))),
    ]);
    const { open } = this.root;
    const length = [...wanted.map(({ text }) => text).join(" ")].length;
    const kinds = wanted[0] ? [] : await this.column("kind");
    // Who has the rarest word may have all.
    const [docs] = wanted[0] ? found.map((word) => word.docs).sort((a, b) => a.length - b.length) : [[...kinds.keys()].filter((doc) => kinds[doc] >= 0)];
    const groups = Array.from({ length: 28 }, () => []);
    for (const doc of Uint32Array.from(docs).sort()) {
      const least = Math.min(6, ...found.map(({ scores }) => scores[doc]));
      if (!least || without.some(({ scores }) => scores[doc])) continue;
      const whole = wanted[0] && found.every(({ lengths }) => lengths.get(doc)?.has(length));
      grades[doc] = least * 4 + (whole ? 2 : 0) + (doc < open ? 1 : 0);
      groups[grades[doc]].push(doc);
    }
    return groups.reverse().flat();
  }

  /**
   * Numbers of documents, best first (`hits`, `grades`), the words to mark, and another spelling if one was needed
   * (`near`); `exact` of the hits are of the query as it stands.
   */
  async search(query, { places } = {}) {
    const words = parse(query);
    const texts = words.filter(({ not }) => !not).map(({ text }) => text);
    const plain = { hits: [], grades: [], words: texts, near: null, exact: 0 };
    if (words.length === 0 && query.trim()) return plain;
    if (this.root.rows.names.length === 1) this.directory(0).catch(() => {});
    plain.hits = await this.rank(words, places, plain.grades);
    plain.exact = plain.hits.length;
    let found = plain;
    if (texts.length && !words.some(({ exact }) => exact) && plain.exact < FEW && (!plain.exact || VARIED.test(texts))) {
      try {
        const { near } = await NEAR[0]().catch((error) => { NEAR.push(NEAR.shift()); throw error; });
        found = { ...plain, ...(await near(this, words, plain, places)) };
      } catch (error) {
        if (!plain.exact) throw error;
      }
    }
    return { ...found, words: found.words.flatMap((word) => (words.some(({ exact, text }) => exact && text === word) ? word : this.same(word))) };
  }

  directory(at) {
    return this.file(this.root.rows.names[at], (bytes) => bytes);
  }

  async rowFile(at) {
    const { files } = this.root.rows;
    const names = await this.directory(Math.floor(at / files));
    const from = (at % files) * 3;
    return this.keep(`rows ${at}`, async () => {
      const lines = new TextDecoder().decode(await this.bytes(`rows/${at}-${hex(names.subarray(from, from + 3))}.bin`)).trimEnd().split("\n");
      return new Map(lines.map((line) => { const tab = line.indexOf("\t"); return [Number(line.slice(0, tab)), line.slice(tab + 1)]; }));
    });
  }

  /** What a list shows of some documents. */
  rows(docs) {
    const { of } = this.root.rows;
    return Promise.all(docs.map(async (doc) => {
      const line = (await this.rowFile(Math.floor(doc / of))).get(doc % of);
      const [number, id, title, lead = "", ...more] = JSON.parse(line);
      const [kind, called] = this.root.kinds[number];
      const home = new URL("..", this.url);
      const { href, pathname, origin } = new URL(`${kind === "pages" ? "" : `${kind}/`}${id}/`, home);
      // Another site's index may say anything.
      if (!href.startsWith(home.href)) throw Error(href);
      return { doc, kind, called, id, title, lead, more, home, url: origin === location.origin ? pathname : href };
    }));
  }
}

const opened = new Map();

/** Forgets all indexes: the files of one may have gone with a new publication. */
export const forget = () => opened.clear();

/** The index at an address. */
export function open(address) {
  const url = new URL(address, location);
  if (!opened.has(url.href)) {
    const index = new Index(url);
    opened.set(url.href, (async () => {
      // What is published anew has other files: the way to them must be of today.
      index.root = await (await index.fetch("", "no-cache")).json();
      if (index.root.v !== 1) throw Error(index.root.v);
      index.dirs = tree(Uint8Array.from(index.root.dirs.match(/../g), (hex) => parseInt(hex, 16)));
      return index;
    })().catch((error) => { opened.delete(url.href); throw error; }));
  }
  return opened.get(url.href);
}
