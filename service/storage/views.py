"""Saved views of the register: a name for an address, kept by its maker and seen as far as he lets it.

A view selects nothing by itself: whoever opens it sees through it what he may see anyway.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import and_, delete, insert, or_, select, update
from uuid_utils.compat import uuid7

from events.record.connections import Database
from events.record.moments import to_micros
from events.refusals import Invalid, NameTaken
from events.vocabulary import UnitId, UserName
from service.storage.tables import views

LONGEST_NAME = 20
MOST = 30
"""Views one account keeps."""


class Reach(StrEnum):
    """Who sees a view."""

    OWN = "own"
    UNIT = "unit"
    PUBLIC = "public"

    @property
    def label(self) -> str:
        """As people say it."""
        return {"own": "自己用", "unit": "本单位", "public": "全体"}[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedView:
    """One view. ``unit`` is the maker's when it was made; ``query`` the register's parameters as in an address."""

    id: str
    user: UserName
    unit: UnitId | None
    reach: Reach
    name: str
    query: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedViews:
    """The saved views of a database. Every method is one short transaction."""

    database: Database

    def seen_by(self, user: UserName, unit: UnitId | None) -> tuple[SavedView, ...]:
        """What somebody sees: the own ones first, then the unit's, then everybody's; by name."""
        c = views.c
        shared = and_(c.reach == Reach.UNIT.value, c.unit == unit) if unit is not None else None
        seen = [c.user_name == user, c.reach == Reach.PUBLIC.value, *([shared] if shared is not None else [])]
        with self.database.reading.connect() as connection:
            rows = connection.execute(select(views).where(or_(*seen))).all()
        found = [_view(row) for row in rows]
        return tuple(sorted(found, key=lambda v: (list(Reach).index(v.reach), v.name, v.id)))

    def add(
        self, user: UserName, unit: UnitId | None, *, reach: Reach, name: str, query: str, at: datetime
    ) -> SavedView:
        """Keeps a view. Raises Invalid for a name that is none or one view too many, NameTaken for a second one."""
        name = _checked(name)
        if reach is Reach.UNIT and unit is None:
            raise Invalid(
                "您的账号不属于哪个单位，存不成“本单位”的；改选“自己用”。", code="no-unit", field="reach"
            )
        view = SavedView(id=uuid7().hex, user=user, unit=unit, reach=reach, name=name, query=query)
        with self.database.writing.connect() as connection, connection.begin():
            mine = connection.execute(select(views.c.name).where(views.c.user_name == user)).scalars().all()
            _refuse_taken(name, mine)
            if len(mine) >= MOST:
                raise Invalid(
                    f"一个人最多存 {MOST} 个视图；先到“管理视图”里删几个。", code="too-many", field="name"
                )
            connection.execute(
                insert(views).values(
                    id=view.id,
                    user_name=user,
                    unit=unit,
                    reach=reach.value,
                    name=name,
                    query=query,
                    made_at=to_micros(at),
                )
            )
        return view

    def rename(self, view: SavedView, name: str) -> None:
        """Gives a view another name. Raises Invalid for one that is none, NameTaken for one its maker has already."""
        name = _checked(name)
        with self.database.writing.connect() as connection, connection.begin():
            others = and_(views.c.user_name == view.user, views.c.id != view.id)
            _refuse_taken(name, connection.execute(select(views.c.name).where(others)).scalars().all())
            connection.execute(update(views).where(views.c.id == view.id).values(name=name))

    def remove(self, view: SavedView) -> None:
        """Forgets a view; already gone is no error."""
        with self.database.writing.connect() as connection, connection.begin():
            connection.execute(delete(views).where(views.c.id == view.id))


def _view(row: object) -> SavedView:
    return SavedView(
        id=row.id,  # type: ignore[attr-defined]
        user=UserName(row.user_name),  # type: ignore[attr-defined]
        unit=row.unit,  # type: ignore[attr-defined]
        reach=Reach(row.reach),  # type: ignore[attr-defined]
        name=row.name,  # type: ignore[attr-defined]
        query=row.query,  # type: ignore[attr-defined]
    )


def _checked(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise Invalid("给视图起个名字，再存。", code="missing-field", field="name")
    if len(name) > LONGEST_NAME:
        raise Invalid(
            f"视图的名字最多 {LONGEST_NAME} 个字，现在有 {len(name)} 个；写短一些。",
            code="too-long",
            field="name",
        )
    return name


def _refuse_taken(name: str, taken: Sequence[str]) -> None:
    if name in taken:
        raise NameTaken(f"您已经有叫“{name}”的视图；换个名字，或先删掉原来的。", field="name")
