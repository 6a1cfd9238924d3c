//! Which tokens stand on each other in the theme, and how well the one must be read on the other.
//!
//! The table is that of `site.css`. A theme that uses the names for the same things is checked by it; a pair
//! with a name that a theme does not have is left out.

use crate::render::colour::Rgb;

/// For text.
pub(super) const TEXT: f64 = 4.5;
/// For lines, marks and the focus.
pub(super) const LINE: f64 = 3.0;

/// A screen that is light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scheme {
    Light,
    Dark,
}

pub(super) const SCHEMES: [Scheme; 2] = [Scheme::Light, Scheme::Dark];

/// Tokens in front, tokens behind, and the least contrast of each with each.
const TABLE: [(&[&str], &[&str], f64); 9] = [
    (
        &["text", "quiet", "link", "visited", "active", "key-strong", "green", "stop", "info", "warn"],
        &["ground", "surface", "key-tint"],
        TEXT,
    ),
    (&["text", "link", "visited"], &["green-tint", "info-tint", "warn-tint", "stop-tint"], TEXT),
    (&["green"], &["green-tint"], TEXT),
    (&["info"], &["info-tint"], TEXT),
    (&["warn"], &["warn-tint"], TEXT),
    (&["stop"], &["stop-tint"], TEXT),
    (&["on-key"], &["key", "key-strong"], TEXT),
    (&["on-focus-ring"], &["focus-ring"], TEXT),
    (&["key", "line", "field", "focus", "warn-line"], &["ground", "surface"], LINE),
];

/// A token in front of another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Pair {
    pub fore: &'static str,
    pub back: &'static str,
    pub least: f64,
}

impl Pair {
    pub(super) fn has(&self, name: &str) -> bool {
        self.fore == name || self.back == name
    }
}

/// Every pair of the table.
pub(super) fn pairs() -> impl Iterator<Item = Pair> {
    TABLE.iter().flat_map(|&(fores, backs, least)| {
        fores.iter().flat_map(move |&fore| backs.iter().map(move |&back| Pair { fore, back, least }))
    })
}

/// Whether every pair with this token holds if it has this colour. `get` knows the others; what it does not
/// know is left out.
pub(super) fn holds(name: &str, colour: Rgb, get: &dyn Fn(&str) -> Option<Rgb>) -> bool {
    let find = |other: &str| if other == name { Some(colour) } else { get(other) };
    pairs().filter(|pair| pair.has(name)).all(|pair| match (find(pair.fore), find(pair.back)) {
        (Some(fore), Some(back)) => fore.contrast(back) >= pair.least,
        _ => true,
    })
}
