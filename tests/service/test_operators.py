"""What an operator does from the command line: users, a test letter, moving, how things stand."""

from __future__ import annotations

import io
import json
import sqlite3
from pathlib import Path

import pytest
import structlog
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from service.alone import only_server
from service.logs import start_logging
from tests.conftest import free_port
from tests.service.given import Office
from tests.service.opened import settings_at
from tests.service.programs import CONFIG, did, duban, said_no


class TestStatus:
    def test_says_how_things_stand(self, opened: Path) -> None:
        """status 说出位置、模式、待送信件、磁盘；没有不对的，退出码 0。"""
        told = json.loads(did(duban(opened, "status")))
        assert told["mode"] == "rehearsal"
        assert told["letters_waiting"] > 0
        assert told["disk_free_mb"] > 0
        assert told["ticked_at"] is None
        did(duban(opened, "tick", "--at", "2008-03-05T09:00:00+08:00"))
        assert json.loads(did(duban(opened, "status")))["ticked_at"] is not None


class TestReady:
    def test_is_no_while_something_is_wrong(self, office: Office, tmp_path: Path) -> None:
        """读模型被另一版程序换过：/readyz 是 503，说出是哪一个、怎么办；重建后又是 200。"""
        assert office.client.get("/readyz").json() == {"status": "ready", "wrong": [], "alarms": []}
        with sqlite3.connect(tmp_path / "var/duban.sqlite3") as database:
            database.execute("UPDATE projections SET fingerprint = 'x' WHERE name = 'register'")
        answer = office.client.get("/readyz")
        assert answer.status_code == 503
        assert "register 尚未" in answer.json()["wrong"][0]
        assert "duban_ready 0.0" in office.client.get("/metrics").text
        (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
        did(duban(tmp_path, "rebuild", "register"))
        assert office.client.get("/readyz").status_code == 200


class TestLogs:
    def test_never_stop_what_they_tell_of(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """日志写不出去（stderr 已关）时丢的是那一行，写记录的线程不会因此停住。"""
        start_logging()
        closed = io.StringIO()
        closed.close()
        monkeypatch.setattr("sys.stderr", closed)
        structlog.get_logger("duban.test").warning("说不出来")
        said = io.StringIO()
        monkeypatch.setattr("sys.stderr", said)
        structlog.get_logger("duban.test").warning("又说得出来")
        assert "又说得出来" in said.getvalue()


class TestMetrics:
    def test_count_matters_and_letters(self, office: Office) -> None:
        """/metrics 按环节和单位类别给出件数。"""
        office.at("2008-03-03").rectifying(due_on="2008-03-20")
        text = office.at("2008-04-01").client.get("/metrics").text
        assert 'duban_matters{stage="rectifying"} 1.0' in text
        assert "duban_letters_waiting" in text


class TestUsers:
    def test_are_listed_reset_and_disabled(self, opened: Path) -> None:
        """user list 列出账号；reset 给一次性密码；disable 后令牌要不到；没有的账号一行错误。"""
        listed = did(duban(opened, "user", "list")).splitlines()
        name = next(line for line in listed if "经办" in line).split("\t")[0]
        assert all(line.count("\t") == 3 for line in listed)
        assert "一次性密码" in did(duban(opened, "user", "reset", name))
        did(duban(opened, "user", "disable", name))
        assert f"{name}\t" in did(duban(opened, "user", "list"))
        assert "停用" in said_no(duban(opened, "token", "create", "--user", name))
        said_no(duban(opened, "user", "reset", "nobody-here"))


class Box:
    """Keeps what was handed over; refuses one address."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.startswith("nobody"):
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.taken.append(bytes(envelope.content or b""))
        return "250 OK"


class TestATestLetter:
    def test_goes_to_the_server_configured(self, tmp_path: Path) -> None:
        """mail test 真的送到邮件服务器；对方拒收、连不上、地址不对都说清楚。"""
        box = Box()
        server = Controller(box, hostname="127.0.0.1", port=free_port())
        server.start()
        try:
            (tmp_path / "config.toml").write_text(
                f'[mail]\nhost = "127.0.0.1"\nport = {server.port}\n', encoding="utf-8"
            )
            did(duban(tmp_path, "init"))
            assert "已接收" in did(duban(tmp_path, "mail", "test", "someone@example.org"))
            assert len(box.taken) == 1
            assert "550" in said_no(duban(tmp_path, "mail", "test", "nobody@example.org"), code=1)
            said_no(duban(tmp_path, "mail", "test", "某人"))
        finally:
            server.stop()
        assert "连不上" in said_no(duban(tmp_path, "mail", "test", "someone@example.org"), code=1)

    def test_is_kept_in_rehearsal(self, opened: Path) -> None:
        """演练时什么也不寄出：信存成文件，并说出来。"""
        assert "没有寄出" in did(duban(opened, "mail", "test", "someone@example.org"))
        assert list((opened / "var/letters").rglob("*test-*.eml"))


class TestMoving:
    def test_is_refused_where_it_cannot_be(self, opened: Path, tmp_path: Path) -> None:
        """搬家：目的地不是数据库、已有记录、原处有服务在跑，都是一行说清；原记录不变。"""
        assert "sqlite" in said_no(duban(opened, "move", "mysql://nowhere/x"))
        here = f"sqlite:///{opened}/var/duban.sqlite3"
        assert "已经有一份记录" in said_no(duban(opened, "move", here))
        with only_server(settings_at(opened)):
            assert "先停掉" in said_no(duban(opened, "move", f"sqlite:///{tmp_path}/other.sqlite3"))
        ran = duban(opened, "move", f"sqlite:///{tmp_path}/other.sqlite3")
        assert ran.returncode == 0, ran.stderr
        assert "两边一致" in ran.stdout
        did(duban(opened, "verify", DUBAN_DATABASE__URL=f"sqlite:///{tmp_path}/other.sqlite3"))
