//! The rules that need more than one field or more than one entry.

use super::published::{Absent, absent};
use super::{Kinds, Moment};
use crate::diagnostic::{Problem, nearest};
use crate::model::text::fold;
use crate::model::vocabulary::{Group, Vocabulary};
use crate::model::{
    Allergens, Day, Event, Facility, FiscalYear, FreeOf, Kind, OrderRoute, Period, Plan, Price, Product, Scheduled,
    When,
};
use crate::source::markdown::{Body, Target};
use crate::source::{At, Entry, Origin, check_id};
use rustc_hash::FxHashMap as HashMap;
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::sync::Arc;

type Found = Vec<(String, At, Problem)>;

/// Every entry by kind and id, with why it may not be on the site.
struct Known<'a> {
    /// Only ever asked, never walked.
    entries: HashMap<(Kind, &'a str), Standing>,
    ids: BTreeMap<Kind, Vec<&'a str>>,
    /// For what is only looked up when a reference leads nowhere.
    kinds: &'a Kinds,
    /// Ids by folded name, see [`Known::named`].
    names: OnceCell<HashMap<(Kind, String), &'a str>>,
}

#[derive(Clone, Copy)]
struct Standing {
    absent: Option<Absent>,
    hidden: bool,
    /// Exists, but could not be read: references to it are not told as well.
    broken: bool,
}

/// All problems between entries.
pub(super) fn check(kinds: &Kinds, broken: &[(Kind, String)], vocabulary: &Vocabulary, moment: Moment) -> Found {
    let mut found = Found::new();
    let mut known = Known { entries: HashMap::default(), ids: BTreeMap::new(), kinds, names: OnceCell::new() };
    for (kind, id) in broken {
        known.entries.insert((*kind, id), Standing { absent: None, hidden: false, broken: true });
    }
    register(Kind::Facility, &kinds.facilities, moment, &mut known, &mut found);
    register(Kind::Product, &kinds.products, moment, &mut known, &mut found);
    register(Kind::Event, &kinds.events, moment, &mut known, &mut found);
    register(Kind::News, &kinds.news, moment, &mut known, &mut found);
    register(Kind::Page, &kinds.pages, moment, &mut known, &mut found);
    register(Kind::Plan, &kinds.plans, moment, &mut known, &mut found);
    register(Kind::Report, &kinds.reports, moment, &mut known, &mut found);

    each(&kinds.facilities, &known, moment, &mut found);
    each(&kinds.products, &known, moment, &mut found);
    each(&kinds.events, &known, moment, &mut found);
    each(&kinds.news, &known, moment, &mut found);
    each(&kinds.pages, &known, moment, &mut found);
    each(&kinds.plans, &known, moment, &mut found);
    each(&kinds.reports, &known, moment, &mut found);

    for facility in &kinds.facilities {
        facility_rules(facility, vocabulary, &mut found);
    }
    let facilities: HashMap<&str, &Facility> = kinds.facilities.iter().map(|f| (f.id.as_str(), &f.data)).collect();
    for product in &kinds.products {
        product_rules(product, vocabulary, moment, &known, &facilities, &mut found);
    }
    for event in &kinds.events {
        event_rules(event, &known, &mut found);
    }
    for plan in &kinds.plans {
        plan_rules(plan, &mut found);
    }
    found
}

fn tell(found: &mut Found, origin: &Origin, steps: &[&str], problem: Problem) {
    found.push((origin.file.clone(), At::Value(origin.path(steps)), problem));
}

fn register<'a, T>(kind: Kind, entries: &'a [Arc<Entry<T>>], moment: Moment, known: &mut Known<'a>, found: &mut Found) {
    let mut first: HashMap<&str, &Origin> = HashMap::default();
    for entry in entries {
        if let Some(other) = first.get(entry.id.as_str()) {
            let at = if entry.origin.prefix.is_empty() { At::File } else { At::Value(entry.origin.path(&["id"])) };
            let problem = Problem::DuplicateId { id: entry.id.clone(), other: other.file.clone() };
            found.push((entry.origin.file.clone(), at, problem));
            continue;
        }
        first.insert(&entry.id, &entry.origin);
        let standing = Standing { absent: absent(&entry.meta, moment), hidden: entry.meta.hidden, broken: false };
        known.entries.insert((kind, &entry.id), standing);
        known.ids.entry(kind).or_default().push(&entry.id);
    }
}

