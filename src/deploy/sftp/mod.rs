//! SFTP, without the `ssh` of the machine.
//!
//! The host proves who it is by the fingerprint in the settings; there is no first time at which anything would be
//! believed. Each connection has its own session and a runtime of one thread that only runs while it is asked for
//! something. Content, its size and the end of a file are sent without waiting for each answer, so a small file costs
//! three round trips: open; write, size and close; rename. What releases want beside that is in [`links`].

mod links;

use super::config::{Config, key_variable, password_variable};
use super::headers::Headers;
use super::patience::Patience;
use super::releases::Releases;
use super::target::{Answer, Connection, Found, LOCK, Lock, Target, Trouble, temporary};

use russh::client::{self, AuthResult, Handle, KeyboardInteractiveAuthResponse};
use russh::keys::{Algorithm, HashAlg, PrivateKey, PrivateKeyWithHashAlg, PublicKeyOrCertificate, decode_secret_key};
use russh::{MethodKind, Preferred};
use russh_sftp::client::error::Error;
use russh_sftp::client::{Config as SessionConfig, RawSftpSession};
use russh_sftp::protocol::{FileAttributes, FileType, OpenFlags, Packet, StatusCode};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::future::{Future, poll_fn};
use std::net::{TcpStream, ToSocketAddrs};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;
use std::time::Duration;
use tokio::runtime::Runtime;

/// What every server takes in one packet.
const PIECE: usize = 32_000;
/// How many requests are on their way at once.
const ON_THE_WAY: usize = 32;
const JOBS: usize = 4;
const POSIX_RENAME: &str = "posix-rename@openssh.com";

/// Opens the target.
pub(super) fn open(name: &str, config: &Config, environment: super::Environment<'_>) -> Answer<Box<dyn Target>> {
    let variable = password_variable(name);
    let password = environment(&variable).filter(|password| !password.is_empty());
    let from = if config.key.is_empty() { key_variable(name) } else { config.key.clone() };
    let text = super::ssh::key(name, config, environment)?;
    let key = text.map(|text| key(&text, &from, password.as_deref(), &variable)).transpose()?;
    if key.is_none() && password.is_none() {
        return Err(Trouble::lasting(
            format!(
                "サーバーに入るための鍵がありません。key: に鍵ファイルの場所を書くか、鍵の中身を環境変数 {} に、またはパスワードを環境変数 {variable} に入れてください。",
                key_variable(name)
            ),
            format!("there is neither a `key:` file nor a password in {variable}"),
        ));
    }
    let root = config.path.trim();
    let root = root.strip_prefix("~/").unwrap_or(if root == "~" { "" } else { root });
    let root = if root.len() > 1 { root.trim_end_matches('/') } else { root };
    let host = Shared(Arc::new(Host {
        host: config.host.clone(),
        port: config.port.unwrap_or(22),
        user: config.user.clone(),
        root: root.to_owned(),
        pin: config.host_key.trim().trim_end_matches('=').to_owned(),
        key,
        password,
        variable,
        patience: Patience::read(environment),
        kinds: Mutex::new(Preferred::DEFAULT.key.to_vec()),
    }));
    Ok(if config.releases { Box::new(Releases::new(host)) } else { Box::new(host) })
}

/// Reads a private key.
fn key(text: &str, from: &str, password: Option<&str>, variable: &str) -> Answer<Arc<PrivateKey>> {
    let bad = |error: &russh::keys::Error| {
        Trouble::lasting(
            format!(
                "{from} の鍵が読みとれません（{error}）。パスワードつきの鍵なら、環境変数 {variable} を確かめてください。"
            ),
            format!("the key of {from} cannot be used: {error}; if it has a passphrase, check {variable}"),
        )
    };
    match decode_secret_key(text, None) {
        Ok(key) => Ok(Arc::new(key)),
        Err(russh::keys::Error::KeyIsEncrypted) if password.is_none() => Err(Trouble::lasting(
            format!("{from} の鍵にはパスワードがついています。環境変数 {variable} に入れてください。"),
            format!("the key of {from} has a passphrase; put it into {variable}"),
        )),
        Err(first) => match password {
            Some(password) => decode_secret_key(text, Some(password)).map(Arc::new).map_err(|error| bad(&error)),
            None => Err(bad(&first)),
        },
    }
}

