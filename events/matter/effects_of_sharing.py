"""What 分办、配合、交接 change in a matter's state."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from events.matter import branching, desk, helping, splitting
from events.matter.branches import Helping
from events.matter.effects import Changes, Effect, counted_at, extensions_lapsed, handled
from events.matter.effects_of_working import support_lapsed
from events.matter.state import Matter
from events.record.envelope import Recorded
from events.vocabulary import Stage, UnitId


def _split(matter: Matter, recorded: Recorded) -> Changes:
    fact: splitting.MatterSplit = recorded.fact
    return {
        "stage": Stage.RECTIFYING,
        "branches": (*matter.branches, *fact.branches),
        "handling_units": matter.handling_units.union(
            one.unit for one in fact.branches if one.unit is not None
        ),
        "lead_unit": None,
        "co_units": (),
        "helping": (),
        "person": None,
        "limit": None,
        "first_assigned_on": None,
        "assigned_at": None,
        "acknowledged_at": None,
        "plan": None,
        **support_lapsed(matter),
        "rungs": (),
        **extensions_lapsed(matter),
    }


def _branch_ended(matter: Matter, recorded: Recorded) -> Changes:
    fact: branching.BranchEnded = recorded.fact
    branches = tuple(
        replace(branch, ended=fact.stage, late=fact.late) if branch.matter == fact.branch else branch
        for branch in matter.branches
    )
    if fact.whole is None:
        return {"branches": branches}
    closed = fact.whole is Stage.CLOSED
    at = counted_at(recorded)
    return {
        "branches": branches,
        "stage": fact.whole,
        "ended_from": matter.stage,
        "ended_at": at,
        "closed_at": at if closed else None,
        "closed_by": recorded.actor if closed else None,
        "closed_late": matter.closed_late or fact.whole_late,
        "ever_closed": closed,
    }


def _branch_reopened(matter: Matter, recorded: Recorded) -> Changes:
    fact: branching.BranchReopened = recorded.fact
    branches = tuple(
        replace(branch, ended=None, late=False) if branch.matter == fact.branch else branch
        for branch in matter.branches
    )
    if fact.whole is None:
        return {"branches": branches}
    return {
        "branches": branches,
        "stage": fact.whole,
        "ended_from": None,
        "ended_at": None,
        "closed_at": None,
        "closed_by": None,
        "ever_closed": False,
    }


def _help_acknowledged(matter: Matter, recorded: Recorded) -> Changes:
    fact: helping.HelpAcknowledged = recorded.fact
    return _part(matter, recorded, fact.unit, acknowledged_at=counted_at(recorded))


def _opinion_given(matter: Matter, recorded: Recorded) -> Changes:
    fact: helping.OpinionGiven = recorded.fact
    return _part(matter, recorded, fact.unit, opinion_at=counted_at(recorded), opinion=fact.text)


def _co_signed(matter: Matter, recorded: Recorded) -> Changes:
    fact: helping.CoSigned = recorded.fact
    return _part(matter, recorded, fact.unit, co_signed_at=counted_at(recorded))


def _part(matter: Matter, recorded: Recorded, unit: UnitId, **said: Any) -> Changes:
    parts = tuple(replace(part, **said) if part.unit == unit else part for part in matter.helping)
    return {"helping": parts, **handled(matter, recorded)}


def _opinion_asked(matter: Matter, recorded: Recorded) -> Changes:
    fact: helping.OpinionAsked = recorded.fact
    return {
        "helping": tuple(
            Helping(unit=part.unit, due_on=fact.due_on, acknowledged_at=part.acknowledged_at)
            if part.unit in fact.units
            else part
            for part in matter.helping
        )
    }


def _handed_over(matter: Matter, recorded: Recorded) -> Changes:  # noqa: ARG001 - the shape of an effect
    fact: desk.MatterHandedOver = recorded.fact
    return {"handler": fact.to}


def _key_case(matter: Matter, recorded: Recorded) -> Changes:  # noqa: ARG001 - the shape of an effect
    fact: desk.KeyCaseMarked = recorded.fact
    return {"key_case": fact.key_case}


EFFECTS: dict[type[Any], Effect] = {
    splitting.MatterSplit: _split,
    branching.BranchEnded: _branch_ended,
    branching.BranchReopened: _branch_reopened,
    helping.HelpAcknowledged: _help_acknowledged,
    helping.OpinionGiven: _opinion_given,
    helping.OpinionAsked: _opinion_asked,
    helping.CoSigned: _co_signed,
    desk.MatterHandedOver: _handed_over,
    desk.KeyCaseMarked: _key_case,
}
