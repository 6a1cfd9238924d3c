//! Files that entries refer to: found by name in the entry's own folder or in `assets/`.

use crate::diagnostic::{Problem, nearest};
use std::collections::BTreeSet;

/// Every file an entry may name, as paths relative to the site.
#[derive(Debug, Default, Clone)]
pub struct Assets {
    paths: BTreeSet<String>,
}

impl Assets {
    /// From the paths that were found.
    pub fn new(paths: impl IntoIterator<Item = String>) -> Self {
        Self { paths: paths.into_iter().collect() }
    }

    /// The file that an entry in `folder` means by `written`.
    pub fn find(&self, written: &str, folder: &str, endings: &[&str]) -> Result<String, Problem> {
        let name = written.trim().trim_start_matches("./").replace('\\', "/");
        let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).unwrap_or_default();
        if !endings.contains(&ending.as_str()) {
            return Err(Problem::BadFileType { name: written.to_owned(), known: endings.join("・") });
        }
        let leaves = name.split('/').any(|part| part == "..") || name.starts_with('/');
        let below = name.trim_start_matches("assets/");
        let candidates = [format!("{folder}/{name}"), format!("assets/{below}")];
        if !leaves && let Some(path) = candidates.iter().find(|path| self.paths.contains(*path)) {
            return Ok(path.clone());
        }
        let own = format!("{folder}/");
        let known =
            self.paths.iter().filter_map(|path| path.strip_prefix(&own).or_else(|| path.strip_prefix("assets/")));
        let near = nearest(&name, known).map(str::to_owned);
        Err(Problem::MissingFile { name: written.to_owned(), near })
    }
}

/// The address part below the site's root at which a source file is published.
pub fn published_path(source: &str) -> String {
    match source.strip_prefix("content/") {
        Some(rest) => format!("assets/{rest}"),
        None => source.to_owned(),
    }
}
