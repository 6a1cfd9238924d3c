//! A branch of a git repository.

use super::config::Config;
use super::target::{Answer, Target, Trouble};

/// Opens the target.
pub(super) fn open(config: &Config) -> Answer<Box<dyn Target>> {
    let _ = config;
    Err(Trouble::lasting("まだ使えません。", "not supported yet"))
}
