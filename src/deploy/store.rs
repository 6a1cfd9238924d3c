//! Earlier publications, kept beside the cache, to go back to.
//!
//! Each publication writes what no kept one has into one file, its pack: a thousand small files would take longer to
//! make than to send. They are copies, never second names of what was built: whoever edits that would change what is
//! kept. Contents in old packs are written anew, so that packs are let go of in the end.

use super::local::{self, LocalFile, Place};
use super::{Stop, TARGET};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::Path;
use std::time::SystemTime;

/// How many are kept.
const MOST: usize = 5;
/// How many packs are drawn on for a new publication.
const PACKS: usize = 8;

/// A publication that can be gone back to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its name.
    pub id: String,
    /// How many files it has.
    pub files: usize,
}

/// A content in a pack.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Piece {
    hash: String,
    pack: String,
    at: u64,
    size: u64,
}

/// The files of a publication, by their paths.
type List = BTreeMap<String, Piece>;

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
    fs::create_dir_all(folder)?;
    let earlier = lists(folder);
    let packs: BTreeSet<&str> = earlier.iter().flat_map(|(_, list)| list.values()).map(|piece| &*piece.pack).collect();
    let recent: BTreeSet<&str> = packs.into_iter().rev().take(PACKS).collect();
    let mut known: BTreeMap<&str, Piece> = earlier
        .iter()
        .flat_map(|(_, list)| list.values())
        .filter(|piece| recent.contains(&*piece.pack) && folder.join(&piece.pack).exists())
        .map(|piece| (piece.hash.as_str(), piece.clone()))
        .collect();
    // Its name begins with its time, too, so packs sort by age.
    let pack = format!("{id}.pack");
    let new = folder.join(format!("{id}.new"));
    let mut to = BufWriter::new(File::create(&new)?);
    let mut at = 0;
    let mut list = List::new();
    for file in local {
        let hash = file.entry.hash.as_str();
        if !known.contains_key(hash) {
            let bytes = file.read()?;
            // What changed meanwhile is not what was published.
            if local::hash(&bytes) != hash {
                return fs::remove_file(&new);
            }
            to.write_all(&bytes)?;
            let size = bytes.len() as u64;
            known.insert(hash, Piece { hash: hash.to_owned(), pack: pack.clone(), at, size });
            at += size;
        }
        if let Some(piece) = known.get(hash) {
            list.insert(file.path.clone(), piece.clone());
        }
    }
    to.flush()?;
    drop(to);
    if at == 0 {
        fs::remove_file(&new)?;
    } else {
        fs::rename(&new, folder.join(&pack))?;
    }
    fs::write(&new, serde_json::to_vec(&list)?)?;
    fs::rename(&new, folder.join(format!("{id}.json")))?;
    for (other, _) in earlier.iter().filter(|(other, _)| other != id && content(other) == content(id)) {
        fs::remove_file(folder.join(format!("{other}.json")))?;
    }
    let all = lists(folder);
    let (old, kept) = all.split_at(all.len().saturating_sub(MOST));
    for (id, _) in old {
        fs::remove_file(folder.join(format!("{id}.json")))?;
    }
    let used: BTreeSet<&str> = kept.iter().flat_map(|(_, list)| list.values()).map(|piece| &*piece.pack).collect();
    for entry in fs::read_dir(folder)?.flatten() {
        let name = entry.file_name();
        if name.to_str().is_some_and(|name| name.ends_with(".pack") && !used.contains(name)) {
            fs::remove_file(entry.path())?;
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
        .map(|(path, piece)| {
            let from = Place { file: folder.join(&piece.pack), part: Some((piece.at, piece.size)) };
            let content = from.read().unwrap_or_default();
            let file = local::file(path.clone(), from, &content, keeps_headers);
            if file.entry.hash == piece.hash {
                return Ok(file);
            }
            // What cannot be trusted is not drawn on again.
            let _ = fs::remove_file(folder.join(&piece.pack));
            Err(Stop::failed(
                format!("残しておいた {path} がこわれているので、もどせません。"),
                format!("the kept copy of {path} is damaged"),
            ))
        })
        .collect()
}
