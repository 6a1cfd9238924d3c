//! `{漢字|かんじ}`: furigana by hand.

use super::escape;

/// Stands for the bar of a ruby while Markdown is read, so that a table does not take it for a cell's
/// end. A control character cannot be in a source file, and it takes one byte like the bar itself.
pub(super) const BAR: char = '\u{1f}';

/// Puts [`BAR`] into every `{…|…}`. Offsets stay the same.
pub(super) fn protect(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        out.push_str(&rest[..=open]);
        rest = &rest[open + 1..];
        let Some(end) = rest.find(['}', '{', '\n']).filter(|end| rest[*end..].starts_with('}')) else { continue };
        let inside = &rest[..end];
        match inside.split_once('|') {
            Some((base, reading)) if is_ruby(base, reading) => {
                out.push_str(base);
                out.push(BAR);
                out.push_str(reading);
                out.push('}');
                rest = &rest[end + 1..];
            }
            _ => {}
        }
    }
    out.push_str(rest);
    out
}

fn is_ruby(base: &str, reading: &str) -> bool {
    let plain = |text: &str| !text.trim().is_empty() && !text.contains(['|', '<', '>', '`', '&']);
    plain(base) && plain(reading)
}

/// Back to what was written, for code.
pub(super) fn restore(text: &str) -> String {
    text.replace(BAR, "|")
}

/// Writes text with its ruby as HTML.
pub(super) fn write(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(bar) = rest.find(BAR) {
        let parts = rest[..bar].rfind('{').zip(rest[bar..].find('}').map(|end| bar + end));
        match parts {
            Some((open, end)) => {
                escape(&rest[..open], out);
                pair(&rest[open + 1..bar], &rest[bar + 1..end], out);
                rest = &rest[end + 1..];
            }
            None => {
                escape(&rest[..bar], out);
                out.push('|');
                rest = &rest[bar + 1..];
            }
        }
    }
    escape(rest, out);
}

fn pair(base: &str, reading: &str, out: &mut String) {
    out.push_str("<ruby>");
    escape(base, out);
    out.push_str("<rp>（</rp><rt>");
    escape(reading, out);
    out.push_str("</rt><rp>）</rp></ruby>");
}

/// Without the readings.
pub(super) fn strip(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(bar) = rest.find(BAR) {
        match rest[..bar].rfind('{').zip(rest[bar..].find('}').map(|end| bar + end)) {
            Some((open, end)) => {
                out.push_str(&rest[..open]);
                out.push_str(&rest[open + 1..bar]);
                rest = &rest[end + 1..];
            }
            None => {
                out.push_str(&rest[..bar]);
                rest = &rest[bar + 1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// Whether a text holds `{漢字|かんじ}`.
pub(in crate::source) fn has_ruby(text: &str) -> bool {
    text.contains('{') && protect(text).contains(BAR)
}
