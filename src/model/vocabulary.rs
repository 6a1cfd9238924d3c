//! The controlled words of `content/vocabulary.yaml`: whatever differs from one council to the next.

use super::{Day, text};
use rustc_hash::FxHashMap as HashMap;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The lists of words an entry can refer to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WordList {
    /// Official classes of 優先調達.
    Procurement,
    /// Shopper categories, both levels.
    Category,
    /// Areas and municipalities.
    Area,
    /// Kinds of facility.
    FacilityKind,
    /// Kinds of event.
    EventKind,
    /// Accessibility points.
    Accessibility,
    /// Allergens of any of the dated lists.
    Allergen,
}

impl WordList {
    /// What an editor calls it, and its name in English.
    pub fn label(self) -> (&'static str, &'static str) {
        match self {
            Self::Procurement => ("優先調達の区分", "procurement class"),
            Self::Category => ("分類", "category"),
            Self::Area => ("地域", "area"),
            Self::FacilityKind => ("事業所の種別", "facility kind"),
            Self::EventKind => ("催しの種類", "event kind"),
            Self::Accessibility => ("バリアフリーの項目", "accessibility point"),
            Self::Allergen => ("アレルゲン", "allergen"),
        }
    }
}

/// A word with its label and reading.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Word {
    /// ASCII id, part of addresses.
    pub id: String,
    /// Shown.
    pub label: String,
    /// Its reading; the order of lists.
    #[serde(default)]
    pub kana: String,
    /// A drawing that stands for entries without a photo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
}

/// 物品 or 役務.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Group {
    /// Things.
    #[serde(rename = "物品")]
    Goods,
    /// Work.
    #[serde(rename = "役務")]
    Services,
}

impl Group {
    /// 物品 / 役務
    pub fn label(self) -> &'static str {
        match self {
            Self::Goods => "物品",
            Self::Services => "役務",
        }
    }
}

/// An official class of 優先調達.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Procurement {
    /// ASCII id.
    pub id: String,
    /// 物品 or 役務.
    pub group: Group,
    /// Shown.
    pub label: String,
    /// Its reading.
    #[serde(default)]
    pub kana: String,
}

/// A shopper category with what it inherits from its parent.
#[derive(Debug, Clone, PartialEq)]
pub struct Category {
    /// The word itself.
    pub word: Word,
    /// Its parent's place in the list.
    pub parent: Option<usize>,
    /// Place of its official class.
    pub procurement: Option<usize>,
    /// Tax in per cent.
    pub tax: Option<u8>,
}

/// An area or a municipality.
#[derive(Debug, Clone, PartialEq)]
pub struct Area {
    /// The word itself.
    pub word: Word,
    /// Its parent's place in the list.
    pub parent: Option<usize>,
    /// 全国地方公共団体コード, five digits.
    pub code: Option<String>,
}

/// The allergens that must or should be declared from a day on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AllergenList {
    /// First day.
    pub from: Day,
    /// Must be declared.
    #[serde(default)]
    pub mandatory: Vec<String>,
    /// Should be declared.
    #[serde(default)]
    pub recommended: Vec<String>,
}

/// The tax rates from a day on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaxRates {
    /// First day.
    pub from: Day,
    /// 軽減税率
    pub reduced: u8,
    /// 標準税率
    pub standard: u8,
}

/// All controlled words.
#[derive(Debug, Clone, Default)]
#[allow(missing_docs, reason = "the lists are those of the contract")]
pub struct Vocabulary {
    pub procurement: Vec<Procurement>,
    /// Parents stand before their children.
    pub categories: Vec<Category>,
    /// Parents stand before their children.
    pub areas: Vec<Area>,
    pub facility_kinds: Vec<Word>,
    pub event_kinds: Vec<Word>,
    pub accessibility: Vec<Word>,
    pub allergens: Vec<AllergenList>,
    pub taxes: Vec<TaxRates>,
    /// Where a price band ends and the next begins, in yen, ascending.
    pub price_bands: Vec<u64>,
    pub readings: BTreeMap<String, String>,
    pub synonyms: Vec<Vec<String>>,
    /// Only ever asked for one word, never walked.
    lookup: HashMap<(WordList, String), String>,
}

/// The file as it is written.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct VocabularyFile {
    procurement: Vec<Procurement>,
    categories: Vec<RawCategory>,
    areas: Vec<RawArea>,
    facility_kinds: Vec<Word>,
    event_kinds: Vec<Word>,
    accessibility: Vec<Word>,
    allergens: Vec<AllergenList>,
    taxes: Vec<TaxRates>,
    price_bands: Vec<u64>,
    readings: BTreeMap<String, String>,
    synonyms: Vec<Vec<String>>,
}

