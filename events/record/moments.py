"""Which moment an append is recorded at: a policy of the record's own clock against the machine's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from events.refusals import MomentPassed, Unavailable
from events.vocabulary import BEIJING

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_HERE = datetime(1970, 1, 1, 8, tzinfo=BEIJING)
_SUMMERS_ENDED = 685_000_000_000_000
"""A moment of September 1991: from here on Beijing is 8 hours ahead, without summer time."""
_TICK = timedelta(microseconds=1)

MomentPolicy = Callable[[int, int | None, bool], int]
"""(moment asked, the record's standing moment, whether a jump was accepted) -> moment recorded; all microseconds."""


def to_micros(moment: datetime) -> int:
    """Whole microseconds since 1970 of an aware moment."""
    return (moment - _EPOCH) // _TICK


def from_micros(micros: int) -> datetime:
    """The Beijing moment of whole microseconds since 1970."""
    if micros >= _SUMMERS_ENDED:
        return _EPOCH_HERE + timedelta(microseconds=micros)
    return (_EPOCH + timedelta(microseconds=micros)).astimezone(BEIJING)


class ClockJumped(Unavailable):
    """The machine's clock is far from the record's; nothing is written until an operator accepts it."""

    code = "clock-jumped"


def real_moments(max_gap: timedelta, max_behind: timedelta = timedelta(minutes=5)) -> MomentPolicy:
    """Real mode: moments never go back along positions; a machine clock that jumped is refused (architecture §3)."""
    gap, behind = max_gap // _TICK, max_behind // _TICK

    def policy(asked: int, standing: int | None, accepted: bool) -> int:
        if standing is None or accepted:
            return max(asked, standing or asked)
        if asked < standing - behind:
            raise ClockJumped(_jumped("比记录中最后时刻早", asked, standing))
        if asked > standing + gap:
            raise ClockJumped(_jumped("比记录中最后时刻晚得多", asked, standing))
        return max(asked, standing)

    return policy


def rehearsal_moments(grace: timedelta = timedelta(0)) -> MomentPolicy:
    """Rehearsal: the given moment is the recorded one; an earlier one than the standing clock is refused.

    ``grace`` is for a clock that follows the machine's: a command that set out just before a beat counts as at it.
    """
    near = grace // _TICK

    def policy(asked: int, standing: int | None, _: bool) -> int:
        if standing is not None and standing - near <= asked < standing:
            return standing
        if standing is not None and asked < standing:
            raise MomentPassed(
                f"演练时钟已走到 {_shown(standing)}，不能再记 {_shown(asked)} 的事；把时刻改到其后再做。"
            )
        return asked

    return policy


def _jumped(how: str, asked: int, standing: int) -> str:
    return (
        f"本机时钟 {_shown(asked)} {how} {_shown(standing)}，为防错记已停止写入；"
        "校准时钟后再试，时钟确实无误时由运维运行 duban clock accept。"
    )


def _shown(micros: int) -> str:
    return f"{from_micros(micros):%Y-%m-%d %H:%M:%S}"
