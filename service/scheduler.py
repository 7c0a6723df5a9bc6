"""The heartbeat: a handful of jobs that ask what is due. No business fact lives here; a missed beat costs nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from events.record.failing import failure_of
from events.record.moments import to_micros
from events.refusals import Refusal
from events.vocabulary import BEIJING
from service.clock import machine_now
from service.delivery import deliver
from service.runtime import Runtime
from service.storage.commands import forget_old_answers
from service.ticking import tick

TICK_SECONDS = 60
DELIVER_SECONDS = 20
FIRST = timedelta(seconds=2)
"""After the start, by the scheduler's own clock: its pace is the machine's, whatever moment jobs are done at."""
LAST_WORDS = 20.0
"""Seconds that jobs get for what they have in hand when the process is stopped."""

log = structlog.get_logger("duban.jobs")


@dataclass(frozen=True, slots=True, kw_only=True)
class Jobs:
    """The jobs of a process, beating until stopped."""

    scheduler: AsyncIOScheduler
    under_way: set[asyncio.Task[object]] = field(default_factory=set)

    async def stop(self) -> None:
        """Breaks jobs off, and waits until they have ended what must not be left half done: a letter in hand."""
        self.scheduler.pause()
        for task in self.under_way:
            task.cancel()
        if self.under_way:
            await asyncio.wait(self.under_way, timeout=LAST_WORDS)
        self.scheduler.shutdown(wait=False)

    def guarded(self, name: str, job: Callable[[], Awaitable[object]]) -> Callable[[], Awaitable[object]]:
        """A job that logs what goes wrong and beats again."""

        async def run() -> None:
            task = asyncio.ensure_future(_logged(name, job))
            self.under_way.add(task)
            task.add_done_callback(self.under_way.discard)
            await asyncio.wait([task])

        return run


def start_jobs(runtime: Runtime) -> Jobs:
    """Starts the jobs on the running event loop; gives them to be stopped later."""
    defaults = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    scheduler = AsyncIOScheduler(timezone=BEIJING, job_defaults=defaults)

    async def ticking() -> object:
        return (await tick(runtime, runtime.clock.now())).answer()

    async def delivering() -> object:
        return await deliver(runtime, runtime.clock.now())

    async def forgetting() -> object:
        return forget_old_answers(runtime.database, to_micros(machine_now() - timedelta(days=90)))

    jobs: dict[str, tuple[Callable[[], Awaitable[object]], int]] = {
        "tick": (ticking, TICK_SECONDS),
        "deliver": (delivering, DELIVER_SECONDS),
        "forget": (forgetting, 6 * 3600),
    }
    made, first = Jobs(scheduler=scheduler), datetime.now(UTC) + FIRST
    for name, (job, seconds) in jobs.items():
        scheduler.add_job(made.guarded(name, job), "interval", seconds=seconds, id=name, next_run_time=first)
    scheduler.start()
    return made


async def _logged(name: str, job: Callable[[], Awaitable[object]]) -> None:
    try:
        log.debug("job done", job=name, result=await job())
    except Refusal as refused:
        log.warning("job put off", job=name, code=refused.code, why=refused.sentence)
    except Exception as error:
        if failure_of(error) is None:
            log.error("job failed", job=name, exc_info=error)
        else:
            log.warning("job put off", job=name, why=repr(error))
