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
const PRICE: &str = "単価（税込）";

/// Reads bytes, whatever they are.
pub fn read(bytes: &[u8]) -> Result<Order, Unreadable> {
    if bytes.starts_with(b"PK\x03\x04") {
        return from_table(&workbook(bytes)?);
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
    let parts = parts(text);
    if !parts.is_empty() {
        return code::from_parts(&parts.iter().map(String::as_str).collect::<Vec<_>>());
    }
    // The last one: what a buyer quotes in a note stands before the code of the order.
    if let Some(at) = text.rfind("HN1L") {
        return code::from_link(&link(text.get(at..).unwrap_or_default()));
    }
    let trimmed = text.trim();
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
    if trimmed.lines().any(|line| line.contains(ID)) {
        return from_table(&cells(trimmed));
    }
    Err("注文のコード（HN1 で始まる文字）も、表も見つかりません。QR コードの文字、メールの本文の全部、ページで保存した Excel か CSV を渡してください。".to_owned())
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
        found.push(own.lines().next().unwrap_or_default().trim_end_matches('\r').to_owned());
        rest = from.get(next..).unwrap_or_default();
    }
    found
}

/// The code of a link, over the ends of the lines that mail programs make (and their `> ` of answers).
fn link(text: &str) -> String {
    let mut code = String::new();
    for line in text.lines() {
        let line = line.trim_start_matches(['>', ' ', '\t']).trim_end();
        // A signature.
        if line.starts_with("--") {
            break;
        }
        let end =
            line.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '='))).unwrap_or(line.len());
        code.push_str(line.get(..end).unwrap_or_default());
        if end < line.len() || line.is_empty() {
            break;
        }
    }
    code
}

fn workbook(bytes: &[u8]) -> Result<Vec<Vec<String>>, Unreadable> {
    let broken = |_| "Excel のファイルがこわれていて、読めません。もう一度送ってもらってください。".to_owned();
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(broken)?;
    let Some(sheet) = book.worksheet_range_at(0) else {
        return Err("Excel のファイルに、表がありません。".to_owned());
    };
    let sheet = sheet.map_err(broken)?;
    Ok(sheet.rows().map(|row| row.iter().map(cell).collect()).collect())
}

fn cell(cell: &Data) -> String {
    match cell {
        // Whole numbers are stored as such with a dot.
        Data::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => format!("{number:.0}"),
        other => other.to_string().trim().to_owned(),
    }
}

/// Rows of a table: Excel or CSV.
pub fn rows(bytes: &[u8]) -> Result<Vec<Vec<String>>, Unreadable> {
    if bytes.starts_with(b"PK\x03\x04") { workbook(bytes) } else { Ok(cells(&decoded(bytes))) }
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

/// What the page has written as a table: the buyer's fields above, the lines below their heads. Amounts may have been
/// edited since; that is what such a file is for.
fn from_table(rows: &[Vec<String>]) -> Result<Order, Unreadable> {
    let head = rows.iter().position(|row| row.iter().any(|cell| cell == ID) && row.iter().any(|cell| cell == COUNT));
    let Some((head, names)) = head.and_then(|at| Some((at, rows.get(at)?))) else {
        return Err(format!(
            "表に「{ID}」と「{COUNT}」の列がありません。ページで保存したファイルを、列を消さずに送ってもらってください。"
        ));
    };
    let column = |name: &str| names.iter().position(|cell| cell == name);
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
                    // What would be a formula has an apostrophe before it in a CSV.
                    *field = value.strip_prefix('\'').unwrap_or(value).to_owned();
                }
            }
        }
    }
    for (at, row) in rows.iter().enumerate().skip(head + 1) {
        let text = |column: Option<usize>| column.and_then(|at| row.get(at)).map_or("", |cell| cell.trim());
        let id = text(column(ID));
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
        order.lines.push(Line { id: id.to_owned(), variant, qty, price: number(text(column(PRICE))) });
    }
    order.checked()
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
    fn codes_are_found_in_what_surrounds_them() {
        assert_eq!(parts("x HN1:1/2:AB:C D\r\nHN1:2/2:AB:E"), ["HN1:1/2:AB:C D", "HN1:2/2:AB:E"]);
        assert_eq!(link("HN1LAAAA_-\r\n> BBBB\r\n\r\nCCCC"), "HN1LAAAA_-BBBB");
        assert_eq!(link("HN1LAAAA で届きます\nBBBB"), "HN1LAAAA");
    }
}
