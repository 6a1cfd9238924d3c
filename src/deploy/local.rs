//! The built site as it is to be published.

use super::Stop;
use super::headers::{self, Headers};
use super::manifest::{Entry, is_path};
use super::target::OWN;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use unicode_normalization::UnicodeNormalization as _;
use walkdir::WalkDir;

/// A file of the built site.
#[derive(Debug, Clone)]
pub struct LocalFile {
    /// Its path on the host.
    pub path: String,
    /// Where its content lies.
    pub from: Place,
    /// Size and hashes.
    pub entry: Entry,
    /// What the host should say with it.
    pub headers: Headers,
}

/// Where a content lies: in a file, or in a part of one.
#[derive(Debug, Clone)]
pub struct Place {
    /// The file.
    pub file: PathBuf,
    /// Where in it, and how many bytes, unless it is all of it.
    pub part: Option<(u64, u64)>,
}

impl Place {
    /// The content.
    pub fn read(&self) -> io::Result<Vec<u8>> {
        let Some((at, size)) = self.part else { return fs::read(&self.file) };
        let mut file = fs::File::open(&self.file)?;
        file.seek(SeekFrom::Start(at))?;
        let mut content = Vec::new();
        file.take(size).read_to_end(&mut content)?;
        Ok(content)
    }
}

impl LocalFile {
    /// Its content.
    pub fn read(&self) -> io::Result<Vec<u8>> {
        self.from.read()
    }
}

/// Half of a BLAKE3 hash: 128 bits tell files of one site apart.
pub fn hash(content: &[u8]) -> String {
    blake3::hash(content).to_hex().as_str().chars().take(32).collect()
}

/// The hash of what is said with a file.
fn hash_of_headers(headers: &Headers) -> String {
    hash(format!("{}\n{}", headers.content_type, headers.cache_control).as_bytes()).chars().take(8).collect()
}

/// A file by its path on the host.
pub fn file(path: String, from: Place, content: &[u8], keeps_headers: bool) -> LocalFile {
    let headers = headers::of(&path);
    let entry = Entry {
        hash: hash(content),
        size: content.len() as u64,
        headers: if keeps_headers { hash_of_headers(&headers) } else { String::new() },
    };
    LocalFile { path, from, entry, headers }
}

/// Every file of the built site, by path.
pub fn read(out: &Path, keeps_headers: bool) -> Result<Vec<LocalFile>, Stop> {
    if !out.is_dir() {
        return Err(Stop::guard(
            format!("書き出したサイト（{}）がありません。先に「heartnet build」をしてください。", out.display()),
            format!("there is no built site at {}; run `heartnet build` first", out.display()),
        ));
    }
    let mut paths = Vec::new();
    let walk =
        WalkDir::new(out).min_depth(1).into_iter().filter_entry(|entry| entry.depth() != 1 || entry.file_name() != OWN);
    for entry in walk {
        let entry = entry.map_err(|error| cannot_read(out, &error.to_string()))?;
        let relative = entry.path().strip_prefix(out).unwrap_or(entry.path());
        if entry.file_type().is_symlink() {
            return Err(Stop::guard(
                format!(
                    "{} はリンクです。リンクは公開できません。本物のファイルを置いてください。",
                    relative.display()
                ),
                format!("{} is a link; links are not published", relative.display()),
            ));
        }
        if entry.file_type().is_dir() {
            continue;
        }
        let parts: Option<Vec<&str>> = relative.iter().map(|part| part.to_str()).collect();
        let path = parts.map(|parts| parts.join("/")).filter(|path| is_path(path));
        let Some(path) = path else {
            return Err(Stop::guard(
                format!("{} は、公開できない名前です。名前を変えてください。", relative.display()),
                format!("{} has a name that cannot be published", relative.display()),
            ));
        };
        paths.push((path, entry.into_path()));
    }
    paths.sort();
    let files: Result<Vec<LocalFile>, Stop> = paths
        .into_par_iter()
        .map(|(path, from)| {
            let content = fs::read(&from).map_err(|error| cannot_read(&from, &error.to_string()))?;
            Ok(file(path, Place { file: from, part: None }, &content, keeps_headers))
        })
        .collect();
    let files = files?;
    sound(&files)?;
    Ok(files)
}

fn cannot_read(path: &Path, why: &str) -> Stop {
    Stop::failed(
        format!("{} を読めません（{why}）。", path.display()),
        format!("cannot read {}: {why}", path.display()),
    )
}

/// Names that have no place on a host: settings with passwords, repositories, leavings of editors.
const PRIVATE: &[&str] = &[
    ".env",
    ".git",
    ".svn",
    ".hg",
    ".DS_Store",
    "Thumbs.db",
    "id_rsa",
    "id_ed25519",
    ".npmrc",
    ".netrc",
    ".ssh",
    ".aws",
];
const PRIVATE_ENDINGS: &[&str] = &[".pem", ".key", ".p12", ".pfx", ".bak", ".orig", ".swp", ".sqlite", ".kdbx"];

