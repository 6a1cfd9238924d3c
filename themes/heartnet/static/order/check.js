// What can be said of a line before anybody answers: lots, lead time, season, and how much can be made until a day.
// The desk counts the same (order/days.rs).
import { price, yen } from "./money.js";

const DAY = 86400000;
const WEEKDAYS = "日月火水木金土";
const number = (iso) => Math.round(Date.parse(`${iso}T00:00:00Z`) / DAY);
const date = (day) => new Date(day * DAY);

export const isDay = (iso) => /^\d{4}-\d\d-\d\d$/.test(iso ?? "") && Number.isFinite(Date.parse(`${iso}T00:00:00Z`));

const yearOf = (that) => `${that.getUTCFullYear()}年`;
const dayOf = (that) => `${that.getUTCMonth() + 1}月${that.getUTCDate()}日(${WEEKDAYS[that.getUTCDay()]})`;

// 「8月20日(木)」, with the year when it is another one.
export function label(day, today) {
  const [that, now] = [day, today].map(date);
  return `${yearOf(that) === yearOf(now) ? "" : yearOf(that)}${dayOf(that)}`;
}

// 「2026年8月20日(木)」 of 2026-08-20; whatever else stands there stays.
export const inWords = (iso) => (isDay(iso) ? yearOf(date(number(iso))) + dayOf(date(number(iso))) : iso);

// The visitor's day in the site's zone, if it is later than the build's.
export function today(site, now = Date.now()) {
  const [, sign, hours, minutes] = /^([+-])(\d\d):(\d\d)$/.exec(site.offset ?? "+00:00") ?? [];
  const offset = (Number(hours) * 60 + Number(minutes)) * 60000 * (sign === "-" ? -1 : 1);
  const here = new Date(now + (offset || 0)).toISOString().slice(0, 10);
  return here > site.today ? here : site.today;
}

export function calendar(site) {
  const holidays = new Set(site.holidays.map(number));
  const today = number(site.today);
  const isBusiness = (day) => {
    const that = date(day);
    const [month, of, week] = [that.getUTCMonth() + 1, that.getUTCDate(), that.getUTCDay()];
    const newYear = (month === 12 && of >= 29) || (month === 1 && of <= 3);
    return week > 0 && week < 6 && !holidays.has(day) && !newYear;
  };
  const after = (from, business) => {
    let [day, left] = [from, business];
    for (let at = 0; at < 3660; at += 1) {
      if (left === 0 && isBusiness(day)) return day;
      day += 1;
      if (isBusiness(day) && left > 0) left -= 1;
    }
    return day;
  };
  // From the day after the order until a day, both included, in the months of its season.
  const makes = ({ amount, per }, season, until) => {
    const days = count(season, until);
    if (per === "week") return Math.floor((amount * days.all) / 7);
    if (per === "month") return Math.floor((amount * days.all) / 30);
    return amount * days.business;
  };
  // Days of a season and business days among them, counted once.
  const seasons = new Map();
  const count = (season, until) => {
    if (!seasons.has(season)) seasons.set(season, [{ all: 0, business: 0 }]);
    const counts = seasons.get(season);
    while (counts.length <= until - today) {
      const day = today + counts.length;
      const { all, business } = counts.at(-1);
      const is = isSeason({ season }, day);
      counts.push({ all: all + is, business: business + (is && isBusiness(day)) });
    }
    return counts[Math.max(0, until - today)];
  };
  return { today, isBusiness, after, makes };
}

// What all makers together can make until a day, and how many of them are needed for an amount; null when nobody says.
export function together(terms, calendar, until, qty) {
  const own = terms.makers.filter((maker) => maker.capacity).map((maker) => calendar.makes(maker.capacity, terms.season, until));
  if (own.length === 0) return terms.capacity ? { all: calendar.makes(terms.capacity, terms.season, until), makers: 0 } : null;
  own.sort((a, b) => b - a);
  let [all, makers] = [0, 0];
  for (const most of own) {
    if (all < qty && most > 0) makers += 1;
    all += most;
  }
  return { all, makers };
}

const YEAR = 366;

// The first day on which so much can be there; null within a year and a day.
export function earliest(terms, calendar, qty) {
  const first = calendar.after(calendar.today, terms.lead ?? 0);
  const fits = (day) => isSeason(terms, day) && calendar.isBusiness(day) && (together(terms, calendar, day, qty)?.all ?? Infinity) >= qty;
  for (let day = first; day <= calendar.today + YEAR; day += 1) if (fits(day)) return day;
  return null;
}

