//! One description of each kind of entry, for many uses: reading with every wrong field told,
//! near-miss hints, the JSON Schema, the skeleton of `heartnet new`, later Excel columns and forms.

mod json_schema;
pub mod kinds;
mod skeleton;

pub use json_schema::json_schema;
pub use skeleton::skeleton;

use crate::model::Kind;
use crate::model::vocabulary::WordList;

/// One field.
#[derive(Debug)]
pub struct Field {
    /// As written in an entry.
    pub name: &'static str,
    /// What an editor calls it.
    pub label: &'static str,
    /// What may stand there.
    pub shape: Shape,
    /// Whether it must be there.
    pub required: bool,
    /// What it looks like, in YAML.
    pub example: &'static str,
    /// One sentence for the editor where the label does not say enough.
    pub note: &'static str,
}

/// What may stand in a field.
#[derive(Debug)]
pub enum Shape {
    /// Any text, as written.
    Text,
    /// Text that is rendered as Markdown.
    Markdown,
    /// Hiragana or katakana.
    Kana,
    /// An id of our own kind (within lists of entries, and of variants and words).
    Id,
    /// A whole number.
    Integer {
        /// Least.
        min: i64,
        /// Greatest.
        max: i64,
    },
    /// Degrees north.
    Latitude,
    /// Degrees east.
    Longitude,
    /// A point of a picture: its parts from the left and from the top.
    Focus,
    /// true or false.
    Bool,
    /// A day.
    Date,
    /// 2025 or 令和7.
    FiscalYear,
    /// A list of months, or a range such as `10-3`.
    Months,
    /// A time or a range of times.
    Time,
    /// A schedule, or a list of them.
    Schedule,
    /// A day, with or without a time of day.
    Deadline,
    /// Telephone or FAX.
    Telephone,
    /// 郵便番号
    PostalCode,
    /// Mail address.
    Email,
    /// Web address.
    Url,
    /// 法人番号
    CorporateNumber,
    /// 事業所番号
    OfficeNumber,
    /// T + 13 digits.
    InvoiceNumber,
    /// Five digits of a municipality.
    AreaCode,
    /// One of a few words that the program knows.
    Choice(&'static [(&'static str, &'static str)]),
    /// A word of the vocabulary.
    Word(WordList),
    /// The id of an entry.
    Ref(Kind),
    /// The id of an entry, or any text.
    RefOrText(Kind),
    /// A picture.
    Picture,
    /// Any file to take home.
    File,
    /// A list.
    List(&'static Shape),
    /// A mapping with these fields.
    Object(&'static [Field]),
    /// A mapping, or just the value of its first field.
    Short(&'static [Field]),
    /// A mapping from words of the vocabulary to one of a few words.
    WordMap(WordList, &'static [(&'static str, &'static str)]),
    /// A mapping from any text to a reading.
    Readings,
    /// A list of allergens, or the word `mandatory`.
    FreeOf,
    /// A mapping from names to what the shape says (the targets of `deploy`).
    Named(&'static Shape),
    /// The value of a custom property of the theme; the theme decides what may stand there.
    Token,
    /// Not looked into here: a later part of the program reads it.
    Anything,
}

impl Field {
    const fn new(name: &'static str, label: &'static str, shape: Shape) -> Self {
        Self { name, label, shape, required: false, example: "", note: "" }
    }

    const fn required(self) -> Self {
        Self { required: true, ..self }
    }

    const fn example(self, example: &'static str) -> Self {
        Self { example, ..self }
    }

    const fn note(self, note: &'static str) -> Self {
        Self { note, ..self }
    }
}

/// The fields of a kind: its own, then those that every entry may have.
pub fn fields(kind: Kind) -> impl Iterator<Item = &'static Field> {
    own_fields(kind).iter().chain(kinds::COMMON)
}

/// The fields of a kind without those that every entry may have.
pub fn own_fields(kind: Kind) -> &'static [Field] {
    match kind {
        Kind::Facility => kinds::FACILITY,
        Kind::Product => kinds::PRODUCT,
        Kind::Event => kinds::EVENT,
        Kind::News => kinds::NEWS,
        Kind::Page => kinds::PAGE,
        Kind::Plan => kinds::PLAN,
        Kind::Report => kinds::REPORT,
    }
}

/// File endings of pictures.
pub const PICTURES: &[&str] = &["jpg", "jpeg", "png", "webp", "gif", "svg"];
/// File endings of files to take home.
pub const FILES: &[&str] =
    &["pdf", "jpg", "jpeg", "png", "webp", "gif", "svg", "xlsx", "xls", "csv", "docx", "doc", "txt", "zip", "ics"];
