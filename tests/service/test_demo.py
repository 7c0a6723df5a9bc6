"""The demonstration county, made in the small through the real path."""

import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from time import sleep

import pytest

from events.matter.state import Matter
from events.record.sql import plain_text
from events.record.verifying import verify
from events.refusals import Conflict
from events.vocabulary import BEIJING, PetitionerKind, Role, Stage
from projections import meeting_lists
from service.clock import machine_now
from service.commands.meetings import matter_of
from service.commands.petitioners import petitioners_of
from service.commands.taking_up import SOURCE
from service.demo.casting import Size, parts, write_script
from service.demo.making import SEED, Made, make_or_find, settings_of
from service.demo.pictures import photograph, report
from service.demo.stock import read_county, read_problems, read_words
from service.demo.telling import accounts, told
from service.moving import move
from service.runtime import Runtime, open_runtime
from service.settings import DatabaseSettings
from tests.conftest import free_port
from tests.service.pages import numbers, signed_in

NOW = datetime(2026, 3, 18, 16, 20, tzinfo=BEIJING)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Made]:
    """A small demonstration, made once."""
    var = tmp_path_factory.mktemp("demo") / "var"
    return var, make_or_find(var, now=NOW, size=Size.ONE_EACH)


@pytest.fixture
def runtime(demo: tuple[Path, Made]) -> Iterator[Runtime]:
    """The demonstration's record, open."""
    runtime = open_runtime(settings_of(demo[0], 8000))
    yield runtime
    runtime.close()


def answers(port: int) -> bool:
    """Whether a page is served on the port within a minute."""
    for _ in range(300):
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/login", timeout=30) as page:
            return bool(page.status == 200)
        sleep(0.2)
    return False


def matters(runtime: Runtime) -> list[Matter]:
    """Every matter of a record, in order of number."""
    with runtime.database.reader() as driver:
        rows = driver.rows(plain_text("SELECT stream FROM streams WHERE stream LIKE 'matter-%'"))
    found = [runtime.handling.load(stream).state for (stream,) in rows]
    return sorted(found, key=lambda matter: str(matter.number))


class TestMoving:
    @pytest.mark.postgres
    def test_takes_the_county_to_postgresql(self, demo: tuple[Path, Made], postgres_url: str) -> None:
        """演示县搬到 PostgreSQL：事实、信件、账号一样多，链的根两边相同，核对无差别；再搬一次被拒。"""
        settings = settings_of(demo[0], 8000)
        moved = move(settings, postgres_url, lambda *_: None)
        there = open_runtime(replace(settings, database=DatabaseSettings(url=postgres_url)))
        here = open_runtime(settings)
        try:
            found = verify(there.store)
            assert found.broken is None
            assert (found.facts, found.root) == (moved.facts, moved.root)
            assert verify(here.store).root == moved.root
            assert there.projections.compare(writer=there.writer) == []
            for table in ("letters", "accounts", "claims", "number_series", "events"):
                counted = plain_text(f"SELECT count(*) FROM {table}")
                with here.database.reader() as old, there.database.reader() as new:
                    assert new.rows(counted) == old.rows(counted) != [(0,)], table
        finally:
            here.close()
            there.close()
        with pytest.raises(Conflict, match="已经有一份记录"):
            move(settings, postgres_url, lambda *_: None)


class TestScript:
    def test_is_the_same_for_the_same_seed_and_day(self) -> None:
        """同一种子、同一天，演示县的每一步都相同。"""
        assert write_script(SEED, NOW) == write_script(SEED, NOW)
        assert write_script(SEED, NOW) != write_script(SEED + 1, NOW)

    def test_can_be_written_on_any_day(self) -> None:
        """哪一天开演示都行：节假日、跨年、日历未公布的年份，步骤都不落在今天以后。"""
        for days in range(0, 800, 37):
            now = NOW + timedelta(days=days)
            script = write_script(SEED, now)
            assert script.opened_at < script.steps[0].at
            assert script.steps[-1].at < now

    def test_tells_about_150_matters_all_different(self) -> None:
        """演示县约一百五十件事项，标题各不相同，四类都有。"""
        fields = [step.fields for step in write_script(SEED, NOW).steps if step.command == "register"]
        assert 140 <= len(fields) <= 165
        assert len({field["title"] for field in fields}) == len(fields) == len(parts())
        assert len({field["kind"] for field in fields}) == 4


