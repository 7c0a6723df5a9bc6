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
    DRAFTING = 11, "拟稿与核数材料"
    SIGNING = 12, "会签、批准与签发材料"
    ISSUE = 13, "印发材料"
    RECEIPT = 14, "签收材料"
    ENDING = 15, "更正与撤回材料"


_GROUPS: Mapping[Group, tuple[str, ...]] = {
    Group.REGISTRATION: (
        "registration-proposed",
        "registration-approved",
        "registration-rejected",
        "matter-registered",
        "matter-amended",
        "petitioner-noted",
        "petitioner-erased",
        "key-case-marked",
        "handling-proposed",
        "handling-approved",
        "handling-returned",
    ),
    Group.ASSIGNMENT: (
        "matter-assigned",
        "matter-reassigned",
        "assignment-acknowledged",
        "assignment-objected",
        "objection-upheld",
        "objection-dismissed",
        "assignment-recalled",
        "matter-split",
        "matter-handed-over",
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
        "help-acknowledged",
        "opinion-asked",
        "opinion-given",
        "co-signed",
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
        "leader-instructed",
        "leader-instructed-again",
        "matter-cancelled",
        "matter-transferred",
        "matter-merged",
        "matter-absorbed",
        "matter-released",
        "branch-ended",
        "branch-reopened",
        "matter-linked",
        "matter-unlinked",
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
        "opinion-reminded",
        "due-date-recomputed",
        "matter-named",
    ),
    Group.CORRECTION: ("fact-corrected", "evidence-withdrawn"),
    Group.DRAFTING: (
        "bulletin-drafted",
        "bulletin-redrafted",
        "bulletin-prose-edited",
        "bulletin-numbers-checked",
        "bulletin-returned",
    ),
    Group.SIGNING: ("bulletin-co-signed", "bulletin-naming-approved", "bulletin-signed"),
    Group.ISSUE: ("bulletin-numbered", "bulletin-issued", "bulletin-published"),
    Group.RECEIPT: ("bulletin-acknowledged", "bulletin-acknowledgement-reminded"),
    Group.ENDING: ("bulletin-corrected", "bulletin-withdrawn"),
}
_OF = {name: group for group, names in _GROUPS.items() for name in names}


def group_of(stored_name: str) -> Group:
    """The part of the file a fact belongs to."""
    return _OF.get(stored_name, Group.OTHER)
