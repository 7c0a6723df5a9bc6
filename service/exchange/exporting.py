"""Exporting as the rest of the service asks for it: a view in, an open file out, from a process of its own."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from events.refusals import TooLarge, Unavailable
from service.child import Child
from service.exchange.jobs import Job, Made, TooMany

SECONDS = 120.0
"""What one workbook may take; waiting for another one included, twice that."""
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Exporter:
    """The exporting process of this server: started at the first workbook, one at a time, replaced when it breaks."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._lock = threading.Lock()
        self._child: Child | None = None

    def export(self, job: Callable[[str], Job]) -> BinaryIO:
        """The workbook of the job made for a file's path, opened for reading; the file has no name any more.

        Raises Unavailable where it takes too long or breaks, TooLarge where a sheet cannot hold it.
        """
        if not self._lock.acquire(timeout=SECONDS):
            raise Unavailable("前面还有别的表在导出，排队太久；过一会儿再试。", code="export-busy")
        try:
            with tempfile.TemporaryDirectory(prefix="duban-export-") as folder:
                file = Path(folder) / "register.xlsx"
                answer = self._asked(job(str(file)))
                if isinstance(answer, TooMany):
                    raise TooLarge("一张表最多一百万行，装不下；先筛小一些再导出。", code="too-many-rows")
                assert isinstance(answer, Made)
                return file.open("rb")
        finally:
            self._lock.release()

    def close(self) -> None:
        """Ends the process."""
        with self._lock:
            self._drop()

    def _asked(self, job: Job) -> object:
        child = self._child
        if child is None or not child.alive:
            self._drop()
            child = self._child = Child("service.exchange.worker", self._url)
        try:
            return child.ask(job, SECONDS)
        except TimeoutError:
            self._drop()
            raise Unavailable(
                f"这张表 {SECONDS:g} 秒还没有导出好，已停下；先筛小一些再导出。", code="export-too-long"
            ) from None
        except (EOFError, OSError):
            self._drop()
            raise Unavailable(
                "导出的进程中途停了，没有导出；再试一次，还不行告诉运维。", code="export-died"
            ) from None

    def _drop(self) -> None:
        if self._child is not None:
            self._child.end()
            self._child = None
