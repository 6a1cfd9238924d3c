//! The build's own look at what it has made: what a machine can tell about the accessibility of a page.
//!
//! The page on accessibility shows the sums, and a page that fails is told to whoever builds the site. It
//! guards templates and styles of a site's own as well as ours: a browser's checks (`tests/browser/`) go
//! deeper, but run only on this repository's portal.

use super::html::{Token, Tokens};
use crate::catalog::Catalog;
use crate::diagnostic::{Diagnostic, Problem};
use crate::model::text::with_commas;
use crate::render::Part;
use crate::site::Base;
use crate::site::views::{AuditRow, AuditView, LinkView};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, PoisonError, RwLock};
use xxhash_rust::xxh3::xxh3_64;

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
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(super) struct Tally([(u32, u32); CHECKS.len()]);

impl Tally {
    fn look(&mut self, check: usize, fine: bool) {
        if let Some((seen, failed)) = self.0.get_mut(check) {
            *seen += 1;
            *failed += u32::from(!fine);
        }
    }

    fn add(&mut self, other: &Self) {
        for (sum, more) in self.0.iter_mut().zip(&other.0) {
            sum.0 += more.0;
            sum.1 += more.1;
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
        self.tally.add(tally);
    }

    /// Adds what another thread has seen.
    pub(super) fn join(&mut self, other: Self) {
        self.pages += other.pages;
        self.failing.extend(other.failing);
        self.tally.add(&other.tally);
    }

    /// For the page on accessibility.
    pub(super) fn view(&self, catalog: &Catalog, base: &Base, pairs: usize) -> AuditView {
        let mut failing: Vec<&str> = self.failing.iter().map(|(.., address)| address.as_str()).collect();
        failing.sort_unstable();
        failing.dedup();
        let row = |((what, criterion), (seen, failed)): (&(&'static str, &'static str), &(u32, u32))| AuditRow {
            what,
            criterion,
            seen: with_commas(u64::from(*seen)),
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
                .chain([AuditRow {
                    what: CONTRAST.0,
                    criterion: CONTRAST.1,
                    seen: with_commas(pairs as u64),
                    failed: 0,
                }])
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
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Named {
    tag: Print,
    named: bool,
}

/// What of a tag's attributes is looked at.
#[derive(Default)]
struct Attributes<'a> {
    id: Option<Print>,
    href: Option<&'a str>,
    alt: Option<&'a str>,
    /// It has a name of its own.
    named: bool,
    lang: bool,
    name: &'a str,
    content: &'a str,
    kind: &'a str,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
struct Table {
    caption: bool,
    header: bool,
}

/// Looks at pages. What they share it looks at once.
#[derive(Debug, Default)]
pub(super) struct Looker {
    parts: RwLock<Parts>,
}

/// Only ever asked, never walked.
#[derive(Debug, Default)]
struct Parts {
    /// By their keys. Nothing where a text has to be looked at where it stands.
    known: HashMap<usize, Option<Arc<Page>>>,
    /// In thousands of cards the same is seen.
    seen: HashSet<Arc<Page>>,
}

impl Parts {
    fn keep(&mut self, key: usize, page: Option<Page>) -> Option<Arc<Page>> {
        let page = page.map(|page| match self.seen.get(&page) {
            Some(seen) => Arc::clone(seen),
            None => {
                let page = Arc::new(page);
                self.seen.insert(Arc::clone(&page));
                page
            }
        });
        self.known.insert(key, page.clone());
        page
    }
}

impl Looker {
    /// Looks at a page. What was found may be kept until the page changes.
    pub(super) fn look(&self, html: &str, parts: &[Part]) -> Tally {
        let mut page = Page::default();
        let mut tokens = Tokens::new(html);
        let mut parts = parts.iter().peekable();
        loop {
            if !page.listens() {
                tokens.skip_text();
            }
            let at = tokens.at();
            if let Some(part) = parts.next_if(|part| at.is_some_and(|at| part.at.start <= at)) {
                if Some(part.at.start) == at
                    && let Some(known) = self.part(part, html)
                {
                    page.add(&known);
                    tokens.go_to(part.at.end);
                }
                continue;
            }
            let Some(token) = tokens.next() else { break };
            page.see(token, &mut tokens);
        }
        page.end()
    }

    fn part(&self, part: &Part, html: &str) -> Option<Arc<Page>> {
        if let Some(known) = self.parts.read().unwrap_or_else(PoisonError::into_inner).known.get(&part.key) {
            return known.clone();
        }
        let page = html.get(part.at.clone()).and_then(Page::of_part);
        self.parts.write().unwrap_or_else(PoisonError::into_inner).keep(part.key, page)
    }
}

/// The fingerprint of a tag's name or of an id: all that is asked of them is whether two are the same.
type Print = u64;

fn print(of: &str) -> Print {
    xxh3_64(of.as_bytes())
}

/// What is seen of a page, or of a part that stands on many.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
struct Page {
    tally: Tally,
    language: bool,
    title: bool,
    in_title: bool,
    zoom: bool,
    mains: usize,
    skip: bool,
    /// Levels.
    headings: Vec<u8>,
    named: Vec<Named>,
    tables: Vec<Table>,
    /// What a part has of a table that it stands in.
    table: Table,
    ids: Vec<Print>,
    refers: Vec<Print>,
    labels: Vec<Print>,
    /// Fields without a name of their own: id, and whether a label is around them.
    fields: Vec<(Option<Print>, bool)>,
    in_label: usize,
    /// Only a part of a page.
    is_part: bool,
    /// A part with something to read.
    speaks: bool,
    /// A part that means something else in another place.
    depends: bool,
}

impl Page {
    /// What is seen of a part wherever it stands, if it is whole and no frame.
    fn of_part(html: &str) -> Option<Self> {
        let mut part = Self { is_part: true, ..Self::default() };
        let mut tokens = Tokens::new(html);
        while let Some(token) = tokens.next() {
            part.see(token, &mut tokens);
            if !part.listens() {
                tokens.skip_text();
            }
        }
        let open = !part.named.is_empty() || !part.tables.is_empty() || part.in_label > 0 || tokens.is_cut();
        (!open && !part.depends).then_some(part)
    }

    /// Adds a part that begins here.
    fn add(&mut self, part: &Self) {
        self.tally.add(&part.tally);
        self.mains += part.mains;
        self.skip |= part.skip;
        self.headings.extend(&part.headings);
        self.ids.extend(&part.ids);
        self.refers.extend(&part.refers);
        self.labels.extend(&part.labels);
        let in_label = self.in_label > 0;
        self.fields.extend(part.fields.iter().map(|(id, named)| (*id, *named || in_label)));
        let table = self.table();
        table.caption |= part.table.caption;
        table.header |= part.table.header;
        if part.speaks {
            self.name();
        }
    }

    fn see<'a>(&mut self, token: Token<'a>, tokens: &mut Tokens<'a>) {
        match token {
            Token::Text(text) => {
                if self.listens() && !text.trim_start().is_empty() {
                    self.name();
                }
            }
            Token::Open(name) => self.open(name, tokens),
            Token::Close(name) => self.close(name),
            Token::Raw(_) => {}
        }
    }

    /// Whether it makes a difference that there is something to read.
    fn listens(&self) -> bool {
        self.in_title || !self.named.is_empty() || self.is_part && !self.speaks
    }

    /// There is something to read.
    fn name(&mut self) {
        self.title |= self.in_title;
        self.speaks = true;
        for open in &mut self.named {
            open.named = true;
        }
    }

    fn open<'a>(&mut self, tag: &'a str, tokens: &mut Tokens<'a>) {
        let mut of = Attributes::default();
        let ids = |value: &'a str| value.split_ascii_whitespace().map(print);
        while let Some((name, value)) = tokens.attribute() {
            match name.as_bytes() {
                b"id" => {
                    let id = print(value);
                    self.ids.push(id);
                    of.id = Some(id);
                }
                b"aria-label" | b"title" => of.named |= !value.trim().is_empty(),
                b"aria-labelledby" => {
                    of.named = true;
                    self.refers.extend(ids(value));
                }
                b"aria-describedby" | b"aria-controls" | b"popovertarget" => self.refers.extend(ids(value)),
                b"for" => {
                    let id = print(value);
                    self.refers.push(id);
                    self.labels.push(id);
                }
                b"href" => of.href = Some(value),
                b"alt" => of.alt = Some(value),
                b"lang" => of.lang = !value.is_empty(),
                b"name" => of.name = value,
                b"content" => of.content = value,
                b"type" => of.kind = value,
                _ => {}
            }
        }
        match tag.as_bytes() {
            b"html" => {
                self.language = of.lang;
                self.depends = true;
            }
            b"title" => {
                self.in_title = true;
                self.depends = true;
            }
            b"meta" if of.name == "viewport" => {
                self.zoom = !of.content.contains("user-scalable=no") && !of.content.contains("maximum-scale=1");
                self.depends = true;
            }
            b"main" => self.mains += 1,
            [b'h', level @ b'1'..=b'6'] => self.headings.push(level - b'0'),
            b"img" => {
                self.tally.look(3, of.alt.is_some());
                if of.alt.is_some_and(|alt| !alt.trim().is_empty()) {
                    self.name();
                }
            }
            b"a" if of.href.is_none() => {}
            b"a" | b"button" | b"summary" => {
                self.skip |= of.href == Some("#hn-main");
                self.named.push(Named { tag: print(tag), named: of.named });
            }
            b"label" => self.in_label += 1,
            b"input" | b"select" | b"textarea"
                if !matches!(of.kind, "hidden" | "submit" | "button" | "reset" | "image") =>
            {
                self.fields.push((of.id, of.named || self.in_label > 0));
            }
            b"table" => self.tables.push(Table::default()),
            b"caption" => self.table().caption = true,
            b"th" => self.table().header = true,
            _ => {}
        }
    }

    fn table(&mut self) -> &mut Table {
        self.tables.last_mut().unwrap_or(&mut self.table)
    }

    fn close(&mut self, tag: &str) {
        match tag.as_bytes() {
            b"title" => self.in_title = false,
            b"label" => match self.in_label.checked_sub(1) {
                Some(less) => self.in_label = less,
                None => self.depends = true,
            },
            b"table" => match self.tables.pop() {
                Some(table) => self.tally.look(6, table.caption && table.header),
                None => self.depends = true,
            },
            b"a" | b"button" | b"summary" => {
                let tag = print(tag);
                match self.named.iter().rposition(|open| open.tag == tag) {
                    Some(at) => {
                        let open = self.named.remove(at);
                        self.tally.look(4, open.named);
                    }
                    // That of a link that leads nowhere is none of ours.
                    None => self.depends = true,
                }
            }
            _ => {}
        }
    }

    /// One large heading first, and none below that leaves out a level.
    fn headings_in_order(&self) -> bool {
        let large = self.headings.iter().filter(|level| **level == 1).count();
        let steps = self.headings.windows(2).all(|pair| matches!(pair, [above, below] if *below <= above + 1));
        large == 1 && self.headings.first() == Some(&1) && steps
    }

    fn end(mut self) -> Tally {
        for ids in [&mut self.ids, &mut self.labels] {
            ids.sort_unstable();
        }
        let double = self.ids.windows(2).any(|pair| pair.first() == pair.last());
        let is_there = |ids: &[Print], id: &Print| ids.binary_search(id).is_ok();
        let in_order = self.headings_in_order();
        let tally = &mut self.tally;
        tally.look(0, self.language);
        tally.look(1, self.title);
        tally.look(2, in_order);
        for (id, named) in &self.fields {
            tally.look(5, *named || id.is_some_and(|id| is_there(&self.labels, &id)));
        }
        tally.look(7, self.skip && self.mains == 1);
        tally.look(8, !double && self.refers.iter().all(|id| is_there(&self.ids, id)));
        tally.look(9, self.zoom);
        self.tally
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    const GOOD: &str = "<!doctype html><html lang=ja><title>題</title><meta content=\"width=device-width\" name=viewport>\
        <a href=#hn-main>本文へ</a><main id=hn-main><h1>題</h1><h2>次</h2><img alt=\"\" src=x>\
        <a href=/><img alt=家 src=y></a><table><caption>表</caption><tr><th>い</table></table>\
        <label for=q>言葉</label><input id=q type=search></main>";

    fn look(html: &str) -> Tally {
        Looker::default().look(html, &[])
    }

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

    /// Whatever a part is cut out of, it must not make a difference that it is looked at on its own.
    #[test]
    fn parts_are_looked_at_as_where_they_stand() {
        let pages = [
            GOOD.to_owned(),
            "<title>{</title><main><h1>題<b>い</b></h1><label>う<input><table><caption>え</caption><tr><th>お</table></label>\
                <a href=x><img alt=か></a></main><script>a<b</script><!--<a href=z>--><button title=\"<b>\"></button><p id=x id=x>"
                .to_owned(),
        ];
        let mut taken = 0;
        for page in &pages {
            let whole = look(page);
            let places: Vec<usize> = page.char_indices().map(|(at, _)| at).collect();
            for (count, from) in places.iter().enumerate() {
                for to in places.iter().skip(count + 1) {
                    let looker = Looker::default();
                    let part = Part { at: *from..*to, key: 1 };
                    assert_eq!(looker.look(page, std::slice::from_ref(&part)), whole, "{}", &page[*from..*to]);
                    taken += looker.parts.read().unwrap().seen.len();
                }
            }
        }
        assert!(taken > 200, "{taken}");
    }

    #[test]
    fn parts_side_by_side_are_all_taken() {
        let card = "<li><a href=x>い</a></li>";
        let page = format!("<ul>{card}{card}{card}</ul>");
        let part = |at: usize| Part { at: 4 + at * card.len()..4 + (at + 1) * card.len(), key: at };
        let looker = Looker::default();
        assert_eq!(looker.look(&page, &[part(0), part(1), part(2)]), look(&page));
        assert_eq!(looker.parts.read().unwrap().known.len(), 3);
    }
}
