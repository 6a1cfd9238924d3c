//! Markdown as a Japanese editor expects it.
//!
//! pulldown-cmark finds the structure; what it gets wrong for Japanese is put right in `inline`
//! (emphasis beside full-width punctuation, line breaks between wide characters, `{漢字|かんじ}`).
//! Raw HTML passes `html`, an allow-list. Links to entries stay symbolic ([`Piece::Entry`]): whether
//! they exist is the catalog's matter, their address the site's.

mod blocks;
mod emphasis;
mod html;
mod inline;
mod links;
mod lookalikes;
mod pieces;
mod ruby;

use super::assets::Assets;
use super::place::{At, Path};
use crate::diagnostic::Problem;
use crate::model::Kind;
use crate::raw;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::ops::Range;

pub(crate) use links::says_nothing as alt_says_nothing;
pub use pieces::Pieces;
pub(super) use ruby::has_ruby;

/// A part of a rendered text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Piece {
    /// HTML that is final.
    Html(String),
    /// The address of an entry, to stand in an attribute.
    Entry(Kind, String),
    /// The name of an entry, for a link without words of its own.
    Name(Kind, String),
    /// An address below the site's root (`/products/`), to stand in an attribute.
    Local(String),
    /// The address of a published file, by its source path.
    Asset(String),
    /// A photo, which becomes a whole element.
    Picture {
        /// Its source path.
        source: String,
        /// What it shows.
        alt: String,
        /// Shown where a mouse rests.
        title: String,
    },
}

/// A link of the text that must lead somewhere.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Link {
    /// An entry, or an address below the site's root.
    pub target: Target,
    /// Where it stands.
    pub at: At,
}

/// What a link leads to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Target {
    /// An entry.
    Entry(Kind, String),
    /// `/products/`
    Local(String),
    /// A photo that is shown, by its source path.
    Photo(String),
}

/// A rendered text.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Body {
    /// Its HTML with open ends.
    pub pieces: Pieces,
    /// Links that must lead somewhere.
    pub links: Vec<Link>,
    /// The first words of it, without markup.
    #[serde(with = "raw::text")]
    pub summary: String,
}

impl Body {
    /// Whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// Moves the places of links by the bytes before the text in its file.
    pub(super) fn offset(&mut self, by: usize) {
        for link in &mut self.links {
            if let At::Bytes(range) = &mut link.at {
                *range = range.start + by..range.end + by;
            }
        }
    }

    /// Puts all links at one field.
    pub(super) fn place_all(&mut self, path: &Path) {
        for link in &mut self.links {
            link.at = At::Value(path.clone());
        }
    }
}

/// Where the text stands, for the files it names.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub assets: &'a Assets,
    pub folder: &'a str,
}

/// A body with what is wrong in it (byte ranges of the text) and the files it shows.
pub(super) struct Rendered {
    pub body: Body,
    pub problems: Vec<(Range<usize>, Problem)>,
    pub files: BTreeSet<String>,
}

/// Renders a text. `prefix` keeps the anchors of two texts on one page apart.
pub(super) fn render(text: &str, prefix: &str, place: &Place<'_>) -> Rendered {
    if text.trim().is_empty() {
        return Rendered { body: Body::default(), problems: Vec::new(), files: BTreeSet::new() };
    }
    blocks::render(&ruby::protect(text), prefix, place)
}

/// Collects HTML and open ends.
#[derive(Default)]
struct Out {
    pieces: Vec<Piece>,
    html: String,
}

impl Out {
    fn raw(&mut self, html: &str) {
        self.html.push_str(html);
    }

    fn piece(&mut self, piece: Piece) {
        self.end_html();
        self.pieces.push(piece);
    }

    fn end_html(&mut self) {
        if !self.html.is_empty() {
            let mut html = std::mem::take(&mut self.html);
            // Every text of a site is held until the end.
            html.shrink_to_fit();
            self.pieces.push(Piece::Html(html));
        }
    }

    fn finish(mut self) -> Vec<Piece> {
        self.end_html();
        self.pieces.shrink_to_fit();
        self.pieces
    }
}

