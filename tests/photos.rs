//! Photos from the file of a phone to the files of the site: upright, without a word of where they were taken, made once.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "tests fail by panicking")]

use heartnet::build::{self, Options, Summary};
use heartnet::model::Day;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

struct Site(TempDir);

/// A JPEG as a phone writes it: lying on its side, with where and with what it was taken. Red is to the left as it is
/// stored, which is up when it stands.
fn phone(width: u16, height: u16, shade: u8) -> Vec<u8> {
    let row =
        |y: u16| (0..width).flat_map(move |x| if x < width / 2 { [200, 30, 30] } else { [shade, (y % 256) as u8, 90] });
    let pixels: Vec<u8> = (0..height).flat_map(row).collect();
    let mut exif =
        b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x02\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\x01\x0f\0\x02\0\0\0\x0a\0\0\0\x26\0\0\0\0"
            .to_vec();
    exif.extend_from_slice(b"SECRETCAM\0GPSLatitude 36.39");
    let mut out = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut out, 90);
    encoder.add_app_segment(1, exif).unwrap();
    encoder.encode(&pixels, width, height, jpeg_encoder::ColorType::Rgb).unwrap();
    out
}

impl Site {
    fn new() -> Self {
        let site = Self(tempfile::tempdir().unwrap());
        let program = env!("CARGO_BIN_EXE_heartnet");
        assert!(
            Command::new(program).args(["init", "site"]).current_dir(site.0.path()).output().unwrap().status.success()
        );
        let products = site.path("content/products");
        let entry = walkdir::WalkDir::new(products).sort_by_file_name().into_iter().flatten();
        let entry =
            entry.map(walkdir::DirEntry::into_path).find(|path| path.extension().is_some_and(|e| e == "md")).unwrap();
        let text = fs::read_to_string(&entry).unwrap();
        assert!(!text.contains("\nphotos:"), "the sample has photos of its own");
        let (head, body) = text[4..].split_once("\n---\n").unwrap();
        let photos = "photos:\n  - {file: first.jpg, alt: 赤い箱の上の面, focus: [0.5, 0.0]}\n  - {file: second.jpg, alt: 箱を横から見たところ}";
        fs::write(&entry, format!("---\n{head}\n{photos}\n---\n{body}\n![箱の中](second.jpg)\n")).unwrap();
        site.photo("first.jpg", &phone(1300, 900, 40));
        site.photo("second.jpg", &phone(600, 900, 90));
        site
    }

    /// The product that has the photos.
    fn entry(&self) -> PathBuf {
        let all = walkdir::WalkDir::new(self.path("content/products")).into_iter().flatten();
        let shows = |path: &PathBuf| fs::read_to_string(path).is_ok_and(|text| text.contains("second.jpg"));
        all.map(walkdir::DirEntry::into_path).find(shows).unwrap()
    }

    /// The product's page with these words.
    fn page(&self, words: &str) -> String {
        let all = fs::read_dir(self.path("public/products")).unwrap().flatten();
        let pages = all.filter_map(|entry| fs::read_to_string(entry.path().join("index.html")).ok());
        pages.into_iter().find(|page| page.contains(words)).unwrap()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join("site").join(name)
    }

    fn photo(&self, name: &str, bytes: &[u8]) {
        fs::write(self.path("assets").join(name), bytes).unwrap();
        // The list of what was seen believes no file that was changed a moment ago.
        let then = std::time::SystemTime::now() - std::time::Duration::from_secs(60);
        fs::File::options().write(true).open(self.path("assets").join(name)).unwrap().set_modified(then).unwrap();
    }

    fn build(&self, more: Options) -> Summary {
        let as_of = Day::new(2026, 4, 1);
        let cache = more.cache.clone().or(Some(self.0.path().join("cache")));
        let outcome = build::build(&self.path(""), &Options { as_of, cache, ..more });
        outcome.summary.unwrap_or_else(|| panic!("{:?}", outcome.diagnostics))
    }
}

