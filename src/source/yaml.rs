//! The fast reading of YAML into plain values, and the explanation of what cannot be read.

use super::place::{At, Marked};
use crate::diagnostic::Problem;
use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::cell::Cell;
use std::fmt;

/// Nesting that no entry needs.
const DEEPEST: usize = 100;

/// Reads one document. `offset` is where `text` begins in its file; places count from there.
pub(super) fn read(text: &str, offset: usize, problems: &mut Vec<(At, Problem)>) -> Option<Value> {
    if too_deep(text) {
        problems.push((At::File, Problem::TooDeep {}));
        return None;
    }
    let doubled = Cell::new(false);
    let result = Tree { doubled: &doubled }.deserialize(serde_yaml::Deserializer::from_str(text));
    if doubled.get() {
        for (key, range, first_line) in Marked::read(text).duplicates {
            // A document that begins behind a fence begins on the file's second line.
            let first_line = first_line + usize::from(offset > 0);
            problems.push((shift(range, offset), Problem::DuplicateKey { key, first_line }));
        }
    }
    match result {
        Ok(value) => Some(value),
        Err(error) => {
            explain(text, offset, &error, problems);
            None
        }
    }
}

fn shift(range: std::ops::Range<usize>, offset: usize) -> At {
    At::Bytes(range.start + offset..range.end + offset)
}

/// A bomb of brackets costs the parser time before it gives up; look first.
fn too_deep(text: &str) -> bool {
    let mut depth = 0usize;
    for byte in text.bytes() {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST {
            return true;
        }
    }
    false
}

/// What usually is behind a text that cannot be read, said at its place.
fn explain(text: &str, offset: usize, error: &serde_yaml::Error, problems: &mut Vec<(At, Problem)>) {
    let said = error.to_string();
    if said.contains("recursion limit") || said.contains("repetition limit") {
        problems.push((At::File, Problem::TooDeep {}));
        return;
    }
    let before = problems.len();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_end_matches(['\n', '\r']);
        let indent = bare.len() - bare.trim_start().len();
        let blank = &bare[..indent];
        if let Some(at) = blank.find('\t') {
            problems.push((shift(start + at..start + at + 1, offset), Problem::TabIndent {}));
        }
        if let Some(at) = blank.find('\u{3000}') {
            problems.push((shift(start + at..start + at + 3, offset), Problem::FullWidthBlank {}));
        }
        let rest = bare[indent..].trim_start_matches("- ");
        if let Some(at) = rest.find('：')
            && !rest[..at].contains([':', '"', '\'', '#', '「', ' '])
            && at <= 60
        {
            let key = rest[..at].to_owned();
            let place = start + bare.len() - rest.len() + at;
            problems.push((shift(place..place + '：'.len_utf8(), offset), Problem::FullWidthColon { key }));
        }
        start += line.len();
    }
    if problems.len() > before {
        return;
    }
    let marked = Marked::read(text);
    if let Some(range) = marked.tags.first() {
        let line_end = text[range.start..].find('\n').map_or(text.len(), |at| range.start + at);
        problems.push((shift(range.start..line_end, offset), Problem::YamlExtra { what: "!".to_owned() }));
        return;
    }
    let (line, column) = error.location().map_or((1, 1), |place| (place.line().max(1), place.column().max(1)));
    let at = byte_of(text, line, column);
    let (what, what_en) = in_words(&said);
    let place = match text[at..].chars().next() {
        Some(c) if c != '\n' => at..at + c.len_utf8(),
        _ => at..at,
    };
    problems.push((shift(place, offset), Problem::YamlSyntax { what, what_en }));
}

fn byte_of(text: &str, line: usize, column: usize) -> usize {
    let start = match line {
        1 => 0,
        line => text.match_indices('\n').nth(line - 2).map_or(text.len(), |(at, _)| at + 1),
    };
    let end = text[start..].find('\n').map_or(text.len(), |at| start + at);
    text[start..end].char_indices().nth(column - 1).map_or(end, |(at, _)| start + at)
}

