//! `heartnet.yaml`.

use super::check::{self, Check};
use super::place::{At, Marked, Path as DocPath, Step, Trail};
use super::{files, locate, targets, yaml};
use crate::diagnostic::{Diagnostic, Problem};
use crate::model::Day;
use crate::schema::kinds;
use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The site's settings.
#[derive(Debug, Clone, Deserialize)]
#[allow(missing_docs, reason = "the fields are those of the contract; schema::kinds documents each")]
pub struct Settings {
    pub title: String,
    #[serde(default)]
    pub description: String,
    pub base_url: String,
    #[serde(default = "japanese")]
    pub language: String,
    #[serde(default = "tokyo")]
    pub timezone: String,
    #[serde(default = "default_theme")]
    pub theme: String,
    #[serde(default)]
    pub tokens: BTreeMap<String, String>,
    #[serde(default)]
    pub notice: Option<String>,
    pub desk: Desk,
    #[serde(default)]
    pub order: OrderForm,
    #[serde(default)]
    pub search: Search,
    #[serde(default)]
    pub hosting: Vec<String>,
    #[serde(default)]
    pub security: Security,
    #[serde(default)]
    pub deploy: BTreeMap<String, Value>,
}

/// 共同受注窓口
#[derive(Debug, Clone, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the fields are those of the contract; schema::kinds documents each")]
pub struct Desk {
    pub name: String,
    #[serde(default)]
    pub operator: Option<String>,
    #[serde(default)]
    pub postal_code: Option<String>,
    #[serde(default)]
    pub address: Option<String>,
    #[serde(default)]
    pub tel: Option<String>,
    #[serde(default)]
    pub fax: Option<String>,
    #[serde(default)]
    pub email: Option<String>,
    #[serde(default)]
    pub hours: Option<String>,
}

/// What is searched beside the site itself.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Search {
    /// Addresses of other sites' indexes.
    #[serde(default)]
    pub include: Vec<String>,
}

/// Whom to tell of a hole in the site.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Security {
    /// A mail address or an address of a page.
    #[serde(default)]
    pub contact: Option<String>,
}

impl Security {
    /// The contact as `security.txt` wants it; none where it is neither mail nor https.
    pub fn contact(&self) -> Option<String> {
        let written = self.contact.as_deref()?.trim();
        let page = || super::leaf::url(written).filter(|url| url.starts_with("https://"));
        super::leaf::email(written).map(|mail| format!("mailto:{mail}")).or_else(page)
    }
}

/// Where the order form may POST.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct OrderForm {
    /// Any form service.
    #[serde(default)]
    pub endpoint: Option<String>,
}

fn japanese() -> String {
    "ja".to_owned()
}

fn tokyo() -> String {
    "Asia/Tokyo".to_owned()
}

fn default_theme() -> String {
    "heartnet".to_owned()
}

/// The name of the settings file.
pub const FILE: &str = "heartnet.yaml";

/// The site's folder: the given one, or the first one upwards that has settings.
pub fn find_root(given: Option<&Path>, start: &Path) -> Result<PathBuf, Diagnostic> {
    let folder = given.unwrap_or(start);
    let mut candidates = folder.ancestors().take(if given.is_some() { 1 } else { 64 });
    candidates
        .find(|folder| folder.join(FILE).is_file())
        .map(Path::to_owned)
        .ok_or_else(|| Diagnostic::of_file(FILE, Problem::NoSite { folder: folder.display().to_string() }))
}

/// Reads the settings; `None` where they cannot be used.
pub fn read(root: &Path) -> (Option<Settings>, Vec<Diagnostic>) {
    if let Some(told) = files::leaves_site(root, FILE) {
        return (None, vec![told]);
    }
    let (text, mut diagnostics) = files::read_text(&root.join(FILE), FILE);
    let Some(text) = text else { return (None, diagnostics) };
    let mut problems = Vec::new();
    let mut settings = None;
    match yaml::read(&text, 0, &mut problems) {
        Some(Value::Object(mut map)) => {
            let marked = OnceCell::new();
            let raw = |path: &DocPath| {
                marked.get_or_init(|| Marked::read(&text)).raw(path).map(|(raw, plain)| (raw.to_owned(), plain))
            };
            let mut check = Check::new(None, None, &raw);
            let fields: Vec<_> = kinds::SETTINGS.iter().collect();
            check.document(&fields, &mut map, Trail::root(&[]));
            problems.append(&mut check.problems);
            settings = Settings::deserialize(&Value::Object(map)).ok();
            if let Some(settings) = &settings {
                rules(settings, &mut problems);
            }
        }
        Some(other) => check::not_a_mapping(&other, &text, &(0..text.len()), &mut problems),
        None => {}
    }
    diagnostics.extend(locate(FILE, &text, &(0..text.len()), problems));
    (settings, diagnostics)
}

