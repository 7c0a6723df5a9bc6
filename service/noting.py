"""What is written into the access log, and by which look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.requests import Request

from events.record.envelope import OPERATOR
from events.refusals import NotFound, NotYours, Refusal
from service.clock import machine_now
from service.storage.access import AccessLog, Kind, Look

if TYPE_CHECKING:
    from service.answering import Answering
    from service.identity import Principal
    from service.runtime import Runtime

BY_ITSELF = (".css",)
"""Ends of addresses that a page fetches by itself."""
LONGEST_ADDRESS = 500


class Hidden(NotFound):
    """Is there, but may not be seen by this person: answered like what is not there, and written down."""


def note(
    answer: Answering, kind: Kind, target: str | None = None, *, once: bool = False, address: str = ""
) -> None:
    """Writes a look down before it is answered. ``once``: not again within some minutes."""
    asking = answer.asking
    look = Look(
        at=machine_now(),
        user=answer.principal.actor.user,
        person=answer.principal.actor.person,
        unit=answer.principal.actor.unit,
        kind=kind,
        target=target,
        address=(address or answer.address)[:LONGEST_ADDRESS],
        as_of=answer.as_of if asking.past else None,
        moment=asking.moment if asking.past else None,
    )
    log = answer.runtime.access
    if once:
        log.note_once(look)
    else:
        log.note(look)


def note_operator(log: AccessLog, kind: Kind, command: str, target: str | None = None) -> None:
    """Writes down what was taken on the machine itself, by the command line; there the account is the operator's."""
    log.note(
        Look(
            at=machine_now(),
            user=OPERATOR.user,
            kind=kind,
            target=target,
            address=command[:LONGEST_ADDRESS],
        )
    )


def note_past(answer: Answering) -> None:
    """A question about the past is a look of its own."""
    path = answer.address.partition("?")[0]
    if answer.asking.past and not path.endswith(BY_ITSELF):
        note(answer, Kind.AS_OF, target_of(path))


def note_refused(runtime: Runtime, request: Request, principal: Principal | None, refusal: Refusal) -> None:
    """A refused attempt, where somebody known made it."""
    if principal is None or not isinstance(refusal, NotYours | Hidden):
        return
    actor = principal.actor
    runtime.access.note(
        Look(
            at=machine_now(),
            user=actor.user,
            person=actor.person,
            unit=actor.unit,
            kind=Kind.REFUSED,
            target=target_of(request.url.path),
            address=f"{request.method} {address_of(request)}"[:LONGEST_ADDRESS],
            refused=refusal.code,
        )
    )


def address_of(request: Request) -> str:
    """Path and query as asked."""
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def target_of(path: str) -> str | None:
    """The id in an address: of a matter, a unit, a person, a piece of evidence."""
    parts = path.removeprefix("/api/v1").strip("/").split("/")
    return parts[1] if len(parts) > 1 and parts[0] in _WITH_ID else None


_WITH_ID = ("matters", "units", "people", "evidence", "letters", "bulletins")
