//! A branch of a git repository, for GitHub Pages and what works like it.
//!
//! The `git` of the machine does it, with plumbing only and in a bare repository of its own in a temporary folder: the
//! user's repository, index and work tree are never touched. Of the branch, only its newest commit and its trees are
//! fetched, content when somebody asks for it (hosts that cannot do that send all). What is put and deleted is kept
//! until [`Connection::commit`] makes one commit of it on top of what is there, so files of others stay, and pushes it
//! under the condition that the branch is still where it was.
//!
//! The changes belong to the target, not to a connection: after a trouble the next connection fetches the branch anew,
//! and the same changes go on top of it.

use super::config::{Config, password_variable};
use super::headers::Headers;
use super::patience::Patience;
use super::plan::above;
use super::process::{Finished, known, local, not_started, redact, run};
use super::ssh::{self, Ssh};
use super::target::{Answer, Connection, Found, Lock, OWN, Target, Trouble};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tempfile::TempDir;

/// Keeps GitHub from running Jekyll, which leaves out names that begin with `_` or `.`.
const NO_JEKYLL: &str = ".nojekyll";
/// Where the new commit is until it is pushed.
const NEW: &str = "refs/heartnet/new";
/// Variables that would make git work on another repository than ours, as in a hook that runs heartnet.
const ELSEWHERE: &[&str] = &[
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
    "GIT_ASKPASS",
    "SSH_ASKPASS",
];
/// Asks for nothing, runs no hooks, changes no content, tidies nothing up.
const SETTINGS: &[&str] = &[
    "core.autocrlf=false",
    "core.hooksPath=/dev/null",
    "core.askPass=",
    "gc.auto=0",
    "maintenance.auto=false",
    "fetch.recurseSubmodules=false",
    "push.recurseSubmodules=no",
    "push.gpgSign=false",
    "push.followTags=false",
    "pack.useSparse=false",
    "http.lowSpeedLimit=1",
];

/// Opens the target.
pub(super) fn open(name: &str, config: &Config, environment: super::Environment<'_>) -> Answer<Box<dyn Target>> {
    let folder = TempDir::with_prefix("heartnet-git-").map_err(|error| local(&error))?;
    let patience = Patience::read(environment);
    let ssh = ssh::command(name, config, environment, "GIT_SSH_COMMAND")?;
    let password = environment(&password_variable(name)).filter(|password| !password.is_empty());
    let person = |name: &str, mail: &str| {
        let clean = |text: String| text.replace(['<', '>', '\n'], "");
        let name = environment(name).map(clean).filter(|name| !name.is_empty()).unwrap_or_else(|| "heartnet".into());
        let mail = environment(mail).map(clean).filter(|mail| !mail.is_empty());
        format!("{name} <{}>", mail.unwrap_or_else(|| "heartnet@localhost".into()))
    };
    let author = person("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL");
    let committer = person("GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL");
    let date = environment("SOURCE_DATE_EPOCH").and_then(|text| text.trim().parse().ok());
    let git = Git {
        folder,
        branch: config.branch.clone(),
        squash: config.squash,
        silence: patience.each,
        ssh,
        variable: password_variable(name),
        password,
        author,
        committer,
        date,
    };
    git.prepare(&config.remote, &config.root)?;
    Ok(Box::new(Branch { shared: Arc::new((git, Mutex::new(State::default()))) }))
}

/// The repository that the publication is put together in.
struct Git {
    folder: TempDir,
    branch: String,
    squash: bool,
    silence: Duration,
    ssh: Ssh,
    variable: String,
    password: Option<String>,
    author: String,
    committer: String,
    date: Option<u64>,
}

impl Git {
    fn command(&self) -> Command {
        let mut command = Command::new("git");
        command.arg("--git-dir").arg(self.folder.path());
        for setting in SETTINGS {
            command.args(["-c", setting]);
        }
        command.arg("-c").arg(format!("http.lowSpeedTime={}", self.silence.as_secs().max(1)));
        for variable in ELSEWHERE {
            command.env_remove(variable);
        }
        command
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("GCM_INTERACTIVE", "never")
            .env("GIT_SSH_COMMAND", &self.ssh.command)
            .env("LC_ALL", "C")
            .env("LANGUAGE", "");
        if let Some(password) = &self.password {
            // Through the environment: the arguments of a program can be seen by everybody on the machine.
            command.env("HEARTNET_GIT_PASSWORD", password).args(["-c", "credential.helper="]).args([
                "-c",
                "credential.helper=!f() { test \"$1\" = get || exit 0; user=; while IFS= read -r line && test \
                 -n \"$line\"; do case $line in username=*) user=1;; esac; done; test -n \"$user\" || echo \
                 username=x-access-token; printf 'password=%s\\n' \"$HEARTNET_GIT_PASSWORD\"; }; f",
            ]);
        }
        command
    }

