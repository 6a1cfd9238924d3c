//! Programs that do the work for us (git, rsync): started without prompts, watched, and ended when they hang.

use super::patience::Patience;
use super::target::{Answer, Trouble};
use std::io::{ErrorKind, Read, Write};
use std::process::{Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

/// Options of ssh, for programs that call it: it must never ask, and never wait for ever. Not to leave a connection
/// open behind our back either (it would hold the pipe that we read the errors from), nor to show banners in it.
pub(super) fn ssh_options(patience: Patience) -> String {
    let connect = patience.connect.as_secs().max(1);
    let alive = (patience.each.as_secs() / 3).max(1);
    format!(
        "-o BatchMode=yes -o ConnectTimeout={connect} -o ServerAliveInterval={alive} -o ServerAliveCountMax=3 \
         -o ControlMaster=no -o LogLevel=ERROR"
    )
}

/// What a program left.
pub(super) struct Finished {
    pub(super) ok: bool,
    pub(super) code: Option<i32>,
    pub(super) out: Vec<u8>,
    /// What it said, with `\r` of progress lines as line ends.
    pub(super) said: String,
}

enum Heard {
    Out(Vec<u8>),
    Said(Vec<u8>),
}

fn listen(mut from: impl Read + Send + 'static, to: Sender<Heard>, wrap: fn(Vec<u8>) -> Heard) {
    thread::spawn(move || {
        let mut room = vec![0; 1 << 16];
        loop {
            match from.read(&mut room) {
                Ok(0) => break,
                Ok(count) => {
                    if to.send(wrap(room.get(..count).unwrap_or_default().to_vec())).is_err() {
                        break;
                    }
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => break,
            }
        }
    });
}

/// Runs a program to its end. It is ended when nothing is heard of it for `silence`: programs that may take longer
/// must be told to show progress.
pub(super) fn run(command: &mut Command, input: Vec<u8>, silence: Duration) -> Answer<Finished> {
    let name = command.get_program().to_string_lossy().into_owned();
    let mut child = command
        .stdin(if input.is_empty() { Stdio::null() } else { Stdio::piped() })
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| not_started(&name, &error))?;
    if let Some(mut stdin) = child.stdin.take() {
        // A program that ends early says itself why; the broken pipe says nothing.
        thread::spawn(move || drop(stdin.write_all(&input)));
    }
    let (to, from) = channel();
    if let Some(out) = child.stdout.take() {
        listen(out, to.clone(), Heard::Out);
    }
    if let Some(said) = child.stderr.take() {
        listen(said, to.clone(), Heard::Said);
    }
    drop(to);
    let (mut out, mut said) = (Vec::new(), Vec::new());
    let mut heard = Instant::now();
    let mut ended = None;
    loop {
        match from.recv_timeout(Duration::from_millis(100)) {
            Ok(Heard::Out(mut bytes)) => {
                heard = Instant::now();
                out.append(&mut bytes);
            }
            Ok(Heard::Said(mut bytes)) => {
                heard = Instant::now();
                said.append(&mut bytes);
            }
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) => {
                // It has ended, but something that it started still holds its pipe: do not wait for that.
                if ended.is_some_and(|at: Instant| at.elapsed() > Duration::from_secs(1)) {
                    break;
                }
                if ended.is_none() && matches!(child.try_wait(), Ok(Some(_))) {
                    ended = Some(Instant::now());
                }
                if ended.is_none() && heard.elapsed() > silence {
                    drop(child.kill());
                    drop(child.wait());
                    let seconds = silence.as_secs();
                    return Err(Trouble::passing(
                        format!("サーバーから {seconds} 秒のあいだ返事がないので、{name} を止めました。"),
                        format!("nothing was heard of the host for {seconds} seconds; {name} was stopped"),
                    ));
                }
            }
        }
    }
    let status = child.wait().map_err(|error| not_started(&name, &error))?;
    let said = String::from_utf8_lossy(&said).replace('\r', "\n");
    Ok(Finished { ok: status.success(), code: status.code(), out, said })
}

