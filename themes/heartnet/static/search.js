// Search over the open data, for as long as there is no index: every word must stand somewhere in the entry.
const place = document.querySelector("[data-hn-search]");
const KINDS = [["products", "商品・仕事", "name"], ["facilities", "事業所", "name"], ["events", "催し", "title"]];
const MOST = 60;
const CLOSED = { sold_out: "売り切れ", paused: "お休み中", ended: "販売終了", cancelled: "中止" };

/** NFKC, lower case, katakana as hiragana: one spelling for all. */
const fold = (text) => text.normalize("NFKC").toLowerCase().replace(/[ァ-ヶ]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0x60));
const words = (value) => (value && typeof value === "object" ? Object.values(value).map(words).join(" ") : String(value ?? ""));
const yen = (price) => {
  const { amount, from } = typeof price === "object" ? price : { amount: price };
  return `${amount.toLocaleString("ja-JP")}円${from ? "から" : ""}`;
};

/** What a buyer looks at first. */
function notes(kind, entry) {
  if (kind === "products") {
    return [entry.price ? `${yen(entry.price)}（税込）${entry.unit ? `／${entry.unit}` : ""}` : "お見積り", entry.min_order && `${entry.min_order}${entry.unit ?? ""}から`, entry.lead_days && `納期 ${entry.lead_days}日`, entry.maker_names?.[0]];
  }
  return kind === "facilities" ? [entry.area_label, entry.tel] : [entry.when?.label, entry.venue?.name];
}

async function entries() {
  const today = document.documentElement.dataset.hnBuilt;
  const lists = KINDS.map(async ([kind, label, name], rank) => {
    const answer = await fetch(`${place.dataset.hnSearch}data/${kind}.json`);
    return (await answer.json()).map((entry) => {
      const days = entry.when?.days ?? [];
      const over = days.length > 0 && days.every(({ end }) => end < today);
      const closed = over ? "終わりました" : CLOSED[entry.status];
      const path = fold(`${entry.category_path?.join(" ") ?? ""} ${entry.tags?.join(" ") ?? ""}`);
      return { label, rank, closed, path, title: entry[name], url: entry.url, notes: notes(kind, entry).filter(Boolean), name: fold(`${entry[name]} ${entry.kana ?? ""}`), text: fold(words(entry)) };
    });
  });
  return (await Promise.all(lists)).flat();
}

function row({ label, title, url, notes: said, closed }) {
  const item = document.createElement("li");
  const part = (name, className, textContent) => Object.assign(document.createElement(name), { className, textContent });
  const link = Object.assign(document.createElement("a"), { href: new URL(url).pathname, textContent: title });
  item.append(link, " ", part("span", "badge", label));
  if (closed) item.append(" ", part("span", "badge badge-status", closed));
  item.append(part("p", "sub", said.join("・")));
  return item;
}

async function search(query) {
  const wanted = fold(query).split(/\s+/).filter(Boolean);
  const said = place.querySelector(".search-said");
  const list = place.querySelector(".found");
  list.replaceChildren();
  if (wanted.length === 0) return;
  said.textContent = "さがしています…";
  try {
    const all = (await entries()).filter((entry) => wanted.every((word) => entry.text.includes(word)));
    // What can be had before what is over; names before categories before the rest; goods before who makes them.
    const score = (entry) => (entry.rank === 0 ? 3 : 0) + wanted.reduce((sum, word) => sum + (entry.name.includes(word) ? 4 : entry.path.includes(word) ? 2 : 0), 0);
    all.sort((a, b) => Boolean(a.closed) - Boolean(b.closed) || score(b) - score(a) || a.rank - b.rank);
    said.textContent = all.length ? `「${query}」は${all.length}件あります。` : `「${query}」は見つかりませんでした。言葉を短くするか、下の一覧からおさがしください。`;
    list.append(...all.slice(0, MOST).map(row));
  } catch {
    said.textContent = "いま、さがせません。通信を確かめて、もう一度お試しください。下の一覧からも、おさがしいただけます。";
  }
}

const query = new URLSearchParams(location.search).get("q") ?? "";
place.querySelector("[name=q]").value = query;
search(query);
