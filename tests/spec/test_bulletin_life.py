"""通报的一生: who may do what in which stage, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from events.bulletin import drafting, ending, issuing, publishing, signing
from events.bulletin.acting import Command
from events.bulletin.facts import FACTS
from events.bulletin.folding import EFFECTS
from events.bulletin.permitted import PERMITTED, printed
from events.bulletin.signing import read_document_no
from events.bulletin.state import BulletinStage, PublicChannel
from events.refusals import Conflict, Invalid, NotFound, NotYours, Refusal, StaleVersion, WrongStage
from events.vocabulary import UnitId
from tests.spec.bulletin_given import NUMBER, QUIET, SCAN, Desk, known
from tests.spec.county import (
    ADMIN,
    AUDITOR,
    CLERK,
    HEAD,
    LEADER,
    LIAISON,
    MONDAY,
    TOWN,
    TOWN_HEAD,
    WATER,
    WATER_LIAISON,
)

S = BulletinStage


@contextmanager
def refused(kind: type[Refusal], code: str | None = None) -> Iterator[None]:
    with pytest.raises(kind) as no:
        yield
    assert no.value.sentence.endswith("。")
    if code is not None:
        assert no.value.code == code


def as_chief(desk: Desk) -> dict[str, Any]:
    """Surroundings in which the leader is marked 行政首长."""
    people = desk.seen(LEADER).directory
    assert LEADER.person is not None
    people.people[LEADER.person] = replace(people.people[LEADER.person], administrative_head=True)
    return {"directory": people}


class TestTheTable:
    def test_folds_every_fact(self) -> None:
        """每一种事实都有它的作用。"""
        assert {stored.type for stored in FACTS} == set(EFFECTS)

    def test_prints_itself(self) -> None:
        """许可表可以打印成说明。"""
        assert [row.command for row in printed()] == ["draft", *PERMITTED]

    @pytest.mark.parametrize(
        ("way", "by", "names"),
        [
            ("drafted", CLERK, "edit redraft check"),
            ("drafted", HEAD, "edit redraft check withdraw"),
            ("drafted", LIAISON, ""),
            ("checked", CLERK, ""),
            ("checked", HEAD, "approve-naming return withdraw"),
            ("checked", LEADER, "co-sign return"),
            ("approved", HEAD, "sign return withdraw"),
            ("signed", CLERK, "issue"),
            ("numbered", HEAD, "issue"),
            ("issued", LIAISON, "acknowledge"),
            ("issued", TOWN_HEAD, "acknowledge"),
            ("issued", CLERK, "publish"),
            ("issued", HEAD, "publish correct withdraw"),
            ("issued", AUDITOR, ""),
            ("withdrawn", HEAD, ""),
        ],
    )
    def test_draws_the_buttons(self, way: str, by: Any, names: str) -> None:
        """每个人在每个阶段看到的按钮，正是他能办的。"""
        desk = getattr(Desk(), way)()
        assert " ".join(desk.may(by)) == names
        assert desk.may(ADMIN) == ()

    @pytest.mark.parametrize(
        ("way", "name", "command", "by"),
        [
            ("drafted", "issue", issuing.IssueBulletin(), CLERK),
            ("checked", "issue", issuing.IssueBulletin(), CLERK),
            ("drafted", "sign", signing.SignBulletin(document_no=NUMBER), HEAD),
            ("checked", "edit", drafting.EditProse(section="situation", prose="甲"), CLERK),
            ("issued", "return", signing.ReturnBulletin(reason="甲"), HEAD),
            ("numbered", "withdraw", ending.WithdrawBulletin(reason="甲"), HEAD),
            ("withdrawn", "acknowledge", issuing.AcknowledgeBulletin(), LIAISON),
            ("signed", "correct", drafting.CorrectBulletin(reason="甲"), HEAD),
        ],
    )
    def test_refuses_the_wrong_stage(self, way: str, name: str, command: Command, by: Any) -> None:
        """没签发不能印发，没核数不能签发，次序不能颠倒。"""
        with refused(WrongStage, "wrong-stage"):
            getattr(Desk(), way)().do(name, command, by)

    @pytest.mark.parametrize(
        ("way", "name", "command", "by"),
        [
            ("drafted", "check", signing.CheckNumbers(), LIAISON),
            ("approved", "sign", signing.SignBulletin(document_no=NUMBER), CLERK),
            ("approved", "sign", signing.SignBulletin(document_no=NUMBER), LEADER),
            ("checked", "approve-naming", signing.ApproveNaming(), LEADER),
            ("checked", "co-sign", signing.CoSign(), TOWN_HEAD),
            ("issued", "withdraw", ending.WithdrawBulletin(reason="甲"), CLERK),
            ("issued", "acknowledge", issuing.AcknowledgeBulletin(), CLERK),
        ],
    )
    def test_refuses_the_wrong_person(self, way: str, name: str, command: Command, by: Any) -> None:
        """不该他办的，不收。"""
        with refused(NotYours, "not-yours"):
            getattr(Desk(), way)().do(name, command, by)


class TestDrafting:
    def test_refuses_a_period_an_issued_one_speaks_of(self) -> None:
        """同一系列已有印发的通报，期间不能重叠。"""
        desk = Desk().issued()
        other = Desk(siblings=(known(desk.bulletin),))
        with refused(Conflict, "period-overlaps"):
            other.drafted()

    def test_refuses_a_second_draft_of_a_period(self) -> None:
        """同一期已有稿子，不再拟第二份；撤回的不算。"""
        desk = Desk().drafted()
        with refused(Conflict, "already-drafted"):
            Desk(siblings=(known(desk.bulletin),)).drafted()
        assert Desk(siblings=(known(desk.bulletin, stage=S.WITHDRAWN),)).drafted().stage is S.DRAFTED

    def test_edits_words_and_never_figures(self) -> None:
        """文字可以改，数字只能挪动；漏了、写错了数字名都不收。"""
        desk = Desk().drafted()
        prose = desk.bulletin.standing_content.sections[0].prose
        desk.do("edit", drafting.EditProse(section="situation", prose="总的看，" + "\n".join(prose)), CLERK)
        assert desk.bulletin.prose["situation"].startswith("总的看，")
        for typed, code in (
            ("办结率100%。", "figure-missing"),
            ("\n".join(prose) + "{nobody}", "unknown-figure"),
            ("\n".join(prose) + "{", "stray-brace"),
            (" ", "empty-prose"),
        ):
            with refused(Invalid, code):
                desk.do("edit", drafting.EditProse(section="situation", prose=typed), CLERK)
        with refused(NotFound):
            desk.do("edit", drafting.EditProse(section="preface", prose="甲"), CLERK)

    def test_takes_figures_anew_and_keeps_what_fits(self) -> None:
        """重新取数后，还合用的改稿留着，不合用的退回原文。"""
        desk = Desk().drafted()
        sections = desk.bulletin.standing_content.sections
        for section in (sections[0], sections[-1]):
            text = "\n".join(section.prose)
            desk.do("edit", drafting.EditProse(section=section.id, prose=f"甲，{text}"), CLERK)
        first = replace(sections[0], prose=(*sections[0].prose, "另有{overdue.previous}。"))
        desk.content = replace(desk.content, sections=(first, *sections[1:]))
        decision = desk.do("redraft", drafting.RedraftBulletin(), CLERK)
        assert decision.answer == {"dropped": ["situation"]}
        assert list(desk.bulletin.prose) == [sections[-1].id]


class TestSigning:
    def test_wants_figures_that_agree(self) -> None:
        """核数时有一个数字不符，就不能送签，并指出是哪一个。"""
        with refused(Invalid, "figures-differ"):
            Desk().drafted().do(
                "check", signing.CheckNumbers(), CLERK, differences=("逾期：通报写 4件，按记录重算是 2件",)
            )

    def test_wants_naming_approved_first(self) -> None:
        """点名表扬批评的，先经批准才能签发。"""
        desk = Desk().checked()
        with refused(Invalid, "naming-not-approved"):
            desk.do("sign", signing.SignBulletin(document_no=NUMBER), HEAD)
        desk.do("approve-naming", signing.ApproveNaming(), LEADER, **as_chief(desk))
        desk.do("sign", signing.SignBulletin(document_no=NUMBER), HEAD)
        assert (desk.stage, desk.bulletin.naming_paper) == (S.SIGNED, None)

    def test_takes_the_paper_of_an_approval(self) -> None:
        """督查室负责人录入点名批准，要写明依据的文件。"""
        desk = Desk().checked()
        with refused(Invalid, "missing-basis"):
            desk.do("approve-naming", signing.ApproveNaming(), HEAD)
        desk.do("approve-naming", signing.ApproveNaming(), HEAD, basis="常务会议纪要")
        assert desk.bulletin.naming_paper == "常务会议纪要"
        scanned = Desk().checked()
        scanned.do("approve-naming", signing.ApproveNaming(), HEAD, basis="常务会议纪要", file=SCAN)
        assert (scanned.record[-1].fact.file, scanned.bulletin.scans) == (SCAN, (SCAN,))
        with refused(Conflict, "already-so"):
            desk.do("approve-naming", signing.ApproveNaming(), HEAD, basis="常务会议纪要")

    @pytest.mark.parametrize("why", ["quiet", "standing"])
    def test_needs_no_approval_without_names_or_under_a_standing_one(self, why: str) -> None:
        """没有点名的，或系列有常设批准的，不用再批。"""
        desk = Desk()
        if why == "quiet":
            desk.content = QUIET
        else:
            desk.series = replace(desk.series, standing_approval="县政府第12次常务会议纪要")
        desk.checked().do("sign", signing.SignBulletin(document_no=NUMBER), HEAD)
        assert desk.stage is S.SIGNED

    def test_waits_for_every_co_signer(self) -> None:
        """请了会签的单位，负责人都会签了才能签发；督查室可以代录，须写明来件。"""
        desk = Desk(content=QUIET).checked(co_signers=(TOWN, WATER))
        desk.do("co-sign", signing.CoSign(text="同意"), TOWN_HEAD)
        with refused(Conflict, "already-so"):
            desk.do("co-sign", signing.CoSign(), TOWN_HEAD)
        with refused(Invalid, "co-signing-awaited"):
            desk.do("sign", signing.SignBulletin(document_no=NUMBER), HEAD)
        with refused(Invalid, "missing-paper"):
            desk.do("co-sign", signing.CoSign(), CLERK, on_behalf_of=WATER)
        with refused(Invalid, "not-on-behalf"):
            desk.do("co-sign", signing.CoSign(text="来函"), CLERK, on_behalf_of=UnitId("教育局"))
        desk.do("co-sign", signing.CoSign(), CLERK, on_behalf_of=WATER, file=SCAN)
        desk.do("sign", signing.SignBulletin(document_no=NUMBER), HEAD)
        assert [one.unit for one in desk.bulletin.co_signatures] == [TOWN, WATER]
        with refused(NotFound):
            Desk().checked(co_signers=(UnitId("没有的单位"),))

    @pytest.mark.parametrize(
        "written", ["云督〔2026〕6号", "云督[2026]6号", " 云督（2026） 6号", "云督【2026】6号"]
    )
    def test_reads_a_number_with_any_brackets(self, written: str) -> None:
        """发文字号的括号写成别样的，改正成六角括号。"""
        assert read_document_no(written, 2026) == NUMBER

    @pytest.mark.parametrize(
        "written",
        [
            "",
            "6号",
            "云督2026年6号",
            "云督〔2026〕第6号",
            "云督〔2026〕06号",
            "云督〔26〕6号",
            "云督〔2027〕6号",
        ],
    )
    def test_refuses_what_is_no_number(self, written: str) -> None:
        """发文字号写得不合规范的，不收。"""
        with refused(Invalid, "document-no"):
            read_document_no(written, 2026)

    def test_gives_a_number_back_with_a_return(self) -> None:
        """退回或没印发就撤回的，占用的发文字号放还；以前的核数、会签、批准不再算。"""
        desk = Desk().signed()
        desk.do("return", signing.ReturnBulletin(reason="补写措施"), HEAD)
        assert desk.released == [("document-number", NUMBER)]
        found = desk.bulletin
        assert (found.document_no, found.naming_approved_at, found.checked_at) == ("", None, None)
        assert found.returned_reason == "补写措施"
        withdrawn = Desk().signed()
        withdrawn.do("withdraw", ending.WithdrawBulletin(reason="不发了"), HEAD)
        assert withdrawn.released == [("document-number", NUMBER)]
        for name, command in (("return", signing.ReturnBulletin), ("withdraw", ending.WithdrawBulletin)):
            with refused(Invalid, "blank-field"):
                Desk().signed().do(name, command(reason=" "), HEAD)


class TestIssuing:
    def test_goes_to_posts_as_they_are_held(self) -> None:
        """印发给涉及的单位，写明当天各岗位是谁；抄送去空去重。"""
        desk = Desk().issued(copies_to=("县委办公室", " ", "县委办公室"))
        assert [one.unit for one in desk.bulletin.addressees] == [TOWN, WATER]
        assert desk.bulletin.copies_to == ("县委办公室",)
        assert desk.bulletin.issue_words == "第3期"
        with refused(NotFound):
            Desk().issued(units=(UnitId("没有的单位"),))

    def test_refuses_papers_of_an_older_version(self) -> None:
        """出好文书之后又有人动过的，不能印发那份旧的。"""
        desk = Desk().numbered()
        stale = replace(desk.seen(CLERK).rendered, version=1)
        with refused(StaleVersion):
            desk.do("issue", issuing.IssueBulletin(), CLERK, rendered=stale)

    def test_refuses_a_period_taken_meanwhile(self) -> None:
        """拟稿之后同一期间已由别的通报印发，不再编号。"""
        desk = Desk().signed()
        desk.siblings = (known(Desk().issued().bulletin),)
        with refused(Conflict, "period-overlaps"):
            desk.do("number", issuing.NumberBulletin(), CLERK)

    def test_is_received_once_for_each_unit(self) -> None:
        """一个单位签收一次；不能替别的单位签；督查室代录要写明来件。"""
        desk = Desk().issued()
        desk.do("acknowledge", issuing.AcknowledgeBulletin(), LIAISON)
        with refused(Conflict, "already-so"):
            desk.do("acknowledge", issuing.AcknowledgeBulletin(), TOWN_HEAD)
        with refused(NotYours, "not-yours"):
            desk.do("acknowledge", issuing.AcknowledgeBulletin(), LIAISON, on_behalf_of=WATER)
        with refused(Invalid, "not-on-behalf"):
            desk.do("acknowledge", issuing.AcknowledgeBulletin(), CLERK, on_behalf_of=UnitId("教育局"))
        with refused(Invalid, "missing-paper"):
            desk.do("acknowledge", issuing.AcknowledgeBulletin(), CLERK, on_behalf_of=WATER)
        desk.do("acknowledge", issuing.AcknowledgeBulletin(text="来电"), CLERK, on_behalf_of=WATER)
        assert [(one.unit, one.on_behalf) for one in desk.bulletin.receipts] == [(TOWN, False), (WATER, True)]

    def test_reminds_who_has_not_received_it(self) -> None:
        """过了该签收的日子还没签的，时钟催；每一级只催一次，停了几天的只补最近一级，催够了就不再催。"""
        desk = Desk().issued()
        desk.do("acknowledge", issuing.AcknowledgeBulletin(), WATER_LIAISON)
        said = []
        for days in (1, 2, 3, 3, 4, 11):
            desk.today = desk.record[0].recorded_at.date() + timedelta(days=days)
            decision = issuing.remind(desk.bulletin, desk.seen(CLERK))
            for draft in decision.drafts:
                desk.write(draft.fact, CLERK, desk.seen(CLERK))
                said.append((days, draft.fact.slot.day, draft.fact.units))
        assert said == [(3, 5, (TOWN,)), (11, 13, (TOWN,))]
        desk.do("acknowledge", issuing.AcknowledgeBulletin(), LIAISON)
        desk.today += timedelta(days=30)
        assert issuing.remind(desk.bulletin, desk.seen(CLERK)).drafts == ()


class TestPublishing:
    def publish(self, desk: Desk, by: Any = CLERK, **more: Any) -> None:
        """In the county's paper, the day after the issue."""
        given: dict[str, Any] = {
            "channel": PublicChannel.NEWSPAPER,
            "place": "云溪日报 第2版",
            "on": MONDAY,
            **more.pop("said", {}),
        }
        desk.do("publish", publishing.PublishBulletin(**given), by, **more)

    def test_says_where_and_when_and_on_whose_word(self) -> None:
        """印发以后登记在哪里、哪天公开，写明批准的依据，可附报样；每处只登一次。"""
        desk = Desk().issued()
        self.publish(desk, basis="县政府办公室3月10日批示", file=SCAN)
        self.publish(desk, basis="同上", said={"channel": PublicChannel.BOARD, "place": "青石镇公示栏"})
        assert [one.channel.label for one in desk.bulletin.publications] == ["报刊", "公示栏"]
        assert desk.bulletin.scans == (SCAN,)
        assert desk.record[-2].fact.paper == "县政府办公室3月10日批示"
        assert desk.stage is S.ISSUED
        with refused(Conflict, "already-so"):
            self.publish(desk, basis="同上")

    def test_wants_the_approval_the_place_and_a_day_since_the_issue(self) -> None:
        """没有批准依据、没写登在哪里、日期在印发以前或以后的将来，都退回；行政首长本人登记的不用依据。"""
        desk = Desk().issued()
        with refused(Invalid, "missing-basis"):
            self.publish(desk)
        with refused(Invalid, "blank-field"):
            self.publish(desk, basis="批示", said={"place": " "})
        for days in (-1, 1):
            with refused(Invalid, "wrong-day"):
                self.publish(desk, basis="批示", said={"on": MONDAY + timedelta(days=days)})
        self.publish(desk, LEADER, **as_chief(desk))
        assert desk.record[-1].fact.paper is None

    def test_is_not_for_units_nor_before_the_issue(self) -> None:
        """没印发的不能登记公开；单位不能登记；不带附件的步骤不收附件。"""
        with refused(WrongStage):
            self.publish(Desk().signed(), basis="批示")
        with refused(NotYours):
            self.publish(Desk().issued(), LIAISON, basis="批示")
        with refused(Invalid, "no-file"):
            Desk().approved().do("sign", signing.SignBulletin(document_no=NUMBER), HEAD, file=SCAN)


