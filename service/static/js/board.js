// Cards of the board moved by mouse or keyboard. A move is the form of the command it takes; nothing moves by itself.

const ways = new Map();

/** Where a card can go: the links of its own page, read once. */
async function waysOf(card) {
  const id = card.dataset.card;
  if (!ways.has(id)) {
    const answer = await fetch(card.querySelector("[data-moves]").href, { credentials: "same-origin" });
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    ways.set(
      id,
      [...page.querySelectorAll("[data-move]")].map((link) => ({
        column: link.dataset.move,
        to: link.dataset.to,
        text: link.textContent.trim(),
        href: link.getAttribute("href"),
      })),
    );
  }
  return ways.get(id);
}

export function moveCards() {
  const board = document.querySelector("[data-board]");
  if (!board) return;
  const said = document.querySelector("[data-board-said]");
  let carried = null;
  let allowed = null;

  function clear() {
    for (const cell of board.querySelectorAll(".can, .over")) cell.classList.remove("can", "over");
    carried?.classList.remove("carried");
    board.classList.remove("moving");
    carried = null;
    allowed = null;
  }

  for (const card of board.querySelectorAll("[data-card]")) {
    card.draggable = true;
    for (const link of card.querySelectorAll("a")) link.draggable = false;
    card.addEventListener("pointerenter", () => waysOf(card).catch(() => {}), { once: true });
    card.addEventListener("dragstart", async (event) => {
      carried = card;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", card.dataset.card);
      card.classList.add("carried");
      board.classList.add("moving");
      try {
        const found = await waysOf(card);
        if (carried === card) {
          allowed = new Set(found.map((way) => way.column));
          for (const cell of board.querySelectorAll("[data-column]")) {
            cell.classList.toggle("can", allowed.has(cell.dataset.column));
          }
        }
      } catch {
        clear();
      }
    });
    card.addEventListener("dragend", clear);
    card.querySelector("[data-moves]").addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
      event.preventDefault();
      choose(card, null, event.currentTarget.href);
    });
  }

  for (const cell of board.querySelectorAll("[data-column]")) {
    cell.addEventListener("dragover", (event) => {
      if (!allowed?.has(cell.dataset.column)) return;
      event.preventDefault();
      cell.classList.add("over");
    });
    cell.addEventListener("dragleave", () => cell.classList.remove("over"));
    cell.addEventListener("drop", (event) => {
      event.preventDefault();
      const card = carried;
      clear();
      if (card) choose(card, cell.dataset.column, card.querySelector("[data-moves]").href);
    });
  }

  /** One way is taken at once, several are offered; without an answer the card's own page says it. */
  async function choose(card, column, otherwise) {
    let found;
    try {
      found = (await waysOf(card)).filter((way) => !column || way.column === column);
    } catch {
      window.location.assign(otherwise);
      return;
    }
    if (column && found.length === 1) window.location.assign(found[0].href);
    else if (found.length) offer(card, found);
    else window.location.assign(otherwise);
  }

  function offer(card, found) {
    const dialog = document.getElementById("move");
    const list = dialog.querySelector("[data-move-ways]");
    dialog.querySelector("[data-move-what]").textContent = card.querySelector(".t").textContent;
    list.replaceChildren();
    let column = "";
    for (const way of found) {
      if (way.column !== column) {
        const head = document.createElement("h3");
        head.textContent = `移到：${way.to}`;
        list.append(head);
        column = way.column;
      }
      const link = document.createElement("a");
      link.className = "btn btn-line";
      link.href = way.href;
      link.textContent = way.text;
      list.append(link);
    }
    dialog.showModal();
    list.querySelector("a").focus();
    said.textContent = `可以移到 ${new Set(found.map((way) => way.to)).size} 处`;
  }
}
