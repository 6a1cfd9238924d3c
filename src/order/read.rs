//! An order out of whatever came in: the text of QR codes, a mail, a link, the Excel or CSV file that the page makes,
//! JSON.

use super::code::{self, Line, Order, Unreadable, Who};
use calamine::{Data, Reader as _, Xlsx};
use std::borrow::Cow;
use std::io::Cursor;

/// Heads of the columns that the page writes into its files; people may have moved them.
const ID: &str = "商品の番号";
const COUNT: &str = "数";
const KIND: &str = "種類の番号";
const UNIT: &str = "単位";
const PRICE: &str = "単価（税込）";

/// Reads bytes, whatever they are.
pub fn read(bytes: &[u8]) -> Result<Order, Unreadable> {
    if bytes.starts_with(b"PK\x03\x04") {
        return from_tables(&workbook(bytes)?);
    }
    if bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        return Err("古い形の Excel（.xls）は読めません。Excel で「.xlsx」の形で保存しなおしてください。".to_owned());
    }
    if bytes.starts_with(b"%PDF") || bytes.starts_with(b"\x89PNG") || bytes.starts_with(b"\xff\xd8") {
        return Err(
            "PDF や写真は読めません。用紙の QR コードをスマートフォンなどで読みとって、その文字を渡してください。"
                .to_owned(),
        );
    }
    from_text(&decoded(bytes))
}

fn from_text(text: &str) -> Result<Order, Unreadable> {
    let trimmed = text.trim();
    // What a buyer has written into a note must not be taken for the order: first what is surely the one or the other.
    let table = cells(trimmed);
    if heads(&table).is_some() {
        return from_table(&table);
    }
    if trimmed.starts_with('{') {
        let wrong = |error: serde_json::Error| format!("JSON の形がちがいます（{}行目）。", error.line());
        let any: serde_json::Value = serde_json::from_str(trimmed).map_err(wrong)?;
        if let Some(version) = any.get("v").filter(|version| **version != 1) {
            return Err(format!(
                "この JSON は、ちがう版（v: {version}）の注文です。新しい heartnet で読んでください。"
            ));
        }
        return serde_json::from_str::<Order>(trimmed).map_err(wrong)?.checked();
    }
    let mut links = links(text);
    let parts = parts(text);
    match (links.pop(), parts.is_empty()) {
        (Some(order), _) if links.is_empty() => Ok(order),
        (Some(last), _) => Err(several(links.into_iter().chain([last]))),
        (None, false) => code::from_parts(&parts.iter().map(String::as_str).collect::<Vec<_>>()),
        // A code that cannot be read says why.
        (None, true) if text.contains(LINK) => code::from_link(&words(text, text.find(LINK).unwrap_or(0)).concat()),
        (None, true) if text.contains(ID) => from_table(&table),
        (None, true) => Err("注文のコード（HN1 で始まる文字）も、表も見つかりません。QR コードの文字、メールの本文の全部、ページで保存した Excel か CSV を渡してください。".to_owned()),
    }
}

/// Which one is meant is for people to say.
fn several(orders: impl Iterator<Item = Order>) -> Unreadable {
    let name = |order: Order| {
        let who = [order.who.company, order.who.person].into_iter().find(|name| !name.is_empty());
        format!("{}（{}・{}件）", who.unwrap_or_else(|| "お名前なし".to_owned()), order.made, order.lines.len())
    };
    let names: Vec<String> = orders.map(name).collect();
    format!(
        "ちがう注文のコードが {}つ入っています: {}。前のメールの引用などを消して、1つにしてから渡してください。",
        names.len(),
        names.join("、")
    )
}

/// QR texts, one in each line; readers may put several into one.
fn parts(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find("HN1:") {
        let from = rest.get(at..).unwrap_or_default();
        let next = from.get(4..).and_then(|tail| tail.find("HN1:")).map_or(from.len(), |next| next + 4);
        let own = from.get(..next).unwrap_or_default();
        // A blank is a sign of these codes; only the end of a line ends one.
        let own = own.lines().next().unwrap_or_default().trim_end_matches('\r');
        // `HN1:1/2:` and no word that begins by chance like this.
        if own.get(4..).is_some_and(|tail| tail.starts_with(|c: char| c.is_ascii_digit())) {
            found.push(own.to_owned());
        }
        rest = from.get(next..).unwrap_or_default();
    }
    found
}

/// How the code of a link or a mail begins.
const LINK: &str = "HN1L";
/// Programs that send mail break a code into lines of some dozen signs; a list of a thousand lines has fewer than these.
const MOST_WORDS: usize = 2_000;

