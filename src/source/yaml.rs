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
        Ok(value) => {
            // The fast parser passes over `!!python/object` and the like.
            if text.contains("!!") {
                for range in Marked::read(text).tags {
                    problems.push((tag(text, range.start, offset), Problem::YamlExtra { what: "!!".to_owned() }));
                }
            }
            // `name: &cafe みどり` would lose its first word without a sound.
            if [": &", "- &", "[&", "{&", ", &"].iter().any(|sign| text.contains(sign)) {
                for range in Marked::read(text).anchors {
                    problems.push((tag(text, range.start, offset), Problem::YamlExtra { what: "&".to_owned() }));
                }
            }
            Some(value)
        }
        Err(error) => {
            explain(text, offset, &error, problems);
            None
        }
    }
}

fn tag(text: &str, start: usize, offset: usize) -> At {
    let end = text[start..].find('\n').map_or(text.len(), |at| start + at);
    shift(start..end, offset)
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
    if full_width(text, offset, problems) {
        return;
    }
    let marked = Marked::read(text);
    if let Some(range) = marked.tags.first() {
        problems.push((tag(text, range.start, offset), Problem::YamlExtra { what: "!".to_owned() }));
        return;
    }
    let failed = error.location().map_or((1, 1), |place| (place.line().max(1), place.column().max(1)));
    if said.contains("while scanning a tag") || said.contains("while parsing a tag") {
        let start = byte_of(text, context_of(&said).unwrap_or(failed));
        problems.push((tag(text, start, offset), Problem::YamlExtra { what: "!".to_owned() }));
        return;
    }
    // What was never closed or has no colon is told where it begins, not where the parser gave up.
    let begun = ["scanning a simple key", "scanning a quoted scalar", "parsing a flow"];
    let begun = begun.iter().any(|what| said.contains(what));
    let begun =
        begun.then(|| context_of(&said).map_or_else(|| last_bracket(text, failed), |place| byte_of(text, place)));
    let open = open_quote(text, failed.0);
    let (what, what_en) = match open {
        Some(_) => in_words("while scanning a quoted scalar"),
        None => in_words(&said),
    };
    let failed_line = byte_of(text, (failed.0, 1));
    let at = open.or(begun.filter(|begun| *begun < failed_line)).unwrap_or_else(|| byte_of(text, failed));
    let place = match text[at..].chars().next() {
        Some(c) if c != '\n' => at..at + c.len_utf8(),
        _ => at..at,
    };
    problems.push((shift(place, offset), Problem::YamlSyntax { what, what_en }));
}

/// Tells every tab and full-width blank before a line, and every full-width colon behind a field's name.
pub(super) fn full_width(text: &str, offset: usize, problems: &mut Vec<(At, Problem)>) -> bool {
    let before = problems.len();
    for (start, line) in lines(text) {
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
        if let Some((key, at)) = before_full_width_colon(rest) {
            let place = start + bare.len() - rest.len() + at;
            problems.push((shift(place..place + '：'.len_utf8(), offset), Problem::FullWidthColon { key }));
        }
    }
    problems.len() > before
}

/// The name of a field that is followed by a full-width colon, and where the colon is.
pub(super) fn before_full_width_colon(text: &str) -> Option<(String, usize)> {
    let at = text.find('：').filter(|at| *at <= 60)?;
    let key = text.get(..at)?;
    (!key.is_empty() && !key.contains([':', '"', '\'', '#', '「', ' ', '。', '、'])).then(|| (key.to_owned(), at))
}

/// Where what failed began: `…, while scanning a simple key at line 3 column 1`.
fn context_of(said: &str) -> Option<(usize, usize)> {
    let (_, context) = said.split_once(", while ")?;
    let (_, place) = context.split_once(" at line ")?;
    let (line, column) = place.split_once(" column ")?;
    Some((line.parse().ok()?, column.parse().ok()?))
}

/// The last bracket before a place, or the beginning: of one in which nothing stands the parser does not say where it is.
fn last_bracket(text: &str, before: (usize, usize)) -> usize {
    text[..byte_of(text, before)].rfind(['[', '{']).unwrap_or_default()
}

