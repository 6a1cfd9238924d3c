//! Writing XML: two functions are all it takes.

/// Text inside an element.
pub(super) fn element(out: &mut String, name: &str, text: &str) {
    out.push('<');
    out.push_str(name);
    out.push('>');
    escape(out, text);
    out.push_str("</");
    out.push_str(name);
    out.push_str(">\n");
}

/// Escapes for text and attributes; leaves out what XML 1.0 cannot hold.
pub(super) fn escape(out: &mut String, text: &str) {
    // Mostly there is nothing to do: no sign to escape, no control character, no U+FFFE or U+FFFF (which begin with 0xEF).
    if text.bytes().all(|byte| byte >= b' ' && byte != 0xef && !b"&<>\"".contains(&byte)) {
        return out.push_str(text);
    }
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            c => out.push(c),
        }
    }
}
