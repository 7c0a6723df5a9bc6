"""首席责任领导 (M029): the leader a matter is reported to, who gets the monthly list of those under him."""

from __future__ import annotations

from events.matter.surroundings import Surroundings
from events.refusals import Invalid
from events.vocabulary import PersonId, Role


def refuse_stranger(person: str | None, seen: Surroundings) -> None:
    """Raises Invalid ``unknown-leader`` for somebody who is no leader today; None names nobody."""
    if person is None:
        return
    known = seen.directory.people.get(PersonId(person))
    if known is None or known.left(seen.today) or not _leads(known.id, seen):
        raise Invalid(
            "首席责任领导要从在任的领导里选；先在单位与人员里登记其职务为“领导”，或改选别人。",
            code="unknown-leader",
            field="chief_leader",
        )


def _leads(person: PersonId, seen: Surroundings) -> bool:
    """By the post held, or by an account's role."""
    held = seen.directory.people[person].roles(seen.today)
    return Role.LEADER in held or any(
        Role.LEADER in user.current_roles for user in seen.directory.users_of(person)
    )
