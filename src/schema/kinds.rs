//! The fields of every kind, as CONTRACT.md lists them.

use super::{Field, Shape, Shape::*};
use crate::model::vocabulary::WordList;
use crate::model::{Audience, Delivery, EventStatus, Kind, Mode, OrderRoute, ProductStatus, Rain};

const fn f(name: &'static str, label: &'static str, shape: Shape) -> Field {
    Field::new(name, label, shape)
}

const TEXT: Shape = Text;
const COUNT: Shape = Integer { min: 1, max: 100_000_000 };

/// What every entry may have.
pub const COMMON: &[Field] = &[
    f("draft", "下書き", Bool).example("true").note("true にすると、--drafts を付けたときだけ表示します"),
    f("hidden", "一覧に出さない", Bool).example("true").note("ページはできますが、一覧と検索には出ません"),
    f("published", "公開する日", Date).example("2026-04-01"),
    f("expires", "公開を終える日", Date).example("2027-03-31"),
    f("easy", "やさしい日本語", Markdown)
        .example("米の {粉|こな}で つくった クッキーです。")
        .note("同じ内容を短い文で。{漢字|かんじ} でふりがな"),
    f("checked_on", "内容を確かめた日", Date).example("2026-04-01"),
    f("photos", "写真", List(&Object(PHOTO))).example("[{file: cookie.jpg, alt: 白い皿にのった丸いクッキー}]"),
];

const PHOTO: &[Field] = &[
    f("file", "写真のファイル名", Picture).required().example("cookie.jpg"),
    f("alt", "写真の説明", TEXT)
        .required()
        .example("白い皿にのった丸いクッキー")
        .note("写っているものを、見えない人に伝える言葉"),
    f("caption", "写真の下の文", TEXT).example("毎朝8時に焼き上がります"),
    f("focus", "写真の中心", Focus)
        .example("[0.5, 0.3]")
        .note("カードで切りぬくときに残す所。左からと上からの割合（0～1）"),
    f("consent_until", "掲載の同意の期限", Date).example("2027-03-31").note("写っている人の同意が続く日"),
];

const CAPACITY: &[Field] = &[
    f("amount", "数", COUNT).required().example("1200"),
    f("per", "期間", Choice(&[("day", "1日"), ("week", "1週間"), ("month", "1か月")])).required().example("week"),
];

const CERT: &[Field] = &[
    f("name", "認証・受賞の名前", TEXT).required().example("ノウフクJAS"),
    f("year", "年", Integer { min: 1900, max: 2200 }).example("2025"),
    f("number", "番号", TEXT).example("JAS-0001"),
];

const GEO: &[Field] =
    &[f("lat", "緯度", Latitude).required().example("36.39"), f("lon", "経度", Longitude).required().example("139.06")];

/// 事業所
pub const FACILITY: &[Field] = &[
    f("name", "事業所の名前", TEXT).required().example("みほん工房"),
    f("kana", "ふりがな", Kana).required().example("みほんこうぼう"),
    f("operator", "運営法人", TEXT).example("社会福祉法人見本会"),
    f("corporate_number", "法人番号", CorporateNumber).example("\"8700110005901\"").note("13けた"),
    f("office_number", "事業所番号", OfficeNumber).example("\"1010000000\"").note("10けた"),
    f("invoice_number", "インボイスの登録番号", InvoiceNumber).example("T8700110005901"),
    f("kinds", "種別", List(&Word(WordList::FacilityKind))).required().example("[就労継続支援B型]"),
    f("area", "市町村", Word(WordList::Area)).required().example("見本市"),
    f("postal_code", "郵便番号", PostalCode).example("100-0000"),
    f("address", "所在地", TEXT).example("見本市見本町1-2"),
    f("tel", "電話", Telephone).example("03-0000-0002"),
    f("fax", "FAX", Telephone).example("03-0000-0003"),
    f("email", "メール", Email).example("info@example.jp"),
    f("url", "ホームページ", Url).example("https://example.jp/"),
    f("hours", "営業時間", TEXT).example("平日 午前9時～午後4時"),
    f("closed", "休み", TEXT).example("土日祝"),
    f("capacity", "定員", COUNT).example("20"),
    f("geo", "地図の位置", Object(GEO)).example("{lat: 36.39, lon: 139.06}"),
    f("accessibility", "バリアフリー", WordMap(WordList::Accessibility, ACCESS))
        .example("{スロープ: yes}")
        .note("yes（あり） partly（一部） no（なし） ask（お問い合わせ）"),
    f("visits", "見学・体験実習", Object(VISITS)).example("{tour: true, trial: true}"),
    f("wanted", "募集", List(&Choice(&[("volunteer", "ボランティア"), ("probono", "プロボノ")])))
        .example("[volunteer]"),
    f("works", "引き受ける仕事", List(&Short(WORK)))
        .example("[清掃]")
        .note("役務の分類。くわしくは {category, detail, amount, months, offsite}"),
    f("joint_orders", "共同受注に参加", Bool).example("true"),
    f("certs", "認証・受賞", List(&Object(CERT))).example("[{name: ノウフクJAS, year: 2025}]"),
];