struct Host {
    host: String,
    port: u16,
    user: String,
    root: String,
    pin: String,
    key: Option<Arc<PrivateKey>>,
    password: Option<String>,
    variable: String,
    patience: Patience,
    /// The kinds of host keys that may be the one in the settings: hosts have several, and show one.
    kinds: Mutex<Vec<Algorithm>>,
}

/// Believes a host by its fingerprint; remembers what it saw.
struct Pinned {
    pin: String,
    seen: Arc<Mutex<Option<(String, Algorithm)>>>,
}

impl client::Handler for Pinned {
    type Error = russh::Error;

    async fn check_server_key(&mut self, shown: &PublicKeyOrCertificate) -> Result<bool, Self::Error> {
        // Certificates are not asked for.
        let PublicKeyOrCertificate::PublicKey { key, .. } = shown else { return Ok(false) };
        let fingerprint = key.fingerprint(HashAlg::Sha256).to_string();
        let same = fingerprint == self.pin;
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some((fingerprint, key.algorithm()));
        Ok(same)
    }
}

/// A host's RSA key goes by three names.
fn is_rsa(kind: &Algorithm) -> bool {
    matches!(kind, Algorithm::Rsa { .. })
}

fn gone(host: &str, why: &str) -> Trouble {
    Trouble::passing(format!("サーバー {host} とつながりません（{why}）。"), format!("no connection to {host}: {why}"))
}

fn silent(host: &str, silence: Duration) -> Trouble {
    let seconds = silence.as_secs();
    Trouble::passing(
        format!("サーバー {host} から {seconds} 秒のあいだ返事がありません。"),
        format!("{host} did not answer for {seconds} seconds"),
    )
}

impl Host {
    /// Waits for something, but not for ever.
    async fn within<T, E>(&self, what: impl Future<Output = Result<T, E>>) -> Answer<Result<T, E>> {
        tokio::time::timeout(self.patience.each, what).await.map_err(|_| silent(&self.host, self.patience.each))
    }

    fn socket(&self) -> Answer<TcpStream> {
        let limit = self.patience.connect;
        let addresses = (self.host.as_str(), self.port).to_socket_addrs().map_err(|error| {
            Trouble::passing(
                format!("サーバー {} が見つかりません（{error}）。host: のつづりと、インターネットの接続を確かめてください。", self.host),
                format!("{} was not found: {error}", self.host),
            )
        })?;
        let mut last = gone(&self.host, "no address");
        for address in addresses {
            match TcpStream::connect_timeout(&address, limit) {
                Ok(socket) => {
                    socket.set_nonblocking(true).map_err(|error| gone(&self.host, &error.to_string()))?;
                    return Ok(socket);
                }
                Err(error) => {
                    let hint =
                        "ホスト名と port: を確かめてください。海外からの接続（自動公開など）を断るサーバーもあります";
                    last = Trouble::passing(
                        format!("サーバー {} の {} 番につながりません（{error}）。{hint}。", self.host, self.port),
                        format!("{}:{} refuses the connection: {error}", self.host, self.port),
                    );
                }
            }
        }
        Err(last)
    }

    /// A session with a host that is the right one.
    async fn session(&self) -> Answer<Handle<Pinned>> {
        let mut kinds = self.kinds.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut shown: Vec<String> = Vec::new();
        loop {
            let config = client::Config {
                preferred: Preferred { key: Cow::Owned(kinds.clone()), ..Preferred::DEFAULT },
                nodelay: true,
                ..client::Config::default()
            };
            let seen = Arc::new(Mutex::new(None));
            let handler = Pinned { pin: self.pin.clone(), seen: Arc::clone(&seen) };
            let socket = self.socket()?;
            let attempt = async {
                let socket = tokio::net::TcpStream::from_std(socket)?;
                client::connect_stream(Arc::new(config), socket, handler).await
            };
            match self.within(attempt).await? {
                Ok(session) => {
                    *self.kinds.lock().unwrap_or_else(PoisonError::into_inner) = kinds;
                    return Ok(session);
                }
                Err(russh::Error::UnknownKey) => {
                    let seen = seen.lock().unwrap_or_else(PoisonError::into_inner).take();
                    let Some((fingerprint, kind)) = seen else { return Err(self.stranger(&shown)) };
                    shown.push(fingerprint);
                    // It may have another key that is the one.
                    kinds.retain(|other| *other != kind && !(is_rsa(other) && is_rsa(&kind)));
                    if kinds.is_empty() {
                        return Err(self.stranger(&shown));
                    }
                }
                Err(russh::Error::NoCommonAlgo { .. }) if !shown.is_empty() => return Err(self.stranger(&shown)),
                Err(error) => return Err(self.broken(&error)),
            }
        }
    }

