"""Read models built anew while people work: broken off, raced, watched."""

from __future__ import annotations

import io
import threading

import pytest

from events.record.sql import plain_text
from service.progress import WIDTH, Bar, remaining
from service.runtime import Runtime
from service.storage.building import only_rebuild
from service.storage.leases import lost
from tests.service.given import Office

GENERATIONS = plain_text("SELECT name, generation FROM projections")


def runtime_of(office: Office) -> Runtime:
    assert office.runtime is not None
    return office.runtime


def generations(runtime: Runtime) -> dict[str, int]:
    with runtime.database.reader() as driver:
        return dict(driver.rows(GENERATIONS))


class PowerCut(BaseException):
    """Nothing after this line is done."""


class TestRebuilding:
    def test_takes_commands_meanwhile(self, office_on_both: Office) -> None:
        """重建到一半照样立项交办；换上去以后一件不少，与记录一致。"""
        office = office_on_both.at("2008-03-03")
        office.assigned()
        runtime, parts = runtime_of(office), list[float]()

        def meanwhile(part: float) -> None:
            parts.append(part)
            office.assigned()

        before = generations(runtime)
        runtime.projections.rebuild(runtime.writer, told=meanwhile)
        assert parts == sorted(parts)
        assert 0 < parts[0] <= parts[-1] <= 1
        assert generations(runtime) == {name: old + 1 for name, old in before.items()}
        assert len(office.ask("/matters", by="clerk")["items"]) == 1 + len(parts)
        assert runtime.projections.compare((), runtime.writer) == []

    def test_that_is_broken_off_leaves_the_old_ones_serving(self, office_on_both: Office) -> None:
        """重建到一半断电：原来的照常用，还是原来那一版；再建一次就成。"""
        office = office_on_both.at("2008-03-03")
        office.assigned()
        runtime = runtime_of(office)

        def cut(_: float) -> None:
            raise PowerCut

        before = generations(runtime)
        with pytest.raises(PowerCut):
            runtime.projections.rebuild(runtime.writer, told=cut)
        assert generations(runtime) == before
        office.assigned()
        assert len(office.ask("/matters", by="clerk")["items"]) == 2
        runtime.projections.rebuild(runtime.writer)
        assert runtime.projections.compare((), runtime.writer) == []

    def test_that_was_overtaken_switches_nothing(self, office_on_both: Office) -> None:
        """建得太久、位子已归别的进程：不换上去，原来的照常用。"""
        runtime = runtime_of(office_on_both)

        def overtaken(_: object) -> None:
            raise lost()

        before = generations(runtime)
        with pytest.raises(type(lost())):
            runtime.projections.rebuild(runtime.writer, guard=overtaken)
        assert generations(runtime) == before
        assert runtime.projections.compare((), runtime.writer) == []

    def test_waits_for_another(self, office_on_both: Office) -> None:
        """一处在建，别处等着；那处完了才轮到。"""
        runtime, order = runtime_of(office_on_both), list[str]()

        def second() -> None:
            with only_rebuild(runtime.database) as guard:
                order.append("second")
                runtime.writer.do(guard)

        with only_rebuild(runtime.database) as guard:
            waiting = threading.Thread(target=second)
            waiting.start()
            waiting.join(0.6)
            order.append("first")
            runtime.writer.do(guard)
        waiting.join(30)
        assert order == ["first", "second"]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class TestABar:
    def test_tells_how_far_and_how_long(self) -> None:
        """进度条说出百分比和大约还要多久；说不准时不说，完了收起来。"""
        screen = Terminal()
        bar = Bar("重建", to=screen)
        assert bar.line(0.5, 30) == f"重建 {'█' * (WIDTH // 2)}{'░' * (WIDTH // 2)}  50%，约剩 30 秒"
        assert remaining(0.25, 100) == "，约剩 5 分钟"
        assert remaining(0.001, 100) == remaining(1, 100) == ""
        bar(0.1)
        bar(1)
        bar.end()
        assert "100%" in screen.getvalue()
        assert screen.getvalue().endswith("\r\x1b[K")

    def test_stays_out_of_files(self) -> None:
        """输出不是终端时，什么也不写。"""
        file = io.StringIO()
        bar = Bar("重建", to=file)
        bar(0.5)
        bar.end()
        assert file.getvalue() == ""
