"""What may be asked of the directory. Fields are named as in the contract's bodies but for Python's own ``from``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar, TypeAlias

from events.vocabulary import PersonId, Role, UnitId, UserName

FROM: Mapping[str, str] = {"from": "from_"}
"""Name in a body → name of the field, for the edge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterUnit:
    """Enter a unit, under another or at the top."""

    name: str
    parent: UnitId | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameUnit:
    """Give a unit another name from a day on (None: today)."""

    RENAMES: ClassVar[Mapping[str, str]] = FROM
    name: str
    from_: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveUnit:
    """Put a unit under another, or under none, from a day on."""

    RENAMES: ClassVar[Mapping[str, str]] = FROM
    parent: UnitId | None = None
    from_: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseUnit:
    """Say that a unit no longer exists from a day on; with open matters only with a successor."""

    RENAMES: ClassVar[Mapping[str, str]] = FROM
    successor: UnitId | None = None
    from_: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterPerson:
    """Enter a person with the posts held; ``roles`` receive letters, they do not log in."""

    name: str
    unit: UnitId
    email: str | None = None
    phone: str | None = None
    roles: tuple[Role, ...] = ()
    administrative_head: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MovePerson:
    """Move a person to another unit or other posts (None: the same ones) from a day on."""

    RENAMES: ClassVar[Mapping[str, str]] = FROM
    unit: UnitId
    roles: tuple[Role, ...] | None = None
    from_: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeavePerson:
    """Say that a person leaves."""

    RENAMES: ClassVar[Mapping[str, str]] = FROM
    from_: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePerson:
    """Correct a name or an address, or mark as 行政首长; None leaves as it is, an empty text takes away."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None
    administrative_head: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DelegateDuty:
    """Let another person stand in from a day (None: today) until another; no acts named: for all of them."""

    RENAMES: ClassVar[Mapping[str, str]] = FROM
    to: PersonId
    until: date
    from_: date | None = None
    acts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EndDelegation:
    """Say that the person is back from a day on (None: today)."""

    RENAMES: ClassVar[Mapping[str, str]] = FROM
    from_: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateUser:
    """Open an account for a person. The edge keeps the password; no fact ever holds it."""

    name: UserName
    roles: tuple[Role, ...]
    person: PersonId | None = None
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class DisableUser:
    """Shut an account, at once; ``from`` may say since when that holds on paper."""

    RENAMES: ClassVar[Mapping[str, str]] = FROM
    from_: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EnableUser:
    """Open a shut account again, at once."""

    RENAMES: ClassVar[Mapping[str, str]] = FROM
    from_: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResetPassword:
    """Give an account another password, made up by the edge where none is given."""

    RENAMES: ClassVar[Mapping[str, str]] = FROM
    password: str | None = field(default=None, repr=False)
    from_: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetRoles:
    """Say anew what an account may do, at once."""

    RENAMES: ClassVar[Mapping[str, str]] = FROM
    roles: tuple[Role, ...]
    from_: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRow:
    """A line of a bulk import that names a unit; ``parent`` by name, or by path “上级/下级” where names repeat."""

    line: int
    name: str
    parent: str | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """A line of a bulk import that names a person; ``unit`` as ``parent`` of a unit's line."""

    line: int
    name: str
    unit: str
    email: str | None = None
    phone: str | None = None
    roles: tuple[Role, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportDirectory:
    """Enter many units and people at once, all or nothing."""

    rows: tuple[UnitRow | PersonRow, ...]


UnitCommand: TypeAlias = RegisterUnit | RenameUnit | MoveUnit | CloseUnit
PersonCommand: TypeAlias = (
    RegisterPerson | MovePerson | LeavePerson | ChangePerson | DelegateDuty | EndDelegation
)
UserCommand: TypeAlias = CreateUser | DisableUser | EnableUser | ResetPassword | SetRoles
