"""Where the pages' style sheets and scripts come from, and the addresses that change when their bytes do."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from pathlib import Path

STATIC = Path(__file__).resolve().parent.parent / "static"
"""Our own sheets and scripts, served under ``/static``."""

VENDOR = "vendor/"


@cache
def vendor_files() -> dict[str, Path]:
    """What is served under ``/static/vendor``, by name: package data of what is installed."""
    return {
        "bootstrap.min.css": _package_file("bootstrap", "css", "bootstrap.min.css"),
        "htmx.min.js": _package_file("js_lib_htmx", "static", "htmx", "htmx.min.js"),
    }


@cache
def static_url(name: str) -> str:
    """The address of a file under ``/static``, with a digest of its bytes so that it may be kept for ever."""
    file = vendor_files()[name.removeprefix(VENDOR)] if name.startswith(VENDOR) else STATIC / name
    digest = hashlib.sha256(file.read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


def _package_file(package: str, *below: str) -> Path:
    found = files(package)
    for name in below:
        found = found / name
    return Path(str(found))