/// The orders of all codes in a text, without those that another one quotes in a note.
fn links(text: &str) -> Vec<Order> {
    // Soft ends of lines, where a mail is given as it travels.
    let text = text.replace("=\r\n", "").replace("=\n", "");
    let mut orders: Vec<(String, Order)> = Vec::new();
    for (at, _) in text.match_indices(LINK).take(100) {
        let mut code = String::new();
        for word in words(&text, at).iter().take(MOST_WORDS) {
            code.push_str(word);
            // Where it ends nobody says; what is whole has the right sum.
            if let Ok(order) = code::from_link(&code) {
                if orders.iter().all(|(_, other)| *other != order) {
                    orders.push((code, order));
                }
                break;
            }
        }
    }
    let quoted = |code: &str| {
        let begin: String = code.chars().take(24).collect();
        orders.iter().any(|(other, order)| other != code && order.who.note.contains(&begin))
    };
    orders.iter().filter(|(code, _)| !quoted(code)).map(|(_, order)| order.clone()).collect()
}

/// Runs of signs that a code may consist of, from its beginning on, over ends of lines, blanks and the marks of
/// quotations; up to the first sign that no code has.
fn words(text: &str, at: usize) -> Vec<&str> {
    let mut found = Vec::new();
    for line in text.get(at..).unwrap_or_default().lines() {
        let line = line.trim_matches(|c: char| c.is_whitespace() || matches!(c, '>' | '|' | '＞' | '｜'));
        for word in line.split_whitespace() {
            let end = word.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))).unwrap_or(word.len());
            found.push(word.get(..end).unwrap_or_default());
            if end < word.len() || found.len() > MOST_WORDS {
                return found;
            }
        }
    }
    found
}

/// Sheets are of people, not of machines: a cell far out is no part of a table.
const ROWS: u32 = 20_000;
const COLUMNS: u32 = 100;
/// Bytes of a file, and of what it says is in it.
const LARGEST: usize = 20 << 20;
const LARGEST_INSIDE: u64 = 200 << 20;

type Table = Vec<Vec<String>>;

fn workbook(bytes: &[u8]) -> Result<Vec<Table>, Unreadable> {
    let broken = || "Excel のファイルがこわれていて、読めません。もう一度送ってもらってください。".to_owned();
    if bytes.len() > LARGEST || inside(bytes) > LARGEST_INSIDE {
        return Err("Excel のファイルが大きすぎます。写真などを消して、表だけにしてもらってください。".to_owned());
    }
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| broken())?;
    let mut tables = Vec::new();
    for name in book.sheet_names() {
        let Ok(mut reader) = book.worksheet_cells_reader(&name) else { continue };
        let mut rows: Table = Vec::new();
        while let Some(found) = reader.next_cell().map_err(|_| broken())? {
            let (row, column) = found.get_position();
            if row >= ROWS || column >= COLUMNS {
                continue;
            }
            let (row, column) = (row as usize, column as usize);
            if rows.len() <= row {
                rows.resize(row + 1, Vec::new());
            }
            if let Some(cells) = rows.get_mut(row) {
                if cells.len() <= column {
                    cells.resize(column + 1, String::new());
                }
                if let Some(place) = cells.get_mut(column) {
                    *place = cell(&Data::from(found.get_value().clone()));
                }
            }
        }
        tables.push(rows);
    }
    if tables.is_empty() {
        return Err("Excel のファイルに、表がありません。".to_owned());
    }
    Ok(tables)
}

/// How many bytes a zip file says are packed in it.
fn inside(zip: &[u8]) -> u64 {
    let of = |at: usize| zip.get(at + 24..at + 28).and_then(|size| size.try_into().ok()).map_or(0, u32::from_le_bytes);
    memchr::memmem::find_iter(zip, b"PK\x01\x02").map(|at| u64::from(of(at))).sum()
}

fn cell(cell: &Data) -> String {
    match cell {
        // Whole numbers are stored as such with a dot.
        Data::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => format!("{number:.0}"),
        Data::DateTime(when) => {
            let (year, month, day, ..) = when.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        other => other.to_string().trim().to_owned(),
    }
}

/// Rows of a table: Excel or CSV.
pub fn rows(bytes: &[u8]) -> Result<Vec<Vec<String>>, Unreadable> {
    if bytes.starts_with(b"PK\x03\x04") {
        return Ok(workbook(bytes)?.swap_remove(0));
    }
    Ok(cells(&decoded(bytes)))
}

/// Excel saves CSV in the encoding of Japanese Windows.
fn decoded(bytes: &[u8]) -> Cow<'_, str> {
    let (text, _, wrong) = encoding_rs::UTF_8.decode(bytes);
    if wrong { encoding_rs::SHIFT_JIS.decode(bytes).0 } else { text }
}

