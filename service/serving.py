"""Serving: one process on SQLite, refused twice; as many as wanted on PostgreSQL."""

from __future__ import annotations

import os
import signal
import socket
import sys

import structlog
import uvicorn

from service.alone import only_server
from service.app import make_app
from service.runtime import open_runtime
from service.settings import Settings

TURN_SECONDS = 0.0005
"""How long one thread may keep the interpreter while another waits for it.

The writer gives it up at every row it hands to the database. At Python's 5 ms it would wait so long for the requests
that are read meanwhile, row after row, that a commit took tenths of a second.
"""

log = structlog.get_logger("duban.serve")


def serve(settings: Settings, *, host: str | None, port: int | None, role: str) -> int:
    """Serves until stopped. Raises Conflict when another server holds the same SQLite file."""
    sys.setswitchinterval(TURN_SECONDS)
    with only_server(settings):
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


def _leave(error: BaseException) -> None:
    """After a disk error the page cache can no longer be trusted: stop at once and be started anew."""
    log.critical("the disk failed, stopping", error=repr(error))
    os.kill(os.getpid(), signal.SIGTERM)
