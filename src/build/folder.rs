//! The output folder: knows what earlier builds made, touches nothing else, changes all at once.

use super::packed::Packing;
use super::unchanged::{Files, Seen, print_of};
use crate::diagnostic::{Diagnostic, Problem};
use crate::source::in_words;
use crate::source::stamp::Stamp;
use rayon::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use xxhash_rust::xxh3::xxh3_64;

/// Our own folder inside the output: the list of files, the lock, the stage. Never deployed.
const OWN: &str = ".heartnet";

/// Where the list of what was made lies.
pub(super) fn list(out: &Path) -> PathBuf {
    out.join(OWN).join("files.json")
}

/// Whether a path is of our own folder.
pub(super) fn is_own(path: &str) -> bool {
    path.strip_prefix(OWN).is_some_and(|rest| rest.starts_with('/'))
}

/// The lock of a folder that was built into before; nothing while another build has it.
pub(super) fn lock(out: &Path) -> io::Result<Option<File>> {
    let lock = File::options().write(true).open(out.join(OWN).join("lock"))?;
    Ok(lock.try_lock().is_ok().then_some(lock))
}

/// The list as it is written.
#[derive(Serialize)]
struct Manifest<'a> {
    version: u32,
    #[serde(flatten)]
    with: &'a With,
    /// Ascending.
    files: &'a [String],
}

/// What of it names files. What is flattened takes twice as long to read.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Listed {
    files: Vec<String>,
}

/// The list of an output folder, or a part of it; what cannot be read says nothing.
fn listed<T: Default + DeserializeOwned>(out: &Path) -> T {
    fs::read(list(out)).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
}

/// How a site was built, as far as whoever publishes it must know.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct With {
    /// The address that it was built for.
    pub address: String,
    /// Whether drafts are in it.
    pub drafts: bool,
    /// Whether its photos were left out.
    pub without_photos: bool,
}

/// How a site was built.
pub(super) fn with(out: &Path) -> With {
    listed(out)
}

/// How many files changed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Done {
    pub written: usize,
    pub unchanged: usize,
    pub removed: usize,
}

/// An output folder while a build writes to it.
pub(super) struct Folder {
    out: PathBuf,
    out_is_new: bool,
    own_is_new: bool,
    stage: PathBuf,
    /// Held until the build ends; the system lets go of it when the process dies.
    _lock: File,
    /// Both ascending, each file once.
    earlier: Vec<String>,
    planned: Vec<String>,
    packing: Packing,
    with: With,
    /// How the last build left its files.
    left: Arc<Files>,
    /// Of each planned file, if it is still so, how it is.
    whole: Vec<Option<Seen>>,
    /// Of each planned file, if it was made, its fingerprint and whether it was put aside because it is not there so.
    made: Mutex<Vec<Option<(u64, bool)>>>,
    written: AtomicUsize,
    unchanged: AtomicUsize,
}

fn cannot_write(path: &Path, error: &io::Error) -> Diagnostic {
    let problem = Problem::CannotWrite { path: path.display().to_string(), why: in_words(error) };
    Diagnostic::of_file("", problem)
}

