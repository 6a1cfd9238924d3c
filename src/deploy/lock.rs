//! What stands in the lock on a host: who has it, so that a person can tell whether to wait.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

#[derive(Debug, Serialize, Deserialize)]
struct Holder {
    /// Told apart from all others.
    id: String,
    host: String,
    process: u32,
    /// Containers count their processes each for itself.
    #[serde(default)]
    space: String,
    since: String,
}

/// Nobody publishes for so long: whoever has had the lock since then was killed.
const LONGEST: jiff::SignedDuration = jiff::SignedDuration::from_hours(6);

/// The text of our own lock.
pub(super) fn text(id: &str, since: &str) -> String {
    let (host, process, space) = (machine(), std::process::id(), space());
    let holder = Holder { id: id.to_owned(), host, process, space, since: since.to_owned() };
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

/// Which processes the numbers count: of this start of this machine (names of machines are not theirs alone), in this
/// container.
fn space() -> String {
    let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    let space = std::fs::read_link("/proc/self/ns/pid").unwrap_or_default();
    format!("{} {}", boot.trim(), space.to_string_lossy())
}

/// A time as we write it: `20261129T090000Z`.
fn moment(since: &str) -> Option<Timestamp> {
    let civil = jiff::civil::DateTime::strptime("%Y%m%dT%H%M%SZ", since).ok()?;
    TimeZone::UTC.to_timestamp(civil).ok()
}

/// A time, or the name of a publication, which begins with one, for people.
pub(super) fn in_words(since: &str, zone: &TimeZone) -> Option<String> {
    let moment = moment(since.split('-').next()?)?.to_zoned(zone.clone());
    Some(moment.strftime("%Y-%m-%d %H:%M").to_string())
}

/// Whether whoever has it was a process of this machine that is no more, or has had it for too long.
pub(super) fn is_dead(text: &str) -> bool {
    let Ok(holder) = serde_json::from_str::<Holder>(text) else { return false };
    if moment(&holder.since).is_some_and(|since| Timestamp::now().duration_since(since) > LONGEST) {
        return true;
    }
    let processes = std::path::Path::new("/proc/self");
    holder.host == machine()
        && holder.host != "?"
        && holder.space == space()
        && processes.exists()
        && !std::path::Path::new(&format!("/proc/{}", holder.process)).exists()
}

/// Who has it, in words.
pub(super) fn described(text: &str, zone: &TimeZone) -> (String, String) {
    match serde_json::from_str::<Holder>(text) {
        Ok(holder) => {
            let since = in_words(&holder.since, zone).unwrap_or(holder.since);
            (format!("{} が {since} から", holder.host), format!("{} since {since}", holder.host))
        }
        Err(_) => ("だれかは分かりません".to_owned(), "it does not say who".to_owned()),
    }
}
