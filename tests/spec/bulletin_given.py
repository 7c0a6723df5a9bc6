"""A bulletin in memory: a content of a kept sample, people of 云溪县, and a clock that is set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from events.bulletin import drafting, ending, issuing, signing
from events.bulletin.acting import Command
from events.bulletin.deciding import decide, permitted
from events.bulletin.facts import FACTS
from events.bulletin.folding import begin, evolve
from events.bulletin.series import PRESETS, AsOf, Series, period_of
from events.bulletin.state import Bulletin, BulletinStage, Head, Rendition, Scan
from events.bulletin.surroundings import Composed, Known, Rendered, Surroundings
from events.record.codec import Codec
from events.record.envelope import Actor, Claim, Decision, Recorded
from events.vocabulary import BEIJING, BulletinId
from tests.spec.county import CLERK, HEAD, LEADER, MONDAY, SHIPPED, TOWN, WATER, directory
from tests.spec.given import LIAISON, TOWN_HEAD, WATER_LIAISON, hire

CODEC = Codec(FACTS)
SAMPLE = Path(__file__).parents[1] / "record" / "golden" / "bulletin-drafted.1.json"
_content = CODEC.decode("bulletin-drafted", 1, SAMPLE.read_bytes()).content
_rows = tuple(
    replace(row, unit=unit, name=str(unit))
    for row, unit in zip((_content.table.groups[0].rows[0],) * 2, (TOWN, WATER), strict=True)
)
_item = next(item for section in _content.sections for item in section.items)
CONTENT = replace(
    _content,
    sections=tuple(
        replace(section, items=tuple(replace(item, units=(TOWN,)) for item in section.items))
        for section in _content.sections
    ),
    table=replace(_content.table, groups=(replace(_content.table.groups[0], rows=_rows),)),
    fast=(),
    slow=(),
)
"""Names 青石镇, covers 青石镇 and 水务局."""
QUIET = replace(CONTENT, sections=tuple(replace(section, items=()) for section in CONTENT.sections))
"""Names nobody."""
NUMBER = "云督〔2026〕6号"
SCAN = Scan(sha256="2" * 64, name="批准件.pdf", size=9, media_type="application/pdf")
HEAD_OF_PAPER = Head(mark="督查室文件", printed_by="督查室")
FILE = Rendition(sha256="0" * 64, size=1, renderer="r", fonts="f", template="t", text="1" * 64)
MONTHLY = PRESETS["monthly"]


@dataclass(slots=True, kw_only=True)
class Desk:
    """One bulletin, and what was claimed for it. ``do`` decides as somebody and writes what was admitted."""

    content: Any = CONTENT
    series: Series = MONTHLY
    bulletin: Bulletin = field(default_factory=lambda: begin("bulletin-b1"))
    today: date = MONDAY
    record: list[Recorded] = field(default_factory=list)
    siblings: tuple[Known, ...] = ()
    old: Bulletin | None = None
    claims: list[Claim] = field(default_factory=list)
    released: list[tuple[str, str]] = field(default_factory=list)

    def seen(self, by: Actor, **more: Any) -> Surroundings:
        people = directory(CLERK, HEAD, LEADER, LIAISON, TOWN_HEAD, WATER_LIAISON)
        hire(people, by)
        values: dict[str, Any] = {
            "actor": by,
            "at": datetime.combine(self.today, time(9), BEIJING),
            "directory": people,
            "calendar": SHIPPED,
            "series": self.series,
            "siblings": self.siblings,
            "composed": Composed(content=self.content, as_of=self.as_of),
            "rendered": Rendered(version=self.bulletin.version, head=HEAD_OF_PAPER, full=FILE, public=FILE),
            "new_bulletin": BulletinId("b2"),
            "others": {} if self.old is None else {self.old.id: self.old},
        }
        return Surroundings(**{**values, **more})

    @property
    def as_of(self) -> AsOf:
        return AsOf(position=9, at=datetime.combine(self.today - timedelta(days=2), time(23), BEIJING))

    @property
    def stage(self) -> BulletinStage:
        return self.bulletin.stage

    def do(self, name: str, command: Command, by: Actor, **more: Any) -> Decision:
        """Decides a command and writes what it admits to the bulletin at hand."""
        seen = self.seen(by, **more)
        decision = decide(name, command, self.bulletin, seen)
        self.claims += decision.claims
        self.released += decision.releases
        for draft in decision.drafts:
            fact = draft.fact
            for wish in decision.numbers:
                fact = replace(fact, **{wish.field: "2026-00003"})
            assert CODEC.decode(*CODEC.name_of(fact), CODEC.encode(fact)) == fact
            if draft.stream == self.bulletin.stream:
                self.write(fact, by, seen)
        return decision

    def write(self, fact: object, by: Actor, seen: Surroundings) -> None:
        name, schema = CODEC.name_of(fact)
        recorded = Recorded(
            position=len(self.record) + 1,
            stream=self.bulletin.stream,
            version=self.bulletin.version + 1,
            type=name,
            schema=schema,
            fact=fact,
            actor=by.user,
            unit=by.unit,
            role=None,
            on_behalf_of=seen.on_behalf_of,
            basis=seen.basis,
            occurred_at=seen.at,
            recorded_at=seen.at,
            command_id="c",
            correlation_id="c",
            causation_id=None,
            hash=b"",
        )
        self.record.append(recorded)
        self.bulletin = evolve(self.bulletin, recorded)

    def may(self, by: Actor) -> tuple[str, ...]:
        return permitted(self.bulletin, self.seen(by))

    # -- the ordinary way

    def drafted(self, **fields: Any) -> Desk:
        period = period_of(MONTHLY.every, date(2026, 2, 1))
        command = drafting.DraftBulletin(series="monthly", first=period.first, last=period.last, **fields)
        self.do("draft", command, CLERK)
        return self

    def checked(self, **fields: Any) -> Desk:
        self.drafted().do("check", signing.CheckNumbers(**fields), CLERK)
        return self

    def approved(self) -> Desk:
        self.checked().do("approve-naming", signing.ApproveNaming(), HEAD, basis="县政府常务会议纪要")
        return self

    def signed(self) -> Desk:
        self.approved().do("sign", signing.SignBulletin(document_no=NUMBER), HEAD)
        return self

    def numbered(self) -> Desk:
        self.signed().do("number", issuing.NumberBulletin(), CLERK)
        return self

    def issued(self, **fields: Any) -> Desk:
        self.numbered().do("issue", issuing.IssueBulletin(**fields), CLERK)
        return self

    def withdrawn(self) -> Desk:
        self.issued().do("withdraw", ending.WithdrawBulletin(reason="重复印发"), HEAD)
        return self


def known(bulletin: Bulletin, **changed: Any) -> Known:
    """Another bulletin of the series, as a decision sees it."""
    values: Mapping[str, Any] = {
        "id": BulletinId("other"),
        "stage": bulletin.stage,
        "period": bulletin.period,
        "subject": bulletin.subject,
        "title": bulletin.title,
        "document_no": bulletin.document_no,
    }
    return Known(**{**values, **changed})