#[derive(Debug, Clone, Deserialize)]
struct RawCategory {
    #[serde(flatten)]
    word: Word,
    #[serde(default)]
    procurement: Option<String>,
    #[serde(default)]
    tax: Option<u8>,
    #[serde(default)]
    children: Vec<RawCategory>,
}

#[derive(Debug, Clone, Deserialize)]
struct RawArea {
    #[serde(flatten)]
    word: Word,
    #[serde(default)]
    code: Option<String>,
    #[serde(default)]
    children: Vec<RawArea>,
}

/// As printed catalogs of councils have them, where the vocabulary says nothing else.
const PRICE_BANDS: [u64; 3] = [1000, 2000, 3000];

impl Vocabulary {
    /// Puts the two levels into one list each, lets children inherit, and indexes ids and labels.
    pub fn new(file: VocabularyFile) -> Self {
        let mut new = Self {
            procurement: file.procurement,
            facility_kinds: file.facility_kinds,
            event_kinds: file.event_kinds,
            accessibility: file.accessibility,
            allergens: file.allergens,
            taxes: file.taxes,
            price_bands: file.price_bands,
            readings: file.readings,
            synonyms: file.synonyms,
            ..Self::default()
        };
        if new.price_bands.is_empty() {
            new.price_bands = PRICE_BANDS.to_vec();
        }
        new.price_bands.sort_unstable();
        new.price_bands.dedup();
        new.allergens.sort_by_key(|list| list.from);
        new.taxes.sort_by_key(|rates| rates.from);
        for parent in file.categories {
            new.add_category(parent, None);
        }
        for parent in file.areas {
            new.add_area(parent, None);
        }
        new.index();
        new
    }

    fn add_category(&mut self, mut raw: RawCategory, parent: Option<usize>) {
        let inherited = parent.and_then(|at| self.categories.get(at));
        let inherited = inherited.map(|up| (up.procurement, up.tax, up.word.image.clone()));
        let (class, tax, image) = inherited.unwrap_or_default();
        let own = raw.procurement.and_then(|id| self.procurement.iter().position(|p| p.id == id || p.label == id));
        let at = self.categories.len();
        raw.word.image = raw.word.image.or(image);
        self.categories.push(Category { word: raw.word, parent, procurement: own.or(class), tax: raw.tax.or(tax) });
        for child in raw.children {
            self.add_category(child, Some(at));
        }
    }

    fn add_area(&mut self, raw: RawArea, parent: Option<usize>) {
        let at = self.areas.len();
        self.areas.push(Area { word: raw.word, parent, code: raw.code });
        for child in raw.children {
            self.add_area(child, Some(at));
        }
    }

    /// The words of a list, as (id, label), in the order of the file.
    pub fn words(&self, list: WordList) -> Vec<(&str, &str)> {
        match list {
            WordList::Procurement => self.procurement.iter().map(|p| (p.id.as_str(), p.label.as_str())).collect(),
            WordList::Category => self.categories.iter().map(|c| (c.word.id.as_str(), c.word.label.as_str())).collect(),
            WordList::Area => self.areas.iter().map(|a| (a.word.id.as_str(), a.word.label.as_str())).collect(),
            WordList::FacilityKind => word_pairs(&self.facility_kinds),
            WordList::EventKind => word_pairs(&self.event_kinds),
            WordList::Accessibility => word_pairs(&self.accessibility),
            WordList::Allergen => {
                let mut names: Vec<(&str, &str)> = Vec::new();
                for name in self.allergens.iter().rev().flat_map(|list| list.mandatory.iter().chain(&list.recommended))
                {
                    if !names.iter().any(|(known, _)| known == name) {
                        names.push((name, name));
                    }
                }
                names
            }
        }
    }

    fn index(&mut self) {
        const LISTS: [WordList; 7] = [
            WordList::Procurement,
            WordList::Category,
            WordList::Area,
            WordList::FacilityKind,
            WordList::EventKind,
            WordList::Accessibility,
            WordList::Allergen,
        ];
        let mut lookup = HashMap::default();
        for list in LISTS {
            let words = self.words(list);
            // An id beats a label, and the first of two equal labels stands.
            for (id, _) in &words {
                lookup.entry((list, (*id).to_owned())).or_insert_with(|| (*id).to_owned());
            }
            for (id, label) in &words {
                lookup.entry((list, text::fold(label))).or_insert_with(|| (*id).to_owned());
            }
        }
        self.lookup = lookup;
    }

