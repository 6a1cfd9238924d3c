//! `heartnet deploy`

use super::output::Terminal;
use super::{root, say, shown};
use crate::build;
use crate::deploy::plan::Why;
use crate::deploy::target::Trouble;
use crate::deploy::{
    self, Environment, Limit, Options, Ready, Report, Site, Status, Stop, Verify, Watch, config, in_words,
};
use crate::diagnostic::{self, Lang};
use crate::model::text::with_commas;
use crate::source::settings::{self, Settings};
use clap::ArgMatches;
use jiff::Timestamp;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant, SystemTime};

/// What is wanted of a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Action {
    Publish,
    Status,
    Rollback,
    Adopt,
    Unlock,
}

const ACTIONS: [(&str, Action); 4] =
    [("status", Action::Status), ("rollback", Action::Rollback), ("adopt", Action::Adopt), ("unlock", Action::Unlock)];

/// The exit status, as a number: `deploy` has more of them than the other commands.
pub(super) struct Exit(u8);

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.0)
    }
}

pub(super) fn run(matches: &ArgMatches, terminal: &Terminal) -> Exit {
    let Ok(root) = root(matches, terminal) else { return Exit(2) };
    match act(&root, matches, terminal) {
        Ok(()) => Exit(0),
        Err(stop) => {
            terminal.note(&say(terminal.lang, stop.ja, stop.en));
            Exit(stop.status)
        }
    }
}

fn usage(ja: impl Into<String>, en: impl Into<String>) -> Stop {
    Stop { status: 2, ja: ja.into(), en: en.into() }
}

/// What is wanted, of which target.
#[derive(Clone, Copy)]
struct Asked<'a> {
    action: Action,
    name: &'a str,
    /// Which publication to go back to.
    earlier: Option<&'a str>,
}

fn act(root: &Path, matches: &ArgMatches, terminal: &Terminal) -> Result<(), Stop> {
    let (settings, told) = settings::read(root);
    let Some(settings) = settings.filter(|_| !diagnostic::has_errors(&told)) else {
        told.iter().for_each(|problem| terminal.problem(problem));
        return Err(usage("heartnet.yaml を直してから、公開してください。", "mend heartnet.yaml first"));
    };
    let asked = asked(&settings, matches)?;
    let name = asked.name;
    perform(asked, root, &settings, matches, terminal).map_err(|stop| stop.of(name))
}

/// Reads the words of the command.
fn asked<'a>(settings: &'a Settings, matches: &'a ArgMatches) -> Result<Asked<'a>, Stop> {
    let mut words: Vec<&str> = matches.get_many::<String>("words").into_iter().flatten().map(String::as_str).collect();
    let mut action = Action::Publish;
    if let Some((_, found)) = words.first().and_then(|word| ACTIONS.iter().find(|(name, _)| name == word)) {
        action = *found;
        words.remove(0);
    }
    let names: Vec<&str> = settings.deploy.keys().map(String::as_str).collect();
    let all = names.join("・");
    let name = match words.iter().position(|word| names.contains(word)) {
        Some(at) => words.remove(at),
        None => match (names.as_slice(), words.is_empty() || action == Action::Rollback) {
            ([], _) => {
                return Err(usage(
                    "heartnet.yaml に、公開先がまだありません。たとえば次の2行を書きたすと、となりのフォルダー preview に公開できます（ほかの書き方は、heartnet の docs/koukai.md にあります）。\n\ndeploy:\n  preview: {kind: folder, path: ../preview}\n",
                    "heartnet.yaml names no target; for example:\n\ndeploy:\n  preview: {kind: folder, path: ../preview}\n",
                ));
            }
            ([only], true) => only,
            (_, true) => {
                return Err(usage(
                    format!("どこに公開するか、名前を書いてください: {all}"),
                    format!("name one of the targets: {all}"),
                ));
            }
            (_, false) => {
                let word = words.first().copied().unwrap_or_default();
                let (hint, _) = diagnostic::meant(word, names.iter().copied());
                return Err(usage(
                    format!("「{word}」という公開先は heartnet.yaml にありません。{hint}あるもの: {all}"),
                    format!("there is no target `{word}`; there is {all}"),
                ));
            }
        },
    };
    let more = words.get(usize::from(action == Action::Rollback)).copied();
    if let Some(word) = more {
        let (ja, en) = match ACTIONS.iter().find(|(action, _)| *action == word) {
            Some(_) => (
                format!("「{word}」は、公開先の名前より前に書きます: heartnet deploy {word} {name}"),
                format!("`{word}` comes before the target: heartnet deploy {word} {name}"),
            ),
            None => (
                format!("「{word}」は余分です。公開先は一度に1つだけ書けます。"),
                format!("`{word}` is one word too many"),
            ),
        };
        return Err(usage(ja, en));
    }
    if matches.contains_id("dry-run") && matches!(action, Action::Adopt | Action::Unlock) {
        return Err(usage(
            "--dry-run は、公開と rollback のときだけ使えます。何も変えていません。",
            "--dry-run is for publishing and rollback only; nothing was changed",
        ));
    }
    let earlier = if action == Action::Rollback { words.first().copied() } else { None };
    Ok(Asked { action, name, earlier })
}

