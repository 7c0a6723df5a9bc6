"""What somebody may do with a matter now, as buttons: what waits for him first, grave acts last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from events.matter.deciding import permitted, permitted_on_behalf
from events.matter.permitted import PERMITTED
from events.matter.state import Matter
from events.matter.surroundings import Surroundings
from events.vocabulary import Stage, UnitId
from service.pages.papers import missing
from service.pages.views import Act
from service.pages.visiting import Visit

SHOWN = 5
"""Buttons beside each other; the others are under 更多."""

ON_SITE = "visit"
"""The verifier's form for the spot: photos and verdict in one."""

FIRST = (
    "approve-registration approve-handling-proposal assign acknowledge acknowledge-helping give-opinion co-sign "
    "decide-objection submit-plan approve-plan answer-support grant-extension resume "
    "pass-verification schedule-verification approve-write-off leader-acknowledge report-progress pass-look-back "
    "instruct"
).split()
"""What is offered before everything else, likeliest first."""

THEN = "urge attach-evidence report-completion request-support request-extension object".split()
"""What is offered after the first act and its other answer."""

ALWAYS_MORE = frozenset(
    "reassign merge cancel transfer correct reopen suspend amend select-look-back hand-over mark-key-case "
    "ask-opinion note link unlink submit-handling-proposal note-petitioner erase-petitioner "
    "recall-assignment withdraw-evidence".split()
)
"""What is done seldom, and has its place under 更多."""

BESIDE = frozenset(
    "split reject-registration return-handling-proposal "
    "return-plan refuse-extension fail-verification reject-write-off return-completion instruct-again".split()
)
"""The other answer to the first act, right after it."""


def surroundings(visit: Visit) -> Surroundings:
    """What decides about the buttons."""
    runtime = visit.runtime
    return Surroundings(
        actor=visit.actor,
        at=visit.asking.moment,
        directory=runtime.directory.now(),
        calendar=runtime.calendars.now(),
        procedures=runtime.settings.procedures,
        rules=runtime.settings.rules,
    )


def allowed(visit: Visit, matter: Matter) -> tuple[str, ...]:
    """The commands that may be sent now; none while looking at the past."""
    return () if visit.asking.past else permitted(matter, surroundings(visit))


def allowed_for_unit(visit: Visit, matter: Matter, unit: UnitId | None = None) -> tuple[str, ...]:
    """代录: the commands of the lead unit, or of the co-unit named, that the office may enter from paper."""
    return () if visit.asking.past else permitted_on_behalf(matter, surroundings(visit), unit)


def buttons(visit: Visit, matter: Matter, names: Sequence[str]) -> tuple[Act, ...]:
    """The acts as buttons in order of likelihood, the first one primary."""
    wording = visit.wording(matter.kind)
    own = tuple(
        Act(
            text=_text(name, matter, wording),
            href=f"/matters/{matter.id}/{name}",
            make=_make(name, first=index == 0),
        )
        for index, name in enumerate(_ordered(visit, matter, names)[:SHOWN])
    )
    if "pass-verification" not in names:
        return own
    others = (replace(act, make="line") if act.make == "primary" else act for act in own)
    return (Act(text="核查", href=f"/matters/{matter.id}/{ON_SITE}", make="primary"), *others)


def rest(visit: Visit, matter: Matter, names: Sequence[str], behalf: Sequence[str]) -> tuple[Act, ...]:
    """What is under 更多: the seldom acts, those that found no room, and 代录."""
    left = [*_ordered(visit, matter, names)[SHOWN:], *(n for n in names if _seldom(n, matter))]
    wording = visit.wording(matter.kind)
    own = [
        Act(text=f"{PERMITTED[name].label_for(wording)}…", href=f"/matters/{matter.id}/{name}")
        for name in left
    ]
    entered = [
        Act(text=f"代录：{PERMITTED[name].label_for(wording)}…", href=f"/matters/{matter.id}/{name}?for=unit")
        for name in behalf
        if name not in names
    ]
    helped = [
        Act(
            text=f"代{visit.unit_name(unit)}录：{PERMITTED[name].label_for(wording)}…",
            href=f"/matters/{matter.id}/{name}?for={unit}",
        )
        for unit in matter.co_units
        for name in allowed_for_unit(visit, matter, unit)
    ]
    return (*own, *entered, *helped)


def _seldom(name: str, matter: Matter) -> bool:
    """Splitting is offered at once where nothing was assigned yet, or it was split already."""
    if name == "split":
        return matter.stage is not Stage.REGISTERED and not matter.branches
    return name in ALWAYS_MORE


def _text(name: str, matter: Matter, wording: str) -> str:
    """What a button says: a matter that was split already is given further units."""
    return "再分给单位" if name == "split" and matter.branches else PERMITTED[name].label_for(wording)


def _make(name: str, *, first: bool) -> str:
    grave = PERMITTED[name].grave
    if first and (name in FIRST or not grave):
        return "primary"
    return "grave" if grave else "line"


def _ordered(visit: Visit, matter: Matter, names: Sequence[str]) -> list[str]:
    ready = matter.plan_or_progress and not missing(visit, matter)
    offered = (name for name in names if not _seldom(name, matter))
    return sorted(offered, key=lambda name: _rank(name, ready=ready))


def _rank(name: str, *, ready: bool) -> tuple[int, int]:
    if ready and name == "report-completion":
        return (0, 0)
    if name in FIRST:
        return (1, FIRST.index(name))
    if name in BESIDE:
        return (2, 0)
    return (3, THEN.index(name)) if name in THEN else (4, 0)
