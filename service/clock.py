"""Where the moment enters: the machine's clock in real mode, a standing clock in rehearsal."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from events.record.moments import MomentPolicy, from_micros, real_moments, rehearsal_moments, to_micros
from events.record.store import Store
from events.refusals import Malformed
from events.vocabulary import BEIJING
from service.settings import ClockSettings

EARLIEST_YEAR, LATEST_YEAR = 1949, 2200
"""Of any moment that can be meant."""
GRACE = timedelta(minutes=1)
"""How far behind a beat a command may have set out where the rehearsal's clock follows the machine's."""


def machine_now() -> datetime:
    """The machine's clock, in Beijing time. Nothing else in the service reads it."""
    return datetime.now(BEIJING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """Gives the moment of a command or a question."""

    settings: ClockSettings
    store: Store

    @property
    def rehearsal(self) -> bool:
        """Whether moments may be given from outside."""
        return self.settings.mode == "rehearsal"

    @property
    def runs(self) -> bool:
        """Whether jobs and deliveries run by themselves."""
        return not self.rehearsal or self.settings.follow

    def standing(self) -> datetime:
        """A rehearsal's clock: the latest moment given, before the first one the configured start."""
        moment = self.store.head().moment
        stands = self.settings.start_at.astimezone(BEIJING) if moment is None else from_micros(moment)
        return max(stands, machine_now()) if self.settings.follow else stands

    def now(self, given: str | datetime | None = None) -> datetime:
        """The moment of a request. ``given`` is what ``X-Duban-Now``, ``--at`` or the banner's form said.

        Raises Malformed ``not-rehearsing`` in real mode, or for a moment without a zone.
        """
        if given is None or given == "":
            return self.standing() if self.rehearsal else machine_now()
        if not self.rehearsal:
            raise Malformed(
                "这是真实办公的记录，不能指定时刻；去掉 X-Duban-Now 或 --at，按现在的时刻办理。",
                code="not-rehearsing",
            )
        return given if isinstance(given, datetime) else read_moment(given)

    def must_not_pass(self, at: datetime) -> None:
        """Raises MomentPassed for a rehearsal's command before the standing clock."""
        standing = self.store.head().moment if self.rehearsal else None
        if standing is not None:
            moment_policy(self.settings)(to_micros(at), standing, False)


def moment_policy(settings: ClockSettings) -> MomentPolicy:
    """Which moments are recorded, as configured."""
    if settings.mode == "rehearsal":
        return rehearsal_moments(GRACE if settings.follow else timedelta(0))
    return real_moments(settings.max_gap)


_SPACE_BEFORE_ZONE = re.compile(r" (?=\d\d:?\d\d$)")


def read_moment(text: str) -> datetime:
    """A moment with zone, as Beijing time. In a query a space before the offset is read as ``+``. Raises Malformed."""
    try:
        moment = datetime.fromisoformat(_SPACE_BEFORE_ZONE.sub("+", text.strip()))
    except ValueError:
        raise Malformed(
            f"“{text[:40]}”不是时刻；写成 2008-07-01T09:00:00+08:00 这样。", code="unreadable-moment"
        ) from None
    if moment.tzinfo is None:
        raise Malformed(f"时刻“{text[:40]}”没有时区；在后面加上 +08:00。", code="moment-without-zone")
    must_be_imaginable(moment, text)
    return moment.astimezone(BEIJING)


def must_be_imaginable(day: date, text: str) -> None:
    """Raises Malformed for a day, or moment, that nobody can mean."""
    if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        raise Malformed(
            f"“{text[:40]}”太早或太晚；应在 {EARLIEST_YEAR} 年到 {LATEST_YEAR} 年之间。", code="absurd-moment"
        )


def beijing_day(moment: datetime) -> date:
    """The Beijing date of a moment."""
    return moment.date() if moment.tzinfo is BEIJING else moment.astimezone(BEIJING).date()
