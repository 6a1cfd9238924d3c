//! Where links and images lead.

use super::blocks::Writer;
use super::inline::{self, Inline, plain};
use super::{Link, Piece, Target};
use crate::diagnostic::{Problem, nearest};
use crate::model::{Kind, text};
use crate::photos::is_photo;
use crate::schema;
use crate::source::leaf;
use crate::source::place::At;
use std::ops::Range;

/// A safe place to lead to.
pub(super) enum Destination {
    /// Somewhere else: final.
    Outside(String),
    Entry(Kind, String),
    Local(String),
    Asset(String),
    Anchor(String),
}

/// Reads what was written behind a link; `Err` tells why it may not stand there.
pub(super) fn destination(writer: &Writer<'_>, written: &str) -> Result<Destination, Problem> {
    let target: String = written.trim().chars().filter(|c| !c.is_control()).collect();
    if let Some(anchor) = target.strip_prefix('#') {
        return Ok(Destination::Anchor(percent_decode(anchor)));
    }
    if let Some((scheme, rest)) = target.split_once(':')
        && !scheme.contains(['/', '?', '#', '.'])
    {
        if let Some(kind) = Kind::ALL.into_iter().find(|kind| kind.word() == scheme || kind.folder() == scheme) {
            return Ok(Destination::Entry(kind, rest.trim().to_owned()));
        }
        return match scheme.to_ascii_lowercase().as_str() {
            "http" | "https" => leaf::url(&target.replace(' ', "%20")),
            "mailto" | "tel" => Some(target.clone()).filter(|text| !text.contains(['"', '<', '>', ' ', '\\'])),
            _ => None,
        }
        .map(Destination::Outside)
        .ok_or_else(|| {
            let near = nearest(scheme, Kind::ALL.map(Kind::word)).map(|word| format!("{word}:{}", rest.trim()));
            Problem::DangerousLink { target: written.to_owned(), near }
        });
    }
    if target.starts_with("//") || target.contains('\\') {
        return Err(Problem::DangerousLink { target: written.to_owned(), near: None });
    }
    if let Some(path) = target.strip_prefix('/')
        && !path.starts_with("assets/")
    {
        return Ok(Destination::Local(percent_decode(&target)));
    }
    let name = percent_decode(target.trim_start_matches('/'));
    if name.to_lowercase().ends_with(".md") {
        // A link to an entry's file: say how it is written here.
        let near = entry_of_file(&name);
        return Err(Problem::DeadLink { target: written.to_owned(), near });
    }
    match writer.place.assets.find(&name, writer.place.folder, schema::FILES) {
        Ok(path) => Ok(Destination::Asset(path)),
        Err(Problem::MissingFile { near, .. }) => Err(Problem::DeadLink { target: written.to_owned(), near }),
        Err(_) => {
            let known = ["product", "facility", "event", "news", "page", "report"];
            let near = name.split(['/', ':']).next().and_then(|first| nearest(first, known));
            Err(Problem::DeadLink { target: written.to_owned(), near: near.map(|word| format!("{word}:…")) })
        }
    }
}

fn entry_of_file(name: &str) -> Option<String> {
    let kind = Kind::ALL.into_iter().find(|kind| name.contains(&format!("{}/", kind.folder())))?;
    let file = name.rsplit('/').next()?.rsplit_once('.')?.0;
    Some(format!("{}:{file}", kind.word()))
}

fn percent_decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let decoded = (byte == b'%')
            .then(|| bytes.get(at + 1..at + 3))
            .flatten()
            .and_then(|hex| std::str::from_utf8(hex).ok())
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match decoded {
            Some(value) => {
                out.push(value);
                at += 3;
            }
            None => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}

/// Writes `href="…"` (or `src="…"`) with its open end.
pub(super) fn attribute(writer: &mut Writer<'_>, name: &str, destination: Destination, range: Range<usize>) {
    writer.raw(&format!(" {name}=\""));
    match destination {
        Destination::Outside(url) => writer.escaped(&url),
        Destination::Anchor(anchor) => {
            let full = format!("{}{anchor}", writer.prefix);
            writer.raw("#");
            writer.escaped(&full);
            writer.anchors_wanted.push((full, range));
        }
        Destination::Entry(kind, id) => {
            writer.links.push(Link { target: Target::Entry(kind, id.clone()), at: At::Bytes(range) });
            writer.out.piece(Piece::Entry(kind, id));
        }
        Destination::Local(path) => {
            writer.links.push(Link { target: Target::Local(path.clone()), at: At::Bytes(range) });
            writer.out.piece(Piece::Local(path));
        }
        Destination::Asset(path) => {
            writer.files.insert(path.clone());
            writer.out.piece(Piece::Asset(path));
        }
    }
    writer.raw("\"");
}

