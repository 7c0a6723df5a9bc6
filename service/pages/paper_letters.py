"""纸质送达: choosing what to print, the printed batch with its hand-over list, and the receipts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from events.refusals import NotFound, Refusal
from events.vocabulary import OFFICE, Role
from notifications.outbox import asking as box
from notifications.outbox.asking import LetterRow
from notifications.outbox.tables import LetterState
from notifications.rendering import SAID, THEN, paragraphs
from service.commands.bodies import convert
from service.commands.papering import EnterReceipt, PrintLetters, enter_receipt, print_letters
from service.errors import status_of
from service.pages.letters import about, letter_page, titles_of, where
from service.pages.reading_forms import raw_of
from service.pages.rendering import show
from service.pages.shell import Shell
from service.pages.telling_letters import addressee
from service.pages.views import Notice
from service.pages.visiting import Sent, Visit, Visiting, shell_of
from service.pages.words import day_and_hour, full_day, long_day

router = APIRouter(include_in_schema=False)

SEE_OTHER = 303


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperLine:
    """One letter."""

    id: str
    to: str
    title: str
    matter: str
    href: str
    note: str
    received: str
    """Who signed, and when; empty while nobody did."""
    sign_for: str
    """Where the unit's 签收 is entered from the same paper."""
    said: tuple[str, ...] = ()
    then: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperPage:
    """What can be printed, or a printed batch."""

    shell: Shell
    title: str
    sub: str
    notice: Notice | None
    batch: str
    organization: str
    today: str
    value: str
    lines: tuple[PaperLine, ...]
    may: bool


@router.get("/letters/paper")
def choosing(visit: Visiting) -> Response:
    """Letters to units that reached nobody."""
    visit.must(*OFFICE)
    return _choosing(visit, None)


@router.post("/letters/paper")
def printing(visit: Visiting, form: Sent) -> Response:
    """Prints what was ticked."""
    visit.must(*OFFICE)
    command = PrintLetters(letters=tuple(raw_of(form).get("letters", [])))
    try:
        batch = print_letters(visit.runtime, visit.actor, command, visit.asking.moment)
    except Refusal as refusal:
        said = Notice(kind="stale", title="没有打印", text=refusal.sentence)
        return _choosing(visit, said, status=status_of(refusal)[0])
    return RedirectResponse(f"/letters/paper/{batch}", SEE_OTHER)


@router.get("/letters/paper/{batch}")
def batch(visit: Visiting, batch: str) -> Response:
    """The hand-over list and the letters, one a page."""
    visit.must(*OFFICE, Role.AUDITOR)
    return _batch(visit, batch, None)


@router.post("/letters/paper/{batch}")
def receipts(visit: Visiting, form: Sent, batch: str) -> Response:
    """Enters one receipt from the list."""
    visit.must(*OFFICE)
    raw = raw_of(form)
    fields = {name: raw[name][0] for name in ("by", "received_on") if raw.get(name, [""])[0]}
    try:
        command = convert({"by": "", **fields}, EnterReceipt, strict=False)
        letter = next(iter(raw.get("letter", [])), "")
        enter_receipt(visit.runtime, visit.actor, letter, command, visit.asking.moment)
    except Refusal as refusal:
        said = Notice(kind="stale", title="没有登记", text=refusal.sentence)
        return _batch(visit, batch, said, status=status_of(refusal)[0])
    return RedirectResponse(f"/letters/paper/{batch}", SEE_OTHER)


def _choosing(visit: Visit, notice: Notice | None, status: int = 200) -> Response:
    with visit.connect() as connection:
        rows = box.on_paper(connection)
    lines = _lines(visit, rows, whole=False)
    page = _page(visit, lines, "纸质送达", f"{len(lines)} 封没有送到单位", notice, "")
    return show("paper_letters.html", page, status=status)


def _batch(visit: Visit, batch: str, notice: Notice | None, status: int = 200) -> Response:
    with visit.connect() as connection:
        rows = box.on_paper(connection, batch) if batch else ()
    if not rows:
        raise NotFound("没有这一批；回到纸质送达。")
    signed = sum(row.state is LetterState.READ for row in rows)
    lines = _lines(visit, rows, whole=True)
    page = _page(visit, lines, "送达清单", f"{len(rows)} 封，已签收 {signed} 封", notice, batch)
    return show("paper_letters.html", page, status=status)


def _page(
    visit: Visit, lines: tuple[PaperLine, ...], title: str, sub: str, notice: Notice | None, batch: str
) -> PaperPage:
    return PaperPage(
        shell=shell_of(visit, title),
        title=title,
        sub=sub,
        notice=notice,
        batch=batch,
        organization=visit.runtime.settings.organization.name,
        today=long_day(visit.day),
        value=visit.day.isoformat(),
        lines=lines,
        may=visit.may(*OFFICE) and not visit.asking.past,
    )


def _lines(visit: Visit, rows: Sequence[LetterRow], *, whole: bool) -> tuple[PaperLine, ...]:
    titles = titles_of(visit, rows)
    return tuple(_line(visit, row, titles.get(about(row), ""), whole=whole) for row in rows)


def _line(visit: Visit, row: LetterRow, matter: str, *, whole: bool) -> PaperLine:
    letter = letter_page(visit, row) if whole else None
    read = row.state is LetterState.READ and row.read_at is not None
    return PaperLine(
        id=row.id,
        to=addressee(visit, row.post),
        title=row.title,
        matter=matter,
        href=where(visit, row),
        note=f"{day_and_hour(row.written_at, visit.day)}，{row.last_error or row.state.label}",
        received=f"{row.read_by} {full_day(row.read_at.date(), visit.day)}" if read and row.read_at else "",
        sign_for=f"/matters/{row.matter}/acknowledge?for=unit" if row.rule in ASSIGNMENTS else "",
        said=paragraphs(letter, SAID) if letter else (),
        then=paragraphs(letter, THEN) if letter else (),
    )


ASSIGNMENTS = ("assigned", "reassigned", "instructed-again")
"""Letters whose receipt is the unit's 签收."""
