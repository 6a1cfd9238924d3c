//! Files → entries. Never stops at the first problem: it returns what could be read and all problems.

pub mod assets;
mod check;
pub mod document;
mod entry;
mod files;
mod kept;
mod leaf;
pub mod markdown;
mod place;
pub mod settings;
pub(crate) mod stamp;
pub mod targets;
mod vocabulary;
mod yaml;

pub use assets::Assets;
pub use check::Reference;
pub use entry::{AnyEntry, Entry, Origin};
pub(crate) use files::{in_words, is_noise, leaves_site, name_of};
pub use kept::Keep;
pub(crate) use leaf::schedule_problem;
pub use leaf_id::{check_id, read_url};
pub use place::{At, Path, Step};
pub use settings::Settings;

use crate::diagnostic::{Diagnostic, Position, Problem, Severity, Span};
use crate::model::Vocabulary;
use place::Marked;
use rayon::prelude::*;
use stamp::Stamp;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

mod leaf_id {
    use crate::diagnostic::Problem;

    /// Why an id may not be used.
    pub fn check_id(id: &str) -> Option<Problem> {
        super::leaf::bad_id(id)
    }

    /// A web address that is safe to stand in `href`.
    pub fn read_url(written: &str) -> Option<String> {
        super::leaf::url(written)
    }
}

/// The folders that a site is made of, besides its settings.
pub const FOLDERS: [&str; 5] = ["content", "assets", "themes", "templates", "static"];

/// Everything that was read.
#[derive(Debug)]
pub struct Sources {
    /// The controlled words.
    pub vocabulary: Vocabulary,
    /// Every entry that could be read, in the order of the files.
    pub entries: Vec<AnyEntry>,
    /// Ids of entries that exist but could not be read, so that references to them are not told as well.
    pub broken: Vec<(crate::model::Kind, String)>,
    /// What is wrong.
    pub diagnostics: Vec<Diagnostic>,
    /// A fingerprint of the words and of the names of all files: entries were read against them.
    pub against: blake3::Hash,
}

/// What was read before, so that only what changed since is read again.
#[derive(Debug, Default)]
pub struct Memory {
    /// The words and the names of all files: each entry was read against them.
    against: Option<blake3::Hash>,
    files: BTreeMap<String, (Stamp, entry::FileEntries)>,
    found: Option<Arc<files::Found>>,
    /// All that can have changed since, where somebody knows it.
    changed: Option<BTreeSet<PathBuf>>,
    /// Files that were read the last time.
    pub read: usize,
}

impl Memory {
    /// Files of entries that are not published yet.
    pub fn drafts(&self) -> Vec<String> {
        let drafts = self.files.values().flat_map(|(_, file)| &file.entries).filter(|entry| entry.is_draft());
        drafts.map(|entry| entry.file().to_owned()).collect()
    }

    /// Nothing but these files has changed since the last reading; without them everything is looked at once more.
    pub fn expect(&mut self, changed: Option<BTreeSet<PathBuf>>) {
        self.changed = changed;
    }

    /// Which files there are. While only what is in them changes, nobody walks through the folders.
    fn find(&mut self, root: &std::path::Path) -> Arc<files::Found> {
        let known = |found: &files::Found, path: &PathBuf| {
            let name = name_of(root, path);
            let is_ours = name.starts_with("content/") || name.starts_with("assets/");
            let known = found.entries.binary_search_by(|file| file.name.cmp(&name)).is_ok()
                || found.assets.binary_search(&name).is_ok();
            !is_ours || known && path.symlink_metadata().is_ok_and(|meta| meta.is_file())
        };
        if let (Some(found), Some(changed)) = (&self.found, &self.changed)
            && changed.iter().all(|path| known(found, path))
        {
            return Arc::clone(found);
        }
        self.changed = None;
        let found = Arc::new(files::find(root));
        self.found = Some(Arc::clone(&found));
        found
    }

    fn read(
        &mut self,
        found: &[files::EntryFile],
        reader: &entry::Reader<'_>,
        against: blake3::Hash,
    ) -> Vec<entry::FileEntries> {
        if self.against != Some(against) {
            self.files.clear();
            self.against = Some(against);
        }
        let now = stamp::now();
        let changed = self.changed.take();
        let look = |file: &files::EntryFile| {
            let earlier = self.files.get(&file.name);
            if let (Some((_, entries)), Some(changed)) = (earlier, &changed)
                && !changed.contains(&file.path)
                && !file.linked
            {
                return (entries.clone(), None);
            }
            let stamp = Stamp::of(&file.path);
            match earlier.filter(|(earlier, _)| Some(*earlier) == stamp) {
                Some((_, entries)) => (entries.clone(), None),
                None => (reader.read(file), Some(stamp.map(|stamp| stamp.kept(now)))),
            }
        };
        let looked: Vec<_> = found.par_iter().with_min_len(16).with_max_len(64).map(look).collect();
        self.read = looked.iter().filter(|(_, stamp)| stamp.is_some()).count();
        if self.files.len() > found.len() {
            let names: HashSet<&String> = found.iter().map(|file| &file.name).collect();
            self.files.retain(|name, _| names.contains(name));
        }
        let keep = |(file, (entries, stamp)): (&files::EntryFile, (entry::FileEntries, Option<Option<Stamp>>))| {
            if let Some(Some(stamp)) = stamp {
                self.files.insert(file.name.clone(), (stamp, entries.clone()));
            }
            entries
        };
        found.iter().zip(looked).map(keep).collect()
    }
}

