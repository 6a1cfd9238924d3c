//! Block structure, and the writer that keeps the HTML balanced whatever an editor types.

use super::inline::{self, Inline};
use super::{Body, Link, Out, Place, Rendered, html, lookalikes, ruby};
use crate::diagnostic::{Problem, nearest};
use crate::model::text::is_wide;
use pulldown_cmark::{Alignment, BlockQuoteKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use unicode_normalization::UnicodeNormalization as _;

/// What is open, innermost last.
enum Open {
    /// A block or link of Markdown: HTML inside it ends with it.
    Mark,
    /// An element that an editor wrote as HTML.
    Html(&'static str),
    /// Emphasis.
    Inline(&'static str),
}

pub(super) struct Writer<'a> {
    pub source: &'a str,
    pub prefix: &'a str,
    pub place: &'a Place<'a>,
    pub out: Out,
    pub problems: Vec<(Range<usize>, Problem)>,
    pub links: Vec<Link>,
    pub files: BTreeSet<String>,
    pub anchors_wanted: Vec<(String, Range<usize>)>,
    /// The last character that is shown, for line breaks.
    pub last_char: Option<char>,
    /// Inside an element whose content is dropped (script, style …).
    pub dropping: Option<String>,
    open: Vec<Open>,
    anchors: BTreeMap<String, usize>,
    footnotes: Vec<String>,
    referred: BTreeMap<String, usize>,
    summary: String,
    /// The heading that stands last, which names the tables below it.
    heading: String,
    /// How many tables each heading has.
    tables: BTreeMap<String, usize>,
}

const OPTIONS: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_GFM);

/// Longest summary, in characters.
const SUMMARY: usize = 110;

pub(super) fn render(source: &str, prefix: &str, place: &Place<'_>) -> Rendered {
    let mut writer = Writer {
        source,
        prefix,
        place,
        out: Out::default(),
        problems: Vec::new(),
        links: Vec::new(),
        files: BTreeSet::new(),
        anchors_wanted: Vec::new(),
        last_char: None,
        dropping: None,
        open: Vec::new(),
        anchors: BTreeMap::new(),
        footnotes: Vec::new(),
        referred: BTreeMap::new(),
        summary: String::new(),
        heading: String::new(),
        tables: BTreeMap::new(),
    };
    let events: Vec<Inline<'_>> = Parser::new_ext(source, OPTIONS).into_offset_iter().collect();
    let notes = writer.blocks(&events);
    writer.notes(notes);
    writer.close_to_mark();
    writer.check_anchors();
    let Writer { out, problems, links, files, summary, .. } = writer;
    Rendered { body: Body { pieces: out.finish().into(), links, summary: shorten(&summary) }, problems, files }
}

fn shorten(text: &str) -> String {
    if text.chars().count() <= SUMMARY {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(SUMMARY - 1).collect();
    // Better to end behind a sentence than in the middle of a word, if that is not too early.
    if let Some(end) = short.rfind('。').filter(|end| *end * 2 > short.len()) {
        short.truncate(end + '。'.len_utf8());
    } else {
        short.push('…');
    }
    short.shrink_to_fit();
    short
}

struct Note<'a> {
    name: String,
    events: &'a [Inline<'a>],
}

struct Table {
    alignments: Vec<Alignment>,
    column: usize,
    head: bool,
    body: bool,
}

