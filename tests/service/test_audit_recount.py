"""duban recount: every rate counted again by a plain loop over the facts."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tests.service.given import Office
from tests.service.pages import visitor
from tests.service.programs import CONFIG, duban, said_no


@pytest.fixture
def busy(office: Office, tmp_path: Path) -> Office:
    """Matters of every ending, and some that a unit reports shares of."""
    for day, life in enumerate(
        "confirmed relapsed cancelled transferred merged suspended objected reviewed closed".split()
    ):
        getattr(office.at(f"2008-03-{day + 3:02d}"), life)(time_limit="5个工作日内")
    office.at("2008-03-14").do("reopen", {"reason": "材料不实"}, by="head", matter=office.matter)
    office.rectifying(due_on="2008-03-20")
    for percent, quantity in ((75, "24/32"), (67, "2/3"), (90, "24/32"), (50, "清运五百吨")):
        office.do("report-progress", {"text": "在清", "percent": percent, "quantity": quantity}, by="liaison")
    office.at("2008-03-25").report()
    office.do("correct", _due_corrected(office), by="head")
    office.at("2008-03-25").schedule()
    office.do("pass-verification", {"findings": "干净"}, by="verifier")
    office.do("approve-write-off", by="head")
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    return office


def _due_corrected(office: Office) -> dict[str, Any]:
    at = next(one["position"] for one in office.history() if one["type"] == "matter-assigned")
    return {"position": at, "reason": "打错了", "basis": "原件", "fields": {"due_on": "2008-03-26"}}


def told(folder: Path, *more: str, code: int = 0) -> Any:
    ran = duban(folder, "recount", *more, "--json")
    assert ran.returncode == code, ran.stderr
    return json.loads(ran.stdout)


class TestRecounting:
    def test_agrees_with_the_read_models(self, busy: Office, tmp_path: Path) -> None:
        """合计和每个单位的每个率，逐条重数与读模型一致，与接口答的也一致；自报比例逐次判过。"""
        found = told(tmp_path)
        assert found["same"]
        whole = {line["rule"]: tuple(line["by_hand"]) for line in found["rates"] if line["unit"] is None}
        answered = busy.ask("/rates")["items"]
        assert whole == {rate["rule"]: (rate["numerator"], rate["denominator"]) for rate in answered}
        assert whole["on_time_closing_rate"] == (3, 3)
        assert all(done for done, _ in whole.values())
        marks = [figure["agreement"] for figure in found["reported"]]
        assert marks == ["agrees", "rounded", "differs", None]
        shown = duban(tmp_path, "recount").stdout
        assert "与读模型一致" in shown
        assert "自报 90%，24/32 应为 75.0%" in shown
        page = visitor(busy, "auditor")
        page.get(f"/matters/{busy.matter}")
        assert "按所给数目为75.0%，与自报的比例：不一致。" in page.text()

    def test_as_of_and_by_unit(self, busy: Office, tmp_path: Path) -> None:
        """数到过去一刻、只数一个单位、只数一段，都一样对得上。"""
        early = told(tmp_path, "--as-of", "2008-03-08", "--from", "2008-03-04", "--to", "2008-03-07")
        assert early["same"]
        assert early["rates"][0]["by_hand"][1] < told(tmp_path)["rates"][0]["by_hand"][1]
        town = told(tmp_path, "--unit", busy.units["town"])
        assert {line["unit"] for line in town["rates"]} == {busy.units["town"]}

    def test_finds_a_figure_that_was_changed(self, busy: Office, tmp_path: Path) -> None:
        """读模型里改了一格，重数就指出是哪个单位的哪个率，退出码 1。"""
        with sqlite3.connect(tmp_path / "var/duban.sqlite3") as database:
            database.execute("UPDATE register SET verification_passed = 1 WHERE stage = 'rectifying'")
            database.execute("UPDATE register SET verification_passed = 0 WHERE stage = 'confirmed'")
            database.execute("UPDATE register SET stage = 'closed' WHERE stage = 'suspended'")
        found = told(tmp_path, code=1)
        assert {line["rule"] for line in found["rates"] if not line["same"]} >= {"closing_rate"}
        shown = duban(tmp_path, "recount")
        assert shown.returncode == 1
        assert "青石镇　办结率" in shown.stdout
        assert "不一致" in shown.stdout

    def test_refuses(self, busy: Office, tmp_path: Path) -> None:
        """没有的单位、读不懂的日子、将来的时刻，各有一句话。"""
        assert "没有 nobody 这个单位" in said_no(duban(tmp_path, "recount", "--unit", "nobody"))
        assert "不是日期" in said_no(duban(tmp_path, "recount", "--from", "三月"))
        assert "还没有到" in said_no(duban(tmp_path, "recount", "--as-of", "2100-01-01"))
