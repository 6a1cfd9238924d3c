//! For search engines: which pages there are.

use super::xml::element;
use crate::catalog::Catalog;
use crate::model::Common;
use crate::site::{Base, Route, SitePlan};

/// A sitemap may hold this many addresses.
const MOST: usize = 50_000;

pub(super) fn sitemap(catalog: &Catalog, base: &Base, plan: &SitePlan) -> String {
    let mut out = String::with_capacity(plan.routes.len() * 96);
    out.push_str("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    out.push_str("<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
    // Entries first: where the limit is reached, it is pages of lists that are left out.
    let is_entry = |route: &Route| matches!(route, Route::Product(_) | Route::Facility(_) | Route::Event(_));
    let lists = plan.pages().filter(|(route, _)| !is_entry(route));
    let entries = plan.pages().filter(|(route, _)| is_entry(route));
    let wanted = lists.chain(entries).filter(|(route, _)| is_public(catalog, route)).take(MOST);
    for (route, address) in wanted {
        out.push_str("<url>");
        element(&mut out, "loc", &base.absolute(address));
        if let Some(day) = meta(catalog, route).and_then(|meta| meta.checked_on.or(meta.published)) {
            element(&mut out, "lastmod", &day.to_string());
        }
        out.push_str("</url>\n");
    }
    out.push_str("</urlset>\n");
    out
}

fn meta<'a>(catalog: &'a Catalog, route: &Route) -> Option<&'a Common> {
    match route {
        Route::Product(ix) => Some(&catalog.product(*ix).entry.meta),
        Route::Facility(ix) => Some(&catalog.facility(*ix).entry.meta),
        Route::Event(ix) => Some(&catalog.event(*ix).entry.meta),
        Route::News(at) => catalog.news.get(*at).map(|entry| &entry.meta),
        Route::Report(at) => catalog.reports.get(*at).map(|entry| &entry.meta),
        Route::Page(at) => catalog.pages.get(*at).map(|entry| &entry.meta),
        Route::Plan(at) => catalog.plans.get(*at).map(|entry| &entry.meta),
        _ => None,
    }
}

/// Hidden entries, empty lists and the 404 page are not for search engines.
fn is_public(catalog: &Catalog, route: &Route) -> bool {
    let some = |count: usize| count > 0;
    match route {
        Route::NotFound => false,
        Route::Category { at, .. } => some(catalog.by.category.length(*at)) || some(catalog.by.workers.length(*at)),
        Route::Area { at, .. } => some(catalog.by.area.length(*at)),
        Route::AreaProducts { at, .. } => some(catalog.by.products_of_area.length(*at)),
        Route::PriceBand { at, .. } => some(catalog.by.price.length(*at)),
        Route::KanaRow { at, .. } => some(catalog.by.kana.length(*at)),
        Route::Class { at, .. } => some(catalog.by.suppliers.length(*at)),
        Route::EventKind { at, .. } => {
            let kind = catalog.vocabulary.event_kinds.get(*at);
            kind.and_then(|kind| catalog.by_kind.get(&kind.id)).is_some_and(|list| !list.is_empty())
        }
        Route::EventsUndated { .. } => some(catalog.undated_events().count()),
        Route::Plans => some(catalog.plans.len()),
        Route::Reports { .. } => some(catalog.reports.len()),
        Route::NewsList { .. } => some(catalog.news.len()),
        route => meta(catalog, route).is_none_or(|meta| !meta.hidden),
    }
}

pub(super) fn robots(base: &Base) -> String {
    format!("User-agent: *\nAllow: /\nSitemap: {}\n", base.absolute("/sitemap.xml"))
}