fn perform(
    asked: Asked<'_>,
    root: &Path,
    settings: &Settings,
    matches: &ArgMatches,
    terminal: &Terminal,
) -> Result<(), Stop> {
    let Asked { action, name, earlier } = asked;
    let Some(value) = settings.deploy.get(name) else { return Ok(()) };
    let config = config::read(name, value).map_err(|fault| usage(fault.ja, fault.en))?;
    let environment: Environment<'_> = &|name| std::env::var(name).ok().filter(|value| !value.is_empty());
    let config = config.at(root, Path::new(&environment("HOME").unwrap_or_default()));
    let target = deploy::open(name, &config, environment).map_err(|trouble| usage(trouble.ja, trouble.en))?;
    let out = matches.get_one::<PathBuf>("out").cloned().unwrap_or_else(|| root.join("public"));
    if config.kind == "folder" && overlap(Path::new(&config.path), &out) {
        return Err(usage(
            format!(
                "公開先 {name} のフォルダー（{}）と、書き出したサイト（{}）が重なっています。path: に、外のフォルダーを書いてください。",
                config.path,
                shown(&out)
            ),
            format!("the folder of {name} and the built site lie within each other; write another `path`"),
        ));
    }
    let address = settings::base(if config.site.is_empty() { &settings.base_url } else { &config.site });
    let address = address.map(|(host, path)| format!("{host}{path}")).unwrap_or_default();
    let now = Timestamp::now().strftime("%Y%m%dT%H%M%SZ").to_string();
    let cache = build::cache_folder(&out);
    let site = Site {
        name,
        root,
        out: &out,
        address: &address,
        place: &config.place(),
        target: target.as_ref(),
        now: &now,
        zone: settings.zone(),
        cache,
    };
    let options = Options {
        max_delete: matches.get_one::<Limit>("max-delete").copied(),
        looks_only: matches.contains_id("dry-run"),
        jobs: matches.get_one::<u16>("jobs").map(|jobs| usize::from(*jobs)),
        verify: match matches.get_one::<String>("verify").map(String::as_str) {
            Some("http") => Verify::Http,
            Some("full") => Verify::Full,
            _ => Verify::Size,
        },
    };
    let watch = Shown::new(terminal);
    match action {
        Action::Status => status(&site, terminal),
        Action::Unlock => {
            let (ja, en) = match site.unlock()? {
                Some((ja, en)) => (format!("公開中の札を外しました（{ja}）。"), format!("removed the lock ({en})")),
                None => ("公開中の札は、かかっていません。".to_owned(), "there is no lock".to_owned()),
            };
            terminal.result(&say(terminal.lang, ja, en));
            Ok(())
        }
        Action::Adopt => {
            let (ours, others) = site.adopt()?;
            let (ours, others) = (with_commas(ours as u64), with_commas(others as u64));
            terminal.result(&say(
                terminal.lang,
                format!("引きつぎました。サイトと同じ名前の {ours}件は、次の公開で新しくなります。ほかの {others}件には、さわりません。"),
                format!("taken over: {ours} files will be replaced by the next publication, {others} others are left alone"),
            ));
            Ok(())
        }
        Action::Publish => {
            let built = is_built(&out)?;
            let objection = stale(root, built).or_else(|| for_visitors(&out, &[&settings.base_url, &config.site]));
            let wish = Wish { root, name, config: &config, matches, check: true, objection };
            publish(site.prepare(&options, &watch)?, &wish, &site, terminal, &watch)
        }
        Action::Rollback => {
            let ready = site.prepare_earlier(earlier, &options, &watch)?;
            let wish = Wish { root, name, config: &config, matches, check: false, objection: None };
            publish(ready, &wish, &site, terminal, &watch)
        }
    }
}

