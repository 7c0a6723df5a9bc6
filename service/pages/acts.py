"""What somebody may do with a matter now, as buttons: what waits for him first, grave acts last."""

from __future__ import annotations

from collections.abc import Sequence

from events.matter.deciding import permitted, permitted_on_behalf
from events.matter.permitted import PERMITTED
from events.matter.state import Matter
from events.matter.surroundings import Surroundings
from events.vocabulary import Stage
from service.pages.views import Act
from service.pages.visiting import Visit

SHOWN = 5
"""Buttons beside each other; the others are under 更多."""

FIRST = (
    "assign acknowledge decide-objection submit-plan approve-plan answer-support grant-extension resume "
    "pass-verification schedule-verification approve-write-off leader-acknowledge report-completion report-progress "
    "pass-look-back select-look-back urge"
).split()
"""What is offered before everything else, likeliest first."""

ALWAYS_MORE = frozenset(
    "reassign merge cancel transfer correct reopen suspend amend select-look-back".split()
)
"""What is done seldom, and has its place under 更多."""

BESIDE = frozenset(
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


def allowed_for_unit(visit: Visit, matter: Matter) -> tuple[str, ...]:
    """代录: the unit's commands the office may enter from paper."""
    return () if visit.asking.past else permitted_on_behalf(matter, surroundings(visit))


def buttons(visit: Visit, matter: Matter, names: Sequence[str]) -> tuple[Act, ...]:
    """The acts as buttons in order of likelihood, the first one primary."""
    ordered = sorted((n for n in names if n not in ALWAYS_MORE), key=lambda name: _rank(name, matter))
    wording = visit.wording(matter.kind)
    return tuple(
        Act(
            text=PERMITTED[name].label_for(wording),
            href=f"/matters/{matter.id}/{name}",
            make="primary" if index == 0 else "grave" if PERMITTED[name].grave else "line",
        )
        for index, name in enumerate(ordered[:SHOWN])
    )


def rest(visit: Visit, matter: Matter, names: Sequence[str], behalf: Sequence[str]) -> tuple[Act, ...]:
    """What is under 更多: the seldom acts, those that found no room, and 代录."""
    ordered = sorted((n for n in names if n not in ALWAYS_MORE), key=lambda name: _rank(name, matter))
    left = [*ordered[SHOWN:], *(n for n in names if n in ALWAYS_MORE)]
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
    return (*own, *entered)


def _rank(name: str, matter: Matter) -> tuple[int, int]:
    if matter.stage is Stage.RECTIFYING and matter.support_pending is not None and name == "answer-support":
        return (-1, 0)
    if name == "report-completion" and matter.returned_reason is not None:
        return (2, 0)
    if name in FIRST:
        return (1, FIRST.index(name)) if name == "urge" else (0, FIRST.index(name))
    return (0, len(FIRST)) if name in BESIDE else (2, 1)
