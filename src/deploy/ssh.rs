//! How `ssh` is called by the programs that do the work for us (git, rsync): which host it may believe, and with which
//! key it comes.
//!
//! On a machine that was made a moment ago (CI) nobody has registered the host or put a key into a file. So the host can
//! be told by its fingerprint in the settings, and the key may come from the environment.

use super::config::{Config, key_variable};
use super::patience::Patience;
use super::process::{local, ssh_options};
use super::target::{Answer, Trouble};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// The command, and the folder of what it needs, which must outlive it.
pub(super) struct Ssh {
    pub(super) command: String,
    _room: Option<TempDir>,
}

/// Prints the host's key as one that is known, if it has the fingerprint; ssh calls it with what the host showed.
const BELIEVE: &str = "#!/bin/sh\n[ \"$1\" = 'PIN' ] && printf '%s %s %s\\n' \"$2\" \"$3\" \"$4\"\nexit 0\n";

/// The text of the key of a target, where there is one: from the file of the settings, else from the environment.
pub(super) fn key(name: &str, config: &Config, environment: super::Environment<'_>) -> Answer<Option<String>> {
    if config.key.is_empty() {
        return Ok(environment(&key_variable(name)).map(|text| format!("{}\n", text.trim())));
    }
    let path = &config.key;
    let text = fs::read_to_string(key_file(path, environment)).map_err(|error| {
        Trouble::lasting(
            format!("鍵ファイル {path} を読めません（{}）。", crate::source::in_words(&error)),
            format!("cannot read the key {path}: {error}"),
        )
    })?;
    if text.starts_with("ssh-") || text.starts_with("ecdsa-") {
        return Err(Trouble::lasting(
            format!("{path} は公開鍵です。key: には、.pub のつかない秘密鍵の場所を書いてください。"),
            format!("{path} is a public key; `key:` wants the private one"),
        ));
    }
    Ok(Some(text))
}

fn key_file(path: &str, environment: super::Environment<'_>) -> PathBuf {
    match path.strip_prefix("~/") {
        Some(rest) => Path::new(&environment("HOME").unwrap_or_default()).join(rest),
        None => PathBuf::from(path),
    }
}

/// The command, beginning with what the user has set in `variable`.
pub(super) fn command(name: &str, config: &Config, environment: super::Environment<'_>, variable: &str) -> Answer<Ssh> {
    let own = environment(variable).filter(|ssh| !ssh.trim().is_empty());
    let mut command = own.unwrap_or_else(|| "ssh".to_owned());
    command.push(' ');
    command.push_str(&ssh_options(Patience::read(environment)));
    let mut room = None;
    // What it says of a key that cannot be used is better told beforehand.
    if let Some(text) = key(name, config, environment)? {
        let file = if config.key.is_empty() {
            write(&mut room, "key", &text, 0o600)?
        } else {
            key_file(&config.key, environment)
        };
        command.push_str(&format!(" -o IdentitiesOnly=yes -i {}", quoted(&file.to_string_lossy())));
    }
    if !config.host_key.is_empty() {
        let pin = config.host_key.trim().trim_end_matches('=');
        let script = write(&mut room, "believe", &BELIEVE.replace("PIN", pin), 0o700)?;
        let asks = format!("KnownHostsCommand={} %f %H %t %K", script.to_string_lossy());
        command.push_str(&format!(
            " -o {} -o UserKnownHostsFile=/dev/null -o GlobalKnownHostsFile=/dev/null -o StrictHostKeyChecking=yes",
            quoted(&asks)
        ));
    }
    Ok(Ssh { command, _room: room })
}

/// As rsync and git take a word of a command.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', "''"))
}

fn write(room: &mut Option<TempDir>, name: &str, text: &str, mode: u32) -> Answer<PathBuf> {
    let mut write = || -> io::Result<(TempDir, PathBuf)> {
        let folder = match room.take() {
            Some(folder) => folder,
            None => TempDir::with_prefix("heartnet-ssh-")?,
        };
        let path = folder.path().join(name);
        let mut options = fs::File::options();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
        #[cfg(not(unix))]
        let _ = mode;
        io::Write::write_all(&mut options.open(&path)?, text.as_bytes())?;
        Ok((folder, path))
    };
    let (folder, path) = write().map_err(|error| local(&error))?;
    *room = Some(folder);
    Ok(path)
}
