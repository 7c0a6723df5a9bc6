"""移动: where a card of the board can be moved to, each way the form of the command it takes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from events.matter.permission import Permission
from events.matter.permitted import PERMITTED
from events.matter.state import Matter
from events.vocabulary import MatterId, Stage
from service.pages import acts
from service.pages.board_columns import COLUMNS
from service.pages.matter import load
from service.pages.rendering import show
from service.pages.shell import Shell
from service.pages.showing import address
from service.pages.views import Act, Empty, Link
from service.pages.visiting import Visit, Visiting, shell_of

router = APIRouter(include_in_schema=False)

ENDED = "ended"
BEFORE = "the stage before"
_WORDS = re.compile(r"[a-z_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A column a card can be moved to, and the acts that do it."""

    column: str
    title: str
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MovesPage:
    """Where one matter can be moved to now."""

    shell: Shell
    sub: str
    matter: Link
    targets: tuple[Target, ...]
    empty: Empty


@router.get("/board/{matter_id}")
def moves(visit: Visiting, matter_id: str) -> Response:
    """Where a card can be moved to."""
    found, _ = load(visit, MatterId(matter_id))
    page = MovesPage(
        shell=shell_of(visit, "移动"),
        sub=f"{visit.number(found.number)} 现在是 {found.stage.label_for(visit.wording(found.kind))}",
        matter=Link(text=found.title, href=address(found.id, visit.as_of)),
        targets=tuple(targets(visit, found)),
        empty=Empty(
            title="这一件现在没有您能移的去处",
            text="下一步归别人办，或要先办别的；打开这一件，看现在等谁。",
            link=Link(text="打开这一件", href=address(found.id, visit.as_of)),
        ),
    )
    return show("board_moves.html", page)


def targets(visit: Visit, matter: Matter) -> Iterator[Target]:
    """The columns other than its own that an act permitted to the visitor leads to, in the board's order."""
    ways = [(name, leads_to(visit, PERMITTED[name], matter)) for name in acts.allowed(visit, matter)]
    for column in COLUMNS:
        if matter.stage not in column.stages:
            names = [name for name, to in ways if to & column.stages]
            if names:
                yield Target(column=column.id, title=column.title, acts=_acts(visit, matter, names))
    ending = [name for name, to in ways if any(stage.ended for stage in to)]
    if ending:
        yield Target(column=ENDED, title="了结，离开看板", acts=_acts(visit, matter, ending))


def leads_to(visit: Visit, permission: Permission, matter: Matter) -> frozenset[Stage]:
    """The stages an act may bring a matter to, as its row of the table says; none for one that stays."""
    to = permission.to
    known = {stage.value: stage for stage in Stage}
    found = {known[word] for word in _WORDS.findall(to) if word in known}
    if BEFORE in to and matter.stage_before is not None:
        found.add(matter.stage_before)
    if permission.name == "acknowledge":
        procedure = visit.runtime.settings.procedures.get(matter.kind)
        planned = procedure is not None and procedure.needs_plan
        found.discard(Stage.RECTIFYING if planned else Stage.ACKNOWLEDGED)
    return frozenset(found)


def _acts(visit: Visit, matter: Matter, names: list[str]) -> tuple[Act, ...]:
    wording = visit.wording(matter.kind)
    return tuple(
        Act(
            text=f"{PERMITTED[name].label_for(wording)}…",
            href=f"/matters/{matter.id}/{name}",
            make="grave" if PERMITTED[name].grave else "line",
        )
        for name in names
    )
