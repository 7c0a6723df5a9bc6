"""How far a bulletin has come, step by step, with who did each and when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from events.bulletin.state import Bulletin, BulletinStage
from events.record.envelope import CLOCK
from service.pages.visiting import Visit
from service.pages.words import day_and_hour, joined, short_day


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the way."""

    title: str
    note: str
    make: str
    """done, now or nothing."""


def steps(visit: Visit, found: Bulletin) -> tuple[Step, ...]:
    """拟稿 to 签收; the first that is not done is the one to be done now."""
    shown: list[Step] = []
    open_ = found.stage not in (BulletinStage.WITHDRAWN, BulletinStage.CORRECTED)
    for title, done, note in _ways(visit, found):
        now = not done and open_ and all(step.make == "done" for step in shown)
        shown.append(Step(title=title, note=note, make="done" if done else "now" if now else ""))
    return tuple(shown)


def _ways(visit: Visit, found: Bulletin) -> Iterator[tuple[str, bool, str]]:
    def by(user: str | None, moment: object) -> str:
        if user is None or moment is None:
            return ""
        name = CLOCK.name if user == CLOCK.user else visit.directory.user_label(user)
        return joined(name, day_and_hour(moment, visit.day))  # type: ignore[arg-type]

    yield "拟稿", True, by(found.drafted_by, found.drafted_at)
    yield "核数", found.checked_at is not None, by(found.checked_by, found.checked_at)
    if found.co_signers:
        names = "、".join(visit.unit_name(unit) for unit in found.waiting_co_signers)
        yield (
            "会签",
            not found.waiting_co_signers,
            f"等{names}" if names else f"{len(found.co_signers)} 个单位",
        )
    if found.names_units:
        yield (
            "批准点名",
            found.naming_settled,
            _naming(found, by(found.naming_approved_by, found.naming_approved_at)),
        )
    yield "签发", found.signed_at is not None, by(found.signed_by, found.signed_at)
    yield "印发", found.issued_at is not None, by(found.issued_by, found.issued_at)
    if found.publications:
        last = found.publications[-1]
        more = f"等 {len(found.publications)} 处" if len(found.publications) > 1 else ""
        yield "公开", True, joined(short_day(last.on, visit.day), f"{last.channel.label}：{last.place}{more}")
    received, all_ = len(found.receipts), len(found.addressees)
    yield "签收", bool(all_) and received == all_, f"{received}/{all_} 个单位" if all_ else ""


def _naming(found: Bulletin, by: str) -> str:
    if found.naming_approved_at is not None:
        return joined(by, found.naming_paper)
    if found.naming_basis:
        return f"常设批准：{found.naming_basis}"
    return f"点名 {len(found.standing_content.named_units)} 个单位"
