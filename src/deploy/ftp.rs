//! FTP and FTPS, as rental servers speak it.
//!
//! Spoken by ourselves, for the few commands that a site needs. suppaftp 12, which was looked at first, has no timeouts
//! for connections where TLS begins at once (and that only as a deprecated feature), tells why TLS failed only in
//! words, and brings chrono and a regular expression engine along.
//!
//! What was learnt on real servers: `STOR` empties a file before the server looks at the data connection, so nothing
//! is ever stored at its final name; the data connections must resume the TLS session of their own control connection,
//! which with TLS 1.3 works only as long as there are tickets, so TLS 1.2 comes first and each control connection has
//! settings, and with them a memory of sessions, of its own; "550" may mean anything, so that something is not there
//! is believed only when a listing shows it.

use super::config::{Config, password_variable};
use super::headers::Headers;
use super::listing::{self, Entry};
use super::patience::Patience;
use super::target::{Answer, Connection, Found, LOCK, Lock, OWN, RENAMED, Target, Trouble, temporary};
use super::tls;
use rustls::pki_types::ServerName;
use rustls::{AlertDescription, ClientConfig, ClientConnection, StreamOwned};
use std::collections::BTreeSet;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream, ToSocketAddrs};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The folder that only one can make: FTP has no other way to write only what is not there yet.
const LOCK_FOLDER: &str = ".heartnet/lock.d";
/// Rental servers let few connections in.
const JOBS: usize = 4;
/// What the system may still have to send when everything was written: 4 MB, each with the time of a silence.
const UNSENT: usize = 4;
/// Longest line and most lines of a reply, against servers that never end.
const LINE: u64 = 16 * 1024;
const LINES: usize = 4096;
/// Folders below folders below folders.
const DEEP: usize = 32;

/// Opens the target.
pub(super) fn open(name: &str, config: &Config, environment: super::Environment<'_>) -> Answer<Box<dyn Target>> {
    let variable = password_variable(name);
    let Some(password) = environment(&variable).filter(|password| !password.is_empty()) else {
        return Err(Trouble::lasting(
            format!("FTP のパスワードがありません。環境変数 {variable} に入れてから、もう一度どうぞ。"),
            format!("there is no FTP password; put it into the environment variable {variable}"),
        ));
    };
    let encryption = match (config.kind.as_str(), config.implicit) {
        ("ftps", false) => Encryption::Asked,
        ("ftps", true) => Encryption::AtOnce,
        _ if config.allow_plaintext => Encryption::None,
        _ => {
            return Err(Trouble::lasting(
                "暗号化しない FTP を使うには allow_plaintext: true と書いてください。できれば ftps を使ってください。",
                "FTP without encryption wants `allow_plaintext: true`; use ftps if you can",
            ));
        }
    };
    for (field, value) in
        [("host", &config.host), ("user", &config.user), ("path", &config.path), (&variable, &password)]
    {
        if value.chars().any(char::is_control) {
            return Err(Trouble::lasting(
                format!("{field} に、改行など目に見えない文字が入っています。消してください。"),
                format!("there are control characters in {field}; take them out"),
            ));
        }
    }
    if encryption != Encryption::None {
        tls::client_config(&config.tls_pin, true)?; // a wrong pin is told before anything is asked of the host
    }
    let patience = Patience::read(environment);
    Ok(Box::new(Ftp {
        host: config.host.trim().to_owned(),
        port: config.port.unwrap_or(if encryption == Encryption::AtOnce { 990 } else { 21 }),
        user: config.user.clone(),
        password,
        variable,
        path: config.path.trim().to_owned(),
        pin: config.tls_pin.clone(),
        encryption,
        newer: AtomicBool::new(false),
        halves: Halves::default(),
        connect: patience.connect,
        idle: patience.each,
    }))
}

/// When TLS begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encryption {
    None,
    /// After `AUTH TLS`.
    Asked,
    /// With the first byte.
    AtOnce,
}

/// Files of connections that broke while they were sent. The server may still write into them, or keep them locked
/// (vsftpd), so they are not written into again, but deleted first.
type Halves = Arc<Mutex<BTreeSet<String>>>;

/// A host. Not `Debug`: it holds the password.
struct Ftp {
    host: String,
    port: u16,
    user: String,
    password: String,
    variable: String,
    path: String,
    pin: String,
    encryption: Encryption,
    /// Whether the host refused TLS 1.2.
    newer: AtomicBool,
    halves: Halves,
    connect: Duration,
    idle: Duration,
}

