"""恢复之后: a record that goes on from a backup says so, holds its letters, and continues its numbers."""

from __future__ import annotations

from pathlib import Path

from uuid_utils.compat import uuid7

from events.opening.facts import STREAM, LettersReleased, NumbersContinued, OpeningFact, RecordRestored
from events.record.admitting import Append
from events.record.envelope import OPERATOR, Decision, Draft, Envelope
from events.record.sql import Driver, plain_text
from events.refusals import Conflict, Invalid
from notifications.outbox.claiming import waiting
from service.proof.checking import Outside, read_outside
from service.proof.sealing import record_id
from service.runtime import Runtime

_EPOCH = plain_text("UPDATE log_head SET epoch = epoch + 1 WHERE id = 1")
_NUMBERS = plain_text("SELECT series, next FROM number_series ORDER BY series")
_RAISE = plain_text("UPDATE number_series SET next = ? WHERE series = ? AND next < ?")
FURTHEST = 100_000
"""How far a series may be raised at once: more is a slip of the finger."""


def note_restored(runtime: Runtime, seal: Path | None) -> list[str]:
    """Writes down that the record goes on from a backup; gives what the operator must know, one sentence each.

    The newest seal kept outside, or the one given, tells how many facts are lost. Raises Invalid for a seal of another
    record.
    """
    position = runtime.store.head().position
    newest = _newest(runtime, seal)
    size = None if newest is None else newest.seal.statement.size
    _append(runtime, RecordRestored(position=position, sealed_size=size))
    runtime.writer.do(_raise_epoch)
    return [_lost(newest, position), *_put_aside(runtime, position), *_next_steps(runtime)]


def release_letters(runtime: Runtime) -> int:
    """Lets letters leave again; gives how many wait. Raises Conflict where none are held."""
    if not runtime.handling.load(STREAM).state.letters_held:
        raise Conflict("信件没有停着，不用放行。", code="already-so")
    count = waiting(runtime.database)
    _append(runtime, LettersReleased(waiting=count))
    return count


def numbers(runtime: Runtime) -> dict[str, int]:
    """Each series of official numbers and the last one given out."""
    with runtime.database.reader() as driver:
        return {str(series): int(following) - 1 for series, following in driver.rows(_NUMBERS)}


def continue_numbers(runtime: Runtime, series: str, after: int) -> None:
    """Lets a series go on after a number. Raises Invalid for an unknown series, or a number that is not ahead."""
    last = numbers(runtime).get(series)
    if last is None:
        raise Invalid(
            f"没有 {series} 这个编号序列；运行 duban numbers list 看有哪些。", code="unknown-series"
        )
    if not last < after <= last + FURTHEST:
        raise Invalid(
            f"{series} 已编到 {last}，续号要比它大、至多大 {FURTHEST}；核对恢复前最后一个编号再试。",
            code="wrong-number",
        )
    _append(runtime, NumbersContinued(series=series, after=after))
    runtime.writer.do(lambda driver: _raise_number(driver, series, after))


def _raise_epoch(driver: Driver) -> None:
    driver.change(_EPOCH)


def _raise_number(driver: Driver, series: str, after: int) -> None:
    driver.change(_RAISE, (after + 1, series, after + 1))


def _newest(runtime: Runtime, given: Path | None) -> Outside | None:
    paths = [given] if given is not None else sorted(runtime.settings.seals_folder.glob("*.seal"))
    ours = record_id(runtime.store)
    found: list[Outside] = []
    for path in paths:
        outside = read_outside(path)
        if outside.seal.statement.record != ours:
            raise Invalid(
                f"{path} 是另一部记录的封存，对不上这份备份；换用这部记录的封存，或换一份备份。",
                code="other-record",
            )
        found.append(outside)
    return max(found, key=lambda one: one.seal.statement.size, default=None)


def _lost(newest: Outside | None, position: int) -> str:
    if newest is None:
        return (
            "手边没有外存的封存，不知道备份之后丢了多少；"
            "找到审计人员收到的最近一份，运行 duban verify --seal 对一对。"
        )
    said = newest.seal.statement
    if said.size <= position:
        return f"最近的封存（{said.day}，{said.size} 条）都在备份之内。"
    return (
        f"{newest.where} 在 {said.day} 封存了 {said.size} 条，备份只到第 {position} 条："
        f"至少丢了 {said.size - position} 条，要按往来信件和纸面补录。"
    )


def _put_aside(runtime: Runtime, position: int) -> list[str]:
    """Seals of facts that are lost no longer bear this record out: kept, but out of the way of every day's check."""
    folder = runtime.settings.seals_folder
    beyond = [path for path in folder.glob("*.seal") if read_outside(path).seal.statement.size > position]
    if not beyond:
        return []
    aside = folder / f"lost-after-{position}"
    aside.mkdir(exist_ok=True)
    for path in beyond:
        path.replace(aside / path.name)
    return [f"丢失部分的封存 {len(beyond)} 份已移到 {aside}，留着备查。"]


def _next_steps(runtime: Runtime) -> list[str]:
    given = "、".join(f"{series} 到 {last}" for series, last in numbers(runtime).items()) or "还没有"
    return [
        f"已编的号：{given}；恢复前若编到更大的号，运行 duban numbers raise 序列 号，免得重号。",
        f"信件停着（{waiting(runtime.database)} 封在等）；核对后运行 duban letters release 放行。",
    ]


def _append(runtime: Runtime, fact: OpeningFact) -> None:
    loaded = runtime.handling.load(STREAM)
    append = Append(
        envelope=Envelope(actor=OPERATOR, at=runtime.clock.now(), command_id=uuid7().hex),
        decision=Decision(drafts=(Draft(stream=STREAM, fact=fact),)),
        conditions={STREAM: loaded.version},
        # A backup is older than the clock's usual gap; whoever restores it stands before the machine.
        accepts_jump=isinstance(fact, RecordRestored),
    )
    runtime.writer.append(append)
