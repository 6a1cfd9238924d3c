//! The build's own look at what it has made: what a machine can tell about the accessibility of a page.
//!
//! The page on accessibility shows the sums, and a page that fails is told to whoever builds the site. It
//! guards templates and styles of a site's own as well as ours: a browser's checks (`tests/browser/`) go
//! deeper, but run only on this repository's portal.

use super::html::{Token, Tokens};
use crate::catalog::Catalog;
use crate::diagnostic::{Diagnostic, Problem};
use crate::site::Base;
use crate::site::views::{AuditRow, AuditView, LinkView};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What is looked at: in words, and the success criterion of WCAG and JIS X 8341-3 that it belongs to.
const CHECKS: [(&str, &str); 10] = [
    ("ページの言語が書いてある", "3.1.1"),
    ("ページに題名がある", "2.4.2"),
    ("見出しが1つの大見出しから順に並ぶ", "1.3.1"),
    ("画像に代わりの文がある（飾りは空）", "1.1.1"),
    ("リンクとボタンに名前がある", "2.4.4・4.1.2"),
    ("入力欄に名前がある", "3.3.2"),
    ("表に見出しと題がある", "1.3.1"),
    ("本文へ移動でき、本文は1つ", "2.4.1"),
    ("id が重ならず、指す先がある", "1.3.1・4.1.2"),
    ("画面の拡大を妨げない", "1.4.4"),
];

/// Looked at in the theme's style sheets before anything is rendered (`render::tokens`).
const CONTRAST: (&str, &str) = ("重なる色の明るさの差（明るい画面と暗い画面）", "1.4.3・1.4.11");

/// Pages that the page on accessibility names.
const MOST_NAMED: usize = 50;

/// For each of [`CHECKS`]: how many were looked at, and how many failed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Tally([(u32, u32); CHECKS.len()]);

impl Tally {
    fn look(&mut self, check: usize, fine: bool) {
        if let Some((seen, failed)) = self.0.get_mut(check) {
            *seen += 1;
            *failed += u32::from(!fine);
        }
    }

    fn failed(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().enumerate().filter(|(_, (_, failed))| *failed > 0).map(|(check, _)| check)
    }
}

/// The sums over many pages.
#[derive(Debug, Default, Clone)]
pub(super) struct Audit {
    pages: usize,
    tally: Tally,
    /// Check, template and address of each page that failed it.
    failing: Vec<(usize, &'static str, String)>,
}

impl Audit {
    /// Adds a page by what was seen on it.
    pub(super) fn page(&mut self, tally: &Tally, template: &'static str, address: &str) {
        self.pages += 1;
        self.failing.extend(tally.failed().map(|check| (check, template, address.to_owned())));
        self.add(tally);
    }

    /// Adds what another thread has seen.
    pub(super) fn join(&mut self, other: Self) {
        self.pages += other.pages;
        self.failing.extend(other.failing);
        self.add(&other.tally);
    }

    fn add(&mut self, tally: &Tally) {
        for (sum, more) in self.tally.0.iter_mut().zip(&tally.0) {
            sum.0 += more.0;
            sum.1 += more.1;
        }
    }

    /// For the page on accessibility.
    pub(super) fn view(&self, catalog: &Catalog, base: &Base, pairs: usize) -> AuditView {
        let mut failing: Vec<&str> = self.failing.iter().map(|(.., address)| address.as_str()).collect();
        failing.sort_unstable();
        failing.dedup();
        let row = |((what, criterion), (seen, failed)): (&(&'static str, &'static str), &(u32, u32))| AuditRow {
            what,
            criterion,
            seen: *seen as usize,
            failed: *failed as usize,
        };
        AuditView {
            pages: self.pages,
            date: catalog.moment.today.long(),
            date_iso: catalog.moment.today.to_string(),
            // A pair that is too weak has stopped the build.
            checks: CHECKS
                .iter()
                .zip(&self.tally.0)
                .map(row)
                .chain([AuditRow { what: CONTRAST.0, criterion: CONTRAST.1, seen: pairs, failed: 0 }])
                .collect(),
            failing: failing
                .into_iter()
                .take(MOST_NAMED)
                .map(|address| LinkView { label: address.to_owned(), url: base.href(address) })
                .collect(),
        }
    }

