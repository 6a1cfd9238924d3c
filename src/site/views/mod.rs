//! What each template sees: one struct a kind of page, holding everything and nothing else.
//!
//! A page is a pure function of its view and the chrome; a template has no way to reach back into the catalog.
//!
//! These structs are the template API, and their comments are its reference: `tests/in_step.rs` writes
//! `docs/template-values.md` from them. So they alone in this program are in Japanese, for whoever makes a
//! theme. A struct's first sentence is its name there; what a `Value` holds is named in brackets.

mod booklet;
mod browse;
mod cards;
mod event;
mod events;
mod facet;
mod facility;
mod home;
mod list;
mod meeting;
mod meta;
mod month;
mod notice;
mod picture;
mod plan;
mod printer;
mod product;
mod shown;
mod text;

pub use booklet::{
    BookletFacility, BookletItem, BookletLetter, BookletName, BookletPartLink, BookletSection, BookletView,
};
pub use browse::{
    ClassCard, ClassGroup, ClassView, ClassesView, KanaView, LetterView, NameView, SupplierView, SuppliersView,
    TaskView, WorkGroup, WorksView,
};
pub(crate) use cards::{EventCard, FacilityCard, ProductCard, event_card, facility_card, product_card};
pub use event::{EventView, SessionView};
pub use events::{CalendarView, EventsView, GroupView, NextView};
pub use facet::{FacetItem, FacetView};
pub use facility::{AccessView, FacilityView, WorkView};
pub use home::{HomeView, OrderView, SearchView};
pub use list::{ListView, PagerLink, PagerView};
pub use meeting::{LeafView, MeetingView};
pub use meta::{Chrome, ContactView, LinkView, Meta, NavView};
pub use month::{CellItem, CellView, DayView, MonthView};
pub use notice::{ArticleView, AuditRow, AuditView};
pub use picture::PictureView;
pub(crate) use picture::address as picture_address;
pub use plan::{ChangeView, PlanEventView, PlanRowView, PlanSectionView, PlanView, ProgressView};
pub use product::{AllergenRow, MakerView, PriceView, ProductView, SeasonMonth, SellerView, VariantView};
pub use shown::{Shown, Sight, Value};

use super::base::Base;
use super::previews::Previews;
use super::route::Route;
use crate::catalog::Catalog;
use crate::catalog::{FacilityIx, Reads, reads};
use crate::model::Photo;
use crate::photos::Use;
use serde::Serialize;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};

/// Makes the view of any page.
pub struct Views<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) base: &'a Base,
    pub(super) previews: &'a Previews,
    shared: Arc<Shared>,
}

/// What pages of one catalog share. Everything is made when a page first asks for it, by whichever thread.
pub struct Shared {
    cards: cards::Cards,
    lists: OnceLock<facet::Lists>,
    /// Where each facility can be met next.
    meetings: Vec<Kept<Vec<MeetingView>>>,
    /// The same for its products that nobody else makes.
    of_maker: Vec<Kept<Value>>,
    /// The months of seasons, by a bit for each. Only ever asked, never walked.
    seasons: Mutex<HashMap<u16, Value>>,
}

impl Shared {
    /// Nothing is made yet.
    pub fn new(catalog: &Catalog) -> Arc<Self> {
        let meetings = cards::places(catalog.facilities.len());
        let of_maker = cards::places(catalog.facilities.len());
        Arc::new(Self {
            cards: cards::Cards::new(catalog),
            lists: OnceLock::new(),
            meetings,
            of_maker,
            seasons: Mutex::default(),
        })
    }
}

/// What several pages use, made by the first. Each of them has read what it was made of.
pub(super) struct Kept<T>(OnceLock<(T, Reads)>);

impl<T> Kept<T> {
    fn new() -> Self {
        Self(OnceLock::new())
    }

    fn get(&self, make: impl FnOnce() -> T) -> &T {
        let (value, reads) = self.0.get_or_init(|| reads::watch(make));
        reads::again(reads);
        value
    }
}

/// A view with the template it belongs to.
pub struct View {
    /// File name of the template.
    pub template: &'static str,
    /// What it sees.
    pub value: tera::Value,
}

/// 名前と値。
#[derive(Debug, Clone, Serialize)]
pub struct Fact {
    /// 名前。「最小ロット」
    pub label: &'static str,
    /// 値。「10袋から」
    pub value: String,
}

/// A table of facts while it is filled: what an entry does not say has no row.
#[derive(Default)]
struct Facts(Vec<Fact>);

impl Facts {
    fn add(&mut self, label: &'static str, value: Option<String>) {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            self.0.push(Fact { label, value });
        }
    }
}

/// A place on a map that needs no account and no key.
fn map_url(geo: crate::model::Geo) -> String {
    format!("https://www.openstreetmap.org/?mlat={0}&mlon={1}#map=17/{0}/{1}", geo.lat, geo.lon)
}

/// 写真。
#[derive(Debug, Clone, Serialize)]
pub struct PhotoView {
    /// アドレス
    pub src: String,
    /// 写っているものの説明
    pub alt: String,
    /// 下に出す文
    pub caption: Option<String>,
    /// 大きさをえらべる写真。SVG の絵にはない
    pub picture: Option<PictureView>,
}

impl<'a> Views<'a> {
    /// For the pages of a catalog. `shared` is of the same one.
    pub fn new(catalog: &'a Catalog, base: &'a Base, previews: &'a Previews, shared: Arc<Shared>) -> Self {
        Self { catalog, base, previews, shared }
    }

