//! What parts of a build keep for the next one, in the cache, under names of this site and this output.

use super::cache::Cache;
use super::unchanged::{Before, Files};
use crate::search;
use crate::source::Keep;
use crate::source::stamp::Stamp;
use std::path::Path;

pub(super) struct Store<'a> {
    pub cache: &'a Cache,
    pub before: &'a Before,
    /// How the last build left its files.
    pub left: &'a Files,
}

impl Keep for Store<'_> {
    fn get(&self, name: &str) -> Option<Vec<u8>> {
        self.cache.get(&self.before.key_of(name))
    }

    fn put(&self, name: &str, bytes: &[u8]) {
        self.cache.put(&self.before.key_of(name), bytes);
    }

    fn stamp(&self, path: &Path) -> Stamp {
        self.before.stamp(path)
    }
}

impl search::Store for Store<'_> {
    fn has_left(&self, path: &str) -> bool {
        self.left.get(path).is_some()
    }
}
