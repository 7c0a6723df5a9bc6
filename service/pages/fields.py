"""Form fields as they are drawn: their words, what is in them, what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from events.directory.state import Directory, Unit
from events.vocabulary import UnitId
from service.pages.form_words import FieldWords, Widget
from service.pages.views import Option
from service.pages.visiting import Visit

Raw = Mapping[str, list[str]]
"""What was typed, by field name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Options under one heading."""

    title: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """One line of a plan's steps."""

    title: str = ""
    due_on: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartLine:
    """One unit of a split with a limit or a person of its own."""

    unit: str = ""
    limit: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldView:
    """One field of a form."""

    name: str
    label: str
    widget: str
    value: str = ""
    hint: str = ""
    required: bool = False
    rows: int = 3
    options: tuple[Option, ...] = ()
    groups: tuple[Group, ...] = ()
    steps: tuple[StepView, ...] = ()
    lines: tuple[PartLine, ...] = ()
    parts: tuple[FieldView, ...] = ()
    problem: str = ""
    words: str = ""

    @property
    def id(self) -> str:
        """The element's id."""
        return f"f-{self.name}"

    @property
    def described(self) -> str:
        """The ids of what describes it."""
        found = [f"{self.id}-hint"] if self.hint else []
        return " ".join([*found, *([f"{self.id}-wrong"] if self.problem else [])])

    @property
    def hinted(self) -> bool:
        """Whether an option explains itself."""
        return any(option.hint for option in self.options)


def first(raw: Raw, name: str, default: str = "") -> str:
    """What was typed in a field."""
    return raw.get(name, [default])[0]


def view(name: str, words: FieldWords, raw: Raw, problems: Mapping[str, str]) -> FieldView:
    """A field without options of its own."""
    return FieldView(
        name=name,
        label=words.label,
        widget=words.widget.value,
        value=first(raw, name),
        hint=words.hint,
        required=words.required,
        rows=words.rows,
        problem=problems.get(name, ""),
    )


def options(
    pairs: Iterable[tuple[str, str]], chosen: Iterable[str] = (), hints: Mapping[str, str] | None = None
) -> tuple[Option, ...]:
    """Choices from (value, label) pairs."""
    picked = set(chosen)
    said = hints or {}
    return tuple(Option(value=v, label=label, chosen=v in picked, hint=said.get(v, "")) for v, label in pairs)


def unit_groups(visit: Visit, chosen: Iterable[str], *, without: Iterable[str] = ()) -> tuple[Group, ...]:
    """Every unit that is not closed, under the unit above it."""
    directory, day = visit.directory, visit.day
    picked, left_out = set(chosen), set(without)
    below: dict[UnitId | None, list[Unit]] = {}
    for unit in directory.units.values():
        if not unit.closed(day) and unit.id not in left_out:
            below.setdefault(unit.parent(day), []).append(unit)
    groups = []
    for parent in sorted(below, key=lambda unit: (unit is not None, path(directory, unit, visit))):
        units = sorted(below[parent], key=lambda unit: visit.unit_name(unit.id))
        title = path(directory, parent, visit) if parent is not None else ""
        picks = tuple(
            Option(value=unit.id, label=visit.unit_name(unit.id), chosen=unit.id in picked) for unit in units
        )
        groups.append(Group(title=title, options=picks))
    return tuple(groups)


def path(directory: Directory, unit: UnitId | None, visit: Visit) -> str:
    """“县政府 / 县水务局”."""
    if unit is None:
        return ""
    above = [visit.unit_name(one) for one in directory.ancestors(unit, visit.day)]
    return " / ".join([*reversed(above), visit.unit_name(unit)])


HAS_FILE = Widget.FILE.value
