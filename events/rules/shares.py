"""自报比例: whether a share somebody reports agrees with the numbers reported beside it."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from events.vocabulary import Labelled


class Agreement(Labelled):
    """What came of counting a reported share again (issue: Explain and recount)."""

    AGREES = "agrees", "一致"
    ROUNDED = "rounded", "取整差异"
    DIFFERS = "differs", "不一致"


def agreement(percent: int | None, quantity: str | float | None) -> Agreement | None:
    """How a share in whole per cent agrees with “24/32” in the quantity; None where either is not there.

    Off by less than one per cent is rounding, whichever way; nothing is a share of nothing.
    """
    exact = stated_share(quantity)
    if percent is None or exact is None:
        return None
    off = abs(Decimal(percent) - exact)
    if off == 0:
        return Agreement.AGREES
    return Agreement.ROUNDED if off < 1 else Agreement.DIFFERS


def stated_share(quantity: str | float | None) -> Decimal | None:
    """Per cent of the first “numerator/denominator” in a quantity, exactly; None where there is none."""
    if not isinstance(quantity, str):
        return None
    plain = unicodedata.normalize("NFKC", quantity).replace(",", "")
    match = _FRACTION.search(plain)
    if match is None:
        return None
    done, whole = Decimal(match["done"]), Decimal(match["whole"])
    return 100 * done / whole if whole else None


_NUMBER = r"[0-9]{1,15}(?:\.[0-9]{1,6})?"
_FRACTION = re.compile(rf"(?<![0-9./])(?P<done>{_NUMBER})\s*/\s*(?P<whole>{_NUMBER})(?![0-9./])")
