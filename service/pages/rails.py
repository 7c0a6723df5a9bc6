"""The rail and the tab bar: links by role, with one's own counts; nobody sees a link that answers 403."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection
from starlette.datastructures import QueryParams

from events.record.envelope import Actor
from events.vocabulary import UNIT_ROLES, Role
from notifications.outbox import asking as letters_asked
from notifications.posts import keys_of_actor
from projections import lists
from projections.asking import Asked
from service.identity import sees_all
from service.pages.shell import RailGroup
from service.pages.views import Link

DESK = "办事"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What the rail counts for one visitor."""

    open: str
    overdue: str
    unread: int


def counts(connection: Connection, asked: Asked, actor: Actor, moment: datetime) -> Counts:
    """The visitor's own counts; cheap, for every page asks. ``moment`` is the one of a question about the past."""
    posts = keys_of_actor(actor)
    position = asked.position
    return Counts(
        open=_said(lists.count(connection, replace(asked, state="open"))),
        overdue=_said(lists.count(connection, replace(asked, overdue=True))),
        unread=letters_asked.unread(connection, posts)
        if position is None
        else letters_asked.unread_then(connection, posts, position, moment),
    )


def rail(
    actor: Actor,
    unit: str,
    counted: Counts,
    path: str,
    query: QueryParams,
    then: Callable[[str], str],
) -> tuple[tuple[RailGroup, ...], tuple[Link, ...]]:
    """The rail's groups and the tab bar's links; ``then`` keeps the moment looked at."""
    here = _here(path, query)

    def link(text: str, href: str, count: str | None = None) -> Link:
        return Link(text=text, href=then(href), count=count, current=href == here)

    groups: list[RailGroup] = []
    first = _first_group(actor, unit)
    desk = [
        link(_desk_name(actor), "/"),
        link("台账" if first == DESK else "本单位台账", "/matters", counted.open),
        link("看板", "/board"),
    ]
    groups.append(RailGroup(title=first, links=tuple(desk)))
    pressing = [
        link("逾期", "/overdue", counted.overdue),
        link("未签收", "/unsigned"),
        link("待核查", "/awaiting-verification"),
    ]
    if actor.is_office or actor.roles & {Role.VERIFIER, Role.AUDITOR}:
        pressing.append(link("回头看", "/look-backs"))
    if sees_all(actor):
        pressing.append(link("会议", "/meetings"))
    groups.append(RailGroup(title="督办", links=tuple(pressing)))
    looking = (link("通报", "/bulletins"), link("统计", "/statistics"), link("反复出现", "/recurring"))
    groups.append(RailGroup(title="看数", links=looking))
    stock = [link("单位与人员", "/units"), link("工作日历", "/calendars")]
    if actor.is_office or actor.roles & {Role.AUDITOR, Role.ADMIN}:
        stock.append(link("通知记录", "/letters/sent"))
        stock.append(link("封存", "/seals"))
    if Role.AUDITOR in actor.roles:
        groups.append(
            RailGroup(title="审计", links=(link("两个时刻相比", "/compare"), link("查阅日志", "/access")))
        )
    if Role.ADMIN in actor.roles:
        stock.append(link("账号", "/users"))
    groups.append(RailGroup(title="库", links=tuple(stock)))
    tabs = (*desk, link("消息", "/letters", unread_said(counted.unread) or None))
    return tuple(groups), tabs


def unread_said(count: int) -> str:
    """Unread letters, as far as they are counted; empty for none."""
    return ("99+" if count > 99 else str(count)) if count else ""


def _desk_name(actor: Actor) -> str:
    if actor.is_office:
        return "工作台"
    if Role.LEADER in actor.roles:
        return "过问"
    if actor.roles & UNIT_ROLES:
        return "我要办的"
    return "要我核查的" if Role.VERIFIER in actor.roles else "工作台"


def _first_group(actor: Actor, unit: str) -> str:
    return unit if actor.roles & UNIT_ROLES and not actor.is_office and unit else DESK


def _here(path: str, query: QueryParams) -> str:
    if path.startswith("/matters"):
        return "/matters"
    if path.startswith(("/units", "/people")):
        return "/units"
    if path.startswith("/calendars"):
        return "/calendars"
    if path == "/letters/sent" or ("matter" in query and path.startswith("/letters")):
        return "/letters/sent"
    if path.startswith("/letters"):
        return "/letters"
    for section in ("/bulletins", "/meetings"):
        if path.startswith(section):
            return section
    if path.startswith("/statistics"):
        return "/statistics"
    return "/users" if path.startswith("/users") else path


def _said(count: int) -> str:
    return f"{lists.COUNTED_UP_TO:,}+" if count > lists.COUNTED_UP_TO else f"{count:,}"
