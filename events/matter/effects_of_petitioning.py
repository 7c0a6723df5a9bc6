"""What noting and erasing who told of a matter changes in its state."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from events.matter.effects import Changes, Effect
from events.matter.petitioning import PetitionerErased, PetitionerNoted
from events.matter.state import Matter, Petitioner
from events.record.envelope import Recorded


def _noted(matter: Matter, recorded: Recorded) -> Changes:
    fact: PetitionerNoted = recorded.fact
    one = Petitioner(id=fact.petitioner, kind=fact.kind, sealed=fact.sealed, noted_at=recorded.recorded_at)
    return {"petitioners": (*matter.petitioners, one)}


def _erased(matter: Matter, recorded: Recorded) -> Changes:
    fact: PetitionerErased = recorded.fact
    return {
        "petitioners": tuple(
            replace(one, erased_at=recorded.recorded_at) if one.id == fact.petitioner else one
            for one in matter.petitioners
        )
    }


EFFECTS: dict[type[Any], Effect] = {PetitionerNoted: _noted, PetitionerErased: _erased}
