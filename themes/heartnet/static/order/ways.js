// The ways out: on paper, by mail, as a text, as a file, by a form service.
import { toLink } from "./code.js";
import { button, el } from "./dom.js";
import { rows, save, WIDTHS } from "./files.js";
import { read } from "./list.js";
import { form, groups, kind, listed, order, say, site, who, whole } from "./state.js";
import { keep, stored } from "./stored.js";
import { hash } from "./terms.js";
import { KINDS, mailto, short, text, withCode } from "./text.js";

const SENT = "heartnet.order.sent";

const named = (group) => `${KINDS[kind()]}-${site.today}${group.key ? `-${group.key}` : ""}`;

async function body(group) {
  return withCode(text(whole(group)), await toLink(order(group)));
}

export async function copy(words, done) {
  try {
    await navigator.clipboard.writeText(words);
    say(done);
  } catch {
    // No permission, or not over https: the text is shown to be copied by hand.
    const box = document.getElementById("hn-copy");
    box.hidden = false;
    box.querySelector("textarea").value = words;
    box.querySelector("textarea").focus();
    box.querySelector("textarea").select();
    say("自動で写せませんでした。下の欄の文字を、写してください。");
  }
}

async function mail(group) {
  const words = await body(group);
  const brief = withCode(short(whole(group)), await toLink(order(group)), "");
  const subject = `${KINDS[kind()]}のお願い（${who().company || who().person || site.title}）`;
  const address = mailto(group.email, subject, words) ?? mailto(group.email, subject, brief);
  if (address) {
    location.href = address;
    say("メールのソフトが開きます。送るのは、そちらで行います。");
    return;
  }
  await copy(words, "本文が長いので、写しておきました。開いたメールに、貼りつけて送ってください。");
  location.href = mailto(group.email, subject, "（ここに、写した文を貼りつけてください。Excelのファイルを付けても届きます。）\n") ?? `mailto:${group.email}`;
}

