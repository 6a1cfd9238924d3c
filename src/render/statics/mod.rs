//! Static files of a theme as they are published: small, and under a name that changes with what is in
//! them, so that a browser may keep them for ever.
//!
//! A file that names another one by its old name would lose it. So those that are named are finished
//! first, and their new names are written into those that name them.

mod scan;
mod script;
mod style;

use super::Tokens;
use super::theme::{Static, Theme};
use crate::diagnostic::{Diagnostic, Problem};
use crate::raw::Bytes;
use crate::source::Keep;
use scan::Reference;
pub(super) use scan::{Definition, scan};
use std::collections::BTreeMap;
use std::ops::Range;
use xxhash_rust::xxh3::Xxh3;

/// Names that browsers and machines ask for as they are.
const FIXED: [&str; 4] = ["apple-touch-icon.png", "favicon.ico", "manifest.webmanifest", "robots.txt"];

/// What takes the place of some bytes of a file, by the name of the file.
pub(super) type Edits = BTreeMap<String, Vec<(Range<usize>, String)>>;

/// What cannot be read, at its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Fault {
    range: Range<usize>,
    what: String,
    what_en: String,
}

/// The published static files.
#[derive(Debug, Default)]
pub struct Statics {
    /// Output path and bytes.
    pub files: Vec<(String, Vec<u8>)>,
    /// Output path by the name below `static/`.
    pub paths: BTreeMap<String, String>,
}

/// Under which name they are kept from one build to the next.
const KEPT: &str = "statics";

/// As they are kept: what they were made of, output paths with bytes, output paths by name.
type Kept<'a> = (u128, Vec<(&'a str, Bytes<'a>)>, Vec<(&'a str, &'a str)>);

impl Statics {
    /// The same as [`Self::new`], without finishing what an earlier build has finished of the same.
    pub fn since(theme: &Theme, tokens: &Tokens, keep: &dyn Keep) -> (Self, Vec<Diagnostic>) {
        let mut of = Xxh3::new();
        of.update(env!("HEARTNET_SOURCES").as_bytes());
        of.update(format!("{:?}", tokens.edits).as_bytes());
        for (name, file) in &theme.statics {
            for part in [name.as_bytes(), &file.bytes] {
                of.update(&part.len().to_le_bytes());
                of.update(part);
            }
        }
        let of = of.digest128();
        let bytes = keep.get(KEPT).unwrap_or_default();
        if let Some((_, files, paths)) = postcard::from_bytes::<Kept<'_>>(&bytes).ok().filter(|(kept, ..)| *kept == of)
        {
            let files = files.iter().map(|(path, bytes)| ((*path).to_owned(), bytes.0.to_vec())).collect();
            let paths = paths.iter().map(|(name, path)| ((*name).to_owned(), (*path).to_owned())).collect();
            return (Self { files, paths }, Vec::new());
        }
        let (made, told) = Self::new(theme, tokens);
        // What is wrong is told by each build.
        if told.is_empty() {
            let files = made.files.iter().map(|(path, bytes)| (path.as_str(), Bytes(bytes))).collect();
            let paths = made.paths.iter().map(|(name, path)| (name.as_str(), path.as_str())).collect();
            let kept: Kept<'_> = (of, files, paths);
            keep.put(KEPT, &postcard::to_stdvec(&kept).unwrap_or_default());
        }
        (made, told)
    }

    /// Finishes every static file of a theme. A file that is wrong is told and stays as it is.
    pub fn new(theme: &Theme, tokens: &Tokens) -> (Self, Vec<Diagnostic>) {
        let mut work = Work { theme, tokens, made: Self::default(), open: Vec::new(), told: Vec::new() };
        for name in theme.statics.keys() {
            work.finish(name);
        }
        (work.made, work.told)
    }

    fn sheets(&self) -> impl Iterator<Item = (&String, &String)> {
        self.paths.iter().filter(|(name, _)| name.ends_with(".css"))
    }

    /// Output paths of the style sheets, in the order of their names.
    pub fn styles(&self) -> Vec<String> {
        self.sheets().map(|(_, path)| path.clone()).collect()
    }

    /// Names of the style sheets, whatever is in them.
    pub fn style_names(&self) -> impl Iterator<Item = &String> {
        self.sheets().map(|(name, _)| name)
    }
}

/// The two languages that name other files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Language {
    Style,
    Script,
}

fn language(name: &str) -> Option<Language> {
    match name.rsplit_once('.')?.1 {
        "css" => Some(Language::Style),
        "js" | "mjs" => Some(Language::Script),
        _ => None,
    }
}

struct Work<'a> {
    theme: &'a Theme,
    tokens: &'a Tokens,
    made: Statics,
    /// Files that wait for those they name.
    open: Vec<String>,
    told: Vec<Diagnostic>,
}

