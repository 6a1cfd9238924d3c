//! Photos of a site: looked at, made into pictures where the cache has none, put into the site.
//!
//! A photo is known by the hash of its content. Hashing gigabytes takes longer than a build, so a list in the cache says
//! which hash a file had when it was as it is (`Stamp`); a file that was changed a moment before is not believed. Facts
//! about a content and every picture of it lie in the cache under names of their own, so that sites, branches and CI
//! runs share them. A warm build opens no photo at all.

use super::cache::Cache;
use super::folder::Folder;
use crate::diagnostic::{Diagnostic, Problem};
use crate::photos::header::{self, Fault, Header};
use crate::photos::{Facts, Photo, Photos, RECIPE, Rendition, Use, drawing, is_photo, pixels};
use crate::site::SitePlan;
use crate::site::previews::is_drawing;
use crate::source::stamp::{self, Stamp};
use crate::source::{At, locate_later};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Bytes that are decoded at one time: two photos of 48 million pixels do not meet.
const AT_ONCE: u64 = 400 << 20;

/// What is wanted of each photo: by its source path.
pub(super) type Wanted = BTreeMap<String, BTreeSet<Use>>;

/// How far it is.
pub(super) type Progress<'a> = &'a (dyn Fn(usize, usize) + Sync);

/// A file as it was when it was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Seen {
    stamp: Stamp,
    hash: String,
    facts: Facts,
}

/// The list of what was looked at, as it is stored.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Index {
    files: BTreeMap<String, Seen>,
}

/// What is known of a site's photos before any is decoded.
#[derive(Debug, Default)]
pub(super) struct Survey {
    /// Those that can be shown.
    pub photos: Photos,
    /// Those that cannot.
    pub faults: BTreeMap<String, Fault>,
    /// Pictures that the cache would not take.
    by_hand: Mutex<BTreeMap<String, Vec<u8>>>,
    /// Those of which it turned out when they were decoded.
    late: BTreeMap<String, Fault>,
    /// Those whose pixels nobody has looked at.
    unseen: BTreeSet<String>,
    headers: BTreeMap<String, Header>,
    seen: BTreeMap<String, Stamp>,
    changed: bool,
    key: String,
    room: Room,
}

/// How many pictures were made, and how many were there.
#[derive(Debug, Default, Clone, Copy)]
pub struct Made {
    /// Photos that were decoded.
    pub decoded: usize,
    /// Pictures that were made.
    pub made: usize,
    /// Pictures that an earlier build had made.
    pub cached: usize,
}

fn key_of(words: &[&[u8]]) -> String {
    let mut hasher = blake3::Hasher::new();
    for word in words {
        hasher.update(&(word.len() as u64).to_le_bytes()).update(word);
    }
    hasher.finalize().to_hex().to_string()
}

fn facts_key(hash: &blake3::Hash) -> String {
    key_of(&[b"facts", &RECIPE.to_le_bytes(), hash.as_bytes()])
}

/// A photo with how its file is, and its header if nobody has looked at its pixels.
type Look = (String, Stamp, Result<(Photo, Option<Header>), Fault>);

