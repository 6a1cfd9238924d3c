//! S3 and what speaks like it.

use super::config::Config;
use super::target::{Answer, Target, Trouble};

/// Opens the target.
pub(super) fn open(config: &Config, environment: super::Environment<'_>) -> Answer<Box<dyn Target>> {
    let _ = (config, environment);
    Err(Trouble::lasting("まだ使えません。", "not supported yet"))
}
