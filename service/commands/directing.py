"""Commands on units, people and accounts: facts for what is known of them, the account tables for their secrets."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from uuid_utils.compat import uuid7

from events.directory import commands as c
from events.directory.deciding import DirectoryCommand, decide, streams
from events.directory.importing import UnreadableRows, decide_import
from events.directory.reading import COLUMNS, read_rows
from events.directory.surroundings import DirectorySurroundings
from events.matter.permitted import PERMITTED
from events.record.envelope import Actor, Decision, Envelope
from events.record.handling import Folded
from events.refusals import Invalid, NotFound
from events.vocabulary import PersonId, UnitId, UserName
from projections import lists
from projections.asking import Asked
from service.clock import beijing_day, machine_now
from service.commands.bodies import convert
from service.runtime import Runtime
from service.storage.accounts import check_password, one_time_password

COMMANDS: Mapping[tuple[str, str], type[Any]] = {
    ("units", "register"): c.RegisterUnit,
    ("units", "rename"): c.RenameUnit,
    ("units", "move"): c.MoveUnit,
    ("units", "close"): c.CloseUnit,
    ("people", "register"): c.RegisterPerson,
    ("people", "move"): c.MovePerson,
    ("people", "leave"): c.LeavePerson,
    ("people", "change"): c.ChangePerson,
    ("people", "delegate"): c.DelegateDuty,
    ("people", "end-delegation"): c.EndDelegation,
    ("users", "register"): c.CreateUser,
    ("users", "disable"): c.DisableUser,
    ("users", "enable"): c.EnableUser,
    ("users", "reset-password"): c.ResetPassword,
    ("users", "roles"): c.SetRoles,
}
"""(collection, verb in the address) → command; ``register`` is the POST on the collection itself."""

CATEGORY = {"units": "unit", "people": "person", "users": "user"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Directing:
    """A command on the directory as it came in. ``id`` None registers something new."""

    actor: Actor
    collection: str
    verb: str
    id: str | None
    fields: Mapping[str, Any]
    at: datetime
    command_id: str | None = None
    fingerprint: bytes | None = None
    strict: bool = True


def direct(runtime: Runtime, asked_for: Directing) -> dict[str, Any]:
    """Does one command on the directory; gives its answer. Raises a Refusal.

    A password that was made up here is in the answer as ``one_time_password``, once: a repeat changes no password and
    tells none.
    """
    kind = COMMANDS.get((asked_for.collection, asked_for.verb))
    if kind is None:
        raise NotFound(f"{asked_for.collection} 没有 {asked_for.verb} 这个命令。")
    command: DirectoryCommand = convert(asked_for.fields, kind, strict=asked_for.strict)
    _refuse_unknown_acts(command)
    name = asked_for.id or (command.name if isinstance(command, c.CreateUser) else uuid7().hex)
    password = _password(command, name)
    stream = f"{CATEGORY[asked_for.collection]}-{name}"
    again = _is_repeat(runtime, asked_for)
    answer = _handle(runtime, asked_for, stream, command)
    runtime.directory.now()
    if password is not None and not again:
        runtime.accounts.set_password(UserName(name), password, machine_now(), must_change=_made_up(command))
        if _made_up(command):
            answer["one_time_password"] = password
    if isinstance(command, c.DisableUser):
        runtime.accounts.end_everything(UserName(name))
    return answer


def _handle(runtime: Runtime, asked_for: Directing, stream: str, command: DirectoryCommand) -> dict[str, Any]:
    def seen() -> DirectorySurroundings:
        return DirectorySurroundings(
            actor=asked_for.actor,
            at=asked_for.at,
            directory=runtime.directory.now(),
            open_matters=_open_matters(runtime, command, stream),
            verified=_verified(runtime, command, stream, asked_for.at),
        )

    def deciding(loaded: Mapping[str, Folded]) -> Decision:
        if asked_for.id is not None and loaded[stream].version == 0:
            raise NotFound("没有这个单位、人员或账号；核对后再办。")
        return decide(stream, command, {name: folded.state for name, folded in loaded.items()}, seen())

    envelope = Envelope(
        actor=asked_for.actor,
        at=asked_for.at,
        received_at=machine_now(),
        command_id=asked_for.command_id or uuid7().hex,
        fingerprint=asked_for.fingerprint,
    )
    return runtime.handling.handle(envelope, streams(stream, command, seen()), deciding)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportTable:
    """A bulk import as a program sends it: CSV text with its heading."""

    table: str
    dry_run: bool = False
    """Only look: nothing is written."""


def read_directory(text: str) -> c.ImportDirectory:
    """The import a CSV text stands for. Raises UnreadableRows naming every line, or what cannot be read at all."""
    reader = csv.DictReader(io.StringIO(text))
    try:
        if reader.fieldnames is None or not {"种类", "名称"} <= set(reader.fieldnames):
            raise UnreadableRows(f"第一行应是表头：{'、'.join(COLUMNS)}；补上表头再传。", errors=[])
        return read_rows((reader.line_num, row) for row in reader)
    except csv.Error:
        raise UnreadableRows("这不是能读的 CSV；用表格软件另存为 CSV 再传。", errors=[]) from None


def look_at_import(
    runtime: Runtime, actor: Actor, command: c.ImportDirectory, at: datetime
) -> Mapping[str, Any]:
    """How many units and people an import would enter; nothing is written. Raises as the import does."""
    seen = DirectorySurroundings(actor=actor, at=at, directory=runtime.directory.now(), new_id=uuid7().hex)
    return decide_import(command, seen).answer


def import_directory(
    runtime: Runtime,
    actor: Actor,
    command: c.ImportDirectory,
    at: datetime,
    *,
    command_id: str | None = None,
    fingerprint: bytes | None = None,
) -> dict[str, Any]:
    """Enters many units and people at once, all or nothing. Raises a Refusal naming the line."""

    def deciding(_: Mapping[str, Folded]) -> Decision:
        seen = DirectorySurroundings(
            actor=actor, at=at, directory=runtime.directory.now(), new_id=uuid7().hex
        )
        return decide_import(command, seen)

    envelope = Envelope(
        actor=actor,
        at=at,
        received_at=machine_now(),
        command_id=command_id or uuid7().hex,
        fingerprint=fingerprint,
    )
    answer = runtime.handling.handle(envelope, (), deciding)
    runtime.directory.now()
    return answer


def _is_repeat(runtime: Runtime, asked_for: Directing) -> bool:
    """Whether the answer to come is a kept one: then the secret it went with was set, and is not set again."""
    key = asked_for.command_id
    return key is not None and asked_for.fingerprint is not None and runtime.store.command(key) is not None


def _refuse_unknown_acts(command: DirectoryCommand) -> None:
    """The directory knows no matter's commands; what may be delegated is said here."""
    if isinstance(command, c.DelegateDuty):
        unknown = sorted(set(command.acts) - PERMITTED.keys())
        if unknown:
            raise Invalid(
                f"没有 {unknown[0][:40]} 这个动作；从表上列的动作里选，不选就是全部。",
                code="unknown-act",
                field="acts",
            )


def _verified(runtime: Runtime, command: DirectoryCommand, stream: str, at: datetime) -> tuple[str, ...]:
    """Open matters of the person's unit that the stand-in is to verify."""
    if not isinstance(command, c.DelegateDuty):
        return ()
    person = runtime.directory.now().people.get(PersonId(stream.partition("-")[2]))
    unit = person.unit(beijing_day(at)) if person is not None else None
    if unit is None:
        return ()
    with runtime.database.reader() as driver:
        return lists.verified_by(driver, command.to, unit)


def _open_matters(runtime: Runtime, command: DirectoryCommand, stream: str) -> int:
    if not isinstance(command, c.CloseUnit):
        return 0
    with runtime.database.reading.connect() as connection:
        units = frozenset({UnitId(stream.partition("-")[2])})
        return lists.count(connection, Asked(day=date.min, state="open", units=units))


def _made_up(command: DirectoryCommand) -> bool:
    return isinstance(command, c.CreateUser | c.ResetPassword) and command.password is None


def _password(command: DirectoryCommand, user: str) -> str | None:
    if not isinstance(command, c.CreateUser | c.ResetPassword):
        return None
    if command.password is None:
        return one_time_password()
    check_password(command.password, user)
    return command.password
