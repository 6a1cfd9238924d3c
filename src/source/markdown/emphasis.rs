//! Emphasis by the rule of the "markdown-cjk-friendly" specification.
//!
//! CommonMark asks whether a run of `*` touches punctuation, and takes 「」。（） for punctuation like
//! any other, so that `**「重要」**です` stays as it is. The amended rule: punctuation counts only where
//! it is not CJK, and a CJK character beside a run serves like a blank. The pairing of runs is
//! CommonMark's own ("process emphasis", with its lower bounds, so that hostile input stays linear).

use crate::model::text::is_wide;

/// A run of `*`, `_` or `~` in the text.
#[derive(Debug, Clone)]
pub(super) struct Run {
    pub ch: char,
    /// Characters that are not yet used for a pair.
    pub left: usize,
    original: usize,
    open: bool,
    close: bool,
    /// Closing tags in front, in the order of their pairs.
    pub closes: Vec<Tag>,
    /// Opening tags behind, the innermost first.
    pub opens: Vec<Tag>,
}

/// What a pair of runs means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tag {
    Em,
    Strong,
    Del,
}

impl Tag {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Em => "em",
            Self::Strong => "strong",
            Self::Del => "del",
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Side {
    Blank,
    /// Punctuation that is not CJK.
    Punctuation,
    Cjk,
    Other,
}

fn side(c: Option<char>) -> Side {
    match c {
        None => Side::Blank,
        Some(c) if c.is_whitespace() => Side::Blank,
        Some(c) if is_wide(c) || is_japanese_mark(c) => Side::Cjk,
        Some(c) if is_punctuation(c) => Side::Punctuation,
        Some(_) => Side::Other,
    }
}

/// Narrow in Unicode's tables, but part of Japanese text.
fn is_japanese_mark(c: char) -> bool {
    matches!(c, '“' | '”' | '‘' | '’' | '…' | '‥' | '※' | '○' | '●' | '◎' | '■' | '□' | '★' | '☆' | '→')
}

fn is_punctuation(c: char) -> bool {
    c.is_ascii_punctuation() || (!c.is_alphanumeric() && !c.is_control() && !c.is_whitespace())
}

impl Run {
    /// A run between two characters of the source.
    pub(super) fn new(ch: char, count: usize, before: Option<char>, after: Option<char>) -> Self {
        let (b, a) = (side(before), side(after));
        let frees = |side: Side| matches!(side, Side::Blank | Side::Punctuation | Side::Cjk);
        let left = a != Side::Blank && (a != Side::Punctuation || frees(b));
        let right = b != Side::Blank && (b != Side::Punctuation || frees(a));
        let punctuation = |c: Option<char>| c.is_some_and(is_punctuation);
        let (mut open, mut close) = match ch {
            '_' => (left && (!right || punctuation(before)), right && (!left || punctuation(after))),
            _ => (left, right),
        };
        if ch == '~' && count != 2 {
            // A single tilde means "until" to a Japanese editor.
            (open, close) = (false, false);
        }
        Self { ch, left: count, original: count, open, close, closes: Vec::new(), opens: Vec::new() }
    }
}

/// Finds the pairs among the runs of one stretch of inline text, in the order of the text.
pub(super) fn pair(runs: &mut [Run]) {
    // Indices of runs that may still open, in order.
    let mut openers: Vec<usize> = Vec::new();
    // Below these nothing can be found for (character, both ways, length mod 3).
    let mut bottoms = [0usize; 18];
    for closer in 0..runs.len() {
        while runs[closer].close && runs[closer].left > 0 {
            let (ch, both, length) = (runs[closer].ch, runs[closer].open, runs[closer].original);
            let kind = match ch {
                '*' => 0,
                '_' => 1,
                _ => 2,
            };
            let slot = kind * 6 + usize::from(both) * 3 + length % 3;
            let bottom = bottoms[slot];
            let found = openers.iter().rposition(|&at| {
                let opener = &runs[at];
                let thirds = (opener.close || both)
                    && (opener.original + length).is_multiple_of(3)
                    && !(opener.original.is_multiple_of(3) && length.is_multiple_of(3));
                at >= bottom && opener.ch == ch && opener.left > 0 && !thirds
            });
            let Some(position) = found else {
                bottoms[slot] = closer;
                break;
            };
            let opener = openers[position];
            openers.truncate(position + 1);
            let used = if runs[opener].left >= 2 && runs[closer].left >= 2 { 2 } else { 1 };
            let tag = match (ch, used) {
                ('~', _) => Tag::Del,
                (_, 2) => Tag::Strong,
                _ => Tag::Em,
            };
            runs[opener].left -= used;
            runs[opener].opens.push(tag);
            runs[closer].left -= used;
            runs[closer].closes.push(tag);
            if runs[opener].left == 0 {
                openers.pop();
            }
        }
        if runs[closer].open && runs[closer].left > 0 {
            openers.push(closer);
        }
    }
}