    /// A host whose key is not the one in the settings.
    fn stranger(&self, shown: &[String]) -> Trouble {
        let (host, pin, shown) = (&self.host, &self.pin, shown.join(", "));
        Trouble::lasting(
            format!(
                "サーバー {host} の鍵が、設定とちがいます。設定（host_key）: {pin}、サーバー: {shown}。なりすましかもしれないので、つなぎません。サーバーの会社の案内で鍵が変わったと確かめられたときだけ、host_key: を書きかえてください。"
            ),
            format!("the key of {host} is not the one in the settings: `host_key` {pin}, the host's {shown}"),
        )
    }

    /// What an error of the SSH session means.
    fn broken(&self, error: &russh::Error) -> Trouble {
        match error {
            russh::Error::NoCommonAlgo { .. } | russh::Error::UnknownAlgo | russh::Error::Version => Trouble::lasting(
                format!(
                    "サーバー {} と、暗号の方式が合いません（{error}）。port: が SSH のものか、サーバーが古すぎないか確かめてください。",
                    self.host
                ),
                format!("no common way to speak with {}: {error}", self.host),
            ),
            _ => gone(&self.host, &error.to_string()),
        }
    }

    async fn sign_in(&self, session: &mut Handle<Pinned>) -> Answer<()> {
        let mut partly = false;
        if let Some(key) = &self.key {
            let hash = if is_rsa(&key.algorithm()) {
                let best =
                    self.within(session.best_supported_rsa_hash()).await?.map_err(|error| self.broken(&error))?;
                best.unwrap_or(Some(HashAlg::Sha512))
            } else {
                None
            };
            let key = PrivateKeyWithHashAlg::new(Arc::clone(key), hash);
            let result = self.within(session.authenticate_publickey(&self.user, key)).await?;
            match result.map_err(|error| self.broken(&error))? {
                AuthResult::Success => return Ok(()),
                AuthResult::Failure { partial_success, .. } => partly = partial_success,
            }
        }
        if let Some(password) = self.password.as_ref().filter(|_| self.key.is_none() || partly) {
            let result = self.within(session.authenticate_password(&self.user, password)).await?;
            let rest = match result.map_err(|error| self.broken(&error))? {
                AuthResult::Success => return Ok(()),
                AuthResult::Failure { remaining_methods, .. } => remaining_methods,
            };
            // The same password where a host only asks questions.
            if rest.contains(&MethodKind::KeyboardInteractive) && self.answer(session, password).await? {
                return Ok(());
            }
        }
        let (user, variable) = (&self.user, &self.variable);
        let (ja, en) = if self.key.is_some() {
            ("サーバーに公開鍵が登録されているか、key: の鍵が合っているか".to_owned(), "the key was refused".to_owned())
        } else {
            (
                format!("環境変数 {variable} のパスワードが合っているか"),
                format!("the password in {variable} was refused"),
            )
        };
        Err(Trouble::lasting(
            format!("サーバー {} に入れません。利用者名（{user}）と、{ja}を確かめてください。", self.host),
            format!("{} does not let {user} in: {en}", self.host),
        ))
    }

    async fn answer(&self, session: &mut Handle<Pinned>, password: &str) -> Answer<bool> {
        let start = session.authenticate_keyboard_interactive_start(&self.user, None);
        let mut said = self.within(start).await?.map_err(|error| self.broken(&error))?;
        for _ in 0..4 {
            let KeyboardInteractiveAuthResponse::InfoRequest { prompts, .. } = &said else { break };
            let answers = prompts.iter().map(|_| password.to_owned()).collect();
            let next = session.authenticate_keyboard_interactive_respond(answers);
            said = self.within(next).await?.map_err(|error| self.broken(&error))?;
        }
        Ok(matches!(said, KeyboardInteractiveAuthResponse::Success))
    }

