// Keys for people who work here all day: none with Ctrl or Alt, none while typing, none that acts without its form.

const PLACES = { w: "/", t: "/matters", k: "/board" };
const WAIT_MS = 1200;

export function watchKeys() {
  let afterG = 0;
  let at = -1;

  const rows = () => [...document.querySelectorAll("[data-row]")];

  function move(step) {
    const all = rows();
    if (!all.length) return;
    all[at]?.classList.remove("cur");
    at = Math.min(Math.max(at + step, 0), all.length - 1);
    all[at].classList.add("cur");
    all[at].querySelector("a")?.focus();
  }

  const acts = {
    "/": () => document.getElementById("q")?.focus(),
    "?": () => document.getElementById("keys")?.showModal(),
    j: () => move(1),
    k: () => move(-1),
    o: () => rows()[at]?.querySelector("a")?.click(),
    x: () => rows()[at]?.querySelector("input[type=checkbox]")?.click(),
    f: () => openFilters(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) return;
    if (Date.now() - afterG < WAIT_MS && PLACES[event.key]) {
      window.location.assign(PLACES[event.key]);
      return;
    }
    afterG = event.key === "g" ? Date.now() : 0;
    if (acts[event.key]) {
      event.preventDefault();
      acts[event.key]();
    }
  });
}

function openFilters() {
  const panel = document.getElementById("filters");
  if (!panel) return;
  window.location.hash = "filters";
  panel.querySelector("input, select")?.focus();
}

function isTyping(element) {
  return element.matches("input:not([type=checkbox]), textarea, select, [contenteditable]");
}
