"""经办人: persons of the office, as a command names them."""

from __future__ import annotations

from events.matter.surroundings import Surroundings
from events.refusals import Invalid
from events.vocabulary import OFFICE, PersonId


def office_person(person: PersonId, seen: Surroundings) -> PersonId:
    """``person`` where it is somebody of the office who has not left.

    Raises Invalid ``unknown-person``, ``person-left`` or ``not-office``.
    """
    known = seen.directory.people.get(person)
    if known is None:
        raise Invalid(f"没有“{person}”这个人，请从人员名录中选择。", code="unknown-person")
    if known.left(seen.today):
        raise Invalid(f"{known.name}已于{known.left_on}离任，请另选一位经办人。", code="person-left")
    granted = (user.current_roles for user in seen.directory.users_of(person))
    if not known.roles(seen.today) & OFFICE and not any(roles & OFFICE for roles in granted):
        raise Invalid(f"{known.name}不是督查室的人，不能作经办人；请从督查室人员中选。", code="not-office")
    return person
