//! Lines that only look like Markdown: `＃ 見出し`, and `・` for every item of a list, as Word and FAX have them.
//!
//! Nothing is guessed: the text is shown as it stands, and the editor is told how it is written.

use super::ruby;
use crate::diagnostic::Problem;
use std::ops::Range;

/// Signs that begin the items of a list on paper.
const BULLETS: &[&str] = &["・", "•", "●", "○", "◎", "■", "□", "◆", "◇", "★", "☆", "※", "－", "-"];

/// Lines that begin alike and stand below each other.
struct Run {
    sign: &'static str,
    lines: usize,
    /// Where the first of them stands.
    first: Range<usize>,
}

/// What is wrong with the lines of a paragraph that stands at `range`.
pub(super) fn find(source: &str, range: Range<usize>) -> Vec<(Range<usize>, Problem)> {
    let mut found = Vec::new();
    let mut run: Option<Run> = None;
    let mut at = range.start;
    for line in source[range].split_inclusive('\n') {
        let text = line.trim();
        let start = at + (line.len() - line.trim_start().len());
        let place = start..start + text.len();
        at += line.len();
        if let Some(instead) = heading(text) {
            let (line, instead) = (ruby::restore(text), ruby::restore(&instead));
            found.push((place.clone(), Problem::HeadingOfOtherSigns { found: line, instead }));
        }
        run = match (run.take(), sign(text)) {
            (Some(run), Some(sign)) if run.sign == sign => Some(Run { lines: run.lines + 1, ..run }),
            (ended, sign) => {
                found.extend(ended.and_then(joined));
                sign.map(|sign| Run { sign, lines: 1, first: place })
            }
        };
        // A line that ends with a break of its own is not joined to the next.
        let line = line.trim_end_matches(['\n', '\r']);
        if line.ends_with("  ") || line.ends_with('\\') || line.ends_with("<br>") {
            found.extend(run.take().and_then(joined));
        }
    }
    found.extend(run.and_then(joined));
    found
}

/// What a line begins with, if it looks like an item of a list: the sign, or the first one of its kind.
fn sign(line: &str) -> Option<&'static str> {
    if let Some(bullet) = BULLETS.iter().find(|bullet| line.starts_with(**bullet)) {
        // `--` is something else.
        return Some(*bullet).filter(|bullet| *bullet != "-" || !line.starts_with("--"));
    }
    if line.starts_with(|c| ('①'..='⑳').contains(&c)) {
        return Some("①");
    }
    let is_digit = |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c);
    let rest = line.trim_start_matches(is_digit);
    let behind = rest.strip_prefix(['.', '．', ')', '）']).filter(|_| rest.len() < line.len())?;
    // 2.5 is a number.
    (!behind.starts_with(is_digit)).then_some("1.")
}

fn joined(Run { sign, lines, first }: Run) -> Option<(Range<usize>, Problem)> {
    let instead = if matches!(sign, "①" | "1.") { "1. " } else { "- " };
    let problem = Problem::LinesRunTogether { sign: sign.to_owned(), lines, instead: instead.to_owned() };
    (lines > 1).then_some((first, problem))
}

/// `## 見出し`, of a line with full-width signs or without the blank that CommonMark wants. A hashtag is none.
fn heading(line: &str) -> Option<String> {
    let words = line.trim_start_matches(['#', '＃']);
    let signs = &line[..line.len() - words.len()];
    let count = signs.chars().count();
    let apart = words.starts_with(char::is_whitespace);
    if !(1..=6).contains(&count) || words.trim().is_empty() || !(apart || count > 1) {
        return None;
    }
    Some(format!("{} {}", "#".repeat(count.max(2)), words.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<(&str, String)> {
        let say = |(range, problem): (Range<usize>, Problem)| {
            let what = match problem {
                Problem::HeadingOfOtherSigns { instead, .. } => instead,
                Problem::LinesRunTogether { sign, lines, instead } => format!("{sign} {lines} {instead}"),
                other => other.code().to_owned(),
            };
            (&text[range], what)
        };
        find(text, 0..text.len()).into_iter().map(say).collect()
    }

    #[test]
    fn headings_of_other_signs_are_told_with_the_right_ones() {
        for (line, right) in [
            ("＃　開催日", "## 開催日"),
            ("＃＃ 開催日", "## 開催日"),
            ("###　開催日", "### 開催日"),
            ("##開催日", "## 開催日"),
            ("#　開催日", "## 開催日"),
        ] {
            assert_eq!(told(line), [(line, right.to_owned())]);
        }
        for line in ["＃ハートバザール に来てください", "#1", "＃", "＃＃＃", "A # 1", "＃＃＃＃＃＃＃ 七つ"]
        {
            assert_eq!(told(line), [], "{line}");
        }
    }

    #[test]
    fn items_that_would_become_one_line_are_told_once() {
        assert_eq!(told("持ち物\n・帽子\n・水筒\n・弁当\n以上"), [("・帽子", "・ 3 - ".to_owned())]);
        assert_eq!(told("  ※ 雨天中止\n  ※ 小雨決行"), [("※ 雨天中止", "※ 2 - ".to_owned())]);
        assert_eq!(told("①申しこむ\r\n②待つ\r\n"), [("①申しこむ", "① 2 1. ".to_owned())]);
        assert_eq!(told("●春\n●夏\n・秋\n・冬").len(), 2);
        assert_eq!(told("-桃\n-梨"), [("-桃", "- 2 - ".to_owned())]);
        assert_eq!(told("１．桃\n２．梨\n１０）柿"), [("１．桃", "1. 3 1. ".to_owned())]);
        for text in [
            "※ 雨天中止",
            "・帽子\n水筒",
            "・帽子  \n・水筒",
            "・帽子\\\n・水筒",
            "・帽子<br>\n・水筒",
            "・帽子\n●水筒",
        ] {
            assert_eq!(told(text), [], "{text}");
        }
    }
}
