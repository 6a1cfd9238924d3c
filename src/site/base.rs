//! The address the site will have, which may have a path.

use crate::source::assets::published_path;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What may not stand in the address of a file: all but letters, digits and these signs.
const FILE: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/')
    .remove(b'+')
    .remove(b'=')
    .remove(b',')
    .remove(b'@')
    .remove(b'!')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b';')
    .remove(b':');

/// What may not stand in an address that can have a query or a place on the page.
const ADDRESS: &AsciiSet = &FILE.remove(b'#').remove(b'?');

/// Scheme and host without a slash, and the path with one at both ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base {
    /// `https://example.jp`
    pub origin: String,
    /// `/` or `/heartnet/`
    pub path: String,
}

impl Base {
    /// From a base URL that the settings have checked.
    pub fn new(url: &str) -> Option<Self> {
        crate::source::settings::base(url).map(|(origin, path)| Self { origin, path })
    }

    /// Of a site at the root of nowhere: its addresses are the same wherever the site is put.
    pub(crate) fn nowhere() -> Self {
        Self { origin: String::new(), path: "/".to_owned() }
    }

    /// What stands in `href`: works at any host, below the path.
    pub fn href(&self, address: &str) -> String {
        let mut out = String::with_capacity(self.path.len() + address.len());
        out.push_str(&self.path);
        out.extend(utf8_percent_encode(address.trim_start_matches('/'), ADDRESS));
        out
    }

    /// With scheme and host, for feeds, canonical links and structured data.
    pub fn absolute(&self, address: &str) -> String {
        [self.origin.as_str(), &self.href(address)].concat()
    }

    /// `href` of a file by its output path: `#` and `?` are signs of its name.
    pub fn file(&self, path: &str) -> String {
        let mut out = self.path.clone();
        out.extend(utf8_percent_encode(path.trim_start_matches('/'), FILE));
        out
    }

    /// `href` of a published file.
    pub fn asset(&self, source: &str) -> String {
        self.file(&published_path(source))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_lie_below_the_path() {
        let base =
            Base::new("https://example.jp/heartnet").unwrap_or(Base { origin: String::new(), path: String::new() });
        assert_eq!(base.href("/products/a/"), "/heartnet/products/a/");
        assert_eq!(base.absolute("/"), "https://example.jp/heartnet/");
        assert_eq!(base.asset("content/products/a/写真.jpg"), "/heartnet/assets/products/a/%E5%86%99%E7%9C%9F.jpg");
    }
}
