"""开立、停用、启用账号，重置密码，调整角色: who may log in and what for. No secret comes here."""

from __future__ import annotations

import re
from datetime import date
from typing import assert_never

from events.directory.checking import (
    admitted_role,
    already,
    clean_roles,
    effective_day,
    normalised,
    shown,
)
from events.directory.commands import (
    CreateUser,
    DisableUser,
    EnableUser,
    ResetPassword,
    SetRoles,
    UserCommand,
)
from events.directory.facts import (
    UserCreated,
    UserDisabled,
    UserEnabled,
    UserFact,
    UserPasswordReset,
    UserRolesSet,
)
from events.directory.state import Directory, User
from events.directory.surroundings import DirectorySurroundings
from events.record.envelope import CLOCK, OPERATOR, Claim, Decision, Draft
from events.refusals import Conflict, Invalid, NameTaken, NotFound
from events.vocabulary import PersonId, Role, UserName


def decide_user(
    name: UserName, command: UserCommand, user: User | None, seen: DirectorySurroundings
) -> Decision:
    """Admits an act on the account ``name``. The answer carries ``id``, the name. Passwords are the edge's business.

    Raises NotYours, NotFound, NameTaken, Conflict ``already-so`` or ``last-admin``, Invalid.
    """
    role = admitted_role(seen.actor, "账号的维护")
    if isinstance(command, CreateUser):
        return _create(name, command, user, seen, role)
    if user is None or not user.version:
        raise NotFound("没有这个账号，请从账号名录中选择。")
    return _decision(name, _changed(user, command, seen), role)


def refuse_without_admin(
    directory: Directory, person: PersonId | None, user: UserName | None, on: date
) -> None:
    """Refuses to take away the last administrator: who can log in on ``on`` but for ``person`` or ``user``."""
    admins = [u for u in directory.users_with(Role.ADMIN) if directory.may_log_in(u.name, on)]
    others = [u for u in admins if u.name != user and (person is None or u.person != person)]
    if admins and not others:
        raise Conflict(
            "这是最后一个能用的系统管理员账号，请先开立或启用另一个管理员账号。", code="last-admin"
        )


def _create(
    name: UserName, command: CreateUser, user: User | None, seen: DirectorySurroundings, role: Role | None
) -> Decision:
    if not _NAME.fullmatch(name):
        raise Invalid(
            f"账号名{shown(name)}不合规定，请用2到40个字母、数字、汉字和 . _ -，首尾不用符号。",
            code="unreadable-user-name",
        )
    sentence = f"账号名{shown(name)}已有人使用，请换一个。"
    if (user is not None and user.version) or normalised(name) in RESERVED:
        raise NameTaken(sentence)
    if command.person is None:
        if seen.actor != OPERATOR:
            raise Invalid("账号要对应一个人，请写明 person。", code="missing-person")
    else:
        _refuse_unfit_person(command.person, seen)
    fact = UserCreated(person=command.person, roles=_granted(command.roles))
    claim = Claim(scope=NAME_SCOPE, key=normalised(name), owner=name, refusal=sentence)
    return _decision(name, fact, role, claims=(claim,))


def _changed(
    user: User, command: DisableUser | EnableUser | ResetPassword | SetRoles, seen: DirectorySurroundings
) -> UserFact:
    since = _at_once(command.from_, seen)
    match command:
        case DisableUser():
            if user.disabled:
                raise already(f"账号{shown(user.name)}已经停用。")
            _keep_an_admin(user, seen)
            return UserDisabled(from_on=since)
        case EnableUser():
            if not user.disabled:
                raise already(f"账号{shown(user.name)}没有停用，不用启用。")
            return UserEnabled(from_on=since)
        case ResetPassword():
            return UserPasswordReset(from_on=since)
        case SetRoles():
            roles = _granted(command.roles)
            if frozenset(roles) == user.current_roles:
                raise already(f"账号{shown(user.name)}已经是这些角色，没有要改的。")
            if Role.ADMIN not in roles:
                _keep_an_admin(user, seen)
            return UserRolesSet(roles=roles, from_on=since)
        case _:
            assert_never(command)


def _at_once(from_: date | None, seen: DirectorySurroundings) -> date | None:
    """The day stated; an account changes when that is recorded, so a day to come is refused."""
    if from_ is not None and effective_day(from_, seen.today) > seen.today:
        raise Invalid(f"账号的变动当天生效，不能预定到{from_}；请到那一天再办。", code="not-yet-effective")
    return from_


def _keep_an_admin(user: User, seen: DirectorySurroundings) -> None:
    if Role.ADMIN in user.current_roles and seen.directory.may_log_in(user.name, seen.today):
        refuse_without_admin(seen.directory, None, user.name, seen.today)


def _refuse_unfit_person(person: PersonId, seen: DirectorySurroundings) -> None:
    known = seen.directory.people.get(person)
    if known is None or not known.units:
        raise Invalid(
            f"人员{shown(person)}不在人员名录里，请从名录中选择，或先登记这个人。", code="unknown-person"
        )
    if known.left(seen.today):
        raise Invalid(f"{shown(known.name)}已于{known.left_on}离任，不能为其开立账号。", code="person-left")


def _granted(roles: tuple[Role, ...]) -> tuple[Role, ...]:
    if not roles:
        raise Invalid("没有给账号任何角色，请至少选一个；要收回全部权限请停用账号。", code="missing-roles")
    return clean_roles(roles)


def _decision(
    user: UserName, fact: UserFact, role: Role | None, *, claims: tuple[Claim, ...] = ()
) -> Decision:
    draft = Draft(stream=f"user-{user}", fact=fact)
    return Decision(drafts=(draft,), claims=claims, role=role, answer={"id": user})


NAME_SCOPE = "user-name"
RESERVED = frozenset({str(CLOCK.user), str(OPERATOR.user)})
_WORD = "A-Za-z0-9\u3400-\u4dbf\u4e00-\u9fff"
_NAME = re.compile(rf"[{_WORD}][{_WORD}._-]{{0,38}}[{_WORD}]")
