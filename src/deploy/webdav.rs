//! WebDAV: Apache, nginx, Nextcloud and many rental servers.
//!
//! A file is sent under a temporary name, its size asked for, and then moved over the old one.

use super::config::{Config, password_variable};
use super::headers::Headers;
use super::http::{Line, PATH, Place, Reply, refused};
use super::patience::Patience;
use super::target::{Answer, Connection, Found, LOCK, Lock, OWN, RENAMED, Target, Trouble, temporary};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use percent_encoding::{percent_decode_str, utf8_percent_encode};
use ring::digest;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The lock itself: of two that make a folder, one is told that it is there already. Its text is beside it.
const LOCK_FOLDER: &str = ".heartnet/lock.d/";

/// The type of its text.
const TEXT: &str = "text/plain; charset=utf-8";
/// How long until another one whom the host let move theirs at the same moment would have done so: so many times
/// as long as our own moving took, within these bounds.
const MOMENTS: u32 = 8;
const MOMENT: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(1));

/// Opens the target.
pub(super) fn open(name: &str, config: &Config, environment: super::Environment<'_>) -> Answer<Box<dyn Target>> {
    let place = Place::read("url", &config.url)?;
    let user = config.user.trim();
    let authorization = if user.is_empty() {
        None
    } else {
        let variable = password_variable(name);
        let Some(password) = environment(&variable).filter(|password| !password.is_empty()) else {
            return Err(Trouble::lasting(
                format!("パスワードがありません。環境変数 {variable} に入れてください。"),
                format!("there is no password; put it into {variable}"),
            ));
        };
        if place.open {
            return Err(Trouble::lasting(
                "http:// では、パスワードが途中でだれにでも読めてしまいます。url を https:// で書いてください。",
                "with http:// everybody on the way can read the password; write `url` with https://",
            ));
        }
        if user.contains(':') {
            return Err(Trouble::lasting("user に「:」は使えません。", "`user` may not have a `:`"));
        }
        Some(format!("Basic {}", BASE64_STANDARD.encode(format!("{user}:{password}"))))
    };
    Ok(Box::new(WebDav {
        access: Arc::new(Access { place, authorization }),
        patience: Patience::read(environment),
        tls: super::tls::client_config(&config.tls_pin, false)?,
        making: Arc::default(),
    }))
}

struct WebDav {
    access: Arc<Access>,
    patience: Patience,
    tls: Arc<rustls::ClientConfig>,
    making: Arc<Mutex<()>>,
}

/// Where the folder is, and the key to it. No `Debug`: the key must not come out.
struct Access {
    place: Place,
    authorization: Option<String>,
}

impl Target for WebDav {
    fn connect(&self) -> Answer<Box<dyn Connection>> {
        let line = Line::new(&self.access.place, self.patience, Arc::clone(&self.tls));
        Ok(Box::new(Folder { access: Arc::clone(&self.access), line, making: Arc::clone(&self.making) }))
    }

    fn jobs(&self) -> usize {
        8
    }

    fn promise(&self) -> (&'static str, &'static str) {
        RENAMED
    }
}

struct Folder {
    access: Arc<Access>,
    line: Line,
    /// Held while folders are made: hosts refuse to make one twice at the same moment.
    making: Arc<Mutex<()>>,
}

/// What is at a path.
#[derive(Debug, PartialEq, Eq)]
struct Entry {
    /// Decoded, from the host's root, without `/` at its end.
    path: String,
    folder: bool,
    size: Option<u64>,
}

impl Connection for Folder {
    fn read(&mut self, path: &str) -> Answer<Option<Vec<u8>>> {
        self.get(path)
    }

    fn size(&mut self, path: &str) -> Answer<Option<u64>> {
        match self.entry(path)? {
            Some(Entry { folder: false, size, .. }) => match size {
                Some(size) => Ok(Some(size)),
                None => Err(strange(("大きさが分かりません", "cannot tell the size"))),
            },
            _ => Ok(None),
        }
    }

    fn is_folder(&mut self, path: &str) -> Answer<bool> {
        Ok(self.entry(path)?.is_some_and(|entry| entry.folder))
    }