impl Target for Ftp {
    fn connect(&self) -> Answer<Box<dyn Connection>> {
        let newer = self.newer.load(Ordering::Relaxed);
        let session = match self.session(!newer) {
            Err(Failure { old: true, .. }) if !newer => {
                self.newer.store(true, Ordering::Relaxed);
                self.session(false)
            }
            other => other,
        };
        session.map(|session| Box::new(session) as Box<dyn Connection>).map_err(|failure| failure.trouble)
    }

    fn jobs(&self) -> usize {
        JOBS
    }

    fn promise(&self) -> (&'static str, &'static str) {
        RENAMED
    }
}

/// Why a session could not begin.
struct Failure {
    trouble: Trouble,
    /// Whether the host may only want a newer TLS.
    old: bool,
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Self {
        Self { trouble, old: false }
    }
}

impl Ftp {
    /// Connects, encrypts, logs in.
    fn session(&self, tls12_only: bool) -> Result<Session, Failure> {
        let stream = self.dial()?;
        let address = stream.peer_addr().map_err(|error| lost(&error))?;
        let security = match self.encryption {
            Encryption::None => None,
            Encryption::Asked | Encryption::AtOnce => {
                let name = ServerName::try_from(self.host.clone()).map_err(|_| {
                    Trouble::lasting(
                        format!("host の「{}」は、ホスト名ではありません。", self.host),
                        format!("`{}` is not the name of a host", self.host),
                    )
                })?;
                Some((tls::client_config(&self.pin, tls12_only)?, name))
            }
        };
        let begin = |stream: TcpStream| match &security {
            Some(security) => encrypt(stream, security).map(Stream::Tls).map_err(|error| self.mistrust(&error)),
            None => Ok(Stream::Plain(stream)),
        };
        let first = if self.encryption == Encryption::AtOnce { begin(stream)? } else { Stream::Plain(stream) };
        let mut session = Session {
            control: BufReader::new(first),
            address,
            security: None,
            base: String::new(),
            connect: self.connect,
            idle: self.idle,
            extended: true,
            facts: true,
            halves: Arc::clone(&self.halves),
            dead: false,
        };
        let greeting = session.reply()?;
        greeting.accepted(&[220], "サーバーにことわられました", "the server does not want us")?;
        if self.encryption == Encryption::Asked {
            let reply = session.ask("AUTH TLS")?;
            if !matches!(reply.code, 234 | 334) {
                return Err(if reply.code / 100 == 4 {
                    reply.trouble("暗号化（TLS）を始められません", "TLS cannot be started")
                } else {
                    Trouble::lasting(
                        "サーバーが、暗号化した FTP（FTPS）を受けつけません。ポートをたしかめ、implicit: true か sftp が使えないか、サーバーの会社の案内を見てください。",
                        format!("the server does not do FTPS here ({}); check the port, try `implicit: true` or sftp", reply.code),
                    )
                }
                .into());
            }
            session = session.encrypted(begin)?;
        }
        if security.is_some() {
            session.security = security;
            // Also where TLS began at once: without it some servers send the files in the open.
            session.ask("PBSZ 0")?.accepted(&[200], "暗号化の設定ができません", "PBSZ was refused")?;
            session.ask("PROT P")?.accepted(&[200], "ファイルの暗号化をことわられました", "PROT P was refused")?;
        }
        self.log_in(&mut session)?;
        Ok(session)
    }

    /// A connection to the first address of the host that answers.
    fn dial(&self) -> Answer<TcpStream> {
        let (host, port) = (&self.host, self.port);
        let unreachable = |error: &dyn std::fmt::Display| {
            Trouble::passing(
                format!("{host}:{port} につながりません。ホスト名とポート、ネットの接続をたしかめてください。"),
                format!("{host}:{port} cannot be reached ({error}); check host, port and network"),
            )
        };
        let mut last = None;
        for address in (host.as_str(), port).to_socket_addrs().map_err(|error| unreachable(&error))? {
            match TcpStream::connect_timeout(&address, self.connect) {
                Ok(stream) => return timed(stream, self.idle).map_err(|error| unreachable(&error)),
                Err(error) => last = Some(error),
            }
        }
        Err(last.map_or_else(|| unreachable(&"no address"), |error| unreachable(&error)))
    }