/// States of an accessibility point.
pub const ACCESS: &[(&str, &str)] =
    &[("yes", "あり"), ("partly", "一部"), ("no", "なし"), ("ask", "お問い合わせください")];

const VISITS: &[Field] = &[f("tour", "見学", Bool).example("true"), f("trial", "体験実習", Bool).example("true")];

const WORK: &[Field] = &[
    f("category", "役務の分類", Word(WordList::Category)).required().example("清掃"),
    f("detail", "内容", TEXT).example("会議室と廊下の清掃"),
    f("amount", "引き受けられる量", TEXT).example("1日3,000通まで"),
    f("months", "引き受けられる月", Months).example("[4, 5, 6]"),
    f("offsite", "施設外就労", Bool).example("true").note("お客さまの場所で作業できる"),
];

/// 商品
pub const PRODUCT: &[Field] = &[
    f("name", "商品の名前", TEXT).required().example("米粉クッキー"),
    f("kana", "ふりがな", Kana).example("こめこくっきー"),
    f("makers", "作り手", List(&Short(MAKER)))
        .required()
        .example("[mihon-kobo]")
        .note("事業所の id。それぞれの生産量は {facility, capacity}"),
    f("category", "分類", Word(WordList::Category)).required().example("焼き菓子"),
    f("price", "価格（税込・円）", Short(PRICE))
        .example("300")
        .note("書かなければ「価格はお問い合わせください」と表示します"),
    f("unit", "単位", TEXT).example("袋"),
    f("min_order", "最小ロット", COUNT).example("10"),
    f("max_order", "最大ロット", COUNT).example("500"),
    f("lead_days", "納期（日）", Integer { min: 0, max: 1000 }).example("7").note("注文から納品までの日数"),
    f("capacity", "生産量", Object(CAPACITY)).example("{amount: 300, per: week}"),
    f("season", "季節（月）", Months).example("10-3"),
    f("allergens", "アレルギー", Object(ALLERGENS))
        .example("{contains: [卵, 乳], free_of: [えび, かに]}")
        .note("書いていないものは「不明」と表示します"),
    f("ingredients", "原材料", TEXT).example("米粉、バター、砂糖、卵"),
    f("net", "内容量", TEXT).example("80g"),
    f("shelf_life", "期限", TEXT).example("製造から60日"),
    f("storage", "保存方法", TEXT).example("直射日光・高温多湿を避けて保存"),
    f("noufuku", "農福連携", Bool).example("true"),
    f("gift", "贈答", Object(GIFT)).example("{noshi: true, wrapping: true}"),
    f("variants", "種類", List(&Object(VARIANT))).example("[{id: small, name: 小袋, price: 200}]"),
    f("delivery", "渡し方", List(&Choice(Delivery::WORDS))).example("[pickup, post]"),
    f("order", "注文先", Choice(OrderRoute::WORDS))
        .example("desk")
        .note("desk（共同受注窓口） direct（事業所へ直接） none（注文なし）"),
    f("shop_url", "外部の販売ページ", Url).example("https://shop.example.jp/"),
    f("sold_at", "販売場所", List(&RefOrText(Kind::Facility))).example("[mihon-kobo]"),
    f("status", "販売の状態", Choice(ProductStatus::WORDS)).example("on_sale"),
    f("since", "発売日", Date).example("2026-04-01"),
    f("certs", "認証・受賞", List(&Object(CERT))).example("[{name: 県知事賞, year: 2025}]"),
    f("tags", "自由な言葉", List(&Text)).example("[手みやげ, 会議]"),
];

