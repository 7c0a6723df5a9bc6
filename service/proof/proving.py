"""Inclusion proofs: that each fact of a matter lies under a seal, checkable by anyone with the seal alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from events.record.envelope import Recorded
from events.record.proving import Tree, tree_with_root
from events.record.store import CorruptRecord, Store
from events.refusals import Conflict, NotFound
from events.vocabulary import MatterId
from service.proof.sealing import KeptSeal, seals_upto

FORMAT = "duban-proof/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """A fact and its audit path to the seal's root, nearest sibling first."""

    recorded: Recorded
    path: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Facts under one seal. ``later`` are those recorded after it."""

    subject: str
    """What they are about: a matter's id, or what a dossier is called."""
    kept: KeptSeal
    proven: tuple[Proven, ...]
    later: tuple[Recorded, ...]
    growth: tuple[tuple[KeptSeal, tuple[bytes, ...]], ...]
    """Earlier seals since the matter's first fact, each with the proof that this seal's tree began with its own."""

    def plain(self) -> dict[str, Any]:
        """As JSON types; digests in hexadecimal."""
        return {
            "format": FORMAT,
            "subject": self.subject,
            "seal": self.kept.seal.text(),
            "facts": [
                {
                    "position": one.recorded.position,
                    "version": one.recorded.version,
                    "type": one.recorded.type,
                    "hash": one.recorded.hash.hex(),
                    "path": [digest.hex() for digest in one.path],
                }
                for one in self.proven
            ],
            "later": [one.position for one in self.later],
            "growth": [
                {"seal": kept.seal.text(), "path": [digest.hex() for digest in path]}
                for kept, path in self.growth
            ],
        }


def prove(store: Store, matter: MatterId, up_to: int | None = None) -> Proof:
    """Proofs for every sealed fact of a matter, under the newest seal; ``up_to``: as of that position.

    Raises NotFound for an unknown matter, Conflict ``not-sealed`` before its first seal or where the record no longer
    bears its seal out.
    """
    facts = store.stream(f"matter-{matter}", up_to=up_to)
    if not facts:
        raise NotFound(f"没有编号为 {matter} 的事项；用台账里的编号（如 2026-00007）或事项的 id。")
    seals = seals_upto(store, up_to)
    if not seals or facts[0].position > seals[-1].fact.size:
        raise Conflict("这件事项还没有封存过；等当日的封存（走钟时自动做）之后再出证明。", code="not-sealed")
    return prove_facts(store, matter, facts, seals)


def prove_facts(store: Store, subject: str, facts: Sequence[Recorded], seals: Sequence[KeptSeal]) -> Proof:
    """As ``prove``, for facts and seals at hand."""
    last = seals[-1]
    size, root = last.fact.size, bytes.fromhex(last.fact.root)
    try:
        tree = tree_with_root(store, size, root)
    except CorruptRecord as corrupt:
        raise Conflict(
            f"记录与 {last.fact.day} 的封存不符：{corrupt.what}；先运行 duban verify 查明，再出证明。",
            code="not-sealed",
        ) from corrupt
    proven = tuple(
        Proven(recorded=one, path=tree.inclusion(one.position)) for one in facts if one.position <= size
    )
    return Proof(
        subject=subject,
        kept=last,
        proven=proven,
        later=tuple(one for one in facts if one.position > size),
        growth=_growth(tree, facts, seals),
    )


def _growth(
    tree: Tree, facts: Sequence[Recorded], seals: Sequence[KeptSeal]
) -> tuple[tuple[KeptSeal, tuple[bytes, ...]], ...]:
    first = facts[0].position
    return tuple(
        (one, tree.consistency(one.fact.size)) for one in seals[:-1] if first <= one.fact.size < tree.size
    )
