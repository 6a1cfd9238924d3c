//! Inline text: emphasis is paired anew, line breaks and ruby are Japanese.
//!
//! pulldown-cmark's own emphasis is taken apart again into its runs (the source tells which), then
//! `emphasis` pairs them by the amended rule. Links and code bind tighter and stay as they are.

use super::blocks::Writer;
use super::emphasis::{self, Run};
use super::{links, ruby};
use crate::model::text::is_wide;
use pulldown_cmark::{Event, LinkType, Tag, TagEnd};
use std::ops::Range;

pub(super) type Inline<'a> = (Event<'a>, Range<usize>);

enum Token<'a> {
    Text(String),
    Run(usize),
    /// An event that stays as it is.
    Other(&'a Inline<'a>),
    /// A link or image: its start, what is inside.
    Nested(&'a Inline<'a>, &'a [Inline<'a>]),
}

/// Writes a stretch of inline events.
pub(super) fn write(writer: &mut Writer<'_>, events: &[Inline<'_>]) {
    let (tokens, runs) = tokens(writer.source, events);
    for (index, token) in tokens.iter().enumerate() {
        match token {
            Token::Text(text) => writer.text(text),
            Token::Run(at) => {
                let Some(run) = runs.get(*at) else { continue };
                for tag in &run.closes {
                    writer.close_inline(tag.name());
                }
                if run.left > 0 {
                    writer.text(&run.ch.to_string().repeat(run.left));
                }
                for tag in run.opens.iter().rev() {
                    writer.open_inline(tag.name());
                }
            }
            Token::Nested((Event::Start(Tag::Link { link_type, dest_url, title, .. }), range), inner) => {
                let mail = *link_type == LinkType::Email;
                let url = if mail { format!("mailto:{dest_url}") } else { dest_url.to_string() };
                links::link(writer, &url, title, range.clone(), inner);
            }
            Token::Nested((Event::Start(Tag::Image { dest_url, title, .. }), range), inner) => {
                links::image(writer, dest_url, title, range.clone(), &plain(inner));
            }
            Token::Nested(..) => {}
            Token::Other((event, range)) => match event {
                Event::Code(code) => writer.code(&ruby::restore(code)),
                Event::InlineHtml(html) => writer.inline_html(&ruby::restore(html), range.clone()),
                Event::SoftBreak => {
                    let before = writer.last_char;
                    let after = next_char(&tokens[index + 1..]);
                    if !before.zip(after).is_some_and(|(b, a)| is_wide(b) && is_wide(a)) {
                        writer.raw("\n");
                    }
                }
                Event::HardBreak => writer.raw("<br>"),
                Event::FootnoteReference(name) => writer.footnote_reference(name),
                Event::TaskListMarker(done) => writer.task(*done),
                _ => {}
            },
        }
    }
}

