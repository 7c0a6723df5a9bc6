"""Who told of a matter: sealing names before they reach a decision, opening them for those who may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from uuid_utils.compat import uuid7

from events.matter.petitioning import ErasePetitioner, NotePetitioner
from events.matter.state import Matter
from events.refusals import Refusal, Unavailable
from events.vocabulary import OFFICE, PetitionerId, PetitionerKind, Role
from service.vault import Vault

SEE_PETITIONERS = (*OFFICE, Role.LEADER, Role.AUDITOR)
"""Who may read names and phones: never the unit that is told of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One person as shown: name and phone are None where the key is destroyed."""

    id: PetitionerId
    kind: PetitionerKind
    noted_at: datetime
    erased_at: datetime | None
    name: str | None
    phone: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealing:
    """What was sealed for one command: whose, the text, and whether the key is new."""

    person: PetitionerId
    text: str
    new: bool


def sealing_of(vault: Vault, command: object) -> Sealing | None:
    """Seals the name a command brings; None for any other command, or where the person named is not known.

    Raises Unavailable where the key cannot be kept.
    """
    if not isinstance(command, NotePetitioner):
        return None
    person = command.petitioner or PetitionerId(uuid7().hex)
    if command.petitioner is not None and not vault.knows(person):
        return None
    said = {"name": command.name.strip(), "phone": (command.phone or "").strip()}
    try:
        text = vault.seal(person, said)
    except OSError as error:
        raise Unavailable(
            "钥匙存不下，来信人没有登记；请运维查看封存钥匙目录的磁盘和权限。", code="no-vault"
        ) from error
    return Sealing(person=person, text=text, new=command.petitioner is None)


def drop(vault: Vault, sealing: Sealing | None, refused: Refusal) -> None:
    """After a no: the new key is of no use, unless it is not certain that nothing was written."""
    if sealing is not None and sealing.new and not isinstance(refused, Unavailable):
        vault.destroy(sealing.person)


def settle(vault: Vault, command: object, sealing: Sealing | None, answer: Mapping[str, Any]) -> None:
    """After a yes: a repeat's new key is dropped, and that of a person erased is destroyed."""
    if sealing is not None and sealing.new and answer.get("petitioner") != sealing.person:
        vault.destroy(sealing.person)
    if isinstance(command, ErasePetitioner):
        vault.destroy(command.petitioner)


def petitioners_of(vault: Vault, matter: Matter) -> tuple[Shown, ...]:
    """Everybody noted with a matter; a key that should be gone by its fact is destroyed on the way."""
    return tuple(_shown(vault, matter, place) for place in range(len(matter.petitioners)))


def _shown(vault: Vault, matter: Matter, place: int) -> Shown:
    one = matter.petitioners[place]
    if one.erased_at is not None:
        vault.destroy(one.id)
    said = None if one.erased_at is not None else vault.open(one.id, one.sealed)
    return Shown(
        id=one.id,
        kind=one.kind,
        noted_at=one.noted_at,
        erased_at=one.erased_at,
        name=said.get("name") if said else None,
        phone=said.get("phone") or None if said else None,
    )