/// Rows of a CSV.
fn cells(text: &str) -> Vec<Vec<String>> {
    let mut rows = vec![Vec::new()];
    let (mut cell, mut quoted) = (String::new(), false);
    let mut signs = text.trim_start_matches('\u{feff}').chars().peekable();
    while let Some(sign) = signs.next() {
        match sign {
            '"' if quoted && signs.peek() == Some(&'"') => {
                cell.push('"');
                signs.next();
            }
            '"' => quoted = !quoted,
            ',' | '\t' if !quoted => rows.last_mut().into_iter().for_each(|row| row.push(std::mem::take(&mut cell))),
            '\n' if !quoted => {
                rows.last_mut().into_iter().for_each(|row| row.push(std::mem::take(&mut cell)));
                rows.push(Vec::new());
            }
            '\r' if !quoted => {}
            sign => cell.push(sign),
        }
    }
    if let Some(row) = rows.last_mut() {
        row.push(cell);
    }
    rows
}

/// The desk's own workbook has a sheet for each receiver: they are one order.
fn from_tables(tables: &[Table]) -> Result<Order, Unreadable> {
    let mut tables = tables.iter().enumerate().filter(|(at, table)| *at == 0 || heads(table).is_some());
    let mut order = match tables.next() {
        Some((_, first)) => from_table(first)?,
        None => return Err("Excel のファイルに、表がありません。".to_owned()),
    };
    for (_, table) in tables {
        order.lines.extend(from_table(table)?.lines);
    }
    order.checked()
}

/// The row of the heads.
fn heads(rows: &[Vec<String>]) -> Option<usize> {
    rows.iter().position(|row| row.iter().any(|cell| cell.trim() == ID) && row.iter().any(|cell| cell.trim() == COUNT))
}

/// What the page has written as a table: the buyer's fields above, the lines below their heads. Amounts may have been
/// edited since; that is what such a file is for.
fn from_table(rows: &[Vec<String>]) -> Result<Order, Unreadable> {
    let Some((head, names)) = heads(rows).and_then(|at| Some((at, rows.get(at)?))) else {
        return Err(format!(
            "表に「{ID}」と「{COUNT}」の列がありません。ページで保存したファイルを、列を消さずに送ってもらってください。"
        ));
    };
    let column = |name: &str| names.iter().position(|cell| cell.trim() == name);
    let mut order = Order { kind: "order".to_owned(), made: String::new(), lines: Vec::new(), who: Who::default() };
    for row in rows.iter().take(head) {
        let [label, value, ..] = row.as_slice() else { continue };
        match label.as_str() {
            "区分" => {
                let words = [("見積", "quote"), ("相談", "consult")];
                let found = words.iter().find(|(word, _)| value.contains(word));
                order.kind = found.map_or("order", |(_, kind)| kind).to_owned();
            }
            "作成日" => order.made.clone_from(value),
            label => {
                if let Some(field) = order.who.field(label) {
                    *field = unguarded(value).to_owned();
                }
            }
        }
    }
    for (at, row) in rows.iter().enumerate().skip(head + 1) {
        let text = |column: Option<usize>| column.and_then(|at| row.get(at)).map_or("", |cell| cell.trim());
        let id = &*crate::model::text::normalise(text(column(ID)));
        if id.is_empty() && text(column(COUNT)).is_empty() {
            // Sums stand below the lines.
            continue;
        }
        if id.is_empty() {
            return Err(format!(
                "表の {}行目に「{ID}」がありません。足された品なら、番号を書くか、その行を消して、別に書きとめてください。",
                at + 1
            ));
        }
        let number = |text: &str| crate::model::text::normalise(text).replace([',', '円'], "").parse::<u64>().ok();
        let qty = number(text(column(COUNT)));
        let Some(qty) = qty else {
            return Err(format!("表の {}行目（{id}）の数「{}」が読みとれません。", at + 1, text(column(COUNT))));
        };
        let variant = text(column(KIND)).to_owned();
        let unit = unguarded(text(column(UNIT))).to_owned();
        order.lines.push(Line { id: id.to_owned(), variant, unit, qty, price: number(text(column(PRICE))) });
    }
    order.checked()
}

