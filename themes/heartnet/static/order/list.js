// The list of what somebody wants (見積・注文依頼リスト): kept on this device only, shared between its tabs.
import { keep, stored } from "./stored.js";

const KEY = "heartnet.order";
// What a product was when it was put on the list, so that it can be said what has changed since.
const SEEN = "heartnet.order.seen";
export const MOST = 9999999;
// How many lines could not be read, until the buyer has seen it.
const LOST = "heartnet.order.lost";
const LINES = 1000;

let remembered = { v: 1, lines: [] };
// What could not be stored is true here, whatever is stored from before.
let only = false;
let seenHere = {};

function isLine(line) {
  return typeof line?.id === "string" && line.id !== "" && Number.isSafeInteger(line.qty) && line.qty > 0 && line.qty <= MOST;
}

export function read() {
  const all = only ? remembered : stored("localStorage", KEY, remembered);
  const lines = Array.isArray(all?.lines) ? all.lines.filter(isLine) : [];
  return lines.map((line) => ({ id: line.id, variant: typeof line.variant === "string" ? line.variant : "", qty: line.qty }));
}

export function seen() {
  const all = only ? seenHere : stored("localStorage", SEEN, seenHere);
  return all && typeof all === "object" ? all : {};
}

// Lines that are stored and cannot be read: nothing of a list vanishes without a word.
function unreadable() {
  const all = only ? remembered : stored("localStorage", KEY, remembered, { lines: [null] });
  return Array.isArray(all.lines) ? all.lines.filter((line) => !isLine(line)).length : 1;
}

export const lost = () => unreadable() + Number(stored("localStorage", LOST, 0));

export function forgetLost() {
  write(read());
  keep("localStorage", LOST, 0);
}

// Whether it is kept beyond this page.
export function write(lines, also = {}) {
  if (unreadable()) keep("localStorage", LOST, lost());
  const known = { ...seen(), ...also };
  const keys = new Set(lines.map(key));
  seenHere = Object.fromEntries(Object.entries(known).filter(([key]) => keys.has(key)));
  remembered = { v: 1, lines: lines.slice(0, LINES) };
  const kept = keep("localStorage", KEY, remembered);
  only = !kept;
  keep("localStorage", SEEN, seenHere);
  dispatchEvent(new Event("heartnet-order"));
  return kept;
}

// Of a line: products and their kinds have ids without blanks.
export const key = ({ id, variant }) => (variant ? `${id} ${variant}` : id);

export const same = (a, b) => a.id === b.id && a.variant === b.variant;

// Puts a line among others; more of what is there already adds up. Whether there was room for all of it.
export function join(lines, line) {
  const there = lines.find((other) => same(other, line));
  if (!there && lines.length >= LINES) return false;
  if (!there) lines.push(line);
  else if (there.qty + line.qty > MOST) return false;
  else there.qty += line.qty;
  return true;
}

// Puts it on the list. Null when there is no room for it.
export function add(line, was) {
  const lines = read();
  return join(lines, line) ? write(lines, { [key(line)]: was }) : null;
}

// Tells of every change, in this tab or another.
export function watch(changed) {
  addEventListener("heartnet-order", changed);
  addEventListener("storage", (event) => { if (event.key === KEY || event.key === null) changed(); });
  // Back from another page, out of the browser's memory.
  addEventListener("pageshow", (event) => { if (event.persisted) changed(); });
}
