"""Words of art in a sentence become links to what they mean."""

from __future__ import annotations

import re
from functools import cache

from markupsafe import Markup, escape

from service.guide import TERMS, terms


def explained(text: str) -> Markup:
    """A sentence in which each word of art is, where it stands first, a link to its explanation."""
    seen: set[str] = set()
    made = Markup()
    for part in _words().split(text):
        known = part in terms() and part not in seen
        made += _linked(part) if known else escape(part)
        seen.update({part} if known else ())
    return made


def _linked(term: str) -> Markup:
    link = Markup(
        '<a class="term" href="/help/{page}#{term}" data-term="{term}" target="duban-help">{term}</a>'
    )
    return link.format(page=TERMS, term=term)


@cache
def _words() -> re.Pattern[str]:
    longest_first = sorted(terms(), key=len, reverse=True)
    return re.compile(f"({'|'.join(map(re.escape, longest_first))})")
