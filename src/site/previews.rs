//! Pictures for shared links: which page shows which.
//!
//! A link in a chat is seen before the page is. Every page has a picture there: its own photo, else the
//! drawing of its kind. Drawings are made into cards by the build; only their addresses are known here.

use std::collections::BTreeMap;

/// Kinds of pages with a drawing of their own: `drawn/KIND.svg` of the theme.
pub const KINDS: [&str; 14] = [
    "catalog",
    "events",
    "facilities",
    "home",
    "kana",
    "news",
    "order",
    "pages",
    "plans",
    "procurement",
    "products",
    "reports",
    "search",
    "works",
];

/// Width and height of a card.
pub const SIZE: (u32, u32) = (1200, 630);

/// Output paths of the cards.
#[derive(Debug, Default)]
pub struct Previews {
    /// By the source path of a drawing.
    pub of_source: BTreeMap<String, String>,
    /// By the kind of page.
    pub of_kind: BTreeMap<&'static str, String>,
}

/// A picture for shared links.
#[derive(Debug, PartialEq, Eq)]
pub enum Preview<'a> {
    /// A file that is published as it is, by its source path.
    Photo(&'a str),
    /// A card, by its output path.
    Card(&'a str),
}

/// Whether a file is a drawing rather than a photo.
pub fn is_drawing(source: &str) -> bool {
    source.rsplit_once('.').is_some_and(|(_, ending)| ending.eq_ignore_ascii_case("svg"))
}

/// The kind of a page, by the first part of its address.
fn kind(section: &str) -> &'static str {
    let section = if section.is_empty() { "home" } else { section };
    KINDS.into_iter().find(|kind| *kind == section).unwrap_or("pages")
}

impl Previews {
    /// The picture of a page: its photo, what stands in for one, or the drawing of its kind.
    pub fn of<'a>(&'a self, section: &str, photo: Option<&'a str>, instead: Option<&'a str>) -> Preview<'a> {
        let picture = |source: &'a str| match self.of_source.get(source) {
            Some(card) => Some(Preview::Card(card)),
            None => (!is_drawing(source)).then_some(Preview::Photo(source)),
        };
        let of_kind = || self.of_kind.get(kind(section)).map_or("", String::as_str);
        photo.into_iter().chain(instead).find_map(picture).unwrap_or_else(|| Preview::Card(of_kind()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_has_one() {
        let previews = Previews {
            of_source: [("a.svg".to_owned(), "og/a.png".to_owned())].into(),
            of_kind: KINDS.map(|kind| (kind, format!("og/{kind}.png"))).into(),
        };
        assert_eq!(previews.of("products", Some("x.jpg"), Some("a.svg")), Preview::Photo("x.jpg"));
        assert_eq!(previews.of("products", Some("a.svg"), None), Preview::Card("og/a.png"));
        assert_eq!(previews.of("products", None, Some("a.svg")), Preview::Card("og/a.png"));
        // A drawing that could not be read has no card.
        assert_eq!(previews.of("products", Some("broken.svg"), None), Preview::Card("og/products.png"));
        assert_eq!(previews.of("", None, None), Preview::Card("og/home.png"));
        assert_eq!(previews.of("about", None, None), Preview::Card("og/pages.png"));
    }
}
