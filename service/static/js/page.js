// What a page does once when it opens.

/** A refused form is read from its list of errors on; a line of it leads into its field. */
export function focusFirst() {
  const errors = document.querySelector("[data-focus]");
  if (!errors) return;
  errors.focus();
  for (const link of errors.querySelectorAll("a[href^='#']")) {
    link.addEventListener("click", () => {
      const place = document.getElementById(link.hash.slice(1));
      const field = place?.matches("fieldset") ? place.querySelector("input, select, textarea") : place;
      setTimeout(() => field?.focus(), 0);
    });
  }
}

/** Buttons that only a script can serve are hidden until there is one. */
export function showPrintButtons() {
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}

/** The link to the list of keys opens it as a dialog. */
export function openKeysHelp() {
  for (const link of document.querySelectorAll("[data-keys-help]")) {
    link.addEventListener("click", (event) => {
      const dialog = document.getElementById("keys");
      if (!dialog) return;
      event.preventDefault();
      dialog.showModal();
    });
  }
}
