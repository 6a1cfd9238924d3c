//! The renderings of a problem: for people, for programs, for GitHub and GitLab.

use super::{Diagnostic, Lang, Severity};
use serde::Serialize;
use std::fmt::Write as _;
use unicode_width::UnicodeWidthChar;

/// For people at a terminal: head, place, the line with the value underlined, the fix.
///
/// Columns under the line are display columns: a kanji takes two, and a tab is shown as blanks.
pub fn render_text(diagnostic: &Diagnostic, lang: Lang, colour: bool) -> String {
    let paint = |code: &str, text: &str| if colour { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() };
    let strong = match diagnostic.severity() {
        Severity::Error => "1;31",
        Severity::Warning => "1;33",
    };
    let mut out = String::new();
    let head = format!("{}[{}]", diagnostic.severity().as_str(), diagnostic.problem.code());
    let _ = writeln!(out, "{}: {}", paint(strong, &head), paint("1", &one_line(&diagnostic.problem.message(lang))));
    match diagnostic.span {
        None => {
            if !diagnostic.file.is_empty() {
                let _ = writeln!(out, "  {} {}", paint("34", "-->"), diagnostic.file);
            }
        }
        Some(span) => {
            let number = span.start.line.to_string();
            let pad = " ".repeat(number.len());
            let (line, column) = (span.start.line, span.start.column);
            let _ = writeln!(out, "{pad} {} {}:{line}:{column}", paint("34", "-->"), diagnostic.file);
            if let Some(text) = &diagnostic.line_text {
                let bar = paint("34", "|");
                let end = (span.end.line == line).then_some(span.end.column);
                let (shown, before, marked) = window(text, column, end);
                let _ = writeln!(out, "{pad} {bar}");
                let _ = writeln!(out, "{} {bar} {shown}", paint("34", &number));
                let _ = writeln!(out, "{pad} {bar} {}{}", " ".repeat(before), paint(strong, &"^".repeat(marked)));
            }
        }
    }
    if let Some(help) = diagnostic.problem.help(lang) {
        let label = match lang {
            Lang::Ja => "直し方",
            Lang::En => "help",
        };
        let _ = writeln!(out, "  {} {}: {}", paint("34", "="), paint("1;32", label), one_line(&help));
    }
    out
}

/// What stands before the marked value, at most this many display columns of it, so that a line of
/// many kilobytes does not fill the screen.
const BEFORE: usize = 60;
const MARKED: usize = 100;
const AFTER: usize = 40;

/// The line cut to what matters, the display columns before the mark, and those of the mark.
fn window(text: &str, column: usize, end: Option<usize>) -> (String, usize, usize) {
    let cells: Vec<(String, usize)> = text.chars().map(cell).collect();
    let start = (column - 1).min(cells.len());
    let stop = end.map_or(cells.len(), |end| (end - 1).clamp(start, cells.len()));
    let mut first = start;
    let mut before = 0;
    while first > 0 && before + cells[first - 1].1 <= BEFORE {
        first -= 1;
        before += cells[first].1;
    }
    let mut shown = String::new();
    if first > 0 {
        shown.push('…');
        before += 1;
    }
    let mut last = first;
    let mut marked = 0;
    let mut after = 0;
    for (index, (text, width)) in cells.iter().enumerate().skip(first) {
        let (limit, so_far) = if index < start {
            (usize::MAX, 0)
        } else if index < stop {
            marked += width;
            (MARKED, marked)
        } else {
            after += width;
            (AFTER, after)
        };
        if so_far > limit {
            break;
        }
        shown.push_str(text);
        last = index + 1;
    }
    if last < cells.len() {
        shown.push('…');
    }
    (shown, before, marked.clamp(1, MARKED))
}

/// One character as it is shown, and its display columns.
fn cell(c: char) -> (String, usize) {
    match c {
        '\t' => ("    ".to_owned(), 4),
        c if c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') => ("�".to_owned(), 1),
        c => (c.to_string(), c.width().unwrap_or(0)),
    }
}

/// No terminal control or line break out of content gets into a message.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[derive(Serialize)]
struct Row<'a> {
    code: &'a str,
    severity: &'a str,
    file: &'a str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    message: String,
    help: Option<String>,
}

