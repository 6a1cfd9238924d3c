//! What the desk makes of an order: its lines with what the catalog says of them today, by who receives them.

use super::code::{Line, Order};
use super::terms::{self, Cost, Terms};
use super::workbook::{Cell, Sheet};
use crate::catalog::Catalog;
use crate::model::Product;
use crate::model::text::with_commas;
use crate::site::Base;
use serde::Serialize;
use std::collections::BTreeMap;

/// A line with what the catalog says of it.
#[derive(Debug, Clone, Serialize)]
pub struct Known {
    /// As it came.
    #[serde(flatten)]
    pub line: Line,
    /// Its name; its id where the catalog does not know it.
    pub name: String,
    /// 「箱」
    pub unit: String,
    /// What it costs today.
    pub now: Option<Cost>,
    /// What is to be settled with the buyer.
    pub notes: Vec<String>,
    /// Whether it can be had, and its kind is known.
    pub is_certain: bool,
    /// Its terms today.
    #[serde(skip)]
    pub terms: Option<Terms>,
}

impl Known {
    /// Its price, if it can be summed.
    fn certain(&self) -> Option<Cost> {
        self.now.filter(|now| !now.from && self.is_certain)
    }
}

/// The lines of one receiver: the desk, or a facility that takes orders itself.
#[derive(Debug, Clone, Serialize)]
pub struct Receiver {
    /// Its name.
    pub name: String,
    /// Its lines.
    pub lines: Vec<Known>,
    /// What is certain, by rate.
    pub sums: Vec<Sum>,
    /// Lines whose price is still to be settled.
    pub open: usize,
}

impl Receiver {
    /// What is certain, in yen.
    fn total(&self) -> u64 {
        self.sums.iter().fold(0, |sum, one| sum.saturating_add(one.total))
    }
}

/// What is paid at one rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Sum {
    /// Per cent.
    pub rate: u8,
    /// Yen, tax included.
    pub total: u64,
    /// Tax in it, computed once for the rate, rounded down.
    pub tax: u64,
}

/// The sums of what is certain.
pub fn sums(lines: impl Iterator<Item = (u8, u64)>) -> Vec<Sum> {
    let mut totals: BTreeMap<u8, u64> = BTreeMap::new();
    for (rate, yen) in lines {
        let total = totals.entry(rate).or_default();
        *total = total.saturating_add(yen);
    }
    let tax = |rate: u8, total: u64| {
        u64::try_from(u128::from(total) * u128::from(rate) / (100 + u128::from(rate))).unwrap_or_default()
    };
    totals.into_iter().map(|(rate, total)| Sum { rate, total, tax: tax(rate, total) }).collect()
}

/// What keeps a product from being ordered as it was asked for.
pub(super) fn standing(data: &Product, variant: &str) -> Vec<String> {
    let mut notes = Vec::new();
    if !data.can_be_ordered() {
        notes.push(format!("いまは注文を受けていません（{}）。", data.status.label()));
    }
    if data.variants.iter().all(|kind| kind.id != variant) {
        if !variant.is_empty() {
            notes.push(format!("種類「{variant}」は、いまはありません。"));
        } else if !data.variants.is_empty() {
            notes.push("どの種類か、えらばれていません。".to_owned());
        }
    }
    notes
}

