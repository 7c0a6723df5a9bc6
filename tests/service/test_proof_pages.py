"""封存 and 案卷 on pages and over the API: who sees and takes them, and what is said to the others."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from service.proof.dossier.check import check
from tests.service.given import Office
from tests.service.pages import visitor


class TestSeals:
    def test_are_listed_with_where_they_went(self, office: Office) -> None:
        """封存页列出每次封存、封住几条、存到库外没有、寄给了谁，并给出公钥和文件；单位的人看不到。"""
        auditor = visitor(office, "auditor")
        assert "还没有封存" in auditor.get("/seals")
        office.at("2008-03-03").made("/tick")
        auditor.get("/seals")
        told = auditor.text()
        assert "每日封存" in told
        assert "未寄出" in told
        assert "已存" in told
        [one] = office.ask("/seals")["items"]
        assert f"/seals/{one['file']}" in auditor.links()
        assert auditor.get(f"/seals/{one['file']}") == one["text"]
        auditor.get("/seals/other.seal", status=404)
        visitor(office, "liaison").get("/seals", status=403)
        assert office.send("GET", "/seals", by="liaison").status_code == 403
        assert office.runtime is not None
        (office.runtime.settings.keys_folder / "seal.pem").unlink()
        auditor.get("/seals")
        assert "封存停着" in auditor.text()


class TestADossier:
    def test_is_taken_from_the_matters_page(self, office: Office, tmp_path: Path) -> None:
        """事项页上督查室、领导、审计可导出案卷，当场封存，取到手就核得通过；牵头单位没有这个按钮，也取不到。"""
        office.at("2008-03-03").rectifying(due_on="2008-03-20")
        office.attach()
        for account in ("auditor", "clerk", "leader"):
            one = visitor(office, account)
            assert "导出案卷" in one.get(f"/matters/{office.matter}")
            fields = {"csrf": one.csrf(), "command_id": one.hidden("command_id")}
            answer = one.client.post(f"/matters/{office.matter}/dossier", data=fields)
            assert answer.status_code == 200
            assert "2008-00001.zip" in answer.headers["content-disposition"]
        out = tmp_path / "taken.zip"
        out.write_bytes(answer.content)
        assert "相符" in next(check(out))
        assert not list((tmp_path / "var").glob("dossier-*"))
        unit = visitor(office, "liaison")
        assert "导出案卷" not in unit.get(f"/matters/{office.matter}")
        unit.send(f"/matters/{office.matter}/dossier", status=403)
        proof = office.ask(f"/matters/{office.matter}/proof")
        assert proof["facts"][0]["type"] == "matter-registered"

    def test_is_taken_over_the_api(self, office: Office) -> None:
        """接口也能取案卷；没有的事项是 404，单位是 403。"""
        office.at("2008-03-03").assigned()
        path = f"/matters/{office.matter}/dossier"
        answer = office.send("POST", path, by="auditor")
        assert answer.status_code == 200
        names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
        assert {"卷内目录.txt", "facts.jsonl", "proof.json", "check.py", "manifest.sig"} <= set(names)
        assert office.send("POST", path, by="liaison").status_code == 403
        assert office.send("POST", "/matters/none/dossier", by="auditor").status_code == 404
        assert office.send("GET", "/matters/none/proof", by="auditor").status_code == 404
        assert office.send("GET", f"/matters/{office.matter}/proof", by="liaison").status_code == 403