impl Folder {
    /// Looks before anything is written: is this a folder we may write to, and is nothing of others in the way?
    pub(super) fn open(
        root: &Path,
        out: &Path,
        mut planned: Vec<String>,
        packing: Packing,
        with: With,
        left: Arc<Files>,
    ) -> Result<Self, Vec<Diagnostic>> {
        let packed: Vec<String> = planned.iter().flat_map(|path| packing.names(path)).collect();
        planned.extend(packed);
        refuse_sources(root, out)?;
        let own = out.join(OWN);
        let (out_is_new, own_is_new) = (!out.exists(), !own.exists());
        fs::create_dir_all(&own).map_err(|error| vec![cannot_write(out, &error)])?;
        let lock_path = own.join("lock");
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&lock_path)
            .map_err(|error| vec![cannot_write(&lock_path, &error)])?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(fs::TryLockError::WouldBlock) => {
                let problem = Problem::BuildRunning { folder: out.display().to_string() };
                return Err(vec![Diagnostic::of_file("", problem)]);
            }
            // Some network file systems know no locks; a build there is better than none.
            Err(fs::TryLockError::Error(_)) => {}
        }
        let stage = own.join("stage");
        if stage.exists() {
            fs::remove_dir_all(&stage).map_err(|error| vec![cannot_write(&stage, &error)])?;
        }
        fs::create_dir(&stage).map_err(|error| vec![cannot_write(&stage, &error)])?;
        let (earlier, planned) = rayon::join(|| made_before(out, &left), || ascending(planned));
        let mut folder = Self {
            out: out.to_owned(),
            out_is_new,
            own_is_new,
            stage,
            _lock: lock,
            earlier,
            made: Mutex::new(vec![None; planned.len()]),
            planned,
            packing,
            with,
            left,
            whole: Vec::new(),
            written: AtomicUsize::new(0),
            unchanged: AtomicUsize::new(0),
        };
        let look = |(path, seen): (&String, Option<Seen>)| {
            let Seen { stamp, print } = seen?;
            let at = out.join(path);
            // A link to a file that is as ours was is not ours.
            let now = Stamp::from(&fs::symlink_metadata(&at).ok().filter(fs::Metadata::is_file)?);
            let same = now == stamp || now.size == stamp.size && print != 0 && print_of(&at) == print;
            same.then_some(Seen { stamp: now, print })
        };
        let then = folder.left.beside(&folder.planned);
        folder.whole = folder.planned.par_iter().zip(then).with_max_len(512).map(look).collect();
        folder.refuse_foreign().inspect_err(|_| folder.abandon())?;
        Ok(folder)
    }

    /// Nothing may be in the way that we did not make, and nothing is written through links.
    fn refuse_foreign(&self) -> Result<(), Vec<Diagnostic>> {
        if self.out_is_new {
            return Ok(());
        }
        // What lies in the same folder stands side by side.
        let mut above: Vec<&str> = Vec::new();
        let mut before = "";
        for path in &self.planned {
            let ups = path.match_indices('/').filter(|(at, _)| path.get(..=*at) != before.get(..=*at));
            above.extend(ups.filter_map(|(at, _)| path.get(..at)));
            before = path;
        }
        let kind = |path: &str| fs::symlink_metadata(self.out.join(path)).ok().map(|found| found.file_type());
        // A link, or a file of others where a folder must be.
        let in_the_way = |path: &&&str| {
            kind(path).is_some_and(|kind| kind.is_symlink() || !kind.is_dir() && !holds(&self.earlier, path))
        };
        let in_the_way: HashSet<&str> = above.par_iter().with_max_len(512).filter(in_the_way).copied().collect();
        let foreign = |path: &&String| {
            let taken =
                || kind(path).is_some_and(|kind| kind.is_symlink() || kind.is_dir() || !holds(&self.earlier, path));
            path.match_indices('/').any(|(at, _)| path.get(..at).is_some_and(|up| in_the_way.contains(up)))
                || self.as_left(path).is_none() && taken()
        };
        let found: Vec<&String> = self.planned.par_iter().with_max_len(512).filter(foreign).collect();
        let Some(first) = found.first() else { return Ok(()) };
        let more = match found.len() - 1 {
            0 => String::new(),
            count => format!("（ほか{count}件）"),
        };
        let path = self.out.join(first).display().to_string();
        Err(vec![Diagnostic::of_file("", Problem::ForeignFile { path, more })])
    }

    /// Puts a file aside for the change, and its packed forms.
    pub(super) fn stage(&self, path: &str, bytes: &[u8]) -> Result<(), Diagnostic> {
        for name in self.packing.names(path) {
            self.stage_one(&name, &self.packing.pack(&name, bytes))?;
        }
        self.stage_one(path, bytes)
    }

    /// The planned file at a place, if it is as the last build left it.
    fn as_left_at(&self, at: usize) -> Option<Seen> {
        self.whole.get(at).copied().flatten()
    }

    /// A planned file that is as the last build left it.
    fn as_left(&self, path: &str) -> Option<Seen> {
        self.as_left_at(place(&self.planned, path)?)
    }

    /// Whether a file and its packed forms lie there as the last build left them.
    pub(super) fn is_whole(&self, path: &str) -> bool {
        self.as_left(path).is_some() && self.packing.names(path).iter().all(|name| self.as_left(name).is_some())
    }

    /// A file and its packed forms stay as they are.
    pub(super) fn leave(&self, path: &str) {
        self.unchanged.fetch_add(1 + self.packing.names(path).len(), Ordering::Relaxed);
    }

    /// Whether an earlier build has put a file there that has this size: for those whose name says what is in them.
    /// Where the last build's record says how it left the file, it must be so.
    pub(super) fn has(&self, path: &str, size: u64) -> bool {
        let right_size = || fs::metadata(self.out.join(path)).is_ok_and(|found| found.len() == size);
        let known = || self.left.get(path).is_some();
        let same = self.as_left(path).is_some() || !known() && holds(&self.earlier, path) && right_size();
        if same {
            self.unchanged.fetch_add(1, Ordering::Relaxed);
        }
        same
    }

    /// Unless it is there already with the same bytes: as the last build left it, or read.
    fn stage_one(&self, path: &str, bytes: &[u8]) -> Result<(), Diagnostic> {
        let print = xxh3_64(bytes);
        let at = place(&self.planned, path);
        let left = at.and_then(|at| self.as_left_at(at)).filter(|left| left.print != 0);
        let same =
            !self.out_is_new && (left.is_some_and(|left| left.print == print) || same(&self.out.join(path), bytes));
        if !same {
            put(&self.stage.join(path), bytes).map_err(|error| cannot_write(&self.out.join(path), &error))?;
        }
        let count = if same { &self.unchanged } else { &self.written };
        count.fetch_add(1, Ordering::Relaxed);
        let made = (print, !same);
        let mut all = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(place) = at.and_then(|at| all.get_mut(at)) {
            *place = Some(made);
        }
        Ok(())
    }

    /// How the files lie there now.
    pub(super) fn stamps(&self) -> Files {
        let made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let of = |(at, path): (usize, String)| {
            let whole = self.as_left_at(at);
            let made = made.get(at).copied().flatten();
            // Of what was put there it is asked now: for the system, moving a file is a change of it.
            let stamp = whole.filter(|_| made.is_none_or(|(_, put)| !put)).map(|seen| seen.stamp);
            let stamp = stamp.or_else(|| Stamp::of(&self.out.join(&path)));
            // Somebody may have taken it away meanwhile. What lies in our own folder need not be there.
            let stamp = stamp.unwrap_or(if is_own(&path) { Stamp::default() } else { Stamp::GONE });
            let print = made.map(|(print, _)| print).or(whole.map(|seen| seen.print));
            (path, Seen { stamp, print: print.unwrap_or_default() })
        };
        Files::new(self.files().into_par_iter().enumerate().with_max_len(512).map(of).collect())
    }

    /// All files that it will have made: first those that are planned, as they stand there.
    pub(super) fn files(&self) -> Vec<String> {
        let own = ["files.json", "nginx.conf"].map(|name| format!("{OWN}/{name}"));
        self.planned.iter().cloned().chain(own).collect()
    }

    /// Keeps a text in our own folder, or takes it away: for whoever runs a host, no part of the site.
    pub(super) fn keep(&self, name: &str, text: Option<String>) -> Result<(), Vec<Diagnostic>> {
        let path = self.out.join(OWN).join(name);
        let done = match text {
            Some(text) if same(&path, text.as_bytes()) => Ok(()),
            Some(text) => fs::write(&path, text),
            None => match fs::remove_file(&path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
                _ => Ok(()),
            },
        };
        done.map_err(|error| vec![cannot_write(&path, &error)])
    }

    /// Drops what was put aside; the folder is as it was.
    pub(super) fn abandon(&self) {
        let _ = fs::remove_dir_all(&self.stage);
        // What was not here before us does not stay.
        if self.own_is_new {
            let _ = fs::remove_dir_all(self.out.join(OWN));
        }
        if self.out_is_new {
            let _ = fs::remove_dir(&self.out);
        }
    }

    /// Puts everything into place, then removes what is no longer made.
    pub(super) fn commit(&self) -> Result<Done, Diagnostic> {
        let is_above_planned = |path: &&String| {
            let below = format!("{path}/");
            let next = self.planned.partition_point(|planned| *planned < below);
            self.planned.get(next).is_some_and(|planned| planned.starts_with(&below))
        };
        let gone = missing(self.earlier.iter(), &self.planned);
        let (giving_way, going): (Vec<_>, Vec<_>) = gone.iter().copied().partition(is_above_planned);
        // A file that gives way to a folder of the same name has to go first.
        let mut removed = giving_way.iter().filter(|path| fs::remove_file(self.out.join(path)).is_ok()).count();
        // From here on a killed build leaves files of both; the list names them all, so the next one knows.
        let both = if gone.is_empty() {
            Cow::Borrowed(&self.planned)
        } else {
            Cow::Owned(ascending([self.earlier.as_slice(), &self.planned].concat()))
        };
        self.write_list(&both)?;
        if let Some(failure) = merge(&self.stage, &self.out) {
            return Err(failure);
        }
        for path in &going {
            let at = self.out.join(path);
            // What lies behind a link is not ours any more.
            let linked = |up: &Path| fs::symlink_metadata(up).is_ok_and(|found| found.is_symlink());
            if at.ancestors().skip(1).take_while(|up| *up != self.out).any(linked) {
                continue;
            }
            match fs::remove_file(&at) {
                Ok(()) => removed += 1,
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(cannot_write(&at, &error)),
            }
            self.remove_empty_above(&at);
        }
        let done = Done {
            written: self.written.load(Ordering::Relaxed),
            unchanged: self.unchanged.load(Ordering::Relaxed),
            removed,
        };
        let _ = fs::remove_dir_all(&self.stage);
        // The list of both is the list of these.
        if !gone.is_empty() {
            self.write_list(&self.planned)?;
        }
        Ok(done)
    }
}

