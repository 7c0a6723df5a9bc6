"""Lives of matters that between them bring about every letter there is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from events.matter import (
    approving,
    assigning,
    closing,
    correcting,
    ending,
    extending,
    helping,
    leading,
    looking_back,
    pressing,
    rectifying,
    reporting,
    suspending,
    verifying,
    withdrawing,
)
from events.rules.procedures import PRESETS
from events.vocabulary import FailureKind, TransferKind
from notifications.pages import LetterPage
from notifications.policy import Channel, letters_for
from notifications.posts import posts_on
from projections.changes import changes_of
from tests.notifications.making import HOUSE, staffed
from tests.spec.given import (
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
    a_plan,
)


def world() -> World:
    """A county in memory whose people hold posts and have addresses."""
    return World(directory=staffed())


def lives() -> Iterator[World]:
    """One world for each way a matter can go."""
    yield _assigned_again()
    yield _objected()
    yield _sent_back()
    yield _looked_back_at()
    yield _merged()
    yield _left_lying()
    yield _extended()
    yield _instructed()
    yield _reported_and_left()
    yield from _ended()
    yield _corrected()
    yield _helped()
    yield _slipped()
    yield _approved()


def pages() -> Iterator[LetterPage]:
    """Every e-mail of every life, as its template sees it."""
    for lived in lives():
        for stream in dict.fromkeys(r.stream for r in lived.record):
            for change in changes_of([r for r in lived.record if r.stream == stream]):
                on = change.recorded.recorded_at.date()
                for letter in letters_for(change, posts_on(lived.directory, on)):
                    if letter.channel is Channel.INBOX:
                        yield LetterPage(
                            rule=letter.rule,
                            post=letter.post,
                            copy=letter.copy,
                            matter=change.after,
                            fact=change.recorded.fact,
                            at=change.recorded.recorded_at,
                            house=HOUSE,
                            directory=lived.directory,
                        )


def _assigned_again() -> World:
    w = world().assigned(co_units=(WATER,), starts="acknowledged")
    w.do("urge", pressing.UrgeMatter(text="请尽快签收"), CLERK)
    w.do(
        "reassign",
        assigning.ReassignMatter(
            lead_unit=WATER, co_units=(TOWN,), time_limit="7日内", quality_requirement="清运干净"
        ),
        CLERK,
    )
    return w


def _slipped() -> World:
    w = world().assigned(co_units=(WATER,))
    w.do("recall-assignment", withdrawing.RecallAssignment(reason="应交水务局"), CLERK)
    w.rectifying().attach(name="一.jpg").attach(name="二.jpg")
    for by in (LIAISON, CLERK):
        wrong = withdrawing.withdrawable(w.matter, w.seen(by))[0]
        withdraw = withdrawing.WithdrawEvidence(evidence=wrong.id, reason="传成别处的了")
        w.do("withdraw-evidence", withdraw, by)
    target = w.current
    w.assigned().registered().do("merge", ending.MergeMatter(into=target), CLERK)
    w.do("reopen", closing.ReopenMatter(reason="不是一回事"), HEAD)
    return w


def _objected() -> World:
    w = world().objected()
    w.do("decide-objection", assigning.DecideObjection(upheld=False), HEAD)
    w.do("object", assigning.ObjectToAssignment(reason="仍不属本镇"), LIAISON)
    w.do(
        "decide-objection",
        assigning.DecideObjection(upheld=True, to_unit=WATER, time_limit="10个工作日内"),
        HEAD,
    )
    return w


def _sent_back() -> World:
    w = world().planning()
    w.do("return-plan", rectifying.ReturnPlan(reason="措施不具体"), CLERK)
    w.do("submit-plan", a_plan(w.today), LIAISON)
    w.do("approve-plan", rectifying.ApprovePlan(), CLERK)
    w.do("request-support", rectifying.RequestSupport(text="需协调消纳场地"), LIAISON)
    w.workdays_on(5).tick()
    w.do("answer-support", rectifying.AnswerSupport(text="已协调南郊消纳场"), CLERK)
    w.do("suspend", suspending.SuspendMatter(reason="防汛三级响应"), HEAD)
    w.later(days=3).do("resume", suspending.ResumeMatter(), HEAD)
    w.report().do("return-completion", reporting.ReturnCompletion(reason="照片看不清"), CLERK)
    w.report().verify()
    w.do(
        "fail-verification",
        verifying.FailVerification(kind=FailureKind.PAPERS_ONLY, findings="现场仍有垃圾"),
        VERIFIER,
    )
    w.report().verify().pass_()
    w.do("reject-write-off", closing.RejectWriteOff(reason="缺少长效措施"), HEAD)
    return w


def _looked_back_at() -> World:
    w = world().closed(co_units=(WATER,))
    w.do("reopen", closing.ReopenMatter(reason="登记有误"), HEAD)
    w.close()
    w.do("select-look-back", looking_back.SelectLookBack(due_on=w.today + timedelta(days=3)), CLERK)
    w.tick()
    w.later(days=10).tick()
    w.do("pass-look-back", looking_back.PassLookBack(findings="没有反弹"), VERIFIER)
    w.do("find-relapse", looking_back.FindRelapse(findings="又堆上了"), VERIFIER)
    return w


def _merged() -> World:
    w = world().assigned()
    first = w.current
    w.registered(title="三号河道垃圾未清")
    second = w.current
    w.do(
        "assign", assigning.AssignMatter(lead_unit=TOWN, time_limit="7日内", quality_requirement="清"), CLERK
    )
    w.do("merge", ending.MergeMatter(into=first), CLERK)
    assert second != first
    return w


def _left_lying() -> World:
    """Nobody does anything: signed late, due, overdue for weeks."""
    w = world().assigned(due_on=MONDAY + timedelta(days=10))
    w.workdays_on(1).tick()
    w.do("acknowledge", assigning.AcknowledgeAssignment(), LIAISON)
    while w.today < date(2026, 4, 15):
        w.later(days=1).tick()
    return w


def _extended() -> World:
    w = world().rectifying(due_on=MONDAY + timedelta(days=5))
    w.do("request-extension", extending.RequestExtension(until=date(2026, 3, 20), reason="连日降雨"), LIAISON)
    w.do("refuse-extension", extending.RefuseExtension(reason="理由不充分"), HEAD)
    w.do("request-extension", extending.RequestExtension(until=date(2026, 3, 20), reason="连日暴雨"), LIAISON)
    w.do("grant-extension", extending.GrantExtension(until=date(2026, 3, 18)), HEAD)
    while w.today < date(2026, 3, 17):
        w.later(days=1).tick()
    return w


def _instructed() -> World:
    w = world().leading(due_on=MONDAY + timedelta(days=10))
    w.do("submit-to-leader", leading.SubmitToLeader(), CLERK)
    w.do("instruct", leading.InstructMatter(text="月底前见到彻底清运"), LEADER)
    w.do("leader-acknowledge", leading.AcknowledgeResult(text="已阅"), LEADER)
    w.instruct_again(time_limit="5日内")
    return w


def _reported_and_left() -> World:
    w = world().reported()
    while w.today < date(2026, 3, 20):
        w.later(days=1).tick()
    return w


def _ended() -> Iterator[World]:
    yield world().cancelled(co_units=(WATER,))
    w = world().assigned()
    w.do("transfer", ending.TransferMatter(kind=TransferKind.HANDOVER, to="县纪委监委"), HEAD)
    yield w


def _corrected() -> World:
    w = world().assigned(due_on=MONDAY + timedelta(days=10))
    w.do(
        "correct",
        correcting.CorrectFact(
            position=w.position_of(assigning.MatterAssigned),
            reason="日期写错",
            fields={"due_on": "2026-03-20"},
        ),
        HEAD,
        basis="县政府办〔2026〕3号",
    )
    return w


def _helped() -> World:
    w = world().rectifying(co_units=(WATER,))
    w.do("ask-opinion", helping.AskOpinion(time_limit="3日内", text="请附图"), LIAISON)
    w.later(days=2).tick()
    w.later(days=2).tick()
    w.do("give-opinion", helping.GiveOpinion(text="管网由我局疏通"), WATER_LIAISON)
    return w


def _approved() -> World:
    w = world()
    w.procedures = {**PRESETS, "rectification": replace(PRESETS["rectification"], registration_approval=True)}
    w.registered()
    w.do("reject-registration", approving.RejectRegistration(reason="事实不清"), HEAD)
    w.do("submit-handling-proposal", approving.SubmitHandlingProposal(text="拟交青石镇办理"), CLERK)
    w.do("return-handling-proposal", approving.ReturnHandlingProposal(reason="没有期限"), HEAD)
    w.do("submit-handling-proposal", approving.SubmitHandlingProposal(text="拟交青石镇，十日内办结"), CLERK)
    w.do("amend", correcting.AmendMatter(fields={"place": "三号桥"}), CLERK)
    w.do("approve-registration", approving.ApproveRegistration(text="同意"), LEADER)
    return w