class TestMaking:
    def test_ends_in_every_stage(self, runtime: Runtime) -> None:
        """十六个阶段都有事项停在那里。"""
        assert {matter.stage for matter in matters(runtime)} == set(Stage)

    def test_numbers_matters_as_the_script_has_them(self, runtime: Runtime) -> None:
        """编号和标题都由种子定：再做一遍还是这些。"""
        steps = write_script(SEED, NOW, size=Size.ONE_EACH).steps
        titles = {step.tale: step.fields["title"] for step in steps if step.command == "register"}
        begun = [titles[step.tale] for step in steps if step.command == "register" or step.begets]
        found = [matter for matter in matters(runtime) if "-" not in matter.id]
        assert [matter.title for matter in found if matter.source != SOURCE] == begun
        numbers = [
            f"{year}-{nth:05}"
            for year in sorted({matter.number[:4] for matter in found})
            for nth, _ in enumerate((one for one in found if one.number[:4] == year), 1)
        ]
        assert [matter.number for matter in found] == numbers

    def test_held_meetings(self, runtime: Runtime) -> None:
        """演示县有三次会议：一次议定的都办结了，一次在办、有一项分给几个乡镇，一次还没立项。"""
        with runtime.database.reading.connect() as connection:
            rows = meeting_lists.listed(connection, meeting_lists.Asked())
        of = [[matter_of(runtime, matter) for matter in row.matters] for row in rows]
        assert [len(one) for one in of] == [0, 3, 2]
        assert {matter.stage for matter in of[2]} == {Stage.CLOSED}
        assert any(matter.branches for matter in of[1])

    def test_leaves_a_whole_record(self, runtime: Runtime) -> None:
        """演示县的记录核对完好，看板台账与记录一致。"""
        assert verify(runtime.store).broken is None
        assert runtime.projections.compare(()) == []

    def test_was_pressed_by_the_clock(self, demo: tuple[Path, Made], runtime: Runtime) -> None:
        """提醒、催办、信件都真的发生过，附件各不相同。"""
        facts = [fact for matter in matters(runtime) for fact in runtime.store.stream(matter.stream)]
        types = {fact.type for fact in facts}
        assert {"due-reminded", "overdue-reminded", "unsigned-reminded", "verification-reminded"} <= types
        assert {"look-back-reminded", "extension-granted", "fact-corrected", "relapse-found"} <= types
        assert demo[1].letters == len(list(runtime.letters_folder.rglob("*.eml"))) > 100
        files = [evidence.sha256 for matter in matters(runtime) for evidence in matter.evidence]
        assert len(files) == len(set(files)) > 50

    def test_has_rounds_late_closings_and_paper_acts(self, runtime: Runtime) -> None:
        """有按期和逾期销号、再次批示、代录、当前逾期的事项。"""
        found = matters(runtime)
        closed = [matter for matter in found if matter.stage is Stage.CLOSED]
        assert {matter.closed_late for matter in closed} == {True, False}
        assert any(matter.round == 2 for matter in found)
        facts = [fact for matter in found for fact in runtime.store.stream(matter.stream)]
        assert any(fact.on_behalf_of for fact in facts)
        late = [matter for matter in found if matter.due_on and matter.due_on < NOW.date()]
        assert any(matter.stage is Stage.RECTIFYING for matter in late)

    def test_follows_the_machine_from_then_on(self, runtime: Runtime) -> None:
        """演示县是演练记录，时钟跟着本机走，定时任务照常。"""
        assert runtime.clock.rehearsal
        assert runtime.clock.runs
        assert runtime.clock.now() >= NOW

    def test_lets_every_printed_account_in(self, runtime: Runtime) -> None:
        """印出来的账号都能用印出来的密码登录，八种角色都有。"""
        county = read_county()
        for user, _, _ in accounts(county):
            runtime.accounts.check(user, county.password, machine_now())
        known = runtime.directory.now().users
        roles = {role for user, _, _ in accounts(county) for role in known[user].current_roles}
        assert roles == set(Role)
        text = told(8000, NOW.date())
        assert "http://127.0.0.1:8000" in text
        assert county.password in text
        assert "/board?as_of=2026-02-16" in text