    async fn connect(self: Arc<Self>) -> Answer<(Handle<Pinned>, RawSftpSession, bool)> {
        let mut session = self.session().await?;
        self.sign_in(&mut session).await?;
        let no_sftp = |error: &dyn std::fmt::Display| {
            Trouble::lasting(
                format!("サーバー {} で SFTP が使えません（{error}）。サーバーの設定を確かめてください。", self.host),
                format!("{} offers no SFTP: {error}", self.host),
            )
        };
        let channel = self.within(session.channel_open_session()).await?.map_err(|error| match &error {
            russh::Error::ChannelOpenFailure(_) => no_sftp(&error),
            _ => self.broken(&error),
        })?;
        self.within(channel.request_subsystem(true, "sftp")).await?.map_err(|error| self.broken(&error))?;
        // The time is taken here: a request that waits behind others has not begun to be late.
        let config = SessionConfig { request_timeout_secs: 1 << 31, ..SessionConfig::default() };
        let sftp = RawSftpSession::new_with_config(channel.into_stream(), config);
        let version = self.within(sftp.init()).await?.map_err(|error| no_sftp(&error))?;
        let posix = version.extensions.contains_key(POSIX_RENAME);
        Ok((session, sftp, posix))
    }
}

struct Shared(Arc<Host>);

impl Shared {
    fn open(&self) -> Answer<Running> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| {
            Trouble::lasting(
                format!("通信の準備ができません（{error}）。"),
                format!("cannot prepare to connect: {error}"),
            )
        })?;
        let (session, sftp, posix) = runtime.block_on(Arc::clone(&self.0).connect())?;
        let way = Way { host: Arc::clone(&self.0), _session: session, sftp, posix, folders: BTreeSet::new() };
        Ok(Running { way, runtime })
    }
}

impl Target for Shared {
    fn connect(&self) -> Answer<Box<dyn Connection>> {
        Ok(Box::new(self.open()?))
    }

    fn jobs(&self) -> usize {
        JOBS
    }
}

struct Way {
    host: Arc<Host>,
    /// Ends with the connection.
    _session: Handle<Pinned>,
    sftp: RawSftpSession,
    posix: bool,
    /// Folders that are known to be there.
    folders: BTreeSet<String>,
}

/// What came of a request that was sent along with others.
enum Done {
    Ok,
    Size(Option<u64>),
    Data(u64, Vec<u8>),
    Listed(Vec<(String, FileAttributes)>, String),
}

type Waiting<'a> = Pin<Box<dyn Future<Output = Result<Done, Error>> + Send + 'a>>;

/// The first answer of several. They are asked for in their order, so their requests go out in it.
async fn first(waiting: &mut Vec<Waiting<'_>>) -> Option<Result<Done, Error>> {
    poll_fn(|context| {
        if waiting.is_empty() {
            return Poll::Ready(None);
        }
        for at in 0..waiting.len() {
            if let Some(one) = waiting.get_mut(at)
                && let Poll::Ready(done) = one.as_mut().poll(context)
            {
                drop(waiting.remove(at));
                return Poll::Ready(Some(done));
            }
        }
        Poll::Pending
    })
    .await
}

fn is_missing(error: &Error) -> bool {
    matches!(error, Error::Status(status) if status.status_code == StatusCode::NoSuchFile)
}

impl Way {
    fn place(&self, path: &str) -> String {
        match self.host.root.as_str() {
            "" => path.to_owned(),
            "/" => format!("/{path}"),
            root => format!("{root}/{path}"),
        }
    }

    fn root(&self) -> &str {
        if self.host.root.is_empty() { "." } else { &self.host.root }
    }

