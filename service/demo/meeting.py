"""会议 of the demonstration: one whose decisions are done, one on its way, one not yet followed up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from events.matter.state import Matter
from events.meeting.state import MeetingKind
from events.vocabulary import EvidenceKind, MeetingId, Role, UnitId, UserName
from projections import meeting_lists
from service.clock import machine_now
from service.commands.meetings import Holding, hold, matter_of
from service.commands.performing import Attached, Request, perform_now
from service.commands.taking_up import Asked, RegisterDecisions, Taking, take_up
from service.demo import pictures
from service.demo.settling import Settled
from service.identity import actor_of
from service.runtime import Runtime

CLERK, HEAD, VERIFIER = UserName("jingban"), UserName("zhuren"), UserName("hecha")
QUALITY = "按会议议定的要求办结，附照片或书面材料"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A meeting held so many days before the end, and how its decisions are followed up."""

    days_before: int
    fields: Mapping[str, Any]
    taken: Mapping[int, tuple[tuple[str, ...], str]]
    """Decision → lead units by name, and the limit."""


MEETINGS = (
    Told(
        days_before=75,
        fields={
            "kind": MeetingKind.SCHEDULING.value,
            "title": "农村供水保障调度会",
            "place": "县政府三楼会议室",
            "topics": ["水质检测", "应急供水"],
            "decisions": [
                "县水务局一周内补齐集中供水点水质检测记录",
                "县财政局核拨应急送水车辆租用经费",
            ],
        },
        taken={1: (("县水务局",), "7日内"), 2: (("县财政局",), "10日内")},
    ),
    Told(
        days_before=24,
        fields={
            "kind": MeetingKind.JOINT.value,
            "title": "校园周边环境整治联席会议",
            "place": "县教育局会议室",
            "topics": ["占道经营", "交通设施"],
            "decisions": [
                "校园周边占道经营摊点引导到临时市场",
                "学校门口减速带、警示牌缺失的补齐",
                "各乡镇排查校园周边隐患并报清单",
            ],
        },
        taken={
            1: (("县住建局",), "20日内"),
            2: (("县教育局",), "30日内"),
            3: (("青石镇", "松岭镇", "南坝镇"), "40日内"),
        },
    ),
    Told(
        days_before=3,
        fields={
            "kind": MeetingKind.SCHEDULING.value,
            "title": "重点项目要素保障调度会",
            "place": "县政府三楼会议室",
            "topics": ["用地", "用电"],
            "decisions": [
                "县自然资源局五个工作日内核清三个项目的用地手续缺项",
                "县住建局会同供电公司确定迁改方案",
                "项目专班每周五报一次进度",
            ],
        },
        taken={},
    ),
)
DONE_AFTER: Mapping[int, tuple[str, Mapping[str, Any]]] = {
    1: ("acknowledge", {}),
    2: ("report-progress", {"text": "已安排专人，正在办。", "percent": 60}),
    3: ("attach-evidence", {}),
    4: ("report-completion", {"text": "已按会议要求办完，材料附后。"}),
}
"""Days after the meeting whose decisions are done → what the units do."""
SENT_AFTER, PASSED_AFTER, CLOSED_AFTER = 7, 8, 9


def hold_meetings(runtime: Runtime, settled: Settled, at: datetime, until: datetime) -> None:
    """What people do with meetings on the morning of a day."""
    for told in MEETINGS:
        gone = (at.date() - _held_on(told, until.date())).days
        if gone == 0:
            _hold(runtime, settled, told, at)
        elif gone > 0 and told is MEETINGS[0]:
            _go_on(runtime, settled, told, gone, at)
        elif gone == 1:
            for matter in _leaves(runtime, told):
                _by_unit(runtime, matter, "acknowledge", {}, at)


def _held_on(told: Told, today: date) -> date:
    """The Monday of its week."""
    day = today - timedelta(days=told.days_before)
    return day - timedelta(days=day.weekday())


def _hold(runtime: Runtime, settled: Settled, told: Told, at: datetime) -> None:
    units = dict.fromkeys(name for names, _ in told.taken.values() for name in names)
    there = [{"unit": settled.units[name], "post": "负责人"} for name in units]
    said = {**told.fields, "held_on": at.date().isoformat(), "chair": "县长", "attendees": there}
    clerk = actor_of(runtime.directory.now(), CLERK, at.date())
    asked = Holding(actor=clerk, name="record", id=None, fields=said, at=at, strict=False)
    made = hold(runtime, asked)
    takings = tuple(
        Taking(
            n=n,
            kind="immediate",
            lead_units=tuple(UnitId(settled.units[name]) for name in names),
            quality_requirement=QUALITY,
            time_limit=limit,
        )
        for n, (names, limit) in told.taken.items()
    )
    if not takings:
        return
    command = RegisterDecisions(decisions=takings)
    for one in take_up(runtime, Asked(actor=clerk, at=at, meeting=MeetingId(made["id"]), command=command)):
        if one.refusal is not None:
            raise one.refusal


def _go_on(runtime: Runtime, settled: Settled, told: Told, gone: int, at: datetime) -> None:
    for matter in _leaves(runtime, told):
        if gone in DONE_AFTER:
            _by_unit(runtime, matter, *DONE_AFTER[gone], at)
        elif gone == SENT_AFTER:
            sent = {"verifier": settled.people[VERIFIER], "on": at.date().isoformat()}
            _act(runtime, CLERK, matter, "schedule-verification", sent, at)
        elif gone == PASSED_AFTER:
            _act(runtime, VERIFIER, matter, "pass-verification", {"findings": "到现场看过，已经办到位。"}, at)
        elif gone == CLOSED_AFTER:
            _act(runtime, HEAD, matter, "approve-write-off", {"grade": "good"}, at)


def _leaves(runtime: Runtime, told: Told) -> Iterator[Matter]:
    """The matters units answer for that came of a meeting, where it was held in this record."""
    with runtime.database.reading.connect() as connection:
        rows = meeting_lists.listed(connection, meeting_lists.Asked(words=str(told.fields["title"])))
    for row in rows:
        for id_ in row.matters:
            whole = matter_of(runtime, id_)
            yield from (
                (matter_of(runtime, part.matter) for part in whole.branches) if whole.branches else (whole,)
            )


def _by_unit(runtime: Runtime, matter: Matter, name: str, fields: Mapping[str, Any], at: datetime) -> None:
    """An act of the lead unit's liaison."""
    assert matter.lead_unit is not None
    liaison = runtime.directory.now().holders(matter.lead_unit, Role.UNIT_LIAISON, at.date())[0]
    (account,) = runtime.directory.now().users_of(liaison.id)
    attached = None
    if name == "attach-evidence":
        stored = runtime.files.keep([pictures.photograph(matter.title)])
        attached = Attached(stored=stored, name="办结现场.png", kind=EvidenceKind.PHOTO)
    _act(runtime, account.name, matter, name, fields, at, attached)


def _act(
    runtime: Runtime,
    user: UserName,
    matter: Matter,
    name: str,
    fields: Mapping[str, Any],
    at: datetime,
    attached: Attached | None = None,
) -> None:
    perform_now(
        runtime,
        Request(
            actor=actor_of(runtime.directory.now(), user, at.date()),
            name=name,
            matter=matter.id,
            fields={**fields, "kind": EvidenceKind.PHOTO.value} if attached else fields,
            at=at,
            received_at=machine_now(),
            attached=attached,
            strict=False,
        ),
    )
