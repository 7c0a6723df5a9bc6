"""通报的案卷、单位一年的案卷: taken by a button, over the API or the command line; anybody checks them alone."""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from events.bulletin.facts import FACTS as BULLETIN_FACTS
from events.matter.facts import FACTS as MATTER_FACTS
from service.proof.dossier.ordering import Group, group_of
from service.storage.access import Asked, Kind
from tests.documents.given import text_of
from tests.service.circulating import two_matters
from tests.service.given import Office, problem
from tests.service.opened import Furnished
from tests.service.pages import visitor
from tests.service.programs import CONFIG, did, duban, said_no
from tests.service.test_proof_dossier import checked, resign, swap

NUMBER = "云督〔2008〕6号"


@pytest.fixture(scope="module")
def place(an_opened_office: Furnished, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bulletin that names a matter with a photograph, went out, was received by one unit and told to both."""
    folder = tmp_path_factory.mktemp("bulletin-dossier")
    with an_opened_office.copy(folder) as office:
        desk = two_matters(office)
        overdue = office.ask("/matters", by="clerk", q="三号")["items"][0]["id"]
        office.do("acknowledge", by="liaison", matter=overdue)
        office.attach(matter=overdue)
        office.tick()
        desk.drafted().issued(NUMBER)
        desk.do("acknowledge", "liaison")
        office.tick("2008-04-07")
        (folder / "id").write_text(desk.id, encoding="utf-8")
    (folder / "config.toml").write_text(CONFIG, encoding="utf-8")
    did(duban(folder, "deliver"))
    did(duban(folder, "export", "dossier", "--bulletin", NUMBER, "out.zip"))
    return folder


@pytest.fixture(scope="module")
def unpacked(place: Path) -> Path:
    folder = place / "unpacked"
    with zipfile.ZipFile(place / "out.zip") as archive:
        archive.extractall(folder)
    return folder


def bulletin_of(folder: Path) -> dict[str, Any]:
    said: dict[str, Any] = json.loads((folder / "bulletin.json").read_text(encoding="utf-8"))
    return said


def facts_of(folder: Path) -> list[dict[str, Any]]:
    lines = (folder / "facts.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


class TestABulletinsDossier:
    def test_is_checked_with_a_bare_interpreter(self, unpacked: Path) -> None:
        """案卷自带的程序核得通过，并说出几个数与所数的事项相符、点到的几件事实都在。"""
        told = checked("check.py", cwd=unpacked, code=0)
        assert f"相符：{NUMBER} 关于2008年3月份督办事项办理情况的通报" in told
        figures = len(bulletin_of(unpacked)["figures"])
        assert f"通报的 {figures} 个数，与列出的事项一一相符" in told
        assert "点到的 1 件事项，事实都在" in told

    def test_holds_what_went_out_and_who_received_it(self, unpacked: Path, tmp_path: Path) -> None:
        """印发的两份 PDF 一字不差，另有 DOCX；拟稿到签收的每条事实、信件和送达都在；PDF 里有数字、点到的事项和签收。"""
        facts = facts_of(unpacked)
        issued = next(json.loads(f["body"]) for f in facts if f["type"] == "bulletin-issued")
        kept = {hashlib.sha256(p.read_bytes()).hexdigest() for p in (unpacked / "files").iterdir()}
        assert kept == {issued["full"]["sha256"], issued["public"]["sha256"]}
        assert (unpacked / "通报.docx").read_bytes().startswith(b"PK")
        kinds = {fact["type"] for fact in facts}
        assert {
            "bulletin-drafted",
            "bulletin-numbers-checked",
            "bulletin-signed",
            "bulletin-acknowledged",
            "matter-named",
            "letter-handed-over",
        } <= kinds
        letters = json.loads((unpacked / "letters.json").read_text(encoding="utf-8"))
        told = {one["addressee"]: one["text"] for one in letters if one["title"] == "通报"}
        assert {"青石镇联络员", "水务局联络员"} <= set(told)
        assert NUMBER in (unpacked / told["青石镇联络员"]).read_text(encoding="utf-8")
        index = (unpacked / "卷内目录.txt").read_text(encoding="utf-8")
        parts = ("拟稿与核数材料", "会签、批准与签发材料", "印发材料", "签收材料", "往来信件")
        assert [index.index(part) for part in parts] == sorted(index.index(part) for part in parts)
        said = text_of((unpacked / "案卷.pdf").read_bytes(), tmp_path)
        for part in (
            "数据定格",
            "办结率",
            "点到的事项",
            "已办结（销号）的",
            "存在问题",
            "何远舟",
            "未签收",
            "1/2已签收",
        ):
            assert part in said, part

    def test_says_which_matters_every_figure_counts_and_where_their_facts_stand(self, unpacked: Path) -> None:
        """每个数列出它数的是哪几件；点到的事项写明定格以前的每条事实在第几位，定格以后的不算。"""
        said = bulletin_of(unpacked)
        figures = {one["id"]: one for one in said["figures"]}
        assert {one["number"] for one in figures["overdue"]["numerator"]} == {"2008-00001"}
        assert {one["number"] for one in figures["closing_rate"]["denominator"]} == {
            "2008-00001",
            "2008-00002",
        }
        [named] = said["named"]
        facts = {fact["position"]: fact for fact in facts_of(unpacked)}
        assert [facts[at]["type"] for at in named["counted"]][:2] == ["matter-registered", "matter-assigned"]
        assert max(named["counted"]) <= said["as_of"]
        assert facts[named["noted"]]["type"] == "matter-named"
        assert named["noted"] > said["as_of"]

    @pytest.mark.parametrize(
        ("change", "found"),
        [
            (lambda said: said["figures"][0]["numerator"].clear(), "列出的件数不符"),
            (lambda said: said["figures"].pop(), "不是一一对应"),
            (lambda said: said["named"][0]["counted"].pop(), "定格以前的事实与列出的不符"),
            (lambda said: said["named"].clear(), "点到的事项与通报的不是一一对应"),
            (lambda said: said.update(content=1), "不是通报最后的内容"),
        ],
    )
    def test_whose_list_of_matters_was_changed_is_found(
        self, unpacked: Path, tmp_path: Path, change: Callable[[Any], object], found: str
    ) -> None:
        """改了数的是哪几件、少列一个数、少列一条事实，即使重签清单也查得出。"""
        from service.proof.dossier import check

        copy = Path(shutil.copytree(unpacked, tmp_path / "copy"))
        said = bulletin_of(copy)
        change(said)
        (copy / "bulletin.json").write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
        assert "bulletin.json 被改过" in checked("check.py", cwd=copy, code=1)
        with pytest.raises(check.Wrong, match=found):
            check.check_bulletin(check.Package(copy), facts_of(copy))

    def test_signed_anew_by_another_key_is_still_found(self, unpacked: Path, tmp_path: Path) -> None:
        """把数字连同清单一起改了、用别的钥匙重签：封存不是那把钥匙签的。"""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        copy = Path(shutil.copytree(unpacked, tmp_path / "copy"))
        swap(copy / "bulletin.json", "2008-00001", "2008-00003")
        resign(copy, Ed25519PrivateKey.generate())
        assert "不是同一把钥匙" in checked("check.py", cwd=copy, code=1)

    def test_is_refused_before_the_issue_and_of_no_bulletin(self, place: Path) -> None:
        """没有的文号、没有印发的通报、年份和通报一起给，各有一句话，不留半个包。"""
        assert "没有发文字号为 云督〔2008〕9号" in said_no(
            duban(place, "export", "dossier", "--bulletin", "云督〔2008〕9号", "no.zip")
        )
        both = ("export", "dossier", "x", "no.zip", "--bulletin", "--year", "2008")
        assert "用法不对" in said_no(duban(place, *both))
        drafted = json.loads(
            did(duban(place, "bulletin", "draft", "weekly", "--at", "2008-04-07T12:00:00+08:00"))
        )["id"]
        assert "没有印发" in said_no(duban(place, "export", "dossier", "--bulletin", drafted, "no.zip"))
        assert not list(place.glob("*no.zip*"))


class TestTakingDossiers:
    def test_of_a_bulletin_by_button_and_over_the_api(self, office: Office) -> None:
        """通报页上督查室、领导、审计可导出案卷；没印发的没有按钮；收文单位没有按钮，也取不到；每次取都留痕。"""
        desk = two_matters(office).drafted()
        clerk = visitor(office, "clerk")
        assert "导出案卷" not in clerk.get(desk.path)
        clerk.send(f"{desk.path}/dossier", status=409)
        problem(office.post(f"{desk.path}/dossier", by="auditor"), 409, "not-issued")
        desk.issued()
        for account in ("clerk", "leader", "auditor"):
            one = visitor(office, account)
            assert "导出案卷" in one.get(desk.path)
            taken = one.client.post(f"{desk.path}/dossier", data={"csrf": one.csrf()})
            assert (taken.status_code, taken.headers["content-type"]) == (200, "application/zip")
        unit = visitor(office, "liaison")
        assert "导出案卷" not in unit.get(desk.path)
        unit.send(f"{desk.path}/dossier", status=403)
        over_api = office.post(f"{desk.path}/dossier", by="auditor")
        assert over_api.content.startswith(b"PK")
        problem(office.post(f"{desk.path}/dossier", by="liaison"), 403, "not-yours")
        problem(office.post("/bulletins/none/dossier", by="auditor"), 404, "not-found")
        assert taken_by(office) == ["auditor", "auditor", "leader", "clerk"]
        auditor = visitor(office, "auditor")
        auditor.get("/access?kind=dossier")
        assert f"{'云督〔2008〕6号'}" in auditor.main()

    def test_of_a_units_year_by_button_and_over_the_api(self, office: Office) -> None:
        """单位页上选一年导出案卷；那年没有牵头过、不是年份的，说清楚；单位自己取不到。"""
        office.at("2008-03-03").assigned()
        town = office.units["town"]
        path = f"/units/{town}/dossier"
        auditor = visitor(office, "auditor")
        assert "哪一年牵头的" in auditor.get(f"/units/{town}")
        taken = auditor.client.post(path, data={"csrf": auditor.csrf(), "year": "2008"})
        assert (taken.status_code, taken.headers["content-type"]) == (200, "application/zip")
        auditor.send(path, {"year": "2007"}, status=422)
        assert "没有牵头过" in auditor.text()
        auditor.get(f"/units/{town}")
        auditor.send(path, {"year": "去年"}, status=422)
        unit = visitor(office, "liaison")
        assert "哪一年牵头的" not in unit.get(f"/units/{town}")
        unit.send(path, {"year": "2008"}, status=403)
        assert office.post(f"{path}?year=2008", by="leader").content.startswith(b"PK")
        problem(office.post(f"{path}?year=2007", by="auditor"), 422, "empty-dossier")
        problem(office.post(path, by="auditor"), 422)
        problem(office.post("/units/none/dossier?year=2008", by="auditor"), 404, "not-found")
        problem(office.post(f"{path}?year=2008", by="liaison"), 403, "not-yours")
        assert taken_by(office) == ["leader", "auditor"]


def taken_by(office: Office) -> list[str]:
    assert office.runtime is not None
    return [one.user for one in office.runtime.access.found(Asked(kind=Kind.DOSSIER))]


def test_every_act_has_its_place_in_a_file() -> None:
    """每一种事实在卷宗里都有归属，没有落进“其他材料”的。"""
    unplaced = [one.name for one in (*MATTER_FACTS, *BULLETIN_FACTS) if group_of(one.name) is Group.OTHER]
    assert unplaced == []
