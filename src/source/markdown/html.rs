//! Raw HTML from editors: an allow-list of elements and attributes.
//!
//! Nothing is copied: every tag that passes is written anew from its name and its checked attributes,
//! so there is no way for markup to hide from the check.

use super::blocks::Writer;
use super::links::{self, Destination};
use crate::diagnostic::Problem;
use std::ops::Range;

/// May stand anywhere.
const PHRASING: [&str; 37] = [
    "a", "abbr", "b", "bdi", "bdo", "br", "cite", "code", "data", "del", "dfn", "em", "i", "img", "ins", "kbd", "mark",
    "q", "rb", "rp", "rt", "ruby", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var", "wbr",
    "label", "output", "rtc", "meter",
];
/// May stand in a block of its own.
const FLOW: [&str; 34] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "caption",
    "col",
    "colgroup",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "footer",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
];
const MORE_FLOW: [&str; 2] = ["tr", "ul"];
const VOID: [&str; 5] = ["br", "hr", "img", "wbr", "col"];
/// Their content is no text for readers either.
const DROPPED: [&str; 17] = [
    "script",
    "style",
    "iframe",
    "object",
    "embed",
    "svg",
    "math",
    "template",
    "noscript",
    "textarea",
    "title",
    "xmp",
    "select",
    "noembed",
    "noframes",
    "plaintext",
    "head",
];

fn allowed(name: &str, block: bool) -> Option<&'static str> {
    let find = |list: &'static [&'static str]| list.iter().copied().find(|known| *known == name);
    find(&PHRASING).or_else(|| if block { find(&FLOW).or_else(|| find(&MORE_FLOW)) } else { None })
}

/// Writes raw HTML; what may not stand is told and left out.
pub(super) fn write(writer: &mut Writer<'_>, html: &str, range: Range<usize>, block: bool) {
    // Where the text stands in the file as it is, problems are told at their own element.
    let verbatim = writer.source.get(range.start..).is_some_and(|source| source.starts_with(html));
    let mut rest = html;
    while !rest.is_empty() {
        let Some(open) = rest.find('<') else {
            text(writer, rest, block);
            return;
        };
        text(writer, &rest[..open], block);
        rest = &rest[open..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.find("-->").map_or("", |end| &comment[end + 3..]);
            continue;
        }
        if rest.starts_with("<!") || rest.starts_with("<?") {
            rest = rest.find('>').map_or("", |end| &rest[end + 1..]);
            continue;
        }
        match Element::read(rest) {
            Some((element, after)) => {
                let start = range.start + html.len() - rest.len();
                let own = start..start + rest.len() - after.len();
                tag(writer, &element, if verbatim { own } else { range.clone() }, block);
                rest = after;
            }
            None => {
                text(writer, "<", block);
                rest = &rest[1..];
            }
        }
    }
}

/// Text between tags: entities stay, everything else is escaped; a run of blanks is one.
fn text(writer: &mut Writer<'_>, raw: &str, block: bool) {
    if raw.trim().is_empty() {
        if !block && !raw.is_empty() {
            writer.raw(" ");
        }
        return;
    }
    let decoded = decode(raw);
    let words = if block { decoded.trim_matches('\n') } else { decoded.as_str() };
    writer.text(words);
}

struct Element {
    name: String,
    closing: bool,
    attributes: Vec<(String, String)>,
}

impl Element {
    /// Reads a tag as a browser would; returns it and what is behind it.
    fn read(text: &str) -> Option<(Self, &str)> {
        let mut rest = text.strip_prefix('<')?;
        let closing = rest.starts_with('/');
        rest = rest.strip_prefix('/').unwrap_or(rest);
        if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return None;
        }
        let end = rest.find(|c: char| c.is_whitespace() || c == '/' || c == '>').unwrap_or(rest.len());
        let name = rest[..end].to_ascii_lowercase();
        rest = &rest[end..];
        let mut attributes = Vec::new();
        loop {
            rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
            if rest.is_empty() {
                break;
            }
            if let Some(after) = rest.strip_prefix('>') {
                rest = after;
                break;
            }
            let first = rest.chars().next().map_or(0, char::len_utf8);
            let end = rest[first..]
                .find(|c: char| c.is_whitespace() || matches!(c, '/' | '>' | '='))
                .map_or(rest.len(), |at| first + at);
            let attribute = rest[..end].to_ascii_lowercase();
            rest = rest[end..].trim_start();
            let mut value = "";
            if let Some(after) = rest.strip_prefix('=') {
                rest = after.trim_start();
                let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
                if let Some(quote) = quote {
                    let inside = &rest[1..];
                    let end = inside.find(quote).unwrap_or(inside.len());
                    value = &inside[..end];
                    rest = inside.get(end + 1..).unwrap_or("");
                } else {
                    let end = rest.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(rest.len());
                    value = &rest[..end];
                    rest = &rest[end..];
                }
            }
            attributes.push((attribute, decode(value)));
        }
        Some((Self { name, closing, attributes }, rest))
    }
}

