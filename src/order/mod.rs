//! Ordering without a server.
//!
//! - [`terms`]: what a browser must know of a product to check and count a list, in small files
//! - [`desk`]: its lines with what the catalog says of them today, by who receives them
//! - [`days`]: business days, and what can be made until a day; `static/order/check.js` counts the same
//! - [`code`]: an order as it comes back to the desk
//! - [`read`]: an order out of whatever came in
//! - [`allocate`]: who makes how much
//! - [`split`]: that for each line of an order, out of the catalog
//! - [`workbook`]: Excel for the desk

pub mod allocate;
pub mod code;
pub mod days;
pub mod desk;
pub mod read;
pub mod split;
pub mod terms;
pub mod workbook;
