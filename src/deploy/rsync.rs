//! rsync, over ssh or to a daemon.
//!
//! The `rsync` of the machine does it. What is put is kept in a folder of this machine until [`Connection::commit`],
//! which sends it in one run that lets nothing be seen before all of it is there, deletes in a second one, and brings
//! the list of what is ours last, so that a run that was cut off is never taken for a whole one.
//!
//! As with git, the changes belong to the target, not to a connection.

use super::config::{Config, password_variable};
use super::headers::Headers;
use super::patience::Patience;
use super::plan::above;
use super::process::{Finished, known, local, redact, run};
use super::ssh::{self, Ssh};
use super::target::{Answer, Connection, Found, LOCK, Lock, OWN, Target, Trouble};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tempfile::TempDir;

/// Where rsync keeps what is not seen yet.
const DELAYED: &str = ".~tmp~";

/// Opens the target.
pub(super) fn open(name: &str, config: &Config, environment: super::Environment<'_>) -> Answer<Box<dyn Target>> {
    let to = config.to.trim().trim_end_matches('/').to_owned();
    if !to.contains(':') || to.starts_with('-') || to.contains(['\n', '\0']) {
        return Err(Trouble::lasting(
            "to: には「利用者名@サーバー:フォルダ」か「rsync://サーバー/モジュール/フォルダ」を書いてください。このパソコンのフォルダなら kind: folder です。",
            "`to` is `user@host:folder` or `rsync://host/module/folder`; for a folder of this machine there is `kind: folder`",
        ));
    }
    let daemon = to.starts_with("rsync://") || to.contains("::");
    let host = to.strip_prefix("rsync://").unwrap_or(&to).rsplit('@').next().unwrap_or_default();
    let is_here = host.split([':', '/']).next().is_some_and(|host| host == "localhost" || host == "127.0.0.1");
    if daemon && !config.allow_plaintext && !is_here {
        return Err(Trouble::lasting(
            "rsync:// では、サイトが暗号なしで流れ、途中で書きかえられても分かりません。できれば「利用者@ホスト:フォルダー」（ssh）を使い、どうしても使うときは allow_plaintext: true と書いてください。",
            "rsync:// is not encrypted; use ssh (`user@host:folder`) if you can, else write `allow_plaintext: true`",
        ));
    }
    let patience = Patience::read(environment);
    let mut ssh = ssh::command(name, config, environment, "RSYNC_RSH")?;
    if let Some(port) = config.port {
        ssh.command.push_str(&format!(" -p {port}"));
    }
    let password = environment(&password_variable(name)).or_else(|| environment("RSYNC_PASSWORD")).unwrap_or_default();
    let room = TempDir::with_prefix("heartnet-rsync-").map_err(|error| local(&error))?;
    for folder in ["site", "first", "none"] {
        fs::create_dir(room.path().join(folder)).map_err(|error| local(&error))?;
    }
    let port = config.port.filter(|_| daemon);
    let host = Host { to, daemon, port, ssh, password, variable: password_variable(name), patience, room };
    Ok(Box::new(Shared(Arc::new((host, Mutex::new(State::default()))))))
}

struct Host {
    to: String,
    daemon: bool,
    port: Option<u16>,
    ssh: Ssh,
    password: String,
    variable: String,
    patience: Patience,
    /// `site` is what is put, `first` the list of what is about to be ours, `none` has nothing.
    room: TempDir,
}

#[derive(Default)]
struct State {
    /// What was put, by its size, and (as nothing) what was deleted, since the last commit.
    staged: BTreeMap<String, Option<u64>>,
    /// The same of our own folder that was put first: it names what is about to be ours.
    first: BTreeSet<String>,
    /// What is on the host, when somebody asked.
    listed: Option<BTreeMap<String, u64>>,
}

impl Host {
    fn folder(&self, name: &str) -> PathBuf {
        self.room.path().join(name)
    }

