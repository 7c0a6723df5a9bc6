"""From facts to the state of a bulletin: ``evolve`` never refuses, whatever the record holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from events.bulletin.drafting import BulletinDrafted, BulletinRedrafted, ProseEdited
from events.bulletin.ending import BulletinWithdrawn
from events.bulletin.issuing import (
    AcknowledgementReminded,
    BulletinAcknowledged,
    BulletinCorrected,
    BulletinIssued,
    BulletinNumbered,
)
from events.bulletin.publishing import BulletinPublished
from events.bulletin.signing import (
    BulletinCoSigned,
    BulletinReturned,
    BulletinSigned,
    NamingApproved,
    NumbersChecked,
)
from events.bulletin.state import Bulletin, BulletinStage, CoSignature, Publication, Received, Scan
from events.record.envelope import Recorded
from events.vocabulary import BulletinId, UserName

Changes = dict[str, Any]
Effect = Callable[[Bulletin, Recorded], Changes]


def begin(stream: str) -> Bulletin:
    """A bulletin before its first fact, by the name of its stream."""
    return Bulletin(id=BulletinId(stream.partition("-")[2]))


def evolve(bulletin: Bulletin, recorded: Recorded) -> Bulletin:
    """The bulletin after one more fact."""
    effect = EFFECTS.get(type(recorded.fact))
    changes = effect(bulletin, recorded) if effect is not None else {}
    stage = LEADS.get(type(recorded.fact), bulletin.stage)
    return replace(bulletin, **changes, stage=stage, version=recorded.version, last_at=recorded.recorded_at)


def _drafted(_: Bulletin, recorded: Recorded) -> Changes:
    fact: BulletinDrafted = recorded.fact
    return {
        "series": fact.series,
        "series_name": fact.series_name,
        "title": fact.title,
        "subject": fact.subject,
        "period": fact.period,
        "as_of": fact.as_of,
        "content": fact.content,
        "due_on": fact.due_on,
        "drafted_at": recorded.recorded_at,
        "drafted_by": UserName(recorded.actor),
        "naming_basis": fact.naming_basis,
        "open_note": fact.open_note,
        "corrects": fact.corrects,
        "corrects_no": fact.corrects_no,
        "correction_reason": fact.reason,
        "changes": fact.changes,
    }


def _redrafted(bulletin: Bulletin, recorded: Recorded) -> Changes:
    fact: BulletinRedrafted = recorded.fact
    kept = {id_: prose for id_, prose in bulletin.prose.items() if id_ not in fact.dropped}
    changes = fact.changes if bulletin.corrects is not None else ()
    return {
        "as_of": fact.as_of,
        "content": fact.content,
        "title": fact.content.title,
        "prose": kept,
        "changes": changes,
    }


def _edited(bulletin: Bulletin, recorded: Recorded) -> Changes:
    fact: ProseEdited = recorded.fact
    return {"prose": {**bulletin.prose, fact.section: fact.prose}}


def _checked(_: Bulletin, recorded: Recorded) -> Changes:
    fact: NumbersChecked = recorded.fact
    return {
        "checked_at": recorded.recorded_at,
        "checked_by": UserName(recorded.actor),
        "co_signers": fact.co_signers,
        "returned_reason": None,
    }


def _returned(_: Bulletin, recorded: Recorded) -> Changes:
    fact: BulletinReturned = recorded.fact
    return {
        "returned_reason": fact.reason,
        "checked_at": None,
        "checked_by": None,
        "co_signers": (),
        "co_signatures": (),
        "naming_approved_at": None,
        "naming_approved_by": None,
        "naming_paper": None,
        "document_no": "",
        "signed_at": None,
        "signed_by": None,
    }


def _co_signed(bulletin: Bulletin, recorded: Recorded) -> Changes:
    fact: BulletinCoSigned = recorded.fact
    one = CoSignature(unit=fact.unit, at=recorded.recorded_at, by=UserName(recorded.actor), text=fact.text)
    return {"co_signatures": (*bulletin.co_signatures, one), **_with_scan(bulletin, fact.file)}


def _naming_approved(bulletin: Bulletin, recorded: Recorded) -> Changes:
    fact: NamingApproved = recorded.fact
    return {
        "naming_approved_at": recorded.recorded_at,
        "naming_approved_by": UserName(recorded.actor),
        "naming_paper": fact.paper,
        **_with_scan(bulletin, fact.file),
    }


def _signed(_: Bulletin, recorded: Recorded) -> Changes:
    fact: BulletinSigned = recorded.fact
    return {
        "document_no": fact.document_no,
        "signed_at": recorded.recorded_at,
        "signed_by": UserName(recorded.actor),
    }


def _numbered(_: Bulletin, recorded: Recorded) -> Changes:
    fact: BulletinNumbered = recorded.fact
    return {"issue_no": fact.issue_no}


def _issued(_: Bulletin, recorded: Recorded) -> Changes:
    fact: BulletinIssued = recorded.fact
    return {
        "issued_at": recorded.recorded_at,
        "issued_by": UserName(recorded.actor),
        "addressees": fact.addressees,
        "copies_to": fact.copies_to,
        "head": fact.head,
        "full": fact.full,
        "public": fact.public,
        "acknowledge_within": fact.acknowledge_within,
        "remind_every": fact.remind_every,
        "leader_lists": fact.leader_lists,
    }


def _acknowledged(bulletin: Bulletin, recorded: Recorded) -> Changes:
    fact: BulletinAcknowledged = recorded.fact
    one = Received(
        unit=fact.unit,
        at=recorded.recorded_at,
        by=UserName(recorded.actor),
        on_behalf=recorded.on_behalf_of is not None,
    )
    return {"receipts": (*bulletin.receipts, one), **_with_scan(bulletin, fact.file)}


def _published(bulletin: Bulletin, recorded: Recorded) -> Changes:
    fact: BulletinPublished = recorded.fact
    one = Publication(channel=fact.channel, place=fact.place, on=fact.on)
    return {"publications": (*bulletin.publications, one), **_with_scan(bulletin, fact.file)}


def _with_scan(bulletin: Bulletin, scan: Scan | None) -> Changes:
    return {} if scan is None else {"scans": (*bulletin.scans, scan)}


def _reminded(bulletin: Bulletin, recorded: Recorded) -> Changes:
    fact: AcknowledgementReminded = recorded.fact
    return {"reminded": (*bulletin.reminded, fact.slot)}


def _corrected(_: Bulletin, recorded: Recorded) -> Changes:
    fact: BulletinCorrected = recorded.fact
    return {"corrected_by": fact.by, "corrected_by_no": fact.by_no}


def _withdrawn(_: Bulletin, recorded: Recorded) -> Changes:
    fact: BulletinWithdrawn = recorded.fact
    return {
        "withdrawn_at": recorded.recorded_at,
        "withdrawn_reason": fact.reason,
    }


LEADS: dict[type[Any], BulletinStage] = {
    BulletinDrafted: BulletinStage.DRAFTED,
    NumbersChecked: BulletinStage.CHECKED,
    BulletinReturned: BulletinStage.DRAFTED,
    BulletinSigned: BulletinStage.SIGNED,
    BulletinNumbered: BulletinStage.NUMBERED,
    BulletinIssued: BulletinStage.ISSUED,
    BulletinCorrected: BulletinStage.CORRECTED,
    BulletinWithdrawn: BulletinStage.WITHDRAWN,
}
"""Fact type → the stage it brings about; the other facts bring none."""

EFFECTS: dict[type[Any], Effect] = {
    BulletinDrafted: _drafted,
    BulletinRedrafted: _redrafted,
    ProseEdited: _edited,
    NumbersChecked: _checked,
    BulletinReturned: _returned,
    BulletinCoSigned: _co_signed,
    NamingApproved: _naming_approved,
    BulletinSigned: _signed,
    BulletinNumbered: _numbered,
    BulletinIssued: _issued,
    BulletinAcknowledged: _acknowledged,
    BulletinPublished: _published,
    AcknowledgementReminded: _reminded,
    BulletinCorrected: _corrected,
    BulletinWithdrawn: _withdrawn,
}
"""Fact type → what it changes; a test holds it against ``facts.FACTS``."""
