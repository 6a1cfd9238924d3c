//! What was made of some entries, from one build to the next: while they are the same entries, and all that was read of
//! the catalog for it is as it was, it is what it was.

use super::{Prints, reads};
use crate::raw::{self, Bytes};
use crate::source::Keep;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::Xxh3;

/// Where things are kept, with what tells whether a catalog is as it was.
pub struct Since<'a> {
    /// Where things are kept.
    pub keep: &'a dyn Keep,
    /// Of the catalog.
    pub prints: &'a Prints,
    /// Of everything around it, and of the program.
    pub around: u128,
}

#[derive(Serialize, Deserialize)]
struct Kept<'a> {
    /// Of which entries, and everything around them.
    of: u128,
    /// What it was made of: names and fingerprints.
    #[serde(with = "raw::prints")]
    reads: Vec<(u64, u64)>,
    #[serde(borrow)]
    bytes: Bytes<'a>,
}

/// What is made of the entries with these ids, in this order: as an earlier build has kept it under a name, or made.
pub fn bytes<'i>(
    since: Option<&Since<'_>>,
    name: &str,
    ids: impl Iterator<Item = &'i str>,
    make: impl FnOnce() -> Vec<u8>,
) -> Vec<u8> {
    let Some(Since { keep, prints, around }) = since else { return make() };
    let mut of = Xxh3::new();
    of.update(&around.to_le_bytes());
    for id in ids {
        of.update(&id.len().to_le_bytes());
        of.update(id.as_bytes());
    }
    let of = of.digest128();
    let kept = keep.get(name).unwrap_or_default();
    let kept = postcard::from_bytes::<Kept<'_>>(&kept).ok();
    if let Some(kept) = kept.filter(|kept| kept.of == of && prints.has(&kept.reads)) {
        return kept.bytes.0.to_vec();
    }
    let (bytes, reads) = reads::watch(make);
    let kept = Kept { of, reads: prints.names(&reads), bytes: Bytes(&bytes) };
    keep.put(name, &postcard::to_stdvec(&kept).unwrap_or_default());
    bytes
}
