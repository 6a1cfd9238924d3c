//! Style sheets: read strictly, made small, and brought down to what older phones know.

use super::Fault;
use super::scan::scan;
use lightningcss::error::{Error, ParserError};
use lightningcss::stylesheet::{MinifyOptions, ParserOptions, PrinterOptions, StyleSheet};
use lightningcss::targets::{Browsers, Features, Targets};

const fn version(major: u32, minor: u32) -> Option<u32> {
    Some((major << 16) | (minor << 8))
}

/// Phones of 2022. `light-dark()` and nesting came later and are written out for them; what a browser may
/// skip without harm (`text-wrap`, `word-break: auto-phrase`, `ruby-align`) stays as it is.
const BROWSERS: Browsers = Browsers {
    android: None,
    chrome: version(105, 0),
    edge: version(105, 0),
    firefox: version(115, 0),
    ie: None,
    ios_saf: version(15, 4),
    opera: None,
    safari: version(15, 4),
    samsung: version(20, 0),
};

/// Prefixes are the author's: those of `-webkit-line-clamp` have no successor and would be taken away.
const TARGETS: Targets =
    Targets { browsers: Some(BROWSERS), include: Features::empty(), exclude: Features::VendorPrefixes };

/// The style sheet made small.
pub(super) fn minify(text: &str) -> Result<String, Fault> {
    // A browser closes at the end of the file what was left open, and nests half a sheet in one rule.
    if let Some(at) = scan(text).open {
        let what = "ここで始まる「{」が、閉じられていません".to_owned();
        return Err(Fault { range: at..at + 1, what, what_en: "this block is never closed".to_owned() });
    }
    let mut sheet = StyleSheet::parse(text, ParserOptions::default()).map_err(|error| fault(text, &error))?;
    let rest =
        |said: String| Fault { range: 0..0, what: "この書き方は使えません".to_owned(), what_en: said };
    let options = MinifyOptions { targets: TARGETS, ..MinifyOptions::default() };
    sheet.minify(options).map_err(|error| rest(error.to_string()))?;
    let options = PrinterOptions { minify: true, targets: TARGETS, ..PrinterOptions::default() };
    sheet.to_css(options).map(|result| result.code).map_err(|error| rest(error.to_string()))
}

fn fault(text: &str, error: &Error<ParserError<'_>>) -> Fault {
    let start = error.loc.as_ref().map_or(0, |loc| byte(text, loc.line as usize, loc.column as usize));
    let what = match &error.kind {
        ParserError::EndOfInput => "「{」と「}」の数が合っていません".to_owned(),
        ParserError::AtRuleInvalid(name) => format!("「@{name}」は、ここでは使えません"),
        ParserError::AtRuleBodyInvalid | ParserError::AtRulePreludeInvalid => {
            "@ で始まる規則の形が正しくありません".to_owned()
        }
        ParserError::InvalidMediaQuery | ParserError::EmptyBracketInCondition => {
            "条件の形が正しくありません".to_owned()
        }
        ParserError::SelectorError(_) | ParserError::InvalidNesting | ParserError::InvalidPageSelector => {
            "セレクターの形が正しくありません".to_owned()
        }
        ParserError::QualifiedRuleInvalid => "「セレクター { 宣言 }」の形になっていません".to_owned(),
        ParserError::UnexpectedImportRule => "@import は、ほかの規則より前に書きます".to_owned(),
        ParserError::MaximumNestingDepth => "入れ子が深すぎます".to_owned(),
        ParserError::UnexpectedToken(_) => "この記号か言葉は、ここには書けません".to_owned(),
        _ => "宣言の形（名前: 値;）が正しくありません".to_owned(),
    };
    // It tells the place before the white space.
    let start = start + text.get(start..).map_or(0, |rest| rest.len() - rest.trim_start().len());
    let length = text.get(start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    Fault { range: start..start + length, what, what_en: error.kind.to_string() }
}

/// The parser counts lines from 0 and columns in UTF-16 from 1.
fn byte(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let mut units = 1;
    let rest = text.get(start..).unwrap_or_default();
    let passed = rest.chars().take_while(|c| {
        let before = units < column && *c != '\n';
        units += c.len_utf16();
        before
    });
    start + passed.map(char::len_utf8).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_have_their_place() {
        for (text, wanted) in [
            ("a{color:red}\n/* 表 */ b{color red}", "red}"),
            ("a{color:red}\n@media (min-width{b{color:red}}", ""),
            ("a{color:red}}", ""),
            ("a{color:red}\nb{c{color:red}", "b{c"),
        ] {
            let fault = minify(text).err();
            let rest = fault.as_ref().and_then(|fault| text.get(fault.range.start..));
            assert!(rest.is_some_and(|rest| rest.starts_with(wanted)), "{text}: {fault:?}");
        }
    }

    #[test]
    fn what_the_theme_needs_survives() {
        for text in [
            "@layer a,b;",
            "p{word-break:auto-phrase}",
            "p{text-wrap:pretty}",
            "p{line-break:strict}",
            "p:before{content:\"×\"/\"\"}",
            "@media print{p{color:red}}",
            "@page{margin:1cm}",
            "@supports selector(:popover-open){p{color:red}}",
            "p{field-sizing:content}",
            "ruby{ruby-align:center}",
            "ruby{ruby-position:under}",
            "a:has(b){color:red}",
            "p{-webkit-line-clamp:2;-webkit-box-orient:vertical;display:-webkit-box}",
            "p{break-inside:avoid}",
            "p{-webkit-text-size-adjust:100%;text-size-adjust:100%}",
            "summary::-webkit-details-marker{display:none}",
        ] {
            assert_eq!(minify(text).as_deref(), Ok(text), "{text}");
        }
        let lowered = minify("p{color:oklch(60% .1 40)}").unwrap_or_default();
        assert!(lowered.contains("oklch") || lowered.contains("lab("), "{lowered}");
    }

    #[test]
    fn two_colours_are_written_out() {
        let small = minify(
            ":root{color-scheme:light dark;--a:light-dark(#fff,#000)}:root[data-scheme=dark]{color-scheme:dark}",
        )
        .unwrap_or_default();
        assert!(!small.contains("light-dark("), "{small}");
        let dark = small.find("[data-scheme=dark]").and_then(|at| small.get(at..)).unwrap_or_default();
        assert!(dark.contains("--lightningcss-dark:initial"), "{small}");
    }
}
