"""Telling an operator how far a long work is, and how long it will take."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field
from typing import TextIO

WIDTH = 30
EVERY = 0.2
"""Seconds between two looks at the bar."""
FIRST = 0.02
"""The part after which an estimate is worth saying."""


@dataclass(slots=True)
class Bar:
    """A bar on a terminal; nothing where the output goes elsewhere."""

    name: str
    to: TextIO = field(default_factory=lambda: sys.stderr)
    began: float = field(default_factory=time.monotonic)
    shown: float = 0.0

    def __call__(self, part: float) -> None:
        """Shows the part done, 0 to 1."""
        now = time.monotonic()
        if not self.to.isatty() or (part < 1 and now - self.shown < EVERY):
            return
        self.shown = now
        self.to.write(f"\r{self.line(part, now - self.began)}\x1b[K")
        self.to.flush()

    def line(self, part: float, seconds: float) -> str:
        """What is shown after so many seconds."""
        filled = round(WIDTH * part)
        bar = "█" * filled + "░" * (WIDTH - filled)
        return f"{self.name} {bar} {part:4.0%}{remaining(part, seconds)}"

    def end(self) -> None:
        """Takes the bar away."""
        if self.to.isatty():
            self.to.write("\r\x1b[K")
            self.to.flush()


def remaining(part: float, seconds: float) -> str:
    """The estimate in words; empty where it is too early to tell."""
    if part < FIRST or part >= 1:
        return ""
    left = seconds * (1 - part) / part
    return f"，约剩 {left:.0f} 秒" if left < 90 else f"，约剩 {left / 60:.0f} 分钟"
