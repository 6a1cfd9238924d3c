//! Excel for the desk: texts and whole numbers in sheets, as plain as a workbook can be.
//!
//! A zip file of a few parts, stored as they are: a library for it would be larger than all of this folder. The same
//! input gives the same bytes.

use super::code::crc32;
use std::fmt::Write as _;

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// A text, never a formula.
    Text(String),
    /// The head of a column, or a title.
    Head(String),
    /// A number.
    Number(u64),
}

/// A sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// Its rows.
    pub rows: Vec<Vec<Cell>>,
}

const TYPES: &str = "http://schemas.openxmlformats.org";
const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

/// Excel takes 31 letters, some not, and no name twice.
fn names(sheets: &[Sheet]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for sheet in sheets {
        let plain: String = sheet.name.chars().filter(|c| !"[]:*?/\\'".contains(*c) && !c.is_control()).collect();
        let mut name: String = plain.trim().chars().take(26).collect();
        if name.is_empty() {
            name.push_str("シート");
        }
        let same = |other: &String, name: &str| other.to_lowercase() == name.to_lowercase();
        let mut number = 1;
        let mut free = name.clone();
        while names.iter().any(|other| same(other, &free)) {
            number += 1;
            free = format!("{name} {number}");
        }
        names.push(free);
    }
    names
}

/// A text in XML.
fn escape(text: &str) -> String {
    let mut out = String::new();
    crate::source::markdown::escape(text, &mut out);
    out
}

fn column(at: usize) -> String {
    let mut name = String::new();
    let mut rest = at + 1;
    while rest > 0 {
        let digit = u8::try_from((rest - 1) % 26).unwrap_or_default();
        name.insert(0, char::from(b'A' + digit));
        rest = (rest - 1) / 26;
    }
    name
}

fn text(out: &mut String, at: &str, style: u8, text: &str) {
    // What XML cannot hold is left out; Excel takes 32,767 letters.
    let plain: String = text
        .chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        .filter(|c| !matches!(c, '\u{fffe}' | '\u{ffff}'))
        .take(32_767)
        .collect();
    let _ = write!(
        out,
        "<c r=\"{at}\" s=\"{style}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{}</t></is></c>",
        escape(&plain)
    );
}

fn sheet(sheet: &Sheet) -> String {
    let mut out = format!(
        "{HEAD}<worksheet xmlns=\"{TYPES}/spreadsheetml/2006/main\"><sheetPr><pageSetUpPr fitToPage=\"1\"/></sheetPr><cols>"
    );
    let columns = sheet.rows.iter().map(Vec::len).max().unwrap_or(1).max(1);
    for at in 0..columns {
        let widest = sheet.rows.iter().filter_map(|row| row.get(at)).map(|cell| match cell {
            Cell::Empty => 0,
            Cell::Number(number) => number.to_string().len() + 2,
            // Letters of Japanese are as wide as two.
            Cell::Text(text) | Cell::Head(text) => text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum(),
        });
        let width = widest.max().unwrap_or(8).clamp(6, 48) + 2;
        let _ = write!(out, "<col min=\"{0}\" max=\"{0}\" width=\"{width}\" customWidth=\"1\"/>", at + 1);
    }
    out.push_str("</cols><sheetData>");
    for (number, row) in sheet.rows.iter().enumerate() {
        let _ = write!(out, "<row r=\"{}\">", number + 1);
        for (at, cell) in row.iter().enumerate() {
            let place = format!("{}{}", column(at), number + 1);
            match cell {
                Cell::Empty => {}
                Cell::Text(plain) => text(&mut out, &place, 1, plain),
                Cell::Head(plain) => text(&mut out, &place, 2, plain),
                Cell::Number(value) => drop(write!(out, "<c r=\"{place}\" s=\"3\"><v>{value}</v></c>")),
            }
        }
        out.push_str("</row>");
    }
    out.push_str("</sheetData><pageSetup paperSize=\"9\" fitToWidth=\"1\" fitToHeight=\"0\"/></worksheet>");
    out
}

fn styles() -> String {
    format!(
        "{HEAD}<styleSheet xmlns=\"{TYPES}/spreadsheetml/2006/main\"><fonts count=\"2\"><font><sz val=\"11\"/><name val=\"Yu Gothic\"/></font><font><b/><sz val=\"11\"/><name val=\"Yu Gothic\"/></font></fonts><fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill></fills><borders count=\"1\"><border/></borders><cellStyleXfs count=\"1\"><xf/></cellStyleXfs><cellXfs count=\"4\"><xf/><xf applyAlignment=\"1\"><alignment vertical=\"top\" wrapText=\"1\"/></xf><xf fontId=\"1\" applyFont=\"1\"/><xf numFmtId=\"3\" applyNumberFormat=\"1\"/></cellXfs></styleSheet>"
    )
}

