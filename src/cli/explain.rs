//! `heartnet explain CODE`

use super::output::Terminal;
use super::{Status, say};
use crate::diagnostic::code_table;
use clap::ArgMatches;

pub(super) fn run(matches: &ArgMatches, terminal: &Terminal) -> Status {
    let code = matches.get_one::<String>("code").map_or(String::new(), |code| code.trim().to_uppercase());
    match code_table().into_iter().find(|info| info.code == code) {
        Some(info) => {
            terminal.result(&info.section());
            Status::Done
        }
        None => {
            terminal.note(&say(
                terminal.lang,
                format!("「{code}」という番号はありません。番号は HN0201 のような形です。"),
                format!("there is no code `{code}`; codes look like HN0201"),
            ));
            Status::Usage
        }
    }
}
