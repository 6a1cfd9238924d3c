//! What browsers may load and run on the built pages: a Content-Security-Policy out of what the pages hold.
//!
//! Nothing is allowed because it might be wanted: every page that was rendered is looked at, and what stands in it
//! (scripts and styles by their hash, addresses of other hosts by their origin) is what the policy names.

use super::html::{Token, Tokens};
use crate::source::settings::Settings;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Hosts take lines of 2,000 characters, the header's name among them.
const LONGEST: usize = 1_900;

/// What pages hold that a policy must name.
#[derive(Debug, Default, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Seen {
    /// Texts of scripts that stand in the page.
    scripts: BTreeSet<String>,
    styles: BTreeSet<String>,
    style_attributes: bool,
    /// A page that has `onclick=` or the like.
    handlers: Option<Place>,
    /// A page with scripts in it.
    place: Option<Place>,
    /// Origins of other hosts, by what is loaded from there.
    origins: BTreeMap<Cow<'static, str>, BTreeSet<String>>,
}

/// Address and template of a page.
type Place = (String, Cow<'static, str>);

impl Seen {
    /// Looks at a page.
    pub(super) fn page(&mut self, html: &str, template: &'static str, address: &str) {
        let here = || (address.to_owned(), Cow::Borrowed(template));
        let mut inside = None;
        let mut tokens = Tokens::new(html);
        while let Some(token) = tokens.next() {
            match token {
                Token::Open(name) => {
                    let tag = Tag::new(&mut tokens);
                    if tag.handler {
                        least(&mut self.handlers, here());
                    }
                    inside = self.open(name, &tag);
                }
                Token::Raw(text) => match inside.take() {
                    Some(Inside::Script) => {
                        least(&mut self.place, here());
                        add(&mut self.scripts, text);
                    }
                    Some(Inside::Style) => add(&mut self.styles, text),
                    None => {}
                },
                Token::Close(_) | Token::Text(_) => {}
            }
        }
    }

    fn open(&mut self, name: &str, tag: &Tag<'_>) -> Option<Inside> {
        self.style_attributes |= tag.style;
        let rel = tag.rel;
        let loaded = match name {
            "script" => Some(("script-src", tag.src)),
            "link" if rel == "stylesheet" => Some(("style-src", Some(tag.href))),
            "link" if rel.contains("icon") => Some(("img-src", Some(tag.href))),
            "link" if rel == "modulepreload" => Some(("script-src", Some(tag.href))),
            "img" => Some(("img-src", tag.src)),
            "iframe" => Some(("frame-src", tag.src)),
            "audio" | "video" | "track" | "source" => Some(("media-src", tag.src)),
            "form" => Some(("form-action", Some(tag.action))),
            "embed" => Some(("object-src", tag.src)),
            "object" => Some(("object-src", Some(tag.data))),
            _ => None,
        };
        if let Some((directive, address)) = loaded {
            self.origin(directive, address.unwrap_or_default());
        }
        if matches!(name, "img" | "source") {
            tag.srcset.split([',', ' ']).for_each(|address| self.origin("img-src", address));
        }
        match name {
            // What is data for others (`application/ld+json`) is not run, and no policy looks at it.
            "script" if tag.src.is_none() && is_script(tag.kind) => Some(Inside::Script),
            "style" => Some(Inside::Style),
            _ => None,
        }
    }

    fn origin(&mut self, directive: &'static str, address: &str) {
        let Some(rest) = address.strip_prefix("https://").or_else(|| address.strip_prefix("//")) else { return };
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        if !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.:".contains(&b)) {
            self.origins.entry(directive.into()).or_default().insert(format!("https://{host}"));
        }
    }

    /// Adds what another thread has seen.
    pub(super) fn join(&mut self, other: Self) {
        self.scripts.extend(other.scripts);
        self.styles.extend(other.styles);
        self.style_attributes |= other.style_attributes;
        other.handlers.into_iter().for_each(|place| least(&mut self.handlers, place));
        other.place.into_iter().for_each(|place| least(&mut self.place, place));
        for (directive, origins) in other.origins {
            self.origins.entry(directive).or_default().extend(origins);
        }
    }

    /// What was seen on one page, as many have it: without saying which page it is.
    pub(super) fn nameless(mut self) -> Self {
        for place in [&mut self.handlers, &mut self.place].into_iter().flatten() {
            *place = (String::new(), Cow::Borrowed(""));
        }
        self
    }

    /// The same as it was seen on this page.
    pub(super) fn named(mut self, template: &'static str, address: &str) -> Self {
        for place in [&mut self.handlers, &mut self.place].into_iter().flatten() {
            *place = (address.to_owned(), Cow::Borrowed(template));
        }
        self
    }

    /// The policy, and the page for which all scripts had to be allowed. One that stands in the page itself
    /// (`in_page`) may not say who frames it.
    pub(super) fn policy(&self, settings: &Settings, in_page: bool) -> (String, Option<&Place>) {
        let exact = self.text(settings, in_page, false);
        if self.handlers.is_none() && exact.len() <= LONGEST {
            return (exact, None);
        }
        (self.text(settings, in_page, true), self.handlers.as_ref().or(self.place.as_ref()))
    }

    fn text(&self, settings: &Settings, in_page: bool, loose: bool) -> String {
        let order = settings.order.endpoint.iter();
        let mut wider = Self { origins: self.origins.clone(), ..Self::default() };
        order.clone().for_each(|address| wider.origin("form-action", address));
        for address in &settings.search.include {
            // What is found there is shown here with its pictures.
            wider.origin("connect-src", address);
            wider.origin("img-src", address);
        }
        order.for_each(|address| wider.origin("connect-src", address));
        let hashes = |texts: &BTreeSet<String>| match texts.is_empty() {
            true => String::new(),
            false if loose => " 'unsafe-inline'".to_owned(),
            false => texts.iter().map(|text| format!(" '{}'", hash(text))).collect(),
        };
        // Handlers in tags have no hash that all browsers know.
        let handlers = if loose && self.scripts.is_empty() { " 'unsafe-inline'" } else { "" };
        let own = [
            ("connect-src", "'self'".to_owned()),
            ("font-src", "'self'".to_owned()),
            ("form-action", "'self'".to_owned()),
            ("frame-src", String::new()),
            // The style sheet has its arrows and marks in it.
            ("img-src", "'self' data:".to_owned()),
            ("manifest-src", "'self'".to_owned()),
            ("media-src", "'self'".to_owned()),
            ("object-src", String::new()),
            ("script-src", format!("'self'{}{handlers}", hashes(&self.scripts))),
            ("style-src", format!("'self'{}", hashes(&self.styles))),
            ("style-src-attr", if self.style_attributes { "'unsafe-inline'".to_owned() } else { String::new() }),
        ];
        let mut out = "default-src 'none'; base-uri 'none'".to_owned();
        if !in_page {
            out.push_str("; frame-ancestors 'self'");
        }
        for (directive, own) in own {
            let mut sources: Vec<String> = if own.is_empty() { Vec::new() } else { vec![own] };
            match wider.origins.get(directive) {
                // Each by its name, unless the line would be too long.
                Some(origins) if loose && origins.len() > 3 => sources.push("https:".to_owned()),
                Some(origins) => sources.extend(origins.iter().cloned()),
                None => {}
            }
            if !sources.is_empty() {
                out.push_str(&format!("; {directive} {}", sources.join(" ")));
            }
        }
        out
    }
}