const MAKER: &[Field] = &[
    f("facility", "事業所の id", Ref(Kind::Facility)).required().example("mihon-kobo"),
    f("capacity", "生産量", Object(CAPACITY)).example("{amount: 300, per: week}"),
];

const PRICE: &[Field] = &[
    f("amount", "金額（税込・円）", Integer { min: 0, max: 1_000_000_000 }).required().example("300"),
    f("tax", "消費税率", Integer { min: 0, max: 100 }).example("8"),
    f("from", "「から」を付ける", Bool).example("true"),
    f("note", "価格の説明", TEXT).example("数量により変わります"),
];

const ALLERGENS: &[Field] = &[
    f("contains", "含む", List(&Word(WordList::Allergen))).example("[卵, 乳]"),
    f("may_contain", "混入の可能性", List(&Word(WordList::Allergen))).example("[落花生]"),
    f("free_of", "含まない", FreeOf).example("mandatory"),
];

const GIFT: &[Field] = &[
    f("noshi", "のし", Bool).example("true"),
    f("wrapping", "包装", Bool).example("true"),
    f("name_printing", "名入れ", Bool).example("true"),
];

const VARIANT: &[Field] = &[
    f("id", "種類の id", Id).required().example("small"),
    f("name", "種類の名前", TEXT).required().example("小袋"),
    f("price", "価格（税込・円）", Short(PRICE)).example("200"),
];

/// 催し
pub const EVENT: &[Field] = &[
    f("title", "催しの名前", TEXT).required().example("春のハートバザール"),
    f("kana", "ふりがな", Kana).example("はるのはーとばざーる"),
    f("kind", "種類", Word(WordList::EventKind)).required().example("bazaar"),
    f("fiscal_year", "年度", FiscalYear).example("令和8").note("年のない日程を、この年度で読みます"),
    f("schedule", "日程", Schedule)
        .example("2026-04-18/2026-04-19")
        .note("「4月18日(土)～19日(日)」「調整中」「年2回」なども書けます"),
    f("time", "時間", Time).example("10:00-15:00"),
    f("venue", "会場", Object(VENUE)).example("{name: 見本ホール, area: 見本市}"),
    f("mode", "開き方", Choice(Mode::WORDS)).example("place"),
    f("sessions", "回ごとの日程", List(&Object(SESSION))).example("[{on: 2026-04-18, time: 10:00-15:00}]"),
    f("facilities", "出店する事業所", List(&Ref(Kind::Facility))).example("[mihon-kobo]"),
    f("products", "並ぶ商品", List(&Ref(Kind::Product))).example("[mihon-cookie]"),
    f("host", "主催", TEXT).example("見本県社会就労センター協議会"),
    f("support", "後援・協力", List(&Text)).example("[見本県]"),
    f("fee", "参加費", TEXT).example("無料"),
    f("series", "シリーズ", TEXT).example("ハートバザール"),
    f("audience", "対象", Choice(Audience::WORDS)).example("public"),
    f("gifts", "来場者への贈り物", TEXT).example("先着100名に焼き菓子"),
    f("files", "チラシなど", List(&Object(FILE_LINK))).example("[{file: chirashi.pdf, title: チラシ}]"),
    f("status", "開催の状態", Choice(EventStatus::WORDS)).example("scheduled"),
    f("status_note", "状態の説明", TEXT).example("大雪のため中止します"),
    f("previous", "変更前の日程", Schedule)
        .example("2026-04-11")
        .note("何回も変わったときは、古い順に並べます。変えたときは changed も書いてください"),
    f("changed", "変更を知らせた日", Date)
        .example("2026-04-01")
        .note("中止・延期・日程の変更を知らせた日。更新情報と、カレンダーに入れた人へ変更が届きます"),
    f("rain", "雨のとき", Choice(Rain::WORDS)).example("go"),
    f("rain_date", "予備日", Schedule).example("2026-04-25"),
    f("order_period", "注文の受付期間", Schedule)
        .example("2026-04-01/2026-04-10")
        .note("中元・歳暮のギフトなど、注文を受け付ける期間"),
    f("apply", "申込み", Object(APPLY)).example("{deadline: 2026-04-10, contact: 共同受注窓口, places: 20}"),
];

