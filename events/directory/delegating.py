"""代办: while a person is away another one stands in, for named acts or for all, from one day to another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from events.directory.checking import admitted_role, already, effective_day, shown
from events.directory.commands import DelegateDuty, EndDelegation
from events.directory.facts import DelegationEnded, DutyDelegated
from events.directory.state import Delegation, Directory, Person
from events.directory.surroundings import DirectorySurroundings
from events.refusals import Invalid, NotYours
from events.vocabulary import PersonId, Role

LONGEST = timedelta(days=366)
"""One delegation; a longer absence is another post."""


def may_delegate(person: Person, seen: DirectorySurroundings) -> Role | None:
    """The role under which the actor arranges who stands in: the person's own duty, a head of the office's, an
    administrator's. Raises NotYours for anybody else.
    """
    actor = seen.actor
    if actor.person == person.id:
        return next(iter(sorted(actor.roles)), None)
    if Role.OFFICE_HEAD in actor.roles:
        return Role.OFFICE_HEAD
    try:
        return admitted_role(actor, "代办的安排")
    except NotYours:
        raise NotYours("代办由本人、督查室负责人或系统管理员安排；请转请其办理。") from None


def delegated(person: Person, command: DelegateDuty, seen: DirectorySurroundings) -> DutyDelegated:
    """Who stands in for ``person``; refuses a stand-in who cannot act, a circle, an overlap, one's own verifier."""
    since = effective_day(command.from_, seen.today)
    period = Delegation(to=command.to, from_on=since, until_on=command.until, acts=command.acts)
    _refuse_wrong_days(period, seen.today)
    _refuse_unfit(person, period, seen)
    standing = next((one for one in person.delegations if _overlap(one, period)), None)
    if standing is not None:
        name = seen.directory.person_name(standing.to)
        raise Invalid(
            f"{shown(person.name)}在{standing.from_on}至{standing.last_on}已由{name}代办，日子不能重叠；请先结束那一次。",
            code="delegation-overlaps",
        )
    if _leads_back(period, person.id, seen.directory):
        name = seen.directory.person_name(command.to)
        raise Invalid(
            f"{name}那段时间的事又由{shown(person.name)}代办，转成一个圈；请另选一个人。",
            code="delegation-circle",
        )
    if seen.verified:
        name, numbers = seen.directory.person_name(command.to), "、".join(seen.verified)
        raise Invalid(
            f"{name}正核查{shown(person.name)}所在单位的{numbers}，不能代其办理；请另选一个人。",
            code="delegation-to-verifier",
        )
    return DutyDelegated(to=command.to, from_on=since, until_on=command.until, acts=command.acts)


def ended(person: Person, command: EndDelegation, seen: DirectorySurroundings) -> DelegationEnded:
    """The person is back from a day on; the delegation in force, or to come, ends."""
    on = effective_day(command.from_, seen.today)
    standing = next((one for one in reversed(person.delegations) if one.last_on >= on), None)
    if standing is None:
        raise already(f"{shown(person.name)}没有在代办的，不用结束。")
    return DelegationEnded(to=standing.to, from_on=on)


def _refuse_wrong_days(period: Delegation, today: date) -> None:
    if period.until_on < period.from_on:
        raise Invalid(
            f"代办到{period.until_on}早于开始的{period.from_on}，请核对起止日期。",
            code="wrong-period",
            field="until",
        )
    if period.until_on < today:
        raise Invalid(
            f"代办到{period.until_on}已经过去，请写今天或以后的日子。", code="date-passed", field="until"
        )
    if period.until_on - period.from_on > LONGEST:
        raise Invalid("代办一次最长一年；更久的请办调动，由接任的人办。", code="too-long", field="until")


def _refuse_unfit(person: Person, period: Delegation, seen: DirectorySurroundings) -> None:
    if person.left(period.from_on):
        raise Invalid(f"{shown(person.name)}已离任，没有要代办的；在办的请用交接。", code="person-left")
    if period.to == person.id:
        raise Invalid("自己不能代自己办理，请另选一个人。", code="same-person", field="to")
    known = seen.directory.people.get(period.to)
    if known is None:
        raise Invalid(
            f"没有“{period.to[:60]}”这个人，请从人员名录中选择。", code="unknown-person", field="to"
        )
    if known.left(period.until_on):
        raise Invalid(
            f"{shown(known.name)}于{known.left_on}离任，代不到头；请另选一个人。", code="person-left"
        )
    if not seen.directory.users_of(known.id):
        raise Invalid(
            f"{shown(known.name)}没有可用的账号，代不了；请先开账号，或另选一个人。", code="no-account"
        )


def _overlap(one: Delegation, other: Delegation) -> bool:
    return one.from_on <= other.last_on and other.from_on <= one.last_on


def _leads_back(period: Delegation, start: PersonId, directory: Directory) -> bool:
    """Whether the stand-in's own duty comes back to the start in the same days, directly or through others."""
    seen: set[PersonId] = set()
    waiting = [period.to]
    while waiting:
        here = waiting.pop()
        if here == start:
            return True
        known = directory.people.get(here)
        if here not in seen and known is not None:
            seen.add(here)
            waiting.extend(one.to for one in known.delegations if _overlap(one, period))
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Stood:
    """Somebody for whom another stands in on a day."""

    person: Person
    acts: tuple[str, ...]


def stood_for(directory: Directory, person: PersonId, on: date) -> tuple[Stood, ...]:
    """Everybody for whom a person stands in on a day."""
    principals = sorted(directory.stand_ins.get(person, ()))
    return tuple(
        Stood(person=known, acts=one.acts)
        for principal in principals
        if (known := directory.people.get(principal)) is not None and not known.left(on)
        for one in known.delegations
        if one.to == person and one.holds(on)
    )
