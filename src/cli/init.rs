//! `heartnet init DIR`

use super::output::Terminal;
use super::{Status, loose, say, shown};
use crate::diagnostic::Problem;
use crate::model::Day;
use crate::source::in_words;
use clap::ArgMatches;
use include_dir::{Dir, include_dir};
use jiff::{Timestamp, ToSpan as _, tz};
use std::path::{Path, PathBuf};

/// A small working site: settings, words, one entry of each kind, a CI workflow.
static STARTER: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/src/cli/starter");

pub(super) fn run(matches: &ArgMatches, terminal: &Terminal) -> Status {
    let Some(dir) = matches.get_one::<PathBuf>("dir") else { return Status::Usage };
    let empty = match std::fs::read_dir(dir) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) => error.kind() == std::io::ErrorKind::NotFound,
    };
    if !empty {
        let problem = Problem::FolderNotEmpty { folder: dir.display().to_string() };
        terminal.problem(&loose(problem));
        return Status::Failed;
    }
    let today = Timestamp::now().to_zoned(tz::TimeZone::fixed(tz::Offset::constant(9))).date();
    let soon = today.saturating_add(60.days());
    match write(dir, Day(today), Day(soon)) {
        Ok(()) => {
            let name = shown(dir);
            terminal.result(&name);
            terminal.note(&say(
                terminal.lang,
                format!("サイトのひな型をつくりました。次は「heartnet build --root {name}」で {name}/public に書き出せます。"),
                format!("made a site; `heartnet build --root {name}` writes it to {name}/public"),
            ));
            Status::Done
        }
        Err((path, error)) => {
            let problem = Problem::CannotWrite { path: path.display().to_string(), why: in_words(&error) };
            terminal.problem(&loose(problem));
            Status::Failed
        }
    }
}

fn write(dir: &Path, today: Day, soon: Day) -> Result<(), (PathBuf, std::io::Error)> {
    let mut folders = vec![&STARTER];
    while let Some(folder) = folders.pop() {
        folders.extend(folder.dirs());
        for file in folder.files() {
            // `dot-` stands for a leading dot, which packaging tools like to leave out.
            let name: PathBuf = file
                .path()
                .iter()
                .map(|part| {
                    part.to_string_lossy().strip_prefix("dot-").map_or(part.into(), |rest| format!(".{rest}").into())
                })
                .collect::<Vec<std::ffi::OsString>>()
                .iter()
                .collect();
            let text = file.contents_utf8().unwrap_or_default();
            let text = text.replace("@TODAY@", &today.to_string()).replace("@SOON@", &soon.to_string());
            let path = dir.join(name);
            let made = path.parent().map_or(Ok(()), std::fs::create_dir_all);
            made.and_then(|()| std::fs::write(&path, text)).map_err(|error| (path, error))?;
        }
    }
    Ok(())
}
