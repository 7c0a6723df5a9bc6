"""A monthly draft with all rates for 500 units at 100,000 matters; checking ten years of monthly bulletins again."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

from benchmarks.measuring import Benchmark, Line, Measured, Sizes
from benchmarks.office import furnish, opened
from benchmarks.rows import FIRST_DAY, LAST_DAY, UNITS, units_made, write_rows
from events.bulletin.content import BulletinContent, Frozen, Span
from events.bulletin.series import PRESETS, AsOf, Every, Period, ends_at, in_words, period_before, period_of
from events.bulletin.state import Bulletin, BulletinStage
from events.record.handling import Handling
from events.record.sql import plain_text
from events.vocabulary import BulletinId, UserName
from service.circulating.checking import recheck_all
from service.circulating.composing import Letterhead, composed
from service.circulating.document import official
from service.circulating.gathering import gather, gather_together
from service.circulating.plan import FIGURES, Plan, plan_of
from service.circulating.proving import prove_all
from service.circulating.rendering import paper_of, render
from service.circulating.wording import STANDARD, wording
from service.clock import machine_now
from service.commands.circulating import Circulating, circulate
from service.documents.jobs import Media
from service.identity import actor_of
from service.runtime import Runtime

DRAFT_BAR, MEMORY_BAR, PAPER_BAR, QUEUE_BAR, CHECK_BAR = 3_000, 400, 1_000, 1_000, 60_000
CLASSES = 2
"""So many of the five classes of units make about twenty pages."""
PROVED = 6
PAGE = b"/Type/Page/"
SERIES = replace(PRESETS["monthly"], ranking_basis="县政府会议纪要")
HEAD = Letterhead(title="关于督办事项办理情况的通报", organ="县督查室", code="督", basis=SERIES.ranking_basis)


def measure(sizes: Sizes, room: Path) -> Measured:
    """Drafts of the last month, its papers, one sent to a thousand posts, then every month of ten years checked."""
    office = furnish(room / "office", mode="rehearsal")
    with opened(office) as runtime:
        units = units_made(runtime)
        positions = write_rows(runtime, units, sizes.matters)
        months = list(_months())
        drafted, last = _timed(sizes, lambda: _draft(runtime, months[-1], positions))
        tracemalloc.start()
        _draft(runtime, months[-1], positions)
        peak = tracemalloc.get_traced_memory()[1] / 1e6
        tracemalloc.stop()
        papers, pages = _papers(sizes, runtime, last)
        queued, letters = _queued(sizes, runtime, units)
        contents = [*_drafts(runtime, months[:-1], positions), last]
        started = time.perf_counter()
        wrong = [str(one) for _, found in recheck_all(runtime, contents) for one in found]
        checked = (time.perf_counter() - started) * 1e3
        issued = [_out(runtime, content) for content in contents[:: len(contents) // PROVED]]
        started = time.perf_counter()
        wrong += [one for proof in prove_all(runtime, issued) for one in proof.differences]
        proved = (time.perf_counter() - started) * 1e3 / len(issued)
    if wrong:
        raise RuntimeError(f"an unchanged bulletin does not check: {wrong[0]}")
    both = "正文和公开部分都重排一遍，再数一遍"
    lines = (
        Line(what="拟一期月通报", unit="毫秒", values=drafted, bar=DRAFT_BAR, note=_about(last)),
        Line(what="拟一期所增内存（峰值）", unit="MB", values=(peak,), bar=MEMORY_BAR),
        Line(what="出一份 PDF（热）", unit="毫秒", values=papers, bar=PAPER_BAR, note=pages),
        Line(what="印发，信件同一事务入箱", unit="毫秒", values=queued, bar=QUEUE_BAR, note=letters),
        Line(what=f"核对 {len(months)} 期旧通报的数字", unit="毫秒", values=(checked,), bar=CHECK_BAR),
        Line(what="连同 PDF 核对，每期", unit="毫秒", values=(proved,), note=both),
    )
    about = (
        f"{UNITS} 个单位，{sizes.matters:,} 件事项分布在十年里，每件约八个版本；行由测试直接写入台账的表。"
    )
    return Measured(lines=lines, notes=(about,))


T = TypeVar("T")


def _timed(sizes: Sizes, work: Callable[[], T]) -> tuple[tuple[float, ...], T]:
    """Milliseconds of each repeat, and what the last one gave."""
    took: list[float] = []
    found: list[T] = []
    for _ in range(sizes.repeats):
        started = time.perf_counter()
        found = [work()]
        took.append((time.perf_counter() - started) * 1e3)
    return tuple(took), found[0]


def _out(runtime: Runtime, content: BulletinContent) -> Bulletin:
    """A bulletin as if issued, its papers in the store."""
    signed_at = ends_at(Period(first=content.period.first, last=content.period.last))
    number = f"督〔{content.period.last.year}〕{content.period.last.month}号"
    bulletin = Bulletin(
        id=BulletinId(number), content=content, document_no=number, signed_at=signed_at, issue_no="2024-00001"
    )
    made = render(runtime, bulletin, addressees=(), copies_to=())
    return replace(bulletin, stage=BulletinStage.ISSUED, head=made.head, full=made.full, public=made.public)


def _papers(sizes: Sizes, runtime: Runtime, content: BulletinContent) -> tuple[tuple[float, ...], str]:
    """A PDF of some twenty pages in the process that is warm by now; never twice the same."""
    groups = content.table.groups[:CLASSES]
    short = replace(
        content, table=replace(content.table, groups=groups), overdue=replace(content.overdue, rows=())
    )
    numbers = iter(range(1, 100))

    def made() -> bytes:
        bulletin = Bulletin(id=BulletinId("b"), content=short, document_no=f"督〔2024〕{next(numbers)}号")
        document = official(paper_of(runtime, bulletin, public=False))
        return runtime.renderer.render(document, Media.PDF).content

    made()
    took, pdf = _timed(sizes, made)
    return took, f"{pdf.count(PAGE)} 页"


def _queued(sizes: Sizes, runtime: Runtime, units: tuple[str, ...]) -> tuple[tuple[float, ...], str]:
    """From the decision to issue to the commit; what comes before, the rendering above all, is not in it."""
    watched = Watched(runtime.handling)
    looked_at = replace(runtime, handling=watched)  # type: ignore[arg-type]
    took: list[float] = []
    said = ""
    for n in range(sizes.repeats):
        bulletin = _do(looked_at, "clerk", "draft", None, _ad_hoc(runtime, n))["id"]
        _do(looked_at, "clerk", "check", bulletin, {})
        _do(looked_at, "head", "sign", bulletin, {"document_no": f"督〔2025〕{n + 1}号"})
        before = _letters(runtime)
        answer = _do(looked_at, "clerk", "issue", bulletin, {"units": list(units)})
        took.append(watched.last * 1e3)
        said = f"{answer['recipients']} 个单位，{_letters(runtime) - before:,} 封信"
    return tuple(took), said


class Watched:
    """Handling that notes how long its last command took, from the decision to the commit."""

    def __init__(self, handling: Handling) -> None:
        self._handling = handling
        self.last = 0.0
        """Seconds."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._handling, name)

    def handle(self, *given: Any, **named: Any) -> dict[str, Any]:
        """As it handles."""
        started = time.perf_counter()
        answer = self._handling.handle(*given, **named)
        self.last = time.perf_counter() - started
        return answer


