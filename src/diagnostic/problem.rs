//! The table of all problems: code, severity, facts, words.
//!
//! A code is permanent: it is never given to another problem, and a problem that disappears leaves
//! its number unused. The doc comment of each variant is its section in `docs/problems.md`
//! (`heartnet schema problems` prints it); a test fails when the two differ, and another one when a
//! code has no case that provokes it.

use super::{Lang, Severity};
use serde::{Deserialize, Serialize};

/// What `docs/problems.md` is made of.
#[derive(Debug, Clone)]
pub struct CodeInfo {
    /// `HN####`.
    pub code: &'static str,
    /// Error or warning.
    pub severity: Severity,
    /// The lines of the doc comment: a title, then what it means and what to do.
    pub doc: &'static [&'static str],
    /// The Japanese message, its blanks in braces.
    pub message: &'static str,
    /// The Japanese fix, its blanks in braces; may be empty.
    pub fix: &'static str,
}

impl CodeInfo {
    /// Its section of the reference page.
    pub fn section(&self) -> String {
        let word = match self.severity {
            Severity::Error => "エラー",
            Severity::Warning => "警告",
        };
        let lines: Vec<&str> = self.doc.iter().map(|line| line.trim()).collect();
        let (title, rest) = lines.split_first().map_or(("", [].as_slice()), |(title, rest)| (*title, rest));
        let sample = if self.fix.is_empty() { String::new() } else { format!("\n\n直し方: {}", plain(self.fix)) };
        let text = rest.join("\n");
        let text = if text.trim().is_empty() { String::new() } else { format!("\n\n{}", text.trim()) };
        format!("## {} {title}\n\n{word}。表示: {}{text}{sample}", self.code, plain(self.message))
    }
}

/// `docs/problems.md`: every code with its meaning and its fix.
pub fn reference_page() -> String {
    let mut page = String::from(
        "# 問題の番号と直し方\n\n`heartnet check` が知らせる問題の一覧です。番号はずっと変わりません。\n\
         このページはプログラムから作られます（`heartnet explain HN0201` でも読めます）。\n",
    );
    for info in code_table() {
        page.push('\n');
        page.push_str(&info.section());
        page.push('\n');
    }
    page
}

/// A message with its blanks as 「…」.
fn plain(pattern: &str) -> String {
    let mut out = String::new();
    let mut rest = pattern;
    while let Some(at) = rest.find(['{', '}']) {
        out.push_str(&rest[..at]);
        let doubled = rest[at..].starts_with("{{") || rest[at..].starts_with("}}");
        if doubled {
            out.push_str(&rest[at..=at]);
            rest = &rest[at + 2..];
        } else {
            out.push('…');
            rest = rest[at..].find('}').map_or("", |end| &rest[at + end + 1..]);
        }
    }
    out.push_str(rest);
    out
}

