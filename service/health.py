"""Whether the service lives, may be sent work, and what it counts."""

from __future__ import annotations

from collections import Counter

from fastapi import APIRouter, Request
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from starlette.responses import JSONResponse, Response

from events.record.failing import ASKED, ERRORS, failure_of
from events.vocabulary import Stage
from projections import stage_counts
from projections.units import overdue_by_unit
from service.clock import beijing_day, machine_now
from service.runtime import Runtime
from service.standing import Standing, alarms, standing, wrong

router = APIRouter(include_in_schema=False)


@router.get("/healthz")
def healthz() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/readyz")
def readyz(request: Request) -> Response:
    """The process can do its work: tables fit, writing works, read models stand, the clock is believed."""
    runtime: Runtime = request.app.state.runtime
    try:
        found = standing(runtime)
        reasons, seen = wrong(runtime, found), alarms(runtime, found)
    except ERRORS as error:
        failure = failure_of(error)
        if failure is None:
            raise
        reasons, seen = [ASKED[failure]], []
    body = {
        "status": "not-ready" if reasons else "ready",
        "wrong": reasons,
        "alarms": seen,
    }
    return JSONResponse(body, 503 if reasons else 200)


@router.get("/metrics")
def metrics(request: Request) -> Response:
    """Counts in Prometheus' text form, read from the database when asked."""
    runtime: Runtime = request.app.state.runtime
    registry = CollectorRegistry()
    found = standing(runtime)
    for name, meaning, value in _gauges(runtime, found):
        Gauge(name, meaning, registry=registry).set(value)
    _matters(runtime, registry)
    return Response(generate_latest(registry), media_type="text/plain; version=0.0.4; charset=utf-8")


def _gauges(runtime: Runtime, found: Standing) -> list[tuple[str, str, float]]:
    ticked = found.ticked_at
    due = found.letter_due_since
    return [
        ("duban_ready", "1 when the service can do its work", int(not wrong(runtime, found))),
        ("duban_record_position", "Position of the newest fact", found.head.position),
        ("duban_letters_waiting", "Letters not handed over yet", found.letters_waiting),
        (
            "duban_letter_overdue_seconds",
            "How long the oldest letter that should be gone has been due",
            0 if due is None else max(0.0, (runtime.clock.now() - due).total_seconds()),
        ),
        (
            "duban_tick_age_seconds",
            "Since the clock last took its lease; -1 before the first",
            -1 if ticked is None else (machine_now() - ticked).total_seconds(),
        ),
        ("duban_disk_free_bytes", "Free bytes where the data folder is", found.disk_free),
        ("duban_projections_stale", "Read models to be built anew", len(found.stale)),
    ]


def _matters(runtime: Runtime, registry: CollectorRegistry) -> None:
    by_stage = Gauge("duban_matters", "Matters by stage", ["stage"], registry=registry)
    late = Gauge(
        "duban_matters_overdue", "Overdue matters by the kind of their lead unit", ["kind"], registry=registry
    )
    with runtime.database.reading.connect() as connection:
        stages = stage_counts.by_stage(connection)
        overdue = overdue_by_unit(connection, beijing_day(runtime.clock.now()))
    for stage in Stage:
        by_stage.labels(stage.value).set(stages.get(stage.value, 0))
    units = runtime.directory.now().units
    kinds: Counter[str] = Counter()
    for unit, count in overdue.items():
        kinds[(units[unit].kind if unit in units else None) or "其他"] += count
    for kind, count in kinds.items():
        late.labels(kind).set(count)
