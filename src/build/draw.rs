//! From an SVG to a card of 1200 by 630 for shared links.
//!
//! An SVG may be anybody's. It is weighed before it is read: what would take long (filters, drawings within
//! drawings that multiply) is refused, and there is no way from it to a file or an address.

use crate::render::Rgb;
use crate::site::previews::SIZE;
use libdeflater::{CompressionLvl, Compressor};
use resvg::tiny_skia::{Pixmap, PixmapMut, PremultipliedColorU8, Transform};
use resvg::usvg::roxmltree::{Document, Node, ParsingOptions};
use resvg::usvg::{ImageHrefResolver, Options, Tree};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Goes into the name of every card: another number, other names.
pub(super) const RECIPE: u32 = 2;

/// Colours of a card.
#[derive(Debug, Clone, Copy)]
pub(super) struct Colours {
    pub ground: Rgb,
    pub band: Rgb,
}

impl Colours {
    /// For the hash of a card.
    pub(super) fn bytes(self) -> [u8; 6] {
        let ([a, b, c], [d, e, f]) = (self.ground.0, self.band.0);
        [a, b, c, d, e, f]
    }
}

/// Why an SVG is not drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    Unreadable,
    TooLarge,
    Filter,
}

impl Refused {
    pub(super) fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Unreadable => ("SVG として読めません", "it cannot be read as SVG"),
            Self::TooLarge => ("大きすぎるか、こみ入りすぎています", "it is too large or too intricate"),
            Self::Filter => ("フィルター（ぼかしなど）が使われています", "it uses filters"),
        }
    }
}

const LARGEST: usize = 1024 * 1024;
/// Elements that are drawn, each as often as it is.
const MOST: u64 = 50_000;
const DEEPEST: usize = 64;

/// A drawing that is safe to draw.
pub(super) struct Drawing(Tree);

impl Drawing {
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Refused> {
        if bytes.len() > LARGEST {
            return Err(Refused::TooLarge);
        }
        // As text, so that nothing is unpacked.
        let text = std::str::from_utf8(bytes).map_err(|_| Refused::Unreadable)?;
        // Editors like Illustrator write a document type; only one that defines something can do harm.
        let allow_dtd = !text.contains("<!ENTITY");
        let options = ParsingOptions { allow_dtd, nodes_limit: 100_000, ..ParsingOptions::default() };
        let document = Document::parse_with_options(text, options).map_err(|_| Refused::Unreadable)?;
        weigh(&document)?;
        let options = Options {
            resources_dir: None,
            image_href_resolver: ImageHrefResolver {
                resolve_data: Box::new(|_, _, _| None),
                resolve_string: Box::new(|_, _| None),
            },
            ..Options::default()
        };
        let tree = Tree::from_xmltree(&document, &options).map_err(|_| Refused::Unreadable)?;
        // Far beyond its own edges there is nothing to see, and the painter's numbers do not reach.
        let (room, all) = (tree.size(), tree.root().abs_layer_bounding_box());
        let far = |own: f32, edge: f32| !edge.is_finite() || edge.abs() > own * 20.0 + 1000.0;
        let beyond = far(room.width(), all.left()) || far(room.width(), all.right());
        if beyond || far(room.height(), all.top()) || far(room.height(), all.bottom()) {
            return Err(Refused::TooLarge);
        }
        Ok(Self(tree))
    }

    /// Draws it as large as it fits into a field, in its middle; `cover`: so that nothing of the field is left.
    fn paint(&self, field: [f32; 4], cover: bool, onto: &mut PixmapMut<'_>) {
        let [x, y, width, height] = field;
        let (own, size) = ((self.0.size().width(), self.0.size().height()), (width, height));
        let (by_width, by_height) = (size.0 / own.0, size.1 / own.1);
        let scale = if cover { by_width.max(by_height) } else { by_width.min(by_height) };
        let (left, top) = ((width - own.0 * scale) / 2.0, (height - own.1 * scale) / 2.0);
        // On a sheet of its own: what reaches over its edges is cut off, as in a browser.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a field is part of a card")]
        let Some(mut sheet) = Pixmap::new(width.ceil() as u32, height.ceil() as u32) else { return };
        resvg::render(&self.0, Transform::from_row(scale, 0.0, 0.0, scale, left, top), &mut sheet.as_mut());
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a field is part of a card")]
        let (x, y) = (x.round() as usize, y.round() as usize);
        lay(&sheet, onto, x, y);
    }

