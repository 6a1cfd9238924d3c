//! `heartnet new KIND ID`

use super::output::Terminal;
use super::{Status, loose, root, say, shown};
use crate::diagnostic::Problem;
use crate::model::{Day, Kind};
use crate::schema::skeleton;
use crate::source::{self, AnyEntry, settings};
use clap::ArgMatches;
use std::path::Path;

pub(super) fn run(matches: &ArgMatches, terminal: &Terminal) -> Status {
    let Some(kind) = matches.get_one::<String>("kind").and_then(|word| Kind::parse(word)) else { return Status::Usage };
    let id = matches.get_one::<String>("id").map_or("", String::as_str);
    if let Some(problem) = source::check_id(id) {
        terminal.problem(&loose(problem));
        return Status::Usage;
    }
    let root = match root(matches, terminal) {
        Ok(root) => root,
        Err(status) => return status,
    };
    let sources = source::read(&root, source::Earlier::None);
    let taken = sources.entries.iter().find(|entry| entry.kind() == kind && entry.id() == id).map(AnyEntry::file);
    let path = root.join("content").join(kind.folder()).join(format!("{id}.md"));
    let taken = taken.map(str::to_owned).or_else(|| path.exists().then(|| shown(&path)));
    if let Some(file) = taken {
        terminal.problem(&loose(Problem::AlreadyThere {
            id: id.to_owned(),
            kind: kind.label().to_owned(),
            kind_en: kind.word().to_owned(),
            file,
        }));
        return Status::Failed;
    }
    let today = settings::read(&root).0.map(|settings| settings.today());
    let text = match today.or_else(|| Day::new(2026, 4, 1)) {
        Some(today) => {
            let title = matches.get_one::<String>("title").map(String::as_str);
            skeleton(kind, title, &sources.vocabulary, today)
        }
        None => return Status::Failed,
    };
    if let Err(error) = write(&path, &text) {
        let problem = Problem::CannotWrite { path: shown(&path), why: source::in_words(&error) };
        terminal.problem(&loose(problem));
        return Status::Failed;
    }
    terminal.result(&shown(&path));
    terminal.note(&say(
        terminal.lang,
        format!("{}のひな型をつくりました。「必須」の行を埋めて「heartnet check」で確かめてください。", kind.label()),
        "made the entry; fill in the lines marked 必須, then run `heartnet check`".to_owned(),
    ));
    Status::Done
}

fn write(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    use std::io::Write as _;
    std::fs::File::create_new(path)?.write_all(text.as_bytes())
}
