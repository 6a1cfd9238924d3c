//! What FTP servers say is in a folder: exactly (`MLSD`), or as they like (`LIST`).

use super::target::{Answer, Trouble};

/// One in a folder.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) name: String,
    /// Its size, where it is not a folder. Links are files: what they lead to is not ours.
    pub(super) size: Option<u64>,
}

/// The entries of a listing, except the folder itself and the one above. A line that is not understood is a trouble:
/// what is left out of a listing seems not to be there.
pub(super) fn read(listing: &[u8], of_line: fn(&str) -> Option<Entry>) -> Answer<Vec<Entry>> {
    let mut entries = Vec::new();
    for line in String::from_utf8_lossy(listing).lines().filter(|line| !line.is_empty()) {
        match of_line(line) {
            Some(entry) if matches!(entry.name.as_str(), "" | "." | "..") => {}
            Some(entry) => entries.push(entry),
            None if line.starts_with("total ") => {}
            None => {
                return Err(Trouble::lasting(
                    "サーバーのファイル一覧の形がわかりません。sftp が使えないか、サーバーの会社の案内を見てください。",
                    "the server lists its files in a form that is not known; try sftp",
                ));
            }
        }
    }
    Ok(entries)
}

/// A line of `MLSD`: `type=file;size=5;modify=20260401000000; index.html`.
pub(super) fn fact(line: &str) -> Option<Entry> {
    let (facts, name) = line.split_once(' ')?;
    let value = |wanted: &str| {
        let mut facts = facts.split(';').filter_map(|fact| fact.split_once('='));
        facts.find(|(fact, _)| fact.eq_ignore_ascii_case(wanted)).map(|(_, value)| value.to_ascii_lowercase())
    };
    let (name, size) = match value("type")?.as_str() {
        "cdir" | "pdir" => ("", None),
        "dir" => (name, None),
        _ => (name, Some(value("size").and_then(|size| size.parse().ok()).unwrap_or_default())),
    };
    Some(Entry { name: name.to_owned(), size })
}

/// A line of `LIST`, as `ls -l` or the `dir` of Windows writes it.
pub(super) fn line(line: &str) -> Option<Entry> {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    // Each field with what follows it: names may begin with spaces.
    let mut rest = line;
    let mut fields = Vec::new();
    while fields.len() < 12 {
        let text = rest.trim_start_matches(' ');
        let Some((field, after)) = text.split_once(' ') else { break };
        fields.push((field, after));
        rest = after;
    }
    let field = |at: usize| fields.get(at).map(|(field, _)| *field).unwrap_or_default();
    if line.starts_with(|c: char| c.is_ascii_digit()) {
        // 04-01-26  10:00AM       <DIR>          photos
        let (size, name) = *fields.get(2)?;
        let size = if size == "<DIR>" { None } else { Some(size.parse().ok()?) };
        return Some(Entry { name: name.trim_start_matches(' ').to_owned(), size });
    }
    // -rw-r--r--    1 1000     1000        5 Apr 01 10:00 index.html
    let kind = line.chars().next().filter(|kind| "-dlbcps".contains(*kind))?;
    let number = |at: usize| field(at).bytes().all(|byte| byte.is_ascii_digit());
    let month = (2..fields.len()).find(|at| MONTHS.contains(&field(*at)) && number(at - 1) && number(at + 1))?;
    let (_, name) = *fields.get(month + 2)?;
    let name = if kind == 'l' { name.split_once(" -> ").map_or(name, |(name, _)| name) } else { name };
    let size = if kind == 'd' { None } else { Some(field(month - 1).parse().ok()?) };
    Some(Entry { name: name.to_owned(), size })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn listings_of_all_kinds_are_read() {
        let entry = |name: &str, size: Option<u64>| Entry { name: name.to_owned(), size };
        for (text, expected) in [
            ("-rw-r--r--    1 1000     1000            5 Apr 01 10:00 index.html", entry("index.html", Some(5))),
            ("-rw-r--r--   1 web www-data 1048576 Dec 31  2025  a  b.txt", entry(" a  b.txt", Some(1_048_576))),
            ("drwxr-xr-x    2 1000     1000         4096 Apr 01 10:00 写真 と #1", entry("写真 と #1", None)),
            ("drwxr-xr-x 1 root 0 May  1 10:00 no group", entry("no group", None)),
            ("lrwxrwxrwx    1 0 0 7 Apr 01 10:00 current -> releases/1", entry("current", Some(7))),
            ("04-01-26  10:00AM       <DIR>          photos", entry("photos", None)),
            ("04-01-2026  10:00             1234 a b.html", entry("a b.html", Some(1234))),
        ] {
            assert_eq!(line(text), Some(expected), "{text}");
        }
        for (text, expected) in [
            ("type=file;size=5;modify=20260401000000; index.html", entry("index.html", Some(5))),
            ("Type=dir;Perm=el; a;b = c", entry("a;b = c", None)),
            ("type=OS.unix=slink:/x;size=1; link", entry("link", Some(1))),
        ] {
            assert_eq!(fact(text), Some(expected), "{text}");
        }
        assert_eq!(read(b"total 4\r\ndrwxr-xr-x 2 0 0 4096 Apr 01 10:00 ..\r\n", line), Ok(Vec::new()));
        assert_eq!(read(b"type=cdir; /www\r\ntype=pdir; /\r\n", fact), Ok(Vec::new()));
        assert!(read(b"what is this\r\n", line).is_err(), "nothing is left out silently");
    }
}
