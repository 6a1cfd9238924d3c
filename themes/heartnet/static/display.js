// What a visitor has set for themselves: kept on this device, applied by attributes of the root element.
// base.html sets them before the first paint; this keeps the form in step and brings the furigana.
const KEY = "heartnet.display";
const root = document.documentElement;
const form = document.getElementById("hn-display");

function read() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
}

function apply(settings) {
  for (const name of ["ruby", "size", "scheme"]) {
    if (settings[name]) root.setAttribute(`data-hn-${name}`, settings[name]);
    else root.removeAttribute(`data-hn-${name}`);
    for (const input of form?.querySelectorAll(`[name=${name}]`) ?? []) input.checked = input.value === (settings[name] ?? "auto");
  }
  // Without the dictionary the page stays as it is.
  if (settings.ruby === "all") import("./ruby.js").then((ruby) => ruby.annotate(document.body)).catch(() => {});
}

form?.addEventListener("change", () => {
  const settings = Object.fromEntries([...new FormData(form)].filter(([, value]) => value !== "auto"));
  try {
    localStorage.setItem(KEY, JSON.stringify(settings));
  } catch {
    // Kept from storing: it holds for this page.
  }
  apply(settings);
});
form?.addEventListener("submit", (event) => event.preventDefault());
// Opened from the menu, which closes then, it has nowhere to give the focus back to.
let opener;
form?.addEventListener("beforetoggle", (event) => { if (event.newState === "open") opener = document.activeElement; });
form?.addEventListener("toggle", (event) => {
  const active = document.activeElement;
  if (event.newState !== "closed" || (active !== document.body && !form.contains(active))) return;
  const seen = opener?.checkVisibility() ? opener : document.querySelector(".tool-menu button");
  seen?.focus();
});
// Another tab has changed it.
addEventListener("storage", (event) => { if (event.key === KEY) apply(read()); });
apply(read());
