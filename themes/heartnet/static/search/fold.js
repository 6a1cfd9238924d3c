// The one folding of the search, by the same rules and the same table as the build.

/**
 * What is written differently and means the same: each group is the sign that stands for all and behind it its
 * variants. The build reads this very text (src/search/fold.rs): it is the first one in quotes.
 */
const SAME = "高髙 崎﨑碕嵜 辺邊邉 斎齋 斉齊 桜櫻 沢澤 島嶋嶌 国國圀 広廣 吉𠮷 浜濱濵 瀬瀨 富冨 徳德 橋槗 渕淵渊 竜龍 真眞 恵惠 栄榮 円圓 学學 会會 寿壽 万萬 芸藝 豊豐 黒黑 宝寶 実實 蔵藏 関關 鉄鐵 条條 曽曾 増增 静靜 縄繩 村邨 館舘 峰峯 桧檜 薮藪 騨驒 繋繫 蝋蠟 噓嘘 瘦痩 頬頰 餅餠 麹麴 麺麵 醤醬 掴摑 祷禱 楽樂 県縣 区區 亀龜 滝瀧 穂穗 聡聰 槙槇 遥遙 巌巖 与與 弥彌 礼禮 霊靈 画畫 絵繪 糸絲 茎莖";

/** Ways to write the same word, folded: with or without okurigana, with kanji or without. One alone also stands for its
 * first letter. */
export const SPELLINGS = "合わせ/合せ/合/あわせ 締め 貸し 生け垣/生垣 押し 盛り 飲み 照り 差し 据え 読み 振り 寄せ 湯飲/湯呑み/湯呑 詰め 問い 取り 扱い 組み 受け 付け 引き 出し 贈り 焼き 立て 申し 込み 打ち 切り 折り 織り 売り 買い 書き 貼り 刷り 塗り 編み 縫い 染め 漬け 揚げ 蒸し 干し 刈り 植え 替え/替/換え 掛け/掛/かけ 入れ 上げ 持ち 届け 包み 積もり/積り/積/積み 巻き 作り/づくり/造り/作 障害/障がい/障碍 子供/子ども/こども 送り 渡し 割り 洗い 磨き 分け 綴じ/綴/とじ 挽き/挽/ひき 煎り/煎/炒り 絞り/搾り/しぼり 摘み 採れ/採り/どり 使い 暮らし/暮し 祝い 返し 代わり/代り/替わり 当たり/当り 飾り 張り 越し 友達/友だち 野菜/やさい 煎餅/せんべい 饅頭/まんじゆう 味噌/みそ 椎茸/しいたけ 葱/ねぎ 林檎/りんご 蕎麦/そば 石鹸/石けん/せつけん".split(" ").map((family) => (/\//.test(family) ? family.split("/") : [family, family[0]]));

const LETTERS = new Map([..."ぁあ ぃい ぅう ぇえ ぉお っつ ゃや ゅゆ ょよ ゎわ ゕか ゖけ ςσ".split(" ").map((pair) => [...pair])]);
for (const group of SAME.split(" ")) {
  const [base, ...others] = group;
  for (const other of others) LETTERS.set(other, base);
}

const hiragana = (text) => text.replace(/[ァ-ヶヽヾ]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0x60));

/** Width, case, kind of kana, small kana, variant kanji, ヴ, dashes: what a searcher takes for the same becomes the same. */
export const fold = (text) =>
  // Marks of their own behind a letter: ハ゜ is パ.
  hiragana(text.replace(/゛/g, "\u3099").replace(/゜/g, "\u309a").normalize("NFKC").toLowerCase().normalize("NFKC"))
    .replace(/[ぁぃぅぇぉっゃゅょゎゕゖς]|[㐀-\u{10ffff}]/gu, (c) => LETTERS.get(c) ?? c)
    .replace(/ゔ([あいえお]?)/g, (_, vowel) => (vowel ? "ばびべぼ"["あいえお".indexOf(vowel)] : "ぶ"))
    // A dash behind kana is a long vowel, whatever key was pressed.
    .replace(/([ぁ-ゖー])([-~‐-―−〜]+)/g, (_, kana, dashes) => kana + "ー".repeat(dashes.length))
    .replace(/[~‐-―−〜]/g, "-")
    .replace(/[\s\x85]+/g, " ")
    .trim();
