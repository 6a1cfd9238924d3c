//! What can be said of a site's photos beyond what is wrong: `heartnet photos`.

use super::{From, Laps, Loaded, Options, Outcome, load};
use crate::diagnostic::{Diagnostic, Problem};
use crate::photos::is_photo;
use crate::source::name_of;
use std::collections::BTreeSet;
use std::path::Path;
use std::time::Instant;
use walkdir::WalkDir;

/// Pixels that a photo needs to be sharp on a page.
const SMALL: u32 = 800;
/// Below this it is blurred; sharp photos of the same things have ten times as much.
const BLURRED: u32 = 20;
/// Days before the end of a consent in which it is told.
const SOON: i32 = 60;

/// Something to be done about a photo.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Note {
    /// What it is about.
    pub about: About,
    /// The photo.
    pub photo: String,
    /// Where it is named, or nothing.
    pub entry: String,
    /// Numbers and days.
    pub detail: String,
}

/// What a note is about, the most urgent first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum About {
    /// The consent has run out or soon will.
    Consent,
    /// Its description is missing or says nothing.
    Alt,
    /// It is not sharp.
    Blurred,
    /// It has few pixels.
    Small,
    /// Nothing shows it.
    Unused,
}

/// Looks at all photos.
pub fn photo_report(root: &Path, options: &Options) -> (Vec<Note>, usize, Outcome) {
    let mut outcome = Outcome::default();
    let mut laps = Laps(Instant::now(), Vec::new());
    let Some(mut loaded) = load(root, options, From::Nothing, &mut laps, &mut outcome) else {
        return (Vec::new(), 0, outcome.end([]));
    };
    loaded.make_photos(root, options, &mut laps, &mut outcome);
    let mut notes = of_use(&loaded);
    let mut expired = BTreeSet::new();
    for told in &outcome.diagnostics {
        let note =
            |about, photo: &str, detail: String| Note { about, photo: photo.to_owned(), entry: place(told), detail };
        let named = || photo_at(root, told).unwrap_or_default();
        match &told.problem {
            Problem::ConsentExpired { file, until } => {
                expired.insert(file.clone());
                notes.push(note(About::Consent, file, format!("{until} ×")));
            }
            Problem::AltSaysNothing { alt } => notes.push(note(About::Alt, &named(), alt.clone())),
            Problem::ImageWithoutAlt {} => notes.push(note(About::Alt, &named(), String::new())),
            Problem::MissingField { name, .. } | Problem::EmptyValue { name, .. } if name == "alt" => {
                notes.push(note(About::Alt, &named(), String::new()));
            }
            _ => {}
        }
    }
    let shown: BTreeSet<&String> = loaded.plan.photos.keys().chain(loaded.plan.assets.values()).collect();
    let all = files(root);
    // Entries that could not be read use their photos as well.
    let texts = texts(root);
    let named = |source: &str| source.rsplit('/').next().is_some_and(|name| texts.iter().any(|text| names(text, name)));
    let unused = all.iter().filter(|source| !shown.contains(source) && !expired.contains(*source) && !named(source));
    notes.extend(unused.map(|source| Note {
        about: About::Unused,
        photo: source.clone(),
        entry: String::new(),
        detail: String::new(),
    }));
    notes.sort();
    (notes, all.len(), outcome.end([]))
}

fn place(told: &Diagnostic) -> String {
    match told.span {
        Some(span) => format!("{}:{}", told.file, span.start.line),
        None => told.file.clone(),
    }
}

/// The photo that a problem with its description is about: it is named in the same line or in the same item of a list.
fn photo_at(root: &Path, told: &Diagnostic) -> Option<String> {
    let text = std::fs::read_to_string(root.join(&told.file)).ok()?;
    let lines: Vec<&str> = text.lines().collect();
    let at = told.span?.start.line.checked_sub(1)?;
    let name = |line: &str| {
        let mut words = line.split(|c: char| c.is_whitespace() || "{},()[]\"'：".contains(c));
        words.find(|word| is_photo(word)).map(ToOwned::to_owned)
    };
    let begins = |line: &&&str| line.trim_start().starts_with('-');
    let above = lines.get(..=at)?.iter().rev().position(|line| begins(&line)).map_or(at, |up| at - up);
    let below = lines.get(at + 1..)?.iter().position(|line| begins(&line)).map_or(lines.len(), |down| at + 1 + down);
    name(lines.get(at)?).or_else(|| lines.get(above..below)?.iter().find_map(|line| name(line)))
}

/// What was seen in those that pages show.
fn of_use(loaded: &Loaded) -> Vec<Note> {
    let mut notes = Vec::new();
    let entry = |source: &str| loaded.plan.places.get(source).map_or("", |(file, _)| file.as_str()).to_owned();
    for source in loaded.plan.photos.keys() {
        let Some(photo) = loaded.catalog.photos.get(source) else { continue };
        let mut note = |about, detail| notes.push(Note { about, photo: source.clone(), entry: entry(source), detail });
        if photo.facts.width < SMALL {
            note(About::Small, format!("{}×{}", photo.facts.width, photo.facts.height));
        }
        if photo.facts.sharpness < BLURRED {
            note(About::Blurred, String::new());
        }
    }
    let today = loaded.catalog.moment.today;
    loaded.catalog.each_entry(&mut |_, photos, _, origin| {
        for photo in photos {
            if let Some(until) = photo.consent_until.filter(|until| until.number() - today.number() <= SOON) {
                let (photo, entry) = (photo.file.clone(), origin.file.clone());
                notes.push(Note { about: About::Consent, photo, entry, detail: until.to_string() });
            }
        }
    });
    notes
}

/// Whether a text names a file: `1.jpg`, but not within `11.jpg`.
fn names(text: &str, file: &str) -> bool {
    text.match_indices(file).any(|(at, _)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        before.is_none_or(|c| !(c.is_alphanumeric() || "-_.+~".contains(c)))
    })
}

/// All entries, as they are written.
fn texts(root: &Path) -> Vec<String> {
    let all = WalkDir::new(root.join("content")).into_iter().flatten();
    let text =
        |entry: &walkdir::DirEntry| entry.path().extension().is_some_and(|e| e == "md" || e == "yaml" || e == "yml");
    all.filter(text).filter_map(|entry| std::fs::read_to_string(entry.path()).ok()).collect()
}

/// Every photo that lies in the site's folders.
fn files(root: &Path) -> BTreeSet<String> {
    let below = |folder: &str| WalkDir::new(root.join(folder)).into_iter().flatten();
    let name = |entry: walkdir::DirEntry| {
        let path = name_of(root, entry.path());
        (entry.file_type().is_file() && is_photo(&path)).then_some(path)
    };
    below("assets").chain(below("content")).filter_map(name).collect()
}
