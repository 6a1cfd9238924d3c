//! What only this server shows.

use super::Now;
use crate::build::Live;
use crate::diagnostic::{Diagnostic, Lang, Severity};
use crate::source::markdown::escape;
use serde_json::{Value, json};
use std::fmt::Write as _;

/// Addresses of our own. No entry's id begins with `_`.
pub(super) const INDEX: &str = "/_heartnet/";
pub(super) const LIVE: &str = "/_heartnet/live";
pub(super) const ASK: &str = "/_heartnet/ask";
pub(super) const SCRIPT: &str = "/_heartnet/live.js";
pub(super) const SCRIPT_TEXT: &str = include_str!("live.js");

/// Problems in one list: a page that shows thousands helps nobody.
const MOST: usize = 200;

fn only(told: &[Diagnostic], severity: Severity) -> Vec<&Diagnostic> {
    told.iter().filter(|told| told.severity() == severity).collect()
}

fn problem(told: &Diagnostic) -> Value {
    json!({
        "place": place(told),
        "message": told.problem.message(Lang::Ja),
        "line": told.line_text,
        "help": told.problem.help(Lang::Ja),
    })
}

/// `content/products/a.md 12行目`
fn place(told: &Diagnostic) -> String {
    match told.span {
        Some(span) => format!("{} の{}行目・{}文字目", told.file, span.start.line, span.start.column),
        None => told.file.clone(),
    }
}

/// What the script in the pages is told.
pub(super) fn state(now: &Now) -> String {
    let errors = if now.failed { only(&now.told, Severity::Error) } else { Vec::new() };
    let problems: Vec<Value> = errors.into_iter().chain(&now.late).take(MOST).map(problem).collect();
    let today = now.live.as_ref().map(|live| live.today());
    json!({
        "site": now.site,
        "same": now.same,
        "styles": now.live.as_ref().map(|live| live.styles()).unwrap_or_default(),
        "problems": problems,
        "warnings": only(&now.told, Severity::Warning).len(),
        "day": today.map(|day| day.to_string()),
        "shown": today.map(crate::model::Day::long),
        "drafts": now.with_drafts,
    })
    .to_string()
}

/// A page with our script at its end. `site` is the state that it is of; 0 if it is of none.
pub(super) fn with_script(mut page: Vec<u8>, site: u64, tag: &str) -> Vec<u8> {
    let script = format!("<script data-site=\"{site}\" data-tag=\"{tag}\" src=\"{SCRIPT}\"></script>");
    let at = memchr::memmem::rfind(&page, b"</body>").unwrap_or(page.len());
    page.splice(at..at, script.into_bytes());
    page
}

fn frame(title: &str, body: &str) -> String {
    format!(
        "<!doctype html><html lang=\"ja\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title><style>
body {{ font: 16px/1.8 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem 1rem 4rem; color: #1a1a1a; background: #fff; }}
h1 {{ font-size: 1.5rem; }} h2 {{ font-size: 1.2rem; margin-top: 2rem; }} ol, ul {{ padding: 0; list-style: none; }}
li {{ border-top: 1px solid #bbb; padding: .5rem 0; }} li b {{ display: block; }} code, pre {{ font: .9rem/1.6 ui-monospace, monospace; overflow-wrap: anywhere; }}
pre {{ margin: .25rem 0; padding: .25rem .5rem; background: #f3f3f3; white-space: pre-wrap; }} p {{ margin: 0; }} a {{ color: #0b57d0; }}
:focus-visible {{ outline: 3px solid #0b57d0; }}
</style></head><body><main><h1>{title}</h1>{body}</main></body></html>"
    )
}

fn list(told: &[&Diagnostic]) -> String {
    let mut out = "<ol>".to_owned();
    for told in told.iter().take(MOST) {
        out.push_str("<li><b>");
        escape(&told.problem.message(Lang::Ja), &mut out);
        out.push_str("</b><code>");
        escape(&place(told), &mut out);
        out.push_str("</code>");
        if let Some(line) = &told.line_text {
            out.push_str("<pre>");
            escape(line, &mut out);
            out.push_str("</pre>");
        }
        if let Some(help) = told.problem.help(Lang::Ja) {
            out.push_str("<p>直し方: ");
            escape(&help, &mut out);
            out.push_str("</p>");
        }
        out.push_str("</li>");
    }
    out.push_str("</ol>");
    if told.len() > MOST {
        let _ = write!(out, "<p>ほか{}件。heartnet check で、すべて見られます。</p>", told.len() - MOST);
    }
    out
}

/// In the place of a page that cannot be made, or of a site that could not be read yet.
pub(super) fn broken(told: &[Diagnostic]) -> String {
    frame(
        "このページは、まだ作れません",
        &format!("<p>直して保存すると、ページが出ます。</p>{}", list(&only(told, Severity::Error))),
    )
}

/// Drafts and everything that is wrong or might be.
pub(super) fn index(live: Option<&Live>, told: &[Diagnostic], drafts: &[String]) -> String {
    let mut body = String::new();
    if let Some(live) = live {
        let _ = write!(
            body,
            "<p>{}のサイト、{}ページ。<a href=\"{}\">サイトを見る</a></p>",
            live.today().long(),
            live.count(),
            live.base_path()
        );
    }
    for (heading, severity) in [("エラー", Severity::Error), ("注意", Severity::Warning)] {
        let of = only(told, severity);
        let _ = write!(body, "<h2>{heading}（{}件）</h2>", of.len());
        body.push_str(&if of.is_empty() { "<p>ありません。</p>".to_owned() } else { list(&of) });
    }
    let _ = write!(body, "<h2>下書き（{}件）</h2>", drafts.len());
    match drafts {
        [] => body.push_str("<p>ありません。</p>"),
        _ => {
            body.push_str("<p>左下の「確認用」で「下書きも見る」をえらぶと、ページが見られます。</p><ul>");
            for file in drafts {
                body.push_str("<li><code>");
                escape(file, &mut body);
                body.push_str("</code></li>");
            }
            body.push_str("</ul>");
        }
    }
    frame("下書きと注意", &body)
}