    fn list(&mut self) -> Answer<Vec<Found>> {
        let root = decoded(&self.access.place.path);
        let (mut found, mut folders) = (Vec::new(), vec![String::new()]);
        while let Some(folder) = folders.pop() {
            // A folder that is gone meanwhile has no files, and neither has a root that is still to be made.
            let doing = (&*format!("「/{folder}」の一覧を読めません"), &*format!("cannot list /{folder}"));
            for entry in self.entries(&folder, "1", doing)?.unwrap_or_default() {
                let Some(path) = entry.path.strip_prefix(&root).and_then(|path| path.strip_prefix('/')) else {
                    continue;
                };
                // Only what is right below: the folder itself is listed, too, and nothing may lead in a circle.
                let name = path.strip_prefix(&folder).unwrap_or_default();
                if name.is_empty() || name.contains('/') {
                    continue;
                }
                if entry.folder {
                    folders.push(format!("{path}/"));
                } else {
                    let size = entry.size.ok_or_else(|| strange(doing))?;
                    found.push(Found { path: path.to_owned(), size });
                }
            }
        }
        Ok(found)
    }

    fn put(&mut self, path: &str, content: &[u8], headers: &Headers) -> Answer<()> {
        let doing = (&*format!("「{path}」を送れません"), &*format!("cannot send {path}"));
        let part = temporary(path);
        self.send(&part, content, headers.content_type, doing)?;
        let mut reply = self.shift(&part, path, "F")?;
        if !reply.status.is_success() {
            // To move over a folder is to delete it with all that is in it.
            if self.entry(path)?.is_some_and(|entry| entry.folder) {
                self.discard(&part);
                let (ja, en) = doing;
                return Err(Trouble::lasting(
                    format!("{ja}: 同じ名前のフォルダがあります。それを別の名前にするか、消してください。"),
                    format!("{en}: there is a folder of this name; rename or delete it"),
                ));
            }
            if reply.status.as_u16() == 412 {
                reply = self.shift(&part, path, "T")?;
            }
        }
        if reply.status.is_success() && reply.status.as_u16() != 207 { Ok(()) } else { Err(trouble(&reply, doing)) }
    }

    fn delete(&mut self, path: &str) -> Answer<()> {
        // To delete a folder is to delete all that is in it, and what is a folder is not the file that was meant.
        if self.entry(path)?.is_none_or(|entry| entry.folder) {
            return Ok(());
        }
        self.remove(path)?;
        let mut folder = path;
        while let Some((above, _)) = folder.rsplit_once('/') {
            folder = above;
            let doing = (&*format!("「/{above}」の一覧を読めません"), &*format!("cannot list /{above}"));
            // The folder itself is listed, too; only an empty one goes. Another worker may have been faster, and an empty
            // folder that stays does no harm.
            let entries = self.entries(&format!("{above}/"), "1", doing).ok().flatten();
            if entries.is_none_or(|entries| entries.len() != 1) || self.remove(&format!("{above}/")).is_err() {
                break;
            }
        }
        Ok(())
    }

    fn lock(&mut self, text: &str) -> Answer<Lock> {
        let doing = ("公開中のしるしを置けません", "cannot take the lock");
        let mut reply = self.ask("MKCOL", LOCK_FOLDER, &[], b"")?;
        if matches!(reply.status.as_u16(), 403 | 404 | 409) {
            self.make(&format!("{OWN}/"))?;
            reply = self.ask("MKCOL", LOCK_FOLDER, &[], b"")?;
        }
        let first = reply.status.as_u16();
        if first == 201 {
            // Some say that they made a folder that is there already (rclone), so it is made twice.
            reply = self.ask("MKCOL", LOCK_FOLDER, &[], b"")?;
        }
        match (first, reply.status.as_u16()) {
            (201, 405) => {
                let headers = Headers { content_type: TEXT, cache_control: "no-store" };
                self.put(LOCK, text.as_bytes(), &headers).inspect_err(|_| {
                    // Nobody could tell whose it is.
                    let _ = self.remove(LOCK_FOLDER);
                })?;
                Ok(Lock::Held)
            }
            (201, 200..=299) => self.write_lock(text),
            (_, 405) => {
                let theirs = self.read_lock()?.unwrap_or_default();
                // Our own, whose answer was lost.
                Ok(if theirs == text { Lock::Held } else { Lock::Taken(theirs) })
            }
            _ => Err(trouble(&reply, doing)),
        }
    }

    fn unlock(&mut self) -> Answer<()> {
        // The text first: after the folder it could be the next one's.
        self.remove(LOCK)?;
        self.remove(LOCK_FOLDER)
    }
}

impl Folder {
    fn url(&self, path: &str) -> String {
        let place = &self.access.place;
        format!("{}{}/{}", place.origin, place.path, utf8_percent_encode(path, PATH))
    }

    fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer<Reply> {
        let mut headers = headers.to_vec();
        if let Some(authorization) = &self.access.authorization {
            headers.push(("authorization", authorization));
        }
        self.line.ask(method, &self.url(path), &headers, body)
    }

