"""Playing: doing what the script says through the real command path, with clock and postman along the way."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from events.refusals import Refusal
from events.vocabulary import BEIJING, EvidenceKind, MatterId, UserName
from service.clock import machine_now
from service.commands.directing import Directing, direct
from service.commands.performing import REGISTER_NAME, Attached, Request, perform
from service.delivery import deliver
from service.demo import pictures
from service.demo.casting import Script
from service.demo.circulating import circulate_bulletins
from service.demo.meeting import hold_meetings
from service.demo.settling import Settled
from service.demo.stock import County
from service.demo.tale import Matter, Paper, Person, Position, Step, Unit
from service.files import StoredFile
from service.identity import actor_of
from service.runtime import Runtime
from service.ticking import tick

MORNING = time(8, 5)
"""When the clock speaks each day."""
POST_EVERY, DAILY_POST = 3, timedelta(days=20)
"""The post goes out every third day, of late daily: letters are half of the work of making the record."""


class Misplayed(Exception):
    """A step of the script was refused: the stock of tales is wrong, not the person who runs it."""


@dataclass(slots=True, kw_only=True)
class Play:
    """A script being played into a record."""

    runtime: Runtime
    county: County
    script: Script
    settled: Settled
    until: datetime
    ids: dict[str, MatterId] = field(default_factory=dict)
    """The matters of the tales begun so far."""


async def play(play_: Play) -> None:
    """Plays the whole script, day by day. Raises Misplayed at the first step that is refused."""
    steps, until = list(play_.script.steps), play_.until
    day, last, begun = steps[0].at.date(), until.astimezone(BEIJING).date(), 0
    while day <= last:
        morning = min(datetime.combine(day, MORNING, BEIJING), until)
        await _round(play_, morning)
        ended = begun
        while ended < len(steps) and steps[ended].at.date() == day:
            ended += 1
        for wave in waves(steps[begun:ended]):
            await _wave(play_, wave)
        begun, day = ended, day + timedelta(days=1)
    await _round(play_, until)


def waves(steps: Sequence[Step]) -> Iterator[list[Step]]:
    """Splits a day's steps, in order, into runs in which no matter is touched twice: each run is done at once."""
    wave: list[Step] = []
    touched: set[str] = set()
    for step in steps:
        tales = {step.tale, *_others(step.fields)} | ({step.begets} if step.begets else set())
        if tales & touched:
            yield wave
            wave, touched = [], set()
        wave.append(step)
        touched |= tales
    if wave:
        yield wave


def _others(fields: Mapping[str, Any]) -> Iterator[str]:
    return (value.name for value in fields.values() if isinstance(value, Matter))


async def _round(play_: Play, at: datetime) -> None:
    for change in play_.script.changes:
        if change.on == at.date() and change not in play_.settled.changed:
            play_.settled.changed.append(change)
            fields = {
                name: value if name == "name" else play_.settled.units[value]
                for name, value in change.fields.items()
            }
            await asyncio.to_thread(
                direct,
                play_.runtime,
                Directing(
                    actor=actor_of(play_.runtime.directory.now(), UserName("admin"), at.date()),
                    collection="units",
                    verb=change.verb,
                    id=play_.settled.units[change.unit],
                    fields=fields,
                    at=at,
                ),
            )
    await tick(play_.runtime, at)
    await asyncio.to_thread(circulate_bulletins, play_.runtime, play_.county, at, play_.until)
    await asyncio.to_thread(hold_meetings, play_.runtime, play_.settled, at, play_.until)
    if at.toordinal() % POST_EVERY == 0 or play_.until - at < DAILY_POST:
        await deliver(play_.runtime, at)


async def _wave(play_: Play, wave: Sequence[Step]) -> None:
    papers = [step.paper for step in wave]
    stored = await asyncio.to_thread(_stored, play_.runtime, papers)
    made = [_request(play_, step, file) for step, file in zip(wave, stored, strict=True)]
    answers = await asyncio.gather(
        *(perform(play_.runtime, request) for request in made), return_exceptions=True
    )
    for step, answer in zip(wave, answers, strict=True):
        if isinstance(answer, Refusal):
            raise Misplayed(f"{step.tale} {step.command} {step.at:%Y-%m-%d %H:%M}：{answer.sentence}")
        if isinstance(answer, BaseException):
            raise answer
        if step.command == REGISTER_NAME:
            play_.ids[step.tale] = MatterId(answer["id"])
        if step.begets is not None:
            play_.ids[step.begets] = MatterId(answer["relapse_matter"])


def _stored(runtime: Runtime, papers: Sequence[Paper | None]) -> list[StoredFile | None]:
    return [None if paper is None else runtime.files.keep([_content(paper)]) for paper in papers]


def _content(paper: Paper) -> bytes:
    if paper.name.endswith(".png"):
        return pictures.photograph(paper.text)
    return pictures.report(paper.name.removesuffix(".pdf"), paper.text)


def _request(play_: Play, step: Step, stored: StoredFile | None) -> Request:
    runtime, fields = play_.runtime, _plain(play_, step.tale, step.fields)
    attached = None
    if step.paper is not None and stored is not None:
        attached = Attached(stored=stored, name=step.paper.name, kind=EvidenceKind(step.paper.kind))
    return Request(
        actor=actor_of(runtime.directory.now(), UserName(step.user), _day(step)),
        name=step.command,
        matter=play_.ids.get(step.tale),
        fields=fields,
        at=step.at,
        received_at=machine_now(),
        attached=attached,
        strict=step.command == REGISTER_NAME or attached is None,
    )


def _day(step: Step) -> date:
    return step.at.astimezone(BEIJING).date()


def _plain(play_: Play, tale: str, value: Any) -> Any:
    """A step's fields with the ids in them."""
    match value:
        case Unit():
            return play_.settled.units[value.name]
        case Person():
            return play_.settled.people[value.name]
        case Matter():
            return play_.ids[value.name]
        case Position():
            return _position(play_, tale, value.name)
        case Mapping():
            return {name: _plain(play_, tale, part) for name, part in value.items()}
        case list():
            return [_plain(play_, tale, part) for part in value]
        case _:
            return value


def _position(play_: Play, tale: str, name: str) -> int:
    facts = play_.runtime.store.stream(f"matter-{play_.ids[tale]}")
    return max(recorded.position for recorded in facts if recorded.type == name)
