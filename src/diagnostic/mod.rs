//! A problem, its permanent code, its text in two languages, and its three renderings.
//!
//! Every kind of problem is a variant of [`Problem`]. The variant holds the facts; the words
//! (Japanese first, English beside it) stand in one table in `problem.rs`, so that they can be
//! read through and kept in one voice. The reference page in `docs/` comes from the same table.

mod problem;
mod render;

pub use problem::{CodeInfo, Problem, code_table, reference_page};
pub use render::{render_github, render_gitlab, render_json, render_text};

use serde::{Deserialize, Serialize};

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The site is not built.
    Error,
    /// The site is built; somebody should look.
    Warning,
}

impl Severity {
    /// The word in every rendering and in the contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// The language of messages (not of the site).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    /// Japanese, the default.
    #[default]
    Ja,
    /// English.
    En,
}

/// A place in a file: lines and columns count from 1, columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// A stretch of text; the end is exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    /// First character.
    pub start: Position,
    /// One behind the last character.
    pub end: Position,
}

impl Span {
    /// The span of a byte range of a text.
    pub fn of_bytes(text: &str, range: std::ops::Range<usize>) -> Self {
        Self { start: position(text, range.start), end: position(text, range.end) }
    }
}

fn position(text: &str, byte: usize) -> Position {
    let mut byte = byte.min(text.len());
    while !text.is_char_boundary(byte) {
        byte -= 1;
    }
    let before = &text[..byte];
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    Position { line: before.matches('\n').count() + 1, column: before[line_start..].chars().count() + 1 }
}

/// A problem with its place, ready to be shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// What is wrong.
    pub problem: Problem,
    /// The file, relative to the site's folder, with `/`.
    pub file: String,
    /// Where in the file; `None` when it is about the file as a whole.
    pub span: Option<Span>,
    /// The first line of the span, as it stands in the file.
    pub line_text: Option<String>,
}

impl Diagnostic {
    /// The photo whose consent has run out, if that is it.
    pub fn expired_photo(&self) -> Option<String> {
        match &self.problem {
            Problem::ConsentExpired { file, .. } => Some(file.clone()),
            _ => None,
        }
    }

    /// A problem of a file as a whole.
    pub fn of_file(file: impl Into<String>, problem: Problem) -> Self {
        Self { problem, file: file.into(), span: None, line_text: None }
    }

    /// A problem at a byte range of a text.
    pub fn at(file: impl Into<String>, text: &str, range: std::ops::Range<usize>, problem: Problem) -> Self {
        let span = Span::of_bytes(text, range);
        let line = text.lines().nth(span.start.line - 1);
        // What must not stand in a file must not stand in a log either.
        let shows =
            |line: &&str| !matches!(problem, Problem::BadTarget { .. }) || !crate::source::targets::holds_secret(line);
        let line_text = line.filter(shows).map(str::to_owned);
        Self { problem, file: file.into(), span: Some(span), line_text }
    }

    /// Error or warning.
    pub fn severity(&self) -> Severity {
        self.problem.severity()
    }

    fn sort_key(&self) -> (&str, Option<Span>, &'static str) {
        (&self.file, self.span, self.problem.code())
    }
}

/// Problems in the order of files and lines, each once.
pub fn sort(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by(|a, b| {
        a.sort_key().cmp(&b.sort_key()).then_with(|| a.problem.message(Lang::Ja).cmp(&b.problem.message(Lang::Ja)))
    });
    diagnostics.dedup();
}

/// Whether any of them is an error.
pub fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|d| d.severity() == Severity::Error)
}

/// A question in front of a hint, in Japanese and in English: what was meant, where a known word is near enough.
pub fn meant<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> (String, String) {
    let near = nearest(written, known);
    near.map(|near| (format!("「{near}」のことですか？ "), format!("did you mean `{near}`? "))).unwrap_or_default()
}

/// The known word nearest to what was written, if it is near enough to be what was meant.
pub fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let folded = crate::model::text::fold(written);
    let length = folded.chars().count();
    let mut best: Option<(usize, &str)> = None;
    for word in known {
        let candidate = crate::model::text::fold(word);
        let distance = if candidate == folded { 0 } else { distance(&folded, &candidate) };
        let longest = length.max(candidate.chars().count());
        let contained = length >= 2 && (candidate.contains(&folded) || folded.contains(&candidate));
        let shortened = length >= 3 && is_subsequence(&folded, &candidate);
        let near = distance * 3 <= longest
            || (distance == 1 && longest >= 2)
            || ((contained || shortened) && distance * 2 <= longest);
        if near && best.is_none_or(|(found, _)| distance < found) {
            best = Some((distance, word));
        }
    }
    best.map(|(_, word)| word)
}

/// Whether the letters of one word stand in another in the same order: 就労継続B in 就労継続支援B型.
fn is_subsequence(short: &str, long: &str) -> bool {
    let mut rest = long.chars();
    short.chars().all(|c| rest.any(|found| found == c))
}

/// Edits between two words: insertion, deletion, replacement, and two neighbours swapped.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().take(64).collect(), b.chars().take(64).collect());
    let width = b.len() + 1;
    let mut table = vec![0usize; (a.len() + 1) * width];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            table[i * width + j] = if i == 0 {
                j
            } else if j == 0 {
                i
            } else {
                let change = usize::from(a[i - 1] != b[j - 1]);
                let mut least = (table[(i - 1) * width + j] + 1)
                    .min(table[i * width + j - 1] + 1)
                    .min(table[(i - 1) * width + j - 1] + change);
                if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                    least = least.min(table[(i - 2) * width + j - 2] + 1);
                }
                least
            };
        }
    }
    table[a.len() * width + b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_misses_are_found_and_far_ones_are_not() {
        assert_eq!(nearest("prise", ["name", "price", "unit"]), Some("price"));
        assert_eq!(nearest("焼菓子", ["パン", "焼き菓子"]), Some("焼き菓子"));
        assert_eq!(nearest("就労継続B", ["就労移行支援", "就労継続支援B型"]), Some("就労継続支援B型"));
        assert_eq!(nearest("kukki", ["cookie", "tray"]), None);
        assert_eq!(nearest("ＰＲＩＣＥ", ["price"]), Some("price"));
    }

    #[test]
    fn columns_count_characters() {
        let text = "a: 1\nprice: 千円\n";
        let at = text.find('千').unwrap_or(0);
        let span = Span::of_bytes(text, at..at + 6);
        assert_eq!((span.start.line, span.start.column, span.end.column), (2, 8, 10));
    }
}
