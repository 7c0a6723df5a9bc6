"""程序: what each kind of matter asks for, and the figures that hold office-wide; both are configuration."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from events.refusals import Refusal
from events.rules.deadlines import read_limit
from events.rules.evidence import alternatives
from events.vocabulary import EvidenceKind, Urgency

RECTIFICATION, HANDLING = "rectification", "handling"
"""The two wordings: 整改/销号, and 办理/办结."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """One kind of matter: its path, its limits, its papers (issue: Procedures by kind)."""

    kind: str
    label: str
    wording: str = RECTIFICATION
    version: int = 1
    """Raised by whoever changes a rule; kept with every computed limit."""
    needs_plan: bool = False
    leader_round: bool = False
    """Whether the result may be laid before the leader who instructed (domain D.2)."""
    acknowledgement: bool = False
    """Whether closing needs the leader's acknowledgement."""
    time_limit: str | None = None
    """The limit of an assignment that names none; None: such an assignment is refused."""
    urgency_days: Mapping[Urgency, int] = field(default_factory=dict)
    """Calendar days an assignment gets by the matter's urgency where it names no limit."""
    acknowledge_within_working_days: int = 1
    objection_within_working_days: int = 5
    extension_max_times: int = 3
    extension_max_days: int = 180
    """Calendar days one extension may add at most."""
    evidence: tuple[str, ...] = ()
    """What a completion report must have with it; ``photo|document`` means either."""
    opinions_needed: bool = True
    """Whether the lead unit waits for its co-units before it reports completion, or says why it does not."""
    opinion_within_working_days: int = 5
    """By when co-units give their opinion where the assignment says nothing."""
    support_answer_within_working_days: int = 5
    """By when the office answers a request for support."""
    co_sign: bool = False
    """Whether co-units sign what the lead unit is going to report."""
    registration_approval: bool = False
    """Whether a registration is approved before anything leaves the house (立项审批)."""
    look_back_after_days: int | None = None
    """Calendar days after closing by which a look-back is due; None: only where one is selected."""

    def preset_limit(self, urgency: Urgency | None) -> str | None:
        """The limit of an assignment that names none, as one would type it."""
        days = self.urgency_days.get(urgency) if urgency is not None else None
        return f"{days}日内" if days is not None else self.time_limit


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterRules:
    """Figures that hold for all kinds (contract: The matter's commands, Clock)."""

    reopen_within_working_days: int = 5
    verify_within_working_days: int = 10
    late_entry_max_days: int = 30
    """How far back an earlier paper act may be entered so that it counts (补录)."""
    due_soon_working_days: int = 3
    rungs_before: tuple[int, ...] = (7, 3, 1, 0)
    """Calendar days before a limit at which the unit is reminded."""
    rungs_after: tuple[int, ...] = (1, 3, 7, 15)
    """Calendar days after a limit at which the unit is urged."""
    rungs_after_every: int = 15
    unsigned_first: int = 1
    """Working day after the assignment on which an unsigned matter is first urged."""
    unsigned_every: int = 3
    rungs_extension: tuple[int, ...] = (3, 1)
    verification_every_working_days: int = 5
    rungs_opinion: tuple[int, ...] = (1, 0)
    """Calendar days before a co-unit's own limit at which it is reminded."""
    rungs_support: tuple[int, ...] = (1, 0)
    """Calendar days before its own limit at which the office is reminded of a request for support."""
    rungs_look_back: tuple[int, ...] = (3, 0)
    look_back_every: int = 7


PRESETS: Mapping[str, Procedure] = {
    procedure.kind: procedure
    for procedure in (
        Procedure(kind="rectification", label="问题整改", needs_plan=True, evidence=("photo",)),
        Procedure(kind="immediate", label="立行立改", evidence=("photo",)),
        Procedure(
            kind="leader_instruction",
            label="领导批示件",
            wording=HANDLING,
            leader_round=True,
            urgency_days={Urgency.URGENT: 5, Urgency.ORDINARY: 15, Urgency.HARD: 30},
            evidence=("report",),
        ),
        Procedure(kind="superior_transfer", label="上级交办件", wording=HANDLING, evidence=("report",)),
    )
}
"""The four kinds of the contract as they are without configuration."""


def procedures_from(
    tables: Mapping[str, Any], *, onto: Mapping[str, Procedure] | None = None
) -> dict[str, Procedure]:
    """The presets, or those of ``onto``, overlaid with the ``[procedures.<kind>]`` tables; another kind is a new one.

    Raises ValueError naming kind, key, value and what was expected.
    """
    procedures = dict(PRESETS if onto is None else onto)
    for kind, table in tables.items():
        where = f"[procedures.{kind}]"
        values = _read_table(where, table, _PROCEDURE_KEYS)
        base = procedures.get(kind)
        if base is None and "label" not in values:
            raise ValueError(f"{where} 缺 label，应写明这一类事项的中文名称")
        procedures[kind] = replace(base, **values) if base else Procedure(kind=kind, **values)
    return procedures


