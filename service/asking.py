"""As of when a question is asked: which facts count, and which day judges lateness."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from datetime import date, datetime
from datetime import time as time_of_day

from events.record.store import Store
from events.refusals import Invalid, Malformed, Unavailable
from events.vocabulary import BEIJING
from service.clock import Clock, beijing_day, must_be_imaginable, read_moment

BEFORE_EVERYTHING = datetime(1970, 1, 1, tzinfo=BEIJING)
"""The moment of an empty record."""
PATIENCE = 2.0
"""Seconds a reader waits for ``min_position``."""

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_FROZEN = re.compile(r"(?P<position>[0-9]{1,18})@(?P<day>\d{4}-\d\d-\d\d)")
"""数据定格: a position and the day lateness is judged on, as a 通报 counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A question's two times. ``position`` None means: everything recorded so far."""

    moment: datetime
    position: int | None = None
    past: bool = False
    """Whether the asker looks at a past state on purpose."""
    cut_through: tuple[int, int] | None = None
    """The positions of the one act that ``position`` stops in the middle of: a state nobody ever saw."""

    @property
    def day(self) -> date:
        """The Beijing day lateness is judged on."""
        return beijing_day(self.moment)


def asking(
    clock: Clock,
    store: Store,
    *,
    as_of: str | None = None,
    given: str | datetime | None = None,
    min_position: int | None = None,
) -> Asking:
    """Reads ``as_of``, the rehearsal moment given with the question, and ``min_position``.

    Raises Malformed for what is no moment, Invalid ``as-of-future``, Unavailable ``not-yet``.
    """
    if min_position is not None:
        wait_for(store, min_position)
    now = clock.now(given)
    if as_of is not None and as_of != "":
        return _as_of(store, as_of.strip(), now)
    if given and clock.rehearsal and now < clock.standing():
        return Asking(moment=now, position=store.position_at(now), past=True)
    return Asking(moment=now)


def _as_of(store: Store, text: str, now: datetime) -> Asking:
    if text.isascii() and text.isdigit():
        return _as_of_position(store, int(text[:18]))
    if frozen := _FROZEN.fullmatch(text):
        return _as_frozen(store, int(frozen["position"]), frozen["day"], now)
    if _DATE.fullmatch(text):
        return _as_of_day(store, text, now)
    moment = read_moment(text)
    if moment > now:
        raise _future(f"{moment:%Y-%m-%d %H:%M}")
    return Asking(moment=moment, position=store.position_at(moment), past=True)


def _as_of_position(store: Store, position: int) -> Asking:
    head = store.head().position
    if position > head:
        raise _future(f"第 {position} 位", f"记录现在到第 {head} 位")
    moment = store.moment_of(max(position, 1)) or BEFORE_EVERYTHING
    return Asking(moment=moment, position=position, past=True, cut_through=store.cut_through(position))


def _as_frozen(store: Store, position: int, text: str, now: datetime) -> Asking:
    """The end of the day judged on, or now where it is today; the position is never read anew from a moment."""
    frozen, judged = _as_of_position(store, position), _as_of_day(store, text, now)
    past = position < store.head().position or judged.day < beijing_day(now)
    if judged.day < frozen.day:
        raise Malformed(
            f"第 {position} 位是 {frozen.day} 记下的，不能按更早的 {text} 判迟早；改用那天或以后的日子。",
            code="unreadable-moment",
        )
    return Asking(moment=judged.moment, position=position, past=past, cut_through=frozen.cut_through)


def _as_of_day(store: Store, text: str, now: datetime) -> Asking:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Malformed(f"没有 {text} 这一天；核对年月日。", code="unreadable-moment") from None
    if day > beijing_day(now):
        raise _future(text)
    must_be_imaginable(day, text)
    ends = datetime.combine(day, time_of_day.max, tzinfo=BEIJING)
    moment = min(ends, now) if day == beijing_day(now) else ends
    return Asking(moment=moment, position=store.position_at(moment), past=True)


def _future(what: str, why: str = "那时还没有到") -> Invalid:
    return Invalid(f"不能按 {what} 查看：{why}；改为现在或以前的时刻。", code="as-of-future")


def wait_for(store: Store, position: int) -> None:
    """Waits until a position is written. Raises Unavailable ``not-yet`` when patience ends."""
    ends = time.monotonic() + PATIENCE
    while (head := store.head().position) < position:
        if time.monotonic() > ends:
            raise Unavailable(
                f"第 {position} 位还没有写到（现在到第 {head} 位）；过几秒再查。", code="not-yet"
            )
        time.sleep(0.02)
