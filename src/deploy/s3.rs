//! S3 and what speaks like it: R2, Sakura, Wasabi, MinIO, Garage.
//!
//! Requests are signed as Amazon describes it (Signature Version 4). Buckets stand in the path, which all of them
//! understand. A `PUT` replaces at once, so there are no temporary names; `Content-MD5` and the hash in the signature
//! keep a body that was damaged on its way from being accepted.

use super::config::Config;
use super::headers::Headers;
use super::http::{Line, PATH, Place, Reply, StatusCode, refused};
use super::patience::Patience;
use super::target::{Answer, Connection, Found, LOCK, Lock, OWN, Target, Trouble};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use md5::{Digest as _, Md5};
use percent_encoding::{AsciiSet, utf8_percent_encode};
use ring::{digest, hmac};
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

/// Where nobody can have a lock of their own: how long until a second one would have written theirs.
const MOMENT: Duration = Duration::from_secs(1);

/// What stands for itself in a signature; everything else is encoded, of a path all but its `/`.
const VALUE: &AsciiSet = &PATH.add(b'/');

/// Opens the target.
pub(super) fn open(config: &Config, environment: super::Environment<'_>) -> Answer<Box<dyn Target>> {
    let place = Place::read("endpoint", &config.endpoint)?;
    let secret = |name: &str| environment(name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let (Some(id), Some(key)) = (secret("AWS_ACCESS_KEY_ID"), secret("AWS_SECRET_ACCESS_KEY")) else {
        return Err(Trouble::lasting(
            "S3 の鍵がありません。環境変数 AWS_ACCESS_KEY_ID と AWS_SECRET_ACCESS_KEY に入れてください。",
            "there are no keys for S3; put them into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
        ));
    };
    let bucket = config.bucket.trim().trim_matches('/');
    if bucket.is_empty() || bucket.contains('/') {
        return Err(Trouble::lasting(
            "bucket にはバケットの名前だけを書いてください。その中の場所は prefix に書けます。",
            "`bucket` must be the name of a bucket; a place within it goes into `prefix`",
        ));
    }
    let prefix = config.prefix.trim().trim_matches('/');
    let access = Access {
        region: region(&config.region, &place.host).to_owned(),
        root: format!("{}/{}", place.path, utf8_percent_encode(bucket, PATH)),
        bucket: bucket.to_owned(),
        prefix: if prefix.is_empty() { String::new() } else { format!("{prefix}/") },
        token: secret("AWS_SESSION_TOKEN"),
        place,
        id,
        key,
    };
    Ok(Box::new(S3 {
        access: Arc::new(access),
        patience: Patience::read(environment),
        tls: super::tls::client_config("", false)?,
    }))
}

/// The region to sign for. Where it does not matter, most hosts take Amazon's first one.
fn region<'a>(said: &'a str, host: &'a str) -> &'a str {
    let said = said.trim();
    if !said.is_empty() && said != "auto" {
        return said;
    }
    let amazon = host.strip_suffix(".amazonaws.com").and_then(|host| host.strip_prefix("s3."));
    match amazon {
        Some(region) => region.strip_prefix("dualstack.").unwrap_or(region),
        None if host.ends_with(".r2.cloudflarestorage.com") => "auto",
        None => "us-east-1",
    }
}

struct S3 {
    access: Arc<Access>,
    patience: Patience,
    tls: Arc<rustls::ClientConfig>,
}

/// Where the bucket is, and the keys to it. No `Debug`: the keys must not come out.
struct Access {
    place: Place,
    bucket: String,
    /// The bucket's path at the host, encoded.
    root: String,
    /// The site's place in the bucket: nothing, or with `/` at its end.
    prefix: String,
    region: String,
    id: String,
    key: String,
    token: Option<String>,
}

impl Target for S3 {
    fn connect(&self) -> Answer<Box<dyn Connection>> {
        let line = Line::new(&self.access.place, self.patience, Arc::clone(&self.tls));
        Ok(Box::new(Bucket { access: Arc::clone(&self.access), line }))
    }

    fn jobs(&self) -> usize {
        16
    }

    fn keeps_headers(&self) -> bool {
        true
    }
}

struct Bucket {
    access: Arc<Access>,
    line: Line,
}

/// What to do, for a sentence about why it failed.
type Doing<'a> = (&'a str, &'a str);

impl Connection for Bucket {
    fn read(&mut self, path: &str) -> Answer<Option<Vec<u8>>> {
        let reply = self.object("GET", path, &[], b"")?;
        match reply.status.as_u16() {
            200 => Ok(Some(reply.body)),
            404 if code(&reply).as_deref() == Some("NoSuchKey") => Ok(None),
            _ => Err(self.trouble(&reply, (&format!("「{path}」を読めません"), &format!("cannot read {path}")))),
        }
    }

    fn size(&mut self, path: &str) -> Answer<Option<u64>> {
        let reply = self.object("HEAD", path, &[], b"")?;
        match (reply.status.as_u16(), reply.length()) {
            (200, Some(size)) => Ok(Some(size)),
            // An answer without a body does not say whether it is the file or the bucket that is missing.
            _ => Ok(self.read(path)?.map(|content| content.len() as u64)),
        }
    }

    fn list(&mut self) -> Answer<Vec<Found>> {
        let doing = ("一覧を読めません", "cannot list the files");
        let mut found = Vec::new();
        let mut token: Option<String> = None;
        loop {
            let mut query = vec![("list-type", "2"), ("prefix", self.access.prefix.as_str())];
            if let Some(token) = &token {
                query.insert(0, ("continuation-token", token));
            }
            let reply = self.request("GET", "", &query, &[], b"")?;
            if reply.status != StatusCode::OK {
                return Err(self.trouble(&reply, doing));
            }
            let next = self.page(&reply.body, &mut found).ok_or_else(|| strange(doing))?;
            match next {
                // The same page again would never end.
                Some(next) if Some(&next) == token.as_ref() => return Err(strange(doing)),
                Some(next) => token = Some(next),
                None => return Ok(found),
            }
        }
    }

    fn put(&mut self, path: &str, content: &[u8], headers: &Headers) -> Answer<()> {
        let said = [("content-type", headers.content_type), ("cache-control", headers.cache_control)];
        let reply = self.object("PUT", path, &said, content)?;
        self.done(&reply, (&format!("「{path}」を送れません"), &format!("cannot send {path}")))
    }

    fn delete(&mut self, path: &str) -> Answer<()> {
        let reply = self.object("DELETE", path, &[], b"")?;
        if code(&reply).as_deref() == Some("NoSuchKey") {
            return Ok(());
        }
        self.done(&reply, (&format!("「{path}」を消せません"), &format!("cannot delete {path}")))
    }

    fn lock(&mut self, text: &str) -> Answer<Lock> {
        let doing = ("公開中のしるしを置けません", "cannot take the lock");
        if self.keeps_conditions(text)? {
            let reply = self.object("PUT", LOCK, &[("if-none-match", "*")], text.as_bytes())?;
            // 409: another one is just writing it.
            return match reply.status.as_u16() {
                200..=299 => Ok(Lock::Held),
                409 | 412 => match self.read_lock()? {
                    // Our own, whose answer was lost.
                    Some(theirs) if theirs == text => Ok(Lock::Held),
                    Some(theirs) => Ok(Lock::Taken(theirs)),
                    None => Err(Trouble::passing(
                        "別の公開と重なりました。もう一度ためしてください。",
                        "another deploy was in the way; try again",
                    )),
                },
                _ => Err(self.trouble(&reply, doing)),
            };
        }
        match self.read_lock()? {
            Some(theirs) if theirs != text => return Ok(Lock::Taken(theirs)),
            _ => {}
        }
        let reply = self.object("PUT", LOCK, &[], text.as_bytes())?;
        self.done(&reply, doing)?;
        std::thread::sleep(MOMENT);
        match self.read_lock()? {
            Some(theirs) if theirs == text => Ok(Lock::Advisory),
            theirs => Ok(Lock::Taken(theirs.unwrap_or_default())),
        }
    }

    fn unlock(&mut self) -> Answer<()> {
        self.delete(LOCK)
    }
}

impl Bucket {
    /// Whether the host refuses to write what is there when asked to. Many say yes and overwrite it (DEPLOY.md), so it
    /// is tried on a file that belongs to this lock alone.
    fn keeps_conditions(&mut self, text: &str) -> Answer<bool> {
        let doing = ("公開中のしるしを置けません", "cannot take the lock");
        let hash = hex(digest::digest(&digest::SHA256, text.as_bytes()).as_ref());
        let probe = format!("{OWN}/probe-{}", hash.get(..16).unwrap_or_default());
        let reply = self.object("PUT", &probe, &[], b"1")?;
        self.done(&reply, doing)?;
        let reply = self.object("PUT", &probe, &[("if-none-match", "*")], b"2")?;
        self.delete(&probe)?;
        match reply.status.as_u16() {
            412 => Ok(true),
            // Some know the condition only to refuse it.
            200..=299 | 400 | 501 => Ok(false),
            _ => Err(self.trouble(&reply, doing)),
        }
    }

    fn read_lock(&mut self) -> Answer<Option<String>> {
        Ok(self.read(LOCK)?.map(|text| String::from_utf8_lossy(&text).into_owned()))
    }

    /// Adds the files of a page of the listing; how the next one is asked for. `None`: it is no listing.
    fn page(&self, body: &[u8], found: &mut Vec<Found>) -> Option<Option<String>> {
        let text = std::str::from_utf8(body).ok()?;
        let document = roxmltree::Document::parse(text).ok()?;
        let root = document.root_element();
        if root.tag_name().name() != "ListBucketResult" {
            return None;
        }
        let (mut more, mut token) = (false, None);
        for node in root.children().filter(roxmltree::Node::is_element) {
            match node.tag_name().name() {
                "Contents" => {
                    let key = text_of(node, "Key")?;
                    let size = text_of(node, "Size")?.trim().parse().ok()?;
                    match key.strip_prefix(&self.access.prefix) {
                        // Names with `/` at their end stand for folders.
                        Some(path) if !path.is_empty() && !path.ends_with('/') => {
                            found.push(Found { path: path.to_owned(), size });
                        }
                        _ => {}
                    }
                }
                "IsTruncated" => more = node.text().map(str::trim) == Some("true"),
                "NextContinuationToken" => token = node.text().map(str::to_owned),
                _ => {}
            }
        }
        // A host that has more and does not say how to get it must not look as if that was all.
        if more { token.map(Some) } else { Some(None) }
    }

    fn done(&self, reply: &Reply, doing: Doing<'_>) -> Answer<()> {
        if reply.status.is_success() { Ok(()) } else { Err(self.trouble(reply, doing)) }
    }

    fn object(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer<Reply> {
        let key = format!("/{}{path}", self.access.prefix);
        self.request(method, &key, &[], headers, body)
    }

    /// Asks for something of the bucket. `query` must be in the order of its names, as it is signed.
    fn request(
        &self,
        method: &str,
        key: &str,
        query: &[(&str, &str)],
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Answer<Reply> {
        let access = &self.access;
        let path = format!("{}{}", access.root, utf8_percent_encode(key, PATH));
        let query: Vec<String> =
            query.iter().map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, VALUE))).collect();
        let query = query.join("&");
        let url = format!("{}{path}{}{query}", access.place.origin, if query.is_empty() { "" } else { "?" });
        let mut said: Vec<(&str, String)> = headers.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        if method == "PUT" {
            said.push(("content-md5", BASE64_STANDARD.encode(Md5::digest(body))));
        }
        if let Some(token) = &access.token {
            said.push(("x-amz-security-token", token.clone()));
        }
        let now = jiff::Timestamp::now().strftime("%Y%m%dT%H%M%SZ").to_string();
        let authorization = access.sign(&now, method, &path, &query, &mut said, body);
        said.push(("authorization", authorization));
        let said: Vec<(&str, &str)> = said.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.line.ask(method, &url, &said, body)
    }

    /// What an answer that is none means.
    fn trouble(&self, reply: &Reply, doing: Doing<'_>) -> Trouble {
        let code = code(reply).unwrap_or_default();
        let (doing_ja, doing_en) = doing;
        let say = |passing: bool, ja: String, en: String| Trouble {
            passing,
            ja: format!("{doing_ja}: {ja}（{code}）"),
            en: format!("{doing_en}: {en} ({code})"),
        };
        match code.as_str() {
            "NoSuchBucket" => say(
                false,
                format!("バケット「{}」がありません。bucket と endpoint を確かめてください。", self.access.bucket),
                format!("there is no bucket {}; check `bucket` and `endpoint`", self.access.bucket),
            ),
            "InvalidAccessKeyId" | "SignatureDoesNotMatch" | "InvalidToken" | "ExpiredToken" => say(
                false,
                "鍵がちがうか、期限がきれています。環境変数 AWS_ACCESS_KEY_ID と AWS_SECRET_ACCESS_KEY を確かめてください。".into(),
                "the keys are wrong or have expired; check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY".into(),
            ),
            "AccessDenied" => say(
                false,
                "この鍵では許されていません。読む・書く・消すことのほか、一覧（ListBucket）の許可も要ります。".into(),
                "the keys do not allow this; they need the rights to read, write, delete and list (ListBucket)".into(),
            ),
            "RequestTimeTooSkewed" => say(
                false,
                "このコンピュータの時計がずれています。あわせてから、もう一度ためしてください。".into(),
                "this computer's clock is wrong; set it and try again".into(),
            ),
            "AuthorizationHeaderMalformed" | "PermanentRedirect" | "TemporaryRedirect" | "IllegalLocationConstraintException" => {
                let region = inner(reply, "Region").filter(|region| plain(region));
                let (ja, en) = match region {
                    Some(region) => {
                        (format!("region: {region} と書いてください。"), format!("write `region: {region}`"))
                    }
                    None => (
                        "region と endpoint を確かめてください。".to_owned(),
                        "check `region` and `endpoint`".to_owned(),
                    ),
                };
                say(false, ja, en)
            }
            "BadDigest" | "InvalidDigest" | "XAmzContentSHA256Mismatch" | "IncompleteBody" | "RequestTimeout" | "SlowDown" | "OperationAborted" | "ConditionalRequestConflict" => say(
                true,
                "送る途中でこわれたか、こみあっています。もう一度ためしてください。".into(),
                "it was damaged on its way, or the server is busy; try again".into(),
            ),
            _ if code.is_empty() => refused(reply.status, doing),
            _ => {
                let Trouble { passing, ja, en } = refused(reply.status, doing);
                Trouble { passing, ja: format!("{ja}（{code}）"), en: format!("{en} ({code})") }
            }
        }
    }
}