    /// The id of a word that is written as its id or its label.
    pub fn find(&self, list: WordList, written: &str) -> Option<&str> {
        let written = written.trim();
        self.lookup
            .get(&(list, written.to_owned()))
            .or_else(|| self.lookup.get(&(list, text::fold(written))))
            .map(String::as_str)
    }

    /// Every drawing that stands for entries without a photo.
    pub fn images(&self) -> impl Iterator<Item = &String> {
        let categories = self.categories.iter().map(|category| &category.word);
        categories.chain(&self.facility_kinds).chain(&self.event_kinds).filter_map(|word| word.image.as_ref())
    }

    /// A category's place by id.
    pub fn category(&self, id: &str) -> Option<usize> {
        self.categories.iter().position(|category| category.word.id == id)
    }

    /// An event kind by id.
    pub fn event_kind(&self, id: &str) -> Option<&Word> {
        self.event_kinds.iter().find(|kind| kind.id == id)
    }

    /// An area's place by id.
    pub fn area(&self, id: &str) -> Option<usize> {
        self.areas.iter().position(|area| area.word.id == id)
    }

    /// A category and those above it, the widest first.
    pub fn category_path(&self, at: usize) -> Vec<usize> {
        path(at, |at| self.categories.get(at).and_then(|category| category.parent))
    }

    /// An area and those above it, the widest first.
    pub fn area_path(&self, at: usize) -> Vec<usize> {
        path(at, |at| self.areas.get(at).and_then(|area| area.parent))
    }

    /// The official class of a category.
    pub fn class_of(&self, category: &Category) -> Option<&Procurement> {
        category.procurement.and_then(|at| self.procurement.get(at))
    }

    /// Whether a category is work (役務) rather than goods.
    pub fn is_work(&self, category: usize) -> bool {
        let class = self.categories.get(category).and_then(|category| self.class_of(category));
        class.is_some_and(|class| class.group == Group::Services)
    }

    /// The allergens as they must be declared on a day.
    pub fn allergens_on(&self, day: Day) -> Option<&AllergenList> {
        self.allergens.iter().rev().find(|list| list.from <= day).or_else(|| self.allergens.first())
    }

    /// Every tax rate there ever is.
    pub fn tax_rates(&self) -> Vec<u8> {
        let mut rates: Vec<u8> = self.taxes.iter().flat_map(|rates| [rates.reduced, rates.standard]).collect();
        rates.sort_unstable();
        rates.dedup();
        rates
    }

    /// The place of a price among the bands.
    pub fn price_band(&self, yen: u64) -> usize {
        self.price_bands.partition_point(|end| *end <= yen)
    }

    /// The part of its address: `under-1000`, `1000-1999`, `from-3000`, `quote`.
    pub fn price_band_id(&self, at: usize) -> String {
        match self.ends_of_band(at) {
            None => "quote".to_owned(),
            Some((None, Some(end))) => format!("under-{end}"),
            Some((Some(start), Some(end))) => format!("{start}-{}", end - 1),
            Some((start, None)) => format!("from-{}", start.unwrap_or_default()),
        }
    }

    /// 「999円まで」「1,000円～1,999円」「3,000円から」「お見積り」
    pub fn price_band_label(&self, at: usize) -> String {
        let yen = text::with_commas;
        match self.ends_of_band(at) {
            None => "お見積り".to_owned(),
            Some((None, Some(end))) => format!("{}円まで", yen(end - 1)),
            Some((Some(start), Some(end))) => format!("{}円～{}円", yen(start), yen(end - 1)),
            Some((start, None)) => format!("{}円から", yen(start.unwrap_or_default())),
        }
    }

    /// First price, and the first that is too high; none behind the last band.
    fn ends_of_band(&self, at: usize) -> Option<(Option<u64>, Option<u64>)> {
        let start = at.checked_sub(1).and_then(|before| self.price_bands.get(before)).copied();
        (at <= self.price_bands.len()).then(|| (start, self.price_bands.get(at).copied()))
    }

    /// The tax rates of a day.
    pub fn taxes_on(&self, day: Day) -> Option<&TaxRates> {
        self.taxes.iter().rev().find(|rates| rates.from <= day).or_else(|| self.taxes.first())
    }
}

fn word_pairs(words: &[Word]) -> Vec<(&str, &str)> {
    words.iter().map(|word| (word.id.as_str(), word.label.as_str())).collect()
}

fn path(at: usize, parent: impl Fn(usize) -> Option<usize>) -> Vec<usize> {
    let mut path = vec![at];
    while let Some(up) = path.last().and_then(|at| parent(*at)) {
        path.push(up);
    }
    path.reverse();
    path
}
