"""来信来访人、被访户: who told of a matter, kept so that the name can be made unreadable for ever."""

from __future__ import annotations

import re
from dataclasses import dataclass

from events.matter.acting import Command, Happened, became
from events.matter.checking import required
from events.matter.state import Matter
from events.matter.surroundings import Surroundings
from events.record.envelope import Decision
from events.refusals import Conflict, Invalid
from events.vocabulary import PetitionerId, PetitionerKind

LONGEST_NAME = 40
_PHONE = re.compile(r"\+?[0-9][0-9 \-]{4,19}")


@dataclass(frozen=True, slots=True, kw_only=True)
class NotePetitioner(Command):
    """Note who told of the matter. ``petitioner`` names somebody noted before, whose key is used again."""

    name: str
    phone: str | None = None
    kind: PetitionerKind = PetitionerKind.PETITIONER
    petitioner: PetitionerId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasePetitioner(Command):
    """Make what was noted of a person unreadable for ever, in this matter and every other."""

    petitioner: PetitionerId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PetitionerNoted(Happened):
    """登记来信人: name and phone, encrypted with the person's own key, which is not in the record."""

    petitioner: PetitionerId
    kind: PetitionerKind
    sealed: str
    """AES-256-GCM under the person's key, base64: nonce, then the padded text with its tag."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PetitionerErased(Happened):
    """销毁来信人信息: the person's key is destroyed; from here on nobody reads name or phone."""

    petitioner: PetitionerId
    reason: str


def note_petitioner(command: NotePetitioner, matter: Matter, seen: Surroundings) -> Decision:
    """登记来信人. The text was sealed before; it never enters the fact in clear."""
    name = required(command.name, "姓名").strip()
    if len(name) > LONGEST_NAME:
        raise Invalid(
            f"姓名有{len(name)}字，超过{LONGEST_NAME}字；只写姓名，情况写在问题里。", code="too-long"
        )
    if command.phone and not _PHONE.fullmatch(command.phone.strip()):
        raise Invalid(
            "电话只能写数字、空格、短横，5 到 20 位；几个号码分几次登记。", code="bad-phone", field="phone"
        )
    if seen.sealed is None:
        raise Invalid(
            "没有这个来信人，或其信息已销毁；不要写 petitioner，作为新的来信人登记。",
            code="unknown-petitioner",
            field="petitioner",
        )
    petitioner, sealed = seen.sealed
    return became(
        matter,
        PetitionerNoted(
            petitioner=petitioner,
            kind=command.kind,
            sealed=sealed,
            text=command.text,
            effective_at=seen.effective_at,
        ),
        answer={"petitioner": petitioner},
    )


def erase_petitioner(command: ErasePetitioner, matter: Matter, seen: Surroundings) -> Decision:
    """销毁来信人信息, with the reason."""
    known = [one for one in matter.petitioners if one.id == command.petitioner]
    if not known:
        raise Invalid(
            "本件没有登记过这个来信人；到“来信人”一页选要销毁的那一个。",
            code="unknown-petitioner",
            field="petitioner",
        )
    if all(one.erased_at is not None for one in known):
        raise Conflict("这个来信人的信息已经销毁，不用再办。", code="already-so")
    return became(
        matter,
        PetitionerErased(
            petitioner=command.petitioner,
            reason=required(command.reason, "理由"),
            text=command.text,
            effective_at=seen.effective_at,
        ),
    )


def has_petitioners(matter: Matter, seen: Surroundings) -> None:  # noqa: ARG001 - the shape of a requirement
    """Refuses where nobody is noted whose key still stands."""
    if all(one.erased_at is not None for one in matter.petitioners):
        raise Conflict("本件没有登记来信人，或都已销毁，没有可销毁的。", code="no-petitioner")
