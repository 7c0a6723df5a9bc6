"""代录、补录: an act entered for somebody else or after its day, and from when it counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from events.matter.acting import Command
from events.matter.authority import BY_UNIT, Who, handled
from events.matter.checking import required
from events.matter.permission import Permission
from events.matter.state import Matter
from events.matter.surroundings import Surroundings
from events.refusals import Invalid
from events.vocabulary import BEIJING, OFFICE, Role


def with_effect(
    row: Permission, role: Role, command: Command, matter: Matter, seen: Surroundings
) -> Surroundings:
    """The surroundings with ``effective_at`` set where an earlier paper act is entered so that it counts.

    Refuses a moment in the future, one before what it depends on, one too long ago to count, and an entry for
    somebody else without paper.
    """
    _refuse_stranger(row, command, matter, seen)
    if seen.occurred_at is None:
        return seen
    if seen.occurred_at > seen.at:
        raise Invalid(
            f"发生时间{_shown(seen.occurred_at)}在将来，请改为现在或以前的时间。", code="occurred-in-future"
        )
    counts = _counts(role, command, matter, seen)
    before = _depends_on(row, matter, counts=counts)
    if before is not None and seen.occurred_at < before:
        raise Invalid(
            f"发生时间{_shown(seen.occurred_at)}早于它所依据的上一步（{_shown(before)}），请核对时间。",
            code="occurred-before-previous",
        )
    if not counts:
        return seen
    days = (seen.today - seen.occurred_at.astimezone(BEIJING).date()).days
    if days > seen.rules.late_entry_max_days:
        raise Invalid(
            f"补录至多回溯{seen.rules.late_entry_max_days}日，{_shown(seen.occurred_at)}已过{days}日；"
            "请按今天录入，并在说明中写明原由。",
            code="late-entry-too-old",
        )
    return replace(seen, effective_at=seen.occurred_at)


def by_telephone(command: Command, seen: Surroundings) -> Command:
    """The command with who called in front of its words. Raises Invalid where nobody is spoken for."""
    caller = required(seen.caller or "", "来电人")
    if seen.on_behalf_of is None:
        raise Invalid("来电人只用于代单位录入，请写明代哪个单位录，或去掉来电人。", code="caller-of-nobody")
    said = f"：{command.text}" if (command.text or "").strip() else "。"
    return replace(command, text=f"电话记录（来电人{caller}）{said}")


def stated_moment(seen: Surroundings) -> datetime | None:
    """When the act happened according to who enters it; None: as it is recorded."""
    return seen.occurred_at


def _refuse_stranger(row: Permission, command: Command, matter: Matter, seen: Surroundings) -> None:
    if seen.on_behalf_of is None:
        return
    if row.who not in BY_UNIT:
        raise Invalid(
            f"“{row.label}”不是责任单位的事，不能代录；请去掉代录单位再提交。", code="not-on-behalf"
        )
    if row.who is Who.CO_UNIT:
        if seen.on_behalf_of not in matter.co_units:
            units = "、".join(seen.directory.unit_name(unit, seen.today) for unit in matter.co_units)
            raise Invalid(f"只能代配合单位{units}录入，请改正代录单位。", code="not-co-unit")
    elif seen.on_behalf_of != matter.lead_unit:
        lead = seen.directory.unit_name(matter.lead_unit, seen.today)
        raise Invalid(f"只能代牵头单位{lead}录入本件，请改正代录单位。", code="not-lead-unit")
    told = (seen.caller or "").strip() or (command.text or "").strip()
    if seen.paper is None and not told:
        raise Invalid("代录须附纸质件扫描件，或写明来电人、说明，请补上其中一样。", code="missing-paper")


def _counts(role: Role, command: Command, matter: Matter, seen: Surroundings) -> bool:
    """补录: only the office, with words and a file, enters an earlier act so that it counts; never for its own unit."""
    return (
        role in OFFICE
        and seen.paper is not None
        and bool((command.text or "").strip())
        and not handled(matter, seen)
    )


def _depends_on(row: Permission, matter: Matter, *, counts: bool) -> datetime | None:
    if row.after is not None:
        return row.after(matter)
    return matter.stage_at if counts else matter.stage_occurred_at


def _shown(moment: datetime) -> str:
    return f"{moment.astimezone(BEIJING):%Y-%m-%d %H:%M}"
