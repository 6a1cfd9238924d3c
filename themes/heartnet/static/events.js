// What is over moves on for a visitor who comes days after the build. Without this script the page shows
// the day of the build, which it names in its footer.
const { hnBuilt: built, hnOffset: offset } = document.documentElement.dataset;

/** Today where the site is, as an ISO date. A clock before the build is wrong. */
function today() {
  const [hours, minutes] = offset.slice(1).split(":").map(Number);
  const shift = (hours * 60 + minutes) * (offset.startsWith("-") ? -1 : 1);
  const now = new Date(Date.now() + shift * 60_000).toISOString().slice(0, 10);
  return now > built ? now : built;
}

const now = today();
const isOver = (element) => element.dataset.hnUntil !== "" && element.dataset.hnUntil < now;
const all = (selector, root = document) => [...root.querySelectorAll(selector)];

/** A list of which only some are shown: those behind take the place of what is over. */
function moveOn(list) {
  const items = all(":scope > [data-hn-until]", list);
  const most = Number(list.dataset.hnMost) || items.length;
  items.filter(isOver).forEach((item) => item.remove());
  const left = items.filter((item) => !isOver(item));
  left.forEach((item, at) => { item.hidden = at >= most; });
  if (left.length > 0 || items.length === 0) return;
  const day = list.closest(".next-day");
  const section = list.closest("section");
  if (day) {
    day.hidden = true;
    const days = day.closest(".next-days");
    if (days && !days.querySelector(".next-day:not([hidden])")) days.hidden = true;
  } else if (section && !section.querySelector(".calendar-links, .more, article, [data-hn-most] > :not([hidden])")) {
    section.hidden = true;
  } else {
    list.hidden = true;
  }
}

/** On the page of a list, what is over goes below the rest. */
function archive(list, archive) {
  for (const item of all(":scope > [data-hn-until]", list).filter(isOver)) {
    if (!item.querySelector(".badge-over")) {
      const badge = document.createElement("span");
      badge.className = "badge badge-over";
      badge.textContent = "終わりました";
      item.querySelector(".badges")?.append(badge);
    }
    item.querySelector(".next")?.remove();
    // The latest comes first.
    archive.querySelector("ul").prepend(item);
    archive.hidden = false;
  }
  if (!list.querySelector("[data-hn-until]")) list.closest("section").hidden = true;
}

if (now > built) {
  const over = document.querySelector("[data-hn-group=past]") ?? document.querySelector("[data-hn-over]");
  for (const list of all("[data-hn-most]")) {
    const group = list.closest("[data-hn-group]")?.dataset.hnGroup;
    if (group === undefined) {
      // In a calendar, days that are over stay where they are.
      if (!list.closest("[data-hn-day]")) moveOn(list);
    } else if (group !== "past" && over) {
      archive(list, over);
    }
  }
  all("[data-hn-next]").filter((next) => next.dataset.hnNext < now).forEach((next) => next.remove());
  for (const page of all("[data-hn-page=event]").filter(isOver)) {
    all("[data-hn-when-over]", page).forEach((note) => { note.hidden = false; });
  }
  for (const note of all("[data-hn-ends]").filter((note) => note.dataset.hnEnds && note.dataset.hnEnds < now)) {
    note.textContent += " 終わりました";
  }
  for (const part of all("[data-hn-deadline]").filter((part) => part.dataset.hnDeadline && part.dataset.hnDeadline < now)) {
    all("[data-hn-closed]", part).forEach((note) => { note.hidden = false; });
    all("[data-hn-open]", part).forEach((way) => { way.hidden = true; });
  }
  for (const part of all("[data-hn-orders]")) {
    const [start, end] = part.dataset.hnOrders.split("/");
    const state = now < start ? "これからです" : now > end ? "受付は終わりました" : "受付中です";
    all(".badge", part).forEach((badge) => { badge.textContent = state; });
  }
}

for (const day of all(`td[data-hn-day="${now}"], li[data-hn-day="${now}"]`)) {
  day.setAttribute("aria-current", "date");
}
