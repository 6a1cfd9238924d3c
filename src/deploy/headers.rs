//! What a host should say with each file: its type, and how long browsers may keep it.

use serde::Serialize;

/// The headers of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Headers {
    /// `Content-Type`, with the charset where it is text.
    pub content_type: &'static str,
    /// `Cache-Control`.
    pub cache_control: &'static str,
}

/// Names that change with their content may be kept for ever.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// Pages, and what names other files: asked for each time, sent only when changed.
const ASK: &str = "no-cache";
/// Everything else.
const SHORT: &str = "public, max-age=3600";

const TYPES: &[(&str, &str)] = &[
    ("html", "text/html; charset=utf-8"),
    ("css", "text/css; charset=utf-8"),
    ("js", "text/javascript; charset=utf-8"),
    ("mjs", "text/javascript; charset=utf-8"),
    ("json", "application/json; charset=utf-8"),
    ("webmanifest", "application/manifest+json; charset=utf-8"),
    ("xml", "application/xml; charset=utf-8"),
    ("txt", "text/plain; charset=utf-8"),
    ("md", "text/plain; charset=utf-8"),
    ("csv", "text/csv; charset=utf-8"),
    ("ics", "text/calendar; charset=utf-8"),
    ("svg", "image/svg+xml; charset=utf-8"),
    ("png", "image/png"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("webp", "image/webp"),
    ("avif", "image/avif"),
    ("gif", "image/gif"),
    ("ico", "image/vnd.microsoft.icon"),
    ("pdf", "application/pdf"),
    ("woff2", "font/woff2"),
    ("zip", "application/zip"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
];

/// What the names of files end in that lie packed beside themselves.
pub const BROTLI: &str = ".br";
/// The same for gzip.
pub const GZIP: &str = ".gz";

/// A file's name without the ending of its packed form.
pub fn unpacked(path: &str) -> &str {
    path.strip_suffix(BROTLI).or_else(|| path.strip_suffix(GZIP)).unwrap_or(path)
}

/// The headers of a file of the built site.
pub fn of(path: &str) -> Headers {
    let path = unpacked(path);
    let name = path.rsplit('/').next().unwrap_or(path);
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase();
    let content_type = match path {
        "feed.xml" => "application/atom+xml; charset=utf-8",
        "opensearch.xml" => "application/opensearchdescription+xml; charset=utf-8",
        _ => TYPES.iter().find(|(known, _)| *known == ending).map_or("application/octet-stream", |(_, kind)| kind),
    };
    let cache_control = match ending.as_str() {
        _ if is_hashed(path) => FOR_EVER,
        "html" | "json" | "xml" | "txt" | "ics" | "csv" | "js" | "css" => ASK,
        _ => SHORT,
    };
    Headers { content_type, cache_control }
}

/// Whether a file's name changes with its content.
pub fn is_hashed(path: &str) -> bool {
    let path = unpacked(path);
    let hex = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    let parts: Vec<&str> = path.split('/').collect();
    match parts.as_slice() {
        ["search", "rows", name] => {
            name.strip_suffix(".bin").and_then(|name| name.split_once('-')).is_some_and(|(_, hash)| hex(hash))
        }
        ["search", folder, name] => {
            folder.len() == 2
                && hex(folder)
                && name.strip_suffix(".bin").is_some_and(|name| name.len() == 6 && hex(name))
        }
        [.., name] => {
            // name.0123456789.css
            let mut parts = name.rsplit('.').skip(1);
            parts.next().is_some_and(|hash| hash.len() == 10 && hex(hash)) && parts.next().is_some()
        }
        [] => false,
    }
}

/// What a file is called whatever is in it; nothing for the parts of the search, of which each edit makes others.
pub fn lasting_name(path: &str) -> Option<String> {
    let path = unpacked(path);
    if !is_hashed(path) {
        return Some(path.to_owned());
    }
    let (rest, ending) = path.rsplit_once('.')?;
    (ending != "bin").then(|| format!("{}.{ending}", rest.rsplit_once('.').map_or(rest, |(name, _)| name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_say_their_charset_and_only_names_by_content_are_kept() {
        for (path, kind, cache) in [
            ("products/cookie/index.html", "text/html; charset=utf-8", ASK),
            ("static/site.5cd5a83d43.css", "text/css; charset=utf-8", FOR_EVER),
            ("static/search/page.80aaef9ebd.js", "text/javascript; charset=utf-8", FOR_EVER),
            ("search/39/5c01bd.bin", "application/octet-stream", FOR_EVER),
            ("search/rows/24-666c3d.bin", "application/octet-stream", FOR_EVER),
            ("search/index.json", "application/json; charset=utf-8", ASK),
            ("feed.xml", "application/atom+xml; charset=utf-8", ASK),
            ("events.ics", "text/calendar; charset=utf-8", ASK),
            ("photos/a.b.jpg", "image/jpeg", SHORT),
            ("files/ちらし.pdf", "application/pdf", SHORT),
            ("static/site.5cd5a83d43.css.br", "text/css; charset=utf-8", FOR_EVER),
            ("index.html.gz", "text/html; charset=utf-8", ASK),
        ] {
            let headers = of(path);
            assert_eq!((headers.content_type, headers.cache_control), (kind, cache), "{path}");
        }
    }
}
