"""案卷: a package anybody checks with nothing but Python, and every way to spoil it is found."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from service.proof.dossier.packing import CHECK
from tests.documents.given import text_of
from tests.service.opened import Furnished
from tests.service.programs import CONFIG, did, duban, said_no


@pytest.fixture(scope="module")
def place(an_opened_office: Furnished, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office whose matter went all the way, with odd file names, seals on the way, and its dossier."""
    folder = tmp_path_factory.mktemp("dossier")
    with an_opened_office.copy(folder) as office:
        office.at("2008-03-03").rectifying(due_on="2008-03-20")
        office.attach()
        office.attach("report", content=b"%PDF-1.4 report", name="整改报告 ../第1号.pdf")
        for day in ("2008-03-04", "2008-03-21"):
            office.at(day).made("/tick")
        office.rectifying(due_on="2008-04-20")
        office.tick("2008-03-25")
    (folder / "config.toml").write_text(CONFIG, encoding="utf-8")
    did(duban(folder, "deliver"))
    did(duban(folder, "export", "dossier", "2008-00001", "out.zip"))
    return folder


@pytest.fixture(scope="module")
def unpacked(place: Path) -> Path:
    folder = place / "unpacked"
    with zipfile.ZipFile(place / "out.zip") as archive:
        archive.extractall(folder)
    return folder


def checked(*arguments: Path | str, cwd: Path, code: int) -> str:
    """What the script says, run by a bare interpreter."""
    ran = subprocess.run(
        [sys.executable, "-I", *map(str, arguments)], cwd=cwd, capture_output=True, text=True, check=False
    )
    assert ran.returncode == code, (ran.stdout, ran.stderr)
    assert ran.stderr == ""
    return ran.stdout


