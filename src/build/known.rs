//! What a build leaves to the next one about its pages, and why a page is made all the same.
//!
//! A page is a pure function of its view, the templates that its own one names, the frame around all pages, and this
//! program. Of each page the fingerprint of its view is kept, with what was seen in it, so that the next build can
//! leave it where it is and still say what all pages hold.

use super::audit::Tally;
use super::policy::Seen;
use crate::catalog::Prints;
use crate::site::views::{Shown, Sight};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::Arc;

/// What all pages have in common.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Frame {
    /// What the program is made of.
    pub program: String,
    /// The menus, the desk, addresses of style sheets, and the day.
    pub chrome: Shown,
    /// Settings that pages carry out and templates do not see.
    pub hosting: String,
    /// Each template with all that it names.
    pub templates: BTreeMap<String, u128>,
    /// Everything that views see and the catalog does not note: settings, words, the day, photos.
    pub around: u128,
    /// Name and fingerprint of each part of the catalog.
    pub parts: Vec<(u64, u64)>,
}

/// A page as it lies in the output.
#[derive(Debug, Clone)]
pub(super) struct Page {
    pub shown: Shown,
    /// Numbers of the parts of the catalog that its view was made of.
    pub reads: Vec<u32>,
    pub tally: Tally,
    pub seen: Arc<Seen>,
}

/// All pages of a build. Only ever asked, never walked.
#[derive(Debug, Default)]
pub(super) struct Known {
    frame: Frame,
    pages: HashMap<String, Page>,
}

/// How it is written: many pages hold the same scripts.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Written {
    frame: Frame,
    seen: Vec<Seen>,
    pages: Vec<(String, Shown, Vec<u32>, Tally, u32)>,
}

impl Written {
    pub(super) fn new(frame: Frame, pages: Vec<(String, Page)>) -> Self {
        let mut places: BTreeMap<Arc<Seen>, u32> = BTreeMap::new();
        let mut seen = Vec::new();
        let pages = pages.into_iter().map(|(address, page)| {
            let next = places.len() as u32;
            let at = *places.entry(Arc::clone(&page.seen)).or_insert(next);
            if at == next {
                seen.push(Seen::clone(&page.seen));
            }
            (address, page.shown, page.reads, page.tally, at)
        });
        let pages = pages.collect();
        Self { frame, seen, pages }
    }

    pub(super) fn known(self) -> Known {
        let seen: Vec<Arc<Seen>> = self.seen.into_iter().map(Arc::new).collect();
        let page = |(address, shown, reads, tally, at): (String, Shown, Vec<u32>, Tally, u32)| {
            let seen = seen.get(at as usize).cloned()?;
            Some((address, Page { shown, reads, tally, seen }))
        };
        Known { frame: self.frame, pages: self.pages.into_iter().filter_map(page).collect() }
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
    /// What all pages show changed: the names of the values, if they are known.
    Frame(Vec<String>),
    /// Its template, or one that is used by it.
    Template,
    /// It was not there before.
    New,
    /// Its file is not as the last build left it.
    File,
    /// What it shows: the names of the values.
    Values(Vec<String>),
}

impl fmt::Display for Why {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |names: &[String]| names.join("・");
        match self {
            Self::NoRecord => to.write_str("前のビルドの記録がない"),
            Self::Program => to.write_str("heartnet が前とちがう"),
            Self::Hosting => to.write_str("hosting などの設定が変わった"),
            Self::Frame(names) => write!(to, "全ページに共通の値が変わった（{}）", list(names)),
            Self::Template => to.write_str("テンプレートが変わった"),
            Self::New => to.write_str("新しいページ"),
            Self::File => to.write_str("書き出したファイルが、前のビルドのままではない"),
            Self::Values(names) => write!(to, "値が変わった（{}）", list(names)),
        }
    }
}

impl Why {
    /// The same in English.
    pub fn english(&self) -> String {
        match self {
            Self::NoRecord => "no record of an earlier build".to_owned(),
            Self::Program => "another version of heartnet".to_owned(),
            Self::Hosting => "settings of hosts changed".to_owned(),
            Self::Frame(names) => format!("what all pages show changed ({})", names.join(", ")),
            Self::Template => "its templates changed".to_owned(),
            Self::New => "new".to_owned(),
            Self::File => "its file is not as the last build left it".to_owned(),
            Self::Values(names) => format!("its values changed ({})", names.join(", ")),
        }
    }
}

/// The pages of the last build as this one may use them.
pub(super) struct Earlier {
    known: Known,
    /// Why none of them may be used.
    none: Option<Why>,
    templates: BTreeMap<String, u128>,
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
            () if !was.chrome.is(&frame.chrome) => Some(Why::Frame(chrome.changed(&was.chrome))),
            () if was.hosting != frame.hosting => Some(Why::Hosting),
            () => None,
        };
        let parts = if was.around == frame.around { prints.same_as(&was.parts) } else { Vec::new() };
        Self { known, none, templates: frame.templates.clone(), parts }
    }

    /// What a page was made of, in numbers of today, if nothing of it has changed: then it shows what it showed.
    pub(super) fn untouched(&self, page: &Page) -> Option<Vec<u32>> {
        page.reads
            .iter()
            .map(|part| self.parts.get(*part as usize).copied().flatten())
            .collect::<Option<Vec<u32>>>()
            .filter(|_| !self.parts.is_empty())
    }

    /// The page as it lies there, or why it is to be made whatever it shows.
    pub(super) fn page(&self, address: &str, template: &str, is_whole: impl Fn() -> bool) -> Result<&Page, Why> {
        if let Some(why) = &self.none {
            return Err(why.clone());
        }
        let page = self.known.pages.get(address).ok_or(Why::New)?;
        let print = |of: &BTreeMap<String, u128>| of.get(template).copied();
        match () {
            () if print(&self.templates).is_none() || print(&self.templates) != print(&self.known.frame.templates) => {
                Err(Why::Template)
            }
            () if !is_whole() => Err(Why::File),
            () => Ok(page),
        }
    }
}
