//! Whatever is edited, in whatever order: a build that goes on from the last one writes what a build from nothing
//! writes, byte for byte, and renders no page that stays as it was.
//!
//! `HEARTNET_STEPS` says how many edits, `HEARTNET_SEED` which ones, `HEARTNET_PORTAL` that the repository's own portal
//! is edited instead of a small site.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "tests fail by panicking")]
#![allow(clippy::print_stdout, reason = "a long run says how far it is")]

use heartnet::build::{self, Options, Outcome, Why};
use heartnet::model::Day;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

type Files = BTreeMap<String, Vec<u8>>;

/// Numbers by chance, the same for the same seed.
struct Chance(u64);

impl Chance {
    fn below(&mut self, count: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize % count.max(1)
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

struct Site {
    root: PathBuf,
    out: PathBuf,
    clean: PathBuf,
    options: Options,
    chance: Chance,
    counter: usize,
}

fn all_below(folder: &Path) -> Vec<PathBuf> {
    let all = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().flatten();
    all.filter(|entry| entry.file_type().is_file()).map(|entry| entry.path().to_owned()).collect()
}

fn files(out: &Path) -> Files {
    let name = |path: &Path| path.strip_prefix(out).unwrap().to_string_lossy().into_owned();
    let all = all_below(out).into_iter().map(|path| (name(&path), fs::read(&path).unwrap()));
    all.filter(|(name, _)| !name.starts_with(".heartnet/")).collect()
}

fn copy(from: &Path, to: &Path) {
    for path in all_below(from) {
        let target = to.join(path.strip_prefix(from).unwrap());
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::copy(path, target).unwrap();
    }
}

/// Small, but with everything that pages share: makers, sellers, meetings, neighbours, lists of several pages.
fn small_site(root: &Path) {
    assert!(Command::new(env!("CARGO_BIN_EXE_heartnet")).arg("init").arg(root).output().unwrap().status.success());
    let write = |name: String, text: String| {
        let path = root.join("content").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    for at in 0..5 {
        write(
            format!("facilities/f{at}.md"),
            format!(
                "---\nname: 第{at}工房\nkana: だいこうぼう\nkinds: [就労継続支援B型]\narea: 見本市\ntel: 027-000-000{at}\n---\n本文。[](product:p{at})\n"
            ),
        );
    }
    for at in 0..30 {
        let (maker, other) = (at % 5, (at + 2) % 5);
        let price = 100 + at * 37;
        write(
            format!("products/p{at}.md"),
            format!(
                "---\nname: 商品{at}\nkana: しょうひん\nmakers: [f{maker}]\nsold_at: [f{other}]\ncategory: 焼き菓子\nprice: {price}\nphotos:\n  - {{file: pictures/p{}.png, alt: 皿の上の商品}}\n---\nおいしい商品です。\n",
                at % 3
            ),
        );
    }
    for at in 0..5 {
        write(
            format!("events/e{at}.md"),
            format!(
                "---\ntitle: 市{at}\nkind: bazaar\nschedule: 2026-1{}-1{at}\nvenue: {{name: 見本ホール, area: 見本市}}\nfacilities: [f{at}]\nproducts: [p{at}, p{}]\n---\n本文\n",
                at % 3,
                at + 5
            ),
        );
    }
    for at in 0..3 {
        write(
            format!("news/n{at}.md"),
            format!("---\ntitle: 知らせ{at}\ndate: 2026-03-0{}\n---\n[](event:e{at})\n", at + 1),
        );
        picture(&root.join(format!("assets/pictures/p{at}.png")), at as u8);
    }
}

fn picture(path: &Path, shade: u8) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    image::RgbImage::from_fn(48, 36, |x, y| image::Rgb([shade.wrapping_mul(40), x as u8 * 5, y as u8 * 5]))
        .save(path)
        .unwrap();
}

type Edit = (&'static str, fn(&mut Site) -> Option<()>);

/// What editors do, and what happens to them.
const EDITS: &[Edit] = &[
    ("name", |site| site.line("", &["name: ", "title: "], |value, n| format!("{value}{n}"))),
    ("reading", |site| site.line("", &["kana: "], |_, n| ["あか", "さか", "わか"][n % 3].to_owned())),
    ("price", |site| site.line("products", &["price: "], |_, n| (n * 13 % 4000).to_string())),
    ("text", |site| site.edit("", |text, n| format!("{text}\n書き足した文{n}。\n"))),
    ("area", |site| site.line("facilities", &["area: "], |_, _| "見本町".to_owned())),
    ("telephone", |site| site.line("facilities", &["tel: "], |_, n| format!("027-000-{:04}", n % 10_000))),
    ("makers", |site| site.relation("products", "makers: [", "facilities")),
    ("products of an event", |site| site.relation("events", "products: [", "products")),
    ("facilities of an event", |site| site.relation("events", "facilities: [", "facilities")),
    ("schedule", |site| {
        site.line("events", &["schedule: "], |_, n| format!("2026-{:02}-{:02}", n % 12 + 1, n % 28 + 1))
    }),
    ("status", |site| {
        site.put("products", |n| format!("status: {}\n", ["on_sale", "sold_out", "paused", "ended"][n % 4]))
    }),
    ("tags", |site| site.put("products", |n| format!("tags: [札{}]\n", n % 5))),
    ("hidden", |site| site.put("products", |n| format!("hidden: {}\n", n % 2 == 0))),
    ("draft", |site| site.put("products", |n| format!("draft: {}\n", n % 2 == 0))),
    ("a word", |site| {
        let path = site.root.join("content/vocabulary.yaml");
        let text = fs::read_to_string(&path).ok()?;
        let at = text.match_indices("label: 焼き菓子").next()?.0 + "label: 焼き菓子".len();
        let rest = text[at..].find([',', '\n', '}'])? + at;
        let n = site.counter;
        // The old word stays known as what entries write.
        fs::write(path, format!("{}{}{}", &text[..at], "・".repeat(n % 3), &text[rest..])).ok()
    }),
    ("a template", |site| {
        let name = *site.chance.one(&["product.html", "list.html", "event.html", "base.html"]);
        site.template(name, |text, n, _| text.replacen("</h1>", &format!("・{n}</h1>"), 1))
    }),
    ("a component", |site| {
        site.template("parts.html", |text, n, chance| {
            let ends: Vec<usize> = text.match_indices("{%- endcomponent").map(|(at, _)| at).collect();
            let (before, behind) = text.split_at(*chance.one(&ends));
            format!("{before}・{n}{behind}")
        })
    }),
    ("no template", |site| fs::remove_dir_all(site.root.join("templates")).ok()),
    ("a style sheet", |site| {
        let own = site.root.join("static/own.css");
        fs::create_dir_all(own.parent()?).ok()?;
        fs::write(own, format!("p {{ order: {} }}", site.counter)).ok()
    }),
    ("the title", |site| {
        let n = site.counter;
        site.settings(|text| replace_line(text, "title: ", &format!("見本{n}")))
    }),
    ("hosts", |site| {
        let hosting = *site.chance.one(&["[]", "[meta]", "[apache, gzip]", "[netlify]"]);
        site.settings(|text| {
            let rest: Vec<&str> = text.lines().filter(|line| !line.starts_with("hosting:")).collect();
            format!("{}\nhosting: {hosting}\n", rest.join("\n"))
        })
    }),
    ("a photo", |site| {
        let all = all_below(&site.root.join("assets"));
        let photos: Vec<_> = all.iter().filter(|path| path.extension().is_some_and(|end| end == "png")).collect();
        let path = (!photos.is_empty()).then(|| (*site.chance.one(&photos)).clone())?;
        picture(&path, site.counter as u8);
        Some(())
    }),
    ("a new entry", |site| {
        let from = site.some("")?;
        let to = from.with_file_name(format!("new{}.md", site.counter));
        fs::copy(from, to).map(drop).ok()
    }),
    ("another name of a file", |site| {
        let from = site.some("")?;
        let to = from.with_file_name(format!("moved{}.md", site.counter));
        fs::rename(from, to).ok()
    }),
    ("an entry that goes", |site| fs::remove_file(site.some("")?).ok()),
    ("another day", |site| {
        let day = site.options.as_of?;
        site.options.as_of = if site.counter.is_multiple_of(3) { Day::new(2026, 10, 12) } else { Some(day.next()) };
        Some(())
    }),
    ("drafts", |site| {
        site.options.drafts = !site.options.drafts;
        Some(())
    }),
    ("nonsense", |site| site.edit("", |text, _| text.replacen("---\n", "---\n\t: [\n", 1))),
    ("the same once more", |site| site.edit("", |text, _| text)),
    ("a page that somebody writes into", |site| {
        let path = site.a_file_of_the_output()?;
        fs::write(path, "x").ok()
    }),
    ("a file that somebody deletes", |site| fs::remove_file(site.a_file_of_the_output()?).ok()),
    ("no cache", |site| fs::remove_dir_all(site.options.cache.clone()?).ok()),
    ("a broken cache", |site| {
        for path in all_below(&site.options.cache.clone()?) {
            let mut bytes = fs::read(&path).ok()?;
            let at = site.chance.below(bytes.len().max(1));
            *bytes.get_mut(at)? ^= 1;
            fs::write(&path, bytes).ok()?;
        }
        Some(())
    }),
];

fn replace_line(text: &str, field: &str, value: &str) -> String {
    let line = |line: &str| if line.starts_with(field) { format!("{field}{value}\n") } else { format!("{line}\n") };
    text.lines().map(line).collect()
}

impl Site {
    fn some(&mut self, folder: &str) -> Option<PathBuf> {
        let all = all_below(&self.root.join("content").join(folder));
        let entries: Vec<_> = all.into_iter().filter(|path| path.extension().is_some_and(|end| end == "md")).collect();
        (!entries.is_empty()).then(|| self.chance.one(&entries).clone())
    }

    fn a_file_of_the_output(&mut self) -> Option<PathBuf> {
        let all = all_below(&self.out);
        let all: Vec<_> = all.iter().filter(|path| !path.starts_with(self.out.join(".heartnet"))).collect();
        (!all.is_empty()).then(|| (*self.chance.one(&all)).clone())
    }

    fn edit(&mut self, folder: &str, change: impl Fn(String, usize) -> String) -> Option<()> {
        let path = self.some(folder)?;
        let text = fs::read_to_string(&path).ok()?;
        fs::write(path, change(text, self.counter)).ok()
    }

    /// Another value for a line of an entry.
    fn line(&mut self, folder: &str, fields: &[&str], value: impl Fn(&str, usize) -> String) -> Option<()> {
        self.edit(folder, |text, n| {
            let field = fields.iter().find(|field| text.contains(&format!("\n{field}")));
            let Some(field) = field else { return text };
            let old = text.split(&format!("\n{field}")).nth(1).and_then(|rest| rest.lines().next()).unwrap_or_default();
            text.replacen(&format!("\n{field}{old}"), &format!("\n{field}{}", value(old, n)), 1)
        })
    }

    /// A line in front of all others, in the place of the one with its name.
    fn put(&mut self, folder: &str, line: impl Fn(usize) -> String) -> Option<()> {
        self.edit(folder, |text, n| {
            let line = line(n);
            let field = line.split(' ').next().unwrap_or_default();
            let rest: String =
                text.lines().skip(1).filter(|other| !other.starts_with(field)).map(|l| format!("{l}\n")).collect();
            format!("---\n{line}{rest}")
        })
    }

    /// Another id in a list of ids.
    fn relation(&mut self, folder: &str, list: &str, to: &str) -> Option<()> {
        let id = self.some(to)?.file_stem()?.to_string_lossy().into_owned();
        self.edit(folder, |text, n| {
            let Some((before, rest)) = text.split_once(list) else { return text };
            let Some((ids, after)) = rest.split_once(']') else { return text };
            let more = if n % 2 == 0 && !ids.contains(&id) { format!("{ids}, {id}") } else { id.clone() };
            format!("{before}{list}{more}]{after}")
        })
    }

    /// Another text of a template, in the site's own folder.
    fn template(&mut self, name: &str, change: impl Fn(&str, usize, &mut Chance) -> String) -> Option<()> {
        let own = self.root.join("templates").join(name);
        fs::create_dir_all(own.parent()?).ok()?;
        let theme = Path::new(env!("CARGO_MANIFEST_DIR")).join("themes/heartnet/templates").join(name);
        let text = fs::read_to_string(if own.exists() { own.clone() } else { theme }).ok()?;
        fs::write(own, change(&text, self.counter, &mut self.chance)).ok()
    }

    fn settings(&mut self, change: impl Fn(&str) -> String) -> Option<()> {
        let path = self.root.join("heartnet.yaml");
        let text = fs::read_to_string(&path).ok()?;
        fs::write(path, change(&text)).ok()
    }

    /// What a build makes that knows of no other, except of photos.
    fn clean_build(&self) -> Outcome {
        let _ = fs::remove_dir_all(&self.clean);
        let cache = self.clean.with_extension("cache");
        for path in all_below(&cache) {
            // Of what builds leave only pictures are let through: they are proved elsewhere, and slow.
            let whole = fs::read(&path).unwrap_or_default();
            let is_picture = [&b"RIFF"[..], b"\xff\xd8", b"\x89PNG"]
                .iter()
                .any(|sign| whole.get(16..).is_some_and(|b| b.starts_with(sign)));
            if !is_picture {
                fs::remove_file(path).unwrap();
            }
        }
        let options = Options { out: Some(self.clean.clone()), cache: Some(cache), ..self.options.clone() };
        build::build(&self.root, &options)
    }
}

fn page_of(address: &str) -> String {
    let path = address.trim_start_matches('/');
    if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path.to_owned() }
}

#[test]
fn any_sequence_of_edits_ends_where_a_build_from_nothing_does() {
    let number = |name: &str| std::env::var(name).ok().and_then(|value| value.parse::<u64>().ok());
    let (steps, seed) = (number("HEARTNET_STEPS").unwrap_or(15), number("HEARTNET_SEED").unwrap_or(20_261_129));
    let room = tempfile::tempdir().unwrap();
    let root = room.path().join("site");
    if std::env::var_os("HEARTNET_PORTAL").is_some() {
        for part in ["content", "assets"] {
            copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join(part), &root.join(part));
        }
        fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("heartnet.yaml"), root.join("heartnet.yaml")).unwrap();
    } else {
        small_site(&root);
    }
    let mut site = Site {
        out: room.path().join("out"),
        clean: room.path().join("clean"),
        options: Options {
            as_of: Day::new(2026, 4, 1),
            out: Some(room.path().join("out")),
            cache: Some(room.path().join("cache")),
            ..Options::default()
        },
        root,
        chance: Chance(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1),
        counter: 0,
    };
    let first = build::build(&site.root, &site.options);
    assert!(first.summary.is_some(), "{:?}", first.diagnostics);
    let (mut failed, mut rendered, mut needless, mut pages) = (0, 0, Vec::new(), 0);
    for step in 1..=steps {
        if step % 100 == 0 {
            println!("{step} steps, {rendered} of {pages} pages rendered");
        }
        site.counter += 1;
        let kept = room.path().join("kept");
        let _ = fs::remove_dir_all(&kept);
        for part in ["content", "assets"] {
            copy(&site.root.join(part), &kept.join(part));
        }
        let settings = fs::read(site.root.join("heartnet.yaml")).unwrap();
        let options = site.options.clone();
        let mut edits = Vec::new();
        for _ in 0..=site.chance.below(2) {
            let (name, edit) = site.chance.one(EDITS);
            edit(&mut site);
            edits.push(*name);
        }
        let say = || format!("step {step} of seed {seed}: {edits:?}");
        let before = files(&site.out);
        let went_on = build::build(&site.root, &site.options);
        let from_nothing = site.clean_build();
        assert_eq!(went_on.diagnostics, from_nothing.diagnostics, "{}", say());
        let Some(summary) = went_on.summary else {
            // Both tell the same; whoever made the mistake takes it back.
            failed += 1;
            assert!(from_nothing.summary.is_none() && files(&site.out) == before, "{}", say());
            for part in ["content", "assets"] {
                fs::remove_dir_all(site.root.join(part)).unwrap();
                copy(&kept.join(part), &site.root.join(part));
            }
            fs::write(site.root.join("heartnet.yaml"), settings).unwrap();
            site.options = options;
            continue;
        };
        let (found, wanted) = (files(&site.out), files(&site.clean));
        let differs = || {
            let all = found.keys().chain(wanted.keys());
            let differing: Vec<_> = all.filter(|name| found.get(*name) != wanted.get(*name)).take(5).collect();
            format!("{differing:?}")
        };
        assert!(found == wanted, "{}: {}", say(), differs());
        pages += summary.pages;
        rendered += summary.rendered.len();
        for (address, why) in summary.rendered {
            let file = page_of(&address);
            // Templates, frames and programs may change without a page that shows it.
            if matches!(why, Why::Values(..)) && before.get(&file) == found.get(&file) {
                needless.push(format!("{address} {why:?} {edits:?}"));
            }
        }
    }
    println!("{steps} steps, {failed} of them with mistakes: {rendered} of {pages} pages rendered");
    assert!(needless.is_empty(), "{} pages were rendered for nothing: {needless:#?}", needless.len());
}
