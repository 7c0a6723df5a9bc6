"""封存: sealed once a day, kept outside, and what it finds that the chain alone cannot."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from service.proof.keys import FILE, make_key
from tests.record.forging import tamper
from tests.service.conftest import SEALED_ON as DAYS
from tests.service.given import Office, moment
from tests.service.opened import Furnished
from tests.service.programs import did, duban, said_no


def url(folder: Path) -> str:
    return f"sqlite:///{folder}/var/duban.sqlite3"


def seals(folder: Path) -> list[Path]:
    return sorted((folder / "var/seals").glob("*.seal"))


class TestSealing:
    def test_happens_once_a_day_and_goes_outside(self, sealed: Path) -> None:
        """每天封存一次，停了二十天只补一次；每次在库外存一份文件，私钥不在库里，封存信寄给审计。"""
        assert [path.name[:10] for path in seals(sealed)] == list(DAYS)
        told = did(duban(sealed, "verify"))
        assert "封存 3 次" in told
        assert "外存的封存 3 份" in told
        assert "附件 1 份" in told
        key = sealed / "var/keys" / FILE
        assert key.stat().st_mode & 0o077 == 0
        secret = key.read_bytes().splitlines()[1]
        assert secret not in (sealed / "var/duban.sqlite3").read_bytes()
        public = did(duban(sealed, "key")).split()[1]
        assert f"public {public}" in seals(sealed)[0].read_text(encoding="ascii")

    def test_proves_the_past_by_a_seal_kept_elsewhere(self, sealed: Path, tmp_path: Path) -> None:
        """拿任何一份旧封存、或当时的封存信来对，都能证明其前一字未动。"""
        for path in seals(sealed):
            assert "一字未动" in did(duban(sealed, "verify", "--seal", str(path)))
        [letter] = [p for p in (sealed / "var/letters").rglob("*.eml") if b"auditor@" in p.read_bytes()]
        assert "一字未动" in did(duban(sealed, "verify", "--seal", str(letter)))

    def test_writes_again_what_is_missing_outside(self, copied: Callable[[], Path]) -> None:
        """库外的封存文件丢了，下次封存时补上。"""
        folder = copied()
        before = [path.read_bytes() for path in seals(folder)]
        shutil.rmtree(folder / "var/seals")
        did(duban(folder, "tick", "--at", moment("2008-03-26")))
        assert [path.read_bytes() for path in seals(folder)][:3] == before

    def test_waits_for_its_key(self, copied: Callable[[], Path]) -> None:
        """钥匙不在或不对，走钟照常，只是不封存，并说出怎么办；换新钥匙后接着封存，旧封存仍核得通过。"""
        folder = copied()
        keys = folder / "var/keys"
        (keys / FILE).rename(folder / "old.pem")
        assert json.loads(did_tick(folder, "2008-03-26"))["seals"] == 0
        assert "key --renew" in said_no(duban(folder, "key"))
        make_key(keys)
        assert json.loads(did_tick(folder, "2008-03-26"))["seals"] == 0
        line = said_no(duban(folder, "verify"), 1)
        assert "钥匙" in line
        assert "公钥" in did(duban(folder, "key", "--renew"))
        assert json.loads(did_tick(folder, "2008-03-26"))["seals"] == 1
        assert "封存 4 次" in did(duban(folder, "verify", "--seal", str(seals(folder)[0])))
        (keys / FILE).write_text("not a key", encoding="utf-8")
        assert "读不出" in said_no(duban(folder, "key"))


def did_tick(folder: Path, day: str) -> str:
    ran = duban(folder, "tick", "--at", moment(day))
    assert ran.returncode == 0, ran
    return ran.stdout


class TestASeal:
    def test_finds_a_chain_rebuilt_as_a_whole(self, copied: Callable[[], Path]) -> None:
        """改一条事实、把链整条重算：记录里的封存就对不上，报出在哪两位之间。"""
        folder = copied()
        tamper(url(folder), "UPDATE events SET actor = 'clerk2' WHERE position = 40", rechain=True)
        line = said_no(duban(folder, "verify"), 1)
        assert "之间有改动" in line
        assert "第 1 位" in line

    def test_finds_a_change_between_two_seals(self, copied: Callable[[], Path]) -> None:
        """改在两次封存之间，报出的位置也在两次封存之间。"""
        folder = copied()
        first = int(seals(folder)[0].name[11:21])
        tamper(url(folder), "UPDATE events SET basis = '口头' WHERE position = ?", first + 1, rechain=True)
        assert f"第 {first + 1} 位" in said_no(duban(folder, "verify"), 1)

    def test_finds_a_cut_tail_with_a_forged_head(self, copied: Callable[[], Path]) -> None:
        """截去末尾并伪造末行：库内看不出，拿外存的封存一对就查出。"""
        folder = copied()
        kept = seals(folder)[-1].rename(folder / "kept.seal")
        size = int(seals(folder)[-1].name[11:21])
        tamper(url(folder), "DELETE FROM events WHERE position > ?", size + 1, rechain=True)
        did(duban(folder, "verify"))
        line = said_no(duban(folder, "verify", "--seal", str(kept)), 1)
        assert "末尾被截去" in line
        kept.rename(folder / "var/seals" / "2008-03-25.seal")
        assert "末尾被截去" in said_no(duban(folder, "verify"), 1)

    def test_finds_a_forged_signature(self, copied: Callable[[], Path]) -> None:
        """连封存也改写：没有私钥，签名就不对；自造一把钥匙，又与钥匙文件和外存的封存不符。"""
        folder = copied()
        kept = seals(folder)[0].rename(folder / "kept.seal")
        shutil.rmtree(folder / "var/seals")
        tamper(
            url(folder),
            "UPDATE events SET body = replace(CAST(body AS TEXT), '2008-03-04', '2008-03-03')"
            " WHERE type = 'record-sealed' AND version = 1",
        )
        tamper(url(folder), "UPDATE events SET body = CAST(body AS BLOB)", rechain=True)
        assert "签名不对" in said_no(duban(folder, "verify"), 1)
        tamper(url(folder), "DELETE FROM events WHERE stream LIKE 'seal%'")
        close_ranks(folder)
        (folder / "var/keys" / FILE).unlink()
        make_key(folder / "var/keys")
        assert json.loads(did_tick(folder, "2008-03-26"))["seals"] == 1
        shutil.rmtree(folder / "var/seals")
        did(duban(folder, "verify"))
        assert "伪造" in said_no(duban(folder, "verify", "--seal", str(kept)), 1)

    def test_of_another_record_is_refused(
        self, copied: Callable[[], Path], an_opened_office: Furnished
    ) -> None:
        """别的记录的封存，说清不是这部记录的。"""
        mine, other = copied(), copied()
        tamper(url(other), "UPDATE events SET command_id = 'x' WHERE position = 1", rechain=True)
        shutil.rmtree(other / "var/seals")
        line = said_no(duban(other, "verify", "--seal", str(seals(mine)[0])), 1)
        assert "改动" in line
        tamper(url(other), "DELETE FROM events WHERE stream LIKE 'seal%'")
        close_ranks(other)
        line = said_no(duban(other, "verify", "--seal", str(seals(mine)[0])), 1)
        assert "另一部记录" in line

    def test_that_is_spoilt_is_refused(self, copied: Callable[[], Path]) -> None:
        """残缺的封存、改过一个数的封存、不是封存的文件，各有一句话。"""
        folder = copied()
        text = seals(folder)[0].read_text(encoding="ascii")
        given = folder / "given.seal"
        for written, found, code in (
            ("", "缺", 2),
            (text.replace("root ", "rout "), "缺 root", 2),
            (text.replace("root ", "root 0"), "64 位", 2),
            (text.replace("day 2008-03-04", "day 2008-03-03"), "签名不对", 1),
            (text.replace("size ", "size x"), "读不出", 2),
        ):
            given.write_text(written, encoding="ascii")
            assert found in said_no(duban(folder, "verify", "--seal", str(given)), code)
        assert "找不到文件" in said_no(duban(folder, "verify", "--seal", str(folder / "none.seal")))
        seals(folder)[0].write_text(text[:200], encoding="ascii")
        assert "封存目录" in said_no(duban(folder, "verify"), 1)


def close_ranks(folder: Path) -> None:
    """Gives the remaining facts consecutive positions and links them anew."""
    tamper(
        url(folder),
        "UPDATE events SET position = -(SELECT count(*) FROM events e WHERE e.position <= events.position)",
    )
    tamper(url(folder), "UPDATE events SET position = -position", rechain=True)


class TestASpoiltFile:
    def test_is_said_in_one_sentence(self, copied: Callable[[], Path]) -> None:
        """数据库文件本身坏了：核对时一句话说清，不留一堆程序错误。"""
        folder = copied()
        file = folder / "var/duban.sqlite3"
        content = file.read_bytes()
        file.write_bytes(b"spoilt" + content[6:])
        assert "损坏" in said_no(duban(folder, "verify"))
        half = len(content) // 2
        file.write_bytes(content[:half] + bytes(len(content) - half))
        assert duban(folder, "verify").returncode in (1, 2)


class TestAnAttachment:
    def test_is_checked_byte_by_byte(self, copied: Callable[[], Path]) -> None:
        """附件改了一个字节或不见了，核对时报出登记它的那一位。"""
        folder = copied()
        [file] = [p for p in (folder / "var/files").rglob("*") if p.is_file()]
        content = file.read_bytes()
        file.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        assert "内容与登记的摘要不符" in said_no(duban(folder, "verify"), 1)
        file.unlink()
        line = said_no(duban(folder, "verify"), 1)
        assert "文件不见了" in line
        assert "流 matter-" in line


class TestProving:
    def test_gives_a_proof_for_every_fact(self, office_on_both: Office) -> None:
        """每条事实到封存之根的证明都在；封存之后才记的，列明尚未封存；没封存过的，说清等到何时。"""
        from events.record.chain import sha256
        from events.record.merkle import consistent, root_by_inclusion
        from events.refusals import Conflict, NotFound
        from events.sealing.statement import read_seal
        from events.vocabulary import MatterId
        from service.proof.proving import prove

        office = office_on_both
        store = office.runtime.store
        office.at("2008-03-03").rectifying(due_on="2008-03-20")
        matter = MatterId(office.matter)
        with pytest.raises(Conflict, match="还没有封存过"):
            prove(store, matter)
        with pytest.raises(NotFound):
            prove(store, MatterId("nothing"))
        for day in DAYS:
            office.at(day).made("/tick")
        office.do("report-progress", {"text": "已清运一半"}, by="liaison")
        proof = prove(store, matter).plain()
        seal = read_seal(proof["seal"], "seal").statement
        facts = store.stream(f"matter-{matter}")
        assert [one["position"] for one in proof["facts"]] == [f.position for f in facts[:-1]]
        assert proof["later"] == [facts[-1].position]
        for one in proof["facts"]:
            path = [bytes.fromhex(step) for step in one["path"]]
            root = root_by_inclusion(
                sha256, data=bytes.fromhex(one["hash"]), index=one["position"] - 1, size=seal.size, path=path
            )
            assert root is not None
            assert root.hex() == seal.root
        assert len(proof["growth"]) == 2
        for one in proof["growth"]:
            old = read_seal(one["seal"], "seal").statement
            assert consistent(
                sha256,
                old=old.size,
                old_root=bytes.fromhex(old.root),
                new=seal.size,
                new_root=bytes.fromhex(seal.root),
                path=[bytes.fromhex(step) for step in one["path"]],
            )
