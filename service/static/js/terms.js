// A word of art explains itself where it stands; its link leads to the page of all words.

export function explainTerms() {
  for (const link of document.querySelectorAll("a.term")) link.addEventListener("click", explain);
}

async function explain(event) {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  const link = event.currentTarget;
  event.preventDefault();
  const dialog = document.createElement("dialog");
  dialog.className = "term-note";
  dialog.setAttribute("aria-label", link.textContent);
  try {
    const answer = await fetch(`/help/terms/${encodeURIComponent(link.dataset.term)}`);
    if (!answer.ok) throw new Error(String(answer.status));
    dialog.innerHTML = await answer.text();
  } catch {
    window.location.assign(link.href);
    return;
  }
  const close = document.createElement("button");
  close.type = "button";
  close.className = "btn btn-sm btn-line";
  close.textContent = "知道了";
  close.addEventListener("click", () => dialog.close());
  dialog.append(close);
  dialog.addEventListener("click", (pressed) => {
    if (pressed.target === dialog) dialog.close();
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    link.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
}