    /// What an error about a file means.
    fn trouble(&self, path: &str, error: &Error) -> Trouble {
        let host = &self.host.host;
        match error {
            Error::Status(status) => {
                let said = if status.error_message.is_empty() {
                    status.status_code.to_string()
                } else {
                    status.error_message.clone()
                };
                match status.status_code {
                    StatusCode::NoConnection | StatusCode::ConnectionLost => gone(host, &said),
                    StatusCode::PermissionDenied => Trouble::lasting(
                        format!(
                            "サーバーの {} に書きこむ（か読む）許可がありません。path: と、フォルダの持ち主・許可を確かめてください。",
                            self.place(path)
                        ),
                        format!("{}: permission denied", self.place(path)),
                    ),
                    StatusCode::NoSuchFile => Trouble::lasting(
                        format!("サーバーに {} がありません。", self.place(path)),
                        format!("{}: no such file", self.place(path)),
                    ),
                    _ => Trouble::lasting(
                        format!(
                            "サーバーが {} を断りました（{said}）。空き容量と、同じ名前のフォルダがないかを確かめてください。",
                            self.place(path)
                        ),
                        format!("{}: {said}", self.place(path)),
                    ),
                }
            }
            Error::Timeout => silent(host, self.host.patience.each),
            _ => gone(host, &error.to_string()),
        }
    }

    /// Waits for an answer about a file.
    async fn ask<T>(&self, path: &str, what: impl Future<Output = Result<T, Error>>) -> Answer<T> {
        self.host.within(what).await?.map_err(|error| self.trouble(path, &error))
    }

    /// The same; nothing when the host says that there is no such file.
    async fn ask_if_there<T>(&self, path: &str, what: impl Future<Output = Result<T, Error>>) -> Answer<Option<T>> {
        match self.host.within(what).await? {
            Ok(answer) => Ok(Some(answer)),
            Err(error) if is_missing(&error) => Ok(None),
            Err(error) => Err(self.trouble(path, &error)),
        }
    }

    async fn next(&self, path: &str, waiting: &mut Vec<Waiting<'_>>) -> Answer<Option<Done>> {
        match tokio::time::timeout(self.host.patience.each, first(waiting)).await {
            Ok(None) => Ok(None),
            Ok(Some(Ok(done))) => Ok(Some(done)),
            Ok(Some(Err(error))) => Err(self.trouble(path, &error)),
            Err(_) => Err(silent(&self.host.host, self.host.patience.each)),
        }
    }

    /// Makes the folders above a place.
    async fn make_folders(&mut self, place: &str) -> Answer<()> {
        let above: Vec<String> = place
            .match_indices('/')
            .filter_map(|(at, _)| place.get(..at))
            .filter(|above| !above.is_empty())
            .map(str::to_owned)
            .collect();
        let mut there = above.len();
        while let Some(folder) = there.checked_sub(1).and_then(|at| above.get(at)) {
            if self.folders.contains(folder) || self.is_folder(folder).await? {
                break;
            }
            there -= 1;
        }
        for folder in above.iter().skip(there) {
            // Another worker may make it at the same moment.
            if let Err(error) = self.host.within(self.sftp.mkdir(folder, FileAttributes::empty())).await?
                && !self.is_folder(folder).await?
            {
                return Err(self.absolute(folder, &error));
            }
        }
        self.folders.extend(above);
        Ok(())
    }

    async fn is_folder(&self, folder: &str) -> Answer<bool> {
        match self.host.within(self.sftp.stat(folder)).await? {
            Ok(found) => Ok(found.attrs.file_type() == FileType::Dir),
            Err(Error::Status(_)) => Ok(false),
            Err(error) => Err(self.absolute(folder, &error)),
        }
    }

    /// What an error about a place means, that is not below the site's root.
    fn absolute(&self, place: &str, error: &Error) -> Trouble {
        match error {
            Error::Status(status) => Trouble::lasting(
                format!(
                    "サーバーにフォルダ {place} を作れません（{}）。path: と、フォルダの許可を確かめてください。",
                    status.status_code
                ),
                format!("cannot make the folder {place}: {}", status.status_code),
            ),
            other => self.trouble(place, other),
        }
    }

    /// Opens a file for writing, and makes its folders when it has none.
    async fn create(&mut self, path: &str, flags: OpenFlags) -> Answer<Result<String, Error>> {
        let place = self.place(path);
        match self.host.within(self.sftp.open(&place, flags, FileAttributes::empty())).await? {
            Err(error) if is_missing(&error) => {
                self.make_folders(&place).await?;
                let opened = self.host.within(self.sftp.open(&place, flags, FileAttributes::empty())).await?;
                Ok(opened.map(|opened| opened.handle))
            }
            opened => Ok(opened.map(|opened| opened.handle)),
        }
    }

