//! `heartnet init DIR`, and `heartnet init --ci NAME` for a site that is there.

use super::output::Terminal;
use super::{Status, loose, root, say, shown};
use crate::diagnostic::Problem;
use crate::model::Day;
use crate::source::{in_words, settings};
use clap::ArgMatches;
use include_dir::{Dir, include_dir};
use jiff::{Timestamp, ToSpan as _, tz};
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// A small working site: settings, words, one entry of each kind.
static STARTER: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/src/cli/starter");

/// Workflows, by service, and what several of them need.
static CI: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/src/cli/ci");

/// A service and the folders of [`CI`] that it needs. `script` brings the program and runs it; `hook` is for services
/// that build by themselves when a file changes, but know no clock.
pub(super) const SERVICES: &[(&str, &[&str])] = &[
    ("github", &["script", "github"]),
    ("gitlab", &["script", "gitlab"]),
    ("forgejo", &["script", "forgejo"]),
    ("cloudflare", &["script", "cloudflare", "hook"]),
    ("netlify", &["script", "netlify", "hook"]),
];

pub(super) fn run(matches: &ArgMatches, terminal: &Terminal) -> Status {
    let named: Vec<&str> = matches.get_many::<String>("ci").into_iter().flatten().map(String::as_str).collect();
    let dir = match matches.get_one::<PathBuf>("dir") {
        // A site is there: only what was asked for is added.
        Some(dir) if !named.is_empty() && dir.join(settings::FILE).is_file() => return add(dir, &named, terminal),
        Some(dir) => dir,
        None => match root(matches, terminal) {
            Ok(root) => return add(&root, &named, terminal),
            Err(status) => return status,
        },
    };
    let empty = match std::fs::read_dir(dir) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) => error.kind() == std::io::ErrorKind::NotFound,
    };
    if !empty {
        let problem = Problem::FolderNotEmpty { folder: dir.display().to_string() };
        terminal.problem(&loose(problem));
        return Status::Failed;
    }
    let named = if named.is_empty() { vec!["github"] } else { named };
    let made = std::iter::once(&STARTER).chain(folders(&named)).try_for_each(|folder| write(folder, dir).map(|_| ()));
    match made {
        Ok(()) => {
            let name = shown(dir);
            terminal.result(&name);
            terminal.note(&say(
                terminal.lang,
                format!("サイトのひな型をつくりました。「heartnet serve --root {name}」で、見ながら書けます。「heartnet build --root {name}」で {name}/public に書き出せます。"),
                format!("made a site; `heartnet serve --root {name}` shows it while you write, `heartnet build --root {name}` writes it to {name}/public"),
            ));
            Status::Done
        }
        Err(failure) => cannot_write(&failure, terminal),
    }
}

/// Workflows for a site that is there. What it has stays as it is.
fn add(dir: &Path, named: &[&str], terminal: &Terminal) -> Status {
    for folder in folders(named) {
        let written = match write(folder, dir) {
            Ok(written) => written,
            Err(failure) => return cannot_write(&failure, terminal),
        };
        for (path, new) in written {
            let name = shown(&path);
            match new {
                true => terminal.result(&name),
                false => terminal.note(&say(
                    terminal.lang,
                    format!("{name} は、もうあるので、そのままにしました。"),
                    format!("{name} is there already and was left as it is"),
                )),
            }
        }
    }
    terminal.note(&say(
        terminal.lang,
        "使う前に決めることは、それぞれのファイルのはじめに書いてあります。".to_owned(),
        "what to set before it works stands at the top of each file".to_owned(),
    ));
    Status::Done
}

/// The folders that the services need, each once.
fn folders(named: &[&str]) -> Vec<&'static Dir<'static>> {
    let mut names: Vec<&str> = Vec::new();
    for (_, parts) in SERVICES.iter().filter(|(service, _)| named.contains(service)) {
        names.extend(parts.iter().filter(|part| !names.contains(part)).collect::<Vec<_>>());
    }
    names.into_iter().filter_map(|name| CI.get_dir(name)).collect()
}

type Failure = (PathBuf, std::io::Error);

fn cannot_write((path, error): &Failure, terminal: &Terminal) -> Status {
    let problem = Problem::CannotWrite { path: path.display().to_string(), why: in_words(error) };
    terminal.problem(&loose(problem));
    Status::Failed
}

/// Writes what is in a folder of ours, and says of each file whether it is new; one that is there is left alone.
fn write(from: &'static Dir<'static>, dir: &Path) -> Result<Vec<(PathBuf, bool)>, Failure> {
    let today = Timestamp::now().to_zoned(tz::TimeZone::fixed(tz::Offset::constant(9))).date();
    let soon = today.saturating_add(60.days());
    let mut out = Vec::new();
    let mut folders = vec![from];
    while let Some(folder) = folders.pop() {
        folders.extend(folder.dirs());
        for file in folder.files() {
            // `dot-` stands for a leading dot, which packaging tools like to leave out.
            let name: PathBuf = file
                .path()
                .strip_prefix(from.path())
                .unwrap_or(file.path())
                .iter()
                .map(|part| {
                    part.to_string_lossy().strip_prefix("dot-").map_or(part.into(), |rest| format!(".{rest}").into())
                })
                .collect::<Vec<std::ffi::OsString>>()
                .iter()
                .collect();
            let text = file.contents_utf8().unwrap_or_default();
            let text = text
                .replace("@TODAY@", &Day(today).to_string())
                .replace("@SOON@", &Day(soon).to_string())
                .replace("@VERSION@", env!("CARGO_PKG_VERSION"));
            let path = dir.join(name);
            let made = path.parent().map_or(Ok(()), std::fs::create_dir_all);
            let done = made
                .and_then(|()| std::fs::File::create_new(&path))
                .and_then(|mut file| file.write_all(text.as_bytes()));
            match done {
                Ok(()) => out.push((path, true)),
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => out.push((path, false)),
                Err(error) => return Err((path, error)),
            }
        }
    }
    out.sort();
    Ok(out)
}
