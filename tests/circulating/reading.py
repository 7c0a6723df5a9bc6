"""What composing asks of the service, on a record without one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from events.bulletin.content import BulletinContent
from events.bulletin.series import PRESETS, AsOf, Period, Series, ends_at
from service.circulating.composing import Letterhead, composed
from service.circulating.gathering import gather
from service.circulating.plan import FIGURES, plan_of
from service.circulating.wording import wording
from tests.projections.office import Office
from tests.projections.staff import DIRECTORY

T = TypeVar("T")


@dataclass(frozen=True)
class Always(Generic[T]):
    """The same at every position."""

    value: T

    def at(self, _: int | None) -> T:
        return self.value


class Reading:
    """A runtime's readers."""

    def __init__(self, office: Office, directory: Any = DIRECTORY) -> None:
        self.database, self.store = office.database, office.store
        self.calendars, self.directory = Always(office.calendar), Always(directory)


def series(every: str = "monthly", **fields: Any) -> Series:
    values = {name: getattr(PRESETS[every], name) for name in Series.__dataclass_fields__}
    return Series(**{**values, **fields})


def content_of(
    office: Office, wanted: Series, period: Period, reading: Any = None, *, as_of: AsOf | None = None
) -> BulletinContent:
    """The bulletin of a period that is over, or up to now; ``as_of``: frozen elsewhere."""
    reading = reading or Reading(office)
    at = min(ends_at(period), office.now)
    as_of = as_of or AsOf(position=office.store.position_at(at), at=at)
    plan = plan_of(wanted, period, as_of, office.store)
    head = Letterhead(title="关于办理情况的通报", organ="督查室", code="云督", basis=wanted.ranking_basis)
    return composed(plan, gather(reading, plan), head, wording("standard", FIGURES))
