"""国密：a record chained with SM3 is verified, sealed and given away in dossiers like any other."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from events.record.sql import plain_text
from service.proof.checking import check
from service.proof.dossier import check as alone
from service.runtime import open_runtime
from service.settings import WrongSetting, read_settings
from tests.service.given import Office
from tests.service.opened import an_office, settings_at
from tests.service.programs import CONFIG, did, duban, said_no

SM3 = {"digest": "sm3"}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with an_office(settings_at(tmp_path, seals=SM3)) as office:
        office.at("2008-03-03").rectifying(due_on="2008-03-20")
        office.attach()
        for day in ("2008-03-04", "2008-03-22"):
            office.at(day).made("/tick")
        yield office


@pytest.fixture
def package(office: Office, tmp_path: Path) -> Path:
    """A dossier of its matter."""
    out = tmp_path / "out.zip"
    out.write_bytes(office.send("POST", f"/matters/{office.matter}/dossier").content)
    return out


class TestARecordWithSM3:
    def test_is_verified_and_sealed(self, office: Office) -> None:
        """开账时定了 SM3：链、封存、查阅日志都用它，核得通过；改一个字就指得出来；比对读模型一致。"""
        assert office.runtime is not None
        assert office.runtime.settings is not None
        store, settings = office.runtime.store, office.runtime.settings
        assert store.head().algorithm == "sm3"
        assert "\nalgorithm sm3\n" in office.ask("/seals")["items"][-1]["text"]
        found = check(store, settings)
        assert (found.broken, found.seals) == (None, 2)
        office.ask("/board", as_of="2008-03-03")
        assert office.runtime.access.verify().broken is None
        assert office.runtime.projections.compare() == []
        with store.database.transaction() as driver:
            driver.change(plain_text("UPDATE events SET actor = ? WHERE position = ?"), ("别人", 7))
        spoilt = check(store, settings).broken
        assert spoilt is not None
        assert spoilt.position == 7

    def test_gives_a_dossier_that_checks_anywhere(
        self, package: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """案卷自带的程序核得通过；机器的 OpenSSL 没有 SM3，程序自己算，一样通过。"""
        assert "相符" in next(alone.check(package))
        with pytest.raises(alone.Wrong, match="不认识摘要算法 md9"):
            alone.digest_of("md9")

        def without(name: str, *data: Any) -> Any:
            if name == "sm3":
                raise ValueError("unsupported hash type sm3")
            return hashlib.sha256(*data)

        monkeypatch.setattr(alone.hashlib, "new", without)
        assert "相符" in next(alone.check(package))

    @pytest.mark.parametrize("length", [0, 1, 3, 55, 56, 64, 119, 200])
    def test_is_computed_as_the_standard_says(self, length: int) -> None:
        """自带的 SM3 与标准一致：各种长度都与 OpenSSL 算的相同，“abc”与标准附录的示例相同。"""
        data = bytes(range(length))
        assert alone.sm3(data) == hashlib.new("sm3", data).digest()
        assert alone.sm3(b"abc").hex().startswith("66c7f0f462eeedd9d1f2d46bdc10e4e2")

    def test_stays_with_its_digest(self, office: Office, tmp_path: Path) -> None:
        """记录开账以后，配置写成另一种摘要就不开，说清楚改回什么；写成没有的摘要，配置检查就说。"""
        with pytest.raises(WrongSetting, match="这份记录是以 sm3 成链的；改成 sm3"):
            open_runtime(settings_at(tmp_path))
        (tmp_path / "config.toml").write_text(f'{CONFIG}[seals]\ndigest = "sm3"\n', encoding="utf-8")
        assert "记录完好" in did(duban(tmp_path, "verify"))
        (tmp_path / "config.toml").write_text(f'{CONFIG}[seals]\ndigest = "md5"\n', encoding="utf-8")
        assert "应是 sha256、sm3" in said_no(duban(tmp_path, "config", "check"))
        with pytest.raises(WrongSetting):
            read_settings(tmp_path / "config.toml", environment={})

    def test_is_not_opened_where_the_machine_has_none(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """机器没有 SM3，开账就说清楚装什么、改什么，什么也不留下。"""

        def none(_: bytes) -> bytes:
            raise ValueError("unsupported hash type sm3")

        monkeypatch.setitem(__import__("service.opening", fromlist=["ALGORITHMS"]).ALGORITHMS, "sm3", none)
        (tmp_path / "config.toml").write_text(f'{CONFIG}[seals]\ndigest = "sm3"\n', encoding="utf-8")
        assert "本机的 OpenSSL 没有 sm3" in said_no(duban(tmp_path, "init"))
        assert not (tmp_path / "var").exists()
