//! Which page it is, and the one place that knows its address.

use crate::catalog::{Catalog, EventIx, FacilityIx, INDEX, ProductIx};
use crate::model::schedule::YearMonth;
use crate::model::{FiscalYear, Kind};

/// A page of the site. Numbers are places in the catalog's lists; `page` counts from 1.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "one variant a kind of page")]
pub enum Route {
    Home,
    Products {
        page: usize,
    },
    Product(ProductIx),
    Category {
        at: usize,
        page: usize,
    },
    /// Products made in an area.
    AreaProducts {
        at: usize,
        page: usize,
    },
    /// Products of a price band; behind the last band those without a price.
    PriceBand {
        at: usize,
        page: usize,
    },
    /// 頼める仕事
    Works,
    /// The official classes of 優先調達.
    Classes,
    Class {
        at: usize,
        page: usize,
    },
    /// Facilities of one kind (就労継続支援B型), for government buyers.
    Suppliers {
        at: usize,
        page: usize,
    },
    /// 五十音索引
    Kana,
    KanaRow {
        at: usize,
        page: usize,
    },
    /// The booklet to print.
    Booklet,
    /// One category of a booklet that is too long for one page.
    BookletPart(usize),
    Facilities {
        page: usize,
    },
    Facility(FacilityIx),
    Area {
        at: usize,
        page: usize,
    },
    Events {
        page: usize,
    },
    Event(EventIx),
    EventKind {
        at: usize,
        page: usize,
    },
    EventMonth {
        month: YearMonth,
        page: usize,
    },
    EventsUndated {
        page: usize,
    },
    EventsPast {
        year: FiscalYear,
        page: usize,
    },
    Plans,
    Plan(usize),
    NewsList {
        page: usize,
    },
    News(usize),
    Reports {
        page: usize,
    },
    Report(usize),
    Page(usize),
    Search,
    Order,
    /// アクセシビリティ方針, where the site has no page of that name.
    Access,
    NotFound,
}

impl Route {
    /// Its address below the site's root: begins with `/`, ends with `/` except for the 404 page.
    pub fn address(&self, catalog: &Catalog) -> String {
        let listed = |base: String, page: usize| if page > 1 { format!("{base}page/{page}/") } else { base };
        let word = |id: Option<&str>| id.unwrap_or_default().to_owned();
        match self {
            Self::Home => "/".to_owned(),
            Self::Products { page } => listed("/products/".to_owned(), *page),
            Self::Product(ix) => entry_address(Kind::Product, &catalog.product(*ix).entry.id),
            Self::Category { at, page } => {
                let id = word(catalog.vocabulary.categories.get(*at).map(|c| c.word.id.as_str()));
                listed(format!("/products/category/{id}/"), *page)
            }
            Self::AreaProducts { at, page } => {
                let id = word(catalog.vocabulary.areas.get(*at).map(|a| a.word.id.as_str()));
                listed(format!("/products/area/{id}/"), *page)
            }
            Self::PriceBand { at, page } => {
                listed(format!("/products/price/{}/", catalog.vocabulary.price_band_id(*at)), *page)
            }
            Self::Works => "/works/".to_owned(),
            Self::Classes => "/procurement/".to_owned(),
            Self::Class { at, page } => {
                let id = word(catalog.vocabulary.procurement.get(*at).map(|class| class.id.as_str()));
                listed(format!("/procurement/{id}/"), *page)
            }
            Self::Suppliers { at, page } => {
                let id = word(catalog.vocabulary.facility_kinds.get(*at).map(|kind| kind.id.as_str()));
                listed(format!("/procurement/kind/{id}/"), *page)
            }
            Self::Kana => "/kana/".to_owned(),
            Self::KanaRow { at, page } => listed(format!("/kana/{}/", INDEX.get(*at).map_or("", |(_, id)| *id)), *page),
            Self::Booklet => "/catalog/".to_owned(),
            Self::BookletPart(at) => {
                let id = word(catalog.vocabulary.categories.get(*at).map(|c| c.word.id.as_str()));
                format!("/catalog/{id}/")
            }
            Self::Access => ACCESSIBILITY.to_owned(),
            Self::Facilities { page } => listed("/facilities/".to_owned(), *page),
            Self::Facility(ix) => entry_address(Kind::Facility, &catalog.facility(*ix).entry.id),
            Self::Area { at, page } => {
                let id = word(catalog.vocabulary.areas.get(*at).map(|a| a.word.id.as_str()));
                listed(format!("/facilities/area/{id}/"), *page)
            }
            Self::Events { page } => listed("/events/".to_owned(), *page),
            Self::Event(ix) => entry_address(Kind::Event, &catalog.event(*ix).entry.id),
            Self::EventKind { at, page } => {
                let id = word(catalog.vocabulary.event_kinds.get(*at).map(|kind| kind.id.as_str()));
                listed(format!("/events/kind/{id}/"), *page)
            }
            Self::EventMonth { month, page } => listed(format!("/events/{}/", month.iso()), *page),
            Self::EventsUndated { page } => listed("/events/undated/".to_owned(), *page),
            Self::EventsPast { year, page } => listed(format!("/events/past/{}/", year.0), *page),
            Self::Plans => "/plans/".to_owned(),
            Self::Plan(at) => {
                let year = catalog.plans.get(*at).map_or(0, |plan| plan.data.fiscal_year.0);
                format!("/plans/{year}/")
            }
            Self::NewsList { page } => listed("/news/".to_owned(), *page),
            Self::News(at) => entry_address(Kind::News, &word(catalog.news.get(*at).map(|e| e.id.as_str()))),
            Self::Reports { page } => listed("/reports/".to_owned(), *page),
            Self::Report(at) => entry_address(Kind::Report, &word(catalog.reports.get(*at).map(|e| e.id.as_str()))),
            Self::Page(at) => entry_address(Kind::Page, &word(catalog.pages.get(*at).map(|e| e.id.as_str()))),
            Self::Search => "/search/".to_owned(),
            Self::Order => "/order/".to_owned(),
            Self::NotFound => "/404.html".to_owned(),
        }
    }

