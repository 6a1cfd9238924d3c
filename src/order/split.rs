//! Splits an order among the makers of each of its products: what the catalog says of them, what they got this year,
//! how far they are from the buyer, and then [`super::allocate`].

use super::allocate::{Candidate, allocate};
use super::code::Order;
use super::days;
use crate::catalog::{Catalog, LinkedProduct};
use crate::model::text::with_commas;
use crate::model::{Day, Geo};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What one maker gets of a line, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Part {
    /// The facility's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// How much.
    pub amount: u64,
    /// How much it can make until the day; nothing where it does not say.
    pub most: Option<u64>,
    /// What it got this year before.
    pub got: u64,
    /// Metres to the buyer, where known.
    pub distance: Option<u64>,
    /// Why, in words.
    pub why: String,
}

/// A line of the order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Split {
    /// The product's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// 「個」
    pub unit: String,
    /// How much is wanted.
    pub qty: u64,
    /// Who makes how much.
    pub parts: Vec<Part>,
    /// What nobody can make.
    pub left: u64,
    /// What is to be known beside it.
    pub notes: Vec<String>,
}

/// What each got this year.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History(Vec<Got>);

/// A row of it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Got {
    /// A facility by id or name.
    who: String,
    /// A product by id or name; nothing where the table does not tell them apart.
    what: String,
    amount: i64,
}

impl History {
    /// What a facility got of a product. Pieces of other products say nothing about it.
    fn of(&self, who: [&str; 2], what: [&str; 2]) -> u64 {
        let is =
            |got: &&Got| who.contains(&got.who.as_str()) && (got.what.is_empty() || what.contains(&got.what.as_str()));
        let sum = self.0.iter().filter(is).fold(0_i64, |sum, got| sum.saturating_add(got.amount));
        u64::try_from(sum).unwrap_or(0)
    }
}

/// Reads what each got: a table with a facility and an amount in each row, and perhaps a product and a day; rows of
/// other fiscal years do not count. What was taken back stands there with a minus.
pub fn history(rows: &[Vec<String>], today: Day) -> Result<History, String> {
    let one_of = |cell: &String, names: &[&str]| names.contains(&cell.trim());
    let mut columns = None;
    let mut history = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let find = |names: &[&str]| row.iter().position(|cell| one_of(cell, names));
        let Some((who, amount, day, what)) = columns else {
            let heads = find(&["事業所", "事業所の番号", "facility"]).zip(find(&["数", "数量", "amount"]));
            columns = heads.map(|(who, amount)| {
                (who, amount, find(&["日付", "日", "date"]), find(&["商品", "商品・仕事", "商品の番号", "product"]))
            });
            continue;
        };
        let text = |at: usize| row.get(at).map_or("", |cell| cell.trim());
        if text(who).is_empty() || text(amount).is_empty() {
            continue;
        }
        let Some(number) = amount_of(text(amount)) else {
            return Err(format!("履歴の {}行目の数「{}」が読みとれません。", at + 1, text(amount)));
        };
        if let Some(day) = day.map(text).filter(|day| !day.is_empty()) {
            let Some(day) = day_of(day, today) else {
                return Err(format!("履歴の {}行目の日付「{day}」が読みとれません。", at + 1));
            };
            if day.fiscal_year() != today.fiscal_year() {
                continue;
            }
        }
        let word = |at: usize| crate::model::text::normalise(text(at));
        history.push(Got { who: word(who), what: what.map(word).unwrap_or_default(), amount: number });
    }
    if columns.is_none() {
        return Err("履歴の表に「事業所」と「数」の列がありません。".to_owned());
    }
    Ok(History(history))
}

/// `1,200`, `１２個`, `20.0`, `-20`
fn amount_of(text: &str) -> Option<i64> {
    let text = crate::model::text::normalise(text).replace([',', ' '], "").replace(['−', '▲', '△'], "-");
    let end = text.rfind(|c: char| c.is_ascii_digit())? + 1;
    let (number, unit) = text.split_at(end);
    // A unit is a word, not another number.
    if unit.chars().count() > 4 {
        return None;
    }
    let (whole, rest) = number.split_once('.').unwrap_or((number, ""));
    rest.bytes().all(|digit| digit == b'0').then(|| whole.parse().ok()).flatten()
}

/// Days as people write them; without a year it is this fiscal year's.
fn day_of(text: &str, today: Day) -> Option<Day> {
    Day::parse(text).or_else(|| {
        let (month, day) = text.split_once(['/', '月', '-'])?;
        let (month, day) = (month.parse::<u8>().ok()?, day.trim_end_matches('日').parse::<u8>().ok()?);
        let year = today.fiscal_year().0 + i32::from(month < 4);
        Day::parse(&format!("{year}-{month:02}-{day:02}"))
    })
}

