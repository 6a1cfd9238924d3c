// The calendars, read by somebody else's reader (ical.js): every file is sound, and its rules and days give
// exactly the days of data/events.json.
import { test } from "node:test";
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import ICAL from "ical.js";
import { files, portal, schedules } from "./site.mjs";

const DAY = 24 * 60 * 60 * 1000;
const iso = (time) => time.toString().slice(0, 10);
const later = (day, days) => new Date(Date.parse(day) + days * DAY).toISOString().slice(0, 10);

/** The days of a VEVENT as its reader sees them. */
function days(component) {
  const event = new ICAL.Event(component);
  const { startDate: start } = event;
  const end = component.hasProperty("dtend") ? event.endDate : start;
  // The end of whole days is the day behind them; a meeting may end at midnight.
  const length = start.isDate ? Math.round((Date.parse(iso(end)) - Date.parse(iso(start))) / DAY) : 1;
  const found = [];
  const iterator = event.iterator();
  for (let next = iterator.next(); next; next = iterator.next()) {
    for (let day = 0; day < length; day += 1) found.push(later(iso(next), day));
    assert.ok(found.length < 5000, "a rule without end");
  }
  // ical.js 2.2.1 gives the first month twice where BYDAY has two days and BYMONTH is there.
  return [...new Set(found)];
}

/** The days of data/events.json, one by one. */
function ranges(when) {
  return (when?.days ?? []).flatMap(({ start, end }) => {
    const all = [];
    for (let day = start; day <= end; day = later(day, 1)) all.push(day);
    return all;
  });
}

for (const [name, folder] of [["the portal", portal], ["a site of every kind of schedule", schedules]]) {
  const all = (await files(folder)).filter((file) => file.endsWith(".ics"));
  const read = async (file) => new ICAL.Component(ICAL.parse(await readFile(join(folder, file), "utf8")));
  const events = JSON.parse(await readFile(join(folder, "data/events.json"), "utf8"));

  test(`calendars of ${name} keep to RFC 5545`, async () => {
    assert.ok(all.length >= 10, all.join(" "));
    for (const file of all) {
      const bytes = await readFile(join(folder, file));
      const text = bytes.toString("utf8");
      assert.ok(text.endsWith("END:VCALENDAR\r\n") && !/[^\r]\n/.test(text), `${file}: lines end in CRLF`);
      for (const line of text.split("\r\n")) {
        assert.ok(Buffer.byteLength(line) <= 75, `${file}: ${line}`);
        assert.ok(!line.includes("\uFFFD"), `${file}: cut within a character`);
      }
      ICAL.design.strict = true;
      const calendar = await read(file);
      assert.equal(calendar.getFirstPropertyValue("version"), "2.0");
      assert.ok(calendar.getFirstPropertyValue("prodid"));
      const zone = calendar.getFirstSubcomponent("vtimezone");
      assert.equal(zone.getFirstPropertyValue("tzid"), "Asia/Tokyo");
      const uids = new Set();
      for (const event of calendar.getAllSubcomponents("vevent")) {
        for (const property of ["uid", "dtstamp", "dtstart", "summary", "sequence", "status", "url"]) {
          assert.equal(event.getAllProperties(property).length, 1, `${file}: ${property}`);
        }
        const uid = event.getFirstPropertyValue("uid");
        assert.ok(!uids.has(uid), `${file}: ${uid} twice`);
        uids.add(uid);
        assert.ok(["CONFIRMED", "TENTATIVE", "CANCELLED"].includes(event.getFirstPropertyValue("status")));
        const [start, end] = ["dtstart", "dtend"].map((p) => event.getFirstPropertyValue(p));
        if (end) {
          assert.ok(end.compare(start) > 0, `${file}: ${uid} ends before it begins`);
          assert.equal(start.isDate, end.isDate, `${file}: ${uid}`);
        }
        const stamp = event.getFirstProperty("dtstamp").toICALString();
        assert.match(stamp, /^DTSTAMP:\d{8}T\d{6}Z$/, `${file}: DTSTAMP is in UTC`);
        assert.ok(event.getAllProperties("rrule").length <= 1, `${file}: ${uid} has two rules`);
        const rule = event.getFirstPropertyValue("rrule");
        if (rule?.until) assert.equal(rule.until.isDate, start.isDate, `${file}: UNTIL is of the kind of DTSTART`);
      }
    }
  });

  test(`calendars of ${name} have exactly the certain days`, async () => {
    const whole = await read("events.ics");
    const byId = new Map();
    for (const component of whole.getAllSubcomponents("vevent")) {
      const id = component.getFirstPropertyValue("uid").split("@")[0].split(".")[0];
      byId.set(id, [...(byId.get(id) ?? []), ...days(component)]);
    }
    for (const event of events) {
      const wanted = [...ranges(event.when), ...ranges(event.order_period)];
      for (const session of event.sessions ?? []) wanted.push(...ranges(session.on));
      // Put off without a new day: the day that fell through is told as cancelled.
      if (event.status === "postponed" && wanted.length === 0) wanted.push(...ranges(event.previous));
      const found = byId.get(event.id) ?? [];
      // No day is there twice unless two sessions are on it, and hours are the entry's.
      if (!event.sessions) assert.equal(new Set(found).size, found.length, `${event.id}: a day twice`);
      const parts = whole.getAllSubcomponents("vevent").filter((e) => e.getFirstPropertyValue("uid").split(/[.@]/)[0] === event.id);
      if (event.time && !event.sessions) {
        const [from, to] = event.time.split("-");
        for (const part of parts) {
          const [start, end] = ["dtstart", "dtend"].map((p) => part.getFirstPropertyValue(p)?.toString().slice(11, 16));
          assert.deepEqual([start, end], [from, to], `${event.id}: hours`);
        }
      }
      assert.deepEqual([...new Set(found)].sort(), [...new Set(wanted)].sort(), event.id);
      // A single calendar says the same as the one of all.
      const own = `events/${event.id}/event.ics`;
      assert.equal(all.includes(own), wanted.length > 0, own);
      if (wanted.length > 0) {
        const alone = (await read(own)).getAllSubcomponents("vevent").flatMap(days);
        assert.deepEqual(alone.sort(), [...found].sort(), own);
      }
    }
  });
}

test("what a calendar says of a change", async () => {
  const calendar = new ICAL.Component(ICAL.parse(await readFile(join(schedules, "events.ics"), "utf8")));
  const of = (id) => calendar.getAllSubcomponents("vevent").find((e) => e.getFirstPropertyValue("uid").startsWith(`${id}@`));
  const value = (id, property) => of(id)?.getFirstPropertyValue(property)?.toString();
  assert.equal(value("cancelled", "status"), "CANCELLED");
  assert.match(value("cancelled", "summary"), /^【中止】/);
  assert.equal(value("put-off", "status"), "CANCELLED");
  assert.match(value("put-off", "summary"), /^【延期】/);
  assert.match(value("moved", "description"), /はじめの予定: 2026年5月10日\(日\) → 2026年5月31日\(日\)/);
  assert.ok(Number(value("cancelled", "sequence")) > 0);
  assert.equal(value("two-days", "summary"), "二日の販売会, 「; と \\ 」を含む");
  assert.equal(value("two-days", "location"), "見本ホール 2階 前橋市見本町1-1, 別館");
  assert.equal(value("online", "location"), "オンライン");
  assert.equal(of("open"), undefined);
  assert.equal(of("any-time"), undefined);
});
