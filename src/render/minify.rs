//! Makes templates small, once, when they are loaded.
//!
//! minify-html costs eight times what a page costs to render; run over the templates instead, it costs
//! nothing per page. It leaves template syntax alone except between attributes, where it scrambles it:
//! so the tags are compared before and after, and a template that would change stays as it is.

use super::tags::{end_of_tag, tags};

/// The template without what browsers do not need; `None` where that cannot be had without harm.
pub fn minify_template(text: &str) -> Option<String> {
    let config = minify_html::Cfg {
        keep_closing_tags: true,
        keep_html_and_head_opening_tags: true,
        keep_input_type_text_attr: true,
        preserve_brace_template_syntax: true,
        minify_css: false,
        minify_js: false,
        ..minify_html::Cfg::default()
    };
    let small = String::from_utf8(minify_html::minify(text.as_bytes(), &config)).ok()?;
    (same_tags(&small, text) && values_are_quoted(&small)).then_some(small)
}

/// Whether every expression inside an HTML tag stands in quotes: without them, a value with a blank in it
/// would become attributes of its own.
fn values_are_quoted(text: &str) -> bool {
    let mut quote = None;
    let mut in_tag = false;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let opens = rest.starts_with("{{") || rest.starts_with("{%") || rest.starts_with("{#");
        if opens {
            if in_tag && quote.is_none() {
                return false;
            }
            rest = end_of_tag(rest).map_or("", |end| &rest[end..]);
            continue;
        }
        let starts_tag = rest.get(1..).is_some_and(|after| after.starts_with(|c: char| c.is_ascii_alphabetic()));
        match (in_tag, quote, c) {
            (false, _, '<') => in_tag = starts_tag,
            (true, None, '>') => in_tag = false,
            (true, None, '"' | '\'') => quote = Some(c),
            (true, Some(open), c) if c == open => quote = None,
            _ => {}
        }
        rest = &rest[c.len_utf8()..];
    }
    true
}

/// Whether the same template tags are there. The minifier sorts attributes, so expressions may change
/// places within an element; blocks may not.
fn same_tags(small: &str, text: &str) -> bool {
    let (mut small, mut text) = (tight_tags(small), tight_tags(text));
    let blocks = |tags: &[String]| tags.iter().filter(|tag| tag.starts_with("{%")).cloned().collect::<Vec<_>>();
    if blocks(&small) != blocks(&text) {
        return false;
    }
    small.sort_unstable();
    text.sort_unstable();
    small == text
}

/// Without blanks, but for those inside the quotes of a text.
fn tight(tag: &str) -> String {
    let mut quote = None;
    tag.chars()
        .filter(|c| {
            match quote {
                None if matches!(c, '"' | '\'') => quote = Some(*c),
                Some(open) if open == *c => quote = None,
                _ => {}
            }
            quote.is_some() || !c.is_whitespace()
        })
        .collect()
}

/// The sequence of template tags, white space aside.
fn tight_tags(text: &str) -> Vec<String> {
    let all = tags(text).flatten().filter_map(|tag| text.get(tag));
    all.filter(|tag| !tag.starts_with("{#")).map(tight).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syntax_survives() {
        let text = "{% extends \"base.html\" %}\n{% block content %}\n  <h1 class=\"{{ x }}\">  {{ name }}  </h1>\n\n  {% if a %}<p>い</p>{% endif %}\n{% endblock %}\n";
        let small = minify_template(text).unwrap_or_default();
        assert!(small.len() < text.len() && small.contains("{{ name }}"), "{small}");
    }

    #[test]
    fn an_expression_without_quotes_is_never_left() {
        assert!(values_are_quoted("<a href=\"{{ x }}\" class=b>{{ y }}</a>"));
        assert!(!values_are_quoted("<a href={{ x }}>"));
        assert!(!values_are_quoted("<a class=b-{{ x }}>"));
        let small = minify_template("<a href=\"{{ x }}\" class=\"b-{{ y }}\">あ</a>").unwrap_or_default();
        assert!(values_are_quoted(&small) && !small.is_empty(), "{small}");
    }

    #[test]
    fn what_would_be_scrambled_stays() {
        assert_eq!(minify_template("<h1 {% if x %}id=\"a\"{% endif %}>あ</h1>"), None);
        assert_eq!(minify_template("<h1 id=\"{{ x[\"title\"] }}\">あ</h1>"), None);
    }
}
