//! One file of content → its entries.

use super::assets::Assets;
use super::check::{Check, Reference, describe};
use super::files::{EntryFile, LARGEST_FRONT};
use super::markdown::{self, Body};
use super::place::{At, Marked, Path, Step, Trail};
use super::{files, kept, leaf, locate, yaml};
use crate::diagnostic::{Diagnostic, Problem};
use crate::model::text::reading_key;
use crate::model::{Common, Event, Facility, Kind, News, Page, Plan, Product, Report, Vocabulary};
use crate::raw;
use crate::schema;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};
use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;
use xxhash_rust::xxh3::xxh3_64;

/// Where an entry comes from.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Origin {
    /// Its file, relative to the site.
    pub file: String,
    /// Its place in a list of entries.
    pub prefix: Path,
    /// Items of its lists that were wrong and taken out.
    pub gaps: Vec<Path>,
    /// A fingerprint of all that stands in its file.
    pub print: u64,
}

impl Origin {
    /// The place of a step within the entry, as the file counts it: `photos`, `1`, `alt`.
    pub fn path(&self, steps: &[&str]) -> Path {
        let mut path = self.prefix.clone();
        for step in steps {
            let Ok(mut index) = step.parse::<usize>() else {
                path.push(Step::Key((*step).to_owned()));
                continue;
            };
            // Gaps are in the order of the file: each one before us moves us on by one.
            for gap in &self.gaps {
                if let [before @ .., Step::Index(gone)] = gap.as_slice()
                    && before == path.as_slice()
                    && *gone <= index
                {
                    index += 1;
                }
            }
            path.push(Step::Index(index));
        }
        path
    }
}

/// An entry of one kind.
#[derive(Debug, Clone)]
pub struct Entry<T> {
    /// Unique within the kind.
    pub id: String,
    /// Its place in the order of the 五十音: of its reading, or of its name where there is none.
    pub key: String,
    /// What every entry may have.
    pub meta: Common,
    /// What its kind has.
    pub data: T,
    /// Its text.
    pub body: Body,
    /// The same in やさしい日本語.
    pub easy: Option<Box<Body>>,
    /// Where it comes from.
    pub origin: Origin,
    /// Every reference to another entry, with its place.
    pub references: Vec<Reference>,
    /// Files that are published with it, besides its photos.
    pub files: BTreeSet<String>,
    /// Whether none of its fields was wrong: what is missing then really is not there.
    pub sound: bool,
}

/// An entry of any kind. Shared: what is read once may serve several states of a site.
#[derive(Debug, Clone)]
#[allow(missing_docs, reason = "one variant a kind")]
pub enum AnyEntry {
    Facility(Arc<Entry<Facility>>),
    Product(Arc<Entry<Product>>),
    Event(Arc<Entry<Event>>),
    News(Arc<Entry<News>>),
    Page(Arc<Entry<Page>>),
    Plan(Arc<Entry<Plan>>),
    Report(Arc<Entry<Report>>),
}

impl AnyEntry {
    /// Its kind.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Facility(_) => Kind::Facility,
            Self::Product(_) => Kind::Product,
            Self::Event(_) => Kind::Event,
            Self::News(_) => Kind::News,
            Self::Page(_) => Kind::Page,
            Self::Plan(_) => Kind::Plan,
            Self::Report(_) => Kind::Report,
        }
    }

    fn head(&self) -> (&str, &Origin, &Common) {
        fn of<T>(entry: &Entry<T>) -> (&str, &Origin, &Common) {
            (&entry.id, &entry.origin, &entry.meta)
        }
        match self {
            Self::Facility(entry) => of(entry),
            Self::Product(entry) => of(entry),
            Self::Event(entry) => of(entry),
            Self::News(entry) => of(entry),
            Self::Page(entry) => of(entry),
            Self::Plan(entry) => of(entry),
            Self::Report(entry) => of(entry),
        }
    }

    /// Whether it is shown only with `--drafts`.
    pub fn is_draft(&self) -> bool {
        self.head().2.draft
    }

    /// Its id.
    pub fn id(&self) -> &str {
        self.head().0
    }

    /// Its file, relative to the site.
    pub fn file(&self) -> &str {
        &self.head().1.file
    }
}

/// What one file gave.
#[derive(Debug, Clone, Default)]
pub(super) struct FileEntries {
    pub entries: Vec<AnyEntry>,
    pub broken: Vec<(Kind, String)>,
    pub diagnostics: Vec<Diagnostic>,
    /// The entries as they are kept, where somebody keeps them.
    pub kept: Vec<Vec<u8>>,
}

