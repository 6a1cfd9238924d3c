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
    /// It ended in the middle of something.
    cut: bool,
}

/// What a byte may do within a tag.
const BLANK: u8 = 1;
const ENDS_NAME: u8 = 2;
const EQUALS: u8 = 4;
const ENDS_TAG: u8 = 8;
const SLASH: u8 = 16;

const BYTES: [u8; 256] = {
    let mut bytes = [0; 256];
    let mut at = 0;
    while at < 128 {
        bytes[at] = match at as u8 {
            b'>' => ENDS_TAG | ENDS_NAME,
            b'/' => SLASH | ENDS_NAME,
            b'=' => EQUALS,
            byte if byte.is_ascii_whitespace() => BLANK | ENDS_NAME,
            _ => 0,
        };
        at += 1;
    }
    bytes
};

fn is(byte: u8, any_of: u8) -> bool {
    BYTES[usize::from(byte)] & any_of != 0
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        while self.in_tag {
            self.attribute();
        }
        let rest = self.rest();
        if let Some(end) = self.raw.take() {
            return Some(Token::Raw(self.take_to(memmem::find(rest, end))));
        }
        match rest {
            [] => None,
            [b'<', b'!', b'-', b'-', ..] => {
                self.take_to(memmem::find(rest, b"-->").map(|at| at + 3));
                Some(Token::Raw(""))
            }
            [b'<', b'!', ..] => {
                self.take_to(memchr(b'>', rest).map(|at| at + 1));
                Some(Token::Raw(""))
            }
            [b'<', b'/', ..] => {
                self.at += 2;
                let name = self.take_until(ENDS_TAG);
                self.cut |= self.rest().is_empty();
                self.at += 1;
                Some(Token::Close(name.trim_ascii_end()))
            }
            [b'<', ..] => {
                self.at += 1;
                let name = self.take_until(ENDS_NAME);
                // Most have no attributes.
                self.in_tag = self.rest().first() != Some(&b'>');
                self.at += usize::from(!self.in_tag);
                self.raw = match name.as_bytes() {
                    b"script" => Some(b"</script"),
                    b"style" => Some(b"</style"),
                    _ => None,
                };
                Some(Token::Open(name))
            }
            _ => Some(Token::Text(self.take(memchr(b'<', rest).unwrap_or(rest.len())))),
        }
    }
}

impl<'a> Tokens<'a> {
    /// Of a page.
    pub(super) fn new(html: &'a str) -> Self {
        Self { html, at: 0, in_tag: false, raw: None, cut: false }
    }

    /// Where it is, if that is in no tag and in no script: there the next token would begin in a text of its own, too.
    pub(super) fn at(&self) -> Option<usize> {
        (!self.in_tag && self.raw.is_none()).then_some(self.at)
    }

    /// Whether it ended in the middle of a tag, a script or a comment.
    pub(super) fn is_cut(&self) -> bool {
        self.cut
    }

    /// Goes on at another place, behind a tag or a text.
    pub(super) fn go_to(&mut self, at: usize) {
        self.at = at;
    }

    /// Goes on to the next tag, where nobody asks for what is read between.
    pub(super) fn skip_text(&mut self) {
        let rest = self.rest();
        // Mostly one tag follows the other.
        if rest.first() != Some(&b'<') && self.at().is_some() {
            self.at += memchr(b'<', rest).unwrap_or(rest.len());
        }
    }

    fn rest(&self) -> &'a [u8] {
        self.html.as_bytes().get(self.at..).unwrap_or_default()
    }

    /// Goes on by some bytes, to a place beside a letter of ASCII.
    fn take(&mut self, bytes: usize) -> &'a str {
        let from = self.at;
        self.at = from + bytes;
        self.html.get(from..self.at).unwrap_or_default()
    }

    /// Goes on to a place, or to the end where it is missing.
    fn take_to(&mut self, end: Option<usize>) -> &'a str {
        self.cut |= end.is_none();
        self.take(end.unwrap_or(self.rest().len()))
    }

    fn take_until(&mut self, any_of: u8) -> &'a str {
        let rest = self.rest();
        self.take(rest.iter().position(|byte| is(*byte, any_of)).unwrap_or(rest.len()))
    }

    fn skip(&mut self, any_of: u8) {
        let rest = self.rest();
        self.at += rest.iter().position(|byte| !is(*byte, any_of)).unwrap_or(rest.len());
    }

    /// The next attribute of the tag that was opened last: name and value, which is empty where there is none.
    pub(super) fn attribute(&mut self) -> Option<(&'a str, &'a str)> {
        if !self.in_tag {
            return None;
        }
        self.skip(BLANK | SLASH);
        if let [] | [b'>', ..] = self.rest() {
            self.cut |= self.rest().is_empty();
            self.at += 1;
            self.in_tag = false;
            return None;
        }
        let name = self.take_until(EQUALS | ENDS_NAME);
        let behind = self.at;
        // Somebody's template may have blanks on both sides of the sign.
        self.skip(BLANK);
        let [b'=', ..] = self.rest() else {
            self.at = behind;
            return Some((name, ""));
        };
        self.at += 1;
        self.skip(BLANK);
        let value = match self.rest() {
            [quote @ (b'"' | b'\''), quoted @ ..] => {
                self.at += 1;
                let value = self.take(memchr(*quote, quoted).unwrap_or(quoted.len()));
                self.at += 1;
                value
            }
            _ => self.take_until(ENDS_TAG | BLANK),
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
