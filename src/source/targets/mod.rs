//! `deploy:` of `heartnet.yaml`: the targets, and what may stand in them.

mod values;

use crate::diagnostic::{meant, nearest};
use serde::Deserialize;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// One target. Which fields belong to which kind is told by [`KINDS`].
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the fields are those of the contract; docs/koukai.md explains each")]
pub struct Config {
    pub kind: String,
    pub path: String,
    pub remote: String,
    pub branch: String,
    /// Keep the history of the branch (the default), or only the newest publication.
    pub squash: bool,
    pub endpoint: String,
    pub bucket: String,
    pub prefix: String,
    pub region: String,
    pub host: String,
    pub port: Option<u16>,
    pub user: String,
    pub key: String,
    pub host_key: String,
    pub tls_pin: String,
    /// TLS from the first byte (port 990) instead of `AUTH TLS`.
    pub implicit: bool,
    pub allow_plaintext: bool,
    pub url: String,
    pub to: String,
    /// Each publication in a folder of its own, and a link on the newest.
    pub releases: bool,
    /// The public address, where it is not `base_url`.
    pub site: String,
    /// The folder of the settings, from which paths in them begin.
    #[serde(skip)]
    pub root: PathBuf,
}

impl Config {
    /// With paths that begin where the settings are, wherever somebody happens to stand.
    pub fn at(mut self, root: &Path, home: &Path) -> Self {
        let below = |path: &str| match path.strip_prefix("~/") {
            Some(rest) => home.join(rest).display().to_string(),
            None => root.join(path).display().to_string(),
        };
        if !self.key.is_empty() {
            self.key = below(&self.key);
        }
        if self.kind == "folder" {
            self.path = below(&self.path);
        }
        if self.remote.starts_with("./") || self.remote.starts_with("../") {
            self.remote = below(&self.remote);
        }
        self.root = root.to_owned();
        self
    }

    /// Which place it is, whatever way leads there.
    pub fn place(&self) -> String {
        let port = self.port.map(|port| port.to_string()).unwrap_or_default();
        let parts = [
            &self.kind,
            &self.remote,
            &self.branch,
            &self.endpoint,
            &self.bucket,
            &self.prefix,
            &self.host,
            &port,
            &self.user,
            &self.path,
            &self.url,
            &self.to,
        ];
        parts.map(|part| part.trim()).join("\n")
    }
}

/// A kind of target: its word, the fields it must have, those it may have.
pub const KINDS: &[(&str, &[&str], &[&str])] = &[
    ("folder", &["path"], &["releases"]),
    ("git", &["remote", "branch"], &["squash", "key", "host_key"]),
    ("s3", &["endpoint", "bucket"], &["prefix", "region"]),
    ("sftp", &["host", "user", "path", "host_key"], &["port", "key", "releases"]),
    ("ftps", &["host", "user", "path"], &["port", "tls_pin", "implicit"]),
    ("ftp", &["host", "user", "path", "allow_plaintext"], &["port"]),
    ("webdav", &["url"], &["user", "tls_pin"]),
    ("rsync", &["to"], &["key", "host_key", "port", "allow_plaintext"]),
];

/// What is wrong with a target: where, and in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The field, or nothing for the target as a whole.
    pub field: Option<String>,
    /// What is wrong and what to do.
    pub ja: String,
    /// The same in English.
    pub en: String,
}

/// Words in names of fields that hold secrets, which have no place in a file that everybody reads.
const SECRETS: &[&str] =
    &["password", "passwd", "pass", "secret", "token", "access_key", "secret_key", "パスワード", "pwd"];

/// Whether a line of the settings may hold a secret.
pub fn holds_secret(line: &str) -> bool {
    let line = line.to_lowercase();
    let known = || KINDS.iter().flat_map(|(_, must, may)| must.iter().chain(*may)).copied().chain(["kind", "site"]);
    // A field that nobody knows may be somebody's word for a password; one that is nearly a known one is a slip.
    let strange = |part: &str| {
        part.split_once(": ").is_some_and(|(field, value)| {
            let (field, value) = (field.trim_matches([' ', '"', '\'']), value.trim());
            !value.is_empty() && !value.starts_with('{') && nearest(field, known()).is_none()
        })
    };
    SECRETS.iter().any(|secret| line.contains(secret))
        || line.contains("://") && line.contains('@')
        || line.split(['{', ',', '}']).any(strange)
}

