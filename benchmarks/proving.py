"""How long proof takes: sealing the day, a dossier of a long matter with its files, inclusion proofs alone."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import uvloop

from benchmarks.lives import Step, assignment, progress, registration, send
from benchmarks.measuring import Benchmark, Line, Measured, Sizes
from benchmarks.office import Office, actors, copied, opened
from benchmarks.stock import LAST_DAY, moment, stock
from events.sealing.facts import Occasion
from events.vocabulary import EvidenceKind, MatterId
from service.clock import machine_now
from service.commands.performing import Attached, Request, perform
from service.proof.dossier.packing import export
from service.proof.dossier.subjects import of_matter
from service.proof.proving import prove
from service.proof.sealing import seal_now
from service.runtime import Runtime

SEAL_BAR, DOSSIER_BAR = 2.0, 2.0
"""Seconds (issue: Replay and proof)."""
FACTS, FILES, FILE_BYTES = 200, 20, 400_000
"""Of the matter a dossier is made of."""


def measure(sizes: Sizes, room: Path) -> Measured:
    """By turns: one more fact and a seal; a dossier to a new file; proofs."""
    kept = stock(room.parent, sizes.matters)
    office = copied(kept.office, room / "office")
    rng = random.Random(56)
    sealed: list[float] = []
    packed: list[float] = []
    proven: list[float] = []
    with opened(office) as runtime:
        matter = uvloop.run(_long_matter(runtime, office, rng))
        at = moment(LAST_DAY, 13)
        seal_now(runtime, at, Occasion.DAILY)
        export(runtime, of_matter(runtime, matter), room / "first.zip", at)
        for turn in range(sizes.repeats):
            uvloop.run(_one_more(runtime, office, matter, rng))
            sealed.append(_timed(lambda: seal_now(runtime, at, Occasion.DAILY)))
            out = room / f"{turn}.zip"
            packed.append(_timed(partial(export, runtime, of_matter(runtime, matter), out, at)))
            proven.append(_timed(lambda: prove(runtime.store, matter)))
        head = runtime.store.head().position
        size = (room / "0.zip").stat().st_size
    about = f"事实 {head:,} 条；案卷 {size / 1e6:.1f} MB，排版的进程已经开着。"
    lines = (
        Line(what="封存一次（其后一个写下的事实）", unit="秒", values=tuple(sealed), bar=SEAL_BAR),
        Line(
            what=f"一件 {FACTS} 条事实、{FILES} 份附件的案卷",
            unit="秒",
            values=tuple(packed),
            bar=DOSSIER_BAR,
        ),
        Line(what="同一件的证明", unit="秒", values=tuple(proven)),
    )
    return Measured(lines=lines, notes=(about,))


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


async def _long_matter(runtime: Runtime, office: Office, rng: random.Random) -> MatterId:
    known, by, at = actors(runtime, office, machine_now()), office.liaison(0), moment(LAST_DAY, 12)
    matter = await send(runtime, known, registration(rng, "immediate"), None, at, None)
    await send(runtime, known, assignment(office, 0, rng, LAST_DAY), matter, at, None)
    await send(runtime, known, Step(by=by, name="acknowledge", fields={}), matter, at, None)
    for number in range(FILES):
        stored = runtime.files.keep([rng.randbytes(FILE_BYTES)])
        await perform(
            runtime,
            Request(
                actor=known[by],
                name="attach-evidence",
                matter=matter,
                fields={"kind": "photo"},
                at=at,
                received_at=at,
                attached=Attached(stored=stored, name=f"现场{number}.jpg", kind=EvidenceKind.PHOTO),
            ),
        )
    for _ in range(FACTS - FILES - 3):
        await send(runtime, known, progress(by, rng), matter, at, None)
    return matter


async def _one_more(runtime: Runtime, office: Office, matter: MatterId, rng: random.Random) -> None:
    known = actors(runtime, office, machine_now())
    await send(runtime, known, progress(office.liaison(0), rng), matter, moment(LAST_DAY, 13), None)


BENCHMARK = Benchmark(name="proving", title="封存与案卷", run=measure)
