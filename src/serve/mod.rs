//! The site on this machine, while somebody works on it.
//!
//! - [`watch`]: which files changed
//! - [`http`]: what a browser asks and is answered
//! - [`pages`]: what only this server shows: problems, the list of drafts, the script in every page
//! - here: the state of the site, made anew after each change, and who is told of it
//!
//! A state is never changed: a request holds the one that was there when it came, and the next one takes its place as a
//! whole. While something is wrong the last good state stays and the pages say what it is. Pages are made when somebody
//! asks for them, so a change costs what was changed and what is looked at, not the site.

mod http;
mod pages;
mod watch;

use crate::build::{Live, Memory, Options};
use crate::deploy::headers;
use crate::diagnostic::Diagnostic;
use crate::model::Day;
use http::{Answer, Request};
use std::io::{self, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use watch::{Changes, Wake, Watch};

/// Where it is served if nobody says otherwise.
pub const PORT: u16 = 8000;
/// How many ports are tried, with the first.
pub const PORTS: u16 = 20;
/// Browsers that are answered at one time.
const MOST: usize = 200;
/// A browser that says nothing for this long is hung up on.
const SILENT: Duration = Duration::from_secs(30);
/// A page that waits for changes is written to at least this often, to see whether it is still there.
const BEAT: Duration = Duration::from_secs(10);
/// How often is looked whether a new day has begun.
const NEW_DAY: Duration = Duration::from_secs(20);

/// What whoever started it is told.
#[derive(Debug)]
pub enum Event<'a> {
    /// It is there, at this address. The second says that a port was taken, the third that everything is polled.
    Ready(&'a str, Option<u16>, bool),
    /// The site was read, in this time, because of these files; all of its problems.
    Read(Duration, &'a [PathBuf], &'a [Diagnostic]),
    /// A page could not be made.
    Failed(&'a Diagnostic),
}

/// Who is told.
pub type Tell = dyn Fn(Event<'_>) + Send + Sync;

/// The state that is shown, and what is wrong with the sources now.
#[derive(Default)]
struct Now {
    /// Counts states of the sources.
    version: u64,
    /// The version that is shown; 0 while there was none without an error.
    site: u64,
    /// Since this version only style sheets have changed.
    same: u64,
    /// More than style sheets has changed since what is shown was read: that failed.
    more: bool,
    live: Option<Arc<Live>>,
    told: Arc<Vec<Diagnostic>>,
    drafts: Arc<Vec<String>>,
    failed: bool,
    /// What turned out when something was to be made of this state: a photo that is broken within.
    late: Vec<Diagnostic>,
    /// What is asked for.
    day: Option<Day>,
    with_drafts: bool,
}

struct State {
    now: Mutex<Now>,
    changed: Condvar,
    wake: Sender<Wake>,
    tell: Box<Tell>,
    open: AtomicUsize,
}

impl State {
    fn lock(&self) -> MutexGuard<'_, Now> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Serves a site until the process is ended.
pub fn serve(root: &Path, options: &Options, port: Option<u16>, poll: bool, tell: Box<Tell>) -> io::Result<()> {
    let (listener, taken) = listen(port)?;
    // The system tells of changes by real paths.
    let root = root.canonicalize()?;
    let (wake, events) = mpsc::channel();
    let mut watch = Watch::new(&root, &wake, events, poll);
    let now = Now { day: options.as_of, with_drafts: options.drafts, ..Now::default() };
    let state = State { now: Mutex::new(now), changed: Condvar::new(), wake, tell, open: AtomicUsize::new(0) };
    let state = Arc::new(state);
    let mut memory = Memory::default();
    read(&root, options, &state, &mut memory, &mut watch, Changes { all: true, ..Changes::default() });
    let address = format!("http://{}/", listener.local_addr()?);
    let base = state.lock().live.as_ref().map_or_else(|| "/".to_owned(), |live| live.base_path().to_owned());
    (state.tell)(Event::Ready(&format!("{}{base}", address.trim_end_matches('/')), taken, watch.polls()));
    let accepting = Arc::clone(&state);
    std::thread::spawn(move || accept(&listener, &accepting));
    loop {
        let changes = watch.wait(NEW_DAY);
        let over = || state.lock().live.as_ref().is_some_and(|live| live.is_over());
        let changes = match changes {
            Some(changes) => changes,
            None if over() => Changes { all: true, ..Changes::default() },
            None => continue,
        };
        read(&root, options, &state, &mut memory, &mut watch, changes);
    }
}

/// The port that was asked for, or the first free one. Also says which one was taken.
fn listen(port: Option<u16>) -> io::Result<(TcpListener, Option<u16>)> {
    if let Some(port) = port {
        return Ok((TcpListener::bind((Ipv4Addr::LOCALHOST, port))?, None));
    }
    let mut last = None;
    for port in PORT..PORT + PORTS {
        match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
            Ok(listener) => return Ok((listener, last.is_some().then_some(PORT))),
            Err(error) => last = Some(error),
        }
    }
    Err(last.unwrap_or_else(|| io::ErrorKind::AddrInUse.into()))
}

/// Reads the site anew and shows it, or tells what is wrong.
fn read(root: &Path, options: &Options, state: &State, memory: &mut Memory, watch: &mut Watch, mut changes: Changes) {
    let begun = Instant::now();
    let mut new = changes.clone();
    let mut again = false;
    let (live, outcome) = loop {
        let (day, drafts) = {
            let now = state.lock();
            (now.day, now.with_drafts)
        };
        let options = Options { as_of: day, drafts, ..options.clone() };
        memory.sources.expect((!new.all).then_some(new.paths));
        let read = Live::load(root, &options, memory);
        // What was half saved when it was read is not to be seen; whoever saves without end still sees something.
        if again && watch.is_late() {
            break read;
        }
        let Some(more) = watch.rest() else { break read };
        again = true;
        new = more;
        changes.paths.extend(new.paths.iter().cloned());
        changes.all |= new.all;
    };
    let is_style = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "css");
    let only_styles = !changes.all && changes.paths.iter().all(is_style);
    let mut before = None;
    let mut now = state.lock();
    now.version += 1;
    now.failed = live.is_none();
    now.late.clear();
    now.told = Arc::new(outcome.diagnostics);
    now.drafts = Arc::new(memory.sources.drafts());
    now.more |= !only_styles;
    if let Some(live) = live {
        now.site = now.version;
        // A page can only take a new sheet for the old one of the same name.
        let others = now.live.as_ref().is_none_or(|before| !before.style_names().eq(live.style_names()));
        if std::mem::take(&mut now.more) || others {
            now.same = now.version;
        }
        before = now.live.replace(Arc::new(live));
    }
    let told = Arc::clone(&now.told);
    drop(now);
    state.changed.notify_all();
    // Letting go of a large state takes time, and nobody waits for it.
    std::thread::spawn(move || drop(before));
    let paths: Vec<PathBuf> =
        changes.paths.iter().map(|path| path.strip_prefix(root).unwrap_or(path).to_owned()).collect();
    (state.tell)(Event::Read(begun.elapsed(), &paths, &told));
}

fn accept(listener: &TcpListener, state: &Arc<State>) {
    for stream in listener.incoming() {
        let Ok(stream) = stream else {
            // Out of file descriptors: those that are open end some time.
            std::thread::sleep(Duration::from_millis(50));
            continue;
        };
        let visit = Visit::new(state);
        if state.open.load(Ordering::Relaxed) > MOST {
            continue;
        }
        // Who hangs up in the middle has nothing to be told; where no thread can be had the browser asks again.
        let _ = std::thread::Builder::new().spawn(move || converse(stream, &visit.0));
    }
}

/// A browser that is being answered, counted until it ends in whatever way.
struct Visit(Arc<State>);

impl Visit {
    fn new(state: &Arc<State>) -> Self {
        state.open.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(state))
    }
}

impl Drop for Visit {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Answers one browser until it has no more to ask.
fn converse(mut stream: TcpStream, state: &State) -> io::Result<()> {
    stream.set_read_timeout(Some(SILENT))?;
    stream.set_write_timeout(Some(SILENT))?;
    stream.set_nodelay(true)?;
    loop {
        let request = match http::read(&mut stream) {
            Ok(Some(request)) => request,
            Ok(None) => return Ok(()),
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                http::send(&mut stream, &Request::default(), &Answer::text(400, "読めない要求です。"))?;
                return http::leave(&mut stream);
            }
            Err(error) => return Err(error),
        };
        if request.path == pages::LIVE && http::is_ours(&request.host) {
            return follow(&mut stream, state);
        }
        http::send(&mut stream, &request, &answer(&request, state))?;
        if !request.stays {
            return Ok(());
        }
    }
}

/// Tells a page of every state, until it is closed.
fn follow(stream: &mut TcpStream, state: &State) -> io::Result<()> {
    stream.write_all(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n",
    )?;
    let mut told = 0;
    loop {
        let mut now = state.lock();
        if now.version == told {
            now = state.changed.wait_timeout(now, BEAT).map_or_else(|e| e.into_inner().0, |(now, _)| now);
        }
        let text = match now.version == told {
            true => ": \n\n".to_owned(),
            false => format!("data: {}\n\n", pages::state(&now)),
        };
        told = now.version;
        drop(now);
        stream.write_all(text.as_bytes())?;
    }
}

fn answer(request: &Request, state: &State) -> Answer {
    let Request { method, path, host, origin, body, .. } = request;
    if !http::is_ours(host) {
        return Answer::text(
            403,
            "このサイトは、この機械の中だけで見られます（http://127.0.0.1 か http://localhost）。",
        );
    }
    match (method.as_str(), path.as_str()) {
        ("POST", pages::ASK) => {
            // Another site's page may send forms, but says where it comes from.
            if origin.as_ref().is_some_and(|origin| *origin != format!("http://{host}")) {
                return Answer::text(403, "ほかのサイトからは変えられません。");
            }
            return ask(body, state);
        }
        ("GET" | "HEAD", _) => {}
        _ => return Answer::text(405, "GET だけです。"),
    }
    let Some(path) = http::decode(path) else { return Answer::text(400, "読めないアドレスです。") };
    let (live, site, told, drafts) = {
        let now = state.lock();
        (now.live.clone(), now.site, Arc::clone(&now.told), Arc::clone(&now.drafts))
    };
    match path.as_str() {
        pages::INDEX => return html(pages::index(live.as_deref(), &told, &drafts).into_bytes(), 200, site),
        pages::SCRIPT => return Answer::new(200, "text/javascript; charset=utf-8", pages::SCRIPT_TEXT),
        _ => {}
    }
    let Some(live) = live else {
        return html(pages::broken(&told).into_bytes(), 500, 0);
    };
    let Some(below) = path.strip_prefix(live.base_path()) else {
        let base = live.base_path();
        // At the root, and where the last slash was forgotten, it is clear what is meant.
        return match path == "/" || format!("{path}/") == base {
            true => Answer::to(format!("{base}{}", request.query)),
            false => Answer::text(
                404,
                &format!("このサイトのアドレスは {base} から始まります（heartnet.yaml の base_url）。"),
            ),
        };
    };
    let page = |bytes: Vec<u8>, status| Answer { policy: live.policy(&bytes), ..html(bytes, status, site) };
    let failed = |told: &Diagnostic| {
        if !below.is_empty() && !below.ends_with('/') {
            late(state, &live, told);
        } else {
            (state.tell)(Event::Failed(told));
        }
        html(pages::broken(std::slice::from_ref(told)).into_bytes(), 500, 0)
    };
    match file(&live, below) {
        Ok(Some((name, bytes))) if name.ends_with(".html") => page(bytes, 200),
        Ok(Some((name, bytes))) => Answer::new(200, headers::of(&name).content_type, bytes),
        Ok(None) => match file(&live, &format!("{below}/")) {
            Ok(Some(_)) if !below.is_empty() => Answer::to(format!("{}/{}", request.path, request.query)),
            _ => match live.file("404.html") {
                Ok(found) => page(found.unwrap_or_default(), 404),
                Err(told) => Answer { status: 404, ..failed(&told) },
            },
        },
        Err(told) => failed(&told),
    }
}

/// Lets the pages know of what turned out too late; whoever started it is told once.
fn late(state: &State, live: &Arc<Live>, told: &Diagnostic) {
    let mut now = state.lock();
    if now.live.as_ref().is_some_and(|shown| Arc::ptr_eq(shown, live)) && !now.late.contains(told) {
        now.late.push(told.clone());
        now.version += 1;
        drop(now);
        state.changed.notify_all();
        (state.tell)(Event::Failed(told));
    }
}

/// A file of the site with its name: of a folder its `index.html`.
fn file(live: &Live, below: &str) -> Result<Option<(String, Vec<u8>)>, Box<Diagnostic>> {
    let name = if below.is_empty() || below.ends_with('/') { format!("{below}index.html") } else { below.to_owned() };
    Ok(live.file(&name)?.map(|bytes| (name, bytes)))
}

fn html(bytes: Vec<u8>, status: u16, site: u64) -> Answer {
    let mut answer = Answer::new(status, "text/html; charset=utf-8", bytes);
    answer.body = pages::with_script(std::mem::take(&mut answer.body), site, &answer.tag);
    answer
}

/// Another day, with drafts or without.
fn ask(body: &str, state: &State) -> Answer {
    let value = |name: &str| {
        let pairs = body.split('&').filter_map(|pair| pair.split_once('='));
        pairs.into_iter().find(|(found, _)| *found == name).map_or("", |(_, value)| value)
    };
    let day = match value("day") {
        "" => None,
        written => match Day::parse(written) {
            Some(day) => Some(day),
            None => return Answer::text(400, "日にちは 2026-04-01 のように書きます。"),
        },
    };
    {
        let mut now = state.lock();
        now.day = day;
        now.with_drafts = !value("drafts").is_empty();
    }
    // Who reads the site is there as long as the process.
    let _ = state.wake.send(Wake::Asked);
    Answer::to(pages::INDEX.to_owned())
}
