//! Whether a file is as it was, without reading it.

use super::{FOLDERS, settings};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// A file changed less than this ago may be changed again within the same tick of its clock: two seconds on FAT.
const UNSURE: u64 = 2_000_000_000;

/// Size and time of a file, neither of one that is not there; and which one it is: whoever renames a folder changes
/// nothing of the files in it, and those that were written together are of one time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// In bytes.
    pub size: u64,
    /// Of the last change, in nanoseconds; 0 if it says nothing.
    pub time: u64,
    /// The system's own number of the file, where it has one.
    pub node: u64,
}

impl Stamp {
    /// Of a file that has to be there and is not: like no other one, so that it is made again.
    pub(crate) const GONE: Self = Self { size: u64::MAX, time: u64::MAX, node: 0 };

    /// Of a file that is there.
    pub(crate) fn of(path: &Path) -> Option<Self> {
        std::fs::metadata(path).ok().as_ref().map(Self::from)
    }

    /// As it is to be kept: what was changed a moment ago is looked at again.
    pub(crate) fn kept(self, now: u64) -> Self {
        Self { time: if now.saturating_sub(self.time) < UNSURE { 0 } else { self.time }, ..self }
    }
}

impl From<&Metadata> for Stamp {
    fn from(meta: &Metadata) -> Self {
        Self { size: meta.len(), time: time_of(meta), node: node_of(meta) }
    }
}

/// Every file that a site may be made of. A link that leads nowhere has no stamp.
pub(crate) fn of_site(root: &Path) -> Vec<(PathBuf, Option<Stamp>)> {
    let settings = root.join(settings::FILE);
    let own = (settings.clone(), Stamp::of(&settings));
    // A theme, and its own folders, may lie elsewhere; no other link to a folder is followed by whoever reads a site.
    let links = |folder: &str| if folder == "themes" { 2 } else { 0 };
    FOLDERS.par_iter().flat_map_iter(|folder| below(&root.join(folder), links(folder))).chain([own]).collect()
}

/// Every file of a folder, in no order. Behind so many links to folders it is looked for as well.
pub(crate) fn below(folder: &Path, links: usize) -> Vec<(PathBuf, Option<Stamp>)> {
    let mut folders = vec![(folder.to_owned(), links)];
    let mut files = Vec::new();
    while let Some((folder, links)) = folders.pop() {
        let all = walkdir::WalkDir::new(folder).min_depth(1).into_iter().flatten();
        for entry in all.filter(|entry| !entry.file_type().is_dir()) {
            let leads_on = links > 0 && entry.path_is_symlink() && entry.path().is_dir();
            match leads_on {
                true => folders.push((entry.into_path(), links - 1)),
                false => files.push(entry.into_path()),
            }
        }
    }
    files.into_par_iter().with_max_len(512).map(|path| (path.clone(), Stamp::of(&path))).collect()
}

/// What is in a file, if it is one: who reads a pipe waits without end, and who reads a device is never done.
pub(crate) fn bytes_of(path: &Path) -> Option<Vec<u8>> {
    std::fs::metadata(path).ok().filter(Metadata::is_file)?;
    std::fs::read(path).ok()
}

/// The number of a file.
fn node_of(meta: &Metadata) -> u64 {
    #[cfg(unix)]
    {
        std::os::unix::fs::MetadataExt::ino(meta)
    }
    #[cfg(not(unix))]
    {
        let _ = meta;
        0
    }
}

/// The time now.
pub(crate) fn now() -> u64 {
    nanos(SystemTime::now())
}

fn nanos(time: SystemTime) -> u64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
}

/// When a file was last changed. Whoever copies may set its time back; the system's own note of the change tells.
fn time_of(meta: &Metadata) -> u64 {
    let modified = meta.modified().map_or(0, nanos);
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        let changed = meta.ctime().saturating_mul(1_000_000_000).saturating_add(meta.ctime_nsec());
        modified.max(u64::try_from(changed).unwrap_or(0))
    }
    #[cfg(not(unix))]
    modified
}
