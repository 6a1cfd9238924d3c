//! The tags and texts of a finished page, one after the other: just enough to look at what we wrote.

use memchr::{memchr, memchr3, memmem};

/// A part of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// A tag that opens an element, its name as written and everything behind it.
    Open { name: &'a str, attributes: &'a str },
    /// A tag that closes one.
    Close { name: &'a str },
    /// What is read.
    Text(&'a str),
    /// Of a script or a style its text; of comments and the doctype nothing.
    Raw(&'a str),
}

/// Cuts a page into its parts.
pub(super) fn tokens(html: &str) -> Tokens<'_> {
    Tokens { rest: html, raw: None }
}

pub(super) struct Tokens<'a> {
    rest: &'a str,
    /// Inside this element nothing is a tag but its own end.
    raw: Option<&'a str>,
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        if self.rest.is_empty() {
            return None;
        }
        if let Some(name) = self.raw.take() {
            let end = if name == "script" { "</script" } else { "</style" };
            let at = memmem::find(self.rest.as_bytes(), end.as_bytes()).unwrap_or(self.rest.len());
            return Some(Token::Raw(self.cut(at)));
        }
        let after = match self.rest.as_bytes() {
            [b'<', after @ ..] => after,
            text => {
                let end = memchr(b'<', text).unwrap_or(text.len());
                return Some(Token::Text(self.cut(end)));
            }
        };
        if let [b'!', b'-', b'-', ..] = after {
            let end = memmem::find(after, b"-->").map_or(self.rest.len(), |at| at + 4);
            self.cut(end);
            return Some(Token::Raw(""));
        }
        let tag = self.cut(end_of_tag(after) + 1);
        self.rest = self.rest.get(1..).unwrap_or_default();
        let inside = tag.get(1..).unwrap_or_default();
        let (closing, inside) = match inside.as_bytes() {
            [b'!', ..] => return Some(Token::Raw("")),
            [b'/', ..] => (true, inside.get(1..).unwrap_or_default()),
            _ => (false, inside),
        };
        let is_end = |b: &u8| b.is_ascii_whitespace() || *b == b'/';
        let name_end = inside.as_bytes().iter().position(is_end).unwrap_or(inside.len());
        let (name, attributes) = inside.split_at(name_end);
        if closing {
            return Some(Token::Close { name });
        }
        if matches!(name, "script" | "style") {
            self.raw = Some(name);
        }
        Some(Token::Open { name, attributes })
    }
}

impl<'a> Tokens<'a> {
    /// Takes the text up to a place, which is beside a letter of ASCII, off the front.
    fn cut(&mut self, at: usize) -> &'a str {
        let (text, rest) = self.rest.split_at_checked(at).unwrap_or((self.rest, ""));
        self.rest = rest;
        text
    }
}

/// Where a tag ends: a `>` inside quotes does not end it.
fn end_of_tag(bytes: &[u8]) -> usize {
    let mut from = 0;
    // Every page of a build is looked at, so this looks at many bytes at once.
    while let Some(at) = bytes.get(from..).and_then(|rest| memchr3(b'>', b'"', b'\'', rest)).map(|at| from + at) {
        let quote = bytes[at];
        if quote == b'>' {
            return at;
        }
        let Some(end) = bytes.get(at + 1..).and_then(|rest| memchr(quote, rest)) else { break };
        from = at + end + 2;
    }
    bytes.len()
}

/// The attributes of a tag: name and value, which is empty where there is none.
pub(super) fn attributes(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_ascii_start();
        let end = rest.bytes().position(|b| b == b'=' || b.is_ascii_whitespace()).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        if name.is_empty() {
            return None;
        }
        let [b'=', ..] = after.as_bytes() else {
            rest = after;
            return Some((name, ""));
        };
        let value = after.get(1..).unwrap_or_default();
        let (value, after) = match value.as_bytes() {
            [quote @ (b'"' | b'\''), quoted @ ..] => {
                let end = memchr(*quote, quoted).unwrap_or(quoted.len());
                (value.get(1..=end).unwrap_or_default(), value.get(end + 2..).unwrap_or_default())
            }
            bare => value.split_at(bare.iter().position(u8::is_ascii_whitespace).unwrap_or(value.len())),
        };
        rest = after;
        Some((name, value))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_texts_and_scripts() {
        let html = "<!doctype html><a href=/x title=\"a>b\">い</a><script>if (a<b) {}</script><!-- <p> --><br/>";
        let open: Vec<_> = tokens(html)
            .filter_map(|token| match token {
                Token::Open { name, attributes: all } => {
                    Some((name, attributes(all).find(|(name, _)| *name == "title").map(|(_, value)| value)))
                }
                _ => None,
            })
            .collect();
        assert_eq!(open, [("a", Some("a>b")), ("script", None), ("br", None)]);
        assert_eq!(tokens(html).filter(|token| matches!(token, Token::Text(_))).count(), 1);
    }

    #[test]
    fn attributes_in_all_their_forms() {
        let all: Vec<_> = attributes(" hidden id=a class=\"b c\" data-x='y=z' alt").collect();
        assert_eq!(all, [("hidden", ""), ("id", "a"), ("class", "b c"), ("data-x", "y=z"), ("alt", "")]);
        assert_eq!(attributes("").next(), None);
    }
}
