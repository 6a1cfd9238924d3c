//! Open data: every listed entry as JSON and as CSV that Excel opens.

use super::Output;
use crate::catalog::{Catalog, LinkedEvent, LinkedFacility, LinkedProduct, ProductIx, Since, since};
use crate::model::{Common, Event, Facility, Kind, Photo, Product};
use crate::photos::Use;
use crate::site::views::picture_address;
use crate::site::{Base, entry_address};
use rayon::prelude::*;
use serde::Serialize;

/// An entry as it is published: id, address, its fields, and what is derived from the vocabulary.
#[derive(Serialize)]
struct Row<'a, T: Serialize, D: Serialize> {
    id: &'a str,
    url: String,
    /// Where its photos are, in the order of `photos`: those are named as in the entry.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    images: Vec<String>,
    #[serde(flatten)]
    data: &'a T,
    #[serde(flatten)]
    derived: D,
    #[serde(flatten)]
    meta: &'a Common,
}

#[derive(Serialize)]
struct ProductDerived<'a> {
    category_label: &'a str,
    /// The widest category first.
    category_path: Vec<&'a str>,
    maker_names: Vec<&'a str>,
    /// Where its first maker is.
    area_label: &'a str,
    group: &'a str,
    procurement: &'a str,
    tax: Option<u8>,
}

#[derive(Serialize)]
struct FacilityDerived<'a> {
    area_label: &'a str,
    area_code: Option<&'a str>,
}

#[derive(Serialize)]
struct EventDerived<'a> {
    when: &'a crate::model::Scheduled,
    kind_label: &'a str,
}

/// Entries that are made together.
const CHUNK: usize = 256;

/// An object a line, so that two versions can be compared, each behind a comma.
fn lines<R: Serialize>(rows: impl Iterator<Item = R>) -> Vec<u8> {
    let mut out = Vec::new();
    for row in rows {
        out.extend_from_slice(b",\n");
        // Plain structs of strings, numbers and lists: there is nothing that could fail.
        let _ = serde_json::to_writer(&mut out, &row);
    }
    out
}

/// One after the other; each is let go of when it is there.
fn joined(chunks: Vec<Vec<u8>>) -> Vec<u8> {
    let mut out = Vec::with_capacity(chunks.iter().map(Vec::len).sum::<usize>() + 3);
    for chunk in chunks {
        out.extend_from_slice(&chunk);
    }
    out
}

/// An array of such lines.
fn array(chunks: Vec<Vec<u8>>) -> Vec<u8> {
    let mut out = joined(chunks);
    // The first comma is the bracket.
    match out.first_mut() {
        Some(comma) => *comma = b'[',
        None => out.push(b'['),
    }
    out.extend_from_slice(b"\n]\n");
    out
}

fn row<'a, T: Serialize, D: Serialize>(
    (catalog, base): (&Catalog, &Base),
    kind: Kind,
    id: &'a str,
    data: &'a T,
    derived: D,
    meta: &'a Common,
) -> Row<'a, T, D> {
    let image = |photo: &Photo| format!("{}{}", base.origin, picture_address(catalog, base, &photo.file, Use::Page));
    let images = meta.photos.iter().map(image).collect();
    Row { id, url: base.absolute(&entry_address(kind, id)), images, data, derived, meta }
}

fn product_json<'a>(catalog: &'a Catalog, base: &Base, p: &'a LinkedProduct) -> impl Serialize + use<'a> {
    let category = catalog.vocabulary.categories.get(p.category);
    let class = category.and_then(|category| catalog.vocabulary.class_of(category));
    let derived = ProductDerived {
        category_label: category.map_or("", |category| category.word.label.as_str()),
        category_path: catalog
            .vocabulary
            .category_path(p.category)
            .into_iter()
            .filter_map(|at| catalog.vocabulary.categories.get(at))
            .map(|category| category.word.label.as_str())
            .collect(),
        area_label: p.makers.first().map_or("", |(ix, _)| {
            let area = catalog.vocabulary.areas.get(catalog.facility(*ix).area);
            area.map_or("", |area| area.word.label.as_str())
        }),
        maker_names: p.makers.iter().map(|(ix, _)| catalog.facility(*ix).entry.data.name.as_str()).collect(),
        group: class.map_or("", |class| class.group.label()),
        procurement: class.map_or("", |class| class.label.as_str()),
        tax: p.entry.data.price.as_ref().and_then(|price| price.tax).or(category.and_then(|c| c.tax)),
    };
    row((catalog, base), Kind::Product, &p.entry.id, &p.entry.data, derived, &p.entry.meta)
}