    fn run(&self, arguments: &[&str], input: Vec<u8>) -> Answer<Finished> {
        run(self.command().args(arguments), input, self.silence)
    }

    /// Runs git and takes its failure for a trouble.
    fn must(&self, arguments: &[&str], input: Vec<u8>) -> Answer<Vec<u8>> {
        let finished = self.run(arguments, input)?;
        if finished.ok { Ok(finished.out) } else { Err(self.explain(&finished.said)) }
    }

    /// The same, where the answer is a line.
    fn line(&self, arguments: &[&str]) -> Answer<String> {
        Ok(String::from_utf8_lossy(&self.must(arguments, Vec::new())?).trim().to_owned())
    }

    /// Makes the repository, and writes the address into its configuration: as an argument it could be seen by
    /// everybody on the machine, and there may be a password in it.
    fn prepare(&self, remote: &str, root: &Path) -> Answer<()> {
        let mut address = remote.trim().to_owned();
        if !address.contains(['/', '\\', ':']) && !root.join(&address).exists() {
            // The name of a remote of the repository that the site is kept in, such as `origin`.
            let mut command = Command::new("git");
            command.args(["remote", "get-url", "--push", "--", &address]).env("LC_ALL", "C");
            // The repository of the site, not the one in which somebody happens to stand.
            if !root.as_os_str().is_empty() {
                command.current_dir(root);
            }
            let finished = run(&mut command, Vec::new(), self.silence)?;
            if !finished.ok {
                return Err(Trouble::lasting(
                    format!(
                        "「{address}」という名前のリモートが、このリポジトリにありません。remote: にアドレス（https://… や git@…）を書いてください。"
                    ),
                    format!("this repository has no remote `{address}`; write an address into `remote:`"),
                ));
            }
            address = String::from_utf8_lossy(&finished.out).trim().to_owned();
        }
        if let (false, Ok(path)) = (address.contains("://"), fs::canonicalize(root.join(&address))) {
            address = path.to_string_lossy().into_owned();
        }
        let open = address.strip_prefix("http://").map(|rest| rest.split(['/', ':']).next().unwrap_or_default());
        let open = open.map(|host| host.rsplit('@').next().unwrap_or_default());
        if self.password.is_some() && open.is_some_and(|host| !matches!(host, "localhost" | "127.0.0.1")) {
            return Err(Trouble::lasting(
                "http:// では、パスワードが途中でだれにでも読めてしまいます。remote: を https:// で書いてください。",
                "with http:// everybody on the way can read the password; write `remote` with https://",
            ));
        }
        let valid = self.run(&["check-ref-format", &format!("refs/heads/{}", self.branch)], Vec::new())?;
        if !valid.ok || address.contains(['\n', '\0']) {
            return Err(Trouble::lasting(
                "git の remote: か branch: の書き方がちがいます。",
                "`remote:` or `branch:` of the git target is not well formed",
            ));
        }
        self.must(&["init", "--quiet", "--bare", "--template=", &self.folder.path().to_string_lossy()], Vec::new())?;
        let quoted = address.replace('\\', "\\\\").replace('"', "\\\"");
        let told =
            format!("\n[remote \"site\"]\n\turl = \"{quoted}\"\n\tpromisor = true\n\tpartialclonefilter = blob:none\n");
        let configuration = self.folder.path().join("config");
        File::options()
            .append(true)
            .open(configuration)
            .and_then(|mut file| file.write_all(told.as_bytes()))
            .map_err(|error| local(&error))
    }

