"""来信人的姓名电话: read by those who may, leaked nowhere, and gone for good once the key is destroyed."""

from __future__ import annotations

import zipfile
from pathlib import Path

from service.proof.checking import check
from tests.service.given import Office
from tests.service.pages import visitor

NAME, PHONE = "邵长庚", "13800001234"


def noted(office: Office, **more: str) -> str:
    """Somebody noted with the matter at hand; the id."""
    answer = office.do("note-petitioner", {"name": NAME, "phone": PHONE, **more}, by="clerk")
    return str(answer["petitioner"])


def leaks(office: Office, folder: Path) -> list[Path]:
    """Files below a folder, the database among them, in which name or phone stands."""
    assert office.runtime is not None
    with office.runtime.database.writing.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [p for p in files if NAME.encode() in p.read_bytes() or PHONE.encode() in p.read_bytes()]


class TestPersonalData:
    def test_is_seen_by_those_who_may_and_leaks_nowhere(self, office: Office, tmp_path: Path) -> None:
        """督查室、领导、审计看得到，每看留痕；责任单位看不到；数据库、信件、检索、案卷里都没有。"""
        office.at("2008-03-03").rectifying(due_on="2008-03-20")
        who = noted(office)
        path = f"/matters/{office.matter}/petitioners"
        for account in ("clerk", "leader", "auditor"):
            [one] = office.ask(path, by=account)["items"]
            assert (one["id"], one["name"], one["phone"]) == (who, NAME, PHONE)
        assert office.send("GET", path, by="liaison").status_code == 403
        clerk = visitor(office, "clerk")
        assert f'href="{path}"' in clerk.get(f"/matters/{office.matter}")
        clerk.get(path)
        assert NAME in clerk.text()
        unit = visitor(office, "liaison")
        assert path not in unit.get(f"/matters/{office.matter}")
        unit.get(path, status=403)
        kinds = visitor(office, "auditor").get("/access")
        assert "看来信人" in kinds
        assert office.ask("/matters", q=NAME)["items"] == []
        assert NAME not in str(office.history())
        office.tick("2008-03-21")
        answer = office.send("POST", f"/matters/{office.matter}/dossier", by="auditor")
        out = tmp_path / "out.zip"
        out.write_bytes(answer.content)
        with zipfile.ZipFile(out) as archive:
            assert not [name for name in archive.namelist() if NAME.encode() in archive.read(name)]
        assert leaks(office, tmp_path) == []

    def test_is_gone_once_its_key_is_destroyed(self, office: Office) -> None:
        """销毁钥匙之后，别的事项里、从前的样子里也读不出；经过照旧，记录照样核得通过。"""
        assert office.runtime is not None
        office.at("2008-03-03").assigned()
        first = office.matter
        who = noted(office)
        office.assigned()
        assert noted(office, petitioner=who) == who
        assert office.runtime.vault.knows(who)  # type: ignore[arg-type]
        office.do("erase-petitioner", {"petitioner": who, "reason": "本人要求"}, by="head")
        for matter in (first, office.matter):
            [one] = office.ask(f"/matters/{matter}/petitioners")["items"]
            assert (one["name"], one["phone"]) == (None, None)
        assert office.history()[-1]["type"] == "petitioner-erased"
        head = visitor(office, "head")
        head.get(f"/matters/{office.matter}/petitioners")
        assert "已销毁" in head.text()
        refused = office.post(
            f"/matters/{first}/note-petitioner", {"name": NAME, "petitioner": who}, by="clerk"
        )
        assert (refused.status_code, refused.json()["code"]) == (422, "unknown-petitioner")
        assert check(office.runtime.store, office.runtime.settings).broken is None

    def test_leaves_no_key_behind_where_nothing_was_noted(self, office: Office) -> None:
        """没登记成、或同一请求重发，不留多余的钥匙；重发得到原来的答复。"""
        assert office.runtime is not None
        office.at("2008-03-03").assigned()
        folder = office.runtime.settings.keys_folder / "people"
        path = f"/matters/{office.matter}/note-petitioner"
        assert office.post(path, {"name": NAME, "phone": "x"}, by="clerk").status_code == 422
        assert office.post(path, {"name": NAME}, by="liaison").status_code == 403
        assert not list(folder.rglob("*.key"))
        first = office.post(path, {"name": NAME}, by="clerk", key="once").json()
        again = office.post(path, {"name": NAME}, by="clerk", key="once").json()
        assert again == first
        assert [p.stem for p in folder.rglob("*.key")] == [first["petitioner"]]
        assert office.post(path, {"name": "别人"}, by="clerk", key="once").status_code == 409

    def test_is_filled_in_on_a_form_no_browser_keeps(self, office: Office) -> None:
        """页面上登记、销毁都办得成；这张表单不让浏览器留存所填；选销毁谁时不露姓名。"""
        office.at("2008-03-03").assigned()
        clerk = visitor(office, "clerk")
        page = clerk.get(f"/matters/{office.matter}/note-petitioner")
        assert "data-keep" not in page
        clerk.send(
            f"/matters/{office.matter}/note-petitioner", {"name": NAME, "phone": PHONE, "kind": "household"}
        )
        assert "登记被访户一名" in clerk.text()
        assert NAME not in clerk.text()
        head = visitor(office, "head")
        page = head.get(f"/matters/{office.matter}/erase-petitioner")
        assert NAME not in page
        [one] = office.ask(f"/matters/{office.matter}/petitioners")["items"]
        head.send(
            f"/matters/{office.matter}/erase-petitioner", {"petitioner": one["id"], "reason": "保存期满"}
        )
        assert "谁也读不出" in head.text()