    /// Writes a file that is open, and closes it; its size as the host sees it.
    async fn fill(&self, path: &str, handle: &str, content: &[u8]) -> Answer<Option<u64>> {
        let sftp = &self.sftp;
        let mut pieces = content.chunks(PIECE).enumerate();
        let mut waiting: Vec<Waiting<'_>> = Vec::new();
        let mut size = None;
        let mut all_sent = false;
        loop {
            while !all_sent && waiting.len() < ON_THE_WAY {
                match pieces.next() {
                    Some((number, piece)) => {
                        let offset = (number * PIECE) as u64;
                        waiting.push(Box::pin(async move {
                            sftp.write(handle, offset, piece.to_vec()).await.map(|_| Done::Ok)
                        }));
                    }
                    None => {
                        // Requests about one file are done in the order in which they come.
                        waiting.push(Box::pin(async move {
                            sftp.fstat(handle).await.map(|found| Done::Size(found.attrs.size))
                        }));
                        waiting.push(Box::pin(async move { sftp.close(handle).await.map(|_| Done::Ok) }));
                        all_sent = true;
                    }
                }
            }
            match self.next(path, &mut waiting).await? {
                None => return Ok(size),
                Some(Done::Size(found)) => size = found,
                Some(_) => {}
            }
        }
    }

    /// Puts a whole file in the place of another.
    async fn replace(&self, path: &str, new: &str) -> Answer<()> {
        let (from, to) = (self.place(new), self.place(path));
        if self.posix {
            let mut names = Vec::with_capacity(from.len() + to.len() + 8);
            for name in [&from, &to] {
                names.extend_from_slice(&u32::try_from(name.len()).unwrap_or(u32::MAX).to_be_bytes());
                names.extend_from_slice(name.as_bytes());
            }
            let answer = self.ask(path, self.sftp.extended(POSIX_RENAME, names)).await?;
            return match answer {
                Packet::Status(status) if status.status_code == StatusCode::Ok => Ok(()),
                Packet::Status(status) => Err(self.trouble(path, &Error::Status(status))),
                _ => Err(self.trouble(path, &Error::UnexpectedPacket)),
            };
        }
        // Some servers replace with their plain renaming.
        if self.host.within(self.sftp.rename(&from, &to)).await?.is_ok() {
            return Ok(());
        }
        // The others do not: the old file steps aside until the new one is there.
        let aside = self.place(&temporary(&format!("{path}.bak")));
        let _ = self.ask_if_there(path, self.sftp.remove(&aside)).await?;
        let stepped = self.ask_if_there(path, self.sftp.rename(&to, &aside)).await?;
        if let Err(error) = self.host.within(self.sftp.rename(&from, &to)).await? {
            if stepped.is_some() {
                let _ = self.host.within(self.sftp.rename(&aside, &to)).await?;
            }
            return Err(self.trouble(path, &error));
        }
        if stepped.is_some() {
            let _ = self.ask_if_there(path, self.sftp.remove(&aside)).await?;
        }
        Ok(())
    }

    async fn put(&mut self, path: &str, content: &[u8]) -> Answer<()> {
        let new = temporary(path);
        let flags = OpenFlags::WRITE | OpenFlags::CREATE | OpenFlags::TRUNCATE;
        let handle = self.create(&new, flags).await?.map_err(|error| self.trouble(path, &error))?;
        let size = match self.fill(path, &handle, content).await {
            Ok(size) => size,
            Err(trouble) => {
                if !trouble.passing {
                    // What a full disk left; the handle goes with the connection, when that is closed.
                    let _ = self.host.within(self.sftp.remove(self.place(&new))).await;
                }
                return Err(trouble);
            }
        };
        if size.is_some_and(|size| size != content.len() as u64) {
            let _ = self.host.within(self.sftp.remove(self.place(&new))).await?;
            return Err(Trouble::passing(
                format!("{path} が途中までしか届きませんでした。"),
                format!("{path} did not arrive whole"),
            ));
        }
        self.replace(path, &new).await
    }

