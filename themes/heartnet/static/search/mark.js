// What pages say, and where in it the words of a query are.
import { fold } from "./fold.js";

/** The text of an entry's page, without its readings. */
export const read = async (url, signal) => {
  const page = new DOMParser().parseFromString(await (await fetch(url, { signal })).text(), "text/html");
  for (const reading of page.querySelectorAll("rt,rp")) reading.remove();
  return [...page.querySelectorAll("main :is(h1, h2, h3, p, dd, td, li):not(:has(p, dd, td, li), nav *)")].map(({ textContent }) => textContent).join(" ").replace(/\s+/g, " ");
};

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
