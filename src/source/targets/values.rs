//! Forms of the values of a target: whatever can be told without asking the host is told by `check`, at its place.

use super::Config;
use serde_json::{Map, Value};

/// What is wrong with a value: in Japanese and in English.
type Wrong = (String, String);

fn wrong(ja: &str, en: &str) -> Option<Wrong> {
    Some((ja.to_owned(), en.to_owned()))
}

/// The first field whose value is of the wrong kind: text, number, yes or no.
pub(super) fn kinds(map: &Map<String, Value>) -> Option<(&str, Wrong)> {
    map.iter().find_map(|(field, value)| Some((field.as_str(), kind(field, value)?)))
}

fn kind(field: &str, value: &Value) -> Option<Wrong> {
    if value.is_null() {
        return wrong(
            "値が空です。値を書くか、要らなければこの行を消してください。",
            "has no value; write one or remove the line",
        );
    }
    match field {
        "squash" | "implicit" | "allow_plaintext" | "releases" if !value.is_boolean() => {
            wrong("true か false を書いてください（「はい」「yes」は使えません）。", "must be `true` or `false`")
        }
        "port" if !value.as_u64().is_some_and(|port| (1..=65_535).contains(&port)) => {
            wrong("1 から 65535 までの数を、\"\" で囲まずに書いてください。", "must be a number from 1 to 65535")
        }
        "squash" | "implicit" | "allow_plaintext" | "releases" | "port" => None,
        _ if !value.is_string() => {
            wrong("文字を書く所です。数や true なども \"\" で囲んでください。", "must be a text; put it into quotes")
        }
        _ => None,
    }
}

/// The first field whose text has a wrong form.
pub(super) fn forms(config: &Config) -> Option<(&'static str, Wrong)> {
    let one = |field: &'static str, text: &str, form: fn(&str) -> Option<Wrong>| {
        if text.is_empty() { None } else { form(text).map(|wrong| (field, wrong)) }
    };
    one("site", &config.site, site)
        .or_else(|| one("endpoint", &config.endpoint, address))
        .or_else(|| one("url", &config.url, address))
        .or_else(|| one("host", &config.host, host))
        .or_else(|| one("bucket", &config.bucket, bucket))
        .or_else(|| one("branch", &config.branch, branch))
        .or_else(|| one("to", &config.to, to))
        .or_else(|| one("host_key", &config.host_key, host_key))
        .or_else(|| one("tls_pin", &config.tls_pin, tls_pin))
}

fn site(text: &str) -> Option<Wrong> {
    if crate::source::settings::base(text).is_some() && !text.contains('@') {
        return None;
    }
    wrong(
        "「https://」で始まる、サイトのアドレスを書いてください（利用者名は書けません）。",
        "must be the site's address, beginning with `https://`",
    )
}

fn address(text: &str) -> Option<Wrong> {
    if text.chars().any(char::is_whitespace) {
        return wrong("アドレスに空白は使えません。空白は %20 と書いてください。", "may not have blanks; write `%20`");
    }
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    match host.map(|rest| rest.split(['/', '?', '#']).next().unwrap_or_default()) {
        Some("") | None => wrong("「https://」で始まるアドレスを書いてください。", "must begin with `https://`"),
        Some(host) if !host.is_ascii() => wrong(
            "日本語のドメイン名は、「xn--」で始まる形（サーバーの会社の案内にあります）で書いてください。",
            "names of hosts must be in their ASCII form (`xn--…`)",
        ),
        Some(_) => None,
    }
}

fn host(text: &str) -> Option<Wrong> {
    if text.contains("://") || text.contains(['/', '@']) || text.chars().any(char::is_whitespace) {
        return wrong(
            "サーバーの名前だけを書いてください（www.example.jp のように。「://」や「/」や利用者名はつけません）。",
            "must be the name of the host only",
        );
    }
    let number = text.rsplit_once(':').is_some_and(|(name, port)| {
        !name.contains(':') && !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit())
    });
    number
        .then(|| wrong("ポートの番号は、port: に分けて書いてください。", "must not hold the port; write `port:`"))
        .flatten()
}

