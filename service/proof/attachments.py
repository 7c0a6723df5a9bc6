"""Whether the files the record speaks of are there, byte for byte."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterator
from functools import cache
from typing import Any, get_args, get_type_hints

import msgspec

from events.record.codec import Codec
from events.record.store import Store
from events.record.stretches import Broken
from service.files import FileStore

DIGEST = "sha256"
"""The field by which facts name a file."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A file as a fact names it."""

    position: int
    stream: str
    sha256: str
    name: str


def broken_attachment(store: Store, files: FileStore) -> tuple[Broken | None, int]:
    """The first fact whose file is missing or another, and how many different files were read."""
    seen: set[str] = set()
    for one in named(store):
        if one.sha256 in seen:
            continue
        seen.add(one.sha256)
        path = files.path(one.sha256)
        if not path.is_file():
            return _broken(one, "文件不见了"), len(seen)
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != one.sha256:
                return _broken(one, "内容与登记的摘要不符"), len(seen)
    return None, len(seen)


def named(store: Store) -> Iterator[Named]:
    """Every file named by a fact, in the order of the record."""
    for position, stream, body in store.bodies(with_files(store.codec)):
        for found in _files_in(msgspec.json.decode(body)):
            name = str(found.get("name") or found.get("file_name") or "文件")
            yield Named(position=position, stream=stream, sha256=found[DIGEST], name=name)


@cache
def with_files(codec: Codec) -> tuple[str, ...]:
    """The stored names of the facts that can name a file."""
    return tuple(stored.name for stored in codec.stored if _holds_digest(stored.type))


def _holds_digest(kind: Any) -> bool:
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        hints = get_type_hints(kind)
        return DIGEST in hints or any(_holds_digest(hint) for hint in hints.values())
    return any(_holds_digest(inner) for inner in get_args(kind))


def _files_in(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if isinstance(value.get(DIGEST), str):
            yield value
        for inner in value.values():
            yield from _files_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _files_in(inner)


def _broken(one: Named, what: str) -> Broken:
    return Broken(position=one.position, stream=one.stream, what=f"附件“{one.name}”{what}")