impl<'a> Known<'a> {
    fn near(&self, kind: Kind, id: &str) -> Option<String> {
        if let Some(named) = self.named(kind, id) {
            return Some(named.to_owned());
        }
        // Not one that is told to be changed itself.
        let good = self.ids.get(&kind).into_iter().flatten().copied().filter(|id| check_id(id).is_none());
        nearest(id, good).map(str::to_owned).or_else(|| self.near_sound(kind, id))
    }

    /// The id behind a name: editors write the name where the id belongs. Made when first asked for, since
    /// a clean build never asks.
    fn named(&self, kind: Kind, name: &str) -> Option<&'a str> {
        let names = self.names.get_or_init(|| {
            let names = self.kinds.facilities.iter().map(|f| (Kind::Facility, &f.data.name, &f.id));
            let names = names.chain(self.kinds.products.iter().map(|p| (Kind::Product, &p.data.name, &p.id)));
            let names = names.chain(self.kinds.events.iter().map(|e| (Kind::Event, &e.data.title, &e.id)));
            names.map(|(kind, name, id)| ((kind, fold(name)), id.as_str())).collect()
        });
        names.get(&(kind, fold(name))).copied()
    }

    /// An id that sounds alike: kukki and cookie are far apart as letters, so offer a lone entry at least.
    fn near_sound(&self, kind: Kind, id: &str) -> Option<String> {
        let ids = self.ids.get(&kind)?;
        let first = id.chars().next()?;
        match ids.as_slice() {
            [only] => Some((*only).to_owned()),
            ids => ids.iter().find(|known| known.starts_with(first)).map(|known| (*known).to_owned()),
        }
    }
}

/// What holds for entries of every kind.
fn each<T>(entries: &[Arc<Entry<T>>], known: &Known<'_>, moment: Moment, found: &mut Found) {
    for entry in entries {
        let origin = &entry.origin;
        for reference in &entry.references {
            let why = match known.entries.get(&(reference.kind, reference.id.as_str())) {
                None if reference.or_text => continue,
                None => None,
                Some(standing) => match standing.absent {
                    Some(why) if absent(&entry.meta, moment).is_none() => Some(why),
                    _ => continue,
                },
            };
            let (kind, kind_en) = (reference.kind.label().to_owned(), reference.kind.word().to_owned());
            let id = reference.id.clone();
            let problem = match why {
                Some(why) => {
                    let (why, why_en) = reason(why);
                    Problem::ReferenceNotPublished { id, kind, kind_en, why, why_en }
                }
                None => Problem::UnknownReference { near: known.near(reference.kind, &id), id, kind, kind_en },
            };
            found.push((origin.file.clone(), At::Value(reference.path.clone()), problem));
        }
        for body in std::iter::once(&entry.body).chain(entry.easy.as_deref()) {
            links(body, origin, known, found);
        }
        if let (Some(published), Some(expires)) = (entry.meta.published, entry.meta.expires)
            && expires < published
        {
            let problem =
                Problem::ExpiresBeforePublished { published: published.to_string(), expires: expires.to_string() };
            tell(found, origin, &["expires"], problem);
        }
        if let Some(checked) = entry.meta.checked_on
            && crate::model::is_stale(checked, moment.today)
        {
            tell(found, origin, &["checked_on"], Problem::Stale { date: checked.to_string() });
        }
        for (index, photo) in entry.meta.photos.iter().enumerate() {
            let index = index.to_string();
            if let Some(until) = photo.consent_until
                && until < moment.today
            {
                let problem = Problem::ConsentExpired { file: photo.file.clone(), until: until.to_string() };
                tell(found, origin, &["photos", &index, "consent_until"], problem);
            }
            if crate::source::markdown::alt_says_nothing(&photo.alt) {
                tell(found, origin, &["photos", &index, "alt"], Problem::AltSaysNothing { alt: photo.alt.clone() });
            }
        }
    }
}

fn reason(absent: Absent) -> (String, String) {
    match absent {
        Absent::Draft => ("下書き（draft）な".to_owned(), "is a draft".to_owned()),
        Absent::NotYet(day) => (format!("{day}まで公開されない"), format!("is not published before {day}")),
        Absent::NoMore(day) => (format!("{day}で公開を終えた"), format!("expired on {day}")),
    }
}