class TestADossier:
    def test_is_checked_with_a_bare_interpreter(self, place: Path, unpacked: Path) -> None:
        """解开了用自带的程序核，没解开用自己存的程序核，都相符；公钥给对了也说一致，给错了不认。"""
        told = checked("check.py", cwd=unpacked, code=0)
        assert "相符" in told
        assert "附件 2 份" in told
        public = did(duban(place, "key")).split()[1]
        assert "与给的一致" in checked(CHECK, "out.zip", "--key", public, cwd=place, code=0)
        assert "公钥不是" in checked(CHECK, "out.zip", "--key", "0" * 64, cwd=place, code=1)
        assert "核对" in checked(CHECK, "out.zip", "more", cwd=place, code=2)

    def test_holds_the_whole_history_in_the_order_of_a_file(self, unpacked: Path) -> None:
        """目录按卷宗的次序；每条事实、附件、信件和送达都在；封存在先前的也在。"""
        index = (unpacked / "卷内目录.txt").read_text(encoding="utf-8")
        order = [index.index(part) for part in ("立项材料", "交办材料", "办理材料", "督促材料", "往来信件")]
        assert order == sorted(order)
        assert "第1号.pdf" in index
        facts = [
            json.loads(line) for line in (unpacked / "facts.jsonl").read_text(encoding="utf-8").splitlines()
        ]
        kinds = {fact["type"] for fact in facts}
        assert {"matter-registered", "evidence-attached", "overdue-reminded", "letter-handed-over"} <= kinds
        letters = json.loads((unpacked / "letters.json").read_text(encoding="utf-8"))
        assert {way["state"] for one in letters for way in one["ways"]} >= {"已存档"}
        assert all("青石镇" in (unpacked / one["text"]).read_text(encoding="utf-8") for one in letters[:1])
        assert [p.name for p in (unpacked / "files").iterdir() if "第1号.pdf" in p.name]
        assert (unpacked / "seals/earlier.txt").read_text(encoding="ascii").count("duban-seal/1") == 3

    def test_can_be_read_from_its_pdf(self, unpacked: Path, tmp_path: Path) -> None:
        """案卷.pdf 里有卷内目录、事项、全部经过、信件和送达、封存与公钥。"""
        said = text_of((unpacked / "案卷.pdf").read_bytes(), tmp_path)
        seal = (unpacked / "seals/newest.seal").read_text(encoding="ascii")
        root = seal.partition("\nroot ")[2][:16]
        for part in ("卷内目录", "督促材料", "全部经过", "逾期催办", "青石镇联络员", "电子邮件已存档", root):
            assert part in said, part

    def test_is_tied_to_seals_kept_elsewhere(self, place: Path) -> None:
        """存在别处的每份封存都与案卷一脉相承；别的封存、改过的封存不认。"""
        seals = sorted((place / "var/seals").glob("*.seal"))
        given = [part for seal in seals[-2:] for part in ("--seal", str(seal))]
        assert "另拿来对的 2 份也相符" in checked(CHECK, "out.zip", *given, cwd=place, code=0)
        forged = place / "forged.seal"
        forged.write_text(seals[-1].read_text(encoding="ascii").replace("size ", "size 1"), encoding="ascii")
        assert "签名不对" in checked(CHECK, "out.zip", "--seal", forged, cwd=place, code=1)
        assert "不是封存" in checked(CHECK, "out.zip", "--seal", "config.toml", cwd=place, code=1)

    @pytest.mark.parametrize(
        ("spoil", "found"),
        [
            (lambda f: (f / "files/001-证据.jpg").unlink(), "缺"),
            (lambda f: (f / "letters/001.txt").write_bytes(b"x"), "被改过"),
            (lambda f: (f / "files/更多.jpg").write_bytes(b"x"), "多出"),
            (lambda f: swap(f / "facts.jsonl", "2008-03-20", "2008-03-30"), "facts.jsonl 被改过"),
            (lambda f: swap(f / "manifest.json", "2008", "2009"), "清单被改过"),
            (lambda f: (f / "manifest.sig").unlink(), "缺 manifest.sig"),
            (lambda f: (f / "manifest.sig").write_bytes(b"\xff"), "读不出"),
        ],
    )
    def test_with_a_file_changed_missing_or_added_is_found(
        self, unpacked: Path, tmp_path: Path, spoil: Callable[[Path], object], found: str
    ) -> None:
        """改一个文件、少一个、多一个、动清单、动签名，都查得出。"""
        copy = Path(shutil.copytree(unpacked, tmp_path / "copy"))
        first = min((copy / "files").iterdir())
        first.rename(copy / "files/001-证据.jpg") if found == "缺" else None
        spoil(copy)
        assert found in checked(CHECK, copy, cwd=tmp_path, code=1)

    @pytest.mark.parametrize(
        ("name", "old", "new", "found"),
        [
            ("facts.jsonl", '"actor": "liaison"', '"actor": "nobody"', "与链值不符"),
            ("facts.jsonl", "2008-03-20", "2008-03-30", "内容与摘要不符"),
            ("proof.json", '"later": []', '"later": [9]', "一一对应"),
            ("proof.json", "\\nroot ", "\\nroot 0", "签名不对"),
            ("proof.json", '   "path": [\n    "', '   "path": [\n    "00', "不在封存之内"),
        ],
    )
    def test_signed_anew_by_another_key_is_still_found(
        self, unpacked: Path, tmp_path: Path, name: str, old: str, new: str, found: str
    ) -> None:
        """伪造者改了内容、用自己的钥匙重签清单：封存的签名、链值和证明仍对不上。"""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        copy = Path(shutil.copytree(unpacked, tmp_path / "copy"))
        swap(copy / name, old, new)
        resign(copy, Ed25519PrivateKey.generate())
        told = checked(CHECK, copy, cwd=tmp_path, code=1)
        assert found in told or "不是同一把钥匙" in told

    def test_is_refused_where_it_cannot_be_made(self, place: Path, tmp_path: Path) -> None:
        """已有的文件不覆盖；没有的事项、没牵头过的年份、丢了的附件，各有一句话，不留半个包。"""
        assert "已经有了" in said_no(duban(place, "export", "dossier", "2008-00001", "out.zip"))
        assert "没有编号" in said_no(duban(place, "export", "dossier", "2008-00009", "no.zip"))
        assert "没有牵头过" in said_no(
            duban(place, "export", "dossier", "青石镇", "no.zip", "--year", "2007")
        )
        assert "单位" in said_no(duban(place, "export", "dossier", "无此镇", "no.zip", "--year", "2008"))
        copy = Path(shutil.copytree(place, tmp_path / "copy"))
        shutil.rmtree(copy / "var/files")
        assert "附件" in said_no(duban(copy, "export", "dossier", "2008-00001", "no.zip"))
        (copy / "var/keys/seal.pem").unlink()
        assert "钥匙" in said_no(duban(copy, "export", "dossier", "2008-00001", "no.zip"))
        assert not list(place.glob("*no.zip*"))
        assert not list(copy.glob("*no.zip*"))

    def test_of_a_units_year_holds_all_its_matters(self, place: Path) -> None:
        """一个单位一年牵头的全部事项在一个包里，一样核得通过。"""
        did(duban(place, "export", "dossier", "青石镇", "year.zip", "--year", "2008"))
        assert "青石镇 2008 年" in checked(CHECK, "year.zip", cwd=place, code=0)
        with zipfile.ZipFile(place / "year.zip") as archive:
            index = archive.read("卷内目录.txt").decode()
        assert "〔2008〕1号" in index
        assert "〔2008〕2号" in index


def swap(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text, text[:400]
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def resign(folder: Path, key: object) -> None:
    """Lists every file anew and signs the list with a forger's key."""
    import hashlib

    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for one in manifest["files"]:
        one["sha256"] = hashlib.sha256((folder / one["path"]).read_bytes()).hexdigest()
    written = json.dumps(manifest, ensure_ascii=False).encode()
    (folder / "manifest.json").write_bytes(written)
    public = key.public_key().public_bytes_raw().hex()  # type: ignore[attr-defined]
    signature = key.sign(written).hex()  # type: ignore[attr-defined]
    (folder / "manifest.sig").write_text(f"public {public}\nsignature {signature}\n", encoding="ascii")
