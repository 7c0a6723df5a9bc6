"""Every fact the directory's streams may hold, with the name it is stored under."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from events.record.codec import Stored
from events.vocabulary import PersonId, Role, UnitId


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRegistered:
    """单位登记: a unit is in the directory from here on."""

    name: str
    from_on: date
    parent: UnitId | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRenamed:
    """单位更名: it bears this name from a day on."""

    name: str
    from_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitMoved:
    """单位划转: it stands under another unit, or under none, from a day on."""

    parent: UnitId | None
    from_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitClosed:
    """单位撤销: it no longer exists from a day on; ``successor`` takes over what is open, by an act of its own."""

    from_on: date
    successor: UnitId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRegistered:
    """人员登记: a person with unit, address and the posts held."""

    name: str
    unit: UnitId
    from_on: date
    email: str | None = None
    phone: str | None = None
    roles: tuple[Role, ...] = ()
    administrative_head: bool = False
    """行政首长."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonMoved:
    """人员调动: another unit, other posts, from a day on. The duty stays with the post that is left."""

    unit: UnitId
    from_on: date
    roles: tuple[Role, ...] | None = None
    """The posts held in the new unit; None where they are the same as before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLeft:
    """人员离任: holds no post from a day on."""

    from_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonChanged:
    """人员信息变更: what is None stays as it was; an empty address or number is one taken away."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None
    administrative_head: bool | None = None
    """行政首长."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyDelegated:
    """代办: ``to`` stands in from a day until another, both included; no acts named: for all of them."""

    to: PersonId
    from_on: date
    until_on: date
    acts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DelegationEnded:
    """结束代办: back from a day on, before the delegation would have ended by itself."""

    to: PersonId
    from_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class UserCreated:
    """开立账号: a name to log in with. ``person`` is None only for the first administrator."""

    person: PersonId | None
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UserDisabled:
    """停用账号: nobody logs in with it any more. ``from_on`` is what was said, None: the day it was recorded."""

    from_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UserEnabled:
    """启用账号: it works again."""

    from_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UserPasswordReset:
    """重置密码: that it was done, never what it is."""

    from_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UserRolesSet:
    """调整角色: what the account may do from here on."""

    roles: tuple[Role, ...]
    from_on: date | None = None


UnitFact: TypeAlias = UnitRegistered | UnitRenamed | UnitMoved | UnitClosed
PersonFact: TypeAlias = (
    PersonRegistered | PersonMoved | PersonLeft | PersonChanged | DutyDelegated | DelegationEnded
)
UserFact: TypeAlias = UserCreated | UserDisabled | UserEnabled | UserPasswordReset | UserRolesSet

FACTS: tuple[Stored, ...] = (
    Stored(name="unit-registered", type=UnitRegistered),
    Stored(name="unit-renamed", type=UnitRenamed),
    Stored(name="unit-moved", type=UnitMoved),
    Stored(name="unit-closed", type=UnitClosed),
    Stored(name="person-registered", type=PersonRegistered),
    Stored(name="person-moved", type=PersonMoved),
    Stored(name="person-left", type=PersonLeft),
    Stored(name="person-changed", type=PersonChanged),
    Stored(name="duty-delegated", type=DutyDelegated),
    Stored(name="delegation-ended", type=DelegationEnded),
    Stored(name="user-created", type=UserCreated),
    Stored(name="user-disabled", type=UserDisabled),
    Stored(name="user-enabled", type=UserEnabled),
    Stored(name="user-password-reset", type=UserPasswordReset),
    Stored(name="user-roles-set", type=UserRolesSet),
)