    /// The facets, and what stands on the widest lists.
    fn lists(&self) -> &facet::Lists {
        reads::note_shared();
        self.shared.lists.get_or_init(|| reads::apart(|| facet::Lists::new(self.catalog, self.base)))
    }

    /// A fingerprint of what the pages of lists share.
    pub fn shared_print(&self) -> u64 {
        self.lists().print(self.catalog)
    }

    /// Where a facility can be met next.
    fn meetings(&self, ix: FacilityIx) -> &[MeetingView] {
        let make = || self.meetings_of(&self.catalog.facility(ix).events, Some(ix), meeting::MOST);
        self.shared.meetings.get(ix.0 as usize).map_or(&[], |met| met.get(make))
    }

    /// The view of a page, which lies at its address.
    pub fn view(&self, route: &Route, address: &str) -> View {
        View { template: route.template(), value: self.of_route(route, address, &ToValue) }
    }

    /// The view of a page, unless it shows what it showed `earlier`.
    pub fn view_unless(&self, route: &Route, address: &str, earlier: Option<&Shown>) -> (Sight, Option<View>) {
        let (seen, value) = self.of_route(route, address, &Unless(earlier));
        (seen, value.map(|value| View { template: route.template(), value }))
    }

    fn of_route<T: Take>(&self, route: &Route, address: &str, take: &T) -> T::Given {
        match route {
            Route::Home => take.take(&self.home(address)),
            Route::Product(ix) => take.take(&self.product(*ix, address)),
            Route::Facility(ix) => take.take(&self.facility(*ix, address)),
            Route::Event(ix) => take.take(&self.event(*ix, address)),
            Route::Products { page } => take.take(&self.products(*page, address)),
            Route::Category { at, page } => take.take(&self.category(*at, *page, address)),
            Route::Facilities { page } => take.take(&self.facilities(*page, address)),
            Route::Area { at, page } => take.take(&self.area(*at, *page, address)),
            Route::Events { page } => take.take(&self.events(*page, address)),
            Route::EventKind { at, page } => take.take(&self.event_kind(*at, *page, address)),
            Route::EventMonth { month, page } => take.take(&self.event_month(*month, *page, address)),
            Route::EventsUndated { page } => take.take(&self.events_undated(*page, address)),
            Route::EventsPast { year, page } => take.take(&self.events_past(*year, *page, address)),
            Route::NewsList { page } => take.take(&self.news_list(*page, address)),
            Route::Reports { page } => take.take(&self.reports(*page, address)),
            Route::Plans => take.take(&self.plans(address)),
            Route::Plan(at) => take.take(&self.plan(*at, address)),
            Route::News(at) => take.take(&self.news(*at, address)),
            Route::Report(at) => take.take(&self.report(*at, address)),
            Route::Page(at) => take.take(&self.page(*at, address)),
            Route::AreaProducts { at, page } => take.take(&self.area_products(*at, *page, address)),
            Route::PriceBand { at, page } => take.take(&self.price_band(*at, *page, address)),
            Route::Works => take.take(&self.works_page(address)),
            Route::Classes => take.take(&self.classes(address)),
            Route::Class { at, page } => take.take(&self.class(*at, *page, address)),
            Route::Suppliers { at, page } => take.take(&self.suppliers(*at, *page, address)),
            Route::Kana => take.take(&self.kana(address)),
            Route::KanaRow { at, page } => take.take(&self.kana_row(*at, *page, address)),
            Route::Booklet => take.take(&self.booklet(address)),
            Route::BookletPart(at) => take.take(&self.booklet_part(*at, address)),
            Route::Access => take.take(&self.policy(address)),
            Route::Search => take.take(&self.search(address)),
            Route::Order => take.take(&self.order(address)),
            Route::NotFound => take.take(&self.not_found(address)),
        }
    }

    /// The address of a word's drawing.
    fn drawing(&self, source: &str) -> String {
        picture_address(self.catalog, self.base, source, Use::CARD)
    }

    fn photos(&self, photos: &[Photo]) -> Vec<PhotoView> {
        let one = |photo: &Photo| {
            let picture = picture::picture_at(self.catalog, self.base, photo);
            PhotoView {
                src: picture.as_ref().map_or_else(|| self.base.asset(&photo.file), |picture| picture.src.clone()),
                alt: photo.alt.clone(),
                caption: photo.caption.clone(),
                picture,
            }
        };
        photos.iter().map(one).collect()
    }
}

/// What is to be done with a view, whatever its kind.
trait Take {
    type Given;
    fn take<T: Serialize>(&self, view: &T) -> Self::Given;
}

/// Makes what templates see.
struct ToValue;

impl Take for ToValue {
    type Given = tera::Value;
    fn take<T: Serialize>(&self, view: &T) -> tera::Value {
        value(view)
    }
}

/// The same, if the fingerprint is not this one.
struct Unless<'a>(Option<&'a Shown>);

impl Take for Unless<'_> {
    type Given = (Sight, Option<tera::Value>);
    fn take<T: Serialize>(&self, view: &T) -> Self::Given {
        let seen = Sight::of(view);
        let same = self.0.is_some_and(|earlier| seen.shown.is(earlier));
        (seen, (!same).then(|| value(view)))
    }
}

fn value<T: Serialize>(view: &T) -> tera::Value {
    // Views are plain structs of strings, numbers and lists; there is nothing that could fail.
    tera::Value::try_from_serializable(view).unwrap_or_else(|_| tera::Value::none())
}