    /// What a handshake that failed means.
    fn mistrust(&self, error: &io::Error) -> Failure {
        use rustls::Error as E;
        let (trouble, old) = match error.get_ref().and_then(|error| error.downcast_ref::<E>()) {
            Some(E::InvalidCertificate(_)) if !self.pin.is_empty() => (
                Trouble::lasting(
                    format!(
                        "{} の証明書が、tls_pin に書いた指紋とちがいます。なりすましかもしれません。サーバーの会社が証明書を新しくしたのなら、新しい指紋を聞いて書きかえてください。",
                        self.host
                    ),
                    format!(
                        "the certificate of {} is not the one of `tls_pin`; this may be an impostor, or it was renewed",
                        self.host
                    ),
                ),
                false,
            ),
            Some(E::InvalidCertificate(why)) => (
                Trouble::lasting(
                    format!(
                        "{} の証明書を信用できません（{why:?}）。host が証明書の名前と同じか、たしかめてください。サーバーの会社が自分で作った証明書なら、その指紋を聞いて tls_pin に書いてください。",
                        self.host
                    ),
                    format!(
                        "the certificate of {} cannot be trusted ({why:?}); check `host`, or write the fingerprint into `tls_pin`",
                        self.host
                    ),
                ),
                false,
            ),
            Some(error) => (
                Trouble::lasting(
                    format!(
                        "{} と、暗号化（TLS）の方法が合いません。ポートと implicit が正しいか、たしかめてください。",
                        self.host
                    ),
                    format!("no TLS with {} ({error}); check `port` and `implicit`", self.host),
                ),
                matches!(
                    error,
                    E::PeerIncompatible(_)
                        | E::AlertReceived(
                            AlertDescription::ProtocolVersion
                                | AlertDescription::HandshakeFailure
                                | AlertDescription::InsufficientSecurity
                        )
                ),
            ),
            None => (lost(error), false),
        };
        Failure { trouble, old }
    }

    /// Logs in, says how names and files are sent, and finds the site's root.
    fn log_in(&self, session: &mut Session) -> Answer<()> {
        let mut reply = session.ask(&format!("USER {}", self.user))?;
        if reply.code == 331 {
            reply = session.ask(&format!("PASS {}", self.password))?;
        }
        if !matches!(reply.code, 230 | 202) {
            // What the server says is not told: it may repeat what it was sent.
            let busy =
                ["maximum", "too many", "limit", "already"].iter().any(|word| reply.text.to_lowercase().contains(word));
            return Err(if busy || reply.code / 100 == 4 {
                Trouble::passing(
                    "サーバーが混んでいて、ログインできません。",
                    format!("the server is too busy for another login ({})", reply.code),
                )
            } else {
                Trouble::lasting(
                    format!(
                        "ログインできません。user と、環境変数 {} のパスワードをたしかめてください。",
                        self.variable
                    ),
                    format!(
                        "the login was refused ({}); check `user` and the password in {}",
                        reply.code, self.variable
                    ),
                )
            });
        }
        session.ask("TYPE I")?.accepted(&[200], "ファイルをそのまま送る設定ができません", "TYPE I was refused")?;
        session.ask("OPTS UTF8 ON")?; // those who always do it, or never, say no
        let reply = session.ask("PWD")?.accepted(&[257], "ログインした場所がわかりません", "PWD was refused")?;
        let home = reply.text.split_once('"').and_then(|(_, rest)| rest.rsplit_once('"')).map(|(home, _)| home);
        let home = home.unwrap_or_default().trim_end_matches('/').replace("\"\"", "\"");
        session.base = if self.path.starts_with('/') { self.path.clone() } else { format!("{home}/{}", self.path) };
        while session.base.ends_with('/') || session.base.ends_with("/.") {
            session.base.pop();
        }
        Ok(())
    }
}

/// Sets what keeps a server that fell silent from holding us for ever.
fn timed(stream: TcpStream, idle: Duration) -> io::Result<TcpStream> {
    stream.set_read_timeout(Some(idle))?;
    stream.set_write_timeout(Some(idle))?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

type Tls = Box<StreamOwned<ClientConnection, TcpStream>>;
/// The settings, which remember the session, and whom the certificate must name.
type Security = (Arc<ClientConfig>, ServerName<'static>);

/// The whole handshake: a file without content would otherwise be closed before it began.
fn encrypt(mut stream: TcpStream, (settings, name): &Security) -> io::Result<Tls> {
    let mut tls = ClientConnection::new(Arc::clone(settings), name.clone()).map_err(io::Error::other)?;
    while tls.is_handshaking() {
        tls.complete_io(&mut stream)?;
    }
    Ok(Box::new(StreamOwned::new(tls, stream)))
}

/// A connection, encrypted or not.
enum Stream {
    Plain(TcpStream),
    Tls(Tls),
}

impl Stream {
    fn socket(&self) -> &TcpStream {
        match self {
            Self::Plain(stream) => stream,
            Self::Tls(stream) => &stream.sock,
        }
    }

    /// Says that all was sent. What the server still had to say is read: closing on top of it would reset the
    /// connection and with it what is on the way, and with TLS 1.3 it is the tickets for the next file.
    fn finish(&mut self) -> io::Result<()> {
        self.flush()?;
        if let Self::Tls(stream) = self {
            stream.conn.send_close_notify();
            stream.flush()?;
        }
        self.socket().shutdown(Shutdown::Write)?;
        if let Self::Tls(stream) = self {
            let mut rest = [0; 512];
            loop {
                match stream.read(&mut rest) {
                    Ok(0) => break,
                    Ok(_) => {}
                    Err(error) if is_silence(&error) => return Err(error),
                    Err(_) => break, // many just close
                }
            }
        }
        Ok(())
    }
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(stream) => stream.read(buffer),
            Self::Tls(stream) => stream.read(buffer),
        }
    }
}

