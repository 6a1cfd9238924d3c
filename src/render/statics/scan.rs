//! What a style sheet names and defines, with its places in the text.
//!
//! lightningcss keeps the line of a rule but not the bytes of a value. So the text is walked once by the
//! same tokenizer: the references to other files and the custom properties of `:root` are found where they
//! stand, and are changed there before the sheet is read as a whole.

use cssparser::{ParseError, Parser, ParserInput, Token};
use std::ops::Range;

/// A file that a text names, and the bytes that name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::render) struct Reference {
    pub range: Range<usize>,
    pub url: String,
}

/// A custom property that the whole page sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::render) struct Definition {
    /// Without the hyphens in front.
    pub name: String,
    /// The bytes of its value.
    pub range: Range<usize>,
    /// Whether it stands in a layer: what does not wins over it.
    pub layered: bool,
    /// Whether it only holds for dark screens.
    pub dark: bool,
}

#[derive(Debug, Default)]
pub(in crate::render) struct Scan {
    pub references: Vec<Reference>,
    pub definitions: Vec<Definition>,
    /// Where the first block begins that is never closed.
    pub open: Option<usize>,
}

/// Around a declaration.
#[derive(Debug, Clone, Copy, Default)]
struct Place {
    layered: bool,
    dark: bool,
    root: bool,
    /// Inside something that holds only at times: print, a width, another selector.
    narrow: bool,
}

impl Place {
    fn inside(self, rule: Option<&str>, prelude: &str) -> Self {
        let tight: String = prelude.split_whitespace().collect();
        match rule {
            Some("layer") => Self { layered: true, ..self },
            Some("media") if tight == "(prefers-color-scheme:dark)" => Self { dark: true, ..self },
            Some(_) => Self { narrow: true, ..self },
            None if tight.split(',').any(|part| matches!(part, ":root" | "html")) && !self.root => {
                Self { root: true, ..self }
            }
            None => Self { narrow: true, ..self },
        }
    }
}

type Walked<'i> = Result<(), ParseError<'i, ()>>;

/// Walks a style sheet. Never fails: what is wrong in it is told by those who read it in full.
pub(in crate::render) fn scan(text: &str) -> Scan {
    let mut scan = Scan::default();
    let mut input = ParserInput::new(text);
    let _ = scan.rules(&mut Parser::new(&mut input), Place::default(), 0);
    scan
}

/// More than anybody nests; deeper ones are left as they are.
const DEEPEST: usize = 64;

