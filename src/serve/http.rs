//! As much of HTTP as a browser on the same machine needs: GET, HEAD, small POSTs, one thread a connection.

use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

/// Head of a request at most.
const LARGEST_HEAD: usize = 16 * 1024;
/// Body of a request at most: a day and a tick.
const LARGEST_BODY: usize = 1024;

/// What a browser asks for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Request {
    pub method: String,
    /// As it was sent, without what stands behind `?`.
    pub path: String,
    /// From the `?` on.
    pub query: String,
    pub host: String,
    pub origin: Option<String>,
    /// What the browser has already.
    pub has: Option<String>,
    pub body: String,
    /// Whether it goes on with this connection.
    pub stays: bool,
}

/// What it is answered.
#[derive(Debug)]
pub(super) struct Answer {
    pub status: u16,
    pub kind: &'static str,
    pub body: Vec<u8>,
    /// What its bytes are called, without what is different each time.
    pub tag: String,
    /// Where to go instead.
    pub location: Option<String>,
    /// What a page may load and run.
    pub policy: Option<String>,
}

impl Answer {
    pub(super) fn new(status: u16, kind: &'static str, body: impl Into<Vec<u8>>) -> Self {
        let body = body.into();
        Self { status, kind, tag: tag(&body), body, location: None, policy: None }
    }

    pub(super) fn text(status: u16, text: &str) -> Self {
        Self::new(status, "text/plain; charset=utf-8", text)
    }

    pub(super) fn to(location: String) -> Self {
        Self { location: Some(location), ..Self::text(302, "") }
    }
}

/// A name of bytes for whoever has them already.
fn tag(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().chars().take(16).collect()
}

/// Reads one request. Nothing where the browser has hung up; `Err` where it cannot be understood.
pub(super) fn read(stream: &mut TcpStream) -> io::Result<Option<Request>> {
    let mut head = Vec::new();
    let mut part = [0; 2048];
    let end = loop {
        if let Some(end) = memchr::memmem::find(&head, b"\r\n\r\n") {
            break end;
        }
        if head.len() > LARGEST_HEAD {
            return Err(io::ErrorKind::InvalidData.into());
        }
        match stream.read(&mut part)? {
            0 => return Ok(None),
            read => head.extend_from_slice(&part[..read]),
        }
    };
    let mut body = head.split_off(end + 4);
    let (mut request, length) = parse(&head).ok_or(io::ErrorKind::InvalidData)?;
    if length > LARGEST_BODY || body.len() > LARGEST_BODY {
        return Err(io::ErrorKind::InvalidData.into());
    }
    while body.len() < length {
        match stream.read(&mut part)? {
            0 => return Ok(None),
            read => body.extend_from_slice(&part[..read]),
        }
    }
    body.truncate(length);
    request.body = String::from_utf8_lossy(&body).into_owned();
    Ok(Some(request))
}

/// The head of a request, and how many bytes follow it.
fn parse(head: &[u8]) -> Option<(Request, usize)> {
    let mut lines = std::str::from_utf8(head).ok()?.split("\r\n");
    let mut first = lines.next()?.split(' ');
    let (method, target, version) = (first.next()?, first.next()?, first.next()?);
    let target = target.split('#').next().filter(|path| path.starts_with('/'))?;
    let (path, query) = target.split_at(target.find('?').unwrap_or(target.len()));
    let mut request = Request {
        method: method.to_owned(),
        path: path.to_owned(),
        query: query.to_owned(),
        stays: version == "HTTP/1.1",
        ..Request::default()
    };
    let mut length = 0;
    for line in lines.filter(|line| !line.is_empty()) {
        let (name, value) = line.split_once(':')?;
        let value = value.trim();
        match name.to_ascii_lowercase().as_str() {
            // Nobody says two.
            "host" if !request.host.is_empty() => return None,
            "host" => request.host = value.to_owned(),
            "origin" => request.origin = Some(value.to_owned()),
            "if-none-match" => request.has = Some(value.trim_matches('"').to_owned()),
            "content-length" => length = value.parse().ok()?,
            // Nobody who asks us sends a body in parts.
            "transfer-encoding" => return None,
            "connection" => request.stays &= !value.eq_ignore_ascii_case("close"),
            _ => {}
        }
    }
    Some((request, length))
}

