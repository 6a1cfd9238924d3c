//! heartnet builds a searchable static catalog and event portal for joint order desks of welfare
//! workshops (障害者施設等共同受注窓口).
//!
//! Data goes one way, each arrow a function from one owned value to the next:
//!
//! ```text
//! files ──▶ entries ──▶ Catalog ──▶ pages ──▶ outputs ──▶ folder
//!    source        catalog      site      render      build
//! ```
//!
//! - [`model`]: what the portal talks about; imports nothing of ours
//! - [`schema`]: one description of each kind of entry, for reading, hints, JSON Schema, skeletons
//! - [`diagnostic`]: a problem, its code, its words, its renderings
//! - [`source`]: files to entries, with all problems
//! - [`catalog`]: what belongs together, and the rules across entries
//! - [`site`]: which pages there are, their addresses, and what each template sees
//! - [`render`] runs the templates
//! - [`feeds`]: Atom, sitemap, robots, JSON-LD, open data
//! - [`search`]: the index that a browser searches without a server
//! - [`order`]: lists of what is wanted: terms for the browser, and what the desk reads back
//! - [`build`]: outputs into a folder, only what changed
//! - [`serve`]: the site on this machine, while somebody works on it
//! - [`cli`]: the command line
//!
//! ARCHITECTURE.md says why.

pub mod build;
pub mod catalog;
pub mod cli;
pub mod deploy;
pub mod diagnostic;
pub mod feeds;
pub mod model;
pub mod order;
pub mod photos;
mod raw;
pub mod render;
pub mod schema;
pub mod search;
pub mod serve;
pub mod site;
pub mod source;