impl Scan {
    fn rules<'i>(&mut self, parser: &mut Parser<'i, '_>, place: Place, depth: usize) -> Walked<'i> {
        let mut rule: Option<String> = None;
        let mut declared: Option<(String, usize)> = None;
        let mut name: Option<String> = None;
        let mut start = parser.position();
        // Where the statement begins: white space and comments do not belong to it.
        let mut fresh = true;
        loop {
            let before = parser.position();
            let Ok(token) = parser.next_including_whitespace_and_comments() else { break };
            let token = token.clone();
            let bytes = before.byte_index()..parser.position().byte_index();
            if matches!(token, Token::WhiteSpace(_) | Token::Comment(_)) {
                continue;
            }
            match token {
                Token::Semicolon => {
                    self.define(parser.slice(start..before), declared.take(), place);
                    (fresh, rule, name) = (true, None, None);
                    continue;
                }
                Token::CurlyBracketBlock => {
                    let inner = place.inside(rule.as_deref(), parser.slice(start..before));
                    if depth < DEEPEST {
                        let mut end = before;
                        let _: Walked<'i> = parser.parse_nested_block(|inside| {
                            let walked = self.rules(inside, inner, depth + 1);
                            end = inside.position();
                            walked
                        });
                        // Nothing behind the inside: the file ended before the block did.
                        if end == parser.position() {
                            self.open = Some(start.byte_index());
                        }
                    }
                    (fresh, rule, name, declared) = (true, None, None, None);
                    continue;
                }
                Token::AtKeyword(ref keyword) if fresh => {
                    rule = Some(keyword.to_ascii_lowercase());
                    start = parser.position();
                }
                Token::Ident(ref ident) if fresh => {
                    name = ident.strip_prefix("--").map(str::to_owned);
                    start = before;
                }
                Token::Colon if name.is_some() => {
                    declared = name.take().map(|name| (name, bytes.end));
                    start = parser.position();
                }
                _ if fresh => start = before,
                _ => name = None,
            }
            fresh = false;
            self.value(parser, &token, bytes, rule.as_deref() == Some("import"), depth);
        }
        let end = parser.position();
        self.define(parser.slice(start..end), declared, place);
        Ok(())
    }

    fn define(&mut self, value: &str, declared: Option<(String, usize)>, place: Place) {
        let Some((name, from)) = declared.filter(|_| place.root && !place.narrow) else { return };
        let from = from + (value.len() - value.trim_start().len());
        let range = from..from + value.trim().len();
        self.definitions.push(Definition { name, range, layered: place.layered, dark: place.dark });
    }

    /// Looks for addresses in one part of a value. `bare` is where a text alone is an address.
    fn value<'i>(
        &mut self,
        parser: &mut Parser<'i, '_>,
        token: &Token<'i>,
        bytes: Range<usize>,
        bare: bool,
        depth: usize,
    ) {
        let inside = match token {
            Token::UnquotedUrl(url) => {
                self.references.push(Reference { range: bytes, url: url.to_string() });
                return;
            }
            Token::QuotedString(text) if bare => {
                self.references.push(Reference { range: bytes, url: text.to_string() });
                return;
            }
            Token::Function(name) => {
                ["url", "src", "image-set", "-webkit-image-set"].iter().any(|known| name.eq_ignore_ascii_case(known))
            }
            Token::ParenthesisBlock | Token::SquareBracketBlock => false,
            _ => return,
        };
        if depth >= DEEPEST {
            return;
        }
        let _: Walked<'i> = parser.parse_nested_block(|parser| {
            loop {
                let before = parser.position();
                let Ok(token) = parser.next_including_whitespace_and_comments() else { return Ok(()) };
                let token = token.clone();
                let bytes = before.byte_index()..parser.position().byte_index();
                self.value(parser, &token, bytes, inside, depth + 1);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_found_where_they_stand() {
        let text = "@import 'a.css';/* url(no.svg) */ a{background:url( b.svg ),image-set(\"c.png\" 1x);--d:url('d.svg')}\
                    @font-face{src:url(\"e.woff2\")format('woff2')}b{content:'url(no.svg)'}";
        let found = scan(text).references;
        let urls: Vec<&str> = found.iter().map(|reference| reference.url.as_str()).collect();
        assert_eq!(urls, ["a.css", "b.svg", "c.png", "d.svg", "e.woff2"]);
        let written: Vec<&str> = found.iter().filter_map(|reference| text.get(reference.range.clone())).collect();
        assert_eq!(written, ["'a.css'", "url( b.svg )", "\"c.png\"", "'d.svg'", "\"e.woff2\""]);
    }

    #[test]
    fn only_what_the_whole_page_sees_is_a_definition() {
        let text = "@layer tokens, b; @layer tokens { /* x */ :root { --a: 1px ; color: red; --b: light-dark( #fff, #000 ) } }\n\
                    html { --c:x; & b { --no: 1 } } @media print { :root { --no: 1 } } p { --no: 1; a:hover{--no:2} }\n\
                    @media (prefers-color-scheme: dark) { :root { --a: 2px } } :root[data-x] { --no: 1 }";
        let found: Vec<(String, &str, bool, bool)> = scan(text)
            .definitions
            .into_iter()
            .map(|found| (found.name, text.get(found.range).unwrap_or_default(), found.layered, found.dark))
            .collect();
        let wanted = [
            ("a", "1px", true, false),
            ("b", "light-dark( #fff, #000 )", true, false),
            ("c", "x", false, false),
            ("a", "2px", false, true),
        ];
        assert_eq!(found, wanted.map(|(name, value, layered, dark)| (name.to_owned(), value, layered, dark)));
    }

    #[test]
    fn nothing_panics() {
        for text in ["", "}", "{", "a{", "@import", "--x", ":root{--x", ":root{--x:", "url(", &"(".repeat(5000)] {
            scan(text);
        }
        scan(&"a{".repeat(5000));
    }
}
