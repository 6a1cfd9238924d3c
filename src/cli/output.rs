//! The only place that prints.

use super::say;
use crate::deploy::Stop;
use crate::diagnostic::{Diagnostic, Lang, render_github, render_gitlab, render_json, render_text};
use std::io::{IsTerminal as _, Write as _};

/// Standard output and standard error, and how to talk there.
#[derive(Clone, Copy)]
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

    /// Whether a person is looking.
    pub(super) fn is_live(&self) -> bool {
        std::io::stderr().is_terminal()
    }

    /// How much of it is done.
    pub(super) fn bar(done: u64, of: u64) -> String {
        let filled = done * 20 / of.max(1);
        (0..20).map(|at| if at < filled { '#' } else { '.' }).collect()
    }

    /// A line that takes the place of the one before; nothing where nobody is looking.
    pub(super) fn in_place(&self, text: &str) {
        if self.is_live() {
            let mut out = std::io::stderr().lock();
            let _ = write!(out, "\r\x1b[2K{text}");
            let _ = out.flush();
        }
    }

    /// Asks before something that others will see. Where nobody can answer, it must have been said beforehand.
    pub(super) fn confirm(&self, question: &str) -> Result<bool, Stop> {
        if !(std::io::stdin().is_terminal() && self.is_live()) {
            return Err(Stop {
                status: 2,
                ja: "ここではたずねられないので、公開してよければ「--yes」をつけてください。".to_owned(),
                en: "nobody can be asked here; add --yes to publish".to_owned(),
            });
        }
        let _ = write!(std::io::stderr().lock(), "{question} [y/N] ");
        let mut answer = String::new();
        let _ = std::io::stdin().read_line(&mut answer);
        let answer = answer.trim().to_lowercase();
        Ok(matches!(answer.as_str(), "y" | "yes" | "ｙ" | "はい"))
    }

    /// 「エラー2件、警告1件」
    pub(super) fn counts(&self, errors: usize, warnings: usize) -> String {
        say(self.lang, format!("エラー {errors}件・警告 {warnings}件"), format!("{errors} errors, {warnings} warnings"))
    }
}
