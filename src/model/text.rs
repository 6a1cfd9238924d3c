//! Comparing and ordering Japanese text: folded for comparison, shown as written.

use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization as _;

/// Signs of which NFKC makes themselves, whatever stands beside them: nearly every text is made of them.
pub fn stays(c: char) -> bool {
    matches!(c, ' '..='~' | '、'..='〇' | '「'..='』' | '〜' | 'ぁ'..='ゖ' | 'ァ'..='ー' | '\u{4e00}'..='\u{9fff}')
}

fn nfkc(text: &str) -> Cow<'_, str> {
    if text.chars().all(stays) { Cow::Borrowed(text) } else { Cow::Owned(text.nfkc().collect()) }
}

/// The form in which two spellings of one word are equal: NFKC, lower case, hiragana, no blanks.
pub fn fold(text: &str) -> String {
    nfkc(text).chars().flat_map(char::to_lowercase).filter(|c| !c.is_whitespace()).map(to_hiragana).collect()
}

/// NFKC, with the dashes and tildes that councils use for "until" made one.
pub fn normalise(text: &str) -> String {
    nfkc(text).into_owned()
}

fn to_hiragana(c: char) -> char {
    match c {
        '\u{30A1}'..='\u{30F6}' | '\u{30FD}' | '\u{30FE}' => char::from_u32(u32::from(c) - 0x60).unwrap_or(c),
        c => c,
    }
}

/// Whether a character takes the width of a kanji.
pub fn is_wide(c: char) -> bool {
    unicode_width::UnicodeWidthChar::width(c) == Some(2) || matches!(c, '\u{FF61}'..='\u{FFDC}')
}

/// The first character that may not stand in a reading.
pub fn not_kana(text: &str) -> Option<char> {
    text.nfkc()
        .find(|&c| !matches!(c, '\u{3041}'..='\u{3096}' | '\u{309D}' | '\u{309E}' | '\u{30A1}'..='\u{30FE}' | ' '))
}

/// The key by which names are put in the order of the 五十音: readings first without voicing marks
/// and small forms, a long mark as the vowel it lengthens, then as written.
pub fn reading_key(reading: &str) -> String {
    let mut key = String::with_capacity(reading.len());
    for c in fold(reading).nfd() {
        match c {
            '\u{3099}' | '\u{309A}' | '・' => {}
            'ー' => {
                if let Some(vowel) = key.chars().next_back().and_then(vowel_of) {
                    key.push(vowel);
                }
            }
            c => key.push(small_to_large(c)),
        }
    }
    key
}

fn small_to_large(c: char) -> char {
    match c {
        'ぁ' => 'あ',
        'ぃ' => 'い',
        'ぅ' => 'う',
        'ぇ' => 'え',
        'ぉ' => 'お',
        'っ' => 'つ',
        'ゃ' => 'や',
        'ゅ' => 'ゆ',
        'ょ' => 'よ',
        'ゎ' => 'わ',
        'ゕ' => 'か',
        'ゖ' => 'け',
        c => c,
    }
}

const ROWS: [(&str, char); 5] = [
    ("あかさたなはまやらわ", 'あ'),
    ("いきしちにひみりゐ", 'い'),
    ("うくすつぬふむゆる", 'う'),
    ("えけせてねへめれゑ", 'え'),
    ("おこそとのほもよろを", 'お'),
];

fn vowel_of(c: char) -> Option<char> {
    ROWS.iter().find(|(row, _)| row.contains(c)).map(|(_, vowel)| *vowel)
}

/// The 行 a name with this key stands under in an index of readings: あ か さ た な は ま や ら わ, or 他.
pub fn index_row(key: &str) -> &'static str {
    const INDEX: [(&str, &str); 10] = [
        ("あいうえお", "あ"),
        ("かきくけこ", "か"),
        ("さしすせそ", "さ"),
        ("たちつてと", "た"),
        ("なにぬねの", "な"),
        ("はひふへほ", "は"),
        ("まみむめも", "ま"),
        ("やゆよ", "や"),
        ("らりるれろ", "ら"),
        ("わゐゑをん", "わ"),
    ];
    let first = key.chars().next();
    INDEX.iter().find(|(row, _)| first.is_some_and(|c| row.contains(c))).map_or("他", |(_, name)| name)
}

/// A whole number with a comma every three digits.
pub fn with_commas(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_word_fold_alike() {
        assert_eq!(fold("ｸｯｷｰ"), fold("くっきー"));
        assert_eq!(fold("Ｂ型　支援"), fold("b型支援"));
    }

    #[test]
    fn names_go_by_reading() {
        let mut names = ["カード", "かあさん", "がく", "かい", "きっぷ", "きつね", "アート"];
        names.sort_by_key(|name| reading_key(name));
        assert_eq!(names, ["アート", "かあさん", "カード", "かい", "がく", "きつね", "きっぷ"]);
    }

    #[test]
    fn only_kana_is_a_reading() {
        assert_eq!(not_kana("あかぎこうぼう ｶﾌｪ・ぱん"), None);
        assert_eq!(not_kana("赤城こうぼう"), Some('赤'));
        assert_eq!(not_kana("びーがた2"), Some('2'));
    }

    #[test]
    fn thousands() {
        assert_eq!([0, 999, 1000, 1_234_567].map(with_commas), ["0", "999", "1,000", "1,234,567"].map(str::to_owned));
    }
}
