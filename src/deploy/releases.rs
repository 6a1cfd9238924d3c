//! A site that is replaced as a whole: each publication in a folder of its own, and a link that leads to the newest.
//!
//! ```text
//! current -> releases/12       what the web server shows
//! releases/11/, releases/12/   the last five; what did not change is one file in all of them
//! releases/.13/                one that is being made
//! .heartnet/lock
//! ```
//!
//! It works above any host that has hard and symbolic links. What others put into the newest goes along into the
//! next. A publication that was cut off goes on in the folder that it has begun.

use super::headers::Headers;
use super::manifest;
use super::target::{Answer, Connection, Found, LOCK, Lock, OWN, Target, Trouble, is_temporary};
use std::sync::{Arc, Mutex, PoisonError};

const CURRENT: &str = "current";
const FOLDER: &str = "releases";
/// How many are kept, for whoever wants to look at an earlier one.
const KEPT: usize = 5;

/// What a host must be able to do for it, beside the usual.
pub(super) trait Links: Connection {
    /// Where a symbolic link leads; `None` if nothing is there. Something else in its place is a trouble.
    fn leads(&mut self, link: &str) -> Answer<Option<String>>;
    /// Makes a symbolic link lead there, in one step if it led elsewhere.
    fn lead(&mut self, link: &str, to: &str) -> Answer<()>;
    /// All files below a folder, their paths relative to it.
    fn below(&mut self, folder: &str) -> Answer<Vec<Found>>;
    /// Names of the folders in a folder; none if it is missing.
    fn folders(&mut self, folder: &str) -> Answer<Vec<String>>;
    /// The same files in a second folder as well (hard links).
    fn twin(&mut self, from: &str, to: &str, paths: &[String]) -> Answer<()>;
    /// Gives a folder another name, which is free.
    fn rename(&mut self, from: &str, to: &str) -> Answer<()>;
    /// Deletes a folder with all that is in it.
    fn clear(&mut self, folder: &str) -> Answer<()>;
}

/// A host with links.
pub(super) trait Host: Target {
    /// As [`Target::connect`].
    fn links(&self) -> Answer<Box<dyn Links>>;
}

/// A host on which sites are replaced as a whole.
pub(super) struct Releases<H> {
    host: H,
    state: Arc<Mutex<State>>,
}

/// What all connections of a publication know.
#[derive(Default)]
struct State {
    looked: bool,
    /// The folder of the newest publication.
    current: Option<String>,
    /// The folder of the one that is being made.
    new: Option<String>,
}

struct Way {
    links: Box<dyn Links>,
    state: Arc<Mutex<State>>,
}

impl<H: Host> Releases<H> {
    pub(super) fn new(host: H) -> Self {
        Self { host, state: Arc::default() }
    }
}

impl<H: Host> Target for Releases<H> {
    fn connect(&self) -> Answer<Box<dyn Connection>> {
        Ok(Box::new(Way { links: self.host.links()?, state: Arc::clone(&self.state) }))
    }

    fn jobs(&self) -> usize {
        self.host.jobs()
    }

    fn at_once(&self) -> bool {
        true
    }

    fn promise(&self) -> (&'static str, &'static str) {
        (
            "サイト全体を一度に入れかえます（途中は見えません）",
            "the whole site is replaced at once, nothing is seen before",
        )
    }
}

/// The number of a finished publication, or of one that is being made.
fn number(name: &str) -> Option<u32> {
    let digits = name.strip_prefix('.').unwrap_or(name);
    digits.parse().ok().filter(|_| digits.bytes().all(|byte| byte.is_ascii_digit()))
}

fn is_finished(name: &str) -> bool {
    !name.starts_with('.')
}

/// The numbers of the finished ones.
fn finished(names: &[String]) -> impl Iterator<Item = u32> {
    names.iter().filter(|name| is_finished(name)).filter_map(|name| number(name))
}

/// Files of a publication, without what is ours alone.
fn files(links: &mut dyn Links, folder: &str) -> Answer<Vec<String>> {
    let found = links.below(folder)?.into_iter().map(|found| found.path);
    Ok(found.filter(|path| path.split('/').next() != Some(OWN) && !is_temporary(path)).collect())
}

/// Asks the host what there is.
fn look(links: &mut dyn Links, state: &mut State) -> Answer<()> {
    if state.looked {
        return Ok(());
    }
    let current = links.leads(CURRENT)?;
    if let Some(to) = &current
        && to.strip_prefix("releases/").and_then(number).is_none()
    {
        return Err(Trouble::lasting(
            format!(
                "公開先の {CURRENT} が、{FOLDER} の中ではなく {to} をさしています。heartnet が作ったリンクではないので、さわりません。"
            ),
            format!(
                "`{CURRENT}` on the host leads to {to}, not into `{FOLDER}`; it was not made by heartnet and is not touched"
            ),
        ));
    }
    let names = links.folders(FOLDER)?;
    let last = finished(&names).max().unwrap_or(0);
    // One that was begun after the newest can go on. Its list is written when all that did not change is in it. One that
    // had all but was not shown begins anew: by its list there would be nothing to do.
    let begun = format!("{FOLDER}/.{}", last + 1);
    let is_begun = names.iter().any(|name| begun.ends_with(&format!("/{name}")));
    let list = if is_begun { links.read(&format!("{begun}/{}", manifest::PATH))? } else { None };
    let list = list.and_then(|list| serde_json::from_slice::<manifest::Manifest>(&list).ok());
    let goes_on = list.is_some_and(|list| list.pending.is_some());
    *state = State { looked: true, current, new: goes_on.then_some(begun) };
    Ok(())
}