fn next_char(tokens: &[Token<'_>]) -> Option<char> {
    tokens.iter().find_map(|token| match token {
        Token::Text(text) => text.chars().find(|c| *c != '{'),
        Token::Nested(_, inner) => plain(inner).chars().next(),
        Token::Other((Event::Code(code), _)) => code.chars().next(),
        _ => None,
    })
}

/// The words of a stretch without markup.
pub(super) fn plain(events: &[Inline<'_>]) -> String {
    let mut out = String::new();
    for (event, _) in events {
        match event {
            Event::Text(text) => out.push_str(&ruby::strip(text)),
            Event::Code(text) => out.push_str(text),
            Event::SoftBreak | Event::HardBreak if out.chars().next_back().is_some_and(|c| !is_wide(c)) => {
                out.push(' ');
            }
            _ => {}
        }
    }
    out
}

fn tokens<'a>(source: &str, events: &'a [Inline<'a>]) -> (Vec<Token<'a>>, Vec<Run>) {
    let mut tokens: Vec<Token<'a>> = Vec::new();
    // Runs with their bytes, to be joined where they touch.
    let mut found: Vec<(char, Range<usize>)> = Vec::new();
    let mut text_end = 0;
    let mut index = 0;
    while let Some(inline) = events.get(index) {
        index += 1;
        let (event, range) = inline;
        match event {
            Event::Start(tag @ (Tag::Emphasis | Tag::Strong | Tag::Strikethrough)) => {
                let width = run_width(source, range, tag);
                push_run(source, range.start..range.start + width, &mut tokens, &mut found);
                text_end = range.start + width;
            }
            Event::End(tag @ (TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough)) => {
                let start = match tag {
                    TagEnd::Emphasis => Tag::Emphasis,
                    TagEnd::Strong => Tag::Strong,
                    _ => Tag::Strikethrough,
                };
                let width = run_width(source, range, &start);
                push_run(source, range.end - width..range.end, &mut tokens, &mut found);
                text_end = range.end;
            }
            Event::Start(Tag::Link { .. } | Tag::Image { .. }) => {
                let from = index;
                let mut depth = 1;
                while let Some((event, _)) = events.get(index) {
                    match event {
                        Event::Start(Tag::Link { .. } | Tag::Image { .. }) => depth += 1,
                        Event::End(TagEnd::Link | TagEnd::Image) => depth -= 1,
                        _ => {}
                    }
                    if depth == 0 {
                        break;
                    }
                    index += 1;
                }
                tokens.push(Token::Nested(inline, &events[from..index.min(events.len())]));
                index += 1;
                text_end = range.end;
            }
            Event::Text(text) => {
                let verbatim = source.get(range.clone()) == Some(&**text);
                let escaped = text_end + 1 == range.start && source.as_bytes().get(text_end) == Some(&b'\\');
                if verbatim {
                    split_text(source, range.clone(), escaped, &mut tokens, &mut found);
                } else {
                    push_text(text, &mut tokens);
                }
                text_end = range.end;
            }
            _ => {
                tokens.push(Token::Other(inline));
                text_end = range.end;
            }
        }
    }
    let mut runs: Vec<Run> = found
        .iter()
        .map(|(ch, range)| {
            let before = source[..range.start].chars().next_back();
            let after = source[range.end..].chars().next();
            Run::new(*ch, range.len(), before, after)
        })
        .collect();
    emphasis::pair(&mut runs);
    (tokens, runs)
}

fn run_width(source: &str, range: &Range<usize>, tag: &Tag<'_>) -> usize {
    match tag {
        Tag::Emphasis => 1,
        Tag::Strong => 2,
        _ if source.get(range.start..range.start + 2) == Some("~~") => 2,
        _ => 1,
    }
}

/// A run, joined to the one before it where they touch.
fn push_run(source: &str, range: Range<usize>, tokens: &mut Vec<Token<'_>>, found: &mut Vec<(char, Range<usize>)>) {
    let Some(ch) = source.get(range.clone()).and_then(|run| run.chars().next()) else { return };
    if let (Some(Token::Run(_)), Some((last, run))) = (tokens.last(), found.last_mut())
        && *last == ch
        && run.end == range.start
    {
        run.end = range.end;
        return;
    }
    tokens.push(Token::Run(found.len()));
    found.push((ch, range));
}

fn push_text(text: &str, tokens: &mut Vec<Token<'_>>) {
    match tokens.last_mut() {
        Some(Token::Text(last)) => last.push_str(text),
        _ => tokens.push(Token::Text(text.to_owned())),
    }
}

/// Splits text into words and runs. The first character may be one that a backslash made plain.
fn split_text<'a>(
    source: &str,
    range: Range<usize>,
    escaped: bool,
    tokens: &mut Vec<Token<'a>>,
    found: &mut Vec<(char, Range<usize>)>,
) {
    let mut at = range.start;
    if escaped && let Some(first) = source[at..range.end].chars().next() {
        push_text(&source[at..at + first.len_utf8()], tokens);
        at += first.len_utf8();
    }
    while at < range.end {
        let rest = &source[at..range.end];
        let Some(start) = rest.find(['*', '_', '~']) else {
            push_text(rest, tokens);
            return;
        };
        if start > 0 {
            push_text(&rest[..start], tokens);
        }
        let ch = rest[start..].chars().next().unwrap_or('*');
        let length = rest[start..].chars().take_while(|c| *c == ch).count();
        push_run(source, at + start..at + start + length, tokens, found);
        at += start + length;
    }
}