fn rules(settings: &Settings, problems: &mut Vec<(At, Problem)>) {
    let at = |name: &str| At::Value(vec![Step::Key(name.to_owned())]);
    if zone(&settings.timezone).is_none() {
        problems.push((at("timezone"), Problem::BadTimezone { found: settings.timezone.clone() }));
    }
    if base(&settings.base_url).is_none() {
        problems.push((at("base_url"), Problem::BadBaseUrl { found: settings.base_url.clone() }));
    }
    if let Some(found) = &settings.security.contact
        && settings.security.contact().is_none()
    {
        let steps = ["security", "contact"].map(|key| Step::Key(key.to_owned()));
        problems.push((At::Value(steps.to_vec()), Problem::BadContact { found: found.clone() }));
    }
    let mut variables: BTreeMap<String, &str> = BTreeMap::new();
    for (name, target) in &settings.deploy {
        let variable = targets::password_variable(name);
        if let Some(other) = variables.insert(variable.clone(), name) {
            let how = format!(
                "「{other}」と「{name}」は、パスワードの環境変数が同じ {variable} になります。どちらかの名前を変えてください。"
            );
            let how_en = format!("`{other}` and `{name}` have the same variable {variable} for their passwords");
            let path = ["deploy", name].map(|key| Step::Key(key.to_owned()));
            problems.push((At::Value(path.to_vec()), Problem::BadTarget { name: name.clone(), how, how_en }));
        }
        if let Err(targets::Fault { field, ja, en }) = targets::read(name, target) {
            let path = ["deploy".to_owned(), name.clone()].into_iter().chain(field).map(Step::Key).collect();
            problems.push((At::Value(path), Problem::BadTarget { name: name.clone(), how: ja, how_en: en }));
        }
    }
}

/// A base URL in its normal form, ending in `/`: scheme and host, then the path.
pub fn base(url: &str) -> Option<(String, String)> {
    let url = super::leaf::url(url)?;
    if url.contains(['?', '#']) || url.contains("/../") || url.ends_with("/..") {
        return None;
    }
    let scheme_end = url.find("://")? + 3;
    let host_end = url[scheme_end..].find('/').map_or(url.len(), |at| scheme_end + at);
    let mut path = url[host_end..].trim_end_matches('/').to_owned();
    path.push('/');
    (!path.contains("//")).then(|| (url[..host_end].to_owned(), path))
}

fn zone(name: &str) -> Option<TimeZone> {
    // Japan has had one offset without summer time since 1951, so no time zone database is carried along.
    if matches!(name, "Asia/Tokyo" | "Japan" | "JST") {
        return Some(TimeZone::fixed(Offset::constant(9)));
    }
    if name == "UTC" {
        return Some(TimeZone::UTC);
    }
    let (sign, rest) = match (name.strip_prefix('+'), name.strip_prefix('-')) {
        (Some(rest), _) => (1, rest),
        (_, Some(rest)) => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':')?;
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    if !(0..=14).contains(&hours) || !(0..60).contains(&minutes) {
        return None;
    }
    Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok().map(TimeZone::fixed)
}

impl Settings {
    /// The site's offset, as in `2026-04-18T10:00:00+09:00`.
    pub fn offset(&self) -> String {
        let seconds = zone(&self.timezone).and_then(|zone| zone.to_fixed_offset().ok()).map_or(0, Offset::seconds);
        let sign = if seconds < 0 { '-' } else { '+' };
        let minutes = seconds.abs() / 60;
        format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
    }

    /// Today in the site's time zone.
    pub fn today(&self) -> Day {
        Day(Timestamp::now().to_zoned(self.zone()).date())
    }

    /// The site's time zone.
    pub fn zone(&self) -> TimeZone {
        zone(&self.timezone).unwrap_or(TimeZone::UTC)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_urls_end_in_a_slash() {
        let both = |url| base(url).map(|(host, path)| format!("{host} {path}"));
        assert_eq!(both("https://example.jp").as_deref(), Some("https://example.jp /"));
        assert_eq!(both("https://example.jp/heartnet").as_deref(), Some("https://example.jp /heartnet/"));
        for url in ["https://example.jp/?x", "ftp://example.jp/", "example.jp", "https://example.jp//a/"] {
            assert_eq!(both(url), None, "{url}");
        }
    }

    #[test]
    fn offsets_are_zones() {
        assert!(zone("Asia/Tokyo").is_some() && zone("+09:00").is_some() && zone("-03:30").is_some());
        assert!(zone("Asia/Nowhere").is_none() && zone("+9").is_none() && zone("+99:00").is_none());
    }
}
