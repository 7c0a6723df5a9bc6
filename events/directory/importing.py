"""批量导入: many units and people at once, all or nothing, every fault named with its line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from events.directory.checking import (
    admitted_role,
    clean_email,
    clean_name,
    clean_phone,
    clean_roles,
    normalised,
    optional_name,
    shown,
)
from events.directory.commands import ImportDirectory, PersonRow, UnitRow
from events.directory.facts import PersonRegistered, UnitRegistered
from events.directory.state import Directory
from events.directory.surroundings import DirectorySurroundings
from events.directory.units import name_claim, taken
from events.record.envelope import Claim, Decision, Draft
from events.refusals import Invalid, NameTaken, Refusal
from events.vocabulary import UnitId

Row = TypeVar("Row", UnitRow, PersonRow)


class UnreadableRows(Invalid):
    """Lines that cannot be taken; ``errors`` lists each with its line (422)."""

    code = "unreadable-rows"


def decide_import(command: ImportDirectory, seen: DirectorySurroundings) -> Decision:
    """Admits a whole table of units and people or none of it. The answer carries how many ``units`` and ``people``.

    A unit's parent may stand anywhere in the table, or be in the directory already. Raises NotYours, UnreadableRows.
    """
    role = admitted_role(seen.actor, "单位和人员的批量导入")
    if not command.rows:
        raise UnreadableRows("表里一行也没有，请在表头之下逐行写上单位和人员。", errors=[])
    if len(command.rows) > MOST_ROWS:
        raise UnreadableRows(f"表里有{len(command.rows)}行，超过{MOST_ROWS}行，请分成几个文件。", errors=[])
    table = _Table(today=seen.today, prefix=seen.new_id)
    _know_directory(table, seen.directory)
    _take_units(table, [row for row in command.rows if isinstance(row, UnitRow)])
    _take_people(table, [row for row in command.rows if isinstance(row, PersonRow)])
    if table.errors:
        raise rows_refused(table.errors)
    units = sum(isinstance(draft.fact, UnitRegistered) for draft in table.drafts)
    return Decision(
        drafts=tuple(table.drafts),
        claims=tuple(table.claims),
        role=role,
        answer={"units": units, "people": len(table.drafts) - units},
    )


def rows_refused(errors: list[tuple[int, str]]) -> UnreadableRows:
    """The refusal of a table: the first fault in words, all of them for the page."""
    errors = sorted(errors)
    line, sentence = errors[0]
    more = f"（共{len(errors)}行有问题，一行也没有导入）" if len(errors) > 1 else "（整张表都没有导入）"
    return UnreadableRows(
        f"第{line}行：{sentence}{more}", errors=[{"line": line, "detail": said} for line, said in errors]
    )


@dataclass(slots=True, kw_only=True)
class _Table:
    """The import in the making."""

    today: date
    prefix: str
    drafts: list[Draft] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    errors: list[tuple[int, str]] = field(default_factory=list)
    by_name: dict[str, list[UnitId]] = field(default_factory=dict)
    parents: dict[UnitId, UnitId | None] = field(default_factory=dict)
    names: dict[UnitId, str] = field(default_factory=dict)
    taken: set[tuple[UnitId | None, str]] = field(default_factory=set)
    people: set[tuple[UnitId, str]] = field(default_factory=set)

    def know(self, unit: UnitId, name: str, parent: UnitId | None) -> None:
        self.by_name.setdefault(normalised(name), []).append(unit)
        self.parents[unit] = parent
        self.names[unit] = normalised(name)
        self.taken.add((parent, normalised(name)))

    def new_id(self) -> str:
        return f"{self.prefix}-{len(self.drafts) + 1}"


def _know_directory(table: _Table, directory: Directory) -> None:
    for unit in directory.units.values():
        if unit.names and unit.closed_on is None:
            table.know(unit.id, unit.name(table.today), unit.parent(table.today))
            table.taken.add((unit.parent(date.max), normalised(unit.name(date.max))))
    for person in directory.people.values():
        at = person.unit(table.today)
        if at is not None and not person.left(table.today):
            table.people.add((at, normalised(person.name)))


def _take_units(table: _Table, rows: list[UnitRow]) -> None:
    waiting = rows
    while waiting:
        coming = {normalised(row.name) for row in waiting}
        later: list[UnitRow] = []
        for row in waiting:
            if row.parent is not None and _comes_later(table, row.parent, coming):
                later.append(row)
            else:
                _noting(table, row, _take_unit)
        if len(later) == len(waiting):
            table.errors.extend(
                (row.line, f"单位{shown(row.name)}的上级绕成了圈，请核对上级一列。") for row in later
            )
            return
        waiting = later


def _comes_later(table: _Table, parent: str, coming: set[str]) -> bool:
    """Whether a parent is not known yet but has a line that is still to be taken."""
    return not _found(table, parent) and normalised(parent.rsplit("/", maxsplit=1)[-1]) in coming


def _take_unit(table: _Table, row: UnitRow) -> None:
    name = clean_name(row.name, "单位名称")
    parent = None if row.parent is None else _the_one(table, row.parent, "上级单位")
    if (parent, normalised(name)) in table.taken:
        raise NameTaken(taken(name))
    unit = UnitId(table.new_id())
    fact = UnitRegistered(
        name=name, from_on=table.today, parent=parent, kind=optional_name(row.kind, "单位类别")
    )
    table.drafts.append(Draft(stream=f"unit-{unit}", fact=fact))
    table.claims.append(name_claim(unit, parent, name))
    table.know(unit, name, parent)


def _take_people(table: _Table, rows: list[PersonRow]) -> None:
    for row in rows:
        _noting(table, row, _take_person)


def _take_person(table: _Table, row: PersonRow) -> None:
    name = clean_name(row.name, "姓名")
    unit = _the_one(table, row.unit, "所在单位")
    if (unit, normalised(name)) in table.people:
        raise Invalid(f"{shown(name)}在这个单位已经有了，请删去这一行；确是同名两人的，请在页面上单独登记。")
    fact = PersonRegistered(
        name=name,
        unit=unit,
        from_on=table.today,
        email=clean_email(row.email) or None,
        phone=clean_phone(row.phone) or None,
        roles=clean_roles(row.roles),
    )
    table.drafts.append(Draft(stream=f"person-{table.new_id()}", fact=fact))
    table.people.add((unit, normalised(name)))


def _noting(table: _Table, row: Row, take: Callable[[_Table, Row], None]) -> None:
    try:
        take(table, row)
    except Refusal as refused:
        table.errors.append((row.line, refused.sentence))


def _the_one(table: _Table, written: str, what: str) -> UnitId:
    found = _found(table, written)
    if not written.strip():
        raise Invalid(f"没有写{what}，请填上它的名称。")
    if not found:
        raise Invalid(f"{what}{shown(written)}不在单位名录里，也不在本表里，请核对名称，或先写上这个单位。")
    if len(found) > 1:
        raise Invalid(f"叫{shown(written)}的单位有{len(found)}个，请写成“上级/下级”的样子，说明是哪一个。")
    return found[0]


def _found(table: _Table, written: str) -> list[UnitId]:
    """The units a name or a path means; a name with a slash of its own is tried first."""
    if whole := table.by_name.get(normalised(written)):
        return whole
    *above, last = written.split("/")
    return [
        unit
        for unit in table.by_name.get(normalised(last), ())
        if above and _stands_under(table, unit, above)
    ]


def _stands_under(table: _Table, unit: UnitId, path: list[str]) -> bool:
    here = table.parents[unit]
    for name in reversed(path):
        if here is None or table.names.get(here) != normalised(name):
            return False
        here = table.parents.get(here)
    return True


MOST_ROWS = 10_000
