//! A small sound site, to be broken.

/// Its files: path and text.
pub(super) const FILES: [(&str, &str); 13] = [
    (SETTINGS, SETTINGS_TEXT),
    (WORDS, WORDS_TEXT),
    (RINGO, RINGO_TEXT),
    (KUMO, KUMO_TEXT),
    (JAM, JAM_TEXT),
    (COASTER, COASTER_TEXT),
    (LIST, LIST_TEXT),
    (FAIR, FAIR_TEXT),
    (NEWS, NEWS_TEXT),
    (ABOUT, ABOUT_TEXT),
    (PLAN, PLAN_TEXT),
    (REPORT, REPORT_TEXT),
    ("assets/chirashi.pdf", "%PDF-1.4\n"),
];

/// Its photos; all of them are this picture of one pixel.
pub(super) const PHOTOS: [&str; 2] = ["assets/jam.png", "assets/yane.png"];

/// A PNG of one pixel.
pub(super) const PIXEL: &[u8] = &[
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52, 0x00, 0x00, 0x00,
    0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x06, 0x00, 0x00, 0x00, 0x1f, 0x15, 0xc4, 0x89, 0x00, 0x00, 0x00, 0x0d, 0x49,
    0x44, 0x41, 0x54, 0x78, 0x9c, 0x63, 0xf8, 0xcf, 0xc0, 0xf0, 0x1f, 0x00, 0x05, 0x00, 0x01, 0xff, 0x89, 0x99, 0x3d,
    0x1d, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
];

pub(super) const SETTINGS: &str = "heartnet.yaml";
const SETTINGS_TEXT: &str = "\
title: しなのハートネット
description: 信州の事業所の品と仕事
base_url: https://shinano.example.jp/
language: ja
timezone: Asia/Tokyo
theme: heartnet
desk:
  name: しなの共同受注窓口
  tel: 026-000-0000
  email: desk@shinano.example.jp
";

pub(super) const WORDS: &str = "content/vocabulary.yaml";
const WORDS_TEXT: &str = "\
procurement:
  - {id: food, group: 物品, label: 食料品・飲料, kana: しょくりょうひん}
  - {id: goods, group: 物品, label: 小物雑貨, kana: こものざっか}
  - {id: garden, group: 役務, label: 緑地管理, kana: りょくちかんり}
categories:
  - id: foods
    label: 食べもの
    kana: たべもの
    procurement: food
    tax: 8
    children:
      - {id: jam, label: ジャム, kana: じゃむ}
      - {id: bread, label: パン, kana: ぱん}
  - {id: wood, label: 木の品, kana: きのしな, procurement: goods, tax: 10}
  - {id: mowing, label: 草刈り, kana: くさかり, procurement: garden, tax: 10}
