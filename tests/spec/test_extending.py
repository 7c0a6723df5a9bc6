"""延期: asked in time, decided by the head, every old date kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from events.matter.extending import GrantExtension, RefuseExtension, RequestExtension
from events.refusals import Invalid, NotYours, WrongStage
from events.vocabulary import Role, Stage, Starts
from tests.spec.given import CLERK, HEAD, LIAISON, TOWN, WATER_LIAISON, World, actor, refused

DUE = date(2026, 3, 23)
LATER = date(2026, 4, 10)


def ask(until: date = LATER, reason: str = "车辆不足") -> RequestExtension:
    return RequestExtension(until=until, reason=reason)


class TestAsking:
    @pytest.mark.parametrize("way", ["acknowledged", "planning", "rectifying"])
    def test_keeps_the_limit_running(self, way: str) -> None:
        """签收后到报结前都可申请延期，申请期间期限不变。"""
        w = getattr(World(), way)()
        before = w.stage
        w.do("request-extension", ask(), LIAISON)
        assert (w.stage, w.due_on) == (before, DUE)
        pending = w.matter.pending_extension
        assert pending is not None
        assert (pending.until, pending.reason, pending.from_due_on) == (LATER, "车辆不足", DUE)

    def test_is_open_up_to_and_on_the_due_day(self) -> None:
        """到期当日24时前还可申请，过后不行。"""
        w = World().rectifying().on(DUE, time(23, 59))
        assert "request-extension" in w.permitted(LIAISON)
        late = World().rectifying().on(DUE + timedelta(days=1), time(0, 0))
        assert "request-extension" not in late.permitted(LIAISON)
        with refused(Invalid, "extension-too-late"):
            late.do("request-extension", ask(), LIAISON)
        w.do("request-extension", ask(), LIAISON)

    def test_goes_by_the_recorded_day(self) -> None:
        """是否逾期以记录时间为准，自称早已申请不算数。"""
        w = World().rectifying().on(DUE + timedelta(days=1))
        with refused(Invalid, "extension-too-late"):
            w.do("request-extension", ask(), LIAISON, occurred_at=w.now - timedelta(days=2))

    def test_wants_a_later_day_and_a_reason(self) -> None:
        """延期日期须晚于现期限，须有理由，日期须合理。"""
        w = World().rectifying()
        for command, code in (
            (ask(DUE), "extension-not-later"),
            (ask(DUE - timedelta(days=1)), "extension-not-later"),
            (ask(reason=" "), "blank-field"),
            (ask(date(2099, 1, 1)), "implausible-date"),
            (ask(DUE + timedelta(days=181)), "extension-too-long"),
        ):
            with refused(Invalid, code):
                w.do("request-extension", command, LIAISON)

    def test_waits_for_the_pending_one(self) -> None:
        """一份申请未裁定前，不能再申请。"""
        w = World().rectifying()
        w.do("request-extension", ask(), LIAISON)
        with refused(Invalid, "extension-pending"):
            w.do("request-extension", ask(), LIAISON)

    def test_is_counted(self) -> None:
        """每类事项的延期次数有上限。"""
        w = World()
        w.procedures["rectification"] = replace(w.procedures["rectification"], extension_max_times=1)
        w.rectifying().do("request-extension", ask(), LIAISON)
        w.do("grant-extension", GrantExtension(until=LATER), HEAD)
        with refused(Invalid, "extensions-used-up"):
            w.do("request-extension", ask(date(2026, 5, 1)), LIAISON)

    def test_is_the_units(self) -> None:
        """延期由责任单位申请，签收前和报结后不能申请。"""
        for by in (CLERK, WATER_LIAISON):
            with refused(NotYours):
                World().rectifying().do("request-extension", ask(), by)
        for way in ("assigned", "suspended", "reported", "closed"):
            with refused(WrongStage):
                getattr(World(), way)().do("request-extension", ask(), LIAISON)

    def test_needs_a_limit_to_extend(self) -> None:
        """自签收起算且已签收的有期限，可以延期。"""
        w = World().rectifying(time_limit="10日内", starts=Starts.ACKNOWLEDGED)
        w.do("request-extension", ask(), LIAISON)
        assert w.matter.pending_extension is not None


class TestDeciding:
    def test_grants_a_new_limit_and_keeps_the_old(self) -> None:
        """同意延期后期限改变，旧期限留存，次数加一。"""
        w = World().rectifying()
        w.do("request-extension", ask(), LIAISON)
        w.later(days=1).do("grant-extension", GrantExtension(until=date(2026, 4, 3)), HEAD)
        assert w.due_on == date(2026, 4, 3)
        assert [(d.due_on, d.why) for d in w.matter.due_dates] == [
            (DUE, "assigned"),
            (date(2026, 4, 3), "extended"),
        ]
        granted = w.matter.extensions[0]
        assert (granted.decision, granted.granted_until) == ("granted", date(2026, 4, 3))
        assert w.matter.extensions_granted == 1
        assert w.stage is Stage.RECTIFYING

    def test_may_come_after_the_limit(self) -> None:
        """期限内申请的，过期后也可裁定。"""
        w = World().rectifying()
        w.do("request-extension", ask(), LIAISON)
        w.on(DUE + timedelta(days=5)).do("grant-extension", GrantExtension(until=LATER), HEAD)
        assert w.due_on == LATER

    def test_refuses_with_a_reason(self) -> None:
        """不同意延期须说明理由，期限不变，可再申请。"""
        w = World().rectifying()
        w.do("request-extension", ask(), LIAISON)
        with refused(Invalid, "blank-field"):
            w.do("refuse-extension", RefuseExtension(reason=""), HEAD)
        w.do("refuse-extension", RefuseExtension(reason="理由不充分"), HEAD)
        assert (w.due_on, w.matter.extensions[0].decision) == (DUE, "refused")
        w.do("request-extension", ask(), LIAISON)

    def test_grants_only_later_days(self) -> None:
        """同意的日期须晚于现期限。"""
        w = World().rectifying()
        w.do("request-extension", ask(), LIAISON)
        with refused(Invalid, "extension-not-later"):
            w.do("grant-extension", GrantExtension(until=DUE), HEAD)

    def test_wants_a_request(self) -> None:
        """没有待审申请，无可裁定。"""
        w = World().rectifying()
        for name, command in (
            ("grant-extension", GrantExtension(until=LATER)),
            ("refuse-extension", RefuseExtension(reason="不")),
        ):
            assert name not in w.permitted(HEAD)
            with refused(WrongStage):
                w.do(name, command, HEAD)

    def test_is_for_a_head_outside_the_unit(self) -> None:
        """延期由督查室负责人裁定，承办单位的人不得裁定。"""
        w = World().rectifying()
        w.do("request-extension", ask(), LIAISON)
        for by in (CLERK, LIAISON, actor("兼职", TOWN, Role.OFFICE_HEAD)):
            with refused(NotYours):
                w.do("grant-extension", GrantExtension(until=LATER), by)
            with refused(NotYours):
                w.do("refuse-extension", RefuseExtension(reason="不"), by)

    def test_is_not_before_it_was_asked(self) -> None:
        """裁定不能早于申请。"""
        w = World().rectifying().later(days=2)
        w.do("request-extension", ask(), LIAISON)
        with refused(Invalid, "occurred-before-previous"):
            w.do("grant-extension", GrantExtension(until=LATER), HEAD, occurred_at=w.now - timedelta(days=1))
