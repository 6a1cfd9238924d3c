//! Whether it is there as it should be, after everything was said to be well.

use super::http::{Line, PATH, Place};
use super::local::{self, LocalFile};
use super::patience::Patience;
use super::run::Way;
use super::target::{Answer, Trouble};
use super::{Stop, Verify, tls};
use percent_encoding::utf8_percent_encode;

/// Pages of each publication that are asked for as a visitor would.
const PAGES: usize = 5;

/// Looks as the user wants it.
pub(super) fn after(
    way: &mut Way<'_>,
    local: &[LocalFile],
    changed: &[String],
    address: &str,
    how: Verify,
) -> Result<(), Stop> {
    if how == Verify::Full {
        for file in local {
            let there = way.ask(|open| open.read(&file.path))?;
            if there.is_none_or(|content| local::hash(&content) != file.entry.hash) {
                return Err(wrong(
                    &file.path,
                    "公開先のファイルがないか、中身がちがいます。「heartnet deploy adopt 公開先」をしてから公開すると、全部を送りなおします",
                    "is missing or has other content; `heartnet deploy adopt`, then publishing, sends everything again",
                ));
            }
        }
    }
    if how != Verify::Size {
        let first = ["index.html", "404.html"].into_iter();
        let pages = changed.iter().map(String::as_str).filter(|path| path.ends_with("/index.html")).take(PAGES);
        for path in first.chain(pages) {
            let Some(file) = local.iter().find(|file| file.path == path) else { continue };
            let mut url = address.to_owned();
            url.extend(utf8_percent_encode(path.strip_suffix("index.html").unwrap_or(path), PATH));
            let got = get(&url).map_err(|why| {
                wrong(&url, &format!("見られません（{}）", why.ja), &format!("cannot be had: {}", why.en))
            })?;
            if local::hash(&got) != file.entry.hash {
                return Err(wrong(
                    &url,
                    "公開したものとちがうものが返ります。キャッシュか、別の場所を見ていないか確かめてください",
                    "is not what was published; a cache, or another place?",
                ));
            }
        }
    }
    Ok(())
}

fn wrong(what: &str, ja: &str, en: &str) -> Stop {
    Stop {
        status: 7, ja: format!("公開はしましたが、{what} は{ja}。"), en: format!("published, but {what} {en}")
    }
}

/// What a visitor gets, past any cache between.
fn get(url: &str) -> Answer<Vec<u8>> {
    let place = Place::read("site", url)?;
    let line = Line::new(&place, Patience::read(&|name| std::env::var(name).ok()), tls::client_config("", false)?);
    let reply = line.ask("GET", url, &[("cache-control", "no-cache"), ("accept-encoding", "identity")], &[])?;
    match reply.status.as_u16() {
        // A host may well answer 404 with the page for it.
        200 | 404 => Ok(reply.body),
        status => Err(Trouble::lasting(format!("答えは {status} でした"), format!("the answer was {status}"))),
    }
}
