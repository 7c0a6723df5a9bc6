"""材料: the evidence of a matter, what is still lacking, and where else the same file was used."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from events.matter.state import Evidence, Matter, Withdrawal
from events.rules import evidence as checklist
from events.vocabulary import EvidenceId, EvidenceKind, MatterId
from projections import evidence, lists
from service.files import SHOWN_IN_PAGE, misnamed
from service.pages.visiting import Visit
from service.pages.words import beijing, day_and_hour, file_size, joined, short_day

LARGEST_THUMBNAIL = 3_000_000
"""Bytes of a picture that is shown small beside its name."""
MARKS = {
    EvidenceKind.PHOTO: "图",
    EvidenceKind.VIDEO: "像",
    EvidenceKind.REPORT: "报",
    EvidenceKind.DOCUMENT: "文",
    EvidenceKind.MEASUREMENT: "测",
    EvidenceKind.RECEIPT: "据",
    EvidenceKind.OTHER: "附",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A piece of evidence."""

    mark: str
    name: str
    href: str
    meta: str
    size: str
    picture: bool
    also: str
    """Where else the same file was used."""
    odd: str
    """What its name promises and its bytes are not."""
    digest: str
    """SHA-256 in hexadecimal."""
    withdrawn: str = ""
    """Who withdrew it, when and why; empty where it counts."""
    withdraw: str = ""
    """Where it can be withdrawn."""


def papers(
    visit: Visit,
    matter: Matter,
    also: Mapping[str, str] | None = None,
    withdrawable: Collection[EvidenceId] = (),
) -> tuple[Paper, ...]:
    """The evidence, newest first; ``also`` by digest, ``withdrawable`` those the visitor may withdraw."""
    known = also or {}
    return tuple(
        replace(
            _paper(visit, matter, index, one, known.get(one.sha256, "")),
            withdrawn=_withdrawn(visit, matter.withdrawal_of(one.id)),
            withdraw=f"/matters/{matter.id}/withdraw-evidence?evidence={one.id}"
            if one.id in withdrawable
            else "",
        )
        for index, one in reversed(list(enumerate(matter.evidence)))
    )


def _withdrawn(visit: Visit, withdrawal: Withdrawal | None) -> str:
    if withdrawal is None:
        return ""
    by = visit.directory.user_label(withdrawal.by)
    return f"已撤回：{day_and_hour(withdrawal.at, visit.day)} {by}，{withdrawal.reason}"


def used_elsewhere(connection: Connection, visit: Visit, matter: Matter) -> dict[str, str]:
    """By digest, the other matters a file was used for, as far as they may be seen."""
    found = evidence.elsewhere(connection, matter.id, frozenset(one.sha256 for one in matter.evidence))
    if not found:
        return {}
    others = {MatterId(one.matter) for one in found}
    seen = lists.chosen(connection, visit.asked(), visit.calendar, others).items
    numbers = {item.id: visit.number(item.number) for item in seen}
    said: dict[str, list[str]] = {}
    for one in found:
        said.setdefault(one.sha256, []).append(numbers.get(MatterId(one.matter), "别的事项"))
    return {digest: f"同一文件也用在{'、'.join(dict.fromkeys(which))}" for digest, which in said.items()}


def _paper(visit: Visit, matter: Matter, index: int, one: Evidence, also: str) -> Paper:
    taken = f"摄于 {day_and_hour(one.taken_at, visit.day)}" if one.taken_at else ""
    before = "退回前的，报结不算" if index < matter.evidence_counted_from else ""
    attached = f"{short_day(beijing(one.attached_at).date(), visit.day)} {visit.unit_name(one.unit)}传"
    return Paper(
        mark=MARKS[one.kind],
        name=one.name,
        href=f"/evidence/{one.id}",
        meta=joined(one.kind.label, taken, one.place, attached, before),
        size=file_size(one.size),
        picture=matter.withdrawal_of(one.id) is None
        and one.media_type in SHOWN_IN_PAGE
        and one.size <= LARGEST_THUMBNAIL,
        also=also,
        odd=misnamed(one.name, one.media_type),
        digest=one.sha256,
    )


def missing(visit: Visit, matter: Matter) -> str:
    """What a completion report still lacks, in words."""
    procedure = visit.runtime.settings.procedures.get(matter.kind)
    if (
        procedure is None
        or matter.stage.ended
        or matter.completion_reported_at is not None
        or not matter.lead_unit
    ):
        return ""
    counted = (one.kind for one in matter.counted_evidence)
    lacking = checklist.missing(procedure.evidence, counted)
    return "、".join(
        "或".join(EvidenceKind(k).label for k in checklist.alternatives(entry)) for entry in lacking
    )
