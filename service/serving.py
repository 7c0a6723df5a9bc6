"""Serving: one process on SQLite, refused twice; as many as wanted on PostgreSQL."""

from __future__ import annotations

import fcntl
import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog
import uvicorn

from events.refusals import Conflict
from service.app import make_app
from service.runtime import open_runtime
from service.settings import Settings

log = structlog.get_logger("duban.serve")


def serve(settings: Settings, *, host: str | None, port: int | None, role: str) -> int:
    """Serves until stopped. Raises Conflict when another server holds the same SQLite file."""
    with _only_server(settings):
        runtime = open_runtime(settings, on_broken=_leave)
        app = make_app(runtime, jobs=role in ("worker", "all") and runtime.clock.runs, pages=role != "worker")
        config = uvicorn.Config(
            app,
            host=host or settings.web.host,
            port=settings.web.port if port is None else port,
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=10,
        )
        _Server(config).run()
    return 0


class _Server(uvicorn.Server):
    """Says so when the port listens."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            print(f"督办已开：http://{self.config.host}:{self.config.port}", flush=True)  # noqa: T201 - awaited


@contextmanager
def _only_server(settings: Settings) -> Iterator[None]:
    if not settings.database_url.startswith("sqlite"):
        yield
        return
    path = Path(settings.database_url.partition(":///")[2]).with_suffix(".lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Conflict(
                f"这份 SQLite 记录已有一个服务在用（{path}）；先停掉它，多进程服务请改用 PostgreSQL。",
                code="already-served",
            ) from None
        yield


def _leave(error: BaseException) -> None:
    """After a disk error the page cache can no longer be trusted: stop at once and be started anew."""
    log.critical("the disk failed, stopping", error=repr(error))
    os.kill(os.getpid(), signal.SIGTERM)
