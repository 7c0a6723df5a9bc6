"""Every fact a matter's stream may hold, with the name it is stored under."""

from __future__ import annotations

from typing import Union

from events.matter.approving import (
    HandlingApproved,
    HandlingProposed,
    HandlingReturned,
    RegistrationApproved,
    RegistrationProposed,
    RegistrationRejected,
)
from events.matter.assigning import (
    AssignmentAcknowledged,
    AssignmentObjected,
    MatterAssigned,
    MatterReassigned,
    ObjectionDismissed,
    ObjectionUpheld,
)
from events.matter.branching import BranchEnded, BranchReopened
from events.matter.circulating import MatterNamed
from events.matter.closing import MatterReopened, WriteOffApproved, WriteOffRejected
from events.matter.correcting import FactCorrected, MatterAmended
from events.matter.desk import KeyCaseMarked, MatterHandedOver
from events.matter.ending import (
    MatterAbsorbed,
    MatterCancelled,
    MatterMerged,
    MatterReleased,
    MatterTransferred,
)
from events.matter.evidencing import EvidenceAttached
from events.matter.extending import ExtensionGranted, ExtensionRefused, ExtensionRequested
from events.matter.helping import CoSigned, HelpAcknowledged, OpinionAsked, OpinionGiven
from events.matter.leading import (
    LeaderAcknowledged,
    LeaderInstructed,
    LeaderInstructedAgain,
    ResultSubmitted,
)
from events.matter.linking import MatterLinked, MatterUnlinked
from events.matter.looking_back import LookBackPassed, LookBackSelected, RelapseFound
from events.matter.petitioning import PetitionerErased, PetitionerNoted
from events.matter.pressing import (
    DueDateRecomputed,
    DueReminded,
    ExtensionReminded,
    LookBackReminded,
    MatterUrged,
    OpinionReminded,
    OverdueReminded,
    SupportReminded,
    UnsignedReminded,
    VerificationReminded,
)
from events.matter.rectifying import (
    PlanApproved,
    PlanReturned,
    PlanSubmitted,
    ProgressReported,
    SupportAnswered,
    SupportRequested,
)
from events.matter.registering import MatterRegistered
from events.matter.reporting import CompletionReported, CompletionReturned
from events.matter.splitting import MatterSplit
from events.matter.suspending import MatterResumed, MatterSuspended
from events.matter.verifying import VerificationFailed, VerificationPassed, VerificationScheduled
from events.matter.withdrawing import AssignmentRecalled, EvidenceWithdrawn
from events.record.codec import Stored

Fact = Union[  # noqa: UP007 - a union of forty reads better one a line
    MatterRegistered,
    MatterAmended,
    MatterAssigned,
    MatterReassigned,
    AssignmentAcknowledged,
    AssignmentObjected,
    ObjectionUpheld,
    ObjectionDismissed,
    PlanSubmitted,
    PlanReturned,
    PlanApproved,
    ProgressReported,
    SupportRequested,
    SupportAnswered,
    ExtensionRequested,
    ExtensionGranted,
    ExtensionRefused,
    MatterSuspended,
    MatterResumed,
    EvidenceAttached,
    CompletionReported,
    CompletionReturned,
    VerificationScheduled,
    VerificationPassed,
    VerificationFailed,
    WriteOffApproved,
    WriteOffRejected,
    MatterReopened,
    LookBackSelected,
    LookBackPassed,
    RelapseFound,
    ResultSubmitted,
    LeaderInstructed,
    LeaderAcknowledged,
    LeaderInstructedAgain,
    MatterCancelled,
    MatterTransferred,
    MatterMerged,
    MatterAbsorbed,
    MatterUrged,
    DueReminded,
    OverdueReminded,
    UnsignedReminded,
    ExtensionReminded,
    VerificationReminded,
    LookBackReminded,
    DueDateRecomputed,
    MatterNamed,
    FactCorrected,
    PetitionerNoted,
    PetitionerErased,
    MatterSplit,
    BranchEnded,
    BranchReopened,
    HelpAcknowledged,
    OpinionGiven,
    OpinionAsked,
    CoSigned,
    OpinionReminded,
    MatterHandedOver,
    KeyCaseMarked,
    RegistrationProposed,
    RegistrationApproved,
    RegistrationRejected,
    HandlingProposed,
    HandlingApproved,
    HandlingReturned,
    AssignmentRecalled,
    EvidenceWithdrawn,
    MatterReleased,
    SupportReminded,
    MatterLinked,
    MatterUnlinked,
]

