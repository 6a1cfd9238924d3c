//! Does what the plan says.
//!
//! Before the first change the host's list says which files are about to be new, so that whoever goes on after a
//! cut knows them for ours. Files go up in stages: names by content, other parts, pages from the deepest, the ways
//! in; a trouble that stays stops everything before the next stage. Deletions come last, then the list.

use super::local::{self, LocalFile};
use super::manifest::{self, Entry, Manifest};
use super::plan::{Plan, above, in_the_way, is_kept};
use super::target::{Answer, Connection, Found, Lock, Target, Trouble, is_temporary};
use super::{Limit, Options, Report, Stop, Watch};
use crate::deploy::headers;
use jiff::tz::TimeZone;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// How often something is tried that may go well the next time.
const TRIES: u32 = 4;
/// How often the list on the host is brought up to date while files go up.
const NOTE_EVERY: Duration = Duration::from_secs(4);
/// So many new files are looked for in a list of everything.
const MANY: usize = 32;
/// Deletions that need no word of the user: this many, or a tenth of what is there.
const FEW: usize = 25;

/// A way to the host that is opened again when it broke.
pub(super) struct Way<'a> {
    target: &'a dyn Target,
    watch: Option<&'a dyn Watch>,
    open: Option<Box<dyn Connection>>,
}

/// Who has the lock while something is done.
pub(super) struct Holder<'a> {
    /// What is written into it.
    pub text: String,
    /// The zone in which it is told since when somebody else has it.
    pub zone: &'a TimeZone,
}

impl<'a> Way<'a> {
    pub(super) fn new(target: &'a dyn Target, watch: Option<&'a dyn Watch>) -> Self {
        Self { target, watch, open: None }
    }

    /// Asks for something, again where that may help.
    pub(super) fn ask<T>(&mut self, mut what: impl FnMut(&mut dyn Connection) -> Answer<T>) -> Answer<T> {
        let mut tried = 0;
        loop {
            let answer = match &mut self.open {
                Some(open) => what(open.as_mut()),
                None => match self.target.connect() {
                    Ok(connection) => {
                        let open = self.open.insert(connection);
                        what(open.as_mut())
                    }
                    Err(trouble) => Err(trouble),
                },
            };
            tried += 1;
            match answer {
                Err(trouble) if trouble.passing && tried < TRIES => {
                    self.open = None;
                    if let Some(watch) = self.watch {
                        watch.again(&trouble, tried + 1, TRIES);
                    }
                    std::thread::sleep(Duration::from_millis(200 << tried));
                }
                answer => return answer,
            }
        }
    }
}

/// Everything that a publication needs to know.
pub(super) struct Publication<'a> {
    pub target: &'a dyn Target,
    pub local: &'a [LocalFile],
    pub site: &'a str,
    /// The name of this publication.
    pub id: String,
    pub holder: Holder<'a>,
    pub options: &'a Options,
    pub watch: &'a dyn Watch,
}

/// What is known of the host, and what is to be done.
pub(super) struct Prepared {
    pub manifest: Option<Manifest>,
    pub plan: Plan,
    /// Leavings of a publication that was killed.
    pub leavings: Vec<String>,
    /// Why it must not be done as it is.
    pub stop: Option<Stop>,
}

