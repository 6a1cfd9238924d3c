//! Earlier publications, kept beside the cache, to go back to: each content once, however often it was published.

use super::local::{self, LocalFile};
use super::{Stop, TARGET};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;
use std::time::SystemTime;

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
    let mut lists: Vec<(SystemTime, String, List)> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let id = entry.file_name().to_str()?.strip_suffix(".json")?.to_owned();
            let when = entry.metadata().ok()?.modified().ok()?;
            Some((when, id, serde_json::from_slice(&fs::read(entry.path()).ok()?).ok()?))
        })
        .collect();
    // Names begin with their time, in seconds; within one it counts when they were written.
    let second = |id: &str| id.split('-').next().unwrap_or_default().to_owned();
    lists.sort_by(|(a, a_id, _), (b, b_id, _)| (second(a_id), a, a_id).cmp(&(second(b_id), b, b_id)));
    lists.into_iter().map(|(_, id, list)| (id, list)).collect()
}

/// What a publication is made of, as its name tells: its last part.
pub(super) fn content(id: &str) -> &str {
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
        // Never a second name of the same file: whoever edits what was built would change what is kept.
        if object.metadata().is_ok_and(|there| there.len() == file.entry.size) {
            continue;
        }
        let new = objects.join(format!("{}.new", file.entry.hash));
        fs::copy(&file.from, &new).and_then(|_| fs::rename(&new, &object))?;
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
            let before = match (all.iter().position(|kept| is_current(&kept)), current) {
                (Some(at), _) => at,
                // Another machine has published.
                (None, Some(current)) => all.iter().take_while(|(known, _)| known.as_str() < current).count(),
                (None, None) => all.len(),
            };
            all.get(..before).unwrap_or_default().last()
        }
    };
    let Some((_, list)) = found else {
        let newer =
            all.iter().rev().find(|(known, _)| current.is_none_or(|current| content(known) != content(current)));
        return Err(match newer {
            None => Stop::failed(
                "もどせる公開が、このパソコンに残っていません。もどせるのは、前の公開をしたパソコンです。",
                "this machine keeps no earlier publication",
            ),
            Some((newer, _)) => Stop::failed(
                format!(
                    "もどせる公開が、もうありません（これより前のものは残っていません）。ほかのものにするには、番号を書きます: heartnet deploy rollback {TARGET} {newer}"
                ),
                format!("there is none before this one; name another one: heartnet deploy rollback {TARGET} {newer}"),
            ),
        });
    };
    list.iter()
        .map(|(path, hash)| {
            let from = folder.join("objects").join(hash);
            let content = fs::read(&from).unwrap_or_default();
            let file = local::file(path.clone(), from, &content, keeps_headers);
            if file.entry.hash == *hash {
                Ok(file)
            } else {
                // The next publication of this content keeps it anew.
                let _ = fs::remove_file(folder.join("objects").join(hash));
                Err(Stop::failed(
                    format!("残しておいた {path} がこわれているので、もどせません。"),
                    format!("the kept copy of {path} is damaged"),
                ))
            }
        })
        .collect()
}
