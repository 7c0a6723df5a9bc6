"""What is done to matters while it is measured: the commands of a life, in words that differ each time."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from benchmarks.office import Office
from events.record.envelope import Actor
from events.vocabulary import EvidenceKind, MatterId
from service.commands.performing import REGISTER_NAME, Attached, Request, fingerprint, perform
from service.files import StoredFile
from service.runtime import Runtime

PLACES = tuple("青石镇 龙潭镇 云岭乡 白沙镇 柳湾乡 南坪镇 桐树乡 清溪镇 石桥镇 高坪乡 金沙镇 马鞍乡".split())
THINGS = tuple(
    "河道垃圾堆放 饮水管网破损 校舍屋面渗漏 农田占用 医保窗口排队 供热不达标 道路塌陷 森林防火通道堵塞 "
    "农民工工资拖欠 排污口溢流 危桥未封闭 秸秆焚烧 小区消防栓无水 养老院食堂卫生 惠农补贴未发放".split()
)
SOURCES = tuple("专项督查 暗访督查 县长热线 人大建议 政协提案 群众来信".split())
PHOTO = StoredFile(sha256="ab" * 32, size=204_800, media_type="image/jpeg")
"""A picture stored before: what is measured is the command, not the upload."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One command of a life."""

    by: str
    name: str
    fields: Mapping[str, Any]
    photo: bool = False


def registration(rng: random.Random, kind: str) -> Step:
    """立项."""
    place, thing, n = rng.choice(PLACES), rng.choice(THINGS), rng.randrange(1, 400)
    fields = {
        "title": f"{place}{n}号点{thing}问题",
        "kind": kind,
        "source": rng.choice(SOURCES),
        "problem": f"{place}{n}号点{thing}，群众反映强烈，影响正常生产生活，要求尽快整改到位并长期保持。",
        "place": f"{place}{n}号点",
    }
    return Step(by="clerk", name=REGISTER_NAME, fields=fields)


def assignment(office: Office, unit: int, rng: random.Random, due_on: date | None = None) -> Step:
    """交办, with a limit in words unless a date is given."""
    limit = {"due_on": due_on.isoformat()} if due_on else {"time_limit": f"{rng.randrange(15, 40)}个工作日内"}
    quality = "问题真改实改，佐证附现场照片；不得以文件落实文件。"
    return Step(
        by="clerk",
        name="assign",
        fields={"lead_unit": office.units[unit], "quality_requirement": quality, **limit},
    )


def progress(by: str, rng: random.Random) -> Step:
    """报送进展."""
    fields = {
        "text": f"已完成{rng.randrange(1, 20)}处清理，正在推进其余部分",
        "percent": rng.randrange(5, 95),
    }
    return Step(by=by, name="report-progress", fields=fields)


def whole_life(office: Office, rng: random.Random, today: date) -> Iterator[Step]:
    """Ten commands from 立项 to 销号: what a matter without a plan usually goes through."""
    unit = rng.randrange(len(office.units))
    by = office.liaison(unit)
    yield registration(rng, "immediate")
    yield assignment(office, unit, rng)
    yield Step(by=by, name="acknowledge", fields={})
    yield progress(by, rng)
    yield progress(by, rng)
    yield Step(by=by, name="attach-evidence", fields={"kind": "photo"}, photo=True)
    yield Step(by=by, name="report-completion", fields={"text": "已全部整改到位，现场恢复原貌"})
    scheduled = {"verifier": office.verifier, "on": today.isoformat()}
    yield Step(by="clerk", name="schedule-verification", fields=scheduled)
    yield Step(by="verifier", name="pass-verification", fields={"findings": "现场查看，问题已整改到位"})
    yield Step(by="head", name="approve-write-off", fields={"grade": "good"})


def plan(by: str, today: date) -> Step:
    """报送整改方案."""
    steps = [{"title": "排查登记", "due_on": (today + timedelta(days=7)).isoformat()}]
    steps += [{"title": "集中整治", "due_on": (today + timedelta(days=21)).isoformat()}]
    fields = {"measures": "逐处登记，分片包干，倒排工期", "goal": "全部见底，不再反弹", "steps": steps}
    return Step(by=by, name="submit-plan", fields=fields)


async def send(
    runtime: Runtime,
    actors: Mapping[str, Actor],
    step: Step,
    matter: MatterId | None,
    at: datetime,
    key: str | None,
) -> MatterId:
    """Does one step; ``key`` as a form's hidden field or a program's Idempotency-Key would be."""
    answer = await perform(
        runtime,
        Request(
            actor=actors[step.by],
            name=step.name,
            matter=matter,
            fields=step.fields,
            at=at,
            received_at=at,
            command_id=key,
            fingerprint=fingerprint("POST", step.name, key.encode()) if key else None,
            attached=Attached(stored=PHOTO, name="现场.jpg", kind=EvidenceKind.PHOTO) if step.photo else None,
        ),
    )
    return MatterId(answer["id"])
