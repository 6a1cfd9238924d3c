//! Where the tags of tera stand in a template.

use std::ops::Range;

/// What may stand around a text within a tag.
pub(super) const QUOTES: [char; 3] = ['"', '\'', '`'];

/// The end of the tag at the beginning of a text. What stands in quotes ends none.
pub(super) fn end_of_tag(text: &str) -> Option<usize> {
    let end = match text.get(..2)? {
        "{{" => "}}",
        "{%" => "%}",
        "{#" => return Some(text.get(2..)?.find("#}")? + 4),
        _ => return None,
    };
    let mut quote = None;
    for (at, sign) in text.char_indices().skip(2) {
        match quote {
            None if text.get(at..)?.starts_with(end) => return Some(at + end.len()),
            None => quote = Some(sign).filter(|sign| QUOTES.contains(sign)),
            Some(open) if open == sign => quote = None,
            Some(_) => {}
        }
    }
    None
}

/// Every tag and comment of a text; `None` stands for one that does not end, after which there are no more.
pub(super) fn tags(text: &str) -> impl Iterator<Item = Option<Range<usize>>> {
    let mut rest = Some(0);
    std::iter::from_fn(move || {
        let mut at = rest?;
        loop {
            at += text.get(at..)?.find('{')?;
            if matches!(text.get(at..at + 2), Some("{{" | "{%" | "{#")) {
                break;
            }
            at += 1;
        }
        let end = text.get(at..).and_then(end_of_tag).map(|end| at + end);
        rest = end;
        Some(end.map(|end| at..end))
    })
}

/// What stands in a `{% … %}`, without the sign for blanks.
pub(super) fn block(tag: &str) -> Option<&str> {
    Some(tag.strip_prefix("{%")?.trim_start_matches(|c: char| c == '-' || c.is_whitespace()))
}

/// The word at the beginning of a text. Of a name in several parts it is the first, for they may stand apart.
pub(super) fn word(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len());
    text.get(..end).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_end_where_they_end_for_tera() {
        let found = |text: &'static str| tags(text).map(|tag| tag.and_then(|tag| text.get(tag))).collect::<Vec<_>>();
        assert_eq!(
            found("{ a {{ \"}}\" }}{# it's {{ #}{#} x #}"),
            [Some("{{ \"}}\" }}"), Some("{# it's {{ #}"), Some("{#} x #}")]
        );
        assert_eq!(found("あ{%- if x == '%}' -%}い{{ x"), [Some("{%- if x == '%}' -%}"), None]);
        assert_eq!(block("{%- component a() %}").map(word), Some("component"));
        assert_eq!(block("{{ component }}"), None);
    }
}
