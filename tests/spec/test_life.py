"""The matter's life walked at random beside a plain model of it; ``DUBAN_SOAK=full`` walks for long."""

from __future__ import annotations

import os
from datetime import date
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from events.matter import (
    assigning,
    closing,
    ending,
    evidencing,
    extending,
    leading,
    looking_back,
    pressing,
    rectifying,
    reporting,
    suspending,
    verifying,
)
from events.matter.acting import Command
from events.matter.authority import Who
from events.matter.permitted import PERMITTED
from events.record.envelope import Actor
from events.refusals import Invalid, NotYours, Refusal, WrongStage
from events.vocabulary import EvidenceKind, FailureKind, Stage, TransferKind
from tests.spec.contract_table import CONTRACT, WITHIN
from tests.spec.given import (
    CLERK,
    HEAD,
    LEADER,
    OTHER_VERIFIER,
    TOWN,
    VERIFIER,
    WATER,
    World,
    a_file,
    a_plan,
    person,
)
from tests.spec.life_model import ACTORS, DAY, LIAISONS, Model, S, nth_working_day, working_days

WHO = st.integers(0, 2 * len(ACTORS))
"""Which of the actors; beyond their number: the right one."""
LIMITS = {
    "days": st.integers(1, 20),
    "how": st.sampled_from(["days", "working", "date", "sign"]),
    "unit": st.sampled_from([TOWN, WATER]),
    "who": WHO,
}


def fitting(name: str) -> Any:
    """The rule is tried in the stages of a command only; ``out_of_turn`` tries the others."""
    return precondition(lambda self: self.m.stage in CONTRACT[name][0])


