//! What stands in the lock on a host: who has it, so that a person can tell whether to wait.

use serde::{Deserialize, Serialize};

#[derive(Debug, Serialize, Deserialize)]
struct Holder {
    /// Told apart from all others.
    id: String,
    host: String,
    process: u32,
    since: String,
}

/// The text of our own lock.
pub(super) fn text(id: &str, since: &str) -> String {
    let holder = Holder { id: id.to_owned(), host: machine(), process: std::process::id(), since: since.to_owned() };
    serde_json::to_string(&holder).unwrap_or_default()
}

fn machine() -> String {
    let set = |name: &str| std::env::var(name).ok().filter(|name| !name.is_empty());
    std::fs::read_to_string("/proc/sys/kernel/hostname")
        .ok()
        .map(|name| name.trim().to_owned())
        .or_else(|| set("HOSTNAME"))
        .or_else(|| set("COMPUTERNAME"))
        .unwrap_or_else(|| "?".to_owned())
}

/// Whether whoever has it was a process of this machine that is no more.
pub(super) fn is_dead(text: &str) -> bool {
    let Ok(holder) = serde_json::from_str::<Holder>(text) else { return false };
    let processes = std::path::Path::new("/proc/self");
    holder.host == machine()
        && holder.host != "?"
        && processes.exists()
        && !std::path::Path::new(&format!("/proc/{}", holder.process)).exists()
}

/// Who has it, in words.
pub(super) fn described(text: &str) -> (String, String) {
    match serde_json::from_str::<Holder>(text) {
        Ok(holder) => {
            (format!("{} が {} から", holder.host, holder.since), format!("{} since {}", holder.host, holder.since))
        }
        Err(_) => ("だれかは分かりません".to_owned(), "it does not say who".to_owned()),
    }
}
