//! tera's errors as our own problems: its carets do not know full-width characters.

use super::tags::{block, tags, word};
use super::theme::Template;
use crate::diagnostic::{Diagnostic, Position, Problem, Span};
use std::collections::BTreeMap;
use tera::ErrorKind;

type Templates = BTreeMap<String, Template>;

/// A template that cannot be read.
pub(super) fn syntax(error: &tera::Error, templates: &Templates) -> Diagnostic {
    let doubled = error.to_string().contains("is defined in both").then(|| doubled(templates)).flatten();
    doubled.unwrap_or_else(|| place(error, templates, |what| Problem::TemplateSyntax { what }))
}

/// The first component by name that two templates have, at its second place: tera says no place, and names any of them.
fn doubled(templates: &Templates) -> Option<Diagnostic> {
    let mut all: Vec<(&str, &str, usize)> = Vec::new();
    for (template, Template { text, .. }) in templates {
        for tag in tags(text).flatten() {
            let Some(inside) = text.get(tag.clone()).and_then(block) else { continue };
            if word(inside) == "component" {
                let name = inside.get("component".len()..)?.trim_start();
                let end = name.find(|c: char| c == '(' || c.is_whitespace())?;
                all.push((name.get(..end)?, template, tag.end - name.len()));
            }
        }
    }
    all.sort_unstable();
    let (first, second) = all.windows(2).find_map(|pair| match pair {
        [first, second] if first.0 == second.0 && first.1 != second.1 => Some((first, second)),
        _ => None,
    })?;
    let (name, template, at) = second;
    let what = format!("Component `{name}` is defined in both `{}` and `{template}`", first.1);
    let Template { file, text } = templates.get(*template)?;
    Some(Diagnostic::at(file, text, *at..at + name.len(), Problem::TemplateSyntax { what }))
}

/// A template that failed on a page.
pub(super) fn rendering(error: &tera::Error, templates: &Templates, address: &str) -> Diagnostic {
    place(error, templates, |what| Problem::TemplateFailed { page: address.to_owned(), what })
}

fn place(error: &tera::Error, templates: &Templates, problem: impl Fn(String) -> Problem) -> Diagnostic {
    let (ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report)) = error.kind() else {
        return from_text(&error.to_string(), templates, problem);
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

/// Some errors are only a text: the first line says what, a line `--> name:line:column` says where.
fn from_text(said: &str, templates: &Templates, problem: impl Fn(String) -> Problem) -> Diagnostic {
    let what = said.lines().next().unwrap_or_default().trim_start_matches("error:").trim();
    let place = said.lines().find_map(|line| line.trim().strip_prefix("-->")).map(str::trim);
    let found = place.and_then(|place| {
        let mut parts = place.rsplitn(3, ':');
        let column: usize = parts.next()?.parse().ok()?;
        let line: usize = parts.next()?.parse().ok()?;
        Some((templates.get(parts.next()?)?, line, column))
    });
    let Some((template, line, column)) = found else {
        return Diagnostic::of_file("templates/", problem(what.to_owned()));
    };
    let start = Position { line, column };
    Diagnostic {
        problem: problem(what.to_owned()),
        file: template.file.clone(),
        span: Some(Span { start, end: Position { line, column: column + 1 } }),
        line_text: template.text.lines().nth(line.saturating_sub(1)).map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_component_in_two_templates_is_told_at_the_second() {
        let template = |name: &str, text: &str| {
            (name.to_owned(), Template { file: format!("templates/{name}"), text: text.to_owned() })
        };
        let templates: Templates = [
            template("a.html", "{% component z() %}{% endcomponent z %}{% component b() %}{% endcomponent b %}"),
            template(
                "b.html",
                "あ\nい{%- component b() -%}{% endcomponent b %}{% component z() %}{% endcomponent z %}",
            ),
        ]
        .into();
        let told = doubled(&templates).map(|told| (told.file, told.span, told.problem));
        let start = Position { line: 2, column: 16 };
        let span = Some(Span { start, end: Position { column: 17, ..start } });
        let what = "Component `b` is defined in both `a.html` and `b.html`".to_owned();
        assert_eq!(told, Some(("templates/b.html".to_owned(), span, Problem::TemplateSyntax { what })));
    }
}