fn links(body: &Body, origin: &Origin, known: &Known<'_>, found: &mut Found) {
    for link in &body.links {
        let Target::Entry(kind, id) = &link.target else { continue };
        match known.entries.get(&(*kind, id.as_str())) {
            Some(Standing { absent: None, .. } | Standing { broken: true, .. }) => {}
            Some(Standing { absent: Some(why), .. }) => {
                let (why, why_en) = reason(*why);
                let (kind, kind_en) = (kind.label().to_owned(), kind.word().to_owned());
                let problem = Problem::ReferenceNotPublished { id: id.clone(), kind, kind_en, why, why_en };
                found.push((origin.file.clone(), link.at.clone(), problem));
            }
            None => {
                let near = known.near(*kind, id).map(|near| format!("{}:{near}", kind.word()));
                let target = format!("{}:{id}", kind.word());
                found.push((origin.file.clone(), link.at.clone(), Problem::UnknownLink { target, near }));
            }
        }
    }
}

fn facility_rules(facility: &Entry<Facility>, vocabulary: &Vocabulary, found: &mut Found) {
    let (data, origin) = (&facility.data, &facility.origin);
    let area = vocabulary.area(&data.area).and_then(|at| vocabulary.areas.get(at));
    if let (Some(postal), Some(area)) = (&data.postal_code, area)
        && let (Some(code), Some(prefecture)) = (&area.code, prefecture_of(postal))
        && !code.starts_with(prefecture)
    {
        let problem = Problem::PostalCodeElsewhere { code: postal.clone(), area: area.word.label.clone() };
        tell(found, origin, &["postal_code"], problem);
    }
    for (index, work) in data.works.iter().enumerate() {
        let category = vocabulary.category(&work.category).and_then(|at| vocabulary.categories.get(at));
        if let Some(category) = category
            && vocabulary.class_of(category).is_some_and(|class| class.group == Group::Goods)
        {
            let problem = Problem::NotAService { word: category.word.label.clone() };
            tell(found, origin, &["works", &index.to_string(), "category"], problem);
        }
    }
}

/// The prefecture of a postal code, by its first two digits. Where places of another prefecture share them
/// (対馬 and 壱岐 within 福岡's, 隠岐 within 鳥取's …), none is said.
fn prefecture_of(postal: &str) -> Option<&'static str> {
    const BY_PREFIX: [(&str, &[&str]); 47] = [
        ("01", &["00", "04", "05", "06", "07", "08", "09"]),
        ("02", &["03"]),
        ("03", &[]),
        ("04", &["98"]),
        ("05", &[]),
        ("06", &["99"]),
        ("07", &["96", "97"]),
        ("08", &["30", "31"]),
        ("09", &["32"]),
        ("10", &["37"]),
        ("11", &["33", "34", "35", "36"]),
        ("12", &["26", "27", "28", "29"]),
        ("13", &["10", "11", "12", "13", "14", "15", "16", "17", "18", "19", "20"]),
        ("14", &["21", "22", "23", "24", "25"]),
        ("15", &["94", "95"]),
        ("16", &["93"]),
        ("17", &["92"]),
        ("18", &["91"]),
        ("19", &["40"]),
        ("20", &["38", "39"]),
        ("21", &["50"]),
        ("22", &["41", "42", "43"]),
        ("23", &["44", "45", "46", "47", "48"]),
        ("24", &["51"]),
        ("25", &[]),
        ("26", &["60", "62"]),
        ("27", &["53", "54", "55", "57", "58", "59"]),
        ("28", &["65", "66", "67"]),
        ("29", &["63"]),
        ("30", &[]),
        ("31", &[]),
        ("32", &["69"]),
        ("33", &["70", "71"]),
        ("34", &["72", "73"]),
        ("35", &["74", "75"]),
        ("36", &["77"]),
        ("37", &["76"]),
        ("38", &["79"]),
        ("39", &["78"]),
        ("40", &["80", "82", "83"]),
        ("41", &["84"]),
        ("42", &["85"]),
        ("43", &["86"]),
        ("44", &[]),
        ("45", &["88"]),
        ("46", &["89"]),
        ("47", &["90"]),
    ];
    let prefix = postal.get(..2)?;
    BY_PREFIX.iter().find(|(_, prefixes)| prefixes.contains(&prefix)).map(|(code, _)| *code)
}