    fn rsync(&self, options: &[&str], from: &str, to: &str, input: Vec<u8>) -> Answer<Finished> {
        let seconds = self.patience.each.as_secs().max(1);
        let mut command = Command::new("rsync");
        command.arg(format!("--timeout={seconds}")).args(["--no-human-readable", "--8-bit-output"]).args(options);
        if self.daemon {
            command.arg(format!("--contimeout={}", self.patience.connect.as_secs().max(1)));
            if let Some(port) = self.port {
                command.arg(format!("--port={port}"));
            }
        } else {
            command.args(["-e", &self.ssh.command]);
        }
        if self.to.contains(|c: char| !c.is_ascii_alphanumeric() && !"._/@:~-[]".contains(c)) {
            // The shell of the host must not take a name apart.
            command.arg("--protect-args");
        }
        // Empty, so that rsync does not ask for it.
        command.env("RSYNC_PASSWORD", &self.password).env("LC_ALL", "C").env_remove("RSYNC_RSH");
        command.arg("--").arg(from);
        if !to.is_empty() {
            command.arg(to);
        }
        // rsync itself watches the host; it is quiet while both sides compare.
        run(&mut command, input, self.patience.each * 20)
    }

    fn there(&self) -> String {
        format!("{}/", self.to)
    }

    fn here(&self, folder: &Path) -> String {
        format!("{}/", folder.display())
    }

    fn send(&self, folder: &str, names: &[&str]) -> Answer<()> {
        if names.is_empty() {
            return Ok(());
        }
        let mut all = vec!["-rt", "--omit-dir-times", "--checksum", "--delay-updates", "--chmod=D0755,F0644"];
        all.extend(FROM_INPUT);
        let finished = self.rsync(&all, &self.here(&self.folder(folder)), &self.there(), joined(names))?;
        if finished.ok { Ok(()) } else { Err(self.explain(&finished)) }
    }

    /// Deletes files, and folders in which nothing is left: what an empty folder does not have, and everything else is
    /// excepted from it. The option made for this, `--delete-missing-args`, ends with "invalid file mode" for files in
    /// folders on Debian 12.
    fn remove(&self, names: &[&str]) -> Answer<()> {
        if names.is_empty() {
            return Ok(());
        }
        let mut rules: BTreeSet<String> = BTreeSet::new();
        for name in names {
            rules.extend(above(name).map(|folder| format!("{}/", rule(folder))));
            rules.insert(rule(name));
        }
        let mut input = Vec::new();
        for rule in &rules {
            input.extend_from_slice(rule.as_bytes());
            input.push(0);
        }
        let most = format!("--max-delete={}", rules.len());
        let options =
            ["-r", "--omit-dir-times", "--existing", "--delete", &most, "--from0", "--include-from=-", "--exclude=*"];
        let finished = self.rsync(&options, &self.here(&self.folder("none")), &self.there(), input)?;
        if finished.ok || is_missing(&finished) { Ok(()) } else { Err(self.explain(&finished)) }
    }