impl Access {
    /// Adds what a signature covers to the headers, and makes it.
    fn sign(
        &self,
        now: &str,
        method: &str,
        path: &str,
        query: &str,
        headers: &mut Vec<(&str, String)>,
        body: &[u8],
    ) -> String {
        let hash = hex(digest::digest(&digest::SHA256, body).as_ref());
        headers.push(("x-amz-content-sha256", hash.clone()));
        headers.push(("x-amz-date", now.to_owned()));
        let mut signed: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        signed.push(("host", &self.place.host));
        signed.sort_unstable();
        let names: Vec<&str> = signed.iter().map(|(name, _)| *name).collect();
        let names = names.join(";");
        let mut request = format!("{method}\n{path}\n{query}\n");
        for (name, value) in &signed {
            // Writing to a string cannot fail.
            let _ = writeln!(request, "{name}:{}", value.trim());
        }
        let _ = write!(request, "\n{names}\n{hash}");

        let day = now.get(..8).unwrap_or_default();
        let scope = format!("{day}/{}/s3/aws4_request", self.region);
        let request = hex(digest::digest(&digest::SHA256, request.as_bytes()).as_ref());
        let mut key = format!("AWS4{}", self.key).into_bytes();
        for part in [day, &self.region, "s3", "aws4_request"] {
            key = mac(&key, part);
        }
        let signature = hex(&mac(&key, &format!("AWS4-HMAC-SHA256\n{now}\n{scope}\n{request}")));
        format!("AWS4-HMAC-SHA256 Credential={}/{scope}, SignedHeaders={names}, Signature={signature}", self.id)
    }
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text.as_bytes()).as_ref().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A child's text.
fn text_of(node: roxmltree::Node<'_, '_>, name: &str) -> Option<String> {
    let child = node.children().find(|child| child.tag_name().name() == name)?;
    Some(child.text().unwrap_or_default().to_owned())
}

