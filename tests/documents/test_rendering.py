"""The rendering process: what it gives, and what becomes of a document it cannot digest."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from dataclasses import replace

import pytest

from events.refusals import Invalid, Unavailable
from service.documents.fonts import FontShelf
from service.documents.jobs import Limits, Media
from service.documents.model import Chart, Heading
from service.documents.rendering import Renderer
from service.documents.typesetting import layout_version, typeset
from tests.documents.given import BARE, form, official, paragraph

BROKEN = Chart(svg="<svg><not closed", title="图", description="图")


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    made = Renderer(BARE)
    yield made
    made.close()


class TestRendering:
    def test_the_process_gives_what_typesetting_gives(self, renderer: Renderer, shelf: FontShelf) -> None:
        """另一个进程里出的 PDF，字节和版本都对得上。"""
        rendered = renderer.render(official(main_recipients=("𠮷田村",)), Media.PDF)
        made, faces = typeset(official(main_recipients=("𠮷田村",)), shelf)
        assert rendered.content == made
        assert rendered.versions.fonts == faces.version
        assert rendered.versions.layout == layout_version()
        assert rendered.versions.renderer.startswith("typst ")
        assert rendered.missing == ("𠮷",)

    def test_a_drawing_that_is_none_is_refused_in_words(self, renderer: Renderer) -> None:
        """画不出来的图说清楚，后面的文书照出。"""
        for media in Media:
            with pytest.raises(Invalid, match="图画不出来") as caught:
                renderer.render(official(body=(BROKEN,)), media)
            assert caught.value.code == "unrenderable"
        assert renderer.render(form(), Media.PDF).content.startswith(b"%PDF")

    def test_a_killed_process_is_replaced(self, renderer: Renderer) -> None:
        """出文书的进程没了，下一份另起一个，用的人不知道。"""
        renderer.render(form(), Media.PDF)
        worker = renderer._worker
        assert worker is not None
        os.kill(worker._process.pid, signal.SIGKILL)
        worker._process.wait()
        assert renderer.render(form(), Media.DOCX).content.startswith(b"PK")

    def test_a_document_that_takes_too_long_is_stopped(self) -> None:
        """超过时限就停下，说停了多久、怎么办。"""
        hasty = Renderer(BARE, Limits(seconds=0.01))
        with pytest.raises(Unavailable, match=r"0\.01 秒") as caught:
            hasty.render(official(), Media.PDF)
        assert caught.value.code == "rendering-too-long"
        hasty.close()

    def test_a_document_that_takes_too_much_memory_is_stopped(self) -> None:
        """超过内存上限只停这一份，服务不受影响。"""
        small = Renderer(BARE, Limits(megabytes=330))
        huge = official(body=tuple(Heading(level=1, text="久拖不决" * 40) for _ in range(6000)))
        with pytest.raises(Unavailable, match="内存不够") as caught:
            small.render(huge, Media.PDF)
        assert caught.value.code == "rendering-died"
        small.close()

    def test_words_without_end_are_wrapped(self, renderer: Renderer) -> None:
        """极长的标题、单位名和没有空格的串，都在版心里折行。"""
        endless = replace(
            official(), title="关于" + "通报" * 90, main_recipients=("A" * 500,), body=(paragraph("9" * 900),)
        )
        assert renderer.render(endless, Media.PDF).content.startswith(b"%PDF")