/// A trouble of this machine: its disk.
pub(super) fn local(error: &std::io::Error) -> Trouble {
    Trouble::lasting(
        format!("一時フォルダに書けません（{error}）。ディスクの空きを確かめてください。"),
        format!("the temporary folder cannot be written: {error}"),
    )
}

/// A program that could not be run.
pub(super) fn not_started(name: &str, error: &std::io::Error) -> Trouble {
    if error.kind() == ErrorKind::NotFound {
        return Trouble::lasting(
            format!("{name} が見つかりません。{name} を入れてから、もう一度どうぞ。"),
            format!("{name} was not found; install it"),
        );
    }
    Trouble::lasting(format!("{name} を動かせません（{error}）。"), format!("{name} cannot be run: {error}"))
}

/// What keeps any of them from working, whatever it is: the host's key, a full disk.
pub(super) fn known(said: &str) -> Option<&'static str> {
    const KNOWN: [(&[&str], &str); 2] = [
        (
            &["Host key verification failed", "REMOTE HOST IDENTIFICATION HAS CHANGED"],
            "サーバーの鍵（ホスト鍵）を確かめられません。host_key: に、サーバーの会社の案内とくらべた ED25519 の指紋（「ssh-keyscan ホスト名 | ssh-keygen -lf -」で出る SHA256:…）を書いてください。もう書いてあるなら、サーバーの鍵がそれとちがいます。",
        ),
        (&["No space left", "disk quota", "Disk quota"], "ディスクの空きがたりません（このパソコンか、サーバー）。"),
    ];
    KNOWN.iter().find(|(words, _)| words.iter().any(|word| said.contains(word))).map(|(_, ja)| *ja)
}

/// What a program said, without what must not be seen: passwords in addresses, and the secrets given.
pub(super) fn redact(text: &str, secrets: &[String]) -> String {
    let mut text = text.to_owned();
    for secret in secrets.iter().filter(|secret| !secret.is_empty()) {
        text = text.replace(secret.as_str(), "***");
    }
    let mut clean = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once("://") {
        clean.push_str(before);
        clean.push_str("://");
        let end = after.find(|c: char| c.is_whitespace() || matches!(c, '/' | '\'' | '"')).unwrap_or(after.len());
        let (authority, behind) = after.split_at(end);
        match authority.rsplit_once('@') {
            Some((_, host)) => {
                clean.push_str("***@");
                clean.push_str(host);
            }
            None => clean.push_str(authority),
        }
        rest = behind;
    }
    clean.push_str(rest);
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_has_no_secrets() {
        let shown = redact(
            "fatal: unable to access 'https://ghp_abc@github.com/a/b.git/': x, ssh://git@h/p https://a:b@c hunter2",
            &["hunter2".to_owned(), String::new()],
        );
        assert_eq!(
            shown,
            "fatal: unable to access 'https://***@github.com/a/b.git/': x, ssh://***@h/p https://***@c ***"
        );
        assert_eq!(redact("https://c/p@q :// @", &[]), "https://c/p@q :// @");
    }

    #[test]
    fn a_program_that_says_nothing_is_ended_and_one_that_goes_on_is_not() {
        let start = Instant::now();
        let trouble = run(Command::new("sleep").arg("60"), Vec::new(), Duration::from_secs(1)).err();
        assert!(trouble.is_some_and(|trouble| trouble.passing) && start.elapsed() < Duration::from_secs(40));
        let mut talks = Command::new("sh");
        talks.args(["-c", "for i in 1 2 3 4 5 6; do echo $i >&2; sleep 0.4; done; cat"]);
        let finished = run(&mut talks, b"abc".to_vec(), Duration::from_secs(2));
        assert!(finished.is_ok_and(|finished| finished.ok && finished.out == b"abc" && finished.said.contains('6')));
        // What it leaves behind does not hold us up.
        let left = run(Command::new("sh").args(["-c", "sleep 50 & echo a"]), Vec::new(), Duration::from_secs(30));
        assert!(left.is_ok_and(|left| left.out == b"a\n") && start.elapsed() < Duration::from_secs(40));
        let missing = run(&mut Command::new("heartnet-no-such-program"), Vec::new(), Duration::from_secs(1)).err();
        assert!(missing.is_some_and(|missing| !missing.passing && missing.ja.contains("入れて")));
    }
}