/// Looks at every photo: opens only what the list does not know.
pub(super) fn survey(root: &Path, sources: &BTreeSet<String>, cache: &Cache) -> Survey {
    let place = root.canonicalize().unwrap_or_else(|_| root.to_owned());
    let key = key_of(&[b"photos", &RECIPE.to_le_bytes(), place.to_string_lossy().as_bytes()]);
    let known: Index = cache.get(&key).and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
    let now = stamp::now();
    let look = |source: &'_ String| -> Option<Look> {
        let path = root.join(source);
        // What is not there is told where files are published.
        let stamp = Stamp::of(&path)?;
        let earlier = known.files.get(source).filter(|seen| seen.stamp == stamp);
        if let Some((hash, seen)) = earlier.and_then(|seen| Some((blake3::Hash::from_hex(&seen.hash).ok()?, seen))) {
            return Some((source.clone(), stamp, Ok((Photo { hash, facts: seen.facts }, None))));
        }
        let bytes = stamp::bytes_of(&path)?;
        let hash = blake3::hash(&bytes);
        let looked = match cache.get(&facts_key(&hash)).and_then(|facts| serde_json::from_slice(&facts).ok()) {
            Some(facts) => Ok((Photo { hash, facts }, None)),
            None => header::read(&bytes).map(|header| {
                let (width, height) = header.upright();
                let (alpha, moves) = (header.alpha, header.moves);
                (Photo { hash, facts: Facts { width, height, tint: [0; 3], alpha, sharpness: 0, moves } }, Some(header))
            }),
        };
        Some((source.clone(), stamp.kept(now), looked))
    };
    let looked: Vec<Look> = sources.par_iter().filter_map(look).collect();
    let mut survey = Survey { key, ..Survey::default() };
    survey.changed = looked.len() != known.files.len();
    for (source, stamp, looked) in looked {
        match looked {
            Err(fault) => _ = survey.faults.insert(source.clone(), fault),
            Ok((photo, header)) => {
                survey.changed |= known.files.get(&source).is_none_or(|seen| seen.stamp != stamp);
                survey.photos.insert(source.clone(), photo);
                survey.seen.insert(source.clone(), stamp);
                if let Some(header) = header {
                    survey.unseen.insert(source.clone());
                    survey.headers.insert(source.clone(), header);
                }
            }
        }
    }
    survey
}

/// Where photos are named.
type Places = BTreeMap<String, (String, At)>;

/// How large drawings are, by source path.
pub(super) type Sizes = BTreeMap<String, (u32, u32)>;

/// Looks at drawings, and at pictures that are copied: what must not be in them, and how large drawings are.
pub(super) fn drawings(root: &Path, plan: &SitePlan) -> (Sizes, Vec<Diagnostic>) {
    let all: Vec<&String> = plan.assets.values().filter(|source| is_drawing(source)).collect();
    type Look<'a> = (&'a String, Option<drawing::Refused>, Option<(u32, u32)>);
    let looked: Vec<Look<'_>> = all
        .into_par_iter()
        .filter_map(|source| {
            let bytes = std::fs::read(root.join(source)).ok()?;
            Some((source, drawing::refused(&bytes), drawing::size(&bytes)))
        })
        .collect();
    let told = looked.iter().filter_map(|(source, refused, _)| {
        let (what, what_en) = refused.clone()?;
        Some((*source, Problem::DrawingUnsafe { name: (*source).clone(), what, what_en: what_en.to_owned() }))
    });
    // Pictures that are only linked to are looked at, too: of what is no picture nothing could be taken away.
    let linked: Vec<&String> = plan.assets.values().filter(|source| is_photo(source)).collect();
    let linked: Vec<(&String, Problem)> = linked
        .into_par_iter()
        .filter_map(|source| {
            let fault = header::read(&std::fs::read(root.join(source)).ok()?).err()?;
            Some((source, problem(source, fault)))
        })
        .collect();
    let told = tell(root, &plan.places, told.chain(linked));
    (looked.into_iter().filter_map(|(source, _, size)| Some((source.clone(), size?))).collect(), told)
}

fn tell<'a>(root: &Path, places: &Places, told: impl Iterator<Item = (&'a String, Problem)>) -> Vec<Diagnostic> {
    let place = |source: &String| places.get(source).cloned().unwrap_or_else(|| (source.clone(), At::File));
    let found = told.map(|(source, problem)| {
        let (file, at) = place(source);
        (file, at, problem)
    });
    locate_later(root, found.collect())
}