fn known(catalog: &Catalog, base: &Base, line: &Line) -> Known {
    let product = catalog.products.iter().find(|product| product.entry.id == line.id);
    let Some(terms) = product.map(|product| terms::of(catalog, base, product)) else {
        let notes = vec!["いまのカタログに、この番号の商品はありません。お客さまに確かめてください。".to_owned()];
        let (line, name, unit) = (line.clone(), line.id.clone(), String::new());
        return Known { line, name, unit, now: None, notes, is_certain: false, terms: None };
    };
    let variant = terms.variants.iter().find(|variant| variant.id == line.variant);
    let now = variant.and_then(|variant| variant.price).or(terms.price);
    let yen = |price: u64| format!("{}円", with_commas(price));
    let mut notes = product.map(|product| standing(&product.entry.data, &line.variant)).unwrap_or_default();
    match (line.price, now) {
        (Some(then), Some(now)) if then != now.amount => {
            notes.push(format!("お客さまが見た価格は {}、いまは {}です。", yen(then), yen(now.amount)));
        }
        (Some(then), None) => notes.push(format!("お客さまが見た価格は {}、いまは見積りです。", yen(then))),
        (None, Some(now)) if !now.from => {
            notes.push(format!("お客さまは見積りと見ています。いまは {}です。", yen(now.amount)));
        }
        _ => {}
    }
    if !line.unit.is_empty() && line.unit != terms.unit {
        notes.push(format!("お客さまが見た単位は「{}」、いまは「{}」です。", line.unit, terms.unit));
    }
    if terms.min.is_some_and(|min| line.qty < min) {
        notes.push(format!("最小ロットは {}{}です。", with_commas(terms.min.unwrap_or(0)), terms.unit));
    }
    let name = match variant {
        Some(variant) => format!("{}（{}）", terms.name, variant.name),
        None => terms.name.clone(),
    };
    let is_certain = terms.open && (variant.is_some() || terms.variants.is_empty());
    Known { line: line.clone(), name, unit: terms.unit.clone(), now, notes, is_certain, terms: Some(terms) }
}

/// The lines by who receives them: the desk first, then facilities by name.
pub fn receivers(catalog: &Catalog, base: &Base, order: &Order) -> Vec<Receiver> {
    let desk = catalog.settings.desk.name.as_str();
    let mut by: BTreeMap<(bool, String), Vec<Known>> = BTreeMap::new();
    for line in &order.lines {
        let mut known = known(catalog, base, line);
        // Kinds of one product are one lot.
        let whole: u64 = order.lines.iter().filter(|other| other.id == line.id).map(|other| other.qty).sum();
        if let Some(terms) = known.terms.as_ref().filter(|terms| terms.max.is_some_and(|max| whole > max)) {
            known.notes.push(format!("最大ロットは {}{}です。", with_commas(terms.max.unwrap_or(0)), terms.unit));
        }
        let direct = known.terms.as_ref().filter(|terms| terms.order == "direct");
        let name = direct.and_then(|terms| terms.makers.first()).map_or(desk, |maker| maker.name.as_str()).to_owned();
        by.entry((direct.is_some(), name)).or_default().push(known);
    }
    // Who asks without naming anything asks the desk.
    if by.is_empty() {
        by.insert((false, desk.to_owned()), Vec::new());
    }
    by.into_iter()
        .map(|((_, name), lines)| {
            let sums = sums(lines.iter().filter_map(|known| {
                let now = known.certain()?;
                Some((now.tax, now.amount.saturating_mul(known.line.qty)))
            }));
            let open = lines.iter().filter(|known| known.certain().is_none()).count();
            Receiver { name, lines, sums, open }
        })
        .collect()
}

/// For people.
pub fn text(order: &Order, receivers: &[Receiver]) -> String {
    let mut lines = vec![match order.made.as_str() {
        "" => order.label().to_owned(),
        made => format!("{}（{made} 作成）", order.label()),
    }];
    lines.extend(
        order
            .who
            .fields()
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(label, value)| format!("{label}: {}", value.replace('\n', "\n    "))),
    );
    for receiver in receivers {
        lines.push(format!("\n■ {}", receiver.name));
        for known in &receiver.lines {
            let money = known.now.map_or_else(
                || "見積り".to_owned(),
                |now| {
                    if !known.is_certain {
                        return format!("{}円（確かめてから）", with_commas(now.amount));
                    }
                    let sum = with_commas(now.amount.saturating_mul(known.line.qty));
                    let from = if now.from { "から（見積り）" } else { "" };
                    format!("× {}円 = {sum}円{from}（{}%）", with_commas(now.amount), now.tax)
                },
            );
            lines.push(format!("  {}  {}{}  {money}", known.name, with_commas(known.line.qty), known.unit));
            lines.extend(known.notes.iter().map(|note| format!("    ※ {note}")));
        }
        for Sum { rate, total, tax } in &receiver.sums {
            lines.push(format!("  {rate}%対象 {}円（うち消費税 {}円）", with_commas(*total), with_commas(*tax)));
        }
        if receiver.lines.is_empty() {
            continue;
        }
        let total = receiver.total();
        let open = if receiver.open == 0 {
            String::new()
        } else {
            format!("（ほかに、見積りの品 {}件）", receiver.open)
        };
        lines.push(format!("  合計 {}円{open}", with_commas(total)));
    }
    lines.join("\n")
}

