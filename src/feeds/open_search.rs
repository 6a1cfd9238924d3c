//! With this a browser offers the site among its search engines.

use super::xml::{element, escape};
use crate::catalog::Catalog;
use crate::site::Base;

/// Letters of the name that a browser shows, and of the longer one.
const SHORT: usize = 16;
const LONG: usize = 48;

/// The description; `icon` is the output path of the site's icon.
pub(super) fn description(catalog: &Catalog, base: &Base, icon: Option<&str>) -> String {
    let settings = &catalog.settings;
    let mut out = String::with_capacity(1024);
    out.push_str("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    out.push_str("<OpenSearchDescription xmlns=\"http://a9.com/-/spec/opensearch/1.1/\">\n");
    element(&mut out, "ShortName", &cut(&settings.title, SHORT));
    element(&mut out, "LongName", &cut(&settings.title, LONG));
    element(&mut out, "Description", &settings.description);
    if let Some(icon) = icon {
        out.push_str("<Image type=\"image/svg+xml\">");
        escape(&mut out, &base.absolute(icon));
        out.push_str("</Image>\n");
    }
    out.push_str("<Url type=\"text/html\" template=\"");
    escape(&mut out, &base.absolute("/search/?q="));
    // What the browser puts the words in the place of.
    out.push_str("{searchTerms}\"/>\n");
    element(&mut out, "InputEncoding", "UTF-8");
    element(&mut out, "Language", &settings.language);
    out.push_str("</OpenSearchDescription>\n");
    out
}

fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most - 1).collect();
    format!("{kept}…")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_is_cut() {
        assert_eq!(cut("みほん", 3), "みほん");
        assert_eq!(cut("みほんの町", 3), "みほ…");
    }
}