/// What reading an entry needs.
pub(super) struct Reader<'a> {
    /// Whether somebody keeps what is read.
    pub keeps: bool,
    pub vocabulary: Option<&'a Vocabulary>,
    pub lost: &'a BTreeSet<String>,
    pub assets: &'a Assets,
}

/// The text of one file while it is read.
struct Document<'a> {
    file: &'a EntryFile,
    text: &'a str,
    yaml: Range<usize>,
    marked: OnceCell<Marked>,
    print: u64,
}

impl Document<'_> {
    fn raw(&self, path: &Path) -> Option<(String, bool)> {
        let marked = self.marked.get_or_init(|| Marked::read(&self.text[self.yaml.clone()]));
        marked.raw(path).map(|(raw, plain)| (raw.to_owned(), plain))
    }
}

impl Reader<'_> {
    pub(super) fn read(&self, file: &EntryFile) -> FileEntries {
        let (text, diagnostics) = files::read_text(&file.path, &file.name);
        self.read_text(file, text, diagnostics)
    }

    /// The entries of a text, with what was to be told of the file already.
    pub(super) fn read_text(
        &self,
        file: &EntryFile,
        text: Option<String>,
        diagnostics: Vec<Diagnostic>,
    ) -> FileEntries {
        let mut out = FileEntries { diagnostics, ..FileEntries::default() };
        let id = id_of(&file.name);
        let Some(text) = text else {
            out.broken.push((file.kind, id));
            return out;
        };
        let mut problems = Vec::new();
        let markdown = is_markdown(&file.name);
        let yaml = match (markdown, yaml_range(&file.name, &text)) {
            (false, _) => 0..text.len(),
            (true, Some(range)) => range,
            (true, None) => {
                let opened = text.lines().next().is_some_and(is_fence);
                let end = text.lines().next().map_or(0, str::len);
                let problem = if opened { Problem::FenceNotClosed {} } else { Problem::NoFrontMatter {} };
                problems.push((At::Bytes(0..end), problem));
                out.broken.push((file.kind, id));
                out.diagnostics.extend(locate(&file.name, &text, &(0..text.len()), problems));
                return out;
            }
        };
        if markdown && yaml.len() > LARGEST_FRONT {
            let problem = Problem::FileTooLarge {
                size: format!("{} KB", yaml.len() / 1024),
                limit: format!("{} KB", LARGEST_FRONT / 1024),
            };
            out.broken.push((file.kind, id));
            out.diagnostics.push(Diagnostic::at(&file.name, &text, yaml.start..yaml.start, problem));
            return out;
        }
        let document = Document {
            file,
            text: &text,
            yaml: yaml.clone(),
            marked: OnceCell::new(),
            print: xxh3_64(text.as_bytes()),
        };
        match yaml::read(&text[yaml.clone()], yaml.start, &mut problems) {
            Some(Value::Object(mut map)) => {
                if !markdown && map.contains_key("entries") {
                    self.list(&document, map, &mut out, &mut problems);
                } else {
                    if !markdown {
                        map.shift_remove("id").into_iter().for_each(|written| {
                            if written.as_str() != Some(id.as_str()) {
                                let path = vec![Step::Key("id".to_owned())];
                                let problem = Problem::UnknownField {
                                    name: "id".into(),
                                    near: None,
                                    hint: format!(
                                        "id はファイル名の「{id}」です。この行を消すか、ファイル名を変えてください。"
                                    ),
                                    hint_en: format!(
                                        "the id is the file's name, `{id}`; delete the line or rename the file"
                                    ),
                                };
                                problems.push((At::Key(path), problem));
                            }
                        });
                    }
                    if let Some(problem) = leaf::bad_id(&id) {
                        problems.push((At::File, problem));
                    }
                    let body = if markdown { body_start(&text, yaml.end) } else { text.len() };
                    self.one(&document, id, map, &[], body, &mut out, &mut problems);
                }
            }
            Some(Value::Null) if markdown => {
                // `---` directly followed by `---`: every required field is missing.
                self.one(&document, id, Map::new(), &[], body_start(&text, yaml.end), &mut out, &mut problems);
            }
            Some(other) => {
                super::check::not_a_mapping(&other, &text, &yaml, &mut problems);
                out.broken.push((file.kind, id));
            }
            None => {
                out.broken.push((file.kind, id));
                if !markdown {
                    out.broken.extend(ids_in(&text).map(|id| (file.kind, id)));
                }
            }
        }
        out.diagnostics.extend(locate(&file.name, &text, &yaml, problems));
        out
    }

    /// `entries:` with a list, each with its `id`.
    fn list(
        &self,
        document: &Document<'_>,
        mut map: Map<String, Value>,
        out: &mut FileEntries,
        problems: &mut Vec<(At, Problem)>,
    ) {
        let entries = map.shift_remove("entries").unwrap_or_default();
        for name in map.keys() {
            let at = At::Key(vec![Step::Key(name.clone())]);
            problems.push((at, super::check::unknown_field(name.clone(), None, &["entries"])));
        }
        let top = vec![Step::Key("entries".to_owned())];
        let Value::Array(items) = entries else {
            let (found, found_en) = describe(&entries);
            let (wanted, wanted_en) = ("「- 」で始まる記事の並び".to_owned(), "a list of entries".to_owned());
            problems.push((At::Value(top), Problem::WrongType { wanted, wanted_en, found, found_en }));
            return;
        };
        for (index, item) in items.into_iter().enumerate() {
            let prefix = [Step::Key("entries".to_owned()), Step::Index(index)];
            let Value::Object(mut map) = item else {
                problems.push((At::Value(prefix.to_vec()), Problem::NotAMapping { found: describe(&item).0 }));
                continue;
            };
            let mut at = prefix.to_vec();
            at.push(Step::Key("id".to_owned()));
            let id = match map.shift_remove("id") {
                Some(Value::String(id)) => id,
                Some(Value::Number(_)) => document.raw(&at).map(|(raw, _)| raw).unwrap_or_default(),
                _ => {
                    let problem = Problem::MissingField {
                        name: "id".into(),
                        label: "アドレスになる短い名前".into(),
                        example: "mihon-cookie".into(),
                    };
                    problems.push((At::Value(prefix.to_vec()), problem));
                    continue;
                }
            };
            if let Some(problem) = leaf::bad_id(&id) {
                problems.push((At::Value(at), problem));
            }
            self.one(document, id, map, &prefix, document.text.len(), out, problems);
        }
    }

    #[allow(clippy::too_many_arguments, reason = "one call from each form of file; a struct would only rename them")]
    fn one(
        &self,
        document: &Document<'_>,
        id: String,
        mut map: Map<String, Value>,
        prefix: &[Step],
        body_start: usize,
        out: &mut FileEntries,
        problems: &mut Vec<(At, Problem)>,
    ) {
        let kind = document.file.kind;
        let folder = document.file.name.rsplit_once('/').map_or("", |(folder, _)| folder);
        let raw = |path: &Path| document.raw(path);
        let mut check = Check::new(self.vocabulary, Some((self.assets, folder)), &raw);
        check.lost = Some(self.lost);
        let fields: Vec<_> = schema::fields(kind).collect();
        check.document(&fields, &mut map, Trail::root(prefix));
        let Check { problems: told, references, gaps, mut files, .. } = check;
        let sound = told.is_empty();
        problems.extend(told);

        let place = markdown::Place { assets: self.assets, folder };
        let body = markdown::render(&document.text[body_start..], "", &place);
        for (range, problem) in body.problems {
            problems.push((At::Bytes(range.start + body_start..range.end + body_start), problem));
        }
        files.extend(body.files);
        let mut body = body.body;
        body.offset(body_start);
        let easy = map.get("easy").and_then(Value::as_str).map(|text| {
            let easy = markdown::render(text, "easy-", &place);
            let mut path = prefix.to_vec();
            path.push(Step::Key("easy".to_owned()));
            // The text may be folded in YAML, so the field is the exact place.
            problems.extend(easy.problems.into_iter().map(|(_, problem)| (At::Value(path.clone()), problem)));
            files.extend(easy.files);
            let mut body = easy.body;
            body.place_all(&path);
            Box::new(body)
        });

        let value = Value::Object(map);
        let meta = Common::deserialize(&value).unwrap_or_default();
        let origin = Origin { file: document.file.name.clone(), prefix: prefix.to_vec(), gaps, print: document.print };
        let reading = ["kana", "name", "title"].into_iter().find_map(|field| value.get(field)?.as_str());
        let key = reading_key(reading.unwrap_or_default());
        let parts = Parts { id, key, meta, body, easy, origin, references, files, sound };
        let broken = (kind, parts.id.clone());
        let kept = self.keeps.then(|| kept::pack(&parts, &value));
        match parts.entry(kind, &value) {
            Ok(entry) => {
                out.entries.push(entry);
                out.kept.extend(kept);
            }
            Err(what) => {
                // A wrong or missing field has been told; only silence would be a fault of ours.
                if problems.iter().all(|(_, problem)| problem.severity() != crate::diagnostic::Severity::Error) {
                    problems.push((At::File, Problem::Internal { what: what.to_string() }));
                }
                out.broken.push(broken);
            }
        }
    }
}

