//! HTTP as S3 and WebDAV need it: one connection that is kept open, a patience for each step, and what a status or a
//! broken connection means.

use super::patience::Patience;
use super::target::{Answer, Trouble};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC};
use rustls::{ClientConfig, ClientConnection, StreamOwned, pki_types::ServerName};
use std::fmt;
use std::io::{Read as _, Write as _};
use std::sync::Arc;
use ureq::unversioned::resolver::DefaultResolver;
use ureq::unversioned::transport::{
    Buffers, ConnectProxyConnector, ConnectionDetails, Connector, Either, LazyBuffers, NextTimeout, TcpConnector,
    Transport, TransportAdapter,
};

pub(super) use ureq::http::{HeaderMap, StatusCode};

/// The most that is read of an answer: a manifest of 100,000 files is about 15 MB.
const MOST: u64 = 256 * 1024 * 1024;

/// What is encoded in a path: all but letters, digits and these signs.
pub(super) const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// Where a host is: the address of the settings, taken apart.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// Scheme and host, and the port where it is not the scheme's own.
    pub(super) origin: String,
    /// Host and port, as they stand in `Host`.
    pub(super) host: String,
    /// The path, encoded as it was written, without `/` at its end.
    pub(super) path: String,
    /// Whether the way there is open for everybody to read.
    pub(super) open: bool,
}

impl Place {
    /// Takes an address of the settings apart.
    pub(super) fn read(field: &str, text: &str) -> Answer<Self> {
        let wrong = |ja: &str, en: &str| Trouble::lasting(format!("{field}: {ja}"), format!("`{field}`: {en}"));
        let uri: ureq::http::Uri = text.trim().parse().map_err(|_| {
            wrong("「https://」で始まるアドレスを書いてください。", "write an address that begins with `https://`")
        })?;
        let (Some(scheme @ ("https" | "http")), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(wrong(
                "「https://」で始まるアドレスを書いてください。",
                "write an address that begins with `https://`",
            ));
        };
        if authority.as_str().contains('@') {
            return Err(wrong(
                "アドレスに利用者名やパスワードは書けません。user と環境変数に分けて、もう人に見られたかもしれないパスワードは変えてください。",
                "names and passwords have no place in an address; use `user` and the environment, and change a password that others may have seen",
            ));
        }
        if uri.query().is_some() {
            return Err(wrong("アドレスの「?」から後は書けません。", "an address may not have a query"));
        }
        let name = authority.host().to_ascii_lowercase();
        let own = if scheme == "https" { 443 } else { 80 };
        let host = match authority.port_u16().filter(|port| *port != own) {
            Some(port) => format!("{name}:{port}"),
            None => name.clone(),
        };
        let bare = name.trim_start_matches('[').trim_end_matches(']');
        let near = bare == "localhost" || bare.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback());
        Ok(Self {
            origin: format!("{scheme}://{host}"),
            host,
            path: uri.path().trim_end_matches('/').to_owned(),
            open: scheme == "http" && !near,
        })
    }
}

/// One worker's way to a host.
pub(super) struct Line {
    agent: ureq::Agent,
}

/// What a host answered.
pub(super) struct Reply {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

impl Reply {
    /// A header, where it is text.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The size that the host says the file has.
    pub(super) fn length(&self) -> Option<u64> {
        self.header("content-length")?.trim().parse().ok()
    }
}

impl Line {
    /// Nothing is sent yet: the first request finds out whether anybody is there.
    pub(super) fn new(place: &Place, patience: Patience, tls: Arc<ClientConfig>) -> Self {
        let mut config = ureq::Agent::config_builder()
            .user_agent(concat!("heartnet/", env!("CARGO_PKG_VERSION")))
            .http_status_as_error(false)
            // A key or a password is for the host of the settings, and for nobody that it points to.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .allow_non_standard_methods(true)
            .timeout_resolve(Some(patience.connect))
            .timeout_connect(Some(patience.connect))
            .timeout_per_read(Some(patience.each))
            .timeout_per_write(Some(patience.each));
        if place.origin.starts_with("http://") && !place.open {
            // The proxy's loopback is not ours.
            config = config.proxy(None);
        }
        let connector = ().chain(ConnectProxyConnector::default()).chain(TcpConnector::default()).chain(Tls(tls));
        Self { agent: ureq::Agent::with_parts(config.build(), connector, DefaultResolver::default()) }
    }