/// Whether one of two folders lies in the other.
fn overlap(a: &Path, b: &Path) -> bool {
    // What is not there yet lies where its nearest folder above is.
    let place = |path: &Path| {
        let there = path.ancestors().find(|above| above.exists()).unwrap_or(path);
        let rest = path.strip_prefix(there).unwrap_or(Path::new("")).to_owned();
        std::path::absolute(there).and_then(|there| there.canonicalize()).unwrap_or_default().join(rest)
    };
    let (a, b) = (place(a), place(b));
    a.starts_with(&b) || b.starts_with(&a)
}

/// What the user asked for.
struct Wish<'a> {
    root: &'a Path,
    name: &'a str,
    config: &'a config::Config,
    matches: &'a ArgMatches,
    /// Whether the entries are to be without errors.
    check: bool,
    /// Why what was built is not to be published.
    objection: Option<Stop>,
}

impl Wish<'_> {
    /// Why it is not done, whatever the entries say.
    fn stop(&self, ready: &Ready<'_>) -> Option<Stop> {
        self.objection.as_ref().or(ready.stop()).cloned()
    }
}

fn publish(
    ready: Ready<'_>,
    wish: &Wish<'_>,
    site: &Site<'_>,
    terminal: &Terminal,
    watch: &Shown<'_>,
) -> Result<(), Stop> {
    let lang = terminal.lang;
    let dry = wish.matches.get_one::<String>("dry-run").map(String::as_str);
    if dry == Some("json") {
        let errors = errors(&ready, wish);
        let stop = wish.stop(&ready).map_or_else(|| sound(errors), Err);
        terminal.result(&as_json(&ready, wish, errors, stop.as_ref().err(), lang).to_string());
        return stop;
    }
    let (ja, en) = in_words(ready.plan());
    let kind = &wish.config.kind;
    terminal.result(&say(lang, format!("{}（{kind}）: {ja}", wish.name), format!("{} ({kind}): {en}", wish.name)));
    if wish.matches.get_flag("verbose") {
        terminal.result(&reasons(&ready, terminal));
    }
    if ready.is_done() && wish.objection.is_none() {
        if dry.is_none() {
            ready.verify()?;
        }
        terminal.result(&say(
            lang,
            "公開してあるものと同じです。することはありません。".into(),
            "already published; nothing to do".into(),
        ));
        return Ok(());
    }
    if ready.goes_on() {
        terminal.note(&say(
            lang,
            "前の公開が途中で止まっているので、つづきからします。".into(),
            "goes on where an earlier publication stopped".into(),
        ));
    }
    if let Some(stop) = wish.stop(&ready) {
        return Err(stop);
    }
    sound(errors(&ready, wish))?;
    if dry.is_some() {
        let (ja, en) = site.target.promise();
        terminal.result(&say(
            lang,
            format!("{ja}。まだ何も変えていません。"),
            format!("{en}; nothing was changed yet"),
        ));
        return Ok(());
    }
    if !wish.matches.get_flag("yes")
        && !terminal.confirm(&say(
            lang,
            format!("{} へ公開しますか？", site.address),
            format!("publish to {}?", site.address),
        ))?
    {
        return Ok(());
    }
    let report = ready.publish(watch);
    watch.end();
    let Report { id, new, changed, deleted, bytes, took, .. } = report?;
    let seconds = format!("{:.1}", took.as_secs_f64());
    let size = size(bytes);
    let [new, changed, deleted] = [new, changed, deleted].map(|count| with_commas(count as u64));
    terminal.result(&say(
        lang,
        format!("公開しました: {}　追加{new}・更新{changed}・削除{deleted}　{size}・{seconds}秒（{id}）", site.address),
        format!(
            "published {}: {new} new, {changed} changed, {deleted} deleted, {size} in {seconds} s ({id})",
            site.address
        ),
    ));
    Ok(())
}