const VENUE: &[Field] = &[
    f("name", "会場の名前", TEXT).required().example("見本ホール"),
    f("address", "住所", TEXT).example("見本市見本町1-1"),
    f("area", "市町村", Word(WordList::Area)).example("見本市"),
    f("geo", "地図の位置", Object(GEO)).example("{lat: 36.39, lon: 139.06}"),
    f("access", "行き方", TEXT).example("見本駅から歩いて10分"),
    f("floor", "階", TEXT).example("1階ロビー"),
];

const SESSION: &[Field] = &[
    f("on", "日程", Schedule).required().example("2026-04-18"),
    f("time", "時間", Time).example("10:00-15:00"),
    f("venue", "会場", Object(VENUE)).example("{name: 見本ホール}"),
    f("facilities", "出店する事業所", List(&Ref(Kind::Facility))).example("[mihon-kobo]"),
    f("items", "並ぶ品", List(&Text)).example("[弁当, 惣菜]"),
    f("note", "説明", TEXT).example("最終日は16時まで"),
];

const FILE_LINK: &[Field] =
    &[f("file", "ファイル名", File).required().example("chirashi.pdf"), f("title", "題名", TEXT).example("チラシ")];

const APPLY: &[Field] = &[
    f("deadline", "締切", Deadline).example("2026-04-10").note("「4月10日(金)午後5時必着」のように時刻も書けます"),
    f("contact", "申込先", TEXT).example("共同受注窓口"),
    f("url", "申込みのページ", Url).example("https://example.jp/form"),
    f("places", "募集の数", COUNT).example("20"),
    f("file", "申込書", File).example("form.xlsx"),
];

/// お知らせ
pub const NEWS: &[Field] = &[
    f("date", "日付", Date).required().example("2026-04-01"),
    f("title", "題名", TEXT).required().example("サイトを開きました"),
    f("kind", "種類", TEXT).example("お知らせ"),
];

/// 固定ページ
pub const PAGE: &[Field] = &[
    f("title", "題名", TEXT).required().example("窓口について"),
    f("nav", "案内に出す", Bool).example("true"),
    f("order", "案内での順番", Integer { min: 0, max: 100_000 }).example("10"),
];

/// 報告
pub const REPORT: &[Field] = &[
    f("date", "日付", Date).required().example("2026-04-20"),
    f("title", "題名", TEXT).required().example("春のハートバザールの報告"),
    f("event", "催しの id", Ref(Kind::Event)).example("spring-bazaar"),
    f("attendees", "参加", List(&RefOrText(Kind::Facility))).example("[mihon-kobo]"),
    f("place", "場所", TEXT).example("見本ホール"),
];

/// 事業計画
pub const PLAN: &[Field] = &[
    f("fiscal_year", "年度", FiscalYear).required().example("令和8"),
    f("title", "題名", TEXT).required().example("令和8年度事業計画"),
    f("sections", "表", List(&Object(SECTION))).example("[{title: 会議, rows: [{what: 定時総会, schedule: 5月28日}]}]"),
];

