"""What is written together, in which order, and what fails alone."""

from __future__ import annotations

import asyncio
import json
import random
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from events.record.admitting import Append, VersionConflict
from events.record.envelope import Claim, Decision, Draft, Envelope
from events.record.handling import Folded
from events.record.moments import ClockJumped, real_moments, rehearsal_moments
from events.record.sql import Driver, plain_text
from events.record.verifying import verify
from events.refusals import KeyReused, MomentPassed, NameTaken, StaleVersion
from tests.record.making import CLERK, START, Record, Said, opened, said, texts

COUNT = plain_text("SELECT COUNT(*) FROM events")


class TestWriting:
    def test_gives_places_without_holes_in_commit_order(self, database_url: str) -> None:
        """八个人同时写，位次仍是 1、2、3……没有空号，也没有重号。"""
        with opened(database_url) as record:
            with ThreadPoolExecutor(8) as pool:
                for n in range(8):
                    for m in range(25):
                        pool.submit(record.writer.append, said(f"said-{n}-{m}", f"{n}.{m}"))
            assert record.store.head().position == 200
            assert sorted(texts(record)) == sorted(f"{n}.{m}" for n in range(8) for m in range(25))
            assert verify(record.store).broken is None

    def test_refuses_a_stale_version_alone(self, database_url: str) -> None:
        """同一件事项两人同时改，后写的一方单独被退，同批别人的不受影响。"""
        with opened(database_url) as record:
            record.writer.append(said("said-a", "一"))

            async def both() -> list[object]:
                waiting = [
                    record.writer.append_async(said("said-a", "迟", version=0)),
                    record.writer.append_async(said("said-b", "好")),
                ]
                return await asyncio.gather(*waiting, return_exceptions=True)

            late, fine = asyncio.run(both())
            assert isinstance(late, VersionConflict)
            assert not isinstance(fine, BaseException)
            assert texts(record) == ["一", "好"]

    def test_gives_the_first_answer_to_a_repeat(self, database_url: str) -> None:
        """同一个键、同样内容再发一次，只有一组事实，答复与第一次相同。"""
        with opened(database_url) as record:
            first = record.writer.append(said("said-a", "一", key="k"))
            again = record.writer.append(said("said-a", "一", key="k"))
            assert again.repeated
            assert again.answer == first.answer
            assert texts(record) == ["一"]

    def test_refuses_another_body_under_the_same_key(self, database_url: str) -> None:
        """同一个键带来不同内容，拒绝并什么也不写。"""
        with opened(database_url) as record:
            record.writer.append(said("said-a", "一", key="k"))
            with pytest.raises(KeyReused):
                record.writer.append(said("said-a", "二", version=1, key="k", body=b"other"))
            assert texts(record) == ["一"]

    def test_lets_one_claim_win(self, database_url: str) -> None:
        """两个单位抢同一个名称，只有一个成，另一个被告知名称已用。"""
        with opened(database_url) as record:

            def claim(owner: str) -> Claim:
                return Claim(scope="unit-name", key="青石镇", owner=owner, refusal="这个名称已用。")

            record.writer.append(said("said-a", "一", claims=(claim("a"),)))
            with pytest.raises(NameTaken):
                record.writer.append(said("said-b", "二", claims=(claim("b"),)))
            record.writer.append(said("said-a", "让", version=1, releases=(("unit-name", "青石镇"),)))
            record.writer.append(said("said-b", "二", claims=(claim("b"),)))
            assert texts(record) == ["一", "让", "二"]

    def test_takes_official_numbers_without_holes(self, database_url: str) -> None:
        """编号连续；被拒绝的命令不占号。"""
        with opened(database_url) as record:
            for n in range(3):
                record.writer.append(said(f"said-{n}", "立项", series="matter/2026"))
                with pytest.raises(VersionConflict):
                    record.writer.append(said(f"said-{n}", "又立", version=7, series="matter/2026"))
            numbers = [r.fact.number for page in record.store.pages() for r in page]
            assert numbers == ["2026-00001", "2026-00002", "2026-00003"]
            answer = record.writer.append(said("said-9", "立项", series="matter/2027")).answer
            assert json.loads(answer)["number"] == "2027-00001"

    def test_writes_two_streams_in_one_append_or_neither(self, database_url: str) -> None:
        """反弹同时写旧事项和新事项，要么都有，要么都没有。"""
        with opened(database_url) as record:
            record.writer.append(said("said-old", "旧"))
            both = Decision(
                drafts=(
                    Draft(stream="said-old", fact=Said(text="反弹")),
                    Draft(stream="said-new", fact=Said(text="新")),
                )
            )
            envelope = Envelope(actor=CLERK, at=START, command_id="x")
            answer = record.handling.handle(envelope, ("said-old", "said-new"), lambda _: both)
            assert answer["facts"] == ["said", "said"]
            assert answer["version"] == 2
            assert [r.fact.text for r in record.store.stream("said-new")] == ["新"]

    def test_decides_anew_after_a_conflict(self, database_url: str) -> None:
        """别人先写了，不带版本号的命令按最新情况重新决定，再写。"""
        with opened(database_url) as record:
            seen: list[int] = []

            def decide(loaded: object) -> Decision:
                state = loaded["said-a"].state  # type: ignore[index]
                seen.append(len(state))
                if len(seen) == 1:
                    record.writer.append(said("said-a", "抢先"))
                return Decision(drafts=(Draft(stream="said-a", fact=Said(text=f"第{len(state) + 1}")),))

            record.handling.handle(Envelope(actor=CLERK, at=START, command_id="x"), ("said-a",), decide)
            assert seen == [0, 1]
            assert texts(record) == ["抢先", "第2"]

    def test_asks_a_guard_inside_the_transaction(self, database_url: str) -> None:
        """写入前最后再看一眼：说不的，只退它这一条；同批里先指到本流的命令写完了再看。"""
        with opened(database_url) as record:
            seen: list[int] = []

            def guard(driver: Driver) -> None:
                seen.append(driver.rows(COUNT, ())[0][0])
                if len(seen) == 1:
                    raise VersionConflict("said-a", 0, 0)

            answers = in_one_batch(
                record,
                said("said-child", "下级", **{"said-a": 0}),
                replace(said("said-a", "了结"), guard=lambda _: None),
                replace(said("said-b", "退"), guard=guard),
                said("said-c", "好"),
            )
            assert texts(record) == ["下级", "好"]
            assert [isinstance(answer, VersionConflict) for answer in answers] == [False, True, True, False]
            record.writer.append(replace(said("said-b", "再来"), guard=guard))
            assert seen == [0, 2]

    def test_asks_a_guard_of_many_commands_once_a_batch(self, database_url: str) -> None:
        """走钟一批几十条带的是同一个租约：一批只问一次；它说不，一条也不写。"""
        with opened(database_url) as record:
            seen: list[int] = []

            def guard(driver: Driver) -> None:
                seen.append(driver.rows(COUNT, ())[0][0])
                if seen[0] != seen[-1]:
                    raise VersionConflict("said-lease", 0, 0)

            first = [replace(said(f"said-{n}", "一"), guard=guard) for n in range(3)]
            in_one_batch(record, *first)
            assert seen == [0]
            second = [replace(said(f"said-{n}", "二", version=1), guard=guard) for n in range(3)]
            answers = in_one_batch(record, *second)
            assert all(isinstance(answer, VersionConflict) for answer in answers)
            assert texts(record) == ["一", "一", "一"]

    def test_does_not_read_a_stream_named_for_the_command(self, database_url: str) -> None:
        """新立的一件没有旧事可读；万一名字已有人用，照样按实情重新决定。"""
        with opened(database_url) as record:
            seen: list[tuple[str, ...]] = []

            def decide(loaded: Mapping[str, Folded]) -> Decision:
                seen.append(loaded["said-new"].state)
                return Decision(drafts=(Draft(stream="said-new", fact=Said(text="新")),))

            reading = record.store.stream_on
            record.store.stream_on = lambda *_, **__: pytest.fail("it was read")  # type: ignore[method-assign]
            first = Envelope(actor=CLERK, at=START, command_id="x")
            record.handling.handle(first, ("said-new",), decide, new=("said-new",))
            record.store.stream_on = reading  # type: ignore[method-assign]
            again = Envelope(actor=CLERK, at=START, command_id="y")
            assert record.handling.handle(again, ("said-new",), decide, new=("said-new",))["version"] == 2
            assert seen == [(), (), ("新",)]

    def test_decides_on_what_was_read_ahead(self, database_url: str) -> None:
        """走钟先把一批事项一次读出，再一件件判断，不再各读各的；其间别人写了的，照样按实情重新决定。"""
        with opened(database_url) as record:
            for n in range(3):
                record.writer.append(said(f"said-{n}", "一", "二"))
            record.handling.read_ahead(f"said-{n}" for n in range(4))
            record.writer.append(said("said-2", "抢先", version=2))
            seen: dict[str, list[tuple[str, ...]]] = {}

            def deciding(stream: str) -> Callable[[Mapping[str, Folded]], Decision]:
                def decide(loaded: Mapping[str, Folded]) -> Decision:
                    seen.setdefault(stream, []).append(loaded[stream].state)
                    return Decision(drafts=(Draft(stream=stream, fact=Said(text="又")),))

                return decide

            for n in range(3):
                envelope = Envelope(actor=CLERK, at=START, command_id=f"x{n}")
                record.handling.handle(envelope, (f"said-{n}",), deciding(f"said-{n}"))
            assert seen["said-0"] == seen["said-1"] == [("一", "二")]
            assert seen["said-2"] == [("一", "二"), ("一", "二", "抢先")]

    def test_refuses_an_expected_version_that_passed(self, database_url: str) -> None:
        """带着旧版本号来的命令被退回，说明现在是第几版。"""
        with opened(database_url) as record:
            record.writer.append(said("said-a", "一"))
            envelope = Envelope(actor=CLERK, at=START, command_id="x", expected_version=0)
            with pytest.raises(StaleVersion, match="第 1 版"):
                record.handling.handle(envelope, ("said-a",), lambda _: Decision(drafts=()))


