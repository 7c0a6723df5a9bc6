"""How long the past takes: lists at any moment, one long matter step by step, two boards side by side, a recount."""

from __future__ import annotations

import random
import time
from pathlib import Path

import uvloop

from benchmarks.client import connect
from benchmarks.lives import Step, assignment, progress, registration, send
from benchmarks.measuring import Benchmark, Line, Measured, Sizes, percentile
from benchmarks.office import Office, actors, copied, opened
from benchmarks.serving import Server, served
from benchmarks.stock import FIRST_DAY, LAST_DAY, moment, stock
from events.record.envelope import OPERATOR
from events.vocabulary import MatterId, Role, UserName
from service.asking import asking
from service.clock import machine_now
from service.commands.directing import Directing, direct
from service.identity import COOKIE
from service.recount.comparing import Wanted, recount
from service.runtime import Runtime

REGISTER_BAR, MATTER_BAR, BOARDS_BAR = 300, 50, 1_000
"""Milliseconds; the first by p95 (issue: Replay and proof)."""
LONG_LIFE = 1_000
"""Facts of one matter."""


def measure(sizes: Sizes, room: Path) -> Measured:
    """One connection asks one page after another, each at a moment of its own."""
    kept = stock(room.parent, sizes.matters)
    office = copied(kept.office, room / "office")
    rng = random.Random(55)
    with opened(office) as runtime:
        cookie = _auditor(runtime)
        matter = uvloop.run(_long_matter(runtime, office, rng))
        head = runtime.store.head().position
        inside = _recounted(runtime, head)
    moments = [rng.randrange(head // 20, head) for _ in range(sizes.questions)]
    steps = [head - rng.randrange(LONG_LIFE - 10) for _ in range(sizes.questions)]
    year = f"from={FIRST_DAY}&to={LAST_DAY}"
    with served(office, room / "log") as server:
        lines = [
            _p95(server, cookie, "台账页，任一位次", [f"/matters?as_of={n}" for n in moments], REGISTER_BAR),
            _p95(server, cookie, "逾期清单页，任一位次", [f"/overdue?as_of={n}" for n in moments]),
            _p95(server, cookie, "看板页，任一位次", [f"/board?as_of={n}" for n in moments]),
            _p95(
                server,
                cookie,
                f"{LONG_LIFE:,} 条事实的一件，任一位次，接口",
                [f"/api/v1/matters/{matter}?as_of={n}" for n in steps],
                MATTER_BAR,
            ),
            _p95(
                server,
                cookie,
                "同一件的当时记录页",
                [f"/matters/{matter}/replay?step={n % 900 + 1}" for n in steps],
            ),
            _p95(server, cookie, "相隔近一年的两个看板相比", [f"/compare?{year}"] * 10, BOARDS_BAR),
            _p95(
                server,
                cookie,
                "一个单位一月的当时记录页",
                [f"/units/{office.units[0]}/replay?from=2025-06-01&to=2025-06-30"] * 10,
            ),
        ]
    about = (
        f"样本库：在办 {kept.matters:,} 件，事实 {head:,} 条。每个数是 p95，另注 p50；每次问的位次都不同。"
    )
    return Measured(lines=(*lines, inside), notes=(about,))


def _auditor(runtime: Runtime) -> str:
    """The clerk's account with the auditor's role, logged in."""
    roles = {"roles": [Role.OFFICE_CLERK.value, Role.AUDITOR.value]}
    at = runtime.clock.now()
    direct(
        runtime,
        Directing(actor=OPERATOR, collection="users", verb="roles", id="clerk", fields=roles, at=at),
    )
    return f"Cookie: {COOKIE}={runtime.accounts.log_in(UserName('clerk'), machine_now())}\r\n"


async def _long_matter(runtime: Runtime, office: Office, rng: random.Random) -> MatterId:
    known, by, at = actors(runtime, office, machine_now()), office.liaison(0), moment(LAST_DAY, 12)
    matter = await send(runtime, known, registration(rng, "immediate"), None, at, None)
    await send(runtime, known, assignment(office, 0, rng, LAST_DAY), matter, at, None)
    await send(runtime, known, Step(by=by, name="acknowledge", fields={}), matter, at, None)
    for _ in range(LONG_LIFE - 3):
        await send(runtime, known, progress(by, rng), matter, at, None)
    return matter


def _recounted(runtime: Runtime, head: int) -> Line:
    started = time.perf_counter()
    asked = asking(runtime.clock, runtime.store, as_of=str(head))
    found = recount(runtime, asked, Wanted(first=None, last=None, unit=None), lambda *_: None)
    took = time.perf_counter() - started
    verdict = "一致" if not found.different else f"{len(found.different)} 处不一致"
    note = f"{head / took:,.0f} 条/秒，{len(found.lines)} 个率，{verdict}"
    return Line(what="duban recount，全部单位", unit="秒", values=(took,), note=note)


def _p95(server: Server, cookie: str, what: str, paths: list[str], bar: float | None = None) -> Line:
    took = uvloop.run(_asked(server, cookie, paths))
    note = f"p50 {percentile(took, 0.5):.1f}"
    return Line(what=what, unit="毫秒", values=(percentile(took, 0.95),), bar=bar, note=note)


async def _asked(server: Server, cookie: str, paths: list[str]) -> list[float]:
    connection = await connect(server.port)
    took: list[float] = []
    for path in (paths[0], *paths):
        started = time.perf_counter()
        answer = await connection.ask("GET", path, cookie)
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status} {answer.body[:500].decode()}")
        took.append((time.perf_counter() - started) * 1e3)
    connection.close()
    return took[1:]


BENCHMARK = Benchmark(name="auditing", title="看过去", run=measure)