const isSeason = (terms, day) => !terms.season?.length || terms.season.includes(date(day).getUTCMonth() + 1);

// What is to be said of a line: `stop` cannot be done so, `look` wants a look, `good` is good to know.
export function problems(line, terms, was, calendar, { wish, delivery }) {
  const told = [];
  const stop = (text) => told.push({ level: "stop", text });
  const look = (text) => told.push({ level: "look", text });
  if (!terms) {
    stop("この商品は、いまカタログにありません。行はそのまま残しています。窓口におたずねになるか、消してください。");
    return told;
  }
  const count = (n) => `${n.toLocaleString("ja-JP")}${terms.unit}`;
  if (!terms.open) {
    stop(`いまは注文をお受けできません（${terms.order === "none" ? "受付なし" : terms.status}）。似た品は、窓口にご相談ください。`);
    return told;
  }
  const kind = terms.variants?.find((kind) => kind.id === line.variant);
  if (line.variant && !kind) stop("えらばれていた種類が、なくなりました。種類をえらびなおしてください。");
  else if (!line.variant && terms.variants?.length) look("種類をえらんでください。");
  if (was && was.name && was.name !== terms.name) look(`名前が変わりました（前は「${was.name}」）。`);
  if (was?.kind && kind && was.kind !== kind.name) look(`種類の名前が変わりました（前は「${was.kind}」）。`);
  if (was?.unit && was.unit !== terms.unit) look(`単位が変わりました（前は「${was.unit}」、いまは「${terms.unit}」）。数を見なおしてください。`);
  const now = price(terms, line.variant);
  if (was && was.price !== undefined && was.price !== (now?.amount ?? null)) {
    const then = was.price === null ? "お見積り" : yen(was.price);
    look(`価格が変わりました（リストに入れたときは${then}、いまは${now ? yen(now.amount) : "お見積り"}）。`);
  }
  if (terms.min && line.qty < terms.min) stop(`${count(terms.min)}からのご注文です。`);
  // Kinds of one product are one lot.
  if (terms.max && (line.whole ?? line.qty) > terms.max) stop(`一度に${count(terms.max)}までです。もっと多いときは、窓口にご相談ください。`);
  if (delivery && terms.delivery?.length && !terms.delivery.includes(delivery)) look(`受け取り方は「${terms.delivery.join("・")}」です。「${delivery}」は、窓口にご相談ください。`);
  when(line, terms, calendar, wish, { stop, look, good: (text) => told.push({ level: "good", text }), count });
  return told;
}

function when(line, terms, calendar, wish, { stop, look, good, count }) {
  // Of all kinds of it on the list: they are made by the same hands.
  const qty = line.whole ?? line.qty;
  const first = earliest(terms, calendar, qty);
  const say = (day) => label(day, calendar.today);
  if (!isDay(wish)) {
    if (first === null) look("1年のうちには、この数をつくれません。数をへらすか、窓口にご相談ください。");
    else if (terms.lead !== undefined || terms.capacity || terms.makers.some((maker) => maker.capacity)) good(`いちばん早くて${say(first)}ごろです。`);
    return;
  }
  const day = number(wish);
  if (day < calendar.today) {
    stop("希望日が、もう過ぎています。");
    return;
  }
  if (!isSeason(terms, day)) {
    stop(`${date(day).getUTCMonth() + 1}月は、つくる季節ではありません。`);
    return;
  }
  const lead = calendar.after(calendar.today, terms.lead ?? 0);
  if (day < lead) {
    stop(`希望日に間に合いません（注文から${terms.lead}営業日）。いちばん早くて${first === null ? "1年より先" : say(first)}です。`);
    return;
  }
  const able = together(terms, calendar, day, qty);
  if (!able) return;
  if (able.all >= qty) {
    if (able.makers > 1) good(`${say(day)}までに${qty > line.qty ? "リストの全種類で" : ""}${count(qty)}: ${able.makers}事業所で分担すれば可能です。`);
    else good(`${say(day)}までに、つくれる見こみです。`);
  } else {
    const later = first === null ? "1年のうちには、この数をつくれません。" : `この数は、いちばん早くて${say(first)}です。`;
    stop(`${say(day)}までにつくれるのは、${count(able.all)}までです。${later}`);
  }
}