impl Folder {
    /// Folders that became empty go too, but never the output folder itself.
    fn remove_empty_above(&self, file: &Path) {
        for folder in file.ancestors().skip(1).take_while(|folder| *folder != self.out) {
            if fs::remove_dir(folder).is_err() {
                return;
            }
        }
    }

    fn write_list(&self, files: &[String]) -> Result<(), Diagnostic> {
        let path = list(&self.out);
        let new = self.out.join(OWN).join("files.new");
        let bytes = serde_json::to_vec_pretty(&Manifest { version: 1, with: &self.with, files }).unwrap_or_default();
        fs::write(&new, bytes).and_then(|()| fs::rename(&new, &path)).map_err(|error| cannot_write(&path, &error))
    }
}

/// Writes a file into a folder that may not be there yet.
fn put(at: &Path, bytes: &[u8]) -> io::Result<()> {
    // Mostly the folder above is there and the page's own is new: one call each, nothing asked before.
    if let Some(folder) = at.parent() {
        match fs::create_dir(folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => fs::create_dir_all(folder)?,
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            _ => {}
        }
    }
    File::create(at)?.write_all(bytes)
}

/// Moves what is in one folder into another. A folder that is new there moves as a whole, so that a first
/// build costs a handful of renames; into one that exists, its parts are moved.
fn merge(from: &Path, into: &Path) -> Option<Diagnostic> {
    let entries: Vec<fs::DirEntry> = match fs::read_dir(from) {
        Ok(entries) => entries.flatten().collect(),
        Err(error) => return Some(cannot_write(into, &error)),
    };
    entries.par_iter().with_min_len(32).find_map_any(|entry| {
        let (part, to) = (entry.path(), into.join(entry.file_name()));
        match fs::rename(&part, &to) {
            Ok(()) => None,
            Err(_) if part.is_dir() && to.is_dir() => merge(&part, &to),
            Err(error) => Some(cannot_write(&to, &error)),
        }
    })
}

