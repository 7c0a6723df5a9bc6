"""封存: which seals there are, where each went, the key to check them by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import PlainTextResponse, Response

from events.delivery.facts import Outcome
from events.refusals import NotFound, Refusal
from events.sealing.facts import SealMailed, seals_of
from events.sealing.folding import Seals
from events.vocabulary import OFFICE, Role
from service.pages.rendering import show
from service.pages.shell import Shell
from service.pages.views import Empty, Notice, Pair
from service.pages.visiting import Visit, Visiting, shell_of
from service.pages.words import full_day, hour
from service.proof.keys import read_key
from service.proof.sealing import KeptSeal, file_name, seals_upto
from service.runtime import Runtime

router = APIRouter(include_in_schema=False)

SHOWN = 31
SEE_SEALS = (*OFFICE, Role.AUDITOR, Role.ADMIN, Role.LEADER)


@dataclass(frozen=True, slots=True, kw_only=True)
class SealRow:
    """One seal in the list."""

    day: str
    size: str
    root: str
    """The first digits; the file holds them all."""
    occasion: str
    mailed: str
    file: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SealsPage:
    """Seals, newest first."""

    shell: Shell
    sub: str
    notice: Notice | None
    key: tuple[Pair, ...]
    rows: tuple[SealRow, ...]
    next: str | None
    empty: Empty


@router.get("/seals")
def seals(visit: Visiting) -> Response:
    """Seals, newest first."""
    visit.must(*SEE_SEALS)
    kept = seals_upto(visit.runtime.store, visit.asking.position)
    before = visit.query.get("before", "")
    older = [one for one in kept if not before.isdigit() or one.position < int(before)]
    shown, rest = older[-SHOWN:], older[:-SHOWN]
    mailed = _mailings(visit, shown)
    page = SealsPage(
        shell=shell_of(visit, "封存"),
        sub="每天把到那时为止的全部记录封在一个签名的根下；存在别处的封存能证明其前一字未动",
        notice=_trouble(visit.runtime),
        key=_key(kept),
        rows=tuple(_row(visit, one, mailed) for one in reversed(shown)),
        next=f"/seals?before={shown[0].position}" if rest else None,
        empty=Empty(title="还没有封存", text="每天第一次走钟时封存一次，封好的列在这里。"),
    )
    return show("seals.html", page)


@router.get("/seals/{name}")
def seal_file(visit: Visiting, name: str) -> Response:
    """One seal as the file it is kept as."""
    visit.must(*SEE_SEALS)
    kept = seals_upto(visit.runtime.store, visit.asking.position)
    found = next((one for one in kept if file_name(one.seal) == name), None)
    if found is None:
        raise NotFound("没有这份封存；回到封存页重新打开。")
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return PlainTextResponse(found.seal.text(), headers=headers)


def _mailings(visit: Visit, shown: Sequence[KeptSeal]) -> tuple[SealMailed, ...]:
    """What was mailed in the years of the seals shown, oldest first."""
    found: list[SealMailed] = []
    for year in sorted({one.fact.day.year for one in shown}):
        state: Seals = visit.runtime.handling.load(seals_of(year), up_to=visit.asking.position).state
        found.extend(state.mailed)
    return tuple(found)


def _row(visit: Visit, kept: KeptSeal, mailed: tuple[SealMailed, ...]) -> SealRow:
    fact, name = kept.fact, file_name(kept.seal)
    there = (visit.runtime.settings.seals_folder / name).is_file()
    return SealRow(
        day=f"{full_day(fact.day, visit.day)} {hour(fact.sealed_at)}",
        size=f"{fact.size:,}",
        root=fact.root[:16],
        occasion=fact.occasion.label,
        mailed=_mailed(fact.size, mailed),
        file="已存" if there else "不见了，下次封存时补上",
        href=f"/seals/{name}",
    )


def _mailed(size: int, mailed: tuple[SealMailed, ...]) -> str:
    """Where a seal, or one that speaks for it, went first."""
    went = next((one for one in mailed if one.size >= size), None)
    if went is None:
        return "未寄出"
    outcome = LABELS.get(went.outcome, went.outcome)
    own = "" if went.size == size else "（由后一次代为寄出）"
    return f"{outcome}：{'、'.join(went.addresses)}{own}"


LABELS: Mapping[str, str] = {outcome.value: outcome.label for outcome in Outcome}


def _key(kept: Sequence[KeptSeal]) -> tuple[Pair, ...]:
    if not kept:
        return ()
    last = kept[-1].seal
    return (
        Pair(term="记录编号", lines=(last.statement.record,)),
        Pair(term="公钥（Ed25519）", lines=(last.public,)),
        Pair(term="钥匙编号", lines=(last.statement.key,)),
    )


def _trouble(runtime: Runtime) -> Notice | None:
    try:
        read_key(runtime.settings.keys_folder)
    except Refusal as refused:
        return Notice(kind="stale", title="封存停着", text=refused.sentence)
    return None