/// In words for whoever took it.
fn problem(name: &str, fault: Fault) -> Problem {
    let again = (
        "撮った機械やカメラから、もう一度取りこんでください。メールや USB メモリーで写したときは、元のファイルからやりなおしてください。",
        "copy it from the camera again",
    );
    let size: (String, String) = match fault {
        Fault::TooLarge(0, 0) | Fault::TooHeavy => ("大きすぎます".to_owned(), "is too large".to_owned()),
        Fault::TooLarge(width, height) => (
            format!("は {width}×{height} ピクセルで、大きすぎます"),
            format!("claims {width} × {height} pixels, which is too large"),
        ),
        _ => (String::new(), String::new()),
    };
    let (why, why_en, (how, how_en)): (&str, &str, (&str, &str)) = match fault {
        Fault::Empty => ("の中身が空です。", "is empty", again),
        Fault::Heic => (
            "は iPhone の HEIC の形で、使えません。",
            "is a HEIC file",
            (
                "iPhone の「設定」→「カメラ」→「フォーマット」で「互換性優先」をえらんで撮りなおすか、「写真」から JPEG で書き出してください。Windows の「フォト」でも、「名前を付けて保存」で JPEG にできます。",
                "export it as JPEG",
            ),
        ),
        Fault::Foreign => (
            "の形式は、名前とちがい、使えません。",
            "has another format than its name says",
            (
                "JPEG か PNG で保存しなおしてください。ファイル名の終わりだけを変えても、形式は変わりません。",
                "save it as JPEG or PNG; renaming it is not enough",
            ),
        ),
        Fault::NoPicture => (
            "は、写真のファイルではありません。",
            "is no picture",
            ("ファイルをとりちがえていないか確かめて、JPEG か PNG の写真を置いてください。", "put a JPEG or PNG there"),
        ),
        Fault::TooLarge(..) | Fault::TooHeavy => (
            size.0.as_str(),
            size.1.as_str(),
            (
                "スマートフォンで撮ったままの大きさで足ります。長いほうの辺を 6,000 ピクセル、ファイルを 100 MB までに小さくしてください。",
                "6,000 pixels and 100 MB are more than enough",
            ),
        ),
        Fault::Scans => (
            "は、めずらしい保存のしかたの JPEG で、開けません。",
            "is a JPEG with a scan for each colour, which cannot be read",
            (
                "画像のソフト（ペイントなど）で開いて、JPEG で保存しなおしてください。",
                "open it in a picture program and save it as JPEG again",
            ),
        ),
        Fault::CutOff => ("は、途中で切れています。", "ends before it is whole", again),
        Fault::Broken => ("は、こわれていて開けません。", "is broken", again),
    };
    let stop = if why.ends_with('。') { "" } else { "。" };
    let subject = if why.starts_with('大') { "は" } else { "" };
    Problem::BadPhoto {
        name: name.to_owned(),
        why: format!("{subject}{why}{stop}"),
        why_en: why_en.to_owned(),
        how: how.to_owned(),
        how_en: how_en.to_owned(),
    }
}

impl Survey {
    /// What is wrong with them as far as can be seen without decoding.
    pub(super) fn told(&self, root: &Path, places: &Places) -> Vec<Diagnostic> {
        let faults = self.faults.iter().map(|(source, fault)| (source, problem(source, *fault)));
        let moving = places.keys().filter(|source| self.photos.get(source).is_some_and(|photo| photo.facts.moves));
        let moves = moving.map(|source| (source, Problem::PhotoMoves { name: source.clone() }));
        tell(root, places, faults.chain(moves))
    }

    /// What turned out when they were decoded.
    pub(super) fn told_late(&self, root: &Path, places: &Places) -> Vec<Diagnostic> {
        tell(root, places, self.late.iter().map(|(source, fault)| (source, problem(source, *fault))))
    }