async function excel(group) {
  const { xlsx } = await import("./xlsx.js");
  save(`${named(group)}.xlsx`, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", await xlsx([{ name: KINDS[kind()], rows: rows(whole(group)), widths: WIDTHS }]));
  say("Excelのファイルを保存しました。メールに付けて送れます。");
}

async function table(group) {
  const { csv } = await import("./csv.js");
  save(`${named(group)}.csv`, "text/csv;charset=utf-8", csv(rows(whole(group))));
  say("CSVのファイルを保存しました。");
}

let printing = 0;

// The sheets lie ready, so that whoever prints by the browser's menu has them, too.
export async function prepare() {
  printing += 1;
  const mine = printing;
  const place = document.getElementById("hn-papers");
  if (!read().length && kind() !== "consult") {
    place.replaceChildren();
    return;
  }
  const { papers } = await import("./paper.js");
  const all = [];
  for (const group of groups(listed())) all.push([group.key, await papers(whole(group))]);
  if (mine !== printing) return;
  place.replaceChildren(...all.flatMap(([key, sheets]) => sheets.map((sheet) => { sheet.dataset.hnFor = key; return sheet; })));
}

async function print(group) {
  await prepare();
  const others = [...document.querySelectorAll(".paper")].filter((paper) => paper.dataset.hnFor !== group.key);
  for (const paper of others) paper.hidden = true;
  addEventListener("afterprint", () => { for (const paper of others) paper.hidden = false; }, { once: true });
  window.print();
}

// What was sent from this device, by a number of it (there are names in it): "sent", or "unsure" while there is no
// answer. Other tabs see it, too.
const sendings = () => {
  const all = stored("localStorage", SENT, {});
  return all && typeof all === "object" && !Array.isArray(all) ? all : {};
};

function note(mark, state) {
  const others = Object.entries(sendings()).filter(([other]) => other !== mark).slice(-20);
  keep("localStorage", SENT, Object.fromEntries(state ? [...others, [mark, state]] : others));
}

// Some services answer 200 and say in it that it went wrong.
async function isRefused(answer) {
  if (!answer.headers.get("content-type")?.includes("json")) return false;
  const said = await answer.json().catch(() => ({}));
  return said?.ok === false || said?.success === false || said?.success === "false" || Boolean(said?.error || said?.errors?.length);
}

// What the next press sends although it may have arrived.
let anyway = "";

async function send(group, pressed) {
  if (missing() || !consents()) return;
  const code = await toLink(order(group));
  const mark = String(hash(code));
  const state = sendings()[mark];
  if (state === "sent") {
    say("同じ内容を、もう送っています。中身を変えると、もう一度送れます。お急ぎのときは、お電話ください。");
    return;
  }
  const call = group.tel ? `電話（${group.tel}）` : "電話";
  if (state && anyway !== mark) {
    anyway = mark;
    say(`この内容は、届いているかもしれません（ほかのタブで送っているか、返事がありませんでした）。${call}で確かめてください。もう一度押すと、送りなおします。`);
    return;
  }
  anyway = "";
  note(mark, "unsure");
  pressed.disabled = true;
  say("送っています…");
  // The same for the same order: whoever gets it twice can tell.
  const fields = { subject: `${KINDS[kind()]}のお願い`, message: text(whole(group)), code, order_id: mark, website: form.elements.website.value, ...who() };
  const kept = "リストも、書かれたことも、そのまま残っています。";
  try {
    const answer = await fetch(site.endpoint, { method: "POST", headers: { accept: "application/json" }, body: new URLSearchParams(fields), signal: AbortSignal.timeout(30000) });
    if (!answer.ok || await isRefused(answer)) {
      note(mark, null);
      say(`送れませんでした。${kept}少し待ってもう一度送るか、印刷してFAX、メール、${call}でお願いします。`);
    } else {
      note(mark, "sent");
      say(`${group.name}に送りました。返事をお待ちください。リストは残してあります。`);
    }
  } catch {
    if (navigator.onLine) say(`送れたかどうか、分かりません。${kept}${call}で確かめてください。届いていなければ、もう一度押すか、印刷してFAX、メールでお願いします。`);
    else {
      note(mark, null);
      say(`インターネットにつながっていないので、送れませんでした。${kept}`);
    }
  }
  pressed.disabled = false;
  pressed.focus();
}

// The first field that must be filled and is not: told, and gone to.
function missing() {
  const needed = [["person", "ご担当の方のお名前を書いてください。"], ["tel", "電話かメールを書いてください。", "email"]];
  if (kind() === "consult") needed.push(["note", "ご相談の内容を、備考に書いてください。"]);
  const values = who();
  for (const wrong of form.querySelectorAll("[aria-invalid]")) wrong.removeAttribute("aria-invalid");
  for (const [field, words, or] of needed) {
    if (values[field] || (or && values[or])) continue;
    say(words);
    const control = form.elements[field];
    control.setAttribute("aria-invalid", "true");
    control.addEventListener("input", () => control.removeAttribute("aria-invalid"), { once: true });
    control.focus();
    return true;
  }
  return false;
}

function consents() {
  if (form.elements.consent.checked) return true;
  say("個人情報の取り扱いに同意して、しるしを付けてください。");
  form.elements.consent.focus();
  return false;
}

// Buttons stay while the list changes: what they send is looked up when they are pressed.
export function ways(shown) {
  const { key } = shown;
  const group = () => groups(listed()).find((other) => other.key === key) ?? shown;
  // What goes out without the buyer's name cannot be answered; on paper it may be written by hand.
  const signed = (does) => () => missing() || does();
  const way = (label, does, attributes) => {
    const failed = () => say("できませんでした。もう一度ためすか、別の方法でお願いします。");
    return el("li", {}, button(label, (pressed) => { Promise.resolve(does(pressed)).catch(failed); }, attributes));
  };
  const list = el("ul", { class: "ways" });
  const posts = site.endpoint && key === "";
  const main = { class: "button" };
  if (posts) list.append(way("このサイトから送る", (pressed) => send(group(), pressed), main));
  list.append(way(shown.fax ? "印刷してFAXで送る" : "用紙を印刷する", () => print(group()), posts ? {} : main));
  if (shown.email) list.append(way("メールで送る", signed(() => mail(group()))));
  list.append(way("文を写す", signed(async () => copy(await body(group()), "文を写しました。メールなどに貼りつけられます。"))));
  list.append(way("Excelで保存", signed(() => excel(group()))), way("CSVで保存", signed(() => table(group()))));
  const contact = [shown.tel && `電話 ${shown.tel}`, shown.fax && `FAX ${shown.fax}`].filter(Boolean).join("　");
  return el("div", { class: "line-ways" }, el("h3", {}, `${shown.name}へ送る`), contact ? el("p", {}, contact) : null, list);
}
