"""命令行 duban: what each command does, its exit codes, and errors of one line."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import httpx2
import pytest

from events.record.connections import open_database
from events.record.store import Store
from service.runtime import CODEC
from tests.service.given import moment
from tests.service.opened import Furnished
from tests.service.programs import CONFIG, did, duban, program, said_no, serving

ANSWER = "reminders overdue unsigned extensions verification look_backs bulletins calendar seals".split()


class TestOpening:
    def test_makes_a_record_once(self, tmp_path: Path) -> None:
        """init 建库开账，打印一次性密码；再来一次是拒绝；token 打印令牌。"""
        (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
        said_no(duban(tmp_path, "token", "create", "--user", "root"))
        told = did(duban(tmp_path, "init", "--admin", "root"))
        assert "一次性密码" in told
        assert (tmp_path / "var/duban.sqlite3").exists()
        said_no(duban(tmp_path, "init"))
        token = did(duban(tmp_path, "token", "create", "--user", "root"))
        assert "\n" not in token
        assert len(token) > 20
        said_no(duban(tmp_path, "token", "create", "--user", "nobody"))
        status = json.loads(did(duban(tmp_path, "status")))
        assert (status["mode"], status["moment"]) == ("rehearsal", "2000-01-01T00:00:00+08:00")
        did(duban(tmp_path, "verify"))

    def test_keeps_its_mode(self, opened: Path) -> None:
        """配置说成真实办公，演练的记录就不开。"""
        for command in (["status"], ["tick"], ["verify"], ["serve", "--port", "0"], ["deliver"]):
            assert "rehearsal" in said_no(duban(opened, *command, DUBAN_CLOCK__MODE="real"))

    def test_takes_no_moment_in_real_mode(self, tmp_path: Path) -> None:
        """真实办公时 --at 是用错了。"""
        (tmp_path / "config.toml").write_text(CONFIG.replace("rehearsal", "real"), encoding="utf-8")
        did(duban(tmp_path, "init"))
        said_no(duban(tmp_path, "tick", "--at", moment("2008-03-21")))
        said_no(duban(tmp_path, "deliver", "--at", moment("2008-03-21")))
        assert json.loads(did(duban(tmp_path, "tick"))) == dict.fromkeys(ANSWER, 0) | {"seals": 1}
        assert set(json.loads(did(duban(tmp_path, "tick"))).values()) == {0}


class TestTicking:
    def test_prints_one_json_object(self, opened: Path) -> None:
        """tick --at 打印一个 JSON，第二次全是 0；deliver 打印件数，信存成 .eml。"""
        first = json.loads(did(duban(opened, "tick", "--at", moment("2008-03-21"))))
        assert sorted(first) == sorted(ANSWER)
        assert first["overdue"] == 1
        second = json.loads(did(duban(opened, "tick", "--at", moment("2008-03-21"))))
        assert set(second.values()) == {0}
        assert set(json.loads(did(duban(opened, "tick"))).values()) == {0}
        assert isinstance(json.loads(did(duban(opened, "deliver", "--at", moment("2008-03-21 10:00")))), dict)
        kept = list((opened / "var/letters").rglob("*.eml"))
        assert kept
        did(duban(opened, "deliver", "--at", moment("2008-03-21 10:00")))
        assert list((opened / "var/letters").rglob("*.eml")) == kept

    @pytest.mark.parametrize(
        "at",
        [
            "2008-03-21",
            "2008-03-21T09:00:00",
            "soon",
            "1948-01-01T00:00:00+08:00",
            "2008-03-01T09:00:00+08:00",
        ],
    )
    def test_needs_a_moment_it_can_read(self, opened: Path, at: str) -> None:
        """读不懂、没有时区、早于时钟的时刻，一行错误，退出码 2。"""
        said_no(duban(opened, "tick", "--at", at))
        said_no(duban(opened, "deliver", "--at", at))

    def test_works_beside_a_running_server(self, opened: Path, an_opened_office: Furnished) -> None:
        """服务开着也能 tick、token、verify，服务接着看到写下的事实；同一个文件不开第二个服务。"""
        headers = {"Authorization": f"Bearer {an_opened_office.tokens['clerk']}"}
        with serving(opened) as address:
            said_no(program(opened, "serve", "--port", "0"))
            assert json.loads(did(program(opened, "tick", "--at", moment("2008-03-21"))))["overdue"] == 1
            items = httpx2.get(f"{address}/api/v1/matters", headers=headers).json()["items"]
            history = httpx2.get(
                f"{address}/api/v1/matters/{items[0]['id']}/history", headers=headers
            ).json()["items"]
            assert history[-1]["type"] == "overdue-reminded"
            urge = httpx2.post(f"{address}/api/v1/matters/{items[0]['id']}/urge", headers=headers, json={})
            assert urge.status_code == 200, urge.text
            assert urge.json()["position"] > history[-1]["position"]
            token = did(program(opened, "token", "create", "--user", "auditor"))
            mine = httpx2.get(f"{address}/api/v1/me", headers={"Authorization": f"Bearer {token}"})
            assert mine.json()["user"] == "auditor"
            did(program(opened, "verify"))
            did(program(opened, "rebuild", "--check"))
            did(program(opened, "backup", "beside.tar"))


class TestTheRecord:
    def test_is_verified_to_the_byte(self, opened: Path) -> None:
        """verify：完好退出码 0；改动一个字节退出码 1，报出位置和流。"""
        did(duban(opened, "verify"))
        with sqlite3.connect(opened / "var/duban.sqlite3") as database:
            position, stream, body = database.execute(
                "SELECT position, stream, body FROM events WHERE type = 'matter-assigned'"
            ).fetchone()
            changed = (
                body.replace("2008-03-20", "2008-03-21")
                if isinstance(body, str)
                else body.replace(b"-20", b"-21")
            )
            assert changed != body
            database.execute("UPDATE events SET body = ? WHERE position = ?", (changed, position))
        database.close()
        line = said_no(duban(opened, "verify"), 1)
        assert str(position) in line
        assert stream in line

    def test_is_rebuilt_and_compared(self, opened: Path) -> None:
        """rebuild --check：一致退出码 0，有差别 1 且不改；rebuild 以后又一致。"""
        did(duban(opened, "rebuild", "--check"))
        with sqlite3.connect(opened / "var/duban.sqlite3") as database:
            tables = [
                name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            ]
            titled = "SELECT 1 FROM pragma_table_info(?) WHERE name = 'title'"
            shown = [name for name in tables if database.execute(titled, (name,)).fetchone()]
            for name in shown:
                database.execute(f"UPDATE {name} SET title = '被改过的标题'")
        database.close()
        assert shown
        said_no(duban(opened, "rebuild", "--check"), 1)
        said_no(duban(opened, "rebuild", "--check"), 1)
        did(duban(opened, "rebuild"))
        did(duban(opened, "rebuild", "--check"))
        said_no(duban(opened, "rebuild", "nonsense"))

    def test_is_backed_up_and_restored(self, opened: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
        """备份恢复到空处，记录、佐证都在；不盖已有的备份和记录；残缺的备份不收。"""
        did(duban(opened, "backup", "out.tar"))
        said_no(duban(opened, "backup", "out.tar"))
        said_no(duban(opened, "restore", "out.tar"))
        other = tmp_path_factory.mktemp("restored")
        (other / "config.toml").write_text(CONFIG, encoding="utf-8")
        said_no(duban(other, "restore", "nowhere.tar"))
        broken = (opened / "out.tar").read_bytes()
        (other / "broken.tar").write_bytes(broken[: len(broken) // 2])
        said_no(duban(other, "restore", "broken.tar"))
        flipped = bytearray(broken)
        at = bytes(flipped).find(b"matter-assigned")
        flipped[at + 200] ^= 1
        (other / "flipped.tar").write_bytes(flipped)
        said_no(duban(other, "restore", "flipped.tar"))
        assert not (other / "var/duban.sqlite3").exists()
        did(duban(other, "restore", str(opened / "out.tar")))
        did(duban(other, "verify"))
        did(duban(other, "rebuild", "--check"))
        before = json.loads(did(duban(opened, "status")))
        after = json.loads(did(duban(other, "status")))
        assert after["position"] == before["position"] + 1, "恢复本身是一条事实"
        assert Store(open_database(f"sqlite:///{other}/var/duban.sqlite3"), CODEC).hash_at(
            before["position"]
        ) == bytes.fromhex(before["hash"])
        kept = {one.name for one in (opened / "var/files").rglob("*") if one.is_file()}
        assert kept == {one.name for one in (other / "var/files").rglob("*") if one.is_file()}
        assert kept