/// What an error's answer says under a name.
fn inner(reply: &Reply, name: &str) -> Option<String> {
    let document = roxmltree::Document::parse(std::str::from_utf8(&reply.body).ok()?).ok()?;
    let root = document.root_element();
    if root.tag_name().name() == "Error" { text_of(root, name) } else { None }
}

/// The word of an error. Nothing else of an answer is shown: it may repeat what was sent.
fn code(reply: &Reply) -> Option<String> {
    if reply.status.is_success() {
        return None;
    }
    inner(reply, "Code").filter(|code| plain(code))
}

fn plain(word: &str) -> bool {
    (1..=64).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn strange((ja, en): Doing<'_>) -> Trouble {
    Trouble::lasting(
        format!("{ja}: 返事が S3 のものではありません。endpoint を確かめてください。"),
        format!("{en}: the answer is not that of an S3 server; check `endpoint`"),
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    /// The example of Amazon's description, "GET Object".
    #[test]
    fn a_signature_is_what_amazon_says_it_is() {
        let access = Access {
            place: Place::read("endpoint", "https://examplebucket.s3.amazonaws.com/").unwrap(),
            bucket: String::new(),
            root: String::new(),
            prefix: String::new(),
            region: "us-east-1".into(),
            id: "AKIAIOSFODNN7EXAMPLE".into(),
            key: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".into(),
            token: None,
        };
        let mut headers = vec![("range", "bytes=0-9".to_owned())];
        let made = access.sign("20130524T000000Z", "GET", "/test.txt", "", &mut headers, b"");
        assert_eq!(
            made,
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, \
             SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, \
             Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
        );
    }

    #[test]
    fn a_region_is_found_where_the_address_says_it() {
        for (said, endpoint, region_of_it) in [
            ("auto", "https://s3.ap-northeast-1.amazonaws.com", "ap-northeast-1"),
            ("", "https://s3.dualstack.eu-west-1.amazonaws.com/", "eu-west-1"),
            ("", "https://s3.amazonaws.com", "us-east-1"),
            ("", "https://0123.r2.cloudflarestorage.com", "auto"),
            ("auto", "https://s3.isk01.sakurastorage.jp", "us-east-1"),
            ("jp-north-1", "https://s3.isk01.sakurastorage.jp", "jp-north-1"),
        ] {
            let place = Place::read("endpoint", endpoint).unwrap();
            assert_eq!(region(said, &place.host), region_of_it, "{endpoint}");
        }
    }
}