    /// A file of the host; nothing when it says that there is none.
    fn fetch(&self, path: &str) -> Answer<Option<Vec<u8>>> {
        let to = TempDir::with_prefix_in("read-", self.room.path()).map_err(|error| local(&error))?;
        let mut options = vec!["--copy-links", "--ignore-missing-args"];
        options.extend(FROM_INPUT);
        let finished = self.rsync(&options, &self.there(), &self.here(to.path()), joined(&[path]))?;
        if is_missing(&finished) {
            return Ok(None);
        }
        if !finished.ok {
            return Err(self.explain(&finished));
        }
        match fs::read(to.path().join(path)) {
            Ok(content) => Ok(Some(content)),
            // A folder is no file.
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::IsADirectory) => Ok(None),
            Err(error) => Err(local(&error)),
        }
    }

    fn list(&self) -> Answer<BTreeMap<String, u64>> {
        let finished = self.rsync(&["-r", "--list-only"], &self.there(), "", Vec::new())?;
        if is_missing(&finished) {
            return Ok(BTreeMap::new());
        }
        if !finished.ok {
            return Err(self.explain(&finished));
        }
        Ok(String::from_utf8_lossy(&finished.out).lines().filter_map(listed).collect())
    }

    /// What the failure of rsync means.
    fn explain(&self, finished: &Finished) -> Trouble {
        let said = redact(&finished.said, std::slice::from_ref(&self.password));
        let has = |words: &[&str]| words.iter().any(|word| said.contains(word));
        let told = said
            .lines()
            .map(str::trim)
            .find(|line| {
                !line.is_empty()
                    && !line.starts_with("rsync error:")
                    && !line.starts_with("rsync: connection unexpectedly closed")
            })
            .or_else(|| said.lines().map(str::trim).find(|line| !line.is_empty()))
            .unwrap_or_default();
        let variable = &self.variable;
        let (passing, ja) = if let Some(ja) = known(&said) {
            (false, ja.to_owned())
        } else if has(&["@ERROR: auth failed"]) {
            (false, format!("サーバーに入れません。利用者名と、環境変数 {variable} のパスワードを確かめてください。"))
        } else if has(&["@ERROR"]) {
            (false, "サーバーに断られました。to: のモジュール名を確かめてください。".to_owned())
        } else if finished.code == Some(255) && has(&["Permission denied"]) {
            (
                false,
                "サーバーに入れません。利用者名と、key: の鍵がサーバーに登録されているかを確かめてください。"
                    .to_owned(),
            )
        } else if has(&["Permission denied", "Operation not permitted", "read only", "read-only", "Read-only"]) {
            (false, "サーバーのフォルダに書きこむ（か読む）許可がありません。to: と、フォルダの持ち主・許可を確かめてください。".to_owned())
        } else if has(&[
            "command not found",
            "rsync: not found",
            "unknown option",
            "not supported by the server",
            "refuses",
        ]) {
            (false, "サーバーの rsync が使えません（入っていないか、古いか、制限されています）。".to_owned())
        } else if matches!(finished.code, Some(10 | 12 | 20 | 30 | 35 | 255) | None) {
            (true, "サーバーとつながりません（か、途中で切れました）。".to_owned())
        } else {
            (
                false,
                "rsync が失敗しました。to: のフォルダの、ひとつ上のフォルダがサーバーにあるかを確かめてください。"
                    .to_owned(),
            )
        };
        Trouble { passing, ja: format!("{ja}（{told}）"), en: format!("rsync failed: {told}") }
    }
}

/// Names as rsync reads them from its input, whatever is in them.
const FROM_INPUT: [&str; 2] = ["--from0", "--files-from=-"];

fn joined(names: &[&str]) -> Vec<u8> {
    let mut input = Vec::new();
    for name in names {
        // Without this a name that begins with `#` is a comment.
        input.extend_from_slice(b"./");
        input.extend_from_slice(name.as_bytes());
        input.push(0);
    }
    input
}

/// A rule for one name. Backslashes only mean something where there is a wildcard.
fn rule(name: &str) -> String {
    if name.contains(['*', '?', '[']) {
        let mut rule = String::from("/");
        for c in name.chars() {
            if matches!(c, '*' | '?' | '[' | '\\') {
                rule.push('\\');
            }
            rule.push(c);
        }
        return rule;
    }
    format!("/{name}")
}

/// Whether the host says that the site's root is not there, or that a file is taken for a folder; and nothing else
/// but what follows from it. A module that is not there is another matter.
fn is_missing(finished: &Finished) -> bool {
    let follows = |line: &str| {
        line.starts_with("rsync: connection unexpectedly closed")
            || line.ends_with("Broken pipe (32)")
            || line.ends_with("Connection reset by peer (104)")
    };
    let mut said = finished.said.lines().filter(|line| line.starts_with("rsync: ") && !follows(line)).peekable();
    matches!(finished.code, Some(3 | 12 | 23))
        && !finished.said.contains("@ERROR")
        && said.peek().is_some()
        && said.all(|line| {
            let root = line.contains("change_dir") || line.contains("link_stat");
            root && line.ends_with("No such file or directory (2)")
                || line.contains("link_stat") && line.ends_with("Not a directory (20)")
        })
}

