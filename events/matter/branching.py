"""分办各件的了结如何传到总件: every ending of a part is told to the whole, and the last one ends it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from events.matter.acting import Happened
from events.matter.branches import split_from
from events.matter.closing import MatterReopened, WriteOffApproved
from events.matter.ending import MatterCancelled, MatterMerged, MatterTransferred
from events.matter.state import Matter
from events.matter.surroundings import Surroundings
from events.record.envelope import Decision, Draft
from events.vocabulary import MatterId, Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchEnded(Happened):
    """分件了结: a part ended; ``whole`` is where that leaves the whole, None while other parts are open."""

    branch: MatterId
    number: str
    stage: Stage
    late: bool = False
    whole: Stage | None = None
    whole_late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchReopened(Happened):
    """分件重开: a part goes on; ``whole`` is where that leaves the whole, None where it had not ended."""

    branch: MatterId
    number: str
    whole: Stage | None = None


def told_upward(decision: Decision, matter: Matter, seen: Surroundings) -> Decision:
    """The decision with what it means for every matter this one was split from, in the same act."""
    here = matter
    fact = _ending(decision, matter)
    drafts = list(decision.drafts)
    while fact is not None and (above := split_from(here.id)) is not None:
        whole = seen.others.get(above)
        if whole is None or not whole.branches:
            break
        told, fact = _told(whole, here, fact)
        drafts.append(Draft(stream=whole.stream, fact=told))
        here = whole
    return decision if len(drafts) == len(decision.drafts) else replace(decision, drafts=tuple(drafts))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outcome:
    """What became of a matter: the stage it ended in, or None where it goes on again."""

    stage: Stage | None
    late: bool = False


def _ending(decision: Decision, matter: Matter) -> _Outcome | None:
    for draft in decision.drafts:
        if draft.stream != matter.stream:
            continue
        match draft.fact:
            case WriteOffApproved() as closed:
                return _Outcome(stage=Stage.CLOSED, late=closed.closed_late)
            case MatterCancelled():
                return _Outcome(stage=Stage.CANCELLED)
            case MatterTransferred():
                return _Outcome(stage=Stage.TRANSFERRED)
            case MatterMerged():
                return _Outcome(stage=Stage.MERGED)
            case MatterReopened():
                return _Outcome(stage=None)
            case _:
                continue
    return None


def _told(
    whole: Matter, part: Matter, outcome: _Outcome
) -> tuple[BranchEnded | BranchReopened, _Outcome | None]:
    """What the whole is told, and what that makes of the whole itself (None: it stands as before)."""
    if outcome.stage is None:
        back = whole.ended_from if whole.stage.ended else None
        fact = BranchReopened(branch=part.id, number=part.number, whole=back)
        return fact, _Outcome(stage=None) if back is not None else None
    others = [branch for branch in whole.branches if branch.matter != part.id]
    if any(branch.ended is None for branch in others):
        return BranchEnded(branch=part.id, number=part.number, stage=outcome.stage, late=outcome.late), None
    closed = outcome.stage is Stage.CLOSED or any(branch.ended is Stage.CLOSED for branch in others)
    stage = Stage.CLOSED if closed else Stage.CANCELLED
    late = outcome.late or any(branch.late for branch in others)
    fact_of_last = BranchEnded(
        branch=part.id,
        number=part.number,
        stage=outcome.stage,
        late=outcome.late,
        whole=stage,
        whole_late=late,
    )
    return fact_of_last, _Outcome(stage=stage, late=late)