    async fn read(&self, path: &str) -> Answer<Option<Vec<u8>>> {
        let place = self.place(path);
        let opened = self.ask_if_there(path, self.sftp.open(&place, OpenFlags::READ, FileAttributes::empty())).await?;
        let Some(opened) = opened else { return Ok(None) };
        let handle = opened.handle.as_str();
        let found = self.ask(path, self.sftp.fstat(handle)).await?.attrs;
        let content =
            if found.file_type() == FileType::Dir { None } else { Some(self.content(path, handle, found.size).await?) };
        self.ask(path, self.sftp.close(handle)).await?;
        Ok(content)
    }

    async fn content(&self, path: &str, handle: &str, size: Option<u64>) -> Answer<Vec<u8>> {
        let sftp = &self.sftp;
        let mut pieces: BTreeMap<u64, Vec<u8>> = BTreeMap::new();
        let mut offsets = (0..size.unwrap_or(0)).step_by(PIECE);
        let mut waiting: Vec<Waiting<'_>> = Vec::new();
        loop {
            while waiting.len() < ON_THE_WAY {
                let Some(offset) = offsets.next() else { break };
                waiting.push(Box::pin(async move {
                    match sftp.read(handle, offset, PIECE as u32).await {
                        Ok(data) => Ok(Done::Data(offset, data.data)),
                        Err(Error::Status(status)) if status.status_code == StatusCode::Eof => Ok(Done::Ok),
                        Err(error) => Err(error),
                    }
                }));
            }
            match self.next(path, &mut waiting).await? {
                None => break,
                Some(Done::Data(offset, data)) => drop(pieces.insert(offset, data)),
                Some(_) => {}
            }
        }
        let mut content = Vec::new();
        for (offset, piece) in pieces {
            if offset != content.len() as u64 {
                break;
            }
            content.extend(piece);
        }
        // What came in shorter pieces, and what has grown meanwhile.
        loop {
            match self.host.within(sftp.read(handle, content.len() as u64, PIECE as u32)).await? {
                Ok(data) if data.data.is_empty() => return Ok(content),
                Ok(data) => content.extend(data.data),
                Err(Error::Status(status)) if status.status_code == StatusCode::Eof => return Ok(content),
                Err(error) => return Err(self.trouble(path, &error)),
            }
        }
    }

    /// All files below a folder of the site, and its folders, each behind the one that holds it.
    async fn list(&self, from: &str) -> Answer<(Vec<Found>, Vec<String>)> {
        let sftp = &self.sftp;
        let mut found = Vec::new();
        let mut seen = Vec::new();
        let mut folders = vec![from.to_owned()];
        let mut waiting: Vec<Waiting<'_>> = Vec::new();
        loop {
            while waiting.len() < ON_THE_WAY {
                let Some(folder) = folders.pop() else { break };
                let place = if folder.is_empty() { self.root().to_owned() } else { self.place(&folder) };
                waiting.push(Box::pin(async move {
                    let handle = match sftp.opendir(place).await {
                        Ok(opened) => opened.handle,
                        // A root that is missing has no files; a folder may go while we look.
                        Err(error) if is_missing(&error) => return Ok(Done::Ok),
                        Err(error) => return Err(error),
                    };
                    let mut names = Vec::new();
                    loop {
                        match sftp.readdir(&handle).await {
                            Ok(some) => names.extend(some.files.into_iter().map(|file| (file.filename, file.attrs))),
                            Err(Error::Status(status)) if status.status_code == StatusCode::Eof => break,
                            Err(error) => return Err(error),
                        }
                    }
                    sftp.close(&handle).await?;
                    Ok(Done::Listed(names, folder))
                }));
            }
            let Some(done) = self.next("", &mut waiting).await? else { return Ok((found, seen)) };
            let Done::Listed(names, folder) = done else { continue };
            for (name, attributes) in names.into_iter().filter(|(name, _)| name != "." && name != "..") {
                let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
                if attributes.file_type() == FileType::Dir {
                    folders.push(path.clone());
                    seen.push(path);
                } else {
                    found.push(Found { path, size: attributes.size.unwrap_or(0) });
                }
            }
        }
    }