impl Write for Stream {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(stream) => stream.write(buffer),
            Self::Tls(stream) => stream.write(buffer),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(stream) => stream.flush(),
            Self::Tls(stream) => stream.flush(),
        }
    }
}

fn is_silence(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}

/// The trouble of a connection that broke.
fn lost(error: &io::Error) -> Trouble {
    if is_silence(error) {
        Trouble::passing("サーバーが返事をしません。", "the server does not answer")
    } else {
        Trouble::passing("サーバーとの接続が切れました。", format!("the connection to the server broke: {error}"))
    }
}

/// What a server says: its number, and the words of its last line.
struct Reply {
    code: u16,
    text: String,
}

impl Reply {
    fn accepted(self, codes: &[u16], ja: &str, en: &str) -> Answer<Self> {
        if codes.contains(&self.code) { Ok(self) } else { Err(self.trouble(ja, en)) }
    }

    /// Whether the server says that it does not know the command.
    fn is_unknown(&self) -> bool {
        matches!(self.code, 500 | 501 | 502 | 504)
    }

    /// Whether the server says that the file cannot be had, which may be because there is none.
    fn is_unavailable(&self) -> bool {
        matches!(self.code, 450 | 521 | 550 | 551 | 553)
    }

    fn trouble(&self, ja: &str, en: &str) -> Trouble {
        let words: String = self.text.chars().filter(|c| !c.is_control()).take(120).collect();
        let said = format!("{} {words}", self.code);
        match self.code {
            452 | 552 => Trouble::lasting(
                format!(
                    "{ja}。サーバーの空きが足りないようです（{said}）。いらないファイルを消すか、容量を増やしてください。"
                ),
                format!("{en}: the server seems to be full ({said})"),
            ),
            100..500 => Trouble::passing(format!("{ja}（{said}）。"), format!("{en} ({said})")),
            _ => Trouble::lasting(
                format!(
                    "{ja}（{said}）。書きこみの権限と path をたしかめ、わからなければサーバーの会社に聞いてください。"
                ),
                format!("{en} ({said}); check permissions and `path`"),
            ),
        }
    }
}

/// A control connection that is logged in.
struct Session {
    control: BufReader<Stream>,
    /// Data connections go to the same address, whatever the server believes to be its own (NAT).
    address: SocketAddr,
    security: Option<Security>,
    /// The site's root, from the server's.
    base: String,
    connect: Duration,
    idle: Duration,
    /// Whether the server knows `EPSV`.
    extended: bool,
    /// Whether it knows `MLSD`.
    facts: bool,
    halves: Halves,
    /// Whether commands and replies may be out of step: then nothing may be believed any more.
    dead: bool,
}

impl Drop for Session {
    fn drop(&mut self) {
        if !self.dead {
            let _ = self.send("QUIT");
            let _ = self.control.get_mut().flush();
        }
    }
}

impl Session {
    /// Goes on encrypted.
    fn encrypted(mut self, begin: impl FnOnce(TcpStream) -> Result<Stream, Failure>) -> Result<Self, Failure> {
        if !self.control.buffer().is_empty() {
            // Words that somebody slipped in before the encryption.
            self.dead = true;
            return Err(Trouble::lasting(
                "暗号化の前に、サーバーからよけいなデータが届きました。だれかが割りこんでいるかもしれないので、やめました。",
                "the server sent data before TLS began; somebody may be interfering",
            )
            .into());
        }
        let stream = self.control.get_ref().socket().try_clone().map_err(|error| lost(&error))?;
        self.dead = true; // until it is encrypted, nothing may be said
        self.control = BufReader::new(begin(stream)?);
        self.dead = false;
        Ok(self)
    }

    fn lose(&mut self, error: &io::Error) -> Trouble {
        self.dead = true;
        lost(error)
    }

