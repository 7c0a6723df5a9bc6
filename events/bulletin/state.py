"""What is known of one 通报 after the facts so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from events.bulletin.content import BulletinContent
from events.bulletin.series import AsOf, Period
from events.vocabulary import BulletinId, Labelled, MatterId, PersonId, Role, UnitId, UserName


class BulletinStage(Labelled):
    """Where a bulletin stands (domain D.6)."""

    DRAFTED = "drafted", "拟稿"
    CHECKED = "checked", "已核数待签"
    SIGNED = "signed", "已签发待印发"
    NUMBERED = "numbered", "已编期号"
    ISSUED = "issued", "已印发"
    CORRECTED = "corrected", "已更正"
    WITHDRAWN = "withdrawn", "已撤回"


STANDING = frozenset({BulletinStage.ISSUED})
"""The stages in which a bulletin speaks for its period."""
PENDING = frozenset(
    {BulletinStage.DRAFTED, BulletinStage.CHECKED, BulletinStage.SIGNED, BulletinStage.NUMBERED}
)
"""On its way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """A unit the bulletin went to: its posts, and who held them when it was issued."""

    unit: UnitId
    name: str
    """As of the day of issue."""
    posts: tuple[tuple[Role, tuple[PersonId, ...]], ...]
    """Post and holders; a vacant post has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendition:
    """A stored document with what it was made by: under the same versions the same bytes."""

    sha256: str
    size: int
    renderer: str
    fonts: str
    template: str
    text: str
    """SHA-256 of its plain text, compared where the versions have changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What stands on the paper beside the content, as it was configured on the day of issue."""

    mark: str
    """发文机关标志."""
    printed_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderLeader:
    """A matter in a leader's monthly list."""

    matter: MatterId
    number: str
    title: str
    unit: str
    """Name of its lead unit."""
    stage: str
    """In words."""
    due_on: date | None
    days_late: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaderList:
    """首席责任领导名下清单 (M029, M124): his open matters at the frozen place, the latest first."""

    leader: PersonId
    rows: tuple[UnderLeader, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """签收: who received it for a unit."""

    unit: UnitId
    at: datetime
    by: UserName
    on_behalf: bool = False
    """Entered by the office from paper or a call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """扫描件: a paper entered with an act; the bytes lie under ``sha256``."""

    sha256: str
    name: str
    size: int
    media_type: str


class PublicChannel(Labelled):
    """Where the public reads a bulletin."""

    NEWSPAPER = "newspaper", "报刊"
    BROADCAST = "broadcast", "广播电视"
    WEBSITE = "website", "政府网站"
    ACCOUNT = "account", "政务新媒体"
    BOARD = "board", "公示栏"
    SCREEN = "screen", "电子屏"
    MEETING = "meeting", "会议上宣读"


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """One publication: no two are alike."""

    channel: PublicChannel
    place: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CoSignature:
    """会签."""

    unit: UnitId | None
    """None: a leader's own."""
    at: datetime
    by: UserName
    text: str | None = None


@dataclass(frozen=True, kw_only=True)
class Bulletin:
    """通报."""

    id: BulletinId
    version: int = 0
    stage: BulletinStage = BulletinStage.DRAFTED
    series: str = ""
    series_name: str = ""
    title: str = ""
    subject: str = ""
    period: Period | None = None
    as_of: AsOf | None = None
    due_on: date | None = None
    """The day the clock should have drafted it; None where a person did."""
    drafted_at: datetime | None = None
    drafted_by: UserName | None = None
    content: BulletinContent | None = None
    prose: Mapping[str, str] = field(default_factory=dict)
    """Section → prose as edited by people."""
    naming_basis: str = ""
    """The series' standing approval as it was at the draft."""
    open_note: str = ""

    co_signers: tuple[UnitId, ...] = ()
    """Units whose 会签 was asked for."""
    co_signatures: tuple[CoSignature, ...] = ()
    checked_at: datetime | None = None
    checked_by: UserName | None = None
    returned_reason: str | None = None
    naming_approved_at: datetime | None = None
    naming_approved_by: UserName | None = None
    naming_paper: str | None = None
    """The paper approval the office head entered; None where the leader approved in person."""
    document_no: str = ""
    """发文字号."""
    signed_at: datetime | None = None
    signed_by: UserName | None = None
    issue_no: str = ""
    """Of the series and year, ``2026-00007``."""
    issued_at: datetime | None = None
    issued_by: UserName | None = None
    addressees: tuple[Addressee, ...] = ()
    copies_to: tuple[str, ...] = ()
    head: Head | None = None
    full: Rendition | None = None
    """What office, leaders and auditors get."""
    public: Rendition | None = None
    """What units get: without the overdue register."""
    leader_lists: tuple[LeaderList, ...] = ()
    receipts: tuple[Received, ...] = ()
    acknowledge_within: int = 2
    remind_every: int = 2
    """Working days, both; see ``issuing.BulletinIssued``."""
    publications: tuple[Publication, ...] = ()
    scans: tuple[Scan, ...] = ()
    """Papers that came with its acts, in order."""
    reminded: tuple[date, ...] = ()
    """Days on which units without receipt were reminded."""
    corrects: BulletinId | None = None
    corrects_no: str = ""
    correction_reason: str | None = None
    changes: tuple[str, ...] = ()
    """For a correcting bulletin, what differs from the one it corrects, a sentence each."""
    corrected_by: BulletinId | None = None
    corrected_by_no: str = ""
    withdrawn_at: datetime | None = None
    withdrawn_reason: str | None = None
    last_at: datetime | None = None

    @property
    def stream(self) -> str:
        """The stream its facts are written to."""
        return f"bulletin-{self.id}"

    @property
    def standing_content(self) -> BulletinContent:
        """The content. Raises AssertionError before the first fact."""
        assert self.content is not None
        return self.content

    @property
    def names_units(self) -> bool:
        """Whether a unit is praised or criticised by name."""
        return bool(self.standing_content.named_units)

    @property
    def naming_settled(self) -> bool:
        """Whether naming needs no further approval."""
        return not self.names_units or bool(self.naming_basis) or self.naming_approved_at is not None

    @property
    def issue_words(self) -> str:
        """第7期, or nothing before it is numbered."""
        return f"第{int(self.issue_no.rpartition('-')[2])}期" if self.issue_no else ""

    @property
    def waiting_co_signers(self) -> tuple[UnitId, ...]:
        """Units whose 会签 was asked for and has not come."""
        signed = {one.unit for one in self.co_signatures}
        return tuple(unit for unit in self.co_signers if unit not in signed)

    @property
    def unreceived(self) -> tuple[Addressee, ...]:
        """The units that have not received it."""
        received = {one.unit for one in self.receipts}
        return tuple(one for one in self.addressees if one.unit not in received)

    @property
    def public_part(self) -> BulletinContent:
        """What units get of the content."""
        return self.standing_content.public()
