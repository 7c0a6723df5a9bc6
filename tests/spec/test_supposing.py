"""What rules had a part in is reckoned anew under other rules; the rest stays as people did it."""

from __future__ import annotations

from dataclasses import fields

from events.matter.facts import FACTS
from events.matter.helping import OpinionAsked
from events.matter.looking_back import LookBackSelected
from events.matter.pressing import DueDateRecomputed
from events.matter.supposing import SUPPOSED

RECKONED = {"limit", "due_on", "from_due_on", "look_back_on"}
SAID_BY_PEOPLE = {LookBackSelected, OpinionAsked}
SAID_BY_THE_CLOCK = {DueDateRecomputed}


class TestSupposing:
    def test_knows_every_fact_a_rule_had_a_part_in(self) -> None:
        """换规定重走时，凡记着期限的事实都重新算，人定的日子不动。"""
        reminders = {one.type for one in FACTS if "passed_over" in {f.name for f in fields(one.type)}}
        reckoned = {one.type for one in FACTS if RECKONED & {f.name for f in fields(one.type)}}
        assert set(SUPPOSED) == reckoned - reminders - SAID_BY_PEOPLE - SAID_BY_THE_CLOCK