    /// Fetches the newest commit of the branch and its trees: the commit, or nothing when there is no such branch.
    fn fetch(&self) -> Answer<Option<String>> {
        let reference = format!("refs/heads/{}", self.branch);
        let refspec = format!("+{reference}:{reference}");
        let finished = self.run(
            &[
                "fetch",
                "--progress",
                "--depth=1",
                "--filter=blob:none",
                "--no-tags",
                "--no-write-fetch-head",
                "site",
                &refspec,
            ],
            Vec::new(),
        )?;
        if finished.ok {
            return Ok(Some(self.line(&["rev-parse", "--verify", &reference])?));
        }
        // Only when the host says itself that there is none, it is a first publication.
        if finished.said.contains("couldn't find remote ref") {
            let asked = self.run(&["ls-remote", "--exit-code", "site", &reference], Vec::new())?;
            if asked.code == Some(2) {
                return Ok(None);
            }
        }
        Err(self.explain(&finished.said))
    }

    /// What the failure of git means.
    fn explain(&self, said: &str) -> Trouble {
        let secrets: Vec<String> = self.password.iter().cloned().collect();
        let said = redact(said, &secrets);
        let has = |words: &[&str]| words.iter().any(|word| said.contains(word));
        // The line that says most: not progress, not the general advice that comes last.
        let lines = || said.lines().map(str::trim).filter(|line| !line.is_empty() && !line.contains('%'));
        let told = ["remote: error", "fatal:", "error:", "!"]
            .iter()
            .find_map(|start| {
                lines().find(|line| line.starts_with(start) && !line.contains("Could not read from remote repository"))
            })
            .or_else(|| lines().next())
            .unwrap_or_default();
        let variable = &self.variable;
        let (passing, ja) = if let Some(ja) = known(&said) {
            (false, ja.to_owned())
        } else if has(&["Permission denied"]) {
            (
                false,
                "リポジトリに入れません。SSH の鍵が登録されているか、ssh-agent が動いているか確かめてください。"
                    .to_owned(),
            )
        } else if has(&[
            "Authentication failed",
            "could not read Username",
            "could not read Password",
            "error: 401",
            "error: 403",
            "Write access to repository not granted",
        ]) {
            (
                false,
                format!(
                    "リポジトリに書きこむ許可がありません。トークン（アクセスキー）を環境変数 {variable} に入れてください。期限と権限も確かめてください。"
                ),
            )
        } else if has(&["dubious ownership"]) {
            (false, "リポジトリのフォルダの持ち主がちがうので、git が止めました。持ち主を直すか、git の safe.directory に加えてください。".to_owned())
        } else if has(&[
            "does not appear to be a git repository",
            "epository not found",
            "does not exist",
            "not found",
            "access denied or repository not exported",
        ]) {
            (false, "リポジトリが見つかりません。remote: のアドレスと、見る許可を確かめてください。".to_owned())
        } else if has(&["checked out branch", "branch is currently checked out"]) {
            (false, "相手のリポジトリでそのブランチが開かれているので、書きこめません。ベアリポジトリ（git init --bare）を使ってください。".to_owned())
        } else if has(&["unpacker error", "unpack failed"]) {
            (
                false,
                "サーバーが中身を受けとれませんでした。サーバーの空きと、大きさの制限を確かめてください。".to_owned(),
            )
        } else if has(&["hook declined", "protected branch", "GH006", "GH013", "remote rejected"]) {
            (false, "リポジトリの決まり（ブランチの保護など）で断られました。公開用のブランチに書きこめるようにしてください。".to_owned())
        } else if has(&[
            "Could not resolve host",
            "Connection refused",
            "Connection timed out",
            "Connection reset",
            "Operation timed out",
            "unable to connect",
            "Failed to connect",
            "Couldn't connect",
            "Could not connect",
            "early EOF",
            "hung up unexpectedly",
            "unexpected disconnect",
            "RPC failed",
            "Operation too slow",
            "Network is unreachable",
            "No route to host",
            "Broken pipe",
            "error: 429",
            "error: 50",
            "Connection closed",
            "not responding",
            "Timeout",
            "timed out",
        ]) {
            (
                true,
                "リポジトリのサーバーとつながりません。インターネットの接続と、remote: のアドレスを確かめてください。"
                    .to_owned(),
            )
        } else {
            (false, "git が失敗しました。".to_owned())
        };
        Trouble { passing, ja: format!("{ja}（{told}）"), en: format!("git failed: {told}") }
    }
}

/// A file of the branch.
struct Entry {
    object: String,
    /// Submodules are neither read nor listed; they stay.
    file: bool,
}

