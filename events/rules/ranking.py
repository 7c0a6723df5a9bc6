"""排名: units placed by a share; ties share a place, and a unit with no case has none."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TypeVar

Key = TypeVar("Key")


def places(shares: Mapping[Key, tuple[int, int | None]]) -> dict[Key, int | None]:
    """Everybody's place, 1 for the highest share; equal shares, compared exactly, have the same place.

    After two firsts comes the third. None where the denominator is 0: no case is neither good nor bad.
    """
    exact = {key: Fraction(n, of) for key, (n, of) in shares.items() if of}
    ordered = sorted(exact.values(), reverse=True)
    place: dict[Fraction, int] = {}
    for n, value in enumerate(ordered, start=1):
        place.setdefault(value, n)
    return {key: place[exact[key]] if key in exact else None for key in shares}
