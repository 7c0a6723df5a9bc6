"""What every question needs, gathered once: who asks, as of when, what may be seen, which names and calendar."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from events.bulletin.state import Scan
from events.directory.state import Directory
from events.matter.state import Evidence
from events.refusals import Invalid, NotFound
from events.rules.calendar import WorkingDays
from events.vocabulary import MatterId, PersonId, Stage, UnitId
from projections import evidence, lists
from projections.asking import Asked, Visibility
from service.asking import Asking, asking
from service.clock import beijing_day
from service.files import SHOWN_IN_PAGE
from service.identity import Principal, runtime_of, visibility
from service.noting import Hidden, address_of, note, note_past
from service.runtime import Runtime
from service.storage.access import Kind

NO_EVIDENCE = "没有这份材料，或不归您看；回到事项页重新打开。"


@dataclass(frozen=True, kw_only=True)
class Answering:
    """One question being answered."""

    runtime: Runtime
    principal: Principal
    asking: Asking
    address: str = ""
    """What was asked, with its query."""
    as_of: str | None = None
    """The past moment as it was written."""

    @property
    def day(self) -> date:
        """The day lateness is judged on."""
        return self.asking.day

    @property
    def position(self) -> int | None:
        """Facts up to here count; None: all."""
        return self.asking.position

    @cached_property
    def visibility(self) -> Visibility:
        """What the asker may see; rights are those of now."""
        today = beijing_day(self.runtime.clock.now()) if self.asking.past else self.day
        return visibility(self.principal.actor, self.runtime.directory.now(), today)

    @property
    def looked_at(self) -> bool:
        """Whether the asker only sees as a unit, which is not told of a look-back to come."""
        return not (self.visibility.all or self.visibility.looks_back)

    @cached_property
    def directory(self) -> Directory:
        """Units, people and accounts as recorded then; ask them with ``day`` and ``position``."""
        return self.runtime.directory.at(self.position)

    @cached_property
    def calendar(self) -> WorkingDays:
        """Working days as published at the position asked."""
        return self.runtime.calendars.at(self.position)

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """A reading connection."""
        with self.runtime.database.reading.connect() as connection:
            yield connection


def answering(
    request: Request,
    principal: Principal,
    *,
    as_of: str | None = None,
    given: str | datetime | None = None,
    min_position: int | None = None,
) -> Answering:
    """Gathers what a question needs; a look at the past is written down. Raises what ``asking`` raises."""
    runtime = runtime_of(request)
    when = asking(runtime.clock, runtime.store, as_of=as_of, given=given, min_position=min_position)
    answer = Answering(
        runtime=runtime,
        principal=principal,
        asking=when,
        address=address_of(request),
        as_of=as_of or (str(given) if given else None),
    )
    note_past(answer)
    return answer


def filtered(
    answer: Answering,
    *,
    stages: Sequence[str] = (),
    state: str | None = None,
    unit: str | None = None,
    co: bool = False,
    subtree: bool = False,
    handler: str | None = None,
    chief: str | None = None,
    kind: str | None = None,
    source: str | None = None,
    overdue: bool = False,
    due_before: date | None = None,
    due_after: date | None = None,
    q: str = "",
    cursor: str | None = None,
    limit: int = 50,
) -> Asked:
    """The filters of an address as a question to the register. Raises Invalid for a value that is none."""
    unknown = sorted(set(stages) - set(Stage))
    if unknown:
        raise Invalid(
            f"没有 {unknown[0]} 这个阶段；阶段写英文代号，如 rectifying。", code="wrong-value", field="stage"
        )
    if state not in (None, "", "open", "ended"):
        raise Invalid(
            f"state 不能是 {state}；写 open（在办）或 ended（已结）。", code="wrong-value", field="state"
        )
    return Asked(
        day=answer.day,
        position=answer.position,
        visibility=answer.visibility,
        stages=frozenset(Stage(stage) for stage in stages),
        state="open" if state == "open" else "ended" if state == "ended" else None,
        units=_units(answer, unit, subtree=subtree),
        co=co,
        handlers=_persons(answer, handler),
        chiefs=_persons(answer, chief),
        kind=kind or None,
        source=source or None,
        overdue=overdue,
        due_before=due_before,
        due_after=due_after,
        q=q,
        units_named=_named(answer, q),
        limit=limit,
        cursor=cursor or None,
    )


def _persons(answer: Answering, who: str | None) -> frozenset[PersonId] | None:
    """``me`` is who asks, and those for whom that one stands in; nobody's id where an account has no person."""
    if not who:
        return None
    return (answer.principal.actor.desks if who == "me" else frozenset()) or frozenset({PersonId(who)})


def _units(answer: Answering, unit: str | None, *, subtree: bool) -> frozenset[UnitId] | None:
    if not unit:
        return None
    if subtree:
        return answer.directory.subtree(UnitId(unit), answer.day)
    return frozenset({UnitId(unit)})


def _named(answer: Answering, q: str) -> frozenset[UnitId]:
    wanted = q.strip()
    if not wanted:
        return frozenset()
    names = answer.directory.units.values()
    return frozenset(unit.id for unit in names if wanted in unit.name(answer.day, answer.position))


def evidence_response(answer: Answering, evidence_id: str) -> Response:
    """A piece of evidence as a file. Raises NotFound where it is not there or may not be seen."""
    with answer.connection() as connection:
        found = evidence.find(connection, evidence_id)
        seen = found is not None and lists.may_see(connection, MatterId(found.matter), answer.visibility)
    path = answer.runtime.files.path(found.sha256) if found is not None else None
    if found is not None and answer.position is not None and found.position > answer.position:
        seen = False
    if found is not None and not seen:
        raise Hidden(NO_EVIDENCE)
    if found is None or path is None or not path.is_file():
        raise NotFound(NO_EVIDENCE)
    attached = answer.runtime.store.at(found.position)
    if attached is None or answer.principal.actor.unit != attached.unit:
        note(answer, Kind.EVIDENCE, found.id, once=True)
    return _file(path, found.media_type, found.name)


def stored_file(runtime: Runtime, evidence: Evidence | Scan) -> Response:
    """A stored file somebody may have. Raises NotFound where it is gone."""
    path = runtime.files.path(evidence.sha256)
    if not path.is_file():
        raise NotFound(NO_EVIDENCE)
    return _file(path, evidence.media_type, evidence.name)


def _file(path: Path, media_type: str, name: str) -> Response:
    inline = media_type in SHOWN_IN_PAGE
    return FileResponse(
        path,
        media_type=media_type if inline else "application/octet-stream",
        filename=name,
        content_disposition_type="inline" if inline else "attachment",
    )
