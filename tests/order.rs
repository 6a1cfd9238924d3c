//! `heartnet order`: what came in is read, and split among makers, in the words that a clerk reads.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "tests fail by panicking")]

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

struct Desk {
    folder: tempfile::TempDir,
}

const FACILITY: &str =
    "---\nname: NAME\nkana: かな\nkinds: [就労継続支援B型]\narea: 見本市\ngeo: {lat: LAT, lon: 139.06}\n---\n";
const JOINT: &str = "---\nname: 共同の粗品\nmakers:\n  - {facility: far, capacity: {amount: 50, per: day}}\n  - {facility: near, capacity: {amount: 50, per: day}}\n  - silent\ncategory: cookie\nprice: {amount: 300, tax: 8}\nunit: 個\nmin_order: 10\nlead_days: 3\n---\n";

impl Desk {
    fn new() -> Self {
        let desk = Self { folder: tempfile::tempdir().unwrap() };
        assert!(desk.run(&["init", "site"]).status.success());
        let entry = |kind: &str, id: &str, text: String| {
            fs::write(desk.path(&format!("site/content/{kind}/{id}.md")), text).unwrap();
        };
        for (id, name, lat) in
            [("far", "遠い工房", "36.9"), ("near", "近い工房", "36.39"), ("silent", "だまった工房", "36.4")]
        {
            entry("facilities", id, FACILITY.replace("NAME", name).replace("LAT", lat));
        }
        entry("products", "joint", JOINT.replace("cookie", &desk.category()));
        desk
    }

    /// A category of food that the sample uses.
    fn category(&self) -> String {
        let products = walkdir::WalkDir::new(self.path("site/content/products")).into_iter().flatten();
        let texts = products.filter_map(|entry| fs::read_to_string(entry.path()).ok());
        let categories =
            texts.filter_map(|text| Some(text.lines().find_map(|line| line.strip_prefix("category: "))?.to_owned()));
        categories.min().unwrap()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, words: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_heartnet"));
        command.args(words).current_dir(self.folder.path()).env("LANG", "ja_JP.UTF-8").env_remove("LC_ALL");
        command.output().unwrap()
    }

    fn order(&self, action: &str, words: &[&str]) -> (i32, String) {
        let out = self.run(&[&["order", action, "--root", "site"], words].concat());
        let said = [out.stdout, out.stderr].concat();
        (out.status.code().unwrap(), String::from_utf8_lossy(&said).into_owned())
    }
}

fn json(lines: &str, wish: &str) -> String {
    format!(
        "{{\"kind\":\"order\",\"made\":\"2026-11-29\",\"lines\":[{lines}],\"who\":{{\"company\":\"髙﨑商店\",\"address\":\"見本県見本市本町1\",\"wish\":\"{wish}\"}}}}"
    )
}

#[test]
fn an_order_is_read_with_what_the_catalog_says_today() {
    let desk = Desk::new();
    let order = json("{\"id\":\"joint\",\"qty\":5,\"price\":280},{\"id\":\"last-years\",\"qty\":3,\"price\":100}", "");
    let (status, said) = desk.order("read", &[&order, "--out", "desk.xlsx"]);
    assert_eq!(status, 0, "{said}");
    for words in [
        "髙﨑商店",
        "共同の粗品  5個",
        "280円、いまは 300円",
        "最小ロットは 10個",
        "last-years",
        "この番号の商品はありません",
        "8%対象 1,500円（うち消費税 111円）",
        "見積りの品 1件",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    // What was written for the desk can be read again.
    let (status, again) = desk.order("read", &["desk.xlsx"]);
    assert!(status == 0 && again.contains("共同の粗品  5個"), "{again}");
    // Who asks without naming anything is a sheet, too, and nothing in a text moves the terminal.
    let ask = "{\"kind\":\"consult\",\"who\":{\"note\":\"\\u001b[2Jお願い\\r■ 偽\"}}";
    let (status, said) = desk.order("read", &[ask, "--out", "ask.xlsx"]);
    assert!(status == 0 && said.contains("備考: [2Jお願い ■ 偽") && !said.contains(['\u{1b}', '\r']), "{said:?}");
    let (status, said) = desk.order("read", &["ask.xlsx"]);
    assert!(status == 0 && said.starts_with("相談"), "{said}");
    let (status, said) = desk.order("read", &["{}"]);
    assert!(status == 1 && said.contains("品が1つもありません"), "{said}");
    let (status, said) = desk.order("read", &["no-such.xlsx"]);
    assert!(status == 1 && said.contains("no-such.xlsx"), "{said}");
    let (status, said) = desk.order("read", &[&json("{\"id\":\"joint\",\"qty\":0}", "")]);
    assert!(status == 1 && said.contains("1行目"), "{said}");
}

#[test]
fn an_order_is_split_among_who_had_least() {
    let desk = Desk::new();
    fs::write(desk.path("history.csv"), "事業所,数\nnear,100\n遠い工房,40\n").unwrap();
    let day = (jiff::Zoned::now().date() + jiff::ToSpan::days(60)).to_string();
    let order = json("{\"id\":\"joint\",\"qty\":301}", &day);
    let (status, said) = desk.order("allocate", &[&order, "--history", "history.csv", "--format", "json"]);
    assert_eq!(status, 0, "{said}");
    let plan: serde_json::Value = serde_json::from_str(&said).unwrap();
    let parts = plan["lines"][0]["parts"].as_array().unwrap();
    let amounts: Vec<(&str, u64)> =
        parts.iter().map(|part| (part["id"].as_str().unwrap(), part["amount"].as_u64().unwrap())).collect();
    // The water stands level, but for one piece.
    assert_eq!(amounts.iter().map(|(_, amount)| amount).sum::<u64>(), 301);
    let ends = [40 + amounts[0].1, 100 + amounts[1].1];
    assert!(ends[0].abs_diff(ends[1]) <= 1 && amounts[2].1 == 0, "{amounts:?}");
    let (_, said) = desk.order("allocate", &[&order, "--history", "history.csv"]);
    assert!(
        said.contains("今年度は100個") && said.contains("お届け先まで約") && said.contains("事業所に確かめて"),
        "{said}"
    );
    // A row of somebody unknown is not passed over in silence.
    fs::write(desk.path("other.csv"), "事業所,数\nどこにもない事業所,5\n").unwrap();
    let (status, said) = desk.order("allocate", &[&order, "--history", "other.csv"]);
    assert!(status == 0 && said.contains("どこにもない事業所"), "{said}");
    // What nobody can do is said plainly, and a day must be known.
    let (status, said) = desk.order("allocate", &[&json("{\"id\":\"joint\",\"qty\":9000000}", &day)]);
    assert!(status == 0 && said.contains("だれもつくれません"), "{said}");
    let (status, said) = desk.order("allocate", &[&json("{\"id\":\"joint\",\"qty\":10}", "")]);
    assert!(status == 2 && said.contains("--by"), "{said}");
    let (status, said) = desk.order("allocate", &[&order, "--by", "2020-01-01"]);
    assert!(status == 1 && said.contains("過ぎて"), "{said}");
}
