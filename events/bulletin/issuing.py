"""编号、印发、签收、催签: out to every unit by its posts, and back with every unit's receipt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from events.bulletin.acting import Command, became
from events.bulletin.drafting import refuse_overlap
from events.bulletin.series import Series
from events.bulletin.state import STANDING, Addressee, Bulletin, Head, LeaderList, Rendition, Scan
from events.bulletin.surroundings import Surroundings
from events.directory.state import Directory
from events.record.envelope import Decision, Draft, Numbering
from events.refusals import Conflict, Invalid, NotFound, StaleVersion
from events.rules.calendar import WorkingDays
from events.vocabulary import BEIJING, BulletinId, PersonId, Role, UnitId


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberBulletin(Command):
    """Take the next 第n期; the first half of issuing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueBulletin(Command):
    """Send it out: to the units it speaks of and those further named; ``copies_to`` are bodies outside (抄送)."""

    units: tuple[UnitId, ...] = ()
    copies_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgeBulletin(Command):
    """Receive it for one's unit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BulletinNumbered:
    """编期号: 第n期 of its series and year, given by the record without holes."""

    issue_no: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BulletinIssued:
    """印发: to whom, by which posts and persons of that day, and the very documents that went out."""

    addressees: tuple[Addressee, ...]
    copies_to: tuple[str, ...]
    head: Head
    full: Rendition
    public: Rendition
    acknowledge_within: int = 2
    """Working days after the issue by which a unit should have received it."""
    remind_every: int = 2
    """Working days between two reminders."""
    leader_lists: tuple[LeaderList, ...] = ()
    """With a monthly bulletin every 首席责任领导 gets the matters under him."""
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BulletinAcknowledged:
    """签收: a unit has received it."""

    unit: UnitId
    file: Scan | None = None
    """The signed receipt, where the office enters it."""
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgementReminded:
    """催签: these units had not received it by this day."""

    slot: date
    units: tuple[UnitId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BulletinCorrected:
    """已更正: a new document takes the place of this one."""

    by: BulletinId
    by_no: str
    changes: tuple[str, ...] = ()


def number(command: NumberBulletin, bulletin: Bulletin, seen: Surroundings) -> Decision:  # noqa: ARG001
    """编期号; what would hinder the issue is refused before a number is taken."""
    _refuse_taken_period(bulletin, seen)
    series = f"bulletin/{bulletin.series}/{seen.today.year}"
    draft = Draft(stream=bulletin.stream, fact=BulletinNumbered())
    wish = Numbering(draft=0, field="issue_no", series=series)
    return Decision(drafts=(draft,), numbers=(wish,))


def issue(command: IssueBulletin, bulletin: Bulletin, seen: Surroundings) -> Decision:
    """印发; a correcting bulletin puts its number on the one it corrects in the same moment."""
    rendered = seen.rendered
    assert rendered is not None
    if rendered.version != bulletin.version:
        raise StaleVersion("刚才有人动过这份通报；刷新看过最新情况，再印发。")
    _refuse_taken_period(bulletin, seen)
    addressees = addressees_of(bulletin, command.units, seen.directory, seen.today)
    fact = BulletinIssued(
        addressees=addressees,
        copies_to=clean_copies(command.copies_to),
        head=rendered.head,
        full=rendered.full,
        public=rendered.public,
        leader_lists=seen.leader_lists,
        **({} if seen.series is None else _rungs(seen.series)),
        text=command.text,
    )
    drafts = [Draft(stream=bulletin.stream, fact=fact)]
    if bulletin.corrects is not None:
        old = seen.others[bulletin.corrects]
        mark = BulletinCorrected(by=bulletin.id, by_no=bulletin.document_no, changes=bulletin.changes)
        drafts.append(Draft(stream=old.stream, fact=mark))
    return Decision(drafts=tuple(drafts), answer={"recipients": len(addressees)})


def _refuse_taken_period(bulletin: Bulletin, seen: Surroundings) -> None:
    assert bulletin.period is not None
    others = tuple(one for one in seen.siblings if one.id not in (bulletin.id, bulletin.corrects))
    refuse_overlap(bulletin.period, bulletin.subject, others, STANDING)
    if bulletin.corrects is not None and seen.others[bulletin.corrects].stage not in STANDING:
        raise Conflict(
            "被更正的那份通报已经撤回或另有更正；撤回本稿，核对后重新拟。", code="correction-overtaken"
        )


def addressees_of(
    bulletin: Bulletin, further: Iterable[UnitId], directory: Directory, on: date
) -> tuple[Addressee, ...]:
    """The units of the full table and those further named, with who holds their posts. Raises NotFound."""
    wanted: dict[UnitId, None] = {}
    for unit in bulletin.standing_content.units:
        known = directory.units.get(unit)
        while known is not None and known.closed(on) and known.successor is not None:
            known = directory.units.get(known.successor)
        if known is not None and not known.closed(on):
            wanted[known.id] = None
    for unit in further:
        if unit not in directory.units or directory.units[unit].closed(on):
            raise NotFound("发送单位不在单位名录里，或已撤销；从名录中另选。")
        wanted[unit] = None
    held = _held(directory, on)
    return tuple(
        Addressee(
            unit=unit,
            name=directory.unit_name(unit, on),
            posts=tuple((role, tuple(held.get((unit, role), ()))) for role in POSTS),
        )
        for unit in wanted
    )


def _held(directory: Directory, on: date) -> dict[tuple[UnitId, Role], list[PersonId]]:
    held: dict[tuple[UnitId, Role], list[PersonId]] = {}
    for person in sorted(directory.people.values(), key=lambda one: one.id):
        unit = person.unit(on)
        for role in person.roles(on):
            if unit is not None and role in POSTS:
                held.setdefault((unit, role), []).append(person.id)
    return held


def clean_copies(copies: Iterable[str]) -> tuple[str, ...]:
    """抄送机关, each once, blanks dropped. Raises Invalid for too many."""
    cleaned = tuple(dict.fromkeys(name for copy in copies if (name := " ".join(copy.split()))))
    if len(cleaned) > MOST_COPIES:
        raise Invalid(f"抄送机关写了{len(cleaned)}个，最多{MOST_COPIES}个；用统称合并。", code="too-long")
    return cleaned


def acknowledge(command: AcknowledgeBulletin, bulletin: Bulletin, seen: Surroundings) -> Decision:
    """签收, for the actor's own unit; ``deciding`` has admitted an addressee."""
    unit = receiving_unit(bulletin, seen)
    assert unit is not None
    if any(one.unit == unit for one in bulletin.receipts):
        raise Conflict("您单位已经签收过这份通报，不用再签。", code="already-so")
    if seen.on_behalf_of is not None and seen.file is None and not (command.text or "").strip():
        raise Invalid(
            "代录签收要附上回执扫描件，或在 text（说明）里写明来电情况；补上再录。", code="missing-paper"
        )
    return became(bulletin, BulletinAcknowledged(unit=unit, file=seen.file, text=command.text))


