//! Walks a document along the description of its kind: tells every wrong field, and leaves a value
//! in the one form that the model's types read (numbers as numbers, words as ids, short forms long).

use super::assets::Assets;
use super::place::{At, Path, Step, Trail};
use super::{leaf, markdown, yaml};
use crate::diagnostic::{Problem, nearest};
use crate::model::schedule::{CheckedSchedule, DayRange};
use crate::model::vocabulary::{Vocabulary, WordList};
use crate::model::{Deadline, FiscalYear, Kind, Scheduled, When, parse_fiscal_year, text};
use crate::schema::{self, Field, Shape};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::ops::Range;

/// A reference to another entry, with the place where it stands.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Reference {
    /// The kind of entry it must be.
    pub kind: Kind,
    /// The id as written.
    pub id: String,
    /// Where.
    pub path: Path,
    /// Whether it may as well be a plain text.
    pub or_text: bool,
}

/// What the walk needs to know and what it finds.
pub(super) struct Check<'a> {
    /// `None` while the vocabulary itself is read.
    pub vocabulary: Option<&'a Vocabulary>,
    /// Words that stand in the vocabulary, but with a mistake that is told there.
    pub lost: Option<&'a BTreeSet<String>>,
    /// Where files may lie; `None` where no field names one.
    pub assets: Option<(&'a Assets, &'a str)>,
    /// The year that dates without one are read against.
    pub fiscal_year: Option<FiscalYear>,
    /// A fiscal year stands there, but cannot be read.
    fiscal_year_wrong: bool,
    /// The scalar as it stands in the file; asked only when it was not text.
    pub raw: &'a dyn Fn(&Path) -> Option<(String, bool)>,
    /// What is wrong.
    pub problems: Vec<(At, Problem)>,
    /// References to other entries.
    pub references: Vec<Reference>,
    /// Items of lists that were wrong and taken out, so that later places can be counted as in the file.
    pub gaps: Vec<Path>,
    /// Files that must be published with the entry: site paths.
    pub files: BTreeSet<String>,
}

