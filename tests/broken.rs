//! Sites as editors, other programs and attackers break them: what is told, where, and in which words.
//!
//! `broken/site.rs` is a sound site, `broken/rows.rs` a table of ways to break it. A row names every
//! problem that must be told, and nothing else may be: a mistake is told once. With `HEARTNET_SHOW=1`
//! and `--nocapture` all messages are printed as an editor sees them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]
#![allow(clippy::print_stdout, reason = "HEARTNET_SHOW asks for it")]

#[path = "broken/fuzz.rs"]
mod fuzz;
#[path = "broken/rows.rs"]
mod rows;
#[path = "broken/site.rs"]
mod site;
#[path = "broken/words.rs"]
mod words;

use heartnet::build::{self, Options, Outcome};
use heartnet::diagnostic::{Diagnostic, Lang, Severity, code_table, render_text};
use heartnet::model::Day;
use std::any::Any;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::{Mutex, OnceLock, mpsc};
use std::time::Duration;
use tempfile::TempDir;

/// The site's today.
fn today() -> Day {
    Day::new(2026, 4, 1).unwrap()
}

fn options() -> Options {
    Options { as_of: Some(today()), ..Options::default() }
}

/// Bytes of every file of a site.
type Files = BTreeMap<String, Vec<u8>>;

fn sound() -> Files {
    let texts = site::FILES.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()));
    let photos = site::PHOTOS.map(|path| (path.to_owned(), site::PIXEL.to_vec()));
    texts.into_iter().chain(photos).collect()
}

fn write(files: &Files) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, bytes) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

/// What is kept alive while a row runs (a lock, a socket), or why the row cannot run on this machine.
type Prepared = Result<Box<dyn Any>, String>;

/// One way to break the site.
struct Row {
    title: &'static str,
    files: Files,
    prepare: Option<fn(&Path) -> Prepared>,
    build: bool,
    out: Option<&'static str>,
    base_url: Option<&'static str>,
    from: Option<&'static str>,
    told: Vec<Told>,
}

/// A problem that must be told.
#[derive(Debug)]
struct Told {
    code: &'static str,
    severity: Severity,
    file: &'static str,
    /// The first line that holds this; `None`: the file as a whole.
    needle: Option<&'static str>,
    /// What the message or its fix must hold.
    word: &'static str,
}

fn row(title: &'static str) -> Row {
    Row { title, files: sound(), prepare: None, build: false, out: None, base_url: None, from: None, told: Vec::new() }
}

impl Row {
    /// Replaces words of a file, which must be there.
    fn edit(mut self, file: &str, old: &str, new: &str) -> Self {
        let text = String::from_utf8(self.files[file].clone()).unwrap();
        assert!(text.contains(old), "{}: {file} has no {old:?}", self.title);
        self.files.insert(file.to_owned(), text.replacen(old, new, 1).into_bytes());
        self
    }

    /// Adds a field to the front matter of a file.
    fn field(self, file: &str, line: &str) -> Self {
        self.edit(file, "---\n", &format!("---\n{line}\n"))
    }

    /// Adds to the end of a file.
    fn append(mut self, file: &str, text: &str) -> Self {
        self.files.get_mut(file).unwrap().extend(text.bytes());
        self
    }

    /// A new file, or a new content.
    fn put(mut self, file: &str, bytes: impl AsRef<[u8]>) -> Self {
        self.files.insert(file.to_owned(), bytes.as_ref().to_vec());
        self
    }

    /// Changes the bytes of a file.
    fn map(self, file: &str, change: impl Fn(&str) -> Vec<u8>) -> Self {
        let bytes = change(std::str::from_utf8(&self.files[file]).unwrap());
        self.put(file, bytes)
    }

    /// Moves a file.
    fn rename(mut self, old: &str, new: &str) -> Self {
        let bytes = self.files.remove(old).unwrap();
        self.put(new, bytes)
    }

    fn remove(mut self, file: &str) -> Self {
        self.files.remove(file).unwrap();
        self
    }

    /// What cannot be said with bytes of files.
    fn prepare(mut self, prepare: fn(&Path) -> Prepared) -> Self {
        self.prepare = Some(prepare);
        self
    }

    /// Builds instead of checking.
    fn build(mut self) -> Self {
        self.build = true;
        self
    }

    fn out(mut self, out: &'static str) -> Self {
        self.out = Some(out);
        self.build()
    }

    fn base_url(mut self, url: &'static str) -> Self {
        self.base_url = Some(url);
        self
    }

