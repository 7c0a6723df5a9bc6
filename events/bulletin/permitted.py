"""许可表: which command on a bulletin in which stage by whom; it refuses, draws the buttons and prints the docs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from events.bulletin import drafting as d
from events.bulletin import ending as e
from events.bulletin import issuing as i
from events.bulletin import publishing as p
from events.bulletin import signing as s
from events.bulletin.acting import Command
from events.bulletin.state import Bulletin, BulletinStage
from events.bulletin.surroundings import Surroundings
from events.record.envelope import Decision
from events.vocabulary import Labelled


class Who(Labelled):
    """The persons of the table."""

    OFFICE = "office", "督查室"
    OFFICE_HEAD = "office_head", "督查室负责人"
    SIGNER = "signer", "督查室负责人或行政首长"
    REVIEWER = "reviewer", "督查室负责人或领导"
    CO_SIGNER = "co_signer", "会签单位负责人或领导"
    NAMING = "naming", "行政首长，或督查室负责人凭纸质批准"
    ADDRESSEE = "addressee", "收文单位"
    PUBLISHER = "publisher", "督查室，或行政首长"


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """One row: a command, from which stages, by whom, and where it leads."""

    name: str
    """As in the URL."""
    command: type[Command]
    decide: Callable[[Any, Bulletin, Surroundings], Decision]
    label: str
    stages: frozenset[BulletinStage]
    to: str
    who: Who
    grave: bool = False
    paper: bool = False
    """Whether a scan may come with it."""


def _row(
    name: str,
    command: type[Command],
    decide: Callable[[Any, Bulletin, Surroundings], Decision],
    label: str,
    stages: tuple[BulletinStage, ...],
    to: str,
    who: Who,
    *,
    grave: bool = False,
    paper: bool = False,
) -> Permission:
    return Permission(
        name=name,
        command=command,
        decide=decide,
        label=label,
        stages=frozenset(stages),
        to=to,
        who=who,
        grave=grave,
        paper=paper,
    )


DRAFTED, CHECKED, SIGNED = BulletinStage.DRAFTED, BulletinStage.CHECKED, BulletinStage.SIGNED
NUMBERED, ISSUED = BulletinStage.NUMBERED, BulletinStage.ISSUED
STAYS = "不变"

_ROWS = (
    _row("edit", d.EditProse, d.edit, "改稿", (DRAFTED,), STAYS, Who.OFFICE),
    _row("redraft", d.RedraftBulletin, d.redraft, "重新取数", (DRAFTED,), STAYS, Who.OFFICE),
    _row("check", s.CheckNumbers, s.check, "核数送签", (DRAFTED,), CHECKED.label, Who.OFFICE),
    _row("co-sign", s.CoSign, s.co_sign, "会签", (CHECKED,), STAYS, Who.CO_SIGNER, paper=True),
    _row("approve-naming", s.ApproveNaming, s.approve_naming, "批准点名", (CHECKED,), STAYS, Who.NAMING,
         paper=True),
    _row("sign", s.SignBulletin, s.sign, "签发", (CHECKED,), SIGNED.label, Who.SIGNER),
    _row("return", s.ReturnBulletin, s.return_, "退回修改", (CHECKED, SIGNED), DRAFTED.label, Who.REVIEWER),
    _row("issue", i.IssueBulletin, i.issue, "印发", (SIGNED, NUMBERED), ISSUED.label, Who.OFFICE),
    _row("acknowledge", i.AcknowledgeBulletin, i.acknowledge, "签收", (ISSUED,), STAYS, Who.ADDRESSEE, paper=True),
    _row("publish", p.PublishBulletin, p.publish, "登记公开", (ISSUED,), STAYS, Who.PUBLISHER, paper=True),
    _row("correct", d.CorrectBulletin, d.correct, "更正", (ISSUED,), "另拟更正稿，其印发后本件为已更正",
         Who.OFFICE_HEAD, grave=True),
    _row("withdraw", e.WithdrawBulletin, e.withdraw, "撤回", (DRAFTED, CHECKED, SIGNED, ISSUED),
         BulletinStage.WITHDRAWN.label, Who.OFFICE_HEAD, grave=True),
)  # fmt: skip

PERMITTED: Mapping[str, Permission] = {row.name: row for row in _ROWS}
"""The commands of ``POST /bulletins/{id}/{command}``."""

DRAFT = _row("draft", d.DraftBulletin, d.draft, "拟稿", (), DRAFTED.label, Who.OFFICE)
"""``POST /bulletins``, which begins a bulletin."""

NUMBER = _row("number", i.NumberBulletin, i.number, "编期号", (SIGNED,), NUMBERED.label, Who.OFFICE)
"""The first half of ``issue``: the number must be on the document before its bytes are fixed."""


def rows_in(stage: BulletinStage) -> Iterator[Permission]:
    """The rows that may apply in a stage, in the table's order."""
    return (row for row in _ROWS if stage in row.stages)


@dataclass(frozen=True, slots=True, kw_only=True)
class StageRow:
    """One line of the printed table."""

    command: str
    label: str
    stages: tuple[str, ...]
    to: str
    who: str


def printed() -> Iterator[StageRow]:
    """The table as the docs show it."""
    for row in (DRAFT, *_ROWS):
        stages = tuple(stage.label for stage in BulletinStage if stage in row.stages)
        yield StageRow(command=row.name, label=row.label, stages=stages, to=row.to, who=row.who.label)
