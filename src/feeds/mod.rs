//! Everything that machines read: Atom, sitemap, robots, the search for browsers, structured data, open data.
//!
//! None of it is a template: JSON is written by serde, XML by `xml`, CSV by the csv crate.

mod atom;
mod data;
mod ical;
pub(crate) mod json_ld;
mod open_search;
mod sitemap;
mod xml;

use crate::catalog::{Catalog, Since};
use crate::site::{Base, CalendarOf, SitePlan};

/// A generated file: its output path and its bytes.
pub type Output = (String, Vec<u8>);

/// Makes one feed or several.
pub type Job<'a> = Box<dyn Fn() -> Vec<Output> + Sync + Send + 'a>;

/// A calendar. Its output path is the plan's.
pub fn calendar(catalog: &Catalog, base: &Base, of: CalendarOf) -> Vec<u8> {
    ical::calendar(catalog, base, of).into_bytes()
}

/// One feed each besides the calendars, as jobs that can run side by side. `icon` is the output path of the site's icon.
pub fn jobs<'a>(
    catalog: &'a Catalog,
    base: &'a Base,
    plan: &'a SitePlan,
    icon: Option<&'a str>,
    since: Option<&'a Since<'a>>,
) -> Vec<Job<'a>> {
    vec![
        Box::new(move || data::products(catalog, base, since)),
        Box::new(move || data::facilities(catalog, base)),
        Box::new(move || data::events(catalog, base)),
        Box::new(move || vec![("feed.xml".to_owned(), atom::feed(catalog, base).into_bytes())]),
        Box::new(move || vec![("sitemap.xml".to_owned(), sitemap::sitemap(catalog, base, plan).into_bytes())]),
        Box::new(move || {
            vec![("opensearch.xml".to_owned(), open_search::description(catalog, base, icon).into_bytes())]
        }),
        Box::new(move || vec![("robots.txt".to_owned(), sitemap::robots(base).into_bytes())]),
    ]
}