    /// The lock where folders cannot be it: a file that is not to be moved over another one. There may be a moment
    /// between the host's looking and its moving.
    fn write_lock(&self, text: &str) -> Answer<Lock> {
        match self.read_lock()? {
            Some(theirs) if theirs == text => return Ok(Lock::Advisory),
            Some(theirs) => return Ok(Lock::Taken(theirs)),
            None => {}
        }
        let doing = ("公開中のしるしを置けません", "cannot take the lock");
        let hash = digest::digest(&digest::SHA256, text.as_bytes());
        let part =
            temporary(&hash.as_ref().iter().take(8).fold(format!("{LOCK}-"), |name, byte| format!("{name}{byte:02x}")));
        self.send(&part, text.as_bytes(), TEXT, doing)?;
        let begun = Instant::now();
        let reply = self.shift(&part, LOCK, "F")?;
        if !reply.status.is_success() {
            self.discard(&part);
            // 423: another one is just doing the same.
            if !matches!(reply.status.as_u16(), 412 | 423) {
                return Err(trouble(&reply, doing));
            }
        }
        std::thread::sleep((begun.elapsed() * MOMENTS).clamp(MOMENT.0, MOMENT.1));
        match self.read_lock()? {
            Some(theirs) if theirs == text => Ok(Lock::Advisory),
            Some(theirs) => Ok(Lock::Taken(theirs)),
            None => Err(Trouble::passing(
                "別の公開と重なりました。もう一度ためしてください。",
                "another deploy was in the way; try again",
            )),
        }
    }

    fn read_lock(&self) -> Answer<Option<String>> {
        Ok(self.get(LOCK)?.map(|text| String::from_utf8_lossy(&text).into_owned()))
    }

    fn get(&self, path: &str) -> Answer<Option<Vec<u8>>> {
        let reply = self.ask("GET", path, &[], b"")?;
        match reply.status.as_u16() {
            200 => Ok(Some(reply.body)),
            404 | 410 => Ok(None),
            _ => Err(trouble(&reply, (&format!("「{path}」を読めません"), &format!("cannot read {path}")))),
        }
    }