fn product_rules(
    product: &Entry<Product>,
    vocabulary: &Vocabulary,
    moment: Moment,
    known: &Known<'_>,
    facilities: &HashMap<&str, &Facility>,
    found: &mut Found,
) {
    let (data, origin) = (&product.data, &product.origin);
    if let (Some(min), Some(max)) = (data.min_order, data.max_order)
        && min > max
    {
        tell(found, origin, &["min_order"], Problem::LotsReversed { min: min.to_string(), max: max.to_string() });
    }
    let mut seen: Vec<&str> = Vec::new();
    for (index, maker) in data.makers.iter().enumerate() {
        if seen.contains(&maker.facility.as_str()) {
            let problem = Problem::ListedTwice { id: maker.facility.clone() };
            tell(found, origin, &["makers", &index.to_string(), "facility"], problem);
        }
        seen.push(&maker.facility);
    }
    let mut ids: Vec<&str> = Vec::new();
    for (index, variant) in data.variants.iter().enumerate() {
        if ids.contains(&variant.id.as_str()) {
            let problem = Problem::ListedTwice { id: variant.id.clone() };
            tell(found, origin, &["variants", &index.to_string(), "id"], problem);
        }
        ids.push(&variant.id);
    }
    let mut periods: Vec<Period> = data.makers.iter().filter_map(|maker| maker.capacity).map(|c| c.per).collect();
    periods.sort_unstable();
    periods.dedup();
    if periods.len() > 1 {
        let units = periods.iter().map(|per| per.word()).collect::<Vec<_>>().join("・");
        tell(found, origin, &["makers"], Problem::MixedCapacity { units });
    }
    tax_rule(data.price.as_ref(), &["price", "tax"], vocabulary, origin, found);
    for (index, variant) in data.variants.iter().enumerate() {
        tax_rule(variant.price.as_ref(), &["variants", &index.to_string(), "price", "tax"], vocabulary, origin, found);
    }
    let category = vocabulary.category(&data.category).and_then(|at| vocabulary.categories.get(at));
    if let Some(category) = category {
        let price = data.price.as_ref().map(|price| (price, "price")).or_else(|| {
            data.variants.iter().find_map(|variant| variant.price.as_ref()).map(|price| (price, "variants"))
        });
        if let Some((price, field)) = price
            && price.tax.is_none()
            && category.tax.is_none()
        {
            tell(found, origin, &[field], Problem::PriceWithoutTax { category: category.word.label.clone() });
        }
        let goods = vocabulary.class_of(category).is_some_and(|class| class.group == Group::Goods);
        let reduced = vocabulary.taxes_on(moment.today).map(|rates| rates.reduced);
        let standard = vocabulary.taxes_on(moment.today).map(|rates| rates.standard);
        if goods && category.tax.is_some() && category.tax == reduced && reduced != standard && data.allergens.is_none()
        {
            let at = At::Key(origin.path(&["category"]));
            found.push((origin.file.clone(), at, Problem::FoodWithoutAllergens {}));
        }
    }
    if let Some(allergens) = &data.allergens {
        allergen_rules(allergens, vocabulary, moment, origin, found);
    }
    let gone = data.makers.iter().all(|maker| {
        known.entries.get(&(Kind::Facility, maker.facility.as_str())).is_some_and(|standing| standing.absent.is_some())
    });
    if !data.makers.is_empty() && gone && absent(&product.meta, moment).is_none() {
        tell(found, origin, &["makers"], Problem::NoMakerLeft {});
    }
    if data.order == OrderRoute::Direct && data.shop_url.is_none() {
        let makers: Vec<&&Facility> = data.makers.iter().filter_map(|m| facilities.get(m.facility.as_str())).collect();
        let silent = |f: &&&Facility| f.tel.is_none() && f.fax.is_none() && f.email.is_none();
        if !makers.is_empty() && makers.iter().all(silent) {
            tell(found, origin, &["order"], Problem::DirectWithoutContact {});
        }
    }
}

/// A price's own tax rate is one of the vocabulary's.
fn tax_rule(price: Option<&Price>, steps: &[&str], vocabulary: &Vocabulary, origin: &Origin, found: &mut Found) {
    let Some(tax) = price.and_then(|price| price.tax) else { return };
    let rates = vocabulary.tax_rates();
    if !rates.is_empty() && !rates.contains(&tax) {
        let known = rates.iter().map(u8::to_string).collect::<Vec<_>>().join("・");
        tell(found, origin, steps, Problem::UnknownTax { rate: tax.to_string(), known });
    }
}

fn allergen_rules(allergens: &Allergens, vocabulary: &Vocabulary, moment: Moment, origin: &Origin, found: &mut Found) {
    let mandatory = vocabulary.allergens_on(moment.today).map(|list| list.mandatory.as_slice()).unwrap_or_default();
    for (index, name) in allergens.contains.iter().enumerate() {
        let both = match &allergens.free_of {
            FreeOf::Named(names) => names.contains(name),
            FreeOf::Mandatory(_) => mandatory.contains(name),
        };
        if both {
            let problem = Problem::AllergenBothWays { name: name.clone() };
            tell(found, origin, &["allergens", "contains", &index.to_string()], problem);
        }
    }
}