    /// Looks for the site from this folder of it, as the command line does.
    fn from(mut self, folder: &'static str) -> Self {
        self.from = Some(folder);
        self
    }

    fn error(self, code: &'static str, file: &'static str, needle: &'static str, word: &'static str) -> Self {
        self.told(Severity::Error, code, file, Some(needle), word)
    }

    fn error_of_file(self, code: &'static str, file: &'static str, word: &'static str) -> Self {
        self.told(Severity::Error, code, file, None, word)
    }

    fn warning(self, code: &'static str, file: &'static str, needle: &'static str, word: &'static str) -> Self {
        self.told(Severity::Warning, code, file, Some(needle), word)
    }

    fn warning_of_file(self, code: &'static str, file: &'static str, word: &'static str) -> Self {
        self.told(Severity::Warning, code, file, None, word)
    }

    fn told(
        mut self,
        severity: Severity,
        code: &'static str,
        file: &'static str,
        needle: Option<&'static str>,
        word: &'static str,
    ) -> Self {
        self.told.push(Told { code, severity, file, needle, word });
        self
    }

    fn line(&self, told: &Told) -> Option<usize> {
        let needle = told.needle?;
        let text = String::from_utf8_lossy(&self.files[told.file]).into_owned();
        let at = text.find(needle).unwrap_or_else(|| panic!("{}: {} has no {needle:?}", self.title, told.file));
        Some(text[..at].matches('\n').count() + 1)
    }

    fn run(&self) -> Ran {
        let folder = write(&self.files);
        let kept = match self.prepare.map(|prepare| prepare(folder.path())) {
            Some(Err(why)) => return Ran::Impossible(why),
            Some(Ok(kept)) => Some(kept),
            None => None,
        };
        let root = folder.path();
        if let Some(from) = self.from {
            let found = heartnet::source::settings::find_root(None, &root.join(from));
            return Ran::Told(found.err().into_iter().collect());
        }
        let options = Options {
            out: self.out.map(|out| root.join(out)),
            base_url: self.base_url.map(str::to_owned),
            ..options()
        };
        let outcome = if self.build { build::build(root, &options) } else { build::check(root, &options) };
        drop(kept);
        Ran::Told(outcome.diagnostics)
    }

    /// In a thread of its own: a row that hangs or panics must not take the others along.
    fn run_guarded(self) -> (Self, Ran) {
        let (sender, receiver) = mpsc::channel();
        let title = self.title;
        let thread = std::thread::spawn(move || {
            let ran = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| self.run()));
            let ran = ran.unwrap_or_else(|cause| {
                let text = cause.downcast_ref::<String>().cloned();
                Ran::Panicked(
                    text.or_else(|| cause.downcast_ref::<&str>().map(|&text| text.to_owned())).unwrap_or_default(),
                )
            });
            let _ = sender.send((self, ran));
        });
        let ran = receiver.recv_timeout(Duration::from_secs(20)).unwrap_or_else(|_| (row(title), Ran::Hung));
        if !matches!(ran.1, Ran::Hung) {
            thread.join().unwrap();
        }
        ran
    }
}

enum Ran {
    Told(Vec<Diagnostic>),
    Panicked(String),
    Hung,
    Impossible(String),
}

/// All rows, run once for all tests.
fn all() -> &'static [(Row, Ran)] {
    static ALL: OnceLock<Vec<(Row, Ran)>> = OnceLock::new();
    // Threads of our own: rows that wait on the pool's threads would take them from the check itself.
    ALL.get_or_init(|| {
        let rows = rows::rows();
        let queue = Mutex::new(rows.into_iter().enumerate());
        let done = Mutex::new(Vec::new());
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    loop {
                        let next = queue.lock().unwrap().next();
                        let Some((number, row)) = next else { return };
                        let (row, ran) = row.run_guarded();
                        done.lock().unwrap().push((number, row, ran));
                    }
                });
            }
        });
        let mut done = done.into_inner().unwrap();
        done.sort_by_key(|(number, ..)| *number);
        done.into_iter().map(|(_, row, ran)| (row, ran)).collect()
    })
}

fn told() -> impl Iterator<Item = (&'static Row, &'static Diagnostic)> {
    all().iter().flat_map(|(row, ran)| match ran {
        Ran::Told(told) => told.iter().map(move |diagnostic| (row, diagnostic)).collect::<Vec<_>>(),
        _ => Vec::new(),
    })
}

fn shown(diagnostics: &[Diagnostic]) -> String {
    diagnostics.iter().map(|diagnostic| render_text(diagnostic, Lang::Ja, false)).collect()
}