    fn send(&mut self, command: &str) -> Answer<()> {
        if self.dead {
            return Err(lost(&ErrorKind::NotConnected.into()));
        }
        if command.chars().any(char::is_control) {
            return Err(Trouble::lasting(
                "名前に改行など目に見えない文字が入っているファイルは、FTP では送れません。名前を変えてください。",
                "FTP cannot send a file with control characters in its name",
            ));
        }
        let stream = self.control.get_mut();
        let sent = stream.write_all(format!("{command}\r\n").as_bytes()).and_then(|()| stream.flush());
        sent.map_err(|error| self.lose(&error))
    }

    fn reply(&mut self) -> Answer<Reply> {
        let reply = self.read_reply().map_err(|error| self.lose(&error))?;
        self.dead |= reply.code == 421; // "goodbye"
        Ok(reply)
    }

    /// `220 text`, or several lines from `220-text` to `220 text`.
    fn read_reply(&mut self) -> io::Result<Reply> {
        let mut begun = None;
        for _ in 0..LINES {
            let mut line = Vec::new();
            if self.control.by_ref().take(LINE).read_until(b'\n', &mut line)? == 0 {
                return Err(ErrorKind::UnexpectedEof.into());
            }
            let line = String::from_utf8_lossy(&line);
            let code = line.get(..3).and_then(|code| code.parse().ok()).filter(|code| (100..600).contains(code));
            let more = line.get(3..4) == Some("-");
            match (begun, code) {
                (None, None) => break,
                (None, Some(_)) if more => begun = code,
                (Some(_), _) if more || begun != code => {}
                (_, Some(code)) => {
                    return Ok(Reply { code, text: line.get(4..).unwrap_or_default().trim().to_owned() });
                }
                (Some(_), None) => {}
            }
        }
        Err(io::Error::new(ErrorKind::InvalidData, "the server does not speak FTP"))
    }

    fn ask(&mut self, command: &str) -> Answer<Reply> {
        self.send(command)?;
        self.reply()
    }

    /// A path on the server.
    fn at(&self, path: &str) -> String {
        format!("{}/{path}", self.base)
    }

    /// A new data connection.
    fn dial(&mut self) -> Answer<TcpStream> {
        const JA: &str = "ファイルを送る接続ができません";
        const EN: &str = "no data connection";
        let mut port = None;
        if self.extended {
            let reply = self.ask("EPSV")?;
            if reply.code == 229 {
                // (|||port|)
                port = reply.text.rsplit('|').nth(1).and_then(|port| port.parse().ok());
            } else if !reply.is_unknown() && reply.code != 522 {
                return Err(reply.trouble(JA, EN));
            }
            self.extended = port.is_some();
        }
        if port.is_none() {
            let reply = self.ask("PASV")?.accepted(&[227], JA, EN)?;
            // (h1,h2,h3,h4,p1,p2), with or without the brackets
            let mut numbers = reply.text.rsplit(',').map(|part| part.trim_matches(|c: char| !c.is_ascii_digit()));
            let mut number = || numbers.next().and_then(|number| number.parse::<u8>().ok());
            port = number().zip(number()).map(|(low, high)| u16::from_be_bytes([high, low]));
        }
        let Some(port) = port else {
            return Err(Trouble::lasting(
                format!("{JA}。サーバーの返事がわかりません。"),
                format!("{EN}: the answer to PASV makes no sense"),
            ));
        };
        let stream = TcpStream::connect_timeout(&SocketAddr::new(self.address.ip(), port), self.connect);
        stream.and_then(|stream| timed(stream, self.idle)).map_err(|error| {
            Trouble::passing(
                format!("{JA}（ポート {port}）。続くときは、ネットワークの管理者に「FTP のパッシブモード」が通るか聞いてください。"),
                format!("{EN} to port {port} ({error}); if it stays, ask whether passive FTP may pass"),
            )
        })
    }

    /// Begins a transfer; inside, the refusal.
    fn begin(&mut self, command: &str) -> Answer<Result<Stream, Reply>> {
        let stream = self.dial()?;
        let reply = self.ask(command)?;
        if !matches!(reply.code, 125 | 150) {
            return Ok(Err(reply));
        }
        let stream = match &self.security {
            None => Ok(Stream::Plain(stream)),
            Some(security) => encrypt(stream, security).map(Stream::Tls),
        };
        match stream {
            Ok(stream) => Ok(Ok(stream)),
            Err(error) => Err(self.why(&error)),
        }
    }

    /// A data connection failed: the server's words, if there are some, are better than the socket's.
    fn why(&mut self, error: &io::Error) -> Trouble {
        if is_silence(error) {
            return self.lose(error);
        }
        match self.reply() {
            Ok(reply) if reply.code >= 400 => {
                reply.trouble("ファイルを送る接続が切れました", "the data connection broke")
            }
            _ => self.lose(error),
        }
    }

