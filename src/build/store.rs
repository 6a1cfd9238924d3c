//! What parts of a build keep for the next one, in the cache, under names of this site and this output.

use super::cache::Cache;
use super::unchanged::{Before, Stamps, pair};
use crate::search;
use crate::source::Keep;
use crate::source::stamp::Stamp;
use std::path::Path;

pub(super) struct Store<'a> {
    pub cache: &'a Cache,
    pub before: &'a Before,
    /// How the last build left its files.
    pub left: &'a Stamps,
    pub out: &'a Path,
}

impl Keep for Store<'_> {
    fn get(&self, name: &str) -> Option<Vec<u8>> {
        self.cache.get(&self.before.key_of(name))
    }

    fn put(&self, name: &str, bytes: &[u8]) {
        self.cache.put(&self.before.key_of(name), bytes);
    }
}

impl search::Store for Store<'_> {
    fn is_whole(&self, path: &str) -> bool {
        self.left.get(path).is_some_and(|left| *left == pair(Stamp::of(&self.out.join(path))))
    }
}