/// Makes the folder of a new publication, with everything that is in the newest.
fn begin(links: &mut dyn Links, state: &mut State) -> Answer<String> {
    look(links, state)?;
    if let Some(new) = &state.new {
        return Ok(new.clone());
    }
    let names = links.folders(FOLDER)?;
    let last = finished(&names).max().unwrap_or(0);
    for name in names.iter().filter(|name| !is_finished(name) && number(name).is_some()) {
        links.clear(&format!("{FOLDER}/{name}"))?;
    }
    let new = format!("{FOLDER}/.{}", last + 1);
    if let Some(current) = &state.current {
        let mut paths = files(links, current)?;
        paths.sort();
        links.twin(current, &new, &paths)?;
    }
    state.new = Some(new.clone());
    Ok(new)
}

/// Brings what others have in the newest publication into the one that is about to be: it may have changed since that
/// was begun.
fn take_along(links: &mut dyn Links, current: Option<&str>, new: &str) -> Answer<()> {
    let Some(current) = current else { return Ok(()) };
    let mut theirs = |folder: &str| -> Answer<Vec<String>> {
        let list = links.read(&format!("{folder}/{}", manifest::PATH))?;
        // Without a list that can be read nobody knows whose is whose.
        let ours = match list.as_deref().map(serde_json::from_slice::<manifest::Manifest>) {
            Some(Ok(list)) => list.files,
            None => Default::default(),
            Some(Err(error)) => {
                return Err(Trouble::lasting(
                    format!("公開先の {folder} の控え（{}）がこわれていて読めません（{error}）。", manifest::PATH),
                    format!("the list of {folder} on the host is damaged: {error}"),
                ));
            }
        };
        Ok(files(links, folder)?.into_iter().filter(|path| !ours.contains_key(path)).collect())
    };
    let (there, here) = (theirs(current)?, theirs(new)?);
    for path in &here {
        links.delete(&format!("{new}/{path}"))?;
    }
    let ours: Vec<String> = links.below(new)?.into_iter().map(|found| found.path).collect();
    let mut paths: Vec<String> = there.into_iter().filter(|path| !ours.contains(path)).collect();
    paths.sort();
    if paths.is_empty() { Ok(()) } else { links.twin(current, new, &paths) }
}

impl Way {
    /// Does something with the state; nobody else changes it meanwhile.
    fn with<T>(&mut self, what: impl FnOnce(&mut dyn Links, &mut State) -> Answer<T>) -> Answer<T> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        what(self.links.as_mut(), &mut state)
    }

    /// The folder in which a file is looked for: of the publication that is being made, else of the newest.
    fn folder(&mut self) -> Answer<Option<String>> {
        self.with(|links, state| {
            look(links, state)?;
            Ok(state.new.clone().or_else(|| state.current.clone()))
        })
    }

    fn place(&mut self, path: &str) -> Answer<String> {
        let folder = self.with(begin)?;
        Ok(format!("{folder}/{path}"))
    }
}

impl Connection for Way {
    fn read(&mut self, path: &str) -> Answer<Option<Vec<u8>>> {
        if path == LOCK {
            return self.links.read(path);
        }
        match self.folder()? {
            Some(folder) => self.links.read(&format!("{folder}/{path}")),
            None => Ok(None),
        }
    }

    fn size(&mut self, path: &str) -> Answer<Option<u64>> {
        match self.folder()? {
            Some(folder) => self.links.size(&format!("{folder}/{path}")),
            None => Ok(None),
        }
    }

    fn is_folder(&mut self, path: &str) -> Answer<bool> {
        match self.folder()? {
            Some(folder) => self.links.is_folder(&format!("{folder}/{path}")),
            None => Ok(false),
        }
    }

    fn list(&mut self) -> Answer<Vec<Found>> {
        match self.folder()? {
            Some(folder) => self.links.below(&folder),
            None => Ok(Vec::new()),
        }
    }

    fn put(&mut self, path: &str, content: &[u8], headers: &Headers) -> Answer<()> {
        let place = self.place(path)?;
        self.links.put(&place, content, headers)
    }

    fn delete(&mut self, path: &str) -> Answer<()> {
        let place = self.place(path)?;
        self.links.delete(&place)
    }

    fn lock(&mut self, text: &str) -> Answer<Lock> {
        let lock = self.links.lock(text);
        // Somebody else may have published before it was ours.
        self.with(|_, state| {
            state.looked = false;
            state.new = None;
            Ok(())
        })?;
        lock
    }

    fn unlock(&mut self) -> Answer<()> {
        self.links.unlock()
    }

    fn commit(&mut self, _message: &str) -> Answer<()> {
        self.with(|links, state| {
            let Some(new) = state.new.clone() else { return Ok(()) };
            let done = new.replacen("/.", "/", 1);
            let names = links.folders(FOLDER)?;
            // After a connection broke, a part of this is done already.
            if names.iter().any(|name| new.ends_with(&format!("/{name}"))) {
                take_along(links, state.current.as_deref(), &new)?;
                links.rename(&new, &done)?;
            }
            links.lead(CURRENT, &done)?;
            let mut old: Vec<u32> = finished(&names).collect();
            old.retain(|number| done != format!("{FOLDER}/{number}"));
            old.sort_unstable_by(|a, b| b.cmp(a));
            // The next publication tries again.
            let _ = old.iter().skip(KEPT - 1).try_for_each(|number| {
                let folder = format!("{FOLDER}/{number}");
                // A folder of somebody else's may have such a name.
                let ours = links.size(&format!("{folder}/{}", manifest::PATH))?.is_some();
                if ours { links.clear(&folder) } else { Ok(()) }
            });
            *state = State { looked: true, current: Some(done), new: None };
            Ok(())
        })
    }
}
