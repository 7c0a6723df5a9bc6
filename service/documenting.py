"""``python -m service.documenting``: writes the pages of ``docs/`` that are read off the code."""

from __future__ import annotations

import dataclasses
import inspect
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from events.bulletin.facts import FACTS as BULLETIN_FACTS
from events.bulletin.permitted import printed as printed_bulletins
from events.bulletin.series import Series
from events.calendars.facts import FACTS as CALENDAR_FACTS
from events.delivery.facts import FACTS as DELIVERY_FACTS
from events.directory.facts import FACTS as DIRECTORY_FACTS
from events.matter.facts import FACTS as MATTER_FACTS
from events.matter.noting import FACTS as NOTE_FACTS
from events.matter.permitted import printed
from events.meeting.facts import FACTS as MEETING_FACTS
from events.meeting.permitted import printed as printed_meetings
from events.opening.facts import FACTS as OPENING_FACTS
from events.record.codec import Stored
from events.rules.procedures import MatterRules, Procedure
from events.rules.rates import RULES
from events.sealing.facts import FACTS as SEALING_FACTS
from events.vocabulary import OPEN, Stage
from service.settings import SECTIONS

ROOT = Path(__file__).parent.parent

MADE = "<!-- 由 python -m service.documenting 写成，请勿手改。 -->\n"

LEADS = {
    "stays": "不变",
    "acknowledged or rectifying": "已签收（须报方案的类别）或整改中",
    "the stage before": "原阶段",
    "assigned, registered, or the stage before": "待签收（改派）、待交办（退回）或原阶段（不成立）",
    "assigned, next round": "待签收（下一轮）",
    "rectifying; a part for each unit": "整改中，另立各单位的分件待签收",
    "relapsed; a new matter registered": "已反弹，另立一件关联新事项待交办",
}
"""Where a command leads, in Chinese; a single stage by its own label."""

WHERE = {
    frozenset(stage.value for stage in Stage): "任一阶段",
    frozenset(s.value for s in OPEN): "未了结的各阶段",
}
"""Sets of stages that have a name."""

STREAMS: tuple[tuple[str, str, tuple[Stored, ...]], ...] = (
    ("督办事项", "matter-<编号>", MATTER_FACTS),
    ("通报", "bulletin-<编号>", BULLETIN_FACTS),
    ("会议", "meeting-<编号>", MEETING_FACTS),
    ("批注", "notes-<事项>", NOTE_FACTS),
    ("单位、人员、账号", "unit-<编号>、person-<编号>、user-<账号>", DIRECTORY_FACTS),
    ("工作日历", "calendar-<年>", CALENDAR_FACTS),
    ("信件", "letter-<编号>", DELIVERY_FACTS),
    ("封存", "seal-<年>、sealkey", SEALING_FACTS),
    ("记录本身", "record", OPENING_FACTS),
)

MORE_KEYS = {
    "reopen_within_working_days": "了结后几个工作日内可以重开",
    "verify_within_working_days": "报结后督查室几个工作日内核查完",
    "late_entry_max_days": "补录最多回溯几日",
    "due_soon_working_days": "到期前几个工作日亮黄灯",
    "rungs_before": "到期前几日提醒",
    "rungs_after": "逾期第几日催办",
    "rungs_after_every": "此后每几日催办一次",
    "unsigned_first": "交办后第几个工作日首次催签",
    "unsigned_every": "此后每几个工作日催签一次",
    "rungs_extension": "延期届满前几日提醒",
    "verification_every_working_days": "核查超期后每几个工作日提醒督查室",
    "rungs_look_back": "回头看到期前几日提醒",
    "look_back_every": "回头看逾期后每几日提醒",
    "label": "类别名称（新增类别必填）",
    "wording": "用词：rectification 整改/销号，handling 办理/办结",
    "version": "规则版本，改规则时加一，随每个期限留存",
    "needs_plan": "先报整改方案",
    "leader_round": "结果可呈报领导",
    "acknowledgement": "办结前须领导阅示",
    "time_limit": "交办未写时限时的默认时限",
    "urgency_days": "按紧急程度的默认日数：urgent、ordinary、hard",
    "acknowledge_within_working_days": "几个工作日内签收",
    "objection_within_working_days": "几个工作日内可提异议",
    "extension_max_times": "最多延期几次",
    "extension_max_days": "一次最多延几日",
    "evidence": "报结必须有的佐证，几种任取其一的用竖线隔开",
    "look_back_after_days": "销号后几日回头看",
    "opinions_needed": "报结前要等配合单位的意见，或写明不等的理由",
    "opinion_within_working_days": "交办没写时，配合单位几个工作日内提意见",
    "support_answer_within_working_days": "督查室几个工作日内答复求助",
    "rungs_support": "求助答复期限前几日提醒督查室",
    "co_sign": "报结前须配合单位会签",
    "registration_approval": "立项后先经负责人或领导批准，才能交办",
    "rungs_opinion": "配合意见到期前几日提醒",
    "name": "系列名称，不能重",
    "every": "多久一期：day week month quarter half_year year，ad_hoc 只由人拟",
    "enabled": "到期由时钟拟稿",
    "day": "期满后哪天拟：次周周几，或次月几日",
    "since": "从哪天起由时钟拟，早于它结束的各期不补",
    "title": "标题，{period} 是期间，{subject} 是事由",
    "template": "文字用哪个模板",
    "rates_from": "各率从何时起计：year 当年一月一日，period 本期",
    "fast": "快的名单列前几名",
    "slow": "慢的名单列后几名",
    "ranking_basis": "排名的依据，不写不排名",
    "standing_approval": "点名的常设批准，不写则每期先批准",
    "open_note": "附注，不要就写空的",
    "remind_every_working_days": "未签收每几个工作日催一次",
}
"""What the keys of ``[reminders]`` and ``[procedures.<kind>]`` mean."""


