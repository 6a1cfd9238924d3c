//! What a host must be able to do, whatever it is called and however it is spoken to.
//!
//! One module for each protocol. None of them decides anything: what is written, in which order, and what is
//! deleted is the plan's ([`super::plan`]), when to try again is the run's ([`super::run`]).

use super::headers::Headers;
use std::fmt;

/// Why something with the host did not work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// Whether trying again may help: a connection that broke, a server that is busy.
    pub passing: bool,
    /// What happened, for people, without secrets.
    pub ja: String,
    /// The same in English.
    pub en: String,
}

impl Trouble {
    /// Something that may go away by itself.
    pub fn passing(ja: impl Into<String>, en: impl Into<String>) -> Self {
        Self { passing: true, ja: ja.into(), en: en.into() }
    }

    /// Something that stays until somebody does something.
    pub fn lasting(ja: impl Into<String>, en: impl Into<String>) -> Self {
        Self { passing: false, ja: ja.into(), en: en.into() }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.en)
    }
}

/// What a method of a host answers.
pub type Answer<T> = Result<T, Trouble>;

/// A file on the host.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// Path from the site's root, with `/`.
    pub path: String,
    /// Its size in bytes.
    pub size: u64,
}

/// How taking the lock went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lock {
    /// It is ours, and nobody else can have it.
    Held,
    /// It is ours as far as this host can tell: it cannot keep a second one from taking it at the same moment.
    Advisory,
    /// Somebody has it; what they wrote into it.
    Taken(String),
}

/// A place that a site can be published to.
pub trait Target: Send + Sync {
    /// Opens a way to it. Called once for each worker, and again after a trouble that passes.
    fn connect(&self) -> Answer<Box<dyn Connection>>;

    /// How many connections at once the host bears.
    fn jobs(&self) -> usize {
        1
    }

    /// Whether the host keeps content types and cache rules with a file. Where it does not, their change is none.
    fn keeps_headers(&self) -> bool {
        false
    }

    /// Whether nothing is seen before everything is there: what fails on the way has changed nothing.
    fn at_once(&self) -> bool {
        false
    }

    /// What happens to visitors while it is published, in a sentence for people: `(ja, en)`.
    fn promise(&self) -> (&'static str, &'static str) {
        ("ファイルごとに入れかえます（途中のファイルは見えません）", "files are replaced one by one, each at once")
    }
}

/// A way to a host, used by one worker. Paths are relative to the site's root, with `/`, not encoded.
pub trait Connection: Send {
    /// A file's content; `None` only when the host says that there is none. Not being able to tell is a trouble: a
    /// manifest that cannot be read must never look like a first publication.
    fn read(&mut self, path: &str) -> Answer<Option<Vec<u8>>>;

    /// The size of a file; `None` only when the host says that there is none.
    fn size(&mut self, path: &str) -> Answer<Option<u64>>;

    /// Whether a folder is there, on hosts that have folders. A file cannot take its place.
    fn is_folder(&mut self, _path: &str) -> Answer<bool> {
        Ok(false)
    }

    /// All files of the site's root, in any order. Folders are not files; a root that is missing has none. Our own
    /// `.heartnet/` may be left out or not.
    fn list(&mut self) -> Answer<Vec<Found>>;

    /// Puts a file there so that whoever asks for it gets the old one or the whole new one: under a name made by
    /// [`temporary`] first, its size checked, then renamed over the old one; hosts that replace at once (S3) do
    /// without. Makes the folders above it.
    fn put(&mut self, path: &str, content: &[u8], headers: &Headers) -> Answer<()>;

    /// Deletes a file. One that is gone already is no trouble. Folders that became empty go, too, where that is cheap.
    fn delete(&mut self, path: &str) -> Answer<()>;

    /// Takes the lock `.heartnet/lock`, with this text in it, if nobody has it. A host whose conditions cannot be
    /// trusted must be tried first (S3: see DEPLOY.md).
    fn lock(&mut self, text: &str) -> Answer<Lock>;

    /// Gives the lock back, whoever has it.
    fn unlock(&mut self) -> Answer<()>;

    /// Makes everything put and deleted so far visible, on hosts that do that in one step (git, rsync).
    fn commit(&mut self, _message: &str) -> Answer<()> {
        Ok(())
    }
}

/// What is promised of hosts that rename, some of which delete the old file before they do (Apache's WebDAV, rclone).
pub(super) const RENAMED: (&str, &str) = (
    "ファイルごとに入れかえます（途中のファイルは見えません。サーバーによっては、入れかえる一瞬だけ見つかりません）",
    "files are replaced one by one; none is ever seen half-way, but some servers have none for an instant",
);

/// Our own folder on the host.
pub const OWN: &str = ".heartnet";
/// The lock.
pub const LOCK: &str = ".heartnet/lock";

/// Longer names have no room for what is added to them.
const LONGEST_NAME: usize = 220;

/// The name of a file until it is whole: beside its place, so that renaming moves nothing.
pub fn temporary(path: &str) -> String {
    let (folder, name) = path.rsplit_once('/').map_or(("", path), |(folder, name)| (folder, name));
    let slash = if folder.is_empty() { "" } else { "/" };
    // Hosts take names of 255 bytes.
    if name.len() > LONGEST_NAME {
        let short = blake3::hash(name.as_bytes()).to_hex();
        return format!("{folder}{slash}.{short}.hn-tmp");
    }
    format!("{folder}{slash}.{name}.hn-tmp")
}

/// Whether a file was left behind by a publication that was killed.
pub fn is_temporary(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.starts_with('.') && name.ends_with(".hn-tmp")
}