fn pictures(out: &Path) -> BTreeMap<String, Vec<u8>> {
    let all = walkdir::WalkDir::new(out).into_iter().flatten().filter(|entry| entry.file_type().is_file());
    let all = all.filter(|entry| entry.path().extension().is_some_and(|e| e == "jpg" || e == "webp"));
    all.map(|entry| (entry.file_name().to_string_lossy().into_owned(), fs::read(entry.path()).unwrap())).collect()
}

#[test]
fn nothing_of_the_camera_is_published_and_all_stand_upright() {
    let site = Site::new();
    let made = site.build(Options::default()).photos;
    let all = pictures(&site.path("public"));
    assert_eq!((made.decoded, made.made, made.cached), (2, all.len(), 0));
    for (name, bytes) in &all {
        for word in [&b"SECRETCAM"[..], b"GPS", b"Exif", b"EXIF"] {
            assert!(memchr::memmem::find(bytes, word).is_none(), "{name} has {}", String::from_utf8_lossy(word));
        }
        let image = image::load_from_memory(bytes).unwrap().into_rgb8();
        let card = name.contains("c.");
        assert!(card || image.height() > image.width() || name.starts_with("second"), "{name} lies on its side");
        // The point of the first one is at its top, which is red; of a cut around the middle half would be.
        let below = image.get_pixel(image.width() / 2, image.height() - 3).0;
        if card && name.starts_with("first") {
            assert!(below[0] > 150 && below[1] < 80, "{name} is not cut around its point: {below:?}");
        }
    }
    let page = site.page("赤い箱の上の面");
    assert_eq!(page.matches("<picture>").count(), 3, "two photos and one in the text");
    assert!(page.contains("fetchpriority=\"high\" height=\"1300\""), "{page}");
    assert_eq!(page.matches("fetchpriority=\"high\"").count(), 1, "the first one only");
    for (at, _) in page.match_indices("srcset=\"") {
        let set = page[at + 8..].split('"').next().unwrap();
        for one in set.split(", ") {
            let file = one.split(' ').next().unwrap().rsplit('/').next().unwrap();
            assert!(all.contains_key(file), "{file} is not there");
        }
    }
}

#[test]
fn what_was_made_is_not_made_again() {
    let site = Site::new();
    let first = site.build(Options::default()).photos.made;
    let again = site.build(Options::default());
    assert_eq!((again.photos.decoded, again.photos.made, again.photos.cached, again.written), (0, 0, first, 0));
    // What somebody damaged in the output is put there again, whatever its size says.
    let whole = pictures(&site.path("public"));
    let all = walkdir::WalkDir::new(site.path("public")).into_iter().flatten();
    let picture = all.map(walkdir::DirEntry::into_path).find(|path| path.extension().is_some_and(|e| e == "webp"));
    let picture = picture.unwrap();
    fs::write(&picture, vec![0; fs::metadata(&picture).unwrap().len() as usize]).unwrap();
    assert_eq!(site.build(Options::default()).photos.decoded, 0);
    assert_eq!(pictures(&site.path("public")), whole);
    // Elsewhere, by another number of threads: the same bytes, out of the cache and anew.
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let (other, fresh) = (site.0.path().join("other"), site.0.path().join("fresh"));
    let options = Options { out: Some(other.clone()), ..Options::default() };
    assert_eq!(site.build(options).photos.decoded, 0);
    let cache = Some(site.0.path().join("another cache"));
    let options = Options { out: Some(fresh.clone()), cache, ..Options::default() };
    assert_eq!(one.install(|| site.build(options)).photos.made, first);
    assert_eq!(pictures(&site.path("public")), pictures(&other));
    assert_eq!(pictures(&site.path("public")), pictures(&fresh));
    // Another photo under the same name: only its pictures are made, and those of before go.
    let before = pictures(&site.path("public"));
    site.photo("second.jpg", &phone(600, 900, 91));
    let edited = site.build(Options::default()).photos;
    assert_eq!(edited.decoded, 1);
    let after = pictures(&site.path("public"));
    assert_eq!(after.len(), before.len());
    assert!(after.keys().filter(|name| !before.contains_key(*name)).all(|name| name.starts_with("second")));
}

