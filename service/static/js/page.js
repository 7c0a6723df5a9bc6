// What a page does once when it opens.

/** A refused form is read from its list of errors on. */
export function focusFirst() {
  document.querySelector("[data-focus]")?.focus();
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
