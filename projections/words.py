"""Words as they are searched: folded, and cut into single characters and pairs, the same on both databases.

Chinese has no spaces to cut at, and a trigram index finds no word of one or two characters; characters and pairs find
any wording from one character up. What an index answers is always checked against the folded text itself.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

IDEOGRAPHS = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0x20000, 0x2A6E0))
"""First and past-the-last code points of the blocks whose traditional forms are folded."""

_RUN = re.compile(r"[^\W_]+")


def folded_text(words: str) -> str:
    """Text as it is searched: full and half width, upper and lower case, traditional and simplified are one."""
    return unicodedata.normalize("NFKC", words).casefold().translate(_simplified())


def grams(folded: str) -> list[str]:
    """The characters and pairs a folded text is found by; what is no letter or digit parts them."""
    found: list[str] = []
    for run in runs_of(folded):
        found += run
        found += _pairs(run)
    return list(dict.fromkeys(found))


def sought(folded: str) -> list[str]:
    """The characters or pairs a text must have where ``folded`` is in it; none where it has no letter or digit."""
    runs = runs_of(folded)
    return list(dict.fromkeys(part for run in runs for part in (_pairs(run) if len(run) > 1 else run)))


def runs_of(folded: str) -> list[str]:
    """The stretches of letters and digits."""
    return _RUN.findall(folded)


def _pairs(run: str) -> list[str]:
    return [run[n : n + 2] for n in range(len(run) - 1)]


@cache
def _simplified() -> dict[int, str]:
    """Traditional character → simplified one. Character by character: words must not change in length or meaning."""
    from opencc import OpenCC  # noqa: PLC0415 - 20 ms that only searching needs

    every = [chr(code) for first, end in IDEOGRAPHS for code in range(first, end)]
    turned = OpenCC("t2s").convert("\n".join(every)).split("\n")
    return {ord(old): new for old, new in zip(every, turned, strict=True) if old != new and len(new) == 1}
