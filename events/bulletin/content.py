"""What a 通报 says: prose with fields for figures, figures bound to the record, tables, and all that re-derives them.

A content is composed once, kept in the fact that drafted the bulletin, and never changed: people's edits of the prose
are kept beside it (``events.bulletin.prose``). Whoever recomputes it needs only this value and the record.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from events.vocabulary import MatterId, UnitId

Fraction = tuple[int, int | None]
"""Numerator and denominator; the denominator is None for a plain count."""

PRAISE, PROBLEM = "praise", "problem"
"""Why something is named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A period of a series, both days included, with the words it is called by (2026年6月)."""

    first: date
    last: date
    label: str


def asked_as(position: int, judged_on: date) -> str:
    """The ``as_of`` of a question frozen at a position and judged on a day."""
    return f"{position}@{judged_on.isoformat()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """数据定格: what was counted, for ever the same."""

    as_of: int
    """Position: facts recorded up to it count."""
    judged_on: date
    """Lateness is judged on this Beijing day."""
    counted_from: date
    """Rates count the matters first assigned from here to the period's last day."""

    @property
    def asked(self) -> str:
        """The ``as_of`` under which any list shows the same."""
        return asked_as(self.as_of, self.judged_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number of the bulletin: a rule's answer about some matters at the frozen position."""

    id: str
    """What prose calls it by: ``{closing_rate}``; ``{closing_rate.change}`` compares it with the period before."""
    label: str
    rule: str
    """Id of the counting rule (``events.rules.rates``)."""
    rule_version: int
    numerator: int
    denominator: int | None
    """None: a plain count of matters."""
    shown: str
    """76.3%（29/38）, 29件, or — where nothing was to be counted."""
    previous: Fraction | None
    """The same figure of the period before, at that period's own last day; None: there is none to compare with."""
    previous_shown: str
    change: str
    """比上期提高4.1个百分点."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A paragraph about a unit, or units that share a place; made from the record alone and not edited."""

    units: tuple[UnitId, ...]
    heading: str
    text: str
    matters: tuple[MatterId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One of 一、基本情况 … 四、下步要求, in the order of the bulletin."""

    id: str
    """``situation praise problems requirements``, and what a template adds."""
    heading: str
    """Without its number."""
    prose: tuple[str, ...]
    """Paragraphs with fields in braces; these may be edited, keeping their fields."""
    items: tuple[Item, ...] = ()
    """What follows the prose, unit by unit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A matter the bulletin names, and why."""

    matter: MatterId
    number: str
    unit: UnitId
    why: str
    """PRAISE or PROBLEM."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """How units are ranked; a series without a basis ranks none."""

    basis: str
    """The paper that lets units be ranked."""
    rule: str
    """Id of the rate units are ranked by."""
    rule_version: int
    statement: str
    """The ranking rule in words, as printed."""
    fast: int
    """How many places of a class the fast list names."""
    slow: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A unit on the fast or the slow list."""

    unit: UnitId
    name: str
    group: str
    rank: int
    share: Fraction
    shown: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of the full table."""

    rule: str
    rule_version: int
    label: str
    base: str
    """What is counted of what, printed under the table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A unit's line in the full table."""

    unit: UnitId
    """Empty: matters that have no unit on the day, for the whole to be the sum of its parts."""
    name: str
    rank: int | None
    """None: not ranked, or no case to be ranked by (—)."""
    cells: tuple[Fraction, ...]
    """In the order of the columns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A class of units, ranked apart; rows by rank, or in the directory's order."""

    label: str
    rows: tuple[Row, ...]
    total: tuple[Fraction, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FullTable:
    """附件1: every unit with every figure; the parts sum to ``total``."""

    title: str
    columns: tuple[Column, ...]
    groups: tuple[Group, ...]
    total: tuple[Fraction, ...]
    ranked: bool
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OverdueRow:
    """A line of the overdue register."""

    matter: MatterId
    number: str
    title: str
    unit: UnitId
    unit_name: str
    first_due_on: date
    """The limit first set."""
    due_on: date
    """The limit as it stands."""
    days_late: int
    """Calendar days on the day judged."""
    extensions: int
    """Times extended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OverdueRegister:
    """附件2: every matter overdue on the day judged, worst first."""

    title: str
    rows: tuple[OverdueRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar of a chart."""

    label: str
    value: int
    of: int | None
    """The denominator, where the bar shows a share."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A chart's figures; ``service.circulating.charts`` draws it, a table stands behind it."""

    id: str
    title: str
    label_head: str
    value_head: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BulletinContent:
    """A bulletin's whole content at a frozen position."""

    template: str
    """Name of the wording."""
    template_version: str
    title: str
    organ: str
    """The issuing organ's name."""
    period: Span
    frozen: Frozen
    previous: Span | None
    previous_frozen: Frozen | None
    """None: there was no period before to compare with."""
    figures: tuple[Figure, ...]
    sections: tuple[Section, ...]
    ranking: Ranking | None
    fast: tuple[Placed, ...]
    slow: tuple[Placed, ...]
    table: FullTable
    overdue: OverdueRegister
    charts: tuple[Chart, ...]
    named: tuple[Named, ...]

    @property
    def units(self) -> tuple[UnitId, ...]:
        """Every unit of the full table."""
        return tuple(row.unit for group in self.table.groups for row in group.rows if row.unit)

    @property
    def named_units(self) -> tuple[UnitId, ...]:
        """Units praised or criticised by name in the body, each once, in order of appearance."""
        placed = (place.unit for place in (*self.fast, *self.slow))
        told = (unit for section in self.sections for item in section.items for unit in item.units)
        return tuple(dict.fromkeys((*placed, *told)))

    def public(self) -> BulletinContent:
        """The part every unit gets: without the overdue register."""
        return replace(self, overdue=replace(self.overdue, rows=()))

    def mine(self, unit: UnitId) -> tuple[OverdueRow, ...]:
        """The overdue register's lines of one unit."""
        return tuple(row for row in self.overdue.rows if row.unit == unit)