/// An entry without the values of its kind.
#[derive(Serialize, Deserialize)]
pub(super) struct Parts {
    id: String,
    #[serde(with = "raw::text")]
    key: String,
    /// It stands among the values, too.
    #[serde(skip)]
    pub meta: Common,
    body: Body,
    easy: Option<Box<Body>>,
    origin: Origin,
    references: Vec<Reference>,
    files: BTreeSet<String>,
    sound: bool,
}

impl Parts {
    /// The entry, with its values.
    pub(super) fn entry<'de, D: Deserializer<'de>>(self, kind: Kind, values: D) -> Result<AnyEntry, D::Error> {
        Ok(match kind {
            Kind::Facility => AnyEntry::Facility(self.with(values)?),
            Kind::Product => AnyEntry::Product(self.with(values)?),
            Kind::Event => AnyEntry::Event(self.with(values)?),
            Kind::News => AnyEntry::News(self.with(values)?),
            Kind::Page => AnyEntry::Page(self.with(values)?),
            Kind::Plan => AnyEntry::Plan(self.with(values)?),
            Kind::Report => AnyEntry::Report(self.with(values)?),
        })
    }

    fn with<'de, T: Deserialize<'de>, D: Deserializer<'de>>(self, values: D) -> Result<Arc<Entry<T>>, D::Error> {
        let data = T::deserialize(values)?;
        let Self { id, key, meta, body, easy, origin, references, files, sound } = self;
        Ok(Arc::new(Entry { id, key, meta, data, body, easy, origin, references, files, sound }))
    }
}

