//! The built site to a host, only what changed, without destroying what is there.
//!
//! - [`config`]: the targets of `heartnet.yaml` (`source::targets`)
//! - [`headers`]: what a host should say with each file
//! - [`target`]: what a host must be able to do; one module for each protocol
//! - [`local`]: the built site, and what must never be published
//! - [`manifest`]: the list on the host of what is ours
//! - [`plan`]: a pure function of the built site, the list and what lies there
//! - `run`: does what the plan says, in an order in which no visitor meets a page without its parts
//! - `store`: earlier publications, to go back to
//! - `verify`: whether visitors get what was published

mod folder;
mod ftp;
mod git;
pub mod headers;
mod http;
mod listing;
pub mod local;
mod lock;
pub mod manifest;
mod patience;
pub mod plan;
mod process;
mod releases;
mod rsync;
mod run;
mod s3;
mod sftp;
mod ssh;
mod store;
pub mod target;
mod tls;
mod verify;
mod webdav;

/// The targets as `heartnet.yaml` names them.
pub use crate::source::targets as config;

use crate::model::text::with_commas;
use config::Config;
use jiff::tz::TimeZone;
use local::LocalFile;
use manifest::Manifest;
use plan::Plan;
use run::Holder;
use std::path::{Path, PathBuf};
use std::time::Duration;
use target::{Answer, LOCK, Target, Trouble};

pub use store::Kept;

/// Where secrets come from: the environment.
pub type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The target of a name.
pub fn open(name: &str, config: &Config, environment: Environment<'_>) -> Answer<Box<dyn Target>> {
    match config.kind.as_str() {
        "git" => git::open(name, config, environment),
        "folder" => folder::open(config),
        "s3" => s3::open(config, environment),
        "sftp" => sftp::open(name, config, environment),
        "ftp" | "ftps" => ftp::open(name, config, environment),
        "webdav" => webdav::open(name, config, environment),
        "rsync" => rsync::open(name, config, environment),
        kind => Err(Trouble::lasting(
            format!("「{kind}」という種類の公開先はありません。"),
            format!("there is no kind `{kind}`"),
        )),
    }
}

/// Stands for the name of the target in messages that say what to type; see [`Stop::of`].
pub const TARGET: &str = "公開先";

/// Why it ended before its end, in words, with the exit status (docs/koukai.md).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stop {
    /// 1 failed, the site is as it was; 2 settings; 3 files of others; 4 a guard; 5 locked; 6 partly done;
    /// 7 published, but visitors get something else.
    pub status: u8,
    /// In Japanese.
    pub ja: String,
    /// In English.
    pub en: String,
}

impl Stop {
    fn failed(ja: impl Into<String>, en: impl Into<String>) -> Self {
        Self { status: 1, ja: ja.into(), en: en.into() }
    }

    /// With the target's name where it is to be typed.
    pub fn of(self, name: &str) -> Self {
        let named = |text: &str| {
            ["adopt", "unlock", "rollback", "status"].iter().fold(text.to_owned(), |text, action| {
                let (typed, general) = (format!("deploy {action} {name}"), format!("deploy {action} {TARGET}"));
                text.replace(&general, &typed).replace(&format!("deploy {action}`"), &format!("{typed}`"))
            })
        };
        Self { ja: named(&self.ja), en: named(&self.en), ..self }
    }

    fn guard(ja: impl Into<String>, en: impl Into<String>) -> Self {
        Self { status: 4, ja: ja.into(), en: en.into() }
    }
}

impl From<Trouble> for Stop {
    fn from(trouble: Trouble) -> Self {
        Self::failed(trouble.ja, trouble.en)
    }
}

/// How many files may be deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// So many.
    Count(usize),
    /// So many of a hundred that are there.
    Percent(usize),
}

impl Limit {
    /// Reads `30` or `20%`.
    pub fn parse(text: &str) -> Option<Self> {
        match text.strip_suffix(['%', '％']) {
            Some(percent) => percent.trim().parse().ok().filter(|percent| *percent <= 100).map(Self::Percent),
            None => text.parse().ok().map(Self::Count),
        }
    }
}

/// How it is looked at afterwards.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Verify {
    /// Each file's size when it is put there.
    #[default]
    Size,
    /// Also whether visitors get the pages.
    Http,
    /// Also everything that lies there, against the list.
    Full,
}

