// Search over the open data, for as long as there is no index: every word must stand somewhere in the entry.
const place = document.querySelector("[data-hn-search]");
const KINDS = [["products", "商品・仕事", "name"], ["facilities", "事業所", "name"], ["events", "催し", "title"]];
const MOST = 60;

/** NFKC, lower case, katakana as hiragana: one spelling for all. */
const fold = (text) => text.normalize("NFKC").toLowerCase().replace(/[ァ-ヶ]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0x60));
const words = (value) => (value && typeof value === "object" ? Object.values(value).map(words).join(" ") : String(value ?? ""));

async function entries() {
  const lists = KINDS.map(async ([kind, label, name]) => {
    const answer = await fetch(`${place.dataset.hnSearch}data/${kind}.json`);
    const list = await answer.json();
    return list.map((entry) => ({ label, title: entry[name], url: entry.url, name: fold(`${entry[name]} ${entry.kana ?? ""}`), text: fold(words(entry)) }));
  });
  return (await Promise.all(lists)).flat();
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
    const inName = (entry) => wanted.filter((word) => entry.name.includes(word)).length;
    all.sort((a, b) => inName(b) - inName(a));
    said.textContent = all.length ? `「${query}」は${all.length}件あります。` : `「${query}」は見つかりませんでした。言葉を短くするか、下の一覧からおさがしください。`;
    list.append(...all.slice(0, MOST).map(({ label, title, url }) => {
      const item = document.createElement("li");
      const link = Object.assign(document.createElement("a"), { href: new URL(url).pathname, textContent: title });
      const kind = Object.assign(document.createElement("span"), { className: "badge", textContent: label });
      item.append(link, " ", kind);
      return item;
    }));
  } catch {
    said.textContent = "いま、さがせません。通信を確かめて、もう一度お試しください。下の一覧からも、おさがしいただけます。";
  }
}

const query = new URLSearchParams(location.search).get("q") ?? "";
place.querySelector("[name=q]").value = query;
search(query);