/// Names in a history that no facility of the catalog has: what they got counts for nobody.
pub fn strangers(catalog: &Catalog, history: &History) -> Vec<String> {
    let known: BTreeSet<&str> =
        catalog.facilities.iter().flat_map(|f| [f.entry.id.as_str(), f.entry.data.name.as_str()]).collect();
    let names: BTreeSet<&str> = history.0.iter().map(|got| got.who.as_str()).collect();
    names.into_iter().filter(|name| !known.contains(name)).map(str::to_owned).collect()
}

/// Metres between two places, on a sphere: whole ones, so that it is the same everywhere.
fn metres(a: Geo, b: Geo) -> u64 {
    let (lat, lon) = ((b.lat - a.lat).to_radians(), (b.lon - a.lon).to_radians());
    let half =
        (lat / 2.0).sin().powi(2) + a.lat.to_radians().cos() * b.lat.to_radians().cos() * (lon / 2.0).sin().powi(2);
    (2.0 * 6_371_000.0 * half.sqrt().clamp(0.0, 1.0).asin()).round() as u64
}

/// Where the buyer is: in the middle of the facilities of the municipality that the address names.
pub fn place_of(catalog: &Catalog, address: &str) -> Option<(String, Geo)> {
    let areas = catalog.vocabulary.areas.iter().enumerate();
    let named =
        areas.filter(|(_, area)| address.contains(&area.word.label)).max_by_key(|(_, area)| area.word.label.len());
    let (at, area) = named?;
    let there: Vec<Geo> = catalog.facilities.iter().filter(|f| f.area == at).filter_map(|f| f.entry.data.geo).collect();
    let count = there.len() as f64;
    let middle = |of: fn(&Geo) -> f64| there.iter().map(of).sum::<f64>() / count;
    (!there.is_empty())
        .then(|| (area.word.label.clone(), Geo { lat: middle(|geo| geo.lat), lon: middle(|geo| geo.lon) }))
}

fn candidates(
    catalog: &Catalog,
    product: &LinkedProduct,
    (today, until): (Day, Day),
    history: &History,
    taken: &Taken,
    near: Option<Geo>,
) -> Vec<Candidate> {
    let alone = product.makers.len() == 1;
    let candidate = |(ix, own): &(crate::catalog::FacilityIx, Option<crate::model::Capacity>)| {
        let facility = catalog.facility(*ix);
        let (id, data) = (&facility.entry.id, &facility.entry.data);
        let used = taken.get(&(product.entry.id.clone(), id.clone())).copied().unwrap_or(0);
        let capacity = own.or(product.entry.data.capacity.filter(|_| alone));
        Candidate {
            id: id.clone(),
            name: data.name.clone(),
            most: capacity
                .map(|capacity| days::makes(capacity, &product.entry.data.season, today, until).saturating_sub(used)),
            // By id and by name: both may stand in the file.
            got: history
                .of([id.as_str(), &data.name], [product.entry.id.as_str(), &product.entry.data.name])
                .saturating_add(used),
            distance: near.zip(data.geo).map(|(near, geo)| metres(near, geo)),
        }
    };
    product.makers.iter().map(candidate).collect()
}

/// What earlier lines of the order have taken, by product and facility: two kinds of a product are made by the same hands.
type Taken = BTreeMap<(String, String), u64>;

