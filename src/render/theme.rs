//! Where templates and static files come from: the site's `templates/` and `static/`, over `themes/NAME/`,
//! over the theme that travels inside the binary. File by file, the first one found wins.

use crate::diagnostic::{Diagnostic, Problem, nearest};
use crate::source::{At, Path as DocPath, Step, in_words, is_noise, leaves_site, locate_later, name_of, settings};
use include_dir::{Dir, include_dir};
use std::collections::BTreeMap;
use std::path::Path;
use walkdir::WalkDir;

static EMBEDDED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/themes/heartnet");
/// The name of the theme inside the binary.
const DEFAULT: &str = "heartnet";

/// A template and where it came from.
#[derive(Debug, Clone)]
pub(super) struct Template {
    /// For messages: relative to the site, or inside the binary.
    pub file: String,
    pub text: String,
}

/// A static file and where it came from.
#[derive(Debug, Clone)]
pub struct Static {
    /// For messages: relative to the site, or inside the binary.
    pub file: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// All files of a theme after the fallback.
#[derive(Debug, Clone, Default)]
pub struct Theme {
    pub(super) templates: BTreeMap<String, Template>,
    /// Static files by their name below `static/`.
    pub statics: BTreeMap<String, Static>,
    /// Furigana of the words that its templates say.
    pub readings: BTreeMap<String, String>,
}

/// Words and readings of a theme: one pair a line, with a tab between them.
const READINGS: &str = "readings.tsv";

fn pairs(text: &str) -> impl Iterator<Item = (String, String)> + '_ {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once('\t')).map(|(word, kana)| (word.trim().to_owned(), kana.trim().to_owned()))
}

/// The themes a site can name.
pub fn theme_names(root: &Path) -> Vec<String> {
    let mut names = vec![DEFAULT.to_owned()];
    if let Ok(folder) = std::fs::read_dir(root.join("themes")) {
        names.extend(
            folder.flatten().filter(|e| e.path().is_dir()).map(|e| e.file_name().to_string_lossy().into_owned()),
        );
    }
    names.sort();
    names.dedup();
    names
}

impl Theme {
    /// Loads the theme that the settings name.
    pub fn load(root: &Path, name: &str) -> Result<Self, Vec<Diagnostic>> {
        let names = theme_names(root);
        if !names.iter().any(|known| known == name) {
            let near = nearest(name, names.iter().map(String::as_str)).map(str::to_owned);
            let at: DocPath = vec![Step::Key("theme".to_owned())];
            let problem = Problem::UnknownTheme { name: name.to_owned(), near };
            return Err(locate_later(root, vec![(settings::FILE.to_owned(), At::Value(at), problem)]));
        }
        let mut theme = Self::default();
        let mut problems = Vec::new();
        theme.embedded();
        let own = root.join("themes").join(name);
        theme.folder(root, &own.join("templates"), true, &mut problems);
        theme.folder(root, &own.join("static"), false, &mut problems);
        let readings = own.join(READINGS);
        if readings.is_file() {
            match std::fs::read_to_string(&readings) {
                Ok(text) => theme.readings.extend(pairs(&text)),
                Err(error) => problems.push(unreadable(root, &readings, &error)),
            }
        }
        theme.folder(root, &root.join("templates"), true, &mut problems);
        theme.folder(root, &root.join("static"), false, &mut problems);
        if problems.is_empty() { Ok(theme) } else { Err(problems) }
    }

    /// The theme inside the binary.
    #[cfg(test)]
    pub(super) fn built_in() -> Self {
        let mut theme = Self::default();
        theme.embedded();
        theme
    }

    fn embedded(&mut self) {
        let mut folders = vec![&EMBEDDED];
        while let Some(folder) = folders.pop() {
            folders.extend(folder.dirs());
            for file in folder.files() {
                let path: Vec<_> = file.path().iter().map(|part| part.to_string_lossy()).collect();
                let path = path.join("/");
                let named = format!("themes/{DEFAULT}/{path}");
                if let Some(name) = path.strip_prefix("templates/") {
                    let text = file.contents_utf8().unwrap_or_default().to_owned();
                    self.templates.insert(name.to_owned(), Template { file: named, text });
                } else if let Some(name) = path.strip_prefix("static/") {
                    self.statics.insert(name.to_owned(), Static { file: named, bytes: file.contents().to_vec() });
                } else if path == READINGS {
                    self.readings.extend(pairs(file.contents_utf8().unwrap_or_default()));
                }
            }
        }
    }

    fn folder(&mut self, root: &Path, folder: &Path, templates: bool, problems: &mut Vec<Diagnostic>) {
        if !folder.is_dir() {
            return;
        }
        let walk = WalkDir::new(folder).min_depth(1).sort_by_file_name().into_iter();
        for entry in walk.filter_entry(|entry| !is_noise(entry.path())) {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    let at = error.path().unwrap_or(folder).to_owned();
                    problems.push(unreadable(root, &at, &error.into()));
                    continue;
                }
            };
            if entry.file_type().is_symlink() {
                problems.extend(leaves_site(root, &name_of(root, entry.path())));
            }
            // A link is as good as the file it leads to. A pipe would be waited for without end.
            if entry.file_type().is_dir() || !entry.path().is_file() {
                continue;
            }
            let (name, file) = (name_of(folder, entry.path()), name_of(root, entry.path()));
            match std::fs::read(entry.path()) {
                Ok(bytes) if templates => match String::from_utf8(bytes) {
                    Ok(text) => {
                        self.templates.insert(name, Template { file, text });
                    }
                    Err(_) => {
                        let guess = "テンプレートは UTF-8 で書きます".to_owned();
                        problems.push(Diagnostic::of_file(file, Problem::NotUtf8 { guess }));
                    }
                },
                Ok(bytes) => {
                    self.statics.insert(name, Static { file, bytes });
                }
                Err(error) => problems.push(unreadable(root, entry.path(), &error)),
            }
        }
    }
}

fn unreadable(root: &Path, path: &Path, error: &std::io::Error) -> Diagnostic {
    Diagnostic::of_file(name_of(root, path), Problem::CannotRead { why: in_words(error) })
}
