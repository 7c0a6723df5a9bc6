"""What noting and erasing who told of a matter says in words; never a name."""

from __future__ import annotations

from collections.abc import Iterator

from events.matter.petitioning import PetitionerErased, PetitionerNoted
from events.matter.words import Names, sentence


def noted(fact: PetitionerNoted, names: Names) -> Iterator[str]:  # noqa: ARG001 - the shape of a saying
    """登记来信人."""
    yield f"登记{fact.kind.label}一名（{tail(fact.petitioner)}），姓名、电话加密存放，查看要留痕。"


def erased(fact: PetitionerErased, names: Names) -> Iterator[str]:  # noqa: ARG001 - the shape of a saying
    """销毁来信人信息."""
    yield f"来信人（{tail(fact.petitioner)}）的钥匙已销毁，姓名、电话从此谁也读不出。"
    yield sentence(f"理由：{fact.reason}")


def tail(petitioner: str) -> str:
    """The end of an id, by which people tell one from another."""
    return petitioner[-6:]
