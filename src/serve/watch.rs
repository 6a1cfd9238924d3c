//! Tells which of a site's files changed, once whoever saves has come to rest.
//!
//! Editors save in strange ways: they write twice, write a second file and rename it over the first, leave files of their
//! own. So what was read is shown when nothing has happened for a moment; reading begins before that moment is over, and
//! again if it was too early. Only the folders that a site is made of are watched, and its own folder without what lies
//! below: `public/` or a `target/` beside them may be huge. Where the system cannot tell (network drives, too many
//! folders), everything is looked at again and again.

use crate::source::stamp::{self, Stamp};
use crate::source::{FOLDERS, is_noise, settings};
use notify::event::ModifyKind;
use notify::{Config, Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

/// Nothing must have happened for this long before files are read: one go at saving is mostly over by then.
const BREATH: Duration = Duration::from_millis(3);
/// And for this long before what was read is shown.
const REST: Duration = Duration::from_millis(12);
/// But nobody waits much longer than this.
const LONGEST: Duration = Duration::from_millis(400);
/// Between two looks where the system cannot tell.
const POLL: Duration = Duration::from_millis(500);

/// Why the site is looked at again.
#[derive(Debug)]
pub(super) enum Wake {
    /// The system says that something happened.
    File(notify::Result<Event>),
    /// These are not as they were at the last look.
    Found(Vec<PathBuf>),
    /// Somebody wants to see another day, or drafts.
    Asked,
}

/// What happened.
#[derive(Debug, Default, Clone)]
pub(super) struct Changes {
    /// Files, as far as they are known.
    pub paths: BTreeSet<PathBuf>,
    /// Somebody wants to see something else, or it is not known what happened.
    pub all: bool,
}

pub(super) struct Watch {
    root: PathBuf,
    /// Nothing where everything is looked at again and again.
    watcher: Option<RecommendedWatcher>,
    events: Receiver<Wake>,
    /// The number of the site's own folder as it is watched: it may go, and another one come in its place.
    own: Option<u64>,
    watched: BTreeSet<PathBuf>,
    /// When somebody told of the first of the changes that are not shown yet, and when of the last.
    begun: Instant,
    last: Instant,
}

impl Watch {
    /// `sender` and `events` are the two ends of one channel; others may send through it as well.
    pub(super) fn new(root: &Path, sender: &Sender<Wake>, events: Receiver<Wake>, poll: bool) -> Self {
        let native = || {
            let sender = sender.clone();
            let tell = move |event| _ = sender.send(Wake::File(event));
            RecommendedWatcher::new(tell, Config::default())
        };
        let watcher = if poll { None } else { native().ok() };
        let (root, watched, now) = (root.to_owned(), BTreeSet::new(), Instant::now());
        let mut watch = Self { root, watcher, events, own: None, watched, begun: now, last: now };
        // There may be more folders than the system lets us watch.
        if watch.watcher.is_none() || watch.renew().is_err() || watch.own.is_none() {
            watch.watcher = None;
            let (root, sender) = (watch.root.clone(), sender.clone());
            std::thread::spawn(move || poll_for_ever(&root, &sender));
        }
        watch
    }

    /// Whether everything is looked at again and again.
    pub(super) fn polls(&self) -> bool {
        self.watcher.is_none()
    }

    /// Watches folders that have come, and lets go of those that went.
    fn renew(&mut self) -> notify::Result<()> {
        let Some(watcher) = &mut self.watcher else { return Ok(()) };
        let own = Stamp::of(&self.root).map(|stamp| stamp.node);
        if own != self.own {
            for folder in std::mem::take(&mut self.watched).iter().chain(self.own.is_some().then_some(&self.root)) {
                // It may have gone with the folder.
                let _ = watcher.unwatch(folder);
            }
            self.own = None;
            if own.is_some() {
                watcher.watch(&self.root, RecursiveMode::NonRecursive)?;
                self.own = own;
            }
        }
        for name in FOLDERS {
            let folder = self.root.join(name);
            match (folder.is_dir(), self.watched.contains(&folder)) {
                (true, false) => {
                    watcher.watch(&folder, RecursiveMode::Recursive)?;
                    self.watched.insert(folder);
                }
                (false, true) => {
                    // It may have gone with the folder.
                    let _ = watcher.unwatch(&folder);
                    self.watched.remove(&folder);
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Waits until something has happened that may be read. Nothing after `most`, or if nothing of it matters.
    pub(super) fn wait(&mut self, most: Duration) -> Option<Changes> {
        // Nobody tells when a site comes back whose folder was taken away.
        let gone = self.watcher.is_some() && self.own.is_none();
        let wake = match self.events.recv_timeout(if gone { POLL.min(most) } else { most }) {
            Ok(wake) => wake,
            Err(RecvTimeoutError::Timeout) if gone && self.root.is_dir() => Wake::Asked,
            Err(RecvTimeoutError::Timeout) => return None,
            Err(RecvTimeoutError::Disconnected) => {
                std::thread::sleep(most);
                return None;
            }
        };
        self.begun = Instant::now();
        self.gather(wake, BREATH)
    }

    /// Waits until what was told last has come to rest. What happened meanwhile, at rest by now, if that has to be read as
    /// well.
    pub(super) fn rest(&mut self) -> Option<Changes> {
        loop {
            let wake = self.events.recv_timeout(REST.saturating_sub(self.last.elapsed())).ok()?;
            if let Some(changes) = self.gather(wake, REST) {
                return Some(changes);
            }
        }
    }

    /// Whether the changes that are not shown yet have been waited for long enough.
    pub(super) fn is_late(&self) -> bool {
        self.begun.elapsed() >= LONGEST
    }

    fn gather(&mut self, mut wake: Wake, rest: Duration) -> Option<Changes> {
        let mut changes = Changes::default();
        let (own, watched) = (self.own, self.watched.clone());
        let mut replaced = false;
        loop {
            replaced |= self.let_go_of_replaced(&wake);
            if self.add(wake, &mut changes) {
                self.last = Instant::now();
            }
            let left = LONGEST.saturating_sub(self.begun.elapsed());
            // What is not taken out now is there for the next look.
            if left.is_zero() {
                break;
            }
            // What somebody asked for needs no rest.
            let rest = if changes.all { Duration::ZERO } else { rest.saturating_sub(self.last.elapsed()) };
            match self.events.recv_timeout(rest.min(left)) {
                Ok(next) => wake = next,
                Err(_) => break,
            }
        }
        // A folder that was put there at once holds files of which nobody told.
        let _ = self.renew();
        changes.all |= replaced || self.own != own || self.watched != watched;
        (changes.all || !changes.paths.is_empty()).then_some(changes)
    }

    /// A folder that came or went is another one by now, even if one of this name is there: that one has to be watched.
    fn let_go_of_replaced(&mut self, wake: &Wake) -> bool {
        let (Wake::File(Ok(event)), Some(watcher)) = (wake, &mut self.watcher) else { return false };
        if !matches!(event.kind, EventKind::Create(_) | EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_))) {
            return false;
        }
        let mut any = false;
        for folder in &event.paths {
            if self.watched.remove(folder) {
                // It may have gone with the folder.
                let _ = watcher.unwatch(folder);
                any = true;
            }
        }
        any
    }

    /// Whether it matters.
    fn add(&self, wake: Wake, changes: &mut Changes) -> bool {
        let paths = match wake {
            Wake::Found(paths) => paths,
            Wake::File(Ok(event)) if !event.need_rescan() => match event.kind {
                // Reading is one of them.
                EventKind::Access(_) => Vec::new(),
                _ => event.paths.into_iter().filter(|path| self.matters(path)).collect(),
            },
            Wake::Asked | Wake::File(_) => {
                changes.all = true;
                return true;
            }
        };
        let matters = !paths.is_empty();
        changes.paths.extend(paths);
        matters
    }

    fn matters(&self, path: &Path) -> bool {
        let Ok(below) = path.strip_prefix(&self.root) else { return false };
        let Some(first) = below.iter().next().map(|part| part.to_string_lossy()) else { return false };
        !is_noise(path) && (first == settings::FILE || FOLDERS.contains(&&*first))
    }
}

/// Compares all files with what they were, again and again.
fn poll_for_ever(root: &Path, sender: &Sender<Wake>) {
    let mut before = look(root);
    loop {
        std::thread::sleep(POLL);
        let mut now = look(root);
        let begun = Instant::now();
        // Somebody may be in the middle of saving.
        while now != before && begun.elapsed() < LONGEST {
            std::thread::sleep(REST);
            let earlier = std::mem::replace(&mut now, look(root));
            if now == earlier {
                break;
            }
        }
        let other = |(path, stamp): &(&PathBuf, &Stamp)| before.get(*path) != Some(*stamp);
        let gone = before.keys().filter(|path| !now.contains_key(*path));
        let changed: Vec<PathBuf> = now.iter().filter(other).map(|(path, _)| path).chain(gone).cloned().collect();
        if !changed.is_empty() && sender.send(Wake::Found(changed)).is_err() {
            return;
        }
        before = now;
    }
}

fn look(root: &Path) -> BTreeMap<PathBuf, Stamp> {
    stamp::of_site(root).into_iter().filter_map(|(path, stamp)| Some((path, stamp?))).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;
    use std::sync::mpsc;

    /// What is told while a long reading goes on is not lost, however late it is.
    #[test]
    fn nothing_that_was_told_is_lost() {
        let folder = tempfile::tempdir().unwrap();
        let (sender, events) = mpsc::channel();
        let mut watch = Watch::new(folder.path(), &sender, events, true);
        let path = |name: &str| folder.path().join("content").join(name);
        watch.begun = Instant::now().checked_sub(LONGEST * 2).unwrap();
        watch.last = watch.begun;
        for name in ["a.md~", "b.md", "c.md~", "d.md", "e.md"] {
            let event = Event::new(EventKind::Modify(ModifyKind::Any)).add_path(path(name));
            sender.send(Wake::File(Ok(event))).unwrap();
        }
        let mut found = BTreeSet::new();
        while let Some(changes) = watch.rest() {
            found.extend(changes.paths);
        }
        assert_eq!(found, BTreeSet::from(["b.md", "d.md", "e.md"].map(path)));
    }
}
