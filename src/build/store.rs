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
    pub out: &'a Path,
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
    fn is_whole(&self, path: &str) -> bool {
        // Its name says what is in it; it is looked at once more when the folder is open.
        let found = Stamp::of(&self.out.join(path));
        self.left.get(path).is_some_and(|left| found.is_some_and(|found| found.size == left.stamp.size))
    }
}