macro_rules! problems {
    ($(
        $(#[doc = $doc:literal])+
        $code:ident $severity:ident $name:ident { $($field:ident : $ty:ty),* $(,)? }
        $ja:literal $en:literal
        $(fix $fix_ja:literal $fix_en:literal)?
        $(near $near:ident)?
    )*) => {
        /// Everything that can be wrong with a site. The fields are the facts a message needs.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[allow(missing_docs, reason = "the fields are named after the words they fill in")]
        pub enum Problem {
            $( $(#[doc = $doc])+ $name { $($field: $ty),* }, )*
        }

        impl Problem {
            /// The permanent code.
            pub fn code(&self) -> &'static str {
                match self { $( Self::$name { .. } => stringify!($code), )* }
            }

            /// Error or warning.
            pub fn severity(&self) -> Severity {
                match self { $( Self::$name { .. } => Severity::$severity, )* }
            }

            /// What is wrong, in one sentence or two.
            pub fn message(&self, lang: Lang) -> String {
                match self { $(
                    Self::$name { $($field),* } => {
                        $( let _ = $field; )*
                        match lang { Lang::Ja => format!($ja), Lang::En => format!($en) }
                    }
                )* }
            }

            /// What to do, where it is known.
            pub fn help(&self, lang: Lang) -> Option<String> {
                match self { $(
                    #[allow(unused_mut, reason = "not every problem has a fix")]
                    Self::$name { $($field),* } => {
                        $( let _ = $field; )*
                        let mut help: Vec<String> = Vec::new();
                        $( if let Some(word) = $near {
                            help.push(match lang {
                                Lang::Ja => format!("「{word}」のことですか？"),
                                Lang::En => format!("did you mean `{word}`?"),
                            });
                        } )?
                        $( help.push(match lang { Lang::Ja => format!($fix_ja), Lang::En => format!($fix_en) }); )?
                        (!help.is_empty()).then(|| help.join(" "))
                    }
                )* }
            }
        }

        /// Every code, in order.
        pub fn code_table() -> Vec<CodeInfo> {
            vec![ $( CodeInfo {
                code: stringify!($code),
                severity: Severity::$severity,
                doc: &[$($doc),+],
                message: $ja,
                fix: concat!($($fix_ja)?),
            } ),* ]
        }
    };
}

problems! {
    // ------------------------------------------------------------------ files

    /// ファイルを読めません
    ///
    /// ファイルを開けない、読む許可がない、途中で消えた、などの場合です。
    HN0001 Error CannotRead { why: String }
        "ファイルを読めません（{why}）。"
        "cannot read the file ({why})"
        fix "ほかのソフトで開いたままになっていないか、読み取りが許可されているかを確かめてください。"
            "check that the file still exists and may be read"

    /// ファイルが大きすぎます
    ///
    /// 1つの記事は 2 MB まで、`---` ではさまれた項目の部分は 64 KB までです。写真や PDF は `assets/` に置いて、ファイル名で指定します。
    HN0002 Error FileTooLarge { size: String, limit: String }
        "大きすぎます（{size}。{limit} までです）。"
        "too large ({size}; at most {limit})"
        fix "写真や PDF を貼り付けていませんか。写真は assets/ に置いて、ファイル名で指定してください。長い文章は、項目ではなく本文（2つ目の「---」のあと）に書きます。長い一覧は、いくつかのファイルに分けてください。"
            "put photos and PDFs into assets/ and name them; split a long list into several files"

    /// サイトの外を指すリンクです
    ///
    /// `content/` の中に、サイトの外のファイルを指すシンボリックリンクがあります。外のファイルは公開できません。
    HN0003 Error LinkLeavesSite { target: String }
        "サイトのフォルダーの外（{target}）を指すリンクです。読みませんでした。"
        "this link leaves the site's folder ({target}); it was not followed"
        fix "リンクではなく、ファイルそのものをこの場所へコピーしてください。"
            "copy the file itself to this place"

    /// 文字コードが UTF-8 ではありません
    ///
    /// 古い「メモ帳」や Excel で保存すると Shift_JIS になることがあります。保存し直すときに UTF-8 を選んでください。
    HN0004 Error NotUtf8 { guess: String }
        "文字コードが UTF-8 ではありません（{guess}）。ここから先を読めません。"
        "not UTF-8; it cannot be read from here on"
        fix "メモ帳なら「名前を付けて保存」で、文字コード「UTF-8」を選んで保存し直してください。"
            "save the file again with the encoding UTF-8"

    /// 使えない文字が入っています
    ///
    /// 画面に見えない制御文字（NULL など）が入っています。ファイルが壊れているか、文書ではないファイルです。
    HN0005 Error ControlCharacter { code: String }
        "目に見えない制御文字（{code}）が入っています。"
        "there is a control character ({code})"
        fix "Word などから貼り付けたときに入る、目に見えない文字です。この文字（上の行の � の所）を消すか、文章を打ち直してください。"
            "delete the character, or paste the original text again"

    /// ファイルの先頭に BOM があります
    ///
    /// そのまま読めますが、ほかの道具では不具合のもとになります。
    HN0006 Warning ByteOrderMark {}
        "ファイルの先頭に目に見えない印（BOM）があります。このままでも読めます。"
        "the file begins with a byte order mark; it is read all the same"
        fix "保存するときに「UTF-8（BOM なし）」を選ぶと消えます。"
            "save it as UTF-8 without BOM"

    /// 改行が LF ではありません（Windows の CRLF など）
    ///
    /// そのまま読めますが、変更の履歴が見にくくなります。
    HN0007 Warning CarriageReturn {}
        "改行が Windows などの形式（CRLF）です。このままでも読めます。"
        "line ends are not LF; the file is read all the same"
        fix "エディターの設定で、改行を「LF」にして保存してください。"
            "save it with LF line ends"

    /// 記事として読まないファイルです
    ///
    /// `content/` の中の記事は `.md` か `.yaml` です。ほかのファイルは読みません。
    HN0008 Warning NotAnEntry { name: String }
        "「{name}」は記事として読めない種類のファイルです。読みませんでした。"
        "`{name}` is not a kind of file that holds an entry; it was not read"
        fix "記事は .md か .yaml で書いてください。写真や PDF は assets/ か、記事と同じ名前のフォルダーに置いてください。名前の終わりに「.txt」が付いてしまったときは、それを消してください。"
            "write entries as .md or .yaml; put photos and PDFs into assets/ or the entry's own folder"

    /// 知らないフォルダーです
    ///
    /// `content/` のすぐ下には、記事の種類ごとのフォルダー（facilities、products など）だけを置きます。
    HN0009 Error UnknownFolder { name: String, near: Option<String> }
        "「{name}」というフォルダーに置く記事の種類はありません。"
        "there is no kind of entry for the folder `{name}`"
        fix "facilities・products・events・news・pages・plans・reports のどれかに置いてください。"
            "use one of facilities, products, events, news, pages, plans, reports"
        near near

    // ------------------------------------------------------------------ YAML

    /// 項目の部分（`---`）がありません
    ///
    /// 記事は、1行目の `---` と、次の `---` のあいだに項目を書き、そのあとに本文を書きます。
    HN0101 Error NoFrontMatter {}
        "記事の項目が書かれていません。1行目は、半角の「---」だけの行にします。"
        "the entry has no front matter; its first line must be `---`"
        fix "1行目に「---」、その下に「name: なまえ」のような項目、その次の行に「---」を書き、本文はそのあとに書いてください。"
            "write `---`, the fields, `---`, then the text"

    /// 項目の終わりの `---` がありません
    ///
    /// 1行目の `---` に対応する、終わりの `---` の行が見つかりません。
    HN0102 Error FenceNotClosed {}
        "項目の終わりの「---」がありません。"
        "the front matter is never closed by `---`"
        fix "項目の最後の行の次に、半角の「---」だけの行を入れてください。"
            "put a line with `---` behind the last field"

    /// 書き方が YAML として読めません
    ///
    /// `項目: 内容` の形がくずれています。コロンは半角で、うしろに半角の空白を入れます。
    HN0103 Error YamlSyntax { what: String, what_en: String }
        "ここの書き方を読み取れません。{what}"
        "this cannot be read: {what_en}"
        fix "「項目: 内容」の形（半角のコロンと半角の空白）になっているか、この行とすぐ上の行を見てください。内容に「: 」や「#」があるときは、全体を \" で囲みます。"
            "check that this line and the one above read `field: value`; quote values that hold `: ` or `#`"

    /// 字下げにタブが使われています
    ///
    /// YAML の字下げは半角の空白だけです。
    HN0104 Error TabIndent {}
        "行の頭の字下げにタブが使われています。"
        "the line is indented by a tab"
        fix "タブを消して、半角の空白2つに置きかえてください。"
            "use two blanks instead"

    /// コロンが全角です
    ///
    /// 項目名と内容のあいだのコロンは半角 `:` で、うしろに半角の空白を入れます。
    HN0105 Error FullWidthColon { key: String }
        "「{key}」のうしろのコロンが全角「：」です。"
        "the colon behind `{key}` is a full-width one"
        fix "半角のコロンと半角の空白に直してください（{key}: …）。"
            "write `{key}: …`"

    /// 字下げに全角の空白が使われています
    HN0106 Error FullWidthBlank {}
        "行の頭に全角の空白があります。"
        "the line begins with a full-width blank"
        fix "全角の空白を消して、半角の空白に置きかえてください。"
            "use half-width blanks"

    /// 同じ項目が2回書かれています
    ///
    /// どちらが正しいか分からないので、どちらも使いません。1つにしてください。
    HN0107 Error DuplicateKey { key: String, first_line: usize }
        "「{key}」が2回書かれています（1回目は{first_line}行目）。"
        "`{key}` is given twice (first in line {first_line})"
        fix "正しいほうを1つだけ残してください。"
            "keep one of them"

    /// 入れ子が深すぎるか、参照が多すぎます
    ///
    /// 記事に必要な深さをこえています。ファイルが壊れているか、悪意のある内容です。
    HN0108 Error TooDeep {}
        "項目の入れ子が深すぎるか、繰り返しの参照が多すぎます。"
        "the nesting is too deep or there are too many aliases"
        fix "「[」「{{」「- 」の重なりや「*名前」の参照を減らしてください。"
            "use fewer nested brackets and aliases"

    /// 項目の形になっていません
    ///
    /// 記事の項目は `項目: 内容` の並びです。
    HN0109 Error NotAMapping { found: String }
        "「項目: 内容」の並びが必要ですが、{found}になっています。"
        "`field: value` lines are needed here"
        fix "「name: なまえ」のように、項目名・半角コロン・空白・内容の順に書いてください。"
            "write lines such as `name: …`"

    /// `<<` や `!タグ` は使えません
    ///
    /// YAML の特別な書き方（マージキー、タグ）は使えません。
    HN0110 Error YamlExtra { what: String }
        "YAML の特別な書き方（{what}）は使えません。"
        "the YAML feature {what} is not used here"
        fix "ふつうの「項目: 内容」で書いてください。内容が「!」で始まるときは、全体を \" で囲みます。"
            "write plain `field: value` lines"

    // ------------------------------------------------------------------ fields

    /// 知らない項目です
    HN0201 Error UnknownField { name: String, near: Option<String>, hint: String, hint_en: String }
        "「{name}」という項目はありません。"
        "there is no field `{name}`"
        fix "{hint}"
            "{hint_en}"
        near near

    /// 必要な項目がありません
    HN0202 Error MissingField { name: String, label: String, example: String }
        "「{name}」（{label}）が書かれていません。"
        "the field `{name}` is missing"
        fix "「{name}: {example}」のように書き足してください。"
            "add `{name}: {example}`"

    /// 内容の種類が違います
    HN0203 Error WrongType { wanted: String, wanted_en: String, found: String, found_en: String }
        "ここには{wanted}を書きますが、{found}になっています。"
        "{wanted_en} is needed here, but this is {found_en}"
        fix "{wanted}に書きなおしてください。"
            "write {wanted_en}"

    /// 数ではありません
    HN0204 Error NotANumber { found: String }
        "「{found}」を数として読めません。"
        "`{found}` is not a number"
        fix "「500」のように、数字だけで書いてください（全角の数字や「500円」「1,200」も読めます）。「税込」「1週間」「300～500」のような説明や幅は、本文に書きます。"
            "write digits only, such as 500"

    /// 整数ではありません
    HN0205 Error NotAnInteger { found: String }
        "「{found}」は整数ではありません。ここには小数のない数を書きます。"
        "`{found}` is not a whole number"
        fix "小数点のない数にしてください。"
            "write a number without a decimal point"

    /// 数が範囲の外です
    HN0206 Error OutOfRange { found: String, range: String }
        "{found} は使えません。{range}の数を書きます。"
        "{found} is out of range ({range})"
        fix "{range}の数に書きなおしてください。"
            "write a number of {range}"

    /// 日付として読めません
    HN0207 Error BadDate { found: String, near: Option<String> }
        "「{found}」を日付として読めません。"
        "`{found}` is not a date"
        fix "「2026-04-18」のように、年-月-日で書いてください（令和8年4月18日 も読めます）。"
            "write year-month-day, such as 2026-04-18"
        near near

    /// 決まった言葉のどれでもありません
    HN0208 Error BadChoice { found: String, near: Option<String>, known: String }
        "「{found}」は使えません。"
        "`{found}` is not one of the words that may stand here"
        fix "次のどれかを書いてください: {known}"
            "use one of: {known}"
        near near

    /// 用語集にない言葉です
    ///
    /// 分類・地域・種別などは `content/vocabulary.yaml` にある言葉（表示名か id）を書きます。
    HN0209 Error UnknownWord { found: String, list: String, list_en: String, near: Option<String>, known: String }
        "「{found}」という{list}は用語集（content/vocabulary.yaml）にありません。"
        "the vocabulary has no {list_en} `{found}`"
        fix "使える言葉: {known}"
            "known words: {known}"
        near near

    /// ふりがながかなではありません
    HN0210 Error BadKana { found: String, bad: String }
        "ふりがなに「{bad}」が入っています。ひらがなかカタカナで書きます。"
        "the reading holds `{bad}`; it must be hiragana or katakana"
        fix "「{found}」を、ひらがな・カタカナ・「ー」・「・」・空白だけで書いてください。数字や英字も読み方で書きます。"
            "write hiragana, katakana, ー, ・ and blanks only"

    /// 電話番号・FAX番号の形ではありません
    HN0211 Error BadTelephone { found: String }
        "「{found}」を電話番号・FAX番号として読めません。"
        "`{found}` is not a telephone number"
        fix "「03-0000-0000」のように、0から始まる10けたか11けたの番号を1つだけ書いてください。内線や2つ目の番号は、本文に書きます。まだ番号がないときは、この項目を消してください。"
            "write ten or eleven digits that begin with 0, such as 03-0000-0000"

    /// 郵便番号の形ではありません
    HN0212 Error BadPostalCode { found: String }
        "「{found}」を郵便番号として読めません。"
        "`{found}` is not a postal code"
        fix "「100-0000」のように、7けたの数字で書いてください。"
            "write seven digits, such as 100-0000"

    /// メールアドレスの形ではありません
    HN0213 Error BadEmail { found: String }
        "「{found}」をメールアドレスとして読めません。"
        "`{found}` is not a mail address"
        fix "「info@example.jp」の形で、半角で書いてください。"
            "write it as info@example.jp"

    /// ウェブのアドレスの形ではありません
    HN0214 Error BadUrl { found: String }
        "「{found}」をウェブのアドレスとして読めません。"
        "`{found}` is not a web address"
        fix "「https://」から始まるアドレスを、ブラウザーのアドレス欄からコピーして貼り付けてください。"
            "write an address that begins with https:// or http://"

    /// 法人番号が正しくありません
    ///
    /// 法人番号は13けたで、1けた目は残りの12けたから計算される検査用の数字です。写し間違いを見つけるために確かめています。
    HN0215 Error BadCorporateNumber { found: String, why: String, why_en: String }
        "法人番号「{found}」が正しくありません。{why}"
        "the corporate number `{found}` is wrong: {why_en}"
        fix "国税庁の法人番号公表サイトで確かめて、13けたの数字を書いてください。"
            "look it up at the National Tax Agency's site and write its 13 digits"

    /// 登録番号（インボイス）の形ではありません
    HN0216 Error BadInvoiceNumber { found: String, why: String, why_en: String }
        "登録番号「{found}」が正しくありません。{why}"
        "the invoice number `{found}` is wrong: {why_en}"
        fix "「T」と13けたの数字で書いてください（T1234567890123 の形）。"
            "write T and 13 digits"

    /// 内容が空です
    HN0217 Error EmptyValue { name: String, way: String, way_en: String }
        "「{name}」の内容が書かれていません。"
        "`{name}` is empty"
        fix "{way}"
            "{way_en}"

    /// id に使えない文字があります
    ///
    /// id はページのアドレスになります。半角の英小文字・数字・ハイフンで、80文字までです。
    HN0218 Error BadId { found: String, suggestion: String }
        "id「{found}」は使えません。id は半角の英小文字・数字・ハイフンだけで、80文字までです。"
        "the id `{found}` may not be used: lower-case letters, digits and hyphens only, at most 80"
        fix "ファイル名（または id）を「{suggestion}」のように変えてください。"
            "rename the file (or the id) to something like `{suggestion}`"

    /// 同じ id の記事が2つあります
    HN0219 Error DuplicateId { id: String, other: String }
        "id「{id}」の記事が2つあります（もう1つは {other}）。"
        "two entries have the id `{id}` (the other one is in {other})"
        fix "どちらかのファイル名（id）を変えるか、いらないほうを消してください。"
            "rename or delete one of them"

    /// 月として読めません
    HN0220 Error BadMonths { found: String }
        "「{found}」を月として読めません。"
        "`{found}` cannot be read as months"
        fix "1から12までの数で「[4, 5, 6]」、または「10-3」（10月から3月まで）のように書いてください。"
            "write months such as [4, 5, 6], or a range such as 10-3"

    /// 時刻として読めません
    HN0221 Error BadTime { found: String, near: Option<String> }
        "「{found}」を時刻として読めません。"
        "`{found}` is not a time"
        fix "「10:00-15:00」か「午前10時～午後3時」のように書いてください。"
            "write 10:00-15:00 or 午前10時～午後3時"
        near near

    /// 終わりの時刻が始まりより前です
    HN0222 Error TimeReversed { found: String }
        "「{found}」は、終わりの時刻が始まりより前か、同じです。"
        "`{found}` ends before it begins"
        fix "始まりと終わりを確かめてください。午後の時刻は「13:00」か「午後1時」と書きます。"
            "check both times; afternoon is 13:00 or 午後1時"

    /// 年度として読めません
    HN0223 Error BadFiscalYear { found: String }
        "「{found}」を年度として読めません。"
        "`{found}` is not a fiscal year"
        fix "「2026」か「令和8」のように書いてください。"
            "write 2026 or 令和8"

    /// ファイルが見つかりません
    HN0224 Error MissingFile { name: String, near: Option<String> }
        "「{name}」というファイルがありません。"
        "there is no file `{name}`"
        fix "assets/ か、記事と同じフォルダーに置いて、ファイル名を同じ綴りで書いてください。"
            "put it into assets/ or beside the entry, and spell its name alike"
        near near

    /// その形式のファイルは使えません
    HN0225 Error BadFileType { name: String, known: String }
        "「{name}」の形式は使えません。"
        "the file type of `{name}` cannot be used"
        fix "使える形式: {known}。iPhone の HEIC は、写真を「互換性優先」で撮るか、JPEG で書き出してください。"
            "use one of: {known}"

    /// 座標が日本の外です
    HN0226 Error BadGeo { found: String }
        "緯度・経度（{found}）が日本の範囲の外です。"
        "the position ({found}) is not in Japan"
        fix "lat が緯度（24～46）、lon が経度（122～154）です。逆になっていないか確かめてください。"
            "lat is 24 to 46, lon 122 to 154; are they swapped?"

    /// 事業所番号の形ではありません
    HN0227 Error BadOfficeNumber { found: String }
        "「{found}」を事業所番号として読めません。"
        "`{found}` is not an office number"
        fix "10けたの数字で書いてください。"
            "write its ten digits"

    /// ふりがなの書き方が使えない場所です
    HN0228 Warning RubyNotHere { found: String }
        "「{found}」のふりがなは、ここでは表示できません。書いたとおりに出ます。"
        "the ruby in `{found}` is not rendered here; it is shown as written"
        fix "{{漢字|かんじ}} は本文と easy で使えます。名前の読みは kana に書いてください。"
            "use {{base|reading}} in the text and in easy; write the reading of a name in kana"

    /// 写真の中心として読めません
    HN0229 Error BadFocus { found: String }
        "写真の中心（{found}）が読めません。"
        "`{found}` is no point of a picture"
        fix "左からと上からの割合を、0～1の数2つで書いてください。まん中は [0.5, 0.5]、上のほうは [0.5, 0.2] です。"
            "write two numbers from 0 to 1: the parts from the left and from the top"

    /// 写真として使えないファイルです
    ///
    /// 写真は、スマートフォンやカメラで撮った JPEG、または PNG・WebP・GIF が使えます。iPhone の HEIC は使えません。
    /// 「設定」→「カメラ」→「フォーマット」を「互換性優先」にすると、次から JPEG で撮れます。もうある写真は、
    /// 「ファイル」アプリへの書き出しやメールで送ると、JPEG になります。
    HN0230 Error BadPhoto { name: String, why: String, why_en: String, how: String, how_en: String }
        "写真「{name}」{why}"
        "the photo `{name}` {why_en}"
        fix "{how}"
            "{how_en}"

    /// 動く絵は、最初の1枚だけを使います
    HN0231 Warning PhotoMoves { name: String }
        "「{name}」は動く絵です。最初の1枚だけを使います。"
        "`{name}` moves; only its first picture is used"
        fix "動くものは、見る人が止められないと困るので、載せません。見せたい1枚を写真にしてください。"
            "choose the one picture that is to be seen"

    /// SVG に、動くものや外へのつながりがあります
    ///
    /// SVG の絵はそのまま公開されます。スクリプトや、よそのファイルを読む指定があると、見る人に害が出ることがあります。
    HN0232 Error DrawingUnsafe { name: String, what: String, what_en: String }
        "絵「{name}」に、{what} があります。公開できません。"
        "the drawing `{name}` has {what_en}, which may not be published"
        fix "絵のソフトで「プレーンな SVG」として書き出すか、PNG にしてください。信じられる人からもらった絵か、確かめてください。"
            "export it as plain SVG, or as PNG"

    // ------------------------------------------------------------------ schedules

    /// 日程として読めません
    ///
    /// 読めない日程をそのまま載せることはしません。読める書き方に直してください。
    /// どう読まれるかは `heartnet schedule "7月17日(木)～18日(金)"` で試せます。
    HN0250 Error ScheduleUnreadable { found: String, how: String, how_en: String }
        "「{found}」を日程として読めません。"
        "`{found}` cannot be read as a schedule"
        fix "{how}「2026-04-18」「4月18日(土)～19日(日)」「6月(調整中)」「毎月第2土曜日」「年2回」「随時」「通年」「調整中」などの書き方があります。"
            "{how_en}write 2026-04-18, 4月18日(土)～19日(日), 6月(調整中), 毎月第2土曜日, 年2回, 随時, 通年 or 調整中"

    /// 曜日が日付と合いません
    HN0251 Error WrongWeekday { date: String, written: String, right: String, day: String, other: String }
        "{date}は{written}曜日ではなく、{right}曜日です。"
        "{date} is not a {written} but a {right}"
        fix "日付が正しければ「{day}({right})」、曜日が正しければ「{other}({written})」のことかもしれません。確かめて直してください。"
            "it may mean {day}({right}) or {other}({written}): check which one is right"

    /// ない日付です
    HN0252 Error ImpossibleDate { found: String, near: Option<String> }
        "「{found}」という日はありません。"
        "there is no day `{found}`"
        fix "月と日を、カレンダーで確かめてください。"
            "look the day up in a calendar"
        near near

    /// 期間の終わりが始まりより前です
    HN0253 Error ScheduleReversed { found: String }
        "「{found}」は、終わりの日が始まりの日より前です。"
        "`{found}` ends before it begins"
        fix "始まりと終わりの日を確かめてください。年度をまたぐときは、終わりの日に年を書いてください。"
            "check both days; where it runs into another fiscal year, write the year of the end"

    /// 何年の日付か分かりません
    ///
    /// 年のない日付は、記事や計画の `fiscal_year`（年度）に合わせて読みます。
    HN0254 Error YearUnknown { found: String }
        "「{found}」が何年のことか分かりません。"
        "it is not known in which year `{found}` lies"
        fix "「令和8年4月18日」のように年を書くか、「fiscal_year: 令和8」を書き足してください。"
            "write the year, or add `fiscal_year: 令和8`"

    /// 何月の日付か分かりません
    HN0255 Error MonthUnknown { found: String, near: Option<String> }
        "「{found}」が何月のことか分かりません。"
        "it is not known in which month `{found}` lies"
        fix "「4月27日」のように月を書いてください。"
            "write the month, such as 4月27日"
        near near

    /// 祝日ではない日に「祝」と書いてあります
    ///
    /// 国民の祝日（振替休日と国民の休日も）は、heartnet が法律のとおりに計算して確かめます。
    HN0256 Error NotAHoliday { date: String, near: String }
        "{date}は祝日ではありません。"
        "{date} is no public holiday"
        fix "近い祝日は{near}です。日付を直すか、「祝」を消してください。"
            "the nearest public holiday is {near}: correct the day, or take 祝 away"

    /// 同じ日が2回書かれています
    HN0257 Error DayTwice { date: String }
        "{date}が2回書かれています。"
        "{date} is written twice"
        fix "どちらかの日付を直すか、消してください。"
            "correct or delete one of the two"

    /// 回数や日数が合いません
    HN0258 Error WrongCount { said: String, counted: String }
        "「{said}」とありますが、書かれているのは{counted}つです。"
        "it says {said}, but {counted} are written"
        fix "日付か回数のどちらかを直してください。"
            "correct the days or the count"

    /// その元号が始まる前の日です
    HN0259 Error BeforeEra { found: String, near: Option<String> }
        "「{found}」は、その元号が始まる前の日です。"
        "`{found}` lies before that era began"
        near near

    // ------------------------------------------------------------------ text

    /// 本文のリンク先の記事がありません
    HN0301 Error UnknownLink { target: String, near: Option<String> }
        "リンク先「{target}」の記事がありません。"
        "the text links to `{target}`, which does not exist"
        fix "記事の id を確かめてください。"
            "check the entry's id"
        near near

    /// 本文のリンク先のページがありません
    HN0302 Error DeadLink { target: String, near: Option<String> }
        "リンク先「{target}」がこのサイトにありません。"
        "`{target}` is not a page or file of this site"
        fix "記事へのリンクは「product:記事のid」、ファイルは assets/ に置いた名前で書けます。"
            "link to entries as product:ID, to files by their name in assets/"
        near near

    /// 使えない HTML を取り除きました
    HN0303 Warning HtmlRemoved { what: String }
        "本文の HTML「{what}」は使えないので、取り除きます。"
        "the HTML `{what}` is not allowed and is left out"
        fix "Markdown で書くか、消してください。"
            "use Markdown or delete it"

    /// 危険なリンクを取り除きました
    HN0304 Warning DangerousLink { target: String, near: Option<String> }
        "「{target}」は安全なリンクではないので、取り除きます。"
        "`{target}` is not a safe link and is left out"
        fix "https:// から始まるアドレスか、記事へのリンク（product:…）にしてください。"
            "use an address that begins with https://, or link to an entry"
        near near

    /// 画像の説明（代替テキスト）がありません
    ///
    /// 画面を見ない人には、説明の文がその画像です。
    HN0305 Error ImageWithoutAlt {}
        "画像の説明（代替テキスト）がありません。"
        "the image has no description"
        fix "「![焼きたてのクッキー](cookie.jpg)」のように、[ ] の中に何が写っているかを書いてください。"
            "write what it shows between the brackets"

    /// 画像の説明が、説明になっていません
    HN0306 Warning AltSaysNothing { alt: String }
        "「{alt}」では、何の画像か伝わりません。"
        "`{alt}` does not say what the image shows"
        fix "「白い皿にのった丸いクッキー」のように、写っているものを書いてください。"
            "say what can be seen"

    /// リンクの文字だけでは行き先が分かりません
    HN0307 Warning VagueLink { text: String }
        "「{text}」だけのリンクは、どこへ行くのか分かりません。"
        "a link that only says `{text}` does not tell where it goes"
        fix "「注文の流れ」のように、行き先の名前をリンクにしてください。"
            "use the name of the place it leads to"

    /// 見出しのつもりの行が、見出しになっていません
    ///
    /// 全角の「＃」や、うしろに半角の空白がない「##」は、そのまま文字として出ます。
    HN0308 Warning HeadingOfOtherSigns { found: String, instead: String }
        "「{found}」は、見出しになりません。"
        "`{found}` is not a heading"
        fix "見出しにするには、半角の「#」と半角の空白で「{instead}」と書いてください。"
            "write `{instead}`"

    /// 「・」などで始めた行が、つながって1つの段落になります
    ///
    /// Markdown では、行を変えただけでは、前の行につながります。
    HN0309 Warning LinesRunTogether { sign: String, lines: usize, instead: String }
        "「{sign}」で始めた{lines}行が、つながって1つの段落になります。"
        "{lines} lines that begin with `{sign}` become one paragraph"
        fix "箇条書きにするには、それぞれの行を半角の「{instead}」で始めてください（空白までふくみます）。箇条書きにしないときは、行の終わりに半角の「\\」を書くと、そこで行が変わります。"
            "begin each line with `{instead}`, or end it with a backslash"

    // ------------------------------------------------------------------ catalog

    /// 参照している記事がありません
    HN0401 Error UnknownReference { id: String, kind: String, kind_en: String, near: Option<String> }
        "id「{id}」の{kind}はありません。"
        "there is no {kind_en} with the id `{id}`"
        fix "{kind}のファイル名（.md の前）が id です。綴りを確かめてください。"
            "an entry's id is its file name without the ending"
        near near

    /// 参照している記事が公開されません
    HN0402 Warning ReferenceNotPublished { id: String, kind: String, kind_en: String, why: String, why_en: String }
        "{kind}「{id}」は{why}ので、ここには表示されません。"
        "the {kind_en} `{id}` {why_en}, so it is not shown here"
        fix "公開してよければ「{id}」の draft・published・expires を直し、そうでなければここから外してください。"
            "mend draft, published or expires there, or take it out here"

    /// 一覧に出さない事業所や商品が催しに出ています
    HN0403 Warning HiddenReference { id: String, kind: String, kind_en: String }
        "{kind}「{id}」は hidden（一覧に出さない）ですが、この催しに名前が出ます。"
        "the {kind_en} `{id}` is hidden but takes part in this event"
        fix "名前を出してよいかを確かめ、よければ「hidden: true」を消してください。"
            "ask whether its name may be shown; if so, remove `hidden: true` there"

    /// 作り手の生産量の単位がそろっていません
    HN0404 Error MixedCapacity { units: String }
        "作り手の生産量の単位がそろっていないので、合計できません（{units}）。"
        "the makers' capacities use different periods and cannot be summed ({units})"
        fix "「per」を day・week・month のどれか1つにそろえてください。"
            "use one of day, week, month for all"

    /// 写真の掲載の同意が切れています
    HN0405 Warning ConsentExpired { file: String, until: String }
        "写真「{file}」の掲載の同意が{until}で切れています。この写真は載せません。"
        "the consent for the photo `{file}` ended on {until}; it is left out"
        fix "本人に確かめて consent_until を新しくするか、写真を外してください。"
            "ask again and set consent_until, or remove the photo"

    /// 1年以上、内容を確かめていません
    HN0406 Warning Stale { date: String }
        "最後に確かめた日（{date}）から1年以上たっています。"
        "this was last checked on {date}, over a year ago"
        fix "内容が今も正しいかを確かめて、checked_on を今日の日付にしてください。"
            "check that it still holds and set checked_on"

    /// 食品にアレルギーの情報がありません
    HN0407 Warning FoodWithoutAllergens {}
        "食品（軽減税率の品）ですが、アレルギーの情報（allergens）がありません。「不明」と表示されます。"
        "this food says nothing about allergens; they are shown as unknown"
        fix "「allergens: {{contains: [卵, 乳], free_of: [えび, かに]}}」のように、分かっていることだけを書いてください。"
            "add `allergens: {{contains: […], free_of: […]}}` with what is known"

    /// 価格の消費税率が分かりません
    HN0408 Error PriceWithoutTax { category: String }
        "価格がありますが、消費税率が分かりません。分類「{category}」に tax がありません。"
        "there is a price but no tax rate: the category `{category}` has none"
        fix "用語集の分類に「tax: 8」か「tax: 10」を書くか、「price: {{amount: 500, tax: 8}}」と書いてください。"
            "give the category a tax in the vocabulary, or write `price: {{amount: 500, tax: 8}}`"

    /// 郵便番号が別の都道府県のものです
    HN0409 Warning PostalCodeElsewhere { code: String, area: String }
        "郵便番号 {code} は、「{area}」のある都道府県の番号ではないようです。"
        "the postal code {code} seems to belong to another prefecture than {area}"
        fix "郵便番号と area を確かめてください。県境の地域で正しいときは、このままでかまいません。"
            "check both; near a border it may be right"

    /// 最小の数が最大の数より大きいです
    HN0410 Error LotsReversed { min: String, max: String }
        "最小ロット（{min}）が最大ロット（{max}）より大きいです。"
        "the smallest lot ({min}) is larger than the largest ({max})"
        fix "min_order と max_order が逆になっていないか確かめてください。"
            "are min_order and max_order swapped?"

    /// 同じアレルゲンを「含む」と「含まない」の両方に書いています
    HN0411 Error AllergenBothWays { name: String }
        "「{name}」が「含む」と「含まない」の両方に書かれています。"
        "`{name}` is both contained and free of"
        fix "現物の表示を確かめて、どちらか1つにしてください。「free_of: mandatory」は、義務表示のすべてを含まないという意味です。"
            "look at the label and keep one; `free_of: mandatory` means none of the mandatory ones"

    /// 期間が逆です
    HN0412 Error ExpiresBeforePublished { published: String, expires: String }
        "公開を終える日（{expires}）が、公開する日（{published}）より前です。"
        "it expires ({expires}) before it is published ({published})"
        fix "published と expires が逆になっていないか確かめてください。"
            "are published and expires swapped?"

    /// 作り手が1つも公開されません
    HN0413 Warning NoMakerLeft {}
        "作り手の事業所が1つも公開されないので、この商品は公開しません。"
        "none of its makers is published, so this product is left out"
        fix "作り手の事業所の draft・published・expires を確かめてください。"
            "check the makers' draft, published and expires"

    /// 役務ではない分類です
    HN0414 Error NotAService { word: String }
        "「{word}」は役務（作業や印刷など）の分類ではありません。works には役務の分類を書きます。"
        "`{word}` is not a category of services"
        fix "物品は、商品の記事（content/products/）として書いてください。"
            "goods are written as products"

    /// 同じものが2回書かれています
    HN0415 Error ListedTwice { id: String }
        "「{id}」が2回書かれています。"
        "`{id}` is listed twice"
        fix "1つだけにしてください。"
            "keep one"

    /// 催しの日程がありません
    HN0416 Error EventWithoutSchedule {}
        "この催しには schedule（日程）も sessions（回ごとの日程）もありません。"
        "this event has neither schedule nor sessions"
        fix "「schedule: 2026-04-18」のように書いてください。決まっていなければ「schedule: 調整中」と書きます。"
            "write `schedule: 2026-04-18`, or `schedule: 調整中` when it is not settled"

    /// 申込みの締切が催しより後です
    HN0417 Error DeadlineAfterEvent { deadline: String, last: String }
        "申込みの締切（{deadline}）が、催しの最後の日（{last}）より後です。"
        "the deadline ({deadline}) lies after the event's last day ({last})"
        fix "締切の日付を確かめてください。"
            "check the deadline"

    /// 受け取りの窓口がありません
    HN0418 Error DirectWithoutContact {}
        "注文先が direct（事業所へ直接）ですが、作り手に電話・FAX・メール・shop_url のどれもありません。"
        "orders go to the makers directly, but none of them has a telephone, fax, mail or shop_url"
        fix "事業所の連絡先を書くか、「order: desk」（共同受注窓口）にしてください。"
            "add a contact to the facility, or use `order: desk`"

    /// 知らない消費税率です
    ///
    /// 消費税率は、用語集の taxes にある率（軽減税率・標準税率）のどれかです。
    HN0419 Error UnknownTax { rate: String, known: String }
        "{rate}% という消費税率はありません。"
        "there is no tax rate of {rate} %"
        fix "用語集の taxes にある率のどれかを書いてください: {known}"
            "use one of the rates in the vocabulary: {known}"

    /// 予備日が催しの日より前です
    HN0420 Error RainDateBefore { date: String, first: String }
        "予備日（{date}）が、催しの日（{first}）と同じか、それより前です。"
        "the reserve day ({date}) is not after the event ({first})"
        fix "日程か予備日のどちらかを直してください。"
            "correct the schedule or the reserve day"

    /// 時間が2か所で違います
    HN0421 Error TimeTwice { said: String, time: String }
        "日程には「{said}」、ここには「{time}」とあります。"
        "the schedule says {said}, this says {time}"
        fix "どちらかを消すか、同じ時間にしてください。"
            "delete one of them, or make them alike"

    /// 回ごとの日程が、催しの日程の外です
    HN0422 Error SessionOutside { date: String, schedule: String }
        "{date}は、催しの日程（{schedule}）に入っていません。"
        "{date} is not within the event's schedule ({schedule})"
        fix "どちらかを直してください。sessions に日程を書くときは、schedule を消してもかまいません。"
            "correct one of them; with `sessions`, `schedule` may be left out"

    /// 日程が年度の外です
    HN0423 Warning OutsideFiscalYear { date: String, year: String }
        "{date}は{year}ではありません。"
        "{date} does not lie in fiscal year {year}"
        fix "年か fiscal_year を確かめてください。年度は4月から翌年3月までです。"
            "check the year or fiscal_year; it runs from April to March"

    // ------------------------------------------------------------------ vocabulary, settings

    /// 用語集がありません
    HN0501 Error NoVocabulary {}
        "用語集 content/vocabulary.yaml がありません。分類や地域の言葉を確かめられません。"
        "there is no content/vocabulary.yaml"
        fix "名前の終わりが「.yml」になっていたら「.yaml」に直してください。なければ、別の場所で「heartnet init 見本」を実行すると、見本の用語集ができます。それをコピーして直してください。"
            "its name must end in .yaml; if there is none, run `heartnet init sample` elsewhere and copy its vocabulary"

    /// 用語集で同じ id が2回使われています
    HN0502 Error WordTwice { id: String, first: String }
        "id「{id}」が用語集で2回使われています（1回目は「{first}」）。"
        "the id `{id}` is used twice in the vocabulary (first for `{first}`)"
        fix "片方の id を変えてください。大きな分類と小さな分類のあいだでも、同じ id は使えません。"
            "change one of them; the two levels share one set of ids"

    /// 用語集で同じ表示名が2回使われています
    HN0503 Warning LabelTwice { label: String, first: String, second: String }
        "表示名「{label}」が2つあります（id は {first} と {second}）。記事に「{label}」と書くと {first} になります。"
        "the label `{label}` stands for both {first} and {second}; entries that use it get {first}"
        fix "どちらかの表示名を変えるか、記事では id で書いてください。"
            "change one label, or use ids in the entries"

    /// 分類に 優先調達 の区分がありません
    HN0504 Error CategoryWithoutClass { label: String }
        "分類「{label}」に procurement（優先調達の区分）がありません。物品か役務かが決まりません。"
        "the category `{label}` has no procurement class"
        fix "「procurement: food」のように、用語集の procurement にある id を書いてください。"
            "add procurement with one of the classes above"

    /// heartnet.yaml が見つかりません
    HN0601 Error NoSite { folder: String }
        "{folder} にも、その上のフォルダーにも heartnet.yaml がありません。"
        "there is no heartnet.yaml in {folder} or above it"
        fix "サイトのフォルダーへ移動するか、「--root フォルダー」で場所を指定してください。新しく作るときは「heartnet init フォルダー」です。"
            "change to the site's folder, name it with --root DIR, or make one with `heartnet init DIR`"

    /// タイムゾーンが分かりません
    HN0602 Error BadTimezone { found: String }
        "タイムゾーン「{found}」は使えません。"
        "the time zone `{found}` is not known"
        fix "「Asia/Tokyo」か「+09:00」のように書いてください。"
            "write Asia/Tokyo or an offset such as +09:00"

    /// base_url の形が正しくありません
    HN0603 Error BadBaseUrl { found: String }
        "base_url「{found}」は使えません。"
        "the base URL `{found}` may not be used"
        fix "「https://example.jp/」か「https://example.jp/heartnet/」のように、https:// から書いてください（? や # は使えません）。"
            "write https://example.jp/ or https://example.jp/heartnet/, without ? or #"

    /// テーマが見つかりません
    HN0604 Error UnknownTheme { name: String, near: Option<String> }
        "「{name}」というテーマはありません。"
        "there is no theme `{name}`"
        fix "はじめから入っているテーマは「heartnet」です。自作のテーマは themes/{name}/ に置きます。"
            "the built-in theme is `heartnet`; put your own into themes/{name}/"
        near near

    /// そのトークンは、テーマにありません
    ///
    /// `tokens` に書けるのは、テーマの CSS の `:root` にある `--名前` です。`--` は付けずに書きます。
    HN0605 Error UnknownToken { name: String, near: Option<String> }
        "「{name}」というトークン（色や寸法の名前）は、テーマの CSS にありません。"
        "the theme's style sheets have no token `{name}`"
        fix "使える名前は docs/themes.md にあります。「--」は付けずに書きます。"
            "the names are those of the custom properties of :root, without --"
        near near

    /// トークンに使えない値です
    ///
    /// `#` で始まる色は、かならず `"` で囲みます。囲まないと、YAML では `#` から右が説明になります。
    HN0606 Error BadToken { name: String, found: String, how: String, how_en: String }
        "トークン「{name}」に「{found}」は使えません。"
        "`{found}` may not be the value of the token `{name}`"
        fix "{how}"
            "{how_en}"

    /// キーカラーが明るすぎるので、文字やボタンには、こい色を使いました
    ///
    /// 黄色や水色のような明るい色は、白い地の上の文字や線には使えません。書いた色は、いちばん上の帯に使います。
    HN0607 Warning KeyDarkened { given: String, used: String }
        "キーカラー {given} は、文字や線には明るすぎます。ボタンや文字には、同じ色合いの {used} を使いました。{given} は、いちばん上の帯に使っています。"
        "the key colour {given} is too light for text and lines; {used} of the same hue is used there, {given} for the band at the top"
        fix "これでよければ、「key: \"{used}\"」と「key-line: \"{given}\"」と書くと、この知らせは出なくなります。"
            "write `key: \"{used}\"` and `key-line: \"{given}\"` to accept it"

    /// 安全の窓口の連絡先が読めません
    ///
    /// サイトの弱い所を見つけた人は、`/.well-known/security.txt` を見て知らせてくれます。そこに書く連絡先です。
    HN0610 Error BadContact { found: String }
        "安全の窓口の連絡先「{found}」が読めません。"
        "`{found}` is neither a mail address nor an https address"
        fix "「desk@example.jp」のようなメールか、「https://」で始まるアドレスを書いてください。"
            "write a mail address or an address that begins with https://"

    /// 公開先の書き方が正しくありません
    ///
    /// `deploy` の下には、公開先の名前と、種類（`kind`）、場所を書きます（docs/koukai.md）。パスワードは書けません。
    HN0611 Error BadTarget { name: String, how: String, how_en: String }
        "公開先「{name}」が正しく書かれていません。"
        "the target `{name}` is not written correctly"
        fix "{how}"
            "{how_en}"

    // ------------------------------------------------------------------ templates

    /// テンプレートの書き方の間違いです
    HN0701 Error TemplateSyntax { what: String }
        "テンプレートを読めません: {what}"
        "the template cannot be read: {what}"
        fix "templates/ の中の、このファイルのこの行を直してください。"
            "mend this line of the template"

    /// テンプレートの実行中の間違いです
    HN0702 Error TemplateFailed { page: String, what: String }
        "ページ {page} を作れません: {what}"
        "the page {page} cannot be made: {what}"
        fix "使える値の名前は docs/template-values.md にあります。"
            "the values a template may use are listed in docs/template-values.md"

    /// スタイルシート（CSS）の書き方の間違いです
    ///
    /// ブラウザーは、読めない所をだまって飛ばします。気づかないまま見た目がくずれるので、ここで知らせます。
    HN0703 Error StyleSyntax { what: String, what_en: String }
        "CSS を読めません。{what}。"
        "the style sheet cannot be read: {what_en}"
        fix "この行と、すぐ上の行の「{{」「}}」「;」を見てください。ほかで作られた CSS をそのまま置くときは、ファイル名に「.min.」を入れます（名前.min.css）。"
            "look at the braces and semicolons of this line and the one above; a file whose name has `.min.` in it is published as it is"

    /// スクリプト（JavaScript）の書き方の間違いです
    ///
    /// `.js` は ES モジュール（`<script type="module">` と `import` で読むもの）として読みます。
    HN0704 Error ScriptSyntax { what: String, what_en: String }
        "JavaScript を読めません。{what}。"
        "the script cannot be read: {what_en}"
        fix "この行を直してください。モジュールではない古い書き方のスクリプトをそのまま置くときは、ファイル名に「.min.」を入れます（名前.min.js）。"
            "mend this line; a script that is no module can be published as it is when its name has `.min.` in it"

    /// 静的なファイルが、輪になってたがいを読んでいます
    ///
    /// ファイルの名前には、中身から決まる10文字が入ります。たがいを読むファイルでは、どちらの名前も決まりません。
    HN0705 Error StaticsInCircle { way: String }
        "ファイルがたがいを読んでいて、名前を決められません（{way}）。"
        "these files name each other, so no name can be found for them ({way})"
        fix "両方が使うものを、3つ目のファイルに分けてください。"
            "move what both need into a third file"

    /// 色の組み合わせが読みにくいです
    ///
    /// テーマの中で重なる2つの色の、明るさの差（コントラスト比）を、明るい画面と暗い画面の両方で確かめています。
    /// 文字は 4.5 以上、線や印は 3.0 以上が必要です（WCAG 2.2、JIS X 8341-3）。色を変えたのが
    /// `heartnet.yaml` の `tokens` なら `tokens` の行、そうでなければテーマの CSS の行を知らせます。
    HN0706 Error LowContrast {
        screen: String,
        screen_en: String,
        fore: String,
        back: String,
        ratio: f64,
        least: f64,
        better: String,
    }
        "{screen}で、「{back}」の上の「{fore}」は、明るさの差が {ratio:.2} しかありません。{least:.1} 以上にします。たりないと、弱視の人や、日なたの画面では見えません。"
        "{screen_en}, `{fore}` on `{back}` has a contrast of {ratio:.2}; people with low vision or in the sun need at least {least:.1}"
        fix "「{better}」にすると、同じ色合いのままで足ります。"
            "`{better}` keeps the hue and is enough"

    /// 共有のときの絵を、この SVG からは作れません
    ///
    /// LINE や SNS でページのアドレスを送ると、絵が付きます。SVG からは、そのための PNG を作ります。
    /// 重すぎる絵や、ぼかし（フィルター）のある絵からは作らず、ページの種類の絵を使います。ページの中の絵は、そのまま出ます。
    HN0707 Warning DrawingRefused { why: String, why_en: String }
        "この SVG からは、共有のときの絵を作れません（{why}）。代わりに、ページの種類の絵を使います。"
        "no picture for shared links can be drawn from this SVG ({why_en}); that of the kind of page is used"
        fix "ページの中では、そのまま表示されます。共有のときも出したいときは、絵のソフトで「プレーンな SVG」として書き出すか、PNG や JPEG にしてください。"
            "export it as plain SVG, or as PNG or JPEG"

    /// できたページに、使えない人の出るところがあります
    ///
    /// 書き出すたびに、できた全部のページを機械で確かめています。自分で直したテンプレートや、記事の中の HTML が
    /// 原因です。見つかったことは、アクセシビリティ方針のページにも、そのまま出ます。
    HN0710 Warning InaccessiblePage { page: String, what: String, criterion: String, more: String }
        "ページ {page}{more} が「{what}」（達成基準 {criterion}）を満たしていません。"
        "the page {page}{more} fails a check of WCAG {criterion} ({what})"
        fix "テンプレートを元のもの（heartnet の themes/heartnet/templates/）と見くらべて、抜けたところを戻してください。"
            "compare the template with the original one in themes/heartnet/templates/"

    /// ページの中のスクリプトを、1つずつは許せません
    ///
    /// `heartnet.yaml` の `hosting` を書くと、許したスクリプトのほかは動かないように、サーバーの設定を書き出します。
    /// ページの中に書かれたスクリプトは、その中身で1つずつ許します。`onclick=` のようにタグの中に書かれたものや、
    /// たくさんありすぎるものは、そうできません。そのときは全部を許すので、守りが弱くなります。
    HN0711 Warning InlineScripts { page: String }
        "ページ {page} などに、タグの中のスクリプト（onclick= など）か、たくさんのちがうスクリプトがあります。動くように、ページの中のスクリプトを全部許しました。"
        "the page {page} has event handlers in tags, or there are too many different inline scripts: all inline scripts were allowed"
        fix "スクリプトを static/ のファイルに移し、<script type=\"module\" src=\"…\"> で読んでください。"
            "move the scripts into a file of static/ and load it by <script type=\"module\" src=\"…\">"

    // ------------------------------------------------------------------ addresses, output

    /// 2つのものが同じアドレスになります
    HN0801 Error AddressTwice { address: String, other: String }
        "アドレス {address} が2つの元からできてしまいます（もう1つは {other}）。"
        "the address {address} would be made from two sources (the other one is {other})"
        fix "どちらかの id（ファイル名）を変えてください。（事業計画どうしなら、1つの年度に1つにします。）"
            "change the id or the file name of one of them"

    /// 出力先のフォルダーが使えません
    HN0802 Error BadOutput { folder: String, why: String, why_en: String }
        "出力先 {folder} は使えません。{why}"
        "the output folder {folder} may not be used: {why_en}"
        fix "「--out 別のフォルダー」で、空のフォルダーか新しい名前を指定してください。"
            "name an empty or new folder with --out"

    /// 出力先に、heartnet が作ったのではないファイルがあります
    ///
    /// 上書きすると中身が失われるので、何も書かずにやめます。
    HN0803 Error ForeignFile { path: String, more: String }
        "{path} は heartnet が作ったファイルではないので、上書きしません{more}。何も書いていません。"
        "{path} was not made by heartnet and is not overwritten{more}; nothing was written"
        fix "このファイルを別の場所へ移すか、「--out 別のフォルダー」を使ってください。"
            "move it away, or use another folder with --out"

    /// 別のビルドが動いています
    HN0804 Error BuildRunning { folder: String }
        "{folder} へは、いま別の heartnet が書き出しています。"
        "another heartnet is writing to {folder}"
        fix "終わるのを待って、もう一度実行してください。"
            "wait for it and try again"

    /// ファイルを書けません
    HN0805 Error CannotWrite { path: String, why: String }
        "{path} を書けません（{why}）。"
        "cannot write {path} ({why})"
        fix "空き容量と書き込みの許可を確かめて、もう一度実行してください。"
            "check free space and permissions, then run it again"

    /// もうあります
    HN0806 Error AlreadyThere { id: String, kind: String, kind_en: String, file: String }
        "id「{id}」の{kind}は、もうあります（{file}）。何も書いていません。"
        "there is a {kind_en} `{id}` already ({file}); nothing was written"
        fix "別の id を使うか、そのファイルを直してください。"
            "use another id, or edit that file"

    /// フォルダーが空ではありません
    HN0807 Error FolderNotEmpty { folder: String }
        "フォルダー {folder} は空ではありません。何も書いていません。"
        "the folder {folder} is not empty; nothing was written"
        fix "新しい名前か、空のフォルダーを指定してください。"
            "name a new or empty folder"

    /// サイトを見せられません
    HN0808 Error CannotServe { why: String }
        "サイトを見せられません（{why}）。"
        "cannot serve the site ({why})"
        fix "--port で別の番号を指定するか、フォルダーを見られるか確かめてください。"
            "choose another number with --port, or see whether the folder can be read"

    /// 内部の不具合です
    ///
    /// heartnet 自身の間違いです。記事の間違いではありません。
    HN0901 Error Internal { what: String }
        "heartnet の不具合です: {what}"
        "a fault of heartnet itself: {what}"
        fix "この表示と、直前に変えたファイルを開発者に知らせてください。"
            "please report this message and the file you changed last"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_in_order() {
        let codes: Vec<&str> = code_table().iter().map(|info| info.code).collect();
        let mut sorted = codes.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(codes, sorted);
    }
}
