"""核查: by somebody who did not handle the matter."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from events.matter.assigning import AcknowledgeAssignment, ReassignMatter
from events.matter.rectifying import ApprovePlan
from events.matter.reporting import ReportCompletion
from events.matter.verifying import FailVerification, PassVerification, ScheduleVerification
from events.refusals import Invalid, MissingEvidence, NotYours, WrongStage
from events.vocabulary import FailureKind, PersonId, Role, Stage
from tests.spec.given import (
    ASSIGNMENT,
    CLERK,
    ENVIRONMENT,
    HEAD,
    LIAISON,
    MONDAY,
    OTHER_VERIFIER,
    TOWN,
    VERIFIER,
    WATER,
    World,
    a_plan,
    actor,
    hire,
    person,
    refused,
)

PASS = PassVerification(findings="现场已无垃圾")
FAIL = FailVerification(kind=FailureKind.INCOMPLETE, findings="还有一半")


def schedule(who: PersonId, on: date = MONDAY) -> ScheduleVerification:
    return ScheduleVerification(verifier=who, on=on)


class TestScheduling:
    def test_sends_a_verifier(self) -> None:
        """已报结的安排核查人员和日期，即为核查中。"""
        w = World().verifying()
        assert (w.stage, w.matter.verifier, w.matter.verify_on) == (Stage.VERIFYING, person(VERIFIER), MONDAY)

    def test_may_send_another(self) -> None:
        """核查中可另派他人。"""
        w = World().verifying()
        w.do("schedule-verification", schedule(person(OTHER_VERIFIER)), CLERK)
        assert w.matter.verifier == person(OTHER_VERIFIER)
        with refused(NotYours):
            w.do("pass-verification", PASS, VERIFIER)

    @pytest.mark.parametrize("unit", [TOWN, WATER, ENVIRONMENT])
    def test_sends_nobody_of_a_handling_unit(self, unit: str) -> None:
        """牵头单位、配合单位，现在的、以前的，其人员都不得核查。"""
        w = World().assigned(lead_unit=WATER, co_units=(ENVIRONMENT,))
        w.do("reassign", ReassignMatter(**ASSIGNMENT, time_limit="7日内"), CLERK)
        signed_and_reported(w)
        own = actor("内部", unit, Role.VERIFIER)
        hire(w.directory, own)
        with refused(Invalid, "verifier-handles"):
            w.do("schedule-verification", schedule(person(own)), CLERK)

    def test_sends_nobody_who_handled_it(self) -> None:
        """经手过本件的人，调到别的单位后也不得核查。"""
        w = World().reported()
        moved = replace(LIAISON, unit=ENVIRONMENT, roles=frozenset({Role.VERIFIER}))
        hire(w.directory, moved)
        with refused(Invalid, "verifier-handles"):
            w.do("schedule-verification", schedule(person(moved)), CLERK)

    def test_sends_a_verifier_who_is_there(self) -> None:
        """核查人员须在册、在任、有核查角色。"""
        w = World().reported()
        gone = actor("离任", ENVIRONMENT, Role.VERIFIER)
        hire(w.directory, gone)
        w.directory.people[person(gone)] = replace(w.directory.people[person(gone)], left_on=MONDAY)
        for who, code in (
            (PersonId("无"), "unknown-person"),
            (person(gone), "person-left"),
            (person(HEAD), "not-a-verifier"),
        ):
            with refused(Invalid, code):
                w.do("schedule-verification", schedule(who), CLERK)

    def test_sends_nobody_into_the_past(self) -> None:
        """核查日期不得早于当日。"""
        with refused(Invalid, "date-passed"):
            World().reported().do(
                "schedule-verification", schedule(person(VERIFIER), MONDAY - timedelta(days=1)), CLERK
            )

    def test_is_the_offices(self) -> None:
        """派人核查由督查室办理，仅限报结后。"""
        with refused(NotYours):
            World().reported().do("schedule-verification", schedule(person(VERIFIER)), LIAISON)
        for way in ("rectifying", "reviewed", "closed"):
            with refused(WrongStage):
                getattr(World(), way)().do("schedule-verification", schedule(person(VERIFIER)), CLERK)


class TestPassing:
    def test_leads_to_the_write_off(self) -> None:
        """核查通过后待销号，记下核查人。"""
        w = World().reviewed()
        assert w.stage is Stage.WRITE_OFF_REVIEW
        assert w.matter.verification_passed
        assert w.matter.verifier_user == VERIFIER.user

    def test_wants_findings(self) -> None:
        """核查须写情况。"""
        with refused(Invalid, "blank-field"):
            World().verifying().do("pass-verification", PassVerification(findings=""), VERIFIER)

    def test_is_for_the_one_sent(self) -> None:
        """只有被指定的核查人员能作结论。"""
        for by in (OTHER_VERIFIER, CLERK, HEAD, LIAISON):
            w = World().verifying()
            assert "pass-verification" not in w.permitted(by)
            with refused(NotYours):
                w.do("pass-verification", PASS, by)
            with refused(NotYours):
                w.do("fail-verification", FAIL, by)

    def test_is_not_for_one_who_has_since_joined_the_unit(self) -> None:
        """被指定后调入承办单位的，不得再核查。"""
        w = World().verifying()
        moved = replace(VERIFIER, unit=TOWN)
        with refused(NotYours):
            w.do("pass-verification", PASS, moved)

    def test_is_not_for_a_scheduled_person_without_the_role(self) -> None:
        """被指定的人没有核查角色也不能作结论。"""
        w = World().verifying()
        with refused(NotYours):
            w.do("pass-verification", PASS, replace(VERIFIER, roles=frozenset({Role.OFFICE_CLERK})))

    def test_needs_to_be_scheduled(self) -> None:
        """未安排核查不能作结论。"""
        for way in ("rectifying", "reported", "reviewed", "closed"):
            with refused(WrongStage):
                getattr(World(), way)().do("pass-verification", PASS, VERIFIER)


class TestFailing:
    @pytest.mark.parametrize("kind", list(FailureKind))
    def test_sends_it_back_with_its_kind(self, kind: FailureKind) -> None:
        """核查不通过分未完成、虚假、只有材料，退回整改。"""
        w = World().verifying()
        w.do("fail-verification", FailVerification(kind=kind, findings="不实"), VERIFIER)
        assert (w.stage, w.matter.failures, w.matter.returned_reason) == (Stage.RECTIFYING, (kind,), "不实")
        assert (w.matter.verifier, w.matter.completion_reported_at) == (None, None)

    def test_moves_the_limit_like_a_return(self) -> None:
        """核查不通过，期限顺延报结到退回的日历日数，或另定。"""
        w = World().rectifying(time_limit="5日内").later(days=8).report().later(days=6).verify().later(days=1)
        w.do("fail-verification", FAIL, VERIFIER)
        assert w.due_on is not None
        assert (w.today - w.due_on).days == 3
        other = World().verifying()
        other.do("fail-verification", replace(FAIL, due_on=date(2026, 3, 9)), VERIFIER)
        assert other.due_on == date(2026, 3, 9)

    def test_wants_fresh_evidence(self) -> None:
        """核查不通过后，须重新取证才能再报结。"""
        w = World().verifying()
        w.do("fail-verification", FAIL, VERIFIER)
        with refused(MissingEvidence):
            w.do("report-completion", a_report(), LIAISON)
        w.report().verify().pass_().close()
        assert w.stage is Stage.CLOSED

    def test_wants_findings(self) -> None:
        """核查不通过须写情况。"""
        with refused(Invalid, "blank-field"):
            World().verifying().do("fail-verification", replace(FAIL, findings=""), VERIFIER)


def signed_and_reported(w: World) -> None:
    w.do("acknowledge", AcknowledgeAssignment(), LIAISON)
    w.do("submit-plan", a_plan(w.today), LIAISON)
    w.do("approve-plan", ApprovePlan(), CLERK)
    w.report()


def a_report() -> ReportCompletion:
    return ReportCompletion(text="已清运完毕")
