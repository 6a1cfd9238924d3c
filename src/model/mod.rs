//! What the portal talks about: pure types, no files, no templates.

mod common;
mod day;
mod event;
mod facility;
pub mod holiday;
mod notice;
mod product;
pub mod schedule;
pub mod text;
pub mod time;
pub mod vocabulary;

pub use common::{Capacity, Cert, Common, Kind, Period, Photo};
pub use day::{Day, FiscalYear, parse_fiscal_year, weekday_ja};
pub use event::{Apply, Audience, Deadline, Event, EventStatus, FileLink, Mode, Rain, Session, Venue};
pub(crate) use facility::is_stale;
pub use facility::{Facility, Geo, Visits, Wanted, Work};
pub use notice::{News, Page, Plan, PlanRow, PlanSection, Report};
pub use product::{Allergens, Delivery, FreeOf, Gift, Maker, OrderRoute, Price, Product, ProductStatus, Variant};
pub use schedule::{Scheduled, When};
pub use time::TimeRange;
pub use vocabulary::Vocabulary;
