//! Drawings (SVG) are passed on as they are, so nothing may be in them that runs or calls elsewhere: opened by itself, an
//! SVG is a page.

use base64::Engine as _;
use roxmltree::{Document, Node, ParsingOptions};

/// What is in a drawing that must not be: in Japanese and in English.
pub type Refused = (String, &'static str);

/// Looks through a drawing.
pub fn refused(bytes: &[u8]) -> Option<Refused> {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Some(("UTF-8 でない文字".to_owned(), "text that is not UTF-8"));
    };
    // Entities may stand for anything, and attributes may be set from there; drawing programs write a DOCTYPE without.
    if let Some(found) =
        ["<!ENTITY", "<!ATTLIST", "<!ELEMENT", "<!NOTATION"].iter().find(|found| text.contains(**found))
    {
        return Some((format!("{found}>"), "declarations of a document type"));
    }
    let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
    match Document::parse_with_options(text.trim_start_matches('\u{feff}'), options) {
        Ok(document) if document.root_element().tag_name().name() == "svg" => {
            document.descendants().find_map(|node| of_node(&node))
        }
        Ok(_) => Some(("SVG でない中身".to_owned(), "something else than SVG")),
        Err(error) => Some((format!("{}行目の、読めない所", error.pos().row), "broken XML")),
    }
}

/// How large a drawing wants to be, in pixels: its width and height, or its view box where it says neither.
pub fn size(bytes: &[u8]) -> Option<(u32, u32)> {
    let text = std::str::from_utf8(bytes).ok()?;
    let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text.trim_start_matches('\u{feff}'), options).ok()?;
    let root = document.root_element();
    let number =
        |text: &str| text.trim().trim_end_matches("px").parse::<f64>().ok().filter(|n| *n >= 1.0 && *n < 10_000.0);
    let said = |name: &str| root.attribute(name).and_then(number);
    let view: Vec<f64> = root.attribute("viewBox").unwrap_or_default().split([' ', ',']).filter_map(number).collect();
    let pair = match (said("width"), said("height"), view.as_slice()) {
        (Some(width), Some(height), _) => (width, height),
        (.., [.., width, height]) => (*width, *height),
        _ => return None,
    };
    // Whole numbers below ten thousand.
    let whole = |n: f64| format!("{n:.0}").parse().ok();
    Some((whole(pair.0)?, whole(pair.1)?))
}

fn of_node(node: &Node<'_, '_>) -> Option<Refused> {
    if node.is_pi() && node.pi().is_some_and(|pi| pi.target.starts_with("xml-stylesheet")) {
        return Some(("外のスタイルシート".to_owned(), "a style sheet from elsewhere"));
    }
    if node.is_text() && node.text().is_some_and(reveals) {
        return Some(("写真の中の、撮った場所や機械の記録".to_owned(), "what a camera wrote, in an embedded photo"));
    }
    if !node.is_element() {
        return None;
    }
    let name = node.tag_name().name();
    if node.tag_name().namespace() == Some("http://www.w3.org/1999/xhtml") {
        return Some((format!("HTML の <{name}>"), "HTML in it"));
    }
    if ["script", "foreignObject", "iframe", "embed", "object", "audio", "video", "handler", "listener"]
        .iter()
        .any(|known| name.eq_ignore_ascii_case(known))
    {
        return Some((format!("<{name}>"), "an element that runs or embeds something"));
    }
    if name == "style" && node.descendants().filter_map(|text| text.text()).any(calls_out) {
        return Some(("スタイルの中の、外のファイル".to_owned(), "a file from elsewhere in its style"));
    }
    node.attributes().find_map(|attribute| {
        let (name, value) = (attribute.name(), attribute.value().trim());
        // What drawing programs note for themselves, such as where on a disk it was saved.
        if attribute.namespace().is_some_and(|of| of != "http://www.w3.org/1999/xlink") {
            return None;
        }
        if reveals(value) {
            return Some((
                "写真の中の、撮った場所や機械の記録".to_owned(),
                "what a camera wrote, in an embedded photo",
            ));
        }
        if name.len() > 2 && name.get(..2).is_some_and(|on| on.eq_ignore_ascii_case("on")) {
            return Some((format!("{name}=\"…\""), "a script in an attribute"));
        }
        let picture = ["data:image/png", "data:image/jpeg", "data:image/webp", "data:image/gif"];
        let inside = value.is_empty() || value.starts_with('#') || picture.iter().any(|start| value.starts_with(start));
        if matches!(name, "href" | "src" | "srcset") && !inside || calls_out(value) && name != "d" {
            let shown: String = value.chars().take(60).collect();
            return Some((format!("{name}=\"{shown}\""), "a link or a file from elsewhere"));
        }
        // Animations may set what was looked at here.
        let sets = matches!(node.tag_name().name(), "set" | "animate") && name == "attributeName";
        (sets && (value.ends_with("href") || value.starts_with("on")))
            .then(|| (format!("{name}=\"{value}\""), "an animation of a link"))
    })
}