class Life(RuleBasedStateMachine):
    """Sends any command by anybody at any time and compares the answer with the model's."""

    @initialize(
        kind=st.sampled_from(["rectification", "immediate", "leader_instruction", "superior_transfer"])
    )
    def register(self, kind: str) -> None:
        self.w = World()
        self.w.registered()
        self.other = self.w.current
        self.w.registered(kind=kind)
        self.m = Model(kind=kind)
        self.said: set[tuple[type, date, date | None, str | None]] = set()

    # -- asking the model first

    def may(self, who: Who, by: Actor) -> bool:
        own_unit = by.unit in self.m.units
        match who:
            case Who.OFFICE:
                return by in (CLERK, HEAD)
            case Who.OFFICE_HEAD:
                return by is HEAD
            case Who.UNIT:
                return self.m.lead is not None and by is LIAISONS[self.m.lead]
            case Who.SCHEDULED_VERIFIER | Who.VERIFIER:
                return by in (VERIFIER, OTHER_VERIFIER) and not own_unit
            case Who.VERIFIER_OFFICE:
                return by in (VERIFIER, OTHER_VERIFIER, CLERK, HEAD)
            case Who.UNIT_VERIFIER_OFFICE:
                return by in (VERIFIER, OTHER_VERIFIER, CLERK, HEAD) or self.may(Who.UNIT, by)
            case _:
                return by is LEADER

    def send(
        self,
        name: str,
        command: Command,
        by: Actor,
        *,
        valid: bool = True,
        fits: bool = True,
        **seen: Any,
    ) -> bool:
        """Whether the model admits it; fails where the decider sees it otherwise."""
        stages, who, _ = CONTRACT[name]
        expected: type[Refusal] | None = None
        if not self.may(who, by):
            expected = NotYours
        elif self.m.stage not in stages or not fits:
            expected = WrongStage
        elif who is Who.SCHEDULED_VERIFIER and by is not self.m.sent:
            expected = NotYours
        elif not valid:
            expected = Invalid
        if expected is None:
            self.w.do(name, command, by, **seen)
            return True
        with pytest.raises(expected):
            self.w.do(name, command, by, **seen)
        return False

    def whoever(self, who: int, name: str) -> Actor:
        """Any actor, or more often one the model admits."""
        if who < len(ACTORS):
            return ACTORS[who]
        if CONTRACT[name][1] is Who.SCHEDULED_VERIFIER and self.m.sent is not None:
            return self.m.sent
        return next(by for by in (*ACTORS, CLERK) if self.may(CONTRACT[name][1], by) or by is ACTORS[-1])

    @property
    def today(self) -> date:
        return self.w.today

    @rule(name=st.sampled_from(sorted(CONTRACT)), by=st.sampled_from(ACTORS))
    def out_of_turn(self, name: str, by: Actor) -> None:
        """Any command by anybody where the stage or the person is wrong."""
        stages, who, _ = CONTRACT[name]
        if self.m.stage in stages and self.may(who, by):
            return
        with pytest.raises(NotYours if not self.may(who, by) else WrongStage):
            self.w.do(name, empty(PERMITTED[name].command), by)

    # -- time

    @rule(days=st.integers(0, 9))
    def wait(self, days: int) -> None:
        self.w.later(days=days)

    @rule()
    def tick(self) -> None:
        for fact in self.w.tick():
            anchor = getattr(fact, "due_on", None)
            key = (type(fact), fact.slot, anchor, self.m.lead)
            assert key not in self.said
            self.said.add(key)
            assert fact.slot <= self.today
            assert all(rung.slot < fact.slot for rung in fact.passed_over)
            assert self.m.stage is not S.SUSPENDED
        assert self.w.tick() == []

    # -- the way of a matter

    def limit(self, days: int, how: str) -> dict[str, Any]:
        match how:
            case "days":
                return {"time_limit": f"{days}日内"}
            case "working":
                return {"time_limit": f"{days}个工作日内"}
            case "sign":
                return {"time_limit": f"{days}日内", "starts": "acknowledged"}
            case _:
                return {"due_on": self.today + days * DAY}

    @fitting("assign")
    @rule(**LIMITS)
    def assign(self, days: int, how: str, unit: str, who: int) -> None:
        by = self.whoever(who, "assign")
        command = assigning.AssignMatter(lead_unit=unit, quality_requirement="净", **self.limit(days, how))
        if self.send("assign", command, by):
            self.m.handed(unit, self.today, days, working=how == "working", on_sign=how == "sign")

    @fitting("reassign")
    @rule(**LIMITS)
    def reassign(self, days: int, how: str, unit: str, who: int) -> None:
        by = self.whoever(who, "reassign")
        command = assigning.ReassignMatter(lead_unit=unit, quality_requirement="净", **self.limit(days, how))
        if self.send("reassign", command, by):
            self.m.handed(unit, self.today, days, working=how == "working", on_sign=how == "sign")

    @fitting("acknowledge")
    @rule(who=WHO)
    def acknowledge(self, who: int) -> None:
        by = self.whoever(who, "acknowledge")
        if self.send("acknowledge", assigning.AcknowledgeAssignment(), by):
            self.m.stage = S.ACKNOWLEDGED if self.m.kind == "rectification" else S.RECTIFYING
            if self.m.waits_for_sign:
                self.m.due_set(self.today + self.m.waits_for_sign * DAY)
                self.m.waits_for_sign = 0

    @fitting("object")
    @rule(who=WHO)
    def object(self, who: int) -> None:
        by = self.whoever(who, "object")
        on = self.m.assigned_on
        in_time = on is None or working_days(on, self.today) <= 5
        if self.send("object", assigning.ObjectToAssignment(reason="不属"), by, valid=in_time):
            self.m.before, self.m.stage = self.m.stage, S.OBJECTED

    @fitting("decide-objection")
    @rule(who=WHO, outcome=st.sampled_from(["dismissed", "back", "other"]), days=st.integers(1, 9))
    def decide_objection(self, who: int, outcome: str, days: int) -> None:
        by = self.whoever(who, "decide-objection")
        to = (WATER if self.m.lead == TOWN else TOWN) if outcome == "other" else None
        limit = {"time_limit": f"{days}日内"} if to else {}
        command = assigning.DecideObjection(upheld=outcome != "dismissed", to_unit=to, **limit)
        if not self.send("decide-objection", command, by):
            return
        if outcome == "dismissed":
            assert self.m.before is not None
            self.m.stage, self.m.before = self.m.before, None
        elif to is not None:
            self.m.handed(to, self.today, days, working=False, on_sign=False)
        else:
            self.m.handed(str(self.m.lead), self.today, 1, working=False, on_sign=True)
            self.m.stage, self.m.lead, self.m.assigned_on, self.m.waits_for_sign = S.REGISTERED, None, None, 0

    @fitting("submit-plan")
    @rule(who=WHO)
    def submit_plan(self, who: int) -> None:
        by = self.whoever(who, "submit-plan")
        if self.send("submit-plan", a_plan(self.today), by):
            self.m.stage = S.PLANNING

    @fitting("approve-plan")
    @rule(who=WHO, approve=st.booleans())
    def judge_plan(self, who: int, approve: bool) -> None:
        by = self.whoever(who, "approve-plan")
        if approve:
            admitted = self.send("approve-plan", rectifying.ApprovePlan(), by)
        else:
            admitted = self.send("return-plan", rectifying.ReturnPlan(reason="不细"), by)
        if admitted:
            self.m.stage = S.RECTIFYING if approve else S.ACKNOWLEDGED

    @fitting("report-progress")
    @rule(who=WHO)
    def report_progress(self, who: int) -> None:
        by = self.whoever(who, "report-progress")
        self.send("report-progress", rectifying.ReportProgress(text="一期完"), by)

    @fitting("request-support")
    @rule(who=WHO)
    def request_support(self, who: int) -> None:
        by = self.whoever(who, "request-support")
        if self.send("request-support", rectifying.RequestSupport(text="缺车"), by):
            self.m.support = True

    @fitting("answer-support")
    @rule(who=WHO)
    def answer_support(self, who: int) -> None:
        by = self.whoever(who, "answer-support")
        if self.send("answer-support", rectifying.AnswerSupport(text="已调"), by, fits=self.m.support):
            self.m.support = False

    @fitting("request-extension")
    @rule(who=WHO, days=st.integers(-1, 20))
    def request_extension(self, who: int, days: int) -> None:
        by = self.whoever(who, "request-extension")
        due = self.m.due or self.today
        until = due + days * DAY
        valid = days > 0 and self.today <= due and not self.m.asked and self.m.granted < 3
        command = extending.RequestExtension(until=until, reason="车")
        if self.send("request-extension", command, by, valid=valid):
            self.m.asked = True

    @fitting("grant-extension")
    @rule(who=WHO, days=st.integers(0, 20), grant=st.booleans())
    def decide_extension(self, who: int, days: int, grant: bool) -> None:
        by = self.whoever(who, "grant-extension")
        if not grant:
            command: Command = extending.RefuseExtension(reason="不充分")
            if self.send("refuse-extension", command, by, fits=self.m.asked):
                self.m.asked = False
            return
        until = (self.m.due or self.today) + days * DAY
        command = extending.GrantExtension(until=until)
        if self.send("grant-extension", command, by, fits=self.m.asked, valid=days > 0):
            self.m.asked, self.m.granted = False, self.m.granted + 1
            self.m.due_set(until)

    @fitting("suspend")
    @rule(who=WHO)
    def suspend(self, who: int) -> None:
        by = self.whoever(who, "suspend")
        if self.send("suspend", suspending.SuspendMatter(reason="防汛"), by):
            self.m.before, self.m.stage, self.m.suspended_on = self.m.stage, S.SUSPENDED, self.today

    @fitting("resume")
    @rule(who=WHO)
    def resume(self, who: int) -> None:
        by = self.whoever(who, "resume")
        if not self.send("resume", suspending.ResumeMatter(), by):
            return
        m = self.m
        assert m.suspended_on is not None
        assert m.before is not None
        assert m.due is not None
        if m.in_working_days:
            moved = nth_working_day(m.due, working_days(m.suspended_on, self.today))
        else:
            moved = m.due + (self.today - m.suspended_on)
        m.due_set(moved, in_working_days=m.in_working_days)
        m.stage, m.before, m.suspended_on = m.before, None, None

    @fitting("attach-evidence")
    @rule(who=WHO, right=st.booleans())
    def attach(self, who: int, right: bool) -> None:
        by = self.whoever(who, "attach-evidence")
        wanted = EvidenceKind.PHOTO if self.m.kind in ("rectification", "immediate") else EvidenceKind.REPORT
        command = evidencing.AttachEvidence(kind=wanted if right else EvidenceKind.OTHER)
        if self.send("attach-evidence", command, by, paper=a_file(at=self.w.now)):
            self.m.fresh_evidence |= right

    @fitting("report-completion")
    @rule(who=WHO)
    def report(self, who: int) -> None:
        by = self.whoever(who, "report-completion")
        command = reporting.ReportCompletion(text="完成")
        if self.m.stage is S.RECTIFYING and self.may(Who.UNIT, by) and not self.m.fresh_evidence:
            with pytest.raises(Invalid, match="佐证"):
                self.w.do("report-completion", command, by)
        elif self.send("report-completion", command, by):
            assert self.m.due is not None
            self.m.stage, self.m.reported_on = S.COMPLETION_REPORTED, self.today
            self.m.support = False
            self.m.late = self.today > self.m.due

    @fitting("return-completion")
    @rule(who=WHO, given=st.none() | st.integers(-1, 9))
    def return_completion(self, who: int, given: int | None) -> None:
        by = self.whoever(who, "return-completion")
        due_on = None if given is None else self.today + given * DAY
        command = reporting.ReturnCompletion(reason="没清完", due_on=due_on)
        if self.send("return-completion", command, by, valid=given != -1):
            self.m.sent_back(self.today, due_on)

    @fitting("schedule-verification")
    @rule(who=WHO, sent=st.sampled_from((VERIFIER, VERIFIER, OTHER_VERIFIER, CLERK)))
    def schedule(self, who: int, sent: Actor) -> None:
        by = self.whoever(who, "schedule-verification")
        command = verifying.ScheduleVerification(verifier=person(sent), on=self.today)
        if self.send("schedule-verification", command, by, valid=sent is not CLERK):
            self.m.stage, self.m.sent = S.VERIFYING, sent

    @fitting("pass-verification")
    @rule(who=WHO, passes=st.booleans())
    def verify(self, who: int, passes: bool) -> None:
        by = self.whoever(who, "pass-verification")
        if passes:
            if self.send("pass-verification", verifying.PassVerification(findings="净"), by):
                self.m.stage = S.WRITE_OFF_REVIEW
        else:
            command = verifying.FailVerification(kind=FailureKind.FALSE, findings="没净")
            if self.send("fail-verification", command, by):
                self.m.sent_back(self.today, None)

    @fitting("approve-write-off")
    @rule(who=WHO, approve=st.booleans())
    def decide_write_off(self, who: int, approve: bool) -> None:
        by = self.whoever(who, "approve-write-off")
        if not approve:
            if self.send("reject-write-off", closing.RejectWriteOff(reason="不全"), by):
                self.m.sent_back(self.today, None)
        elif self.send("approve-write-off", closing.ApproveWriteOff(), by):
            self.m.closed_late |= self.m.late
            self.m.ended(S.CLOSED, self.today)

    @rule(steps=st.integers(1, 5), kind=st.sampled_from(["days", "working", "date", "sign"]))
    def onward(self, steps: int, kind: str) -> None:
        """The ordinary next steps by the right persons, or no walk would get far."""
        right = 2 * len(ACTORS)
        for _ in range(steps):
            match self.m.stage:
                case S.REGISTERED:
                    self.assign(who=right, days=7, how=kind, unit=TOWN)
                case S.ASSIGNED:
                    self.acknowledge(who=right)
                case S.ACKNOWLEDGED:
                    self.submit_plan(who=right)
                case S.PLANNING:
                    self.judge_plan(who=right, approve=True)
                case S.RECTIFYING:
                    self.attach(who=right, right=True)
                    self.report(who=right)
                case S.COMPLETION_REPORTED:
                    self.schedule(who=right, sent=VERIFIER)
                case S.VERIFYING:
                    self.verify(who=right, passes=True)
                case S.WRITE_OFF_REVIEW:
                    self.decide_write_off(who=right, approve=True)

    # -- the leader, the look-back, other endings

    @fitting("instruct-again")
    @rule(who=WHO, days=st.integers(1, 9))
    def instruct_again(self, who: int, days: int) -> None:
        by = self.whoever(who, "instruct-again")
        command = leading.InstructAgain(text="再办", time_limit=f"{days}日内")
        if self.send("instruct-again", command, by, fits=self.m.kind == "leader_instruction"):
            self.m.handed(str(self.m.lead), self.today, days, working=False, on_sign=False)
            self.m.round += 1
            self.m.fresh_evidence, self.m.reported_on, self.m.sent, self.m.late = False, None, None, False

    @fitting("select-look-back")
    @rule(who=WHO)
    def select_look_back(self, who: int) -> None:
        by = self.whoever(who, "select-look-back")
        if self.send("select-look-back", looking_back.SelectLookBack(due_on=self.today + 20 * DAY), by):
            self.m.selected = True

    @fitting("pass-look-back")
    @rule(who=WHO)
    def pass_look_back(self, who: int) -> None:
        by = self.whoever(who, "pass-look-back")
        command = looking_back.PassLookBack(findings="好")
        if self.send("pass-look-back", command, by, fits=self.m.selected):
            self.m.stage = S.CONFIRMED

    @fitting("find-relapse")
    @rule(who=WHO)
    def find_relapse(self, who: int) -> None:
        by = self.whoever(who, "find-relapse")
        before = len(self.w.matters)
        if self.send("find-relapse", looking_back.FindRelapse(findings="又来"), by):
            self.m.stage = S.RELAPSED
            assert len(self.w.matters) == before + 1

    @fitting("cancel")
    @rule(who=WHO, how=st.sampled_from(["cancel", "transfer", "merge"]), chance=st.integers(0, 4))
    def end(self, who: int, how: str, chance: int) -> None:
        by = self.whoever(who, "cancel")
        if chance:  # rarely, or no walk would get far
            return
        commands: dict[str, tuple[Command, Stage]] = {
            "cancel": (ending.CancelMatter(reason="误"), S.CANCELLED),
            "transfer": (ending.TransferMatter(kind=TransferKind.HANDOVER, to="法院"), S.TRANSFERRED),
            "merge": (ending.MergeMatter(into=self.other), S.MERGED),
        }
        command, stage = commands[how]
        if self.send(how, command, by):
            self.m.ended(stage, self.today)

    @fitting("reopen")
    @rule(who=WHO)
    def reopen(self, who: int) -> None:
        by = self.whoever(who, "reopen")
        ended_on = self.m.ended_on
        in_time = ended_on is None or working_days(ended_on, self.today) <= 5
        if self.send("reopen", closing.ReopenMatter(reason="早了"), by, valid=in_time):
            assert self.m.ended_from is not None
            self.m.stage, self.m.ended_from, self.m.ended_on = self.m.ended_from, None, None
            self.m.selected = False

    @fitting("urge")
    @rule(who=WHO)
    def urge(self, who: int) -> None:
        by = self.whoever(who, "urge")
        if self.send("urge", pressing.UrgeMatter(), by):
            self.m.urged += 1

    # -- what must always hold

    @invariant()
    def agrees_with_the_model(self) -> None:
        if not hasattr(self, "m"):
            return
        matter, m = self.w.matter, self.m
        assert (matter.stage, matter.lead_unit, matter.due_on) == (m.stage, m.lead, m.due)
        assert matter.handling_units == m.units
        assert (matter.extensions_granted, matter.pending_extension is not None) == (m.granted, m.asked)
        assert (matter.closed_late, matter.round, matter.urged) == (m.closed_late, m.round, m.urged)
        assert (matter.look_back_on is not None) == m.selected
        assert (matter.support_pending is not None) == m.support

    @invariant()
    def keeps_every_due_date(self) -> None:
        if hasattr(self, "m"):
            kept = [row.due_on for row in self.w.matter.due_dates]
            assert without_repeats(kept) == without_repeats(self.m.dates)

    @invariant()
    def shows_no_button_to_who_may_not(self) -> None:
        if hasattr(self, "m"):
            for by in ACTORS:
                for name in self.w.permitted(by):
                    stages, who, _ = CONTRACT.get(name) or WITHIN[name]
                    assert self.m.stage in stages
                    assert name in WITHIN or self.may(who, by)


def empty(command: type[Command]) -> Command:
    """A command with nothing in it; who and when are asked first."""
    blank = object.__new__(command)
    for name in command.__dataclass_fields__:
        object.__setattr__(blank, name, None)
    return blank


def without_repeats(dates: list[date]) -> list[date]:
    return [on for n, on in enumerate(dates) if n == 0 or on != dates[n - 1]]


SOAK = os.environ.get("DUBAN_SOAK") == "full"
TestLife = pytest.mark.soak(Life.TestCase)
TestLife.settings = settings(
    max_examples=2000 if SOAK else 40, stateful_step_count=120 if SOAK else 50, deadline=None
)
