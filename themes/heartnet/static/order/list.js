// The list of what somebody wants (見積・注文依頼リスト): kept on this device only, shared between its tabs.
const KEY = "heartnet.order";
// What a product was when it was put on the list, so that it can be said what has changed since.
const SEEN = "heartnet.order.seen";
export const MOST = 9999999;
const LINES = 1000;

let remembered = { v: 1, lines: [] };
// What could not be stored is true here, whatever is stored from before.
let only = false;
let seenHere = {};

function load(key, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

function isLine(line) {
  return typeof line?.id === "string" && line.id !== "" && Number.isSafeInteger(line.qty) && line.qty > 0 && line.qty <= MOST;
}

export function read() {
  const stored = only ? remembered : load(KEY, remembered);
  const lines = Array.isArray(stored?.lines) ? stored.lines.filter(isLine) : [];
  return lines.map((line) => ({ id: line.id, variant: typeof line.variant === "string" ? line.variant : "", qty: line.qty }));
}

export function seen() {
  const stored = only ? seenHere : load(SEEN, seenHere);
  return stored && typeof stored === "object" ? stored : {};
}

function store(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
    return true;
  } catch {
    // Kept from storing, or no room: it holds for this page.
    return false;
  }
}

// Whether it is kept beyond this page.
export function write(lines, also = {}) {
  const known = { ...seen(), ...also };
  const ids = new Set(lines.map((line) => line.id));
  seenHere = Object.fromEntries(Object.entries(known).filter(([id]) => ids.has(id)));
  remembered = { v: 1, lines: lines.slice(0, LINES) };
  const kept = store(KEY, remembered);
  only = !kept;
  store(SEEN, seenHere);
  dispatchEvent(new Event("heartnet-order"));
  return kept;
}

export const same = (a, b) => a.id === b.id && a.variant === b.variant;

// Puts a line among others; more of what is there already adds up.
export function join(lines, line) {
  const there = lines.find((other) => same(other, line));
  if (there) there.qty = Math.min(there.qty + line.qty, MOST);
  else lines.push(line);
}

// Puts it on the list. Null when there is no room for it.
export function add(line, was) {
  const lines = read();
  if (lines.length >= LINES && !lines.some((other) => same(other, line))) return null;
  join(lines, line);
  return write(lines, { [line.id]: was });
}

// Tells of every change, in this tab or another.
export function watch(changed) {
  addEventListener("heartnet-order", changed);
  addEventListener("storage", (event) => { if (event.key === KEY || event.key === null) changed(); });
  // Back from another page, out of the browser's memory.
  addEventListener("pageshow", (event) => { if (event.persisted) changed(); });
}
