//! 商品: 物品 and 役務 that can be ordered.

use super::{Capacity, Cert, Day};
use serde::{Deserialize, Serialize, Serializer};

/// A product or a service.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the fields are those of the contract; schema::kinds documents each")]
pub struct Product {
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kana: Option<String>,
    pub makers: Vec<Maker>,
    pub category: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price: Option<Price>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_order: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_order: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lead_days: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub capacity: Option<Capacity>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub season: Vec<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allergens: Option<Allergens>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ingredients: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub net: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shelf_life: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub storage: Option<String>,
    pub noufuku: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gift: Option<Gift>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub variants: Vec<Variant>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub delivery: Vec<Delivery>,
    pub order: OrderRoute,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shop_url: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sold_at: Vec<String>,
    pub status: ProductStatus,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<Day>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub certs: Vec<Cert>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
}

impl Product {
    /// Whether an order of it is taken now: by its status, and by whom it takes orders.
    pub fn can_be_ordered(&self) -> bool {
        self.status.can_be_ordered() && self.order != OrderRoute::None
    }

    /// Its reading, or its name where there is none.
    pub fn reading(&self) -> &str {
        self.kana.as_deref().unwrap_or(&self.name)
    }

    /// The least one can pay for it, of all its variants.
    pub fn lowest_price(&self) -> Option<u64> {
        let variants = self.variants.iter().filter_map(|variant| variant.price.as_ref());
        self.price.iter().chain(variants).map(|price| price.amount).min()
    }
}

/// A facility that makes it, and how much.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Maker {
    /// Its id.
    pub facility: String,
    /// Its own capacity.
    #[serde(default)]
    pub capacity: Option<Capacity>,
}

impl Serialize for Maker {
    /// As an entry is written: the bare id where there is nothing else.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Full<'a> {
            facility: &'a str,
            capacity: Capacity,
        }
        match self.capacity {
            None => serializer.serialize_str(&self.facility),
            Some(capacity) => Full { facility: &self.facility, capacity }.serialize(serializer),
        }
    }
}

/// A price, tax included.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Price {
    /// Yen.
    pub amount: u64,
    /// Per cent, where it is not the category's.
    #[serde(default)]
    pub tax: Option<u8>,
    /// 「500円から」
    #[serde(default)]
    pub from: bool,
    /// Shown behind it.
    #[serde(default)]
    pub note: Option<String>,
}

impl Serialize for Price {
    /// As an entry is written: the bare amount where there is nothing else.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Full<'a> {
            amount: u64,
            #[serde(skip_serializing_if = "Option::is_none")]
            tax: Option<u8>,
            #[serde(skip_serializing_if = "std::ops::Not::not")]
            from: bool,
            #[serde(skip_serializing_if = "Option::is_none")]
            note: Option<&'a str>,
        }
        if self.tax.is_none() && !self.from && self.note.is_none() {
            return serializer.serialize_u64(self.amount);
        }
        Full { amount: self.amount, tax: self.tax, from: self.from, note: self.note.as_deref() }.serialize(serializer)
    }
}

/// What is known about allergens. What is not named is unknown, never "free of".
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Allergens {
    /// 含む
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contains: Vec<String>,
    /// 混入の可能性
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub may_contain: Vec<String>,
    /// 含まない
    #[serde(skip_serializing_if = "FreeOf::is_empty")]
    pub free_of: FreeOf,
}

/// What it is known not to contain.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum FreeOf {
    /// These.
    Named(Vec<String>),
    /// The word `mandatory`: none of those that must be declared on the day.
    Mandatory(MandatoryWord),
}

/// The word `mandatory`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MandatoryWord {
    /// `mandatory`
    Mandatory,
}

impl Default for FreeOf {
    fn default() -> Self {
        Self::Named(Vec::new())
    }
}

impl FreeOf {
    fn is_empty(&self) -> bool {
        matches!(self, Self::Named(names) if names.is_empty())
    }
}

/// のし, 包装, 名入れ.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Gift {
    /// のし
    pub noshi: bool,
    /// 包装
    pub wrapping: bool,
    /// 名入れ
    pub name_printing: bool,
}

/// Another size or taste with its own price.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Variant {
    /// Unique within the product.
    pub id: String,
    /// Shown.
    pub name: String,
    /// Where it differs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Price>,
}

macro_rules! words {
    ($(#[$outer:meta])* $name:ident { $($(#[$inner:meta])* $variant:ident = $word:literal $label:literal),* $(,)? }) => {
        $(#[$outer])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        pub enum $name { $( #[doc = $label] $(#[$inner])* #[serde(rename = $word)] $variant, )* }

        impl $name {
            /// The words an entry may use, with what they are called.
            pub const WORDS: &'static [(&'static str, &'static str)] = &[$(($word, $label)),*];

            /// As written in an entry.
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }

            /// As shown.
            pub fn label(self) -> &'static str {
                match self { $(Self::$variant => $label),* }
            }
        }
    };
}
pub(crate) use words;

words! {
    /// How it reaches the buyer.
    Delivery { Pickup = "pickup" "引き取り", Own = "own" "配達", Post = "post" "宅配便・郵送", Cold = "cold" "冷蔵・冷凍便" }
}

words! {
    /// Where it is ordered.
    #[derive(Default)]
    OrderRoute {
        #[default]
        Desk = "desk" "共同受注窓口",
        Direct = "direct" "事業所へ直接",
        None = "none" "注文は受けていません",
    }
}

words! {
    /// Whether it can be had.
    #[derive(Default)]
    ProductStatus {
        #[default]
        OnSale = "on_sale" "販売中",
        MadeToOrder = "made_to_order" "受注生産",
        OneOff = "one_off" "一点もの",
        SoldOut = "sold_out" "売り切れ",
        Paused = "paused" "お休み中",
        Ended = "ended" "販売終了",
    }
}

impl ProductStatus {
    /// Whether an order for it makes sense today.
    pub fn can_be_ordered(self) -> bool {
        matches!(self, Self::OnSale | Self::MadeToOrder | Self::OneOff)
    }
}
