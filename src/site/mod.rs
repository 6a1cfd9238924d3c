//! Which pages there are, their addresses, and what each template sees.

mod base;
mod plan;
pub mod previews;
pub mod readings;
mod route;
pub mod views;

pub use base::Base;
pub(crate) use plan::FEEDS;
pub use plan::{CalendarOf, PER_PAGE, SitePlan, plan, planned_files};
pub(crate) use route::is_policy;
pub use route::{Route, entry_address, file_of};
