//! `heartnet check`

use super::output::{Format, Terminal};
use super::{Status, root, say};
use crate::build::{self, Options};
use crate::model::Day;
use clap::ArgMatches;

pub(super) fn run(matches: &ArgMatches, terminal: &Terminal) -> Status {
    let root = match root(matches, terminal) {
        Ok(root) => root,
        Err(status) => return status,
    };
    let format = match matches.get_one::<String>("format").map(String::as_str) {
        Some("json") => Format::Json,
        Some("github") => Format::Github,
        Some("gitlab") => Format::Gitlab,
        _ => Format::Text,
    };
    let options = Options {
        as_of: matches.get_one::<Day>("as-of").copied(),
        drafts: matches.get_flag("drafts"),
        ..Options::default()
    };
    let outcome = build::check(&root, &options);
    terminal.problems(&outcome.diagnostics, format);
    let (errors, warnings) = outcome.counts();
    let entries = outcome.entries;
    if format == Format::Text {
        terminal.note(&if errors + warnings > 0 {
            say(
                terminal.lang,
                format!("{}（記事 {entries}件を読みました）", terminal.counts(errors, warnings)),
                format!("{} in {entries} entries", terminal.counts(errors, warnings)),
            )
        } else {
            say(
                terminal.lang,
                format!("問題はありません（記事 {entries}件を読みました）。"),
                format!("no problems in {entries} entries"),
            )
        });
    }
    if outcome.settings_wrong {
        Status::Usage
    } else if errors > 0 || (warnings > 0 && matches.get_flag("strict")) {
        Status::Failed
    } else {
        Status::Done
    }
}