    /// Once for each check, with the first of its pages. Where pages of several templates fail, it is the frame
    /// around them that is wrong.
    pub(super) fn told(mut self, file: impl Fn(&str) -> String) -> Vec<Diagnostic> {
        self.failing.sort();
        self.failing.dedup();
        self.failing
            .chunk_by(|a, b| a.0 == b.0)
            .filter_map(|pages| {
                let (check, template, page) = pages.first()?;
                let several = pages.iter().any(|(_, other, _)| other != template);
                let template = if several { "base.html" } else { template };
                let (what, criterion) = CHECKS.get(*check)?;
                let more =
                    if pages.len() > 1 { format!("（ほか{}ページ）", pages.len() - 1) } else { String::new() };
                let problem = Problem::InaccessiblePage {
                    page: page.clone(),
                    what: (*what).to_owned(),
                    criterion: (*criterion).to_owned(),
                    more,
                };
                Some(Diagnostic::of_file(file(template), problem))
            })
            .collect()
    }
}

/// Something that must have a name: it begins at a tag and ends at the tag's end.
struct Named<'a> {
    tag: &'a str,
    named: bool,
}

/// What of a tag's attributes is looked at.
#[derive(Default)]
struct Attributes<'a> {
    id: Option<&'a str>,
    href: Option<&'a str>,
    alt: Option<&'a str>,
    /// It has a name of its own.
    named: bool,
    lang: bool,
    name: &'a str,
    content: &'a str,
    kind: &'a str,
}

#[derive(Default)]
struct Table {
    caption: bool,
    header: bool,
}

/// Looks at a page. What was found may be kept until the page changes.
pub(super) fn look(html: &str) -> Tally {
    let mut tally = Tally::default();
    let mut page = Page::default();
    let mut tokens = Tokens::new(html);
    while let Some(token) = tokens.next() {
        page.see(token, &mut tokens, &mut tally);
    }
    page.end(&mut tally);
    tally
}

#[derive(Default)]
struct Page<'a> {
    language: bool,
    title: bool,
    in_title: bool,
    zoom: bool,
    mains: usize,
    skip: bool,
    last_heading: u8,
    headings_in_order: bool,
    top_headings: usize,
    named: Vec<Named<'a>>,
    tables: Vec<Table>,
    ids: BTreeSet<&'a str>,
    double: bool,
    refers: Vec<&'a str>,
    labels: BTreeSet<&'a str>,
    /// Fields without a name of their own: id, and whether a label is around them.
    fields: Vec<(Option<&'a str>, bool)>,
    in_label: usize,
}

impl<'a> Page<'a> {
    fn see(&mut self, token: Token<'a>, tokens: &mut Tokens<'a>, tally: &mut Tally) {
        match token {
            Token::Text(text) => {
                if (self.in_title || !self.named.is_empty()) && !text.trim_start().is_empty() {
                    self.title |= self.in_title;
                    self.name();
                }
            }
            Token::Open(name) => self.open(name, tokens, tally),
            Token::Close(name) => self.close(name, tally),
            Token::Raw(_) => {}
        }
    }

    fn name(&mut self) {
        for open in &mut self.named {
            open.named = true;
        }
    }