class TestBulletins:
    def test_open_every_number_they_say(self, runtime: Runtime) -> None:
        """演示县最近一期通报，页面上每个数都点得开，点开正好那么多件。"""
        clerk = signed_in(runtime, "jingban")
        clerk.get("/bulletins")
        bulletin = next(link for link in clerk.links() if re.fullmatch("/bulletins/[0-9a-f]{32}", link))
        clerk.get(bulletin)
        found = numbers(clerk)
        assert len(found) > 200
        for href, number in dict.fromkeys(found):
            clerk.get(href)
            assert f"{number:,} 件 · " in clerk.text(), href


class TestFinding:
    def test_keeps_what_is_there(self, demo: tuple[Path, Made]) -> None:
        """目录里已有演示县就接着用，不重做。"""
        var, made = demo
        found = make_or_find(var)
        assert not found.fresh
        assert found.facts == made.facts

    def test_touches_nothing_that_is_not_its_own(self, tmp_path: Path) -> None:
        """目录里是别的东西，就不动它，说明怎么办。"""
        (tmp_path / "important.txt").write_text("勿动")
        with pytest.raises(Conflict, match="VAR="):
            make_or_find(tmp_path)
        assert [entry.name for entry in tmp_path.iterdir()] == ["important.txt"]

    def test_leaves_nothing_behind_when_it_fails(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """做到一半停下，什么也不留，下次从头做。"""

        def stop(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr("service.demo.making.settle", stop)
        with pytest.raises(KeyboardInterrupt):
            make_or_find(tmp_path / "var", now=NOW, size=Size.ONE_EACH)
        assert list(tmp_path.iterdir()) == []


class TestServing:
    def test_starts_and_stops_cleanly(self, demo: tuple[Path, Made]) -> None:
        """演示能开出来，印出地址和账号；Ctrl-C 干净地停下。"""
        port = free_port()
        command = [sys.executable, "-m", "service.demo", "--port", str(port), "--var", str(demo[0])]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            assert answers(port)
            process.send_signal(signal.SIGINT)
            said, _ = process.communicate(timeout=60)
        finally:
            process.kill()
            process.communicate()
        assert process.returncode == 0
        assert f"http://127.0.0.1:{port}" in said
        assert "yunxi-demo" in said
        assert said.endswith("演示已停；再运行 make demo 接着用，数据都在。\n")

    def test_says_so_where_the_port_is_taken(self, tmp_path: Path) -> None:
        """端口被占用，一行说清怎么换，退出码 2，什么也不写。"""
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            command = [
                sys.executable,
                "-m",
                "service.demo",
                "--port",
                str(port),
                "--var",
                str(tmp_path / "var"),
            ]
            done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 2
        assert done.stderr.count("\n") == 1
        assert f"PORT={port + 1}" in done.stderr
        assert not (tmp_path / "var").exists()


class TestStock:
    def test_names_units_that_exist(self) -> None:
        """问题库里的责任单位、配合单位都在县里，人和账号不重名。"""
        county = read_county()
        names = {place.name for place in county.places} | {"township"}
        for problem in read_problems():
            assert {problem.lead, *problem.co} <= names
        users = [place.user for place in county.places if place.user] + [o.user for o in county.officials]
        assert len(users) == len(set(users))
        assert len(county.townships) == 12

    def test_draws_files_like_no_other(self) -> None:
        """每份附件内容不同，打开是图片或 PDF。"""
        pictures = {photograph(str(number)) for number in range(50)}
        assert len(pictures) == 50
        assert all(picture.startswith(b"\x89PNG\r\n") for picture in pictures)
        assert report("报告", "一").startswith(b"%PDF-")
        assert report("报告", "一") != report("报告", "二")


def test_has_people_who_told_of_matters(runtime: Runtime) -> None:
    """演示县里有来信来访人和被访户：姓名读得出，记录里只有密文；查谁的姓名都查不到。"""
    people = [one for matter in matters(runtime) for one in petitioners_of(runtime.vault, matter)]
    assert {one.kind for one in people} == set(PetitionerKind)
    names = set(read_words()["people"]["names"])
    assert {one.name for one in people} <= names
    bodies = b"".join(body for _, _, body in runtime.store.bodies(("petitioner-noted",)))
    assert bodies
    assert not [name for name in names if name.encode() in bodies]
