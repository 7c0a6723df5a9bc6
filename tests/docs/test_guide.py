"""The user guide: a page for every role, pictures of the pages as they are, every word of art explained."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from service.app import make_app
from service.guide import PICTURES
from service.identity import COOKIE
from service.runtime import Runtime
from tests.docs.guide import SHOTS, TEXTS, address_of, county, session, text_of, used
from tests.service.inside import client_of

LARGEST = 150_000


@pytest.fixture(scope="module")
def runtime() -> Iterator[Runtime]:
    with county() as made:
        yield made


class TestPictures:
    def test_are_those_the_guide_shows(self) -> None:
        """说明里用到的图都在，不用的不留，每张不大。"""
        assert used() == set(SHOTS)
        assert {file.stem for file in PICTURES.glob("*.webp")} == set(SHOTS)
        for name in SHOTS:
            assert (PICTURES / f"{name}.webp").stat().st_size < LARGEST, name

    @pytest.mark.parametrize("name", SHOTS)
    def test_show_the_pages_as_they_are(self, runtime: Runtime, name: str) -> None:
        """图上的页面和现在的页面文字一样；页面改了，运行 make guide 重拍。"""
        shot, app = SHOTS[name], make_app(runtime)
        client = client_of(app, raises=True)
        client.cookies.set(COOKIE, session(runtime, shot.account))

        def get(path: str) -> str:
            answer = client.get(path)
            assert answer.status_code == 200, path
            return str(answer.text)

        kept = json.loads(TEXTS.read_text(encoding="utf-8"))
        today = text_of(get(address_of(shot, get)))
        assert sorted(today.split()) == sorted(kept[name].split()), "页面变了：运行 make guide 重拍"
