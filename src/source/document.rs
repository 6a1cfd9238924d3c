//! What is told of a file before it is opened: its size, and how many pages a PDF has. Whoever is on a phone wants to
//! know what they get.

use std::path::Path;

/// A file to take home.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// Bytes.
    pub size: u64,
    /// Pages of a PDF, where they can be told.
    pub pages: Option<u32>,
}

/// A PDF that is larger is not looked into.
const LARGEST: u64 = 100 << 20;
/// Of what is packed in a PDF.
const LARGEST_INSIDE: usize = 16 << 20;
/// More pages than anything that is put on a site.
const MOST_PAGES: u32 = 20_000;

/// Looks at a file; nothing if it cannot be read.
pub fn facts(path: &Path) -> Option<Facts> {
    let size = std::fs::metadata(path).ok()?.len();
    let is_pdf = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("pdf"));
    let bytes = (is_pdf && size <= LARGEST).then(|| std::fs::read(path).ok()).flatten();
    Some(Facts { size, pages: bytes.and_then(|bytes| pages(&bytes)) })
}

/// 「PDF・229KB・2ページ」
pub fn words(name: &str, facts: Option<&Facts>) -> String {
    let mut parts = vec![name.rsplit('.').next().unwrap_or_default().to_uppercase()];
    if let Some(Facts { size, pages }) = facts {
        parts.push(match size {
            0..1_000_000 => format!("{}KB", size.div_ceil(1_000)),
            _ => format!("{}.{}MB", size / 1_000_000, size % 1_000_000 / 100_000),
        });
        parts.extend(pages.map(|pages| format!("{pages}ページ")));
    }
    parts.join("・")
}

/// The root of the tree of pages counts them all. It stands in the file as text, or packed with other objects.
fn pages(bytes: &[u8]) -> Option<u32> {
    if !bytes.starts_with(b"%PDF") {
        return None;
    }
    let packed = memchr::memmem::find_iter(bytes, b"/ObjStm").filter_map(|at| {
        let from = at + memchr::memmem::find(bytes.get(at..)?, b"stream")? + b"stream".len();
        let from = from + bytes.get(from..)?.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        miniz_oxide::inflate::decompress_to_vec_zlib_with_limit(bytes.get(from..)?, LARGEST_INSIDE).ok()
    });
    packed.filter_map(|inside| most(&inside)).chain(most(bytes)).max().filter(|pages| (1..=MOST_PAGES).contains(pages))
}

/// The largest count of a node of the tree.
fn most(text: &[u8]) -> Option<u32> {
    let nodes = memchr::memmem::find_iter(text, b"/Pages").filter(|at| {
        let before = text.get(at.saturating_sub(8)..*at).unwrap_or_default();
        let after = text.get(at + 6).copied().unwrap_or(b' ');
        before.trim_ascii_end().ends_with(b"/Type") && !after.is_ascii_alphanumeric()
    });
    nodes
        .filter_map(|at| {
            // Its dictionary: from the last opening before to the end of the object.
            let from = memchr::memmem::rfind(text.get(..at)?, b"<<")?;
            let to = at + memchr::memmem::find(text.get(at..)?, b">>")?;
            let node = text.get(from..to)?;
            let count = memchr::memmem::find(node, b"/Count")? + b"/Count".len();
            let digits: String = node
                .get(count..)?
                .trim_ascii_start()
                .iter()
                .take_while(|b| b.is_ascii_digit())
                .map(|b| char::from(*b))
                .collect();
            digits.parse().ok()
        })
        .max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_counted_by_the_root_of_their_tree() {
        let plain = b"%PDF-1.4\n1 0 obj<</Type /Pages /Kids [2 0 R 3 0 R] /Count 12>>endobj 2 0 obj<</Count 5/Type/Pages>>endobj <</Type/Page>>";
        assert_eq!(pages(plain), Some(12));
        let inside = miniz_oxide::deflate::compress_to_vec_zlib(b"<< /Count 3 /Type /Pages >>", 6);
        let packed = [&b"%PDF-1.5\n<</Type /ObjStm /N 1>>\nstream\r\n"[..], &inside, b"\nendstream"].concat();
        assert_eq!(pages(&packed), Some(3));
        for other in [
            &b"%PDF-1.4"[..],
            b"hello /Type /Pages /Count 3",
            b"%PDF /Type /Pages /Count 99999999999 >>",
            b"%PDF /ObjStm stream",
        ] {
            assert_eq!(pages(other), None);
        }
    }

    #[test]
    fn sizes_are_told_in_few_digits() {
        let of = |size, pages| words("a.pdf", Some(&Facts { size, pages }));
        assert_eq!((of(1, None), of(229_400, Some(2))), ("PDF・1KB".to_owned(), "PDF・230KB・2ページ".to_owned()));
        assert_eq!((of(12_345_678, None), words("表.xlsx", None)), ("PDF・12.3MB".to_owned(), "XLSX".to_owned()));
    }
}