/// What the user wants.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// More deletions than usual.
    pub max_delete: Option<Limit>,
    /// Fewer connections than the host bears.
    pub jobs: Option<usize>,
    /// How it is looked at afterwards.
    pub verify: Verify,
    /// Nothing will be changed: what would stop it is looked for at once.
    pub looks_only: bool,
}

/// Who is told how it goes.
pub trait Watch: Sync {
    /// So many of so many files and bytes are there.
    fn progress(&self, files: usize, of_files: usize, bytes: u64, of_bytes: u64);
    /// So many of so many files are gone.
    fn deleted(&self, _files: usize, _of_files: usize) {}
    /// Something did not work and is tried again, for the so-manieth time of so many.
    fn again(&self, _trouble: &Trouble, _time: u32, _of: u32) {}
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The name of the publication.
    pub id: String,
    /// Files that were not there.
    pub new: usize,
    /// Files that were another.
    pub changed: usize,
    /// Files that went.
    pub deleted: usize,
    /// Files that were there already.
    pub unchanged: usize,
    /// Bytes that went up.
    pub bytes: u64,
    /// How long it took.
    pub took: Duration,
}

/// What there is at a host.
#[derive(Debug, Clone)]
pub struct Status {
    /// The list, if it was ever published to.
    pub manifest: Option<Manifest>,
    /// Who publishes right now, in Japanese and in English.
    pub holder: Option<(String, String)>,
    /// What this machine can go back to.
    pub kept: Vec<Kept>,
}

/// A site and where it goes.
pub struct Site<'a> {
    /// The name of the target.
    pub name: &'a str,
    /// The folder of the settings.
    pub root: &'a Path,
    /// The built site.
    pub out: &'a Path,
    /// The address that visitors type.
    pub address: &'a str,
    /// Where the target is ([`config::Config::place`]).
    pub place: &'a str,
    /// The host.
    pub target: &'a dyn Target,
    /// Now, as `20261129T090000Z`.
    pub now: &'a str,
    /// The zone in which times are told.
    pub zone: TimeZone,
    /// Where earlier publications are kept.
    pub cache: PathBuf,
}

/// A publication that was looked at and can be done.
pub struct Ready<'a> {
    site: &'a Site<'a>,
    options: &'a Options,
    local: Vec<LocalFile>,
    prepared: run::Prepared,
    way: run::Way<'a>,
    id: String,
    /// It is kept already.
    goes_back: bool,
}

impl<'a> Site<'a> {
    /// Reads the built site and looks at the host; changes nothing.
    pub fn prepare(&'a self, options: &'a Options, watch: &'a dyn Watch) -> Result<Ready<'a>, Stop> {
        let local = local::read(self.out, self.target.keeps_headers())?;
        self.prepare_with(local, options, watch)
    }

    /// The same with the files of an earlier publication.
    pub fn prepare_earlier(
        &'a self,
        id: Option<&str>,
        options: &'a Options,
        watch: &'a dyn Watch,
    ) -> Result<Ready<'a>, Stop> {
        let mut way = run::Way::new(self.target, Some(watch));
        let current = way.ask(|open| Manifest::read(open))?.map(|manifest| manifest.id);
        let local = store::read(&self.kept(), id, current.as_deref(), self.target.keeps_headers())?;
        Ok(Ready { goes_back: true, ..self.prepare_with(local, options, watch)? })
    }

