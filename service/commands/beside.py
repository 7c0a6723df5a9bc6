"""Which matters beside its own a command depends on, and what of them must still hold when it is written."""

from __future__ import annotations

from collections.abc import Iterator

from events.matter.acting import Command
from events.matter.branches import lines_above
from events.matter.closing import ApproveWriteOff, ReopenMatter
from events.matter.correcting import AmendMatter
from events.matter.ending import CancelMatter, MergeMatter, TransferMatter
from events.matter.linking import LinkMatter, UnlinkMatter
from events.matter.registering import RegisterMatter
from events.matter.state import Matter
from events.record.admitting import Guard, VersionConflict
from events.record.handling import Handling
from events.record.sql import Driver
from events.vocabulary import MatterId
from projections import lists

CHILDREN_FIRST = (ApproveWriteOff, CancelMatter, TransferMatter, MergeMatter)
"""Commands that end a matter, which none does before its children."""
ENDING = (*CHILDREN_FIRST, ReopenMatter)
"""Commands that end a matter or take an ending back: what it was split from is told in the same act."""


def matters_beside(command: Command, matter: MatterId, handling: Handling) -> tuple[MatterId, ...]:
    """The other matters that are loaded with a command's own and must not move until it is written."""
    if isinstance(command, ReopenMatter):
        return tuple(_around(matter, handling))
    return (*_named(command, handling), *(lines_above(matter) if isinstance(command, ENDING) else ()))


def no_child_slips_in(command: Command, matter: MatterId) -> Guard | None:
    """Between the decision to end a matter and the commit nobody hangs an open one under it."""
    if not isinstance(command, CHILDREN_FIRST):
        return None

    def childless(driver: Driver) -> None:
        if lists.open_children(driver, matter):
            raise VersionConflict(f"matter-{matter}", 0, 0)

    return childless


def _named(command: Command, handling: Handling) -> tuple[MatterId, ...]:
    if isinstance(command, MergeMatter):
        return (command.into,)
    if isinstance(command, LinkMatter | UnlinkMatter):
        return (command.to,)
    if isinstance(command, RegisterMatter) and command.parent is not None:
        return (command.parent,)
    if isinstance(command, AmendMatter) and isinstance(command.fields.get("parent"), str):
        return tuple(_upward(MatterId(command.fields["parent"]), handling))
    return ()


def _around(matter: MatterId, handling: Handling) -> Iterator[MatterId]:
    """All above a matter, and what it was merged into."""
    state: Matter = handling.load(f"matter-{matter}").state
    above = () if state.parent is None else tuple(_upward(state.parent, handling))
    yield from above
    if state.merged_into is not None and state.merged_into not in above:
        yield state.merged_into


def _upward(matter: MatterId, handling: Handling) -> Iterator[MatterId]:
    """A matter and all above it, as long as there are any and none comes twice."""
    gone: set[MatterId] = set()
    above: MatterId | None = matter
    while above is not None and above not in gone:
        yield above
        gone.add(above)
        state: Matter = handling.load(f"matter-{above}").state
        above = state.parent