    /// Sends all of these along with each other, in their order.
    async fn all(&self, path: &str, each: impl Iterator<Item = Waiting<'_>>) -> Answer<()> {
        let mut each = each.fuse();
        let mut waiting: Vec<Waiting<'_>> = Vec::new();
        loop {
            waiting.extend(each.by_ref().take(ON_THE_WAY - waiting.len()));
            if self.next(path, &mut waiting).await?.is_none() {
                return Ok(());
            }
        }
    }

    async fn delete(&mut self, path: &str) -> Answer<()> {
        let _ = self.ask_if_there(path, self.sftp.remove(self.place(path))).await?;
        let mut folder = path;
        while let Some((above, _)) = folder.rsplit_once('/') {
            // Only an empty one lets itself be removed.
            if self.host.within(self.sftp.rmdir(self.place(above))).await?.is_err() {
                break;
            }
            let place = self.place(above);
            self.folders.remove(&place);
            folder = above;
        }
        Ok(())
    }

    async fn lock(&mut self, text: &str) -> Answer<Lock> {
        let taken = |text: Vec<u8>| Lock::Taken(String::from_utf8_lossy(&text).into_owned());
        // Some servers (rclone's) open a file that must be new although it is there, and empty it.
        if let Some(other) = self.read(LOCK).await? {
            return Ok(taken(other));
        }
        let flags = OpenFlags::WRITE | OpenFlags::CREATE | OpenFlags::EXCLUDE;
        let handle = match self.create(LOCK, flags).await? {
            Ok(handle) => handle,
            // Servers say only that it failed; whether somebody has it is seen by looking.
            Err(error @ Error::Status(_)) => {
                return match self.read(LOCK).await? {
                    Some(other) => Ok(taken(other)),
                    None => Err(self.trouble(LOCK, &error)),
                };
            }
            Err(error) => return Err(self.trouble(LOCK, &error)),
        };
        if let Err(trouble) = self.fill(LOCK, &handle, text.as_bytes()).await {
            let _ = self.host.within(self.sftp.remove(self.place(LOCK))).await;
            return Err(trouble);
        }
        // Once more: a server that lets us would let somebody else, too.
        let Ok(handle) = self.create(LOCK, flags).await? else { return Ok(Lock::Held) };
        let written = self.fill(LOCK, &handle, text.as_bytes()).await;
        match (self.read(LOCK).await?, written) {
            (Some(there), _) if there == text.as_bytes() => Ok(Lock::Advisory),
            (Some(there), Ok(_)) => Ok(taken(there)),
            (_, Err(trouble)) => Err(trouble),
            (None, Ok(_)) => Err(self.trouble(LOCK, &Error::UnexpectedBehavior("the lock is gone".to_owned()))),
        }
    }
}

/// A way with what runs it.
struct Running {
    // Before the runtime, which it needs to end.
    way: Way,
    runtime: Runtime,
}

impl Connection for Running {
    fn read(&mut self, path: &str) -> Answer<Option<Vec<u8>>> {
        self.runtime.block_on(self.way.read(path))
    }

    fn size(&mut self, path: &str) -> Answer<Option<u64>> {
        let way = &self.way;
        let found = self.runtime.block_on(way.ask_if_there(path, way.sftp.stat(way.place(path))))?;
        Ok(found.filter(|found| found.attrs.file_type() != FileType::Dir).map(|found| found.attrs.size.unwrap_or(0)))
    }

    fn is_folder(&mut self, path: &str) -> Answer<bool> {
        let way = &self.way;
        self.runtime.block_on(way.is_folder(&way.place(path)))
    }

    fn list(&mut self) -> Answer<Vec<Found>> {
        Ok(self.runtime.block_on(self.way.list(""))?.0)
    }

    fn put(&mut self, path: &str, content: &[u8], _headers: &Headers) -> Answer<()> {
        self.runtime.block_on(self.way.put(path, content))
    }

    fn delete(&mut self, path: &str) -> Answer<()> {
        self.runtime.block_on(self.way.delete(path))
    }

    fn lock(&mut self, text: &str) -> Answer<Lock> {
        self.runtime.block_on(self.way.lock(text))
    }

    fn unlock(&mut self) -> Answer<()> {
        let way = &self.way;
        self.runtime.block_on(way.ask_if_there(LOCK, way.sftp.remove(way.place(LOCK)))).map(|_| ())
    }
}
