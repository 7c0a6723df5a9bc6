// What was typed stays in this browser until it is known to be recorded, under person, matter and act: a closed window,
// a lost connection or a session that ended meanwhile loses nothing. Leaving by the door takes everything along.

import { dropAllFiles, dropFiles } from "./filebox.js";

const PREFIX = "duban-typed:";
const OLDEST_MS = 30 * 24 * 3600 * 1000;

export const keyOf = (form) => PREFIX + form.dataset.keep;

/** Forgets what is recorded, fills in what is not, and keeps what is typed from now on. */
export function keepDrafts() {
  for (const recorded of document.querySelectorAll("[data-recorded]")) forget(PREFIX + recorded.dataset.recorded);
  forgetOld();
  for (const form of document.querySelectorAll("form[action='/logout']")) form.addEventListener("submit", leave);
  for (const form of document.querySelectorAll("form[data-keep]")) keep(form);
}

function keep(form) {
  const key = keyOf(form);
  const again = form.hasAttribute("data-refused");
  const number = form.elements.command_id?.value;
  const begun = again ? read(key)?.fields : null;
  const before = controls(form).map((field, index) => (begun?.[index]?.[0] === label(field) ? begun[index][1] : state(field)));
  if (!again) restore(form, key);
  window.addEventListener("pageshow", (event) => cameBack(event, form, key, again));
  form.addEventListener("input", () => save(form, key, before));
  form.addEventListener("change", () => save(form, key, before));
  if (!form.hasAttribute("data-keep-until-recorded")) form.addEventListener("submit", () => forget(key));
  form.querySelector("[data-forget]")?.addEventListener("click", () => {
    forget(key);
    form.reset();
    form.querySelector("[data-restored]").hidden = true;
    if (number) form.elements.command_id.value = number;
    form.dispatchEvent(new CustomEvent("duban:forgotten"));
  });
}

/** A browser that goes back fills in what was typed even where it is recorded by now: then the form is a new one. */
function cameBack(event, form, key, again) {
  const [how] = performance.getEntriesByType("navigation");
  if ((event.persisted || how?.type === "back_forward") && !again && !read(key)) form.reset();
  if (event.persisted) window.location.reload();
}

/** Remembers under which number a form was sent, so that sending it again is the same act. */
export function keepNumber(form) {
  if (!form.hasAttribute("data-keep-until-recorded") || !form.elements.command_id) return;
  const kept = read(keyOf(form)) || { fields: [] };
  write(keyOf(form), { ...kept, at: Date.now(), command: form.elements.command_id.value });
}

function controls(form) {
  return [...form.querySelectorAll("input[name], textarea[name], select[name]")].filter(
    (field) => !["hidden", "password", "file", "submit"].includes(field.type),
  );
}

const ticked = (field) => field.type === "checkbox" || field.type === "radio";
const state = (field) => (ticked(field) ? String(field.checked) : field.value);
const label = (field) => (ticked(field) ? `${field.name}=${field.value}` : field.name);

function save(form, key, before) {
  const all = controls(form);
  const fields = all.map((field, index) => [label(field), before[index] ?? "", state(field)]);
  const typed = fields.filter(([, was, is]) => was !== is);
  const kept = read(key);
  if (!typed.length && !kept) return;
  write(key, { at: Date.now(), command: kept?.command, fields });
}

function restore(form, key) {
  const kept = read(key);
  if (!kept || !Array.isArray(kept.fields)) return;
  if (kept.command && form.elements.command_id) form.elements.command_id.value = kept.command;
  const all = controls(form);
  let restored = false;
  kept.fields.forEach(([name, was, is], index) => {
    const field = all[index] && label(all[index]) === name ? all[index] : null;
    if (!field || was === is || state(field) !== was) return;
    if (ticked(field)) field.checked = is === "true";
    else field.value = is;
    restored = true;
  });
  if (!restored) return;
  const said = form.querySelector("[data-restored]");
  if (said) said.hidden = false;
  for (const more of form.querySelectorAll("details")) more.open = more.open || controls(more).some((field) => field.value);
}

function forget(key) {
  remove(key);
  dropFiles(key);
}

/** Goes out only when nothing is left behind: a page that is gone finishes no work. */
async function leave(event) {
  event.preventDefault();
  ours().forEach(remove);
  await dropAllFiles();
  event.target.submit();
}

function forgetOld() {
  for (const key of ours()) {
    const kept = read(key);
    if (!kept || !(Date.now() - kept.at < OLDEST_MS)) forget(key);
  }
}

// A full or forbidden store only means that nothing is kept.

function ours() {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
  } catch {
    return [];
  }
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function write(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Said above.
  }
}

function remove(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // Said above.
  }
}
