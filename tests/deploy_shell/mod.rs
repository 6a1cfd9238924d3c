//! Servers on the loopback interface for the tests of git, sftp and rsync: started, waited for, and always ended.
#![allow(dead_code, unreachable_pub, reason = "each test file uses its part")]

use heartnet::deploy::config::Config;
use heartnet::deploy::headers::{self, Headers};
use heartnet::deploy::target::{Answer, Connection, Target, Trouble};
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU16, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// Names that have broken a protocol before.
pub const NAMES: &[&str] = &[
    "index.html",
    "商品/クッキー/index.html",
    "a b/c  d.txt",
    "100%/50%25.txt",
    "c#d.txt",
    "a+b&c=d.txt",
    "what?.txt",
    "it's \"quoted\".txt",
    "-rf/--help.txt",
    "back\\slash*[x].txt",
    "very/deep/er/new/folder/x.txt",
    ".well-known/security.txt",
];

/// The `Debug` that `expect_err` wants.
pub fn failure<T>(answer: Answer<T>) -> Trouble {
    match answer {
        Ok(_) => panic!("must be a trouble"),
        Err(trouble) => trouble,
    }
}

pub fn headers_of(path: &str) -> Headers {
    headers::of(path)
}

pub fn put(way: &mut dyn Connection, path: &str, content: impl AsRef<[u8]>) {
    way.put(path, content.as_ref(), &headers::of(path)).unwrap_or_else(|trouble| panic!("put {path}: {trouble}"));
}

pub fn open(name: &str, config: &Config, set: &[(&str, &str)]) -> Answer<Box<dyn Target>> {
    let environment = |variable: &str| {
        let set = set.iter().find(|(name, _)| *name == variable).map(|(_, value)| (*value).to_owned());
        set.or_else(|| (variable == "HEARTNET_DEPLOY_TIMEOUT").then(|| "20".to_owned()))
    };
    heartnet::deploy::open(name, config, &environment)
}

pub fn paths(way: &mut dyn Connection) -> Vec<String> {
    let mut paths: Vec<String> = way.list().expect("lists").into_iter().map(|found| found.path).collect();
    paths.retain(|path| !path.starts_with(".heartnet/") && path != ".nojekyll");
    paths.sort();
    paths
}

/// Content that does not pack.
pub fn noise(size: usize) -> Vec<u8> {
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    let mut noise = Vec::with_capacity(size + 8);
    while noise.len() < size {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        noise.extend_from_slice(&seed.to_le_bytes());
    }
    noise.truncate(size);
    noise
}

/// Below those that the system gives to whoever connects: there, a port that is free now may be somebody's a moment
/// later, and whoever asks whether a server is there may meet themselves. Each test program has a hundred of its own.
pub fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let own = 10_000 + u16::try_from(std::process::id() % 220).unwrap_or(0) * 100;
    let next = || own + NEXT.fetch_add(1, Ordering::Relaxed) % 100;
    (0..200).map(|_| next()).find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok()).expect("has a free port")
}

pub fn tool(name: &str) -> Command {
    let found = Command::new("sh").args(["-c", "command -v \"$0\"", name]).output().expect("runs sh");
    assert!(found.status.success(), "{name} is missing: run ./test, it installs what is missing");
    Command::new(String::from_utf8_lossy(&found.stdout).trim())
}

pub fn run(command: &mut Command) -> String {
    let out = command.output().expect("runs");
    assert!(out.status.success(), "{command:?}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8_lossy(&out.stdout).into_owned()
}

/// A server with all its children, in a group of its own.
pub struct Server {
    child: Child,
    pub port: u16,
}

impl Server {
    pub fn start(mut command: Command, port: u16) -> Self {
        let child = command
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("starts");
        let mut server = Self { child, port };
        let start = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(!matches!(server.child.try_wait(), Ok(Some(_))), "{command:?} ended");
            assert!(start.elapsed() < Duration::from_secs(30), "{command:?} does not answer");
            thread::sleep(Duration::from_millis(20));
        }
        server
    }

    pub fn group(&self) -> u32 {
        self.child.id()
    }
}

