"""相似事项 of a matter: its own wording, and the matters it is known to belong with."""

from __future__ import annotations

from events.matter.branches import lines_above
from events.matter.state import Matter
from events.vocabulary import MatterId
from projections.likeness import Alike, Wording


def wording_of(matter: Matter) -> Wording:
    """What a matter is about."""
    return Wording(
        title=matter.title, problem=matter.problem, place=matter.place or "", object=matter.object or ""
    )


def family_of(matter: Matter) -> tuple[MatterId, ...]:
    """The matter, what it is a part of, what it relapsed from or into: like it for a reason everybody knows."""
    named = (matter.id, matter.relapse_of, matter.relapse_matter, matter.merged_into)
    return (*(one for one in named if one is not None), *lines_above(matter.id), *matter.absorbed)


def why_alike(agreed: Alike) -> str:
    """“同一对象、同一地点，文字 72% 相同”."""
    same = [word for word, is_ in (("同一对象", agreed.same_object), ("同一地点", agreed.same_place)) if is_]
    words = f"文字 {agreed.words}% 相同" if agreed.words else ""
    return "，".join(part for part in ("、".join(same), words) if part)