/// Files that earlier builds made: by the list, and by the record, should the list be lost.
fn made_before(out: &Path, left: &Files) -> Vec<String> {
    let listed = ascending(listed::<Listed>(out).files);
    let recorded = missing(left.paths().filter(|path| !is_own(path)), &listed);
    let mut earlier = match recorded.as_slice() {
        [] => listed,
        recorded => ascending(recorded.iter().copied().chain(&listed).cloned().collect()),
    };
    earlier.retain(|path| is_below(path));
    earlier
}

/// In order, each once.
fn ascending(mut paths: Vec<String>) -> Vec<String> {
    paths.par_sort();
    paths.dedup();
    paths
}

/// Those of some ascending paths that are not among others.
fn missing<'a>(paths: impl Iterator<Item = &'a String>, others: &[String]) -> Vec<&'a String> {
    let mut others = others.iter().peekable();
    let is_missing = |path: &&String| {
        while others.next_if(|other| other < path).is_some() {}
        others.peek() != Some(path)
    };
    paths.filter(is_missing).collect()
}

/// Where a path stands among some that ascend.
fn place(ascending: &[String], path: &str) -> Option<usize> {
    ascending.binary_search_by(|other| other.as_str().cmp(path)).ok()
}

/// Whether a path is among some that ascend.
fn holds(ascending: &[String], path: &str) -> bool {
    place(ascending, path).is_some()
}