areas:
  - id: hokushin
    label: 北信
    kana: ほくしん
    children:
      - {id: nagano, label: 長野市, kana: ながのし, code: \"20201\"}
  - {id: matsumoto, label: 松本市, kana: まつもとし, code: \"20202\"}
facility_kinds:
  - {id: keizoku-b, label: 就労継続支援B型, kana: しゅうろうけいぞくしえんびーがた}
  - {id: seikatsu, label: 生活介護, kana: せいかつかいご}
event_kinds:
  - {id: fair, label: 販売会, kana: はんばいかい}
  - {id: meeting, label: 会議, kana: かいぎ}
accessibility:
  - {id: slope, label: スロープ}
allergens:
  - {from: 2026-04-01, mandatory: [えび, かに, くるみ, 小麦, そば, 卵, 乳, 落花生], recommended: [りんご, 大豆]}
taxes: [{from: 2019-10-01, reduced: 8, standard: 10}]
readings: {信州: しんしゅう}
synonyms: [[ジャム, じゃむ, コンフィチュール]]
";

pub(super) const RINGO: &str = "content/facilities/ringo.md";
const RINGO_TEXT: &str = "\
---
name: りんごの木工房
kana: りんごのきこうぼう
operator: 社会福祉法人りんごの会
corporate_number: \"7000012050002\"
office_number: \"2010100000\"
invoice_number: T7000012050002
kinds: [就労継続支援B型]
area: 長野市
postal_code: 380-0001
address: 長野市見本1-2
tel: 026-000-0002
fax: 026-000-0003
email: ringo@example.jp
url: https://ringo.example.jp/
capacity: 20
geo: {lat: 36.65, lon: 138.18}
accessibility: {スロープ: yes}
visits: {tour: true}
works: [草刈り]
checked_on: 2026-01-15
photos:
  - {file: yane.png, alt: 赤い屋根の平屋の建物}
---
善光寺の近くで、ジャムを煮ています。
";

pub(super) const KUMO: &str = "content/facilities/kumo.md";
const KUMO_TEXT: &str = "\
---
name: くもの糸舎
kana: くものいとしゃ
kinds: [seikatsu]
area: matsumoto
tel: 0263-00-0001
---
木の品を作っています。
";

pub(super) const JAM: &str = "content/products/apple-jam.md";
const JAM_TEXT: &str = "\
---
name: りんごジャム
kana: りんごじゃむ
makers: [ringo]
category: ジャム
price: 450
unit: 個
min_order: 6
max_order: 120
lead_days: 10
season: 10-3
allergens: {contains: [りんご], free_of: [卵, 乳]}
delivery: [pickup, post]
photos:
  - file: jam.png
    alt: びんに入った琥珀色のジャム
---
## 味わい

ふじを煮つめた{琥珀|こはく}色のジャムです。[コースター](product:coaster)と一緒にどうぞ。
";

pub(super) const COASTER: &str = "content/products/coaster.md";
const COASTER_TEXT: &str = "\
---
name: 木のコースター
makers: [{facility: kumo, capacity: {amount: 40, per: week}}]
category: wood
price: {amount: 600, from: true}
unit: 枚
variants:
  - {id: round, name: 丸, price: 600}
  - {id: square, name: 四角, price: 650}
---
からまつの間伐材です。
";

pub(super) const LIST: &str = "content/products/list.yaml";
const LIST_TEXT: &str = "\
entries:
  - id: tray
    name: 木のおぼん
    makers: [kumo]
    category: 木の品
  - id: mowing-work
    name: 草刈り
    makers: [ringo, kumo]
    category: 草刈り
";

pub(super) const FAIR: &str = "content/events/autumn-fair.md";
const FAIR_TEXT: &str = "\
---
title: 秋の販売会
kind: 販売会
fiscal_year: 令和8
schedule: 10月17日(土)～18日(日)
time: 10:00-15:00
venue: {name: 見本広場, area: 長野市}
facilities: [ringo, kumo]
products: [apple-jam, coaster]
files: [{file: chirashi.pdf, title: チラシ}]
apply: {deadline: 2026-09-30, contact: 共同受注窓口}
---
新米の季節の販売会です。
";

pub(super) const NEWS: &str = "content/news/opening.md";
const NEWS_TEXT: &str = "\
---
date: 2026-03-20
title: サイトを開きました
---
[催しの一覧](/events/)をご覧ください。
";

pub(super) const ABOUT: &str = "content/pages/about.md";
const ABOUT_TEXT: &str = "\
---
title: 窓口について
nav: true
order: 1
---
窓口のご案内です。
";

pub(super) const PLAN: &str = "content/plans/r8.md";
const PLAN_TEXT: &str = "\
---
fiscal_year: 令和8
title: 令和8年度事業計画
sections:
  - title: 販売
    rows:
      - {what: 秋の販売会, schedule: 10月17日(土)～18日(日), event: autumn-fair}
      - {what: 役員会, schedule: 年2回}
---
";

pub(super) const REPORT: &str = "content/reports/visit.md";
const REPORT_TEXT: &str = "\
---
date: 2026-03-10
title: 見学会の報告
attendees: [ringo, 見本県]
---
20名が来られました。
";

/// A GIF of two pictures of one pixel.
pub(super) const MOVING: &[u8] = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0\x21\xf9\x04\0\x0a\0\0\0\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0\x21\xf9\x04\0\x0a\0\0\0\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x4c\x01\0\x3b";
