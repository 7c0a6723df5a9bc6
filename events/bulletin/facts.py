"""Every fact a bulletin's stream may hold, with the name it is stored under."""

from __future__ import annotations

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
from events.record.codec import Stored

FACTS: tuple[Stored, ...] = (
    Stored(name="bulletin-drafted", type=BulletinDrafted),
    Stored(name="bulletin-redrafted", type=BulletinRedrafted),
    Stored(name="bulletin-prose-edited", type=ProseEdited),
    Stored(name="bulletin-numbers-checked", type=NumbersChecked),
    Stored(name="bulletin-returned", type=BulletinReturned),
    Stored(name="bulletin-co-signed", type=BulletinCoSigned),
    Stored(name="bulletin-naming-approved", type=NamingApproved),
    Stored(name="bulletin-signed", type=BulletinSigned),
    Stored(name="bulletin-numbered", type=BulletinNumbered),
    Stored(name="bulletin-issued", type=BulletinIssued),
    Stored(name="bulletin-published", type=BulletinPublished),
    Stored(name="bulletin-acknowledged", type=BulletinAcknowledged),
    Stored(name="bulletin-acknowledgement-reminded", type=AcknowledgementReminded),
    Stored(name="bulletin-corrected", type=BulletinCorrected),
    Stored(name="bulletin-withdrawn", type=BulletinWithdrawn),
)
