"""公开发布: an issued bulletin put before the public, in a paper, on a site or a board, or read at a meeting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from events.bulletin.acting import Command, became
from events.bulletin.signing import is_administrative_head
from events.bulletin.state import Bulletin, Publication, PublicChannel, Scan
from events.bulletin.surroundings import Surroundings
from events.record.envelope import Decision
from events.refusals import Conflict, Invalid
from events.vocabulary import BEIJING


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishBulletin(Command):
    """Say where and when the public part was published; ``basis`` names the paper that allowed it."""

    channel: PublicChannel
    place: str
    """The newspaper and page, the address, the village whose board it is on."""
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class BulletinPublished:
    """公开发布: through which channel, where and on which day (M147, M149, M151)."""

    channel: PublicChannel
    place: str
    on: date
    paper: str | None = None
    """The paper that allowed it; None where the 行政首长 entered it in person."""
    file: Scan | None = None
    """A picture or copy of what was published."""
    text: str | None = None


def publish(command: PublishBulletin, bulletin: Bulletin, seen: Surroundings) -> Decision:
    """登记公开发布: not before the issue, once for each channel, place and day, and with the approval named."""
    assert bulletin.issued_at is not None
    place, paper = " ".join(command.place.split()), (seen.basis or "").strip()
    if not place:
        raise Invalid("没有写登在哪里；填上报纸版面、网址或张贴的地方。", code="blank-field", field="place")
    issued_on = bulletin.issued_at.astimezone(BEIJING).date()
    if not issued_on <= command.on <= seen.today:
        raise Invalid(
            f"公开的日期{command.on}不对：本件{issued_on}印发，公开在印发以后、今天以前；核对后再填。",
            code="wrong-day",
            field="on",
        )
    if not paper and not is_administrative_head(seen):
        raise Invalid(
            "通报经批准才能公开；在 basis（依据）里写明批准的文件或批示（名称、日期、批准人）。",
            code="missing-basis",
            field="basis",
        )
    one = Publication(channel=command.channel, place=place, on=command.on)
    if one in bulletin.publications:
        raise Conflict(
            "这一处公开已经登记过了，不用再登；另有别处的，换上渠道、地方再登。", code="already-so"
        )
    fact = BulletinPublished(
        channel=command.channel,
        place=place,
        on=command.on,
        paper=paper or None,
        file=seen.file,
        text=command.text,
    )
    return became(bulletin, fact)