    /// Keeps the list for the next build.
    fn keep(&self, cache: &Cache) {
        if !self.changed {
            return;
        }
        let entry = |(source, stamp): (&String, &Stamp)| {
            let photo = self.photos.get(source).filter(|_| !self.unseen.contains(source) && stamp.time > 0)?;
            let seen = Seen { stamp: *stamp, hash: photo.hash.to_hex().to_string(), facts: photo.facts };
            Some((source.clone(), seen))
        };
        let index = Index { files: self.seen.iter().filter_map(entry).collect() };
        cache.put(&self.key, &serde_json::to_vec(&index).unwrap_or_default());
    }

    /// Makes every picture that the cache does not have, the largest photo first, on all cores, as far as the memory
    /// goes. What turns out to be broken is told, and the others are still made.
    pub(super) fn make(&mut self, root: &Path, wanted: &Wanted, cache: &Cache, progress: Progress<'_>) -> Made {
        let renditions = |photo: &Photo, uses: &BTreeSet<Use>| -> Vec<Rendition> {
            uses.iter().flat_map(|of| photo.renditions(*of)).collect()
        };
        let missing = |photo: &Photo, uses: &BTreeSet<Use>| -> Vec<Rendition> {
            let all = renditions(photo, uses);
            all.into_iter().filter(|one| !cache.has(photo.key(one).to_hex().as_str())).collect()
        };
        // The same content is made once, for all that is wanted of it anywhere.
        let mut jobs: BTreeMap<[u8; 32], Job> = BTreeMap::new();
        for (source, uses) in wanted {
            if let Some(photo) = self.photos.get(source) {
                let job = jobs.entry(*photo.hash.as_bytes()).or_default();
                job.sources.push(source.clone());
                job.uses.extend(uses);
                job.unseen |= self.unseen.contains(source);
                job.photo = Some(*photo);
            }
        }
        let all: usize = jobs.values().filter_map(|job| Some(renditions(&job.photo?, &job.uses).len())).sum();
        let mut jobs: Vec<Job> = jobs
            .into_values()
            .collect::<Vec<_>>()
            .into_par_iter()
            .filter(|job| job.photo.is_some_and(|photo| job.unseen || !missing(&photo, &job.uses).is_empty()))
            .collect();
        jobs.sort_by_key(|job| {
            let facts = job.photo.map(|photo| photo.facts);
            let pixels = facts.map_or(0, |facts| u64::from(facts.width) * u64::from(facts.height));
            (std::cmp::Reverse(pixels), job.sources.clone())
        });
        let (done, made, of) = (AtomicUsize::new(0), AtomicUsize::new(0), jobs.len());
        let room = &self.room;
        let one = |job: &Job| -> Option<(Vec<String>, Result<Facts, Fault>)> {
            let photo = job.photo?;
            let source = job.sources.first()?;
            let bytes = std::fs::read(root.join(source)).ok()?;
            // It was changed since: the next build sees it.
            if blake3::hash(&bytes) != photo.hash {
                return None;
            }
            let looked = match self.headers.get(source) {
                Some(header) => Ok(*header),
                None => header::read(&bytes),
            };
            let result = looked.and_then(|header| {
                // Decoded, and turned or changed once.
                let _held = room.take(header.bytes * 3 / 2 + bytes.len() as u64);
                let (facts, pictures) = pixels::make(&bytes, photo.hash, &header, |photo| missing(photo, &job.uses))?;
                let photo = Photo { facts, ..photo };
                made.fetch_add(pictures.len(), Ordering::Relaxed);
                for picture in pictures {
                    let key = photo.key(&picture.rendition).to_hex().to_string();
                    if !cache.put(&key, &picture.bytes) {
                        self.by_hand.lock().unwrap_or_else(PoisonError::into_inner).insert(key, picture.bytes);
                    }
                }
                cache.put(&facts_key(&photo.hash), &serde_json::to_vec(&facts).unwrap_or_default());
                Ok(facts)
            });
            progress(done.fetch_add(1, Ordering::Relaxed) + 1, of);
            Some((job.sources.clone(), result))
        };
        // In order, so that the largest are not left for the end.
        let at = AtomicUsize::new(0);
        let results: Vec<_> = rayon::broadcast(|_| {
            let mut own = Vec::new();
            while let Some(job) = jobs.get(at.fetch_add(1, Ordering::Relaxed)) {
                own.extend(one(job));
            }
            own
        })
        .into_iter()
        .flatten()
        .collect();
        for (sources, result) in results {
            for source in sources {
                match (result, self.photos.get(&source).copied()) {
                    (Ok(facts), Some(photo)) => {
                        self.unseen.remove(&source);
                        self.changed = true;
                        self.photos.insert(source, Photo { facts, ..photo });
                    }
                    (Err(fault), _) => _ = self.late.insert(source, fault),
                    _ => {}
                }
            }
        }
        self.keep(cache);
        let made = made.into_inner();
        Made { decoded: of, made, cached: all.saturating_sub(made) }
    }
}