pub(super) fn products(catalog: &Catalog, base: &Base, since: Option<&Since<'_>>) -> Vec<Output> {
    let all: Vec<ProductIx> = catalog.listed_products().collect();
    // Of all open data they are most, so those that are as they were are not made again.
    let chunks = |name: &str, make: &(dyn Fn(&[ProductIx]) -> Vec<u8> + Sync)| -> Vec<Vec<u8>> {
        let chunk = |(at, chunk): (usize, &[ProductIx])| {
            let ids = chunk.iter().map(|ix| catalog.product(*ix).entry.id.as_str());
            since::bytes(since, &format!("{name} {at}"), ids, || make(chunk))
        };
        all.par_chunks(CHUNK).enumerate().with_max_len(1).map(chunk).collect()
    };
    let head = [
        "id",
        "名称",
        "名称_カナ",
        "区分",
        "優先調達の区分",
        "分類",
        "価格（税込）",
        "税率",
        "単位",
        "最小ロット",
        "最大ロット",
        "納期（日）",
        "季節（月）",
        "作り手",
        "農福連携",
        "状態",
        "注文先",
        "URL",
    ];
    let json = || {
        let row = |ix: &ProductIx| product_json(catalog, base, catalog.product(*ix));
        array(chunks("products.json", &|chunk| lines(chunk.iter().map(row))))
    };
    let csv = || {
        let row = |ix: &ProductIx| product_row(catalog, base, catalog.product(*ix));
        let mut all = vec![table(&head, std::iter::empty())];
        all.extend(chunks("products.csv", &|chunk| records(chunk.iter().map(row))));
        joined(all)
    };
    let (json, csv) = rayon::join(json, csv);
    vec![("data/products.json".to_owned(), json), ("data/products.csv".to_owned(), csv)]
}

fn product_row(catalog: &Catalog, base: &Base, product: &LinkedProduct) -> Vec<String> {
    let data: &Product = &product.entry.data;
    let category = catalog.vocabulary.categories.get(product.category);
    let class = category.and_then(|category| catalog.vocabulary.class_of(category));
    let number = |n: Option<u64>| n.map(|n| n.to_string()).unwrap_or_default();
    let tax = data.price.as_ref().and_then(|price| price.tax).or(category.and_then(|c| c.tax));
    let makers: Vec<&str> =
        product.makers.iter().map(|(ix, _)| catalog.facility(*ix).entry.data.name.as_str()).collect();
    vec![
        product.entry.id.clone(),
        data.name.clone(),
        katakana(data.kana.as_deref().unwrap_or_default()),
        class.map_or("", |class| class.group.label()).to_owned(),
        class.map_or("", |class| class.label.as_str()).to_owned(),
        category.map_or("", |category| category.word.label.as_str()).to_owned(),
        data.price.as_ref().map(|price| price.amount.to_string()).unwrap_or_default(),
        tax.map(|tax| tax.to_string()).unwrap_or_default(),
        data.unit.clone().unwrap_or_default(),
        number(data.min_order),
        number(data.max_order),
        number(data.lead_days),
        data.season.iter().map(u8::to_string).collect::<Vec<_>>().join(";"),
        makers.join(";"),
        if data.noufuku { "1" } else { "" }.to_owned(),
        data.status.label().to_owned(),
        data.order.label().to_owned(),
        base.absolute(&entry_address(Kind::Product, &product.entry.id)),
    ]
}

