//! `heartnet build`

use super::output::{Format, Terminal};
use super::{Status, root, say, shown};
use crate::build::{self, Options, Summary};
use crate::diagnostic::Lang;
use crate::model::Day;
use crate::model::text::with_commas;
use clap::ArgMatches;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

pub(super) fn run(matches: &ArgMatches, terminal: &Terminal) -> Status {
    let root = match root(matches, terminal) {
        Ok(root) => root,
        Err(status) => return status,
    };
    let options = Options {
        out: matches.get_one::<PathBuf>("out").cloned(),
        base_url: matches.get_one::<String>("base-url").cloned(),
        as_of: matches.get_one::<Day>("as-of").copied(),
        drafts: matches.get_flag("drafts"),
        cache: None,
        no_images: matches.get_flag("no-images"),
        explain: matches.get_flag("explain"),
        progress: Some(progress(terminal)),
    };
    let outcome = match matches.get_one::<u16>("threads") {
        None => build::build(&root, &options),
        Some(&threads) => match rayon::ThreadPoolBuilder::new().num_threads(usize::from(threads)).build() {
            Ok(pool) => pool.install(|| build::build(&root, &options)),
            Err(_) => build::build(&root, &options),
        },
    };
    terminal.problems(&outcome.diagnostics, Format::Text);
    let (errors, warnings) = outcome.counts();
    match &outcome.summary {
        Some(summary) => {
            if warnings > 0 {
                terminal.note(&terminal.counts(errors, warnings));
            }
            for template in &summary.left_alone {
                terminal.note(&say(
                    terminal.lang,
                    format!("テンプレート {template} は、タグの中の引用符の外に {{% %}} か {{{{ }}}} があるので、小さくしませんでした。"),
                    format!("the template {template} was not minified: it has {{% %}} or {{{{ }}}} inside a tag but outside quotes"),
                ));
            }
            if summary.cache_broken {
                terminal.note(&say(
                    terminal.lang,
                    "取っておいたもの（キャッシュ）の一部がこわれていたので、使わずにつくりなおしました。".to_owned(),
                    "something in the cache was damaged; it was not used and is made anew".to_owned(),
                ));
            }
            if matches.get_flag("explain") {
                terminal.result(&explain(summary, terminal.lang));
            }
            terminal.result(&line(summary, terminal.lang));
            if matches.get_flag("verbose") {
                terminal.result(&pictures(summary, terminal.lang));
                terminal.result(&by_template(summary, terminal.lang));
            }
            Status::Done
        }
        None => {
            terminal.note(&say(
                terminal.lang,
                format!("{}。サイトは書きかえていません。", terminal.counts(errors, warnings)),
                format!("{}; the site was left as it was", terminal.counts(errors, warnings)),
            ));
            if outcome.settings_wrong { Status::Usage } else { Status::Failed }
        }
    }
}

/// Photos take their time the first time. On a terminal a bar says how far they are; in a log a line now and then.
pub(super) fn progress(terminal: &Terminal) -> build::Progress {
    let (terminal, begun, told) = (*terminal, Instant::now(), AtomicUsize::new(0));
    let tell = move |done: usize, of: usize| {
        let tenth = done * 10 / of.max(1);
        let text = say(terminal.lang, format!("写真 {done}/{of}枚"), format!("photos {done}/{of}"));
        if terminal.is_live() {
            let bar = Terminal::bar(done as u64, of as u64);
            terminal.in_place(&if done == of { String::new() } else { format!("[{bar}] {text}") });
        // A few are done before anybody looks.
        } else if begun.elapsed() > Duration::from_secs(5) && told.fetch_max(tenth, Ordering::Relaxed) < tenth {
            terminal.note(&text);
        }
    };
    build::Progress(Arc::new(tell))
}

fn seconds(duration: Duration) -> String {
    format!("{:.2}", duration.as_secs_f64())
}

fn count(number: usize) -> String {
    with_commas(number as u64)
}

