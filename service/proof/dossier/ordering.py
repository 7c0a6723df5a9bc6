"""The order of a 卷宗: which act belongs to which part of the file, in the order such files are bound."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import Self


class Group(IntEnum):
    """A part of the file; the number is its place."""

    label: str

    def __new__(cls, place: int, label: str) -> Self:
        member = int.__new__(cls, place)
        member._value_ = place
        member.label = label
        return member

    REGISTRATION = 1, "立项材料"
    ASSIGNMENT = 2, "交办材料"
    WORK = 3, "办理材料"
    VERIFICATION = 4, "报结与核查材料"
    CLOSING = 5, "办结材料"
    LOOKING_BACK = 6, "回头看材料"
    PRESSING = 7, "督促材料"
    CORRECTION = 8, "更正材料"
    OTHER = 9, "其他材料"


_GROUPS: Mapping[Group, tuple[str, ...]] = {
    Group.REGISTRATION: ("matter-registered", "matter-amended", "petitioner-noted", "petitioner-erased"),
    Group.ASSIGNMENT: (
        "matter-assigned",
        "matter-reassigned",
        "assignment-acknowledged",
        "assignment-objected",
        "objection-upheld",
        "objection-dismissed",
        "assignment-recalled",
    ),
    Group.WORK: (
        "plan-submitted",
        "plan-returned",
        "plan-approved",
        "progress-reported",
        "support-requested",
        "support-answered",
        "extension-requested",
        "extension-granted",
        "extension-refused",
        "matter-suspended",
        "matter-resumed",
        "evidence-attached",
    ),
    Group.VERIFICATION: (
        "completion-reported",
        "completion-returned",
        "verification-scheduled",
        "verification-passed",
        "verification-failed",
    ),
    Group.CLOSING: (
        "write-off-approved",
        "write-off-rejected",
        "matter-reopened",
        "result-submitted",
        "leader-acknowledged",
        "leader-instructed-again",
        "matter-cancelled",
        "matter-transferred",
        "matter-merged",
        "matter-absorbed",
        "matter-released",
    ),
    Group.LOOKING_BACK: ("look-back-selected", "look-back-passed", "relapse-found", "look-back-reminded"),
    Group.PRESSING: (
        "matter-urged",
        "due-reminded",
        "overdue-reminded",
        "unsigned-reminded",
        "extension-reminded",
        "verification-reminded",
        "support-reminded",
        "due-date-recomputed",
    ),
    Group.CORRECTION: ("fact-corrected", "evidence-withdrawn"),
}
_OF = {name: group for group, names in _GROUPS.items() for name in names}


def group_of(stored_name: str) -> Group:
    """The part of the file a fact belongs to."""
    return _OF.get(stored_name, Group.OTHER)
