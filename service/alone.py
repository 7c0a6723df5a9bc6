"""One server at a time on an SQLite file; PostgreSQL takes as many as wanted."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from events.refusals import Conflict
from service.settings import Settings


@contextmanager
def only_server(settings: Settings) -> Iterator[None]:
    """Holds the place of the one server while the block runs. Raises Conflict when another process holds it."""
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
