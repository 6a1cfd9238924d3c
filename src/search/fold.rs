//! The one folding of the search: what a searcher takes for the same becomes the same.
//!
//! Width, case, kind of kana, small kana, variant kanji, ヴ and ブ, dashes. The browser folds the query by the
//! same rules (`static/search/fold.js`) and the same table; `tests/search/fold.tsv` is run through both.

use crate::model::text;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization as _;

/// The table stands in the browser's own module, as the first text in quotes.
const TABLE: &str = include_str!("../../themes/heartnet/static/search/fold.js");

/// Kanji that are written in the place of others.
struct Variants {
    /// Each variant with its base, in the order of the signs.
    all: Vec<(char, char)>,
    /// The lower bits of those that there are: nearly every kanji of a site is none, and is known to be none by this.
    some: [u64; 64],
}

static VARIANTS: LazyLock<Variants> = LazyLock::new(|| {
    let table = TABLE.split('"').nth(1).unwrap_or_default();
    let group = |group: &'static str| {
        let mut signs = group.chars();
        let base = signs.next();
        signs.filter_map(move |sign| Some((sign, base?)))
    };
    let mut all: Vec<_> = table.split(' ').flat_map(group).collect();
    all.sort_unstable();
    let mut some = [0; 64];
    for (sign, _) in &all {
        let (word, bit) = place(*sign);
        some[word] |= bit;
    }
    Variants { all, some }
});

/// What it becomes depends on what stands before it.
const DEPENDS: u16 = 1;
/// The whole text has to be folded the long way.
const LONG: u16 = 0;

/// What becomes of each sign of the first plane, so that a site's letters need only be looked up.
static SIGNS: LazyLock<Box<[u16]>> = LazyLock::new(|| {
    let variants = &*VARIANTS;
    let of = |code: u16| {
        let Some(c) = char::from_u32(code.into()).and_then(plain) else { return LONG };
        match letter(c.to_ascii_lowercase(), variants) {
            // Neither a blank nor a dash, nor a part of the letter before it.
            c @ ('\u{4e00}'..='\u{9fff}' | 'か'..='ゔ' | '、' | '。' | 'a'..='z' | '0'..='9') => {
                u16::try_from(u32::from(c)).unwrap_or(DEPENDS)
            }
            _ => DEPENDS,
        }
    };
    (0..=u16::MAX).map(of).collect()
});

fn place(c: char) -> (usize, u64) {
    let code = u32::from(c) as usize;
    (code >> 6 & 63, 1 << (code & 63))
}

impl Variants {
    /// What is written in the place of a sign.
    fn usual(&self, c: char) -> char {
        let (word, bit) = place(c);
        if self.some[word] & bit == 0 {
            return c;
        }
        let found = self.all.binary_search_by_key(&c, |(sign, _)| *sign).ok();
        found.and_then(|at| self.all.get(at)).map_or(c, |(_, base)| *base)
    }
}

/// Signs of which NFKC makes one sign, whatever stands beside them. None for the others.
fn plain(c: char) -> Option<char> {
    match c {
        c if text::stays(c) => Some(c),
        '！'..='～' => char::from_u32(u32::from(c) - 0xfee0),
        _ => None,
    }
}

/// One letter, as all its variants are written.
fn letter(c: char, variants: &Variants) -> char {
    let c = match c {
        'ァ'..='ヶ' | 'ヽ' | 'ヾ' => char::from_u32(u32::from(c) - 0x60).unwrap_or(c),
        c => c,
    };
    match c {
        'ぁ' | 'ぃ' | 'ぅ' | 'ぇ' | 'ぉ' | 'っ' | 'ゃ' | 'ゅ' | 'ょ' | 'ゎ' => {
            char::from_u32(u32::from(c) + 1).unwrap_or(c)
        }
        'ゕ' => 'か',
        'ゖ' => 'け',
        'ς' => 'σ',
        '\u{3400}'.. => variants.usual(c),
        c => c,
    }
}

/// A mark of its own behind a letter becomes part of it: ハ゜ is パ.
fn mark(c: char) -> char {
    match c {
        '゛' => '\u{3099}',
        '゜' => '\u{309a}',
        c => c,
    }
}

fn is_dash(c: char) -> bool {
    matches!(c, '-' | '~' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '〜')
}

/// A text while it is folded.
struct Folded<'a> {
    out: &'a mut Vec<char>,
    blank: bool,
}

