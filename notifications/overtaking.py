"""Whether a waiting letter is still worth sending: pure questions asked when it is about to leave."""

from __future__ import annotations

from collections.abc import Iterable

from events.matter.pressing import DueReminded, ExtensionReminded, OverdueReminded
from events.matter.state import Matter
from notifications.rules import RULES


def overtaken(rule: str, then: Matter, fact: object, now: Matter) -> bool:
    """Whether a waiting letter is no longer worth sending: the matter has left what it speaks of.

    ``then`` is the matter right after the letter's fact, ``now`` as it is.
    """
    fixed = RULES[rule]
    if fixed.stages is not None and now.stage not in fixed.stages:
        return True
    if not fixed.farewell and then.lead_unit != now.lead_unit:
        return True
    if isinstance(fact, DueReminded | OverdueReminded | ExtensionReminded):
        return fact.due_on != now.due_on
    return not fixed.still(now)


def superseded(rule: str, newer: Iterable[str]) -> bool:
    """Whether a newer letter on the same topic of the same matter to the same post exists."""
    topic = RULES[rule].topic
    return topic is not None and any(RULES[other].topic == topic for other in newer)