#[derive(Debug, Default)]
struct Job {
    sources: Vec<String>,
    uses: BTreeSet<Use>,
    photo: Option<Photo>,
    unseen: bool,
}

/// All pictures: output path, photo, and which of it.
pub(super) fn pictures(photos: &Photos, wanted: &Wanted) -> BTreeMap<String, (String, Rendition)> {
    let of = |(source, uses): (&String, &BTreeSet<Use>)| {
        let photo = photos.get(source)?;
        let one = |rendition: Rendition| (photo.path(source, &rendition), (source.clone(), rendition));
        Some(uses.iter().flat_map(|of| photo.renditions(*of)).map(one).collect::<Vec<_>>())
    };
    wanted.iter().filter_map(of).flatten().collect()
}

/// Output paths of all pictures, with what they are called in the cache.
pub(super) fn paths(photos: &Photos, wanted: &Wanted) -> BTreeMap<String, String> {
    let key = |(path, (source, rendition)): (String, (String, Rendition))| {
        Some((path, photos.get(&source)?.key(&rendition).to_hex().to_string()))
    };
    pictures(photos, wanted).into_iter().filter_map(key).collect()
}

/// Puts every picture into the stage. A name says what is in it: what is there with the right size is not read again.
/// What the cache turns out to have lost or damaged is made anew.
pub(super) fn publish(
    root: &Path,
    plan: &SitePlan,
    paths: &BTreeMap<String, String>,
    survey: &Survey,
    folder: &Folder,
    cache: &Cache,
) -> Result<(), Vec<Diagnostic>> {
    let by_hand = survey.by_hand.lock().map(|made| made.clone()).unwrap_or_default();
    let put = |(path, key): (&String, &String)| {
        if cache.size(key).is_some_and(|size| folder.has(path, size)) {
            return Ok(());
        }
        match by_hand.get(key).cloned().or_else(|| cache.get(key)) {
            Some(bytes) => folder.stage(path, &bytes).map_err(Some),
            None => Err(None),
        }
    };
    let failed: Vec<(&String, Option<Diagnostic>)> =
        paths.par_iter().filter_map(|(path, key)| Some((key, put((path, key)).err()?))).collect();
    let (lost, told): (Vec<_>, Vec<_>) = failed.into_iter().partition(|(_, told)| told.is_none());
    let mut told: Vec<Diagnostic> = told.into_iter().filter_map(|(_, told)| told).collect();
    let lost: BTreeSet<&String> = lost.into_iter().map(|(key, _)| key).collect();
    if !lost.is_empty() {
        let again = survey.remake(root, plan, &lost, cache);
        for (path, key) in paths.iter().filter(|(_, key)| lost.contains(key)) {
            match again.get(key) {
                Some(bytes) => told.extend(folder.stage(path, bytes).err()),
                None => told.push(Diagnostic::of_file("", Problem::CannotRead { why: format!("{path} を作れません") })),
            }
        }
    }
    if told.is_empty() { Ok(()) } else { Err(told) }
}