/// Content that was put.
struct Staged {
    size: u64,
    at: At,
}

enum At {
    /// In the import that runs, by its mark.
    Mark(usize),
    Object(String),
}

/// A `git fast-import` that takes content as it comes, so that a site need not fit into memory.
struct Import {
    child: Child,
    to: BufWriter<ChildStdin>,
    count: usize,
}

impl Drop for Import {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[derive(Default)]
struct State {
    /// Whether the branch is where we saw it last, as far as we know.
    fresh: bool,
    commit: Option<String>,
    tree: BTreeMap<String, Entry>,
    /// What was put, and (as nothing) what was deleted, since the last commit.
    staged: BTreeMap<String, Option<Staged>>,
    import: Option<Import>,
}

struct Branch {
    shared: Arc<(Git, Mutex<State>)>,
}

impl Target for Branch {
    fn connect(&self) -> Answer<Box<dyn Connection>> {
        let way = Way { shared: Arc::clone(&self.shared) };
        let (git, mut state) = way.both();
        if !state.fresh {
            state.refresh(git)?;
        }
        drop(state);
        Ok(Box::new(way))
    }

    fn at_once(&self) -> bool {
        true
    }

    fn promise(&self) -> (&'static str, &'static str) {
        ("全部を一度に入れかえます（ひとつのコミット）", "everything is replaced at once, in one commit")
    }
}

impl State {
    fn refresh(&mut self, git: &Git) -> Answer<()> {
        let commit = git.fetch()?;
        let tree = match &commit {
            Some(commit) => tree_of(git, commit)?,
            None => BTreeMap::new(),
        };
        // Somebody else's edit is no matter, somebody else's publication is: the plan was made from the one before.
        let own = |tree: &BTreeMap<String, Entry>| -> Vec<String> {
            let own = format!("{OWN}/");
            tree.iter()
                .filter(|(path, _)| path.starts_with(&own))
                .map(|(path, entry)| format!("{path} {}", entry.object))
                .collect()
        };
        if !self.staged.is_empty() && own(&tree) != own(&self.tree) {
            return Err(Trouble::lasting(
                "公開しているあいだに、ほかの人（か自動の処理）が公開しました。もう一度実行してください。",
                "somebody else published meanwhile; run it again",
            ));
        }
        (self.commit, self.tree, self.fresh) = (commit, tree, true);
        Ok(())
    }

    /// Ends the import that runs, and names what it took by objects.
    fn settle(&mut self, git: &Git) -> Answer<()> {
        let Some(mut import) = self.import.take() else {
            return Ok(());
        };
        let failed = |error: &std::io::Error| {
            let said = fs::read_to_string(git.folder.path().join("import-said")).unwrap_or_default();
            if said.trim().is_empty() { local(error) } else { git.explain(&said) }
        };
        let ended = import.to.write_all(b"done\n").and_then(|()| import.to.flush()).and_then(|()| import.child.wait());
        match ended {
            Ok(status) if status.success() => {}
            Ok(status) => return Err(failed(&std::io::Error::other(status.to_string()))),
            Err(error) => return Err(failed(&error)),
        }
        let marks = fs::read_to_string(git.folder.path().join("import-marks")).map_err(|error| local(&error))?;
        let mut objects: BTreeMap<usize, &str> = BTreeMap::new();
        for line in marks.lines() {
            if let Some((mark, object)) = line.strip_prefix(':').and_then(|line| line.split_once(' '))
                && let Ok(mark) = mark.parse()
            {
                objects.insert(mark, object);
            }
        }
        for staged in self.staged.values_mut().flatten() {
            if let At::Mark(mark) = staged.at {
                let object = objects.get(&mark).ok_or_else(|| failed(&std::io::Error::other("no mark")))?;
                staged.at = At::Object((*object).to_owned());
            }
        }
        Ok(())
    }

    fn import(&mut self, git: &Git) -> Answer<&mut Import> {
        if self.import.is_none() {
            let said = File::create(git.folder.path().join("import-said")).map_err(|error| local(&error))?;
            let marks = git.folder.path().join("import-marks");
            let mut child = git
                .command()
                .args(["fast-import", "--quiet", "--done"])
                .arg(format!("--export-marks={}", marks.to_string_lossy()))
                .stdin(Stdio::piped())
                .stdout(Stdio::null())
                .stderr(said)
                .spawn()
                .map_err(|error| not_started("git", &error))?;
            let Some(stdin) = child.stdin.take() else {
                return Err(local(&std::io::Error::other("no pipe")));
            };
            self.import = Some(Import { child, to: BufWriter::with_capacity(1 << 16, stdin), count: 0 });
        }
        self.import.as_mut().ok_or_else(|| local(&std::io::Error::other("no import")))
    }

