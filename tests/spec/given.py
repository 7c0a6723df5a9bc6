"""云溪县 in memory: people, a calendar, a clock that is set, and matters folded from what the deciders admit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from events.directory.state import Directory
from events.matter import assigning as a
from events.matter import (
    closing,
    ending,
    evidencing,
    leading,
    looking_back,
    pressing,
    rectifying,
    registering,
    reporting,
    suspending,
    verifying,
)
from events.matter.acting import Command
from events.matter.deciding import decide, permitted
from events.matter.folding import begin, evolve
from events.matter.state import Matter, PlanStep
from events.matter.surroundings import Surroundings
from events.record.envelope import CLOCK, Actor, Decision, Recorded
from events.refusals import Refusal
from events.rules.calendar import WorkingDays
from events.rules.procedures import PRESETS, MatterRules, Procedure
from events.vocabulary import (
    BEIJING,
    EvidenceKind,
    MatterId,
    Stage,
    UnitId,
)
from tests.spec.county import (
    ADMIN,
    AUDITOR,
    CLERK,
    CODEC,
    ENVIRONMENT,
    HEAD,
    LEADER,
    LIAISON,
    LONG_AGO,
    MONDAY,
    OFFICE,
    OTHER_HEAD,
    OTHER_VERIFIER,
    SCHOOLS,
    SHIPPED,
    STAFF,
    TOWN,
    TOWN_HEAD,
    VERIFIER,
    WATER,
    WATER_LIAISON,
    a_file,
    actor,
    directory,
    hire,
    person,
)

__all__ = [
    "ADMIN",
    "ASSIGNMENT",
    "AUDITOR",
    "CLERK",
    "CODEC",
    "ENVIRONMENT",
    "HEAD",
    "LEADER",
    "LIAISON",
    "LONG_AGO",
    "MONDAY",
    "OFFICE",
    "OTHER_HEAD",
    "OTHER_VERIFIER",
    "SCHOOLS",
    "SHIPPED",
    "STAFF",
    "TOWN",
    "TOWN_HEAD",
    "VERIFIER",
    "WATER",
    "WATER_LIAISON",
    "World",
    "a_file",
    "a_plan",
    "actor",
    "directory",
    "hire",
    "person",
    "refused",
]
"""The county comes along, so that a test imports from one place."""


@dataclass(slots=True, kw_only=True)
class World:
    """A record in memory. ``do`` decides a command as somebody and writes what was admitted."""

    now: datetime = field(default_factory=lambda: datetime.combine(MONDAY, time(9), BEIJING))
    directory: Directory = field(default_factory=lambda: directory(*STAFF))
    calendar: WorkingDays = SHIPPED
    procedures: Mapping[str, Procedure] = field(default_factory=lambda: dict(PRESETS))
    rules: MatterRules = field(default_factory=MatterRules)
    record: list[Recorded] = field(default_factory=list)
    matters: dict[MatterId, Matter] = field(default_factory=dict)
    current: MatterId = MatterId("1")
    numbered: int = 0

    # -- the clock

    @property
    def today(self) -> date:
        return self.now.date()

    def on(self, day: date, at: time = time(9)) -> World:
        """Sets the clock to a day."""
        self.now = datetime.combine(day, at, BEIJING)
        return self

    def later(self, **delta: float) -> World:
        """Moves the clock on."""
        self.now += timedelta(**delta)
        return self

    def workdays_on(self, n: int) -> World:
        """Moves the clock on by working days."""
        return self.on(self.calendar.nth_working_day_after(self.today, n).on)

    # -- the matter at hand

    @property
    def matter(self) -> Matter:
        return self.matters[self.current]

    @property
    def stage(self) -> Stage:
        return self.matter.stage

    @property
    def due_on(self) -> date | None:
        return self.matter.due_on

    @property
    def facts(self) -> list[object]:
        """What was written about the matter at hand."""
        return [r.fact for r in self.record if r.stream == self.matter.stream]

    def last(self) -> Recorded:
        """The newest fact of the matter at hand."""
        return [r for r in self.record if r.stream == self.matter.stream][-1]

    def position_of(self, fact: type) -> int:
        """Where the newest fact of a type stands."""
        return next(
            r.position
            for r in reversed(self.record)
            if type(r.fact) is fact and r.stream == self.matter.stream
        )

    # -- acting

    def seen(self, by: Actor, **more: Any) -> Surroundings:
        """What a decision by somebody sees now."""
        own = self.matters.get(self.current)
        children = tuple(
            m.number for m in self.matters.values() if m.parent == self.current and not m.stage.ended
        )
        facts = {r.position: r.fact for r in self.record if own is not None and r.stream == own.stream}
        values = {
            "actor": by,
            "at": self.now,
            "directory": self.directory,
            "calendar": self.calendar,
            "procedures": self.procedures,
            "rules": self.rules,
            "new_matter": MatterId(str(len(self.matters) + 1)),
            "others": self.matters,
            "open_children": children,
            "branch_units": self.branch_units(),
            "fact_at": facts,
        }
        return Surroundings(**{**values, **more})

    def branch_units(self) -> tuple[UnitId, ...]:
        """The lead units of the open parts of the matter at hand."""
        parts = (m for m in self.matters.values() if m.parent == self.current and not m.stage.ended)
        return tuple(m.lead_unit for m in parts if m.lead_unit is not None)

    def turn_to(self, number: str) -> World:
        """Takes the matter with this number in hand."""
        self.current = next(m.id for m in self.matters.values() if m.number == number)
        return self

    def do(self, name: str, command: Command, by: Actor, **seen: Any) -> Decision:
        """Decides a command on the matter at hand and writes what it admits."""
        if name == "register":
            matter = begin(f"matter-{len(self.matters) + 1}")
        else:
            matter = self.matter
        surroundings = self.seen(by, **seen)
        decision = decide(name, command, matter, surroundings)
        self._write(decision, surroundings)
        if name == "register":
            self.current = matter.id
        return decision

    def tick(self) -> list[Any]:
        """What the clock says about the matter at hand now."""
        before = len(self.record)
        self.do("remind", pressing.Remind(), CLOCK)
        return [r.fact for r in self.record[before:]]

    def permitted(self, by: Actor, **seen: Any) -> tuple[str, ...]:
        return permitted(self.matter, self.seen(by, **seen))

    def _write(self, decision: Decision, seen: Surroundings) -> None:
        facts = [draft.fact for draft in decision.drafts]
        for wish in decision.numbers:
            self.numbered += 1
            series = wish.series.rpartition("/")[2]
            number = f"{series}-{self.numbered:05d}"
            facts[wish.draft] = replace(facts[wish.draft], **{wish.field: number})
        for draft, fact in zip(decision.drafts, facts, strict=True):
            name, schema = CODEC.name_of(fact)
            body = CODEC.decode(name, schema, CODEC.encode(fact))
            assert body == fact
            stream = draft.stream
            matter = self.matters.get(MatterId(stream.partition("-")[2]), begin(stream))
            recorded = Recorded(
                position=len(self.record) + 1,
                stream=stream,
                version=matter.version + 1,
                type=name,
                schema=schema,
                fact=body,
                actor=seen.actor.user,
                unit=seen.actor.unit,
                role=decision.role.value if decision.role else None,
                on_behalf_of=seen.on_behalf_of,
                basis=seen.basis,
                occurred_at=draft.occurred_at or seen.at,
                recorded_at=seen.at,
                command_id="c",
                correlation_id="c",
                causation_id=None,
                hash=b"",
            )
            self.record.append(recorded)
            self.matters[matter.id] = evolve(matter, recorded)

    # -- the ordinary way, step by step

    def registered(self, **fields: Any) -> World:
        """A matter waiting to be assigned."""
        values = {
            "title": "三号河道垃圾堆放",
            "kind": "rectification",
            "source": "专项督查",
            "problem": "河道边堆放垃圾约五十吨",
        }
        self.do("register", registering.RegisterMatter(**{**values, **fields}), CLERK)
        return self

    def assigned(self, *, by: Actor = CLERK, kind: str = "rectification", **fields: Any) -> World:
        """A matter that 青石镇 is to sign for; 15 working days unless said otherwise."""
        if self.current not in self.matters or self.matter.stage is not Stage.REGISTERED:
            self.registered(kind=kind)
        limit = {} if {"due_on", "time_limit"} & set(fields) else {"time_limit": "15个工作日内"}
        self.do("assign", a.AssignMatter(**{**ASSIGNMENT, **limit, **fields}), by)
        return self

    def acknowledged(self, **fields: Any) -> World:
        """A matter 青石镇 signed for."""
        self.assigned(**fields)
        self.do("acknowledge", a.AcknowledgeAssignment(), LIAISON)
        return self

    def planning(self, **fields: Any) -> World:
        """A matter whose plan lies before the office."""
        self.acknowledged(**fields)
        self.do("submit-plan", a_plan(self.today), LIAISON)
        return self

    def rectifying(self, **fields: Any) -> World:
        """A matter being worked on."""
        if self.procedures[fields.get("kind", "rectification")].needs_plan:
            self.planning(**fields)
            self.do("approve-plan", rectifying.ApprovePlan(), CLERK)
        else:
            self.acknowledged(**fields)
        return self

    def attach(
        self, kind: EvidenceKind = EvidenceKind.PHOTO, by: Actor = LIAISON, name: str = "现场.jpg"
    ) -> World:
        """Adds a piece of evidence."""
        paper = replace(a_file(name, at=self.now), attached_by=by.user, unit=by.unit)
        self.do("attach-evidence", evidencing.AttachEvidence(kind=kind), by, paper=paper)
        return self

    def report(self, by: Actor = LIAISON) -> World:
        """Reports completion with whatever the kind's checklist asks for."""
        for entry in self.procedures[self.matter.kind].evidence:
            self.attach(EvidenceKind[entry.partition("|")[0].upper()])
        alone = "意见另报" if self.matter.helping else None
        self.do(
            "report-completion", reporting.ReportCompletion(text="已清运完毕", without_opinions=alone), by
        )
        return self

    def reported(self, **fields: Any) -> World:
        """A matter reported complete."""
        return self.rectifying(**fields).report()

    def verify(self) -> World:
        """Sends 顾清和 to look."""
        command = verifying.ScheduleVerification(verifier=person(VERIFIER), on=self.today)
        self.do("schedule-verification", command, CLERK)
        return self

    def verifying(self, **fields: Any) -> World:
        """A matter being verified by 顾清和."""
        return self.reported(**fields).verify()

    def pass_(self) -> World:
        """The verifier finds it so."""
        self.do("pass-verification", verifying.PassVerification(findings="现场已无垃圾"), VERIFIER)
        return self

    def reviewed(self, **fields: Any) -> World:
        """A matter that passed verification."""
        return self.verifying(**fields).pass_()

    def close(self) -> World:
        """The head strikes it off."""
        self.do("approve-write-off", closing.ApproveWriteOff(), HEAD)
        return self

    def closed(self, **fields: Any) -> World:
        """A matter struck off."""
        return self.reviewed(**fields).close()

    def suspended(self, **fields: Any) -> World:
        """A matter whose clock stands still."""
        self.rectifying(**fields)
        self.do("suspend", suspending.SuspendMatter(reason="防汛三级响应"), HEAD)
        return self

    def objected(self, **fields: Any) -> World:
        """A matter whose unit says the assignment is wrong."""
        self.assigned(**fields)
        self.do("object", a.ObjectToAssignment(reason="不属本镇"), LIAISON)
        return self

    def cancelled(self, **fields: Any) -> World:
        """A matter no longer followed up."""
        self.assigned(**fields)
        self.do("cancel", ending.CancelMatter(reason="重复立项"), HEAD)
        return self

    def leading(self, **fields: Any) -> World:
        """A leader's instruction waiting to be closed."""
        return self.reviewed(kind="leader_instruction", **fields)

    def relapsed(self) -> World:
        """A matter found to be back."""
        self.closed()
        self.do("find-relapse", looking_back.FindRelapse(findings="又堆上了"), VERIFIER)
        return self

    def instruct_again(self, **fields: Any) -> World:
        """The leader instructs anew."""
        self.do("instruct-again", leading.InstructAgain(**{"text": "要见底", **fields}), LEADER)
        return self


ASSIGNMENT: dict[str, Any] = {"lead_unit": TOWN, "quality_requirement": "清运干净，恢复原貌"}


def a_plan(today: date) -> rectifying.SubmitPlan:
    """A rectification plan of one step."""
    step = PlanStep(title="清运", due_on=today + timedelta(days=5), person="何远舟")
    return rectifying.SubmitPlan(measures="分两期清运", goal="见底", steps=(step,))


@contextmanager
def refused(kind: type[Refusal], code: str | None = None) -> Iterator[pytest.ExceptionInfo[Refusal]]:
    """The block must be refused, with one Chinese sentence that says what to do."""
    with pytest.raises(kind) as caught:
        yield caught
    assert type(caught.value) is kind, repr(caught.value)
    if code is not None:
        assert caught.value.code == code
    sentence = caught.value.sentence
    assert sentence.endswith("。"), sentence
    assert any("\u4e00" <= char <= "\u9fff" for char in sentence), sentence