    fn aspect(&self) -> f32 {
        self.0.size().width() / self.0.size().height()
    }
}

/// Lays a sheet upon another one, a few pixels from its left and from above. The painter does the same for any angle
/// and size, ten times as slowly.
fn lay(sheet: &Pixmap, onto: &mut PixmapMut<'_>, x: usize, y: usize) {
    let (width, below) = (sheet.width() as usize * 4, onto.width() as usize * 4);
    let rows = onto.data_mut().chunks_exact_mut(below).skip(y);
    for (row, over) in rows.zip(sheet.data().chunks_exact(width)) {
        let row = row.get_mut(x * 4..).unwrap_or_default();
        for (under, over) in row.as_chunks_mut::<4>().0.iter_mut().zip(over.as_chunks::<4>().0) {
            match over[3] {
                0 => {}
                u8::MAX => *under = *over,
                alpha => {
                    let shown = u32::from(u8::MAX - alpha);
                    for (under, over) in under.iter_mut().zip(over) {
                        *under = over.saturating_add(((u32::from(*under) * shown + 127) / 255) as u8);
                    }
                }
            }
        }
    }
}

/// How much there is to draw, counting what is used several times as often as it is.
fn weigh(document: &Document<'_>) -> Result<(), Refused> {
    let mut by_id = BTreeMap::new();
    for node in document.descendants().filter(Node::is_element) {
        if node.tag_name().name().eq_ignore_ascii_case("filter") {
            return Err(Refused::Filter);
        }
        if let Some(id) = node.attribute("id") {
            by_id.entry(id).or_insert(node);
        }
    }
    let mut known = BTreeMap::new();
    let all = weight(document.root_element(), &by_id, &mut known, 0)?;
    // What a style sheet inside names may stand on any element.
    let styles = document.descendants().filter(|node| node.has_tag_name("style") || node.tag_name().name() == "style");
    let mut styled = 0;
    for style in styles {
        for id in named(style.text().unwrap_or_default()) {
            if let Some(target) = by_id.get(id) {
                styled += weight(*target, &by_id, &mut known, 0)?;
            }
        }
    }
    if all.saturating_mul(1 + styled) > MOST { Err(Refused::TooLarge) } else { Ok(()) }
}

type Nodes<'a, 'i> = BTreeMap<&'a str, Node<'a, 'i>>;

fn weight<'a>(
    node: Node<'a, '_>,
    by_id: &Nodes<'a, '_>,
    known: &mut BTreeMap<u32, Option<u64>>,
    depth: usize,
) -> Result<u64, Refused> {
    let key = node.id().get();
    match known.get(&key) {
        Some(Some(known)) => return Ok(*known),
        // It uses itself.
        Some(None) => return Err(Refused::TooLarge),
        None if depth > DEEPEST => return Err(Refused::TooLarge),
        None => {}
    }
    known.insert(key, None);
    let mut sum: u64 = 1;
    for attribute in node.attributes() {
        let link = attribute.name() == "href";
        let targets: Vec<&str> = match attribute.value().strip_prefix('#').filter(|_| link) {
            Some(id) => vec![id],
            None => named(attribute.value()).collect(),
        };
        for target in targets.into_iter().filter_map(|id| by_id.get(id)) {
            sum = sum.saturating_add(weight(*target, by_id, known, depth + 1)?);
        }
    }
    for child in node.children().filter(Node::is_element) {
        sum = sum.saturating_add(weight(child, by_id, known, depth + 1)?);
    }
    if sum > MOST {
        return Err(Refused::TooLarge);
    }
    known.insert(key, Some(sum));
    Ok(sum)
}

