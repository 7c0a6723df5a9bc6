// Small helps for pages that work whole without them.
import { watchKeys } from "./keys.js";
import { askForNews } from "./live.js";
import { moveCards } from "./board.js";
import { keepTyped } from "./typed.js";
import { countTicked } from "./ticked.js";
import { openKeysHelp, focusFirst, showPrintButtons } from "./page.js";

focusFirst();
showPrintButtons();
openKeysHelp();
keepTyped();
countTicked();
moveCards();
askForNews();
if (document.body.hasAttribute("data-keys")) watchKeys();