/// What is wrong with what was told.
fn complaints(row: &Row, told: &[Diagnostic]) -> Vec<String> {
    let mut complaints = Vec::new();
    let mut left: Vec<&Diagnostic> = told.iter().collect();
    for wanted in &row.told {
        let line = row.line(wanted);
        let fits = |found: &&Diagnostic| {
            let words = found.problem.message(Lang::Ja) + &found.problem.help(Lang::Ja).unwrap_or_default();
            found.problem.code() == wanted.code
                && found.severity() == wanted.severity
                && found.file == wanted.file
                && found.span.map(|span| span.start.line) == line
                && words.contains(wanted.word)
        };
        match left.iter().position(fits) {
            Some(at) => {
                left.remove(at);
            }
            None => complaints.push(format!("not told: {wanted:?} in line {line:?}")),
        }
    }
    complaints.extend(left.iter().map(|more| format!("told as well: {} {}", more.problem.code(), more.file)));
    complaints
}

fn counted(outcome: &Outcome) -> String {
    shown(&outcome.diagnostics)
}

#[test]
fn the_sound_site_has_no_problem() {
    let folder = write(&sound());
    let checked = build::check(folder.path(), &options());
    assert!(checked.diagnostics.is_empty(), "{}", counted(&checked));
    let built = build::build(folder.path(), &options());
    assert!(built.summary.is_some() && built.diagnostics.is_empty(), "{}", counted(&built));
}

#[test]
fn every_row_is_told_once_in_its_place_and_words() {
    let mut fell = String::new();
    for (row, ran) in all() {
        let wrong = match ran {
            Ran::Told(told) => complaints(row, told),
            Ran::Panicked(text) => vec![format!("panicked: {text}")],
            Ran::Hung => vec!["hung".to_owned()],
            Ran::Impossible(why) => {
                println!("{}: not run: {why}", row.title);
                Vec::new()
            }
        };
        if std::env::var_os("HEARTNET_SHOW").is_some()
            && let Ran::Told(told) = ran
        {
            println!("==== {}\n{}", row.title, shown(told));
        }
        if !wrong.is_empty() {
            let told = if let Ran::Told(told) = ran { shown(told) } else { String::new() };
            fell.push_str(&format!("\n==== {}\n{}\n{told}", row.title, wrong.join("\n")));
        }
    }
    assert!(fell.is_empty(), "{fell}");
    assert!(all().len() >= 75, "only {} rows", all().len());
}

/// Commands that refuse, in the folder of a sound site.
const REFUSED: [(&str, &[&str], &str); 2] = [
    ("HN0806", &["new", "facility", "ringo"], "content/facilities/ringo.md"),
    ("HN0807", &["init", "."], "空ではありません"),
];

#[test]
fn commands_do_not_overwrite() {
    for (code, arguments, word) in REFUSED {
        let folder = write(&sound());
        let before = snapshot(folder.path());
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_heartnet"))
            .args(["--lang", "ja"])
            .args(arguments)
            .current_dir(folder.path())
            .output()
            .unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(told.contains(&format!("error[{code}]")) && told.contains(word), "{arguments:?}: {told}");
        assert!(output.status.code() == Some(1) && snapshot(folder.path()) == before, "{arguments:?}");
    }
}

/// What is told where another program has the port.
const TAKEN: &str = "HN0808";

#[test]
fn a_taken_port_is_told() {
    let folder = write(&sound());
    let other = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = other.local_addr().unwrap().port().to_string();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_heartnet"));
    command.args(["--lang", "ja", "serve", "--port", &port]).current_dir(folder.path());
    let output = command.output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains(&format!("error[{TAKEN}]")) && told.contains(&port) && told.contains("--port"), "{told}");
    assert_eq!(output.status.code(), Some(1));
}

/// Nobody outside can provoke these.
const NOT_FROM_OUTSIDE: [(&str, &str); 1] =
    [("HN0901", "a fault of heartnet itself: the one who knows how to provoke it mends it")];

#[test]
fn every_code_has_a_row() {
    let refused = REFUSED.iter().map(|(code, ..)| *code);
    let provoked: BTreeSet<&str> =
        told().map(|(_, diagnostic)| diagnostic.problem.code()).chain(refused).chain([TAKEN]).collect();
    let excused: BTreeSet<&str> = NOT_FROM_OUTSIDE.iter().map(|(code, _)| *code).collect();
    let missing: Vec<&str> = code_table()
        .iter()
        .map(|info| info.code)
        .filter(|code| !provoked.contains(code) && !excused.contains(code))
        .collect();
    assert!(missing.is_empty(), "no row for {missing:?}");
    let needless: Vec<&&str> = excused.intersection(&provoked).collect();
    assert!(needless.is_empty(), "{needless:?} can be provoked");
}

