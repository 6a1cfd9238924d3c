//! Files that entries name: published without what they tell about the person who took them.

use super::folder::Folder;
use super::metadata;
use crate::diagnostic::{Diagnostic, Problem};
use crate::site::SitePlan;
use crate::source::in_words;
use rayon::prelude::*;
use std::path::Path;

/// Puts every named file into the stage.
pub(super) fn publish(root: &Path, plan: &SitePlan, folder: &Folder) -> Result<(), Vec<Diagnostic>> {
    let told: Vec<Diagnostic> = plan
        .assets
        .par_iter()
        .filter_map(|(output, source)| {
            let bytes = match std::fs::read(root.join(source)) {
                Ok(bytes) => bytes,
                Err(error) => {
                    return Some(Diagnostic::of_file(source, Problem::CannotRead { why: in_words(&error) }));
                }
            };
            folder.stage(output, &metadata::strip(bytes)).err()
        })
        .collect();
    if told.is_empty() { Ok(()) } else { Err(told) }
}
