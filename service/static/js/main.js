// Small helps for pages that work whole without them.
import { watchKeys } from "./keys.js";
import { keepTyped } from "./typed.js";
import { openKeysHelp, focusFirst, showPrintButtons } from "./page.js";

focusFirst();
showPrintButtons();
openKeysHelp();
keepTyped();
if (document.body.hasAttribute("data-keys")) watchKeys();