impl Survey {
    /// One picture of one photo, for whoever asks for no more. What it is said to be is what is made, whatever turns out.
    pub(super) fn picture(
        &self,
        root: &Path,
        places: &Places,
        (source, rendition): &(String, Rendition),
        cache: &Cache,
    ) -> Result<Option<Vec<u8>>, Box<Diagnostic>> {
        let Some(photo) = self.photos.get(source) else { return Ok(None) };
        let key = photo.key(rendition).to_hex().to_string();
        if let Some(bytes) = cache.get(&key) {
            return Ok(Some(bytes));
        }
        match self.open(root, source, photo, |_| vec![*rendition]) {
            Ok((facts, mut made)) => {
                cache.put(&facts_key(&photo.hash), &serde_json::to_vec(&facts).unwrap_or_default());
                let bytes = made.pop().map(|made| made.bytes);
                if let Some(bytes) = &bytes {
                    cache.put(&key, bytes);
                }
                Ok(bytes)
            }
            Err(fault) => {
                let told = tell(root, places, std::iter::once((source, problem(source, fault))));
                told.into_iter().next().map_or(Ok(None), |told| Err(Box::new(told)))
            }
        }
    }

    /// Makes what is wanted of one photo, as far as there is memory.
    fn open(
        &self,
        root: &Path,
        source: &str,
        photo: &Photo,
        wanted: impl Fn(&Photo) -> Vec<Rendition>,
    ) -> Result<(Facts, Vec<pixels::Made>), Fault> {
        let bytes = std::fs::read(root.join(source)).map_err(|_| Fault::Empty)?;
        let header = header::read(&bytes)?;
        let _held = self.room.take(header.bytes * 3 / 2 + bytes.len() as u64);
        pixels::make(&bytes, photo.hash, &header, wanted)
    }

    /// Makes pictures by their keys.
    fn remake(
        &self,
        root: &Path,
        plan: &SitePlan,
        keys: &BTreeSet<&String>,
        cache: &Cache,
    ) -> BTreeMap<String, Vec<u8>> {
        let wanted = |photo: &Photo, uses: &BTreeSet<Use>| -> Vec<Rendition> {
            let all = uses.iter().flat_map(|of| photo.renditions(*of));
            all.filter(|one| keys.contains(&photo.key(one).to_hex().to_string())).collect()
        };
        let one = |(source, uses): (&String, &BTreeSet<Use>)| {
            let photo = self.photos.get(source)?;
            if wanted(photo, uses).is_empty() {
                return None;
            }
            let (_, made) = self.open(root, source, photo, |photo| wanted(photo, uses)).ok()?;
            let keyed = |made: pixels::Made| (photo.key(&made.rendition).to_hex().to_string(), made.bytes);
            Some(made.into_iter().map(keyed).collect::<Vec<_>>())
        };
        let made: Vec<(String, Vec<u8>)> = plan.photos.par_iter().filter_map(one).flatten().collect();
        for (key, bytes) in &made {
            cache.put(key, bytes);
        }
        made.into_iter().collect()
    }
}

/// The memory that may be used at one time.
#[derive(Debug, Default)]
struct Room {
    used: Mutex<u64>,
    free: Condvar,
}

/// Gives it back at its end.
struct Held<'a>(&'a Room, u64);

impl Room {
    fn lock(&self) -> MutexGuard<'_, u64> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until there is room; who alone needs more than all gets it when nobody else is there.
    fn take(&self, bytes: u64) -> Held<'_> {
        let mut used = self.lock();
        while *used > 0 && *used + bytes > AT_ONCE {
            used = self.free.wait(used).unwrap_or_else(PoisonError::into_inner);
        }
        *used += bytes;
        Held(self, bytes)
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        *self.0.lock() -= self.1;
        self.0.free.notify_all();
    }
}
