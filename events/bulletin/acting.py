"""What every command on a bulletin, and every fact a person brings about there, have in common."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from events.bulletin.state import Bulletin
from events.record.envelope import Claim, Decision, Draft


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A wish to act on a bulletin. ``basis``, ``expected_version`` and ``on_behalf_of`` ride in the envelope."""

    text: str | None = None


def became(
    bulletin: Bulletin,
    *facts: object,
    claims: tuple[Claim, ...] = (),
    releases: tuple[tuple[str, str], ...] = (),
    answer: Mapping[str, Any] | None = None,
) -> Decision:
    """The decision that these facts happened to the bulletin."""
    drafts = tuple(Draft(stream=bulletin.stream, fact=fact) for fact in facts)
    return Decision(drafts=drafts, claims=claims, releases=releases, answer=answer or {})
