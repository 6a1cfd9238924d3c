//! `heartnet schema KIND`

use super::Status;
use super::output::Terminal;
use crate::model::Kind;
use clap::ArgMatches;

pub(super) fn run(matches: &ArgMatches, terminal: &Terminal) -> Status {
    let Some(kind) = matches.get_one::<String>("kind").and_then(|word| Kind::parse(word)) else { return Status::Usage };
    let text = serde_json::to_string_pretty(&crate::schema::json_schema(kind)).unwrap_or_default();
    terminal.result(&text);
    Status::Done
}