/// What would be a formula has an apostrophe before it in a CSV.
fn unguarded(value: &str) -> &str {
    let formula = |text: &&str| text.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    value.strip_prefix('\'').filter(formula).unwrap_or(value)
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    const TABLE: &str = "区分,見積り\r\n会社・団体,\"\"\"髙﨑\"\"商店, 東店\"\r\n備考,'=1+1\r\n\r\nNo,商品の番号,種類の番号,商品・仕事,数,単価（税込）\r\n1,cookie,,クッキー,\"１,２００\",300\r\n2,box,L,箱,5,\r\n,,,合計,,1500\r\n";

    #[test]
    fn tables_are_read_as_excel_saves_them() {
        let expected = |order: Result<Order, String>| {
            let order = order.expect("is read");
            assert_eq!((order.kind.as_str(), order.who.company.as_str()), ("quote", "\"髙﨑\"商店, 東店"));
            assert_eq!(order.who.note, "=1+1");
            let lines: Vec<_> =
                order.lines.iter().map(|l| (l.id.as_str(), l.variant.as_str(), l.qty, l.price)).collect();
            assert_eq!(lines, [("cookie", "", 1200, Some(300)), ("box", "L", 5, None)]);
        };
        expected(read(TABLE.as_bytes()));
        expected(read(format!("\u{feff}{TABLE}").as_bytes()));
        expected(read(&encoding_rs::SHIFT_JIS.encode(TABLE).0));
        expected(read(
            TABLE.replace(',', "\t").replace("\"１\t２００\"", "1200").replace("商店\t", "商店,").as_bytes(),
        ));
        let told = read(TABLE.replace("5", "五つ").as_bytes()).expect_err("is no number");
        assert!(told.contains("7行目") && told.contains("五つ"), "{told}");
    }

    #[test]
    fn what_cannot_be_read_is_told_with_what_to_do() {
        for (bytes, says) in [
            (&b""[..], "QR コード"),
            (b"%PDF-1.7", "QR コード"),
            (b"\xd0\xcf\x11\xe0\xa1", ".xlsx"),
            (b"PK\x03\x04rest", "こわれて"),
            (b"{\"kind\": 1}", "JSON"),
            (b"{\"v\": 2, \"kind\": \"order\"}", "v: 2"),
            (b"HN1:1/2:00000000:AA", "2番目"),
            (b"HN1LAAAA", "こわれて"),
        ] {
            let told = read(bytes).expect_err("cannot be read");
            assert!(told.contains(says), "{told}");
        }
    }

    #[test]
    fn a_code_is_read_however_a_mail_was_broken() {
        use base64::Engine as _;
        use std::fmt::Write as _;
        let code = |person: &str, note: &str| {
            let text = format!(
                "[1,\"order\",\"2026-11-29\",[[\"cookie\",{},300]],[\"\",\"{person}\",\"\",\"\",\"\",\"\",\"\",\"\",\"{note}\"]]",
                5
            );
            let packed = miniz_oxide::deflate::compress_to_vec(text.as_bytes(), 9);
            let all = [&code::crc32(&packed).to_be_bytes()[..], &packed].concat();
            format!("HN1L{}", base64::prelude::BASE64_URL_SAFE_NO_PAD.encode(all))
        };
        let own = code("髙﨑 一", "よろしく お願いします 12345");
        let broken = |with: &str| {
            let lines: Vec<&str> =
                own.as_bytes().chunks(40).filter_map(|line| std::str::from_utf8(line).ok()).collect();
            lines.join(with)
        };
        for with in ["\n", "\r\n\r\n", " ", "\n> ", "\n| ", "\n＞", "=\r\n", "\n> > "] {
            let text = format!("お願いします\ncode: {}\nwebsite: \nTanaka", broken(with));
            assert_eq!(read(text.as_bytes()).expect(with).who.person, "髙﨑 一");
        }
        let other = code("二", "");
        let told = read(format!("{own}\n\n> {other}").as_bytes()).expect_err("which one?");
        assert!(told.contains("2つ") && told.contains("髙﨑 一"), "{told}");
        // The same twice is one; a code in a note is the buyer's quotation.
        assert!(read(format!("{own} {own}").as_bytes()).is_ok());
        let mut quoting = String::from("備考: ");
        let _ = write!(quoting, "{other}\n\n{}", code("三", &other));
        assert_eq!(read(quoting.as_bytes()).expect("is read").who.person, "三");
        assert_eq!(read(format!("備考: HN1: を読みました\n{own}").as_bytes()).expect("is read").who.person, "髙﨑 一");
    }

    #[test]
    fn codes_are_found_in_what_surrounds_them() {
        assert_eq!(parts("x HN1:1/2:AB:C D\r\nHN1:2/2:AB:E HN1: is no code"), ["HN1:1/2:AB:C D", "HN1:2/2:AB:E "]);
        assert_eq!(words("HN1LAAAA_-\r\n> BBBB\r\n\r\nCC CC。D", 0), ["HN1LAAAA_-", "BBBB", "CC", "CC"]);
        assert_eq!(words("HN1LAAAA で届きます\nBBBB", 0), ["HN1LAAAA", ""]);
    }
}
