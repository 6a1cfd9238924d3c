// What is written differently and means the same. This one table is read by the build (src/search/fold.rs) and by the
// browser (fold.js), so that both fold alike: each group is the sign that stands for all and behind it its variants.
export const SAME = "高髙 崎﨑碕嵜 辺邊邉 斎齋 斉齊 桜櫻 沢澤 島嶋嶌 国國圀 広廣 吉𠮷 浜濱濵 瀬瀨 富冨 徳德 橋槗 渕淵渊 竜龍 真眞 恵惠 栄榮 円圓 学學 会會 寿壽 万萬 芸藝 豊豐 黒黑 宝寶 実實 蔵藏 関關 鉄鐵 条條 曽曾 増增 静靜 縄繩 村邨 館舘 峰峯 桧檜 薮藪 騨驒 繋繫 蝋蠟 噓嘘 瘦痩 頬頰 餅餠 麹麴 麺麵 醤醬 掴摑 祷禱 楽樂 県縣 区區 亀龜 滝瀧 穂穗 聡聰 槙槇 遥遙 巌巖 与與 弥彌 礼禮 霊靈 画畫 絵繪 糸絲 茎莖";
