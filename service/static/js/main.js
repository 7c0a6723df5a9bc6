// Small helps for pages that work whole without them.
import { watchKeys } from "./keys.js";
import { askForNews } from "./live.js";
import { moveCards } from "./board.js";
import { keepDrafts } from "./drafts.js";
import { watchSending } from "./sending.js";
import { countTicked } from "./ticked.js";
import { openKeysHelp, focusFirst, showPrintButtons } from "./page.js";

focusFirst();
showPrintButtons();
openKeysHelp();
keepDrafts();
watchSending();
countTicked();
moveCards();
askForNews();
if (document.body.hasAttribute("data-keys")) watchKeys();
if (document.querySelector("[data-drop]")) import("./files.js").then(({ takeFiles }) => takeFiles());
if (document.querySelector("[data-calendar]")) import("./days.js").then(({ offerCalendars }) => offerCalendars());
if (document.querySelector("a.term")) import("./terms.js").then(({ explainTerms }) => explainTerms());