def receiving_unit(bulletin: Bulletin, seen: Surroundings) -> UnitId | None:
    """The addressee the actor receives for: the own unit, or one it took over from; None where there is none."""
    addressed = [one.unit for one in bulletin.addressees]
    if seen.on_behalf_of is not None:
        return seen.on_behalf_of if seen.on_behalf_of in addressed else None
    if seen.actor.unit is None:
        return None
    mine = seen.directory.inherits_from(seen.actor.unit, seen.today)
    standing = [unit for unit in addressed if unit in mine]
    received = {one.unit for one in bulletin.receipts}
    return next((unit for unit in standing if unit not in received), standing[0] if standing else None)


def remind(bulletin: Bulletin, seen: Surroundings) -> Decision:
    """催签, by the clock: once per rung; nothing where nobody owes a receipt or the rung was said."""
    slot = reached_rung(bulletin, seen.calendar, seen.today)
    if slot is None:
        return became(bulletin)
    units = tuple(one.unit for one in bulletin.unreceived)
    return became(bulletin, AcknowledgementReminded(slot=slot, units=units))


def reached_rung(bulletin: Bulletin, calendar: WorkingDays, today: date) -> date | None:
    """The newest unsaid rung that lies not after ``today``; None where there is none."""
    rung = next_rung(bulletin, calendar)
    if rung is None or rung > today:
        return None
    while (following := calendar.nth_working_day_after(rung, bulletin.remind_every).on) <= today:
        rung = following
    return rung


def next_rung(bulletin: Bulletin, calendar: WorkingDays) -> date | None:
    """The first unsaid rung; None where no receipt is owed or enough was said.

    Rungs fall on the working day after those in which a unit should receive, then every so many working days.
    """
    owed = bulletin.stage in STANDING and bulletin.issued_at is not None and bulletin.unreceived
    if not owed or len(bulletin.reminded) >= MOST_REMINDERS:
        return None
    if bulletin.reminded:
        return calendar.nth_working_day_after(bulletin.reminded[-1], bulletin.remind_every).on
    assert bulletin.issued_at is not None
    issued_on = bulletin.issued_at.astimezone(BEIJING).date()
    return calendar.nth_working_day_after(issued_on, bulletin.acknowledge_within + 1).on


def _rungs(series: Series) -> dict[str, int]:
    return {
        "acknowledge_within": series.acknowledge_within_working_days,
        "remind_every": series.remind_every_working_days,
    }


POSTS = (Role.UNIT_LIAISON, Role.UNIT_HEAD)
MOST_COPIES = 40
MOST_REMINDERS = 6
"""A unit that has not received it after so many is for the office to call."""
