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