/// Sends an answer. What the browser has already is not sent again.
pub(super) fn send(stream: &mut TcpStream, request: &Request, answer: &Answer) -> io::Result<()> {
    let Answer { status, kind, body, tag, location, policy } = answer;
    let same = *status == 200 && request.has.as_deref() == Some(tag.as_str());
    let status = if same { 304 } else { *status };
    let words = match status {
        200 => "OK",
        302 => "Found",
        304 => "Not Modified",
        400 => "Bad Request",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        _ => "Internal Server Error",
    };
    let mut head = format!(
        "HTTP/1.1 {status} {words}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nETag: \"{tag}\"\r\nCache-Control: no-cache\r\nX-Content-Type-Options: nosniff\r\nConnection: {}\r\n",
        body.len(),
        if request.stays { "keep-alive" } else { "close" },
    );
    for (name, value) in [("Location", location), ("Content-Security-Policy", policy)] {
        if let Some(value) = value {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
    }
    head.push_str("\r\n");
    let mut out = head.into_bytes();
    if !same && request.method != "HEAD" {
        out.extend_from_slice(body);
    }
    stream.write_all(&out)
}

/// Hangs up on who may still be talking: what is not read would make the system take the answer back.
pub(super) fn leave(stream: &mut TcpStream) -> io::Result<()> {
    stream.shutdown(Shutdown::Write)?;
    stream.set_read_timeout(Some(Duration::from_millis(200)))?;
    let mut part = [0; 4096];
    let mut left = 256;
    while left > 0 && stream.read(&mut part)? > 0 {
        left -= 1;
    }
    Ok(())
}

/// Whether a request is meant for this machine: a page elsewhere may have its name lead here (DNS rebinding).
pub(super) fn is_ours(host: &str) -> bool {
    let is_port =
        |port: &str| port.is_empty() || port.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok());
    let host = host.to_ascii_lowercase();
    ["localhost", "127.0.0.1", "[::1]"].iter().any(|name| host.strip_prefix(name).is_some_and(is_port))
}

/// A path as it is meant. Nothing where it leads out of the site or cannot be one.
pub(super) fn decode(path: &str) -> Option<String> {
    let text = percent_encoding::percent_decode_str(path).decode_utf8().ok()?;
    let bad = text.contains(['\\', '\0']) || text.chars().any(char::is_control);
    let leaves = text.split('/').any(|part| part == ".." || part == ".");
    (!bad && !leaves).then(|| text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_meant() {
        for ours in ["localhost:8000", "127.0.0.1", "[::1]:8000", "LOCALHOST"] {
            assert!(is_ours(ours), "{ours}");
        }
        for not in [
            "",
            "example.jp",
            "127.0.0.1.example.jp:8000",
            "localhost.example.jp",
            "[::2]",
            "0.0.0.0",
            "localhost:8000@evil",
            "[::1]x.evil",
            "localhost:",
            "localhost:a",
        ] {
            assert!(!is_ours(not), "{not}");
        }
    }

    #[test]
    fn no_path_leaves_the_site() {
        for out in ["/../x", "/a/%2e%2e/b", "/%2E%2E%2fetc/passwd", "/a\\..\\b", "/%00", "/%ff", "/a/./b", "/%0d%0aX"] {
            assert_eq!(decode(out), None, "{out}");
        }
        assert_eq!(decode("/%E5%86%99%E7%9C%9F.jpg").as_deref(), Some("/写真.jpg"));
        assert_eq!(decode("/a..b/...c").as_deref(), Some("/a..b/...c"));
    }

    #[test]
    fn heads_are_read_or_refused() {
        let head = b"GET /products/?q=a HTTP/1.1\r\nHost: localhost:8000\r\nIf-None-Match: \"abc\"\r\n\r\n";
        let (request, length) = parse(head).unwrap_or_default();
        assert_eq!(
            (request.path.as_str(), request.query.as_str(), request.has.as_deref(), request.stays, length),
            ("/products/", "?q=a", Some("abc"), true, 0)
        );
        assert_eq!(parse(b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil\r\n"), None);
        for odd in [&b"GET\r\n"[..], b"GET http://x/ HTTP/1.1\r\n", b"GET / HTTP/1.1\r\nnonsense\r\n", b"\xff"] {
            assert_eq!(parse(odd), None);
        }
        assert_eq!(parse(b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n"), None);
    }
}
