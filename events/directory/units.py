"""单位登记、更名、划转、撤销: the tree of units, every change dated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import assert_never

from events.directory.checking import (
    admitted_role,
    already,
    clean_name,
    effective_day,
    normalised,
    optional_name,
    shown,
    standing_unit,
)
from events.directory.commands import CloseUnit, MoveUnit, RegisterUnit, RenameUnit, UnitCommand
from events.directory.facts import UnitClosed, UnitFact, UnitMoved, UnitRegistered, UnitRenamed
from events.directory.state import Directory, Since, Unit
from events.directory.surroundings import DirectorySurroundings
from events.record.envelope import Claim, Decision, Draft
from events.refusals import Invalid, NameTaken, NotFound
from events.vocabulary import Role, UnitId


def decide_unit(
    name: UnitId, command: UnitCommand, unit: Unit | None, seen: DirectorySurroundings
) -> Decision:
    """Admits an act on the unit with the id ``name``; a new unit gets that id. The answer carries ``id``.

    Raises NotYours, NotFound, NameTaken, Conflict ``already-so``, Invalid.
    """
    role = admitted_role(seen.actor, "单位名录的维护")
    if isinstance(command, RegisterUnit):
        return _register(name, command, unit, seen, role)
    if unit is None or not unit.names:
        raise NotFound("没有这个单位，请从单位名录中选择。")
    match command:
        case RenameUnit():
            return _rename(unit, command, seen, role)
        case MoveUnit():
            return _move(unit, command, seen, role)
        case CloseUnit():
            return _close(unit, command, seen, role)
        case _:
            assert_never(command)


def name_key(parent: UnitId | None, name: str) -> str:
    """The key under which a unit's name is claimed: unique under its parent."""
    return f"{parent or ''}/{normalised(name)}"


def name_claim(unit: UnitId, parent: UnitId | None, name: str) -> Claim:
    """The claim on a unit's name under its parent."""
    return Claim(scope=NAME_SCOPE, key=name_key(parent, name), owner=unit, refusal=taken(name))


def taken(name: str) -> str:
    """What is said of a name that is in use."""
    return f"同一上级之下已有单位{shown(name)}，请换一个名称，或直接使用已有的这个单位。"


def _register(
    name: UnitId, command: RegisterUnit, unit: Unit | None, seen: DirectorySurroundings, role: Role | None
) -> Decision:
    if unit is not None and unit.names:
        raise already(f"单位{shown(unit.name(seen.today))}已经登记，不用再登记一次。")
    fact = UnitRegistered(
        name=clean_name(command.name, "单位名称"),
        from_on=seen.today,
        parent=command.parent,
        kind=optional_name(command.kind, "单位类别"),
    )
    if fact.parent is not None:
        _fit_parent(seen.directory, fact.parent)
    fresh = Unit(
        id=name,
        names=(Since(on=fact.from_on, position=0, value=fact.name),),
        parents=(Since(on=fact.from_on, position=0, value=fact.parent),),
    )
    _refuse_clash(seen.directory, fresh, fact.from_on)
    return _decision(name, fact, role, claims=(name_claim(name, fact.parent, fact.name),))


def _rename(unit: Unit, command: RenameUnit, seen: DirectorySurroundings, role: Role | None) -> Decision:
    on = _day(unit, command.from_, seen)
    name = clean_name(command.name, "单位名称")
    if unit.name(on) == name:
        raise already(f"单位在{on}已叫{shown(name)}，不用再更名。")
    said = Since(on=on, position=seen.directory.position + 1, value=name)
    after = replace(unit, names=(*unit.names, said))
    _refuse_clash(seen.directory, after, on)
    return _renamed(unit, after, UnitRenamed(name=name, from_on=on), role)


def _move(unit: Unit, command: MoveUnit, seen: DirectorySurroundings, role: Role | None) -> Decision:
    on = _day(unit, command.from_, seen)
    if unit.parent(on) == command.parent:
        raise already(f"单位在{on}已在这个上级之下，不用再划转。")
    if command.parent is not None:
        _fit_parent(seen.directory, command.parent)
    said = Since(on=on, position=seen.directory.position + 1, value=command.parent)
    after = replace(unit, parents=(*unit.parents, said))
    _refuse_circle(seen.directory, after, on)
    _refuse_clash(seen.directory, after, on)
    return _renamed(unit, after, UnitMoved(parent=command.parent, from_on=on), role)


