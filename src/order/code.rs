//! An order as the browser packs it (`static/order/code.js`): in a link, in the text of a mail, in QR codes on a sheet
//! that came by FAX. Whatever comes in was in the hands of others: every part of it is looked at.

use crate::model::Day;
use miniz_oxide::inflate::decompress_to_vec_with_limit;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// What is refused before it is unpacked in full.
const LARGEST: usize = 1 << 20;
const MOST_LINES: usize = 1_000;
const MOST_PIECES: u64 = 9_999_999;
const MOST_YEN: u64 = 999_999_999;
const LONGEST_ID: usize = 100;
const LONGEST_TEXT: usize = 2_000;

/// What is wanted of a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The product's id.
    pub id: String,
    /// The id of its kind, or nothing.
    #[serde(default)]
    pub variant: String,
    /// The unit that the buyer saw, where it is told: in files of Excel.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// How many.
    pub qty: u64,
    /// What it cost on the page, in yen with tax; nothing is a quote.
    #[serde(default)]
    pub price: Option<u64>,
}

/// Who orders, as they wrote it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "each is the label of a field of the page")]
pub struct Who {
    pub company: String,
    pub person: String,
    pub tel: String,
    pub fax: String,
    pub email: String,
    pub address: String,
    pub wish: String,
    pub delivery: String,
    pub note: String,
}

impl Who {
    /// Every field with its label.
    pub fn fields(&self) -> [(&'static str, &str); 9] {
        [
            ("会社・団体", &self.company),
            ("ご担当", &self.person),
            ("電話", &self.tel),
            ("FAX", &self.fax),
            ("メール", &self.email),
            ("お届け先", &self.address),
            ("希望日", &self.wish),
            ("受け取り方", &self.delivery),
            ("備考", &self.note),
        ]
    }

    /// The field of a label.
    pub fn field(&mut self, label: &str) -> Option<&mut String> {
        Some(match label {
            "会社・団体" => &mut self.company,
            "ご担当" => &mut self.person,
            "電話" => &mut self.tel,
            "FAX" => &mut self.fax,
            "メール" => &mut self.email,
            "お届け先" => &mut self.address,
            "希望日" => &mut self.wish,
            "受け取り方" => &mut self.delivery,
            "備考" => &mut self.note,
            _ => return None,
        })
    }
}

/// An order, a wish for a quote, or a question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// `order`, `quote` or `consult`. What a browser stores of a list does not say.
    #[serde(default = "plain_order")]
    pub kind: String,
    /// The day on which it was written, `2026-11-29`.
    #[serde(default)]
    pub made: String,
    /// What is wanted.
    #[serde(default)]
    pub lines: Vec<Line>,
    /// Who wants it.
    #[serde(default)]
    pub who: Who,
}

fn plain_order() -> String {
    "order".to_owned()
}

/// Why it cannot be read, for a clerk.
pub type Unreadable = String;

