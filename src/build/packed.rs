//! Texts packed beforehand, beside themselves: for hosts that pass on `page.html.br` instead of packing the page anew
//! for each visitor, or not at all.
//!
//! It is slow and always the same, so it is kept from build to build.

use super::cache::Cache;
use crate::deploy::headers;
use crate::source::settings::Settings;
use miniz_oxide::deflate::compress_to_vec;
use std::io::Write as _;
use std::sync::Arc;

/// Another number makes all of them anew.
const FORM: &str = "packed-1";
/// Of eleven. One more gains a per cent on pages and takes three times as long.
const BROTLI: u32 = 9;
const WINDOW: u32 = 22;
/// Of ten.
const GZIP: u8 = 9;

/// Ways to pack that the settings want, the best first: their names in HTTP, and what the names of files end in.
pub(super) fn ways(settings: &Settings) -> impl Iterator<Item = (&'static str, &'static str)> {
    let ways = [("brotli", "br", headers::BROTLI), ("gzip", "gzip", headers::GZIP)];
    let wanted = |(word, ..): &(&str, &str, &str)| settings.hosting.iter().any(|host| host == word);
    ways.into_iter().filter(wanted).map(|(_, way, ending)| (way, ending))
}

/// How texts are packed.
#[derive(Debug, Default)]
pub(super) struct Packing {
    /// Endings, each of a way to pack.
    endings: Vec<&'static str>,
    cache: Option<Arc<Cache>>,
}

impl Packing {
    pub(super) fn new(settings: &Settings, cache: Arc<Cache>) -> Self {
        let endings: Vec<_> = ways(settings).map(|(_, ending)| ending).collect();
        let cache = (!endings.is_empty()).then_some(cache);
        Self { endings, cache }
    }

    /// The names that a file has when it is packed; none where that gains nothing, or where a host reads it.
    pub(super) fn names(&self, path: &str) -> Vec<String> {
        if self.endings.is_empty() {
            return Vec::new();
        }
        let name = path.rsplit('/').next().unwrap_or(path);
        let is_text = headers::of(path).content_type.ends_with("charset=utf-8");
        if !is_text || name.starts_with(['_', '.']) || name == "vercel.json" {
            return Vec::new();
        }
        self.endings.iter().map(|ending| format!("{path}{ending}")).collect()
    }

    /// A file packed for one of these names.
    pub(super) fn pack(&self, name: &str, bytes: &[u8]) -> Vec<u8> {
        let mut key = blake3::Hasher::new();
        let brotli = name.ends_with(headers::BROTLI);
        key.update(FORM.as_bytes()).update(&[u8::from(brotli)]).update(bytes);
        let key = key.finalize().to_hex();
        if let Some(packed) = self.cache.as_ref().and_then(|cache| cache.get(&key)) {
            return packed;
        }
        let packed = if brotli { brotli_of(bytes) } else { gzip_of(bytes) };
        if let Some(cache) = &self.cache {
            cache.put(&key, &packed);
        }
        packed
    }
}

fn brotli_of(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() / 3);
    {
        // Writing into memory cannot fail.
        let mut writer = brotli::CompressorWriter::new(&mut out, 4096, BROTLI, WINDOW);
        let _ = writer.write_all(bytes);
    }
    out
}

fn gzip_of(bytes: &[u8]) -> Vec<u8> {
    // No name and no time in it: the same bytes from the same text.
    let mut out = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255];
    out.extend(compress_to_vec(bytes, GZIP));
    out.extend(crc32fast::hash(bytes).to_le_bytes());
    out.extend((bytes.len() as u32).to_le_bytes());
    out
}