/// Whether a photo that is written into a text says where it was taken, or cannot be looked into.
fn reveals(text: &str) -> bool {
    const START: &str = "data:image/";
    text.match_indices(START).any(|(at, _)| {
        let rest = text.get(at + START.len()..).unwrap_or_default();
        if rest.starts_with("svg") {
            return false;
        }
        let Some((_, written)) = rest.split_once(";base64,") else { return true };
        let end = written.find(|c: char| !(c.is_ascii_alphanumeric() || "+/=%".contains(c) || c.is_whitespace()));
        let written = written.get(..end.unwrap_or(written.len())).unwrap_or_default();
        let written: Vec<u8> = written.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
        let Ok(bytes) = base64::engine::general_purpose::STANDARD.decode(written) else { return true };
        let words: [&[u8]; 6] = [b"Exif\0", b"eXIf", b"EXIF", b"ns.adobe.com", b"Photoshop 3.0", b"tEXt"];
        words.iter().any(|word| memchr::memmem::find(&bytes, word).is_some())
    })
}

/// Whether a style asks for a file.
fn calls_out(style: &str) -> bool {
    let style = style.to_ascii_lowercase();
    // Signs may be written as their numbers there.
    style.contains('\\')
        || style.contains("@import")
        || style.contains("image-set(")
        || style.contains("javascript:")
        || style.match_indices("url(").any(|(at, found)| {
            let rest = style.get(at + found.len()..).unwrap_or_default().trim_start_matches([' ', '\'', '"']);
            !rest.starts_with('#') && !rest.starts_with("data:image/") && !rest.starts_with("data:font/")
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawing_says_how_large_it_is() {
        let of = |attributes: &str| size(format!("<svg xmlns='http://www.w3.org/2000/svg' {attributes}/>").as_bytes());
        assert_eq!(of("width='320' height='240px' viewBox='0 0 1 1'"), Some((320, 240)));
        assert_eq!(of("width='100%' viewBox='0 0 48.4 24'"), Some((48, 24)));
        assert_eq!((of(""), of("viewBox='0 0 0 0'"), size(b"no")), (None, None, None));
    }

    fn svg(inside: &str) -> Vec<u8> {
        format!("<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\">{inside}</svg>").into_bytes()
    }

    #[test]
    fn what_runs_or_calls_elsewhere_is_refused() {
        for inside in [
            "<script>alert(1)</script>",
            "<SCRIPT/>",
            "<g onload='alert(1)'/>",
            "<image href='https://example.com/x.png'/>",
            "<use xlink:href='other.svg#a'/>",
            "<a href='javascript:alert(1)'/>",
            "<style>@import 'x.css';</style>",
            "<style>a { fill: url(https://example.com) }</style>",
            "<rect style=\"fill: url( 'x.svg#a' )\"/>",
            "<foreignObject/>",
            "<set attributeName='xlink:href' to='x'/>",
            "<image href='data:image/svg+xml,x'/>",
            "<g>",
            "<h:meta xmlns:h='http://www.w3.org/1999/xhtml' http-equiv='refresh' content='0;url=x'/>",
            "<style>a { fill: u\\72l(https://example.com) }</style>",
            "<style>a { fill: image-set('https://example.com' 1x) }</style>",
            // A photo with Exif inside; one that cannot be looked into.
            "<image href='data:image/jpeg;base64,/9j/4QAIRXhpZgAA'/>",
            "<style>a { fill: url(data:image/jpeg;base64,/9j/4QAIRXhpZgAA) }</style>",
            "<image href='data:image/png,x'/>",
        ] {
            assert!(refused(&svg(inside)).is_some(), "{inside}");
        }
        let entities = b"<!DOCTYPE svg [<!ENTITY a 'b'>]><svg xmlns='http://www.w3.org/2000/svg'/>";
        let attributes =
            b"<!DOCTYPE svg [<!ATTLIST svg onload CDATA 'alert(1)'>]><svg xmlns='http://www.w3.org/2000/svg'/>";
        for other in [&b"\xff"[..], b"", b"<html/>", entities, attributes] {
            assert!(refused(other).is_some());
        }
    }

    #[test]
    fn drawings_are_taken() {
        for inside in [
            "<defs><path id='a' d='M0 0'/></defs><use href='#a'/><use xlink:href='#a' style='fill:url(#g)'/>",
            "<image href='data:image/png;base64,AAAA'/><text>写真 url</text><style>.a { fill: #123 }</style>",
            "<a href='#top'/>",
        ] {
            assert_eq!(refused(&svg(inside)), None, "{inside}");
        }
    }
}