fn line(summary: &Summary, lang: Lang) -> String {
    let total: Duration = summary.stages.iter().map(|(_, took)| *took).sum();
    let stages: Vec<String> =
        summary.stages.iter().map(|(name, took)| format!("{} {}", stage(name, lang), seconds(*took))).collect();
    let (pages, made, written) = (count(summary.pages), count(summary.rendered.len()), count(summary.written));
    let (unchanged, removed) = (count(summary.unchanged), count(summary.removed));
    let (out, total) = (shown(&summary.out), seconds(total));
    say(
        lang,
        format!(
            "{pages}ページ（つくった {made}・書いた {written}・同じ {unchanged}・消した {removed}）→ {out}　{total}秒（{}）",
            stages.join("・")
        ),
        format!(
            "{pages} pages ({made} rendered, {written} written, {unchanged} unchanged, {removed} removed) to {out} in {total} s ({})",
            stages.join(", ")
        ),
    )
}

/// Which files changed, and for each page that was made why.
fn explain(summary: &Summary, lang: Lang) -> String {
    let mut out = String::new();
    for file in &summary.changed {
        let _ = writeln!(out, "{}: {file}", say(lang, "変わったファイル".to_owned(), "changed".to_owned()));
    }
    for (address, why) in &summary.rendered {
        let (ja, en) = why.words();
        let _ = writeln!(out, "{address}  {}", say(lang, ja, en));
    }
    let (made, left) = (summary.rendered.len(), summary.pages - summary.rendered.len());
    let (made, left) = (count(made), count(left));
    out.push_str(&say(
        lang,
        format!("{made}ページをつくり、{left}ページは前のままです。"),
        format!("{made} pages rendered, {left} left as they were"),
    ));
    out
}

fn stage(name: &str, lang: Lang) -> &str {
    const ENGLISH: [(&str, &str); 14] = [
        ("見くらべる", "compare"),
        ("読む", "read"),
        ("つなぐ", "link"),
        ("決める", "plan"),
        ("写真を見る", "look at photos"),
        ("写真", "photos"),
        ("索引", "search index"),
        ("用意する", "prepare"),
        ("ページ", "pages"),
        ("配信とデータ", "feeds"),
        ("ファイル", "files"),
        ("写真を置く", "put photos"),
        ("絵", "pictures"),
        ("置きかえる", "commit"),
    ];
    match lang {
        Lang::Ja => name,
        Lang::En => ENGLISH.iter().find(|(ja, _)| *ja == name).map_or(name, |(_, en)| en),
    }
}

fn pictures(summary: &Summary, lang: Lang) -> String {
    let (drawn, cached) = (count(summary.drawn), count(summary.drawn_cached));
    let mut out = say(
        lang,
        format!("共有の絵: 描いた {drawn}・前に描いた {cached}"),
        format!("pictures for shared links: {drawn} drawn, {cached} drawn before"),
    );
    let build::PhotosMade { decoded, made, cached } = summary.photos;
    let (decoded, made, cached) = (count(decoded), count(made), count(cached));
    out.push_str(&say(
        lang,
        format!("\n写真: 開いた {decoded}・作った {made}・前に作った {cached}"),
        format!("\nphotos: {decoded} opened, {made} pictures made, {cached} made before"),
    ));
    if let Some(folder) = &summary.cache_trouble {
        let folder = shown(folder);
        out.push_str(&say(
            lang,
            format!("（{folder} に書けないので、次も描きなおします）"),
            format!(" ({folder} cannot be written, so they will be drawn again)"),
        ));
    }
    out
}

fn by_template(summary: &Summary, lang: Lang) -> String {
    let mut out = String::new();
    for (template, (pages, took)) in &summary.templates {
        let each = took.as_micros() / (*pages).max(1) as u128;
        let pages = count(*pages);
        let row = say(
            lang,
            format!("  {template:<14} {pages:>8}ページ {:>8}秒 1ページ {each}マイクロ秒", seconds(*took)),
            format!("  {template:<14} {pages:>8} pages {:>8} s {each} us a page", seconds(*took)),
        );
        let _ = writeln!(out, "{row}");
    }
    out.trim_end().to_owned()
}
