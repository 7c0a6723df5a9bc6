"""Words shared by what facts say: names as of a day, dates, limits, changes."""

from __future__ import annotations

# ruff: noqa: ARG001 - every saying has the same shape, whether or not it names somebody
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from events.directory.state import Directory
from events.matter.correctable import Value
from events.matter.state import Limit
from events.rules.procedures import HANDLING
from events.vocabulary import Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Whose names to use, of which day, under which wording."""

    directory: Directory
    on: date
    wording: str

    def unit(self, unit: str | None) -> str:
        """A unit's name on the day."""
        return self.directory.unit_name(unit, self.on)

    def units(self, units: tuple[str, ...]) -> str:
        """Several units' names."""
        return "、".join(self.unit(unit) for unit in units)

    def person(self, person: str | None) -> str:
        """A person's name."""
        return self.directory.person_name(person)

    def stage(self, stage: Stage) -> str:
        """A stage's label under the wording."""
        return stage.label_for(self.wording)


def sentence(text: str) -> str:
    """``text`` closed with a full stop where it has no closing mark."""
    return text if text.endswith(("。", "！", "？", "…", "；")) else f"{text}。"


def worded(text: str, wording: str) -> str:
    """``{整改}`` and ``{销号}`` in the words of a kind."""
    for word, handling in HANDLING_WORDS.items():
        text = text.replace(f"{{{word}}}", handling if wording == HANDLING else word)
    return text


def day(on: date) -> str:
    """2008年6月30日."""
    return f"{on.year}年{on.month}月{on.day}日"


def nothing(fact: Any, names: Names) -> Iterator[str]:
    """The title says it all."""
    yield from ()


def own_text(fact: Any, names: Names) -> Iterator[str]:
    """What was written."""
    if fact.text:
        yield sentence(fact.text)


def reason(fact: Any, names: Names) -> Iterator[str]:
    """Why."""
    yield sentence(f"理由：{fact.reason}")


def findings(fact: Any, names: Names) -> Iterator[str]:
    """What was found."""
    yield sentence(fact.findings)


def limit_words(limit: Limit) -> str:
    """A limit as people read it, 暂定 said."""
    words = f"（{limit.time_limit}）" if limit.time_limit else ""
    if limit.due_on is None:
        return f"时限{limit.time_limit}，自签收次日起算。"
    return f"期限{day(limit.due_on)}{words}{'，暂定' if limit.provisional else ''}。"


def moved_words(before: date | None, limit: Limit | None) -> Iterator[str]:
    """How a limit moved without being extended."""
    if limit is not None and limit.due_on is not None and limit.due_on != before:
        since = f"由{day(before)}" if before is not None else ""
        yield f"期限{since}改为{day(limit.due_on)}，不计延期。"


def change_words(
    old: tuple[tuple[str, Value], ...], new: tuple[tuple[str, Value], ...], names: Names
) -> Iterator[str]:
    """What was, and what is instead, field by field."""
    before = dict(old)
    for name, value in new:
        was, is_ = (_shown(name, one, names) for one in (before.get(name), value))
        yield f"{field_label(name)}：“{was}”改为“{is_}”。"


def field_label(name: str) -> str:
    """What a field of a fact is called; one of a plan's steps (``steps.2.due_on``) with the step's number."""
    return step_label(name) or FIELD_LABELS.get(name, name)


def step_label(name: str) -> str | None:
    """“第2步的完成日期”; None for a field of no step."""
    if "." not in name:
        return None
    _, n, part = name.split(".")
    return f"第{n}步的{STEP_LABELS[part]}"


def _shown(field: str, value: Value, names: Names) -> str:
    if value is None:
        return "（空）"
    return names.person(str(value)) if field == "chief_leader" else str(value)


HANDLING_WORDS = {"整改": "办理", "销号": "办结"}

STEP_LABELS = {"title": "内容", "due_on": "完成日期", "person": "责任人"}
FIELD_LABELS = {
    "title": "标题",
    "kind": "类别",
    "source": "来源",
    "source_no": "来源文号",
    "problem": "问题",
    "place": "地点",
    "object": "对象",
    "urgency": "紧急程度",
    "parent": "上级事项",
    "basis": "依据",
    "chief_leader": "首席责任领导",
    "person": "责任人",
    "quality_requirement": "质量要求",
    "assessment_rule": "考评办法",
    "due_on": "期限",
    "reason": "理由",
    "text": "说明",
    "measures": "措施",
    "goal": "目标",
    "percent": "完成比例",
    "quantity": "数量",
    "forecast_on": "预计完成日期",
    "until": "延期日期",
    "taken_at": "拍摄时间",
    "on": "核查日期",
    "findings": "情况",
    "to": "接收机关",
}
