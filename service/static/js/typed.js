// What was typed stays in this browser until it is known to be recorded: a closed window, or a session that ended
// meanwhile, loses nothing.

const PREFIX = "duban-typed:";

export function keepTyped() {
  for (const recorded of document.querySelectorAll("[data-recorded]")) forget(PREFIX + recorded.dataset.recorded);
  for (const form of document.querySelectorAll("form[data-keep]")) {
    const key = PREFIX + form.dataset.keep;
    if (!form.hasAttribute("data-refused")) restore(form, key);
    form.addEventListener("input", () => save(form, key));
    if (!form.hasAttribute("data-keep-until-recorded")) form.addEventListener("submit", () => forget(key));
  }
}

function texts(form) {
  return [...form.querySelectorAll("textarea[name], input.form-control[name]")].filter(
    (field) => field.type !== "password" && field.type !== "file",
  );
}

function save(form, key) {
  const typed = texts(form).map((field) => field.value);
  try {
    localStorage.setItem(key, JSON.stringify(typed));
  } catch {
    // A full or forbidden store only means that nothing is kept.
  }
}

function restore(form, key) {
  let typed = null;
  try {
    typed = JSON.parse(localStorage.getItem(key));
  } catch {
    forget(key);
  }
  if (!Array.isArray(typed)) return;
  const fields = texts(form);
  if (typed.length !== fields.length) return;
  let restored = false;
  fields.forEach((field, index) => {
    if (!field.value && typed[index]) {
      field.value = typed[index];
      restored = true;
    }
  });
  if (restored) form.querySelector("[data-restored]")?.removeAttribute("hidden");
}

function forget(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // Nothing was kept.
  }
}
