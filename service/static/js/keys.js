// Keys for people who work here all day: none with Ctrl or Alt, none while typing, none that acts without its form.

const PLACES = { w: "/", t: "/matters", k: "/board" };
const WAIT_MS = 1200;

export function watchKeys() {
  let afterG = 0;
  let current = null;

  const rows = () => [...document.querySelectorAll("[data-row]")];

  /** The row the focus is in, else the one walked to last. */
  function here() {
    const focused = document.activeElement?.closest("[data-row]");
    return focused || (current?.isConnected ? current : null);
  }

  function move(step) {
    const all = rows();
    if (!all.length) return;
    const at = all.indexOf(here());
    const next = all[Math.min(Math.max(at + step, 0), all.length - 1)];
    current?.classList.remove("cur");
    current = next;
    next.classList.add("cur");
    (next.querySelector("a.t") || next.querySelector("a"))?.focus();
  }

  const acts = {
    "/": () => focusSearch(),
    "?": () => document.getElementById("keys")?.showModal(),
    j: () => move(1),
    k: () => move(-1),
    o: () => (here()?.querySelector("a.t") || here()?.querySelector("a"))?.click(),
    x: () => here()?.querySelector("input[type=checkbox]")?.click(),
    m: () => here()?.querySelector("[data-moves]")?.click(),
    f: () => openFilters(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || isTyping(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    if (Date.now() - afterG < WAIT_MS && PLACES[event.key]) {
      event.preventDefault();
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

/** On a phone the masthead has no search; the register's panel has. */
function focusSearch() {
  const shown = ["q", "fq"].map((id) => document.getElementById(id)).find((field) => field?.offsetParent);
  shown?.focus();
}

function openFilters() {
  const panel = document.getElementById("filters");
  if (!panel) return;
  window.location.hash = "filters";
  panel.querySelector("input:not([type=hidden]), select")?.focus();
}

function isTyping(element) {
  return element.matches("input:not([type=checkbox]), textarea, select, [contenteditable]");
}
