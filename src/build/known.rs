//! What a build leaves to the next one about its pages and calendars, and why a page is made all the same.
//!
//! A page is a pure function of its view, the templates that its own one names, the frame around all pages, and this
//! program. Of each page the fingerprint of its view is kept, with what was seen in it, so that the next build can
//! leave it where it is and still say what all pages hold.

use super::audit::Tally;
use super::policy::Seen;
use crate::catalog::{Catalog, Prints};
use crate::raw;
use crate::render::Reach;
use crate::site::views::{Shown, Sight};
use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What all pages have in common.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Frame {
    /// What the program is made of.
    pub program: String,
    /// The menus, the desk, addresses of style sheets, and the day.
    pub chrome: Shown,
    /// The address and the day, which nearly all values of the frame come from.
    pub address: String,
    pub day: String,
    /// Settings that pages carry out and templates do not see.
    pub hosting: String,
    /// Each template with all that it may use.
    pub templates: BTreeMap<String, Reach>,
    /// Everything that views see and the catalog does not note: settings, words, the day, photos.
    pub around: u128,
    /// Name and fingerprint of each part of the catalog.
    #[serde(with = "raw::prints")]
    pub parts: Vec<(u64, u64)>,
}

/// A page as it lies in the output.
#[derive(Debug, Clone)]
pub(super) struct Page {
    pub shown: Shown,
    /// Numbers of the parts of the catalog that its view was made of.
    pub reads: Vec<u32>,
    pub found: Arc<Found>,
}

/// What was found on a page, as many have it.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Found {
    pub tally: Tally,
    /// Without saying which page it is.
    pub seen: Seen,
}

/// All pages of a build. Only ever asked, never walked.
#[derive(Debug, Default)]
pub(super) struct Known {
    frame: Frame,
    pages: HashMap<Arc<str>, Page>,
    /// Calendars by their paths: numbers of the parts of the catalog that each was made of.
    calendars: HashMap<String, Vec<u32>>,
}

/// How it is written.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Written {
    frame: Frame,
    found: Vec<Arc<Found>>,
    pages: Vec<WrittenPage>,
    calendars: Vec<(String, Vec<u32>)>,
}

#[derive(Debug, Serialize, Deserialize)]
struct WrittenPage {
    address: Arc<str>,
    shown: Shown,
    #[serde(with = "raw::numbers")]
    reads: Vec<u32>,
    /// The place of what was found on it.
    found: u32,
}

impl Written {
    pub(super) fn new(frame: Frame, pages: Vec<(Arc<str>, Page)>, calendars: Vec<(String, Vec<u32>)>) -> Self {
        let mut places: BTreeMap<Arc<Found>, u32> = BTreeMap::new();
        let mut all = Vec::new();
        let pages = pages.into_iter().map(|(address, Page { shown, reads, found })| {
            let at = *places.entry(found).or_insert_with_key(|found| {
                all.push(Arc::clone(found));
                all.len() as u32 - 1
            });
            WrittenPage { address, shown, reads, found: at }
        });
        let pages = pages.collect();
        Self { frame, found: all, pages, calendars }
    }

    pub(super) fn known(self) -> Known {
        let page = |WrittenPage { address, shown, reads, found }: WrittenPage| {
            let found = self.found.get(found as usize).cloned()?;
            Some((address, Page { shown, reads, found }))
        };
        Known {
            frame: self.frame,
            pages: self.pages.into_iter().filter_map(page).collect(),
            calendars: self.calendars.into_iter().collect(),
        }
    }
}

/// Why a page was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// There is no record of an earlier build, or none that can be read.
    NoRecord,
    /// Another program made the last one.
    Program,
    /// Settings of hosts changed, which pages say.
    Hosting,
    /// The site has another address.
    Address,
    /// The site's today is another one.
    Day,
    /// What all pages show changed: the names of the values, if they are known.
    Frame(Vec<String>),
    /// Its template, or one that is used by it: the names of those that changed.
    Template(Vec<String>),
    /// It was not there before.
    New,
    /// Its file is not as the last build left it.
    File,
    /// What it shows.
    Values(Box<Values>),
}

/// What is not as it was on a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Values {
    /// The names of the values.
    pub names: Vec<String>,
    /// The entries that changed among those it is made of.
    pub entries: Vec<String>,
}

/// How many entries are named.
const MOST: usize = 3;

