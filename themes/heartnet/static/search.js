// Brings the search when a box or the filters are first touched: most visitors never do. Where the address asks
// for something, at once.
let started;

const box = document.getElementById("hn-q");
const asked = new URLSearchParams(location.search).get("q");

function start() {
  started ??= import("./search/page.js").catch(() => {
    // Touched again, it is tried again; and the box sends its words to a page of their own.
    started = null;
    const suggest = document.querySelector(".suggest");
    const failed = document.getElementById("hn-failed");
    if (box && asked) box.value ||= asked;
    if (failed) failed.hidden = false;
    else if (suggest) {
      suggest.hidden = false;
      suggest.firstElementChild.textContent = suggest.dataset.hnFailed;
      suggest.lastElementChild.hidden = true;
    }
    document.getElementById("hn-status").textContent = (failed ?? suggest.firstElementChild).textContent;
  });
}

for (const part of document.querySelectorAll(".search-box, .browse-list .order, [data-hn-list] > .narrow")) {
  for (const type of ["pointerover", "focusin", "input", "beforetoggle"]) part.addEventListener(type, start);
  if (part.contains(document.activeElement)) start();
}
if (location.search && document.querySelector("[data-hn-list]")) start();
// The page of the search can also be asked by other scripts.
if (document.querySelector("[data-hn-list='']")) import("./search/find.js").catch(() => {});
