//! Photos as pages offer them: several sizes, two formats, the browser chooses.

use crate::catalog::Catalog;
use crate::photos::{Format, Rendition, Use};
use crate::site::Base;
use serde::Serialize;

/// 大きさと形式をえらべる写真。SVG の絵にはない。
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PictureView {
    /// WebP の `srcset`
    pub webp: String,
    /// WebP を知らないブラウザーのための `srcset`。JPEG か、すける所があれば PNG
    pub srcset: String,
    /// 同じ中から1つのアドレス
    pub src: String,
    /// 幅（ピクセル）
    pub width: u32,
    /// 高さ（ピクセル）
    pub height: u32,
    /// 届くまで見せる色のクラス。「tint r3 g2 b1」。すける所がある絵では「clear」
    pub tint: String,
    /// 写真の中心（`focus`）のクラス。「at-x2 at-y1」。まん中なら空の文字
    pub at: String,
}

/// The width that is taken where only one can be told.
const TOLD: u32 = 1_200;

/// All sizes of a photo, if it is one.
pub(crate) fn picture(catalog: &Catalog, base: &Base, source: &str, of: Use) -> Option<PictureView> {
    let photo = catalog.photos.get(source)?;
    let renditions = photo.renditions(of);
    let address = |one: &Rendition| base.file(&photo.path(source, one));
    let set = |webp: bool| {
        let fit = renditions.iter().filter(|one| (one.format == Format::WebP) == webp);
        fit.map(|one| format!("{} {}w", address(one), one.width)).collect::<Vec<_>>().join(", ")
    };
    let one = renditions.iter().rfind(|one| one.format != Format::WebP && one.width <= TOLD).or(renditions.last())?;
    // Six steps of each colour are near enough, and need no style of their own in the page.
    let [r, g, b] = photo.facts.tint.map(|value| (u32::from(value) * 5 + 127) / 255);
    Some(PictureView {
        webp: set(true),
        srcset: set(false),
        src: address(one),
        width: one.width,
        height: one.height,
        // Behind what shows through it would stay; of what nobody has looked at yet it is not known.
        tint: if photo.facts.alpha || photo.is_unseen() { "clear".to_owned() } else { format!("tint r{r} g{g} b{b}") },
        at: String::new(),
    })
}

/// With the point that stays in sight where a page shows less than all of it.
pub(crate) fn picture_at(catalog: &Catalog, base: &Base, photo: &crate::model::Photo) -> Option<PictureView> {
    let found = picture(catalog, base, &photo.file, Use::Page)?;
    let at = photo.focus.map(|focus| focus.map(|part| (u32::from(part) * 4 + 50) / 100));
    Some(PictureView { at: at.map(|[x, y]| format!("at-x{x} at-y{y}")).unwrap_or_default(), ..found })
}

/// One address of a picture: of a photo a file that every browser and every other program can read, of a drawing itself.
pub(crate) fn address(catalog: &Catalog, base: &Base, source: &str, of: Use) -> String {
    picture(catalog, base, source, of).map_or_else(|| base.asset(source), |picture| picture.src)
}
