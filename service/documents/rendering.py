"""Rendering as the rest of the service asks for it: a document in, a file out, from a process of its own.

The process has limits of time and memory, and stays warm for the next document; a broken or idle one is replaced.
"""

from __future__ import annotations

import os
import threading
from queue import SimpleQueue

from events.refusals import Invalid, Unavailable
from service.child import Child
from service.documents.jobs import Failed, FontSetting, Job, Limits, Media, Rendered
from service.documents.model import Printed


class Renderer:
    """The rendering process of this server: started at the first document, one document at a time."""

    def __init__(self, fonts: FontSetting, limits: Limits | None = None) -> None:
        self._fonts = fonts
        self._limits = limits or Limits()
        self._lock = threading.Lock()
        self._worker: Child | None = None

    def render(self, document: Printed, media: Media) -> Rendered:
        """A document as a file. Raises Invalid where it cannot be set, Unavailable where it takes too much."""
        if not self._lock.acquire(timeout=self._limits.seconds):
            raise Unavailable("正在出别的文书，排队太久；过一会儿再试。", code="rendering-busy")
        try:
            answer = self._asked(Job(document=document, media=media))
        finally:
            self._lock.release()
        if isinstance(answer, Failed):
            raise Invalid(answer.sentence, code="unrenderable")
        assert isinstance(answer, Rendered)
        return answer

    def close(self) -> None:
        """Ends the process."""
        with self._lock:
            self._drop()

    def _asked(self, job: Job) -> object:
        worker = self._worker
        if worker is None or not worker.alive:
            self._drop()
            worker = self._worker = Child("service.documents.worker", (self._fonts, self._limits))
        try:
            return worker.ask(job, self._limits.seconds)
        except TimeoutError:
            self._drop()
            seconds = f"{self._limits.seconds:g}"
            raise Unavailable(
                f"这份文书 {seconds} 秒还没有出好，已停下；减少内容或分成几份再出。",
                code="rendering-too-long",
            ) from None
        except (EOFError, OSError):
            self._drop()
            raise Unavailable(
                "出文书的进程中途停了，多半是内容太多、内存不够；减少内容或分成几份再出。",
                code="rendering-died",
            ) from None

    def _drop(self) -> None:
        if self._worker is not None:
            self._worker.end()
            self._worker = None


class Renderers:
    """Several rendering processes, for whoever has many documents to set."""

    def __init__(self, fonts: FontSetting, limits: Limits) -> None:
        self.count = min(MOST, os.cpu_count() or 1)
        self._all = [Renderer(fonts, limits) for _ in range(self.count)]
        self._free: SimpleQueue[Renderer] = SimpleQueue()
        for one in self._all:
            self._free.put(one)

    def render(self, document: Printed, media: Media) -> Rendered:
        """A document as a file, by the next that is free. Raises what a renderer raises."""
        one = self._free.get()
        try:
            return one.render(document, media)
        finally:
            self._free.put(one)

    def close(self) -> None:
        """Ends the processes."""
        for one in self._all:
            one.close()


MOST = 4
"""More processes than that would only wait for the disk and the memory."""
