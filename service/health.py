"""Whether the service lives, may be sent work, and what it counts."""

from __future__ import annotations

from fastapi import APIRouter, Request
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from starlette.responses import JSONResponse, Response

from events.record.moments import to_micros
from notifications.outbox.claiming import waiting as letters_waiting
from service.clock import machine_now
from service.runtime import Runtime
from service.storage.migrating import migrated

router = APIRouter(include_in_schema=False)


@router.get("/healthz")
def healthz() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/readyz")
def readyz(request: Request) -> Response:
    """The process can write: the tables fit, the writer lives, the clock is believed."""
    runtime: Runtime = request.app.state.runtime
    wrong = _wrong(runtime)
    return JSONResponse(
        {"status": "ready" if not wrong else "not-ready", "wrong": wrong}, 200 if not wrong else 503
    )


def _wrong(runtime: Runtime) -> list[str]:
    wrong: list[str] = []
    if not migrated(runtime.database):
        wrong.append("数据库版本与程序不符")
    if runtime.writer.broken is not None:
        wrong.append("磁盘出错，已停止写入")
    head = runtime.store.head()
    if not runtime.clock.rehearsal and head.moment is not None:
        ahead = to_micros(machine_now()) - head.moment
        if ahead < -300_000_000 or ahead > runtime.settings.clock.max_gap_days * 86_400_000_000:
            wrong.append("本机时钟与记录相差太大，待运维 duban clock accept")
    return wrong


@router.get("/metrics")
def metrics(request: Request) -> Response:
    """Counts in Prometheus' text form, read from the database when asked."""
    runtime: Runtime = request.app.state.runtime
    registry = CollectorRegistry()
    position = Gauge("duban_record_position", "Position of the newest fact", registry=registry)
    position.set(runtime.store.head().position)
    waiting = Gauge("duban_letters_waiting", "Letters not handed over yet", registry=registry)
    waiting.set(letters_waiting(runtime.database))
    ready = Gauge("duban_ready", "1 when the service can write", registry=registry)
    ready.set(int(not _wrong(runtime)))
    return Response(generate_latest(registry), media_type="text/plain; version=0.0.4; charset=utf-8")