pub(super) fn facilities(catalog: &Catalog, base: &Base) -> Vec<Output> {
    let all: Vec<&LinkedFacility> = catalog.listed_facilities().map(|ix| catalog.facility(ix)).collect();
    let json = || {
        let chunk = |all: &[&LinkedFacility]| {
            lines(all.iter().map(|f| {
                let area = catalog.vocabulary.areas.get(f.area);
                let derived = FacilityDerived {
                    area_label: area.map_or("", |area| area.word.label.as_str()),
                    area_code: area.and_then(|area| area.code.as_deref()),
                };
                row((catalog, base), Kind::Facility, &f.entry.id, &f.entry.data, derived, &f.entry.meta)
            }))
        };
        array(all.par_chunks(CHUNK).with_max_len(1).map(chunk).collect())
    };
    let head = [
        "id",
        "名称",
        "名称_カナ",
        "法人番号",
        "団体名",
        "種別",
        "都道府県コード又は市区町村コード",
        "市区町村名",
        "郵便番号",
        "住所",
        "緯度",
        "経度",
        "電話番号",
        "FAX番号",
        "メール",
        "利用可能日時特記事項",
        "休み",
        "定員",
        "引き受ける仕事",
        "バリアフリー情報",
        "URL",
    ];
    let csv = || table(&head, all.iter().map(|f| facility_row(catalog, base, f)));
    let (json, csv) = rayon::join(json, csv);
    vec![("data/facilities.json".to_owned(), json), ("data/facilities.csv".to_owned(), csv)]
}

fn facility_row(catalog: &Catalog, base: &Base, facility: &LinkedFacility) -> Vec<String> {
    let data: &Facility = &facility.entry.data;
    let vocabulary = &catalog.vocabulary;
    let area = vocabulary.areas.get(facility.area);
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let kinds = vocabulary.facility_kinds.iter().filter(|kind| data.kinds.contains(&kind.id));
    let works = data.works.iter().filter_map(|work| vocabulary.categories.get(vocabulary.category(&work.category)?));
    let access = vocabulary
        .accessibility
        .iter()
        .filter(|point| data.accessibility.get(&point.id).is_some_and(|state| state == "yes"));
    vec![
        facility.entry.id.clone(),
        data.name.clone(),
        katakana(&data.kana),
        text(&data.corporate_number),
        text(&data.operator),
        kinds.map(|kind| kind.label.as_str()).collect::<Vec<_>>().join(";"),
        area.and_then(|area| area.code.clone()).unwrap_or_default(),
        area.map_or("", |area| area.word.label.as_str()).to_owned(),
        text(&data.postal_code),
        text(&data.address),
        data.geo.map(|geo| geo.lat.to_string()).unwrap_or_default(),
        data.geo.map(|geo| geo.lon.to_string()).unwrap_or_default(),
        text(&data.tel),
        text(&data.fax),
        text(&data.email),
        text(&data.hours),
        text(&data.closed),
        data.capacity.map(|n| n.to_string()).unwrap_or_default(),
        works.map(|category| category.word.label.as_str()).collect::<Vec<_>>().join(";"),
        access.map(|point| point.label.as_str()).collect::<Vec<_>>().join(";"),
        base.absolute(&entry_address(Kind::Facility, &facility.entry.id)),
    ]
}

pub(super) fn events(catalog: &Catalog, base: &Base) -> Vec<Output> {
    let all: Vec<&LinkedEvent> = catalog.listed_events().map(|ix| catalog.event(ix)).collect();
    let json = || {
        let chunk = |all: &[&LinkedEvent]| {
            lines(all.iter().map(|e| {
                let kind = catalog.vocabulary.event_kind(&e.entry.data.kind);
                let derived = EventDerived { when: &e.when, kind_label: kind.map_or("", |kind| kind.label.as_str()) };
                row((catalog, base), Kind::Event, &e.entry.id, &e.entry.data, derived, &e.entry.meta)
            }))
        };
        array(all.par_chunks(CHUNK).with_max_len(1).map(chunk).collect())
    };
    let head = [
        "id",
        "イベント名",
        "イベント名_カナ",
        "種類",
        "開始日",
        "終了日",
        "開始時間",
        "終了時間",
        "開始日時特記事項",
        "場所名称",
        "住所",
        "緯度",
        "経度",
        "アクセス方法",
        "主催者",
        "料金(基本)",
        "参加申込終了日",
        "定員",
        "状態",
        "URL",
    ];
    let csv = || table(&head, all.iter().map(|e| event_row(catalog, base, e)));
    let (json, csv) = rayon::join(json, csv);
    vec![("data/events.json".to_owned(), json), ("data/events.csv".to_owned(), csv)]
}