fn tag(writer: &mut Writer<'_>, element: &Element, range: Range<usize>, block: bool) {
    let name = element.name.as_str();
    if let Some(dropping) = &writer.dropping {
        if element.closing && dropping == name {
            writer.dropping = None;
        }
        return;
    }
    let Some(name) = allowed(name, block) else {
        let slash = if element.closing { "/" } else { "" };
        writer.problems.push((range, Problem::HtmlRemoved { what: format!("<{slash}{name}>") }));
        if !element.closing && DROPPED.contains(&name) {
            writer.dropping = Some(name.to_owned());
        }
        return;
    };
    let void = VOID.contains(&name);
    if element.closing {
        if !void && !writer.close_html(name) {
            writer.problems.push((range, Problem::HtmlRemoved { what: format!("</{name}>") }));
        }
        return;
    }
    if name == "img" {
        image(writer, element, range);
        return;
    }
    writer.raw(&format!("<{name}"));
    for (attribute, value) in &element.attributes {
        attribute_of(writer, name, attribute, value, range.clone());
    }
    writer.raw(">");
    if !void {
        writer.open_html(name);
    }
}

fn attribute_of(writer: &mut Writer<'_>, tag: &str, attribute: &str, value: &str, range: Range<usize>) {
    if tag == "a" && attribute == "href" {
        match links::destination(writer, value) {
            Ok(destination) => links::attribute(writer, "href", destination, range),
            Err(problem) => writer.problems.push((range, problem)),
        }
        return;
    }
    let fits = match attribute {
        "class" | "lang" | "title" | "dir" => true,
        "datetime" => matches!(tag, "time" | "del" | "ins"),
        "colspan" | "rowspan" => matches!(tag, "td" | "th") && is_number(value),
        "scope" => tag == "th",
        "start" => tag == "ol" && is_number(value),
        "reversed" => tag == "ol",
        "open" => tag == "details",
        "span" => matches!(tag, "col" | "colgroup") && is_number(value),
        _ => false,
    };
    if !fits {
        writer.problems.push((range, Problem::HtmlRemoved { what: format!("{attribute}=\"…\"") }));
        return;
    }
    writer.raw(&format!(" {attribute}"));
    if !value.is_empty() {
        writer.raw("=\"");
        writer.escaped(value);
        writer.raw("\"");
    }
}

fn is_number(value: &str) -> bool {
    !value.is_empty() && value.len() < 5 && value.bytes().all(|b| b.is_ascii_digit())
}

fn image(writer: &mut Writer<'_>, element: &Element, range: Range<usize>) {
    let get = |name: &str| element.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    for (attribute, _) in &element.attributes {
        if !matches!(attribute.as_str(), "src" | "alt" | "width" | "height" | "title" | "class" | "loading") {
            let what = format!("{attribute}=\"…\"");
            writer.problems.push((range.clone(), Problem::HtmlRemoved { what }));
        }
    }
    let Some(source) = get("src") else { return };
    match links::destination(writer, source) {
        Ok(Destination::Asset(_) | Destination::Outside(_)) => {
            links::image(writer, source, get("title").unwrap_or_default(), range, get("alt").unwrap_or_default());
        }
        Ok(_) => writer.problems.push((range, Problem::MissingFile { name: source.to_owned(), near: None })),
        Err(Problem::DeadLink { target, near }) => {
            writer.problems.push((range, Problem::MissingFile { name: target, near }));
        }
        Err(problem) => writer.problems.push((range, problem)),
    }
}

/// Character references that matter: the numeric ones and the five of XML, besides those that can
/// hide a scheme.
fn decode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.char_indices().take(12).find(|(_, c)| *c == ';').map(|(end, _)| end);
        let decoded = end.and_then(|end| {
            let name = &rest[1..end];
            let number = match name.strip_prefix('#') {
                Some(hex) if hex.starts_with(['x', 'X']) => u32::from_str_radix(&hex[1..], 16).ok(),
                Some(decimal) => decimal.parse().ok(),
                None => None,
            };
            let c = match name {
                "amp" => Some('&'),
                "lt" => Some('<'),
                "gt" => Some('>'),
                "quot" => Some('"'),
                "apos" => Some('\''),
                "nbsp" => Some('\u{a0}'),
                "colon" => Some(':'),
                "Tab" => Some('\t'),
                "NewLine" => Some('\n'),
                _ => number.and_then(char::from_u32).filter(|c| !c.is_control() || matches!(c, '\n' | '\t')),
            };
            c.map(|c| (c, end))
        });
        match decoded {
            Some((c, end)) => {
                out.push(c);
                rest = &rest[end + 1..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}
