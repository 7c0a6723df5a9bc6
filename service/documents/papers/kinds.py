"""Which papers there are, and when a matter has come far enough for each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from events.matter.state import Matter
from events.record.envelope import Actor
from events.refusals import NotFound, NotYours, WrongStage
from events.rules.procedures import HANDLING
from events.vocabulary import Stage
from service.identity import sees_all

UNDER_WAY = frozenset(
    {
        Stage.ASSIGNED,
        Stage.ACKNOWLEDGED,
        Stage.PLANNING,
        Stage.RECTIFYING,
        Stage.SUSPENDED,
        Stage.OBJECTED,
        Stage.COMPLETION_REPORTED,
        Stage.VERIFYING,
        Stage.WRITE_OFF_REVIEW,
    }
)
"""Stages in which somebody still owes something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperKind:
    """One kind of paper. ``id`` is its name in addresses and of its template; ``not_yet`` says what is lacking."""

    id: str
    label: str
    about: str
    ready: Callable[[Matter], bool]
    not_yet: str
    handling_label: str = ""
    of_the_office: bool = False
    """Whether the office alone draws it up: a unit gets it when it is served, not from here."""

    def label_for(self, wording: str) -> str:
        """Its name under the wording of a matter's kind: 销号审批表, or 办结审批表."""
        return self.handling_label if self.handling_label and wording == HANDLING else self.label


def _assigned(matter: Matter) -> bool:
    return matter.lead_unit is not None


def _pressing(matter: Matter) -> bool:
    return matter.lead_unit is not None and matter.stage in UNDER_WAY


def _reported(matter: Matter) -> bool:
    return matter.last_completion_on is not None


KINDS = (
    PaperKind(
        id="assignment-slip",
        label="督查交办单",
        about="交给责任单位，附签收回执",
        ready=_assigned,
        not_yet="还没有交办；先交办，再出交办单。",
    ),
    PaperKind(
        id="rectification-notice",
        label="督查整改通知书",
        handling_label="督查办理通知书",
        about="写明问题、要求和期限，附送达回证",
        ready=_assigned,
        not_yet="还没有交办；先交办，再出通知书。",
    ),
    PaperKind(
        id="urge-notice",
        label="催办单",
        about="催责任单位，要求书面说明",
        of_the_office=True,
        ready=_pressing,
        not_yet="还没有交办，或已经了结，没有可催的；在办的事项才出催办单。",
    ),
    PaperKind(
        id="supervision-letter",
        label="督办函",
        about="信函格式，文号由机关编发，署期待签发",
        of_the_office=True,
        ready=_pressing,
        not_yet="还没有交办，或已经了结；在办的事项才出督办函。",
    ),
    PaperKind(
        id="write-off-approval",
        label="销号审批表",
        handling_label="办结审批表",
        about="报结、核查、审批各栏",
        of_the_office=True,
        ready=_reported,
        not_yet="责任单位还没有报结；报结以后才出审批表。",
    ),
)


def kind_of(name: str) -> PaperKind:
    """A kind by its id. Raises NotFound."""
    found = next((kind for kind in KINDS if kind.id == name), None)
    if found is None:
        ids = "、".join(kind.id for kind in KINDS)
        raise NotFound(f"没有 {name} 这种文书；可用的有 {ids}。")
    return found


def kinds_for(actor: Actor) -> tuple[PaperKind, ...]:
    """The kinds somebody may draw up."""
    return tuple(kind for kind in KINDS if not kind.of_the_office or sees_all(actor))


def must_be_for(kind: PaperKind, actor: Actor) -> None:
    """Raises NotYours for a paper only the office draws up."""
    if kind not in kinds_for(actor):
        raise NotYours(f"{kind.label}由督查室出具并送达，单位不能自己出；需要原件请向督查室索取。")


def must_be_ready(kind: PaperKind, matter: Matter) -> None:
    """Raises WrongStage where the matter has not come so far."""
    if not kind.ready(matter):
        raise WrongStage(f"这件{kind.not_yet}", code="not-yet-due")