impl Order {
    /// 「注文」
    pub fn label(&self) -> &'static str {
        match self.kind.as_str() {
            "order" => "注文",
            "quote" => "見積り",
            _ => "相談",
        }
    }

    /// The same, if nothing in it is beyond what the page allows.
    pub fn checked(mut self) -> Result<Self, Unreadable> {
        self.tidy();
        let texts = self.who.fields().map(|(_, text)| text).into_iter().chain([self.made.as_str()]);
        let line = |line: &Line| {
            !line.id.is_empty()
                && !line.id.contains(is_unseen)
                && !line.variant.contains(is_unseen)
                && line.id.chars().count() <= LONGEST_ID
                && line.variant.chars().count() <= LONGEST_ID
                && (1..=MOST_PIECES).contains(&line.qty)
                && line.price.is_none_or(|price| price <= MOST_YEN)
        };
        if !matches!(self.kind.as_str(), "order" | "quote" | "consult") {
            return Err("注文でも、見積りでも、相談でもありません。".to_owned());
        }
        if self.lines.is_empty() && self.kind != "consult" {
            return Err("品が1つもありません。".to_owned());
        }
        if self.lines.len() > MOST_LINES {
            return Err(format!("品が {}行あります。{MOST_LINES}行までです。", self.lines.len()));
        }
        if let Some(at) = self.lines.iter().position(|one| !line(one)) {
            return Err(format!("{}行目の商品の番号か数が、読みとれないか、大きすぎます。", at + 1));
        }
        if texts.into_iter().any(|text| text.chars().count() > LONGEST_TEXT) {
            return Err(format!("{LONGEST_TEXT}文字より長い欄があります。"));
        }
        Ok(self)
    }

    /// Nothing unseen in what will stand on a screen or in a file; days as days are written.
    fn tidy(&mut self) {
        for (label, _) in Who::default().fields() {
            if let Some(text) = self.who.field(label) {
                let lines = matches!(label, "備考");
                let seen = |c: char| {
                    if lines && c == '\n' {
                        Some(c)
                    } else if c.is_whitespace() {
                        Some(if c == '\u{3000}' { c } else { ' ' })
                    } else {
                        (!is_unseen(c)).then_some(c)
                    }
                };
                *text = text.chars().filter_map(seen).collect::<String>().trim().to_owned();
            }
        }
        for day in [&mut self.made, &mut self.who.wish] {
            if let Some(read) = Day::parse(day) {
                *day = read.to_string();
            }
        }
        if Day::parse(&self.made).is_none() {
            self.made.clear();
        }
    }
}

/// What moves a terminal, turns a line around, or may not stand in a file of Excel.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

const BROKEN: &str = "注文のコードがこわれているか、書きかえられています。もう一度送ってもらってください。";

/// CRC-32, as in zip files.
pub(super) fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32| if crc & 1 == 1 { 0xedb8_8320 ^ (crc >> 1) } else { crc >> 1 };
    !bytes.iter().fold(!0, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |crc, _| step(crc)))
}

/// Unpacks what was compressed.
fn unpack(bytes: &[u8]) -> Result<Order, Unreadable> {
    let text = decompress_to_vec_with_limit(bytes, LARGEST).map_err(|_| BROKEN.to_owned())?;
    let value: Value = serde_json::from_slice(&text).map_err(|_| BROKEN.to_owned())?;
    from_value(&value).ok_or_else(|| BROKEN.to_owned())?.checked()
}

/// `[1, kind, made, [[id, qty, price, variant], …], [company, …]]`
fn from_value(value: &Value) -> Option<Order> {
    let [version, kind, made, lines, who] = value.as_array()?.as_slice() else { return None };
    if version.as_u64() != Some(1) {
        return None;
    }
    let text = |value: Option<&Value>| value.map_or(Some(String::new()), |value| value.as_str().map(str::to_owned));
    let line = |value: &Value| {
        let parts = value.as_array()?;
        let price = parts.get(2).filter(|price| !price.is_null());
        Some(Line {
            id: parts.first()?.as_str()?.to_owned(),
            qty: parts.get(1)?.as_u64()?,
            price: if let Some(price) = price { Some(price.as_u64()?) } else { None },
            variant: text(parts.get(3))?,
            unit: String::new(),
        })
    };
    let who = who.as_array()?;
    let mut filled = Who::default();
    for (at, (label, _)) in Who::default().fields().into_iter().enumerate() {
        *filled.field(label)? = text(who.get(at))?;
    }
    Some(Order {
        kind: kind.as_str()?.to_owned(),
        made: made.as_str()?.to_owned(),
        lines: lines.as_array()?.iter().map(line).collect::<Option<_>>()?,
        who: filled,
    })
}

/// The code of a link or a mail: `HN1L` and base64url of the sum and what was packed. Programs that send mail break
/// lines, so blanks in it do not count.
pub fn from_link(code: &str) -> Result<Order, Unreadable> {
    use base64::Engine as _;
    let code: String = code.split_whitespace().collect();
    let code = code.strip_prefix("HN1L").ok_or_else(|| BROKEN.to_owned())?;
    let bytes =
        base64::prelude::BASE64_URL_SAFE_NO_PAD.decode(code.trim_end_matches('=')).map_err(|_| BROKEN.to_owned())?;
    let (sum, packed) = bytes.split_at_checked(4).ok_or_else(|| BROKEN.to_owned())?;
    if crc32(packed).to_be_bytes() != sum {
        return Err(BROKEN.to_owned());
    }
    unpack(packed)
}

