//! Whether a page shows what it showed the last time: told by its view alone, before anything of it is rendered.
//!
//! A page is a pure function of its view, its templates and the frame, so equal fingerprints mean equal bytes. Each
//! field of a view has a fingerprint of its own: that says what has changed, to whoever asks why a page was made.

use super::printer::Printer;
use crate::raw;
use serde::{Deserialize, Serialize, Serializer};
use xxhash_rust::xxh3::xxh3_128;

/// The fingerprint of a view.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    #[serde(with = "raw::print")]
    whole: u128,
    /// A few bits of each field: enough to name what changed, too few to trust.
    #[serde(with = "raw::shorts")]
    fields: Vec<u16>,
}

impl Shown {
    /// Whether it is the same as another one. What could not be read is like nothing.
    pub fn is(&self, other: &Self) -> bool {
        self.whole == other.whole && !self.fields.is_empty()
    }
}

/// A view as it was looked at.
#[derive(Debug, Default)]
pub struct Sight {
    /// Its fingerprint.
    pub shown: Shown,
    names: Vec<&'static str>,
}

impl Sight {
    /// Of any struct of values.
    pub fn of<T: Serialize>(view: &T) -> Self {
        let mut printer = Printer::default();
        printer.bytes.reserve(8 * 1024);
        // Views are plain structs of strings, numbers and lists; one that cannot be read is made each time.
        if view.serialize(&mut printer).is_err() {
            return Self::default();
        }
        let Printer { bytes, fields, .. } = printer;
        let (names, prints) = fields
            .into_iter()
            .map(|(name, field)| (name, xxh3_128(bytes.get(field).unwrap_or_default()) as u16))
            .unzip();
        Self { shown: Shown { whole: xxh3_128(&bytes), fields: prints }, names }
    }

    /// Names of the fields that are not as they were.
    pub fn changed(&self, earlier: &Shown) -> Vec<String> {
        let differs = |at: &usize| earlier.fields.get(*at) != self.shown.fields.get(*at);
        let name = |at: usize| self.names.get(at).map(|name| (*name).to_owned());
        (0..self.names.len()).filter(differs).filter_map(name).collect()
    }
}

/// What templates see of something that stands on many pages: made once, and known by its fingerprint.
#[derive(Debug, Clone)]
pub struct Value {
    inner: tera::Value,
    print: u128,
}

impl Value {
    /// Of any value.
    pub(super) fn of<T: Serialize>(of: &T) -> Self {
        let mut printer = Printer::default();
        match (super::value(of), of.serialize(&mut printer)) {
            (inner, Ok(())) => Self { inner, print: xxh3_128(&printer.bytes) },
            _ => Self::none(),
        }
    }

    pub(super) fn none() -> Self {
        Self { inner: tera::Value::none(), print: 0 }
    }

    /// Whether it is a list without anything in it, or no list.
    pub(super) fn is_empty(&self) -> bool {
        self.inner.as_array().is_none_or(<[_]>::is_empty)
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Templates get the thing itself, which copies nothing; a fingerprint is only made of another one.
        if serializer.is_human_readable() { self.inner.serialize(serializer) } else { self.print.serialize(serializer) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[derive(Serialize)]
    struct Page {
        name: &'static str,
        price: Option<u64>,
        lists: serde_json::Value,
    }

    #[test]
    fn every_field_counts_and_is_named() {
        let page = || Page { name: "ク,\"キー", price: Some(1), lists: json!([["a"], {"b": {"c": 1}}]) };
        let before = Sight::of(&page()).shown;
        assert!(Sight::of(&page()).shown.is(&before));
        for (page, name) in [
            (Page { name: "ク\"キー", ..page() }, "name"),
            (Page { price: None, ..page() }, "price"),
            (Page { lists: json!([["a"], {"b": {"c": 2}}]), ..page() }, "lists"),
            (Page { lists: json!([["a", {"b": {"c": 1}}]]), ..page() }, "lists"),
            (Page { lists: json!([["a"], {"b": {"c": "1"}}]), ..page() }, "lists"),
        ] {
            let after = Sight::of(&page);
            assert!(!after.shown.is(&before));
            assert_eq!(after.changed(&before), [name]);
        }
    }

    #[test]
    fn what_was_made_once_is_known_by_what_it_is() {
        #[derive(Serialize)]
        struct List {
            items: Vec<Value>,
        }
        let of = |texts: &[&str]| List { items: texts.iter().map(|text| Value::of(&[text])).collect() };
        let print = |list: &List| Sight::of(list).shown.whole;
        assert_eq!(print(&of(&["a", "b"])), print(&of(&["a", "b"])));
        assert_ne!(print(&of(&["a", "b"])), print(&of(&["b", "a"])));
        assert_ne!(print(&of(&["a", "b"])), print(&of(&["a"])));
        let seen = super::super::value(&of(&["a"]));
        assert_eq!(seen.to_string(), r#"{"items": [["a"]]}"#);
    }
}