fn bucket(text: &str) -> Option<Wrong> {
    let may = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    if text.bytes().all(may) {
        return None;
    }
    wrong(
        "バケットの名前は、英数字と . - _ だけです。その中のフォルダーは prefix: に書いてください。",
        "has letters, digits, `.`, `-` and `_` only; a folder in it is `prefix:`",
    )
}

/// As `git check-ref-format`.
fn branch(text: &str) -> Option<Wrong> {
    let bad = text.chars().any(|c| c.is_whitespace() || c.is_control() || "~^:?*[\\".contains(c))
        || ["..", "@{", "//"].iter().any(|part| text.contains(part))
        || text.starts_with(['/', '-', '.'])
        || text.ends_with(['/', '.'])
        || text.ends_with(".lock");
    bad.then(|| {
        wrong(
            "ブランチの名前に使えない文字があります（空白や「:」など）。gh-pages のように書いてください。",
            "is no name of a branch",
        )
    })
    .flatten()
}

fn to(text: &str) -> Option<Wrong> {
    if text.contains(':') && !text.starts_with('-') && !text.contains(['\n', '\0']) {
        return None;
    }
    wrong(
        "「利用者名@サーバー:フォルダ」か「rsync://サーバー/モジュール/フォルダ」を書いてください。このパソコンのフォルダなら kind: folder です。",
        "must be `user@host:folder` or `rsync://host/module/folder`; for a folder of this machine there is `kind: folder`",
    )
}

fn host_key(text: &str) -> Option<Wrong> {
    let digits = text.trim().strip_prefix("SHA256:").map(|digits| digits.trim_end_matches('='));
    let whole = |digits: &str| {
        digits.len() == 43 && digits.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
    };
    if digits.is_some_and(whole) {
        return None;
    }
    wrong(
        "「SHA256:」と43けたの、鍵の指紋を書いてください。「ssh-keyscan ホスト名 | ssh-keygen -lf -」で出ます。",
        "must be the fingerprint: `SHA256:` and 43 signs",
    )
}

fn tls_pin(text: &str) -> Option<Wrong> {
    let digits = text.strip_prefix("sha256:").map(|digits| digits.replace(':', ""));
    if digits.is_some_and(|digits| digits.len() == 64 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())) {
        return None;
    }
    wrong(
        "「sha256:」と、証明書の指紋（0〜9 と a〜f で64けた）を書いてください。",
        "must be `sha256:` and the certificate's 64 digits",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_can_be_told_without_the_host_is_told() {
        for (form, good, bad) in [
            (
                address as fn(&str) -> Option<Wrong>,
                "https://s3.example.jp/a%20b",
                &["s3.example.jp", "https://", "https://a b/", "https://日本語.jp/", "dav"][..],
            ),
            (site, "https://example.jp/a", &["example.jp", "ftp://x", "https://u:p@example.jp/"]),
            (host, "www.example.jp", &["sftp://a", "127.0.0.1:22", "a/b", "u@h", "a b"]),
            (host, "::1", &[]),
            (bucket, "my-site.jp", &["a/b", "名前"]),
            (branch, "gh-pages", &["a b", "a..b", "-a", "a/", "a.lock", "a:b"]),
            (to, "u@h:www", &["www", "-e:x"]),
            (host_key, "SHA256:0123456789012345678901234567890123456789012", &["SHA256:…", "SHA256:AAAA", "MD5:1"]),
            (tls_pin, "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", &["sha256:aa", "aa"]),
        ] {
            assert_eq!(form(good), None, "{good}");
            for bad in bad {
                assert!(form(bad).is_some(), "{bad}");
            }
        }
        for (field, value) in [
            ("port", json!(99999)),
            ("port", json!("22")),
            ("releases", json!("はい")),
            ("user", json!(1)),
            ("path", json!(null)),
        ] {
            assert!(kind(field, &value).is_some(), "{field}: {value}");
        }
        assert_eq!(
            (kind("port", &json!(22)), kind("releases", &json!(true)), kind("path", &json!(""))),
            (None, None, None)
        );
    }
}