    /// Sends a file; inside, what the server says in the end.
    fn store(&mut self, path: &str, content: &[u8]) -> Answer<Reply> {
        let mut stream = match self.begin(&format!("STOR {path}"))? {
            Ok(stream) => stream,
            Err(reply) => return Ok(reply),
        };
        // Written is not sent: on a slow line, what the system still holds takes longer than a silence may.
        let unsent = u32::try_from((content.len() >> 20).min(UNSENT)).unwrap_or_default();
        let patience = self.idle.saturating_mul(1 + unsent);
        let sent = stream
            .write_all(content)
            .and_then(|()| stream.socket().set_read_timeout(Some(patience)))
            .and_then(|()| stream.finish());
        drop(stream);
        if let Err(error) = sent {
            return Err(self.why(&error));
        }
        let socket = self.control.get_ref().socket();
        socket.set_read_timeout(Some(patience)).map_err(|error| lost(&error))?;
        let reply = self.reply()?;
        self.control.get_ref().socket().set_read_timeout(Some(self.idle)).map_err(|error| lost(&error))?;
        Ok(reply)
    }

    /// Reads what a command sends, and whether it surely is the whole; inside, the refusal.
    fn fetch(&mut self, command: &str) -> Answer<Result<(Vec<u8>, bool), Reply>> {
        let mut stream = match self.begin(command)? {
            Ok(stream) => stream,
            Err(reply) => return Ok(Err(reply)),
        };
        let mut content = Vec::new();
        let whole = match stream.read_to_end(&mut content) {
            Ok(_) => true,
            // Encrypted, but closed without saying so, as some servers do.
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => false,
            Err(error) => return Err(self.why(&error)),
        };
        drop(stream);
        let reply = self.reply()?;
        if !matches!(reply.code, 226 | 250) {
            return Ok(Err(reply));
        }
        // What vsftpd says after an empty listing.
        if reply.text.contains("failed to open directory") {
            return Ok(Err(Reply { code: 550, ..reply }));
        }
        Ok(Ok((content, whole)))
    }

    /// What is in a folder of the server; nothing when the server cannot open it, for whatever reason.
    fn entries(&mut self, folder: &str) -> Answer<Option<Vec<Entry>>> {
        const JA: &str = "ファイルの一覧がとれません";
        const EN: &str = "no listing";
        let folder = if folder.is_empty() { "/" } else { folder };
        if self.facts {
            match self.fetch(&format!("MLSD {folder}"))? {
                Ok((listing, _)) => return listing::read(&listing, listing::fact).map(Some),
                Err(reply) if reply.is_unknown() => self.facts = false,
                Err(reply) if reply.is_unavailable() => return Ok(None),
                Err(reply) => return Err(reply.trouble(JA, EN)),
            }
        }
        // Not `LIST folder`: spaces, stars and hyphens mean something there, and vsftpd lists nothing for what is none.
        let reply = self.ask(&format!("CWD {folder}"))?;
        if reply.is_unavailable() {
            return Ok(None);
        }
        reply.accepted(&[200, 250], JA, EN)?;
        if let Ok((listing, _)) = self.fetch("LIST -a")?
            && !listing.is_empty()
        {
            return listing::read(&listing, listing::line).map(Some);
        }
        // `-a` may have been taken for a name.
        match self.fetch("LIST")? {
            Ok((listing, _)) => listing::read(&listing, listing::line).map(Some),
            Err(reply) => Err(reply.trouble(JA, EN)),
        }
    }

    /// Looks for something where it should be; nothing only if it is surely not there.
    fn look(&mut self, place: &str) -> Answer<Option<Entry>> {
        let (folder, name) = place.rsplit_once('/').unwrap_or(("", place));
        // Twice, because the folder may have been made in between.
        for _ in 0..2 {
            if let Some(entries) = self.entries(folder)? {
                return Ok(entries.into_iter().find(|entry| entry.name == name));
            }
            // It cannot be opened: is it there at all?
            if !folder.is_empty() && self.look(folder)?.is_none() {
                return Ok(None);
            }
        }
        Err(closed(folder))
    }

