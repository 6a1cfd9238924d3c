//! A rendered text with its open ends closed: entries have addresses and names now.

use super::Views;
use super::picture::{PictureView, picture};
use crate::model::Kind;
use crate::photos::{Use, is_photo};
use crate::site::route::entry_address;
use crate::source::markdown::{Body, Piece, escape};
use std::fmt::Write as _;

impl Views<'_> {
    /// The HTML of a text. `leads` where no photo of the entry stands before it: its first one is not waited for then.
    pub(super) fn html(&self, body: &Body, mut leads: bool) -> String {
        if let [Piece::Html(html)] = &*body.pieces {
            return html.clone();
        }
        let mut out = String::new();
        let mut skip_quote = false;
        for piece in body.pieces.iter() {
            match piece {
                Piece::Html(html) => {
                    let html = if skip_quote { html.strip_prefix('"').unwrap_or(html) } else { html };
                    out.push_str(html);
                }
                Piece::Entry(kind, id) => {
                    skip_quote = false;
                    match self.address_of(*kind, id) {
                        Some(address) => out.push_str(&self.base.href(&address)),
                        // Not published: the words stay, the link goes.
                        None => {
                            let end = out.strip_suffix(" href=\"").map_or(out.len(), str::len);
                            skip_quote = end < out.len();
                            out.truncate(end);
                        }
                    }
                    continue;
                }
                Piece::Name(kind, id) => escape(self.catalog.name_of(*kind, id).unwrap_or(id), &mut out),
                Piece::Local(path) => escape(&self.base.href(path), &mut out),
                Piece::Asset(source) => out.push_str(&self.base.asset(source)),
                Piece::Picture { source, alt, title } => {
                    self.picture(source, alt, title, std::mem::take(&mut leads), &mut out);
                }
            }
            skip_quote = false;
        }
        out
    }

    /// A photo in a text. Its column is 44em wide (site.css, `.prose`).
    fn picture(&self, source: &str, alt: &str, title: &str, leads: bool, out: &mut String) {
        const SIZES: &str = "(min-width: 46rem) 44rem, 94vw";
        let escaped = |text: &str| {
            let mut out = String::new();
            escape(text, &mut out);
            out
        };
        let (alt, title) = (escaped(alt), escaped(title));
        let title = if title.is_empty() { title } else { format!(" title=\"{title}\"") };
        let when = if leads { "fetchpriority=\"high\"" } else { "decoding=\"async\" loading=\"lazy\"" };
        if !is_photo(source) {
            let size = self.catalog.drawings.get(source);
            let size =
                size.map(|(width, height)| format!(" height=\"{height}\" width=\"{width}\"")).unwrap_or_default();
            let src = self.base.asset(source);
            let _ = write!(out, "<img alt=\"{alt}\" {when}{size} src=\"{src}\"{title}>");
            return;
        }
        // Built without photos, for a quick look.
        let Some(PictureView { webp, srcset, src, width, height, tint, .. }) =
            picture(self.catalog, self.base, source, Use::Page)
        else {
            let _ = write!(out, "<span class=\"no-image\">{alt}</span>");
            return;
        };
        let _ = write!(
            out,
            "<picture><source sizes=\"{SIZES}\" srcset=\"{webp}\" type=\"image/webp\"><img alt=\"{alt}\" class=\"{tint}\" {when} height=\"{height}\" sizes=\"{SIZES}\" src=\"{src}\" srcset=\"{srcset}\"{title} width=\"{width}\"></picture>"
        );
    }

    /// The HTML of the text in やさしい日本語.
    pub(super) fn easy(&self, easy: Option<&Body>) -> Option<String> {
        easy.filter(|body| !body.is_empty()).map(|body| self.html(body, false))
    }

    /// The address of a published entry.
    pub(super) fn address_of(&self, kind: Kind, id: &str) -> Option<String> {
        let at = self.catalog.find(kind, id)?;
        Some(match kind {
            Kind::Plan => crate::site::Route::Plan(at as usize).address(self.catalog),
            kind => entry_address(kind, id),
        })
    }
}