def _close(unit: Unit, command: CloseUnit, seen: DirectorySurroundings, role: Role | None) -> Decision:
    if unit.closed_on is not None:
        raise already(f"单位{shown(unit.name(unit.closed_on))}已登记于{unit.closed_on}撤销，不用再撤销。")
    on = effective_day(command.from_, seen.today)
    if command.successor == unit.id:
        raise Invalid("承接单位不能是被撤销的单位自己，请改选别的单位。", code="bad-successor")
    if command.successor is not None:
        standing_unit(seen.directory, command.successor, on, "承接单位")
    elif seen.open_matters:
        raise Invalid(
            f"该单位还有{seen.open_matters}件未结事项，请写明承接单位（successor）后再撤销。",
            code="missing-successor",
        )
    below = [other.name(on) for other in seen.directory.units.values() if _is_below(other, unit.id, on)]
    if below:
        raise Invalid(
            f"该单位之下还有{'、'.join(shown(name) for name in sorted(below)[:3])}等{len(below)}个单位，"
            "请先把它们划转或撤销。",
            code="units-below",
        )
    fact = UnitClosed(from_on=on, successor=command.successor)
    return _decision(unit.id, fact, role, releases=((NAME_SCOPE, _last_key(unit)),))


def _day(unit: Unit, from_: date | None, seen: DirectorySurroundings) -> date:
    on = effective_day(from_, seen.today)
    if unit.closed(on):
        raise Invalid(f"该单位已于{unit.closed_on}撤销，不能再改；请改办它的承接单位。", code="unit-closed")
    return on


def _fit_parent(directory: Directory, parent: UnitId) -> None:
    """A unit with any closing day, even one to come, takes no more units."""
    standing_unit(directory, parent, date.max, "上级单位")


def _refuse_circle(directory: Directory, unit: Unit, since: date) -> None:
    for day in _days_since(since, *directory.units.values(), unit):
        above = unit.parent(day)
        if above is not None and (above == unit.id or unit.id in directory.ancestors(above, day)):
            raise Invalid("不能把单位划到它自己或它的下级之下，请另选上级单位。", code="circle")


def _refuse_clash(directory: Directory, unit: Unit, since: date) -> None:
    """Refuses two standing units of one name under one parent, on any day from ``since`` on.

    The claim guards what is written at the same moment; this guards the days on which a dated change is not yet,
    or no longer, what the claim stands for.
    """
    names = {normalised(said.value) for said in unit.names}
    for other in directory.units.values():
        if other.id == unit.id or names.isdisjoint(normalised(said.value) for said in other.names):
            continue
        for day in _days_since(since, unit, other):
            if (
                not unit.closed(day)
                and not other.closed(day)
                and unit.parent(day) == other.parent(day)
                and normalised(unit.name(day)) == normalised(other.name(day))
            ):
                raise NameTaken(taken(unit.name(day)))


def _is_below(unit: Unit, above: UnitId, since: date) -> bool:
    return any(unit.parent(day) == above and not unit.closed(day) for day in _days_since(since, unit))


def _days_since(since: date, *units: Unit) -> Iterator[date]:
    """``since`` and every later day on which one of the units changes."""
    yield since
    for unit in units:
        yield from (said.on for said in unit.names[1:] if said.on > since)
        yield from (said.on for said in unit.parents[1:] if said.on > since)


def _renamed(before: Unit, after: Unit, fact: UnitRenamed | UnitMoved, role: Role | None) -> Decision:
    old, new = _last_key(before), _last_key(after)
    if old == new or before.closed_on is not None:
        return _decision(before.id, fact, role)
    claim = name_claim(before.id, after.parent(date.max), after.name(date.max))
    return _decision(before.id, fact, role, claims=(claim,), releases=((NAME_SCOPE, old),))


def _last_key(unit: Unit) -> str:
    """The key a unit holds: that of the name and parent it will have once all recorded changes hold."""
    return name_key(unit.parent(date.max), unit.name(date.max))


def _decision(
    unit: UnitId,
    fact: UnitFact,
    role: Role | None,
    *,
    claims: tuple[Claim, ...] = (),
    releases: tuple[tuple[str, str], ...] = (),
) -> Decision:
    return Decision(
        drafts=(Draft(stream=f"unit-{unit}", fact=fact),),
        claims=claims,
        releases=releases,
        role=role,
        answer={"id": unit},
    )


NAME_SCOPE = "unit-name"