/// What of a tag's attributes a policy is about.
#[derive(Default)]
struct Tag<'a> {
    handler: bool,
    style: bool,
    src: Option<&'a str>,
    href: &'a str,
    rel: &'a str,
    action: &'a str,
    data: &'a str,
    srcset: &'a str,
    kind: &'a str,
}

impl<'a> Tag<'a> {
    fn new(tokens: &mut Tokens<'a>) -> Self {
        let mut tag = Self::default();
        while let Some((name, value)) = tokens.attribute() {
            match name {
                "style" => tag.style = true,
                "src" => tag.src = Some(value),
                "href" => tag.href = value,
                "rel" => tag.rel = value,
                "action" => tag.action = value,
                "data" => tag.data = value,
                "srcset" => tag.srcset = value,
                "type" => tag.kind = value,
                name => tag.handler |= is_handler(name),
            }
        }
        tag
    }
}

enum Inside {
    Script,
    Style,
}

/// Of several pages the first one is named, whichever thread saw it.
fn least(place: &mut Option<Place>, other: Place) {
    if place.as_ref().is_none_or(|place| other < *place) {
        *place = Some(other);
    }
}

/// Nearly every page has the same few.
fn add(texts: &mut BTreeSet<String>, text: &str) {
    if !texts.contains(text) {
        texts.insert(text.to_owned());
    }
}

fn is_script(kind: &str) -> bool {
    let kind = kind.to_ascii_lowercase();
    matches!(kind.as_str(), "" | "module" | "importmap" | "speculationrules")
        || kind.ends_with("/javascript")
        || kind.ends_with("/ecmascript")
}