    /// The object of a file as it will be, and its size where it is known without asking.
    fn object(&mut self, git: &Git, path: &str) -> Answer<Option<(String, Option<u64>)>> {
        if matches!(self.staged.get(path), Some(Some(Staged { at: At::Mark(_), .. }))) {
            self.settle(git)?;
        }
        Ok(match self.staged.get(path) {
            Some(None) => None,
            Some(Some(Staged { at: At::Object(object), size })) => Some((object.clone(), Some(*size))),
            _ => self.tree.get(path).filter(|entry| entry.file).map(|entry| (entry.object.clone(), None)),
        })
    }

    /// A file that would take the place of a folder, or the other way round, with files in it that are not ours.
    fn collision(&self) -> Option<&str> {
        let stays = |path: &str| self.tree.contains_key(path) && !matches!(self.staged.get(path), Some(None));
        for path in self.staged.iter().filter(|(_, staged)| staged.is_some()).map(|(path, _)| path.as_str()) {
            let above = above(path).find(|above| stays(above));
            let start = format!("{path}/");
            let below = self
                .tree
                .range(start.clone()..)
                .map(|(below, _)| below.as_str())
                .take_while(|below| below.starts_with(&start))
                .find(|below| stays(below));
            if above.or(below).is_some() {
                return above.or(below);
            }
        }
        None
    }
}

/// All files of a commit.
fn tree_of(git: &Git, commit: &str) -> Answer<BTreeMap<String, Entry>> {
    let listed = git.must(&["ls-tree", "-r", "-z", "--full-tree", commit], Vec::new())?;
    let mut tree = BTreeMap::new();
    for record in listed.split(|byte| *byte == 0).filter(|record| !record.is_empty()) {
        // 100644 blob 0123…\tpath
        let record = String::from_utf8_lossy(record);
        let Some((about, path)) = record.split_once('\t') else { continue };
        let mut about = about.split(' ').skip(1);
        if let (Some(kind), Some(object)) = (about.next(), about.next()) {
            tree.insert(path.to_owned(), Entry { object: object.to_owned(), file: kind == "blob" });
        }
    }
    Ok(tree)
}

struct Way {
    shared: Arc<(Git, Mutex<State>)>,
}

impl Way {
    fn both(&self) -> (&Git, MutexGuard<'_, State>) {
        let (git, state) = &*self.shared;
        (git, state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Paths that git would not take, or take for something else.
fn fit(path: &str) -> Answer<()> {
    let bad = |part: &str| matches!(part, "" | "." | "..") || part.eq_ignore_ascii_case(".git");
    if path.contains('\0') || path.split('/').any(bad) {
        return Err(Trouble::lasting(
            format!("「{path}」という名前は git に入れられません。"),
            format!("git cannot keep the name `{path}`"),
        ));
    }
    Ok(())
}

/// A path as fast-import reads it, whatever is in it.
fn quoted(path: &str) -> String {
    format!("\"{}\"", path.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}

impl Connection for Way {
    fn read(&mut self, path: &str) -> Answer<Option<Vec<u8>>> {
        let (git, mut state) = self.both();
        match state.object(git, path)? {
            Some((object, _)) => git.must(&["cat-file", "blob", &object], Vec::new()).map(Some),
            None => Ok(None),
        }
    }

    fn size(&mut self, path: &str) -> Answer<Option<u64>> {
        let (git, mut state) = self.both();
        if let Some(staged) = state.staged.get(path) {
            return Ok(staged.as_ref().map(|staged| staged.size));
        }
        let Some((object, _)) = state.object(git, path)? else {
            return Ok(None);
        };
        let size = git.line(&["cat-file", "-s", &object])?;
        size.parse().map(Some).map_err(|_| git.explain(&size))
    }

    fn list(&mut self) -> Answer<Vec<Found>> {
        let (git, state) = self.both();
        let kept = || state.tree.iter().filter(|(path, entry)| entry.file && !state.staged.contains_key(*path));
        let objects: BTreeSet<&str> = kept().map(|(_, entry)| entry.object.as_str()).collect();
        let sizes = sizes(git, &objects)?;
        let mut found: Vec<Found> = kept()
            .filter_map(|(path, entry)| Some(Found { path: path.clone(), size: *sizes.get(entry.object.as_str())? }))
            .collect();
        found.extend(
            state
                .staged
                .iter()
                .filter_map(|(path, staged)| Some(Found { path: path.clone(), size: staged.as_ref()?.size })),
        );
        Ok(found)
    }

    fn put(&mut self, path: &str, content: &[u8], _headers: &Headers) -> Answer<()> {
        fit(path)?;
        let (git, mut state) = self.both();
        let import = state.import(git)?;
        let mark = import.count + 1;
        let to = &mut import.to;
        let written = write!(to, "blob\nmark :{mark}\ndata {}\n", content.len())
            .and_then(|()| to.write_all(content))
            .and_then(|()| to.write_all(b"\n"));
        if let Err(error) = written {
            let said = fs::read_to_string(git.folder.path().join("import-said")).unwrap_or_default();
            return Err(if said.trim().is_empty() { local(&error) } else { git.explain(&said) });
        }
        import.count = mark;
        state.staged.insert(path.to_owned(), Some(Staged { size: content.len() as u64, at: At::Mark(mark) }));
        Ok(())
    }

    fn delete(&mut self, path: &str) -> Answer<()> {
        let (_, mut state) = self.both();
        state.staged.remove(path);
        if state.tree.get(path).is_some_and(|entry| entry.file) {
            state.staged.insert(path.to_owned(), None);
        }
        Ok(())
    }

    /// No text is left on the host: a commit for each lock would be the history of the branch. That nobody else
    /// published meanwhile is the condition of the push.
    fn lock(&mut self, _text: &str) -> Answer<Lock> {
        Ok(Lock::Advisory)
    }

    fn unlock(&mut self) -> Answer<()> {
        Ok(())
    }

    fn commit(&mut self, message: &str) -> Answer<()> {
        let (git, mut state) = self.both();
        let state = &mut *state;
        if !state.fresh {
            state.refresh(git)?;
        }
        if state.commit.is_none() && state.staged.is_empty() {
            return Ok(());
        }
        if !state.tree.contains_key(NO_JEKYLL) && !state.staged.contains_key(NO_JEKYLL) {
            let object =
                String::from_utf8_lossy(&git.must(&["hash-object", "-w", "-t", "blob", "/dev/null"], Vec::new())?)
                    .trim()
                    .to_owned();
            state.staged.insert(NO_JEKYLL.to_owned(), Some(Staged { size: 0, at: At::Object(object) }));
        }
        state.settle(git)?;
        if let Some(path) = state.collision() {
            return Err(Trouble::lasting(
                format!(
                    "「{path}」は、フォルダとファイルの名前が重なっていて、ほかの人のファイルが消えてしまうので、止めました。"
                ),
                format!("`{path}` is both a folder and a file; files of others would be lost"),
            ));
        }
        let old_tree = match &state.commit {
            Some(commit) => Some(git.line(&["rev-parse", "--verify", &format!("{commit}^{{tree}}")])?),
            None => None,
        };
        let date =
            git.date.unwrap_or_else(|| SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()));
        let mut told = String::new();
        let _ = write!(
            told,
            "commit {NEW}\nauthor {} {date} +0000\ncommitter {} {date} +0000\ndata {}\n{message}\n",
            git.author,
            git.committer,
            message.len()
        );
        if let (Some(commit), Some(tree)) = (&state.commit, &old_tree) {
            // Without a parent, a commit begins with what is there as well.
            let _ = if git.squash { writeln!(told, "M 040000 {tree} \"\"") } else { writeln!(told, "from {commit}") };
        }
        for path in state.staged.iter().filter(|(_, staged)| staged.is_none()).map(|(path, _)| path) {
            let _ = writeln!(told, "D {}", quoted(path));
        }
        for (path, staged) in &state.staged {
            if let Some(Staged { at: At::Object(object), .. }) = staged {
                let _ = writeln!(told, "M 100644 {object} {}", quoted(path));
            }
        }
        told.push_str("done\n");
        git.must(&["fast-import", "--quiet", "--done", "--force"], told.into_bytes())?;
        let both = git.line(&["rev-parse", NEW, &format!("{NEW}^{{tree}}")])?;
        let (commit, tree) = both.split_once('\n').map_or(("", ""), |(commit, tree)| (commit.trim(), tree.trim()));
        if old_tree.as_deref() != Some(tree) {
            let pushed = push(git, commit, state.commit.as_deref().unwrap_or_default());
            if let Err(trouble) = pushed {
                // Where the branch is now is not known: even a push that failed may have arrived.
                state.fresh = false;
                return Err(trouble);
            }
            state.commit = Some(commit.to_owned());
        }
        for (path, staged) in std::mem::take(&mut state.staged) {
            if let Some(Staged { at: At::Object(object), .. }) = staged {
                state.tree.insert(path, Entry { object, file: true });
            } else {
                state.tree.remove(&path);
            }
        }
        Ok(())
    }
}

fn push(git: &Git, new: &str, old: &str) -> Answer<()> {
    let branch = &git.branch;
    let lease = format!("--force-with-lease=refs/heads/{branch}:{old}");
    let refspec = format!("{new}:refs/heads/{branch}");
    let finished =
        git.run(&["push", "--porcelain", "--progress", "--no-verify", &lease, "site", &refspec], Vec::new())?;
    if finished.ok {
        return Ok(());
    }
    let out = String::from_utf8_lossy(&finished.out);
    let rejected = out.lines().find(|line| line.starts_with('!')).unwrap_or_default();
    let moved = [
        "stale info",
        "fetch first",
        "non-fast-forward",
        "cannot lock ref",
        "failed to update ref",
        "incorrect old value",
        "reference already exists",
    ];
    if moved.iter().any(|word| rejected.contains(word)) {
        return Err(Trouble::passing(
            "公開しているあいだに、ほかの人がこのブランチを変えました。その続きからやりなおします。",
            "somebody else changed the branch meanwhile; beginning again from there",
        ));
    }
    Err(git.explain(&format!("{}\n{rejected}", finished.said)))
}

/// The sizes of contents. What was not fetched so far is fetched for it, all at once.
fn sizes<'a>(git: &Git, objects: &BTreeSet<&'a str>) -> Answer<BTreeMap<&'a str, u64>> {
    let lines =
        |objects: &mut dyn Iterator<Item = &str>| objects.fold(String::new(), |text, object| text + object + "\n");
    let ask = || -> Answer<BTreeMap<String, u64>> {
        let mut command = git.command();
        command.args(["cat-file", "--batch-check"]).env("GIT_NO_LAZY_FETCH", "1");
        let finished = run(&mut command, lines(&mut objects.iter().copied()).into_bytes(), git.silence)?;
        if !finished.ok {
            return Err(git.explain(&finished.said));
        }
        let mut sizes = BTreeMap::new();
        for line in String::from_utf8_lossy(&finished.out).lines() {
            let mut parts = line.split(' ');
            if let (Some(object), Some("blob"), Some(Ok(size))) =
                (parts.next(), parts.next(), parts.next().map(str::parse))
            {
                sizes.insert(object.to_owned(), size);
            }
        }
        Ok(sizes)
    };
    if objects.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut known = ask()?;
    if known.len() < objects.len() {
        let missing = lines(&mut objects.iter().copied().filter(|object| !known.contains_key(*object)));
        git.must(
            &[
                "-c",
                "fetch.negotiationAlgorithm=noop",
                "fetch",
                "--progress",
                "--no-tags",
                "--no-write-fetch-head",
                "--filter=blob:none",
                "--stdin",
                "site",
            ],
            missing.into_bytes(),
        )?;
        known = ask()?;
    }
    objects
        .iter()
        .map(|object| {
            known.get(*object).map(|size| (*object, *size)).ok_or_else(|| git.explain("fatal: missing object"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted_and_bad_ones_refused() {
        assert_eq!(quoted("a \"b\"\\\n日.html"), "\"a \\\"b\\\"\\\\\\n日.html\"");
        assert!(fit("日本 語/a%#?.html").is_ok() && fit(".well-known/x").is_ok());
        for bad in ["", "/a", "a//b", "../a", "a/.git/x", ".GIT/x", "a\0"] {
            assert!(fit(bad).is_err(), "{bad}");
        }
    }
}
