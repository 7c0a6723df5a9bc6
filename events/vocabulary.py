"""The words of the work: ids and closed choices, each with the Chinese label a person reads."""

from __future__ import annotations

from enum import StrEnum
from typing import NewType, Self
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")
"""The one zone of the service: a day ends at 24:00 Beijing time (domain D.0)."""

MatterId = NewType("MatterId", str)
UnitId = NewType("UnitId", str)
PersonId = NewType("PersonId", str)
UserName = NewType("UserName", str)
EvidenceId = NewType("EvidenceId", str)
PetitionerId = NewType("PetitionerId", str)
BulletinId = NewType("BulletinId", str)
MeetingId = NewType("MeetingId", str)


class Labelled(StrEnum):
    """A closed choice whose members carry the label shown to people: ``NAME = value, label``."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member


class Stage(Labelled):
    """Where a 督办事项 stands (contract: Identifiers)."""

    REGISTERED = "registered", "待交办"
    ASSIGNED = "assigned", "待签收"
    ACKNOWLEDGED = "acknowledged", "已签收"
    PLANNING = "planning", "方案待审"
    RECTIFYING = "rectifying", "整改中"
    SUSPENDED = "suspended", "已中止"
    COMPLETION_REPORTED = "completion_reported", "已报结待核查"
    VERIFYING = "verifying", "核查中"
    WRITE_OFF_REVIEW = "write_off_review", "待销号"
    CLOSED = "closed", "已销号"
    CONFIRMED = "confirmed", "回头看通过"
    RELAPSED = "relapsed", "已反弹"
    OBJECTED = "objected", "异议待裁定"
    TRANSFERRED = "transferred", "已移交"
    MERGED = "merged", "已并案"
    CANCELLED = "cancelled", "已撤销"

    @property
    def ended(self) -> bool:
        """Whether nothing more is owed in this stage."""
        return self in ENDED

    def label_for(self, wording: str) -> str:
        """The label under a kind's wording: ``handling`` says 办理中/待办结/已办结, else 整改中/待销号/已销号."""
        return HANDLING_LABELS.get(self, self.label) if wording == "handling" else self.label


ENDED = frozenset(
    {Stage.CLOSED, Stage.CONFIRMED, Stage.RELAPSED, Stage.TRANSFERRED, Stage.MERGED, Stage.CANCELLED}
)
OPEN = frozenset(Stage) - ENDED
HANDLING_LABELS = {Stage.RECTIFYING: "办理中", Stage.WRITE_OFF_REVIEW: "待办结", Stage.CLOSED: "已办结"}


class Role(Labelled):
    """What a user may do, or the post a person holds (contract: Identifiers)."""

    OFFICE_CLERK = "office_clerk", "督查室经办"
    OFFICE_HEAD = "office_head", "督查室负责人"
    UNIT_LIAISON = "unit_liaison", "责任单位联络员"
    UNIT_HEAD = "unit_head", "责任单位负责人"
    VERIFIER = "verifier", "核查人员"
    LEADER = "leader", "领导"
    AUDITOR = "auditor", "审计"
    ADMIN = "admin", "系统管理员"


OFFICE = frozenset({Role.OFFICE_CLERK, Role.OFFICE_HEAD})
UNIT_ROLES = frozenset({Role.UNIT_LIAISON, Role.UNIT_HEAD})


class EvidenceKind(Labelled):
    """What a piece of 佐证材料 is."""

    PHOTO = "photo", "照片"
    VIDEO = "video", "视频"
    REPORT = "report", "报告"
    DOCUMENT = "document", "文件"
    MEASUREMENT = "measurement", "监测数据"
    RECEIPT = "receipt", "票据凭证"
    OTHER = "other", "其他"


class PetitionerKind(Labelled):
    """How somebody came to be noted with a matter."""

    PETITIONER = "petitioner", "来信来访人"
    HOUSEHOLD = "household", "被访户"


class Urgency(Labelled):
    """How pressing a leader's instruction is; presets its limit."""

    URGENT = "urgent", "急件"
    ORDINARY = "ordinary", "一般件"
    HARD = "hard", "疑难件"


class FailureKind(Labelled):
    """Why a verification did not pass (核查不通过)."""

    INCOMPLETE = "incomplete", "整改未完成"
    FALSE = "false", "虚假整改"
    PAPERS_ONLY = "papers_only", "只有材料未见实效"


class TransferKind(Labelled):
    """The three ways to hand a matter to another body (M023)."""

    HANDOVER = "handover", "移交"
    REFER_FOR_SANCTION = "refer_for_sanction", "移送"
    REFER_FOR_HANDLING = "refer_for_handling", "移办"


class Grade(Labelled):
    """办结等级: how well the matter was handled."""

    EXCELLENT = "excellent", "优"
    GOOD = "good", "良"
    PASS = "pass", "合格"
    FAIL = "fail", "不合格"


class Starts(Labelled):
    """Which day starts a unit's clock; the day itself is never counted."""

    ASSIGNED = "assigned", "自交办之日起"
    ACKNOWLEDGED = "acknowledged", "自签收之日起"


class Light(Labelled):
    """The lamp beside a limit; never shown without its words."""

    RED = "red", "红灯"
    YELLOW = "yellow", "黄灯"
    GREEN = "green", "绿灯"
    NONE = "none", "不亮灯"
