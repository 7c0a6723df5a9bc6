"""补充: completing what was registered, before the assignment."""

from __future__ import annotations

import pytest

from events.matter.correcting import AmendMatter
from events.refusals import Invalid, NotYours, WrongStage
from events.vocabulary import MatterId, Urgency
from tests.spec.given import (
    CLERK,
    LIAISON,
    World,
    refused,
)


def amend(w: World, **fields: object) -> None:
    w.do("amend", AmendMatter(fields=fields), CLERK)


class TestAmending:
    def test_changes_what_was_registered(self) -> None:
        """交办前可以补充标题、问题、地点等，前后都有记载。"""
        w = World().registered()
        amend(
            w,
            title="二号河道垃圾",
            place="二号桥",
            urgency="urgent",
            kind="immediate",
            basis="云督〔2026〕1号",
        )
        m = w.matter
        assert (m.title, m.place, m.urgency, m.kind) == (
            "二号河道垃圾",
            "二号桥",
            Urgency.URGENT,
            "immediate",
        )
        assert m.basis == "云督〔2026〕1号"
        fact = w.facts[-1]
        assert dict(fact.old)["title"] == "三号河道垃圾堆放"
        amend(w, urgency=None, place="")
        assert (w.matter.urgency, w.matter.place) == (None, None)

    def test_may_hang_it_under_another(self) -> None:
        """可以补充上级事项，须在办。"""
        w = World().registered()
        parent = w.current
        w.registered()
        amend(w, parent=parent)
        assert w.matter.parent == parent
        with refused(Invalid, "unknown-parent"):
            amend(w, parent=MatterId("99"))
        with refused(Invalid, "own-parent"):
            amend(w, parent=w.current)
        child, w.current = w.current, parent
        with refused(Invalid, "own-parent"):
            amend(w, parent=child)

    def test_makes_no_circle(self) -> None:
        """隔着几件的下级也不能作上级。"""
        w = World().registered()
        line = [w.current]
        for _ in range(3):
            w.registered(parent=w.current)
            line.append(w.current)
        w.current = line[0]
        for below in line:
            with refused(Invalid, "own-parent"):
                amend(w, parent=below)

    @pytest.mark.parametrize(
        ("fields", "code"),
        [
            ({}, "nothing-changed"),
            ({"source": "专项督查"}, "nothing-changed"),
            ({"title": " "}, "blank-field"),
            ({"title": 5}, "wrong-type"),
            ({"title": "字" * 201}, "too-long"),
            ({"problem": "绝密"}, "secret"),
            ({"number": "2026-1"}, "unknown-field"),
            ({"stage": "closed"}, "unknown-field"),
            ({"kind": "petition"}, "unknown-choice"),
            ({"urgency": "soon"}, "unknown-choice"),
        ],
    )
    def test_refuses_what_cannot_be(self, fields: dict[str, object], code: str) -> None:
        """没有改动、空白、类型不对、不可补充的字段都被拒绝。"""
        with refused(Invalid, code):
            amend(World().registered(), **fields)

    def test_is_over_with_the_assignment(self) -> None:
        """交办后不能再补充；补充由督查室办理。"""
        with refused(WrongStage):
            amend(World().assigned(), title="新")
        with refused(NotYours):
            World().registered().do("amend", AmendMatter(fields={"title": "新"}), LIAISON)