FACTS: tuple[Stored, ...] = (
    Stored(name="matter-registered", type=MatterRegistered),
    Stored(name="matter-amended", type=MatterAmended),
    Stored(name="matter-assigned", type=MatterAssigned),
    Stored(name="matter-reassigned", type=MatterReassigned),
    Stored(name="assignment-acknowledged", type=AssignmentAcknowledged),
    Stored(name="assignment-objected", type=AssignmentObjected),
    Stored(name="objection-upheld", type=ObjectionUpheld),
    Stored(name="objection-dismissed", type=ObjectionDismissed),
    Stored(name="plan-submitted", type=PlanSubmitted),
    Stored(name="plan-returned", type=PlanReturned),
    Stored(name="plan-approved", type=PlanApproved),
    Stored(name="progress-reported", type=ProgressReported),
    Stored(name="support-requested", type=SupportRequested),
    Stored(name="support-answered", type=SupportAnswered),
    Stored(name="extension-requested", type=ExtensionRequested),
    Stored(name="extension-granted", type=ExtensionGranted),
    Stored(name="extension-refused", type=ExtensionRefused),
    Stored(name="matter-suspended", type=MatterSuspended),
    Stored(name="matter-resumed", type=MatterResumed),
    Stored(name="evidence-attached", type=EvidenceAttached),
    Stored(name="completion-reported", type=CompletionReported),
    Stored(name="completion-returned", type=CompletionReturned),
    Stored(name="verification-scheduled", type=VerificationScheduled),
    Stored(name="verification-passed", type=VerificationPassed),
    Stored(name="verification-failed", type=VerificationFailed),
    Stored(name="write-off-approved", type=WriteOffApproved),
    Stored(name="write-off-rejected", type=WriteOffRejected),
    Stored(name="matter-reopened", type=MatterReopened),
    Stored(name="look-back-selected", type=LookBackSelected),
    Stored(name="look-back-passed", type=LookBackPassed),
    Stored(name="relapse-found", type=RelapseFound),
    Stored(name="result-submitted", type=ResultSubmitted),
    Stored(name="leader-acknowledged", type=LeaderAcknowledged),
    Stored(name="leader-instructed", type=LeaderInstructed),
    Stored(name="leader-instructed-again", type=LeaderInstructedAgain),
    Stored(name="matter-cancelled", type=MatterCancelled),
    Stored(name="matter-transferred", type=MatterTransferred),
    Stored(name="matter-merged", type=MatterMerged),
    Stored(name="matter-absorbed", type=MatterAbsorbed),
    Stored(name="matter-urged", type=MatterUrged),
    Stored(name="due-reminded", type=DueReminded),
    Stored(name="overdue-reminded", type=OverdueReminded),
    Stored(name="unsigned-reminded", type=UnsignedReminded),
    Stored(name="extension-reminded", type=ExtensionReminded),
    Stored(name="verification-reminded", type=VerificationReminded),
    Stored(name="look-back-reminded", type=LookBackReminded),
    Stored(name="due-date-recomputed", type=DueDateRecomputed),
    Stored(name="matter-named", type=MatterNamed),
    Stored(name="fact-corrected", type=FactCorrected),
    Stored(name="matter-split", type=MatterSplit),
    Stored(name="branch-ended", type=BranchEnded),
    Stored(name="branch-reopened", type=BranchReopened),
    Stored(name="help-acknowledged", type=HelpAcknowledged),
    Stored(name="opinion-given", type=OpinionGiven),
    Stored(name="opinion-asked", type=OpinionAsked),
    Stored(name="co-signed", type=CoSigned),
    Stored(name="opinion-reminded", type=OpinionReminded),
    Stored(name="petitioner-noted", type=PetitionerNoted),
    Stored(name="petitioner-erased", type=PetitionerErased),
    Stored(name="matter-handed-over", type=MatterHandedOver),
    Stored(name="key-case-marked", type=KeyCaseMarked),
    Stored(name="registration-proposed", type=RegistrationProposed),
    Stored(name="registration-approved", type=RegistrationApproved),
    Stored(name="registration-rejected", type=RegistrationRejected),
    Stored(name="handling-proposed", type=HandlingProposed),
    Stored(name="handling-approved", type=HandlingApproved),
    Stored(name="handling-returned", type=HandlingReturned),
    Stored(name="assignment-recalled", type=AssignmentRecalled),
    Stored(name="evidence-withdrawn", type=EvidenceWithdrawn),
    Stored(name="matter-released", type=MatterReleased),
    Stored(name="support-reminded", type=SupportReminded),
    Stored(name="matter-linked", type=MatterLinked),
    Stored(name="matter-unlinked", type=MatterUnlinked),
)

NAMES: dict[type[object], str] = {stored.type: stored.name for stored in FACTS}
"""Type → stored name."""
