//! `content/vocabulary.yaml`, checked like any content.

use super::assets::Assets;
use super::check::{self, Check};
use super::place::{At, Marked, Path as DocPath, Step, Trail};
use super::{files, locate, yaml};
use crate::diagnostic::{Diagnostic, Problem, Severity, nearest};
use crate::model::vocabulary::{VocabularyFile, WordList};
use crate::model::{Vocabulary, text};
use crate::schema::kinds;
use serde::Deserialize;
use serde_json::Value;
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

const FILE: &str = "content/vocabulary.yaml";

/// Of the words as they are written, and of names.
pub(super) fn hash_with(root: &Path, names: &[String]) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&std::fs::read(root.join(FILE)).unwrap_or_default());
    for name in names {
        hasher.update(&[0]).update(name.as_bytes());
    }
    hasher.finalize()
}

/// Reads the controlled words. With problems in it, what could be read still serves the entries; where
/// nothing could, their words are not looked at, since each of them would seem wrong.
pub(super) fn read(root: &Path, assets: &Assets) -> (Option<Vocabulary>, BTreeSet<String>, Vec<Diagnostic>) {
    if !root.join(FILE).is_file() {
        return (None, BTreeSet::new(), vec![Diagnostic::of_file(FILE, Problem::NoVocabulary {})]);
    }
    if let Some(told) = files::leaves_site(root, FILE) {
        return (None, BTreeSet::new(), vec![told]);
    }
    let (text, mut diagnostics) = files::read_text(&root.join(FILE), FILE);
    let Some(text) = text else { return (None, BTreeSet::new(), diagnostics) };
    let mut problems = Vec::new();
    let mut vocabulary = None;
    let mut lost = BTreeSet::new();
    match yaml::read(&text, 0, &mut problems) {
        Some(Value::Object(mut map)) => {
            let marked = OnceCell::new();
            let raw = |path: &DocPath| {
                marked.get_or_init(|| Marked::read(&text)).raw(path).map(|(raw, plain)| (raw.to_owned(), plain))
            };
            let mut check = Check::new(None, Some((assets, "content")), &raw);
            let whole = map.clone();
            let fields: Vec<_> = kinds::VOCABULARY.iter().collect();
            check.document(&fields, &mut map, Trail::root(&[]));
            problems.append(&mut check.problems);
            rules(&map, &whole, &mut problems);
            if problems.iter().any(|(_, problem)| problem.severity() == Severity::Error) {
                whole.values().for_each(|value| words(value, &mut lost));
            }
            match VocabularyFile::deserialize(&Value::Object(map)) {
                Ok(file) => vocabulary = Some(Vocabulary::new(file)),
                Err(error) if problems.is_empty() => {
                    problems.push((At::File, Problem::Internal { what: error.to_string() }));
                }
                Err(_) => {}
            }
        }
        Some(other) => check::not_a_mapping(&other, &text, &(0..text.len()), &mut problems),
        None => {}
    }
    diagnostics.extend(locate(FILE, &text, &(0..text.len()), problems));
    (vocabulary, lost, diagnostics)
}

/// Every text of the vocabulary, folded: a word with a mistake of its own is left out of the lists, and
/// the entries that use it are not wrong.
fn words(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => {
            found.insert(text::fold(text));
        }
        Value::Array(items) => items.iter().for_each(|item| words(item, found)),
        Value::Object(map) => map.iter().for_each(|(key, value)| {
            // `{id：wood}` has its word in the key.
            found.extend(key.split_once('：').map(|(_, word)| text::fold(word)));
            words(value, found);
        }),
        _ => {}
    }
}

