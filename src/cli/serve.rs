//! `heartnet serve`

use super::output::{Format, Terminal};
use super::{Status, root, say};
use crate::build::Options;
use crate::diagnostic::{self, Diagnostic, Problem};
use crate::model::Day;
use crate::serve::{self, Event};
use clap::ArgMatches;
use std::io;

pub(super) fn run(matches: &ArgMatches, terminal: &Terminal) -> Status {
    let root = match root(matches, terminal) {
        Ok(root) => root,
        Err(status) => return status,
    };
    let options = Options {
        as_of: matches.get_one::<Day>("as-of").copied(),
        drafts: matches.get_flag("drafts"),
        base_url: matches.get_one::<String>("base-url").cloned(),
        ..Options::default()
    };
    let port = matches.get_one::<u16>("port").copied();
    let teller = *terminal;
    let tell = Box::new(move |event: Event<'_>| told(&event, &teller));
    match serve::serve(&root, &options, port, matches.get_flag("poll"), tell) {
        Ok(()) => Status::Done,
        Err(error) => {
            let why = match (error.kind(), port) {
                (io::ErrorKind::AddrInUse, Some(port)) => say(
                    terminal.lang,
                    format!(
                        "ポート {port} は、ほかのソフトが使っています。--port をつけなければ、空いているポートを探します"
                    ),
                    format!("port {port} is taken; without --port a free one is looked for"),
                ),
                (io::ErrorKind::AddrInUse, None) => {
                    let (first, last) = (serve::PORT, serve::PORT + serve::PORTS - 1);
                    say(
                        terminal.lang,
                        format!(
                            "ポート {first} から {last} までは、みなほかのソフトが使っています。--port で、ほかの番号を書いてください"
                        ),
                        format!("ports {first} to {last} are all taken; name another one with --port"),
                    )
                }
                _ => crate::source::in_words(&error),
            };
            terminal.problem(&Diagnostic::of_file("", Problem::CannotServe { why }));
            Status::Failed
        }
    }
}

fn told(event: &Event<'_>, terminal: &Terminal) {
    match event {
        Event::Ready(address, taken, polls) => {
            if let Some(port) = taken {
                terminal.note(&say(
                    terminal.lang,
                    format!("ポート {port} は使われているので、ほかのポートにしました。"),
                    format!("port {port} is taken, so another one is used"),
                ));
            }
            if *polls {
                terminal.note(&say(
                    terminal.lang,
                    "この場所では変更の知らせが届かないので、0.5秒ごとに見にいきます。".to_owned(),
                    "changes are looked for every half second".to_owned(),
                ));
            }
            terminal.result(&say(
                terminal.lang,
                format!("{address} で見られます。止めるときは Ctrl+C です。"),
                format!("{address} (Ctrl+C ends it)"),
            ));
        }
        Event::Read(took, paths, problems) => {
            let failed = diagnostic::has_errors(problems);
            if failed {
                terminal.problems(problems, Format::Text);
            }
            let what = paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join("、");
            if !what.is_empty() {
                let seconds = format!("{:.3}", took.as_secs_f64());
                terminal.note(&match failed {
                    true => say(
                        terminal.lang,
                        format!("{what}: エラーがあるので、前のページのままです。"),
                        format!("{what}: there are errors, the pages stay as they were"),
                    ),
                    false => say(
                        terminal.lang,
                        format!("{what}: {seconds}秒で読みました。"),
                        format!("{what}: read in {seconds} s"),
                    ),
                });
            }
        }
        Event::Failed(problem) => terminal.problem(problem),
    }
}