class TestCorrecting:
    def test_is_a_new_document_that_names_the_old_one(self) -> None:
        """更正另发一份，写明原通报和更正之处；新的印发之时，原通报记为已更正。"""
        old = Desk().issued()
        decision = old.do("correct", drafting.CorrectBulletin(reason="漏计一件"), HEAD)
        assert (decision.answer, old.stage) == ({"correction": "b2"}, S.ISSUED)
        fact = decision.drafts[0].fact
        assert (fact.corrects, fact.corrects_no, fact.reason) == ("b1", NUMBER, "漏计一件")
        new = Desk(old=old.bulletin, siblings=(known(old.bulletin, id=old.bulletin.id),))
        new.bulletin = replace(new.bulletin, id="b2")
        new.write(fact, HEAD, new.seen(HEAD))
        for name, command, by in (
            ("check", signing.CheckNumbers(), CLERK),
            ("approve-naming", signing.ApproveNaming(), HEAD),
            ("sign", signing.SignBulletin(document_no="云督〔2026〕7号"), HEAD),
            ("number", issuing.NumberBulletin(), CLERK),
        ):
            new.do(name, command, by, basis="会议纪要")
        issued = new.do("issue", issuing.IssueBulletin(), CLERK)
        stream, mark = issued.drafts[1].stream, issued.drafts[1].fact
        assert (stream, mark.by, mark.by_no) == ("bulletin-b1", "b2", "云督〔2026〕7号")
        old.write(mark, CLERK, old.seen(CLERK))
        assert (old.stage, old.bulletin.corrected_by) == (S.CORRECTED, "b2")

    def test_is_begun_once(self) -> None:
        """更正稿已拟好的，不再拟第二份；更正要有理由。"""
        old = Desk().issued()
        begun = known(old.bulletin, stage=S.DRAFTED, corrects=old.bulletin.id)
        old.siblings = (begun,)
        with refused(Conflict, "already-so"):
            old.do("correct", drafting.CorrectBulletin(reason="漏计"), HEAD)
        old.siblings = ()
        with refused(Invalid, "blank-field"):
            old.do("correct", drafting.CorrectBulletin(reason=""), HEAD)
