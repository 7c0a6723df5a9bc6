"""What a seal says, and the text it is kept, printed and mailed as: the same lines are what is signed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from events.refusals import Invalid

FORMAT = "duban-seal/1"
_LINE = re.compile(r"^\s*([a-z-]+)[ \t]+(\S.*?)\s*$")
_HEX = re.compile(r"[0-9a-f]+")
_LENGTHS = {"record": 64, "root": 64, "head": 64, "key": 16, "public": 64, "signature": 128}
"""How many hexadecimal digits each of these has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What is signed. Digests are lower-case hexadecimal."""

    record: str
    """Which record: the chain hash of its first fact."""
    algorithm: str
    """Digest of chain and tree: sha256 or sm3."""
    size: int
    """How many facts lie under the seal: those at positions 1 to ``size``."""
    root: str
    """Merkle tree head over their chain hashes (RFC 6962)."""
    head: str
    """Chain hash of the last of them."""
    day: date
    """The Beijing day the seal is of."""
    sealed_at: datetime
    key: str
    """Which key signed: the first 16 digits of the SHA-256 of its public half."""

    def signed(self) -> bytes:
        """The bytes that are signed."""
        return "".join(f"{line}\n" for line in self._lines()).encode("ascii")

    def _lines(self) -> Iterable[str]:
        yield FORMAT
        yield f"record {self.record}"
        yield f"algorithm {self.algorithm}"
        yield f"size {self.size}"
        yield f"root {self.root}"
        yield f"head {self.head}"
        yield f"day {self.day.isoformat()}"
        yield f"sealed-at {self.sealed_at.isoformat()}"
        yield f"key {self.key}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """A statement with the public half of the key that signed it and the signature (Ed25519)."""

    statement: Statement
    public: str
    signature: str

    def text(self) -> str:
        """The seal as lines: what ``read_seal`` reads."""
        signed = self.statement.signed().decode("ascii")
        return f"{signed}public {self.public}\nsignature {self.signature}\n"


def read_seal(text: str, where: str) -> Seal:
    """The seal in a text: a seal's file, or a letter or page in which its lines stand together.

    Raises Invalid ``unreadable-seal`` that names ``where`` and what is missing or spoilt.
    """
    found = dict(_fields(text))
    wanted = ("record", "algorithm", "size", "root", "head", "day", "sealed-at", "key", "public", "signature")
    if missing := [name for name in wanted if name not in found]:
        raise _unreadable(where, f"缺 {'、'.join(missing)}")
    for name, length in _LENGTHS.items():
        if len(found[name]) != length or not _HEX.fullmatch(found[name]):
            raise _unreadable(where, f"{name} 应是 {length} 位十六进制数")
    try:
        statement = Statement(
            record=found["record"],
            algorithm=found["algorithm"],
            size=int(found["size"]),
            root=found["root"],
            head=found["head"],
            day=date.fromisoformat(found["day"]),
            sealed_at=datetime.fromisoformat(found["sealed-at"]),
            key=found["key"],
        )
    except ValueError:
        raise _unreadable(where, "size、day 或 sealed-at 读不出") from None
    if statement.size < 1 or statement.sealed_at.tzinfo is None:
        raise _unreadable(where, "size 应不小于 1，sealed-at 应带时区")
    return Seal(statement=statement, public=found["public"], signature=found["signature"])


def _fields(text: str) -> Mapping[str, str]:
    lines = text.splitlines()
    begins = next((n for n, line in enumerate(lines) if line.strip() == FORMAT), None)
    if begins is None:
        return {}
    found: dict[str, str] = {}
    for line in lines[begins + 1 :]:
        said = _LINE.match(line)
        if said is None:
            if line.strip() and "signature" in found:
                break
            continue
        found.setdefault(said[1], said[2])
    return found


def _unreadable(where: str, what: str) -> Invalid:
    return Invalid(
        f"{where} 不是完整的封存：{what}；换用封存目录里的 .seal 文件或当时的信件原件。",
        code="unreadable-seal",
    )