/// A quote that opens a value and is not closed in its line, up to the line where the parser gave up:
/// it may have been closed by a quote of another field.
fn open_quote(text: &str, last: usize) -> Option<usize> {
    let end = byte_of(text, (last + 1, 1));
    for (start, line) in lines(text).take_while(|(start, _)| *start < end) {
        let value = line.find(": ").map_or(0, |at| at + 2);
        let value = line.len() - line[value..].trim_start_matches([' ', '-']).len();
        let Some(quote) = line[value..].chars().next().filter(|c| matches!(c, '"' | '\'')) else { continue };
        let rest = &text[start + value + 1..];
        let close = rest.find(quote);
        if close.is_some_and(|close| start + value + 1 + close < start + line.len()) {
            continue;
        }
        // A text may go on in the next line; then nothing stands behind its closing quote.
        let behind = close.map(|close| rest[close + 1..].lines().next().unwrap_or_default().trim());
        if !behind.is_some_and(|behind| behind.is_empty() || behind.starts_with(['#', ',', ']', '}'])) {
            return Some(start + value);
        }
    }
    None
}

/// Every line with its first byte, without those of a text that `|` or `>` begins: they hold anything.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut start = 0;
    let mut within: Option<usize> = None;
    text.split_inclusive('\n').filter_map(move |line| {
        let here = start;
        start += line.len();
        let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
        if line.trim().is_empty() || within.is_some_and(|above| indent > above) {
            return within.is_none().then_some((here, line));
        }
        let opens = line.trim_end().rsplit_once(": ").is_some_and(|(_, value)| {
            value.starts_with(['|', '>']) && value.chars().skip(1).all(|c| matches!(c, '-' | '+' | '0'..='9'))
        });
        within = opens.then_some(indent);
        Some((here, line))
    })
}

fn byte_of(text: &str, (line, column): (usize, usize)) -> usize {
    let start = match line {
        1 => 0,
        line => text.match_indices('\n').nth(line - 2).map_or(text.len(), |(at, _)| at + 1),
    };
    let end = text[start..].find('\n').map_or(text.len(), |at| start + at);
    text[start..end].char_indices().nth(column - 1).map_or(end, |(at, _)| start + at)
}

/// The parser's English in the words of an editor.
fn in_words(said: &str) -> (String, String) {
    const TABLE: [(&str, &str); 15] = [
        (
            "mapping values are not allowed",
            "1行にコロン「: 」が2つあるか、行の頭の空白がまわりの行とそろっていません。",
        ),
        (
            "did not find expected node content",
            "「[」か「{」で始めた並びが閉じられていないか、「,」のあとに何もありません。",
        ),
        ("did not find expected ',' or ']'", "「[」で始めた並びが「]」で閉じられていないか、「,」が抜けています。"),
        ("did not find expected ',' or '}'", "「{」で始めた並びが「}」で閉じられていないか、「,」が抜けています。"),
        (
            "did not find expected key",
            "行の頭の空白がまわりの行とそろっていないか、引用符（\" や '）やかっこのあとに余分な文字があります。",
        ),
        ("did not find expected '-' indicator", "「- 」で始まる行の、頭の空白がそろっていません。"),
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
        || "行の頭の空白・コロン・かっこ・引用符を確かめてください。".to_owned(),
        |(_, words)| (*words).to_owned(),
    );
    (japanese, without_places(said))
}

/// The parser counts lines from the first field; the place is said elsewhere and rightly.
fn without_places(said: &str) -> String {
    let mut out = String::new();
    let mut rest = said;
    while let Some(at) = rest.find(" at line ") {
        out.push_str(&rest[..at]);
        rest = rest[at + 9..].trim_start_matches(|c: char| c.is_ascii_digit());
        if let Some(column) = rest.strip_prefix(" column ") {
            rest = column.trim_start_matches(|c: char| c.is_ascii_digit());
        }
    }
    out.push_str(rest);
    out
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
