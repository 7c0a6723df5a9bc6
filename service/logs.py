"""Log lines: one JSON object each on stderr, readable Chinese, no values of local variables."""

from __future__ import annotations

import json
import logging
import sys
from typing import Any

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
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")


def _as_json(value: Any, **_: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