/// A manifest is data from a disk: it must not lead out of the folder.
fn is_below(path: &str) -> bool {
    !path.is_empty()
        && !path.starts_with('/')
        && !path.contains('\\')
        && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

fn same(path: &Path, bytes: &[u8]) -> bool {
    fs::read(path).is_ok_and(|found| found == bytes)
}

/// The output folder must not hold the sources, nor lie among them.
fn refuse_sources(root: &Path, out: &Path) -> Result<(), Vec<Diagnostic>> {
    let refuse = |why: &str, why_en: &str| {
        let problem =
            Problem::BadOutput { folder: out.display().to_string(), why: why.to_owned(), why_en: why_en.to_owned() };
        Err(vec![Diagnostic::of_file("", problem)])
    };
    let real_root = root.canonicalize().unwrap_or_else(|_| root.to_owned());
    let real_out = real_path(out);
    if real_root.starts_with(&real_out) {
        return refuse("サイトの元になるファイルが入っているフォルダーです。", "it holds the site's sources");
    }
    for folder in crate::source::FOLDERS {
        if real_out.starts_with(real_root.join(folder)) {
            return refuse("サイトの元になるファイルのフォルダーの中です。", "it lies among the site's sources");
        }
    }
    if out.is_file() {
        return refuse("同じ名前のファイルがあります。", "there is a file of that name");
    }
    if out.join(crate::source::settings::FILE).exists() {
        return refuse("ほかのサイトの heartnet.yaml が入っています。", "it is another site's folder");
    }
    Ok(())
}

/// The real path of a folder that may not exist yet.
fn real_path(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    for ancestor in absolute.ancestors() {
        if let Ok(real) = ancestor.canonicalize() {
            return match absolute.strip_prefix(ancestor) {
                Ok(rest) if !rest.as_os_str().is_empty() => real.join(rest),
                _ => real,
            };
        }
    }
    absolute
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_found_side_by_side() {
        let of = |paths: &[&str]| paths.iter().map(|path| (*path).to_owned()).collect::<Vec<_>>();
        let all = of(&["a", "b", "b/c", "d"]);
        for (others, left) in [
            (of(&["a", "b", "b/c", "d"]), of(&[])),
            (of(&[]), all.clone()),
            (of(&["b", "c"]), of(&["a", "b/c", "d"])),
            (of(&["0", "d", "e"]), of(&["a", "b", "b/c"])),
        ] {
            assert_eq!(missing(all.iter(), &others), left.iter().collect::<Vec<_>>(), "{others:?}");
            assert!(all.iter().all(|path| holds(&others, path) != left.contains(path)), "{others:?}");
        }
        assert_eq!(ascending(of(&["b", "a", "b"])), of(&["a", "b"]));
    }

    #[test]
    fn what_is_gone_is_made_again() {
        let room = tempfile::tempdir().unwrap();
        let (site, out) = (room.path().join("site"), room.path().join("out"));
        let open = |left: Files| {
            let planned = ["a", "b"].map(str::to_owned).to_vec();
            Folder::open(&site, &out, planned, Packing::default(), With::default(), Arc::new(left)).unwrap()
        };
        let made = |left: Files| {
            let folder = open(left);
            folder.stage("a", b"a").unwrap();
            folder.stage("b", b"b").unwrap();
            (folder.commit().unwrap().written, folder)
        };
        let (written, first) = made(Files::default());
        assert_eq!(written, 2);
        // Between the commit and the record somebody takes one away.
        fs::remove_file(out.join("a")).unwrap();
        let left = first.stamps();
        drop(first);
        let seen = left.get("a").unwrap();
        assert_ne!(seen.stamp, Stamp::of(&out.join("a")).unwrap_or_default());
        let (written, second) = made(left);
        assert!(written == 1 && !second.is_whole("a") && second.is_whole("b"));
        let left = second.stamps();
        drop(second);
        let third = open(left);
        assert!(third.is_whole("a") && third.is_whole("b"));
        // Nor was it ever what has the stamp of nothing.
        let nothing = Seen { stamp: Stamp::default(), print: xxh3_64(b"a") };
        drop(third);
        fs::remove_file(out.join("a")).unwrap();
        assert!(!open(Files::new(vec![("a".to_owned(), nothing)])).is_whole("a"));
    }

    #[test]
    fn a_manifest_cannot_lead_out() {
        for path in ["../x", "/etc/passwd", "a/../../x", "", "a//b", "."] {
            assert!(!is_below(path), "{path}");
        }
        assert!(is_below("products/a/index.html"));
    }
}