def matter_rules_from(table: Mapping[str, Any], *, onto: MatterRules | None = None) -> MatterRules:
    """The office-wide figures overlaid with the ``[reminders]`` table. Raises ValueError as ``procedures_from``."""
    return replace(onto or MatterRules(), **_read_table("[reminders]", table, _RULE_KEYS))


Reader = Callable[[Any], Any]


class _Unexpected(ValueError):
    """A value that is not what its key takes; the text says what would be."""


def _read_table(where: str, table: Any, keys: Mapping[str, Reader]) -> dict[str, Any]:
    if not isinstance(table, Mapping):
        raise ValueError(f"{where} 是 {table!r}，应是一节（表）")
    values: dict[str, Any] = {}
    for key, value in table.items():
        read = keys.get(key)
        if read is None:
            raise ValueError(f"{where} 没有 {key} 这个键；可用的有 {'、'.join(sorted(keys))}")
        try:
            values[key] = read(value)
        except _Unexpected as wrong:
            raise ValueError(f"{where} {key} = {value!r}，应是{wrong}") from None
    return values


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _Unexpected("不空的文字")
    return value.strip()


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise _Unexpected(" true 或 false")
    return value


def _count(least: int) -> Reader:
    def read(value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= MOST:
            raise _Unexpected(f" {least} 到 {MOST} 的整数")
        return value

    return read


def _wording(value: Any) -> str:
    if value not in (RECTIFICATION, HANDLING):
        raise _Unexpected(f' "{RECTIFICATION}" 或 "{HANDLING}"')
    return str(value)


def _limit(value: Any) -> str:
    try:
        return read_limit(_text(value)).text
    except Refusal:
        raise _Unexpected("时限，如 “15个工作日内”") from None


def _urgency_days(value: Any) -> dict[Urgency, int]:
    if not isinstance(value, Mapping) or not set(value) <= {str(urgency) for urgency in Urgency}:
        raise _Unexpected(f"一张表，键取 {'、'.join(Urgency)}")
    return {urgency: _count(1)(value[urgency]) for urgency in Urgency if urgency in value}


def _checklist(value: Any) -> tuple[str, ...]:
    kinds = {str(kind) for kind in EvidenceKind}
    if not isinstance(value, list | tuple) or not all(
        isinstance(entry, str) and kinds.issuperset(alternatives(entry)) for entry in value
    ):
        raise _Unexpected(f"一列 {'、'.join(EvidenceKind)}，“a|b”表示任一种")
    return tuple(value)


def _days(*, descending: bool, least: int) -> Reader:
    def read(value: Any) -> tuple[int, ...]:
        if isinstance(value, list | tuple) and value and all(type(day) is int for day in value):
            days = tuple(value)
            if (
                days == tuple(sorted(set(days), reverse=descending))
                and least <= min(days)
                and max(days) <= MOST
            ):
                return days
        raise _Unexpected(f"从 {least} 起、{'由大到小' if descending else '由小到大'}、不重复的一列天数")

    return read


MOST = 3650
"""The largest number of days a setting takes."""

_PROCEDURE_KEYS: Mapping[str, Reader] = {
    "label": _text,
    "wording": _wording,
    "version": _count(1),
    "needs_plan": _flag,
    "leader_round": _flag,
    "acknowledgement": _flag,
    "time_limit": _limit,
    "urgency_days": _urgency_days,
    "acknowledge_within_working_days": _count(1),
    "objection_within_working_days": _count(0),
    "extension_max_times": _count(0),
    "extension_max_days": _count(1),
    "evidence": _checklist,
    "opinions_needed": _flag,
    "opinion_within_working_days": _count(1),
    "support_answer_within_working_days": _count(1),
    "co_sign": _flag,
    "registration_approval": _flag,
    "look_back_after_days": _count(1),
}

_RULE_KEYS: Mapping[str, Reader] = {
    "reopen_within_working_days": _count(0),
    "verify_within_working_days": _count(1),
    "late_entry_max_days": _count(0),
    "due_soon_working_days": _count(0),
    "rungs_before": _days(descending=True, least=0),
    "rungs_after": _days(descending=False, least=1),
    "rungs_after_every": _count(1),
    "unsigned_first": _count(1),
    "unsigned_every": _count(1),
    "rungs_extension": _days(descending=True, least=1),
    "verification_every_working_days": _count(2),
    "rungs_opinion": _days(descending=True, least=0),
    "rungs_support": _days(descending=True, least=0),
    "rungs_look_back": _days(descending=True, least=0),
    "look_back_every": _count(1),
}

assert set(_PROCEDURE_KEYS) == {f.name for f in fields(Procedure)} - {"kind"}
assert set(_RULE_KEYS) == {f.name for f in fields(MatterRules)}