/// A line of a list: `-rw-r--r-- 12 2026/11/29 01:31:43 name`.
fn listed(line: &str) -> Option<(String, u64)> {
    let (kind, rest) = line.split_once(' ')?;
    let (size, rest) = rest.trim_start().split_once(' ')?;
    let (_date, rest) = rest.split_once(' ')?;
    let (_time, mut name) = rest.split_once(' ')?;
    if kind.starts_with('d') {
        return None;
    }
    if kind.starts_with('l') {
        name = name.split_once(" -> ").map_or(name, |(name, _)| name);
    }
    let name = plain(name);
    let delayed = name.split('/').any(|part| part == DELAYED);
    (!delayed).then_some((name, size.parse().ok()?))
}

/// A name as it is: rsync writes what could upset a terminal as `\#012`.
fn plain(name: &str) -> String {
    let mut bytes = Vec::with_capacity(name.len());
    let mut rest = name;
    while let Some((before, after)) = rest.split_once("\\#") {
        bytes.extend_from_slice(before.as_bytes());
        let code = after.get(..3).and_then(|digits| u8::from_str_radix(digits, 8).ok());
        match code {
            Some(code) => {
                bytes.push(code);
                rest = after.get(3..).unwrap_or_default();
            }
            None => {
                bytes.extend_from_slice(b"\\#");
                rest = after;
            }
        }
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8_lossy(&bytes).into_owned()
}

struct Shared(Arc<(Host, Mutex<State>)>);

impl Target for Shared {
    /// Whether the host can be reached is seen with the first thing that is asked of it.
    fn connect(&self) -> Answer<Box<dyn Connection>> {
        let way = Way(Arc::clone(&self.0));
        way.both().1.listed = None;
        Ok(Box::new(way))
    }

    fn promise(&self) -> (&'static str, &'static str) {
        (
            "全部が届いてから、一度に入れかえます（数秒のあいだ、新旧がまじることがあります）",
            "replaced at once when all is there; old and new may mix for seconds",
        )
    }
}

struct Way(Arc<(Host, Mutex<State>)>);

impl Way {
    fn both(&self) -> (&Host, MutexGuard<'_, State>) {
        let (host, state) = &*self.0;
        (host, state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn is_own(path: &str) -> bool {
    path.strip_prefix(OWN).is_some_and(|rest| rest.starts_with('/'))
}

fn is_below(path: &str, above: &str) -> bool {
    path.strip_prefix(above).is_some_and(|rest| rest.starts_with('/'))
}

impl State {
    fn list(&mut self, host: &Host) -> Answer<&BTreeMap<String, u64>> {
        if self.listed.is_none() {
            self.listed = Some(host.list()?);
        }
        Ok(self.listed.get_or_insert_default())
    }

    /// A file that would take the place of a folder, or the other way round, with files in it that are not ours.
    fn collision(&mut self, host: &Host) -> Answer<Option<String>> {
        self.list(host)?;
        let Some(there) = &self.listed else { return Ok(None) };
        let stays = |path: &str| there.contains_key(path) && self.staged.get(path) != Some(&None);
        for path in self.staged.iter().filter(|(_, staged)| staged.is_some()).map(|(path, _)| path.as_str()) {
            let above = above(path).find(|above| stays(above));
            let start = format!("{path}/");
            let mut below = there
                .range(start.clone()..)
                .map(|(below, _)| below.as_str())
                .take_while(|below| below.starts_with(&start));
            if let Some(path) = above.or_else(|| below.find(|below| stays(below))) {
                return Ok(Some(path.to_owned()));
            }
        }
        Ok(None)
    }
}

fn write(place: &Path, content: &[u8]) -> Answer<()> {
    let write = || {
        place.parent().map_or(Ok(()), fs::create_dir_all)?;
        fs::write(place, content)
    };
    write().map_err(|error| local(&error))
}

impl Connection for Way {
    fn read(&mut self, path: &str) -> Answer<Option<Vec<u8>>> {
        let (host, state) = self.both();
        match state.staged.get(path) {
            Some(None) => Ok(None),
            Some(Some(_)) => fs::read(host.folder("site").join(path)).map(Some).map_err(|error| local(&error)),
            None => host.fetch(path),
        }
    }

    fn size(&mut self, path: &str) -> Answer<Option<u64>> {
        let (host, mut state) = self.both();
        match state.staged.get(path) {
            Some(staged) => Ok(*staged),
            None => Ok(state.list(host)?.get(path).copied()),
        }
    }

    fn is_folder(&mut self, path: &str) -> Answer<bool> {
        let (host, mut state) = self.both();
        let below = format!("{path}/");
        Ok(state.list(host)?.range(below.clone()..).next().is_some_and(|(next, _)| next.starts_with(&below)))
    }

    fn list(&mut self) -> Answer<Vec<Found>> {
        let (host, mut state) = self.both();
        state.listed = None;
        let mut all = state.list(host)?.clone();
        for (path, staged) in &state.staged {
            match staged {
                Some(size) => drop(all.insert(path.clone(), *size)),
                None => drop(all.remove(path)),
            }
        }
        Ok(all.into_iter().map(|(path, size)| Found { path, size }).collect())
    }

    fn put(&mut self, path: &str, content: &[u8], _headers: &Headers) -> Answer<()> {
        if path.contains('\0') || path.split('/').any(|part| matches!(part, "" | "." | ".." | DELAYED)) {
            return Err(Trouble::lasting(
                format!("「{path}」という名前は送れません。"),
                format!("the name `{path}` cannot be sent"),
            ));
        }
        let (host, mut state) = self.both();
        if is_own(path) && !state.staged.contains_key(path) {
            write(&host.folder("first").join(path), content)?;
            state.first.insert(path.to_owned());
        }
        write(&host.folder("site").join(path), content)?;
        state.staged.insert(path.to_owned(), Some(content.len() as u64));
        Ok(())
    }

    fn delete(&mut self, path: &str) -> Answer<()> {
        let (host, mut state) = self.both();
        let _ = fs::remove_file(host.folder("site").join(path));
        state.first.remove(path);
        state.staged.insert(path.to_owned(), None);
        Ok(())
    }

    /// Two that look at the same moment may both find nobody.
    fn lock(&mut self, text: &str) -> Answer<Lock> {
        let (host, _state) = self.both();
        let from = TempDir::with_prefix_in("lock-", host.room.path()).map_err(|error| local(&error))?;
        write(&from.path().join(LOCK), text.as_bytes())?;
        let mut options = vec!["-t", "--omit-dir-times", "--ignore-existing", "--chmod=D0755,F0644"];
        options.extend(FROM_INPUT);
        let finished = host.rsync(&options, &host.here(from.path()), &host.there(), joined(&[LOCK]))?;
        if !finished.ok {
            return Err(host.explain(&finished));
        }
        match host.fetch(LOCK)? {
            Some(there) if there == text.as_bytes() => Ok(Lock::Advisory),
            Some(there) => Ok(Lock::Taken(String::from_utf8_lossy(&there).into_owned())),
            None => Err(Trouble::passing("ロックが書けませんでした。", "the lock was not written")),
        }
    }

    fn unlock(&mut self) -> Answer<()> {
        let (host, _state) = self.both();
        host.remove(&[LOCK])
    }

    fn commit(&mut self, _message: &str) -> Answer<()> {
        let (host, mut state) = self.both();
        if state.staged.is_empty() {
            return Ok(());
        }
        if let Some(path) = state.collision(host)? {
            return Err(Trouble::lasting(
                format!(
                    "「{path}」は、フォルダとファイルの名前が重なっていて、ほかの人のファイルが消えてしまうので、止めました。"
                ),
                format!("`{path}` is both a folder and a file; files of others would be lost"),
            ));
        }
        let puts = |own: bool| -> Vec<&str> {
            let puts = state.staged.iter().filter(|(path, staged)| staged.is_some() && is_own(path) == own);
            puts.map(|(path, _)| path.as_str()).collect()
        };
        let (files, own) = (puts(false), puts(true));
        let first: Vec<&str> = state.first.iter().map(String::as_str).collect();
        let deletes = || state.staged.iter().filter(|(_, staged)| staged.is_none()).map(|(path, _)| path.as_str());
        // A folder of which nothing is left may become a file, and a file a folder, which replaces it.
        let in_the_way = |path: &str| above(path).any(|above| matches!(state.staged.get(above), Some(Some(_))));
        let replaced = |path: &str| files.iter().any(|file| is_below(file, path));
        let early: Vec<&str> = deletes().filter(|path| in_the_way(path)).collect();
        let late: Vec<&str> = deletes().filter(|path| !in_the_way(path) && !replaced(path)).collect();
        host.send("first", &first)?;
        host.remove(&early)?;
        host.send("site", &files)?;
        host.remove(&late)?;
        host.send("site", &own)?;
        state.staged.clear();
        state.first.clear();
        state.listed = None;
        for folder in ["site", "first"] {
            let folder = host.folder(folder);
            fs::remove_dir_all(&folder).and_then(|()| fs::create_dir(&folder)).map_err(|error| local(&error))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_host_says_that_there_is_nothing() {
        let finished =
            |code, said: &str| Finished { ok: false, code: Some(code), out: Vec::new(), said: said.to_owned() };
        let root = "Welcome!\nrsync: [sender] change_dir \"/a\" failed: No such file or directory (2)\n";
        let after = "rsync error: errors selecting input/output files, dirs (code 3) at flist.c(2255) [sender=3.2.7]\n\
                     rsync: connection unexpectedly closed (0 bytes received so far) [Receiver]\n";
        assert!(is_missing(&finished(12, &format!("{root}{after}"))));
        assert!(is_missing(&finished(23, "rsync: [sender] link_stat \"/a/b\" failed: Not a directory (20)\n")));
        assert!(is_missing(&finished(
            23,
            "rsync: [sender] change_dir \"a\" (in site) failed: No such file or directory (2)\n\
             rsync: [Receiver] read error: Connection reset by peer (104)\n"
        )));
        assert!(!is_missing(&finished(12, after)));
        assert!(!is_missing(&finished(255, root)));
        assert!(!is_missing(&finished(
            23,
            &format!("{root}rsync: [sender] opendir \"/a\" failed: Permission denied (13)\n")
        )));
        assert!(!is_missing(&finished(5, "@ERROR: Unknown module 'sight'\n")));
        assert_eq!(rule("a/b#!.txt"), "/a/b#!.txt");
        assert_eq!(rule("a\\b*[?].txt"), "/a\\\\b\\*\\[\\?].txt");
    }

    #[test]
    fn lists_are_read_whatever_the_names() {
        for (line, name, size) in [
            ("-rw-r--r--             12 2026/11/29 01:31:43 index.html", "index.html", 12),
            ("-rw-r--r--     1234567890 2026/11/29 01:31:43  日本 語/ b.txt ", " 日本 語/ b.txt ", 1_234_567_890),
            ("-rw-r--r--              0 2026/11/29 01:31:43 line\\#012break\\#134#1.txt", "line\nbreak\\#1.txt", 0),
            ("lrwxrwxrwx             11 2026/11/29 01:31:43 current -> releases/1", "current", 11),
        ] {
            assert_eq!(listed(line), Some((name.to_owned(), size)), "{line}");
        }
        assert_eq!(listed("drwxr-xr-x          4,096 2026/11/29 01:31:43 folder"), None);
        assert_eq!(listed("-rw-r--r--              5 2026/11/29 01:31:43 a/.~tmp~/b.html"), None);
    }
}