/// How many errors the entries have, where that matters.
fn errors(ready: &Ready<'_>, wish: &Wish<'_>) -> usize {
    if !wish.check || ready.is_done() {
        return 0;
    }
    let outcome = build::check(wish.root, &build::Options::default());
    if outcome.failed() { outcome.counts().0.max(1) } else { 0 }
}

fn sound(errors: usize) -> Result<(), Stop> {
    if errors == 0 {
        return Ok(());
    }
    Err(Stop {
        status: 4,
        ja: format!(
            "記事にエラーが {errors}件あるので、公開しません。「heartnet check」で見て、直してから書き出してください。"
        ),
        en: format!("the entries have {errors} errors; see `heartnet check`"),
    })
}

fn size(bytes: u64) -> String {
    match bytes {
        0..1_000_000 => format!("{:.0} KB", bytes as f64 / 1e3),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

fn why(why: Why) -> (&'static str, &'static str) {
    match why {
        Why::New => ("新しい", "new"),
        Why::Content => ("内容が変わった", "content"),
        Why::Headers => ("ファイルの種類かキャッシュの指定が変わった", "headers"),
        Why::Unseen => ("引きついだので、中身が分からない", "taken over unseen"),
    }
}

/// Each file with the reason.
fn reasons(ready: &Ready<'_>, terminal: &Terminal) -> String {
    let up = ready.plan().steps.iter().filter_map(|step| {
        let file = ready.local().get(step.at)?;
        let (ja, en) = why(step.why);
        let sign = if step.why == Why::New { '+' } else { '~' };
        Some(format!("  {sign} {}（{}）", file.path, say(terminal.lang, ja.into(), en.into())))
    });
    let gone = ready.plan().deletes.iter().map(|path| {
        format!(
            "  - {path}（{}）",
            say(terminal.lang, "サイトからなくなった".into(), "no longer part of the site".into())
        )
    });
    up.chain(gone).collect::<Vec<_>>().join("\n")
}

fn as_json(ready: &Ready<'_>, wish: &Wish<'_>, errors: usize, stop: Option<&Stop>, lang: Lang) -> serde_json::Value {
    let plan = ready.plan();
    let (new, changed) = plan.counts();
    let file = |step: &deploy::plan::Step| {
        let file = ready.local().get(step.at)?;
        Some(json!({"path": file.path, "why": why(step.why).1, "bytes": file.entry.size, "stage": step.stage}))
    };
    json!({
        "target": wish.name,
        "kind": wish.config.kind,
        "new": new,
        "changed": changed,
        "deleted": plan.deletes.len(),
        "unchanged": plan.unchanged,
        "foreign": plan.foreign,
        "errors": errors,
        "stop": stop.map(|stop| json!({"status": stop.status, "why": say(lang, stop.ja.clone(), stop.en.clone())})),
        "upload": plan.steps.iter().filter_map(file).collect::<Vec<_>>(),
        "delete": plan.deletes,
    })
}

fn status(site: &Site<'_>, terminal: &Terminal) -> Result<(), Stop> {
    let Status { manifest, holder, kept } = site.status()?;
    let mut lines = Vec::new();
    let mut line = |ja: String, en: String| lines.push(say(terminal.lang, ja, en));
    match &manifest {
        None => line("まだ公開していません。".into(), "not published yet".into()),
        Some(manifest) => {
            let files = with_commas(manifest.files.len() as u64);
            let time = site.time_of(&manifest.id);
            line(
                format!("公開中: {}　{files}ファイル（{}・{time}）", site.address, manifest.id),
                format!("published: {}, {files} files ({}, {time})", site.address, manifest.id),
            );
            if let Some(pending) = &manifest.pending {
                let done = with_commas(pending.done.len() as u64);
                line(
                    format!(
                        "途中で止まった公開があります（{done}ファイルまで）。もう一度公開すると、つづきからします。"
                    ),
                    format!("an unfinished publication ({done} files so far); publishing again goes on from there"),
                );
            }
        }
    }
    if let Some((ja, en)) = holder {
        line(format!("公開中の札がかかっています（{ja}）。"), format!("locked ({en})"));
    }
    for kept in kept.iter().rev() {
        let files = with_commas(kept.files as u64);
        let time = site.time_of(&kept.id);
        line(
            format!("もどせる公開: {}（{time}・{files}ファイル）", kept.id),
            format!("can go back to: {} ({time}, {files} files)", kept.id),
        );
    }
    terminal.result(&lines.join("\n"));
    Ok(())
}

/// When a file was last changed. What is copied or unpacked brings the time of its content along, so where the system
/// knows when it was put there, that counts, too.
fn changed(found: &std::fs::Metadata) -> Option<SystemTime> {
    let modified = found.modified().ok()?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        let (seconds, nanos) = (u64::try_from(found.ctime()).ok()?, u32::try_from(found.ctime_nsec()).ok()?);
        Some(modified.max(SystemTime::UNIX_EPOCH + Duration::new(seconds, nanos)))
    }
    #[cfg(not(unix))]
    Some(modified)
}

/// What was written for a look only is not for visitors.
fn for_visitors(out: &Path, addresses: &[&str]) -> Option<Stop> {
    let build::With { address, drafts, without_photos } = build::written_with(out);
    let guard = |ja: String, en: String| Some(Stop { status: 4, ja, en });
    if drafts {
        return guard(
            "書き出したサイトに、下書きが入っています（--drafts）。「heartnet build」で書き出しなおしてから公開してください。".into(),
            "the built site has drafts in it; build it again without --drafts".into(),
        );
    }
    if without_photos {
        return guard(
            "書き出したサイトには、写真がありません（--no-images）。「heartnet build」で書き出しなおしてから公開してください。".into(),
            "the built site has no photos; build it again without --no-images".into(),
        );
    }
    let built_for = settings::base(&address)?;
    if addresses.iter().any(|wanted| settings::base(wanted).as_ref() == Some(&built_for)) {
        return None;
    }
    guard(
        format!(
            "書き出したサイトは、別のアドレス（{address}）のためのものです（--base-url）。「heartnet build」で書き出しなおすか、そこで公開するのなら、公開先に site: {address} と書いてください。"
        ),
        format!("the site was built for {address}; build it again, or write `site: {address}`"),
    )
}

/// When the site was built.
fn is_built(out: &Path) -> Result<SystemTime, Stop> {
    build::written_at(out).map_err(|_| Stop {
        status: 4,
        ja: format!(
            "{} は、heartnet build で書き出したサイトではありません。先に「heartnet build」をしてください。",
            shown(out)
        ),
        en: format!("{} is not a built site; run `heartnet build` first", shown(out)),
    })
}

/// A site that was built before its sources changed is not what the editor means to publish.
fn stale(root: &Path, built: SystemTime) -> Option<Stop> {
    let sources = ["content", "themes", "templates", "assets", "static", settings::FILE];
    // What was deleted shows in the time of its folder.
    let entries = sources.iter().flat_map(|name| walkdir::WalkDir::new(root.join(name)).into_iter().flatten());
    let is_newer = |entry: &walkdir::DirEntry| {
        entry.depth() > 0 && entry.metadata().is_ok_and(|found| changed(&found).is_some_and(|when| when > built))
    };
    let newer = entries.into_iter().find(is_newer)?;
    Some(Stop {
        status: 4,
        ja: format!(
            "書き出したあとに {} が変わっています。「heartnet build」をしてから公開してください。",
            shown(newer.path())
        ),
        en: format!("{} changed after the site was built; run `heartnet build` first", shown(newer.path())),
    })
}

/// So many seconds pass before it is told how many are left.
const SOON: f64 = 2.0;

/// How far it is: a line that stays in its place on a terminal, one line for each tenth elsewhere.
struct Shown<'a> {
    terminal: &'a Terminal,
    /// When the last deletion was told.
    deleted: Mutex<Option<Instant>>,
    /// When the first file arrived.
    begun: OnceLock<Instant>,
    last: Mutex<(Instant, u64)>,
}