impl Check<'_> {
    /// A whole document. Wrong fields are taken out, so that the rest can be read.
    pub(super) fn document(&mut self, fields: &[&'static Field], map: &mut Map<String, Value>, trail: Trail<'_>) {
        if let Some(written) = map.get("fiscal_year") {
            self.fiscal_year = scalar_text(written).as_deref().and_then(parse_fiscal_year);
            self.fiscal_year_wrong = self.fiscal_year.is_none();
        }
        let indented: Vec<String> =
            map.keys().filter_map(|key| key.strip_prefix('　')).map(|key| key.trim().to_owned()).collect();
        self.object(fields, map, trail);
        // A field behind a full-width blank has left the group it belongs to, and is not missing there.
        self.problems
            .retain(|(_, problem)| !matches!(problem, Problem::MissingField { name, .. } if indented.contains(name)));
    }

    fn tell(&mut self, trail: Trail<'_>, problem: Problem) {
        self.problems.push((At::Value(trail.path()), problem));
    }

    /// Returns whether every required field was there and right.
    fn object(&mut self, fields: &[&'static Field], map: &mut Map<String, Value>, trail: Trail<'_>) -> bool {
        let mut whole = true;
        let mut mistyped: Vec<String> = Vec::new();
        let is_known = |key: &String| fields.iter().any(|field| field.name == key);
        let unknown: Vec<(String, Value)> = if map.keys().all(is_known) {
            Vec::new()
        } else {
            let (known, unknown): (Vec<_>, Vec<_>) =
                std::mem::take(map).into_iter().partition(|(key, _)| is_known(key));
            *map = known.into_iter().collect();
            unknown
        };
        for (count, (name, value)) in unknown.into_iter().enumerate() {
            let at = At::Key(trail.key(&name).path());
            if name == "<<" {
                self.problems.push((at, Problem::YamlExtra { what: name }));
                continue;
            }
            if name.starts_with('　') {
                self.problems.push((at, Problem::FullWidthBlank {}));
                continue;
            }
            if let Some((key, _)) = yaml::before_full_width_colon(&name) {
                mistyped.push(key.clone());
                self.problems.push((at, Problem::FullWidthColon { key }));
                continue;
            }
            let known: Vec<&str> = fields.iter().map(|field| field.name).collect();
            let written = text::fold(&name);
            // 「価格」 stands for 「価格（税込・円）」.
            // A file full of them is another kind of file; nobody needs a thousand hints.
            let by_label = fields.iter().filter(|_| count < 100).find(|field| {
                let label = field.label.split('（').next().unwrap_or_default();
                [label, field.label].into_iter().any(|label| text::fold(label) == written)
            });
            let near = by_label
                .map(|field| field.name)
                .or_else(|| nearest(&name, known.iter().copied().filter(|_| count < 100)));
            let near = near.map(str::to_owned);
            if near.is_none() && value.is_null() && !name.is_ascii() {
                // `{amount: 1日1,000通}`: the comma made a field of what is behind it.
                self.problems.push((at, comma_field(name)));
                continue;
            }
            // A field that is only misspelt is not missing as well.
            mistyped.extend(near.clone());
            self.problems.push((at, unknown_field(name, near, &known)));
        }
        for field in fields {
            let inner = trail.key(field.name);
            let nothing = || empty(field.name, field.required.then_some(field.example));
            match map.get_mut(field.name) {
                None => {
                    if field.required && mistyped.iter().any(|key| key == field.name) {
                        whole = false;
                    } else if field.required {
                        whole = false;
                        let problem = Problem::MissingField {
                            name: field.name.to_owned(),
                            label: field.label.to_owned(),
                            example: field.example.to_owned(),
                        };
                        let at =
                            if trail.is_root() && trail.path().is_empty() { At::File } else { At::Value(trail.path()) };
                        self.problems.push((at, problem));
                    }
                }
                Some(value) => {
                    if value.is_null() {
                        // `field:` with nothing behind it is a blank left open; an explicit `null` is an answer.
                        if field.required || (self.raw)(&inner.path()).is_none_or(|(raw, _)| raw.is_empty()) {
                            self.problems.push((At::Key(inner.path()), nothing()));
                            whole &= !field.required;
                        }
                        map.shift_remove(field.name);
                    } else if value.as_str().is_some_and(|text| text.trim().is_empty())
                        || (field.required && value.as_array().is_some_and(Vec::is_empty))
                    {
                        self.tell(inner, nothing());
                        whole &= !field.required;
                        map.shift_remove(field.name);
                    } else if !self.value(&field.shape, value, inner) {
                        whole &= !field.required;
                        map.shift_remove(field.name);
                    }
                }
            }
        }
        whole
    }

    /// Returns whether the value can be used.
    fn value(&mut self, shape: &'static Shape, value: &mut Value, trail: Trail<'_>) -> bool {
        match shape {
            Shape::Anything => true,
            // `key: #1b5e8c` is a key and a remark.
            Shape::Token if value.is_null() => {
                let name = trail.path().into_iter().rev().find_map(|step| match step {
                    Step::Key(name) => Some(name),
                    Step::Index(_) => None,
                });
                let how =
                    "色は「\"#1b5e8c\"」のように、\" で囲んで書いてください。囲まないと、# から右は説明になります。";
                let how_en = "put the colour into quotes, such as \"#1b5e8c\": without them # begins a remark";
                let name = name.unwrap_or_default();
                let (how, how_en) = (how.to_owned(), how_en.to_owned());
                self.tell(trail, Problem::BadToken { name, found: "（空）".to_owned(), how, how_en });
                false
            }
            Shape::List(item) => self.list(item, value, trail),
            Shape::Object(fields) => match value {
                Value::Object(map) => self.object(&refs(fields), map, trail),
                Value::String(text) if yaml::before_full_width_colon(text).is_some() => {
                    let key = yaml::before_full_width_colon(text).map(|(key, _)| key).unwrap_or_default();
                    self.tell(trail, Problem::FullWidthColon { key });
                    false
                }
                other => {
                    let wanted = format!("「{}」のような「項目: 内容」の組", example_of(fields));
                    self.wrong(other, (&wanted, "a mapping"), trail)
                }
            },
            Shape::Short(fields) => {
                if !matches!(value, Value::Object(_))
                    && let Some(first) = fields.first()
                {
                    let inner = value.take();
                    *value = Value::Object(Map::from_iter([(first.name.to_owned(), inner)]));
                }
                match value {
                    Value::Object(map) => self.object(&refs(fields), map, trail),
                    other => self.wrong(other, ("「項目: 内容」の組", "a mapping"), trail),
                }
            }
            Shape::Named(inner) => match value {
                Value::Object(map) => {
                    let mut whole = true;
                    for (name, value) in map.iter_mut() {
                        whole &= self.value(inner, value, trail.key(name));
                    }
                    whole
                }
                other => self.wrong(other, ("「名前: 内容」の組", "a mapping"), trail),
            },
            Shape::WordMap(list, states) => self.word_map(*list, states, value, trail),
            Shape::Readings => self.readings(value, trail),
            Shape::FreeOf => {
                if value.as_str().is_some_and(|word| word.trim() == "mandatory") {
                    return true;
                }
                if value.is_string() {
                    let found = value.as_str().unwrap_or_default().to_owned();
                    let near = nearest(&found, ["mandatory"]).map(str::to_owned);
                    let known = "mandatory・[えび, かに]".to_owned();
                    self.tell(trail, Problem::BadChoice { found, near, known });
                    return false;
                }
                self.list(&Shape::Word(WordList::Allergen), value, trail)
            }
            Shape::Months => self.months(value, trail),
            Shape::Focus => self.focus(value, trail),
            Shape::Schedule => self.schedule(value, trail),
            Shape::Deadline => {
                let mut texts = Vec::new();
                if let Value::String(text) = value {
                    *text = leaf::without_until(text).to_owned();
                }
                let Some(read) = self.one_schedule(value, trail, &mut texts) else { return false };
                match Deadline::of(&read) {
                    Some(deadline) => {
                        *value = Value::String(deadline.to_string());
                        true
                    }
                    None => {
                        self.tell(trail, Problem::BadDate { found: texts.concat(), near: None });
                        false
                    }
                }
            }
            Shape::Bool => match value {
                Value::Bool(_) => true,
                other => {
                    let word = scalar_text(other).map(|text| text::fold(&text));
                    let read = match word.as_deref() {
                        Some("はい" | "yes" | "あり" | "○" | "◯" | "true") => Some(true),
                        Some("いいえ" | "no" | "なし" | "×" | "false") => Some(false),
                        _ => None,
                    };
                    match read {
                        Some(read) => {
                            *other = Value::Bool(read);
                            true
                        }
                        None => self.wrong(other, ("「true」（はい）か「false」（いいえ）", "true or false"), trail),
                    }
                }
            },
            Shape::Integer { min, max } => self.integer(*min, *max, value, trail),
            Shape::Latitude => self.degrees(24.0, 46.0, value, trail),
            Shape::Longitude => self.degrees(122.0, 154.0, value, trail),
            _ => self.text(shape, value, trail),
        }
    }

    fn wrong(&mut self, found: &Value, wanted: (&str, &str), trail: Trail<'_>) -> bool {
        let (ja, en) = describe(found);
        self.tell(
            trail,
            Problem::WrongType { wanted: wanted.0.to_owned(), wanted_en: wanted.1.to_owned(), found: ja, found_en: en },
        );
        false
    }

    /// Several words in one text (`卵、乳`, `［卵］`, `-卵 -乳`) where each of them could stand alone.
    fn run_together(&self, item: &Shape, text: &str) -> Option<String> {
        let marks = ['、', ',', '，', '・', '･', '[', '［', '\n'];
        if !text.contains(marks) && !text.starts_with('-') {
            return None;
        }
        let shape = match item {
            Shape::Short(fields) => &fields.first()?.shape,
            shape => shape,
        };
        let stands = |word: &str| match shape {
            Shape::Ref(_) => leaf::bad_id(word).is_none(),
            Shape::Word(list) => self.vocabulary.is_some_and(|vocabulary| vocabulary.find(*list, word).is_some()),
            Shape::Choice(words) => words.iter().any(|(id, label)| *id == word || *label == word),
            _ => false,
        };
        if stands(text.trim()) {
            return None;
        }
        let bare = text::normalise(text);
        let parts =
            bare.split(['、', ',', '・', ' ', '\n']).map(|part| part.trim_matches(['[', ']', '-', '“', '”', '"', ' ']));
        let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
        (!parts.is_empty() && parts.iter().all(|part| stands(part))).then(|| parts.join(", "))
    }

    fn list(&mut self, item: &'static Shape, value: &mut Value, trail: Trail<'_>) -> bool {
        if let Value::String(text) = &*value
            && let Some(meant) = self.run_together(item, text)
        {
            return self.not_a_list(value, &meant, trail);
        }
        // One value where a list is expected is a list of one; editors forget the brackets.
        if !matches!(value, Value::Array(_) | Value::Object(_)) {
            let one = value.take();
            let mut one_list = Value::Array(vec![one]);
            let Value::Array(items) = &mut one_list else { return false };
            let Some(only) = items.first_mut() else { return false };
            if !self.value(item, only, trail) {
                return false;
            }
            *value = one_list;
            return true;
        }
        let Value::Array(items) = value else {
            return self.wrong(value, ("「[ , ]」か「- 」の並び", "a list"), trail);
        };
        let mut index = 0;
        items.retain_mut(|inner| {
            let here = trail.index(index);
            index += 1;
            let sound = if inner.is_null() {
                self.tell(here, empty("-", None));
                false
            } else {
                match inner.as_str().and_then(|text| self.run_together(item, text)) {
                    Some(meant) => self.not_a_list(inner, &meant, here),
                    None => self.value(item, inner, here),
                }
            };
            if !sound {
                self.gaps.push(here.path());
            }
            sound
        });
        true
    }

    fn not_a_list(&mut self, found: &Value, meant: &str, trail: Trail<'_>) -> bool {
        let wanted =
            format!("「[{meant}]」のように、半角の「[ ]」と「, 」で区切った並び（または1行に1つ、「- 」で始まる並び）");
        self.wrong(found, (&wanted, &format!("a list such as [{meant}]")), trail)
    }

    fn months(&mut self, value: &mut Value, trail: Trail<'_>) -> bool {
        let months = match &*value {
            Value::Array(items) => {
                let mut months = Vec::new();
                for (index, item) in items.iter().enumerate() {
                    match scalar_text(item).as_deref().and_then(leaf::month) {
                        Some(month) => months.push(month),
                        None => {
                            let found = scalar_text(item).unwrap_or_else(|| describe(item).0);
                            self.tell(trail.index(index), Problem::BadMonths { found });
                            return false;
                        }
                    }
                }
                Some(months)
            }
            other => scalar_text(other).as_deref().and_then(leaf::months),
        };
        match months {
            Some(months) => {
                *value = months.into();
                true
            }
            None => {
                let found = scalar_text(value).unwrap_or_else(|| describe(value).0);
                self.tell(trail, Problem::BadMonths { found });
                false
            }
        }
    }

    fn schedule(&mut self, value: &mut Value, trail: Trail<'_>) -> bool {
        let mut texts = Vec::new();
        let whole = match &*value {
            Value::Array(items) => {
                let mut whole = !items.is_empty();
                let mut days: Vec<DayRange> = Vec::new();
                for (index, item) in items.iter().enumerate() {
                    let read = self.one_schedule(item, trail.index(index), &mut texts);
                    whole &= read.is_some();
                    // Days of rules may meet; a day that is written twice is a slip.
                    let Some(read) = read.filter(|read| matches!(read.when, When::Days(_)) && read.time().is_none())
                    else {
                        continue;
                    };
                    let twice =
                        |day: &DayRange| days.iter().any(|other| other.start <= day.end && day.start <= other.end);
                    if let Some(day) = read.days().iter().find(|day| twice(day)) {
                        self.tell(trail.index(index), Problem::DayTwice { date: day.start.short() });
                        whole = false;
                    }
                    days.extend(read.days());
                }
                whole
            }
            other => self.one_schedule(other, trail, &mut texts).is_some(),
        };
        if whole {
            let checked = CheckedSchedule { text: texts, fiscal_year: self.fiscal_year };
            *value = serde_json::to_value(checked).unwrap_or_default();
        }
        whole
    }

    fn one_schedule(&mut self, value: &Value, trail: Trail<'_>, texts: &mut Vec<String>) -> Option<Scheduled> {
        let Some(written) = self.written(value, trail) else {
            self.wrong(value, ("日程", "a schedule"), trail);
            return None;
        };
        match leaf::schedule(&written, self.fiscal_year) {
            Ok(read) => {
                texts.push(written);
                Some(read)
            }
            // A fiscal year that cannot be read has been told.
            Err(Problem::YearUnknown { .. }) if self.fiscal_year_wrong => None,
            Err(problem) => {
                self.tell(trail, problem);
                None
            }
        }
    }

    fn integer(&mut self, min: i64, max: i64, value: &mut Value, trail: Trail<'_>) -> bool {
        let read = match &*value {
            Value::Number(number) => match number.as_i64() {
                Some(number) => Ok(number),
                None if number.is_f64() => {
                    let found = self.written(value, trail).unwrap_or_else(|| number.to_string());
                    Err(Problem::NotAnInteger { found })
                }
                None => Err(Problem::OutOfRange { found: number.to_string(), range: range_of(min, max) }),
            },
            Value::String(text) => leaf::integer(text),
            other => return self.wrong(other, ("数", "a number"), trail),
        };
        match read {
            Ok(number) if (min..=max).contains(&number) => {
                *value = number.into();
                true
            }
            Ok(number) => {
                let range = range_of(min, max);
                self.tell(trail, Problem::OutOfRange { found: number.to_string(), range });
                false
            }
            Err(problem) => {
                self.tell(trail, problem);
                false
            }
        }
    }

    /// `[0.5, 0.3]` or `[50%, 30%]`
    fn focus(&mut self, value: &mut Value, trail: Trail<'_>) -> bool {
        let part = |item: &Value| {
            let text = text::normalise(&scalar_text(item)?);
            let (number, whole) = text.trim().strip_suffix('%').map_or((text.trim(), 1.0), |number| (number, 100.0));
            let part = number.trim().parse::<f64>().ok()? / whole;
            (0.0..=1.0).contains(&part).then(|| Value::from((part * 100.0).round() as u64))
        };
        let read: Option<Vec<Value>> = match &*value {
            Value::Array(items) if items.len() == 2 => items.iter().map(part).collect(),
            _ => None,
        };
        let Some(read) = read else {
            let found = match &*value {
                Value::Array(items) => items.iter().filter_map(scalar_text).collect::<Vec<_>>().join(", "),
                other => scalar_text(other).unwrap_or_else(|| describe(other).0),
            };
            self.tell(trail, Problem::BadFocus { found });
            return false;
        };
        *value = read.into();
        true
    }

    fn degrees(&mut self, min: f64, max: f64, value: &mut Value, trail: Trail<'_>) -> bool {
        let found = scalar_text(value).unwrap_or_else(|| describe(value).0);
        let Some(number) = text::normalise(&found).trim().parse::<f64>().ok() else {
            self.tell(trail, Problem::NotANumber { found });
            return false;
        };
        if !(min..=max).contains(&number) {
            self.tell(trail, Problem::BadGeo { found });
            return false;
        }
        *value = number.into();
        true
    }

    fn word_map(
        &mut self,
        list: WordList,
        states: &'static [(&'static str, &'static str)],
        value: &mut Value,
        trail: Trail<'_>,
    ) -> bool {
        let Value::Object(map) = value else {
            return self.wrong(value, ("「項目: yes」の組", "a mapping"), trail);
        };
        let mut read = Map::new();
        for (name, state) in std::mem::take(map) {
            let here = trail.key(&name);
            let Some(id) = self.word(list, &name, At::Key(here.path())) else { continue };
            let written = match &state {
                Value::Bool(true) => "yes".to_owned(),
                Value::Bool(false) => "no".to_owned(),
                other => scalar_text(other).unwrap_or_default(),
            };
            if let Some(word) = self.choice(states, &written, here) {
                read.insert(id, word.into());
            }
        }
        *map = read;
        true
    }

    fn readings(&mut self, value: &mut Value, trail: Trail<'_>) -> bool {
        let Value::Object(map) = value else {
            return self.wrong(value, ("「前橋: まえばし」の組", "a mapping"), trail);
        };
        let wrong: Vec<String> = map
            .iter()
            .filter_map(|(word, reading)| {
                let here = trail.key(word);
                let found = scalar_text(reading).unwrap_or_default();
                if found.trim().is_empty() && !matches!(reading, Value::Array(_) | Value::Object(_)) {
                    self.problems.push((At::Key(here.path()), empty(word, None)));
                    return Some(word.clone());
                }
                if found.is_empty() {
                    self.wrong(reading, ("ふりがな", "a reading"), here);
                    return Some(word.clone());
                }
                let bad = text::not_kana(&found)?;
                self.tell(here, Problem::BadKana { found, bad: bad.to_string() });
                Some(word.clone())
            })
            .collect();
        for word in wrong {
            map.shift_remove(&word);
        }
        true
    }

    fn word(&mut self, list: WordList, written: &str, at: At) -> Option<String> {
        let Some(vocabulary) = self.vocabulary else { return Some(written.to_owned()) };
        if let Some(id) = vocabulary.find(list, written) {
            return Some(id.to_owned());
        }
        if self.lost.is_some_and(|lost| lost.contains(&text::fold(written))) {
            return Some(written.to_owned());
        }
        let words = vocabulary.words(list);
        let near = nearest(written, words.iter().flat_map(|(id, label)| [*label, *id])).map(str::to_owned);
        let mut known: Vec<&str> = words.iter().map(|(_, label)| *label).take(12).collect();
        if words.len() > known.len() {
            known.push("…");
        }
        let (ja, en) = list.label();
        let problem = Problem::UnknownWord {
            found: written.to_owned(),
            list: ja.to_owned(),
            list_en: en.to_owned(),
            near,
            known: known.join("、"),
        };
        self.problems.push((at, problem));
        None
    }

    fn choice(
        &mut self,
        words: &'static [(&'static str, &'static str)],
        written: &str,
        trail: Trail<'_>,
    ) -> Option<&'static str> {
        let folded = text::fold(written);
        if let Some((word, _)) =
            words.iter().find(|(word, label)| *word == written.trim() || text::fold(label) == folded)
        {
            return Some(word);
        }
        let near = nearest(written, words.iter().flat_map(|(word, label)| [*word, *label])).map(str::to_owned);
        let known: Vec<String> = words
            .iter()
            .map(|(word, label)| if word == label { (*word).to_owned() } else { format!("{word}（{label}）") })
            .collect();
        self.tell(trail, Problem::BadChoice { found: written.to_owned(), near, known: known.join("・") });
        None
    }

    /// A scalar as it was written. Text already is; for a number or a boolean the file is asked.
    fn written(&self, value: &Value, trail: Trail<'_>) -> Option<String> {
        match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(_) | Value::Bool(_) => {
                (self.raw)(&trail.path()).map(|(raw, _)| raw).or_else(|| scalar_text(value))
            }
            _ => None,
        }
    }

    fn text(&mut self, shape: &'static Shape, value: &mut Value, trail: Trail<'_>) -> bool {
        let Some(written) = self.written(value, trail) else {
            return self.wrong(value, ("文字", "text"), trail);
        };
        let read = match shape {
            Shape::Choice(words) => self.choice(words, &written, trail).map(str::to_owned),
            Shape::Word(list) => self.word(*list, &written, At::Value(trail.path())),
            Shape::Ref(kind) => {
                let id = written.trim().to_owned();
                self.references.push(Reference { kind: *kind, id: id.clone(), path: trail.path(), or_text: false });
                Some(id)
            }
            Shape::RefOrText(kind) => {
                let id = written.trim().to_owned();
                if leaf::bad_id(&id).is_none() {
                    let path = trail.path();
                    self.references.push(Reference { kind: *kind, id: id.clone(), path, or_text: true });
                }
                Some(id)
            }
            Shape::Picture => self.file(&written, true, trail),
            Shape::File => self.file(&written, false, trail),
            shape => match leaf::text(shape, written) {
                Ok(text) => {
                    if matches!(shape, Shape::Text) && markdown::has_ruby(&text) {
                        self.tell(trail, Problem::RubyNotHere { found: text.clone() });
                    }
                    Some(text)
                }
                Err(problem) => {
                    self.tell(trail, problem);
                    None
                }
            },
        };
        match read {
            Some(text) => {
                *value = if matches!(shape, Shape::FiscalYear) {
                    text.parse::<i32>().map_or(Value::Null, Value::from)
                } else {
                    Value::String(text)
                };
                true
            }
            None => false,
        }
    }

    fn file(&mut self, written: &str, photo: bool, trail: Trail<'_>) -> Option<String> {
        let (assets, folder) = self.assets?;
        let endings = if photo { schema::PICTURES } else { schema::FILES };
        match assets.find(written, folder, endings) {
            Ok(path) => {
                // A photo is published by the entry's list of photos, which may lose it with its consent.
                if !photo {
                    self.files.insert(path.clone());
                }
                Some(path)
            }
            Err(problem) => {
                self.tell(trail, problem);
                None
            }
        }
    }
}

