//! The dictionary of furigana that the pages' script asks for: words the site knows the reading of.
//!
//! It is a file of its own and under a fixed name: only those who want furigana load it, and a new word does
//! not change every page.

use crate::model::Vocabulary;
use std::collections::BTreeMap;

/// Its output path.
pub const FILE: &str = "static/readings.json";

/// JSON of word → reading: the theme's own words, over them the vocabulary's labels, over those its readings.
pub fn readings(theme: &BTreeMap<String, String>, vocabulary: &Vocabulary) -> Vec<u8> {
    let mut all: BTreeMap<&str, &str> = theme.iter().map(|(word, kana)| (word.as_str(), kana.as_str())).collect();
    let classes = vocabulary.procurement.iter().map(|class| (&class.label, &class.kana));
    let categories = vocabulary.categories.iter().map(|category| &category.word);
    let areas = vocabulary.areas.iter().map(|area| &area.word);
    let words = categories.chain(areas).chain(&vocabulary.facility_kinds).chain(&vocabulary.event_kinds);
    let words = words.chain(&vocabulary.accessibility).map(|word| (&word.label, &word.kana));
    for (label, kana) in classes.chain(words) {
        // 菓子・スイーツ is two words with two readings.
        let (labels, kanas): (Vec<&str>, Vec<&str>) = (label.split('・').collect(), kana.split('・').collect());
        if labels.len() == kanas.len() {
            all.extend(labels.into_iter().zip(kanas).filter(|(label, kana)| is_word(label) && !kana.is_empty()));
        }
    }
    all.extend(vocabulary.readings.iter().map(|(word, kana)| (word.as_str(), kana.as_str())));
    // A map of texts cannot fail.
    serde_json::to_vec(&all).unwrap_or_default()
}

/// Kanji and kana alone: what is read by letters or has signs in it is no word for furigana.
fn is_word(label: &str) -> bool {
    let kanji = |c: char| matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '々' | '〆');
    let kana = |c: char| matches!(c, '\u{3041}'..='\u{30fe}');
    label.chars().any(kanji) && label.chars().all(|c| kanji(c) || kana(c))
}
