// What the page of the order list is about: the list with what the site says of its products, who wants it, and
// what the buyer is told. Drawn by lines.js, taken out by ways.js, held together by page.js.
import { calendar, today } from "./check.js";
import { key, read, seen } from "./list.js";
import { isCertain, price, sums } from "./money.js";
import { load } from "./terms.js";
import { FIELDS } from "./text.js";

export const site = JSON.parse(document.getElementById("hn-order-site").textContent);
export const form = document.getElementById("hn-who");
const status = document.getElementById("hn-said");
site.offset = document.documentElement.dataset.hnOffset;
site.today = today(site);
export const days = calendar(site);

let known = new Map();

export const say = (words) => { status.textContent = words; };

// Asks what the site says of what is on the list.
export async function ask() {
  known = await load(read().map((one) => one.id), site);
}

// What the buyer wrote; of this tab only, since others may use the device.
export function who() {
  const data = new FormData(form);
  return Object.fromEntries(FIELDS.map(([field]) => [field, `${data.get(field) ?? ""}`.trim().slice(0, 2000)]));
}

export const kind = () => form.elements.kind.value || "order";

function line(one) {
  const terms = known.get(one.id);
  const was = seen()[key(one)] ?? seen()[one.id];
  const kinds = terms?.variants?.find((kind) => kind.id === one.variant);
  const name = terms?.name ?? was?.name ?? one.id;
  return { ...one, terms, was, name: kinds ? `${name}（${kinds.name}）` : name, unit: terms?.unit ?? was?.unit ?? "", cost: isChosen(terms, kinds) ? price(terms, one.variant) : null };
}

// What cannot be had, or of which the kind is not known, has no price that could be summed.
export const isChosen = (terms, kind) => Boolean(terms?.open && (kind || !terms.variants?.length));

export function listed() {
  const all = read().map(line);
  const whole = new Map();
  for (const one of all) whole.set(one.id, (whole.get(one.id) ?? 0) + one.qty);
  return all.map((one) => ({ ...one, whole: whole.get(one.id) }));
}

export function groups(all) {
  const desk = { key: "", ...site.desk, lines: [] };
  const direct = new Map();
  for (const one of all) {
    const maker = one.terms?.order === "direct" ? one.terms.makers[0] : undefined;
    if (!maker) {
      desk.lines.push(one);
      continue;
    }
    if (!direct.has(maker.id)) direct.set(maker.id, { key: maker.id, name: maker.name, tel: maker.tel, fax: maker.fax, email: maker.email, lines: [] });
    direct.get(maker.id).lines.push(one);
  }
  const found = desk.lines.length || !direct.size || kind() === "consult" ? [desk, ...direct.values()] : [...direct.values()];
  for (const group of found) group.sums = sums(group.lines);
  return found;
}

// As it is handed on (code.js).
export function packed(all, who) {
  const lines = all.map(({ id, variant, qty, cost }) => ({ id, variant, qty, price: isCertain(cost) ? cost.amount : null }));
  return { v: 1, kind: kind(), made: site.today, lines, who };
}

export const order = (group) => packed(group.lines, who());

export const whole = (group) => ({ kind: kind(), made: site.today, who: who(), group, order: order(group) });
