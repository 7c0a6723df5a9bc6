"""Facts to canonical bytes and back: stored names, schema versions and upcasters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]
"""A pure function from the plain body of one schema version to that of the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """How a fact is stored. The name never changes; fields are only added, with defaults.

    ``upcasters[n]`` turns a body of schema ``n`` into one of ``n + 1``; there is one for every schema below
    ``schema``.
    """

    name: str
    type: type[Any]
    schema: int = 1
    upcasters: Mapping[int, Upcaster] = field(default_factory=dict)


class UnknownFact(Exception):
    """The record holds a fact this program does not know: it was written by a newer one."""


class Codec:
    """Encodes and decodes the facts of all aggregates. Bytes are canonical: equal facts give equal bytes."""

    def __init__(self, facts: Iterable[Stored]) -> None:
        self._by_type: dict[type[Any], Stored] = {}
        self._by_name: dict[str, Stored] = {}
        self._decoders: dict[str, msgspec.json.Decoder[Any]] = {}
        for stored in facts:
            if stored.name in self._by_name or stored.type in self._by_type:
                raise ValueError(f"fact {stored.name!r} or its type is registered twice")
            if set(stored.upcasters) != set(range(1, stored.schema)):
                raise ValueError(
                    f"fact {stored.name!r} needs one upcaster for every schema below {stored.schema}"
                )
            self._by_type[stored.type] = stored
            self._by_name[stored.name] = stored
            self._decoders[stored.name] = msgspec.json.Decoder(stored.type)
        self._encoder = msgspec.json.Encoder(order="deterministic")

    @property
    def stored(self) -> tuple[Stored, ...]:
        """Every registered fact, by stored name."""
        return tuple(self._by_name[name] for name in sorted(self._by_name))

    def name_of(self, fact: Any) -> tuple[str, int]:
        """The stored name and the schema version under which a fact is written."""
        stored = self._by_type[type(fact)]
        return stored.name, stored.schema

    def encode(self, fact: Any) -> bytes:
        """The canonical body: JSON, fields in declared order, maps sorted, no white space."""
        return self._encoder.encode(fact)

    def decode(self, name: str, schema: int, body: bytes) -> Any:
        """The fact of a stored body; old schemas are lifted by their upcasters, stored bytes stay untouched.

        Raises UnknownFact for a name or a schema this program does not know.
        """
        stored = self._by_name.get(name)
        if stored is None or schema > stored.schema:
            raise UnknownFact(f"不认识事实 {name} 第 {schema} 版：它由更新的程序写下，请升级后再读")
        if schema == stored.schema:
            return self._decoders[name].decode(body)
        plain: dict[str, Any] = msgspec.json.decode(body)
        for version in range(schema, stored.schema):
            plain = stored.upcasters[version](plain)
        return msgspec.convert(plain, stored.type)


def plain(value: Any) -> Any:
    """A fact or any value in it as plain JSON types, for answers and comparisons."""
    return msgspec.to_builtins(value)
