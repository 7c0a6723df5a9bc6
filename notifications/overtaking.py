"""Whether a waiting letter is still worth sending: pure questions asked when it is about to leave."""

from __future__ import annotations

from collections.abc import Iterable

from events.matter.helping import OpinionAsked
from events.matter.pressing import DueReminded, ExtensionReminded, OpinionReminded, OverdueReminded
from events.matter.state import Matter
from events.vocabulary import UnitId
from notifications.rules import RULES


def overtaken(rule: str, then: Matter, fact: object, now: Matter, unit: UnitId | None = None) -> bool:
    """Whether a waiting letter is no longer worth sending: the matter has left what it speaks of.

    ``then`` is the matter right after the letter's fact, ``now`` as it is; ``unit`` is the one addressed.
    """
    fixed = RULES[rule]
    if fixed.stages is not None and now.stage not in fixed.stages:
        return True
    if not fixed.farewell and then.lead_unit != now.lead_unit:
        return True
    if isinstance(fact, DueReminded | OverdueReminded | ExtensionReminded):
        return fact.due_on != now.due_on
    if isinstance(fact, OpinionAsked | OpinionReminded):
        return all(part.unit != unit or part.waited_for_on != fact.due_on for part in now.helping)
    return not fixed.still(now)


def superseded(rule: str, newer: Iterable[str]) -> bool:
    """Whether a newer letter on the same topic of the same matter to the same post exists."""
    topic = RULES[rule].topic
    return topic is not None and any(RULES[other].topic == topic for other in newer)