fn is_handler(name: &str) -> bool {
    name.len() > 4 && name.get(..2).is_some_and(|on| on.eq_ignore_ascii_case("on"))
}

/// What a browser compares a script in the page with. It knows only one kind of line break.
fn hash(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    format!("sha256-{}", STANDARD.encode(digest(&SHA256, text.as_bytes())))
}

/// Puts a policy into a page, before anything that it is about.
pub(super) fn insert(html: &mut Vec<u8>, policy: &str) {
    let meta = format!("<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">");
    let head = html.windows(5).position(|part| part.eq_ignore_ascii_case(b"<head"));
    let end = |from: usize| html.get(from..)?.iter().position(|byte| *byte == b'>').map(|at| from + at + 1);
    let Some(mut at) = head.and_then(end) else { return };
    // The letters of a page are said within its first kilobyte, so that goes first.
    let charset = html.get(at..).and_then(|rest| rest.windows(13).take(64).position(|part| part == b"<meta charset"));
    if let Some(behind) = charset.and_then(|from| end(at + from)) {
        at = behind;
    }
    html.splice(at..at, meta.into_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn settings(more: serde_json::Value) -> Option<Settings> {
        let mut all = json!({"title": "み", "base_url": "https://example.jp/", "desk": {"name": "窓"}});
        if let (Some(all), serde_json::Value::Object(more)) = (all.as_object_mut(), more) {
            all.extend(more);
        }
        serde_json::from_value(all).ok()
    }

    fn policy(html: &str, more: serde_json::Value) -> (String, bool) {
        let mut seen = Seen::default();
        seen.page(html, "home.html", "/");
        settings(more).map_or_else(Default::default, |settings| {
            let (text, loose) = seen.policy(&settings, false);
            (text, loose.is_some())
        })
    }

    #[test]
    fn what_stands_in_a_page_is_named_and_nothing_else() {
        let (plain, loose) =
            policy("<p>あ</p><script type=application/ld+json>{}</script><script src=/a.js></script>", json!({}));
        assert!(!loose);
        assert_eq!(
            plain,
            "default-src 'none'; base-uri 'none'; frame-ancestors 'self'; connect-src 'self'; font-src 'self'; \
             form-action 'self'; img-src 'self' data:; manifest-src 'self'; media-src 'self'; script-src 'self'; \
             style-src 'self'"
        );
        // printf 'alert(1)' | openssl dgst -sha256 -binary | base64
        let (text, _) = policy("<script>alert(1)</script>", json!({}));
        assert!(text.contains("script-src 'self' 'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='"), "{text}");
        let html = "<iframe src=https://maps.example.com/x></iframe><img srcset='//cdn.example.com/a 1x, /b 2x'><b style='x:y'>";
        let (text, _) = policy(html, json!({}));
        for part in [
            "frame-src https://maps.example.com;",
            "img-src 'self' data: https://cdn.example.com;",
            "style-src-attr 'unsafe-inline'",
        ] {
            assert!(text.contains(part), "{text}");
        }
        let more = json!({"search": {"include": ["https://b.example.jp/search/index.json"]}, "order": {"endpoint": "https://f.example.jp/x"}});
        let (text, _) = policy("", more);
        assert!(text.contains("connect-src 'self' https://b.example.jp https://f.example.jp;"), "{text}");
        assert!(text.contains("form-action 'self' https://f.example.jp;"), "{text}");
        assert!(text.contains("img-src 'self' data: https://b.example.jp;"), "{text}");
    }

    #[test]
    fn handlers_and_too_many_scripts_allow_all_and_say_so() {
        let (text, loose) = policy("<button onclick='x()'>あ</button>", json!({}));
        assert!(loose && text.contains("script-src 'self' 'unsafe-inline'"), "{text}");
        let many: String = (0..60).map(|at| format!("<script>f({at})</script>")).collect();
        let (text, loose) = policy(&many, json!({}));
        assert!(loose && text.len() < LONGEST && text.contains("script-src 'self' 'unsafe-inline'"), "{text}");
    }

    #[test]
    fn a_policy_stands_before_what_it_is_about() {
        for (html, wanted) in [
            (
                "<html><head><meta charset=utf-8><script>",
                "<meta charset=utf-8><meta http-equiv=\"Content-Security-Policy\" content=\"x\"><script>",
            ),
            ("<html><head><script>", "<head><meta http-equiv=\"Content-Security-Policy\" content=\"x\"><script>"),
        ] {
            let mut page = html.as_bytes().to_vec();
            insert(&mut page, "x");
            assert!(String::from_utf8_lossy(&page).contains(wanted));
        }
    }
}
