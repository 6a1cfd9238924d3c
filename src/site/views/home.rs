//! The pages that belong to no entry: home, search, order, 404.

use super::meta::{Head, Meta};
use super::{MeetingView, Views, notice};
use crate::catalog::{EventIx, Occasion};
use crate::feeds::json_ld;
use serde::Serialize;
use tera::Value;

/// The home page.
#[derive(Serialize)]
#[allow(missing_docs, reason = "docs/themes.md describes every value a template sees")]
pub struct HomeView {
    pub meta: Meta,
    /// The next bazaar, and those behind it for a visitor who comes later.
    pub bazaars: Vec<MeetingView>,
    /// The next marché, likewise.
    pub marches: Vec<MeetingView>,
    /// What is to come, the next first.
    pub events: Vec<Value>,
    /// What can be had this month only, then what is new.
    pub products: Vec<Value>,
    pub news: Vec<Value>,
    pub categories: Value,
    pub areas: Value,
    pub kinds: Value,
    pub product_count: usize,
    pub facility_count: usize,
}

/// The search page. Without a script it leads on to the lists.
#[derive(Serialize)]
#[allow(missing_docs, reason = "docs/themes.md describes every value a template sees")]
pub struct SearchView {
    pub meta: Meta,
    pub categories: Value,
    pub areas: Value,
    pub kinds: Value,
}

/// The order page: how to order, and a blank sheet to print.
#[derive(Serialize)]
#[allow(missing_docs, reason = "docs/themes.md describes every value a template sees")]
pub struct OrderView {
    pub meta: Meta,
    /// Rows of the blank sheet.
    pub rows: Vec<usize>,
}

impl Views<'_> {
    pub(super) fn home(&self, address: &str) -> HomeView {
        let catalog = self.catalog;
        let settings = &catalog.settings;
        let today = catalog.moment.today;
        let month = u8::try_from(today.0.month()).unwrap_or(1);
        let coming = |ix: &EventIx| {
            let event = catalog.event(*ix);
            let public = event.entry.data.audience == crate::model::Audience::Public;
            // What has only an order period is no place to go to.
            public && event.coming(today).any(Occasion::meets)
        };
        let in_season = |season: &[u8]| season.contains(&month) && season.len() < 12;
        let orderable: Vec<_> =
            catalog.listed_products().filter(|ix| catalog.product(*ix).entry.data.status.can_be_ordered()).collect();
        let mut products: Vec<_> =
            orderable.iter().copied().filter(|ix| in_season(&catalog.product(*ix).entry.data.season)).take(8).collect();
        let mut newest: Vec<_> = orderable
            .iter()
            .copied()
            .filter(|ix| catalog.product(*ix).entry.data.since.is_some_and(|day| day <= today))
            .collect();
        newest.sort_by_key(|ix| std::cmp::Reverse(catalog.product(*ix).entry.data.since));
        for ix in newest.into_iter().chain(orderable) {
            if products.len() >= 8 {
                break;
            }
            if !products.contains(&ix) {
                products.push(ix);
            }
        }
        let head = Head { json_ld: Some(json_ld::website(settings, self.base)), ..Head::new(&settings.title) };
        HomeView {
            meta: self.meta(address, head),
            events: catalog.coming_events().filter(coming).take(8).map(|ix| self.cards.event(ix)).collect(),
            bazaars: self.next_of_kind("bazaar", 6),
            marches: self.next_of_kind("marche", 6),
            products: products.into_iter().map(|ix| self.cards.product(ix)).collect(),
            news: notice::listed(&catalog.news).into_iter().take(5).map(|at| self.news_card(at)).collect(),
            categories: self.category_facet(),
            areas: self.area_facet(),
            kinds: self.kind_facet(),
            product_count: catalog.listed_products().count(),
            facility_count: catalog.listed_facilities().count(),
        }
    }

    pub(super) fn search(&self, address: &str) -> SearchView {
        SearchView {
            meta: self.meta(address, Head { crumbs: self.crumbs(&[]), ..Head::new("さがす") }),
            categories: self.category_facet(),
            areas: self.area_facet(),
            kinds: self.kind_facet(),
        }
    }

    pub(super) fn order(&self, address: &str) -> OrderView {
        let head = Head { crumbs: self.crumbs(&[]), ..Head::new("ご注文・お見積り") };
        OrderView { meta: self.meta(address, head), rows: (1..=8).collect() }
    }

    pub(super) fn not_found(&self, address: &str) -> SearchView {
        let head = Head { noindex: true, ..Head::new("ページが見つかりません") };
        SearchView {
            meta: self.meta(address, head),
            categories: self.category_facet(),
            areas: self.area_facet(),
            kinds: self.kind_facet(),
        }
    }
}