impl Publication<'_> {
    /// Looks at the host and decides. Changes nothing.
    pub(super) fn prepare(&self, way: &mut Way<'_>) -> Result<Prepared, Stop> {
        let manifest = way.ask(|open| Manifest::read(open))?;
        if let Some(other) = manifest.as_ref().map(|manifest| manifest.site.as_str())
            && !other.is_empty()
            && other != self.site
        {
            return Err(Stop {
                status: 3,
                ja: format!(
                    "公開先には、別のサイト（{other}）が公開されています。場所がまちがっていないか確かめてください。サイトのアドレスを変えたのなら「heartnet deploy adopt 公開先」で引きつぎます。"
                ),
                en: format!(
                    "another site ({other}) is published there; if this one has a new address, take it over with `heartnet deploy adopt`"
                ),
            });
        }
        // A host with a list is not asked what lies there: that would be a request for each folder of it.
        let must_look = manifest.as_ref().is_none_or(|manifest| manifest.pending.is_some());
        let listing: Option<Vec<Found>> = if must_look { Some(way.ask(|open| open.list())?) } else { None };
        let plan = Plan::new(self.local, manifest.as_ref(), listing.as_deref());
        if manifest.is_none() {
            let others: Vec<&str> = listing
                .iter()
                .flatten()
                .map(|found| found.path.as_str())
                .filter(|path| !is_kept(path) || self.local.iter().any(|file| file.path == *path))
                .collect();
            if let Some(first) = others.first() {
                let count = others.len();
                return Err(Stop {
                    status: 3,
                    ja: format!(
                        "公開先に、heartnet が置いたのではないファイルが {count}件あります（{first} など）。場所がまちがっていないか確かめてください。ここでよければ「heartnet deploy adopt 公開先」で引きつぎます（何も消しません）。"
                    ),
                    en: format!(
                        "the target has {count} files that heartnet did not put there ({first}, …); if it is the right place, take it over with `heartnet deploy adopt`, which deletes nothing"
                    ),
                });
            }
        }
        let stop = match self.objections(way, &plan, manifest.as_ref()) {
            Ok(()) => None,
            Err(stop) if stop.status == 1 => return Err(stop),
            Err(stop) => Some(stop),
        };
        let leavings =
            listing.into_iter().flatten().map(|found| found.path).filter(|path| is_temporary(path)).collect();
        Ok(Prepared { manifest, plan, leavings, stop })
    }

    /// What speaks against it, as far as it can be told before anything is changed.
    fn objections(&self, way: &mut Way<'_>, plan: &Plan, manifest: Option<&Manifest>) -> Result<(), Stop> {
        if let Some(conflict) = plan.conflicts.first() {
            return Err(conflict_with(conflict));
        }
        self.guards(plan, manifest)?;
        let Some(manifest) = manifest else { return Ok(()) };
        self.settings_are_ours(way, plan, manifest)?;
        if self.options.looks_only { self.nothing_in_the_way(way, plan, manifest) } else { Ok(()) }
    }

    /// Settings of the host, such as `.htaccess`, are edited there by hand: what was added is not lost.
    fn settings_are_ours(&self, way: &mut Way<'_>, plan: &Plan, manifest: &Manifest) -> Result<(), Stop> {
        let updated = plan.steps.iter().filter_map(|step| self.local.get(step.at)).map(|file| file.path.as_str());
        for path in updated.chain(plan.deletes.iter().map(String::as_str)).filter(|path| is_kept(path)) {
            let Some(ours) = manifest.files.get(path).filter(|ours| !ours.hash.is_empty()) else { continue };
            let there = way.ask(|open| open.read(path))?;
            // A publication that was cut off may have brought the new one already.
            let begun = manifest.pending.as_ref().and_then(|pending| pending.done.get(path));
            let known = |hash: &str| [Some(ours), begun].into_iter().flatten().any(|entry| entry.hash == hash);
            let new = self.local.iter().find(|file| file.path == path).map(|file| file.entry.hash.as_str());
            let there = there.map(|there| local::hash(&there));
            if there.is_some_and(|there| !known(&there) && new != Some(there.as_str())) {
                return Err(Stop {
                    status: 3,
                    ja: format!(
                        "公開先の {path} が、公開したあとに、だれかに書きかえられています。上書きしません。書きたされた所を手元に写してから、公開先の {path} を消して、もう一度公開してください。"
                    ),
                    en: format!(
                        "{path} on the target was edited after it was published and is not replaced; save what was added, delete it there, and publish again"
                    ),
                });
            }
        }
        Ok(())
    }

    /// What makes a publication look like an accident.
    fn guards(&self, plan: &Plan, manifest: Option<&Manifest>) -> Result<(), Stop> {
        // A name by content that gives way to another of the same file is no loss.
        let named = |path: &String| headers::lasting_name(path);
        // A text and what is packed of it are one.
        let names = |paths: &mut dyn Iterator<Item = &String>| paths.filter_map(named).collect::<BTreeSet<String>>();
        let before = manifest.map_or(0, |manifest| names(&mut manifest.files.keys()).len());
        let there: BTreeSet<String> = self.local.iter().filter_map(|file| named(&file.path)).collect();
        let after = there.len();
        let lost = |path: &&String| named(path).is_some_and(|name| !there.contains(&name));
        let first = plan.deletes.iter().find(lost).map_or("", String::as_str);
        let deletes = names(&mut plan.deletes.iter().filter(|path| lost(path))).len();
        let most = match self.options.max_delete {
            Some(Limit::Count(count)) => count,
            Some(Limit::Percent(percent)) => before * percent / 100,
            None => FEW.max(before / 10),
        };
        if deletes > most {
            return Err(Stop::guard(
                format!(
                    "{deletes}件のファイルが消えることになります（{first} など）。まちがいでなければ「--max-delete {deletes}」をつけてください。"
                ),
                format!("{deletes} files would be deleted; if that is meant, add `--max-delete {deletes}`"),
            ));
        }
        if self.options.max_delete.is_none() && before > 20 && after * 2 < before && deletes > 0 {
            return Err(Stop::guard(
                format!(
                    "サイトのファイルが {before}件から {after}件に、半分より少なくなっています。書き出しが途中で終わっていないか確かめてください。まちがいでなければ「--max-delete {deletes}」をつけてください。"
                ),
                format!(
                    "the site shrank from {before} to {after} files; if that is meant, add `--max-delete {deletes}`"
                ),
            ));
        }
        for step in &plan.steps {
            let Some(file) = self.local.get(step.at) else { continue };
            // Pictures are large and hold no keys, unless they are text.
            let kind = file.headers.content_type;
            if kind.starts_with("image/") && !kind.starts_with("image/svg") || file.entry.size > 4 << 20 {
                continue;
            }
            let content = file.read().unwrap_or_default();
            if let Some(what) = local::secret(&content) {
                return Err(Stop::guard(
                    format!(
                        "{} の中に、{what}らしいものがあります。公開しないでください。本物なら、すぐに無効にしてください。",
                        file.path
                    ),
                    format!("{} seems to contain a secret", file.path),
                ));
            }
        }
        Ok(())
    }

    /// Does it. What was done stays done when it stops: the next one goes on from there.
    pub(super) fn publish(&self, way: &mut Way<'_>, prepared: Prepared) -> Result<Report, Stop> {
        if let Some(stop) = prepared.stop {
            return Err(stop);
        }
        let begun = Instant::now();
        holding(way, &self.holder, |way| self.locked(way, prepared, begun))
    }

    fn locked(&self, way: &mut Way<'_>, prepared: Prepared, begun: Instant) -> Result<Report, Stop> {
        let Prepared { manifest, plan, leavings, .. } = prepared;
        let now = way.ask(|open| Manifest::read(open))?;
        if now != manifest {
            return Err(Stop::failed(
                "計画を立てたあとに、ほかの公開がありました。もう一度、同じ命令をしてください。",
                "somebody else published in the meantime; run the same command again",
            ));
        }
        let news: Vec<&LocalFile> = plan.new_files(self.local).collect();
        if let Some(manifest) = &manifest {
            self.nothing_in_the_way(way, &plan, manifest)?;
        }
        let mut next = manifest.unwrap_or_else(|| Manifest::new(self.id.clone(), self.site.to_owned()));
        let mut pending = next.pending.take().unwrap_or_default();
        pending.planned.extend(news.iter().map(|file| file.path.clone()));
        next.pending = Some(pending);
        self.write(way, &next)?;
        // What cannot be tidied away harms nobody. A server may still be busy with what a cut connection left: such
        // are tried once more at the end.
        let tidy = |way: &mut Way<'_>, path: &String| way.ask(|open| open.delete(path)).is_ok();
        let stubborn: Vec<String> = leavings.into_iter().filter(|path| !tidy(way, path)).collect();
        // Ways stay open from stage to stage.
        let mut ways = Vec::new();
        let done = self.upload(way, &mut ways, &plan, &mut next)?;
        let deleted = AtomicUsize::new(0);
        let delete = |way: &mut Way<'_>, path: &String| {
            way.ask(|open| open.delete(path))?;
            self.watch.deleted(deleted.fetch_add(1, Ordering::Relaxed) + 1, plan.deletes.len());
            Ok(())
        };
        self.side_by_side(way, &mut ways, &plan.deletes, delete, |_| ()).map_err(|trouble| self.cut(&trouble))?;
        for path in &stubborn {
            tidy(way, path);
        }
        let mut last = Manifest::new(self.id.clone(), self.site.to_owned());
        last.files = self.local.iter().map(|file| (file.path.clone(), file.entry.clone())).collect();
        self.write(way, &last).map_err(|stop| Stop { status: 6, ..stop })?;
        way.ask(|open| open.commit(&format!("heartnet: {}", self.id))).map_err(|trouble| self.cut(&trouble))?;
        let (new, changed) = plan.counts();
        Ok(Report {
            id: self.id.clone(),
            new,
            changed,
            deleted: plan.deletes.len(),
            unchanged: plan.unchanged,
            bytes: done,
            took: begun.elapsed(),
        })
    }

    /// Somebody may have put a file where one of ours is new.
    fn nothing_in_the_way(&self, way: &mut Way<'_>, plan: &Plan, manifest: &Manifest) -> Result<(), Stop> {
        let known = manifest.pending.as_ref();
        let unseen: Vec<&LocalFile> = plan
            .new_files(self.local)
            .filter(|file| known.is_none_or(|known| !known.planned.contains(&file.path)))
            // A name by content is nobody else's: what has it is the same.
            .filter(|file| !headers::is_hashed(&file.path))
            .collect();
        // Of many one asks at once: a request for each folder instead of each file.
        if unseen.len() > MANY {
            let listing = way.ask(|open| open.list())?;
            let there: BTreeSet<&str> = listing.iter().map(|found| found.path.as_str()).collect();
            let ours = |path: &str| manifest.files.contains_key(path);
            let taken = unseen.iter().find_map(|file| in_the_way(&file.path, &there).filter(|path| !ours(path)));
            return taken.map_or(Ok(()), |path| Err(conflict_with(path)));
        }
        // Folders that hold files of ours are folders.
        let mut known: BTreeSet<&str> = manifest.files.keys().flat_map(|path| above(path)).collect();
        for file in unseen {
            for folder in above(&file.path) {
                if known.insert(folder)
                    && !manifest.files.contains_key(folder)
                    && way.ask(|open| open.size(folder))?.is_some()
                    && !way.ask(|open| open.is_folder(folder))?
                {
                    return Err(conflict_with(folder));
                }
            }
            let path = file.path.as_str();
            if way.ask(|open| open.size(path))?.is_some() || way.ask(|open| open.is_folder(path))? {
                return Err(conflict_with(path));
            }
        }
        Ok(())
    }

    fn write(&self, way: &mut Way<'_>, manifest: &Manifest) -> Result<(), Stop> {
        let bytes = manifest.bytes();
        Ok(way.ask(|open| open.put(manifest::PATH, &bytes, &headers::of(manifest::PATH)))?)
    }

    /// Does something with each of many, over as many ways as the host bears; the first trouble stops all. Between
    /// them, and at least every few seconds, `meanwhile` is done over the first way.
    fn side_by_side<'w, T: Sync>(
        &'w self,
        way: &mut Way<'_>,
        ways: &mut Vec<Way<'w>>,
        all: &[T],
        what: impl Fn(&mut Way<'_>, &T) -> Answer<()> + Sync,
        mut meanwhile: impl FnMut(&mut Way<'_>),
    ) -> Answer<()> {
        let jobs = self.options.jobs.unwrap_or(usize::MAX).min(self.target.jobs()).min(all.len());
        if jobs <= 1 {
            // A host that bears one connection only has the one that we have.
            return all.iter().try_for_each(|one| {
                meanwhile(way);
                what(way, one)
            });
        }
        let (at, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
        ways.resize_with(jobs.max(ways.len()), || Way::new(self.target, Some(self.watch)));
        std::thread::scope(|scope| {
            let (at, stop, what) = (&at, &stop, &what);
            let work = |way: &'_ mut Way<'w>| {
                while !stop.load(Ordering::Relaxed) {
                    let Some(one) = all.get(at.fetch_add(1, Ordering::Relaxed)) else { break };
                    what(way, one).inspect_err(|_| stop.store(true, Ordering::Relaxed))?;
                }
                Ok(())
            };
            let workers: Vec<_> = ways.iter_mut().take(jobs).map(|way| scope.spawn(move || work(way))).collect();
            while workers.iter().any(|worker| !worker.is_finished()) {
                std::thread::sleep(Duration::from_millis(20));
                meanwhile(way);
            }
            workers.into_iter().filter_map(|worker| worker.join().ok()).collect()
        })
    }

    /// Stage after stage, with several workers each; returns how many bytes went up.
    fn upload<'w>(
        &'w self,
        way: &mut Way<'_>,
        ways: &mut Vec<Way<'w>>,
        plan: &Plan,
        next: &mut Manifest,
    ) -> Result<u64, Stop> {
        let bytes_in_all =
            plan.steps.iter().filter_map(|step| self.local.get(step.at)).map(|file| file.entry.size).sum();
        let progress = Progress {
            files: AtomicUsize::new(0),
            bytes: AtomicU64::new(0),
            of_files: plan.steps.len(),
            of_bytes: bytes_in_all,
            done: Mutex::new(BTreeMap::new()),
        };
        let mut noted = Instant::now();
        for stage in plan.steps.chunk_by(|a, b| a.stage == b.stage) {
            let files: Vec<&LocalFile> = stage.iter().filter_map(|step| self.local.get(step.at)).collect();
            // The list on the host is kept in step, for whoever goes on after a cut.
            let note = |way: &mut Way<'_>| {
                if noted.elapsed() > NOTE_EVERY {
                    self.note(way, next, &progress);
                    noted = Instant::now();
                }
            };
            let put = |way: &mut Way<'_>, file: &&LocalFile| self.one(way, file, &progress);
            if let Err(trouble) = self.side_by_side(way, ways, &files, put, note) {
                self.note(way, next, &progress);
                return Err(self.cut(&trouble));
            }
        }
        Ok(progress.bytes.into_inner())
    }

    fn one(&self, way: &mut Way<'_>, file: &LocalFile, progress: &Progress) -> Answer<()> {
        let content = file.read().map_err(|error| {
            Trouble::lasting(
                format!("{} を読めません（{error}）。", file.path),
                format!("cannot read {}: {error}", file.path),
            )
        })?;
        if local::hash(&content) != file.entry.hash {
            return Err(Trouble::lasting(
                format!(
                    "{} が、公開のあいだに変わりました。書き出しが終わってから、もう一度公開してください。",
                    file.path
                ),
                format!("{} changed while it was being published", file.path),
            ));
        }
        way.ask(|open| open.put(&file.path, &content, &file.headers)).map_err(|trouble| Trouble {
            ja: format!("{}: {}", file.path, trouble.ja),
            en: format!("{}: {}", file.path, trouble.en),
            ..trouble
        })?;
        if let Ok(mut done) = progress.done.lock() {
            done.insert(file.path.clone(), file.entry.clone());
        }
        let files = progress.files.fetch_add(1, Ordering::Relaxed) + 1;
        let bytes = progress.bytes.fetch_add(file.entry.size, Ordering::Relaxed) + file.entry.size;
        self.watch.progress(files, progress.of_files, bytes, progress.of_bytes);
        Ok(())
    }

    /// What is said when it stops on the way.
    fn cut(&self, trouble: &Trouble) -> Stop {
        if !self.target.at_once() {
            return partial(trouble);
        }
        let ja = format!("{} サイトは前のままです。直してから、もう一度公開してください。", trouble.ja);
        Stop::failed(ja, format!("{}; the site is as it was", trouble.en))
    }

    /// Brings the list on the host in step. That it could not costs only time later.
    fn note(&self, way: &mut Way<'_>, next: &mut Manifest, progress: &Progress) {
        if let (Some(pending), Ok(done)) = (&mut next.pending, progress.done.lock()) {
            pending.done.extend(done.iter().map(|(path, entry)| (path.clone(), entry.clone())));
        }
        let _ = self.write(way, next);
    }
}