/// Nothing stands behind a name. Of what must be there an example is shown.
fn empty(name: &str, needed: Option<&str>) -> Problem {
    let (way, way_en) = match needed {
        Some(example) => (
            format!("必ず要る項目です。「{name}: {example}」のように書いてください。"),
            format!("it is required; write `{name}: {example}`"),
        ),
        None => (
            "内容を書いてください。要らなければ、この行を消してもかまいません。".to_owned(),
            "fill it in, or delete the line".to_owned(),
        ),
    };
    Problem::EmptyValue { name: name.to_owned(), way, way_en }
}

fn comma_field(name: String) -> Problem {
    Problem::UnknownField {
        name,
        near: None,
        hint: "{ } や [ ] の中では「,」が区切りになります。内容に「,」があるときは、内容の全体を \" で囲んでください。"
            .to_owned(),
        hint_en: "inside { } and [ ] a comma separates; quote a value that holds one".to_owned(),
    }
}

/// With a likely word the list of all fields would only be in the way.
pub(super) fn unknown_field(name: String, near: Option<String>, known: &[&str]) -> Problem {
    let (hint, hint_en) = match near {
        Some(_) => ("項目の綴りを直してください。".to_owned(), "mend the spelling".to_owned()),
        None => {
            let known = known.join("・");
            (format!("ここに書ける項目: {known}"), format!("fields that may stand here: {known}"))
        }
    };
    Problem::UnknownField { name, near, hint, hint_en }
}

