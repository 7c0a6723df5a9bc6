"""拟稿: a draft's figures come from the record at one frozen place; people write the prose around them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from events.bulletin.acting import Command, became
from events.bulletin.content import BulletinContent
from events.bulletin.prose import check_prose, section_of
from events.bulletin.series import AsOf, Every, Period
from events.bulletin.state import PENDING, STANDING, Bulletin, BulletinStage
from events.bulletin.surroundings import Composed, Known, Surroundings
from events.record.envelope import Claim, Decision, Draft
from events.refusals import Conflict, Invalid, Refusal
from events.vocabulary import BulletinId


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftBulletin(Command):
    """Draft a bulletin of a series about a period (None: the last regular one that is over)."""

    RENAMES: ClassVar[dict[str, str]] = {"from": "first", "to": "last"}
    series: str
    first: date | None = None
    last: date | None = None
    subject: str | None = None
    """What an ad hoc bulletin is about: 「全县防汛专项督查情况」."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RedraftBulletin(Command):
    """Take the figures anew, as of now; people's prose stays where it still fits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditProse(Command):
    """Write a section's prose anew. Its figures stay fields; a line is a paragraph."""

    section: str
    prose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BulletinDrafted:
    """拟稿: the whole content as composed at ``as_of``; never changed, only edited beside or drafted anew."""

    series: str
    series_name: str
    title: str
    period: Period
    as_of: AsOf
    content: BulletinContent
    subject: str = ""
    due_on: date | None = None
    """The day the clock should have drafted it; None where a person did."""
    naming_basis: str = ""
    open_note: str = ""
    corrects: BulletinId | None = None
    corrects_no: str = ""
    reason: str | None = None
    """Why the one it corrects is corrected."""
    changes: tuple[str, ...] = ()
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BulletinRedrafted:
    """重新取数: the figures were taken anew at another place of the record."""

    as_of: AsOf
    content: BulletinContent
    dropped: tuple[str, ...] = ()
    """Sections whose edited prose no longer fitted the figures."""
    changes: tuple[str, ...] = ()
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProseEdited:
    """改稿: a section's prose was written anew by hand; its figures are still fields."""

    section: str
    prose: str
    text: str | None = None


def draft(command: DraftBulletin, bulletin: Bulletin, seen: Surroundings) -> Decision:
    """拟稿, by a person or the clock; one standing bulletin of a series for a day."""
    series, composed = seen.series, seen.composed
    assert series is not None
    assert composed is not None
    assert command.first is not None
    assert command.last is not None
    period = Period(first=command.first, last=command.last)
    subject = (command.subject or "").strip()
    refuse_taken(period, subject, seen)
    fact = BulletinDrafted(
        series=series.id,
        series_name=series.name,
        title=composed.content.title,
        period=period,
        as_of=composed.as_of,
        content=composed.content,
        subject=subject,
        due_on=seen.due_on,
        naming_basis=series.standing_approval,
        open_note=series.open_note,
        text=command.text,
    )
    claims = (_due_claim(series.id, period, bulletin),) if seen.due_on is not None else ()
    return became(bulletin, fact, claims=claims, answer={"id": bulletin.id})


def period_asked(command: DraftBulletin, seen: Surroundings, usual: Period | None) -> Period:
    """The period a draft shall speak of. Raises Invalid for one that is turned round, open or still to come."""
    series = seen.series
    if series is not None and series.every is Every.AD_HOC and not (command.subject or "").strip():
        raise Invalid(
            "一督查一通报要写明通报什么；在 subject（事由）里写，如“全县防汛专项督查情况”。",
            code="blank-field",
            field="subject",
        )
    if command.first is None and command.last is None and usual is not None:
        return usual
    if command.first is None or command.last is None:
        raise Invalid("起止日期要两个都写；补上缺的那个再拟稿。", code="missing-field", field="from")
    if command.first > command.last:
        raise Invalid("起日晚于止日；把起止日期对调。", code="wrong-period", field="from")
    if command.last > seen.today:
        raise Invalid(
            f"止日{command.last}还没有到，数字取不全；改为{seen.today}或以前的日子。",
            code="period-to-come",
            field="to",
        )
    return Period(first=command.first, last=command.last)