/// Path and bytes of everything below a folder.
fn snapshot(root: &Path) -> Files {
    let mut files = Files::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                files.insert(format!("{name}/"), Vec::new());
                folders.push(path);
            } else {
                files.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    files
}

#[test]
fn all_problems_are_told_at_once_and_nothing_is_written() {
    let broken = row("many")
        .edit(site::SETTINGS, "theme: heartnet", "theme: heartnet\nthemee: x")
        .edit(site::WORDS, "label: パン, kana: ぱん", "label: パン, kana: 麺麭")
        .edit(site::RINGO, "tel: 026-000-0002", "tel: まだない")
        .edit(site::RINGO, "capacity: 20", "capacity: 二十")
        .edit(site::JAM, "price: 450", "prise: 450")
        .edit(site::LIST, "category: 草刈り", "category: 草むしり")
        .edit(site::FAIR, "time: 10:00-15:00", "time: 15:00-10:00")
        .append(site::NEWS, "[ジャム](product:apple-jum)\n")
        .edit(site::PLAN, "autumn-fair", "spring-fair")
        .put("content/pages/memo.md", "ただのメモ\n");
    let folder = write(&broken.files);
    let before = snapshot(folder.path());
    for outcome in [build::check(folder.path(), &options()), build::build(folder.path(), &options())] {
        let codes: Vec<(&str, &str)> =
            outcome.diagnostics.iter().map(|d| (d.file.as_str(), d.problem.code())).collect();
        let wanted = [
            (site::FAIR, "HN0222"),
            (site::RINGO, "HN0211"),
            (site::RINGO, "HN0204"),
            (site::NEWS, "HN0301"),
            ("content/pages/memo.md", "HN0101"),
            (site::PLAN, "HN0401"),
            (site::JAM, "HN0201"),
            (site::LIST, "HN0209"),
            (site::WORDS, "HN0210"),
            (site::SETTINGS, "HN0201"),
        ];
        assert_eq!(codes, wanted, "{}", counted(&outcome));
        assert!(outcome.failed() && outcome.settings_wrong && outcome.summary.is_none());
        assert_eq!(snapshot(folder.path()).keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>());
    }
}

#[test]
fn a_failing_build_leaves_the_old_site_as_it_was() {
    let folder = write(&sound());
    assert!(build::build(folder.path(), &options()).summary.is_some());
    let before = snapshot(&folder.path().join("public"));
    let breaks = [
        (site::JAM, row("").edit(site::JAM, "price: 450", "price: ただ")),
        (site::SETTINGS, row("").edit(site::SETTINGS, "base_url: https", "base_url: gopher")),
        ("templates/404.html", row("").put("templates/404.html", "{% if %}")),
        ("templates/404.html", row("").put("templates/404.html", "{{ nothing.at.all }}")),
    ];
    for (file, row) in breaks {
        let path = folder.path().join(file);
        let old = fs::read(&path).ok();
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &row.files[file]).unwrap();
        let outcome = build::build(folder.path(), &options());
        assert!(outcome.failed() && outcome.summary.is_none(), "{file}");
        assert!(snapshot(&folder.path().join("public")) == before, "{file} changed the output");
        old.map_or_else(|| fs::remove_file(&path), |old| fs::write(&path, old)).unwrap();
    }
}

#[test]
fn a_large_file_that_is_wrong_everywhere_is_told_in_time() {
    let many = |text: &str| text.repeat(5_000);
    let fields: String = (0..5_000).map(|number| format!("k{number}: 1\n")).collect();
    let row = row("large")
        .append(site::JAM, &many("[棚](product:shelf) "))
        .append(site::ABOUT, &many("あ <x> "))
        .append(site::NEWS, &(0..5_000).map(|number| format!("## h{number}\n[a](#z{number})\n")).collect::<String>())
        .put("content/news/fields.yaml", &fields)
        .put("content/news/again.yaml", many("a: 1\n"))
        .put("content/news/flow.yaml", format!("entries: [{}]", many("{id: e, prise: 3},")))
        .append(site::WORDS, &fields);
    let folder = write(&row.files);
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || sender.send(build::check(folder.path(), &options()).diagnostics.len()));
    let told = receiver.recv_timeout(Duration::from_secs(60)).expect("it takes too long");
    assert!(told > 30_000, "{told}");
}