def in_one_batch(record: Record, *appends: Append) -> list[object]:
    """What comes of commands that waited together while the writer was held up."""
    held = threading.Event()
    holding = threading.Thread(target=record.writer.do, args=(lambda _: held.wait(10),))
    holding.start()

    async def together() -> list[object]:
        waiting = [asyncio.ensure_future(record.writer.append_async(append)) for append in appends]
        await asyncio.sleep(0)
        held.set()
        return await asyncio.gather(*waiting, return_exceptions=True)

    answers = asyncio.run(together())
    holding.join()
    return answers


class TestFollowing:
    def test_fails_only_the_culprit_when_a_follower_breaks(self, database_url: str) -> None:
        """一条命令让看板出错，只退这一条；同批别的照写，出错的不留半点。"""

        def follower(_: object, batch: object) -> None:
            if any(r.fact.text == "坏" for r in batch.recorded):  # type: ignore[attr-defined]
                raise RuntimeError("broken follower")

        with opened(database_url, follower) as record:

            async def three() -> list[object]:
                waiting = [record.writer.append_async(said(f"said-{t}", t)) for t in ("好", "坏", "也好")]
                return await asyncio.gather(*waiting, return_exceptions=True)

            fine, culprit, fine_too = asyncio.run(three())
            assert isinstance(culprit, RuntimeError)
            assert not isinstance(fine, BaseException)
            assert not isinstance(fine_too, BaseException)
            assert sorted(texts(record)) == ["也好", "好"]
            assert verify(record.store).broken is None

    def test_shows_a_reader_nothing_out_of_order(self, database_url: str) -> None:
        """边写边读的人按位次往后读，一条不漏。"""
        with opened(database_url) as record:
            seen: list[int] = []
            done = threading.Event()

            def follow() -> None:
                while not (done.is_set() and len(seen) == record.store.head().position):
                    seen.extend(r.position for r in record.store.scan(len(seen), 50))

            reader = threading.Thread(target=follow)
            reader.start()
            with ThreadPoolExecutor(6) as pool:
                list(pool.map(lambda n: record.writer.append(said(f"said-{n}", str(n))), range(200)))
            done.set()
            reader.join(30)
            assert seen == list(range(1, 201))