/// In digits only, for messages in any language.
fn range_of(min: i64, max: i64) -> String {
    format!("{min}～{}", text::with_commas(max.unsigned_abs()))
}

/// What a group of fields looks like: those that must be there, or else the first one.
fn example_of(fields: &[Field]) -> String {
    let required: Vec<&Field> = fields.iter().filter(|field| field.required).collect();
    let shown = if required.is_empty() { fields.iter().take(1).collect() } else { required };
    let shown: Vec<String> = shown.iter().map(|field| format!("{}: {}", field.name, field.example)).collect();
    format!("{{{}}}", shown.join(", "))
}

/// A document that is no mapping: what it is, or the full-width colons that made it so.
pub(super) fn not_a_mapping(found: &Value, text: &str, yaml: &Range<usize>, problems: &mut Vec<(At, Problem)>) {
    if found.is_string() && yaml::full_width(&text[yaml.clone()], yaml.start, problems) {
        return;
    }
    let found = match found {
        Value::Array(_) => "「- 」の並び（いくつもの記事を1つの .yaml に書くときは、1行目に「entries:」と書きます）",
        Value::Null => "空",
        _ => "ただの文章",
    };
    // A blank line may stand first.
    let first = text[yaml.clone()].find(|c: char| !c.is_whitespace()).map(|at| yaml.start + at);
    let at = first.map_or(At::File, |first| At::Bytes(first..first));
    problems.push((at, Problem::NotAMapping { found: found.to_owned() }));
}

