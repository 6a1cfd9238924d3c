//! The only place that prints.

use super::say;
use crate::diagnostic::{Diagnostic, Lang, render_github, render_gitlab, render_json, render_text};
use std::io::{IsTerminal as _, Write as _};

/// Standard output and standard error, and how to talk there.
pub(super) struct Terminal {
    pub lang: Lang,
    colour: bool,
}

/// How problems are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Text,
    Json,
    Github,
    Gitlab,
}

impl Terminal {
    pub(super) fn new(lang: Lang) -> Self {
        let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self { lang, colour: !plain && std::io::stderr().is_terminal() }
    }

    /// A result. A reader that went away is no failure of ours.
    pub(super) fn result(&self, text: &str) {
        let _ = writeln!(std::io::stdout().lock(), "{text}");
    }

    /// Everything that is not a result.
    pub(super) fn note(&self, text: &str) {
        let _ = writeln!(std::io::stderr().lock(), "{text}");
    }

    /// One problem, for people.
    pub(super) fn problem(&self, problem: &Diagnostic) {
        self.note(&render_text(problem, self.lang, self.colour));
    }

    /// Problems in a format; what programs read goes to stdout.
    pub(super) fn problems(&self, problems: &[Diagnostic], format: Format) {
        match format {
            Format::Text => problems.iter().for_each(|problem| self.problem(problem)),
            Format::Json => problems.iter().for_each(|problem| self.result(&render_json(problem, self.lang))),
            Format::Github => problems.iter().for_each(|problem| self.result(&render_github(problem, self.lang))),
            Format::Gitlab => self.result(&render_gitlab(problems, self.lang)),
        }
    }

    /// 「エラー2件、警告1件」
    pub(super) fn counts(&self, errors: usize, warnings: usize) -> String {
        say(self.lang, format!("エラー {errors}件・警告 {warnings}件"), format!("{errors} errors, {warnings} warnings"))
    }
}
