"""相似: by which marks a matter's likes are found, and how alike two wordings are.

A mark is a term of the search index too long to be asked for by anybody's words. Twelve of them are the smallest pairs
of the title under twelve orders (MinHash): two titles share about as many of them as they share pairs. One each stands
for the place and the object. So the newest of the likes are found in a few index reads, however many matters there are.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from projections.words import folded_text, runs_of

ORDERS = 12
_MASK = 0xFFFFFFFF
_FACTORS = tuple(0x9E3779B1 * (2 * n + 1) & _MASK for n in range(ORDERS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What a matter is about, as typed."""

    title: str = ""
    problem: str = ""
    place: str = ""
    object: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """In what two wordings agree; ``words`` is the share of pairs both have, 0 to 100."""

    same_object: bool
    same_place: bool
    words: int

    @property
    def weight(self) -> int:
        """How alike they are on the whole; 0 where it is not worth saying."""
        said = (50 if self.same_object else 0) + (25 if self.same_place else 0) + self.words
        return said if self.same_object or self.words >= (ENOUGH_HERE if self.same_place else ENOUGH) else 0


ENOUGH, ENOUGH_HERE = 50, 30
"""Words in common, of a hundred, that make two matters alike; fewer where the place is the same."""


def marks(title: str, place: str | None, object_: str | None) -> list[str]:
    """The marks of a wording: of its title, its place and its object."""
    found = [f"l{n:x}{least:08x}" for n, least in enumerate(_least(folded_text(title)))]
    found += [f"p{_hash(folded_text(place)):08x}"] if place else []
    found += [f"o{_hash(folded_text(object_)):08x}"] if object_ else []
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """A wording ready to be compared."""

    title: frozenset[str]
    whole: frozenset[str]
    place: str
    object: str


def folded(wording: Wording) -> Folded:
    """A wording folded, and cut into pairs."""
    title, problem = folded_text(wording.title), folded_text(wording.problem)
    of_title = frozenset(_pairs(title))
    return Folded(
        title=of_title,
        whole=of_title.union(_pairs(problem)),
        place=folded_text(wording.place).strip(),
        object=folded_text(wording.object).strip(),
    )


def alike(one: Folded, other: Folded) -> Alike:
    """In what two wordings agree."""
    return Alike(
        same_object=bool(one.object) and one.object == other.object,
        same_place=bool(one.place) and one.place == other.place,
        words=max(_share(one.title, other.title), _share(one.whole, other.whole)),
    )


def _share(one: frozenset[str], other: frozenset[str]) -> int:
    """Pairs both have, of a hundred (Dice)."""
    return round(200 * len(one & other) / (len(one) + len(other))) if one and other else 0


def _pairs(folded_words: str) -> list[str]:
    return [pair for run in runs_of(folded_words) for pair in _parts(run)]


def _parts(run: str) -> Sequence[str]:
    return [run[n : n + 2] for n in range(len(run) - 1)] or [run]


def _least(title: str) -> list[int]:
    """Under each order the smallest of the pairs; nothing where there are none."""
    hashes = [_hash(pair) for pair in _pairs(title)]
    return [min(one * factor & _MASK ^ factor for one in hashes) for factor in _FACTORS] if hashes else []


def _hash(text: str) -> int:
    return zlib.crc32(text.encode())