/// Splits each line of an order whose product several make, or one.
pub fn split(catalog: &Catalog, order: &Order, until: Day, history: &History, near: Option<Geo>) -> Vec<Split> {
    let today = catalog.moment.today;
    let mut taken = Taken::new();
    order
        .lines
        .iter()
        .map(|line| {
            let Some(product) = catalog.products.iter().find(|product| product.entry.id == line.id) else {
                let notes = vec!["いまのカタログに、この番号の商品はありません。".to_owned()];
                let (id, name) = (line.id.clone(), line.id.clone());
                return Split {
                    id,
                    name,
                    unit: String::new(),
                    qty: line.qty,
                    parts: Vec::new(),
                    left: line.qty,
                    notes,
                };
            };
            let data = &product.entry.data;
            let unit = data.unit.clone().unwrap_or_else(|| "個".to_owned());
            let mut notes = super::desk::standing(data, &line.variant);
            let kind = data.variants.iter().find(|variant| variant.id == line.variant);
            let candidates = match data.can_be_ordered() {
                true => candidates(catalog, product, (today, until), history, &taken, near),
                false => Vec::new(),
            };
            let done = allocate(line.qty, &candidates);
            let used = |one: &Candidate| taken.get(&(line.id.clone(), one.id.clone())).copied().unwrap_or(0);
            let before: Vec<u64> = candidates.iter().map(used).collect();
            for share in &done.shares {
                let used = taken.entry((line.id.clone(), share.id.clone())).or_default();
                *used = used.saturating_add(share.amount);
            }
            let count = |n: u64| format!("{}{unit}", with_commas(n));
            let part = |((one, share), used): ((&Candidate, &super::allocate::Share), &u64)| {
                let mut got = match one.got.saturating_sub(*used) {
                    0 => "今年度はまだありません。".to_owned(),
                    got => format!("今年度は{}。", count(got)),
                };
                if *used > 0 {
                    got.push_str(&format!("この注文の上の行で{}。", count(*used)));
                }
                let far = one
                    .distance
                    .map(|metres| format!("お届け先まで約{}km。", metres.div_ceil(1_000)))
                    .unwrap_or_default();
                let why = match one.most {
                    None => "つくれる量が書いてないので、入れていません。事業所に確かめてください。".to_owned(),
                    Some(0) => "その日までには、つくれません。".to_owned(),
                    Some(most) if share.amount == most => {
                        format!("{}までつくれる、そのすべて。{got}{far}", count(most))
                    }
                    Some(most) if share.amount == 0 => {
                        format!("{}までつくれますが、{got}ほかの事業所を先にしました。{far}", count(most))
                    }
                    Some(most) => format!("{}までつくれます。{got}{far}", count(most)),
                };
                let (id, name, most, got) = (one.id.clone(), one.name.clone(), one.most, one.got);
                Part { id, name, amount: share.amount, most, got, distance: one.distance, why }
            };
            if days::after(today, data.lead_days.unwrap_or(0)) > until {
                let earliest = days::after(today, data.lead_days.unwrap_or(0)).long();
                notes.push(format!(
                    "納期（注文から{}営業日）では、いちばん早くて {earliest}です。",
                    data.lead_days.unwrap_or(0)
                ));
            }
            let month = u8::try_from(until.0.month()).unwrap_or_default();
            if !data.season.is_empty() && !data.season.contains(&month) {
                notes.push(format!("{month}月は、つくる季節ではありません。"));
            }
            let unknown = candidates.iter().filter(|one| one.most.is_none()).count();
            if done.left > 0 && data.can_be_ordered() {
                let more = if unknown > 0 {
                    format!("量の分からない {unknown}事業所に確かめるか、")
                } else {
                    String::new()
                };
                notes.push(format!(
                    "{}は、その日までにだれもつくれません。{more}日をのばすか、数をへらす相談をしてください。",
                    count(done.left)
                ));
            }
            if data.capacity.is_some() && unknown > 1 {
                notes.push(
                    "量は全体の分しか書いてありません。事業所ごとの量（makers の capacity）を書くと、割り振れます。"
                        .to_owned(),
                );
            }
            Split {
                id: line.id.clone(),
                name: match kind {
                    Some(variant) => format!("{}（{}）", data.name, variant.name),
                    None => data.name.clone(),
                },
                unit: unit.clone(),
                qty: line.qty,
                parts: candidates.iter().zip(&done.shares).zip(&before).map(part).collect(),
                left: done.left,
                notes,
            }
        })
        .collect()
}

/// For people.
pub fn text(splits: &[Split], until: Day, place: Option<&str>) -> String {
    let near = place.map(|place| format!("、{place}に近い順")).unwrap_or_default();
    let mut lines =
        vec![format!("{}までの割り振りの案（つくれる量の中で、今年度に少なかった事業所から{near}）", until.long())];
    for split in splits {
        let count = |n: u64| format!("{}{}", with_commas(n), split.unit);
        lines.push(format!("\n■ {}　{}", split.name, count(split.qty)));
        for part in &split.parts {
            lines.push(format!("  {}　{}　{}", part.name, count(part.amount), part.why));
        }
        if split.left > 0 && !split.parts.is_empty() {
            lines.push(format!("  だれもつくれない分　{}", count(split.left)));
        }
        lines.extend(split.notes.iter().map(|note| format!("  ※ {note}")));
    }
    lines.join("\n")
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    #[test]
    fn only_this_fiscal_year_counts() {
        let rows = |text: &str| -> Vec<Vec<String>> {
            text.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect()
        };
        let today = Day::parse("2026-11-29").expect("is a day");
        let text =
            "共同受注の記録\n日付,事業所,数\n2026-04-01,a,\"1\"\n令和8年10月3日,a,２０\n2026-03-31,a,500\n,b,7\n";
        let told = history(&rows(text), today).expect_err("quotes are the reader's");
        assert!(told.contains("3行目"), "{told}");
        let read = history(&rows(&text.replace('"', "")), today).expect("is read");
        assert_eq!((read.of(["a", "A"], ["p", "P"]), read.of(["x", "b"], ["p", "P"])), (21, 7));
        let text = "事業所,商品,数,日付\na,クッキー,20.0個,5/1\na,クッキー,-5,3/1\na,印刷,900,\na,クッキー,,\n";
        let read = history(&rows(text), today).expect("is read");
        assert_eq!((read.of(["a", ""], ["cookie", "クッキー"]), read.of(["a", ""], ["print", "印刷"])), (15, 900));
        assert!(history(&rows("x,y"), today).is_err());
    }

    #[test]
    fn distances_are_metres() {
        let (maebashi, takasaki) = (Geo { lat: 36.389, lon: 139.063 }, Geo { lat: 36.322, lon: 139.003 });
        assert!((9_000..9_500).contains(&metres(maebashi, takasaki)), "{}", metres(maebashi, takasaki));
    }
}
