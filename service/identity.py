"""Who is asking: an account by its bearer token or its session, and the person, unit and roles behind it."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import date

from starlette.requests import Request

from events.directory.delegating import stood_for
from events.directory.state import Directory
from events.matter.state import Matter
from events.record.envelope import Actor, StandIn
from events.refusals import MustChangePassword, NotAuthenticated, NotYours
from events.vocabulary import OFFICE, PersonId, Role, UnitId, UserName
from projections.asking import Visibility
from projections.parties import LOOKED_BACK_ON
from service.clock import beijing_day, machine_now
from service.runtime import Runtime
from service.storage.accounts import Session

COOKIE = "duban_session"
LIVE = "/live"
"""Asked by open pages by themselves, which is no sign of anybody being there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Somebody known. ``session`` is None for a program with a token."""

    actor: Actor
    session: Session | None = None


def runtime_of(request: Request) -> Runtime:
    """The wiring this request runs in."""
    runtime: Runtime = request.app.state.runtime
    return runtime


def actor_of(directory: Directory, user: UserName, day: date) -> Actor:
    """An account as an actor on a day. Raises NotAuthenticated for an unknown or disabled one, or who has left."""
    known = directory.users.get(user)
    person = directory.people.get(known.person) if known and known.person else None
    left = person is not None and person.left_on is not None and person.left_on <= day
    if known is None or known.disabled or left:
        raise NotAuthenticated("这个账号已停用；需要时请系统管理员启用。", code="account-disabled")
    return Actor(
        user=known.name,
        name=person.name if person else str(known.name),
        person=known.person,
        unit=person.unit(day) if person else None,
        roles=known.current_roles,
        stands_in=_stands_in(directory, known.person, day),
    )


def _stands_in(directory: Directory, person: PersonId | None, day: date) -> tuple[StandIn, ...]:
    """For whom a person stands in on a day, with what their accounts may do; nobody stands in for an administrator."""
    if person is None or person not in directory.stand_ins:
        return ()
    return tuple(
        StandIn(
            person=stood.person.id,
            name=stood.person.name,
            unit=stood.person.unit(day),
            roles=frozenset(r for user in directory.users_of(stood.person.id) for r in user.current_roles)
            - {Role.ADMIN},
            acts=stood.acts,
        )
        for stood in stood_for(directory, person, day)
    )


def program(request: Request) -> Principal:
    """Who calls the API: by bearer token, or by the session of the pages.

    Raises NotAuthenticated, MustChangePassword for a session by a one-time password, and Malformed for a moment in
    the header that cannot be. A token is its own secret and knows no password.
    """
    runtime = runtime_of(request)
    runtime.clock.now(request.headers.get("x-duban-now"))
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and secret:
        user = runtime.accounts.token_user(secret.strip())
        if user is None:
            raise NotAuthenticated("令牌不对或已作废；用 duban token create 换一个。", code="unknown-token")
        return _known(request, Principal(actor=_actor(runtime, user)))
    found = visitor(request)
    if found is None:
        raise NotAuthenticated("没有登录；在请求头写 Authorization: Bearer 令牌，或先登录。")
    if request.method not in ("GET", "HEAD"):
        check_csrf(found, request.headers.get("x-csrf-token", ""))
    if found.session is not None and found.session.must_change:
        raise MustChangePassword
    return found


def visitor(request: Request) -> Principal | None:
    """Who looks at the pages, by the session's cookie; None when nobody is logged in."""
    runtime = runtime_of(request)
    secret = request.cookies.get(COOKIE)
    seen = request.url.path != LIVE
    session = runtime.accounts.session(secret, machine_now(), seen=seen) if secret else None
    if session is None:
        return None
    try:
        return _known(request, Principal(actor=_actor(runtime, session.user), session=session))
    except NotAuthenticated:
        runtime.accounts.log_out(session.key)
        return None


def _known(request: Request, principal: Principal) -> Principal:
    """Keeps who asks with the request, for whatever is written down of it."""
    request.state.principal = principal
    return principal


def check_csrf(principal: Principal, given: str) -> None:
    """Raises NotYours when a form does not come from a page of this session."""
    session = principal.session
    if session is None or not hmac.compare_digest(session.csrf.encode(), given.encode()):
        raise NotYours(
            "这个表单不是从本站页面提交的，或登录已换过；回到页面重新打开再交。", code="foreign-form"
        )


def _actor(runtime: Runtime, user: UserName) -> Actor:
    day = beijing_day(runtime.clock.now())
    try:
        return actor_of(runtime.directory.recent(), user, day)
    except NotAuthenticated:
        return actor_of(runtime.directory.now(), user, day)


def sees_all(actor: Actor) -> bool:
    """Whether every matter may be seen: the office, leaders, auditors, and who runs the system."""
    if not actor.roles.isdisjoint(_SEES_ALL):
        return True
    return any(not one.roles.isdisjoint(_SEES_ALL) for one in actor.stands_in)


_SEES_ALL = OFFICE | {Role.LEADER, Role.AUDITOR, Role.ADMIN}


def visibility(actor: Actor, directory: Directory, day: date) -> Visibility:
    """What an actor may see: everything; or the matters of the own unit, of those it took over from, those one is to
    verify, and for a verifier the closed ones, to look at them again.
    """
    units = directory.inherits_from(actor.unit, day) if actor.unit is not None else frozenset[UnitId]()
    looks_back = Role.VERIFIER in actor.roles
    for one in actor.stands_in:
        units |= directory.inherits_from(one.unit, day) if one.unit is not None else frozenset[UnitId]()
        looks_back = looks_back or Role.VERIFIER in one.roles
    persons = frozenset(one.person for one in actor.stands_in)
    return Visibility(
        all=sees_all(actor), units=units, person=actor.person, stood_for=persons, looks_back=looks_back
    )


def may_see(seen: Visibility, matter: Matter) -> bool:
    """Whether a matter is among what may be seen: its lead and co-units', its scheduled verifier's, and while it is
    closed any verifier's.
    """
    if seen.all or matter.lead_unit in seen.units or not seen.units.isdisjoint(matter.co_units):
        return True
    if seen.looks_back and matter.stage in LOOKED_BACK_ON:
        return True
    verifier = matter.verifier
    return verifier is not None and (verifier == seen.person or verifier in seen.stood_for)


def must_be_admin(actor: Actor) -> None:
    """Raises NotYours unless the actor is a system administrator."""
    if Role.ADMIN not in actor.roles:
        raise NotYours("这件事由系统管理员办；请联系管理员。")
