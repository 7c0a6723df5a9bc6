"""销号、退回销号、重开."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from events.matter.closing import ApproveWriteOff, RejectWriteOff, ReopenMatter
from events.matter.ending import CancelMatter, MergeMatter, TransferMatter
from events.matter.looking_back import SelectLookBack
from events.matter.suspending import ResumeMatter
from events.refusals import Invalid, NotYours, WrongStage
from events.vocabulary import Grade, Role, Stage, TransferKind
from tests.spec.given import CLERK, ENVIRONMENT, HEAD, LIAISON, MONDAY, TOWN, VERIFIER, World, actor, refused

APPROVE = ApproveWriteOff()
REOPEN = ReopenMatter(reason="销早了")


class TestApproving:
    def test_closes_the_matter(self) -> None:
        """督查室负责人批准销号，可评办结等级。"""
        w = World().reviewed()
        w.do("approve-write-off", ApproveWriteOff(grade=Grade.GOOD), HEAD)
        m = w.matter
        assert (m.stage, m.grade, m.closed_by, m.closed_at) == (Stage.CLOSED, Grade.GOOD, HEAD.user, w.now)
        assert (m.ever_closed, m.closed_late) == (True, False)

    def test_says_for_ever_that_it_was_late(self) -> None:
        """报结逾期的，销号后永远是逾期办结；督查室核查再慢也不算在单位头上。"""
        late = World().rectifying(time_limit="5日内").later(days=6).report().verify().pass_().close()
        assert late.matter.closed_late
        slow = (
            World()
            .rectifying(time_limit="5日内")
            .later(days=5)
            .report()
            .later(days=40)
            .verify()
            .pass_()
            .close()
        )
        assert not slow.matter.closed_late

    def test_is_for_the_head(self) -> None:
        """销号只由督查室负责人批准，承办单位不能销自己的号。"""
        w = World().reviewed()
        for by in (CLERK, LIAISON, VERIFIER):
            with refused(NotYours):
                w.do("approve-write-off", APPROVE, by)

    def test_is_not_for_who_handled_it(self) -> None:
        """兼任负责人的承办单位人员、经手人不得销号。"""
        w = World().reviewed()
        own = actor("兼职", TOWN, Role.OFFICE_HEAD)
        moved = replace(LIAISON, unit=ENVIRONMENT, roles=frozenset({Role.OFFICE_HEAD}))
        second_account = replace(moved, user="何远舟二")
        for by in (own, moved, second_account):
            assert "approve-write-off" not in w.permitted(by)
            with refused(NotYours):
                w.do("approve-write-off", APPROVE, by)

    def test_waits_for_the_children(self) -> None:
        """下级事项没有了结，上级事项不能销号，并说出是哪几件。"""
        w = World().reviewed()
        parent = w.current
        w.registered(parent=parent)
        child = w.current
        w.current = parent
        with refused(Invalid, "open-children") as caught:
            w.do("approve-write-off", APPROVE, HEAD)
        assert w.matters[child].number in caught.value.sentence
        w.current = child
        w.do("cancel", CancelMatter(reason="合并处理"), HEAD)
        w.current = parent
        assert w.close().stage is Stage.CLOSED

    def test_follows_verification(self) -> None:
        """未核查通过不能销号。"""
        for way in ("rectifying", "reported", "verifying", "closed"):
            with refused(WrongStage):
                getattr(World(), way)().do("approve-write-off", APPROVE, HEAD)

    def test_selects_a_look_back_where_the_kind_asks_for_it(self) -> None:
        """配置了若干日后回头看的类别，销号即排定回头看。"""
        w = World()
        w.procedures["rectification"] = replace(w.procedures["rectification"], look_back_after_days=90)
        assert w.closed().matter.look_back_on == MONDAY + timedelta(days=90)
        assert World().closed().matter.look_back_on is None


class TestRejecting:
    def test_sends_it_back(self) -> None:
        """退回销号回到整改，期限顺延报结到退回的日历日数，或另定。"""
        w = World().rectifying(time_limit="5日内").later(days=8).report().verify().pass_().later(days=10)
        w.do("reject-write-off", RejectWriteOff(reason="材料不全"), HEAD)
        assert w.due_on is not None
        assert (w.stage, (w.today - w.due_on).days) == (Stage.RECTIFYING, 3)
        assert not w.matter.verification_passed
        other = World().reviewed()
        other.do("reject-write-off", RejectWriteOff(reason="不全", due_on=date(2026, 3, 9)), HEAD)
        assert other.due_on == date(2026, 3, 9)

    def test_wants_a_reason_and_a_head(self) -> None:
        """退回须有理由，由负责人决定。"""
        w = World().reviewed()
        with refused(Invalid, "blank-field"):
            w.do("reject-write-off", RejectWriteOff(reason=""), HEAD)
        for by in (CLERK, LIAISON, actor("兼职", TOWN, Role.OFFICE_HEAD)):
            with refused(NotYours):
                w.do("reject-write-off", RejectWriteOff(reason="不全"), by)
        with refused(WrongStage):
            World().closed().do("reject-write-off", RejectWriteOff(reason="不全"), HEAD)


class TestReopening:
    @pytest.mark.parametrize(
        ("way", "back_to"),
        [("closed", Stage.WRITE_OFF_REVIEW), ("cancelled", Stage.ASSIGNED)],
    )
    def test_goes_back_where_it_was(self, way: str, back_to: Stage) -> None:
        """重开回到了结前的阶段，当作没有了结过，两条记录都在。"""
        w = getattr(World(), way)()
        w.do("reopen", REOPEN, HEAD)
        m = w.matter
        assert (m.stage, m.ended_at, m.closed_at, m.ever_closed) == (back_to, None, None, False)
        assert [r.type for r in w.record if r.stream == m.stream][-1] == "matter-reopened"

    def test_goes_back_from_merged_and_transferred(self) -> None:
        """已并案、已移交的同样可以重开。"""
        w = World().registered()
        target = w.current
        w.registered().assigned()
        w.do("merge", MergeMatter(into=target), CLERK)
        w.do("reopen", REOPEN, HEAD)
        assert (w.stage, w.matter.merged_into) == (Stage.ASSIGNED, None)
        w.do("transfer", TransferMatter(kind=TransferKind.HANDOVER, to="县法院"), HEAD)
        w.do("reopen", REOPEN, HEAD)
        assert (w.stage, w.matter.transferred_to) == (Stage.ASSIGNED, None)

    def test_goes_back_into_a_suspension(self) -> None:
        """中止中被撤销的，重开后仍是中止，恢复后回到整改。"""
        w = World().suspended()
        w.do("cancel", CancelMatter(reason="误立"), HEAD)
        w.do("reopen", REOPEN, HEAD)
        assert w.stage is Stage.SUSPENDED
        w.do("resume", ResumeMatter(), HEAD)
        assert w.stage is Stage.RECTIFYING

    def test_does_not_unsay_that_it_was_late(self) -> None:
        """逾期办结后重开，再次办结仍是逾期办结。"""
        w = World().rectifying(time_limit="5日内").later(days=6).report().verify().pass_().close()
        w.do("reopen", REOPEN, HEAD)
        w.do("reject-write-off", RejectWriteOff(reason="重做", due_on=date(2026, 5, 1)), HEAD)
        w.report().verify().pass_().close()
        assert w.matter.days_late_at_report == 0
        assert w.matter.closed_late

    def test_forgets_a_selected_look_back(self) -> None:
        """重开后原先抽取的回头看作废。"""
        w = World().closed()
        w.do("select-look-back", SelectLookBack(due_on=date(2026, 4, 1)), CLERK)
        w.do("reopen", REOPEN, HEAD)
        assert w.matter.look_back_on is None

    def test_is_open_for_five_working_days(self) -> None:
        """了结后5个工作日内可以重开，第6个工作日不行。"""
        w = World().closed().workdays_on(5)
        assert "reopen" in w.permitted(HEAD)
        w.workdays_on(1)
        assert "reopen" not in w.permitted(HEAD)
        with refused(Invalid, "reopen-too-late"):
            w.do("reopen", REOPEN, HEAD)

    @pytest.mark.parametrize("way", ["cancelled", "merged", "transferred"])
    def test_closes_its_door_on_every_ending(self, way: str) -> None:
        """撤销、并案、移交的，也只在5个工作日内由负责人重开，经办人不行，过了期说清楚怎么办。"""
        w = World().registered()
        target = w.current
        w.registered().assigned()
        if way == "merged":
            w.do("merge", MergeMatter(into=target), CLERK)
        elif way == "transferred":
            w.do("transfer", TransferMatter(kind=TransferKind.HANDOVER, to="县法院"), HEAD)
        else:
            w.do("cancel", CancelMatter(reason="误立"), HEAD)
        with refused(NotYours):
            w.do("reopen", REOPEN, CLERK)
        w.workdays_on(6)
        with refused(Invalid, "reopen-too-late") as caught:
            w.do("reopen", REOPEN, HEAD)
        assert "另行立项" in caught.value.sentence

    def test_lets_go_of_what_was_merged_by_mistake(self) -> None:
        """并错的重开后，被并入的那一件也记下不再带办，两条记录都在。"""
        w = World().assigned()
        target = w.current
        w.registered().assigned()
        merged = w.current
        w.do("merge", MergeMatter(into=target), CLERK)
        assert w.matters[target].absorbed == (merged,)
        w.do("reopen", REOPEN, HEAD)
        assert w.matters[target].absorbed == ()
        w.current = target
        assert [r.type for r in w.record if r.stream == w.matter.stream][-2:] == [
            "matter-absorbed",
            "matter-released",
        ]

    def test_waits_for_the_matter_above(self) -> None:
        """上级事项已经了结的，下级不能单独重开；先重开上级，下级再重开。"""
        w = World().reviewed()
        parent = w.current
        w.registered(parent=parent).do("cancel", CancelMatter(reason="误立"), HEAD)
        child = w.current
        w.current = parent
        w.close()
        w.current = child
        with refused(Invalid, "parent-ended") as caught:
            w.do("reopen", REOPEN, HEAD)
        assert w.matters[parent].number in caught.value.sentence
        w.current = parent
        w.do("reopen", REOPEN, HEAD)
        w.current = child
        w.do("reopen", REOPEN, HEAD)
        assert w.stage is Stage.REGISTERED

    def test_is_not_for_the_rest(self) -> None:
        """在办的、回头看通过的、已反弹的不能重开。"""
        for way in ("rectifying", "relapsed"):
            with refused(WrongStage):
                getattr(World(), way)().do("reopen", REOPEN, HEAD)

    def test_wants_a_reason_and_a_head_outside_the_unit(self) -> None:
        """重开须有理由，由承办单位以外的负责人决定。"""
        w = World().closed()
        with refused(Invalid, "blank-field"):
            w.do("reopen", ReopenMatter(reason=""), HEAD)
        for by in (CLERK, LIAISON, actor("兼职", TOWN, Role.OFFICE_HEAD)):
            with refused(NotYours):
                w.do("reopen", REOPEN, by)