    fn prepare_with(
        &'a self,
        local: Vec<LocalFile>,
        options: &'a Options,
        watch: &'a dyn Watch,
    ) -> Result<Ready<'a>, Stop> {
        let id = self.id(&local);
        let mut way = run::Way::new(self.target, Some(watch));
        let prepared = self.publication(&local, &id, options, watch).prepare(&mut way)?;
        Ok(Ready { site: self, options, local, prepared, way, id, goes_back: false })
    }

    fn publication<'b>(
        &'b self,
        local: &'b [LocalFile],
        id: &str,
        options: &'b Options,
        watch: &'b dyn Watch,
    ) -> run::Publication<'b> {
        let holder = Holder { text: lock::text(id, self.now), zone: &self.zone };
        run::Publication { target: self.target, local, site: self.address, id: id.to_owned(), holder, options, watch }
    }

    /// The name of a publication: when, and what.
    fn id(&self, local: &[LocalFile]) -> String {
        let all: String = local.iter().map(|file| format!("{}\n{}\n", file.path, file.entry.hash)).collect();
        let hash: String = local::hash(all.as_bytes()).chars().take(8).collect();
        format!("{}-{hash}", self.now)
    }

    /// What is kept of this site and this place: another site may have a target of the same name.
    fn kept(&self) -> PathBuf {
        let key = local::hash(format!("{}\n{}\n{}", self.address, self.name, self.place).as_bytes());
        let key: String = key.chars().take(16).collect();
        self.cache.join("deploy").join(key)
    }

    /// Takes over what lies on the host; returns how many files are ours from now on, and how many are not.
    pub fn adopt(&self) -> Result<(usize, usize), Stop> {
        let local = local::read(self.out, self.target.keeps_headers())?;
        let id = self.id(&local);
        let holder = Holder { text: lock::text(&id, self.now), zone: &self.zone };
        run::adopt(&mut run::Way::new(self.target, None), &local, self.address, &id, &holder)
    }

    /// When a publication was made, by its name, for people.
    pub fn time_of(&self, id: &str) -> String {
        lock::in_words(id, &self.zone).unwrap_or_default()
    }

    /// Removes the lock; returns who had it.
    pub fn unlock(&self) -> Result<Option<(String, String)>, Stop> {
        let mut way = run::Way::new(self.target, None);
        let holder = way.ask(|open| open.read(LOCK))?;
        way.ask(|open| open.unlock())?;
        way.ask(|open| open.commit("heartnet: unlock"))?;
        Ok(holder.map(|text| lock::described(&String::from_utf8_lossy(&text), &self.zone)))
    }

    /// What the host says of itself: its list, who publishes right now, and what can be gone back to.
    pub fn status(&self) -> Result<Status, Stop> {
        let mut way = run::Way::new(self.target, None);
        let manifest = way.ask(|open| Manifest::read(open))?;
        let holder = way.ask(|open| open.read(LOCK))?;
        let holder = holder.map(|text| lock::described(&String::from_utf8_lossy(&text), &self.zone));
        let mut kept = store::list(&self.kept());
        // To what is there already nobody goes back, even if it has another name now.
        let is_there = |kept: &Kept| {
            manifest.as_ref().is_some_and(|manifest| store::content(&manifest.id) == store::content(&kept.id))
        };
        kept.retain(|kept| !is_there(kept));
        Ok(Status { manifest, holder, kept })
    }
}

impl Ready<'_> {
    /// What is to be done.
    pub fn plan(&self) -> &Plan {
        &self.prepared.plan
    }

    /// The site as it will be.
    pub fn local(&self) -> &[LocalFile] {
        &self.local
    }

    /// Whether an earlier publication was cut off, and this one goes on from there.
    pub fn goes_on(&self) -> bool {
        self.prepared.manifest.as_ref().is_some_and(|manifest| manifest.pending.is_some())
    }

    /// Why it must not be done as it is.
    pub fn stop(&self) -> Option<&Stop> {
        self.prepared.stop.as_ref()
    }

    /// Whether there is nothing to do at all.
    pub fn is_done(&self) -> bool {
        self.prepared.plan.is_empty() && self.prepared.manifest.is_some() && !self.goes_on()
    }

    /// Looks at what is there already, as the user wants it.
    pub fn verify(mut self) -> Result<(), Stop> {
        verify::after(&mut self.way, &self.local, &[], self.site.address, self.options.verify)
    }

    /// Does it.
    pub fn publish(self, watch: &dyn Watch) -> Result<Report, Stop> {
        let Self { site, options, local, prepared, mut way, id, goes_back } = self;
        let changed: Vec<String> =
            prepared.plan.steps.iter().filter_map(|step| local.get(step.at)).map(|file| file.path.clone()).collect();
        let report = site.publication(&local, &id, options, watch).publish(&mut way, prepared)?;
        // That it cannot be kept is no reason to call the publication a failure.
        if !goes_back {
            store::keep(&site.kept(), &id, &local);
        }
        verify::after(&mut way, &local, &changed, site.address, options.verify)?;
        Ok(report)
    }
}

/// 「追加12・更新3・削除0・変更なし1,204」, and the same in English.
pub fn in_words(plan: &Plan) -> (String, String) {
    let (new, changed) = plan.counts();
    let [new, changed, deleted, unchanged] =
        [new, changed, plan.deletes.len(), plan.unchanged].map(|count| with_commas(count as u64));
    (
        format!("追加{new}・更新{changed}・削除{deleted}・変更なし{unchanged}"),
        format!("{new} new, {changed} changed, {deleted} deleted, {unchanged} unchanged"),
    )
}
