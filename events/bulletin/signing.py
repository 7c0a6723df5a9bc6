"""核数、会签、点名批准、签发: who stands for a bulletin before it leaves the house."""

from __future__ import annotations

import re
from dataclasses import dataclass

from events.bulletin.acting import Command, became
from events.bulletin.state import Bulletin, Scan
from events.bulletin.surroundings import Surroundings
from events.record.envelope import Claim, Decision
from events.refusals import Conflict, Invalid, NotFound
from events.vocabulary import UnitId


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckNumbers(Command):
    """Vouch that every figure agrees with the record, and say which units shall co-sign."""

    co_signers: tuple[UnitId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnBulletin(Command):
    """Send it back to be written anew."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CoSign(Command):
    """Sign beside the head, for a unit that was asked to, or as a leader."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveNaming(Command):
    """Allow units to be praised or criticised by name; the office head names the paper in ``basis``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignBulletin(Command):
    """Sign it out under the number the organ's registry gave."""

    document_no: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NumbersChecked:
    """核数: every figure was recounted at the frozen place and agrees."""

    figures: int
    """How many."""
    co_signers: tuple[UnitId, ...] = ()
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BulletinReturned:
    """退回修改: what was checked, co-signed, approved and signed before no longer counts."""

    reason: str
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BulletinCoSigned:
    """会签: a unit, or a leader (no unit), agrees with the text."""

    unit: UnitId | None
    file: Scan | None = None
    """The signed sheet, where the office enters it."""
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NamingApproved:
    """批准点名: units may be praised or criticised by name (政府督查工作条例第二十一条)."""

    units: tuple[UnitId, ...]
    paper: str | None = None
    """The paper approval entered by the office head; None where the 行政首长 approved in person."""
    file: Scan | None = None
    """Its scan."""
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BulletinSigned:
    """签发, with the 发文字号 the organ's registry gave."""

    document_no: str
    text: str | None = None


def check(command: CheckNumbers, bulletin: Bulletin, seen: Surroundings) -> Decision:
    """核数. Raises Invalid ``figures-differ`` naming what was found otherwise."""
    if seen.differences:
        raise Invalid(
            f"核数不符：{'；'.join(seen.differences[:SHOWN])}。重新取数后再核。",
            code="figures-differ",
            differences=list(seen.differences),
        )
    co_signers = tuple(dict.fromkeys(command.co_signers))
    for unit in co_signers:
        known = seen.directory.units.get(unit)
        if known is None or known.closed(seen.today):
            raise NotFound("会签单位不在单位名录里，或已撤销；从名录中另选。")
    figures = len(bulletin.standing_content.figures)
    return became(bulletin, NumbersChecked(figures=figures, co_signers=co_signers, text=command.text))


def return_(command: ReturnBulletin, bulletin: Bulletin, seen: Surroundings) -> Decision:  # noqa: ARG001
    """退回修改; a 发文字号 given back may be used again."""
    if not command.reason.strip():
        raise Invalid("退回要写明理由，拟稿的人才知道改什么；补上再退。", code="blank-field", field="reason")
    releases = ((NUMBER_SCOPE, bulletin.document_no),) if bulletin.document_no else ()
    fact = BulletinReturned(reason=command.reason.strip(), text=command.text)
    return became(bulletin, fact, releases=releases)


def co_sign(command: CoSign, bulletin: Bulletin, seen: Surroundings) -> Decision:
    """会签; ``deciding`` has admitted a co-signing unit's head, a leader, or the office from paper."""
    unit = signing_unit(bulletin, seen)
    for one in bulletin.co_signatures:
        if (unit is not None and one.unit == unit) or (unit is None and one.by == seen.actor.user):
            raise Conflict("已经会签过了，不用再签；等签发即可。", code="already-so")
    if seen.on_behalf_of is not None and seen.file is None and not (command.text or "").strip():
        raise Invalid(
            "代录会签要附上扫描件，或在 text（说明）里写明来件、来电情况；补上再录。", code="missing-paper"
        )
    return became(bulletin, BulletinCoSigned(unit=unit, file=seen.file, text=command.text))


def signing_unit(bulletin: Bulletin, seen: Surroundings) -> UnitId | None:
    """For which unit the actor co-signs; None: as a leader."""
    if seen.on_behalf_of is not None:
        return seen.on_behalf_of
    return seen.actor.unit if seen.actor.unit in bulletin.co_signers else None


def approve_naming(command: ApproveNaming, bulletin: Bulletin, seen: Surroundings) -> Decision:
    """批准点名, in person by the 行政首长, else from the paper."""
    content = bulletin.standing_content
    if not bulletin.names_units:
        raise Conflict("这份通报没有点名任何单位，不用批准；直接签发即可。", code="already-so")
    if bulletin.naming_approved_at is not None:
        raise Conflict("点名已经批准过了，不用再批；直接签发即可。", code="already-so")
    in_person = is_administrative_head(seen)
    paper = (seen.basis or "").strip()
    if not in_person and not paper:
        raise Invalid(
            "录入点名批准要写明批准的文件或批示（名称、日期、批准人）；在 basis（依据）里补上。",
            code="missing-basis",
            field="basis",
        )
    fact = NamingApproved(
        units=content.named_units,
        paper=None if in_person else paper,
        file=seen.file,
        text=command.text,
    )
    return became(bulletin, fact)


def is_administrative_head(seen: Surroundings) -> bool:
    """Whether the actor is the person marked 行政首长."""
    person = seen.directory.people.get(seen.actor.person) if seen.actor.person is not None else None
    return person is not None and person.administrative_head and not person.left(seen.today)


def sign(command: SignBulletin, bulletin: Bulletin, seen: Surroundings) -> Decision:
    """签发."""
    if bulletin.waiting_co_signers:
        names = "、".join(seen.directory.unit_name(u, seen.today) for u in bulletin.waiting_co_signers)
        raise Invalid(f"{names}还没有会签；等其会签，或由督查室代录后再签发。", code="co-signing-awaited")
    if not bulletin.naming_settled:
        raise Invalid(
            f"这份通报点名{len(bulletin.standing_content.named_units)}个单位，点名表扬或批评须先经批准；"
            "先由行政首长批准点名，或由督查室负责人录入纸质批准。",
            code="naming-not-approved",
        )
    number = read_document_no(command.document_no, seen.today.year)
    claim = Claim(
        scope=NUMBER_SCOPE,
        key=number,
        owner=bulletin.stream,
        refusal=f"发文字号{number}已用在另一份通报上；到发文登记处核对，换上本件的字号。",
    )
    return became(bulletin, BulletinSigned(document_no=number, text=command.text), claims=(claim,))


def read_document_no(written: str, this_year: int) -> str:
    """A 发文字号 as typed, in its proper form 机关代字〔年份〕n号; brackets of other makes are put right.

    Raises Invalid ``document-no``.
    """
    plain = "".join(written.split()).translate(_BRACKETS)
    found = _NUMBER.fullmatch(plain)
    if found is None:
        raise Invalid(
            f"“{written[:40]}”不是发文字号；写成 机关代字〔年份〕n号，如 云督〔{this_year}〕6号，不加“第”，不补零。",
            code="document-no",
            field="document_no",
        )
    year = int(found["year"])
    if not 1949 <= year <= this_year:
        raise Invalid(
            f"发文字号的年份{year}不对，应是发文当年；核对登记簿后再填。",
            code="document-no",
            field="document_no",
        )
    return plain


_BRACKETS = str.maketrans("[]［］【】（）()「」〈〉<>", "〔〕" * 8)
_NUMBER = re.compile(r"(?P<code>[^〔〕\d\W]{1,20})〔(?P<year>\d{4})〕[1-9]\d{0,4}号")
NUMBER_SCOPE = "document-number"
SHOWN = 3
