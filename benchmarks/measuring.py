"""What a measurement is: repeated values, a peer's values beside them, and the bar they are held against."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How much is measured."""

    quick: bool
    matters: int
    """How many open matters the stock holds."""
    seconds: float
    """How long one repeat of a throughput lasts."""
    repeats: int
    questions: int
    """How often each page is asked for."""
    peers: bool = True
    """Whether peers are measured beside, which are fetched from the network once."""


QUICK = Sizes(quick=True, matters=10_000, seconds=1.2, repeats=3, questions=15)
FULL = Sizes(quick=False, matters=100_000, seconds=6.0, repeats=5, questions=200)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One measured thing. Where a peer ran beside it, repeat ``n`` of both belong together."""

    what: str
    unit: str
    values: tuple[float, ...]
    peer: str = ""
    peer_values: tuple[float, ...] = ()
    bar: float | None = None
    """What must be reached, or not exceeded where the unit is a time or a size."""
    judged_at: float = 0.5
    """The share of the values below which lies the one held against the bar; 0.95 for a p95."""
    ratio_bar: float | None = None
    """What the ratio to the peer must reach, or must not exceed where the unit is a time or a size."""
    note: str = ""

    @property
    def median(self) -> float:
        """The middle value."""
        return statistics.median(self.values)

    @property
    def peer_median(self) -> float | None:
        """The peer's middle value."""
        return statistics.median(self.peer_values) if self.peer_values else None

    @property
    def ratio(self) -> float | None:
        """Ours to the peer's, the middle of the pairs' ratios."""
        if not self.peer_values:
            return None
        if len(self.peer_values) != len(self.values):
            return self.median / statistics.median(self.peer_values)
        return statistics.median(
            ours / other for ours, other in zip(self.values, self.peer_values, strict=True)
        )

    @property
    def reached(self) -> bool | None:
        """Whether every bar is reached; None where there is none."""
        measured = [(percentile(self.values, self.judged_at), self.bar), (self.ratio, self.ratio_bar)]
        found = [(value, bar) for value, bar in measured if value is not None and bar is not None]
        if not found:
            return None
        return all(value <= bar if self.unit in AT_MOST else value >= bar for value, bar in found)

    def plain(self) -> dict[str, Any]:
        """For the JSON beside the table."""
        return {
            "what": self.what,
            "unit": self.unit,
            "median": self.median,
            "min": min(self.values),
            "max": max(self.values),
            "values": list(self.values),
            "peer": self.peer,
            "peer_median": self.peer_median,
            "peer_values": list(self.peer_values),
            "ratio": self.ratio,
            "bar": self.bar,
            "ratio_bar": self.ratio_bar,
            "reached": self.reached,
            "note": self.note,
        }


AT_MOST = frozenset({"毫秒", "秒", "MB", "倍"})
"""Units of which less is better."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What one benchmark found."""

    lines: tuple[Line, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    """One benchmark by its name on the command line."""

    name: str
    title: str
    run: Callable[[Sizes, Path], Measured]
    """Given the sizes and an empty folder of its own."""


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which ``share`` of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
