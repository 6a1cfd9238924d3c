//! Scripts: ES modules, read strictly and made small.

use super::Fault;
use super::scan::Reference;
use oxc_allocator::Allocator;
use oxc_codegen::{Codegen, CodegenOptions};
use oxc_minifier::{CompressOptions, MangleOptions, Minifier, MinifierOptions};
use oxc_parser::{Parser, ParserReturn};
use oxc_semantic::SemanticBuilder;
use oxc_span::{SourceType, Span};
use std::ops::Range;

fn bytes(span: Span) -> Range<usize> {
    span.start as usize..span.end as usize
}

fn parse<'a>(allocator: &'a Allocator, text: &'a str) -> Result<ParserReturn<'a>, Fault> {
    let read = Parser::new(allocator, text, SourceType::mjs()).parse();
    // A name declared twice is only seen by the second.
    let meaning = SemanticBuilder::new().with_check_syntax_error(true);
    let found = read.errors.first().cloned();
    let found = found.or_else(|| meaning.build(&read.program).errors.into_iter().next());
    let Some(error) = found else { return Ok(read) };
    let label = error.labels.as_ref().and_then(|labels| labels.first());
    let range = label.map_or(0..0, |label| label.offset()..label.offset() + label.len());
    let what_en = error.message.to_string();
    Err(Fault { range, what: in_japanese(&what_en), what_en })
}

/// The parser's words, for those that come up most; the others stay as they are.
fn in_japanese(said: &str) -> String {
    let names: Vec<&str> = said.split('`').skip(1).step_by(2).collect();
    match names.as_slice() {
        [wanted, found, ..] if said.starts_with("Expected") => {
            format!("「{wanted}」があるはずの所に「{found}」があります")
        }
        [name, ..] if said.contains("has already been declared") => format!("「{name}」が2回宣言されています"),
        _ if said.starts_with("Unexpected token") => "この記号か言葉は、ここには書けません".to_owned(),
        _ if said.starts_with("Unterminated") => "引用符やコメントが閉じられていません".to_owned(),
        _ => format!("書き方が正しくありません（{said}）"),
    }
}

/// The modules that a module names: `import`, `export … from` and `import()` of a fixed text.
pub(super) fn references(text: &str) -> Result<Vec<Reference>, Fault> {
    let allocator = Allocator::default();
    let record = parse(&allocator, text)?.module_record;
    let fixed = record.requested_modules.values().flatten().map(|module| module.span);
    let spans = fixed.chain(record.dynamic_imports.iter().map(|import| import.module_request));
    let mut found: Vec<Reference> = spans
        .filter_map(|span| {
            let written = text.get(bytes(span))?;
            let quote = written.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'))?;
            let url = written.strip_prefix(quote)?.strip_suffix(quote)?;
            // A text that is put together of parts is known to nobody before it runs.
            let plain = !url.contains(['\\', '"', '\'', '`', '$']);
            plain.then(|| Reference { range: bytes(span), url: url.to_owned() })
        })
        .collect();
    found.sort_by_key(|reference| reference.range.start);
    Ok(found)
}

/// The module made small. Exports keep their names; a name that nothing reads stays, because reading it may do
/// something. Names at the top are everybody's in a script that is none of a module: what neither imports nor exports
/// may be one.
pub(super) fn minify(text: &str) -> Result<String, Fault> {
    let allocator = Allocator::default();
    let ParserReturn { mut program, module_record, .. } = parse(&allocator, text)?;
    let mangle = MangleOptions { top_level: module_record.has_module_syntax, ..MangleOptions::default() };
    let options = MinifierOptions { mangle: Some(mangle), compress: Some(CompressOptions::safest()) };
    let done = Minifier::new(options).minify(&allocator, &mut program);
    // The new names are not in the tree but beside it.
    let print = Codegen::new().with_options(CodegenOptions::minify()).with_scoping(done.scoping);
    Ok(print.with_private_member_mappings(done.class_private_mappings).build(&program).code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_made_small() {
        let small = minify(
            "// 説明\nimport { alpha } from './a.js';\nconst LIST = [2];\nexport function both(first, second) {\n  const sum = first + second;\n  return alpha(sum, LIST);\n}\n",
        );
        assert_eq!(
            small.as_deref(),
            Ok("import{alpha as e}from\"./a.js\";const t=[2];export function both(n,r){return e(n+r,t)}")
        );
        // A script of its own may be no module: others may know its names.
        assert_eq!(minify("const shown = 1;").as_deref(), Ok("const shown=1;"));
    }

    #[test]
    fn faults_have_their_place() {
        for (text, wanted) in
            [("const 表 = 1;\nlet x = ;\n", ";"), ("let a = 1;\nlet a = 2;\n", "a"), ("with (a) {}", "with")]
        {
            let fault = minify(text).err();
            let found = fault.as_ref().and_then(|fault| text.get(fault.range.start..));
            assert!(found.is_some_and(|found| found.starts_with(wanted)), "{text}: {fault:?}");
        }
    }

    #[test]
    fn named_modules_are_found() {
        let text = "import './a.js'; export * from \"../b.js\"; const c = await import('./c.js'); import(`./${c}.js`); import('x' + c);";
        let found = references(text).unwrap_or_default();
        assert_eq!(found.iter().map(|r| r.url.as_str()).collect::<Vec<_>>(), ["./a.js", "../b.js", "./c.js"]);
        assert_eq!(found.first().and_then(|r| text.get(r.range.clone())), Some("'./a.js'"));
    }
}
