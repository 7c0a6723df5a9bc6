"""更正范围: which words, numbers, dates and names of which fact may be corrected, and how each is read.

Never stage, actor, unit or position (contract: The matter's commands).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Any

from events.matter import (
    assigning,
    closing,
    ending,
    evidencing,
    extending,
    leading,
    looking_back,
    pressing,
    rectifying,
    registering,
    reporting,
    suspending,
    verifying,
)
from events.matter.checking import plausible, required
from events.refusals import Invalid

Value = str | int | float | None
"""A corrected value in plain form: dates and moments as ISO text."""

Reading = Callable[[Any, str, date], Value]
"""(value as given, field, today) → the plain value; raises Invalid."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One correctable field of a fact."""

    read: Reading
    said: str | None = None
    """What of the matter's state it says; None: only the history shows it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correctable:
    """What of one type of fact may be corrected."""

    name: str
    """The fact's stored name."""
    fields: Mapping[str, Field]
    inside: str | None = None
    """The part of the fact that holds the fields, where they do not lie in the fact itself."""
    rows: str | None = None
    """The part of the fact that is a list, each of whose rows may be corrected as ``rows.n.field``, n from 1."""
    row: Mapping[str, Field] = field(default_factory=dict)


def correctable_fields(fact: object) -> Mapping[str, Field]:
    """What of a fact may be corrected, field by field in the order of its form."""
    correctable = CORRECTABLE[type(fact)]
    if correctable.rows is None:
        return correctable.fields
    count = len(getattr(fact, correctable.rows))
    return {
        **correctable.fields,
        **{
            f"{correctable.rows}.{n}.{name}": field
            for n in range(1, count + 1)
            for name, field in correctable.row.items()
        },
    }


def plain(value: Any) -> Value:
    """A value of a fact or a matter in plain form."""
    if isinstance(value, Enum):
        return str(value.value)
    return value.isoformat() if isinstance(value, date | datetime) else value


def said_in(fact: object, field: str) -> Value:
    """What a fact originally says in a field, in plain form."""
    correctable = CORRECTABLE[type(fact)]
    rows, _, place = field.partition(".")
    if place:
        n, _, name = place.partition(".")
        return plain(getattr(getattr(fact, rows)[int(n) - 1], name))
    if field == DUE_ON and not hasattr(fact, DUE_ON):
        limit = getattr(fact, "limit", None)
        return plain(limit.due_on if limit is not None else getattr(fact, "until", None))
    return plain(getattr(getattr(fact, correctable.inside) if correctable.inside else fact, field))


def read_text(value: Any, field: str, today: date) -> Value:  # noqa: ARG001 - the shape of a reading
    """A text that must say something."""
    if not isinstance(value, str):
        raise Invalid(f"“{field}”应是文字，请核对。", code="wrong-type")
    return required(value, f"“{field}”")


def read_optional_text(value: Any, field: str, today: date) -> Value:
    """A text, or nothing."""
    return None if value is None or value == "" else read_text(value, field, today)


def read_percent(value: Any, field: str, today: date) -> Value:  # noqa: ARG001
    """A whole number from 0 to 100, or nothing."""
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool):
        raise Invalid(f"“{field}”应是0到100的整数，请核对。", code="wrong-type")
    return rectifying.within_hundred(value)