    fn halves(&self) -> MutexGuard<'_, BTreeSet<String>> {
        self.halves.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends a file, with the folders above it where they are missing, and looks whether it arrived.
    fn store_checked(&mut self, place: &str, content: &[u8]) -> Answer<()> {
        if self.halves().remove(place) {
            self.ask(&format!("DELE {place}"))?;
        }
        let mut reply = match self.store(place, content) {
            Err(trouble) if self.dead => {
                self.halves().insert(place.to_owned());
                return Err(trouble);
            }
            other => other?,
        };
        if let (true, Some((folder, _))) = (reply.is_unavailable(), place.rsplit_once('/')) {
            self.make(folder)?;
            reply = self.store(place, content)?;
        }
        reply.accepted(&[226, 250], "ファイルを送れません", "a file cannot be sent")?;
        if self.measure(place)? == u64::try_from(content.len()).ok() {
            return Ok(());
        }
        Err(Trouble::passing(
            "送ったファイルの大きさが、サーバーでちがいます。",
            "a file has another size on the server than was sent",
        ))
    }

    /// The size of a file of the server.
    fn measure(&mut self, place: &str) -> Answer<Option<u64>> {
        let reply = self.ask(&format!("SIZE {place}"))?;
        if reply.code == 213
            && let Some(size) = reply.text.split_whitespace().last().and_then(|size| size.parse().ok())
        {
            return Ok(Some(size));
        }
        if reply.code == 213 || reply.is_unknown() || reply.is_unavailable() {
            return Ok(self.look(place)?.and_then(|entry| entry.size));
        }
        Err(reply.trouble("ファイルの大きさがわかりません", "the size of a file cannot be told"))
    }

    /// Makes a folder and those above it. That it does not work shows when something is put there.
    fn make(&mut self, folder: &str) -> Answer<()> {
        if !folder.is_empty() && !self.make_one(folder)? {
            self.make(folder.rsplit_once('/').map_or("", |(above, _)| above))?;
            self.make_one(folder)?;
        }
        Ok(())
    }

    /// Makes one folder; whether it was made now.
    fn make_one(&mut self, folder: &str) -> Answer<bool> {
        let reply = self.ask(&format!("MKD {folder}"))?;
        match reply.code {
            200..300 => Ok(true),
            // "exists already" is told by each in another way
            500.. => Ok(false),
            _ => Err(reply.trouble("フォルダを作れません", "a folder cannot be made")),
        }
    }

    /// Whether something is gone after this reply to a command that deletes it.
    fn is_gone(&mut self, reply: &Reply, place: &str) -> Answer<bool> {
        Ok(matches!(reply.code, 200 | 250) || (reply.is_unavailable() && self.look(place)?.is_none()))
    }

    /// Renames; inside, what the server says in the end.
    fn rename(&mut self, from: &str, to: &str) -> Answer<Reply> {
        let reply = self.ask(&format!("RNFR {from}"))?;
        if reply.code == 350 { self.ask(&format!("RNTO {to}")) } else { Ok(reply) }
    }

    /// Gives a new file the place of the old one.
    fn swap(&mut self, new: &str, place: &str) -> Answer<()> {
        const JA: &str = "ファイルを入れかえられません";
        const EN: &str = "a file cannot be replaced";
        let reply = self.rename(new, place)?;
        if matches!(reply.code, 200 | 250) {
            return Ok(());
        }
        // Servers on Windows do not rename over a file: there, the old one goes aside for a moment.
        if !reply.is_unavailable() || self.measure(place)?.is_none() {
            return Err(reply.trouble(JA, EN));
        }
        let old = &temporary(&format!("{place}.old"));
        self.ask(&format!("DELE {old}"))?;
        self.rename(place, old)?.accepted(&[200, 250], JA, EN)?;
        let reply = self.rename(new, place)?;
        if !matches!(reply.code, 200 | 250) {
            self.rename(old, place)?;
            return Err(reply.trouble(JA, EN));
        }
        self.ask(&format!("DELE {old}"))?;
        Ok(())
    }
}

/// The trouble of what is there but cannot be opened.
fn closed(place: &str) -> Trouble {
    let place = if place.is_empty() { "/" } else { place };
    Trouble::lasting(
        format!("サーバーの「{place}」はありますが、開けません。権限をたしかめてください。"),
        format!("`{place}` is there but cannot be opened; check its permissions"),
    )
}

impl Connection for Session {
    fn read(&mut self, path: &str) -> Answer<Option<Vec<u8>>> {
        let place = self.at(path);
        // Twice, because between the refusal and the look somebody may have put it there.
        for _ in 0..2 {
            match self.fetch(&format!("RETR {place}"))? {
                Ok((content, whole)) => {
                    if whole || self.measure(&place)? == u64::try_from(content.len()).ok() {
                        return Ok(Some(content));
                    }
                    return Err(self.lose(&ErrorKind::UnexpectedEof.into()));
                }
                Err(reply) if reply.is_unavailable() => {
                    if self.look(&place)?.is_none_or(|entry| entry.size.is_none()) {
                        return Ok(None);
                    }
                }
                Err(reply) => return Err(reply.trouble("ファイルを読めません", "a file cannot be read")),
            }
        }
        Err(closed(&place))
    }