impl Folded<'_> {
    fn push(&mut self, c: char) {
        self.blank = false;
        self.out.push(c);
    }

    fn add(&mut self, c: char) {
        let out = &mut *self.out;
        // U+FEFF is a blank to browsers.
        if c.is_whitespace() || c == '\u{feff}' {
            if !self.blank {
                out.push(' ');
            }
            self.blank = true;
            return;
        }
        self.blank = false;
        match c {
            // A dash behind kana is a long vowel, whatever key was pressed.
            c if is_dash(c) => {
                let kana = matches!(out.last(), Some('ぁ'..='ゖ' | 'ー'));
                out.push(if kana { 'ー' } else { '-' });
            }
            // ヴァ is バ, ヴ alone is ブ.
            'あ' | 'い' | 'え' | 'お' if out.last() == Some(&'ゔ') => {
                out.pop();
                out.push(match c {
                    'あ' => 'ば',
                    'い' => 'び',
                    'え' => 'べ',
                    _ => 'ぼ',
                });
            }
            c => out.push(c),
        }
    }
}

/// The form in which all spellings of a text are equal. Folding twice changes nothing, but
/// for marks behind small kana, which nobody writes (ヵ゛).
pub fn fold(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    fold_into(text, &mut out);
    out.into_iter().collect()
}

/// The same, as letters.
pub(super) fn fold_into(text: &str, out: &mut Vec<char>) {
    let variants = &*VARIANTS;
    out.clear();
    // Most letters have three bytes.
    out.reserve(text.len() / 2);
    let mut folded = Folded { out, blank: true };
    let signs = &**SIGNS;
    let plainly = text.chars().try_for_each(|c| {
        match signs.get(u32::from(c) as usize) {
            None | Some(&LONG) => return None,
            Some(&DEPENDS) => folded.add(letter(plain(c)?.to_ascii_lowercase(), variants)),
            Some(code) => folded.push(char::from_u32((*code).into()).unwrap_or(c)),
        }
        Some(())
    });
    if plainly.is_none() {
        folded.out.clear();
        folded.blank = true;
        // Lower case may undo NFKC, and a variant may be what NFKC made.
        let lower: String = text.chars().map(mark).nfkc().flat_map(char::to_lowercase).collect();
        lower.nfkc().for_each(|c| folded.add(letter(c, variants)));
    }
    if out.last() == Some(&' ') {
        out.pop();
    }
    out.iter_mut().filter(|c| **c == 'ゔ').for_each(|c| *c = 'ぶ');
}

/// Whether a sign is a letter or a figure. Asked of each one of a site: the tables of Unicode come last.
#[inline]
pub(super) fn is_letter(c: char) -> bool {
    match c {
        'ぁ'..='ゖ' | 'ー' | '\u{4e00}'..='\u{9fff}' | 'a'..='z' | '0'..='9' | 'A'..='Z' => true,
        '\0'..='~' | '\u{3000}'..='〄' | '〈'..='〠' => false,
        c => c.is_alphanumeric(),
    }
}

/// Signs within words: コーヒー・茶, A-1, 10:00, （大）. All other signs stand between words.
#[inline]
pub(super) fn is_within(c: char) -> bool {
    matches!(c, '・' | '-' | '/' | '&' | '.' | '%' | '+' | '\'' | '#' | '@' | '×' | ':' | '(' | ')')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_word_fold_alike() {
        let vectors = include_str!("../../tests/search/fold.tsv");
        let rows = vectors.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
        let mut count = 0;
        for row in rows {
            let mut columns = row.split('\t');
            let (written, folded) = (columns.next().unwrap_or_default(), columns.next().unwrap_or_default());
            assert_eq!(fold(written), folded, "{written}");
            assert_eq!(fold(folded), folded, "{folded} again");
            count += 1;
        }
        assert!(count > 60, "{count} vectors");
    }

    #[test]
    fn letters_are_those_of_unicode() {
        for c in '\0'..='\u{ffff}' {
            assert_eq!(is_letter(c), c.is_alphanumeric(), "{c:?}");
        }
    }

    #[test]
    fn the_short_way_is_the_long_way() {
        for c in '\0'..='\u{ffff}' {
            let (text, long) = (format!("か{c}な"), format!("か{c}な①"));
            let folded = fold(&long);
            assert_eq!(Some(fold(&text).as_str()), folded.strip_suffix('1'), "{c:?}");
        }
    }
}
