"""The banners above a page: the rehearsal's clock, the past that is looked at, and the auditor's field for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from events.vocabulary import Role
from service.pages.shell import Drill, LookBar, PastBanner
from service.pages.words import for_input, whole_moment
from service.runtime import Runtime

if TYPE_CHECKING:
    from service.pages.visiting import Visit


def drill_of(runtime: Runtime, visit: Visit | None) -> Drill | None:
    """The rehearsal banner; None in earnest."""
    if not runtime.clock.rehearsal:
        return None
    standing = runtime.clock.standing()
    chosen = visit.asking.moment if visit is not None and not visit.as_of else standing
    return Drill(
        words=whole_moment(chosen),
        value=for_input(chosen),
        follows=runtime.clock.runs,
        may_tick=visit is not None and visit.may(Role.ADMIN),
    )


def past_of(visit: Visit) -> PastBanner | None:
    """Which moment a page shows; None where it shows now."""
    if not visit.asking.past:
        return None
    rest = [(name, value) for name, value in visit.query.multi_items() if name != "as_of"]
    now = f"{visit.path}?{urlencode(rest)}" if rest else visit.path
    asking = visit.asking
    position = f"，记录到第 {asking.position:,} 位" if asking.position else ""
    notes = tuple(_odd(visit))
    words = "第一条记录以前" if asking.position == 0 else f"截至 {whole_moment(asking.moment)}{position}"
    return PastBanner(
        words=words, now=now, day=visit.day.isoformat(), notes=notes, kept=bool(visit.session.as_of)
    )


def look_of(visit: Visit) -> LookBar | None:
    """The auditor's field, on every page."""
    if not visit.may(Role.AUDITOR):
        return None
    asked = visit.as_of
    by_position = asked.isascii() and asked.isdigit()
    return LookBar(
        moment=for_input(visit.asking.moment) if asked and not by_position else "",
        position=asked if by_position else "",
        latest=for_input(visit.runtime.clock.now()),
    )


def _odd(visit: Visit) -> Iterator[str]:
    """What somebody who looks at this moment must know about it."""
    asking = visit.asking
    if asking.position == 0:
        first = visit.runtime.store.moment_of(1)
        opened = f"这份记录 {whole_moment(first)} 才开始，" if first else ""
        yield f"{opened}那时一条也没有，所以各页都是空的。"
    if asking.cut_through is not None:
        first_of, last_of = asking.cut_through
        yield (
            f"第 {first_of:,} 至 {last_of:,} 位是一次办理里一起写下的，没有人看到过停在中间的样子；"
            f"要看办理前后，改看第 {first_of - 1:,} 位或第 {last_of:,} 位。"
        )
