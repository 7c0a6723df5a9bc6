// Small helps for pages that work whole without them.
import { watchKeys } from "./keys.js";
import { keepTyped } from "./typed.js";
import { countTicked } from "./ticked.js";
import { openKeysHelp, focusFirst, showPrintButtons } from "./page.js";

focusFirst();
showPrintButtons();
openKeysHelp();
keepTyped();
countTicked();
if (document.body.hasAttribute("data-keys")) watchKeys();