/// For programs: one JSON object, without the line break.
pub fn render_json(diagnostic: &Diagnostic, lang: Lang) -> String {
    let (start, end) = ends(diagnostic);
    let row = Row {
        code: diagnostic.problem.code(),
        severity: diagnostic.severity().as_str(),
        file: &diagnostic.file,
        line: start.line,
        column: start.column,
        end_line: end.line,
        end_column: end.column,
        message: diagnostic.problem.message(lang),
        help: diagnostic.problem.help(lang),
    };
    serde_json::to_string(&row).unwrap_or_default()
}

fn ends(diagnostic: &Diagnostic) -> (super::Position, super::Position) {
    let top = super::Position { line: 1, column: 1 };
    diagnostic.span.map_or((top, top), |span| (span.start, span.end))
}

/// A GitHub workflow command: the problem is shown beside the line of a pull request.
pub fn render_github(diagnostic: &Diagnostic, lang: Lang) -> String {
    let (start, _) = ends(diagnostic);
    let mut message = diagnostic.problem.message(lang);
    if let Some(help) = diagnostic.problem.help(lang) {
        message.push('\n');
        message.push_str(&help);
    }
    format!(
        "::{} file={},line={},col={},title={}::{}",
        diagnostic.severity().as_str(),
        escape_property(&diagnostic.file),
        start.line,
        start.column,
        diagnostic.problem.code(),
        escape_data(&message),
    )
}

#[derive(Serialize)]
struct Finding<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: String,
    severity: &'a str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
}

/// GitLab's code quality report: all problems in one list.
pub fn render_gitlab(diagnostics: &[Diagnostic], lang: Lang) -> String {
    let findings: Vec<Finding<'_>> = diagnostics.iter().map(|diagnostic| finding(diagnostic, lang)).collect();
    serde_json::to_string_pretty(&findings).unwrap_or_default()
}

fn finding(diagnostic: &Diagnostic, lang: Lang) -> Finding<'_> {
    let message = diagnostic.problem.message(lang);
    let code = diagnostic.problem.code();
    // The same problem keeps its name when lines above it come and go.
    let mark = blake3::hash(format!("{code}\n{}\n{message}", diagnostic.file).as_bytes()).to_hex();
    let help = diagnostic.problem.help(lang).map(|help| format!(" {help}")).unwrap_or_default();
    Finding {
        description: format!("{}{}", one_line(&message), one_line(&help)),
        check_name: code,
        fingerprint: mark.to_string(),
        severity: match diagnostic.severity() {
            Severity::Error => "major",
            Severity::Warning => "minor",
        },
        location: Location { path: &diagnostic.file, lines: Lines { begin: ends(diagnostic).0.line } },
    }
}

fn escape_data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn escape_property(text: &str) -> String {
    escape_data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Problem;

    fn sample() -> Diagnostic {
        let text = "name: クッキー\nprice: 千円 # 税込\n";
        let at = text.find('千').unwrap_or(0);
        Diagnostic::at("content/a.md", text, at..at + 6, Problem::NotANumber { found: "千円".into() })
    }

    #[test]
    fn a_kanji_takes_two_columns() {
        let text = render_text(&sample(), Lang::Ja, false);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[1], "  --> content/a.md:2:8");
        assert_eq!(lines[3], "2 | price: 千円 # 税込");
        assert_eq!(lines[4], "  |        ^^^^");
    }

    #[test]
    fn a_long_line_is_cut_around_the_mark() {
        let text = format!("net: {}", "あ".repeat(5000));
        let d = Diagnostic::at("a.md", &text, 5..text.len(), Problem::NotANumber { found: "あ".into() });
        for line in render_text(&d, Lang::Ja, false).lines() {
            assert!(line.chars().count() < 200, "{line}");
        }
    }

    #[test]
    fn github_properties_are_escaped() {
        let mut d = sample();
        d.file = "a,b:c%.md".into();
        let line = render_github(&d, Lang::Ja);
        assert!(line.starts_with("::error file=a%2Cb%3Ac%25.md,line=2,col=8,"), "{line}");
        assert!(!line.contains('\n'));
    }

    #[test]
    fn json_has_every_key_of_the_contract() {
        let value: serde_json::Value = serde_json::from_str(&render_json(&sample(), Lang::Ja)).unwrap_or_default();
        for key in ["code", "severity", "file", "line", "column", "end_line", "end_column", "message", "help"] {
            assert!(value.get(key).is_some(), "{key}");
        }
    }
}