const SECTION: &[Field] = &[
    f("title", "見出し", TEXT).required().example("会議"),
    f("rows", "行", List(&Object(ROW))).example("[{what: 定時総会, schedule: 5月28日}]"),
];

const ROW: &[Field] = &[
    f("what", "内容", TEXT).required().example("定時総会"),
    f("schedule", "期日", Schedule).example("5月28日"),
    f("note", "備考", TEXT).example("見本会館"),
    f("event", "催しの id", List(&Ref(Kind::Event)))
        .example("[spring-bazaar]")
        .note("この行を果たす催し。「年2回」なら2つまで並べます"),
];

/// content/vocabulary.yaml
pub const VOCABULARY: &[Field] = &[
    f("procurement", "優先調達の区分", List(&Object(CLASS))),
    f("categories", "分類", List(&Object(CATEGORY))),
    f("areas", "地域", List(&Object(AREA))),
    f("facility_kinds", "事業所の種別", List(&Object(WORD))),
    f("event_kinds", "催しの種類", List(&Object(WORD))),
    f("accessibility", "バリアフリーの項目", List(&Object(POINT))),
    f("allergens", "アレルゲン", List(&Object(ALLERGEN_LIST))),
    f("taxes", "消費税率", List(&Object(TAXES))),
    f("price_bands", "価格帯の境目（円）", List(&Integer { min: 1, max: 100_000_000 })),
    f("readings", "ふりがな", Readings),
    f("synonyms", "同じ意味の言葉", List(&List(&Text))),
];

const WORD: &[Field] = &[
    f("id", "id", Id).required().example("keizoku-b"),
    f("label", "表示名", TEXT).required().example("就労継続支援B型"),
    f("kana", "ふりがな", Kana).required().example("しゅうろうけいぞくしえんびーがた"),
    f("image", "写真がないときの絵", Picture).example("cookie.svg"),
];

const POINT: &[Field] = &[
    f("id", "id", Id).required().example("slope"),
    f("label", "表示名", TEXT).required().example("スロープ"),
    f("kana", "ふりがな", Kana).example("すろーぷ"),
];

const CLASS: &[Field] = &[
    f("id", "id", Id).required().example("food"),
    f("group", "物品か役務か", Choice(&[("物品", "物品"), ("役務", "役務")])).required().example("物品"),
    f("label", "表示名", TEXT).required().example("食料品・飲料"),
    f("kana", "ふりがな", Kana).required().example("しょくりょうひんいんりょう"),
];

const CATEGORY: &[Field] = &[
    f("id", "id", Id).required().example("sweets"),
    f("label", "表示名", TEXT).required().example("菓子・スイーツ"),
    f("kana", "ふりがな", Kana).required().example("かしすいーつ"),
    f("procurement", "優先調達の区分", Word(WordList::Procurement)).example("food"),
    f("tax", "消費税率", Integer { min: 0, max: 100 }).example("8"),
    f("children", "小さな分類", List(&Object(SUBCATEGORY))),
    f("image", "写真がないときの絵", Picture).example("cookie.svg"),
];

const SUBCATEGORY: &[Field] = &[
    f("id", "id", Id).required().example("yakigashi"),
    f("label", "表示名", TEXT).required().example("焼き菓子"),
    f("kana", "ふりがな", Kana).required().example("やきがし"),
    f("procurement", "優先調達の区分", Word(WordList::Procurement)).example("food"),
    f("tax", "消費税率", Integer { min: 0, max: 100 }).example("8"),
    f("image", "写真がないときの絵", Picture).example("cookie.svg"),
];

const AREA: &[Field] = &[
    f("id", "id", Id).required().example("mihon-shi"),
    f("label", "表示名", TEXT).required().example("見本市"),
    f("kana", "ふりがな", Kana).required().example("みほんし"),
    f("code", "市町村コード", AreaCode).example("\"13101\""),
    f("children", "市町村", List(&Object(SUBAREA))),
];

