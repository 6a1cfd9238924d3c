//! What a browser must know of a product to check and count a list of them.
//!
//! Products lie in files of [`EACH`] or so, by a hash of their id that the browser computes, too
//! (`static/order/terms.js`): a list of thirty lines asks for a few small files, whatever the size of the site.

use crate::catalog::{Catalog, LinkedProduct, ProductIx, Since, since};
use crate::model::{Allergens, Capacity, Day, FreeOf, Kind, Price, holiday};
use crate::site::{Base, entry_address};
use rayon::prelude::*;
use serde::Serialize;

/// Products of a file, on average.
const EACH: usize = 64;
/// So many years of holidays are told.
const YEARS: i16 = 3;

/// A price with the rate that is in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Cost {
    /// Yen, tax included.
    pub amount: u64,
    /// Per cent.
    pub tax: u8,
    /// Whether it is the least one can pay, and not the price.
    pub from: bool,
}

/// A kind of a product.
#[derive(Debug, Clone, Serialize)]
pub struct Kinds {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its own price; the product's where it has none.
    pub price: Option<Cost>,
}

/// Who makes it.
#[derive(Debug, Clone, Serialize)]
pub struct Maker {
    /// The facility's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// How much it makes, if it says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub capacity: Option<Capacity>,
    /// Telephone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tel: Option<String>,
    /// FAX.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fax: Option<String>,
    /// Mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

/// Allergens of what must be declared, by state.
#[derive(Debug, Clone, Default, Serialize)]
pub struct States {
    /// 含む
    pub contains: Vec<String>,
    /// 混入の可能性
    pub may_contain: Vec<String>,
    /// 含まない
    pub free_of: Vec<String>,
}

/// The terms of a product.
#[derive(Debug, Clone, Serialize)]
pub struct Terms {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its page.
    pub url: String,
    /// 「箱」
    pub unit: String,
    /// Whether it can be ordered now.
    pub open: bool,
    /// 「売り切れ」
    pub status: &'static str,
    /// `desk`, `direct` or `none`.
    pub order: &'static str,
    /// Its price; none is a quote.
    pub price: Option<Cost>,
    /// Kinds of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub variants: Vec<Kinds>,
    /// Smallest lot.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<u64>,
    /// Largest lot.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<u64>,
    /// Business days from order to delivery.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lead: Option<u64>,
    /// Months in which there is any.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub season: Vec<u8>,
    /// How much is made, where its makers do not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub capacity: Option<Capacity>,
    /// Who makes it.
    pub makers: Vec<Maker>,
    /// 「配達」
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub delivery: Vec<&'static str>,
    /// Allergens; food only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allergens: Option<States>,
}

fn cost(catalog: &Catalog, price: &Price, category: Option<u8>) -> Cost {
    // What says nothing is taxed as usual.
    let standard = catalog.vocabulary.taxes_on(catalog.moment.today).map_or(10, |rates| rates.standard);
    Cost { amount: price.amount, tax: price.tax.or(category).unwrap_or(standard), from: price.from }
}

/// What a product says of its allergens. Food that says nothing has all of them unknown; food is what the reduced rate is
/// for.
pub fn allergens(catalog: &Catalog, product: &LinkedProduct) -> Option<States> {
    let rate = catalog.vocabulary.categories.get(product.category).and_then(|category| category.tax);
    let rates = catalog.vocabulary.taxes_on(catalog.moment.today);
    let is_food = rates.is_some_and(|rates| rates.reduced != rates.standard && rate == Some(rates.reduced));
    let silent = Allergens::default();
    let allergens = product.entry.data.allergens.as_ref().or(is_food.then_some(&silent))?;
    let list = catalog.vocabulary.allergens_on(catalog.moment.today);
    let mandatory = list.map(|list| list.mandatory.clone()).unwrap_or_default();
    let free: Vec<String> = match &allergens.free_of {
        FreeOf::Named(names) => names.clone(),
        FreeOf::Mandatory(_) => mandatory,
    };
    let free_of = free.into_iter().filter(|name| !allergens.may_contain.contains(name)).collect();
    Some(States { contains: allergens.contains.clone(), may_contain: allergens.may_contain.clone(), free_of })
}

/// The terms of a product.
pub fn of(catalog: &Catalog, base: &Base, product: &LinkedProduct) -> Terms {
    let data = &product.entry.data;
    let rate = catalog.vocabulary.categories.get(product.category).and_then(|category| category.tax);
    Terms {
        id: product.entry.id.clone(),
        name: data.name.clone(),
        url: base.href(&entry_address(Kind::Product, &product.entry.id)),
        unit: data.unit.clone().unwrap_or_default(),
        open: data.can_be_ordered(),
        status: data.status.label(),
        order: data.order.word(),
        price: data.price.as_ref().map(|price| cost(catalog, price, rate)),
        variants: data
            .variants
            .iter()
            .map(|variant| Kinds {
                id: variant.id.clone(),
                name: variant.name.clone(),
                price: variant.price.as_ref().map(|price| cost(catalog, price, rate)),
            })
            .collect(),
        min: data.min_order,
        max: data.max_order,
        lead: data.lead_days,
        season: if data.season.len() >= 12 { Vec::new() } else { data.season.clone() },
        capacity: data.capacity,
        makers: product
            .makers
            .iter()
            .map(|(ix, capacity)| {
                let facility = catalog.facility(*ix);
                let who = &facility.entry.data;
                Maker {
                    id: facility.entry.id.clone(),
                    name: who.name.clone(),
                    capacity: *capacity,
                    tel: who.tel.clone(),
                    fax: who.fax.clone(),
                    email: who.email.clone(),
                }
            })
            .collect(),
        delivery: data.delivery.iter().map(|way| way.label()).collect(),
        allergens: allergens(catalog, product),
    }
}

/// FNV-1a of 32 bits, which a browser computes in a line.
fn hash(id: &str) -> u32 {
    id.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// How many files there are.
pub fn count(catalog: &Catalog) -> usize {
    catalog.products.len().div_ceil(EACH).max(1)
}

/// All files, by their paths.
pub fn files(catalog: &Catalog, base: &Base, since: Option<&Since<'_>>) -> Vec<(String, Vec<u8>)> {
    let count = count(catalog);
    let mut files: Vec<Vec<(ProductIx, &str)>> = vec![Vec::new(); count];
    for (ix, product) in (0..).map(ProductIx).zip(&catalog.products) {
        let id = product.entry.id.as_str();
        if let Some(file) = files.get_mut(hash(id) as usize % count) {
            file.push((ix, id));
        }
    }
    let bytes = |(at, file): (usize, Vec<(ProductIx, &str)>)| {
        let make = || {
            let terms: Vec<Terms> = file.iter().map(|(ix, _)| of(catalog, base, catalog.product(*ix))).collect();
            // Strings, numbers and lists: there is nothing that could fail.
            serde_json::to_vec(&terms).unwrap_or_default()
        };
        let path = format!("data/order/{at}.json");
        let bytes = since::bytes(since, &path, file.iter().map(|(_, id)| *id), make);
        (path, bytes)
    };
    files.into_par_iter().enumerate().with_max_len(1).map(bytes).collect()
}

/// Holidays of the years in which somebody may want something.
pub fn holidays(catalog: &Catalog) -> Vec<String> {
    let year = catalog.moment.today.0.year();
    let days = Day::new(year.into(), 1, 1).zip(Day::new((year + YEARS - 1).into(), 12, 31));
    days.map(|(first, last)| holiday::between(first, last).map(|(day, _)| day.to_string()).collect())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::hash;

    #[test]
    fn the_hash_is_the_one_that_browsers_compute() {
        // tests/browser/order.test.mjs has the same.
        assert_eq!((hash(""), hash("cookie"), hash("木の箱")), (0x811c_9dc5, hash("cookie"), hash("木の箱")));
    }
}
