"""The stock of made-up words: the county, its problems, and what people say at each step."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from events.vocabulary import Role

NOT_AT_ONCE = ("rectification", "superior_transfer", "leader_instruction")
"""Kinds a problem is told under unless its entry names others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A unit of the county, its two people and, where it is a township, its villages."""

    name: str
    kind: str
    parent: str | None = None
    head: str | None = None
    liaison: str | None = None
    user: str | None = None
    """The liaison's account."""
    was: str | None = None
    """The name it bore at first."""
    villages: tuple[str, ...] = ()

    @property
    def first_name(self) -> str:
        """The name it is registered under."""
        return self.was or self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Official:
    """Somebody with an account beside the units' liaisons."""

    name: str
    unit: str
    user: str
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class County:
    """The whole made-up county."""

    name: str
    domain: str
    password: str
    top: str
    places: tuple[Place, ...]
    officials: tuple[Official, ...]

    @property
    def townships(self) -> tuple[Place, ...]:
        """The units with villages."""
        return tuple(place for place in self.places if place.villages)

    def place(self, name: str) -> Place:
        """A unit by the name it bears in the end."""
        return next(place for place in self.places if place.name == name)

    def user_of(self, unit: str) -> str:
        """The account that acts for a unit: its liaison's."""
        user = self.place(unit).user
        assert user is not None, f"{unit} has no account"
        return user

    def with_role(self, role: Role) -> tuple[Official, ...]:
        """Officials of a role, in the order of the file."""
        return tuple(official for official in self.officials if official.role is role)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One kind of trouble and how it goes, with ``{place}``, ``{village}`` and numbers still open."""

    title: str
    lead: str
    problem: str
    measures: str
    goal: str
    steps: tuple[str, ...]
    progress: tuple[str, ...]
    done: str
    found: str
    undone: str
    back: str | None = None
    co: tuple[str, ...] = ()
    kinds: tuple[str, ...] = NOT_AT_ONCE
    once: bool = False
    """Whether it can happen in one place only."""
    story: str | None = None
    """The one story it is kept for."""


Words = Mapping[str, Mapping[str, Any]]
"""What people say, by occasion."""


def read_county() -> County:
    """The county as the file tells it."""
    table = _read("county.toml")
    places = [Place(name=table["top"], kind="县级")]
    places += [Place(**{"parent": table["top"], **row}) for row in table["units"]]
    for kind, section in (("县直部门", "departments"), ("乡镇", "townships")):
        places += [_place(line, kind, table["top"]) for line in _lines(table[section]["rows"])]
    officials = [
        Official(name=name, unit=unit, user=user, role=Role(role))
        for name, unit, user, role in table["people"]["others"]
    ]
    by_name = {place.name: place for place in places}
    for unit, user in table["people"]["heads"]:
        head = by_name[unit].head
        assert head is not None
        officials.append(Official(name=head, unit=unit, user=user, role=Role.UNIT_HEAD))
    return County(
        name=table["name"],
        domain=table["domain"],
        password=table["password"],
        top=table["top"],
        places=tuple(places),
        officials=tuple(officials),
    )


def read_problems() -> tuple[Problem, ...]:
    """Every kind of trouble, in the order of the files' names."""
    folder = files("service.demo") / "problems"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return tuple(_problem(row) for name in names for row in _read(f"problems/{name}")["problems"])


def read_words() -> Words:
    """What people say at each step."""
    return _read("words.toml")


def _place(words: list[str], kind: str, parent: str) -> Place:
    name, head, liaison, user, *more = words
    township = kind == "乡镇"
    return Place(
        name=name,
        kind=kind,
        parent=parent,
        head=head,
        liaison=liaison,
        user=user,
        villages=tuple(more) if township else (),
        was=more[0] if more and not township else None,
    )


def _problem(row: dict[str, Any]) -> Problem:
    fields: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in row.items()
    }
    return Problem(**fields)


def _lines(text: str) -> list[list[str]]:
    return [line.split() for line in text.strip().splitlines()]


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((files("service.demo") / name).read_text(encoding="utf-8"))
