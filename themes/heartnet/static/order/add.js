// On every page: puts products on the list, and says how many are on it.
import { MOST, add, read, watch } from "./list.js";

const list = () => document.querySelector("[data-hn-order-link]")?.href;

function count() {
  const lines = read().length;
  document.documentElement.classList.toggle("has-list", lines > 0);
  for (const link of document.querySelectorAll("[data-hn-order-link]")) {
    let badge = link.querySelector(".on-list");
    if (!badge) {
      badge = document.createElement("span");
      badge.className = "on-list";
      link.append(badge);
    }
    badge.textContent = lines ? `（${lines}）` : "";
    badge.title = lines ? `依頼リストに${lines}件` : "";
  }
}

// Read out by screen readers, and seen for a while.
const told = document.createElement("p");
told.className = "told";
told.setAttribute("role", "status");
document.body.append(told);
let timer;

function tell(text, href) {
  told.replaceChildren(text);
  if (href) {
    const link = document.createElement("a");
    link.href = href;
    link.textContent = "依頼リストを見る";
    told.append(" ", link);
  }
  told.classList.add("is-seen");
  clearTimeout(timer);
  timer = setTimeout(() => told.classList.remove("is-seen"), 10000);
}

function put(from, qty, option) {
  const { hnAdd: id, hnName: name, hnUnit: unit = "", hnPrice: base = "" } = from.dataset;
  const variant = option?.value ?? "";
  const price = option?.dataset.hnPrice ?? base;
  const was = { name, kind: option?.textContent ?? "", unit, price: price === "" ? null : Number(price) };
  const kept = add({ id, variant, qty }, was);
  if (kept === null) {
    tell("依頼リストがいっぱいで、入れられませんでした（1,000件まで、1件は9,999,999まで）。", list());
    return;
  }
  const amount = `${qty.toLocaleString("ja-JP")}${unit}`;
  const lost = kept ? "" : "このブラウザでは保存できないので、ページを移ると消えます。";
  tell(`「${name}」を${amount}、依頼リストに入れました。${lost}`, list());
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-hn-add]");
  if (!form) return;
  event.preventDefault();
  const qty = Number(form.elements.qty.value);
  if (!Number.isSafeInteger(qty) || qty < 1 || qty > MOST) {
    tell("数は、1からの整数で書いてください。");
    form.elements.qty.focus();
    return;
  }
  put(form, qty, form.elements.variant?.selectedOptions[0]);
  // The message goes away; whoever is here by the keyboard finds the way on right behind the button.
  if (!list() || form.querySelector("[data-hn-order-link]")) return;
  const link = Object.assign(document.createElement("a"), { href: list(), textContent: "依頼リストを見る" });
  link.dataset.hnOrderLink = "";
  const line = document.createElement("p");
  line.append(link);
  form.append(line);
  count();
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-hn-add]");
  if (button) put(button, Number(button.dataset.hnMin) || 1);
});
watch(count);
count();