class TestTelling:
    """The record's two times."""

    def test_never_goes_back_in_time(self, database_url: str) -> None:
        """后写的事实记录时刻不早于先写的，哪怕本机时钟略有倒退。"""
        with opened(database_url) as record:
            rng = random.Random(7)
            for n in range(30):
                record.writer.append(
                    said(f"said-{n}", "x", at=START + timedelta(seconds=rng.randint(-60, 60)))
                )
            moments = [r.recorded_at for page in record.store.pages() for r in page]
            assert moments == sorted(moments)

    @pytest.mark.parametrize("jump", [timedelta(days=73 * 365), timedelta(minutes=-6)])
    def test_refuses_a_clock_that_jumped(self, database_url: str, jump: timedelta) -> None:
        """本机时钟跳到 2099 年，或倒退超过五分钟，停写待认可。"""
        with opened(database_url, policy=real_moments(timedelta(days=7))) as record:
            record.writer.append(said("said-a", "一"))
            with pytest.raises(ClockJumped, match="duban clock accept"):
                record.writer.append(said("said-b", "二", at=START + jump))
            assert texts(record) == ["一"]

    def test_refuses_the_past_in_rehearsal(self, database_url: str) -> None:
        """演练时钟走过的时刻不能再记事。"""
        with opened(database_url, policy=rehearsal_moments()) as record:
            record.writer.append(said("said-a", "一"))
            with pytest.raises(MomentPassed):
                record.writer.append(said("said-b", "二", at=START - timedelta(seconds=1)))

    def test_finds_the_place_of_any_moment(self, database_url: str) -> None:
        """按时刻查位次：恰在当时、之间、之前、之后都对。"""
        with opened(database_url) as record:
            for n in range(20):
                record.writer.append(said(f"said-{n}", "x", at=START + timedelta(minutes=n)))
            assert record.store.position_at(START - timedelta(seconds=1)) == 0
            assert record.store.position_at(START) == 1
            assert record.store.position_at(START + timedelta(minutes=4, seconds=30)) == 5
            assert record.store.position_at(START + timedelta(days=9)) == 20


class TestSharing:
    def test_two_writers_on_one_database_keep_one_order(self, database_url: str) -> None:
        """服务开着时另一个进程的短命令也能写，两边合起来仍是一条不断的链。"""
        with opened(database_url) as one, opened(database_url, fresh=False) as two:
            with ThreadPoolExecutor(8) as pool:
                for n in range(60):
                    pool.submit((one if n % 2 else two).writer.append, said(f"said-{n}", str(n)))
            assert one.store.head().position == 60
            assert verify(two.store).broken is None

    def test_reader_connections_cannot_write(self, database_url: str) -> None:
        """读库的连接写不进任何东西。"""
        with (
            opened(database_url) as record,
            record.database.reader() as driver,
            pytest.raises(Exception, match=r"readonly|read-only"),
        ):
            driver.change(plain_text("DELETE FROM events"))