/// A sheet for each receiver.
pub fn sheets(order: &Order, receivers: &[Receiver]) -> Vec<Sheet> {
    let words = |words: &[&str]| words.iter().map(|word| Cell::Text((*word).to_owned())).collect::<Vec<_>>();
    receivers
        .iter()
        .map(|receiver| {
            let mut rows = vec![vec![Cell::Head(format!("{}（{}）", order.label(), receiver.name))]];
            rows.push(words(&["区分", order.label()]));
            rows.push(words(&["作成日", &order.made]));
            rows.extend(order.who.fields().iter().map(|(label, value)| words(&[label, value])));
            rows.push(Vec::new());
            let heads = [
                "商品の番号",
                "種類の番号",
                "商品・仕事",
                "数",
                "単位",
                "単価（税込）",
                "税率",
                "金額（税込）",
                "確かめること",
            ];
            rows.push(heads.iter().map(|head| Cell::Head((*head).to_owned())).collect());
            for known in &receiver.lines {
                let number = |number: Option<u64>| number.map_or(Cell::Empty, Cell::Number);
                let certain = known.certain();
                let mut row = words(&[&known.line.id, &known.line.variant, &known.name]);
                row.push(Cell::Number(known.line.qty));
                row.extend(words(&[&known.unit]));
                row.push(number(known.now.map(|now| now.amount)));
                row.push(known.now.map_or(Cell::Empty, |now| Cell::Text(format!("{}%", now.tax))));
                row.push(number(certain.map(|now| now.amount.saturating_mul(known.line.qty))));
                let mut notes = known.notes.clone();
                if certain.is_none() {
                    notes.push("見積りがいります。".to_owned());
                }
                row.extend(words(&[&notes.join("\n")]));
                rows.push(row);
            }
            rows.push(Vec::new());
            for Sum { rate, total, tax } in &receiver.sums {
                let label = format!("{rate}%対象（うち消費税 {}円）", with_commas(*tax));
                rows.push(vec![
                    Cell::Empty,
                    Cell::Empty,
                    Cell::Head(label),
                    Cell::Empty,
                    Cell::Empty,
                    Cell::Empty,
                    Cell::Empty,
                    Cell::Number(*total),
                ]);
            }
            if !receiver.lines.is_empty() {
                let open = if receiver.open == 0 {
                    String::new()
                } else {
                    format!("（ほかに、見積りの品 {}件）", receiver.open)
                };
                let mut row = vec![Cell::Empty; 7];
                if let Some(label) = row.get_mut(2) {
                    *label = Cell::Head(format!("合計{open}"));
                }
                row.push(Cell::Number(receiver.total()));
                rows.push(row);
            }
            Sheet { name: receiver.name.clone(), rows }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_tax_is_computed_once_for_each_rate(lines in prop::collection::vec((prop::sample::select(vec![8_u8, 10]), 0..1_000_000_u64), 0..50)) {
            let sums = sums(lines.iter().copied());
            for Sum { rate, total, tax } in &sums {
                let of: u64 = lines.iter().filter(|(other, _)| other == rate).map(|(_, yen)| yen).sum();
                prop_assert_eq!(*total, of);
                // Rounded down: no yen more than the rate, and less than one yen below it.
                prop_assert!(tax * (100 + u64::from(*rate)) <= total * u64::from(*rate));
                prop_assert!((tax + 1) * (100 + u64::from(*rate)) > total * u64::from(*rate));
            }
            prop_assert!(sums.windows(2).all(|two| two[0].rate < two[1].rate));
        }
    }
}
