"""How things are shown to programs: plain JSON with Beijing moments and names as of the moment asked."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from events.directory.state import Directory
from events.matter.branches import Helping
from events.matter.state import Evidence, Matter, Withdrawal
from events.record.codec import plain
from events.rules.evidence import missing
from events.rules.procedures import Procedure
from events.vocabulary import BEIJING
from notifications.outbox.asking import LetterRow
from projections.rows import Item
from projections.timeline import Entry
from service.trees import Node


def moment(value: datetime | None) -> str | None:
    """A moment with +08:00."""
    return None if value is None else value.astimezone(BEIJING).isoformat()


def item(row: Item, directory: Directory, day: date, position: int | None) -> dict[str, Any]:
    """A matter in a list."""
    return {
        "id": row.id,
        "number": row.number,
        "title": row.title,
        "kind": row.kind,
        "source": row.source,
        "source_no": row.source_no,
        "urgency": row.urgency,
        "place": row.place,
        "object": row.object,
        "parent": row.parent,
        "stage": row.stage.value,
        "lead_unit": row.lead_unit,
        "lead_unit_name": directory.unit_name(row.lead_unit, day, position) or None,
        "co_units": list(row.co_units),
        "person": row.person,
        "registered_on": row.registered_on,
        "assigned_on": row.assigned_on,
        "acknowledged_on": row.acknowledged_on,
        "due_on": row.due_on,
        "first_due_on": row.first_due_on,
        "provisional": row.provisional,
        "days_late": row.days_late,
        "working_days_late": row.working_days_late,
        "light": row.light.value,
        "closed_late": row.closed_late,
        "reported_on": row.reported_on,
        "closed_on": row.closed_on,
        "ended_on": row.ended_on,
        "look_back_on": row.look_back_on,
        "extensions_granted": row.extensions,
        "extension_pending": row.extension_until is not None,
        "support_pending": row.support_pending,
        "support_due_on": row.support_due_on,
        "percent": row.percent,
        "relapse_of": row.relapse_of,
        "relapse_matter": row.relapse_matter,
        "round": row.round,
        "handler": row.handler,
        "handler_name": directory.person_name(row.handler) or None,
        "key_case": row.key_case,
        "awaits_approval": row.awaits_approval,
        "branches": {"ended": row.branches[0], "of": row.branches[1]} if row.branches else None,
        "version": row.version,
        "last_at": moment(row.last_at),
    }


def part(row: Item) -> dict[str, Any]:
    """A part of a split matter, as the whole shows it."""
    return {
        "id": row.id,
        "number": row.number,
        "lead_unit": row.lead_unit,
        "stage": row.stage.value,
        "due_on": row.due_on,
        "days_late": row.days_late,
        "light": row.light.value,
    }


def node(one: Node) -> dict[str, Any]:
    """A branch of a plan: its items that have ended, of how many, and what is below."""
    return {
        **part(one.item),
        "title": one.item.title,
        "percent": one.item.percent,
        "ended": one.ended,
        "of": one.of,
        "percent_ended": one.percent,
        "parts": [node(below) for below in one.parts],
    }


def helping(one: Helping) -> dict[str, Any]:
    """Where a co-unit stands with its part."""
    return {
        "unit": one.unit,
        "due_on": one.due_on,
        "acknowledged_at": moment(one.acknowledged_at),
        "opinion_at": moment(one.opinion_at),
        "opinion": one.opinion,
        "co_signed_at": moment(one.co_signed_at),
    }


def supports(matter: Matter, directory: Directory) -> list[dict[str, Any]]:
    """Every request for support, by whom it was answered and how late."""
    return [
        {
            "text": one.text,
            "state": "pending" if one.waits else "lapsed" if one.lapsed else "answered",
            "asked_at": moment(one.asked_at),
            "due_on": one.due_on,
            "answered_at": moment(one.answered_at),
            "answered_by": one.answered_by,
            "answered_by_name": directory.user_label(one.answered_by) if one.answered_by else None,
            "answer": one.answer,
            "days_late": one.days_late,
        }
        for one in matter.supports
    ]


def details(matter: Matter, directory: Directory, procedure: Procedure) -> dict[str, Any]:
    """What one matter has beside the list's fields."""
    counted = [e.kind for e in matter.counted_evidence]
    return {
        "problem": matter.problem,
        "basis": matter.basis,
        "chief_leader": matter.chief_leader,
        "chief_leader_name": directory.person_name(matter.chief_leader) or None,
        "quality_requirement": matter.quality_requirement,
        "assessment_rule": matter.assessment_rule,
        "registered_at": moment(matter.registered_at),
        "limit": plain(matter.limit) if matter.limit else None,
        "due_dates": [plain(due) for due in matter.due_dates],
        "extensions": [plain(extension) for extension in matter.extensions],
        "evidence": [evidence(one, matter.withdrawal_of(one.id)) for one in matter.evidence],
        "evidence_required": list(procedure.evidence),
        "evidence_missing": list(missing(procedure.evidence, counted)),
        "approval": matter.approval,
        "rejected_reason": matter.rejected_reason,
        "proposal": plain(matter.proposal) if matter.proposal else None,
        "helping": [helping(one) for one in matter.helping],
        "supports": supports(matter, directory),
        "verifier": matter.verifier,
        "verifier_name": directory.person_name(matter.verifier) or None,
        "verify_on": matter.verify_on,
        "completion_reported_at": moment(matter.completion_reported_at),
        "returned_reason": matter.returned_reason,
        "suspended_at": moment(matter.suspended_at),
        "closed_at": moment(matter.closed_at),
        "grade": matter.grade,
        "plan": plain(matter.plan) if matter.plan else None,
        "merged_into": matter.merged_into,
        "links": [
            {"matter": one.other, "relation": one.relation.value, "label": one.label} for one in matter.links
        ],
        "transferred_kind": matter.transferred_kind,
        "transferred_to": matter.transferred_to,
    }