/// The ids in `url(#id)`.
fn named(value: &str) -> impl Iterator<Item = &str> {
    value.split("url(").skip(1).filter_map(|rest| {
        let inside = rest.split(')').next()?.trim().trim_matches(['"', '\'']);
        inside.strip_prefix('#')
    })
}

/// A card. Without a drawing it shows the mark alone. The painter gives up on some numbers by panicking; such
/// a drawing is left out.
pub(super) fn card(drawing: Option<&Drawing>, mark: Option<&Drawing>, colours: Colours) -> Vec<u8> {
    let whole = || catch_unwind(AssertUnwindSafe(|| paint(drawing, mark, colours)));
    whole().unwrap_or_else(|_| paint(None, None, colours))
}

fn paint(drawing: Option<&Drawing>, mark: Option<&Drawing>, colours: Colours) -> Vec<u8> {
    let (width, height) = SIZE;
    let Some(mut pixmap) = Pixmap::new(width, height) else { return Vec::new() };
    let mut canvas = pixmap.as_mut();
    let Colours { ground, band } = colours;
    let field = [0.0, 0.0, 1200.0, 606.0];
    let fills = drawing.is_some_and(|drawing| (drawing.aspect() / (1200.0 / 606.0) - 1.0).abs() < 0.12);
    frame(&format!("<rect width=\"1200\" height=\"630\" fill=\"{ground}\"/>"), &mut canvas);
    match drawing {
        Some(drawing) if fills => drawing.paint(field, true, &mut canvas),
        Some(drawing) => {
            let room = (1000.0_f32, 500.0_f32);
            let scale = (room.0 / drawing.aspect()).min(room.1);
            let (w, h) = ((scale * drawing.aspect()).round(), scale.round());
            let (x, y) = ((1200.0 - w) / 2.0, (606.0 - h) / 2.0);
            let plate = format!(
                "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"32\" fill=\"#fff\"/>",
                x - 24.0,
                y - 24.0,
                w + 48.0,
                h + 48.0
            );
            frame(&plate, &mut canvas);
            drawing.paint([x, y, w, h], false, &mut canvas);
        }
        None => {}
    }
    frame(&format!("<rect y=\"606\" width=\"1200\" height=\"24\" fill=\"{band}\"/>"), &mut canvas);
    if let Some(mark) = mark {
        frame("<circle cx=\"1112\" cy=\"518\" r=\"64\" fill=\"#fff\"/>", &mut canvas);
        mark.paint([1070.0, 476.0, 84.0, 84.0], false, &mut canvas);
    }
    png(&pixmap)
}

/// Draws shapes of our own.
fn frame(shapes: &str, onto: &mut PixmapMut<'_>) {
    let svg = format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1200\" height=\"630\">{shapes}</svg>");
    if let Ok(tree) = Tree::from_str(&svg, &Options::default()) {
        resvg::render(&tree, Transform::identity(), onto);
    }
}

/// A PNG of at most 256 colours: flat drawings have few, and what softens their edges can be near ones.
fn png(pixmap: &Pixmap) -> Vec<u8> {
    let colour = |pixel: &PremultipliedColorU8| u32::from_be_bytes([0, pixel.red(), pixel.green(), pixel.blue()]);
    // Most neighbours are equal.
    let runs: Vec<(u32, u32)> = pixmap
        .pixels()
        .chunk_by(|a, b| a == b)
        .filter_map(|run| Some((colour(run.first()?), run.len() as u32)))
        .collect();
    let (palette, places) = palette(&runs);
    let mut indices = Vec::with_capacity(pixmap.pixels().len());
    for (colour, length) in runs {
        let place = places.binary_search_by_key(&colour, |(known, _)| *known).ok();
        let place = place.and_then(|at| places.get(at)).map_or(0, |(_, place)| *place);
        indices.resize(indices.len() + length as usize, place);
    }
    written(&palette, &indices)
}