fn is_markdown(name: &str) -> bool {
    let lower = name.to_lowercase();
    lower.ends_with(".md") || lower.ends_with(".markdown")
}

/// The ids that a list of entries seems to hold, as far as they can be had when it cannot be read.
fn ids_in(text: &str) -> impl Iterator<Item = String> {
    text.split(['\n', '{', ',']).filter_map(|part| {
        let part = part.trim_start().trim_start_matches("- ").trim_start();
        let id = part.strip_prefix("id")?.trim_start().strip_prefix([':', '：'])?;
        let id = id.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '}'));
        (!id.is_empty()).then(|| id.to_owned())
    })
}

/// The id an entry has by its file: `products/mihon-cookie.md`, `products/mihon-cookie/index.md`.
pub(super) fn id_of(name: &str) -> String {
    let mut parts = name.rsplit('/');
    let file = parts.next().unwrap_or_default();
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    if stem == "index" { parts.next().unwrap_or_default().to_owned() } else { stem.to_owned() }
}

fn is_fence(line: &str) -> bool {
    line.trim_end() == "---"
}

/// The bytes between the fences; `None` where there is no front matter or no end to it.
pub(super) fn yaml_range(name: &str, text: &str) -> Option<Range<usize>> {
    if !is_markdown(name) {
        return Some(0..text.len());
    }
    let mut at = 0;
    let mut start = None;
    for line in text.split_inclusive('\n') {
        let fence = is_fence(line);
        match start {
            None if fence => start = Some(at + line.len()),
            None => return None,
            Some(start) if fence => return Some(start..at),
            Some(_) => {}
        }
        at += line.len();
    }
    None
}

fn body_start(text: &str, yaml_end: usize) -> usize {
    text[yaml_end..].find('\n').map_or(text.len(), |at| yaml_end + at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_come_from_names() {
        assert_eq!(id_of("content/products/akagi-cookie.md"), "akagi-cookie");
        assert_eq!(id_of("content/products/sweets/akagi-cookie/index.md"), "akagi-cookie");
        assert_eq!(id_of("content/products/a.b.yaml"), "a.b");
    }

    #[test]
    fn fences_enclose_the_yaml() {
        let text = "---\na: 1\n---\n本文\n";
        let range = yaml_range("x.md", text).unwrap_or_default();
        assert_eq!(&text[range.clone()], "a: 1\n");
        assert_eq!(&text[body_start(text, range.end)..], "本文\n");
        assert_eq!(yaml_range("x.md", "a: 1\n---\n"), None);
        assert_eq!(yaml_range("x.md", "---\na: 1\n"), None);
    }
}