def evidence(one: Evidence, withdrawn: Withdrawal | None = None) -> dict[str, Any]:
    """A piece of evidence; its file is at ``/evidence/{id}``."""
    return {
        "id": one.id,
        "kind": one.kind.value,
        "name": one.name,
        "size": one.size,
        "sha256": one.sha256,
        "media_type": one.media_type,
        "attached_at": moment(one.attached_at),
        "attached_by": one.attached_by,
        "unit": one.unit,
        "taken_at": moment(one.taken_at),
        "place": one.place,
        "withdrawn_at": moment(withdrawn.at) if withdrawn else None,
        "withdrawn_by": withdrawn.by if withdrawn else None,
        "withdrawn_reason": withdrawn.reason if withdrawn else None,
    }


def fact(entry: Entry) -> dict[str, Any]:
    """A fact of a history."""
    return {
        "position": entry.position,
        "version": entry.version,
        "type": entry.type,
        "occurred_at": moment(entry.occurred_at),
        "recorded_at": moment(entry.recorded_at),
        "actor": entry.actor,
        "unit": entry.unit,
        "role": entry.role,
        "on_behalf_of": entry.on_behalf_of,
        "basis": entry.basis,
        "body": entry.body,
        "hash": entry.hash,
    }


def letter(row: LetterRow) -> dict[str, Any]:
    """A letter and what became of it."""
    return {
        "id": row.id,
        "matter": row.matter or None,
        "bulletin": row.bulletin,
        "rule": row.rule,
        "title": row.title,
        "slot": row.slot,
        "unit": row.post.unit,
        "role": row.post.role,
        "person": row.post.person,
        "channel": row.channel.value,
        "copy": row.copy,
        "state": row.state.value,
        "position": row.position,
        "written_at": moment(row.written_at),
        "handed_at": moment(row.handed_at),
        "next_try_at": moment(row.next_try_at),
        "read_at": moment(row.read_at),
        "read_by": row.read_by,
        "holder": row.holder,
        "address": row.address,
        "message_id": row.message_id,
        "digest": row.digest,
        "attempts": row.attempts,
        "last_error": row.last_error,
    }