fn refs(fields: &'static [Field]) -> Vec<&'static Field> {
    fields.iter().collect()
}

fn scalar_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(value) => Some(value.to_string()),
        _ => None,
    }
}

pub(super) fn describe(value: &Value) -> (String, String) {
    match value {
        Value::Null => ("空".to_owned(), "empty".to_owned()),
        Value::Bool(value) => (format!("「{value}」"), format!("`{value}`")),
        Value::Number(number) => (format!("数「{number}」"), format!("the number {number}")),
        Value::String(text) => {
            let short: String = text.chars().take(20).collect();
            (format!("文字「{short}」"), format!("the text `{short}`"))
        }
        Value::Array(_) => ("並び（リスト）".to_owned(), "a list".to_owned()),
        Value::Object(_) => ("「項目: 内容」の組".to_owned(), "a mapping".to_owned()),
    }
}

impl<'a> Check<'a> {
    /// A walk that has found nothing yet.
    pub(super) fn new(
        vocabulary: Option<&'a Vocabulary>,
        assets: Option<(&'a Assets, &'a str)>,
        raw: &'a dyn Fn(&Path) -> Option<(String, bool)>,
    ) -> Self {
        Self {
            vocabulary,
            lost: None,
            assets,
            fiscal_year: None,
            fiscal_year_wrong: false,
            raw,
            problems: Vec::new(),
            references: Vec::new(),
            gaps: Vec::new(),
            files: BTreeSet::new(),
        }
    }
}