def stages() -> str:
    """docs/stages.md: which command in which stage by whom."""
    lines = [
        "# 阶段与命令",
        "",
        MADE,
        "同一张许可表决定谁能办、页面上出现哪些按钮，也印出本页。不在表里的，一律以“阶段不符”拒绝。",
        "",
        "## 阶段",
        "",
        "| 存储名 | 名称 | 按“办理”用词 | 了结 |",
        "|---|---|---|---|",
    ]
    for stage in Stage:
        handling = stage.label_for("handling")
        other = handling if handling != stage.label else ""
        lines.append(f"| `{stage.value}` | {stage.label} | {other} | {'是' if stage.ended else ''} |")
    lines += ["", "## 命令", "", "| 命令 | 名称 | 可用的阶段 | 办后 | 谁 |", "|---|---|---|---|---|"]
    for row in printed():
        where = WHERE.get(frozenset(row.stages)) or "、".join(Stage(s).label for s in row.stages)
        to = LEADS.get(row.to) or Stage(row.to).label
        lines.append(f"| `{row.command}` | {row.label} | {where} | {to} | {row.who} |")
    lines += ["", "## 通报的命令", "", "| 命令 | 名称 | 可用的阶段 | 办后 | 谁 |", "|---|---|---|---|---|"]
    for bulletin in printed_bulletins():
        where = "、".join(bulletin.stages) or "（新拟）"
        lines.append(
            f"| `{bulletin.command}` | {bulletin.label} | {where} | {bulletin.to} | {bulletin.who} |"
        )
    lines += ["", "## 会议的命令", "", "| 命令 | 名称 | 谁 |", "|---|---|---|"]
    lines += [f"| `{command}` | {label} | {who} |" for command, label, who in printed_meetings()]
    return "\n".join(lines) + "\n"


def events() -> str:
    """docs/events.md: every fact with its fields."""
    lines = [
        "# 事实",
        "",
        MADE,
        "记录只增不改。每条事实以下列存储名写入所属的流，名称永不更改，字段只增不减；说明是代码里的原文。",
        "",
    ]
    for title, stream, facts in STREAMS:
        lines += [f"## {title}（流 `{stream}`）", ""]
        for stored in facts:
            version = f"（第 {stored.schema} 版）" if stored.schema > 1 else ""
            lines += [f"### `{stored.name}`{version}", "", _first_sentence(stored.type), ""]
            fields = [f"`{field.name}` {_type(field.type)}" for field in dataclasses.fields(stored.type)]
            lines += [f"字段：{'；'.join(fields)}。" if fields else "没有字段。", ""]
    return "\n".join(lines).rstrip() + "\n"


def figures() -> str:
    """docs/figures.md: every counting rule, and how a figure is opened and checked."""
    lines = [
        "# 统计与通报的数字",
        "",
        MADE,
        "“统计”页、接口 `GET /api/v1/rates` 和通报用的是同一套口径。每条口径有编号、版本和一句话；",
        "改口径是新的一版，旧版留着，旧通报按它印出时的那一版核对。",
        "",
        "- 每个数都点得开，清单正好那么多件；地址里的 `as_of=位置@日期` 是说：事实只到那一位，迟早按那一天判。",
        "- 通报的数字取自期末那一刻。以后补录、更正，旧通报不变，照样核得上；要新数，用“重新取数”或更正通报。",
        "- `duban bulletin check 发文字号` 或 `--all` 按当时的位置重算每个数，并核对存档的 PDF；",
        "  不符的写出是哪个数，退出码 1。",
        "- 没有可计的写“—”，不算百分之百；比率四舍五入到一位小数，分数写在旁边。",
        "- 满意率没有口径：群众、服务对象是否满意，记录里没有这样的事实，所以不算，也不填。",
        "",
        "| 编号 | 名称 | 版本 | 口径 | 分子 | 分母 |",
        "|---|---|---|---|---|---|",
    ]
    for rule in RULES:
        of = rule.denominator.label if rule.denominator is not None else "（件数）"
        lines.append(
            f"| `{rule.id}` | {rule.label} | {rule.version} | {rule.statement} | {rule.numerator.label} | {of} |"
        )
    return "\n".join(lines) + "\n"