impl Why {
    /// In Japanese and in English.
    pub fn words(&self) -> (String, String) {
        let say = |ja: &str, en: &str| (ja.to_owned(), en.to_owned());
        let both = |names: &[String]| (names.join("・"), names.join(", "));
        match self {
            Self::NoRecord => say("前のビルドの記録がない", "no record of an earlier build"),
            Self::Program => say("heartnet が前とちがう", "another version of heartnet"),
            Self::Address => say("サイトのアドレスが変わった", "the site's address changed"),
            Self::Day => say("サイトの今日が変わった", "the site's today changed"),
            Self::Hosting => say(
                "設定の hosting か order.endpoint か search.include が変わった",
                "the settings hosting, order.endpoint or search.include changed",
            ),
            Self::Frame(names) => {
                let (ja, en) = both(names);
                (format!("全ページに共通の値が変わった（{ja}）"), format!("what all pages show changed ({en})"))
            }
            Self::Template(names) => {
                let (ja, en) = both(names);
                (format!("テンプレートが変わった（{ja}）"), format!("templates changed ({en})"))
            }
            Self::New => say("新しいページ", "new"),
            Self::File => {
                say("書き出したファイルが、前のビルドのままではない", "its file is not as the last build left it")
            }
            Self::Values(values) if values.entries.is_empty() => {
                let (ja, en) = both(&values.names);
                (format!("値が変わった（{ja}）"), format!("its values changed ({en})"))
            }
            Self::Values(values) => {
                let Values { names, entries } = &**values;
                let (ja, en) = both(names);
                let (named, rest) = entries.split_at(entries.len().min(MOST));
                let (mut named_ja, mut named_en) = both(named);
                if !rest.is_empty() {
                    named_ja.push_str(&format!(" ほか{}件", rest.len()));
                    named_en.push_str(&format!(" and {} more", rest.len()));
                }
                (format!("{named_ja} が変わった（値: {ja}）"), format!("{named_en} changed (values: {en})"))
            }
        }
    }
}

/// The pages of the last build as this one may use them.
pub(super) struct Earlier {
    known: Known,
    /// Why none of them may be used.
    none: Option<Why>,
    /// Of each template the names of those that changed among all that it may use.
    changed: BTreeMap<String, Vec<String>>,
    /// Parts of the earlier catalog. Only ever asked, never walked.
    had: HashSet<(u64, u64)>,
    /// For each part of the earlier catalog its number in this one, if it is as it was. Empty where that says nothing.
    parts: Vec<Option<u32>>,
}

impl Earlier {
    pub(super) fn new(known: Option<Known>, frame: &Frame, chrome: &Sight, prints: &Prints) -> Self {
        let found = known.is_some();
        let known = known.unwrap_or_default();
        let was = &known.frame;
        let none = match () {
            () if !found => Some(Why::NoRecord),
            () if was.program != frame.program => Some(Why::Program),
            () if was.address != frame.address => Some(Why::Address),
            () if was.day != frame.day => Some(Why::Day),
            () if !was.chrome.is(&frame.chrome) => Some(Why::Frame(chrome.changed(&was.chrome))),
            () if was.hosting != frame.hosting => Some(Why::Hosting),
            () => None,
        };
        let parts = if was.around == frame.around { prints.same_as(&was.parts) } else { Vec::new() };
        let had = was.parts.iter().copied().collect();
        let differs = |(name, now): (&String, &Reach)| (name.clone(), differing(now, was.templates.get(name)));
        let changed = frame.templates.iter().map(differs).collect();
        Self { known, none, changed, had, parts }
    }

    /// What something was made of, in numbers of today, if nothing of it has changed: then it is what it was.
    pub(super) fn untouched(&self, reads: &[u32]) -> Option<Vec<u32>> {
        reads
            .iter()
            .map(|part| self.parts.get(*part as usize).copied().flatten())
            .collect::<Option<Vec<u32>>>()
            .filter(|_| !self.parts.is_empty())
    }

    /// What a calendar was made of, in numbers of today, if it lies there as it has to be.
    pub(super) fn calendar(&self, path: &str, is_whole: impl Fn() -> bool) -> Option<Vec<u32>> {
        let reads = self.known.calendars.get(path).filter(|_| self.none.is_none())?;
        self.untouched(reads).filter(|_| is_whole())
    }

    /// The page as it lies there, or why it is to be made whatever it shows.
    pub(super) fn page(&self, address: &str, template: &str, is_whole: impl Fn() -> bool) -> Result<&Page, Why> {
        if let Some(why) = &self.none {
            return Err(why.clone());
        }
        let page = self.known.pages.get(address).ok_or(Why::New)?;
        match self.changed.get(template) {
            Some(changed) if changed.is_empty() => {}
            changed => return Err(Why::Template(changed.cloned().unwrap_or_default())),
        }
        if is_whole() { Ok(page) } else { Err(Why::File) }
    }

    /// Entries that are new or changed among the parts that a page is made of, by their numbers of today.
    pub(super) fn changed(&self, reads: &[u32], prints: &Prints, catalog: &Catalog) -> Vec<String> {
        let is_new = |at: &&u32| prints.table.get(**at as usize).is_some_and(|part| !self.had.contains(part));
        reads.iter().filter(is_new).filter_map(|at| prints.entry(*at, catalog)).collect()
    }
}

/// Templates that are not as they were, or are used no more.
fn differing(now: &Reach, then: Option<&Reach>) -> Vec<String> {
    let names = now.keys().chain(then.into_iter().flat_map(Reach::keys));
    let differs = |name: &&String| then.and_then(|then| then.get(*name)) != now.get(*name);
    names.filter(differs).cloned().collect::<BTreeSet<String>>().into_iter().collect()
}
