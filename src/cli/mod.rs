//! The command line: flags become plain data, the library is called, results are printed.
//!
//! Exit status: 0 done, 1 the content or the operation failed, 2 the command line or `heartnet.yaml`
//! is wrong; `deploy` has more (docs/koukai.md). Problems go to stderr, results to stdout.

mod args;
mod build;
mod check;
mod deploy;
mod explain;
mod init;
mod new;
mod order;
mod output;
mod photos;
mod schedule;
mod schema;
mod serve;

use crate::diagnostic::{Diagnostic, Lang};
use crate::source::settings;
use output::Terminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What went wrong decides the exit status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Status {
    Done,
    Failed,
    Usage,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        match status {
            Status::Done => Self::SUCCESS,
            Status::Failed => Self::from(1),
            Status::Usage => Self::from(2),
        }
    }
}

/// Runs the program.
pub fn main() -> ExitCode {
    let arguments = args::asked_for_help(std::env::args_os().collect());
    let lang = args::language(&arguments, |name| std::env::var(name).ok());
    let terminal = Terminal::new(lang);
    let matches = match args::command(lang).try_get_matches_from(arguments) {
        Ok(matches) => matches,
        Err(error) => return args::refuse(&error, &terminal).into(),
    };
    let status = match matches.subcommand() {
        Some(("init", matches)) => init::run(matches, &terminal),
        Some(("new", matches)) => new::run(matches, &terminal),
        Some(("check", matches)) => check::run(matches, &terminal),
        Some(("photos", matches)) => photos::run(matches, &terminal),
        Some(("build", matches)) => build::run(matches, &terminal),
        Some(("serve", matches)) => serve::run(matches, &terminal),
        Some(("deploy", matches)) => return deploy::run(matches, &terminal).into(),
        Some(("order", matches)) => order::run(matches, &terminal),
        Some(("schema", matches)) => schema::run(matches, &terminal),
        Some(("schedule", matches)) => schedule::run(matches, &terminal),
        Some(("explain", matches)) => explain::run(matches, &terminal),
        Some(("completions", matches)) => args::completions(matches, &terminal),
        _ => Status::Usage,
    };
    status.into()
}

/// The site's folder, or the way out when there is none.
fn root(matches: &clap::ArgMatches, terminal: &Terminal) -> Result<PathBuf, Status> {
    let given = matches.get_one::<PathBuf>("root").map(PathBuf::as_path);
    let here = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."));
    settings::find_root(given, &here).map_err(|problem| {
        terminal.problem(&problem);
        Status::Usage
    })
}

/// A message in the language of the terminal.
fn say(lang: Lang, ja: String, en: String) -> String {
    match lang {
        Lang::Ja => ja,
        Lang::En => en,
    }
}

/// A path as people type it: below the working folder where it is.
fn shown(path: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    path.strip_prefix(&here).unwrap_or(path).display().to_string()
}

/// A problem that belongs to no file.
fn loose(problem: crate::diagnostic::Problem) -> Diagnostic {
    Diagnostic::of_file("", problem)
}
