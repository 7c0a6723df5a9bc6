"""Looking up what decisions about bulletins need: the series, its other bulletins, the frozen place, who may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from events.bulletin.content import BulletinContent
from events.bulletin.series import AsOf, Every, Period, Series, ends_at, period_before
from events.bulletin.state import Bulletin, BulletinStage
from events.bulletin.surroundings import Composed, Known, Surroundings
from events.directory.state import Directory
from events.record.envelope import Actor
from events.refusals import NotFound
from events.vocabulary import BulletinId, Role, UnitId
from projections import bulletin_lists
from service.circulating.composing import compose
from service.clock import beijing_day
from service.identity import sees_all
from service.runtime import Runtime

OUT = frozenset({BulletinStage.ISSUED, BulletinStage.CORRECTED, BulletinStage.WITHDRAWN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What somebody may see of bulletins."""

    all: bool
    units: frozenset[UnitId]
    """The own unit and those it took over from."""
    heads: bool
    """Whether the person heads the unit, and co-signs for it."""

    def may_see(self, bulletin: Bulletin) -> bool:
        """Drafts are the office's; a unit sees what was issued to it, and what it is asked to co-sign."""
        if self.all:
            return True
        if self.heads and bulletin.stage is BulletinStage.CHECKED:
            return not self.units.isdisjoint(bulletin.co_signers)
        return any(one.unit in self.units for one in bulletin.addressees)


def sight_of(actor: Actor, directory: Directory, day: date) -> Sight:
    """What an actor may see of bulletins."""
    units = directory.inherits_from(actor.unit, day) if actor.unit is not None else frozenset[UnitId]()
    return Sight(all=sees_all(actor), units=units, heads=Role.UNIT_HEAD in actor.roles)


def series_of(runtime: Runtime, name: str) -> Series:
    """A configured series. Raises NotFound."""
    found = runtime.settings.bulletins.get(name)
    if found is None:
        known = "、".join(f"{one.id}（{one.name}）" for one in runtime.settings.bulletins.values())
        raise NotFound(f"没有 {name} 这个通报系列；可用的有 {known}。", code="unknown-series")
    return found


def usual_period(series: Series, today: date) -> Period | None:
    """The period a draft by hand speaks of where none is named: the last regular one that is over."""
    return None if series.every is Every.AD_HOC else period_before(series.every, today)


def frozen_at(runtime: Runtime, period: Period, at: datetime) -> AsOf:
    """数据定格 for a period: its end where it is over, so that a late draft says the same as one on the day."""
    ends = ends_at(period)
    if ends < at:
        return AsOf(position=runtime.store.position_at(ends), at=ends)
    return now_of(runtime, at)


def now_of(runtime: Runtime, at: datetime) -> AsOf:
    """数据定格 at this moment."""
    return AsOf(position=runtime.store.head().position, at=at)


def composed(
    runtime: Runtime,
    series: Series,
    period: Period,
    as_of: AsOf,
    *,
    subject: str = "",
    before: Bulletin | None = None,
) -> Composed:
    """A content made now; ``before`` is the bulletin whose figures it is compared with."""
    content = compose(runtime, series, period, as_of, subject=subject)
    changes = () if before is None else changes_between(before.standing_content, content)
    return Composed(content=content, as_of=as_of, changes=changes)


def changes_between(old: BulletinContent, new: BulletinContent) -> tuple[str, ...]:
    """Which figures read otherwise, which units were named and are no longer or anew; a sentence each."""
    before = {figure.id: figure for figure in old.figures}
    found = [
        f"{figure.label}由{before[figure.id].shown}更正为{figure.shown}"
        for figure in new.figures
        if figure.id in before and before[figure.id].shown != figure.shown
    ]
    was, now = {one.matter: one for one in old.named}, {one.matter: one for one in new.named}
    gone = "、".join(one.number for one in old.named if one.matter not in now)
    come = "、".join(one.number for one in new.named if one.matter not in was)
    found += [f"不再点到{gone}"] if gone else []
    found += [f"新点到{come}"] if come else []
    return tuple(found)


def surroundings(
    runtime: Runtime, actor: Actor, at: datetime, series: Series | None, **more: object
) -> Surroundings:
    """What every decision sees, and what this one needs besides."""
    return Surroundings(
        actor=actor,
        at=at,
        directory=runtime.directory.now(),
        calendar=runtime.calendars.now(),
        series=series,
        **more,  # type: ignore[arg-type]
    )


def siblings_of(runtime: Runtime, series: str) -> tuple[Known, ...]:
    """The bulletins of a series as they stand."""
    with runtime.database.reading.connect() as connection:
        return bulletin_lists.siblings(connection, series)


def load(runtime: Runtime, bulletin: BulletinId, *, up_to: int | None = None) -> Bulletin:
    """A bulletin as it stands. Raises NotFound where there is none."""
    folded = runtime.handling.load(f"bulletin-{bulletin}", up_to=up_to)
    if folded.version == 0:
        raise unknown()
    state: Bulletin = folded.state
    return state


def visible(
    runtime: Runtime, actor: Actor, bulletin: BulletinId, at: datetime, up_to: int | None = None
) -> Bulletin:
    """A bulletin the actor may see. Raises NotFound."""
    found = load(runtime, bulletin, up_to=up_to)
    if not sight_of(actor, runtime.directory.now(), beijing_day(at)).may_see(found):
        raise unknown()
    return found


def unknown() -> NotFound:
    """There is no such bulletin, or it is not for the asker."""
    return NotFound("没有这份通报，或不归您看；从通报列表里打开，需要时请督查室把您单位列为收文单位。")
