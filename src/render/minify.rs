//! Makes templates small, once, when they are loaded.
//!
//! minify-html costs eight times what a page costs to render; run over the templates instead, it costs
//! nothing per page. It leaves template syntax alone except between attributes, where it scrambles it:
//! so the tags are compared before and after, and a template that would change stays as it is.

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
    (tags(&small) == tags(text)).then_some(small)
}

/// The sequence of template tags, white space aside.
fn tags(text: &str) -> Vec<String> {
    let mut tags = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find('{') {
        rest = &rest[start..];
        let end = match rest.get(..2) {
            Some("{{") => "}}",
            Some("{%") => "%}",
            Some("{#") => "#}",
            _ => {
                rest = &rest[1..];
                continue;
            }
        };
        let Some(close) = rest.find(end) else { break };
        if !rest.starts_with("{#") {
            tags.push(rest[..close + 2].split_whitespace().collect());
        }
        rest = &rest[close + 2..];
    }
    tags
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
    fn what_would_be_scrambled_stays() {
        assert_eq!(minify_template("<h1 {% if x %}id=\"a\"{% endif %}>あ</h1>"), None);
    }
}
