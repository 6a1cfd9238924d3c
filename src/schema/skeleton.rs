//! A commented entry file to fill in.

use super::{Field, Shape, own_fields};
use crate::model::vocabulary::{Vocabulary, WordList};
use crate::model::{Day, Kind};
use std::fmt::Write as _;

/// The text of a new entry: what must be there as blanks, everything else as comments to uncomment.
pub fn skeleton(kind: Kind, title: Option<&str>, vocabulary: &Vocabulary, today: Day) -> String {
    let mut out = String::from("---\n");
    let _ = writeln!(out, "# {}の記事です。「#」から右は説明で、サイトには出ません。", kind.label());
    let _ = writeln!(out, "# 内容のない項目（# 必須）を埋めてください。使わない項目は「#」のままでかまいません。\n");
    for field in own_fields(kind).iter().filter(|field| field.required) {
        let value = match (field.name, title) {
            ("name" | "title", Some(title)) => quote(title),
            ("date", _) => today.to_string(),
            _ => String::new(),
        };
        comment_words(&mut out, field, vocabulary);
        let value = if value.is_empty() { String::new() } else { format!(" {value}") };
        let _ = writeln!(out, "{}:{value}  # 必須: {}（例: {}）", field.name, field.label, field.example);
    }
    if kind == Kind::Event {
        let _ = writeln!(out, "schedule:  # 必須: 日程（例: 2026-04-18、4月18日(土)～19日(日)、調整中、年2回）");
    }
    out.push_str("\n# ---- ここから下は、使うものだけ行頭の「# 」を消してください ----\n");
    let optional =
        own_fields(kind).iter().filter(|field| !field.required && (kind, field.name) != (Kind::Event, "schedule"));
    for field in optional.chain(super::kinds::COMMON) {
        comment_words(&mut out, field, vocabulary);
        let note =
            if field.note.is_empty() { field.label.to_owned() } else { format!("{}。{}", field.label, field.note) };
        let _ = writeln!(out, "# {}: {}  # {note}", field.name, field.example);
    }
    out.push_str("# 本文は、次の「---」の行より下に書きます\n---\n");
    out
}

/// A title that YAML reads as it is written.
fn quote(title: &str) -> String {
    serde_json::to_string(title).unwrap_or_default()
}

/// The words of the vocabulary that may stand in the next field.
fn comment_words(out: &mut String, field: &Field, vocabulary: &Vocabulary) {
    let list = match &field.shape {
        Shape::Word(list) | Shape::WordMap(list, _) => *list,
        Shape::List(Shape::Word(list)) => *list,
        Shape::List(Shape::Short([first, ..])) => match &first.shape {
            Shape::Word(list) => *list,
            _ => return,
        },
        _ => return,
    };
    let words = match list {
        WordList::Category => categories(vocabulary, field.name == "works"),
        list => vocabulary.words(list).iter().map(|(_, label)| (*label).to_owned()).collect(),
    };
    for (index, chunk) in words.chunks(12).enumerate() {
        let head = if index == 0 { format!("{} に書ける言葉: ", field.name) } else { "  ".to_owned() };
        let _ = writeln!(out, "# {head}{}", chunk.join("、"));
    }
}

/// Labels of categories; one that stands for two categories is given by its id.
fn categories(vocabulary: &Vocabulary, services: bool) -> Vec<String> {
    use crate::model::vocabulary::Group;
    vocabulary
        .categories
        .iter()
        .filter(|category| {
            !services || vocabulary.class_of(category).is_some_and(|class| class.group == Group::Services)
        })
        .map(|category| {
            let found = vocabulary.find(WordList::Category, &category.word.label);
            if found == Some(category.word.id.as_str()) {
                category.word.label.clone()
            } else {
                category.word.id.clone()
            }
        })
        .collect()
}