impl<'a> Writer<'a> {
    /// Writes blocks; footnotes are set aside for the end.
    fn blocks<'e>(&mut self, events: &'e [Inline<'e>]) -> Vec<Note<'e>> {
        let mut notes = Vec::new();
        let mut inline_from: Option<usize> = None;
        let mut table: Option<Table> = None;
        let mut index = 0;
        while let Some((event, range)) = events.get(index) {
            if is_inline(event) {
                inline_from.get_or_insert(index);
                index += 1;
                continue;
            }
            if let Some(from) = inline_from.take() {
                let stretch = &events[from..index];
                let paragraph = matches!(event, Event::End(TagEnd::Paragraph));
                self.summarise(stretch, paragraph);
                if paragraph && let [(_, first), .., (_, last)] | [(_, first @ last)] = stretch {
                    self.problems.extend(lookalikes::find(self.source, first.start..last.end));
                }
                inline::write(self, stretch);
            }
            match event {
                Event::Start(Tag::FootnoteDefinition(name)) => {
                    let end = matching_end(events, index);
                    notes.push(Note { name: name.to_string(), events: &events[index + 1..end] });
                    index = end;
                }
                Event::Start(Tag::CodeBlock(_)) => {
                    let end = matching_end(events, index);
                    self.code_block(&events[index + 1..end]);
                    index = end;
                }
                Event::Start(Tag::HtmlBlock) => {
                    let end = matching_end(events, index);
                    let mut text = String::new();
                    for (event, _) in &events[index + 1..end] {
                        if let Event::Html(html) | Event::Text(html) = event {
                            text.push_str(html);
                        }
                    }
                    html::write(self, &text, range.clone(), true);
                    index = end;
                }
                Event::Start(Tag::Heading { level, .. }) => {
                    let end = matching_end(events, index);
                    self.heading(*level, &events[index + 1..end]);
                    index = end;
                }
                Event::Start(tag) => self.start(tag, &mut table),
                Event::End(tag) => self.end(*tag, &mut table),
                Event::Rule => self.raw("<hr>"),
                Event::Html(html) => html::write(self, html, range.clone(), true),
                _ => {}
            }
            index += 1;
        }
        if let Some(from) = inline_from {
            inline::write(self, &events[from..]);
        }
        notes
    }

    fn start(&mut self, tag: &Tag<'_>, table: &mut Option<Table>) {
        match tag {
            Tag::Paragraph => self.raw("<p>"),
            Tag::BlockQuote(None) => self.raw("<blockquote>"),
            Tag::BlockQuote(Some(kind)) => {
                let (class, title) = match kind {
                    BlockQuoteKind::Note => ("note", "メモ"),
                    BlockQuoteKind::Tip => ("tip", "ヒント"),
                    BlockQuoteKind::Important => ("important", "大切なこと"),
                    BlockQuoteKind::Warning => ("warning", "ご注意"),
                    BlockQuoteKind::Caution => ("caution", "注意"),
                };
                self.raw(&format!(
                    "<div class=\"alert alert-{class}\" role=\"note\"><p class=\"alert-title\">{title}</p>"
                ));
            }
            Tag::List(None) => self.raw("<ul>"),
            Tag::List(Some(1)) => self.raw("<ol>"),
            Tag::List(Some(first)) => self.raw(&format!("<ol start=\"{first}\">")),
            Tag::Item => self.raw("<li>"),
            Tag::Table(alignments) => {
                *table = Some(Table { alignments: alignments.clone(), column: 0, head: false, body: false });
                let name = self.table_name();
                // A wide table scrolls in its own region, by keyboard too; regions need names that differ.
                self.raw("<div class=\"table\" role=\"region\" tabindex=\"0\" aria-label=\"");
                self.escaped(&name);
                self.raw("\"><table><caption class=\"only-read\">");
                self.escaped(&name);
                self.raw("</caption>");
            }
            Tag::TableHead => {
                if let Some(table) = table {
                    (table.head, table.column) = (true, 0);
                }
                self.raw("<thead><tr>");
            }
            Tag::TableRow => {
                if let Some(table) = table {
                    table.column = 0;
                    if !table.body {
                        table.body = true;
                        self.raw("<tbody>");
                    }
                }
                self.raw("<tr>");
            }
            Tag::TableCell => {
                let (head, alignment) = table
                    .as_ref()
                    .map_or((false, None), |table| (table.head, table.alignments.get(table.column).copied()));
                let class = match alignment {
                    Some(Alignment::Right) => " class=\"right\"",
                    Some(Alignment::Center) => " class=\"center\"",
                    _ => "",
                };
                self.raw(if head { "<th scope=\"col\"" } else { "<td" });
                self.raw(class);
                self.raw(">");
            }
            _ => {}
        }
        self.open.push(Open::Mark);
        self.last_char = None;
    }

    fn end(&mut self, tag: TagEnd, table: &mut Option<Table>) {
        self.close_to_mark();
        self.open.pop();
        self.last_char = None;
        match tag {
            TagEnd::Paragraph => self.raw("</p>"),
            TagEnd::BlockQuote(None) => self.raw("</blockquote>"),
            TagEnd::BlockQuote(Some(_)) => self.raw("</div>"),
            TagEnd::List(true) => self.raw("</ol>"),
            TagEnd::List(false) => self.raw("</ul>"),
            TagEnd::Item => self.raw("</li>"),
            TagEnd::TableHead => {
                if let Some(table) = table {
                    table.head = false;
                }
                self.raw("</tr></thead>");
            }
            TagEnd::TableRow => self.raw("</tr>"),
            TagEnd::TableCell => {
                let head = table.as_mut().is_some_and(|table| {
                    table.column += 1;
                    table.head
                });
                self.raw(if head { "</th>" } else { "</td>" });
            }
            TagEnd::Table => {
                let body = table.take().is_some_and(|table| table.body);
                self.raw(if body { "</tbody></table></div>" } else { "</table></div>" });
            }
            _ => {}
        }
    }

    /// The page's own heading is h1, so a text begins with h2.
    /// 「調達の区分の表」「調達の区分の表2」
    fn table_name(&mut self) -> String {
        let count = self.tables.entry(self.heading.clone()).or_default();
        *count += 1;
        let of = if self.heading.is_empty() { String::new() } else { format!("{}の", self.heading) };
        if *count > 1 { format!("{of}表{count}") } else { format!("{of}表") }
    }

    fn heading(&mut self, level: HeadingLevel, events: &[Inline<'_>]) {
        let level = (level as usize).max(2);
        self.heading = inline::plain(events);
        let id = self.anchor(&self.heading.clone());
        self.raw(&format!("<h{level} id=\""));
        self.escaped(&id);
        self.raw("\">");
        self.open.push(Open::Mark);
        self.last_char = None;
        inline::write(self, events);
        self.close_to_mark();
        self.open.pop();
        self.raw(&format!("</h{level}>"));
        self.last_char = None;
    }

    /// Anchors keep Japanese: NFC, blanks as hyphens, without punctuation.
    fn anchor(&mut self, words: &str) -> String {
        let mut id = String::new();
        for c in words.nfc() {
            if c.is_alphanumeric() || matches!(c, 'ー' | '々' | '_') {
                id.extend(c.to_lowercase());
            } else if (c.is_whitespace() || c == '-' || c == '・') && !id.is_empty() && !id.ends_with('-') {
                id.push('-');
            }
        }
        let id = id.trim_end_matches('-');
        let id = format!("{}{}", self.prefix, if id.is_empty() { "section" } else { id });
        let count = self.anchors.entry(id.clone()).and_modify(|count| *count += 1).or_insert(1);
        if *count == 1 {
            return id;
        }
        let numbered = format!("{id}-{count}");
        self.anchors.insert(numbered.clone(), 1);
        numbered
    }

    fn code_block(&mut self, events: &[Inline<'_>]) {
        self.raw("<pre><code>");
        for (event, _) in events {
            if let Event::Text(text) = event {
                self.escaped(&ruby::restore(text));
            }
        }
        self.raw("</code></pre>");
    }

    fn check_anchors(&mut self) {
        let mut looked = 0;
        for (wanted, range) in std::mem::take(&mut self.anchors_wanted) {
            if !self.anchors.contains_key(&wanted) {
                // Nobody needs a thousand hints, and each looks at every heading.
                looked += self.anchors.len();
                let known = || self.anchors.keys().map(String::as_str);
                let near = if looked < 100_000 { nearest(&wanted, known()) } else { None };
                let near = near.map(|near| format!("#{near}"));
                self.problems.push((range, Problem::DeadLink { target: format!("#{wanted}"), near }));
            }
        }
    }

    // ---------------------------------------------------------------- notes

    fn note_number(&mut self, name: &str) -> usize {
        match self.footnotes.iter().position(|known| known == name) {
            Some(at) => at + 1,
            None => {
                self.footnotes.push(name.to_owned());
                self.footnotes.len()
            }
        }
    }

    pub(super) fn footnote_reference(&mut self, name: &str) {
        let number = self.note_number(name);
        let count = self.referred.entry(name.to_owned()).and_modify(|count| *count += 1).or_insert(1);
        let again = if *count > 1 { format!("-{count}") } else { String::new() };
        let prefix = self.prefix;
        self.raw(&format!(
            "<sup><a href=\"#{prefix}note-{number}\" id=\"{prefix}ref-{number}{again}\" aria-label=\"注{number}\">{number}</a></sup>"
        ));
    }

    fn notes(&mut self, notes: Vec<Note<'_>>) {
        // Numbers were given in the order of the references; a note that nobody refers to is not shown.
        let number = |name: &str| self.footnotes.iter().position(|known| known == name).map(|at| at + 1);
        let mut notes: Vec<(usize, Note<'_>)> =
            notes.into_iter().filter_map(|note| Some((number(&note.name)?, note))).collect();
        if notes.is_empty() {
            return;
        }
        notes.sort_by_key(|(number, _)| *number);
        let prefix = self.prefix;
        self.raw("<section class=\"footnotes\" aria-label=\"注\"><ol>");
        for (number, note) in notes {
            self.raw(&format!("<li id=\"{prefix}note-{number}\">"));
            self.open.push(Open::Mark);
            self.blocks(note.events);
            self.close_to_mark();
            self.open.pop();
            self.raw(&format!("<a href=\"#{prefix}ref-{number}\" aria-label=\"本文の注{number}へ戻る\">↩</a></li>"));
        }
        self.raw("</ol></section>");
    }

    // --------------------------------------------------------------- writing

    /// The first paragraphs are the summary: no lists, tables, notes or headings.
    fn summarise(&mut self, events: &[Inline<'_>], paragraph: bool) {
        let outermost = self.open.iter().filter(|open| matches!(open, Open::Mark)).count() == 1;
        if paragraph && outermost && self.summary.len() < SUMMARY * 4 {
            let words = inline::plain(events);
            if self.summary.ends_with(|c: char| !is_wide(c)) {
                self.summary.push(' ');
            }
            self.summary.push_str(words.trim());
        }
    }

    pub(super) fn raw(&mut self, html: &str) {
        if self.dropping.is_none() {
            self.out.raw(html);
        }
    }

    pub(super) fn escaped(&mut self, text: &str) {
        if self.dropping.is_none() {
            super::escape(text, &mut self.out.html);
        }
    }

    pub(super) fn text(&mut self, text: &str) {
        if self.dropping.is_none() {
            ruby::write(text, &mut self.out.html);
            self.last_char = ruby::strip(text).chars().next_back().or(self.last_char);
        }
    }

    pub(super) fn code(&mut self, code: &str) {
        self.raw("<code>");
        self.escaped(code);
        self.raw("</code>");
        self.last_char = code.chars().next_back().or(self.last_char);
    }

    pub(super) fn task(&mut self, done: bool) {
        let (state, label) = if done { (" checked", "済み") } else { ("", "まだ") };
        self.raw(&format!("<input type=\"checkbox\" disabled{state} aria-label=\"{label}\"> "));
    }

    pub(super) fn inline_html(&mut self, html: &str, range: Range<usize>) {
        html::write(self, html, range, false);
    }

    pub(super) fn open_inline(&mut self, tag: &'static str) {
        self.raw(&format!("<{tag}>"));
        self.open.push(Open::Inline(tag));
    }

    pub(super) fn close_inline(&mut self, tag: &'static str) {
        self.close_until(|open| matches!(open, Open::Inline(open) if *open == tag));
    }

    /// Opens an element that was written as HTML.
    pub(super) fn open_html(&mut self, tag: &'static str) {
        self.open.push(Open::Html(tag));
    }

    /// Closes an element that was written as HTML; `false` if none is open.
    pub(super) fn close_html(&mut self, tag: &str) -> bool {
        self.close_until(|open| matches!(open, Open::Html(open) if *open == tag))
    }

    pub(super) fn mark(&mut self) {
        self.open.push(Open::Mark);
    }

    pub(super) fn unmark(&mut self) {
        self.close_to_mark();
        self.open.pop();
    }

    /// Closes what is open down to a matching element, but not beyond the block.
    fn close_until(&mut self, wanted: impl Fn(&Open) -> bool) -> bool {
        let block = self.open.iter().rposition(|open| matches!(open, Open::Mark)).map_or(0, |at| at + 1);
        let Some(at) = self.open.iter().rposition(wanted).filter(|at| *at >= block) else { return false };
        while self.open.len() > at {
            self.close_last();
        }
        true
    }

    fn close_last(&mut self) {
        if let Some(Open::Html(tag) | Open::Inline(tag)) = self.open.pop() {
            self.out.raw(&format!("</{tag}>"));
        }
    }

    /// Closes the HTML of a block that ends, and ends a dropped element with it.
    fn close_to_mark(&mut self) {
        self.dropping = None;
        while self.open.last().is_some_and(|open| !matches!(open, Open::Mark)) {
            self.close_last();
        }
    }
}

fn is_inline(event: &Event<'_>) -> bool {
    match event {
        Event::Text(_)
        | Event::Code(_)
        | Event::InlineHtml(_)
        | Event::SoftBreak
        | Event::HardBreak
        | Event::FootnoteReference(_)
        | Event::TaskListMarker(_)
        | Event::InlineMath(_)
        | Event::DisplayMath(_) => true,
        Event::Start(tag) => {
            matches!(tag, Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. } | Tag::Image { .. })
        }
        Event::End(tag) => {
            matches!(tag, TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image)
        }
        _ => false,
    }
}

fn matching_end(events: &[Inline<'_>], start: usize) -> usize {
    let mut depth = 0usize;
    for (index, (event, _)) in events.iter().enumerate().skip(start) {
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => {
                depth -= 1;
                if depth == 0 {
                    return index;
                }
            }
            _ => {}
        }
    }
    events.len()
}