def _ad_hoc(runtime: Runtime, n: int) -> dict[str, Any]:
    day = runtime.clock.now().date() - timedelta(days=1)
    return {
        "series": "ad_hoc",
        "subject": f"第{n + 1}次专项督查情况",
        "from": day.isoformat(),
        "to": day.isoformat(),
    }


def _do(
    runtime: Runtime, account: str, name: str, bulletin: str | None, fields: dict[str, Any]
) -> dict[str, Any]:
    at = runtime.clock.now()
    asked = Circulating(
        actor=actor_of(runtime.directory.now(), UserName(account), at.date()),
        name=name,
        id=BulletinId(bulletin) if bulletin is not None else None,
        fields=fields,
        at=at,
        received_at=machine_now(),
    )
    return circulate(runtime, asked)


def _letters(runtime: Runtime) -> int:
    with runtime.database.reader() as driver:
        return int(driver.rows(plain_text("SELECT count(*) FROM letters"))[0][0])


def _months() -> list[Period]:
    found, day = [], FIRST_DAY
    while day <= LAST_DAY:
        found.append(period_of(Every.MONTH, day))
        day = found[-1].last + timedelta(days=1)
    return found


def _draft(runtime: Runtime, month: Period, positions: dict[date, int]) -> BulletinContent:
    plan = _plan(runtime, month, positions)
    return composed(plan, gather(runtime, plan), HEAD, wording(STANDARD, FIGURES))


def _drafts(runtime: Runtime, months: list[Period], positions: dict[date, int]) -> Iterator[BulletinContent]:
    """Many at once, for only the checking of them is measured."""
    plans = [_plan(runtime, month, positions) for month in months]
    for plan, gathered in zip(plans, gather_together(runtime, plans), strict=True):
        yield composed(plan, gathered, HEAD, wording(STANDARD, FIGURES))


def _plan(runtime: Runtime, month: Period, positions: dict[date, int]) -> Plan:
    return _placed(plan_of(SERIES, month, AsOf(position=0, at=ends_at(month)), runtime.store), positions)


def _placed(plan: Plan, positions: dict[date, int]) -> Plan:
    """The plan at the positions the rows were given, for the record itself knows none of their days."""
    before = period_before(Every.MONTH, plan.period.first)
    previous = Span(first=before.first, last=before.last, label=in_words(Every.MONTH, before))
    return replace(
        plan,
        frozen=_frozen(plan.period, positions),
        previous=previous if before.first >= FIRST_DAY.replace(day=1) else None,
        previous_frozen=_frozen(previous, positions) if before.first >= FIRST_DAY.replace(day=1) else None,
    )


def _frozen(period: Span, positions: dict[date, int]) -> Frozen:
    day = period.last
    while day not in positions:
        day -= timedelta(days=1)
    begins = period.last.replace(month=1, day=1)
    return Frozen(as_of=positions[day], judged_on=period.last, counted_from=begins)


def _about(content: BulletinContent) -> str:
    rows = sum(len(group.rows) for group in content.table.groups)
    return f"表 {rows} 行，逾期 {len(content.overdue.rows):,} 件"


BENCHMARK = Benchmark(name="circulating", title="通报：拟稿与核对", run=measure)
