//! The table: how a site is broken, and every problem that must be told.

use super::site::{ABOUT, COASTER, FAIR, JAM, KUMO, LIST, MOVING, NEWS, PIXEL, PLAN, REPORT, RINGO, SETTINGS, WORDS};
use super::{Prepared, Row, row};
use std::fs;
use std::path::Path;

pub(super) fn rows() -> Vec<Row> {
    [
        files(),
        folders(),
        fences(),
        yaml(),
        full_width(),
        fields(),
        numbers(),
        contacts(),
        lists(),
        schedules(),
        texts(),
        between(),
        vocabulary(),
        settings(),
        templates(),
        output(),
        together(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

// ---------------------------------------------------------------------- files

/// 「りんごの」 in Shift_JIS.
const SHIFT_JIS: &[u8] = b"---\nname: \x82\xe8\x82\xf1\x82\xb2\x82\xcc\n---\n";

fn utf16(text: &str) -> Vec<u8> {
    [0xfe_ff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

fn files() -> Vec<Row> {
    vec![
        row("Shift_JIS of an old Notepad").put(NEWS, SHIFT_JIS).error("HN0004", NEWS, "name", "Shift_JIS"),
        row("UTF-16 of Excel's Unicode text").map(NEWS, utf16).told(
            super::Severity::Error,
            "HN0004",
            NEWS,
            Some(""),
            "UTF-16",
        ),
        row("a picture that is called an entry").put("content/news/photo.md", PIXEL).error(
            "HN0004",
            "content/news/photo.md",
            "",
            "UTF-8",
        ),
        row("byte order mark")
            .map(NEWS, |text| format!("\u{feff}{text}").into_bytes())
            .warning("HN0006", NEWS, "---", "BOM"),
        row("CRLF").map(JAM, |text| text.replace('\n', "\r\n").into_bytes()).warning("HN0007", JAM, "---", "CRLF"),
        row("CR only, of an old Mac")
            .map(NEWS, |text| text.replace('\n', "\r").into_bytes())
            .warning("HN0007", NEWS, "---", "改行"),
        row("byte order mark, CRLF and a mistake: lines still count")
            .map(JAM, |text| format!("\u{feff}{}", text.replace("price", "prise").replace('\n', "\r\n")).into_bytes())
            .warning("HN0006", JAM, "---", "BOM")
            .warning("HN0007", JAM, "---", "CRLF")
            .error("HN0201", JAM, "prise", "price"),
        row("NUL").edit(JAM, "びんに", "び\0んに").error("HN0005", JAM, "び\0", "U+0000"),
        row("line break of Word").edit(JAM, "煮つめた", "煮\u{b}つめた").error("HN0005", JAM, "ふじ", "U+000B"),
        row("page break of Word").append(NEWS, "\u{c}\n次のページ\n").error("HN0005", NEWS, "\u{c}", "U+000C"),
        row("over 2 MB").append(NEWS, &"あ".repeat(800_000)).error_of_file("HN0002", NEWS, "2.0 MB"),
        row("vocabulary over 2 MB").append(WORDS, &"# x\n".repeat(600_000)).error_of_file("HN0002", WORDS, "2.0 MB"),
        row("settings over 2 MB")
            .append(SETTINGS, &"# x\n".repeat(600_000))
            .error_of_file("HN0002", SETTINGS, "2.0 MB"),
        row("front matter of 70 KB")
            .field(NEWS, &format!("kind: {}", "あ".repeat(24_000)))
            .error("HN0002", NEWS, "kind", "64 KB"),
        row("a file that is gone (dangling link)")
            .prepare(|root| link("nowhere.md", root, "content/news/gone.md"))
            .error_of_file("HN0001", "content/news/gone.md", "見つかりません"),
        row("a link that leads to itself").prepare(|root| link("loop.md", root, "content/news/loop.md")).error_of_file(
            "HN0001",
            "content/news/loop.md",
            "リンク",
        ),
        row("a link that leaves the site")
            .prepare(|root| link("/etc/hostname", root, "content/news/host.md"))
            .error_of_file("HN0003", "content/news/host.md", "コピー"),
        row("a folder that leaves the site").prepare(|root| link("/etc", root, "assets/etc")).error_of_file(
            "HN0003",
            "assets/etc",
            "/etc",
        ),
        row("a vocabulary that leaves the site")
            .remove(WORDS)
            .prepare(|root| link("/etc/hostname", root, "content/vocabulary.yaml"))
            .error_of_file("HN0003", WORDS, "/etc/hostname"),
        row("settings that leave the site")
            .remove(SETTINGS)
            .prepare(|root| link("/etc/hostname", root, "heartnet.yaml"))
            .error_of_file("HN0003", SETTINGS, "/etc/hostname"),
        row("a pipe among the entries").prepare(|root| pipe(root, "content/news/pipe.md")).warning_of_file(
            "HN0008",
            "content/news/pipe.md",
            "pipe.md",
        ),
        row("a pipe among the photos").prepare(|root| pipe(root, "assets/pipe.png")).warning_of_file(
            "HN0008",
            "assets/pipe.png",
            "pipe.png",
        ),
        row("a pipe as settings").remove(SETTINGS).prepare(|root| pipe(root, "heartnet.yaml")).error_of_file(
            "HN0001",
            SETTINGS,
            "ファイル",
        ),
        row("a folder called like an entry").put("content/news/old.md/a.md", "---\ndate: 2026-03-01\ntitle: 前\n---\n"),
        row("a folder in the place of the settings").rename(SETTINGS, "heartnet.yaml/x.yaml").error_of_file(
            "HN0001",
            SETTINGS,
            "フォルダー",
        ),
    ]
}

#[cfg(unix)]
fn link(target: &str, root: &Path, at: &str) -> Prepared {
    std::os::unix::fs::symlink(target, root.join(at)).map_err(|error| error.to_string())?;
    Ok(Box::new(()))
}

#[cfg(not(unix))]
fn link(_: &str, _: &Path, _: &str) -> Prepared {
    Err("links need rights here".to_owned())
}

fn pipe(root: &Path, at: &str) -> Prepared {
    match std::process::Command::new("mkfifo").arg(root.join(at)).status() {
        Ok(status) if status.success() => Ok(Box::new(())),
        _ => Err("no mkfifo".to_owned()),
    }
}

fn folders() -> Vec<Row> {
    vec![
        row("product/ instead of products/: told for the file, not for those who name it")
            .rename(JAM, "content/product/apple-jam.md")
            .error_of_file("HN0009", "content/product/apple-jam.md", "「products」のことですか"),
        row("Products/ in capitals").rename(COASTER, "content/Products/coaster.md").error_of_file(
            "HN0009",
            "content/Products/coaster.md",
            "「products」のことですか",
        ),
        row("a folder in Japanese").rename(REPORT, "content/報告/visit.md").error_of_file(
            "HN0009",
            "content/報告/visit.md",
            "「reports」のことですか",
        ),
        row("an entry beside the folders").rename(REPORT, "content/visit.md").error_of_file(
            "HN0009",
            "content/visit.md",
            "reports",
        ),
        row("a Word file among the entries").put("content/news/お知らせ.docx", PIXEL).warning_of_file(
            "HN0008",
            "content/news/お知らせ.docx",
            ".md",
        ),
        row("Notepad's second ending").rename(NEWS, "content/news/opening.md.txt").warning_of_file(
            "HN0008",
            "content/news/opening.md.txt",
            ".md",
        ),
        row("what programs leave behind is no matter")
            .put("content/news/~$opening.docx", "x")
            .put("content/news/.opening.md.swp", "x")
            .put("content/Thumbs.db", "x")
            .put("content/.DS_Store", "x"),
        row("an id in Japanese").rename(NEWS, "content/news/開設.md").error_of_file(
            "HN0218",
            "content/news/開設.md",
            "半角",
        ),
        row("an id in capitals").rename(REPORT, "content/reports/First_Visit.md").error_of_file(
            "HN0218",
            "content/reports/First_Visit.md",
            "「first-visit」",
        ),
        row("an id in full width").rename(NEWS, "content/news/ｏｐｅｎ１.md").error_of_file(
            "HN0218",
            "content/news/ｏｐｅｎ１.md",
            "「open1」",
        ),
        row("an id of 81 characters")
            .put(LONG, "---\ndate: 2026-03-01\ntitle: 長い\n---\n")
            .error_of_file("HN0218", LONG, "80文字"),
        row("two files with one id").put("content/products/jam/apple-jam.md", JAM_AGAIN).error_of_file(
            "HN0219",
            "content/products/jam/apple-jam.md",
            JAM,
        ),
        row("nested index.md with the id of another file")
            .put("content/products/jam/apple-jam/index.md", JAM_AGAIN)
            .error_of_file("HN0219", "content/products/jam/apple-jam/index.md", JAM),
        row("a list with the id of a file").edit(LIST, "id: tray", "id: coaster").error(
            "HN0219",
            LIST,
            "id: coaster",
            COASTER,
        ),
        row("a list with one id twice").edit(LIST, "id: mowing-work", "id: tray").error(
            "HN0219",
            LIST,
            "  - id: tray\n    name: 草",
            LIST,
        ),
        row("photos beside index.md are found")
            .rename(JAM, "content/products/apple-jam/index.md")
            .rename("assets/jam.png", "content/products/apple-jam/jam.png"),
    ]
}

const LONG: &str = "content/news/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.md";
const JAM_AGAIN: &str = "---\nname: ジャム\nmakers: [ringo]\ncategory: jam\nallergens: {}\n---\n";

// --------------------------------------------------------------- front matter

fn fences() -> Vec<Row> {
    vec![
        row("only text").put(NEWS, "サイトを開きました。\n").error("HN0101", NEWS, "サイト", "---"),
        row("an empty file").put(NEWS, "").error("HN0101", NEWS, "", "1行目"),
        row("blank lines only").put(NEWS, "\n\n　\n").error("HN0101", NEWS, "", "1行目"),
        row("a blank line before the fence")
            .map(NEWS, |text| format!("\n{text}").into_bytes())
            .error("HN0101", NEWS, "", "1行目"),
        row("dashes that Word made one")
            .map(NEWS, |text| text.replace("---", "—").into_bytes())
            .error("HN0101", NEWS, "—", "---"),
        row("dashes in full width").map(NEWS, |text| text.replace("---", "－－－").into_bytes()).error(
            "HN0101",
            NEWS,
            "－－－",
            "---",
        ),
        row("the closing fence in full width")
            .edit(NEWS, "開きました\n---", "開きました\nーーー")
            .error("HN0102", NEWS, "---", "半角"),
        row("no closing fence").edit(NEWS, "開きました\n---\n", "開きました\n").error("HN0102", NEWS, "---", "終わり"),
        row("blanks behind the fences are no matter").map(NEWS, |text| text.replace("---", "---  ").into_bytes()),
        row("only fences")
            .put(NEWS, "---\n---\n")
            .error_of_file("HN0202", NEWS, "date")
            .error_of_file("HN0202", NEWS, "title"),
        row("fences around a text").put(NEWS, "---\nサイトを開きました\n---\n").error(
            "HN0109",
            NEWS,
            "サイト",
            "ただの文章",
        ),
        row("fences around a list").put(NEWS, "---\n- サイト\n- 開設\n---\n").error("HN0109", NEWS, "- サイト", "並び"),
        row("an empty .yaml").put("content/news/more.yaml", "").error_of_file("HN0109", "content/news/more.yaml", "空"),
        row("a .yaml list without entries:").put("content/news/more.yaml", "- id: a\n  title: あ\n").error(
            "HN0109",
            "content/news/more.yaml",
            "- id",
            "entries",
        ),
        row("entries: that is no list").put("content/news/more.yaml", "entries: なし\n").error(
            "HN0203",
            "content/news/more.yaml",
            "なし",
            "並び",
        ),
        row("an entry of a list that is a text")
            .edit(LIST, "  - id: mowing-work\n", "  - 草刈り\n  - id: mowing-work\n")
            .error("HN0109", LIST, "- 草刈り", "文字「草刈り」"),
        row("an entry of a list without id").edit(LIST, "  - id: tray\n    name", "  - name").error(
            "HN0202",
            LIST,
            "木のおぼん",
            "「id」",
        ),
        row("a field beside entries:").append(LIST, "note: x\n").error("HN0201", LIST, "note: x", "entries"),
        row("an id in a file of one entry")
            .put("content/news/more.yaml", "id: other\ndate: 2026-03-01\ntitle: あ\n")
            .error("HN0201", "content/news/more.yaml", "id: other", "more"),
    ]
}

fn yaml() -> Vec<Row> {
    let brackets = format!("kind: {}", "[".repeat(60_000));
    let mut aliases = String::from("a0: &a0 [x,x,x,x,x,x,x,x,x,x]");
    for level in 1..10 {
        let row = vec![format!("*a{}", level - 1); 10].join(",");
        aliases.push_str(&format!("\na{level}: &a{level} [{row}]"));
    }
    vec![
        row("a colon inside a text").edit(JAM, "unit: 個", "unit: 個: びん").error("HN0103", JAM, "unit", "コロン"),
        row("no blank behind the colon").edit(JAM, "unit: 個", "unit:個").error("HN0103", JAM, "unit:個", "空白"),
        row("no blank behind the colon of the last field")
            .edit(NEWS, "title: サイト", "title:サイト")
            .error("HN0103", NEWS, "title:", "空白"),
        row("a field without colon").edit(JAM, "unit: 個", "unit 個").error("HN0103", JAM, "unit 個", "コロン"),
        row("a quote that is not closed").edit(JAM, "unit: 個", "unit: \"個").error(
            "HN0103",
            JAM,
            "unit: \"",
            "引用符",
        ),
        row("a single quote that is not closed").edit(JAM, "unit: 個", "unit: '個").error(
            "HN0103",
            JAM,
            "unit: '",
            "引用符",
        ),
        row("a quote that ends in the middle").edit(JAM, "unit: 個", "unit: \"個\"（びん）").error(
            "HN0103",
            JAM,
            "（びん）",
            "引用符",
        ),
        row("a quote that another field closes").edit(RINGO, "operator: 社会", "operator: \"社会").error(
            "HN0103",
            RINGO,
            "operator",
            "引用符",
        ),
        row("a quote that is not closed, behind texts of several lines")
            .field(JAM, "net: \"びん\n  80g\"\neasy: |\n  時間：10時から\n  \"とじない\n  　全角")
            .edit(JAM, "unit: 個", "unit: \"個")
            .error("HN0103", JAM, "unit: \"", "引用符"),
        row("a full-width blank that ends a text of several lines")
            .field(JAM, "easy: |\n  時間：10時から\n　全角")
            .error("HN0106", JAM, "　全角", "全角"),
        row("a bracket that is not closed")
            .edit(JAM, "makers: [ringo]", "makers: [ringo")
            .error("HN0103", JAM, "[ringo", "「[」"),
        row("a bracket with nothing behind it").field(JAM, "tags: [").error("HN0103", JAM, "tags: [", "「[」"),
        row("a brace that is not closed").edit(FAIR, "市}", "市").error("HN0103", FAIR, "venue", "「{」"),
        row("a bracket too many").edit(JAM, "[ringo]", "[ringo]]").error("HN0103", JAM, "[ringo]]", "かっこ"),
        row("a line out of line").edit(JAM, "unit: 個", " unit: 個").error("HN0103", JAM, " unit", "頭の空白"),
        row("a value that begins with a star").edit(JAM, "unit: 個", "unit: *個").error("HN0103", JAM, "*個", "\""),
        row("a value that begins with an at sign").edit(JAM, "unit: 個", "unit: @個").error("HN0103", JAM, "@個", "\""),
        row("a value that begins with a percent sign")
            .edit(JAM, "unit: 個", "unit: %個")
            .error("HN0103", JAM, "%個", "\""),
        row("a Windows path in quotes").edit(JAM, "unit: 個", "unit: \"C:\\写真\"").error("HN0103", JAM, "C:", "\\"),
        row("a tab as indentation").edit(JAM, "    alt: びん", "\talt: びん").error("HN0104", JAM, "\talt", "タブ"),
        row("a field given twice").edit(JAM, "unit: 個", "unit: 個\nprice: 500").error(
            "HN0107",
            JAM,
            "price: 500",
            "6行目",
        ),
        row("a field given twice in braces")
            .edit(FAIR, "area: 長野市}", "name: 別の広場}")
            .error("HN0107", FAIR, "venue", "name"),
        row("a bomb of brackets").field(NEWS, &brackets).error_of_file("HN0108", NEWS, "入れ子"),
        row("a bomb of aliases").field(NEWS, &aliases).error_of_file("HN0108", NEWS, "参照"),
        row("nesting of dashes").field(NEWS, &format!("kind:\n  {}x", "- ".repeat(3_000))).error_of_file(
            "HN0108",
            NEWS,
            "入れ子",
        ),
        row("a tag").edit(JAM, "unit: 個", "unit: !個").error("HN0110", JAM, "!個", "特別な書き方"),
        row("a tag of another program").edit(JAM, "unit: 個", "unit: !!python/object:os.system 個").error(
            "HN0110",
            JAM,
            "!!python",
            "特別な書き方",
        ),
        row("a merge key").edit(JAM, "unit: 個", "unit: 個\n<<: {name: x}").error("HN0110", JAM, "<<", "<<"),
    ]
}

fn full_width() -> Vec<Row> {
    vec![
        row("a full-width colon").edit(JAM, "unit: 個", "unit：個").error("HN0105", JAM, "unit：", "半角"),
        row("full-width colons everywhere")
            .map(NEWS, |text| text.replace(": ", "：").into_bytes())
            .error("HN0105", NEWS, "date：", "date")
            .error("HN0105", NEWS, "title：", "title"),
        row("a full-width colon in braces")
            .edit(FAIR, "{name: 見本", "{name：見本")
            .error("HN0105", FAIR, "venue", "name"),
        row("a full-width colon below a field")
            .edit(FAIR, "venue: {name: 見本広場, area: 長野市}", "venue:\n  name：見本広場")
            .error("HN0105", FAIR, "name：", "name"),
        row("a full-width blank as indentation").edit(JAM, "    alt: びん", "　　alt: びん").error(
            "HN0106",
            JAM,
            "alt: びん",
            "半角",
        ),
        row("a full-width blank before a field")
            .edit(JAM, "unit: 個", "　unit: 個")
            .error("HN0106", JAM, "unit", "全角"),
        row("full-width digits and units are read").edit(JAM, "price: 450", "price: ４５０円").edit(
            JAM,
            "max_order: 120",
            "max_order: 1,200個",
        ),
        row("full-width brackets").edit(JAM, "[ringo]", "［ringo］").error("HN0203", JAM, "［ringo］", "[ringo]"),
        row("a list with 、").edit(FAIR, "[ringo, kumo]", "[ringo、kumo]").error(
            "HN0203",
            FAIR,
            "ringo、",
            "[ringo, kumo]",
        ),
        row("a list with ・ and without brackets").edit(FAIR, "[ringo, kumo]", "ringo・kumo").error(
            "HN0203",
            FAIR,
            "ringo・",
            "[ringo, kumo]",
        ),
        row("words of the vocabulary with 、").edit(JAM, "[卵, 乳]", "[卵、乳]").error(
            "HN0203",
            JAM,
            "卵、乳",
            "[卵, 乳]",
        ),
        row("a bullet without blank")
            .edit(FAIR, "[ringo, kumo]", "\n  -ringo\n  -kumo")
            .error("HN0203", FAIR, "-ringo", "- "),
        row("bullets of Word")
            .edit(FAIR, "[ringo, kumo]", "\n  ・ringo\n  ・kumo")
            .error("HN0203", FAIR, "・ringo", "- "),
        row("smart quotes around a word").edit(RINGO, "[就労継続支援B型]", "[“就労継続支援B型”]").error(
            "HN0209",
            RINGO,
            "kinds",
            "「就労継続支援B型」のことですか",
        ),
        row("smart quotes around a number").edit(JAM, "price: 450", "price: “450”").error(
            "HN0204",
            JAM,
            "price",
            "数字だけ",
        ),
    ]
}

// --------------------------------------------------------------------- fields

fn fields() -> Vec<Row> {
    vec![
        row("a misspelt field").edit(JAM, "price: 450", "prise: 450").error(
            "HN0201",
            JAM,
            "prise",
            "「price」のことですか",
        ),
        row("a field by its Japanese name").edit(JAM, "price: 450", "価格: 450").error(
            "HN0201",
            JAM,
            "価格",
            "「price」のことですか",
        ),
        row("a field in capitals").edit(JAM, "unit: 個", "Unit: 個").error(
            "HN0201",
            JAM,
            "Unit",
            "「unit」のことですか",
        ),
        row("a misspelt field inside").edit(FAIR, "deadline: 2026", "dedline: 2026").error(
            "HN0201",
            FAIR,
            "apply",
            "「deadline」のことですか",
        ),
        row("a field that is missing").edit(JAM, "category: ジャム\n", "").error_of_file("HN0202", JAM, "category"),
        row("a field that is missing inside").edit(FAIR, "{name: 見本広場, area: 長野市}", "{area: 長野市}").error(
            "HN0202",
            FAIR,
            "venue",
            "name: 見本ホール",
        ),
        row("a photo without alt")
            .edit(JAM, "    alt: びんに入った琥珀色のジャム\n", "")
            .error("HN0202", JAM, "- file", "alt"),
        row("a photo by its name only").edit(RINGO, "{file: yane.png, alt: 赤い屋根の平屋の建物}", "yane.png").error(
            "HN0203",
            RINGO,
            "- yane.png",
            "項目: 内容",
        ),
        row("a list where a text belongs")
            .edit(JAM, "name: りんごジャム", "name: [りんごジャム]")
            .error("HN0203", JAM, "name:", "並び"),
        row("neither yes nor no").edit(ABOUT, "nav: true", "nav: たぶん").error("HN0203", ABOUT, "nav", "true"),
        row("a required field that is empty")
            .edit(JAM, "name: りんごジャム", "name:")
            .error("HN0217", JAM, "name:", "name"),
        row("a field that is empty").edit(JAM, "unit: 個", "unit: \"　\"").error(
            "HN0217",
            JAM,
            "unit",
            "この行を消して",
        ),
        row("a bullet that is empty")
            .edit(FAIR, "[ringo, kumo]", "\n  - ringo\n  -")
            .error("HN0217", FAIR, "  -\n", "内容"),
        row("a wrong choice").edit(COASTER, "per: week", "per: weak").error(
            "HN0208",
            COASTER,
            "weak",
            "「week」のことですか",
        ),
        row("a wrong choice by label").field(JAM, "status: 売切れ").error(
            "HN0208",
            JAM,
            "status",
            "「売り切れ」のことですか",
        ),
        row("a wrong state of a point").edit(RINGO, "{スロープ: yes}", "{スロープ: たぶん}").error(
            "HN0208",
            RINGO,
            "accessibility",
            "partly",
        ),
        row("free_of as a text").edit(JAM, "free_of: [卵, 乳]", "free_of: mandatry").error(
            "HN0208",
            JAM,
            "mandatry",
            "「mandatory」のことですか",
        ),
        row("an unknown category").edit(JAM, "category: ジャム", "category: ジャーム").error(
            "HN0209",
            JAM,
            "category",
            "「ジャム」のことですか",
        ),
        row("an unknown point").edit(RINGO, "スロープ", "スロープ（玄関）").error(
            "HN0209",
            RINGO,
            "玄関",
            "「スロープ」のことですか",
        ),
        row("an unknown allergen").edit(JAM, "[卵, 乳]", "[たまご, 乳]").error("HN0209", JAM, "たまご", "卵"),
        row("a reading in kanji").edit(RINGO, "kana: りんごのきこうぼう", "kana: りんごの木工房").error(
            "HN0210",
            RINGO,
            "kana",
            "「木」",
        ),
        row("a reading in romaji").edit(KUMO, "kana: くものいとしゃ", "kana: kumo").error(
            "HN0210",
            KUMO,
            "kana",
            "ひらがな",
        ),
        row("an id of a variant").edit(COASTER, "id: round", "id: 丸").error("HN0218", COASTER, "id: 丸", "半角"),
        row("a file that is not there").edit(JAM, "jam.png", "jan.png").error(
            "HN0224",
            JAM,
            "jan.png",
            "「jam.png」のことですか",
        ),
        row("a file above the site")
            .edit(JAM, "jam.png", "../../etc/passwd.png")
            .error("HN0224", JAM, "passwd", "assets/"),
        row("a photo of an iPhone")
            .put("assets/a.heic", PIXEL)
            .edit(JAM, "jam.png", "a.heic")
            .error("HN0225", JAM, "a.heic", "HEIC"),
        row("a point of a photo outside of it")
            .edit(RINGO, "file: yane.png", "file: yane.png, focus: [0.5, 30]")
            .error("HN0229", RINGO, "[0.5, 30]", "0～1"),
        row("a photo with the name of another format").put("assets/jam.png", b"\0\0\0\x18ftypheic\0\0\0\0").error(
            "HN0230",
            JAM,
            "jam.png",
            "互換性優先",
        ),
        row("a photo that is cut off").put("assets/jam.png", PIXEL.get(..PIXEL.len() - 12).unwrap()).error(
            "HN0230",
            JAM,
            "jam.png",
            "途中で切れて",
        ),
        row("a photo that is a text").put("assets/jam.png", "hello").error(
            "HN0230",
            JAM,
            "jam.png",
            "写真のファイルでは",
        ),
        row("a photo in a text that is empty")
            .put("assets/bin.jpg", "")
            .edit(JAM, "\n---\n", "\n---\n![青いびん](bin.jpg)\n")
            .error("HN0230", JAM, "![青いびん](bin.jpg)", "空"),
        row("a picture that moves").put("assets/jam.gif", MOVING).edit(JAM, "jam.png", "jam.gif").warning(
            "HN0231",
            JAM,
            "jam.gif",
            "最初の1枚",
        ),
        row("a drawing with a script")
            .edit(RINGO, "file: yane.png", "file: ringo.svg")
            .put("assets/ringo.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\"><script/></svg>")
            .error("HN0232", RINGO, "ringo.svg", "<script>"),
        row("latitude and longitude swapped")
            .edit(RINGO, "{lat: 36.65, lon: 138.18}", "{lat: 138.18, lon: 36.65}")
            .error("HN0226", RINGO, "geo", "逆")
            .error("HN0226", RINGO, "geo", "逆"),
        row("an entry of a list.yaml").edit(LIST, "category: 草刈り", "category: 草刈").error(
            "HN0209",
            LIST,
            "category: 草刈\n",
            "「草刈り」のことですか",
        ),
    ]
}

fn numbers() -> Vec<Row> {
    vec![
        row("a price in words").edit(JAM, "price: 450", "price: 四百五十円").error("HN0204", JAM, "price", "数字だけ"),
        row("a price with a remark").edit(JAM, "price: 450", "price: 450円（税込）").error(
            "HN0204",
            JAM,
            "price",
            "本文に",
        ),
        row("an unknown tax").edit(COASTER, "from: true", "tax: 5").error("HN0419", COASTER, "tax: 5", "8・10"),
        row("half a yen").edit(JAM, "price: 450", "price: 450.5").error("HN0205", JAM, "price", "小数"),
        row("a price below nothing").edit(JAM, "price: 450", "price: -450").error("HN0206", JAM, "price", "0～"),
        row("a price beyond all numbers").edit(JAM, "price: 450", "price: 99999999999999999999").error(
            "HN0204",
            JAM,
            "price",
            "数として",
        ),
        row("a capacity of nothing")
            .edit(RINGO, "capacity: 20", "capacity: 0")
            .error("HN0206", RINGO, "capacity", "1～"),
        row("a thirteenth month")
            .edit(JAM, "season: 10-3", "season: [12, 13]")
            .error("HN0220", JAM, "season", "「13」"),
        row("a season in words").edit(JAM, "season: 10-3", "season: 秋から冬").error("HN0220", JAM, "season", "10-3"),
        row("a corporate number with a slip")
            .edit(RINGO, "corporate_number: \"7000012050002\"", "corporate_number: \"7000012050003\"")
            .error("HN0215", RINGO, "corporate_number", "写し間違え"),
        row("a corporate number cut short")
            .edit(RINGO, "corporate_number: \"7000012050002\"", "corporate_number: 700001205")
            .error("HN0215", RINGO, "corporate_number", "13けた"),
        row("an invoice number without T").edit(RINGO, "T7000012050002", "7000012050002").error(
            "HN0216",
            RINGO,
            "invoice_number",
            "「T」",
        ),
        row("an office number of nine digits").edit(RINGO, "2010100000", "201010000").error(
            "HN0227",
            RINGO,
            "office_number",
            "10けた",
        ),
        row("half a fiscal year").edit(PLAN, "fiscal_year: 令和8", "fiscal_year: 8").error(
            "HN0223",
            PLAN,
            "fiscal_year",
            "令和8",
        ),
    ]
}

fn contacts() -> Vec<Row> {
    vec![
        row("a telephone that is to come").edit(RINGO, "tel: 026-000-0002", "tel: 準備中").error(
            "HN0211",
            RINGO,
            "tel",
            "消して",
        ),
        row("a telephone with an extension")
            .edit(RINGO, "tel: 026-000-0002", "tel: 026-000-0002（内線12）")
            .error("HN0211", RINGO, "tel", "内線"),
        row("two telephones")
            .edit(RINGO, "tel: 026-000-0002", "tel: 026-000-0002、026-000-0009")
            .error("HN0211", RINGO, "tel", "1つ"),
        row("a telephone without its 0")
            .edit(KUMO, "tel: 0263-00-0001", "tel: 263-00-0001")
            .error("HN0211", KUMO, "tel", "0から"),
        row("a fax that is a telephone")
            .edit(RINGO, "fax: 026-000-0003", "fax: 電話と同じ")
            .error("HN0211", RINGO, "fax", "FAX"),
        row("numbers in full width are read").edit(RINGO, "tel: 026-000-0002", "tel: ０２６（０００）０００２").edit(
            RINGO,
            "postal_code: 380-0001",
            "postal_code: 〒３８０－０００１",
        ),
        row("a postal code with the address").edit(RINGO, "380-0001", "〒380-0001 長野市").error(
            "HN0212",
            RINGO,
            "postal_code",
            "7けた",
        ),
        row("a postal code cut short").edit(RINGO, "380-0001", "380-1").error("HN0212", RINGO, "postal_code", "7けた"),
        row("a mail without host").edit(RINGO, "ringo@example.jp", "ringo@").error("HN0213", RINGO, "email", "半角"),
        row("an address without https")
            .edit(RINGO, "https://ringo.example.jp/", "ringo.example.jp")
            .error("HN0214", RINGO, "url", "https://"),
        row("an address that is a script")
            .edit(RINGO, "https://ringo.example.jp/", "javascript:alert(1)")
            .error("HN0214", RINGO, "url", "https://"),
    ]
}

fn lists() -> Vec<Row> {
    vec![
        row("one maker twice").edit(JAM, "[ringo]", "[ringo, ringo]").error("HN0415", JAM, "makers", "「ringo」"),
        row("one variant twice").edit(COASTER, "id: square", "id: round").error("HN0415", COASTER, "四角", "「round」"),
        row("one facility twice").edit(FAIR, "[ringo, kumo]", "[ringo, kumo, ringo]").error(
            "HN0415",
            FAIR,
            "facilities",
            "1つだけ",
        ),
        row("one value where a list belongs is a list of one").edit(JAM, "[ringo]", "ringo").edit(
            RINGO,
            "[就労継続支援B型]",
            "就労継続支援B型",
        ),
    ]
}

// ------------------------------------------------------------ dates and times

fn schedules() -> Vec<Row> {
    let schedule = |title, written: &str| row(title).edit(FAIR, "schedule: 10月17日(土)～18日(日)", written);
    let date = |title, written: &str| row(title).edit(NEWS, "date: 2026-03-20", written);
    vec![
        date("a day that is not", "date: 2026-02-30").error("HN0207", NEWS, "date", "「2026-02-28」のことですか"),
        date("a day that is not, in Japanese", "date: 令和8年4月31日").error(
            "HN0207",
            NEWS,
            "date",
            "「2026-04-30」のことですか",
        ),
        date("a date with its weekday", "date: 令和8年3月20日(金)").error(
            "HN0207",
            NEWS,
            "date",
            "「2026-03-20」のことですか",
        ),
        date("a date without blanks", "date: 20260320").error("HN0207", NEWS, "date", "「2026-03-20」のことですか"),
        date("a date without year", "date: 3月20日").error("HN0207", NEWS, "date", "年-月-日"),
        date("a date in words", "date: 昨日").error("HN0207", NEWS, "date", "2026-04-18"),
        date("dates in every form are read", "date: Ｒ８．３．２０").edit(REPORT, "2026-03-10", "2026/3/10"),
        schedule("next month", "schedule: 来月").error("HN0250", FAIR, "schedule", "調整中"),
        schedule("a weekday that does not fit", "schedule: 10月17日(日)").error("HN0251", FAIR, "schedule", "土曜日"),
        schedule("a second weekday that does not fit", "schedule: 令和8年10月17日(土)～18日(月)").error(
            "HN0251",
            FAIR,
            "schedule",
            "日曜日",
        ),
        schedule("a day that is not", "schedule: 9月31日").error("HN0252", FAIR, "schedule", "「9月30日」のことですか"),
        schedule("backwards", "schedule: 2026-10-18/2026-10-17").error("HN0253", FAIR, "schedule", "終わりの日"),
        schedule("one of a list", "schedule:\n  - 10月17日(土)\n  - 10月のどこか").error(
            "HN0250",
            FAIR,
            "どこか",
            "日程",
        ),
        schedule("what depends on the day of reading", "schedule: 来週").error(
            "HN0250",
            FAIR,
            "schedule",
            "読む日によって",
        ),
        schedule("what belongs into the status", "schedule: 10月17日(土)は中止")
            .error("HN0250", FAIR, "schedule", "status"),
        schedule("only the end", "schedule: 10月18日(日)まで").error("HN0250", FAIR, "schedule", "始まりの日"),
        schedule("a place in the date", "schedule: 10月17日(土)（長野市）").error("HN0250", FAIR, "schedule", "venue"),
        schedule("both answers to a wrong weekday", "schedule: 10月17日(金)").error(
            "HN0251",
            FAIR,
            "schedule",
            "「10月16日(金)」",
        ),
        schedule("a time that mixes two ways of counting", "schedule: 10月17日(土) 午後17時から").error(
            "HN0221",
            FAIR,
            "schedule",
            "「午後5時」のことですか",
        ),
        schedule("no month", "schedule: 17日(土)・18日(日)").error("HN0255", FAIR, "schedule", "10月17日(土)"),
        schedule("a holiday that is none", "schedule: 10月17日(土・祝)").error(
            "HN0256",
            FAIR,
            "schedule",
            "スポーツの日",
        ),
        schedule("a day twice", "schedule: 10月17日・18日・17日").error("HN0257", FAIR, "schedule", "2回"),
        schedule("three days that are two", "schedule: 10月17日(土)～18日(日)の3日間")
            .error("HN0258", FAIR, "schedule", "2つ"),
        schedule("before the era", "schedule: 令和元年4月20日").error(
            "HN0259",
            FAIR,
            "schedule",
            "「平成31年4月20日」のことですか",
        ),
        schedule("another year", "schedule: 令和9年10月17日(日)").warning("HN0423", FAIR, "schedule", "令和8年度"),
        row("a row of another year").edit(PLAN, "schedule: 年2回", "schedule: 令和3年5月28日").warning(
            "HN0423",
            PLAN,
            "令和3年5月28日",
            "年度ではありません",
        ),
        row("the time said twice").edit(FAIR, "10月17日(土)～18日(日)", "10月17日(土) 11:00～14:00").error(
            "HN0421",
            FAIR,
            "time: 10:00-15:00",
            "11:00～14:00",
        ),
        row("a session on another day").field(FAIR, "sessions: [{on: 10月17日}, {on: 10月19日}]").error(
            "HN0422",
            FAIR,
            "10月19日",
            "10月17日(土)～18日(日)",
        ),
        row("the reserve day first").field(FAIR, "rain: postpone\nrain_date: 10月16日").error(
            "HN0420",
            FAIR,
            "rain_date",
            "予備日",
        ),
        row("a deadline with a wrong weekday").edit(FAIR, "2026-09-30", "9月30日(金)午後5時必着").error(
            "HN0251",
            FAIR,
            "apply",
            "水曜日",
        ),
        row("a deadline of two days").edit(FAIR, "2026-09-30", "9月29日・30日").error("HN0207", FAIR, "apply", "日付"),
        row("deadlines in every form are read").edit(FAIR, "2026-09-30", "9月30日(水)午後5時まで"),
        row("no year").edit(FAIR, "fiscal_year: 令和8\n", "").error("HN0254", FAIR, "schedule", "fiscal_year"),
        row("a row of a plan").edit(PLAN, "schedule: 年2回", "schedule: そのうち").error(
            "HN0250",
            PLAN,
            "そのうち",
            "随時",
        ),
        row("seventeen in the afternoon").edit(FAIR, "10:00-15:00", "午後17時").error(
            "HN0221",
            FAIR,
            "time",
            "「午後5時」のことですか",
        ),
        row("seventeen in the afternoon as the end").edit(FAIR, "10:00-15:00", "午前10時～午後17時").error(
            "HN0221",
            FAIR,
            "time",
            "「午後5時」のことですか",
        ),
        row("an hour that is not").edit(FAIR, "10:00-15:00", "10:00-25:00").error(
            "HN0221",
            FAIR,
            "time",
            "10:00-15:00",
        ),
        row("a time in words").edit(FAIR, "10:00-15:00", "夕方から").error("HN0221", FAIR, "time", "午前10時"),
        row("a time backwards").edit(FAIR, "10:00-15:00", "10:00-3:00").error("HN0222", FAIR, "time", "13:00"),
        row("no schedule at all").edit(FAIR, "schedule: 10月17日(土)～18日(日)\n", "").error(
            "HN0416",
            FAIR,
            "title",
            "調整中",
        ),
        row("a deadline after the event").edit(FAIR, "2026-09-30", "2026-10-30").error(
            "HN0417",
            FAIR,
            "apply",
            "2026-10-18",
        ),
        row("it ends before it begins")
            .field(NEWS, "published: 2026-04-01\nexpires: 2026-03-01")
            .error("HN0412", NEWS, "expires", "逆"),
    ]
}

// ----------------------------------------------------------------------- text

fn texts() -> Vec<Row> {
    let text = |title, text: &str| row(title).append(JAM, text);
    vec![
        text("a link to an entry that is not", "[棚](product:shelf)\n").error("HN0301", JAM, "shelf", "id"),
        text("a link to an entry with a slip", "[台](product:coster)\n").error(
            "HN0301",
            JAM,
            "coster",
            "「product:coaster」のことですか",
        ),
        text("a link in a text that follows a list", "\n- 一\n- [台](facility:kuma)\n").error(
            "HN0301",
            JAM,
            "kuma",
            "「facility:kumo」のことですか",
        ),
        text("a link to a page that is not", "[商品の一覧](/product/)\n").error(
            "HN0302",
            JAM,
            "/product/",
            "「/products/」のことですか",
        ),
        text("a link to a file that is not", "[ちらし](chirasi.pdf)\n").error(
            "HN0302",
            JAM,
            "chirasi",
            "「chirashi.pdf」のことですか",
        ),
        text("a link to the file of an entry", "[台](../products/coaster.md)\n").error(
            "HN0302",
            JAM,
            "coaster.md",
            "「product:coaster」のことですか",
        ),
        text("a dead anchor", "[味わいへ](#味あい)\n").error("HN0302", JAM, "味あい", "「#味わい」のことですか"),
        text("a script", "<script>alert(1)</script>\n").warning("HN0303", JAM, "<script>", "<script>"),
        text("a style", "<p style=\"color: red\">赤い文字</p>\n").warning("HN0303", JAM, "style=", "style"),
        text("a script as a link", "[押す](javascript:alert(1))\n").warning("HN0304", JAM, "javascript", "安全"),
        text("an image without words", "![](jam.png)\n").error("HN0305", JAM, "![](", "説明"),
        text("an image with the words of a camera", "![IMG_0012](jam.png)\n")
            .warning("HN0306", JAM, "IMG_0012", "IMG_0012"),
        text("an image that is not", "![びん](bin.jpg)\n").error("HN0224", JAM, "bin.jpg", "assets/"),
        text("a heading of another width", "＃　味わい\n").warning("HN0308", JAM, "＃", "「## 味わい」"),
        text("a heading of another width with furigana", "＃　{味|あじ}わい\n").warning(
            "HN0308",
            JAM,
            "＃",
            "「## {味|あじ}わい」",
        ),
        text("a list as on paper", "・桃\n・梨\n").warning("HN0309", JAM, "・桃", "「- 」"),
        text("a link that says こちら", "[こちら](/products/)\n").warning("HN0307", JAM, "こちら", "行き先"),
        row("a photo with the words of a camera")
            .edit(JAM, "びんに入った琥珀色のジャム", "写真")
            .warning("HN0306", JAM, "alt", "写真"),
        row("a link in the easy text").field(JAM, "easy: \"[台](product:coster)\"").error(
            "HN0301",
            JAM,
            "easy",
            "「product:coaster」のことですか",
        ),
    ]
}

// ------------------------------------------------------------ between entries

fn between() -> Vec<Row> {
    vec![
        row("a maker that is not").edit(JAM, "[ringo]", "[ringoo]").error(
            "HN0401",
            JAM,
            "makers",
            "「ringo」のことですか",
        ),
        row("a maker by its name").edit(JAM, "[ringo]", "[りんごの木工房]").error(
            "HN0401",
            JAM,
            "makers",
            "ファイル名",
        ),
        row("an event of a plan that is not").edit(PLAN, "event: autumn-fair", "event: autum-fair").error(
            "HN0401",
            PLAN,
            "autum-fair",
            "「autumn-fair」のことですか",
        ),
        row("a facility by its product's id").edit(FAIR, "[ringo, kumo]", "[ringo, apple-jam]").error(
            "HN0401",
            FAIR,
            "facilities",
            "事業所",
        ),
        row("a broken facility is told once, not by all who name it").edit(RINGO, "tel: 026", "tel 026").error(
            "HN0103",
            RINGO,
            "tel 026",
            "コロン",
        ),
        row("a broken list of entries is told once, not by all who name them")
            .edit(LIST, "name: 木のおぼん", "name 木のおぼん")
            .edit(FAIR, "[apple-jam, coaster]", "[apple-jam, tray]")
            .error("HN0103", LIST, "name 木", "コロン"),
        row("a draft that is referred to")
            .field(KUMO, "draft: true")
            .edit(JAM, "[ringo]", "[ringo, kumo]")
            .warning("HN0402", JAM, "makers", "下書き")
            .warning("HN0402", FAIR, "facilities", "下書き")
            .warning("HN0402", LIST, "makers: [kumo]", "下書き")
            .warning("HN0402", LIST, "makers: [ringo, kumo]", "下書き")
            .warning("HN0413", LIST, "makers: [kumo]", "この商品は公開しません")
            .warning("HN0402", COASTER, "makers", "下書き")
            .warning("HN0413", COASTER, "makers", "この商品は公開しません"),
        row("an event that is over but linked")
            .field(REPORT, "event: autumn-fair")
            .field(FAIR, "expires: 2026-03-01")
            .warning("HN0402", REPORT, "event", "2026-03-01")
            .warning("HN0402", PLAN, "autumn-fair", "2026-03-01"),
        row("a link to what is to come")
            .field(COASTER, "published: 2026-05-01")
            .warning("HN0402", JAM, "product:coaster", "2026-05-01")
            .warning("HN0402", FAIR, "products", "2026-05-01"),
        row("a hidden facility in an event").field(KUMO, "hidden: true").warning(
            "HN0403",
            FAIR,
            "facilities",
            "「kumo」",
        ),
        row("capacities of different times")
            .edit(COASTER, "per: week}}]", "per: week}}, {facility: ringo, capacity: {amount: 9, per: day}}]")
            .error("HN0404", COASTER, "makers", "day・week"),
        row("a consent that ran out").edit(RINGO, "の建物}", "の建物, consent_until: 2026-03-31}").warning(
            "HN0405",
            RINGO,
            "yane.png",
            "2026-03-31",
        ),
        row("checked over a year ago").edit(RINGO, "2026-01-15", "2025-01-15").warning(
            "HN0406",
            RINGO,
            "checked_on",
            "1年以上",
        ),
        row("food without allergens")
            .edit(JAM, "allergens: {contains: [りんご], free_of: [卵, 乳]}\n", "")
            .warning("HN0407", JAM, "category", "不明"),
        row("a price without tax").edit(WORDS, "procurement: goods, tax: 10", "procurement: goods").error(
            "HN0408",
            COASTER,
            "price: {",
            "「木の品」",
        ),
        row("a postal code of another prefecture").edit(RINGO, "380-0001", "371-0001").warning(
            "HN0409",
            RINGO,
            "postal_code",
            "長野市",
        ),
        row("lots reversed").edit(JAM, "min_order: 6", "min_order: 600").error("HN0410", JAM, "min_order", "逆"),
        row("an allergen both ways").edit(JAM, "[卵, 乳]", "[卵, りんご]").error(
            "HN0411",
            JAM,
            "contains",
            "「りんご」",
        ),
        row("an allergen both ways by law")
            .edit(JAM, "{contains: [りんご], free_of: [卵, 乳]}", "{contains: [小麦], free_of: mandatory}")
            .error("HN0411", JAM, "contains", "「小麦」"),
        row("goods as work").edit(RINGO, "works: [草刈り]", "works: [草刈り, ジャム]").error(
            "HN0414",
            RINGO,
            "works",
            "「ジャム」",
        ),
        row("orders to a facility that nobody can reach")
            .edit(KUMO, "tel: 0263-00-0001\n", "")
            .field(COASTER, "order: direct")
            .error("HN0418", COASTER, "order", "desk"),
        row("a page that is called like our own").rename(ABOUT, "content/pages/products.md").error_of_file(
            "HN0801",
            "content/pages/products.md",
            "/products/",
        ),
        row("two plans of one year")
            .put("content/plans/r8-2.md", "---\nfiscal_year: 2026\ntitle: 補正\n---\n")
            .error_of_file("HN0801", "content/plans/r8-2.md", PLAN),
    ]
}

fn vocabulary() -> Vec<Row> {
    vec![
        row("no vocabulary: told once, not for every word").remove(WORDS).error_of_file("HN0501", WORDS, "init"),
        row("an empty vocabulary: told once").put(WORDS, "").error_of_file("HN0109", WORDS, "空"),
        row("a vocabulary that cannot be read: told once").edit(WORDS, "  - {id: wood", "  - {id：wood").error(
            "HN0105",
            WORDS,
            "id：wood",
            "半角",
        ),
        row("a vocabulary in Shift_JIS: told once").put(WORDS, SHIFT_JIS).error("HN0004", WORDS, "name", "Shift_JIS"),
        row("an id over two levels").edit(WORDS, "id: bread", "id: foods").error(
            "HN0502",
            WORDS,
            "id: foods, label: パン",
            "食べもの",
        ),
        row("a label over two levels").edit(WORDS, "label: パン", "label: 食べもの").warning(
            "HN0503",
            WORDS,
            "label: 食べもの, kana: ぱん",
            "foods",
        ),
        row("a missing reading: told in the vocabulary, not where the word is used")
            .edit(WORDS, "label: 長野市, kana: ながのし", "label: 長野市")
            .error("HN0202", WORDS, "長野市", "kana"),
        row("a reading in kanji").edit(WORDS, "kana: じゃむ", "kana: 果醤").error("HN0210", WORDS, "果醤", "ひらがな"),
        row("a category without class").edit(WORDS, "kana: きのしな, procurement: goods", "kana: きのしな").error(
            "HN0504",
            WORDS,
            "木の品",
            "procurement",
        ),
        row("a class that is not").edit(WORDS, "procurement: goods, tax", "procurement: goodz, tax").error(
            "HN0209",
            WORDS,
            "goodz, tax",
            "「goods」のことですか",
        ),
        row("a class of neither group").edit(WORDS, "group: 役務", "group: 業務").error(
            "HN0208",
            WORDS,
            "業務",
            "「役務」",
        ),
        row("a code of four digits").edit(WORDS, "\"20202\"", "\"2020\"").error("HN0206", WORDS, "2020\"", "47999"),
        row("a tax of 800 per cent")
            .edit(WORDS, "garden, tax: 10", "garden, tax: 800")
            .error("HN0206", WORDS, "tax: 800", "0～100"),
        row("an unknown list").edit(WORDS, "event_kinds:", "event_kind:").error(
            "HN0201",
            WORDS,
            "event_kind:",
            "「event_kinds」のことですか",
        ),
        row("a date that is not").edit(WORDS, "2019-10-01", "2019-10-32").error(
            "HN0207",
            WORDS,
            "2019-10-32",
            "年-月-日",
        ),
        row("furigana in kanji").edit(WORDS, "{信州: しんしゅう}", "{信州: 信州}").error(
            "HN0210",
            WORDS,
            "readings",
            "「信」",
        ),
        row("furigana left open")
            .edit(WORDS, "{信州: しんしゅう}", "{信州: }")
            .error("HN0217", WORDS, "readings", "信州"),
        row("a tab in the vocabulary")
            .edit(WORDS, "    label: 食べもの", "\tlabel: 食べもの")
            .error("HN0104", WORDS, "\tlabel", "タブ"),
    ]
}

// --------------------------------------------------- settings, themes, output

fn settings() -> Vec<Row> {
    vec![
        row("no settings").remove(SETTINGS).from("content").error_of_file("HN0601", SETTINGS, "heartnet init"),
        row("empty settings").put(SETTINGS, "").error_of_file("HN0109", SETTINGS, "空"),
        row("an unknown setting").edit(SETTINGS, "theme: heartnet", "thema: heartnet").error(
            "HN0201",
            SETTINGS,
            "thema",
            "「theme」のことですか",
        ),
        row("a setting that is missing")
            .edit(SETTINGS, "title: しなのハートネット\n", "")
            .error_of_file("HN0202", SETTINGS, "title"),
        row("a base_url without https")
            .edit(SETTINGS, "https://shinano", "shinano")
            .error("HN0603", SETTINGS, "base_url", "https://"),
        row("a base_url with a question")
            .edit(SETTINGS, "example.jp/\nlang", "example.jp/?a=1\nlang")
            .error("HN0603", SETTINGS, "base_url", "?"),
        row("a base_url on the command line").base_url("shinano").error_of_file("HN0603", "--base-url", "https://"),
        row("a time zone").edit(SETTINGS, "Asia/Tokyo", "日本").error("HN0602", SETTINGS, "timezone", "Asia/Tokyo"),
        row("a target without its place").edit(SETTINGS, "desk:", "deploy: {preview: {kind: folder}}\ndesk:").error(
            "HN0611",
            SETTINGS,
            "{kind: folder}",
            "「path」",
        ),
        row("a password among the settings")
            .edit(SETTINGS, "desk:", "deploy: {host: {kind: ftps, password: himitsu}}\ndesk:")
            .error("HN0611", SETTINGS, "himitsu", "HEARTNET_HOST_PASSWORD"),
        row("an unknown theme").edit(SETTINGS, "theme: heartnet", "theme: hartnet").error(
            "HN0604",
            SETTINGS,
            "theme",
            "「heartnet」のことですか",
        ),
        row("a host that nobody knows").edit(SETTINGS, "desk:", "hosting: [netlfy]\ndesk:").error(
            "HN0208",
            SETTINGS,
            "netlfy",
            "「netlify」のことですか",
        ),
        row("hosts by their names and a contact").edit(
            SETTINGS,
            "desk:",
            "hosting: [Netlify, apache, ページの中]\nsecurity: {contact: \"https://shinano.example.jp/anzen/\"}\ndesk:",
        ),
        row("a contact that is neither mail nor https")
            .edit(SETTINGS, "desk:", "security:\n  contact: http://shinano.example.jp/\ndesk:")
            .error("HN0610", SETTINGS, "contact:", "https://"),
        row("a colour of the council").edit(SETTINGS, "desk:", "tokens: {key: \"#1b5e8c\", radius: 0}\ndesk:"),
        row("a token that the theme does not have")
            .edit(SETTINGS, "desk:", "tokens:\n  key: \"#1b5e8c\"\n  gruond: \"#ffffff\"\ndesk:")
            .error("HN0605", SETTINGS, "gruond", "「ground」のことですか"),
        row("a token with its hyphens").edit(SETTINGS, "desk:", "tokens:\n  --key: \"#1b5e8c\"\ndesk:").error(
            "HN0605",
            SETTINGS,
            "--key",
            "「key」のことですか",
        ),
        row("a colour without quotes").edit(SETTINGS, "desk:", "tokens:\n  key: #1b5e8c\ndesk:").error(
            "HN0606",
            SETTINGS,
            "key:",
            "囲まないと",
        ),
        row("a colour by its name").edit(SETTINGS, "desk:", "tokens:\n  key: navy\ndesk:").error(
            "HN0606",
            SETTINGS,
            "key:",
            "\"#1b5e8c\"",
        ),
        row("a measure that would end its rule")
            .edit(SETTINGS, "desk:", "tokens:\n  radius: \"0; } body { display: none\"\ndesk:")
            .error("HN0606", SETTINGS, "radius", "1つだけ"),
        row("a key colour that nobody can read").edit(SETTINGS, "desk:", "tokens:\n  key: \"#ffd43d\"\ndesk:").warning(
            "HN0607",
            SETTINGS,
            "key:",
            "同じ色合い",
        ),
        row("a key colour for light screens that nobody can read")
            .edit(SETTINGS, "desk:", "tokens:\n  key: \"light-dark(#ffd43d, #ffd43d)\"\ndesk:")
            .error("HN0706", SETTINGS, "key:", "同じ色合い"),
        row("a text colour for light screens only")
            .edit(SETTINGS, "desk:", "tokens:\n  text: \"#222222\"\ndesk:")
            .error("HN0706", SETTINGS, "text:", "light-dark(#222222, #"),
        row("a style sheet whose colours nobody can read")
            .put("static/zz.css", ":root { --quiet: light-dark(#999, #d2c7be); }\n")
            .error("HN0706", "static/zz.css", "quiet", "明るい画面"),
        row("a language").edit(SETTINGS, "language: ja", "language: 日本").error(
            "HN0208",
            SETTINGS,
            "language",
            "「日本語」のことですか",
        ),
        row("a telephone of the desk")
            .edit(SETTINGS, "tel: 026-000-0000", "tel: なし")
            .error("HN0211", SETTINGS, "tel", "03-0000"),
        row("a full-width colon")
            .edit(SETTINGS, "theme: heartnet", "theme：heartnet")
            .error("HN0105", SETTINGS, "theme：", "半角"),
        row("a setting given twice").append(SETTINGS, "title: もう一つ\n").error(
            "HN0107",
            SETTINGS,
            "もう一つ",
            "1行目",
        ),
    ]
}

fn templates() -> Vec<Row> {
    vec![
        row("a template that cannot be read").put("templates/404.html", "<p>\n{% if %}\n").error(
            "HN0701",
            "templates/404.html",
            "{% if",
            "templates/",
        ),
        row("a template with an unknown value")
            .put("templates/404.html", "<p>見つかりません</p>\n<p>{{ nothing.at.all }}</p>\n")
            .build()
            .error("HN0702", "templates/404.html", "nothing", "/404.html"),
        row("a template that leaves somebody out")
            .put(
                "templates/404.html",
                "{% extends \"base.html\" %}{% block content %}<h1>ない</h1><img src=\"x.png\">{% endblock content %}",
            )
            .build()
            .warning_of_file("HN0710", "templates/404.html", "1.1.1"),
        row("a template with a handler in a tag, for a host that shall refuse what is not known")
            .edit(SETTINGS, "desk:", "hosting: [netlify]\ndesk:")
            .put(
                "templates/404.html",
                "{% extends \"base.html\" %}{% block content %}<h1>ない</h1><button onclick=\"print()\">印刷</button>{% endblock content %}",
            )
            .build()
            .warning_of_file("HN0711", "templates/404.html", "/404.html"),
        row("a template of a theme of one's own")
            .edit(SETTINGS, "theme: heartnet", "theme: shinano")
            .put("themes/shinano/templates/404.html", "{{ \n")
            .error("HN0701", "themes/shinano/templates/404.html", "{{", "テンプレート"),
        row("a drawing with a filter that shall stand for a facility")
            .edit(RINGO, "file: yane.png", "file: ringo.svg")
            .put(
                "assets/ringo.svg",
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\"><filter id=\"a\"/></svg>",
            )
            .warning_of_file("HN0707", "assets/ringo.svg", "フィルター"),
        row("a style sheet with a wrong declaration")
            .put("static/zz.css", ".a { color: red; }\n/* 色 */ .b { color red; }\n")
            .error("HN0703", "static/zz.css", ".b {", "CSS"),
        row("a style sheet with a block that is not closed")
            .put("themes/heartnet/static/zz.css", "p { color: red; }\n@media print {\n.a { color: red; }\n")
            .error("HN0703", "themes/heartnet/static/zz.css", " print", "閉じられて"),
        row("a script with a slip").put("static/mine.js", "const a = 1;\nconst b = (a;\n").error(
            "HN0704",
            "static/mine.js",
            "(a;",
            "があるはず",
        ),
        row("a script that declares a name twice").put("static/mine.js", "let a = 1;\nlet a = 2;\n").error(
            "HN0704",
            "static/mine.js",
            "a = 1",
            "2回",
        ),
        row("an old script that is published as it is").put("static/old.min.js", "with (a) { b() }"),
        row("scripts that name each other")
            .put("static/a.js", "import \"./b.js\";\n")
            .put("static/b.js", "import \"./a.js\";\n")
            .error("HN0705", "static/b.js", "\"./a.js\"", "a.js → b.js → a.js"),
        row("a style sheet in Shift_JIS").put("static/zz.css", b"\x82\xa0").error_of_file(
            "HN0004",
            "static/zz.css",
            "UTF-8",
        ),
        row("a template in Shift_JIS").put("templates/404.html", b"\x82\xa0\x82\xa2").error_of_file(
            "HN0004",
            "templates/404.html",
            "UTF-8",
        ),
    ]
}

fn output() -> Vec<Row> {
    vec![
        row("into the sources").out("content/out").error_of_file("HN0802", "", "元になる"),
        row("into the site itself").out(".").error_of_file("HN0802", "", "--out"),
        row("onto a file").put("public", "x").build().error_of_file("HN0802", "", "同じ名前のファイル"),
        row("into another site").put("other/heartnet.yaml", "title: x\n").out("other").error_of_file(
            "HN0802",
            "",
            "heartnet.yaml",
        ),
        row("over the pages of somebody else").put("public/index.html", "<p>私のページ").build().error_of_file(
            "HN0803",
            "",
            "index.html",
        ),
        row("while another one builds").prepare(lock).build().error_of_file("HN0804", "", "もう一度"),
        row("where nothing can be written").put("public/.heartnet/lock/x", "").build().error_of_file(
            "HN0805",
            "",
            "フォルダー",
        ),
        row("where a file stands in the way").put("public/.heartnet", "x").build().error_of_file(
            "HN0805",
            "",
            "同じ名前",
        ),
    ]
}

fn lock(root: &Path) -> Prepared {
    let own = root.join("public/.heartnet");
    fs::create_dir_all(&own).map_err(|error| error.to_string())?;
    let file = fs::File::create(own.join("lock")).map_err(|error| error.to_string())?;
    file.try_lock().map_err(|error| error.to_string())?;
    Ok(Box::new(file))
}

// ------------------------------------------------------------------- together

/// One mistake does not hide or move another.
fn together() -> Vec<Row> {
    vec![
        row("a consent that ran out, behind a photo that is wrong")
            .edit(RINGO, "  - {file: yane.png", "  - {file: yane.png}\n  - {file: yane.png")
            .edit(RINGO, "の建物}", "の建物, consent_until: 2026-03-31}")
            .error("HN0202", RINGO, "yane.png}", "alt")
            .warning("HN0405", RINGO, "2026-03-31", "2026-03-31"),
        row("a dead link is told together with an error")
            .edit(JAM, "price: 450", "prise: 450")
            .append(NEWS, "[一覧](/product/)\n")
            .error("HN0201", JAM, "prise", "price")
            .error("HN0302", NEWS, "/product/", "「/products/」のことですか"),
        row("a template is told together with an error")
            .edit(JAM, "price: 450", "prise: 450")
            .put("templates/404.html", "{% if %}")
            .error("HN0201", JAM, "prise", "price")
            .error("HN0701", "templates/404.html", "{% if", "テンプレート"),
        row("ruby in a name")
            .edit(JAM, "name: ", "net: \"{木|き}の箱\"\nname: ")
            .warning("HN0228", JAM, "net:", "kana"),
    ]
}