/// Words of the command that no target can have for a name.
const ACTIONS: [&str; 4] = ["status", "rollback", "adopt", "unlock"];

/// The environment variable of a target's password.
pub fn password_variable(target: &str) -> String {
    let name: String = target.chars().map(|c| if c == '-' { '_' } else { c.to_ascii_uppercase() }).collect();
    format!("HEARTNET_{name}_PASSWORD")
}

/// The environment variable of the text of a target's private key.
pub fn key_variable(target: &str) -> String {
    password_variable(target).replace("_PASSWORD", "_KEY")
}

/// Reads a target.
pub fn read(name: &str, value: &Value) -> Result<Config, Fault> {
    let fault = |field: Option<&str>, ja: String, en: String| Fault { field: field.map(str::to_owned), ja, en };
    let Value::Object(map) = value else {
        return Err(fault(
            None,
            "「kind: folder」のように、種類と場所を書いてください。".into(),
            "write its kind and place, such as `kind: folder`".into(),
        ));
    };
    for field in map.keys() {
        if SECRETS.iter().any(|secret| field.to_lowercase().contains(secret)) {
            let variable = password_variable(name);
            return Err(fault(
                Some(field),
                format!(
                    "パスワードなどの秘密は、このファイルに書けません。ここから消して、環境変数 {variable} に入れてください。もう人に見られたかもしれないときは、変えてください。"
                ),
                format!(
                    "secrets may not stand in this file; put it into the environment variable {variable}, and change it if others may have seen it"
                ),
            ));
        }
    }
    let plain = |name: &str| name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    if !plain(name) || ACTIONS.contains(&name) || name.starts_with(|c: char| !c.is_ascii_alphabetic()) {
        return Err(fault(
            None,
            format!(
                "公開先の名前「{name}」は使えません。英字で始め、英数字と - _ だけで書いてください（{} は除く）。",
                ACTIONS.join("・")
            ),
            format!(
                "a target cannot be called `{name}`: letters, digits, `-` and `_` only, and none of {}",
                ACTIONS.join(", ")
            ),
        ));
    }
    for field in ["remote", "to", "url", "endpoint"] {
        let address = map.get(field).and_then(Value::as_str).unwrap_or_default();
        let host = address.split_once("://").map_or("", |(_, rest)| rest.split('/').next().unwrap_or_default());
        // A name alone is no secret, unless it is what GitHub and others give out as a key.
        let is_secret = |user: &str| user.contains(':') || user.len() >= 20 && !address.starts_with("ssh://");
        if host.rsplit_once('@').is_some_and(|(user, _)| is_secret(user)) {
            let variable = password_variable(name);
            return Err(fault(
                Some(field),
                format!(
                    "アドレスの中にパスワードやトークンを書けません。「@」の前を消して、環境変数 {variable} に入れてください。もう人に見られたかもしれないときは、変えてください。"
                ),
                format!(
                    "an address may not hold a password; put it into {variable}, and change it if others may have seen it"
                ),
            ));
        }
    }
    let words: Vec<&str> = KINDS.iter().map(|(word, ..)| *word).collect();
    let kind = map.get("kind").and_then(Value::as_str).unwrap_or_default();
    let Some((_, must, may)) = KINDS.iter().find(|(word, ..)| *word == kind) else {
        let all = words.join("・");
        let (near, _) = meant(kind, words.iter().copied());
        return Err(fault(
            map.contains_key("kind").then_some("kind"),
            format!("{near}kind（種類）には {all} のどれかを書いてください。"),
            format!("`kind` must be one of {}", words.join(", ")),
        ));
    };
    let known = || ["kind", "site"].into_iter().chain(must.iter().copied()).chain(may.iter().copied());
    for field in map.keys() {
        if !known().any(|known| known == field) {
            let (near, _) = meant(field, known());
            let all: Vec<&str> = known().collect();
            return Err(fault(
                Some(field),
                format!("{kind} に「{field}」という項目はありません。{near}書けるもの: {}", all.join("・")),
                format!("{kind} has no field `{field}`; it has {}", all.join(", ")),
            ));
        }
    }
    let empty = |field: &str| match map.get(field) {
        None | Some(Value::Null) => true,
        Some(Value::String(text)) => text.trim().is_empty(),
        Some(_) => false,
    };
    // Where the home folder is the site's, an empty path says so.
    if let Some(missing) =
        must.iter().find(|field| empty(field) && !(**field == "path" && map.contains_key("path") && kind != "folder"))
    {
        let hint = match *missing {
            "host_key" => {
                "サーバーのなりすましを防ぐためです。「ssh-keyscan ホスト名 | ssh-keygen -lf -」で出る SHA256:… を、サーバーの会社の案内とくらべてから書いてください。"
            }
            "allow_plaintext" => {
                "ftp はパスワードもサイトもそのまま流れます。できれば ftps か sftp を使い、どうしても使うときは allow_plaintext: true と書いてください。"
            }
            _ => "",
        };
        return Err(fault(
            None,
            format!("{kind} には「{missing}」が要ります。{hint}"),
            format!("{kind} needs `{missing}`"),
        ));
    }
    if let Some((field, (ja, en))) = values::kinds(map) {
        return Err(fault(Some(field), ja, en));
    }
    let config: Config = serde_json::from_value(value.clone()).map_err(|error| {
        fault(None, format!("値の形がちがいます（{error}）。"), format!("a value has the wrong form: {error}"))
    })?;
    if kind == "ftp" && !config.allow_plaintext {
        return Err(fault(
            Some("allow_plaintext"),
            "ftp を使うには true と書いてください。".into(),
            "must be true for ftp".into(),
        ));
    }
    if let Some((field, (ja, en))) = values::forms(&config) {
        return Err(fault(Some(field), ja, en));
    }
    Ok(config)
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_target_has_what_its_kind_needs_and_nothing_else() {
        assert!(read("preview", &json!({"kind": "folder", "path": "../preview"})).is_ok());
        assert!(
            read("host", &json!({"kind": "sftp", "host": "h", "user": "u", "path": "", "host_key": "SHA256:0123456789012345678901234567890123456789012"}))
                .is_ok()
        );
        let field = |value: Value| read("my-host", &value).expect_err("is wrong");
        assert!(field(json!("../preview")).ja.contains("kind"));
        assert!(field(json!({"kind": "fodler"})).ja.contains("「folder」"));
        assert_eq!(field(json!({"kind": "folder", "pasu": "x"})).field.as_deref(), Some("pasu"));
        assert!(field(json!({"kind": "folder"})).ja.contains("「path」"));
        let secret = field(json!({"kind": "ftps", "host": "h", "user": "u", "path": "", "password": "hunter2"}));
        assert!(secret.ja.contains("HEARTNET_MY_HOST_PASSWORD") && !secret.ja.contains("hunter2"));
        assert!(field(json!({"kind": "ftp", "host": "h", "user": "u", "path": "x"})).ja.contains("allow_plaintext"));
        for name in ["本番", "status", "my.host", "1st"] {
            assert!(read(name, &json!({"kind": "folder", "path": "x"})).is_err(), "{name}");
        }
        let secret = field(json!({"kind": "git", "remote": "https://bot:hunter2@h.example.jp/x.git", "branch": "x"}));
        assert!(secret.ja.contains("HEARTNET_MY_HOST_PASSWORD") && !secret.ja.contains("hunter2"));
        assert!(holds_secret("  a: {kind: ftps, password: hunter2}") && holds_secret("remote: https://a:b@c/"));
        for line in ["    pw: hunter2", "  a: {kind: sftp, pasuwado: hunter2}", "    暗証番号: 1234"] {
            assert!(holds_secret(line), "{line}");
        }
        assert!(!holds_secret("  a: {kind: folder, paht: ../x}") && !holds_secret("    hosts: www.example.jp"));
        let secret = field(json!({"kind": "git", "remote": "https://ghp_0123456789012345@h.jp/x.git", "branch": "x"}));
        assert!(secret.ja.contains("トークン") && !secret.ja.contains("0123"));
        assert!(read("git", &json!({"kind": "git", "remote": "git@h.example.jp:x.git", "branch": "x"})).is_ok());
        assert!(
            field(json!({"kind": "ftp", "host": "h", "user": "u", "path": "x", "allow_plaintext": false}))
                .ja
                .contains("true")
        );
        assert!(
            field(json!({"kind": "sftp", "host": "h", "user": "u", "path": "x", "host_key": "md5:1"}))
                .ja
                .contains("SHA256:")
        );
    }
}
