// Rows ticked to be acted on together: how many, and all of the page at once.

export function countTicked() {
  for (const form of document.querySelectorAll("[data-tick]")) {
    const boxes = [...form.querySelectorAll("input[name=m]")];
    const all = form.querySelector("[data-tick-all]");
    const said = form.querySelector("[data-ticked]");
    const button = form.querySelector(".bulk button");
    const atFirst = said.textContent;

    const count = () => {
      const ticked = boxes.filter((box) => box.checked).length;
      for (const box of boxes) box.closest("tr").classList.toggle("sel", box.checked);
      said.textContent = ticked ? `勾了 ${ticked} 件` : atFirst;
      button.disabled = !ticked;
      all.checked = ticked === boxes.length;
      all.indeterminate = ticked > 0 && !all.checked;
    };

    all.hidden = false;
    all.addEventListener("change", () => {
      for (const box of boxes) box.checked = all.checked;
      count();
    });
    form.addEventListener("change", count);
    window.addEventListener("pageshow", count);
    count();
  }
}