impl Work<'_> {
    fn finish(&mut self, name: &str) {
        if self.made.paths.contains_key(name) {
            return;
        }
        let Some(file) = self.theme.statics.get(name) else { return };
        self.open.push(name.to_owned());
        let bytes = match language(name) {
            None => file.bytes.clone(),
            Some(language) => match std::str::from_utf8(&file.bytes) {
                Ok(text) => self.text(name, file, language, text).into_bytes(),
                Err(_) => {
                    let guess = "CSS と JS は UTF-8 で書きます".to_owned();
                    self.told.push(Diagnostic::of_file(&file.file, Problem::NotUtf8 { guess }));
                    file.bytes.clone()
                }
            },
        };
        self.open.pop();
        let path = published(name, &bytes);
        self.made.paths.insert(name.to_owned(), path.clone());
        self.made.files.push((path, bytes));
    }

    fn text(&mut self, name: &str, file: &Static, language: Language, text: &str) -> String {
        let ready_made = name.contains(".min.");
        let found = match language {
            Language::Style => Ok(scan(text).references),
            // Others' work is published as it is, whatever we think of it.
            Language::Script if ready_made => Ok(script::references(text).unwrap_or_default()),
            Language::Script => script::references(text),
        };
        let made = found.and_then(|found| {
            let renamed = self.rename(name, file, language, text, found);
            match language {
                _ if ready_made => Ok(renamed),
                // The place is the one in the author's text.
                Language::Style => style::minify(&renamed).map_err(|fault| style::minify(text).err().unwrap_or(fault)),
                Language::Script => script::minify(&renamed),
            }
        });
        made.unwrap_or_else(|Fault { range, what, what_en }| {
            let problem = match language {
                Language::Style => Problem::StyleSyntax { what, what_en },
                Language::Script => Problem::ScriptSyntax { what, what_en },
            };
            self.told.push(Diagnostic::at(&file.file, text, range, problem));
            text.to_owned()
        })
    }

    /// The text with the new names of the files it names, and the values of the site's tokens.
    fn rename(&mut self, name: &str, file: &Static, language: Language, text: &str, found: Vec<Reference>) -> String {
        let mut edits = self.tokens.edits.get(name).cloned().unwrap_or_default();
        for Reference { range, url } in found {
            let Some((target, tail)) = resolve(name, language, &url) else { continue };
            if !self.theme.statics.contains_key(&target) {
                continue;
            }
            if let Some(from) = self.open.iter().position(|open| *open == target) {
                let mut way: Vec<&str> = self.open.iter().skip(from).map(String::as_str).collect();
                way.push(&target);
                let problem = Problem::StaticsInCircle { way: way.join(" → ") };
                self.told.push(Diagnostic::at(&file.file, text, range, problem));
                continue;
            }
            self.finish(&target);
            let Some(path) = self.made.paths.get(&target) else { continue };
            let new = path.rsplit('/').next().unwrap_or(path);
            let folder = url[..url.len() - tail.len()].rfind('/').map_or("", |at| &url[..=at]);
            // An address without quotes is one token with its brackets.
            let bare = text.get(range.clone()).is_some_and(|written| written.ends_with(')'));
            let quoted = format!("\"{folder}{new}{tail}\"");
            edits.push((range, if bare { format!("url({quoted})") } else { quoted }));
        }
        edit(text, edits)
    }
}

/// A text with some of its bytes replaced.
fn edit(text: &str, mut edits: Vec<(Range<usize>, String)>) -> String {
    edits.sort_by_key(|(range, _)| range.start);
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for (range, new) in edits {
        out.push_str(text.get(from..range.start).unwrap_or_default());
        out.push_str(&new);
        from = range.end;
    }
    out.push_str(text.get(from..).unwrap_or_default());
    out
}

/// The static file that an address names from where it stands, and what follows the file's name (`?x`, `#x`).
fn resolve(from: &str, language: Language, url: &str) -> Option<(String, String)> {
    let (path, tail) = url.split_at(url.find(['?', '#']).unwrap_or(url.len()));
    // `data:`, `https:`, `//host`, `/path`, `#id`: not ours. A module without `./` is a name, not a place.
    if path.is_empty() || path.starts_with('/') || path.split('/').next()?.contains(':') {
        return None;
    }
    if language == Language::Script && !path.starts_with("./") && !path.starts_with("../") {
        return None;
    }
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some((parts.join("/"), tail.to_owned()))
}

