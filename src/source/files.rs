//! Which files there are, and their text: limits, encodings, links that leave the site.

use crate::diagnostic::{Diagnostic, Problem, nearest};
use crate::model::Kind;
use rayon::prelude::*;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// An entry file may be this large; a list of many entries is the largest that is sensible.
pub(super) const LARGEST_FILE: u64 = 2 * 1024 * 1024;
/// Front matter may be this large: the time for hostile YAML grows with it.
pub(super) const LARGEST_FRONT: usize = 64 * 1024;

/// A file that holds entries.
#[derive(Debug, Clone)]
pub(super) struct EntryFile {
    pub kind: Kind,
    pub path: PathBuf,
    /// Relative to the site, with `/`.
    pub name: String,
    /// A link: what it leads to changes without it.
    pub linked: bool,
}

/// What lies in the site's folders.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub entries: Vec<EntryFile>,
    /// Files that entries may name: those of `assets/`, and those beside an `index.md`.
    pub assets: Vec<String>,
    /// Entries in a folder that is spelt wrong: those who name them are not told as well.
    pub misplaced: Vec<(Kind, String)>,
    pub diagnostics: Vec<Diagnostic>,
}

/// A path below the root, with `/` whatever the system uses.
pub(crate) fn name_of(root: &Path, path: &Path) -> String {
    // Where the system writes paths as we do, the name mostly stands there already.
    if std::path::MAIN_SEPARATOR == '/'
        && let Some(behind) = path.as_os_str().as_encoded_bytes().strip_prefix(root.as_os_str().as_encoded_bytes())
        && let Some(name) = behind.strip_prefix(b"/")
    {
        return String::from_utf8_lossy(name).into_owned();
    }
    let relative = path.strip_prefix(root).unwrap_or(path);
    relative.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// Walks `content/` and `assets/` once. The order of the folder does not matter: names are sorted.
pub(super) fn find(root: &Path) -> Found {
    let mut found = Found::default();
    let real_root = root.canonicalize().unwrap_or_else(|_| root.to_owned());
    for (path, linked) in regular_files(root, "content", &real_root, &mut found.diagnostics) {
        sort_in(root, path, linked, &mut found);
    }
    let assets = regular_files(root, "assets", &real_root, &mut found.diagnostics);
    found.assets.extend(assets.iter().map(|(path, _)| name_of(root, path)));
    found.entries.par_sort_by(|a, b| a.name.cmp(&b.name));
    found.assets.sort();
    found
}

/// Files, and which of them are links.
fn regular_files(
    root: &Path,
    folder: &str,
    real_root: &Path,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<(PathBuf, bool)> {
    let top = root.join(folder);
    let mut files = Vec::new();
    if !top.exists() {
        return files;
    }
    // The walk follows its own top even where it follows no other link.
    if let Some(told) = leaves_site(root, folder) {
        diagnostics.push(told);
        return files;
    }
    let walk = WalkDir::new(&top).min_depth(1).max_depth(32).into_iter().filter_entry(|entry| !is_noise(entry.path()));
    for entry in walk {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let name = error.path().map(|path| name_of(root, path)).unwrap_or_default();
                let why = error.io_error().map_or_else(|| "?".to_owned(), in_words);
                diagnostics.push(Diagnostic::of_file(name, Problem::CannotRead { why }));
                continue;
            }
        };
        let kind = entry.file_type();
        if kind.is_dir() {
            continue;
        }
        let name = || name_of(root, entry.path());
        if kind.is_symlink() {
            match entry.path().canonicalize() {
                Ok(target) if target.starts_with(real_root) && target.is_file() => {}
                Ok(target) if target.starts_with(real_root) => {
                    diagnostics.push(Diagnostic::of_file(name(), Problem::NotAnEntry { name: name() }));
                    continue;
                }
                Ok(target) => {
                    let target = target.display().to_string();
                    diagnostics.push(Diagnostic::of_file(name(), Problem::LinkLeavesSite { target }));
                    continue;
                }
                Err(error) => {
                    let why = match error.kind() {
                        std::io::ErrorKind::PermissionDenied => in_words(&error),
                        std::io::ErrorKind::NotFound => "リンクの先のファイルが見つかりません".to_owned(),
                        _ => "リンクの先をたどれません".to_owned(),
                    };
                    diagnostics.push(Diagnostic::of_file(name(), Problem::CannotRead { why }));
                    continue;
                }
            }
        } else if !kind.is_file() {
            // A pipe or a device would be waited for without end.
            diagnostics.push(Diagnostic::of_file(name(), Problem::NotAnEntry { name: name() }));
            continue;
        }
        files.push((entry.into_path(), kind.is_symlink()));
    }
    files
}

