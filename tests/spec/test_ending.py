"""撤销、移交、并案、催办."""

from __future__ import annotations

import pytest

from events.matter.ending import CancelMatter, MergeMatter, TransferMatter
from events.matter.extending import RequestExtension
from events.matter.pressing import UrgeMatter
from events.refusals import Invalid, NotYours, WrongStage
from events.vocabulary import MatterId, Role, Stage, TransferKind
from tests.spec.given import CLERK, HEAD, LIAISON, MONDAY, TOWN, VERIFIER, World, actor, refused

OPEN_WAYS = [
    "registered",
    "assigned",
    "acknowledged",
    "planning",
    "rectifying",
    "suspended",
    "objected",
    "reported",
]
OPEN_WAYS += ["verifying", "reviewed"]
ENDED_WAYS = ["closed", "cancelled", "relapsed"]
CANCEL = CancelMatter(reason="重复立项")
HANDOVER = TransferMatter(kind=TransferKind.HANDOVER, to="县法院")


class TestCancelling:
    @pytest.mark.parametrize("way", OPEN_WAYS)
    def test_ends_any_open_matter(self, way: str) -> None:
        """任何在办阶段都可撤销，须有理由。"""
        w = getattr(World(), way)()
        with refused(Invalid, "blank-field"):
            w.do("cancel", CancelMatter(reason=""), HEAD)
        w.do("cancel", CANCEL, HEAD)
        assert (w.stage, w.matter.ended_at) == (Stage.CANCELLED, w.now)

    @pytest.mark.parametrize("way", ENDED_WAYS)
    def test_does_not_end_twice(self, way: str) -> None:
        """已了结的不能撤销。"""
        with refused(WrongStage):
            getattr(World(), way)().do("cancel", CANCEL, HEAD)

    def test_is_for_a_head_outside_the_unit(self) -> None:
        """撤销由督查室负责人决定，承办单位的人不能撤自己的事项。"""
        for by in (CLERK, LIAISON, VERIFIER, actor("兼职", TOWN, Role.OFFICE_HEAD)):
            with refused(NotYours):
                World().rectifying().do("cancel", CANCEL, by)

    def test_lets_a_pending_extension_lapse(self) -> None:
        """了结时未裁定的延期申请失效。"""
        w = World().rectifying()
        w.do("request-extension", RequestExtension(until=MONDAY.replace(month=5), reason="车"), LIAISON)
        w.do("cancel", CANCEL, HEAD)
        assert w.matter.extensions[0].decision == "lapsed"


class TestTransferring:
    @pytest.mark.parametrize("way", OPEN_WAYS)
    @pytest.mark.parametrize("kind", list(TransferKind))
    def test_hands_any_open_matter_out(self, way: str, kind: TransferKind) -> None:
        """任何在办阶段都可移交、移送、移办，写明接收机关。"""
        w = getattr(World(), way)()
        with refused(Invalid, "blank-field"):
            w.do("transfer", TransferMatter(kind=kind, to=" "), HEAD)
        w.do("transfer", TransferMatter(kind=kind, to="县纪委监委"), HEAD)
        m = w.matter
        assert (m.stage, m.transferred_kind, m.transferred_to) == (Stage.TRANSFERRED, kind, "县纪委监委")

    def test_is_for_the_head(self) -> None:
        """移交由督查室负责人决定，已了结的不能移交。"""
        for by in (CLERK, LIAISON):
            with refused(NotYours):
                World().rectifying().do("transfer", HANDOVER, by)
        with refused(WrongStage):
            World().closed().do("transfer", HANDOVER, HEAD)


class TestMerging:
    @pytest.mark.parametrize("way", ["registered", "assigned"])
    def test_lets_another_matter_carry_on(self, way: str) -> None:
        """待交办、待签收的可并入另一件在办事项，两边都有记录。"""
        w = World().rectifying()
        target = w.current
        getattr(w.registered(), way)()
        own = w.current
        w.do("merge", MergeMatter(into=target), CLERK)
        assert (w.stage, w.matter.merged_into) == (Stage.MERGED, target)
        assert w.matters[target].absorbed == (own,)
        assert w.matters[target].stage is Stage.RECTIFYING
        assert [r.type for r in w.record[-2:]] == ["matter-merged", "matter-absorbed"]

    def test_wants_an_open_other_matter(self) -> None:
        """不能并入自身、不存在的、已了结的事项。"""
        w = World().cancelled()
        ended = w.current
        w.registered()
        for into, code in (
            (w.current, "merge-into-itself"),
            (MatterId("99"), "unknown-matter"),
            (ended, "target-ended"),
        ):
            with refused(Invalid, code):
                w.do("merge", MergeMatter(into=into), CLERK)

    def test_is_for_early_stages_and_the_office(self) -> None:
        """签收后不能并案，并案由督查室办理。"""
        with refused(WrongStage):
            World().acknowledged().do("merge", MergeMatter(into=MatterId("9")), CLERK)
        with refused(NotYours):
            World().assigned().do("merge", MergeMatter(into=MatterId("9")), LIAISON)


class TestUrging:
    @pytest.mark.parametrize("way", OPEN_WAYS)
    def test_presses_in_any_open_stage(self, way: str) -> None:
        """任何在办阶段都可催办，记下次数，阶段不变。"""
        w = getattr(World(), way)()
        before = w.stage
        w.do("urge", UrgeMatter(text="请抓紧"), CLERK)
        w.do("urge", UrgeMatter(), HEAD)
        assert (w.stage, w.matter.urged, w.matter.last_urged_at) == (before, 2, w.now)

    def test_is_the_offices(self) -> None:
        """催办由督查室办理，了结后不再催办。"""
        with refused(NotYours):
            World().assigned().do("urge", UrgeMatter(), LIAISON)
        for way in ENDED_WAYS:
            with refused(WrongStage):
                getattr(World(), way)().do("urge", UrgeMatter(), CLERK)
