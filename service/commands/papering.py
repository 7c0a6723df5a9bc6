"""纸质送达: printing what reached nobody, and entering who signed for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from uuid_utils.compat import uuid7

from events.delivery.facts import LetterPrinted, LetterReceived, letter_stream
from events.record.admitting import Append, VersionConflict
from events.record.envelope import Actor, Decision, Draft, Envelope
from events.refusals import Conflict, Invalid, NotFound, NotYours
from notifications.outbox import asking as box
from notifications.outbox.asking import LetterRow
from notifications.outbox.filling import ON_PAPER
from notifications.outbox.tables import LetterState
from service.clock import beijing_day, machine_now
from service.runtime import Runtime


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintLetters:
    """Print these letters as one batch with a hand-over list."""

    letters: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterReceipt:
    """Say who signed for a printed letter, and on which day (none: today)."""

    by: str
    received_on: date | None = None


def print_letters(runtime: Runtime, actor: Actor, command: PrintLetters, at: datetime) -> str:
    """The batch's id. Raises NotYours, NotFound, Invalid, Conflict."""
    _must_be_office(actor)
    wanted = tuple(dict.fromkeys(command.letters))
    if not 1 <= len(wanted) <= box.MOST_ON_PAPER:
        raise Invalid(
            f"一批可以打 1 到 {box.MOST_ON_PAPER} 封，现为 {len(wanted)} 封；请重新勾选。",
            code="wrong-number",
        )
    with runtime.database.reading.connect() as connection:
        printable = {row.id: row for row in box.on_paper(connection)}
    rows = [printable[one] for one in wanted if one in printable]
    if len(rows) < len(wanted):
        raise Conflict("勾选的信里有已经送到或已经打印的；刷新清单再勾。", code="already-so")
    batch = uuid7().hex
    drafts = tuple(
        Draft(stream=letter_stream(row.id), fact=LetterPrinted(batch=batch, matter=row.matter))
        for row in rows
    )
    _append(runtime, actor, drafts, rows, at)
    return batch


def enter_receipt(
    runtime: Runtime, actor: Actor, letter: str, command: EnterReceipt, at: datetime
) -> dict[str, Any]:
    """Closes the loop of a printed letter. Raises NotYours, NotFound, Invalid, Conflict."""
    _must_be_office(actor)
    with runtime.database.reading.connect() as connection:
        row = box.one(connection, letter)
    if row is None:
        raise NotFound("没有这封信；回到通知记录里找。")
    if row.state is LetterState.READ:
        raise Conflict("这封信已经登记过回执；刷新页面看最新情况。", code="already-so")
    if row.address != ON_PAPER or row.handed_at is None:
        raise Invalid("这封信没有打印送达，不用登记回执；先打印，再登记。", code="not-printed")
    by, on = command.by.strip(), command.received_on or beijing_day(at)
    if not by:
        raise Invalid("签收人不能为空，请照送达清单上的签名填写。", code="blank-field", field="by")
    if not beijing_day(row.handed_at) <= on <= beijing_day(at):
        raise Invalid(
            "签收日期应在打印那天到今天之间，请核对。", code="implausible-date", field="received_on"
        )
    fact = LetterReceived(by=by, received_on=on, matter=row.matter)
    _append(runtime, actor, (Draft(stream=letter_stream(row.id), fact=fact),), [row], at)
    return {"id": row.id, "state": LetterState.READ.value, "by": by, "received_on": on}


def _append(
    runtime: Runtime, actor: Actor, drafts: tuple[Draft, ...], rows: Sequence[LetterRow], at: datetime
) -> None:
    runtime.clock.must_not_pass(at)
    conditions = {letter_stream(row.id): row.version for row in rows}
    envelope = Envelope(actor=actor, at=at, received_at=machine_now(), command_id=uuid7().hex)
    try:
        runtime.writer.append(
            Append(envelope=envelope, decision=Decision(drafts=drafts), conditions=conditions)
        )
    except VersionConflict as conflict:
        raise Conflict("这些信刚刚有变动；刷新清单再办。", code="already-so") from conflict


def _must_be_office(actor: Actor) -> None:
    if not actor.is_office:
        raise NotYours("纸质送达由督查室办理；请联系督查室。")
