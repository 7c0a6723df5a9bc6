"""What asking for an extension, granting and refusing it change in a matter's state."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from events.matter import extending as x
from events.matter.effects import Changes, Effect, counted_at, counted_on, handled, limit_set
from events.matter.limits import at_date
from events.matter.state import Extension, Limit, Matter
from events.record.envelope import Recorded


def _extension_requested(matter: Matter, recorded: Recorded) -> Changes:
    fact: x.ExtensionRequested = recorded.fact
    asked = Extension(
        asked_on=counted_on(recorded),
        asked_at=counted_at(recorded),
        until=fact.until,
        reason=fact.reason,
        from_due_on=fact.due_on,
    )
    return {"extensions": (*matter.extensions, asked), **handled(matter, recorded)}


def _extension_granted(matter: Matter, recorded: Recorded) -> Changes:
    fact: x.ExtensionGranted = recorded.fact
    limit: Limit | None = matter.limit
    version = limit.procedure_version if limit is not None else 1
    extended = at_date(limit, fact.until, start_on=counted_on(recorded), version=version)
    return {
        **_extension_decided(matter, recorded, "granted", granted_until=fact.until),
        **limit_set(matter, extended, recorded, "extended"),
    }


def _extension_refused(matter: Matter, recorded: Recorded) -> Changes:
    return _extension_decided(matter, recorded, "refused")


def _extension_decided(matter: Matter, recorded: Recorded, decision: str, **more: Any) -> Changes:
    pending, on = matter.pending_extension, counted_on(recorded)
    return {
        "extensions": tuple(
            replace(extension, decision=decision, decided_on=on, **more)
            if extension is pending
            else extension
            for extension in matter.extensions
        )
    }


EFFECTS: dict[type[Any], Effect] = {
    x.ExtensionRequested: _extension_requested,
    x.ExtensionGranted: _extension_granted,
    x.ExtensionRefused: _extension_refused,
}
