"""样式和脚本: packed for who takes them so, the same bytes unpacked, kept as long as their address says."""

import gzip
import re

import pytest

from service.documenting import ROOT
from tests.service.given import Office
from tests.service.pages import visitor

ASSET = re.compile(r'(?:href|src)="(/static/[^"]+)"')


@pytest.fixture
def assets(office: Office) -> tuple[object, list[str]]:
    clerk = visitor(office, "clerk")
    clerk.get("/matters")
    return clerk.client, ASSET.findall(clerk.page)


def test_are_packed_and_the_same(assets: tuple[object, list[str]]) -> None:
    """收压缩的给压缩的，解开一字不差；不收的照原样给；都可以一直留着。"""
    client, found = assets
    assert len(found) >= 8
    for path in found:
        plain = client.get(path, headers={"accept-encoding": "identity"})  # type: ignore[attr-defined]
        assert "content-encoding" not in plain.headers
        with client.stream("GET", path, headers={"accept-encoding": "gzip"}) as packed:  # type: ignore[attr-defined]
            raw = b"".join(packed.iter_raw())
        assert packed.headers["content-encoding"] == "gzip"
        assert packed.headers["content-type"] == plain.headers["content-type"]
        assert "immutable" in packed.headers["cache-control"]
        assert gzip.decompress(raw) == plain.content
    module = client.get("/static/js/keys.js")  # type: ignore[attr-defined]
    assert module.headers["cache-control"] == "no-cache"


def test_a_page_weighs_little(assets: tuple[object, list[str]], office: Office) -> None:
    """五十件的台账，头一次打开，页面加全部样式脚本，压缩后不到 150 KB。"""
    client, found = assets
    office.at("2008-03-03")
    for n in range(50):
        office.register(title=f"青石镇柳湾村生活垃圾临时堆放点渗滤液直排柳溪沟问题，第{n}处")
    page = client.get("/matters?state=all")  # type: ignore[attr-defined]
    modules = [f"/static/js/{name}.js" for name in ("keys", "typed", "ticked", "page", "board", "live")]
    weight = len(page.content)
    for path in (*found, *modules):
        with client.stream("GET", path, headers={"accept-encoding": "gzip"}) as packed:  # type: ignore[attr-defined]
            weight += len(b"".join(packed.iter_raw()))
    assert weight < 150_000


def test_what_is_not_there_is_said(office: Office) -> None:
    """没有的文件、想爬出目录的地址，都是 404。"""
    clerk = visitor(office, "clerk")
    for path in ("/static/none.css", "/static/vendor/none.js", "/static/%2e%2e/app.py"):
        assert clerk.client.get(path).status_code == 404


def test_the_theme_asks_for_nothing_newer_than_office_browsers_have() -> None:
    """样式不用 Chromium 86 还没有、没有又会错位的写法。"""
    newer = re.compile(
        r"(?<![-\w])(?:inset|rotate|scale|translate|inset-block|inset-inline|aspect-ratio)\s*:"
    )
    sheets = sorted((ROOT / "service" / "static").glob("*.css"))
    assert sheets
    for sheet in sheets:
        assert not newer.findall(sheet.read_text(encoding="utf-8")), sheet.name
