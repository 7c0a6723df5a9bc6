"""来信人: names and phones of who told of a matter, for those who may see them; every look is written down."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from events.matter.sentences_of_petitioning import tail
from events.vocabulary import MatterId
from service.commands.petitioners import SEE_PETITIONERS, Shown, petitioners_of
from service.noting import note
from service.pages.acts import allowed
from service.pages.matter import load
from service.pages.rendering import show
from service.pages.shell import Shell
from service.pages.showing import address
from service.pages.views import Act, Empty, Link
from service.pages.visiting import Visit, Visiting, shell_of
from service.pages.words import day_and_hour
from service.storage.access import Kind

router = APIRouter(include_in_schema=False)

GONE = "已销毁，读不出"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """One person noted."""

    kind: str
    name: str
    phone: str
    noted: str
    id: str
    gone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PetitionersPage:
    """Everybody noted with a matter."""

    shell: Shell
    sub: str
    matter: Link
    acts: tuple[Act, ...]
    rows: tuple[PersonRow, ...]
    empty: Empty


@router.get("/matters/{matter_id}/petitioners")
def petitioners(visit: Visiting, matter_id: str) -> Response:
    """The names, for those who may see them."""
    visit.must(*SEE_PETITIONERS)
    found, _ = load(visit, MatterId(matter_id))
    note(visit.answer, Kind.PERSONAL, found.id)
    names = allowed(visit, found)
    offered = (("note-petitioner", "登记来信人"), ("erase-petitioner", "销毁来信人"))
    page = PetitionersPage(
        shell=shell_of(visit, "来信人"),
        sub="姓名、电话加密存放；您看这一页已留痕",
        matter=Link(text=f"{visit.number(found.number)} {found.title}", href=address(found.id)),
        acts=tuple(
            Act(text=text, href=f"/matters/{found.id}/{name}") for name, text in offered if name in names
        ),
        rows=tuple(_row(visit, one) for one in petitioners_of(visit.runtime.vault, found)),
        empty=Empty(
            title="没有登记来信人", text="群众来信来访、走访到户的，登记在这里，不要写进问题和附言。"
        ),
    )
    return show("petitioners.html", page)


def _row(visit: Visit, one: Shown) -> PersonRow:
    return PersonRow(
        kind=f"{one.kind.label}（{tail(one.id)}）",
        name=GONE if one.name is None else one.name,
        phone="" if one.name is None else one.phone or "没有留",
        noted=day_and_hour(one.noted_at, visit.day),
        id=one.id,
        gone=one.name is None,
    )
