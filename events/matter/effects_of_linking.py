"""What 关联 changes in a matter's state."""

from __future__ import annotations

from typing import Any

from events.matter import linking
from events.matter.effects import Changes, Effect
from events.matter.state import Matter
from events.record.envelope import Recorded


def _linked(matter: Matter, recorded: Recorded) -> Changes:
    return {"links": linking.linked(matter, recorded.fact)}


def _unlinked(matter: Matter, recorded: Recorded) -> Changes:
    fact: linking.MatterUnlinked = recorded.fact
    return {"links": tuple(one for one in matter.links if one.other != fact.other)}


EFFECTS: dict[type[Any], Effect] = {
    linking.MatterLinked: _linked,
    linking.MatterUnlinked: _unlinked,
}