    fn size(&mut self, path: &str) -> Answer<Option<u64>> {
        self.measure(&self.at(path))
    }

    fn is_folder(&mut self, path: &str) -> Answer<bool> {
        Ok(self.look(&self.at(path))?.is_some_and(|entry| entry.size.is_none()))
    }

    fn list(&mut self) -> Answer<Vec<Found>> {
        let mut found = Vec::new();
        let mut folders = vec![String::new()];
        while let Some(folder) = folders.pop() {
            let place = if folder.is_empty() { self.base.clone() } else { self.at(folder.trim_end_matches('/')) };
            let Some(entries) = self.entries(&place)? else {
                if place.is_empty() || self.look(&place)?.is_some() {
                    return Err(closed(&place));
                }
                continue; // nothing was published yet, or somebody took it away just now
            };
            for entry in entries {
                let path = format!("{folder}{}", entry.name);
                match entry.size {
                    Some(size) => found.push(Found { path, size }),
                    None if path == OWN => {}
                    // Its name cannot be said to the server as it is (Shift_JIS), or a link leads back to where we
                    // were: nothing of ours is in there.
                    None if path.contains(char::REPLACEMENT_CHARACTER) || path.matches('/').count() > DEEP => {
                        found.push(Found { path, size: 0 });
                    }
                    None => folders.push(format!("{path}/")),
                }
            }
        }
        Ok(found)
    }

    fn put(&mut self, path: &str, content: &[u8], _headers: &Headers) -> Answer<()> {
        let place = self.at(path);
        let new = temporary(&place);
        let put = self.store_checked(&new, content).and_then(|()| self.swap(&new, &place));
        if put.is_err() && !self.dead {
            let _ = self.ask(&format!("DELE {new}"));
        }
        put
    }

    fn delete(&mut self, path: &str) -> Answer<()> {
        let place = self.at(path);
        let reply = self.ask(&format!("DELE {place}"))?;
        if !self.is_gone(&reply, &place)? {
            return Err(reply.trouble("ファイルを消せません", "a file cannot be deleted"));
        }
        let mut folder = path;
        while let Some((above, _)) = folder.rsplit_once('/') {
            folder = above;
            // Not removed when something is left in it.
            if !matches!(self.ask(&format!("RMD {}", self.at(folder)))?.code, 200 | 250) {
                break;
            }
        }
        Ok(())
    }

    fn lock(&mut self, text: &str) -> Answer<Lock> {
        let folder = self.at(LOCK_FOLDER);
        let mut ours = self.make_one(&folder)?;
        if !ours && self.look(&folder)?.is_none() {
            let own = self.at(OWN);
            self.make(&own)?;
            ours = self.make_one(&folder)?;
            if !ours && self.look(&folder)?.is_none() {
                return Err(Trouble::lasting(
                    "サーバーに .heartnet フォルダを作れません。書きこみの権限と path をたしかめてください。",
                    "the folder .heartnet cannot be made on the server; check permissions and `path`",
                ));
            }
        }
        if !ours {
            return Ok(Lock::Taken(self.lock_text()?.unwrap_or_default()));
        }
        // Some make what is there already, and say that all went well: there, the folder says nothing.
        let sure = !self.make_one(&folder)?;
        if !sure && let Some(other) = self.lock_text()? {
            return Ok(Lock::Taken(other));
        }
        if let Err(trouble) = self.put(LOCK, text.as_bytes(), &super::headers::of(LOCK)) {
            if sure && !self.dead {
                let _ = self.ask(&format!("RMD {folder}"));
            }
            return Err(trouble);
        }
        Ok(match self.lock_text()? {
            _ if sure => Lock::Held,
            Some(other) if other != text => Lock::Taken(other),
            _ => Lock::Advisory,
        })
    }

    fn unlock(&mut self) -> Answer<()> {
        let (text, folder) = (self.at(LOCK), self.at(LOCK_FOLDER));
        for (command, place) in [("DELE", text), ("RMD", folder)] {
            let reply = self.ask(&format!("{command} {place}"))?;
            if !self.is_gone(&reply, &place)? {
                return Err(reply.trouble("公開中の印（.heartnet/lock）を消せません", "the lock cannot be removed"));
            }
        }
        Ok(())
    }
}

impl Session {
    fn lock_text(&mut self) -> Answer<Option<String>> {
        Ok(self.read(LOCK)?.map(|text| String::from_utf8_lossy(&text).into_owned()))
    }
}