fn event_rules(event: &Entry<Event>, known: &Known<'_>, found: &mut Found) {
    let (data, origin) = (&event.data, &event.origin);
    // A schedule that could not be read has been told already and is not missing.
    if event.sound && data.schedule.is_none() && data.sessions.is_empty() {
        found.push((origin.file.clone(), At::Key(origin.path(&["title"])), Problem::EventWithoutSchedule {}));
    }
    for reference in &event.references {
        if known.entries.get(&(reference.kind, reference.id.as_str())).is_some_and(|standing| standing.hidden) {
            let (kind, kind_en) = (reference.kind.label().to_owned(), reference.kind.word().to_owned());
            let problem = Problem::HiddenReference { id: reference.id.clone(), kind, kind_en };
            found.push((origin.file.clone(), At::Value(reference.path.clone()), problem));
        }
    }
    for (field, list) in [("facilities", &data.facilities), ("products", &data.products)] {
        for (index, id) in list.iter().enumerate() {
            if list.iter().take(index).any(|before| before == id) {
                tell(found, origin, &[field, &index.to_string()], Problem::ListedTwice { id: id.clone() });
            }
        }
    }
    let when = data.when();
    let deadline = data.apply.as_ref().and_then(|apply| apply.deadline).map(|deadline| deadline.day);
    if let (Some(deadline), Some(last)) = (deadline, when.last_day())
        && deadline > last
    {
        let problem = Problem::DeadlineAfterEvent { deadline: deadline.to_string(), last: last.to_string() };
        tell(found, origin, &["apply", "deadline"], problem);
    }
    if let (Some(first), Some(rain)) = (when.first_day(), data.rain_date.as_ref().and_then(Scheduled::first_day))
        && rain <= first
    {
        tell(found, origin, &["rain_date"], Problem::RainDateBefore { date: rain.long(), first: first.long() });
    }
    if let (Some(said), Some(time)) = (data.schedule.as_ref().and_then(Scheduled::time), data.time)
        && said != time
    {
        tell(found, origin, &["time"], Problem::TimeTwice { said: said.label(), time: time.label() });
    }
    for (index, session) in data.sessions.iter().enumerate() {
        if let (Some(said), Some(time)) = (session.on.time(), session.time)
            && said != time
        {
            let problem = Problem::TimeTwice { said: said.label(), time: time.label() };
            tell(found, origin, &["sessions", &index.to_string(), "time"], problem);
        }
    }
    if let Some(schedule) = data.schedule.as_ref().filter(|schedule| matches!(schedule.when, When::Days(_))) {
        let within = |day: Day| schedule.days().iter().any(|range| range.holds(day));
        let definite = |session: &crate::model::Session| !matches!(session.on.when, When::Recurring(_));
        for (index, session) in data.sessions.iter().enumerate().filter(|(_, session)| definite(session)) {
            let outside = session.on.days().iter().flat_map(|range| [range.start, range.end]).find(|day| !within(*day));
            if let Some(day) = outside {
                let problem = Problem::SessionOutside { date: day.long(), schedule: schedule.label() };
                tell(found, origin, &["sessions", &index.to_string(), "on"], problem);
            }
        }
    }
    if let (Some(year), Some(schedule)) = (data.fiscal_year, &data.schedule) {
        outside_year(schedule, year, origin, &["schedule"], found);
    }
}

fn plan_rules(plan: &Entry<Plan>, found: &mut Found) {
    for (at, section) in plan.data.sections.iter().enumerate() {
        for (index, row) in section.rows.iter().enumerate() {
            let (at, index) = (at.to_string(), index.to_string());
            for (place, id) in row.events.iter().enumerate() {
                if row.events.iter().take(place).any(|before| before == id) {
                    let steps = ["sections", &at, "rows", &index, "event", &place.to_string()];
                    tell(found, &plan.origin, &steps, Problem::ListedTwice { id: id.clone() });
                }
            }
            if let Some(schedule) = &row.schedule {
                let steps = ["sections", &at, "rows", &index, "schedule"];
                outside_year(schedule, plan.data.fiscal_year, &plan.origin, &steps, found);
            }
        }
    }
}

/// Certain days of which none lies in the fiscal year that is said.
fn outside_year(schedule: &Scheduled, year: FiscalYear, origin: &Origin, steps: &[&str], found: &mut Found) {
    let (Some(first), Some(last)) = (schedule.first_day(), schedule.last_day()) else { return };
    if last.fiscal_year() < year || first.fiscal_year() > year {
        tell(found, origin, steps, Problem::OutsideFiscalYear { date: first.long(), year: year.label() });
    }
}
