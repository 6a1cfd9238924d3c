// The one folding of the search, by the same rules and the same table as the build (src/search/fold.rs).
import { SAME } from "./table.js";

const LETTERS = new Map([..."ぁあ ぃい ぅう ぇえ ぉお っつ ゃや ゅゆ ょよ ゎわ ゕか ゖけ ςσ".split(" ").map((pair) => [...pair])]);
for (const group of SAME.split(" ")) {
  const [base, ...others] = group;
  for (const other of others) LETTERS.set(other, base);
}

const hiragana = (text) => text.replace(/[ァ-ヶヽヾ]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0x60));

/** Width, case, kind of kana, small kana, variant kanji, ヴ, dashes: what a searcher takes for the same becomes the same. */
export const fold = (text) =>
  // Marks of their own behind a letter: ハ゜ is パ.
  hiragana(text.replace(/゛/g, "\u3099").replace(/゜/g, "\u309a").normalize("NFKC").toLowerCase().normalize("NFKC"))
    .replace(/[ぁぃぅぇぉっゃゅょゎゕゖς]|[㐀-\u{10ffff}]/gu, (c) => LETTERS.get(c) ?? c)
    .replace(/ゔ([あいえお]?)/g, (_, vowel) => (vowel ? "ばびべぼ"["あいえお".indexOf(vowel)] : "ぶ"))
    // A dash behind kana is a long vowel, whatever key was pressed.
    .replace(/([ぁ-ゖー])([-~‐-―−〜]+)/g, (_, kana, dashes) => kana + "ー".repeat(dashes.length))
    .replace(/[~‐-―−〜]/g, "-")
    .replace(/[\s\x85]+/g, " ")
    .trim();

/** Where words of a query stand in a text as it is written: `[piece, whether it is one]`, together the text. */
export function mark(text, words) {
  // Each letter as written stands for one or more folded ones.
  const from = [];
  let folded = "";
  let at = 0;
  for (const letter of text.match(/.[\u3099\u309aﾞﾟ゛゜]*/gsu) ?? []) {
    // A dash means a long vowel only behind kana.
    const last = folded.slice(-1);
    const piece = letter.trim() ? fold(last + letter).slice(fold(last).length) : " ";
    for (let i = 0; i < piece.length; i += 1) from.push(at);
    folded += piece;
    at += letter.length;
  }
  from.push(at);
  const hits = new Uint8Array(text.length);
  for (const word of words.filter(Boolean)) {
    for (let i = folded.indexOf(word); i >= 0; i = folded.indexOf(word, i + 1)) {
      let end = i + word.length;
      while (end < folded.length && from[end] === from[end - 1]) end += 1;
      hits.fill(1, from[i], from[end]);
    }
  }
  const pieces = [];
  for (let i = 0; i < text.length; ) {
    let end = i;
    while (end < text.length && hits[end] === hits[i]) end += 1;
    pieces.push([text.slice(i, end), hits[i] === 1]);
    i = end;
  }
  return pieces;
}