    /// Asks the host for something; `Err` only when there is no whole answer.
    pub(super) fn ask(&self, method: &str, url: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer<Reply> {
        let mut request = ureq::http::Request::builder().method(method).uri(url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let wrong = |error: ureq::http::Error| {
            Trouble::lasting(
                "このファイル名や設定は、サーバーに伝えられません。使えない文字がないか、見なおしてください。",
                format!("the name or a setting cannot be sent to the server: {error}"),
            )
        };
        let reply = if method == "PUT" {
            self.agent.run(request.body(body).map_err(wrong)?)
        } else {
            self.agent.run(request.body(()).map_err(wrong)?)
        };
        let mut reply = reply.map_err(|error| broken(&error))?;
        let body = reply.body_mut().with_config().limit(MOST).read_to_vec().map_err(|error| broken(&error))?;
        Ok(Reply { status: reply.status(), headers: std::mem::take(reply.headers_mut()), body })
    }
}

/// What it means when there is no answer.
fn broken(error: &ureq::Error) -> Trouble {
    use std::io::ErrorKind;
    // The resolver's own errors have no kind.
    let nameless = |error: &std::io::Error| error.to_string().contains("failed to lookup address");
    match error {
        ureq::Error::Timeout(_) => Trouble::passing(
            "サーバーから返事がありません（時間切れ）。サーバーとネットワークの様子を見て、もう一度ためしてください。",
            "the server does not answer in time; see whether it and the network are up, then try again",
        ),
        ureq::Error::HostNotFound => unnamed(),
        ureq::Error::Io(error) if nameless(error) => unnamed(),
        ureq::Error::Io(error) if error.kind() == ErrorKind::ConnectionRefused => Trouble::passing(
            "サーバーにつながりません（接続を断られました）。サーバーが動いているか、アドレスとポート番号、外からの接続の制限を確かめてください。",
            "the server refuses connections; see whether it is up, and check its address, port and filters",
        ),
        ureq::Error::Io(error) => Trouble::passing(
            "サーバーとのつながりが切れました。もう一度ためしてください。",
            format!("the connection broke: {error}; try again"),
        ),
        ureq::Error::Other(error) => match error.downcast_ref::<Distrust>() {
            Some(Distrust(error)) => Trouble::lasting(
                "サーバーの証明書を信用できません。アドレスが正しいか確かめてください。自己署名の証明書のときは、サーバーの会社の案内で指紋を確かめて、tls_pin に書いてください。",
                format!("the server's certificate is not trusted, or it does not speak TLS: {error}"),
            ),
            None => Trouble::passing(
                "サーバーとのつながりが切れました。もう一度ためしてください。",
                format!("the connection broke: {error}; try again"),
            ),
        },
        ureq::Error::BodyExceedsLimit(_) | ureq::Error::LargeResponseHeader(..) => Trouble::lasting(
            "サーバーの返事が大きすぎます。設定のアドレスを確かめてください。",
            "the server's answer is too large; check the address in the settings",
        ),
        ureq::Error::ConnectProxyFailed(_) | ureq::Error::InvalidProxyUrl => Trouble::lasting(
            "プロキシを通れません。環境変数 HTTPS_PROXY などと、プロキシの許可を確かめてください。",
            "the proxy does not let us through; check HTTPS_PROXY and what the proxy allows",
        ),
        // What is left is an answer that is not HTTP.
        error => Trouble::passing(
            "サーバーの返事が読めません。設定のアドレスとポート番号を確かめて、もう一度ためしてください。",
            format!("the server's answer cannot be read ({error}); check its address and port, and try again"),
        ),
    }
}

fn unnamed() -> Trouble {
    Trouble::passing(
        "サーバーの名前が見つかりません。設定のアドレスのつづりと、ネットワークを確かめてください。",
        "there is no server of this name; check the address in the settings and the network",
    )
}

/// What a status means that the protocol's own module has no better word for.
pub(super) fn refused(status: StatusCode, doing: (&str, &str)) -> Trouble {
    let (doing_ja, doing_en) = doing;
    let code = status.as_u16();
    let (passing, ja, en) = match code {
        401 | 403 => (
            false,
            "許されていません。利用者名・パスワード（鍵）と、書きこみの許可を確かめてください。",
            "not allowed; check user, password or keys, and the right to write",
        ),
        404 | 409 | 410 => (
            false,
            "その場所がありません。設定のアドレスを確かめてください。",
            "there is no such place; check the address in the settings",
        ),
        300..=399 => (
            false,
            "別のアドレスへ行くように言われました。引っこし先のアドレスを設定に書いてください。",
            "it points to another address; write that one into the settings",
        ),
        408 | 429 => (
            true,
            "サーバーがこみあっています。少し待って、もう一度ためしてください。",
            "the server is busy; try again later",
        ),
        413 => (
            false,
            "ファイルが大きすぎると断られました。小さくするか、サーバーの上限を上げてください。",
            "the file is too large for the server; make it smaller or raise the server's limit",
        ),
        423 => (
            true,
            "ほかの人がその場所を使っています（ロック）。少し待って、もう一度ためしてください。",
            "somebody else has locked the place; try again later",
        ),
        507 => (
            false,
            "サーバーの空きがありません。いらないファイルを消すか、容量をふやしてください。",
            "the server is full; delete what is not needed or get more room",
        ),
        501 | 505 => (
            false,
            "サーバーがこの操作を知りません。種類（kind）とアドレスを確かめてください。",
            "the server does not know how to do this; check `kind` and the address",
        ),
        500..=599 => (
            true,
            "サーバーの調子がよくありません。少し待って、もう一度ためしてください。",
            "the server has a problem; try again later",
        ),
        _ => (false, "サーバーに断られました。設定を確かめてください。", "the server refuses; check the settings"),
    };
    Trouble { passing, ja: format!("{doing_ja}: {ja}（HTTP {code}）"), en: format!("{doing_en}: {en} (HTTP {code})") }
}

/// A handshake that failed because of who or what the server is.
#[derive(Debug)]
struct Distrust(rustls::Error);

impl fmt::Display for Distrust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Distrust {}

/// TLS with settings of our own: ureq's cannot pin a certificate.
#[derive(Debug)]
struct Tls(Arc<ClientConfig>);

impl<In: Transport> Connector<In> for Tls {
    type Out = Either<In, Secured>;

    fn connect(&self, details: &ConnectionDetails<'_>, chained: Option<In>) -> Result<Option<Self::Out>, ureq::Error> {
        let Some(transport) = chained else { return Ok(None) };
        if !details.needs_tls() || transport.is_tls() {
            return Ok(Some(Either::A(transport)));
        }
        let distrust = |error: rustls::Error| ureq::Error::Other(Box::new(Distrust(error)));
        let host = details.uri.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
        let name = ServerName::try_from(host.to_owned())
            .map_err(|_| ureq::Error::BadUri("not a name that a certificate can have".into()))?;
        let mut tls = ClientConnection::new(Arc::clone(&self.0), name).map_err(distrust)?;
        let mut socket = TransportAdapter::new(transport.boxed(), Arc::clone(&details.current_time));
        socket.set_timeout(details.timeout);
        tls.complete_io(&mut socket).map_err(|error| {
            match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
                Some(inner) => distrust(inner.clone()),
                None => error.into(),
            }
        })?;
        let buffers = LazyBuffers::new(details.config.input_buffer_size(), details.config.output_buffer_size());
        Ok(Some(Either::B(Secured { buffers, stream: StreamOwned::new(tls, socket) })))
    }
}

/// A connection in TLS.
struct Secured {
    buffers: LazyBuffers,
    stream: StreamOwned<ClientConnection, TransportAdapter>,
}

impl fmt::Debug for Secured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secured")
    }
}

impl Transport for Secured {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        self.stream.get_mut().set_timeout(timeout);
        let output = self.buffers.output();
        let output = output.get(..amount).unwrap_or(output);
        self.stream.write_all(output)?;
        Ok(())
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        self.stream.get_mut().set_timeout(timeout);
        let amount = self.stream.read(self.buffers.input_append_buf())?;
        self.buffers.input_appended(amount);
        Ok(amount > 0)
    }

    fn is_open(&mut self) -> bool {
        self.stream.get_mut().get_mut().is_open()
    }

    fn is_tls(&self) -> bool {
        true
    }
}
