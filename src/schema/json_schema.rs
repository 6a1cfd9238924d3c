//! The JSON Schema of an entry's front matter, for editors that give hints while typing.

use super::{Field, Shape, fields};
use crate::model::Kind;
use serde_json::{Map, Value, json};

/// The schema of a kind. Words of the vocabulary differ from site to site and stay open here.
pub fn json_schema(kind: Kind) -> Value {
    let all: Vec<&Field> = fields(kind).collect();
    let mut schema = object(&all);
    if let Value::Object(map) = &mut schema {
        map.insert("$schema".into(), "https://json-schema.org/draft/2020-12/schema".into());
        map.insert("title".into(), format!("heartnet {}", kind.word()).into());
        map.insert("description".into(), format!("{}の記事の項目", kind.label()).into());
        map.sort_keys();
    }
    schema
}

fn object(fields: &[&Field]) -> Value {
    let mut properties = Map::new();
    for field in fields {
        let mut schema = of(&field.shape);
        if let Value::Object(map) = &mut schema {
            map.insert("title".into(), field.label.into());
            if !field.note.is_empty() {
                map.insert("description".into(), field.note.into());
            }
        }
        properties.insert(field.name.to_owned(), schema);
    }
    let required: Vec<&str> = fields.iter().filter(|field| field.required).map(|field| field.name).collect();
    let mut schema = json!({"type": "object", "additionalProperties": false, "properties": properties});
    if let (Value::Object(map), false) = (&mut schema, required.is_empty()) {
        map.insert("required".into(), required.into());
    }
    schema
}

fn text(pattern: &str) -> Value {
    json!({"type": "string", "pattern": pattern})
}

fn words(words: &[(&str, &str)]) -> Value {
    let mut all: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
    all.extend(words.iter().filter(|(word, label)| word != label).map(|(_, label)| *label));
    json!({"enum": all})
}

fn of(shape: &Shape) -> Value {
    let refs = |fields: &'static [Field]| fields.iter().collect::<Vec<_>>();
    match shape {
        Shape::Text | Shape::Markdown => json!({"type": ["string", "number", "boolean"]}),
        Shape::Kana => text("^[ぁ-ゖァ-ヺーｦ-ﾟ・･ \u{3000}ゝゞヽヾ]+$"),
        Shape::Id => text("^[a-z0-9][a-z0-9-]{0,79}$"),
        Shape::Integer { min, max } => {
            json!({"anyOf": [{"type": "integer", "minimum": min, "maximum": max}, {"type": "string", "pattern": "[0-9０-９]"}]})
        }
        Shape::Latitude => json!({"type": "number", "minimum": 24, "maximum": 46}),
        Shape::Longitude => json!({"type": "number", "minimum": 122, "maximum": 154}),
        Shape::Focus => json!({"type": "array", "items": {"type": ["number", "string"], "minimum": 0, "maximum": 1},
            "minItems": 2, "maxItems": 2, "examples": [[0.5, 0.2]]}),
        Shape::Bool => json!({"type": "boolean"}),
        Shape::Date => json!({"type": "string", "examples": ["2026-04-18", "令和8年4月18日"]}),
        Shape::FiscalYear => json!({"type": ["integer", "string"], "examples": [2026, "令和8"]}),
        Shape::Months => json!({"anyOf": [
            {"type": "array", "items": {"type": "integer", "minimum": 1, "maximum": 12}},
            {"type": "integer", "minimum": 1, "maximum": 12},
            {"type": "string"}]}),
        Shape::Time => json!({"type": "string", "examples": ["10:00-15:00", "午前10時～午後3時"]}),
        Shape::Schedule => json!({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
        Shape::Deadline => json!({"type": "string", "examples": ["2026-04-10", "4月10日(金)午後5時必着"]}),
        Shape::Telephone => json!({"type": ["string", "integer"]}),
        Shape::PostalCode | Shape::CorporateNumber | Shape::OfficeNumber | Shape::AreaCode => {
            json!({"type": ["string", "integer"]})
        }
        Shape::Email => json!({"type": "string", "format": "email"}),
        Shape::Url => json!({"type": "string", "pattern": "^https?://"}),
        Shape::InvoiceNumber => text("^[TtＴｔ][0-9０-９-]+$"),
        Shape::Choice(list) => words(list),
        Shape::Word(_) | Shape::Ref(_) | Shape::RefOrText(_) | Shape::Picture | Shape::File => {
            json!({"type": "string"})
        }
        Shape::List(item) => {
            let item = of(item);
            json!({"anyOf": [{"type": "array", "items": item}, {"type": "string"}]})
        }
        Shape::Object(fields) => object(&refs(fields)),
        Shape::Short(fields) => {
            let short = fields.first().map(|field| of(&field.shape)).unwrap_or_default();
            json!({"anyOf": [short, object(&refs(fields))]})
        }
        Shape::WordMap(_, states) => {
            let mut state = words(states);
            if let Value::Object(map) = &mut state
                && let Some(Value::Array(list)) = map.get_mut("enum")
            {
                // An editor that reads YAML 1.1 takes yes and no for booleans.
                list.extend([true.into(), false.into()]);
            }
            json!({"type": "object", "additionalProperties": state})
        }
        Shape::Readings => json!({"type": "object", "additionalProperties": {"type": "string"}}),
        Shape::FreeOf => json!({"anyOf": [{"const": "mandatory"}, {"type": "array", "items": {"type": "string"}}]}),
        Shape::Named(inner) => json!({"type": "object", "additionalProperties": of(inner)}),
        Shape::Token => json!({"type": ["string", "number"]}),
        Shape::Anything => json!(true),
    }
}
