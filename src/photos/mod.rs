//! Photos: from an editor's phone to a fast page.
//!
//! - [`header`]: what a file says of itself, and whether it can be a picture at all; no pixel is touched
//! - [`pixels`]: a file made into small, upright, private pictures of what stands in it
//! - [`colour`]: colour profiles
//! - [`drawing`]: SVGs, which are passed on as they are
//! - here: which pictures there are of a photo, what they are called, and how a page offers them
//!
//! Names carry a hash of the photo's content and of the recipe, so that they are known before anything is made, can be
//! kept for ever by browsers, and are never made twice (`build::photos` keeps them).

mod colour;
pub mod drawing;
pub mod header;
pub mod pixels;

use crate::source::assets::published_path;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Counts up whenever the same photo would become other bytes.
pub const RECIPE: u32 = 2;

/// Nothing of a photo is ever shown wider.
const WIDEST: u32 = 1_600;
/// Widths for a page, where a photo is shown in its own shape.
const OF_PAGE: [u32; 4] = [480, 800, 1_200, WIDEST];
/// Widths for cards, where it is cut to their shape.
const OF_CARD: [u32; 3] = [320, 480, CARD_WIDEST];
/// Nothing of a card is ever shown wider.
const CARD_WIDEST: u32 = 640;
/// A little wider than the 4:3 of cards, which some places cut once more; no shape that a camera makes, so that nobody
/// takes a cut for a photo that was not turned upright.
const CARD: (u32, u32) = (7, 5);

/// What is known of a photo's content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// Pixels, upright.
    pub width: u32,
    /// Pixels, upright.
    pub height: u32,
    /// Its mean colour, shown until it has arrived.
    pub tint: [u8; 3],
    /// Whether something shows through it.
    pub alpha: bool,
    /// How sharp it is, in no unit: below 20 or so it is blurred.
    pub sharpness: u32,
    /// Whether it moves; only its first picture is shown.
    pub moves: bool,
}

/// A photo that pages may show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Photo {
    /// Of its bytes.
    pub hash: blake3::Hash,
    /// What stands in it; what its header says, until its pixels were looked at.
    pub facts: Facts,
}

/// What a picture is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Use {
    /// In its own shape.
    Page,
    /// Cut to the shape of cards, around a point: parts of a hundred from the left and from the top.
    Card {
        /// From the left.
        x: u8,
        /// From the top.
        y: u8,
    },
}

/// What is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// For all browsers of today.
    WebP,
    /// For the others.
    Jpeg,
    /// For the others, where something shows through.
    Png,
}

impl Format {
    /// Of a file's name.
    pub fn ending(self) -> &'static str {
        match self {
            Self::WebP => "webp",
            Self::Jpeg => "jpg",
            Self::Png => "png",
        }
    }
}

/// One picture of a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rendition {
    /// What for.
    pub of: Use,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// Its format.
    pub format: Format,
}

impl Use {
    /// Around the middle.
    pub const CARD: Self = Self::Card { x: 50, y: 50 };

    /// A photo on a card.
    pub fn card_of(photo: &crate::model::Photo) -> Self {
        photo.focus.map_or(Self::CARD, |[x, y]| Self::Card { x, y })
    }

    /// The part of a picture that is shown: left, top, width and height.
    pub fn part(self, width: u32, height: u32) -> (u32, u32, u32, u32) {
        let Self::Card { x, y } = self else { return (0, 0, width, height) };
        let scaled = |length: u32, by: (u32, u32)| {
            u32::try_from(u64::from(length) * u64::from(by.0) / u64::from(by.1)).unwrap_or(length).max(1)
        };
        let (w, h) = if u64::from(width) * u64::from(CARD.1) > u64::from(height) * u64::from(CARD.0) {
            (scaled(height, CARD).min(width), height)
        } else {
            (width, scaled(width, (CARD.1, CARD.0)).min(height))
        };
        // Around the point, as far as the picture goes.
        let from = |length: u32, part: u32, at: u8| {
            let middle = u64::from(length) * u64::from(at.min(100)) / 100;
            u32::try_from(middle.saturating_sub(u64::from(part / 2))).unwrap_or(0).min(length - part)
        };
        (from(width, w, x), from(height, h, y), w, h)
    }

    /// Widths and heights, smallest first: never wider than the photo itself.
    fn sizes(self, facts: &Facts) -> Vec<(u32, u32)> {
        let (_, _, width, height) = self.part(facts.width, facts.height);
        let all: &[u32] = if self == Self::Page { &OF_PAGE } else { &OF_CARD };
        let widest = width.min(all.last().copied().unwrap_or(width));
        let mut widths: Vec<u32> = all.iter().copied().filter(|one| *one < widest).collect();
        widths.push(widest);
        let high = |of: u32| {
            let height = (u64::from(of) * u64::from(height) + u64::from(width / 2)) / u64::from(width.max(1));
            u32::try_from(height).unwrap_or(1).max(1)
        };
        widths.into_iter().map(|width| (width, high(width))).collect()
    }
}

