"""查阅日志: who looked at what is sensitive, and who was refused; for auditors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import Response

from events.directory.state import Directory
from events.record.envelope import OPERATOR
from events.refusals import Malformed
from events.vocabulary import BEIJING, MatterId, Role
from projections import evidence, lists
from service.documents.numbering import official
from service.noting import note
from service.pages.rendering import show
from service.pages.shell import Shell
from service.pages.views import Empty, Link, Option
from service.pages.visiting import Visit, Visiting, shell_of
from service.pages.words import beijing, joined, stored_number, whole_moment
from service.storage.access import Asked, Kind, Looked

router = APIRouter(include_in_schema=False)

SHOWN = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class LookRow:
    """One look."""

    number: str
    when: str
    who: str
    kind: str
    refused: bool
    what: str
    href: str
    past: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessPage:
    """The log."""

    shell: Shell
    sub: str
    kinds: tuple[Option, ...]
    users: tuple[Option, ...]
    matter: str
    since: str
    until: str
    rows: tuple[LookRow, ...]
    next: str | None
    empty: Empty


@router.get("/access")
def access(visit: Visiting) -> Response:
    """The log, newest first."""
    visit.must(Role.AUDITOR)
    note(visit.answer, Kind.ACCESS, once=True)
    asked = _asked(visit)
    rows = visit.runtime.access.found(asked)
    page = AccessPage(
        shell=shell_of(visit, "查阅日志", body="has-bar print-wide"),
        sub=f"至少保存 {visit.runtime.settings.audit.keep_access_months} 个月；前后相链，改一条就对不上",
        kinds=tuple(Option(value=kind.value, label=kind.label, chosen=kind is asked.kind) for kind in Kind),
        users=_users(visit, asked.user),
        matter=visit.query.get("matter", ""),
        since=visit.query.get("since", ""),
        until=visit.query.get("until", ""),
        rows=tuple(_rows(visit, rows[:SHOWN])),
        next=_next(visit, rows),
        empty=Empty(title="没有这样的查阅", text="看过去、看他人材料、导出、被拒的，都会记在这里。"),
    )
    return show("access.html", page)


def _asked(visit: Visit) -> Asked:
    query = visit.query
    kind = query.get("kind", "")
    if kind and kind not in set(Kind):
        raise Malformed(f"没有“{kind[:20]}”这一类查阅；从筛选里选。", code="unreadable-filter")
    before = query.get("before", "")
    return Asked(
        user=query.get("user") or None,
        kind=Kind(kind) if kind else None,
        target=_target(visit, query.get("matter", "").strip()),
        since=_day(query.get("since", "")),
        until=_day(query.get("until", ""), after=1),
        before=int(before[:18]) if before.isascii() and before.isdigit() else None,
        limit=SHOWN + 1,
    )


def _target(visit: Visit, text: str) -> str | None:
    """The matter meant by its number, or an id as it is."""
    if not text:
        return None
    with visit.connect() as connection:
        return lists.matter_of_number(connection, stored_number(text)) or text


def _day(text: str, *, after: int = 0) -> datetime | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text) + timedelta(days=after)
    except (ValueError, OverflowError):
        raise Malformed(f"“{text[:20]}”不是日期；写成 2025-06-30 这样。", code="unreadable-filter") from None
    return datetime.combine(day, time.min, tzinfo=BEIJING)


def _users(visit: Visit, chosen: str | None) -> tuple[Option, ...]:
    names = visit.runtime.directory.now()
    known = sorted(names.users)
    machine = Option(value=OPERATOR.user, label=_who(names, OPERATOR.user), chosen=chosen == OPERATOR.user)
    return (
        *(
            Option(value=user, label=f"{names.user_label(user)}（{user}）", chosen=user == chosen)
            for user in known
        ),
        machine,
    )


def _who(names: Directory, user: str) -> str:
    """An account's person; whoever works on the machine itself has none."""
    return f"{OPERATOR.name}（命令行）" if user == OPERATOR.user else names.user_label(user)


def _rows(visit: Visit, rows: Sequence[Looked]) -> list[LookRow]:
    names = visit.runtime.directory.now()
    whose = _targets(visit, rows, names)
    return [
        LookRow(
            number=f"{row.number:,}",
            when=f"{beijing(row.at):%Y-%m-%d %H:%M:%S}",
            who=f"{names.unit_name(row.unit, visit.day)} {_who(names, row.user)}".strip(),
            kind=row.kind.label,
            refused=row.refused is not None,
            what=whose.get(row.target or "", ("", ""))[0],
            href=whose.get(row.target or "", ("", ""))[1],
            past=f"看的是 {whole_moment(row.moment)}" if row.moment is not None else "",
            address=row.address,
        )
        for row in rows
    ]


def _targets(visit: Visit, rows: Sequence[Looked], names: Directory) -> Mapping[str, tuple[str, str]]:
    """Target → what it is called and where it is."""
    found = dict(_matters(visit, rows))
    for target in {row.target for row in rows if row.target} - set(found):
        if target in names.units:
            found[target] = (names.unit_name(target, visit.day), visit.then(f"/units/{target}"))
        elif target in names.people:
            found[target] = (names.person_name(target), visit.then(f"/people/{target}"))
        else:
            loaded = visit.runtime.handling.load(f"bulletin-{target}")
            if loaded.version:
                title = joined(loaded.state.document_no, "".join(loaded.state.title.split()))
                found[target] = (title, visit.then(f"/bulletins/{target}"))
    return found


def _matters(visit: Visit, rows: Sequence[Looked]) -> Mapping[str, tuple[str, str]]:
    """Target → what it is called and where it is, for matters and pieces of evidence."""
    found: dict[str, tuple[str, str]] = {}
    matters: dict[str, str] = {}
    with visit.connect() as connection:
        for target in {row.target for row in rows if row.target}:
            piece = evidence.find(connection, target)
            matters[target] = piece.matter if piece else target
        items = lists.chosen(
            connection, visit.asked(limit=200), visit.calendar, {MatterId(m) for m in matters.values()}
        ).items
    named = {item.id: f"{official(item.number, '')} {item.title}".strip() for item in items}
    for target, matter in matters.items():
        if matter in named:
            found[target] = (named[MatterId(matter)], visit.then(f"/matters/{matter}"))
    return found


def _next(visit: Visit, rows: Sequence[Looked]) -> str | None:
    if len(rows) <= SHOWN:
        return None
    kept = [(n, v) for n, v in visit.query.multi_items() if n != "before" and v]
    return f"/access?{urlencode([*kept, ('before', str(rows[SHOWN - 1].number))])}"


def lately(visit: Visit, target: str, limit: int) -> tuple[Link, ...]:
    """Who looked at one matter last, for the page beside it."""
    names = visit.runtime.directory.now()
    rows = visit.runtime.access.found(Asked(target=target, limit=limit))
    return tuple(
        Link(
            text=_who(names, row.user),
            href=f"/access?{urlencode({'matter': target})}",
            about=f"{beijing(row.at):%-m月%-d日 %H:%M} {row.kind.label}",
        )
        for row in rows
    )