/// The texts of QR codes, `HN1:K/N:CRC:DATA`, in any order.
pub fn from_parts(texts: &[&str]) -> Result<Order, Unreadable> {
    let mut parts: BTreeMap<usize, &str> = BTreeMap::new();
    let mut of: Option<(usize, &str)> = None;
    for text in texts {
        let mut fields = text.trim().strip_prefix("HN1:").unwrap_or_default().splitn(3, ':');
        let (Some(number), Some(sum), Some(data)) = (fields.next(), fields.next(), fields.next()) else {
            return Err(BROKEN.to_owned());
        };
        let number = number.split_once('/').and_then(|(at, of)| Some((at.parse().ok()?, of.parse::<usize>().ok()?)));
        let Some((at, count)) = number.filter(|(at, count)| (1..=*count).contains(at) && *count <= MOST_LINES) else {
            return Err(BROKEN.to_owned());
        };
        if *of.get_or_insert((count, sum)) != (count, sum) {
            return Err("別の注文の QR コードがまざっています。1つの注文のものだけを読みこんでください。".to_owned());
        }
        parts.insert(at, data);
    }
    let Some((count, sum)) = of else { return Err(BROKEN.to_owned()) };
    let missing: Vec<String> = (1..=count).filter(|at| !parts.contains_key(at)).map(|at| at.to_string()).collect();
    if !missing.is_empty() {
        let missing = missing.join("・");
        return Err(format!("QR コードは全部で {count}個あります。{missing}番目が、まだ読みこまれていません。"));
    }
    let packed = base45(&parts.into_values().collect::<String>()).ok_or_else(|| BROKEN.to_owned())?;
    if format!("{:08X}", crc32(&packed)) != sum {
        return Err(BROKEN.to_owned());
    }
    unpack(&packed)
}

/// RFC 9285.
fn base45(text: &str) -> Option<Vec<u8>> {
    const SIGNS: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
    let digits: Vec<u32> = text
        .bytes()
        .map(|byte| SIGNS.iter().position(|sign| *sign == byte).and_then(|at| u32::try_from(at).ok()))
        .collect::<Option<_>>()?;
    let mut bytes = Vec::with_capacity(digits.len() / 3 * 2 + 1);
    for three in digits.chunks(3) {
        match three {
            [a, b, c] => bytes.extend_from_slice(&u16::try_from(a + b * 45 + c * 2_025).ok()?.to_be_bytes()),
            [a, b] => bytes.push(u8::try_from(a + b * 45).ok()?),
            _ => return None,
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_and_letters_are_those_of_the_standards() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(base45("%69 VD92EX0").as_deref(), Some(&b"Hello!!"[..]));
        assert_eq!((base45("GGW"), base45("A"), base45("a00")), (None, None, None));
    }

    #[test]
    fn what_was_in_the_hands_of_others_is_refused() {
        for text in ["", "HN1L", "HN1LAAAA", "HN1LAAAAAAAAAAAA", "x"] {
            assert!(from_link(text).is_err(), "{text}");
        }
        for texts in [&[][..], &["HN1:1/2:00000000:AA"], &["HN1:0/1:0:A"], &["HN1:1/1:0:A", "HN1:1/1:1:A"], &["x"]] {
            assert!(from_parts(texts).is_err(), "{texts:?}");
        }
        // A bomb: a million zeros in a thousand bytes.
        let bomb = miniz_oxide::deflate::compress_to_vec(&vec![b'0'; 4 << 20], 9);
        assert!(unpack(&bomb).is_err());
        let line = |qty| Line { id: "a".into(), variant: String::new(), unit: String::new(), qty, price: None };
        let order = |lines| Order { kind: "order".into(), made: String::new(), lines, who: Who::default() };
        assert!(order(vec![line(1)]).checked().is_ok() && order(vec![line(0)]).checked().is_err());
        assert!(order(vec![line(1); 1_001]).checked().is_err() && order(vec![line(1 << 40)]).checked().is_err());
    }
}
