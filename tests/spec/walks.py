"""Lives that together bring about every fact there is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from events.matter.approving import (
    ApproveRegistration,
    RejectRegistration,
    ReturnHandlingProposal,
    SubmitHandlingProposal,
)
from events.matter.assigning import AcknowledgeAssignment, DecideObjection, ReassignMatter
from events.matter.circulating import Naming, NoteNaming
from events.matter.closing import RejectWriteOff, ReopenMatter
from events.matter.correcting import AmendMatter, CorrectFact
from events.matter.desk import HandOver, MarkKeyCase
from events.matter.ending import CancelMatter, MergeMatter, TransferMatter
from events.matter.extending import GrantExtension, RefuseExtension, RequestExtension
from events.matter.helping import AcknowledgeHelping, AskOpinion, CoSign, GiveOpinion
from events.matter.leading import AcknowledgeResult, InstructMatter, SubmitToLeader
from events.matter.linking import LinkMatter, UnlinkMatter
from events.matter.links import Relation
from events.matter.looking_back import PassLookBack, SelectLookBack
from events.matter.petitioning import ErasePetitioner, NotePetitioner
from events.matter.pressing import RecomputeDue, UrgeMatter
from events.matter.rectifying import AnswerSupport, ReportProgress, RequestSupport, ReturnPlan
from events.matter.reporting import ReturnCompletion
from events.matter.splitting import PartGiven, SplitMatter
from events.matter.suspending import ResumeMatter
from events.matter.verifying import FailVerification
from events.matter.withdrawing import RecallAssignment, WithdrawEvidence
from events.record.envelope import CLOCK
from events.rules.calendar import CalendarDay, CalendarYear, WorkingDays, shipped_years
from events.rules.procedures import PRESETS
from events.vocabulary import BulletinId, FailureKind, PetitionerId, TransferKind
from tests.spec.given import (
    ASSIGNMENT,
    CLERK,
    HEAD,
    LEADER,
    LIAISON,
    MONDAY,
    TOWN,
    VERIFIER,
    WATER,
    WATER_LIAISON,
    World,
    person,
)


def everything() -> Iterator[World]:
    """Every walk below."""
    yield from (
        objections(),
        a_long_work(),
        a_leaders_round(),
        endings(),
        a_clock(),
        a_look_back(),
        a_calendar(),
        a_split(),
        co_units(),
        a_desk(),
        slips(),
        a_petitioner(),
        approvals(),
        links(),
    )


NAMED = NoteNaming(
    bulletin=BulletinId("b1"),
    title="关于2026年3月份督办事项办理情况的通报",
    document_no="云督〔2026〕6号",
    issue_no="2026-00003",
    why=Naming.PROBLEM,
)


def objections() -> World:
    w = World().registered()
    w.do("amend", AmendMatter(fields={"place": "三号桥"}), CLERK)
    w.objected().do("decide-objection", DecideObjection(upheld=False), HEAD)
    w.do("reassign", ReassignMatter(**ASSIGNMENT | {"lead_unit": WATER}, time_limit="7日内"), CLERK)
    again = World().objected()
    again.do("decide-objection", DecideObjection(upheld=True, to_unit=WATER, time_limit="7日内"), HEAD)
    w.record += again.record
    back = World().objected()
    back.do("decide-objection", DecideObjection(upheld=True), HEAD)
    w.record += back.record
    return w


def a_long_work() -> World:
    w = World().planning()
    w.do("return-plan", ReturnPlan(reason="没有责任人"), CLERK)
    w.record += World().suspended().record
    long = World().suspended().later(days=4)
    long.do("resume", ResumeMatter(), HEAD)
    long.do("report-progress", ReportProgress(text="一期完", percent=60, forecast_on=MONDAY), LIAISON)
    long.do("request-support", RequestSupport(text="缺车"), LIAISON)
    long.on(long.calendar.nth_working_day_after(long.today, 5).on).tick()
    long.do("answer-support", AnswerSupport(text="已调"), CLERK)
    long.do("request-extension", RequestExtension(until=date(2026, 4, 10), reason="车"), LIAISON)
    long.do("refuse-extension", RefuseExtension(reason="理由不充分"), HEAD)
    long.do("request-extension", RequestExtension(until=date(2026, 4, 10), reason="车"), LIAISON)
    long.do("grant-extension", GrantExtension(until=date(2026, 4, 10)), HEAD)
    long.on(date(2026, 4, 7)).tick()
    long.report().do("return-completion", ReturnCompletion(reason="没清完"), CLERK)
    long.report().verify()
    fail = FailVerification(kind=FailureKind.PAPERS_ONLY, findings="只有材料", due_on=date(2026, 4, 20))
    long.do("fail-verification", fail, VERIFIER)
    long.report().verify().pass_().do("reject-write-off", RejectWriteOff(reason="不全"), HEAD)
    long.report().verify().pass_().close().do("reopen", ReopenMatter(reason="销早了"), HEAD)
    long.do("urge", UrgeMatter(text="请抓紧"), CLERK)
    long.do("correct", CorrectFact(position=1, reason="误", fields={"title": "新", "place": "桥"}), HEAD)
    w.record += long.record
    return w


def a_leaders_round() -> World:
    w = World().leading()
    w.do("submit-to-leader", SubmitToLeader(), CLERK)
    w.do("instruct", InstructMatter(text="月底前见到彻底清运"), LEADER)
    w.do("leader-acknowledge", AcknowledgeResult(), LEADER)
    return w.instruct_again(time_limit="7日内")


def endings() -> World:
    w = World().registered()
    target = w.current
    w.registered().do("merge", MergeMatter(into=target), CLERK)
    w.cancelled()
    w.registered().do("transfer", TransferMatter(kind=TransferKind.HANDOVER, to="县法院"), HEAD)
    return w


def a_clock() -> World:
    w = World().assigned(time_limit="8日内")
    for days in (1, 5, 7, 12):
        w.on(MONDAY + timedelta(days=days)).tick()
    w.do("note-naming", NAMED, CLOCK)
    reported = World().reported().later(days=40)
    reported.tick()
    w.record += reported.record
    return w


def a_look_back() -> World:
    w = World().closed()
    w.do("select-look-back", SelectLookBack(due_on=MONDAY + timedelta(days=9)), CLERK)
    w.later(days=9).tick()
    w.do("pass-look-back", PassLookBack(findings="没有再堆"), VERIFIER)
    w.record += World().relapsed().record
    return w


def a_calendar() -> World:
    earlier = WorkingDays(year for year in shipped_years() if year.year < 2026)
    w = World(calendar=earlier).rectifying()
    off = CalendarDay(on=date(2026, 3, 10), working=False, name="假")
    w.calendar = earlier.with_year(CalendarYear(year=2026, version=1, source="公布", days=(off,)))
    w.do("recompute-due", RecomputeDue(), CLOCK)
    return w


def a_split() -> World:
    w = World().registered()
    parts = (PartGiven(lead_unit=TOWN), PartGiven(lead_unit=WATER, due_on=MONDAY + timedelta(days=9)))
    w.do("split", SplitMatter(parts=parts, quality_requirement="清完", time_limit="10日内"), CLERK)
    for number in ("2026-00001-1", "2026-00001-2"):
        w.turn_to(number).do("cancel", CancelMatter(reason="重复"), HEAD)
    w.do("reopen", ReopenMatter(reason="撤错了"), HEAD)
    return w


def co_units() -> World:
    procedures = {**PRESETS, "rectification": replace(PRESETS["rectification"], co_sign=True)}
    w = World(procedures=procedures).rectifying(co_units=(WATER,), co_time_limit="5个工作日内")
    w.later(days=8).tick()
    w.do("acknowledge-helping", AcknowledgeHelping(), WATER_LIAISON)
    w.do("give-opinion", GiveOpinion(text="管网由我局疏通"), WATER_LIAISON)
    w.do("ask-opinion", AskOpinion(units=(WATER,)), LIAISON)
    w.do("give-opinion", GiveOpinion(text="已疏通"), WATER_LIAISON)
    w.do("co-sign", CoSign(), WATER_LIAISON)
    return w


def slips() -> World:
    w = World().assigned()
    w.do("recall-assignment", RecallAssignment(reason="应交水务局"), CLERK)
    w.assigned().do("acknowledge", AcknowledgeAssignment(), LIAISON)
    w.attach()
    withdraw = WithdrawEvidence(evidence=w.matter.evidence[-1].id, reason="传成别处的了")
    w.do("withdraw-evidence", withdraw, LIAISON)
    target = w.current
    w.registered().do("merge", MergeMatter(into=target), CLERK)
    w.do("reopen", ReopenMatter(reason="不是一回事"), HEAD)
    return w


def a_petitioner() -> World:
    w, who = World().registered(), PetitionerId("1" * 32)
    w.do("note-petitioner", NotePetitioner(name="邵长庚"), CLERK, sealed=(who, "6L+Z5piv5a+G5paH"))
    w.do("erase-petitioner", ErasePetitioner(petitioner=who, reason="本人要求"), HEAD)
    return w


def a_desk() -> World:
    w = World().registered()
    w.do("mark-key-case", MarkKeyCase(reason="群众反映强烈"), HEAD)
    w.do("hand-over", HandOver(to=person(HEAD), reason="林砚秋休假"), CLERK)
    return w


def links() -> World:
    w = World().registered()
    first = w.current
    w.registered()
    w.do("link", LinkMatter(to=first, relation=Relation.FOLLOWS, text="上回没办完"), CLERK)
    w.do("unlink", UnlinkMatter(to=first, reason="不是同一处"), CLERK)
    return w


def approvals() -> World:
    procedures = {
        **PRESETS,
        "rectification": replace(PRESETS["rectification"], registration_approval=True),
    }
    w = World(procedures=procedures).registered()
    w.do("reject-registration", RejectRegistration(reason="事实不清"), HEAD)
    w.do("amend", AmendMatter(fields={"place": "三号桥"}), CLERK)
    proposal = SubmitHandlingProposal(
        text="拟交青石镇", lead_unit=TOWN, co_units=(WATER,), time_limit="10日内"
    )
    w.do("submit-handling-proposal", proposal, CLERK)
    w.do("return-handling-proposal", ReturnHandlingProposal(reason="期限太长"), LEADER)
    w.do("submit-handling-proposal", replace(proposal, time_limit="5日内"), CLERK)
    w.do("approve-registration", ApproveRegistration(text="同意"), LEADER)
    return w