impl<'a> Shown<'a> {
    fn new(terminal: &'a Terminal) -> Self {
        let now = Instant::now();
        Self { terminal, deleted: Mutex::default(), begun: OnceLock::new(), last: Mutex::new((now, 0)) }
    }

    fn end(&self) {
        self.terminal.in_place("");
    }
}

impl Watch for Shown<'_> {
    fn deleted(&self, files: usize, of_files: usize) {
        let Ok(mut last) = self.deleted.lock() else { return };
        let pause = if self.terminal.is_live() { Duration::from_millis(100) } else { Duration::from_secs(5) };
        // Few are gone at once; the first of many says nothing yet.
        if last.get_or_insert_with(Instant::now).elapsed() < pause {
            return;
        }
        *last = Some(Instant::now());
        let [files, of_files] = [files, of_files].map(|count| with_commas(count as u64));
        let line = say(
            self.terminal.lang,
            format!("消しています: {files}/{of_files}ファイル"),
            format!("deleting: {files}/{of_files} files"),
        );
        if self.terminal.is_live() { self.terminal.in_place(&line) } else { self.terminal.note(&line) }
    }

    fn again(&self, trouble: &Trouble, time: u32, of: u32) {
        self.end();
        self.terminal.note(&say(
            self.terminal.lang,
            format!("{} もう一度ためします（{of}回のうち{time}回目）。", trouble.ja),
            format!("{}; trying again ({time} of {of})", trouble.en),
        ));
    }

    fn progress(&self, files: usize, of_files: usize, bytes: u64, of_bytes: u64) {
        let Ok(mut last) = self.last.lock() else { return };
        let tenth = bytes * 10 / of_bytes.max(1);
        let lang = self.terminal.lang;
        let [files, of_files] = [files, of_files].map(|count| with_commas(count as u64));
        let percent = bytes * 100 / of_bytes.max(1);
        if self.terminal.is_live() {
            if last.0.elapsed() < Duration::from_millis(100) {
                return;
            }
            last.0 = Instant::now();
            let seconds = self.begun.get_or_init(Instant::now).elapsed().as_secs_f64().max(0.001);
            let rate = size((bytes as f64 / seconds) as u64);
            let left = (of_bytes.saturating_sub(bytes)) as f64 / (bytes as f64 / seconds).max(1.0);
            // The first files say little about the others.
            let (ja, en) = match seconds {
                ..SOON => (String::new(), String::new()),
                _ => (format!(" あと{left:.0}秒"), format!(" {left:.0} s left")),
            };
            let bar = Terminal::bar(bytes, of_bytes);
            self.terminal.in_place(&say(
                lang,
                format!("[{bar}] {files}/{of_files}ファイル {rate}/秒{ja}"),
                format!("[{bar}] {files}/{of_files} files {rate}/s{en}"),
            ));
        } else if tenth > last.1 && of_bytes > 1_000_000 {
            last.1 = tenth;
            self.terminal.note(&say(
                lang,
                format!("{percent}%（{files}/{of_files}ファイル）"),
                format!("{percent}% ({files}/{of_files} files)"),
            ));
        }
    }
}
