// Sending a form: once however often it is pressed, not into a dead line, and not lost by leaving the page.

import { keepNumber } from "./drafts.js";

const REACHED_WITHIN_MS = 6000;
const LOOK_AGAIN_MS = 10000;

export function watchSending() {
  for (const form of document.querySelectorAll("form[data-resume]")) form.submit();
  for (const form of document.querySelectorAll("main form[method=post]")) watch(form);
}

function watch(form) {
  let changed = false;
  let sending = false;

  form.addEventListener("input", () => {
    changed = true;
  });
  form.addEventListener("duban:forgotten", () => {
    changed = false;
  });

  form.addEventListener("submit", async (event) => {
    if (sending) {
      event.preventDefault();
      return;
    }
    sending = true;
    if (!form.dataset.keep) return;
    event.preventDefault();
    const pressed = event.submitter;
    busy(form, true);
    if (!pressed?.name) keepNumber(form);
    await connected(form);
    send(form, pressed);
  });

  window.addEventListener("beforeunload", (event) => {
    if (!changed || sending || !form.dataset.keep) return;
    event.preventDefault();
    event.returnValue = "";
  });

  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    sending = false;
    busy(form, false);
  });
}

/** The form goes out as its button would have sent it. */
function send(form, pressed) {
  if (pressed?.name) {
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = pressed.name;
    field.value = pressed.value;
    form.append(field);
  }
  if (pressed?.hasAttribute("formaction")) form.action = pressed.getAttribute("formaction");
  form.submit();
}

function busy(form, is) {
  form.setAttribute("aria-busy", String(is));
  for (const button of form.querySelectorAll("button[type=submit]")) {
    if (is) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
  }
}

/** Resolves once the service is reached; says meanwhile that nothing is lost. */
async function connected(form) {
  const said = form.querySelector("[data-offline]");
  while (!(await reached())) {
    if (said) said.hidden = false;
    await Promise.race([pause(LOOK_AGAIN_MS), online(), pressedAgain(said)]);
  }
  if (said) said.hidden = true;
}

async function reached() {
  if (navigator.onLine === false) return false;
  const given = new AbortController();
  const timer = setTimeout(() => given.abort(), REACHED_WITHIN_MS);
  try {
    await fetch("/healthz", { cache: "no-store", credentials: "omit", signal: given.signal });
    return true;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const online = () => new Promise((resolve) => window.addEventListener("online", resolve, { once: true }));

function pressedAgain(said) {
  const button = said?.querySelector("button");
  return new Promise((resolve) => button?.addEventListener("click", resolve, { once: true }));
}
