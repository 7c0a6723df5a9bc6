"""How bulletins are shown to programs."""

from __future__ import annotations

from typing import Any

from events.bulletin.content import Figure, OverdueRow
from events.bulletin.deciding import permitted
from events.bulletin.prose import prose_of, shown
from events.bulletin.series import Period
from events.bulletin.state import Addressee, Bulletin, Rendition
from events.bulletin.surroundings import Surroundings
from events.record.codec import plain
from events.record.envelope import Recorded
from projections.bulletin_lists import Listed
from service.api.shown import moment
from service.circulating.bulletins import Sight


def item(row: Listed) -> dict[str, Any]:
    """A bulletin in a list."""
    return {
        "id": row.id,
        "series": row.series,
        "series_name": row.series_name,
        **_period(row.period),
        "subject": row.subject,
        "title": row.title,
        "stage": row.stage.value,
        "document_no": row.document_no or None,
        "issue_no": row.issue_no or None,
        "as_of": row.as_of,
        "due_on": row.due_on,
        "drafted_at": moment(row.drafted_at),
        "issued_at": moment(row.issued_at),
        "recipients": row.addressees,
        "acknowledged": row.receipts,
        "naming_owed": row.naming_owed,
        "corrects": row.corrects,
        "version": row.version,
    }


def whole(bulletin: Bulletin, sight: Sight, seen: Surroundings, *, past: bool) -> dict[str, Any]:
    """One bulletin: units see the public part, their own lines of the register and their own receipt."""
    content = bulletin.standing_content
    register = content.overdue.rows if sight.all else _mine(bulletin, sight)
    assert bulletin.period is not None
    assert bulletin.as_of is not None
    return {
        "id": bulletin.id,
        "series": bulletin.series,
        "series_name": bulletin.series_name,
        **_period(bulletin.period),
        "subject": bulletin.subject,
        "title": bulletin.title,
        "stage": bulletin.stage.value,
        "document_no": bulletin.document_no or None,
        "issue_no": bulletin.issue_no or None,
        "as_of": bulletin.as_of.position,
        "as_of_at": moment(bulletin.as_of.at),
        "judged_on": content.frozen.judged_on,
        "due_on": bulletin.due_on,
        "drafted_at": moment(bulletin.drafted_at),
        "drafted_by": bulletin.drafted_by,
        "issued_at": moment(bulletin.issued_at),
        "figures": [_figure(one) for one in content.figures],
        "sections": [
            {
                "id": section.id,
                "heading": section.heading,
                "prose": list(prose_of(section, bulletin.prose)),
                "shown": list(shown(content, section.id, bulletin.prose)),
                "items": [plain(one) for one in section.items],
                "edited": section.id in bulletin.prose,
            }
            for section in content.sections
        ],
        "ranking": plain(content.ranking),
        "fast": [plain(one) for one in content.fast],
        "slow": [plain(one) for one in content.slow],
        "table": plain(content.table),
        "overdue": [plain(row) for row in register],
        "named_units": list(content.named_units),
        "named": [plain(one) for one in content.named] if sight.all else [],
        "naming_settled": bulletin.naming_settled,
        "naming_basis": bulletin.naming_basis or None,
        "naming_approved_by": bulletin.naming_approved_by,
        "naming_paper": bulletin.naming_paper,
        "co_signers": list(bulletin.co_signers),
        "co_signatures": [plain(one) for one in bulletin.co_signatures],
        "signed_at": moment(bulletin.signed_at),
        "signed_by": bulletin.signed_by,
        "returned_reason": bulletin.returned_reason,
        "copies_to": list(bulletin.copies_to),
        "recipients": [
            _recipient(bulletin, one) for one in bulletin.addressees if sight.all or one.unit in sight.units
        ],
        "publications": [plain(one) for one in bulletin.publications],
        "files": [plain(one) for one in bulletin.scans] if sight.all else [],
        "documents": {
            name: _rendition(one)
            for name, one in (("full", bulletin.full if sight.all else None), ("public", bulletin.public))
            if one is not None
        },
        "corrects": bulletin.corrects,
        "changes": list(bulletin.changes),
        "corrected_by": bulletin.corrected_by,
        "withdrawn_at": moment(bulletin.withdrawn_at),
        "withdrawn_reason": bulletin.withdrawn_reason,
        "version": bulletin.version,
        "permitted": [] if past else list(permitted(bulletin, seen)),
    }


def fact(one: Recorded) -> dict[str, Any]:
    """A fact of a bulletin's history; the content itself is shown with the bulletin."""
    body = plain(one.fact)
    body.pop("content", None)
    return {
        "position": one.position,
        "version": one.version,
        "type": one.type,
        "occurred_at": moment(one.occurred_at),
        "recorded_at": moment(one.recorded_at),
        "actor": one.actor,
        "unit": one.unit,
        "role": one.role,
        "on_behalf_of": one.on_behalf_of,
        "basis": one.basis,
        "body": body,
        "hash": one.hash.hex(),
    }


def _mine(bulletin: Bulletin, sight: Sight) -> tuple[OverdueRow, ...]:
    content = bulletin.standing_content
    return tuple(row for unit in sorted(sight.units) for row in content.mine(unit))


def _period(period: Period) -> dict[str, Any]:
    return {"from": period.first, "to": period.last}


def _figure(one: Figure) -> dict[str, Any]:
    return {
        "id": one.id,
        "label": one.label,
        "rule": one.rule,
        "rule_version": one.rule_version,
        "numerator": one.numerator,
        "denominator": one.denominator,
        "shown": one.shown,
        "previous": list(one.previous) if one.previous is not None else None,
        "change": one.change,
    }


def _recipient(bulletin: Bulletin, one: Addressee) -> dict[str, Any]:
    receipt = next((r for r in bulletin.receipts if r.unit == one.unit), None)
    return {
        "unit": one.unit,
        "name": one.name,
        "posts": [{"role": role.value, "people": list(people)} for role, people in one.posts],
        "acknowledged_at": moment(receipt.at) if receipt is not None else None,
        "acknowledged_by": receipt.by if receipt is not None else None,
        "on_behalf": receipt.on_behalf if receipt is not None else False,
    }


def _rendition(one: Rendition) -> dict[str, Any]:
    return {
        "sha256": one.sha256,
        "size": one.size,
        "renderer": one.renderer,
        "fonts": one.fonts,
        "template": one.template,
    }