/// Where a file with this name and these bytes is published.
fn published(name: &str, bytes: &[u8]) -> String {
    let (folder, file) = name.rfind('/').map_or(("", name), |at| name.split_at(at + 1));
    if FIXED.contains(&file) {
        return format!("static/{name}");
    }
    let hash = blake3::hash(bytes).to_hex();
    let hash = hash.get(..10).unwrap_or_default();
    match file.rsplit_once('.') {
        Some((stem, ending)) => format!("static/{folder}{stem}.{hash}.{ending}"),
        None => format!("static/{folder}{file}.{hash}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(files: &[(&str, &str)]) -> (Statics, Vec<Diagnostic>) {
        let mut theme = Theme::default();
        for (name, text) in files {
            let file = Static { file: format!("static/{name}"), bytes: text.as_bytes().to_vec() };
            theme.statics.insert((*name).to_owned(), file);
        }
        Statics::new(&theme, &Tokens::default())
    }

    fn text(statics: &Statics, name: &str) -> String {
        let path = statics.paths.get(name).cloned().unwrap_or_default();
        let bytes = statics.files.iter().find(|(found, _)| *found == path).map(|(_, bytes)| bytes.clone());
        String::from_utf8_lossy(&bytes.unwrap_or_default()).into_owned()
    }

    fn last<'a>(statics: &'a Statics, name: &str) -> &'a str {
        statics.paths.get(name).and_then(|path| path.rsplit('/').next()).unwrap_or_default()
    }

    #[test]
    fn names_change_with_what_is_inside_and_below() {
        let (first, told) = made(&[
            (
                "css/site.css",
                "@import \"./more.css\" screen;a{background:url(../drawn/x.svg#id)}b{background:url(gone.svg)}",
            ),
            ("css/more.css", "a{color:red}"),
            ("drawn/x.svg", "<svg/>"),
            ("a.js", "import './lib/b.js'; await import('./lib/b.js?x');"),
            ("lib/b.js", "export * from '../c.mjs';"),
            ("c.mjs", "export const c = 1;"),
            ("favicon.ico", "x"),
        ]);
        assert_eq!(told, []);
        let css = text(&first, "css/site.css");
        assert!(css.contains(&format!("../drawn/{}#id", last(&first, "drawn/x.svg"))), "{css}");
        assert!(css.contains(&format!("./{}", last(&first, "css/more.css"))) && css.contains("gone.svg"), "{css}");
        assert!(text(&first, "a.js").contains(&format!("./lib/{}?x", last(&first, "lib/b.js"))));
        assert!(text(&first, "lib/b.js").contains(&format!("../{}", last(&first, "c.mjs"))));
        assert_eq!(first.paths.get("favicon.ico").map(String::as_str), Some("static/favicon.ico"));
        assert!(first.paths.get("drawn/x.svg").is_some_and(|path| path.starts_with("static/drawn/x.")));
        // What is named changes the name of what names it.
        let (second, _) = made(&[
            ("a.js", "import './lib/b.js'; await import('./lib/b.js?x');"),
            ("lib/b.js", "export * from '../c.mjs';"),
            ("c.mjs", "export const c = 2;"),
        ]);
        assert_ne!(last(&first, "a.js"), last(&second, "a.js"));
    }

    #[test]
    fn ready_made_files_are_left_alone() {
        let (statics, told) = made(&[("x.min.js", "with (a) {  }"), ("x.min.css", "a { color : red ")]);
        assert_eq!(told, []);
        assert_eq!(text(&statics, "x.min.js"), "with (a) {  }");
        assert_eq!(text(&statics, "x.min.css"), "a { color : red ");
    }

    #[test]
    fn circles_are_told_with_their_way() {
        let (_, told) =
            made(&[("a.js", "import './b.js';"), ("b.js", "import './a.js';"), ("c.css", "@import 'c.css';")]);
        let said: Vec<String> = told.iter().map(|d| d.problem.message(crate::diagnostic::Lang::Ja)).collect();
        assert!(
            matches!(said.as_slice(), [js, css] if js.contains("a.js → b.js → a.js") && css.contains("c.css → c.css")),
            "{said:?}"
        );
    }

    #[test]
    fn addresses_lead_to_files() {
        let found = |from, language, url| resolve(from, language, url).map(|(name, _)| name);
        assert_eq!(found("css/a.css", Language::Style, "x.svg").as_deref(), Some("css/x.svg"));
        assert_eq!(found("css/a.css", Language::Style, "../x.svg?v=1").as_deref(), Some("x.svg"));
        for url in
            ["data:image/png;base64,x/y", "https://example.jp/x.svg", "//x/y", "/x.svg", "#id", "", "../../x.svg"]
        {
            assert_eq!(found("css/a.css", Language::Style, url), None, "{url}");
        }
        assert_eq!(found("a.js", Language::Script, "lit"), None);
    }
}