def redraft(command: RedraftBulletin, bulletin: Bulletin, seen: Surroundings) -> Decision:
    """重新取数."""
    composed = seen.composed
    assert composed is not None
    dropped = tuple(id_ for id_, prose in bulletin.prose.items() if not _still_fits(id_, prose, composed))
    fact = BulletinRedrafted(
        as_of=composed.as_of,
        content=composed.content,
        dropped=dropped,
        changes=composed.changes,
        text=command.text,
    )
    return became(bulletin, fact, answer={"dropped": list(dropped)})


def edit(command: EditProse, bulletin: Bulletin, seen: Surroundings) -> Decision:  # noqa: ARG001 - as all decisions
    """改稿."""
    content = bulletin.standing_content
    check_prose(section_of(content, command.section), command.prose, content)
    prose = command.prose.replace("\r\n", "\n").strip()
    return became(bulletin, ProseEdited(section=command.section, prose=prose, text=command.text))


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectBulletin(Command):
    """Draft a new document that corrects an issued one and lists what changed."""

    reason: str


def correct(command: CorrectBulletin, bulletin: Bulletin, seen: Surroundings) -> Decision:
    """更正: a new document; the old one stands until the new one is issued."""
    composed, id_ = seen.composed, seen.new_bulletin
    assert composed is not None
    assert id_ is not None
    new = Bulletin(id=id_)
    assert bulletin.period is not None
    if not command.reason.strip():
        raise Invalid("更正要写明理由；写清哪里错了、依据什么更正。", code="blank-field", field="reason")
    begun = next(
        (one for one in seen.siblings if one.id != bulletin.id and _is_correction(one, bulletin)), None
    )
    if begun is not None:
        raise Conflict(
            f"这份通报的更正稿《{begun.title}》已经拟好，不用再拟；去办那一份。", code="already-so"
        )
    fact = BulletinDrafted(
        series=bulletin.series,
        series_name=bulletin.series_name,
        title=composed.content.title,
        period=bulletin.period,
        as_of=composed.as_of,
        content=composed.content,
        subject=bulletin.subject,
        naming_basis=bulletin.naming_basis if seen.series is None else seen.series.standing_approval,
        open_note=bulletin.open_note,
        corrects=bulletin.id,
        corrects_no=bulletin.document_no,
        reason=command.reason.strip(),
        changes=composed.changes,
        text=command.text,
    )
    return Decision(drafts=(Draft(stream=new.stream, fact=fact),), answer={"correction": new.id})


def refuse_taken(period: Period, subject: str, seen: Surroundings) -> None:
    """Raises Conflict where the period is spoken of by an issued bulletin, or has a draft on its way."""
    refuse_overlap(period, subject, seen.siblings, STANDING)
    _refuse_second_draft(period, subject, seen.siblings)


def refuse_overlap(
    period: Period, subject: str, siblings: tuple[Known, ...], stages: frozenset[BulletinStage]
) -> None:
    """Raises Conflict where another bulletin of the series, in one of the stages, speaks of one of the days."""
    for other in siblings:
        if other.stage in stages and other.subject == subject and other.period.overlaps(period):
            number = f"（{other.document_no}）" if other.document_no else ""
            raise Conflict(
                f"{other.period.first}至{other.period.last}已有同一系列的通报《{_flat(other.title)}》{number}，"
                "期间不能重叠；改用别的起止日期，或对那一份办更正。",
                code="period-overlaps",
                other=other.id,
            )


def _refuse_second_draft(period: Period, subject: str, siblings: tuple[Known, ...]) -> None:
    for other in siblings:
        if other.period == period and other.subject == subject and other.stage in PENDING:
            raise Conflict(
                f"这一期已有稿子《{_flat(other.title)}》，现为“{other.stage.label}”；去办那一份，不用再拟。",
                code="already-drafted",
                other=other.id,
            )


def _still_fits(section: str, prose: str, composed: Composed) -> bool:
    try:
        check_prose(section_of(composed.content, section), prose, composed.content)
    except Refusal:
        return False
    return True


def _is_correction(other: Known, bulletin: Bulletin) -> bool:
    return other.corrects == bulletin.id and other.stage in PENDING


def _due_claim(series: str, period: Period, bulletin: Bulletin) -> Claim:
    return Claim(
        scope=DUE_SCOPE,
        key=f"{series}/{period.first}/{period.last}",
        owner=bulletin.stream,
        refusal="这一期时钟已经拟过稿；去办那一份，不用再拟。",
    )


def _flat(title: str) -> str:
    return "".join(title.split())


DUE_SCOPE = "bulletin-due"
"""Claims by which the clock drafts a period once, whatever becomes of the draft."""