/// A file that is read by its name is none of the site's when it is a link that leads out of it.
pub(crate) fn leaves_site(root: &Path, name: &str) -> Option<Diagnostic> {
    let path = root.join(name);
    if !path.is_symlink() {
        return None;
    }
    let target = path.canonicalize().ok()?;
    let root = root.canonicalize().ok()?;
    let problem = Problem::LinkLeavesSite { target: target.display().to_string() };
    (!target.starts_with(root)).then(|| Diagnostic::of_file(name, problem))
}

/// What editors' programs and systems leave behind.
pub(crate) fn is_noise(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with('.')
        || name.starts_with("~$")
        || name.ends_with('~')
        || name.len() > 1 && name.starts_with('#') && name.ends_with('#')
        || matches!(&*name, "Thumbs.db" | "desktop.ini")
}

fn sort_in(root: &Path, path: PathBuf, linked: bool, found: &mut Found) {
    let name = name_of(root, &path);
    if name == "content/vocabulary.yaml" || name == "content/vocabulary.yml" {
        return;
    }
    let mut parts = name.split('/').skip(1);
    let folder = parts.next().unwrap_or_default();
    let in_folder = parts.next().is_some();
    let Some(kind) = Kind::ALL.into_iter().find(|kind| kind.folder() == folder && in_folder) else {
        let problem = if in_folder {
            let near = Kind::ALL.into_iter().find(|kind| kind.label() == folder).map(Kind::folder);
            let near = near.or_else(|| nearest(folder, Kind::ALL.map(Kind::folder)));
            let meant = near.and_then(Kind::parse);
            found.misplaced.extend(meant.map(|kind| (kind, super::entry::id_of(&name))));
            Problem::UnknownFolder { name: folder.to_owned(), near: near.map(str::to_owned) }
        } else if is_entry(&path) {
            Problem::UnknownFolder { name: "content".to_owned(), near: None }
        } else {
            Problem::NotAnEntry { name: folder.to_owned() }
        };
        found.diagnostics.push(Diagnostic::of_file(&name, problem));
        return;
    };
    if is_entry(&path) {
        found.entries.push(EntryFile { kind, path, name, linked });
    } else if path.with_file_name("index.md").is_file() {
        found.assets.push(name);
    } else {
        let short = name.rsplit('/').next().unwrap_or_default().to_owned();
        found.diagnostics.push(Diagnostic::of_file(&name, Problem::NotAnEntry { name: short }));
    }
}

/// Whether a file's name is that of a file of entries.
fn is_entry(path: &Path) -> bool {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
    matches!(ending.as_str(), "md" | "yaml" | "yml" | "markdown")
}

/// The text of a file without a BOM, with warnings about it, or why it cannot be had.
pub(super) fn read_text(path: &Path, name: &str) -> (Option<String>, Vec<Diagnostic>) {
    let found = std::fs::metadata(path);
    // A pipe or a device would be waited for without end.
    if found.as_ref().is_ok_and(|meta| !meta.is_file() && !meta.is_dir()) {
        let why = "ふつうのファイルではありません".to_owned();
        return (None, vec![Diagnostic::of_file(name, Problem::CannotRead { why })]);
    }
    // With room for all of it and for seeing its end, it is read at once.
    let mut bytes = Vec::with_capacity(found.map_or(0, |meta| meta.len().min(LARGEST_FILE) as usize) + 1);
    let read = File::open(path).and_then(|file| file.take(LARGEST_FILE + 1).read_to_end(&mut bytes));
    if let Err(error) = read {
        return (None, vec![Diagnostic::of_file(name, Problem::CannotRead { why: in_words(&error) })]);
    }
    if bytes.len() as u64 > LARGEST_FILE {
        let size = std::fs::metadata(path).map_or(0, |meta| meta.len());
        let problem = Problem::FileTooLarge { size: megabytes(size), limit: megabytes(LARGEST_FILE) };
        return (None, vec![Diagnostic::of_file(name, problem)]);
    }
    decode(bytes, name)
}

fn megabytes(bytes: u64) -> String {
    format!("{}.{} MB", bytes / 1_048_576, bytes % 1_048_576 * 10 / 1_048_576)
}