def settings() -> str:
    """docs/settings.md: every key of ``config.toml`` with its comment, and the keys that need not stand there."""
    lines = [
        "# 配置",
        "",
        MADE,
        "配置写在 `config.toml`；每个键都可以用环境变量 `DUBAN_节__键` 覆盖。改完运行 `duban config check`。",
        "",
    ]
    for section, keys in _keys_of((ROOT / "config.toml").read_text(encoding="utf-8")).items():
        lines += [f"## [{section}]", "", "| 键 | 出厂值 | 说明 |", "|---|---|---|"]
        lines += [f"| `{key}` | `{value}` | {comment} |" for key, value, comment in keys]
        lines.append("")
    lines += ["## [reminders] 的全部键", "", *_defaults(MatterRules), ""]
    lines += [
        "## [procedures.类别] 的全部键",
        "",
        "四个类别出厂已设好；写一个新的类别名就是新增一类，不用改程序。下面是新类别的默认值。",
        "",
        *_defaults(Procedure),
        "",
    ]
    lines += [
        "## [bulletins.系列] 的全部键",
        "",
        "出厂七个系列已设好；写一个新的系列名（须写 name 和 every）就是新增一个系列。下面是新系列的默认值。",
        "",
        *_defaults(Series),
        "",
    ]
    return "\n".join(lines).rstrip() + "\n"


def decisions() -> str:
    """docs/decisions/README.md: what was decided, one page each."""
    lines = ["# 决定", "", MADE, "一事一页，写定不改；要改就另写一页，说明取代了哪一页。", ""]
    for page in sorted((ROOT / "docs" / "decisions").glob("0*.md")):
        title = page.read_text(encoding="utf-8").partition("\n")[0].lstrip("# ")
        lines.append(f"- [{title}]({page.name})")
    return "\n".join(lines) + "\n"


PAGES: Mapping[str, Callable[[], str]] = {
    "stages.md": stages,
    "events.md": events,
    "figures.md": figures,
    "settings.md": settings,
    "decisions/README.md": decisions,
}
"""Page → what writes it."""


def _first_sentence(kind: type[object]) -> str:
    text = " ".join((inspect.getdoc(kind) or "").split())
    return text.replace("``", "`")


def _type(annotation: object) -> str:
    return f"`{annotation}`".replace("|", "\\|") if isinstance(annotation, str) else f"`{annotation!r}`"


_KEY = re.compile(r"^(\w+) = (.+?)\s+# (.+)$")


def _keys_of(text: str) -> dict[str, list[tuple[str, str, str]]]:
    found: dict[str, list[tuple[str, str, str]]] = {}
    section = ""
    for line in text.splitlines():
        if line.startswith("["):
            section = line.strip("[]")
            found[section] = []
        elif match := _KEY.match(line):
            found[section].append((match[1], match[2], match[3]))
    return found


def _defaults(kind: type[MatterRules | Procedure | Series]) -> Iterator[str]:
    yield "| 键 | 默认值 | 说明 |"
    yield "|---|---|---|"
    for field in dataclasses.fields(kind):
        if field.name in ("kind", "id"):
            continue
        yield f"| `{field.name}` | {_default(field)} | {MORE_KEYS[field.name]} |"


def _default(field: dataclasses.Field[object]) -> str:
    if field.default is dataclasses.MISSING or field.default in (None, (), ""):
        return "无"
    value = list(field.default) if isinstance(field.default, tuple) else field.default
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def undocumented() -> list[str]:
    """Keys of the settings that ``config.toml`` does not show with a comment."""
    shown = _keys_of((ROOT / "config.toml").read_text(encoding="utf-8"))
    return [
        f"[{name}] {field.name}"
        for name, kind in SECTIONS.items()
        for field in dataclasses.fields(kind)
        if field.name not in {key for key, _, _ in shown.get(name, [])}
    ]


def main() -> int:
    """Writes the pages."""
    for name, write in PAGES.items():
        (ROOT / "docs" / name).write_text(write(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
