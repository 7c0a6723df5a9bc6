"""Making the demonstration: a rehearsal record in its own folder, whole or not there at all."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import tempfile
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from time import perf_counter

from events.refusals import Conflict
from events.vocabulary import UserName
from service.clock import machine_now
from service.demo.casting import Size, write_script
from service.demo.playing import Play, play
from service.demo.settling import settle
from service.demo.stock import read_county
from service.opening import init
from service.runtime import Runtime, open_runtime
from service.settings import Settings, read_settings

SEED = 20080808
MEMORY, ROOM = Path("/dev/shm"), 100_000_000  # noqa: S108 - a folder of our own is made in it
CONFIG, MARK = "config.toml", "demo.json"
ADMIN = UserName("admin")

CONFIGURATION = """\
# 演示县的配置，由 make demo 写成。演练记录：时钟跟着本机走，信件只存成文件，什么也不会真的寄出去。
[organization]
name = "{name}人民政府督查室"
code = "云督"

[database]
url = "sqlite:///duban.sqlite3"

[paths]
var = "."

[clock]
mode = "rehearsal"
start = "{start}"
follow = true

[bulletins.weekly]
enabled = false

[bulletins.monthly]
ranking_basis = "云溪县人民政府办公室关于通报督办事项办理情况的通知"

[bulletins.quarterly]
enabled = false

[bulletins.half_year]
enabled = false

[bulletins.yearly]
enabled = false
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What was made, as kept beside it."""

    matters: int
    facts: int
    letters: int
    made_at: str
    seconds: float
    fresh: bool


def make_or_find(
    var: Path, *, now: datetime | None = None, seed: int = SEED, size: Size = Size.WHOLE
) -> Made:
    """The demonstration in a folder, made now or found there. Raises Conflict where the folder holds something else."""
    mark = var / MARK
    if mark.exists():
        return Made(**{**json.loads(mark.read_text(encoding="utf-8")), "fresh": False})
    if var.exists() and any(var.iterdir()):
        raise Conflict(f"{var} 里已有别的东西，不是演示县；换一个目录：make demo VAR=目录。")
    coming = var.with_name(f".{var.name}-making")
    shutil.rmtree(coming, ignore_errors=True)
    var.parent.mkdir(parents=True, exist_ok=True)
    try:
        with tempfile.TemporaryDirectory(prefix="duban-demo-", dir=_workshop(var.parent)) as workshop:
            made = _make(Path(workshop), now or machine_now(), seed, size)
            shutil.copytree(workshop, coming)
        if var.exists():
            var.rmdir()
        coming.rename(var)
    finally:
        shutil.rmtree(coming, ignore_errors=True)
    return made


def _workshop(otherwise: Path) -> Path:
    """Where to make it: in memory where there is room, for nothing is kept before it is whole."""
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
        return MEMORY
    return otherwise


def _registered(runtime: Runtime) -> int:
    """How many matters there are."""
    facts = runtime.store.bodies(("matter-registered",))
    return sum(1 for _ in facts)


def settings_of(var: Path, port: int) -> Settings:
    """The demonstration's settings, on a port; the environment has no say here."""
    settings = read_settings(var / CONFIG, environment={})
    return replace(settings, web=replace(settings.web, port=port, base_url=f"http://127.0.0.1:{port}"))


def _make(folder: Path, now: datetime, seed: int, size: Size) -> Made:
    began = perf_counter()
    county = read_county()
    script = write_script(seed, now, size=size)
    start = script.opened_at.isoformat()
    (folder / CONFIG).write_text(CONFIGURATION.format(name=county.name, start=start), encoding="utf-8")
    settings = read_settings(folder / CONFIG, environment={})
    standing = replace(settings, clock=replace(settings.clock, follow=False))
    init(standing, ADMIN, county.password)
    runtime = open_runtime(standing)
    try:
        settled = settle(runtime, county, script.opened_at)
        asyncio.run(play(Play(runtime=runtime, county=county, script=script, settled=settled, until=now)))
        made = Made(
            matters=_registered(runtime),
            facts=runtime.store.head().position,
            letters=sum(1 for _ in runtime.letters_folder.rglob("*.eml")),
            made_at=now.isoformat(timespec="minutes"),
            seconds=round(perf_counter() - began, 1),
            fresh=True,
        )
    finally:
        runtime.close()
    kept = {name: getattr(made, name) for name in Made.__dataclass_fields__}
    (folder / MARK).write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")
    return made