/// A PNG of indices into a palette, whose rows need no filter.
fn written(palette: &[[u8; 3]], indices: &[u8]) -> Vec<u8> {
    let (width, height) = SIZE;
    let mut rows = Vec::with_capacity(indices.len() + height as usize);
    for row in indices.chunks_exact(width as usize) {
        rows.push(0);
        rows.extend_from_slice(row);
    }
    let mut packer = Compressor::new(CompressionLvl::default());
    let mut packed = vec![0; packer.zlib_compress_bound(rows.len())];
    // It cannot fail in so much room.
    let length = packer.zlib_compress(&rows, &mut packed).unwrap_or_default();
    packed.truncate(length);
    // Eight bits a pixel, of a palette.
    let head = [width.to_be_bytes(), height.to_be_bytes(), [8, 3, 0, 0]].concat();
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    for (name, content) in
        [(b"IHDR", [&head[..], &[0]].concat()), (b"PLTE", palette.concat()), (b"IDAT", packed), (b"IEND", Vec::new())]
    {
        png.extend((content.len() as u32).to_be_bytes());
        let from = png.len();
        png.extend(name);
        png.extend(content);
        let sum = crc32fast::hash(&png[from..]);
        png.extend(sum.to_be_bytes());
    }
    png
}

/// The 256 colours that are there most, and for every colour, ascending, the place of the nearest.
fn palette(runs: &[(u32, u32)]) -> (Vec<[u8; 3]>, Vec<(u32, u8)>) {
    let mut sorted = runs.to_vec();
    sorted.sort_unstable();
    let sum = |runs: &[(u32, u32)]| Some((runs.first()?.0, runs.iter().map(|(_, length)| length).sum::<u32>()));
    let counts: Vec<(u32, u32)> = sorted.chunk_by(|a, b| a.0 == b.0).filter_map(sum).collect();
    let mut often = counts.clone();
    often.sort_by_key(|(colour, count)| (std::cmp::Reverse(*count), *colour));
    often.truncate(256);
    let parts = |colour: u32| colour.to_be_bytes().map(i32::from);
    let palette: Vec<[i32; 4]> = often.iter().map(|(colour, _)| parts(*colour)).collect();
    let nearest = |colour: u32| {
        let [_, red, green, blue] = parts(colour);
        let square = |a: i32, b: i32| (a - b) * (a - b);
        let far = |[_, r, g, b]: &[i32; 4]| square(red, *r) + square(green, *g) + square(blue, *b);
        // How far and, below it, where: so the first of the nearest is the least.
        palette.iter().zip(0..).map(|(known, place)| far(known) << 8 | place).min().unwrap_or_default() as u8
    };
    let places = counts.iter().map(|(colour, _)| (*colour, nearest(*colour))).collect();
    let colours = often.iter().map(|(colour, _)| {
        let [_, red, green, blue] = colour.to_be_bytes();
        [red, green, blue]
    });
    (colours.collect(), places)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, Instant};

    const COLOURS: Colours = Colours { ground: Rgb([255, 238, 226]), band: Rgb([251, 91, 1]) };

    fn svg(inside: &str) -> String {
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" viewBox=\"0 0 320 240\">{inside}</svg>"
        )
    }

    #[test]
    fn a_card_is_a_png_of_its_size() {
        let drawing = Drawing::read(svg("<circle cx=\"160\" cy=\"120\" r=\"90\" fill=\"#ac3e00\"/>").as_bytes()).ok();
        let bytes = card(drawing.as_ref(), None, COLOURS);
        assert_eq!(bytes.get(..8), Some(b"\x89PNG\r\n\x1a\n".as_slice()));
        assert_eq!(bytes.get(16..24), Some([0, 0, 4, 176, 0, 0, 2, 118].as_slice()));
        assert_eq!(bytes, card(drawing.as_ref(), None, COLOURS));
        assert!(bytes.len() < 20_000, "{}", bytes.len());
        assert!(!card(None, drawing.as_ref(), COLOURS).is_empty());
    }

    #[test]
    fn hostile_drawings_are_refused_at_once() {
        let twice = (1..40)
            .map(|n| format!("<g id=\"a{n}\"><use href=\"#a{m}\"/><use xlink:href=\"#a{m}\"/></g>", m = n - 1))
            .collect::<String>();
        let masks = (1..40)
            .map(|n| format!("<mask id=\"m{n}\">{}</mask>", format!("<rect mask=\"url(#m{})\"/>", n - 1).repeat(10)))
            .collect::<String>();
        let cases = [
            svg(&format!("<g id=\"a0\"><path d=\"M0 0h9\"/></g>{twice}<use href=\"#a39\"/>")),
            svg(&format!("<mask id=\"m0\"/>{masks}<rect mask=\"url(#m39)\"/>")),
            svg("<g id=\"a\"><use href=\"#a\"/></g>"),
            svg("<filter id=\"f\"><feTurbulence numOctaves=\"99999999\"/></filter>"),
            svg(&"<g>".repeat(5000)),
            svg(&format!("{}{}", "<g>".repeat(3000), "</g>".repeat(3000))),
            "<!DOCTYPE svg [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><svg xmlns=\"http://www.w3.org/2000/svg\">&x;</svg>".to_owned(),
            "<!DOCTYPE svg [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><svg xmlns=\"http://www.w3.org/2000/svg\">&b;</svg>".to_owned(),
            "x".repeat(LARGEST + 1),
            String::new(),
            "<html/>".to_owned(),
        ];
        for text in cases {
            let started = Instant::now();
            let start: String = text.chars().take(120).collect();
            assert!(Drawing::read(text.as_bytes()).is_err(), "{start}");
            assert!(started.elapsed() < Duration::from_secs(2), "{start}");
        }
        // Packed text stays packed.
        assert!(Drawing::read(&[0x1f, 0x8b, 8, 0]).is_err());
    }

    #[test]
    fn nothing_is_read_from_outside() {
        let folder = std::env::current_dir().map(|folder| folder.display().to_string()).unwrap_or_default();
        let plain = Drawing::read(svg("").as_bytes()).ok().map(|drawing| card(Some(&drawing), None, COLOURS));
        for href in [
            format!("file://{folder}/themes/heartnet/static/icon.svg"),
            format!("{folder}/themes/heartnet/static/icon.svg"),
            "themes/heartnet/static/icon.svg".to_owned(),
            "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'%3E%3Crect width='9' height='9'/%3E%3C/svg%3E".to_owned(),
        ] {
            let text = svg(&format!("<image width=\"320\" height=\"240\" href=\"{href}\"/>"));
            let drawn = Drawing::read(text.as_bytes()).ok().map(|drawing| card(Some(&drawing), None, COLOURS));
            assert_eq!(drawn, plain, "{href}");
        }
    }

    #[test]
    fn huge_numbers_do_no_harm() {
        for inside in [
            "<rect width=\"1e30\" height=\"1e30\" stroke-width=\"1e30\" stroke=\"red\"/>",
            "<path d=\"M0 0L1e9 1e9\" stroke=\"red\" stroke-dasharray=\"0.0001\"/>",
            "<pattern id=\"p\" width=\"0.001\" height=\"0.001\" patternUnits=\"userSpaceOnUse\"><rect width=\"1\" height=\"1\"/></pattern><rect width=\"320\" height=\"240\" fill=\"url(#p)\"/>",
        ] {
            let started = Instant::now();
            if let Ok(drawing) = Drawing::read(svg(inside).as_bytes()) {
                assert!(!card(Some(&drawing), None, COLOURS).is_empty(), "{inside}");
            }
            assert!(started.elapsed() < Duration::from_secs(20), "{inside} {:?}", started.elapsed());
        }
        let wide = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1000000000\" height=\"1\"><rect width=\"9\" height=\"9\"/></svg>";
        if let Ok(drawing) = Drawing::read(wide.as_bytes()) {
            card(Some(&drawing), None, COLOURS);
        }
    }
}
