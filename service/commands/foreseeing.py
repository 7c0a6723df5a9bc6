"""What a command would make of its matter now, with nothing written."""

from __future__ import annotations

from dataclasses import dataclass

from events.matter.folding import evolve
from events.matter.state import Matter
from service.commands.performing import Request, prepare, unwritten
from service.runtime import Runtime


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """A matter as it stands, and as the command would leave it."""

    before: Matter
    after: Matter


def foresee(runtime: Runtime, request: Request) -> Foreseen:
    """Decides a command and forgets the decision. Raises the Refusal the command would meet."""
    prepared = prepare(runtime, request)
    loaded = {stream: runtime.handling.load(stream) for stream in prepared.streams}
    decision = prepared.decide(loaded)
    before: Matter = loaded[prepared.streams[0]].state
    after = before
    for draft in decision.drafts:
        if draft.stream == before.stream:
            after = evolve(after, unwritten(after, draft.fact, decision, prepared.envelope))
    return Foreseen(before=before, after=after)
