//! The tags and texts of a finished page, one after the other: just enough to look at what we wrote.

use memchr::{memchr, memmem};

/// A part of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// A tag that opens an element, with its name as written. Its attributes can be asked for next.
    Open(&'a str),
    /// A tag that closes one.
    Close(&'a str),
    /// What is read.
    Text(&'a str),
    /// Of a script or a style its text; of comments and the doctype nothing.
    Raw(&'a str),
}

/// Cuts a page into its parts. Every page of a build is looked at, so each byte is looked at once.
pub(super) struct Tokens<'a> {
    html: &'a str,
    at: usize,
    /// Behind the name of a tag or one of its attributes.
    in_tag: bool,
    /// Until here nothing is a tag.
    raw: Option<&'static [u8]>,
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        while self.in_tag {
            self.attribute();
        }
        let rest = self.rest();
        if let Some(end) = self.raw.take() {
            return Some(Token::Raw(self.take(memmem::find(rest, end).unwrap_or(rest.len()))));
        }
        match rest {
            [] => None,
            [b'<', b'!', b'-', b'-', ..] => {
                self.take(memmem::find(rest, b"-->").map_or(rest.len(), |at| at + 3));
                Some(Token::Raw(""))
            }
            [b'<', b'!', ..] => {
                self.take(memchr(b'>', rest).map_or(rest.len(), |at| at + 1));
                Some(Token::Raw(""))
            }
            [b'<', b'/', ..] => {
                self.take(2);
                let name = self.take_until(|byte| byte == b'>');
                self.take(1);
                Some(Token::Close(name.trim_ascii_end()))
            }
            [b'<', ..] => {
                self.take(1);
                let name = self.take_until(ends_a_name);
                self.in_tag = true;
                self.raw = match name {
                    "script" => Some(b"</script"),
                    "style" => Some(b"</style"),
                    _ => None,
                };
                Some(Token::Open(name))
            }
            _ => Some(Token::Text(self.take(memchr(b'<', rest).unwrap_or(rest.len())))),
        }
    }
}

fn ends_a_name(byte: u8) -> bool {
    byte == b'>' || byte == b'/' || byte.is_ascii_whitespace()
}

impl<'a> Tokens<'a> {
    /// Of a page.
    pub(super) fn new(html: &'a str) -> Self {
        Self { html, at: 0, in_tag: false, raw: None }
    }

    fn rest(&self) -> &'a [u8] {
        self.html.as_bytes().get(self.at..).unwrap_or_default()
    }

    /// Goes on by some bytes, to a place beside a letter of ASCII.
    fn take(&mut self, bytes: usize) -> &'a str {
        let from = self.at;
        self.at = (from + bytes).min(self.html.len());
        self.html.get(from..self.at).unwrap_or_default()
    }

    fn take_until(&mut self, is_end: impl Fn(u8) -> bool) -> &'a str {
        let rest = self.rest();
        self.take(rest.iter().position(|byte| is_end(*byte)).unwrap_or(rest.len()))
    }

    /// The next attribute of the tag that was opened last: name and value, which is empty where there is none.
    pub(super) fn attribute(&mut self) -> Option<(&'a str, &'a str)> {
        if !self.in_tag {
            return None;
        }
        self.take_until(|byte| byte != b'/' && !byte.is_ascii_whitespace());
        if let [] | [b'>', ..] = self.rest() {
            self.take(1);
            self.in_tag = false;
            return None;
        }
        let name = self.take_until(|byte| byte == b'=' || ends_a_name(byte));
        let rest = self.rest();
        let behind = rest.trim_ascii_start();
        let [b'=', ..] = behind else { return Some((name, "")) };
        // Somebody's template may have blanks on both sides of the sign.
        self.take(rest.len() - behind.len() + 1);
        self.take_until(|byte| !byte.is_ascii_whitespace());
        let value = match self.rest() {
            [quote @ (b'"' | b'\''), quoted @ ..] => {
                self.take(1);
                let value = self.take(memchr(*quote, quoted).unwrap_or(quoted.len()));
                self.take(1);
                value
            }
            _ => self.take_until(|byte| byte == b'>' || byte.is_ascii_whitespace()),
        };
        Some((name, value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attributes(html: &str) -> Vec<(&str, &str)> {
        let mut tokens = Tokens::new(html);
        tokens.next();
        std::iter::from_fn(|| tokens.attribute()).collect()
    }

    #[test]
    fn tags_texts_and_scripts() {
        let html = "<!doctype html><a href=/x title=\"a>b\">い</a ><script>if (a<b) {}</script><!-- <p> --><br/>終";
        let all: Vec<_> = Tokens::new(html).collect();
        let [open, close, text, raw] = [Token::Open, Token::Close, Token::Text, Token::Raw];
        let script = [open("script"), raw("if (a<b) {}"), close("script")];
        let link = [raw(""), open("a"), text("い"), close("a")];
        assert_eq!(all, [&link[..], &script, &[raw(""), open("br"), text("終")]].concat());
    }

    #[test]
    fn attributes_in_all_their_forms() {
        let all = [("hidden", ""), ("id", "a"), ("class", "b c"), ("data-x", "y=z"), ("alt", "")];
        assert_eq!(attributes("<p hidden id=a class=\"b c\" data-x='y=z' alt>"), all);
        assert_eq!(attributes("<a href=/>"), [("href", "/")]);
        assert_eq!(attributes("<a href = \"/\" id =x b>"), [("href", "/"), ("id", "x"), ("b", "")]);
        for broken in
            ["<a href=\"x", "<a href", "<a =x>", "<a", "<a =", "<a href='", "<", "<!", "</", "<!--", "<script"]
        {
            Tokens::new(broken).for_each(drop);
            attributes(broken);
        }
        assert_eq!(attributes("<p>"), []);
    }
}
