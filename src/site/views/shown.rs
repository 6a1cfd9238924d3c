//! Whether a page shows what it showed the last time: told by its view alone, before anything of it is rendered.
//!
//! A page is a pure function of its view, its templates and the frame, so equal fingerprints mean equal bytes. Each
//! field of a view has a fingerprint of its own: that says what has changed, to whoever asks why a page was made.

use serde::{Deserialize, Serialize};
use serde_json::ser::Formatter;
use std::cell::Cell;
use std::io;
use std::ops::Range;
use xxhash_rust::xxh3::xxh3_128;

/// The fingerprint of a view.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    whole: u128,
    /// A few bits of each field: enough to name what changed, too few to trust.
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
    text: Vec<u8>,
    fields: Vec<Range<usize>>,
}

impl Sight {
    /// Of any struct of values.
    pub fn of<T: Serialize>(view: &T) -> Self {
        let length = Cell::new(0);
        let mut fields = Vec::with_capacity(64);
        let writer = Counted { text: Vec::with_capacity(16 * 1024), length: &length };
        let formatter = Fields { depth: 0, from: 0, length: &length, fields: &mut fields };
        let mut serializer = serde_json::Serializer::with_formatter(writer, formatter);
        // Views are plain structs of strings, numbers and lists; one that cannot be read is made each time.
        if view.serialize(&mut serializer).is_err() {
            return Self::default();
        }
        let text = serializer.into_inner().text;
        let prints = fields.iter().map(|field| xxh3_128(text.get(field.clone()).unwrap_or_default()) as u16).collect();
        Self { shown: Shown { whole: xxh3_128(&text), fields: prints }, text, fields }
    }

    /// Names of the fields that are not as they were.
    pub fn changed(&self, earlier: &Shown) -> Vec<String> {
        let differs = |at: &usize| earlier.fields.get(*at) != self.shown.fields.get(*at);
        (0..self.fields.len()).filter(differs).filter_map(|at| self.name(at)).collect()
    }

    /// A field's text begins with its name in quotes; the names of our structs have no quotes in them.
    fn name(&self, at: usize) -> Option<String> {
        let field = std::str::from_utf8(self.text.get(self.fields.get(at)?.clone())?).ok()?;
        field.split('"').nth(1).map(str::to_owned)
    }
}

/// A text that says how long it is.
struct Counted<'a> {
    text: Vec<u8>,
    length: &'a Cell<usize>,
}

impl io::Write for Counted<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_all(bytes).map(|()| bytes.len())
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.text.extend_from_slice(bytes);
        self.length.set(self.text.len());
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Notes where the fields of the outermost struct stand.
struct Fields<'a> {
    depth: usize,
    from: usize,
    length: &'a Cell<usize>,
    fields: &'a mut Vec<Range<usize>>,
}

impl Formatter for Fields<'_> {
    fn begin_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.depth += 1;
        writer.write_all(b"{")
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.depth -= 1;
        writer.write_all(b"}")
    }

    fn begin_object_key<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if !first {
            writer.write_all(b",")?;
        }
        if self.depth == 1 {
            self.from = self.length.get();
        }
        Ok(())
    }

    fn end_object_value<W: ?Sized + io::Write>(&mut self, _: &mut W) -> io::Result<()> {
        if self.depth == 1 {
            self.fields.push(self.from..self.length.get());
        }
        Ok(())
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
        ] {
            let after = Sight::of(&page);
            assert!(!after.shown.is(&before));
            assert_eq!(after.changed(&before), [name]);
        }
    }
}
