"""Log lines: one JSON object each on stderr, readable Chinese, no values of local variables."""

from __future__ import annotations

import json
import logging
import sys
from contextlib import suppress
from typing import Any, TextIO, cast

import structlog


def start_logging(*, level: str = "INFO") -> None:
    """Sets up every logger of the process; libraries' own lines go the same way."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=False),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(serializer=_as_json),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(file=cast("TextIO", _Stderr())),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")


class _Stderr:
    """stderr as it stands when a line is written. A line that cannot be written is lost, never the work it tells of:
    a writer that died of its log would leave every later command waiting."""

    def write(self, line: str) -> None:
        with suppress(OSError, ValueError):
            sys.stderr.write(line)

    def flush(self) -> None:
        with suppress(OSError, ValueError):
            sys.stderr.flush()


def _as_json(value: Any, **_: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