/// The workbook.
pub fn workbook(sheets: &[Sheet]) -> Vec<u8> {
    let names = names(sheets);
    let package = "application/vnd.openxmlformats-package.relationships+xml";
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    let mut types = format!(
        "{HEAD}<Types xmlns=\"{TYPES}/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"{package}\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"{kind}.sheet.main+xml\"/><Override PartName=\"/xl/styles.xml\" ContentType=\"{kind}.styles+xml\"/>"
    );
    let mut book = format!(
        "{HEAD}<workbook xmlns=\"{TYPES}/spreadsheetml/2006/main\" xmlns:r=\"{TYPES}/officeDocument/2006/relationships\"><sheets>"
    );
    let relations = format!("{HEAD}<Relationships xmlns=\"{TYPES}/package/2006/relationships\">");
    let relation = format!("{TYPES}/officeDocument/2006/relationships");
    let mut links = relations.clone();
    let mut parts: Vec<(String, String)> = Vec::new();
    for (at, (name, one)) in names.iter().zip(sheets).enumerate() {
        let number = at + 1;
        let _ = write!(
            types,
            "<Override PartName=\"/xl/worksheets/sheet{number}.xml\" ContentType=\"{kind}.worksheet+xml\"/>"
        );
        let _ = write!(book, "<sheet name=\"{}\" sheetId=\"{number}\" r:id=\"rId{number}\"/>", escape(name));
        let _ = write!(
            links,
            "<Relationship Id=\"rId{number}\" Type=\"{relation}/worksheet\" Target=\"worksheets/sheet{number}.xml\"/>"
        );
        parts.push((format!("xl/worksheets/sheet{number}.xml"), sheet(one)));
    }
    let _ =
        write!(links, "<Relationship Id=\"rId0\" Type=\"{relation}/styles\" Target=\"styles.xml\"/></Relationships>");
    types.push_str("</Types>");
    book.push_str("</sheets></workbook>");
    let root = format!(
        "{relations}<Relationship Id=\"rId1\" Type=\"{relation}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
    );
    let mut all = vec![
        ("[Content_Types].xml".to_owned(), types),
        ("_rels/.rels".to_owned(), root),
        ("xl/workbook.xml".to_owned(), book),
        ("xl/_rels/workbook.xml.rels".to_owned(), links),
        ("xl/styles.xml".to_owned(), styles()),
    ];
    all.append(&mut parts);
    zip(&all)
}

/// A zip file whose parts are stored as they are, on the first day of such files.
fn zip(parts: &[(String, String)]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in parts {
        let size = u32::try_from(content.len()).unwrap_or(u32::MAX);
        let offset = u32::try_from(out.len()).unwrap_or(u32::MAX);
        let mut shared = Vec::new();
        // Version 2.0, UTF-8 names, stored, 1980-01-01.
        for number in [20_u16, 0x0800, 0, 0, 0x0021] {
            shared.extend_from_slice(&number.to_le_bytes());
        }
        for number in [crc32(content.as_bytes()), size, size] {
            shared.extend_from_slice(&number.to_le_bytes());
        }
        shared.extend_from_slice(&u16::try_from(name.len()).unwrap_or_default().to_le_bytes());
        shared.extend_from_slice(&0_u16.to_le_bytes());
        out.extend_from_slice(b"PK\x03\x04");
        out.extend_from_slice(&shared);
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(content.as_bytes());
        directory.extend_from_slice(b"PK\x01\x02\x14\x00");
        directory.extend_from_slice(&shared);
        directory.extend_from_slice(&[0; 10]);
        directory.extend_from_slice(&offset.to_le_bytes());
        directory.extend_from_slice(name.as_bytes());
    }
    let count = u16::try_from(parts.len()).unwrap_or_default().to_le_bytes();
    let (at, size) = (u32::try_from(out.len()).unwrap_or(u32::MAX), u32::try_from(directory.len()).unwrap_or(u32::MAX));
    out.append(&mut directory);
    out.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    out.extend_from_slice(&[count, count].concat());
    out.extend_from_slice(&size.to_le_bytes());
    out.extend_from_slice(&at.to_le_bytes());
    out.extend_from_slice(&[0, 0]);
    out
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;
    use calamine::{Data, Reader as _, Xlsx};
    use std::io::Cursor;

    #[test]
    fn another_reader_finds_what_was_written() {
        let hostile = "=1+1 <髙﨑> & \u{1}😀\n二行目 ";
        let rows = vec![
            vec![Cell::Head("商品の番号".into()), Cell::Head("数".into())],
            vec![Cell::Text("000001".into()), Cell::Number(12_345)],
            vec![Cell::Empty, Cell::Text(hostile.into())],
        ];
        let sheets = ["窓口", "窓口", "a/b[c]:*?\\'", ""].map(|name| Sheet { name: name.into(), rows: rows.clone() });
        let bytes = workbook(&sheets);
        assert_eq!(bytes, workbook(&sheets));
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).expect("is a workbook");
        assert_eq!(book.sheet_names(), ["窓口", "窓口 2", "abc", "シート"]);
        for name in book.sheet_names() {
            let sheet = book.worksheet_range(&name).expect("is a sheet");
            assert_eq!(sheet.get_value((1, 0)), Some(&Data::String("000001".into())));
            assert_eq!(sheet.get_value((1, 1)), Some(&Data::Float(12_345.0)));
            let text = sheet.get_value((2, 1)).map(ToString::to_string);
            assert_eq!(text.as_deref(), Some(hostile.replace('\u{1}', "").as_str()));
        }
        assert_eq!(
            (column(0), column(25), column(26), column(701)),
            ("A".into(), "Z".into(), "AA".into(), "ZZ".into())
        );
    }
}
