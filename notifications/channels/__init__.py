"""The ways letters leave the house, each behind one small protocol."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from events.delivery.facts import Outcome
from notifications.messages import Message


class Fate(StrEnum):
    """What became of one try."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    """For good; trying again changes nothing."""
    LATER = "later"
    """Not now; surely not taken."""
    UNCLEAR = "unclear"
    """Perhaps taken: the answer never came. The same message must be tried again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """The answer to one message."""

    fate: Fate
    reason: str | None = None
    refused: tuple[str, ...] = ()
    """Addresses refused although others were accepted."""


class ChannelDown(Exception):
    """Nothing can be handed over now, and no letter is to blame; the text says why."""


HandOver = Callable[[Message], Awaitable[Handed]]


class Channel(Protocol):
    """A way letters leave. One ``open`` serves one round of delivery."""

    @property
    def outcome(self) -> Outcome:
        """What an accepted message counts as: sent, or only kept."""
        ...

    def open(self) -> AbstractAsyncContextManager[HandOver]:
        """Hands over messages one after the other; the function raises ChannelDown."""
        ...
