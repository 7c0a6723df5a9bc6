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

from events.calendars import folding as calendar_folding
from events.calendars.facts import FACTS as CALENDAR_FACTS
from events.calendars.facts import CalendarPublished, calendar_stream
from events.delivery.facts import FACTS as DELIVERY_FACTS
from events.directory.facts import FACTS as DIRECTORY_FACTS
from events.directory.state import Directory, Person, Since, Unit, User
from events.matter import assigning as a
from events.matter import (
    closing,
    correcting,
    ending,
    evidencing,
    extending,
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
from events.matter.facts import FACTS as MATTER_FACTS
from events.matter.folding import begin, evolve
from events.matter.state import Evidence, Matter, PlanStep
from events.matter.surroundings import Surroundings
from events.opening.facts import FACTS as OPENING_FACTS
from events.record.admitting import Append
from events.record.chain import GENESIS
from events.record.codec import Codec
from events.record.connections import Database, open_database
from events.record.envelope import CLOCK, OPERATOR, Actor, Decision, Draft, Envelope
from events.record.handling import Folded, Folder, Handling
from events.record.moments import rehearsal_moments
from events.record.sql import insert_rows
from events.record.store import Store
from events.record.tables import METADATA, log_head
from events.record.writer import Writer
from events.refusals import Refusal
from events.rules.calendar import CalendarYear, WorkingDays, shipped_years
from events.rules.procedures import PRESETS, MatterRules
from events.vocabulary import (
    BEIJING,
    EvidenceId,
    EvidenceKind,
    FailureKind,
    MatterId,
    PersonId,
    Role,
    Starts,
    TransferKind,
    UnitId,
    Urgency,
    UserName,
)
from projections import deadlines, lists
from projections.asking import Asked
from projections.runner import Projections

CODEC = Codec((*MATTER_FACTS, *DIRECTORY_FACTS, *CALENDAR_FACTS, *DELIVERY_FACTS, *OPENING_FACTS))
SHIPPED = tuple(year for year in shipped_years() if year.year < 2010)
MONDAY = date(2008, 3, 3)
OFFICE = UnitId("督查室")
TOWNS = tuple(UnitId(unit) for unit in ("青石镇", "水务局", "教育局", "环保局"))


def actor(user: str, unit: UnitId, *roles: Role) -> Actor:
    """An account named like its person."""
    return Actor(
        user=UserName(user), name=user, person=PersonId(f"p-{user}"), unit=unit, roles=frozenset(roles)
    )


CLERK = actor("林砚秋", OFFICE, Role.OFFICE_CLERK)
HEAD = actor("马国梁", OFFICE, Role.OFFICE_HEAD)
VERIFIERS = (
    actor("顾清和", UnitId("质监站"), Role.VERIFIER),
    actor("方知远", UnitId("审计局"), Role.VERIFIER),
)
LEADER = actor("沈如松", UnitId("县政府"), Role.LEADER)
LIAISONS = tuple(actor(f"联络员{n}", unit, Role.UNIT_LIAISON) for n, unit in enumerate(TOWNS))
STAFF = (CLERK, HEAD, *VERIFIERS, LEADER, *LIAISONS)


def directory() -> Directory:
    """The directory in which everybody is known."""
    found = Directory()
    long_ago = date(2000, 1, 1)
    for one in STAFF:
        assert one.unit is not None
        assert one.person is not None
        found.units[one.unit] = Unit(
            id=one.unit, names=(Since(on=long_ago, position=1, value=str(one.unit)),)
        )
        units = (Since(on=long_ago, position=1, value=one.unit),)
        found.people[one.person] = Person(id=one.person, name=one.name, units=units)
        roles = (Since(on=long_ago, position=1, value=one.roles),)
        found.users[one.user] = User(name=one.user, person=one.person, roles=roles)
    return found


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
        streams = [f"matter-{matter}"]
        if isinstance(command, ending.MergeMatter):
            streams.append(f"matter-{command.into}")

        def decided(loaded: Mapping[str, Folded]) -> Decision:
            others = {state.id: state for state in self.states()} if len(streams) > 1 else {}
            surroundings = self.seen(by, **{"others": others, **seen})
            return decide(name, command, loaded[streams[0]].state, surroundings)

        envelope = Envelope(actor=by, at=self.now, command_id=f"c{next(self.ids)}", basis=seen.get("basis"))
        answer = self.handling.handle(envelope, streams, decided)
        found = [matter, *([answer["relapse_matter"]] if answer.get("relapse_matter") else [])]
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
        choices = [(name, by) for by in STAFF for name in permitted(folded, self.seen(by))]
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
            return reporting.ReportCompletion(text="已办完"), {}
        if name == "merge":
            others = [m for m in self.matters if m != matter.id]
            return ending.MergeMatter(into=self.chance.choice(others)), {}
        if name == "correct":
            facts = {r.position: r.fact for r in self.store.stream(matter.stream)}
            command = self.some_correction(facts)
            return command, {"fact_at": facts, "basis": "县督〔2008〕3号"}
        return _COMMANDS[name](self.chance, self.today), {}

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
        self.steps(matter, ("acknowledge", LIAISONS[0]), *REPORTED, *VERIFIED)
        return matter


LIAISON = LIAISONS[0]
REPORTED = (("report-completion", LIAISON),)
VERIFIED = (("schedule-verification", CLERK), ("pass-verification", VERIFIERS[0]))


def every_fact(office: Office) -> None:
    """Lives in which every fact of a matter happens, with days going by."""
    _the_long_way(office)
    objected = office.assigned()
    office.step(objected, "object", LIAISON)
    office.do(
        objected,
        "decide-objection",
        a.DecideObjection(upheld=True, to_unit=TOWNS[1], due_on=office.today),
        HEAD,
    )
    office.later(days=9)
    office.tick()
    office.step(objected, "reassign", CLERK)
    instructed = office.reviewed("leader_instruction")
    office.steps(
        instructed, ("submit-to-leader", CLERK), ("leader-acknowledge", LEADER), ("instruct-again", LEADER)
    )
    relapsed = office.reviewed()
    office.steps(relapsed, ("approve-write-off", HEAD), ("find-relapse", CLERK))
    waiting = office.assigned()
    office.steps(waiting, ("acknowledge", LIAISON), *REPORTED)
    office.later(days=30)
    office.tick()
    office.step(office.register(), "cancel", HEAD)
    office.step(office.register(), "transfer", HEAD)
    merged = office.register()
    office.do(merged, "merge", ending.MergeMatter(into=waiting), CLERK)
    office.assigned(time_limit="600个工作日内")
    office.publish(YEAR_2010)
    office.tick()


def _the_long_way(office: Office) -> None:
    matter = office.register(kind="rectification")
    office.step(matter, "amend", CLERK)
    due_on = office.today + timedelta(days=10)
    office.do(matter, "assign", office.some_assignment(due_on=due_on), CLERK)
    office.step(matter, "object", LIAISON)
    office.do(matter, "decide-objection", a.DecideObjection(upheld=False), HEAD)
    plan = (
        ("acknowledge", LIAISON),
        ("submit-plan", LIAISON),
        ("return-plan", CLERK),
        ("submit-plan", LIAISON),
    )
    work = (("approve-plan", CLERK), ("report-progress", LIAISON), ("urge", CLERK))
    help_ = (("request-support", LIAISON), ("answer-support", CLERK))
    office.steps(matter, *plan, *work, *help_)
    first = office.store.stream(f"matter-{matter}")[0].position
    office.step(matter, "correct", HEAD, position=first, fields={"title": "更正后的标题"})
    until = office.today + timedelta(days=30)
    office.step(matter, "request-extension", LIAISON, until=until)
    office.step(matter, "refuse-extension", HEAD)
    office.step(matter, "request-extension", LIAISON, until=until)
    office.step(matter, "grant-extension", HEAD, until=until)
    office.later(days=28)
    office.tick()
    office.step(matter, "suspend", HEAD)
    office.later(days=3)
    office.step(matter, "resume", HEAD)
    office.steps(matter, *REPORTED, ("return-completion", CLERK), *REPORTED)
    office.steps(
        matter, ("schedule-verification", CLERK), ("fail-verification", VERIFIERS[0]), *REPORTED, *VERIFIED
    )
    office.steps(matter, ("reject-write-off", HEAD), *REPORTED, *VERIFIED, ("approve-write-off", HEAD))
    office.steps(matter, ("reopen", HEAD), ("approve-write-off", HEAD))
    office.step(matter, "select-look-back", CLERK, due_on=office.today + timedelta(days=5))
    office.later(days=6)
    office.tick()
    office.step(matter, "pass-look-back", VERIFIERS[1])


DIRECTORY = directory()
YEAR_2010 = next(year for year in shipped_years() if year.year == 2010)


def some_registration(chance: Random) -> dict[str, Any]:
    """Fields of a matter of any kind."""
    kind = chance.choice(tuple(PRESETS))
    return {
        "title": chance.choice(("ＡＢＣ厂排污", "abc厂噪声", "学校围墙", "五十％完成_率")),
        "kind": kind,
        "source": chance.choice(("专项督查", "群众来信")),
        "problem": chance.choice(("河道边堆放垃圾", "墙体开裂", "夜间施工")),
        "place": chance.choice((None, "青石镇三村")),
        "urgency": chance.choice(tuple(Urgency)) if kind == "leader_instruction" else None,
    }


def _limit(chance: Random, today: date) -> dict[str, Any]:
    return chance.choice(
        (
            {"due_on": today + timedelta(days=chance.randrange(20))},
            {"time_limit": "10个工作日内"},
            {"time_limit": "5日内", "starts": Starts.ACKNOWLEDGED},
            {"time_limit": "600个工作日内"},
        )
    )


def _assignment(chance: Random, today: date) -> dict[str, Any]:
    units = chance.sample(TOWNS, 3)
    return {
        "lead_unit": units[0],
        "co_units": tuple(units[1 : 1 + chance.randrange(3)]),
        "quality_requirement": "达标",
        **_limit(chance, today),
    }


def _objection(chance: Random, today: date) -> Command:
    if chance.random() < 0.5:
        return a.DecideObjection(upheld=False)
    if chance.random() < 0.3:
        return a.DecideObjection(upheld=True)
    return a.DecideObjection(upheld=True, to_unit=chance.choice(TOWNS), **_limit(chance, today))


def _plan(chance: Random, today: date) -> Command:
    step = PlanStep(title="清运", due_on=today + timedelta(days=3))
    return rectifying.SubmitPlan(measures="清运", goal="见底", steps=(step,))


def _days(today: date, chance: Random) -> date:
    return today + timedelta(days=chance.randrange(1, 60))


_COMMANDS: dict[str, Callable[[Random, date], Command]] = {
    "assign": lambda c, d: a.AssignMatter(**_assignment(c, d)),
    "reassign": lambda c, d: a.ReassignMatter(**_assignment(c, d)),
    "acknowledge": lambda c, d: a.AcknowledgeAssignment(),
    "object": lambda c, d: a.ObjectToAssignment(reason="不属本单位"),
    "decide-objection": _objection,
    "submit-plan": _plan,
    "return-plan": lambda c, d: rectifying.ReturnPlan(reason="太粗"),
    "approve-plan": lambda c, d: rectifying.ApprovePlan(),
    "report-progress": lambda c, d: rectifying.ReportProgress(text="过半", percent=c.randrange(101)),
    "request-support": lambda c, d: rectifying.RequestSupport(text="缺设备"),
    "answer-support": lambda c, d: rectifying.AnswerSupport(text="已协调"),
    "request-extension": lambda c, d: extending.RequestExtension(until=_days(d, c), reason="汛期"),
    "grant-extension": lambda c, d: extending.GrantExtension(until=_days(d, c)),
    "refuse-extension": lambda c, d: extending.RefuseExtension(reason="理由不足"),
    "suspend": lambda c, d: suspending.SuspendMatter(reason="防汛"),
    "resume": lambda c, d: suspending.ResumeMatter(),
    "return-completion": lambda c, d: reporting.ReturnCompletion(reason="不实"),
    "schedule-verification": lambda c, d: verifying.ScheduleVerification(
        verifier=c.choice(VERIFIERS).person or PersonId(""), on=d
    ),
    "pass-verification": lambda c, d: verifying.PassVerification(findings="属实"),
    "fail-verification": lambda c, d: verifying.FailVerification(
        kind=c.choice(tuple(FailureKind)), findings="未完成"
    ),
    "approve-write-off": lambda c, d: closing.ApproveWriteOff(),
    "reject-write-off": lambda c, d: closing.RejectWriteOff(reason="材料不全"),
    "reopen": lambda c, d: closing.ReopenMatter(reason="误销"),
    "select-look-back": lambda c, d: looking_back.SelectLookBack(due_on=_days(d, c)),
    "pass-look-back": lambda c, d: looking_back.PassLookBack(findings="保持"),
    "find-relapse": lambda c, d: looking_back.FindRelapse(findings="又堆上了"),
    "submit-to-leader": lambda c, d: leading.SubmitToLeader(),
    "leader-acknowledge": lambda c, d: leading.AcknowledgeResult(),
    "instruct-again": lambda c, d: leading.InstructAgain(text="要见底", time_limit="10个工作日内"),
    "cancel": lambda c, d: ending.CancelMatter(reason="重复"),
    "transfer": lambda c, d: ending.TransferMatter(kind=TransferKind.HANDOVER, to="市局"),
    "urge": lambda c, d: pressing.UrgeMatter(),
    "amend": lambda c, d: correcting.AmendMatter(fields={"title": f"补充{c.randrange(99)}", "place": "县城"}),
}


@contextmanager
def an_office(url: str, seed: int = 1) -> Iterator[Office]:
    """A new record in an empty database, its projections made."""
    database = open_database(url)
    METADATA.create_all(database.writing)
    with database.transaction() as driver:
        driver.run(insert_rows(log_head), [(1, 0, GENESIS, b"", 1, None, "sha256")])
    store = Store(database, CODEC)
    writer = Writer(database, CODEC, rehearsal_moments())
    folders = {
        "matter": Folder(begin=begin, evolve=evolve),
        "calendar": Folder(begin=calendar_folding.begin, evolve=calendar_folding.evolve),
    }
    office = Office(
        database=database,
        store=store,
        writer=writer,
        handling=Handling(store, writer, folders),
        projections=Projections(store, lambda: office.calendar, MatterRules()),
        chance=Random(seed),
    )
    office.projections.prepare(writer, office.now)
    writer.followers.append(office.projections.follow)
    try:
        yield office
    finally:
        writer.stop()
        database.close()


NEW = 8.0
"""How often an act is chosen that nobody did yet."""
WEIGHTS = {
    **dict.fromkeys(("cancel", "transfer", "merge"), 0.04),
    **dict.fromkeys(("urge", "correct", "amend", "object", "suspend"), 0.1),
    **dict.fromkeys(("attach-evidence", "report-progress", "reassign", "return-plan"), 0.2),
    **dict.fromkeys(("assign", "acknowledge", "report-completion", "resume", "decide-objection"), 4.0),
    **dict.fromkeys(("pass-verification", "approve-write-off", "approve-plan", "submit-plan"), 4.0),
    **dict.fromkeys(("schedule-verification", "reopen", "leader-acknowledge"), 0.5),
}
"""How often an act is chosen among those somebody may do, so that lives come to their ends."""