fn event_row(catalog: &Catalog, base: &Base, event: &LinkedEvent) -> Vec<String> {
    let data: &Event = &event.entry.data;
    let kind = catalog.vocabulary.event_kind(&data.kind);
    let venue = data.venue.as_ref();
    let text = |value: Option<&String>| value.cloned().unwrap_or_default();
    let geo = venue.and_then(|venue| venue.geo);
    let apply = data.apply.as_ref();
    vec![
        event.entry.id.clone(),
        data.title.clone(),
        katakana(data.kana.as_deref().unwrap_or_default()),
        kind.map_or("", |kind| kind.label.as_str()).to_owned(),
        event.when.first_day().map(|day| day.to_string()).unwrap_or_default(),
        event.when.last_day().map(|day| day.to_string()).unwrap_or_default(),
        data.time.map(|time| time.start.to_string()).unwrap_or_default(),
        data.time.and_then(|time| time.end).map(|end| end.to_string()).unwrap_or_default(),
        event.when.written(),
        venue.map(|venue| venue.name.clone()).unwrap_or_default(),
        text(venue.and_then(|venue| venue.address.as_ref())),
        geo.map(|geo| geo.lat.to_string()).unwrap_or_default(),
        geo.map(|geo| geo.lon.to_string()).unwrap_or_default(),
        text(venue.and_then(|venue| venue.access.as_ref())),
        text(data.host.as_ref()),
        text(data.fee.as_ref()),
        apply.and_then(|apply| apply.deadline).map(|deadline| deadline.day.to_string()).unwrap_or_default(),
        apply.and_then(|apply| apply.places).map(|n| n.to_string()).unwrap_or_default(),
        data.status.label().to_owned(),
        base.absolute(&entry_address(Kind::Event, &event.entry.id)),
    ]
}

/// The columns of the municipal standard want full-width katakana.
fn katakana(reading: &str) -> String {
    crate::model::text::normalise(reading)
        .chars()
        .map(|c| match c {
            'ぁ'..='ゖ' => char::from_u32(u32::from(c) + 0x60).unwrap_or(c),
            c => c,
        })
        .collect()
}

/// UTF-8 with a BOM and CRLF, as Excel expects.
fn table(head: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Vec<u8> {
    let head = head.iter().map(|cell| (*cell).to_owned()).collect();
    [b"\xef\xbb\xbf".to_vec(), records(std::iter::once(head).chain(rows))].concat()
}

/// Rows of a table; a cell that a sheet would take for a formula is made text.
fn records(rows: impl Iterator<Item = Vec<String>>) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        // Writing into memory does not fail.
        let _ = writer.write_record(row.into_iter().map(guard));
    }
    writer.into_inner().unwrap_or_default()
}

fn guard(cell: String) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']);
    if formula && cell.parse::<f64>().is_err() { format!("'{cell}") } else { cell }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_become_text() {
        assert_eq!(guard("=1+1".into()), "'=1+1");
        assert_eq!(guard("-5".into()), "-5");
        assert_eq!(guard("027-000-0000".into()), "027-000-0000");
    }

    #[test]
    fn excel_gets_a_bom() {
        let bytes = table(&["名"], std::iter::once(vec!["米粉,クッキー".to_owned()]));
        assert_eq!(String::from_utf8_lossy(&bytes), "\u{feff}名\r\n\"米粉,クッキー\"\r\n");
    }
}