#[test]
fn a_broken_cache_is_only_slower() {
    let site = Site::new();
    site.build(Options::default());
    let before = pictures(&site.path("public"));
    for entry in walkdir::WalkDir::new(site.0.path().join("cache")).into_iter().flatten() {
        if entry.file_type().is_file() {
            fs::write(entry.path(), "x").unwrap();
        }
    }
    fs::remove_dir_all(site.path("public")).unwrap();
    site.build(Options::default());
    assert_eq!(pictures(&site.path("public")), before);
    // One damaged in its length as it was, and a cache that cannot be written.
    for entry in walkdir::WalkDir::new(site.0.path().join("cache")).into_iter().flatten() {
        if entry.file_type().is_file() {
            let mut bytes = fs::read(entry.path()).unwrap();
            *bytes.last_mut().unwrap() ^= 1;
            fs::write(entry.path(), bytes).unwrap();
        }
    }
    fs::remove_dir_all(site.path("public")).unwrap();
    site.build(Options::default());
    assert_eq!(pictures(&site.path("public")), before);
    fs::remove_dir_all(site.path("public")).unwrap();
    fs::write(site.0.path().join("file"), "x").unwrap();
    let no_cache = site.build(Options { cache: Some(site.0.path().join("file")), ..Options::default() });
    assert!(no_cache.cache_trouble.is_some() && pictures(&site.path("public")) == before);
    fs::remove_dir_all(site.0.path().join("cache")).unwrap();
    site.build(Options::default());
    assert_eq!(pictures(&site.path("public")), before);
}

#[test]
fn whose_consent_has_run_out_is_nowhere() {
    let site = Site::new();
    let entry = site.entry();
    let text = fs::read_to_string(&entry).unwrap();
    let text = text.replace("alt: 箱を横から見たところ", "alt: 箱を横から見たところ, consent_until: 2026-03-31");
    fs::write(&entry, format!("{text}\n[大きく見る](second.jpg)\n")).unwrap();
    site.build(Options::default());
    let all = pictures(&site.path("public"));
    assert!(
        all.keys().any(|name| name.starts_with("first")) && !all.keys().any(|name| name.starts_with("second")),
        "{:?}",
        all.keys()
    );
}

#[test]
fn files_that_claim_too_much_are_refused_before_they_are_opened() {
    use heartnet::photos::header::{Fault, read};
    // A GIF whose picture is larger than its screen.
    let mut gif = b"GIF89a\x0a\0\x0a\0\0\0\0\x2c\0\0\0\0\xe8\xfd\xe8\xfd\0\x02\x02\x44\x01\0\x3b".to_vec();
    assert!(matches!(read(&gif), Err(Fault::TooLarge(..))));
    gif[18..22].copy_from_slice(&[1, 0, 1, 0]);
    assert!(!matches!(read(&gif), Err(Fault::TooLarge(..))));
    // A PNG with a colour profile of gigabytes.
    let chunk = |name: &[u8; 4], data: &[u8]| {
        let body = [name, data].concat();
        let sum = crc32fast::hash(&body);
        [&u32::try_from(data.len()).unwrap().to_be_bytes(), body.as_slice(), &sum.to_be_bytes()].concat()
    };
    let profile = [&b"p\0\0"[..], &miniz_oxide::deflate::compress_to_vec_zlib(&vec![0; 16 << 20], 6)].concat();
    let pixel = miniz_oxide::deflate::compress_to_vec_zlib(&[0, 1], 6);
    let png = |profile: &[u8]| {
        let head = chunk(b"IHDR", b"\0\0\0\x01\0\0\0\x01\x08\0\0\0\0");
        [b"\x89PNG\r\n\x1a\n", head.as_slice(), profile, &chunk(b"IDAT", &pixel), &chunk(b"IEND", b"")].concat()
    };
    assert_eq!(read(&png(&chunk(b"iCCP", &profile))), Err(Fault::Broken));
    assert!(read(&png(b"")).is_ok());
}

#[test]
fn for_a_quick_look_photos_are_left_out() {
    let site = Site::new();
    let summary = site.build(Options { no_images: true, ..Options::default() });
    assert_eq!((summary.photos.made, pictures(&site.path("public")).len()), (0, 0));
    assert!(build::written_with(&site.path("public")).without_photos);
}

