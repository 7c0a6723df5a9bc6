"""What the facts of 审批 say in words."""

from __future__ import annotations

from collections.abc import Iterator

from events.matter import approving
from events.matter.words import Names, sentence


def proposed(fact: approving.HandlingProposed, names: Names) -> Iterator[str]:
    """拟办意见."""
    yield sentence(fact.text)
    with_units = f"，配合{names.units(fact.co_units)}" if fact.co_units else ""
    limit = f"，时限{fact.time_limit}" if fact.time_limit else ""
    if fact.lead_unit is not None:
        yield f"拟由{names.unit(fact.lead_unit)}牵头{with_units}{limit}。"
    elif limit:
        yield f"拟定时限{fact.time_limit}。"
    if fact.quality_requirement:
        yield sentence(f"质量要求：{fact.quality_requirement}")