    /// Sends a file to its temporary name, with the folders above it, and looks whether it came whole.
    fn send(&self, part: &str, content: &[u8], kind: &str, doing: (&str, &str)) -> Answer<()> {
        let said = [("content-type", kind)];
        let mut reply = self.ask("PUT", part, &said, content)?;
        // Folders are there nearly always, so they are only made when they turn out to be missing; nginx says 500 then.
        if matches!(reply.status.as_u16(), 403 | 404 | 409 | 500) {
            self.make(&part.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/")))?;
            reply = self.ask("PUT", part, &said, content)?;
        }
        if !reply.status.is_success() {
            return Err(trouble(&reply, doing));
        }
        let size = content.len() as u64;
        let came = || Ok(self.entry(part)?.is_some_and(|entry| entry.size == Some(size)));
        if self.ask("HEAD", part, &[], b"")?.length() == Some(size) || came()? {
            return Ok(());
        }
        self.discard(part);
        let (ja, en) = doing;
        Err(Trouble::passing(
            format!("{ja}: 届いた大きさがちがいます。もう一度ためしてください。"),
            format!("{en}: another size arrived; try again"),
        ))
    }

    /// Renames a file; `overwrite` is `T` or `F`.
    fn shift(&self, from: &str, to: &str, overwrite: &str) -> Answer<Reply> {
        self.ask("MOVE", from, &[("destination", &self.url(to)), ("overwrite", overwrite)], b"")
    }

    fn remove(&self, path: &str) -> Answer<()> {
        let reply = self.ask("DELETE", path, &[], b"")?;
        match reply.status.as_u16() {
            207 => Err(strange(("消せません", "cannot delete"))),
            200..=299 | 404 | 410 => Ok(()),
            _ => Err(trouble(&reply, (&format!("「{path}」を消せません"), &format!("cannot delete {path}")))),
        }
    }

    /// Takes back what was sent; when that fails, too, it lies there under its temporary name.
    fn discard(&self, part: &str) {
        let _ = self.remove(part);
    }

    /// Makes a folder and those above it.
    fn make(&self, folder: &str) -> Answer<()> {
        let _held = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        self.make_all(folder)
    }

    /// The same, while nobody else of ours does; somebody else altogether may.
    fn make_all(&self, folder: &str) -> Answer<()> {
        let reply = self.ask("MKCOL", folder, &[], b"")?;
        let reply = match (reply.status.as_u16(), folder.trim_end_matches('/')) {
            (403 | 404 | 409, inner) if !inner.is_empty() => {
                let above = inner.rsplit_once('/').map_or(String::new(), |(above, _)| format!("{above}/"));
                self.make_all(&above)?;
                self.ask("MKCOL", folder, &[], b"")?
            }
            _ => reply,
        };
        // 405: it is there. Apache also says 403 or 409 when another one was faster, so it is asked.
        let there = || Ok(self.entry(folder)?.is_some_and(|entry| entry.folder));
        match reply.status.as_u16() {
            200..=299 | 405 => Ok(()),
            403 | 409 | 423 | 500 if there()? => Ok(()),
            _ => {
                Err(trouble(&reply, (&format!("フォルダ「/{folder}」を作れません"), &format!("cannot make /{folder}"))))
            }
        }
    }

    /// What is at a path; `None` when there is nothing.
    fn entry(&self, path: &str) -> Answer<Option<Entry>> {
        let doing = (&*format!("「{path}」のことが分かりません"), &*format!("cannot tell what {path} is"));
        Ok(self.entries(path, "0", doing)?.and_then(|entries| entries.into_iter().next()))
    }

    /// What is at a path, and at depth 1 right below it; `None` when there is nothing.
    fn entries(&self, path: &str, depth: &str, doing: (&str, &str)) -> Answer<Option<Vec<Entry>>> {
        let mut reply = self.ask("PROPFIND", path, &[("depth", depth)], b"")?;
        if reply.status.is_redirection() && !path.is_empty() && !path.ends_with('/') {
            // Apache: a folder that was not called one.
            reply = self.ask("PROPFIND", &format!("{path}/"), &[("depth", depth)], b"")?;
        }
        match reply.status.as_u16() {
            207 => entries_of(&reply.body).map(Some).ok_or_else(|| strange(doing)),
            404 | 410 => Ok(None),
            405 => Err(strange(doing)),
            _ => Err(trouble(&reply, doing)),
        }
    }
}

/// Reads a listing. `None`: it is none.
fn entries_of(body: &[u8]) -> Option<Vec<Entry>> {
    const DAV: &str = "DAV:";
    let document = roxmltree::Document::parse(std::str::from_utf8(body).ok()?).ok()?;
    let root = document.root_element();
    if !root.has_tag_name((DAV, "multistatus")) {
        return None;
    }
    let mut entries = Vec::new();
    for response in root.children().filter(|node| node.has_tag_name((DAV, "response"))) {
        let href = response.children().find(|node| node.has_tag_name((DAV, "href")))?.text()?.trim();
        // It may be a whole address or only its path.
        let path = match href.split_once("://") {
            Some((_, rest)) => rest.find('/').and_then(|start| rest.get(start..)).unwrap_or("/"),
            None => href,
        };
        let path = decoded(path.trim_end_matches('/'));
        let mut entry = Entry { path, folder: false, size: None };
        // What the host does not know is listed as well, with a status of 404 and nothing in it.
        for property in response.descendants() {
            if property.has_tag_name((DAV, "collection")) {
                entry.folder = true;
            } else if property.has_tag_name((DAV, "getcontentlength")) {
                entry.size = property.text().and_then(|text| text.trim().parse().ok()).or(entry.size);
            }
        }
        entries.push(entry);
    }
    Some(entries)
}

fn decoded(path: &str) -> String {
    percent_decode_str(path).decode_utf8_lossy().into_owned()
}

fn trouble(reply: &Reply, doing: (&str, &str)) -> Trouble {
    if reply.status.as_u16() == 401 {
        let (ja, en) = doing;
        let basic = reply
            .headers
            .get_all("www-authenticate")
            .iter()
            .any(|way| way.to_str().is_ok_and(|way| way.to_ascii_lowercase().contains("basic")));
        return if basic {
            Trouble::lasting(
                format!("{ja}: 利用者名かパスワードがちがいます。user と、パスワードの環境変数を確かめてください。"),
                format!("{en}: user or password are wrong; check `user` and the password's variable"),
            )
        } else {
            Trouble::lasting(
                format!("{ja}: このサーバーは Basic 認証を受けつけません。サーバーの設定を確かめてください。"),
                format!("{en}: the server does not take Basic authentication; check its settings"),
            )
        };
    }
    refused(reply.status, doing)
}

fn strange((ja, en): (&str, &str)) -> Trouble {
    Trouble::lasting(
        format!(
            "{ja}: 返事が WebDAV のものではありません。url と、サーバーの WebDAV が使えるようになっているかを確かめてください。Apache では、その場所に「DirectoryIndex disabled」も要ります。"
        ),
        format!(
            "{en}: the answer is not that of a WebDAV server; check `url` and whether it has WebDAV turned on; Apache needs `DirectoryIndex disabled` there, too"
        ),
    )
}
