"""What a told week is made of: what people do, what an evening must show, and who lives through it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

# What people do


@dataclass(frozen=True, kw_only=True)
class Do:
    """A command on a matter. ``unit`` tells parts of one title apart; ``paper``: entered from a unit's scan."""

    by: str
    command: str
    matter: str
    unit: str = ""
    said: Mapping[str, str] = field(default_factory=dict)
    paper: bool = False
    telephone: bool = False
    refused: str = ""
    """Words of the sentence it is refused with."""


@dataclass(frozen=True, kw_only=True)
class Meet:
    """A meeting is put down and its decisions become matters in one go."""

    by: str


@dataclass(frozen=True, kw_only=True)
class GoAway:
    """Somebody asks a colleague to stand in for everything, up to and including a day."""

    by: str
    to: str
    until: str


@dataclass(frozen=True, kw_only=True)
class Register:
    """A matter from above is registered."""

    by: str
    title: str


@dataclass(frozen=True, kw_only=True)
class PrintLetters:
    """Every letter that reached nobody is printed with its hand-over list; ``signed`` sign for some of theirs."""

    by: str
    count: int
    signed: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ApproveMany:
    """Looked at first, then approved in one go."""

    by: str
    matters: tuple[str, ...]


Act = Do | Meet | GoAway | Register | PrintLetters | ApproveMany


# What an evening must show


@dataclass(frozen=True, kw_only=True)
class Evening:
    """What is right when the office goes home."""

    board: tuple[int, int, int, int, int, int]
    """待交办、待签收、方案、整改中、待核查、销号待批."""
    overdue: tuple[tuple[str, int], ...]
    """Title and days late, as listed."""
    owed: Mapping[str, Mapping[str, tuple[str, ...]]]
    """Account → what waits for it, by kind; a kind left out waits for nothing."""
    rates: Mapping[str, tuple[int, int]]
    """Of everything assigned since 1 February."""
    letters: Mapping[str, Mapping[str, int]]
    """Account → how many letters of which title reached it today."""
    on_paper: int
    """Letters that reached nobody and wait to be printed: on Friday yesterday's, those to nine towns and two bureaus that have not
    signed, the new assignment, and one to 水务局's head: three days late, and that post is vacant."""


@dataclass(frozen=True, kw_only=True)
class Day:
    on: str
    acts: tuple[Act, ...]
    evening: Evening
    stands_in: bool = False
    """Whether 代林砚秋 is to be seen everywhere."""


class Walker(Protocol):
    """Who lives through the week."""

    def begin(self, on: str) -> None:
        """Morning: the clock is set to half past eight and says what is due."""

    def act(self, act: Act) -> None: ...
    def deliver(self) -> None:
        """Afternoon: letters leave."""

    def board(self) -> tuple[int, ...]: ...
    def overdue(self) -> list[tuple[str, int]]: ...
    def owed(self, account: str) -> dict[str, tuple[str, ...]]: ...
    def rates(self, upto: str) -> dict[str, tuple[int, int]]: ...
    def letters(self, account: str, on: str) -> Counter[str]: ...
    def on_paper(self) -> int: ...
    def stands_in(self) -> bool:
        """Whether the colleague is seen to stand in on every screen."""


def live(walker: Walker, day: Day) -> None:
    """One day from morning to evening."""
    walker.begin(day.on)
    for act in day.acts:
        walker.act(act)
    walker.deliver()


def shown(walker: Walker, day: Day) -> Evening:
    """What the evening shows, asked for whatever the story says of it."""
    told = day.evening
    found = walker.rates(day.on)
    return Evening(
        board=walker.board(),  # type: ignore[arg-type]
        overdue=tuple(walker.overdue()),
        owed={account: walker.owed(account) for account in told.owed},
        rates={rule: found[rule] for rule in told.rates},
        letters={account: dict(walker.letters(account, day.on)) for account in told.letters},
        on_paper=walker.on_paper(),
    )
