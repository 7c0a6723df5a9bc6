"""立项: a problem becomes a matter."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest

from events.matter.registering import MatterRegistered, RegisterMatter
from events.refusals import Invalid, NotYours
from events.vocabulary import BEIJING, MatterId, Role, Stage, Urgency
from tests.spec.given import (
    ADMIN,
    AUDITOR,
    CLERK,
    HEAD,
    LEADER,
    LIAISON,
    MONDAY,
    OFFICE,
    TOWN,
    VERIFIER,
    World,
    a_file,
    actor,
    refused,
)


def register(**fields: object) -> RegisterMatter:
    values = {"title": "河道垃圾", "kind": "rectification", "source": "督查", "problem": "堆放垃圾"}
    return RegisterMatter(**{**values, **fields})


class TestRegistering:
    def test_begins_a_matter(self) -> None:
        """立项后事项为待交办，没有责任单位，也没有期限。"""
        w = World().registered(place="青石镇", urgency=Urgency.URGENT)
        assert w.stage is Stage.REGISTERED
        assert (w.matter.lead_unit, w.due_on, w.matter.place) == (None, None, "青石镇")
        assert w.matter.registered_by == CLERK.user

    def test_takes_the_next_number_of_the_year(self) -> None:
        """编号按立项年度连续编排。"""
        w = World()
        decision = w.do("register", register(), HEAD)
        assert decision.numbers[0].series == "matter/2026"
        assert decision.answer == {"id": "1"}
        assert w.matter.number == "2026-00001"

    @pytest.mark.parametrize("by", [LIAISON, VERIFIER, LEADER, AUDITOR, ADMIN])
    def test_is_for_the_office(self, by: object) -> None:
        """只有督查室可以立项。"""
        with refused(NotYours, "not-yours"):
            World().do("register", register(), by)

    def test_records_the_role_that_admitted(self) -> None:
        """一人兼有多个角色时，记下以哪个角色办理。"""
        both = actor("兼任", TOWN, Role.UNIT_LIAISON, Role.OFFICE_CLERK)
        assert World().do("register", register(), both).role is Role.OFFICE_CLERK

    def test_knows_its_kinds(self) -> None:
        """没有配置的事项类别不能立项。"""
        with refused(Invalid, "unknown-kind"):
            World().do("register", register(kind="petition"), CLERK)

    @pytest.mark.parametrize("field", ["title", "source", "problem"])
    def test_wants_title_source_and_problem(self, field: str) -> None:
        """标题、来源、问题不能为空白。"""
        with refused(Invalid, "blank-field"):
            World().do("register", register(**{field: " \u3000"}), CLERK)

    @pytest.mark.parametrize(("field", "length"), [("title", 201), ("problem", 20_001), ("place", 20_001)])
    def test_takes_no_more_text_than_a_field_holds(self, field: str, length: int) -> None:
        """标题不超过200字，其余文字不超过20000字。"""
        World().do("register", register(**{field: "字" * (length - 1)}), CLERK)
        with refused(Invalid, "too-long"):
            World().do("register", register(**{field: "字" * length}), CLERK)

    @pytest.mark.parametrize("mark", ["绝密", "机密★1年", "秘密★", "机密 ★", "★秘密", "秘密级", "本件机密级"])
    def test_takes_no_secrets(self, mark: str) -> None:
        """任何文字中出现密级标志即拒收。"""
        with refused(Invalid, "secret"):
            World().do("register", register(problem=f"见{mark}文件"), CLERK)
        with refused(Invalid, "secret"):
            World().do("register", register(), CLERK, basis=mark)

    def test_takes_no_file_named_a_secret(self) -> None:
        """文件名中的密级标志同样拒收。"""
        w = World()
        with refused(Invalid, "secret"):
            w.do("register", register(), CLERK, paper=a_file("绝密.pdf", at=w.now))

    def test_does_not_take_plain_words_for_secrets(self) -> None:
        """“商业秘密”“保密”这类普通用词不受影响。"""
        World().do("register", register(problem="涉及商业秘密，注意保密"), CLERK)

    def test_may_belong_to_an_open_matter(self) -> None:
        """上级事项必须存在且在办。"""
        w = World().registered()
        w.do("register", register(parent=w.current), CLERK)
        assert w.matter.parent == MatterId("1")
        with refused(Invalid, "unknown-parent"):
            w.do("register", register(parent=MatterId("99")), CLERK)
        ended = World().cancelled()
        with refused(Invalid, "parent-ended"):
            ended.do("register", register(parent=ended.current), CLERK)

    def test_keeps_the_paper_that_came_along(self) -> None:
        """随立项附上的文件成为第一份佐证材料，排在立项之后。"""
        w = World()
        w.do("register", register(), CLERK, paper=a_file(at=w.now))
        assert isinstance(w.facts[0], MatterRegistered)
        assert [e.kind for e in w.matter.evidence] == ["document"]
        assert w.matter.number == "2026-00001"

    def test_is_never_in_the_future(self) -> None:
        """发生时间不得在将来。"""
        w = World()
        with refused(Invalid, "occurred-in-future"):
            w.do("register", register(), CLERK, occurred_at=w.now + timedelta(minutes=1))

    def test_keeps_when_it_happened_beside_when_it_was_written(self) -> None:
        """发生时间与记录时间分别记载。"""
        w = World()
        happened = datetime.combine(MONDAY - timedelta(days=3), time(10), BEIJING)
        w.do("register", register(), CLERK, occurred_at=happened)
        assert (w.last().occurred_at, w.last().recorded_at) == (happened, w.now)
        assert CLERK.unit == OFFICE
