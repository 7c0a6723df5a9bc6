"""备份: sealed to a key kept elsewhere, restored whole or up to a position."""

from __future__ import annotations

import json
import shutil
import sqlite3
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from events.refusals import Invalid
from service.ciphering import BLOCK, MAGIC, make_pair, seal, unseal
from tests.service.opened import Furnished
from tests.service.programs import CONFIG, did, duban, said_no


def empty(folder: Path, name: str) -> Path:
    """A place to restore to."""
    made = folder / name
    made.mkdir()
    (made / "config.toml").write_text(CONFIG, encoding="utf-8")
    return made


class TestASealedBackup:
    def test_opens_with_its_key_alone(self, copied: Callable[[], Path]) -> None:
        """加密的备份：没有私钥打不开、看不出里面是什么；用私钥照样恢复，核对无误。"""
        folder = copied()
        for name in ("ours", "stranger"):
            did(duban(folder, "backup-key", name))
        assert (folder / "ours").stat().st_mode & 0o077 == 0
        assert "已加密" in did(duban(folder, "backup", "out.tar", "--to", "ours.pub"))
        assert not tarfile.is_tarfile(folder / "out.tar")
        assert b"SQLite format" not in (folder / "out.tar").read_bytes()
        source = str(folder / "out.tar")
        assert "--key" in said_no(duban(empty(folder, "none"), "restore", source))
        stranger = str(folder / "stranger")
        assert "打不开" in said_no(duban(empty(folder, "wrong"), "restore", source, "--key", stranger))
        other = empty(folder, "other")
        did(duban(other, "restore", source, "--key", str(folder / "ours")))
        did(duban(other, "rebuild", "--check"))
        assert not list(other.rglob("archive.tar"))

    def test_tells_when_a_bit_is_not_as_it_was(self, tmp_path: Path) -> None:
        """密文改一位、截一段、调换两块，都打不开；大小不论，原样的都打得开。"""
        public = make_pair(tmp_path / "key")
        plain, sealed, opened = tmp_path / "plain", tmp_path / "sealed", tmp_path / "opened"
        for size in (0, 1, BLOCK - 1, BLOCK, 2 * BLOCK + 7):
            plain.write_bytes(b"x" * size)
            seal(plain, sealed, public)
            unseal(sealed, opened, tmp_path / "key")
            assert opened.read_bytes() == plain.read_bytes()
        good, begin, whole = sealed.read_bytes(), len(MAGIC) + 32, BLOCK + 16
        first, second, rest = (
            good[begin : begin + whole],
            good[begin + whole : begin + 2 * whole],
            good[begin + 2 * whole :],
        )
        head = good[:begin]
        for spoilt in (
            head + first + second,
            head + first,
            head,
            head + second + first + rest,
            head + first[:-1] + bytes([first[-1] ^ 1]) + second + rest,
            good[: begin - 1] + bytes([good[begin - 1] ^ 1]) + good[begin:],
        ):
            sealed.write_bytes(spoilt)
            with pytest.raises(Invalid, match="打不开"):
                unseal(sealed, opened, tmp_path / "key")

    @pytest.mark.parametrize("content", ["", "abc", "00" * 31])
    def test_wants_a_public_key(self, copied: Callable[[], Path], content: str) -> None:
        """给的不是公钥：一行说清，不留半个备份；钥匙文件已有就不盖掉。"""
        folder = copied()
        (folder / "odd.pub").write_text(content, encoding="ascii")
        said_no(duban(folder, "backup", "out.tar", "--to", "odd.pub"))
        assert not (folder / "out.tar").exists()
        said_no(duban(folder, "backup-key", "odd.pub"))


class TestAPosition:
    def test_is_as_far_as_a_restore_goes(self, an_opened_office: Furnished, tmp_path: Path) -> None:
        """只恢复到某一位：其后的事实、看板、名称占用都退回那时；号码不重给，照常往下办。"""
        with an_opened_office.copy(tmp_path) as office:
            office.at("2008-03-03").assigned(kind="immediate", time_limit="7日内")
            town = office.made("/units", {"name": "白石镇", "parent": office.units["office"]})
            position, kept = town["position"], office.matter
            office.made(f"/units/{town['id']}/rename", {"name": "新白石镇"})
            office.at("2008-03-04").assigned(kind="immediate", time_limit="7日内")
            lost = office.look()["number"]
        (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
        did(duban(tmp_path, "backup", "out.tar"))
        other = empty(tmp_path, "other")
        shutil.copytree(tmp_path / "var/keys", other / "var/keys")
        did(duban(other, "restore", str(tmp_path / "out.tar"), "--position", str(position)))
        did(duban(other, "verify"))
        did(duban(other, "rebuild", "--check"))
        assert json.loads(did(duban(other, "status")))["position"] == position + 1
        with Furnished(
            folder=other, url=None, tokens=office.tokens, units=office.units, people=office.people
        ).copy(tmp_path / "again") as later:
            later.at("2008-03-05")
            assert [one["id"] for one in later.ask("/matters", by="clerk")["items"]] == [kept]
            twice = later.post("/units", {"name": "白石镇", "parent": later.units["office"]})
            assert twice.json()["code"] == "name-taken"
            later.assigned(kind="immediate", time_limit="7日内")
            assert later.look()["number"] > lost

    def test_lies_between_two_commands(self, copied: Callable[[], Path]) -> None:
        """没有这一位，或落在一个命令写下的几条中间：说出该用哪一位。"""
        folder = copied()
        did(duban(folder, "backup", "out.tar"))
        source = str(folder / "out.tar")
        with sqlite3.connect(folder / "var/duban.sqlite3") as record:
            [(inside,)] = record.execute(
                "SELECT min(a.position) FROM events a JOIN events b"
                " ON b.position = a.position + 1 AND b.command_id = a.command_id"
            ).fetchall()
        for wrong, why in (("0", "没有第 0 位"), ("99999", "没有第"), (str(inside), "中间截断")):
            assert why in said_no(duban(empty(folder, f"to-{wrong}"), "restore", source, "--position", wrong))
