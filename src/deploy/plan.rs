//! What is to be done: a pure function of the built site and of what is known of the host.

use super::headers::{is_hashed, unpacked};
use super::local::LocalFile;
use super::manifest::{Entry, Manifest};
use super::target::{Found, OWN, is_temporary};
use std::collections::{BTreeMap, BTreeSet};

/// Why a file goes up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// It is not there.
    New,
    /// Its content is another one.
    Content,
    /// Only what the host says with it is another.
    Headers,
    /// It lies there, but nobody has seen whether it is the same.
    Unseen,
}

/// A file that goes up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its place in the list of the built site.
    pub at: usize,
    /// Why.
    pub why: Why,
    /// Files of one stage go up side by side; the next one waits for all of them.
    pub stage: u8,
}

/// What is to be done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// In the order in which they go up.
    pub steps: Vec<Step>,
    /// Files of ours that the site has no more.
    pub deletes: Vec<String>,
    /// How many are there already as they should be.
    pub unchanged: usize,
    /// How many others lie there, if that was asked. They stay.
    pub foreign: Option<usize>,
    /// Files of others where one of ours should be.
    pub conflicts: Vec<String>,
}

/// Files that hosts and their owners keep beside a site: they never make a place look taken, and are never deleted.
pub fn is_kept(path: &str) -> bool {
    let first = path.split('/').next().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default();
    matches!(name, ".htaccess" | ".htpasswd" | ".ftpaccess" | ".ftpquota" | ".user.ini" | "CNAME" | ".nojekyll")
        || matches!(first, ".well-known" | "cgi-bin" | OWN)
        || is_temporary(path)
}

/// When a file goes up: what others need comes before them, and the ways in come last.
pub fn stage(path: &str) -> u8 {
    let path = unpacked(path);
    let entry = ["index.html", "404.html", "feed.xml", "sitemap.xml", "robots.txt", "search/index.json", "events.ics"];
    if entry.contains(&path) {
        4
    } else if is_hashed(path) {
        0
    } else if path.ends_with(".html") {
        // A list of cards is above what it links to.
        if path.matches('/').count() >= 2 { 2 } else { 3 }
    } else {
        1
    }
}

/// The folders above a file, from the root on.
pub(super) fn above(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').filter_map(|(at, _)| path.get(..at))
}

/// What lies where a new file should be: one of its name, one where a folder above it should be, or one in a folder of
/// its name.
pub fn in_the_way<'a>(path: &'a str, there: &BTreeSet<&'a str>) -> Option<&'a str> {
    above(path).chain([path]).find(|taken| there.contains(taken)).or_else(|| {
        // The first name behind `path/`: names with a byte below `/` stand between.
        let start = format!("{path}/");
        let next =
            there.range::<str, _>((std::ops::Bound::Included(start.as_str()), std::ops::Bound::Unbounded)).next();
        next.copied().filter(|next| next.starts_with(&start))
    })
}

impl Plan {
    /// Of the site `local`, the list of the host if there is one, and what lies there if that was asked for.
    pub fn new(local: &[LocalFile], manifest: Option<&Manifest>, listing: Option<&[Found]>) -> Self {
        let none = BTreeMap::new();
        let files: &BTreeMap<String, Entry> = manifest.map_or(&none, |manifest| &manifest.files);
        let pending = manifest.and_then(|manifest| manifest.pending.as_ref());
        let begun = BTreeSet::new();
        let planned = pending.map_or(&begun, |pending| &pending.planned);
        let there: BTreeSet<&str> = listing.into_iter().flatten().map(|found| found.path.as_str()).collect();
        let ours = |path: &str| files.contains_key(path) || planned.contains(path);
        let mut plan = Self::default();
        for (at, file) in local.iter().enumerate() {
            let done = pending.and_then(|pending| pending.done.get(&file.path));
            let why = match done.or_else(|| files.get(&file.path)) {
                Some(entry) if entry == &file.entry => None,
                Some(entry) if entry.hash.is_empty() => Some(Why::Unseen),
                Some(entry) if entry.hash == file.entry.hash && entry.size == file.entry.size => Some(Why::Headers),
                Some(_) => Some(Why::Content),
                None => Some(Why::New),
            };
            match why {
                None => plan.unchanged += 1,
                Some(why) => plan.steps.push(Step { at, why, stage: stage(&file.path) }),
            }
            if !ours(&file.path)
                && let Some(other) = in_the_way(&file.path, &there).filter(|other| !ours(other))
            {
                plan.conflicts.push(other.to_owned());
            }
        }
        // Deep pages first; the rest by path, so that two runs do the same.
        plan.steps.sort_by_key(|step| (step.stage, step.at));
        let wanted: BTreeSet<&str> = local.iter().map(|file| file.path.as_str()).collect();
        let gone = files.keys().map(String::as_str).chain(planned.iter().map(String::as_str));
        // What hosts and their owners keep beside a site goes only if the list says that it is ours.
        let goes = |path: &&str| !wanted.contains(path) && (!is_kept(path) || files.contains_key(*path));
        let gone: BTreeSet<&str> = gone.filter(goes).collect();
        let foreign = |path: &&&str| !wanted.contains(**path) && !ours(path) && !is_kept(path);
        plan.foreign = listing.map(|_| there.iter().filter(foreign).count());
        plan.deletes = gone.into_iter().map(str::to_owned).collect();
        plan
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty() && self.deletes.is_empty()
    }

    /// Files that nobody has put there yet, as far as we know.
    pub fn new_files<'a>(&'a self, local: &'a [LocalFile]) -> impl Iterator<Item = &'a LocalFile> {
        self.steps.iter().filter(|step| step.why == Why::New).filter_map(|step| local.get(step.at))
    }

    /// How many files go up for the first time, and how many again.
    pub fn counts(&self) -> (usize, usize) {
        let new = self.steps.iter().filter(|step| step.why == Why::New).count();
        (new, self.steps.len() - new)
    }
}