impl Photo {
    /// Whether only its header was looked at.
    pub fn is_unseen(&self) -> bool {
        self.facts.tint == [0; 3] && self.facts.sharpness == 0
    }

    /// All pictures for one use.
    pub fn renditions(&self, of: Use) -> Vec<Rendition> {
        let fallback = if self.facts.alpha { Format::Png } else { Format::Jpeg };
        let sizes = of.sizes(&self.facts);
        let each =
            |format| sizes.iter().map(move |(width, height)| Rendition { of, width: *width, height: *height, format });
        each(Format::WebP).chain(each(fallback)).collect()
    }

    /// What a picture is called in the cache.
    pub fn key(&self, rendition: &Rendition) -> blake3::Hash {
        let mut hasher = blake3::Hasher::new();
        hasher.update(self.hash.as_bytes()).update(&RECIPE.to_le_bytes());
        hasher.update(format!("{rendition:?}").as_bytes());
        hasher.finalize()
    }

    /// Where a picture lies in the site: beside where the photo itself would.
    pub fn path(&self, source: &str, rendition: &Rendition) -> String {
        let path = published_path(source);
        let stem = path.rsplit_once('.').map_or(path.as_str(), |(stem, _)| stem);
        let key = self.key(rendition).to_hex();
        let cut = if rendition.of == Use::Page { "" } else { "c" };
        format!("{stem}-{}{cut}.{}.{}", rendition.width, key.get(..10).unwrap_or_default(), rendition.format.ending())
    }
}

/// Every photo of a site, by its source path. What is no photo (an SVG, a file that is not there) is not among them.
#[derive(Debug, Clone, Default)]
pub struct Photos {
    all: BTreeMap<String, Photo>,
}

impl Photos {
    /// A photo.
    pub fn get(&self, source: &str) -> Option<&Photo> {
        self.all.get(source)
    }

    /// Puts one in.
    pub fn insert(&mut self, source: String, photo: Photo) {
        self.all.insert(source, photo);
    }
}

/// Whether a file is one of which smaller pictures are made.
pub fn is_photo(source: &str) -> bool {
    let ending = source.rsplit_once('.').map_or("", |(_, ending)| ending);
    ["jpg", "jpeg", "png", "webp", "gif"].iter().any(|known| ending.eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn facts(width: u32, height: u32) -> Facts {
        Facts { width, height, tint: [0; 3], alpha: false, sharpness: 0, moves: false }
    }

    #[test]
    fn widths_fit_the_photo() {
        let page = |width, height| Use::Page.sizes(&facts(width, height));
        assert_eq!(page(4032, 3024), [(480, 360), (800, 600), (1200, 900), (1600, 1200)]);
        assert_eq!(page(1000, 10), [(480, 5), (800, 8), (1000, 10)]);
        assert_eq!((page(480, 1), page(3, 9000)), (vec![(480, 1)], vec![(3, 9000)]));
        let card = Use::Card { x: 50, y: 50 };
        assert_eq!(card.sizes(&facts(4032, 3024)), [(320, 229), (480, 343), (640, 457)]);
        assert_eq!(card.sizes(&facts(400, 400)), [(320, 228), (400, 285)]);
    }

    #[test]
    fn cards_are_cut_around_the_point() {
        let part = |x, y, width, height| Use::Card { x, y }.part(width, height);
        assert_eq!(part(50, 50, 4200, 3000), (0, 0, 4200, 3000));
        assert_eq!((part(0, 50, 4000, 1500), part(100, 50, 4000, 1500)), ((0, 0, 2100, 1500), (1900, 0, 2100, 1500)));
        assert_eq!(part(50, 25, 1400, 4000), (0, 500, 1400, 1000));
    }

    proptest! {
        #[test]
        fn a_part_lies_within(width in 1..20_000_u32, height in 1..20_000_u32, x in 0..=255_u8, y in 0..=255_u8) {
            let card = Use::Card { x, y };
            let (left, top, w, h) = card.part(width, height);
            prop_assert!(w >= 1 && h >= 1 && left + w <= width && top + h <= height);
            for (w, h) in card.sizes(&facts(width, height)) {
                prop_assert!(w >= 1 && h >= 1 && w <= width && w <= 640);
            }
        }
    }
}