/// Ids and labels that stand twice, classes that do not exist.
fn rules(
    map: &serde_json::Map<String, Value>,
    whole: &serde_json::Map<String, Value>,
    problems: &mut Vec<(At, Problem)>,
) {
    let classes: Vec<(&str, &str)> = items(whole.get("procurement"))
        .filter_map(|item| Some((item.get("id")?.as_str()?, item.get("label")?.as_str()?)))
        .collect();
    taxes(map, problems);
    for list in ["procurement", "categories", "areas", "facility_kinds", "event_kinds", "accessibility"] {
        let mut seen = Seen::default();
        for (index, item) in items(map.get(list)).enumerate() {
            let path = vec![Step::Key(list.to_owned()), Step::Index(index)];
            seen.word(item, &path, problems);
            class(item, &classes, &path, problems);
            let inherits = item.get("procurement").is_some();
            let mut orphans = list == "categories" && !inherits && item.get("children").is_none();
            for (index, child) in items(item.get("children")).enumerate() {
                let mut path = path.clone();
                path.extend([Step::Key("children".to_owned()), Step::Index(index)]);
                seen.word(child, &path, problems);
                class(child, &classes, &path, problems);
                orphans |= list == "categories" && !inherits && child.get("procurement").is_none();
            }
            if orphans {
                let label = item.get("label").and_then(Value::as_str).unwrap_or_default().to_owned();
                problems.push((At::Value(path), Problem::CategoryWithoutClass { label }));
            }
        }
    }
}

/// A category's tax is one of the rates of the same file.
fn taxes(map: &serde_json::Map<String, Value>, problems: &mut Vec<(At, Problem)>) {
    let rates: Vec<i64> = items(map.get("taxes"))
        .flat_map(|item| [item.get("reduced"), item.get("standard")])
        .filter_map(|rate| rate.and_then(Value::as_i64))
        .collect();
    let mut look = |item: &Value, mut path: DocPath| {
        if let Some(tax) =
            item.get("tax").and_then(Value::as_i64).filter(|tax| !rates.is_empty() && !rates.contains(tax))
        {
            path.push(Step::Key("tax".to_owned()));
            let known = rates.iter().map(i64::to_string).collect::<Vec<_>>().join("・");
            problems.push((At::Value(path), Problem::UnknownTax { rate: tax.to_string(), known }));
        }
    };
    for (index, item) in items(map.get("categories")).enumerate() {
        let path = vec![Step::Key("categories".to_owned()), Step::Index(index)];
        look(item, path.clone());
        for (index, child) in items(item.get("children")).enumerate() {
            let mut path = path.clone();
            path.extend([Step::Key("children".to_owned()), Step::Index(index)]);
            look(child, path);
        }
    }
}

fn items(list: Option<&Value>) -> impl Iterator<Item = &Value> {
    list.and_then(Value::as_array).into_iter().flatten()
}

fn class(item: &Value, classes: &[(&str, &str)], path: &[Step], problems: &mut Vec<(At, Problem)>) {
    let Some(written) = item.get("procurement").and_then(Value::as_str) else { return };
    if classes.iter().any(|(id, label)| *id == written || *label == written) {
        return;
    }
    let (list, list_en) = WordList::Procurement.label();
    let mut path = path.to_vec();
    path.push(Step::Key("procurement".to_owned()));
    let problem = Problem::UnknownWord {
        found: written.to_owned(),
        list: list.to_owned(),
        list_en: list_en.to_owned(),
        near: nearest(written, classes.iter().flat_map(|(id, label)| [*id, *label])).map(str::to_owned),
        known: classes.iter().map(|(id, _)| *id).collect::<Vec<_>>().join("・"),
    };
    problems.push((At::Value(path), problem));
}

#[derive(Default)]
struct Seen<'a> {
    ids: BTreeMap<&'a str, &'a str>,
    labels: BTreeMap<&'a str, &'a str>,
}

impl<'a> Seen<'a> {
    fn word(&mut self, item: &'a Value, path: &[Step], problems: &mut Vec<(At, Problem)>) {
        let text = |name: &str| item.get(name).and_then(Value::as_str);
        let (Some(id), Some(label)) = (text("id"), text("label")) else { return };
        let at = |name: &str| {
            let mut path = path.to_vec();
            path.push(Step::Key(name.to_owned()));
            At::Value(path)
        };
        if let Some(first) = self.ids.insert(id, label) {
            problems.push((at("id"), Problem::WordTwice { id: id.to_owned(), first: first.to_owned() }));
        } else if let Some(first) = self.labels.get(label) {
            let problem =
                Problem::LabelTwice { label: label.to_owned(), first: (*first).to_owned(), second: id.to_owned() };
            problems.push((at("label"), problem));
        } else {
            self.labels.insert(label, id);
        }
    }
}
