//! Earlier publications, kept beside the cache, to go back to: each content once, however often it was published.

use super::Stop;
use super::local::{self, LocalFile};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;

/// How many are kept.
const MOST: usize = 5;

/// A publication that can be gone back to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its name.
    pub id: String,
    /// How many files it has.
    pub files: usize,
}

/// Path to hash.
type List = BTreeMap<String, String>;

fn lists(folder: &Path) -> Vec<(String, List)> {
    let mut lists: Vec<(String, List)> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let id = entry.file_name().to_str()?.strip_suffix(".json")?.to_owned();
            Some((id, serde_json::from_slice(&fs::read(entry.path()).ok()?).ok()?))
        })
        .collect();
    // Names begin with their time.
    lists.sort();
    lists
}

/// What a publication is made of, as its name tells: its last part.
fn content(id: &str) -> &str {
    id.rsplit('-').next().unwrap_or(id)
}

/// What is kept, the oldest first.
pub(super) fn list(folder: &Path) -> Vec<Kept> {
    lists(folder).into_iter().map(|(id, list)| Kept { id, files: list.len() }).collect()
}

/// Keeps a publication, and lets go of an earlier one of the same content and of the oldest.
pub(super) fn keep(folder: &Path, id: &str, local: &[LocalFile]) {
    let _ = try_keep(folder, id, local);
}

fn try_keep(folder: &Path, id: &str, local: &[LocalFile]) -> io::Result<()> {
    let objects = folder.join("objects");
    fs::create_dir_all(&objects)?;
    for file in local {
        let object = objects.join(&file.entry.hash);
        if !object.exists() {
            // The next build puts a new file in the place of this one and never writes into it: a second name is enough.
            let linked = fs::hard_link(&file.from, &object);
            linked.or_else(|_| fs::copy(&file.from, &object).map(|_| ()))?;
        }
    }
    let list: List = local.iter().map(|file| (file.path.clone(), file.entry.hash.clone())).collect();
    let new = folder.join(format!("{id}.new"));
    fs::write(&new, serde_json::to_vec(&list)?)?;
    fs::rename(&new, folder.join(format!("{id}.json")))?;
    for (other, _) in lists(folder).iter().filter(|(other, _)| other != id && content(other) == content(id)) {
        fs::remove_file(folder.join(format!("{other}.json")))?;
    }
    let all = lists(folder);
    let (old, kept) = all.split_at(all.len().saturating_sub(MOST));
    for (id, _) in old {
        fs::remove_file(folder.join(format!("{id}.json")))?;
    }
    if !old.is_empty() {
        let used: BTreeSet<&str> = kept.iter().flat_map(|(_, list)| list.values()).map(String::as_str).collect();
        for entry in fs::read_dir(&objects)?.flatten() {
            if entry.file_name().to_str().is_none_or(|name| !used.contains(name)) {
                fs::remove_file(entry.path())?;
            }
        }
    }
    Ok(())
}

/// The files of an earlier publication: of the named one, else of the newest before the current one. One that was gone
/// back to has a name of its own, but the content of an earlier one: going back again goes on from there.
pub(super) fn read(
    folder: &Path,
    id: Option<&str>,
    current: Option<&str>,
    keeps_headers: bool,
) -> Result<Vec<LocalFile>, Stop> {
    let all = lists(folder);
    let found = match id {
        Some(id) => all.iter().find(|(known, _)| known == id),
        None => {
            let is_current =
                |(known, _): &&(String, List)| current.is_some_and(|current| content(known) == content(current));
            let now = all.iter().find(is_current).map(|(known, _)| known.as_str()).or(current);
            all.iter().rev().find(|(known, _)| now.is_none_or(|now| known.as_str() < now))
        }
    };
    let Some((_, list)) = found else {
        return Err(Stop::failed(
            "もどせる公開が、このパソコンに残っていません。「heartnet deploy status 公開先」で、もどせるものの一覧を見られます。",
            "this machine keeps no such earlier publication; `heartnet deploy status` lists them",
        ));
    };
    list.iter()
        .map(|(path, hash)| {
            let from = folder.join("objects").join(hash);
            let content = fs::read(&from).unwrap_or_default();
            let file = local::file(path.clone(), from, &content, keeps_headers);
            if file.entry.hash == *hash {
                Ok(file)
            } else {
                Err(Stop::failed(
                    format!("残しておいた {path} がこわれているので、もどせません。"),
                    format!("the kept copy of {path} is damaged"),
                ))
            }
        })
        .collect()
}