#[test]
fn the_report_names_what_is_to_be_done() {
    let site = Site::new();
    site.photo("left over.jpg", &phone(900, 900, 1));
    // The end of a used one's name.
    site.photo("st.jpg", &phone(900, 900, 2));
    let program = env!("CARGO_BIN_EXE_heartnet");
    let mut command = Command::new(program);
    command.args(["photos", "--root", "site", "--as-of", "2026-04-01"]).current_dir(site.0.path());
    let out = command.env("LANG", "ja_JP.UTF-8").env_remove("LC_ALL").env("HEARTNET_CACHE", "cache").output().unwrap();
    let said = String::from_utf8_lossy(&out.stdout).into_owned();
    assert!(out.status.success(), "{said}");
    assert!(said.contains("使っていない写真（2）\n  assets/left over.jpg\n  assets/st.jpg"), "{said}");
    // Upright it is 900 wide, stored it is 600; both are sharp enough.
    assert!(!said.contains("小さい写真") && !said.contains("ぼけて"), "{said}");
    // Of whichever form, it is the photo that is named.
    let entry = site.entry();
    let text = fs::read_to_string(&entry).unwrap();
    let text = text
        .replace("{file: first.jpg, alt: 赤い箱の上の面, focus: [0.5, 0.0]}", "file: first.jpg\n    alt: 写真")
        .replace("箱の中", "IMG_0001");
    fs::write(&entry, text).unwrap();
    let out = command.output().unwrap();
    let said = String::from_utf8_lossy(&out.stdout).into_owned();
    fs::write(&entry, fs::read_to_string(&entry).unwrap().replace("alt: 写真", "alt: \"\"")).unwrap();
    let empty = command.output().unwrap();
    assert!(String::from_utf8_lossy(&empty.stdout).contains("\n  first.jpg  content/"), "{empty:?}");
    let named: Vec<_> = said.lines().skip_while(|line| !line.contains("伝わらない写真")).skip(1).take(2).collect();
    assert!(named[0].starts_with("  first.jpg  写真") && named[1].starts_with("  second.jpg  IMG_0001"), "{said}");
}

#[test]
fn the_first_photo_of_a_page_is_not_waited_for() {
    let site = Site::new();
    let entry = site.entry();
    let text = fs::read_to_string(&entry).unwrap();
    let (before, after) = text.split_once("photos:\n").unwrap();
    let after = after.splitn(3, '\n').nth(2).unwrap();
    fs::write(&entry, format!("{before}{after}\n![もう1つ](first.jpg)\n\n![輪の絵](drawn.svg)\n")).unwrap();
    fs::write(site.path("assets/drawn.svg"), "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 48 24'/>").unwrap();
    site.build(Options::default());
    let page = site.page("箱の中");
    assert!(page.contains("height=\"24\" width=\"48\" src=\"/assets/drawn.svg\""), "{page}");
    assert!(site.path("public/assets/drawn.svg").is_file());
    let photos: Vec<_> = page.split("<picture>").skip(1).map(|rest| rest.contains("loading=\"lazy\"")).collect();
    assert_eq!(photos, [false, true], "{page}");
}

#[test]
fn a_jpeg_that_is_decoded_wrong_is_refused_before() {
    let pixels: Vec<u8> = (0..64 * 64 * 3).map(|at| (at * 7 % 251) as u8).collect();
    let written = |own_tables: bool| {
        let mut out = Vec::new();
        let mut encoder = jpeg_encoder::Encoder::new(&mut out, 80);
        encoder.set_sampling_factor(jpeg_encoder::SamplingFactor::F_2_2);
        encoder.set_optimized_huffman_tables(own_tables);
        encoder.encode(&pixels, 64, 64, jpeg_encoder::ColorType::Rgb).unwrap();
        heartnet::photos::header::read(&out).map(|header| header.width)
    };
    assert_eq!((written(false), written(true)), (Ok(64), Err(heartnet::photos::header::Fault::Scans)));
}