    fn open(&mut self, tag: &'a str, tokens: &mut Tokens<'a>, tally: &mut Tally) {
        let mut of = Attributes::default();
        while let Some((name, value)) = tokens.attribute() {
            match name {
                "id" => {
                    self.double |= !self.ids.insert(value);
                    of.id = Some(value);
                }
                "aria-label" | "title" => of.named |= !value.trim().is_empty(),
                "aria-labelledby" => {
                    of.named = true;
                    self.refers.extend(value.split_ascii_whitespace());
                }
                "aria-describedby" | "aria-controls" | "popovertarget" => {
                    self.refers.extend(value.split_ascii_whitespace());
                }
                "for" => {
                    self.refers.push(value);
                    self.labels.insert(value);
                }
                "href" => of.href = Some(value),
                "alt" => of.alt = Some(value),
                "lang" => of.lang = !value.is_empty(),
                "name" => of.name = value,
                "content" => of.content = value,
                "type" => of.kind = value,
                _ => {}
            }
        }
        match tag {
            "html" => self.language = of.lang,
            "title" => self.in_title = true,
            "meta" if of.name == "viewport" => {
                self.zoom = !of.content.contains("user-scalable=no") && !of.content.contains("maximum-scale=1");
            }
            "main" => self.mains += 1,
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                let level = tag.as_bytes().get(1).map_or(0, |digit| digit - b'0');
                self.top_headings += usize::from(level == 1);
                self.headings_in_order |= self.last_heading == 0;
                self.headings_in_order &= level <= self.last_heading + 1;
                self.last_heading = level;
            }
            "img" => {
                tally.look(3, of.alt.is_some());
                if of.alt.is_some_and(|alt| !alt.trim().is_empty()) {
                    self.name();
                }
            }
            "a" if of.href.is_none() => {}
            "a" | "button" | "summary" => {
                self.skip |= of.href == Some("#hn-main");
                self.named.push(Named { tag, named: of.named });
            }
            "label" => self.in_label += 1,
            "input" | "select" | "textarea"
                if !matches!(of.kind, "hidden" | "submit" | "button" | "reset" | "image") =>
            {
                self.fields.push((of.id, of.named || self.in_label > 0));
            }
            "table" => self.tables.push(Table::default()),
            "caption" => self.tables.iter_mut().last().into_iter().for_each(|table| table.caption = true),
            "th" => self.tables.iter_mut().last().into_iter().for_each(|table| table.header = true),
            _ => {}
        }
    }

    fn close(&mut self, tag: &str, tally: &mut Tally) {
        match tag {
            "title" => self.in_title = false,
            "label" => self.in_label = self.in_label.saturating_sub(1),
            "table" => {
                if let Some(table) = self.tables.pop() {
                    tally.look(6, table.caption && table.header);
                }
            }
            "a" | "button" | "summary" => {
                if let Some(at) = self.named.iter().rposition(|open| open.tag == tag) {
                    let open = self.named.remove(at);
                    tally.look(4, open.named);
                }
            }
            _ => {}
        }
    }

    fn end(self, tally: &mut Tally) {
        tally.look(0, self.language);
        tally.look(1, self.title);
        tally.look(2, self.top_headings == 1 && self.headings_in_order);
        for (id, named) in &self.fields {
            tally.look(5, *named || id.is_some_and(|id| self.labels.contains(id)));
        }
        tally.look(7, self.skip && self.mains == 1);
        tally.look(8, !self.double && self.refers.iter().all(|id| self.ids.contains(id)));
        tally.look(9, self.zoom);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "<!doctype html><html lang=ja><title>題</title><meta content=\"width=device-width\" name=viewport>\
        <a href=#hn-main>本文へ</a><main id=hn-main><h1>題</h1><h2>次</h2><img alt=\"\" src=x>\
        <a href=/><img alt=家 src=y></a><table><caption>表</caption><tr><th>い</table></table>\
        <label for=q>言葉</label><input id=q type=search></main>";

    fn failed(html: &str) -> Vec<usize> {
        look(html).failed().collect()
    }

    #[test]
    fn a_sound_page_passes() {
        assert_eq!(failed(GOOD), Vec::<usize>::new());
        assert!(look(GOOD).0.iter().all(|(seen, _)| *seen > 0));
    }

    #[test]
    fn each_fault_is_seen() {
        for (from, to, check) in [
            (" lang=ja", "", 0),
            ("<title>題", "<title> ", 1),
            ("<h2>", "<h3>", 2),
            ("<h2>次</h2>", "<h1>次</h1>", 2),
            ("<img alt=\"\" src=x>", "<img src=x>", 3),
            ("<img alt=家 src=y>", "<img alt=\"\" src=y>", 4),
            (" for=q", "", 5),
            ("<caption>表</caption>", "", 6),
            ("href=#hn-main", "href=#other", 7),
            ("id=q", "id=hn-main", 8),
            ("width=device-width", "user-scalable=no", 9),
        ] {
            let broken = GOOD.replacen(from, to, 1);
            assert_ne!(broken, GOOD);
            assert!(failed(&broken).contains(&check), "{from} → {to}: {:?}", failed(&broken));
        }
    }
}