/// What must hold for any site before anybody sees it.
fn sound(files: &[LocalFile]) -> Result<(), Stop> {
    if !files.iter().any(|file| file.path == "index.html") {
        return Err(Stop::guard(
            "書き出したサイトに index.html がありません。「heartnet build」をやりなおしてください。",
            "the built site has no index.html; build it again",
        ));
    }
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for file in files {
        let private = file.path.split('/').find(|part| {
            let lower = part.to_ascii_lowercase();
            PRIVATE.iter().any(|name| *part == *name || lower.starts_with(".env."))
                || PRIVATE_ENDINGS.iter().any(|ending| lower.ends_with(ending))
        });
        if private.is_some() {
            return Err(Stop::guard(
                format!(
                    "{} は、公開してはいけないファイルのようです。サイトから外してください（static/ か assets/ にありませんか）。",
                    file.path
                ),
                format!("{} looks like a file that must not be published", file.path),
            ));
        }
        // Hosts on Windows or macOS take names for the same that differ in case or in how が is composed.
        let plain: String = file.path.nfc().flat_map(char::to_lowercase).collect();
        if let Some(other) = seen.insert(plain, &file.path) {
            return Err(Stop::guard(
                format!(
                    "{other} と {} は、公開先によっては同じ名前になります。どちらかの名前を変えてください。",
                    file.path
                ),
                format!("{other} and {} are the same name to some hosts", file.path),
            ));
        }
    }
    Ok(())
}

/// How keys begin, how many letters, digits, `_` and `-` follow at least, and what they are.
const KEYS: &[(&[u8], usize, &str)] = &[
    (b"AKIA", 16, "AWS のキー"),
    (b"ASIA", 16, "AWS のキー"),
    (b"ghp_", 36, "GitHub のトークン"),
    (b"gho_", 36, "GitHub のトークン"),
    (b"ghs_", 36, "GitHub のトークン"),
    (b"github_pat_", 40, "GitHub のトークン"),
    (b"glpat-", 20, "GitLab のトークン"),
    (b"xoxb-", 20, "Slack のトークン"),
    (b"xoxp-", 20, "Slack のトークン"),
    (b"sk_live_", 20, "Stripe のキー"),
];

/// Whether a text holds what looks like a key.
pub fn secret(content: &[u8]) -> Option<&'static str> {
    let part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    memchr::memmem::find(content, b"PRIVATE KEY-----").map(|_| "秘密鍵").or_else(|| {
        KEYS.iter().find_map(|(start, length, what)| {
            let mut found = memchr::memmem::find_iter(content, start);
            let is_key = |at: usize| {
                let rest = content.get(at + start.len()..).unwrap_or_default();
                let alone = at.checked_sub(1).and_then(|before| content.get(before)).is_none_or(|before| !part(before));
                alone && rest.iter().take_while(|byte| part(byte)).count() >= *length
            };
            found.any(is_key).then_some(*what)
        })
    })
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    #[test]
    fn what_must_not_be_seen_is_not_published() {
        let site = |names: &[&str]| {
            let folder = tempfile::tempdir().expect("a folder");
            for name in names {
                let path = folder.path().join(name);
                fs::create_dir_all(path.parent().expect("above")).expect("folder");
                fs::write(path, name).expect("file");
            }
            read(folder.path(), true).map(|files| files.len()).map_err(|stop| (stop.status, stop.ja))
        };
        assert_eq!(site(&["index.html", "a/ガイド.html", ".heartnet/x"]).ok(), Some(2));
        for names in [
            &["a.html"][..],
            &["index.html", ".env"],
            &["index.html", "a/.git/config"],
            &["index.html", "keys/site.PEM"],
            &["index.html", "A.html", "a.html"],
            &["index.html", "ガ.html", "カ\u{3099}.html"],
        ] {
            assert_eq!(site(names).map_err(|(status, _)| status), Err(4), "{names:?}");
        }
        assert_eq!(secret(b"x AKIAABCDEFGHIJKLMNOP y"), Some("AWS のキー"));
        assert_eq!(secret(b"-----BEGIN RSA PRIVATE KEY-----"), Some("秘密鍵"));
        assert_eq!(secret(format!("token: github_pat_{}", "a1_".repeat(20)).as_bytes()), Some("GitHub のトークン"));
        assert_eq!(secret(b"glpat-0123456789abcdefghij"), Some("GitLab のトークン"));
        // A long word of base64 is no key.
        assert_eq!(secret(format!("{}AKIAABCDEFGHIJKLMNOP", "x".repeat(40)).as_bytes()), None);
        assert_eq!(secret("AKIAは文字".as_bytes()), None);
    }
}
