"""What a command's decision needs from the read models and other streams, looked up only where it needs it."""

from __future__ import annotations

from functools import cache
from typing import Any, get_args, get_type_hints

from events.matter.acting import Command
from events.matter.correcting import CorrectFact
from events.matter.noting import QUOTED, WriteNote, notes_stream
from events.matter.registering import RegisterMatter
from events.matter.splitting import SplitMatter
from events.matter.withdrawing import RecallAssignment, WithdrawEvidence
from events.record.envelope import Actor
from events.vocabulary import MatterId, Role, UnitId
from projections import lists
from service.commands.beside import CHILDREN_FIRST
from service.runtime import Runtime


def open_children(runtime: Runtime, command: Command, matter: MatterId) -> tuple[str, ...]:
    """Numbers of the open matters under one that is to end."""
    if not isinstance(command, CHILDREN_FIRST):
        return ()
    with runtime.database.reader() as driver:
        return lists.open_children(driver, matter)


def branch_units(runtime: Runtime, command: Command, matter: MatterId) -> tuple[UnitId, ...]:
    """The lead units of the open parts of a matter that is to be split further."""
    if not isinstance(command, SplitMatter):
        return ()
    with runtime.database.reader() as driver:
        return lists.branch_units(driver, matter)


def facts(runtime: Runtime, command: Command, stream: str) -> dict[int, object]:
    """All facts of a stream one of which is to be corrected or taken back, by position."""
    if not isinstance(command, CorrectFact | RecallAssignment | WithdrawEvidence):
        return {}
    return {r.position: r.fact for r in runtime.store.stream(stream)}


def notes(runtime: Runtime, command: Command, matter: MatterId, actor: Actor) -> tuple[str, ...]:
    """The notes an insider's words might carry outside; none for who cannot have read them."""
    insider = actor.is_office or Role.LEADER in actor.roles
    if not insider or isinstance(command, _NOT_QUOTING) or not _says_something(command):
        return ()
    texts: tuple[str, ...] = runtime.handling.load(notes_stream(matter)).state.texts
    return texts


_NOT_QUOTING = (WriteNote, RegisterMatter)
"""A note may say what notes say, and nobody has noted anything on a matter yet to begin."""


def _says_something(command: Any) -> bool:
    said = (getattr(command, name) for name in _worded(type(command)))  # type: ignore[arg-type]
    return any(isinstance(text, str) and len(text) >= QUOTED for text in said)


@cache
def _worded(command: type[Any]) -> tuple[str, ...]:
    """The fields of a command that hold free text; an id is none."""
    return tuple(
        name for name, said in get_type_hints(command).items() if said is str or str in get_args(said)
    )
