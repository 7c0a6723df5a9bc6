// A list that stays open asks now and then what is new. It changes counts, and offers the news; it never moves a row.

const EVERY_MS = 20000;
const MOST_MS = 300000;

export function askForNews() {
  const bar = document.querySelector("[data-live]");
  if (!bar) return;
  let mark = `"${bar.dataset.live}-${bar.dataset.liveDay}"`;
  let wait = EVERY_MS;
  let timer = null;
  let asked = Date.now();

  const later = () => {
    clearTimeout(timer);
    timer = document.hidden ? null : setTimeout(ask, wait * (0.9 + Math.random() / 5));
  };

  async function ask() {
    asked = Date.now();
    const address = `/live?at=${bar.dataset.live}&of=${encodeURIComponent(bar.dataset.of)}`;
    try {
      const headers = { "If-None-Match": mark };
      const answer = await fetch(address, { headers, cache: "no-store", redirect: "manual", credentials: "same-origin" });
      if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) {
        offer("登录已过期，重新登录");
        return;
      }
      if (answer.status === 200) {
        tell(await answer.json());
        mark = answer.headers.get("ETag");
      }
      wait = answer.status < 400 ? EVERY_MS : Math.min(wait * 2, MOST_MS);
    } catch {
      wait = Math.min(wait * 2, MOST_MS);
    }
    later();
  }

  function tell(said) {
    for (const [href, count] of Object.entries(said.counts)) {
      for (const place of document.querySelectorAll(`[data-count="${href}"]`)) place.textContent = count;
    }
    for (const bell of document.querySelectorAll("[data-unread]")) {
      bell.hidden = !said.unread;
      bell.querySelector("b").textContent = said.unread;
    }
    if (said.stirred === 0) return;
    offer(said.stirred === null ? "有很多更新，点此显示" : `有 ${said.stirred} 件更新，点此显示`);
    refreshTally();
  }

  function offer(words) {
    const link = bar.querySelector("a") || document.createElement("a");
    link.href = bar.dataset.of;
    if (link.textContent !== words) link.textContent = words;
    if (!link.isConnected) bar.append(link);
  }

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) later();
    else if (Date.now() - asked > wait) ask();
    else later();
  });
  later();
}

/** The figures on top of a workplace, in their places. */
async function refreshTally() {
  const tally = document.querySelector(".tally");
  if (!tally) return;
  const answer = await fetch(window.location.href, { credentials: "same-origin" });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelectorAll(".tally a");
  const shown = [...tally.querySelectorAll("a")];
  for (const figure of fresh) {
    const label = figure.querySelector("span").textContent;
    const mine = shown.find((one) => one.querySelector("span").textContent === label);
    if (mine) mine.querySelector("b").textContent = figure.querySelector("b").textContent;
  }
}
