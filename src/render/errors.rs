//! tera's errors as our own problems: its carets do not know full-width characters.

use super::theme::Template;
use crate::diagnostic::{Diagnostic, Position, Problem, Span};
use std::collections::BTreeMap;
use tera::ErrorKind;

type Templates = BTreeMap<String, Template>;

/// A template that cannot be read.
pub(super) fn syntax(error: &tera::Error, templates: &Templates) -> Diagnostic {
    place(error, templates, |what| Problem::TemplateSyntax { what })
}

/// A template that failed on a page.
pub(super) fn rendering(error: &tera::Error, templates: &Templates, address: &str) -> Diagnostic {
    place(error, templates, |what| Problem::TemplateFailed { page: address.to_owned(), what })
}

fn place(error: &tera::Error, templates: &Templates, problem: impl Fn(String) -> Problem) -> Diagnostic {
    let (ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report)) = error.kind() else {
        return Diagnostic::of_file("templates/", problem(error.to_string()));
    };
    let span = report.span();
    let template = templates.get(report.filename());
    let file = template.map_or_else(|| report.filename().to_owned(), |template| template.file.clone());
    let line_text =
        template.and_then(|template| template.text.lines().nth(span.start_line.saturating_sub(1))).map(str::to_owned);
    Diagnostic {
        problem: problem(report.message().to_owned()),
        file,
        span: Some(Span {
            start: Position { line: span.start_line, column: span.start_col + 1 },
            end: Position { line: span.end_line, column: span.end_col + 1 },
        }),
        line_text,
    }
}
