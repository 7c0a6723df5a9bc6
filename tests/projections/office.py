"""云溪县 on a real record: matters that live random lives through the real deciders, handlers and writer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import count
from random import Random
from typing import Any

from sqlalchemy import Connection

from events.calendars.facts import CalendarPublished, calendar_stream
from events.matter import assigning as a
from events.matter import (
    correcting,
    ending,
    evidencing,
    pressing,
    registering,
    reporting,
)
from events.matter.acting import Command
from events.matter.deciding import decide, permitted
from events.matter.linking import LinkMatter, UnlinkMatter
from events.matter.petitioning import ErasePetitioner, NotePetitioner
from events.matter.splitting import PartGiven, SplitMatter
from events.matter.state import Evidence, Matter
from events.matter.surroundings import Surroundings
from events.matter.withdrawing import RecallAssignment, WithdrawEvidence
from events.record.admitting import Append
from events.record.connections import Database
from events.record.envelope import CLOCK, OPERATOR, Actor, Decision, Draft, Envelope
from events.record.handling import Folded, Handling
from events.record.store import Store
from events.record.writer import Writer
from events.refusals import Refusal
from events.rules.calendar import CalendarYear, WorkingDays, shipped_years
from events.rules.procedures import PRESETS, MatterRules
from events.vocabulary import (
    BEIJING,
    EvidenceId,
    EvidenceKind,
    MatterId,
    PetitionerId,
    UserName,
)
from projections import deadlines, lists
from projections.asking import Asked
from projections.runner import Projections
from service.commands.beside import matters_beside
from tests.projections.acts import COMMANDS, NEW, WEIGHTS, some_registration
from tests.projections.staff import CLERK, DIRECTORY, LIAISON, STAFF, TOWNS, VERIFIERS

SHIPPED = tuple(year for year in shipped_years() if year.year < 2010)
MONDAY = date(2008, 3, 3)
REPORTED = (("report-completion", LIAISON),)
VERIFIED = (("schedule-verification", CLERK), ("pass-verification", VERIFIERS[0]))


@dataclass(slots=True, kw_only=True)
class Office:
    """A record with its projections, a clock that is set, and a seeded chance."""

    database: Database
    store: Store
    writer: Writer
    handling: Handling
    projections: Projections
    chance: Random
    now: datetime = field(default_factory=lambda: datetime.combine(MONDAY, time(9), BEIJING))
    years: list[CalendarYear] = field(default_factory=lambda: list(SHIPPED))
    ids: Iterator[int] = field(default_factory=lambda: count(1))
    matters: list[MatterId] = field(default_factory=list)
    done: set[str] = field(default_factory=set)
    """Commands somebody sent already."""

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def calendar(self) -> WorkingDays:
        return WorkingDays(self.years)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with self.database.reading.connect() as connection:
            yield connection

    def ask(self, question: Callable[..., Any], *more: Any, **asked: Any) -> Any:
        """Puts a question of ``projections.lists`` judged today."""
        with self.reading() as connection:
            return question(connection, Asked(**{"day": self.today, **asked}), self.calendar, *more)

    def states(self, position: int | None = None) -> list[Matter]:
        """Every matter folded from the record, up to a position."""
        found = (self.handling.load(f"matter-{matter}", up_to=position) for matter in self.matters)
        return [folded.state for folded in found if folded.version]

    def later(self, **delta: float) -> None:
        self.now += timedelta(**delta)

    def register(self, **fields: Any) -> MatterId:
        matter = MatterId(f"m{next(self.ids)}")
        values = {
            "title": "河道垃圾",
            "kind": "immediate",
            "source": "督查",
            "problem": "河边有垃圾",
            **fields,
        }
        self.do(matter, "register", registering.RegisterMatter(**values), CLERK)
        return matter

    def do(self, matter: MatterId, name: str, command: Command, by: Actor, **seen: Any) -> dict[str, Any]:
        """Handles a command as the service does."""
        beside = matters_beside(command, matter, self.handling)
        streams = [f"matter-{one}" for one in (matter, *beside)]

        def decided(loaded: Mapping[str, Folded]) -> Decision:
            others = {state.id: state for state in self.states()} if len(streams) > 1 else {}
            surroundings = self.seen(by, **{"others": others, **seen})
            return decide(name, command, loaded[streams[0]].state, surroundings)

        envelope = Envelope(actor=by, at=self.now, command_id=f"c{next(self.ids)}", basis=seen.get("basis"))
        answer = self.handling.handle(envelope, streams, decided)
        found = [matter, *([answer["relapse_matter"]] if answer.get("relapse_matter") else [])]
        found += [part["id"] for part in answer.get("parts", ())]
        self.matters += [MatterId(one) for one in found if one not in self.matters]
        return answer

    def seen(self, by: Actor, **more: Any) -> Surroundings:
        values: dict[str, Any] = {
            "actor": by,
            "at": self.now,
            "directory": DIRECTORY,
            "calendar": self.calendar,
            "procedures": PRESETS,
            "rules": MatterRules(),
            "new_matter": MatterId(f"m{next(self.ids)}"),
            **more,
        }
        return Surroundings(**values)

    def write(self, *drafts: tuple[str, object]) -> None:
        """Writes facts without asking a decider."""
        versions = {stream: self.store.version(stream) for stream, _ in drafts}
        envelope = Envelope(actor=OPERATOR, at=self.now, command_id=f"c{next(self.ids)}")
        decision = Decision(drafts=tuple(Draft(stream=stream, fact=fact) for stream, fact in drafts))
        self.writer.append(Append(envelope=envelope, decision=decision, conditions=versions))

    def publish(self, year: CalendarYear) -> None:
        """Publishes a year's working days."""
        fact = CalendarPublished(year=year.year, version=year.version, source=year.source, days=year.days)
        self.write((calendar_stream(year.year), fact))
        self.years.append(year)

    def tick(self) -> None:
        """The clock speaks about every matter that is due, and settles what is provisional."""
        with self.reading() as connection:
            due = deadlines.due(connection, self.today, 1000)
        for matter in due:
            self.do(matter, "remind", pressing.Remind(), CLOCK)
        for item in self.ask(lists.provisional, limit=200).items:
            self.do(item.id, "recompute-due", pressing.RecomputeDue(), CLOCK)

    def spoil(self, statement: str) -> None:
        """Changes a table behind everybody's back."""
        with self.database.transaction() as driver:
            driver.say(statement)

    def some_assignment(self, **fields: Any) -> a.AssignMatter:
        """An assignment to the first unit."""
        return a.AssignMatter(**{"lead_unit": TOWNS[0], "quality_requirement": "达标", **fields})

    def act_all(self, matters: list[MatterId], steps: int) -> None:
        """A few random acts on each matter."""
        for _ in range(steps):
            for matter in matters:
                self.act(matter)

    def live(self, steps: int) -> None:
        """So many random acts, each one somebody may do then, with days going by."""
        for _ in range(steps):
            if self.chance.random() < 0.3:
                self.later(hours=self.chance.choice((1, 5, 24, 24, 72)))
            if self.chance.random() < 0.04:
                self.tick()
            if len(self.matters) < 4 or self.chance.random() < 1 / len(self.matters):
                self.register(**some_registration(self.chance))
                continue
            matter = self.chance.choice(self.matters)
            self.act(matter)

    def act(self, matter: MatterId) -> None:
        """One random act on a matter, by somebody who may; nothing where nobody may or the act is refused."""
        folded = self.handling.load(f"matter-{matter}").state
        choices = [(name, by) for by in STAFF for name in permitted(folded, self.seen(by)) if name != "note"]
        if not choices:
            return
        weights = [WEIGHTS.get(name, 1.0) if name in self.done else NEW for name, _ in choices]
        name, by = self.chance.choices(choices, weights)[0]
        command, seen = self.some_command(name, folded)
        try:
            self.do(matter, name, command, by, **seen)
        except Refusal:
            return
        self.done.add(name)

    def some_command(self, name: str, matter: Matter) -> tuple[Command, dict[str, Any]]:
        """A command of a name with whatever it needs to see."""
        if name == "attach-evidence":
            photo = matter.kind in ("rectification", "immediate")
            kind = EvidenceKind.PHOTO if photo else EvidenceKind.REPORT
            return evidencing.AttachEvidence(kind=kind), {"paper": self.a_file()}
        if name == "report-completion":
            for entry in PRESETS[matter.kind].evidence:
                kind = EvidenceKind[entry.upper()]
                attach = evidencing.AttachEvidence(kind=kind)
                self.do(matter.id, "attach-evidence", attach, CLERK, paper=self.a_file())
            return reporting.ReportCompletion(text="已办完", without_opinions="另报"), {}
        if name == "split":
            taken = {b.unit for b in matter.branches}
            parts = tuple(PartGiven(lead_unit=unit) for unit in TOWNS if unit not in taken)[:2]
            return SplitMatter(parts=parts, time_limit="9日内", quality_requirement="达标"), {}
        if name == "note-petitioner":
            sealed = (PetitionerId(f"{next(self.ids):032x}"), "6L+Z5piv5a+G5paH")
            return NotePetitioner(name="邵长庚"), {"sealed": sealed}
        if name == "erase-petitioner":
            noted = self.chance.choice(matter.petitioners).id
            return ErasePetitioner(petitioner=noted, reason="本人要求"), {}
        if name == "merge":
            others = [m for m in self.matters if m != matter.id]
            return ending.MergeMatter(into=self.chance.choice(others)), {}
        facts = {r.position: r.fact for r in self.store.stream(matter.stream)}
        if name == "recall-assignment":
            return RecallAssignment(reason="误交"), {"fact_at": facts}
        if name == "withdraw-evidence":
            piece = self.chance.choice(matter.evidence).id
            return WithdrawEvidence(evidence=piece, reason="传错了"), {"fact_at": facts}
        if name == "link":
            return LinkMatter(to=self.chance.choice([m for m in self.matters if m != matter.id])), {}
        if name == "unlink":
            return UnlinkMatter(to=self.chance.choice(matter.links).other, reason="不相干"), {}
        if name == "correct":
            command = self.some_correction(facts)
            return command, {"fact_at": facts, "basis": "县督〔2008〕3号"}
        return COMMANDS[name](self.chance, self.today), {}

    def some_correction(self, facts: Mapping[int, object]) -> correcting.CorrectFact:
        position = self.chance.choice(list(facts))
        match facts[position]:
            case registering.MatterRegistered():
                fields: dict[str, Any] = {"title": f"更正后的标题{next(self.ids)}"}
            case a.MatterAssigned() | a.MatterReassigned():
                fields = {"due_on": (self.today + timedelta(days=self.chance.randrange(40))).isoformat()}
            case _:
                fields = {"text": f"更正{next(self.ids)}"}
        return correcting.CorrectFact(position=position, reason="笔误", fields=fields)

    def a_file(self) -> Evidence:
        return Evidence(
            id=EvidenceId(f"e{next(self.ids)}"),
            kind=EvidenceKind.OTHER,
            name="现场.jpg",
            size=10,
            sha256=f"{self.chance.randrange(9):064x}",
            media_type="image/jpeg",
            attached_at=self.now,
            attached_by=UserName("x"),
            unit=None,
        )

    # -- one after another

    def step(self, matter: MatterId, name: str, by: Actor, **fields: Any) -> None:
        """One act, with fields that matter in the way of a builder."""
        folded = self.handling.load(f"matter-{matter}").state
        command, seen = self.some_command(name, folded)
        if name == "schedule-verification":
            fields.setdefault("verifier", VERIFIERS[0].person)
        self.do(matter, name, replace(command, **fields), by, **seen)

    def act_as(self, matter: MatterId, name: str, by: Actor, **seen: Any) -> None:
        """One act in other surroundings."""
        folded = self.handling.load(f"matter-{matter}").state
        self.do(matter, name, self.some_command(name, folded)[0], by, **seen)

    def steps(self, matter: MatterId, *acts: tuple[str, Actor]) -> None:
        for name, by in acts:
            self.step(matter, name, by)

    def assigned(self, kind: str = "immediate", **fields: Any) -> MatterId:
        """A matter the first unit is to sign for, within 20 days unless said otherwise."""
        matter = self.register(kind=kind)
        limit = {} if "time_limit" in fields else {"due_on": self.today + timedelta(days=20)}
        self.do(matter, "assign", self.some_assignment(**{**limit, **fields}), CLERK)
        return matter

    def children_of(self, parent: MatterId, n: int) -> None:
        """Matters split off from one."""
        others = {state.id: state for state in self.states()}
        for _ in range(n):
            child = MatterId(f"m{next(self.ids)}")
            fields = {"title": "子", "kind": "immediate", "source": "督查", "problem": "分", "parent": parent}
            self.do(child, "register", registering.RegisterMatter(**fields), CLERK, others=others)

    def reviewed(self, kind: str = "immediate") -> MatterId:
        """A matter that passed verification."""
        matter = self.assigned(kind)
        self.steps(matter, ("acknowledge", LIAISON), *REPORTED, *VERIFIED)
        return matter