    /// The template that makes it.
    pub fn template(&self) -> &'static str {
        match self {
            Self::Home => "home.html",
            Self::Product(_) => "product.html",
            Self::Facility(_) => "facility.html",
            Self::Event(_) => "event.html",
            Self::Plan(_) => "plan.html",
            Self::News(_) | Self::Report(_) | Self::Page(_) => "article.html",
            Self::Events { .. } | Self::EventKind { .. } | Self::EventsUndated { .. } | Self::EventsPast { .. } => {
                "events.html"
            }
            Self::EventMonth { .. } => "month.html",
            Self::Search => "search.html",
            Self::Order => "order.html",
            Self::NotFound => "404.html",
            Self::Works => "works.html",
            Self::Classes => "procurement.html",
            Self::Class { .. } => "class.html",
            Self::Suppliers { .. } => "suppliers.html",
            Self::Kana | Self::KanaRow { .. } => "kana.html",
            Self::Booklet | Self::BookletPart(_) => "catalog.html",
            Self::Access => "article.html",
            Self::AreaProducts { .. }
            | Self::PriceBand { .. }
            | Self::Products { .. }
            | Self::Category { .. }
            | Self::Facilities { .. }
            | Self::Area { .. }
            | Self::Plans
            | Self::NewsList { .. }
            | Self::Reports { .. } => "list.html",
        }
    }

    /// What it comes from, in words, for the collision of two addresses.
    pub fn source(&self, catalog: &Catalog) -> String {
        match self {
            Self::Product(ix) => catalog.product(*ix).entry.origin.file.clone(),
            Self::Facility(ix) => catalog.facility(*ix).entry.origin.file.clone(),
            Self::Event(ix) => catalog.event(*ix).entry.origin.file.clone(),
            Self::Plan(at) => catalog.plans.get(*at).map_or_else(String::new, |e| e.origin.file.clone()),
            Self::News(at) => catalog.news.get(*at).map_or_else(String::new, |e| e.origin.file.clone()),
            Self::Report(at) => catalog.reports.get(*at).map_or_else(String::new, |e| e.origin.file.clone()),
            Self::Page(at) => catalog.pages.get(*at).map_or_else(String::new, |e| e.origin.file.clone()),
            other => format!("heartnet がつくる {}", other.address(catalog)),
        }
    }
}

/// Where the policy on accessibility stands, whether the site has written it or the program.
pub(crate) const ACCESSIBILITY: &str = "/accessibility/";

/// Whether a page is the one about accessibility, which says what was found on all others.
pub(crate) fn is_policy(address: &str) -> bool {
    address == ACCESSIBILITY
}

/// The address of an entry. A plan's is made of its year, see [`Route::address`].
pub fn entry_address(kind: Kind, id: &str) -> String {
    match kind {
        Kind::Page => ["/", id, "/"].concat(),
        kind => ["/", kind.folder(), "/", id, "/"].concat(),
    }
}

/// The file of an address.
pub fn file_of(address: &str) -> String {
    let path = address.trim_start_matches('/');
    if address.ends_with('/') { [path, "index.html"].concat() } else { path.to_owned() }
}
