//! Files that tell a host what to say with each file: how long it may be kept, its type, what a page may do.
//!
//! All of them come from one list of rules, which comes from `deploy::headers` and the list of files. The formats differ
//! in what a pattern may be: Netlify and Cloudflare know no more than `*` and `:part`, and Cloudflare joins the values
//! of one header from two rules, so no two rules may say the same header of one file. Therefore what is to be asked for
//! each time has no rule: it is what both do anyway.

use super::packed::ways;
use super::policy::Seen;
use crate::deploy::headers;
use crate::model::Day;
use crate::site::Base;
use crate::source::settings::Settings;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Beside these there are always the rules for all files and for types; Cloudflare takes a hundred in all.
const MOST: usize = 80;

/// What every answer says besides its policy. All of it is for everybody: the search of another site shows what it found
/// here, with words from the page.
const SAID: &[(&str, &str)] = &[
    ("Access-Control-Allow-Origin", "*"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
];

/// A drawing that is looked at by itself has its own styles and needs no scripts.
const DRAWING: &str = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

const CSP: &str = "Content-Security-Policy";
const CACHE: &str = "Cache-Control";

/// Files whose type hosts get wrong by their ending, as patterns and as an example.
const KINDS: &[(&str, &str)] = &[
    ("feed.xml", "feed.xml"),
    ("opensearch.xml", "opensearch.xml"),
    ("events.ics", "events.ics"),
    ("events/:id/event.ics", "events/a/event.ics"),
    ("events/kind/:id/events.ics", "events/kind/a/events.ics"),
    ("facilities/:id/events.ics", "facilities/a/events.ics"),
];

/// Endings of what is built, and of what is kept for a while only.
const ENDINGS: &[&str] = &[
    "html", "css", "js", "json", "xml", "txt", "csv", "ics", "svg", "png", "jpg", "jpeg", "webp", "avif", "gif", "ico",
    "pdf", "woff2", "zip", "xlsx", "docx",
];

/// Names that change with their content, as `deploy::headers::is_hashed` knows them.
const HASHED: &[&str] = &[
    r"search/rows/[^/]*-[0-9a-f]+\.bin",
    r"search/[0-9a-f]{2}/[0-9a-f]{6}\.bin",
    r"(.*/)?[^/]+\.[0-9a-f]{10}\.[^./]+",
];

const SIGNED: &str = "heartnet build が書きます。直すときは、heartnet.yaml の hosting を直してください。";

/// Why HSTS is only a remark.
const HSTS: &str = "このサイトと、同じドメインの全部を、これからずっと https だけで見せると決めたら、次も送れます（やめにくい設定です）:";
const HSTS_VALUE: &str = "max-age=31536000";

/// A pattern, and the names and values of its headers.
type Rule = (String, Vec<(&'static str, String)>);

pub(super) struct Hosting<'a> {
    pub settings: &'a Settings,
    pub base: &'a Base,
    pub today: Day,
}

impl Hosting<'_> {
    fn has(&self, host: &str) -> bool {
        self.settings.hosting.iter().any(|word| word == host)
    }

    /// Whether any file or page needs to know what the pages hold.
    pub(super) fn wanted(&self) -> bool {
        !self.settings.hosting.is_empty()
    }

    /// Whether pages say their policy themselves.
    pub(super) fn in_page(&self) -> bool {
        self.has("meta")
    }

    /// The files that will be written.
    pub(super) fn planned(&self) -> Vec<String> {
        let named = [
            ("_headers", self.has("netlify") || self.has("cloudflare")),
            ("_redirects", self.has("netlify")),
            ("vercel.json", self.has("vercel")),
            (".htaccess", self.has("apache")),
            (".well-known/security.txt", self.settings.security.contact().is_some()),
        ];
        named.into_iter().filter(|(_, wanted)| *wanted).map(|(name, _)| name.to_owned()).collect()
    }

    /// The files. `all` are those of the whole site.
    pub(super) fn files(&self, all: &[String], seen: &Seen) -> Vec<(String, Vec<u8>)> {
        let (policy, _) = seen.policy(self.settings, false);
        let written = |name: String| {
            let text = match name.as_str() {
                "_headers" => self.rules_of_lines(all, &policy),
                "_redirects" => format!("# {SIGNED}\n{0}*  {0}404.html  404\n", self.base.path),
                "vercel.json" => self.vercel(all, &policy),
                ".htaccess" => self.apache(&policy),
                _ => self.security_txt(),
            };
            (name, text.into_bytes())
        };
        self.planned().into_iter().map(written).collect()
    }

    /// What belongs into the settings of an nginx: no part of the site.
    pub(super) fn snippet(&self, seen: &Seen) -> Option<String> {
        self.has("nginx").then(|| self.nginx(&seen.policy(self.settings, false).0))
    }

    /// Pattern and headers; the first one is for every file.
    fn rules(&self, all: &[String], policy: &str) -> Vec<Rule> {
        let own = |value: &str| value.to_owned();
        let mut first = vec![(CSP, policy.to_owned())];
        first.extend(SAID.iter().map(|(name, value)| (*name, own(value))));
        let mut rules = vec![("*".to_owned(), first)];
        let kind = |(pattern, example): &(&str, &str)| {
            (own(pattern), vec![("Content-Type", own(headers::of(example).content_type))])
        };
        rules.extend(KINDS.iter().map(kind));
        let ask = headers::of("index.html").cache_control;
        let mut kept: Vec<(String, usize, &'static str)> = Vec::new();
        // What hosts read themselves they do not show.
        let read = self.planned();
        let all: Vec<String> = all.iter().filter(|path| !read.contains(path)).cloned().collect();
        let values: BTreeSet<&'static str> = all.iter().map(|path| headers::of(path).cache_control).collect();
        for value in values.into_iter().filter(|value| *value != ask) {
            kept.extend(patterns(&all, value).into_iter().map(|(pattern, files)| (pattern, files, value)));
        }
        // Where there are too many, those of the most files help most.
        kept.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        kept.truncate(MOST);
        kept.sort();
        rules.extend(kept.into_iter().map(|(pattern, _, value)| (pattern, vec![(CACHE, own(value))])));
        rules
    }

    /// `_headers` of Netlify and Cloudflare.
    fn rules_of_lines(&self, all: &[String], policy: &str) -> String {
        let mut out = format!("# {SIGNED}\n# {HSTS}\n#   Strict-Transport-Security: {HSTS_VALUE}\n");
        for (pattern, headers) in self.rules(all, policy) {
            let _ = writeln!(out, "{}{pattern}", self.base.path);
            for (name, value) in headers {
                let _ = writeln!(out, "  {name}: {value}");
            }
        }
        out
    }

    /// `vercel.json`; a later rule wins there, so drawings can have their own policy.
    fn vercel(&self, all: &[String], policy: &str) -> String {
        let mut rules = self.rules(all, policy);
        rules.push(("*.svg".to_owned(), vec![(CSP, DRAWING.to_owned())]));
        let source = |pattern: &str| format!("{}{}", self.base.path, pattern.replace('*', "(.*)"));
        let header = |(name, value): &(&str, String)| json!({"key": name, "value": value});
        let rules: Vec<_> = rules
            .iter()
            .map(|(pattern, headers)| json!({"source": source(pattern), "headers": headers.iter().map(header).collect::<Vec<_>>()}))
            .collect();
        let all = json!({"$schema": "https://openapi.vercel.sh/vercel.json", "trailingSlash": true, "headers": rules});
        serde_json::to_string_pretty(&all).unwrap_or_default() + "\n"
    }

    /// What ends an expression about a name: what Apache passes on for a file has the ending of its packed form.
    fn end(&self) -> String {
        let packed: Vec<String> = ways(self.settings).map(|(_, ending)| ending.replace('.', r"\.")).collect();
        if packed.is_empty() { "$".to_owned() } else { format!("({})?$", packed.join("|")) }
    }

    /// What of an address is asked for each time, and which names may be kept, as regular expressions.
    fn expressions(&self) -> (String, Vec<String>) {
        let ask = headers::of("index.html").cache_control;
        let asked: Vec<&str> =
            ENDINGS.iter().copied().filter(|e| headers::of(&format!("a.{e}")).cache_control == ask).collect();
        let base = self.base.path.replace('.', r"\.");
        let end = self.end();
        let kept = HASHED.iter().map(|name| format!("^{base}{name}{end}")).collect();
        (format!(r"(/|\.({})){end}", asked.join("|")), kept)
    }

    /// `.htaccess`. Everything in it is allowed by `AllowOverride FileInfo`, which rental servers give.
    fn apache(&self, policy: &str) -> String {
        let path = &self.base.path;
        let (asked, kept) = self.expressions();
        let end = self.end();
        let mut out = format!("# {SIGNED}\nErrorDocument 404 {path}404.html\nAddDefaultCharset utf-8\n");
        out.push_str("<IfModule mod_mime.c>\n");
        for ending in ENDINGS {
            let _ = writeln!(out, "AddType \"{}\" .{ending}", headers::of(&format!("a.{ending}")).content_type);
        }
        out.push_str("</IfModule>\n");
        for name in ["feed.xml", "opensearch.xml"] {
            let kind = headers::of(name).content_type;
            let name = name.replace('.', r"\.");
            let _ = writeln!(out, "<FilesMatch \"^{name}\">\nForceType \"{kind}\"\n</FilesMatch>");
        }
        self.apache_packed(&mut out);
        out.push_str("<IfModule mod_alias.c>\nRedirectMatch 404 \"/\\.heartnet(/|$)\"\n</IfModule>\n");
        out.push_str("<IfModule mod_setenvif.c>\n<IfModule mod_headers.c>\n");
        let _ = writeln!(out, "SetEnvIf Request_URI \"{asked}\" hn_ask");
        for name in kept {
            let _ = writeln!(out, "SetEnvIf Request_URI \"{name}\" hn_keep !hn_ask");
        }
        let _ = writeln!(out, "SetEnvIf Request_URI \"\\.svg{end}\" hn_drawing");
        for (value, when) in [
            (headers::of("a.jpg").cache_control, ""),
            (headers::of("index.html").cache_control, " env=hn_ask"),
            (headers::of("a.0123456789.css").cache_control, " env=hn_keep"),
        ] {
            let _ = writeln!(out, "Header set {CACHE} \"{value}\"{when}");
        }
        let _ = writeln!(out, "Header always set {CSP} \"{policy}\" env=!hn_drawing");
        let _ = writeln!(out, "Header always set {CSP} \"{DRAWING}\" env=hn_drawing");
        for (name, value) in SAID {
            let _ = writeln!(out, "Header always set {name} \"{value}\"");
        }
        let _ = writeln!(out, "# {HSTS}\n# Header always set Strict-Transport-Security \"{HSTS_VALUE}\"");
        out.push_str("</IfModule>\n</IfModule>\n");
        out
    }

    /// Who takes it gets a file in its packed form.
    fn apache_packed(&self, out: &mut String) {
        if ways(self.settings).next().is_none() {
            return;
        }
        out.push_str("<IfModule mod_mime.c>\n");
        for (way, ending) in ways(self.settings) {
            // Its type is that of the ending before.
            let _ = writeln!(out, "RemoveType {ending}\nAddEncoding {way} {ending}");
        }
        out.push_str("</IfModule>\n<IfModule mod_rewrite.c>\n<IfModule mod_headers.c>\nRewriteEngine On\n");
        for (way, ending) in ways(self.settings) {
            let _ = writeln!(
                out,
                "RewriteCond %{{HTTP:Accept-Encoding}} \\b{way}\\b\nRewriteCond %{{REQUEST_FILENAME}} ^[^%#?]+$\n\
                 RewriteCond %{{REQUEST_FILENAME}}{ending} -f\n\
                 RewriteRule ^(.+)$ $1{ending} [L]"
            );
        }
        out.push_str("Header merge Vary Accept-Encoding\n</IfModule>\n</IfModule>\n");
    }

    /// For `server { … }`. A location with headers of its own would lose these, so values are chosen by variables.
    fn nginx(&self, policy: &str) -> String {
        let path = &self.base.path;
        let (asked, kept) = self.expressions();
        let mut out = format!("# {SIGNED}\n# server {{ … }} の中に、このファイルを include してください。\n");
        let _ = writeln!(out, "error_page 404 {path}404.html;\nindex index.html;");
        let plain = |ending: &str| {
            let kind = headers::of(&format!("a.{ending}")).content_type;
            kind.split_once(';').map_or((kind, false), |(kind, _)| (kind, true))
        };
        let mut kinds: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        let mut texts = BTreeSet::from(["application/atom+xml", "application/opensearchdescription+xml"]);
        for ending in ENDINGS {
            let (kind, text) = plain(ending);
            kinds.entry(kind).or_default().push(ending);
            // nginx knows of text/html itself.
            if text && kind != "text/html" {
                texts.insert(kind);
            }
        }
        out.push_str("types {\n");
        for (kind, endings) in kinds {
            let _ = writeln!(out, "    {kind} {};", endings.join(" "));
        }
        let texts: Vec<&str> = texts.into_iter().collect();
        let _ = writeln!(
            out,
            "}}\ndefault_type application/octet-stream;\ncharset utf-8;\ncharset_types {};",
            texts.join(" ")
        );
        for name in ["feed.xml", "opensearch.xml"] {
            let kind = headers::of(name).content_type;
            let kind = kind.split(';').next().unwrap_or(kind);
            let _ = writeln!(out, "location = {path}{name} {{ types {{}} default_type {kind}; }}");
        }
        out.push_str("location ~ /\\.heartnet(/|$) { return 404; }\n");
        if self.has("gzip") {
            out.push_str("gzip_static on;\ngzip_vary on;\n");
        }
        if self.has("brotli") {
            out.push_str("# ngx_brotli を入れたときは、次も書いてください:\n# brotli_static on;\n");
        }
        let mut choose = |name: &str, first: &str, rest: &[(&str, &str)]| {
            let _ = writeln!(out, "set $hn_{name} \"{first}\";");
            for (expression, value) in rest {
                let _ = writeln!(out, "if ($uri ~ \"{expression}\") {{ set $hn_{name} \"{value}\"; }}");
            }
        };
        let ask = headers::of("index.html").cache_control;
        let keep = headers::of("a.0123456789.css").cache_control;
        let mut caches = vec![(asked.as_str(), ask)];
        caches.extend(kept.iter().map(|name| (name.as_str(), keep)));
        choose("cache", headers::of("a.jpg").cache_control, &caches);
        choose("policy", policy, &[(r"\.svg$", DRAWING)]);
        let _ = writeln!(out, "add_header {CACHE} $hn_cache;");
        let _ = writeln!(out, "add_header {CSP} $hn_policy always;");
        for (name, value) in SAID {
            let _ = writeln!(out, "add_header {name} \"{value}\" always;");
        }
        let _ = writeln!(out, "# {HSTS}\n# add_header Strict-Transport-Security \"{HSTS_VALUE}\" always;");
        out
    }

    /// Whom to tell of a hole (RFC 9116). It ends a year after the build's day, which makes it the same on every machine.
    fn security_txt(&self) -> String {
        let settings = self.settings;
        let contact = settings.security.contact().unwrap_or_default();
        let end = self.today.0.checked_add(jiff::Span::new().years(1)).map_or(self.today, Day);
        let mut out = format!("Contact: {contact}\nExpires: {end}T00:00:00{}\n", settings.offset());
        let _ = writeln!(out, "Preferred-Languages: {}", settings.language);
        // Below a path this file is not where people look for it.
        if self.base.path == "/" {
            let _ = writeln!(out, "Canonical: {}", self.base.absolute("/.well-known/security.txt"));
        }
        out
    }
}

/// Patterns that hold of exactly the files with this `Cache-Control`: folders where all files have it, else names.
/// With each how many files it is for.
fn patterns(all: &[String], value: &str) -> BTreeMap<String, usize> {
    let has = |path: &str| headers::of(path).cache_control == value;
    let mut mixed: BTreeSet<&str> = BTreeSet::new();
    for path in all.iter().filter(|path| !has(path)) {
        mixed.extend(path.match_indices('/').filter_map(|(at, _)| path.get(..at)));
    }
    // The search has hundreds of folders of its parts, all alike.
    let is_part = |path: &str| path.starts_with("search/") && path.matches('/').count() == 2;
    let parts = all.iter().filter(|path| is_part(path)).all(|path| has(path));
    let mut out = BTreeMap::new();
    for path in all.iter().filter(|path| has(path)) {
        let folder =
            path.match_indices('/').filter_map(|(at, _)| path.get(..at)).find(|folder| !mixed.contains(folder));
        let pattern = match folder {
            _ if parts && is_part(path) => "search/:part/:file".to_owned(),
            Some(folder) => format!("{folder}/*"),
            None => path.clone(),
        };
        // Other signs mean something in one format or the other.
        if pattern.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._/*:".contains(&b)) {
            *out.entry(pattern).or_default() += 1;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_holds_of_nothing_else() {
        let all: Vec<String> = [
            "static/site.0123456789.css",
            "static/readings.json",
            "static/drawn/a.0123456789.svg",
            "og/cookie.0123456789.png",
            "search/index.html",
            "search/index.json",
            "search/ab/012345.bin",
            "search/rows/1-ff.bin",
            "index.html",
            "static/絵.0123456789.svg",
            "assets/a.jpg",
            "assets/b/c.csv",
            "assets/b/d.jpg",
        ]
        .map(str::to_owned)
        .to_vec();
        let names = |value: &str| patterns(&all, headers::of(value).cache_control).into_keys().collect::<Vec<_>>();
        assert_eq!(
            names("a.0123456789.css"),
            ["og/*", "search/:part/:file", "static/drawn/*", "static/site.0123456789.css"]
        );
        assert_eq!(names("a.jpg"), ["assets/a.jpg", "assets/b/d.jpg"]);
    }
}