/// What is known of an earlier reading.
pub enum Earlier<'a> {
    /// Nothing.
    None,
    /// What this process has read.
    Memory(&'a mut Memory),
    /// What another one has kept.
    Kept(&'a dyn Keep),
}

/// Reads the vocabulary, then every entry on all cores.
pub fn read(root: &std::path::Path, mut earlier: Earlier<'_>) -> Sources {
    let found = match &mut earlier {
        Earlier::Memory(memory) => memory.find(root),
        Earlier::None | Earlier::Kept(_) => Arc::new(files::find(root)),
    };
    let against = vocabulary::hash_with(root, &found.assets);
    let mut broken = found.misplaced.clone();
    let mut diagnostics = found.diagnostics.clone();
    let assets = Assets::new(found.assets.iter().cloned());
    let (vocabulary, lost, told) = vocabulary::read(root, &assets);
    diagnostics.extend(told);
    let keeps = matches!(earlier, Earlier::Kept(_));
    let reader = entry::Reader { keeps, vocabulary: vocabulary.as_ref(), lost: &lost, assets: &assets };
    let read: Vec<entry::FileEntries> = match earlier {
        Earlier::Memory(memory) => memory.read(&found.entries, &reader, against),
        Earlier::Kept(keep) => kept::read(&found.entries, &reader, &against, keep),
        Earlier::None => {
            let files = found.entries.par_iter().with_min_len(16).with_max_len(64);
            files.map(|file| reader.read(file)).collect()
        }
    };
    let mut entries = Vec::with_capacity(read.len());
    for mut file in read {
        entries.append(&mut file.entries);
        broken.append(&mut file.broken);
        diagnostics.append(&mut file.diagnostics);
    }
    Sources { vocabulary: vocabulary.unwrap_or_default(), entries, broken, diagnostics, against }
}

/// Turns problems of one file into lines and columns. `yaml` is where its YAML stands.
fn locate(name: &str, text: &str, yaml: &Range<usize>, problems: Vec<(At, Problem)>) -> Vec<Diagnostic> {
    if problems.is_empty() {
        return Vec::new();
    }
    let inside = &text[yaml.clone()];
    let marked = problems.iter().any(|(at, _)| matches!(at, At::Value(_) | At::Key(_))).then(|| Marked::read(inside));
    let mut lines = Lines::new(text);
    let mut diagnostics: Vec<Diagnostic> = problems
        .into_iter()
        .map(|(at, problem)| {
            let range = match &at {
                At::File => None,
                At::Bytes(range) => Some(range.clone()),
                At::Value(path) => marked.as_ref().and_then(|m| m.value(path)).map(|r| shift(&r, yaml.start)),
                At::Key(path) => marked.as_ref().and_then(|m| m.key(path)).map(|r| shift(&r, yaml.start)),
            };
            match range {
                Some(range) => lines.diagnostic(name, trim(text, range), problem),
                None => Diagnostic::of_file(name, problem),
            }
        })
        .collect();
    diagnostics.sort_by_key(|d| (d.severity() != Severity::Error, d.span));
    diagnostics
}

/// Lines and columns of one file, for as many problems as it has: a large file may be wrong in every line.
struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
    /// How many bytes of lines may still be copied into problems.
    copies: usize,
    /// The last byte that was asked for: a line may be long, and problems come in order.
    last: (usize, Position),
}

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Self {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { text, starts, copies: 16 * 1024 * 1024, last: (0, Position { line: 1, column: 1 }) }
    }

    fn diagnostic(&mut self, name: &str, range: Range<usize>, problem: Problem) -> Diagnostic {
        let (start, end) = (self.position(range.start), self.position(range.end));
        let from = self.starts.get(start.line - 1).copied().unwrap_or_default();
        let to = self.starts.get(start.line).map_or(self.text.len(), |next| next - 1);
        let line = self.text.get(from..to).filter(|line| line.len() <= self.copies);
        self.copies -= line.map_or(0, str::len);
        Diagnostic {
            problem,
            file: name.to_owned(),
            span: Some(Span { start, end }),
            line_text: line.map(str::to_owned),
        }
    }

    fn position(&mut self, byte: usize) -> Position {
        let byte = self.text.floor_char_boundary(byte);
        let line = self.starts.partition_point(|start| *start <= byte);
        let (from, column) = match self.last {
            (last, position) if position.line == line && last <= byte => (last, position.column),
            _ => (self.starts.get(line - 1).copied().unwrap_or_default(), 1),
        };
        let position = Position { line, column: column + self.text[from..byte].chars().count() };
        self.last = (byte, position);
        position
    }
}

fn shift(range: &Range<usize>, by: usize) -> Range<usize> {
    range.start + by..range.end + by
}

/// Without the blanks and line breaks that a parser counts to the end of a block.
fn trim(text: &str, range: Range<usize>) -> Range<usize> {
    let Some(inside) = text.get(range.clone()) else { return range };
    range.start..range.start + inside.trim_end().len()
}

/// Places for problems that were found after the files were let go: each file is read once more.
pub fn locate_later(root: &std::path::Path, mut found: Vec<(String, At, Problem)>) -> Vec<Diagnostic> {
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found
        .par_chunk_by(|a, b| a.0 == b.0)
        .flat_map_iter(|chunk| {
            let name = chunk.first().map(|(name, ..)| name.clone()).unwrap_or_default();
            let problems: Vec<(At, Problem)> =
                chunk.iter().map(|(_, at, problem)| (at.clone(), problem.clone())).collect();
            match files::read_text(&root.join(&name), &name).0 {
                Some(text) => {
                    let yaml = entry::yaml_range(&name, &text).unwrap_or(0..text.len());
                    locate(&name, &text, &yaml, problems)
                }
                None => problems.into_iter().map(|(_, problem)| Diagnostic::of_file(&name, problem)).collect(),
            }
        })
        .collect()
}
