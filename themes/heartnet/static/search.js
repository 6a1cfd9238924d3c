// Brings the search when a box or the filters are first touched: most visitors never do. Where the address asks
// for something, at once.
let started;

function start() {
  started ??= import("./search/page.js").catch(() => {
    started = null;
    const failed = document.getElementById("hn-failed");
    if (failed) failed.hidden = false;
  });
}

for (const part of document.querySelectorAll(".search-box, [data-hn-list] > .narrow")) {
  for (const type of ["pointerover", "focusin", "input", "beforetoggle"]) part.addEventListener(type, start, { once: true });
  if (part.contains(document.activeElement)) start();
}
if (document.querySelector(location.search ? "[data-hn-list]" : "[data-hn-list='']")) start();