struct Progress {
    files: AtomicUsize,
    bytes: AtomicU64,
    of_files: usize,
    of_bytes: u64,
    done: Mutex<BTreeMap<String, Entry>>,
}

/// Does something while nobody else publishes.
fn holding<T>(
    way: &mut Way<'_>,
    holder: &Holder<'_>,
    what: impl FnOnce(&mut Way<'_>) -> Result<T, Stop>,
) -> Result<T, Stop> {
    take_lock(way, holder)?;
    let done = what(way);
    // Somebody else may go on, whatever came of it.
    let given_back = way.ask(|open| open.unlock());
    let done = done?;
    given_back?;
    Ok(done)
}

fn take_lock(way: &mut Way<'_>, holder: &Holder<'_>) -> Result<(), Stop> {
    for again in [true, false] {
        match way.ask(|open| open.lock(&holder.text))? {
            Lock::Held | Lock::Advisory => return Ok(()),
            // After a connection broke the lock may be our own.
            Lock::Taken(theirs) if theirs == holder.text => return Ok(()),
            Lock::Taken(theirs) if again && super::lock::is_dead(&theirs) => way.ask(|open| open.unlock())?,
            Lock::Taken(theirs) => {
                let (ja, en) = super::lock::described(&theirs, holder.zone);
                return Err(Stop {
                    status: 5,
                    ja: format!(
                        "いま、ほかの公開が進んでいます（{ja}）。終わるのを待ってください。止まったままなら、「heartnet deploy unlock 公開先」で、公開中の札を外せます。"
                    ),
                    en: format!(
                        "another publication is going on ({en}); wait, or remove a dead one's lock with `heartnet deploy unlock`"
                    ),
                });
            }
        }
    }
    Ok(())
}

fn partial(trouble: &Trouble) -> Stop {
    Stop {
        status: 6,
        ja: format!(
            "{} 途中で止めました。入口のページはまだ変えていないか、変わりおわっています。同じ命令で、つづきから公開できます。",
            trouble.ja
        ),
        en: format!("{}; stopped on the way, the same command goes on from here", trouble.en),
    }
}

fn conflict_with(path: &str) -> Stop {
    Stop {
        status: 3,
        ja: format!(
            "公開先の {path} は、heartnet が置いたものではありません。上書きしません。要らないものなら消すか別の名前にし、引きつぐなら「heartnet deploy adopt 公開先」をしてください。"
        ),
        en: format!(
            "{path} on the target was not put there by heartnet and is not replaced; remove it, or take it over with `heartnet deploy adopt`"
        ),
    }
}

/// Takes over a host that is not empty: what lies where the site has a file is ours from now on, everything else
/// stays somebody else's. Returns how many of each.
pub(super) fn adopt(
    way: &mut Way<'_>,
    local: &[LocalFile],
    site: &str,
    id: &str,
    holder: &Holder<'_>,
) -> Result<(usize, usize), Stop> {
    holding(way, holder, |way| adopted(way, local, site, id))
}

fn adopted(way: &mut Way<'_>, local: &[LocalFile], site: &str, id: &str) -> Result<(usize, usize), Stop> {
    let listing = way.ask(|open| open.list())?;
    // What was ours stays ours, or it would lie there for ever. A list that cannot be read says nothing.
    let before = way.ask(|open| Manifest::read(open)).ok().flatten().unwrap_or_default();
    let begun = before.pending.unwrap_or_default().planned;
    let wanted: BTreeSet<&str> = local.iter().map(|file| file.path.as_str()).collect();
    let mut manifest = Manifest::new(id.to_owned(), site.to_owned());
    let mut others = 0;
    for found in listing.into_iter().filter(|found| manifest::is_path(&found.path)) {
        if wanted.contains(found.path.as_str()) || before.files.contains_key(&found.path) || begun.contains(&found.path)
        {
            manifest.files.insert(found.path, Entry { hash: String::new(), size: found.size, headers: String::new() });
        } else {
            others += usize::from(!is_kept(&found.path));
        }
    }
    let bytes = manifest.bytes();
    way.ask(|open| open.put(manifest::PATH, &bytes, &headers::of(manifest::PATH)))?;
    way.ask(|open| open.commit(&format!("heartnet: adopt {id}")))?;
    Ok((manifest.files.len(), others))
}