pub(super) fn link(writer: &mut Writer<'_>, url: &str, title: &str, range: Range<usize>, inner: &[Inline<'_>]) {
    let words = plain(inner);
    let symbolic = inner.len() <= 1 && words == url;
    match destination(writer, url) {
        Err(problem) => {
            writer.problems.push((range, problem));
            inline::write(writer, inner);
        }
        Ok(destination) => {
            let vague = ["こちら", "ここ", "詳細", "クリック", "here"];
            if vague.contains(&text::fold(&words).as_str()) || words == "詳しくはこちら" {
                writer.problems.push((range.clone(), Problem::VagueLink { text: words.clone() }));
            }
            let name = match &destination {
                // `<product:akagi-cookie>` and `[](product:akagi-cookie)` show the entry's name.
                Destination::Entry(kind, id) if words.is_empty() || symbolic => Some((*kind, id.clone())),
                _ => None,
            };
            writer.raw("<a");
            attribute(writer, "href", destination, range);
            if !title.is_empty() {
                writer.raw(" title=\"");
                writer.escaped(title);
                writer.raw("\"");
            }
            writer.raw(">");
            writer.mark();
            match name {
                Some((kind, id)) => writer.out.piece(Piece::Name(kind, id)),
                None => inline::write(writer, inner),
            }
            writer.unmark();
            writer.raw("</a>");
        }
    }
}

pub(super) fn image(writer: &mut Writer<'_>, url: &str, title: &str, range: Range<usize>, alt: &str) {
    check_alt(writer, alt, range.clone());
    match destination(writer, url) {
        Ok(Destination::Asset(source)) => {
            if is_photo(&source) {
                writer.links.push(Link { target: Target::Photo(source.clone()), at: At::Bytes(range) });
            } else {
                writer.files.insert(source.clone());
            }
            writer.out.piece(Piece::Picture { source, alt: alt.to_owned(), title: title.to_owned() });
        }
        Ok(destination @ Destination::Outside(_)) => {
            writer.raw("<img");
            attribute(writer, "src", destination, range);
            writer.raw(" alt=\"");
            writer.escaped(alt);
            writer.raw("\"");
            if !title.is_empty() {
                writer.raw(" title=\"");
                writer.escaped(title);
                writer.raw("\"");
            }
            writer.raw(" loading=\"lazy\">");
        }
        Ok(_) => {
            let problem = Problem::MissingFile { name: url.to_owned(), near: None };
            writer.problems.push((range, problem));
        }
        Err(Problem::DeadLink { target, near }) => {
            writer.problems.push((range, Problem::MissingFile { name: target, near }));
        }
        Err(problem) => writer.problems.push((range, problem)),
    }
}

fn check_alt(writer: &mut Writer<'_>, alt: &str, range: Range<usize>) {
    if alt.trim().is_empty() {
        writer.problems.push((range, Problem::ImageWithoutAlt {}));
    } else if says_nothing(alt) {
        writer.problems.push((range, Problem::AltSaysNothing { alt: alt.to_owned() }));
    }
}

/// What says only that there is a picture, and what cameras and phones call their files.
const PICTURE_WORDS: [&str; 24] = [
    "",
    "写真",
    "画像",
    "いめーじ",
    "いめーじ写真",
    "ふぉと",
    "さむねいる",
    "無題",
    "img",
    "image",
    "images",
    "photo",
    "pic",
    "picture",
    "pict",
    "dsc",
    "dscf",
    "dscn",
    "pxl",
    "mvimg",
    "cimg",
    "p",
    "untitled",
    "screenshot",
];

/// 「写真」「画像」「商品の写真」「IMG_1234」「PXL_20261103_093012345」「cookie.jpg」
pub(crate) fn says_nothing(alt: &str) -> bool {
    let folded = text::fold(alt);
    let bare = folded.trim_matches(|c: char| c.is_ascii_digit() || matches!(c, '_' | '-' | '(' | ')'));
    let file = schema::PICTURES.iter().any(|ending| folded.ends_with(&format!(".{ending}")));
    file || ["", "商品", "商品の", "事業所", "事業所の", "施設の", "作業の", "催しの"]
        .iter()
        .any(|of| bare.strip_prefix(of).is_some_and(|rest| PICTURE_WORDS.contains(&rest)))
}
