//! What is slow to make and always the same for the same source, kept from build to build.
//!
//! Bytes by key, each in a file of its own outside the sources. A file is written under another name and then
//! renamed, and begins with a fingerprint of its content: two builds at once, a full disk or a cut wire leave no
//! wrong picture behind, at worst one that is made again. Nothing here is ever an error of the site.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};
use xxhash_rust::xxh3::{xxh3_64, xxh3_128_with_seed};

/// Of one form of content. Another form gets another folder.
const FORM: &str = "v3";
/// Bytes of the fingerprint in front of each content. It has to find damage, not to resist anybody.
const FINGERPRINT: usize = 16;
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// Nothing that is kept comes near it; a damaged file may say any size, and the system may believe it until it is read.
const LARGEST: u64 = 1 << 32;
/// What nobody has asked for since then goes.
const KEPT: Duration = Duration::from_secs(60 * 24 * 60 * 60);

/// Of a key with its content: what lies under another name than its own is damaged, too.
fn fingerprint(key: &str, content: &[u8]) -> [u8; FINGERPRINT] {
    xxh3_128_with_seed(content, xxh3_64(key.as_bytes())).to_le_bytes()
}

/// A folder of made things.
#[derive(Debug)]
pub(super) struct Cache {
    folder: PathBuf,
    written: AtomicUsize,
    /// Keys that were not there before.
    new: AtomicUsize,
    failed: AtomicUsize,
    /// Files that were not as they were written.
    damaged: AtomicUsize,
}

/// Where the cache lies: as the environment says, else in the user's own folder, else beside the output.
pub(super) fn place(given: Option<&Path>, out: &Path) -> PathBuf {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let below = |folder: PathBuf| folder.is_absolute().then(|| folder.join("heartnet"));
    given
        .map(Path::to_owned)
        .or_else(|| set("HEARTNET_CACHE"))
        .or_else(|| set("XDG_CACHE_HOME").and_then(below))
        .or_else(|| set("HOME").and_then(|home| below(home.join(".cache"))))
        .unwrap_or_else(|| out.join(".heartnet").join("cache"))
}

impl Cache {
    pub(super) fn open(place: &Path) -> Self {
        let [written, new, failed, damaged] = [(); 4].map(|()| AtomicUsize::new(0));
        Self { folder: place.join(FORM), written, new, failed, damaged }
    }

    /// The bytes of a key, if they are there and whole. A key is a hash in hexadecimal.
    pub(super) fn get(&self, key: &str) -> Option<Vec<u8>> {
        let path = self.folder.join(key);
        let mut file = File::open(&path).ok()?;
        let found = file.metadata().ok().filter(fs::Metadata::is_file)?;
        let mut print = [0; FINGERPRINT];
        let mut bytes = Vec::new();
        let mut read = || {
            let size = found.len().checked_sub(FINGERPRINT as u64).filter(|size| *size <= LARGEST)?;
            bytes.try_reserve_exact(size as usize).ok()?;
            file.read_exact(&mut print).ok()?;
            file.read_to_end(&mut bytes).ok()
        };
        if read().is_none() || fingerprint(key, &bytes) != print {
            self.damaged.fetch_add(1, Ordering::Relaxed);
            return None;
        }
        self.used(&path, found.modified().ok());
        Some(bytes)
    }

    /// Whether a key is there; its bytes are looked at when they are wanted.
    pub(super) fn has(&self, key: &str) -> bool {
        self.size(key).is_some()
    }

    /// How many bytes a key has.
    pub(super) fn size(&self, key: &str) -> Option<u64> {
        let path = self.folder.join(key);
        let found = fs::metadata(&path).ok()?;
        self.used(&path, found.modified().ok());
        found.len().checked_sub(FINGERPRINT as u64)
    }

    /// The day of the last use is enough, and spares a write for each.
    fn used(&self, path: &Path, used: Option<SystemTime>) {
        let now = SystemTime::now();
        if used.and_then(|used| now.duration_since(used).ok()).is_some_and(|age| age > DAY) {
            let _ = File::options().write(true).open(path).and_then(|file| file.set_modified(now));
        }
    }

    /// Keeps bytes; that it could not is only remembered. Whether it could.
    pub(super) fn put(&self, key: &str, content: &[u8]) -> bool {
        let write = |path: &Path| {
            let mut file = File::create(path)?;
            file.write_all(&fingerprint(key, content))?;
            file.write_all(content)
        };
        let number = self.written.fetch_add(1, Ordering::Relaxed);
        let new = self.folder.join(format!("{key}.{}.{number}.new", std::process::id()));
        if !self.folder.join(key).exists() {
            self.new.fetch_add(1, Ordering::Relaxed);
        }
        let kept = fs::create_dir_all(&self.folder)
            .and_then(|()| write(&new))
            .and_then(|()| fs::rename(&new, self.folder.join(key)));
        if kept.is_err() {
            let _ = fs::remove_file(&new);
            self.failed.fetch_add(1, Ordering::Relaxed);
        }
        kept.is_ok()
    }

    /// The folder, if something could not be kept there.
    pub(super) fn trouble(&self) -> Option<PathBuf> {
        (self.failed.load(Ordering::Relaxed) > 0).then(|| self.folder.clone())
    }

    /// Whether something was not as it was written, and therefore not used.
    pub(super) fn was_damaged(&self) -> bool {
        self.damaged.load(Ordering::Relaxed) > 0
    }

    /// Lets go of what has not been used for long. Only where something new came: a cache that does not grow
    /// need not be looked through.
    pub(super) fn prune(&self) {
        if self.new.load(Ordering::Relaxed) == 0 {
            return;
        }
        let Ok(entries) = fs::read_dir(&self.folder) else { return };
        let now = SystemTime::now();
        for entry in entries.flatten() {
            let used = entry.metadata().and_then(|found| found.modified()).ok();
            if used.and_then(|used| now.duration_since(used).ok()).is_some_and(|age| age > KEPT) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_comes_back_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::open(folder.path());
        assert_eq!(cache.get("ab"), None);
        cache.put("ab", b"picture");
        assert_eq!(cache.get("ab").as_deref(), Some(b"picture".as_slice()));
        for damage in [&b""[..], b"short", &[0; 40]] {
            fs::write(folder.path().join(FORM).join("ab"), damage).unwrap();
            assert_eq!(cache.get("ab"), None);
        }
        // More than any machine has.
        File::create(folder.path().join(FORM).join("ab")).unwrap().set_len(1 << 43).unwrap();
        assert_eq!(cache.get("ab"), None);
        // Another one's content.
        cache.put("cd", b"picture");
        fs::rename(folder.path().join(FORM).join("cd"), folder.path().join(FORM).join("ab")).unwrap();
        assert_eq!(cache.get("ab"), None);
        assert_eq!(cache.trouble(), None);
    }

    #[test]
    fn what_is_old_goes_and_what_is_used_stays() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::open(folder.path());
        for key in ["old", "used"] {
            cache.put(key, b"x");
            let file = File::options().write(true).open(folder.path().join(FORM).join(key)).unwrap();
            file.set_modified(SystemTime::now() - KEPT - DAY).unwrap();
        }
        assert!(cache.get("used").is_some());
        cache.prune();
        assert!(cache.get("used").is_some() && cache.get("old").is_none());
    }

    #[test]
    fn a_cache_that_cannot_be_written_is_only_remembered() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("file"), "x").unwrap();
        let cache = Cache::open(&folder.path().join("file"));
        cache.put("ab", b"x");
        cache.prune();
        assert!(cache.get("ab").is_none() && cache.trouble().is_some());
    }
}