/// All processes of a server, also those that it gave a session of their own.
fn family(group: u32) -> Vec<u32> {
    let mut family = vec![group];
    let mut all = Vec::new();
    for entry in std::fs::read_dir("/proc").expect("has /proc").flatten() {
        let Ok(id) = entry.file_name().to_string_lossy().parse::<u32>() else { continue };
        let stat = std::fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
        let parent = stat.rsplit(") ").next().and_then(|rest| rest.split(' ').nth(1)).and_then(|id| id.parse().ok());
        all.push((id, parent.unwrap_or(0u32)));
    }
    let mut at = 0;
    while let Some(parent) = family.get(at).copied() {
        family.extend(all.iter().filter(|(_, of)| *of == parent).map(|(id, _)| *id));
        at += 1;
    }
    family
}

/// Sends a signal to a server and everything it started.
pub fn signal(group: u32, name: &str) {
    let ids: Vec<String> = family(group).iter().map(ToString::to_string).collect();
    let _ = Command::new("kill").arg(format!("-{name}")).args(ids).stderr(Stdio::null()).status();
}

impl Drop for Server {
    fn drop(&mut self) {
        signal(self.child.id(), "KILL");
        let _ = self.child.wait();
    }
}

/// Passes a connection on, and does something once, after so many bytes have gone up.
pub struct Proxy {
    pub port: u16,
    pub done: Arc<AtomicBool>,
}

pub fn proxy(to: u16, after: usize, act: impl Fn() -> Then + Send + Sync + 'static) -> Proxy {
    let listener = TcpListener::bind("127.0.0.1:0").expect("binds");
    let port = listener.local_addr().expect("has an address").port();
    let done = Arc::new(AtomicBool::new(false));
    let (act, sum, flag) = (Arc::new(act), Arc::new(AtomicUsize::new(0)), Arc::clone(&done));
    thread::spawn(move || {
        for from in listener.incoming().flatten() {
            let Ok(up) = TcpStream::connect(("127.0.0.1", to)) else { continue };
            let (act, sum, done) = (Arc::clone(&act), Arc::clone(&sum), Arc::clone(&flag));
            let (mut answers, mut back) = (up.try_clone().expect("clones"), from.try_clone().expect("clones"));
            thread::spawn(move || {
                let _ = std::io::copy(&mut answers, &mut back);
                let _ = back.shutdown(Shutdown::Both);
            });
            thread::spawn(move || pass(from, up, after, &sum, &done, &*act));
        }
    });
    Proxy { port, done }
}

/// What a proxy does after its act.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Then {
    Goon,
    Cut,
}

fn pass(
    mut from: TcpStream,
    mut up: TcpStream,
    after: usize,
    sum: &AtomicUsize,
    done: &AtomicBool,
    act: &(dyn Fn() -> Then + Send + Sync),
) {
    let mut room = [0; 8192];
    while let Ok(count) = from.read(&mut room) {
        if count == 0 || up.write_all(&room[..count]).is_err() {
            break;
        }
        let before = sum.fetch_add(count, Ordering::SeqCst);
        if before < after && before + count >= after {
            let then = act();
            done.store(true, Ordering::SeqCst);
            if then == Then::Cut {
                let _ = from.shutdown(Shutdown::Both);
                break;
            }
        }
    }
    let _ = up.shutdown(Shutdown::Both);
}

/// Many small files, over as many connections as the host bears.
pub fn at_once(target: &dyn Target, files: usize) {
    let next = AtomicUsize::new(0);
    let mut ways: Vec<_> = (0..target.jobs()).map(|_| target.connect().expect("connects")).collect();
    thread::scope(|scope| {
        for way in &mut ways {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::SeqCst);
                    if number >= files {
                        break;
                    }
                    put(&mut **way, &format!("p/{}/{number}.html", number % 7), format!("page {number}"));
                }
            });
        }
    });
    ways.first_mut().expect("has a way").commit("公開").expect("publishes");
}
