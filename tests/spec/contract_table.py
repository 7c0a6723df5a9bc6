"""The contract's table of commands, written down a second time, apart from the code."""

from __future__ import annotations

from events.matter.authority import Who
from events.vocabulary import OPEN, Stage

S = Stage
WORK = {S.ACKNOWLEDGED, S.PLANNING, S.RECTIFYING}
OPEN_STAGES = set(OPEN)

LIMIT = {"due_on", "time_limit", "starts"}
ASSIGNING = {"lead_unit", "co_units", "person", "quality_requirement"} | LIMIT

CONTRACT: dict[str, tuple[set[Stage], Who, set[str]]] = {
    "assign": ({S.REGISTERED}, Who.OFFICE, ASSIGNING),
    "acknowledge": ({S.ASSIGNED}, Who.UNIT, set()),
    "object": ({S.ASSIGNED, S.ACKNOWLEDGED, S.RECTIFYING}, Who.UNIT, {"reason"}),
    "decide-objection": ({S.OBJECTED}, Who.OFFICE_HEAD, {"upheld", "to_unit"} | LIMIT),
    "reassign": ({S.ASSIGNED, S.SUSPENDED} | WORK, Who.OFFICE, ASSIGNING),
    "submit-plan": ({S.ACKNOWLEDGED}, Who.UNIT, {"measures", "goal", "steps"}),
    "return-plan": ({S.PLANNING}, Who.OFFICE, {"reason"}),
    "approve-plan": ({S.PLANNING}, Who.OFFICE, set()),
    "report-progress": ({S.RECTIFYING}, Who.UNIT, {"text", "percent", "quantity", "forecast_on"}),
    "request-support": ({S.RECTIFYING}, Who.UNIT, {"text"}),
    "answer-support": ({S.RECTIFYING}, Who.OFFICE, {"text"}),
    "request-extension": (WORK, Who.UNIT, {"until", "reason"}),
    "grant-extension": (WORK, Who.OFFICE_HEAD, {"until"}),
    "refuse-extension": (WORK, Who.OFFICE_HEAD, {"reason"}),
    "suspend": (WORK, Who.OFFICE_HEAD, {"reason"}),
    "resume": ({S.SUSPENDED}, Who.OFFICE_HEAD, set()),
    "attach-evidence": (OPEN_STAGES, Who.UNIT_VERIFIER_OFFICE, {"kind", "taken_at", "place"}),
    "report-completion": ({S.RECTIFYING}, Who.UNIT, {"text"}),
    "return-completion": ({S.COMPLETION_REPORTED}, Who.OFFICE, {"reason", "due_on"}),
    "schedule-verification": ({S.COMPLETION_REPORTED, S.VERIFYING}, Who.OFFICE, {"verifier", "on"}),
    "pass-verification": ({S.VERIFYING}, Who.SCHEDULED_VERIFIER, {"findings"}),
    "fail-verification": ({S.VERIFYING}, Who.SCHEDULED_VERIFIER, {"kind", "findings", "due_on"}),
    "approve-write-off": ({S.WRITE_OFF_REVIEW}, Who.OFFICE_HEAD, {"grade"}),
    "reject-write-off": ({S.WRITE_OFF_REVIEW}, Who.OFFICE_HEAD, {"reason", "due_on"}),
    "reopen": ({S.CLOSED, S.CANCELLED, S.MERGED, S.TRANSFERRED}, Who.OFFICE_HEAD, {"reason"}),
    "select-look-back": ({S.CLOSED}, Who.OFFICE, {"due_on"}),
    "pass-look-back": ({S.CLOSED}, Who.VERIFIER, {"findings"}),
    "find-relapse": ({S.CLOSED, S.CONFIRMED}, Who.VERIFIER_OFFICE, {"findings"}),
    "submit-to-leader": ({S.WRITE_OFF_REVIEW}, Who.OFFICE, set()),
    "leader-acknowledge": ({S.WRITE_OFF_REVIEW}, Who.LEADER, set()),
    "instruct-again": ({S.WRITE_OFF_REVIEW}, Who.LEADER, {"text", "time_limit", "due_on"}),
    "cancel": (OPEN_STAGES, Who.OFFICE_HEAD, {"reason"}),
    "transfer": (OPEN_STAGES, Who.OFFICE_HEAD, {"kind", "to"}),
    "merge": ({S.REGISTERED, S.ASSIGNED}, Who.OFFICE, {"into"}),
    "urge": (OPEN_STAGES, Who.OFFICE, set()),
    "amend": ({S.REGISTERED}, Who.OFFICE, {"fields"}),
    "correct": (set(Stage), Who.OFFICE_HEAD, {"position", "reason", "fields"}),
}  # fmt: skip
"""The contract's table, written down a second time."""

HELPABLE = {S.ASSIGNED} | WORK

WITHIN: dict[str, tuple[set[Stage], Who, set[str]]] = {
    "split": ({S.REGISTERED} | HELPABLE, Who.OFFICE, {"parts", "quality_requirement"} | LIMIT),
    "acknowledge-helping": (HELPABLE, Who.CO_UNIT, set()),
    "give-opinion": (HELPABLE, Who.CO_UNIT, {"text"}),
    "ask-opinion": (HELPABLE, Who.UNIT_OFFICE, {"units", "due_on", "time_limit"}),
    "co-sign": ({S.RECTIFYING}, Who.CO_UNIT, set()),
    "hand-over": (OPEN_STAGES, Who.OFFICE, {"to", "reason"}),
    "mark-key-case": (OPEN_STAGES, Who.OFFICE_HEAD, {"reason", "key_case"}),
    "note-petitioner": (OPEN_STAGES, Who.OFFICE, {"name", "phone", "kind", "petitioner"}),
    "erase-petitioner": (set(Stage), Who.OFFICE_HEAD, {"petitioner", "reason"}),
    "approve-registration": ({S.REGISTERED}, Who.HEAD_LEADER, set()),
    "reject-registration": ({S.REGISTERED}, Who.HEAD_LEADER, {"reason"}),
    "submit-handling-proposal": (
        {S.REGISTERED}, Who.OFFICE, {"lead_unit", "co_units", "time_limit", "quality_requirement"},
    ),
    "approve-handling-proposal": ({S.REGISTERED}, Who.HEAD_LEADER, set()),
    "return-handling-proposal": ({S.REGISTERED}, Who.HEAD_LEADER, {"reason"}),
    "link": (set(Stage), Who.OFFICE, {"to", "relation"}),
    "unlink": (set(Stage), Who.OFFICE, {"to", "reason"}),
    "instruct": (OPEN_STAGES, Who.LEADER, {"text"}),
    "note": (set(Stage), Who.OFFICE_LEADER, {"mentions"}),
    "recall-assignment": ({S.ASSIGNED, S.ACKNOWLEDGED, S.RECTIFYING}, Who.OFFICE, {"reason"}),
    "withdraw-evidence": (OPEN_STAGES, Who.UNIT_VERIFIER_OFFICE, {"evidence", "reason"}),
}  # fmt: skip
"""What fills the office's week beside the contract's table."""