/// The parser's English in the words of an editor.
fn in_words(said: &str) -> (String, String) {
    const TABLE: [(&str, &str); 14] = [
        ("mapping values are not allowed", "1行にコロン「: 」が2つあるか、上の行の字下げがそろっていません。"),
        ("did not find expected ',' or ']'", "「[」で始めた並びが「]」で閉じられていないか、「,」が抜けています。"),
        ("did not find expected ',' or '}'", "「{」で始めた並びが「}」で閉じられていないか、「,」が抜けています。"),
        ("did not find expected key", "字下げがそろっていないか、引用符（\" や '）のあとに余分な文字があります。"),
        ("did not find expected '-' indicator", "「- 」で始まる行の字下げがそろっていません。"),
        ("could not find expected ':'", "項目名のあとの半角コロン「:」と空白が抜けています。"),
        ("found unexpected end of stream", "引用符（\" や '）かかっこが閉じられないまま終わっています。"),
        ("while scanning a quoted scalar", "引用符（\" や '）が閉じられていません。"),
        (
            "found character that cannot start any token",
            "この文字で内容を始めることはできません。全体を \" で囲んでください。",
        ),
        ("found unknown escape character", "\" の中の「\\」の使い方が違います。' で囲むか「\\\\」と書いてください。"),
        (
            "did not find expected alphabetic",
            "「&」や「*」で内容を始めることはできません。全体を \" で囲んでください。",
        ),
        ("unknown anchor", "「*」で内容を始めることはできません。全体を \" で囲んでください。"),
        ("more than one document", "「---」の行が項目の途中にあります。"),
        ("block sequence entries are not allowed", "「- 」は新しい行に書いてください。"),
    ];
    let known = TABLE.iter().find(|(english, _)| said.contains(english));
    let japanese = known.map_or_else(
        || "字下げ・コロン・かっこ・引用符を確かめてください。".to_owned(),
        |(_, words)| (*words).to_owned(),
    );
    (japanese, said.to_owned())
}

/// Builds a plain value; keeps the first of two equal keys and remembers that there were two.
#[derive(Clone, Copy)]
struct Tree<'a> {
    doubled: &'a Cell<bool>,
}

impl<'de> DeserializeSeed<'de> for Tree<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Tree<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("plain YAML without tags")
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i128<E: de::Error>(self, value: i128) -> Result<Value, E> {
        Ok(value.to_string().into())
    }

    fn visit_u128<E: de::Error>(self, value: u128) -> Result<Value, E> {
        Ok(value.to_string().into())
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or_else(|| Value::String(value.to_string()), Value::Number))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E: de::Error>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_unit<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(self)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(key) = items.next_key_seed(self)? {
            let value = items.next_value_seed(self)?;
            let key = match key {
                Value::String(key) => key,
                Value::Null => String::new(),
                other => other.to_string(),
            };
            if map.contains_key(&key) {
                self.doubled.set(true);
            } else {
                map.insert(key, value);
            }
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Value {
        let mut problems = Vec::new();
        let value = read(text, 0, &mut problems);
        assert!(problems.is_empty(), "{problems:?}");
        value.unwrap_or_default()
    }

    #[test]
    fn scalars_survive_as_written() {
        let v = value("tel: 0271234567\ncode: 010203\nanswer: no\nwhen: 2026-04-18\nsum: 1_000\nn: 300\n");
        assert_eq!(v["tel"], "0271234567");
        assert_eq!(v["code"], "010203");
        assert_eq!(v["answer"], "no");
        assert_eq!(v["when"], "2026-04-18");
        assert_eq!(v["sum"], "1_000");
        assert_eq!(v["n"], 300);
    }

    #[test]
    fn bombs_are_refused_quickly() {
        let brackets = format!("a: {}", "[".repeat(60_000));
        let mut aliases = String::from("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for level in 1..10 {
            let row = vec![format!("*a{}", level - 1); 10].join(",");
            aliases.push_str(&format!("a{level}: &a{level} [{row}]\n"));
        }
        for text in [brackets, aliases, "- ".repeat(5000)] {
            let mut problems = Vec::new();
            assert_eq!(read(&text, 0, &mut problems), None);
            assert!(matches!(problems.first(), Some((_, Problem::TooDeep {}))), "{problems:?}");
        }
    }

    #[test]
    fn a_full_width_colon_is_named() {
        let mut problems = Vec::new();
        read("title：商品\nprice: 300\n", 0, &mut problems);
        assert!(matches!(&problems[..], [(_, Problem::FullWidthColon { key })] if key == "title"), "{problems:?}");
    }
}
