"""Facts nobody is written to about: the other half of ``policy.TELLINGS``."""

from __future__ import annotations

from typing import Any

from events.matter import (
    assigning,
    branching,
    circulating,
    correcting,
    desk,
    evidencing,
    helping,
    linking,
    petitioning,
    rectifying,
    registering,
)

UNTOLD: frozenset[type[Any]] = frozenset(
    {
        registering.MatterRegistered,
        correcting.MatterAmended,
        assigning.AssignmentAcknowledged,
        rectifying.ProgressReported,
        evidencing.EvidenceAttached,
        branching.BranchEnded,
        branching.BranchReopened,
        helping.HelpAcknowledged,
        helping.CoSigned,
        desk.MatterHandedOver,
        desk.KeyCaseMarked,
        linking.MatterLinked,
        linking.MatterUnlinked,
        petitioning.PetitionerNoted,
        petitioning.PetitionerErased,
        circulating.MatterNamed,
    }
)
"""Facts that are seen on the timeline and the workplace, and cause no letter."""