def read_quantity(value: Any, field: str, today: date) -> Value:
    """A number, or words such as “1200吨”, or nothing."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    return read_optional_text(value, field, today)


def read_date(value: Any, field: str, today: date) -> Value:
    """A day."""
    try:
        day = value if isinstance(value, date) else date.fromisoformat(value)
    except (TypeError, ValueError):
        raise Invalid(f"“{field}”应是日期，如2008-06-30，请核对。", code="wrong-type") from None
    return plain(plausible(day, f"“{field}”", today=today))


def read_optional_date(value: Any, field: str, today: date) -> Value:
    """A day, or nothing."""
    return None if value is None else read_date(value, field, today)


def read_optional_moment(value: Any, field: str, today: date) -> Value:
    """A moment with its zone, or nothing."""
    if value is None:
        return None
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    except (TypeError, ValueError):
        moment = None
    if moment is None or moment.tzinfo is None:
        raise Invalid(f"“{field}”应是带时区的时刻，如2008-06-30T09:00:00+08:00，请核对。", code="wrong-type")
    plausible(moment.date(), f"“{field}”", today=today)
    return plain(moment)


PLAN_STEPS = "plan.steps"
DUE_ON = "due_on"
"""The one field that needs a basis."""

_NOTE = {"text": Field(read=read_optional_text)}
_DUE = {DUE_ON: Field(read=read_date, said=DUE_ON)}
_FINDINGS = {"findings": Field(read=read_text), **_NOTE}


def _text(said: str | None = None) -> Field:
    return Field(read=read_text, said=said)


def _optional(said: str | None = None) -> Field:
    return Field(read=read_optional_text, said=said)


_REGISTERED = {
    **{name: _text(name) for name in ("title", "problem", "source")},
    **{name: _optional(name) for name in ("place", "object", "source_no", "chief_leader")},
    **_NOTE,
}
_ASSIGNED = {
    "person": _optional("person"),
    "quality_requirement": _text("quality_requirement"),
    "assessment_rule": _optional("assessment_rule"),
    **_DUE,
    **_NOTE,
}
_RETURNED = {"reason": _text("returned_reason"), **_DUE, **_NOTE}

CORRECTABLE: Mapping[type[object], Correctable] = {
    registering.MatterRegistered: Correctable(name="matter-registered", fields=_REGISTERED),
    assigning.MatterAssigned: Correctable(name="matter-assigned", fields=_ASSIGNED),
    assigning.MatterReassigned: Correctable(name="matter-reassigned", fields=_ASSIGNED),
    assigning.AssignmentAcknowledged: Correctable(name="assignment-acknowledged", fields={**_DUE, **_NOTE}),
    assigning.AssignmentObjected: Correctable(
        name="assignment-objected", fields={"reason": _text("objection"), **_NOTE}
    ),
    assigning.ObjectionUpheld: Correctable(name="objection-upheld", fields={**_DUE, **_NOTE}),
    assigning.ObjectionDismissed: Correctable(name="objection-dismissed", fields=_NOTE),
    rectifying.PlanSubmitted: Correctable(
        name="plan-submitted",
        fields={"measures": _text("plan.measures"), "goal": _text("plan.goal"), **_NOTE},
        rows="steps",
        row={
            "title": _text(PLAN_STEPS),
            "due_on": Field(read=read_date, said=PLAN_STEPS),
            "person": _optional(PLAN_STEPS),
        },
    ),
    rectifying.PlanReturned: Correctable(name="plan-returned", fields={"reason": _text(), **_NOTE}),
    rectifying.PlanApproved: Correctable(name="plan-approved", fields=_NOTE),
    rectifying.ProgressReported: Correctable(
        name="progress-reported",
        fields={
            "text": _text(),
            "percent": Field(read=read_percent, said="percent"),
            "quantity": Field(read=read_quantity, said="quantity"),
            "forecast_on": Field(read=read_optional_date, said="forecast_on"),
        },
    ),
    rectifying.SupportRequested: Correctable(
        name="support-requested", fields={"text": _text("support_pending")}
    ),
    rectifying.SupportAnswered: Correctable(name="support-answered", fields={"text": _text()}),
    extending.ExtensionRequested: Correctable(
        name="extension-requested",
        fields={
            "until": Field(read=read_date, said="extension.until"),
            "reason": _text("extension.reason"),
            **_NOTE,
        },
    ),
    extending.ExtensionGranted: Correctable(name="extension-granted", fields={**_DUE, **_NOTE}),
    extending.ExtensionRefused: Correctable(name="extension-refused", fields={"reason": _text(), **_NOTE}),
    suspending.MatterSuspended: Correctable(
        name="matter-suspended", fields={"reason": _text("suspended_reason"), **_NOTE}
    ),
    suspending.MatterResumed: Correctable(name="matter-resumed", fields={**_DUE, **_NOTE}),
    evidencing.EvidenceAttached: Correctable(
        name="evidence-attached",
        inside="evidence",
        fields={
            "place": _optional("evidence.place"),
            "taken_at": Field(read=read_optional_moment, said="evidence.taken_at"),
        },
    ),
    reporting.CompletionReported: Correctable(name="completion-reported", fields={"text": _text()}),
    reporting.CompletionReturned: Correctable(name="completion-returned", fields=_RETURNED),
    verifying.VerificationScheduled: Correctable(
        name="verification-scheduled", fields={"on": Field(read=read_date, said="verify_on"), **_NOTE}
    ),
    verifying.VerificationPassed: Correctable(name="verification-passed", fields=_FINDINGS),
    verifying.VerificationFailed: Correctable(
        name="verification-failed", fields={"findings": _text("returned_reason"), **_DUE, **_NOTE}
    ),
    closing.WriteOffApproved: Correctable(name="write-off-approved", fields=_NOTE),
    closing.WriteOffRejected: Correctable(name="write-off-rejected", fields=_RETURNED),
    closing.MatterReopened: Correctable(name="matter-reopened", fields={"reason": _text(), **_NOTE}),
    looking_back.LookBackSelected: Correctable(
        name="look-back-selected", fields={DUE_ON: Field(read=read_date, said="look_back_on"), **_NOTE}
    ),
    looking_back.LookBackPassed: Correctable(name="look-back-passed", fields=_FINDINGS),
    looking_back.RelapseFound: Correctable(name="relapse-found", fields=_FINDINGS),
    leading.ResultSubmitted: Correctable(name="result-submitted", fields=_NOTE),
    leading.LeaderAcknowledged: Correctable(name="leader-acknowledged", fields=_NOTE),
    leading.LeaderInstructed: Correctable(name="leader-instructed", fields={"text": _text()}),
    leading.LeaderInstructedAgain: Correctable(
        name="leader-instructed-again", fields={"text": _text(), **_DUE}
    ),
    ending.MatterCancelled: Correctable(name="matter-cancelled", fields={"reason": _text(), **_NOTE}),
    ending.MatterTransferred: Correctable(
        name="matter-transferred", fields={"to": _text("transferred_to"), **_NOTE}
    ),
    ending.MatterMerged: Correctable(name="matter-merged", fields=_NOTE),
    pressing.MatterUrged: Correctable(name="matter-urged", fields=_NOTE),
}


def said_by(fact_name: str, field: str) -> str | None:
    """What of the matter's state a field of a fact says; None where it says nothing of it."""
    rows, _, place = field.partition(".")
    known = _SAID.get((fact_name, rows), {}) if place else _SAID.get((fact_name, ""), {})
    found = known.get(place.rpartition(".")[2] if place else field)
    return found.said if found is not None else None


_SAID = {
    (correctable.name, rows): fields
    for correctable in CORRECTABLE.values()
    for rows, fields in (("", correctable.fields), (correctable.rows, correctable.row))
}