/// Escapes for text and for attributes in double quotes.
pub(crate) fn escape(text: &str, out: &mut String) {
    let bytes = text.as_bytes();
    if memchr::memchr3(b'&', b'<', b'>', bytes).is_none() && memchr::memchr(b'"', bytes).is_none() {
        return out.push_str(text);
    }
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(text: &str) -> String {
        let assets = Assets::new(["assets/cookie.jpg".to_owned()]);
        let rendered = render(text, "", &Place { assets: &assets, folder: "content/pages" });
        rendered
            .body
            .pieces
            .iter()
            .map(|piece| match piece {
                Piece::Html(html) => html.clone(),
                Piece::Entry(kind, id) => format!("[{}:{id}]", kind.word()),
                Piece::Name(kind, id) => format!("[name of {}:{id}]", kind.word()),
                Piece::Local(path) => format!("[local {path}]"),
                Piece::Asset(path) => format!("[asset {path}]"),
                Piece::Picture { source, alt, .. } => format!("[{alt}: {source}]"),
            })
            .collect()
    }

    fn codes(text: &str) -> Vec<&'static str> {
        let assets = Assets::new(["assets/cookie.jpg".to_owned()]);
        let rendered = render(text, "", &Place { assets: &assets, folder: "content/pages" });
        rendered.problems.iter().map(|(_, problem)| problem.code()).collect()
    }

    #[test]
    fn emphasis_beside_full_width_punctuation() {
        for (text, wanted) in [
            ("**「重要」**です", "<p><strong>「重要」</strong>です</p>"),
            ("これは**「強調」**です。", "<p>これは<strong>「強調」</strong>です。</p>"),
            ("**強調。**次", "<p><strong>強調。</strong>次</p>"),
            ("**税込（10%）**に", "<p><strong>税込（10%）</strong>に</p>"),
            ("**全角！**です", "<p><strong>全角！</strong>です</p>"),
            ("~~「削除」~~です", "<p><del>「削除」</del>です</p>"),
            ("彼は**「はい」**と言った**。**", "<p>彼は<strong>「はい」</strong>と言った<strong>。</strong></p>"),
            ("*「斜体」*の", "<p><em>「斜体」</em>の</p>"),
            ("***「両方」***の", "<p><em><strong>「両方」</strong></em>の</p>"),
            (
                "**[リンク](https://example.jp/)**です",
                "<p><strong><a href=\"https://example.jp/\">リンク</a></strong>です</p>",
            ),
            ("**`code`**です", "<p><strong><code>code</code></strong>です</p>"),
            ("外**中*内*中**外", "<p>外<strong>中<em>内</em>中</strong>外</p>"),
            ("**あ**、**い**、**う**", "<p><strong>あ</strong>、<strong>い</strong>、<strong>う</strong></p>"),
            ("価格は**500円（税込）**です", "<p>価格は<strong>500円（税込）</strong>です</p>"),
            ("**(注)**を", "<p><strong>(注)</strong>を</p>"),
            ("※**必ず**※", "<p>※<strong>必ず</strong>※</p>"),
            ("a**b**c", "<p>a<strong>b</strong>c</p>"),
            ("5 * 3 * 2", "<p>5 * 3 * 2</p>"),
            ("** 空白 **", "<p>** 空白 **</p>"),
            (r"\*\*そのまま\*\*", "<p>**そのまま**</p>"),
            ("snake_case_name", "<p>snake_case_name</p>"),
            ("_強調_ です", "<p><em>強調</em> です</p>"),
            ("10~20個・30~40個", "<p>10~20個・30~40個</p>"),
            ("**閉じない", "<p>**閉じない</p>"),
        ] {
            assert_eq!(html(text), wanted, "{text}");
        }
    }

    #[test]
    fn line_breaks_between_wide_characters_are_no_space() {
        for (text, wanted) in [
            ("日本語の行\n次の行", "<p>日本語の行次の行</p>"),
            ("Latin\nwords", "<p>Latin\nwords</p>"),
            ("日本語\nLatin", "<p>日本語\nLatin</p>"),
            ("終わり。\n**次**の", "<p>終わり。<strong>次</strong>の</p>"),
            ("**前**\n後", "<p><strong>前</strong>後</p>"),
            ("一\\\n二", "<p>一<br>二</p>"),
        ] {
            assert_eq!(html(text), wanted, "{text}");
        }
    }

    #[test]
    fn ruby_everywhere_but_in_code() {
        let ruby = "<ruby>前橋<rp>（</rp><rt>まえばし</rt><rp>）</rp></ruby>";
        assert_eq!(html("{前橋|まえばし}の"), format!("<p>{ruby}の</p>"));
        assert_eq!(html("**{前橋|まえばし}**"), format!("<p><strong>{ruby}</strong></p>"));
        assert!(html("|市|\n|--|\n|{前橋|まえばし}|\n").contains(&format!("<td>{ruby}</td>")));
        assert_eq!(html("`{前橋|まえばし}`"), "<p><code>{前橋|まえばし}</code></p>");
        assert_eq!(html("{a|}"), "<p>{a|}</p>");
        assert_eq!(html("{<b>|x}"), "<p>{<b>|x}</b></p>");
    }

    #[test]
    fn blocks() {
        assert_eq!(
            html("## 商品の概要\n## 商品の概要"),
            "<h2 id=\"商品の概要\">商品の概要</h2><h2 id=\"商品の概要-2\">商品の概要</h2>"
        );
        assert_eq!(html("# 題"), "<h2 id=\"題\">題</h2>");
        assert_eq!(html("- 一\n- 二"), "<ul><li>一</li><li>二</li></ul>");
        assert_eq!(html("3. 三\n4. 四"), "<ol start=\"3\"><li>三</li><li>四</li></ol>");
        assert!(html("- [x] 済\n- [ ] 未").contains("<input type=\"checkbox\" disabled checked aria-label=\"済み\">"));
        assert!(
            html("> [!NOTE]\n> 注意")
                .starts_with("<div class=\"alert alert-note\" role=\"note\"><p class=\"alert-title\">メモ</p>")
        );
        let table = html("|品|円|\n|--|--:|\n|クッキー|300|\n");
        assert!(table.contains("<th scope=\"col\">品</th><th scope=\"col\" class=\"right\">円</th>"), "{table}");
        let notes = html("本文[^注]。\n\n[^注]: 説明");
        assert!(notes.contains("href=\"#note-1\"") && notes.contains("<li id=\"note-1\">"), "{notes}");
    }

    #[test]
    fn links() {
        assert_eq!(html("[クッキー](product:akagi-cookie)"), "<p><a href=\"[product:akagi-cookie]\">クッキー</a></p>");
        assert_eq!(
            html("[](product:akagi-cookie)"),
            "<p><a href=\"[product:akagi-cookie]\">[name of product:akagi-cookie]</a></p>"
        );
        assert_eq!(html("[一覧](/products/)"), "<p><a href=\"[local /products/]\">一覧</a></p>");
        assert_eq!(html("![白い皿](cookie.jpg)"), "<p>[白い皿: assets/cookie.jpg]</p>");
        assert_eq!(html("[電話](tel:027-000-0000)"), "<p><a href=\"tel:027-000-0000\">電話</a></p>");
        assert_eq!(codes("[あ](none.pdf)"), ["HN0302"]);
        assert_eq!(codes("![](cookie.jpg)"), ["HN0305"]);
        for alt in [
            "IMG_1234",
            "_DSC0012",
            "PXL_20261103_093012345",
            "2026-11-03 (2)",
            "商品の写真",
            "イメージ１",
            "cookie.JPG",
        ] {
            assert_eq!(codes(&format!("![{alt}](cookie.jpg)")), ["HN0306"], "{alt}");
        }
        for alt in ["クッキーの写真", "白い皿", "商品を並べた棚", "P箱"] {
            assert_eq!(codes(&format!("![{alt}](cookie.jpg)")), Vec::<&str>::new(), "{alt}");
        }
        assert_eq!(codes("[こちら](https://example.jp/)"), ["HN0307"]);
        assert_eq!(codes("＃ 味\n\n・桃\n・梨\n\n- ・桃\n  ・梨\n"), ["HN0308", "HN0309"]);
        assert_eq!(codes("[あ](#ない)"), ["HN0302"]);
        assert_eq!(codes("## ある\n[あ](#ある)"), Vec::<&str>::new());
    }

    #[test]
    fn hostile_html_never_passes() {
        for text in [
            "<script>alert(1)</script>",
            "a <script>alert(1)</script> b",
            "<img src=x onerror=alert(1)>",
            "<a href=\"javascript:alert(1)\">x</a>",
            "<a href=\"java&#x73;cript:alert(1)\">x</a>",
            "<a href=\"java\nscript:alert(1)\">x</a>",
            "[x](javascript:alert(1))",
            "[x](<java&#115;cript:alert(1)>)",
            "[x](data:text/html,<script>alert(1)</script>)",
            "<svg onload=alert(1)>",
            "<iframe src=https://example.jp></iframe>",
            "<div style=\"position:fixed\" onclick=\"alert(1)\">x</div>",
            "<style>body{display:none}</style>",
            "<scr<script>ipt>alert(1)</script>",
            "<math><mtext></mtext><script>alert(1)</script></math>",
            "<details open ontoggle=alert(1)>x</details>",
            "<!--><script>alert(1)</script>--><script>",
            "<p title='\"><script>alert(1)</script>'>x</p>",
        ] {
            let out = html(text).to_lowercase();
            for bad in [
                "<script",
                "onerror=",
                "onclick=",
                "onload=",
                "ontoggle=",
                "javascript:",
                "<iframe",
                "<svg",
                "<style",
                "style=",
                "data:",
            ] {
                assert!(!out.contains(bad), "{text} → {out}");
            }
            // An attribute that only looks hostile is escaped, and nothing is left out.
            assert!(!codes(text).is_empty() || text.starts_with("<p title"), "{text}");
        }
    }

    #[test]
    fn html_is_always_balanced() {
        assert_eq!(html("<div>\n\n**a**\n\n</div>"), "<div><p><strong>a</strong></p></div>");
        assert_eq!(html("</div></main>本文"), "本文");
        assert_eq!(html("<div><b>開いたまま"), "<div><b>開いたまま</b></div>");
        assert_eq!(html("*a <b>c* d</b>"), "<p><em>a <b>c</b></em> d</p>");
        assert_eq!(html("改行<br>する"), "<p>改行<br>する</p>");
    }

    #[test]
    fn hostile_input_is_quick() {
        for unit in ["[", "> ", "- ", "*a **a ", "|a", "<b>", "{a|", "`", "~~a ", "_a __b "] {
            let text = unit.repeat(20_000);
            let _ = html(&text);
        }
    }
}