fn decode(bytes: Vec<u8>, name: &str) -> (Option<String>, Vec<Diagnostic>) {
    let sound = simdutf8::basic::from_utf8(&bytes).ok().map(str::to_owned);
    let mut text = match sound.map_or_else(|| String::from_utf8(bytes), Ok) {
        Ok(text) => text,
        Err(error) => {
            let sound = error.utf8_error().valid_up_to();
            let bytes = error.into_bytes();
            let readable = String::from_utf8_lossy(&bytes[..sound]).into_owned();
            let problem = Problem::NotUtf8 { guess: guess_encoding(&bytes).to_owned() };
            return (None, vec![Diagnostic::at(name, &format!("{readable}?"), sound..sound + 1, problem)]);
        }
    };
    let mut diagnostics = Vec::new();
    if text.starts_with('\u{feff}') {
        text.drain(..'\u{feff}'.len_utf8());
        diagnostics.push(Diagnostic::at(name, &text, 0..0, Problem::ByteOrderMark {}));
    }
    let control = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    // Without a way out in the middle, many bytes are looked at at a time. U+0080 to U+009F begin with the last one.
    let suspicious =
        text.bytes().fold(false, |any, byte| any | matches!(byte, 0..=8 | 0x0b | 0x0c | 0x0e..=0x1f | 0x7f | 0xc2));
    if suspicious && let Some((at, c)) = text.char_indices().find(|(_, c)| control(*c)) {
        let problem = Problem::ControlCharacter { code: format!("U+{:04X}", u32::from(c)) };
        diagnostics.push(Diagnostic::at(name, &text, at..at + c.len_utf8(), problem));
        return (None, diagnostics);
    }
    if let Some(at) = text.find('\r') {
        diagnostics.push(Diagnostic::at(name, &text, at..at, Problem::CarriageReturn {}));
        text = text.replace("\r\n", "\n").replace('\r', "\n");
    }
    (Some(text), diagnostics)
}

fn guess_encoding(bytes: &[u8]) -> &'static str {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return "UTF-16 のようです";
    }
    // Shift_JIS kana are 0x82 0x9F-0xF1 (hiragana) and 0x83 0x40-0x96 (katakana).
    let pairs = bytes.windows(2).filter(|pair| matches!(pair, [0x82, 0x9f..=0xf1] | [0x83, 0x40..=0x96])).count();
    if pairs >= 2 {
        "Shift_JIS のようです"
    } else {
        "文字化けしているか、文章ではないファイルです"
    }
}

/// An I/O error in words.
pub(crate) fn in_words(error: &std::io::Error) -> String {
    use std::io::ErrorKind as K;
    match error.kind() {
        K::NotFound => "見つかりません".to_owned(),
        K::PermissionDenied => "許可がありません".to_owned(),
        K::StorageFull => "ディスクがいっぱいです".to_owned(),
        K::ReadOnlyFilesystem => "書き込めない場所です".to_owned(),
        K::IsADirectory => "フォルダーです".to_owned(),
        K::FileTooLarge => "大きすぎます".to_owned(),
        K::AlreadyExists => "同じ名前のものがもうあります".to_owned(),
        K::NotADirectory => "途中に、フォルダーではないものがあります".to_owned(),
        K::DirectoryNotEmpty => "フォルダーが空ではありません".to_owned(),
        K::ResourceBusy | K::ExecutableFileBusy => "ほかのソフトが使っています".to_owned(),
        K::InvalidFilename => "使えないファイル名です".to_owned(),
        K::QuotaExceeded => "使ってよい容量をこえました".to_owned(),
        K::TimedOut => "返事がありません".to_owned(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shift_jis_is_recognised() {
        // 「あいう」
        assert_eq!(guess_encoding(&[0x82, 0xa0, 0x82, 0xa2, 0x82, 0xa4]), "Shift_JIS のようです");
    }

    #[test]
    fn what_programs_leave_behind_is_no_file_of_the_site() {
        for noise in [".a.swp", "~$a.md", "a.md~", "#a.md#", "Thumbs.db", "desktop.ini"] {
            assert!(is_noise(Path::new("content").join(noise).as_path()), "{noise}");
        }
        for file in ["a.md", "#", "#1.jpg", "a~b.md"] {
            assert!(!is_noise(Path::new(file)), "{file}");
        }
    }

    #[test]
    fn bom_and_crlf_are_read_with_a_word() {
        let (text, told) = decode(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n".to_vec(), "x");
        assert_eq!(text.as_deref(), Some("a: 1\nb: 2\n"));
        let codes: Vec<&str> = told.iter().map(|d| d.problem.code()).collect();
        assert_eq!(codes, ["HN0006", "HN0007"]);
    }
}