const SUBAREA: &[Field] = &[
    f("id", "id", Id).required().example("mihon-shi"),
    f("label", "表示名", TEXT).required().example("見本市"),
    f("kana", "ふりがな", Kana).required().example("みほんし"),
    f("code", "市町村コード", AreaCode).example("\"13101\""),
];

const ALLERGEN_LIST: &[Field] = &[
    f("from", "この日から", Date).required().example("2026-04-01"),
    f("mandatory", "表示義務", List(&Text)).example("[えび, かに]"),
    f("recommended", "表示推奨", List(&Text)).example("[アーモンド]"),
];

const TAXES: &[Field] = &[
    f("from", "この日から", Date).required().example("2019-10-01"),
    f("reduced", "軽減税率", Integer { min: 0, max: 100 }).required().example("8"),
    f("standard", "標準税率", Integer { min: 0, max: 100 }).required().example("10"),
];

/// heartnet.yaml
pub const SETTINGS: &[Field] = &[
    f("title", "サイトの名前", TEXT).required().example("見本県のハートネット"),
    f("description", "サイトの説明", TEXT).example("障害のある人が働く事業所の商品と仕事のご案内"),
    f("base_url", "サイトのアドレス", TEXT).required().example("https://example.jp/"),
    f("language", "サイトの言語", Choice(&[("ja", "日本語"), ("en", "英語")])).example("ja"),
    f("timezone", "タイムゾーン", TEXT).example("Asia/Tokyo"),
    f("theme", "テーマ", TEXT).example("heartnet"),
    f("tokens", "色と寸法", Named(&Token))
        .example("{key: \"#1b5e8c\"}")
        .note("テーマの色などを変える。キーカラー（key）だけでもよい"),
    f("notice", "全ページのお知らせ", TEXT).example("これは見本のサイトです。").note("すべてのページの上に出す一文"),
    f("desk", "共同受注窓口", Object(DESK)).required().example("{name: 共同受注窓口, tel: 03-0000-0000}"),
    f("order", "注文フォーム", Object(&[f("endpoint", "送り先", Url).example("https://example.jp/form")])),
    f("search", "検索", Object(&[f("include", "ほかのサイトの索引", List(&Url))])),
    f("deploy", "公開先", Named(&Anything)),
    f("hosting", "サーバーの設定", List(&Choice(HOSTS)))
        .example("[netlify]")
        .note("サーバーに合わせて、いっしょに書き出す設定のファイル"),
    f("security", "安全の窓口", Object(SECURITY)).example("{contact: desk@example.jp}"),
];

/// Hosts whose files `build` writes; `meta` stands for those that take no files, `gzip` and `brotli` for those that
/// pass on texts packed beforehand.
pub const HOSTS: &[(&str, &str)] = &[
    ("netlify", "Netlify"),
    ("cloudflare", "Cloudflare"),
    ("vercel", "Vercel"),
    ("apache", "Apache"),
    ("nginx", "Nginx"),
    ("meta", "ページの中"),
    ("gzip", "gzip"),
    ("brotli", "brotli"),
];

const SECURITY: &[Field] = &[f("contact", "弱い所を見つけた人の連絡先", TEXT)
    .example("desk@example.jp")
    .note("メールか、https:// で始まるアドレス。/.well-known/security.txt に出ます")];

const DESK: &[Field] = &[
    f("name", "窓口の名前", TEXT).required().example("共同受注窓口"),
    f("operator", "運営", TEXT).example("見本県社会就労センター協議会"),
    f("postal_code", "郵便番号", PostalCode).example("100-0000"),
    f("address", "所在地", TEXT).example("見本市見本町1-1"),
    f("tel", "電話", Telephone).example("03-0000-0000"),
    f("fax", "FAX", Telephone).example("03-0000-0001"),
    f("email", "メール", Email).example("desk@example.jp"),
    f("hours", "受付時間", TEXT).example("平日 午前9時～午後5時"),
];
