"""What every act on the directory must satisfy: who may, what a name, an address and a day must look like."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from events.directory.state import Directory, Unit
from events.record.envelope import OPERATOR, Actor
from events.refusals import Conflict, Invalid, NotYours
from events.vocabulary import Role, UnitId


def admitted_role(actor: Actor, what: str) -> Role | None:
    """The role under which ``actor`` may do ``what``: 系统管理员, or None for the operator of the machine.

    Raises NotYours for anybody else.
    """
    if actor == OPERATOR:
        return None
    if Role.ADMIN not in actor.roles:
        raise NotYours(f"{what}由系统管理员办理，您的账号没有这项权限；请联系系统管理员。")
    return Role.ADMIN


def clean_name(name: str, what: str) -> str:
    """A name without blanks around it; refuses an empty, an over-long and one with control characters."""
    clean = name.strip()
    if not clean:
        raise Invalid(f"{what}不能为空，请填写后再提交。", code="blank-field")
    if len(clean) > LONGEST_NAME:
        raise Invalid(f"{what}有{len(clean)}字，超过{LONGEST_NAME}字，请改用简称。", code="too-long")
    refuse_control(clean, what)
    return clean


def optional_name(name: str | None, what: str) -> str | None:
    """As ``clean_name``; None for none or a blank one."""
    return clean_name(name, what) if name is not None and name.strip() else None


def refuse_control(text: str, what: str) -> None:
    """Refuses characters nobody sees: controls, and marks that turn the direction of writing."""
    if any(unicodedata.category(c) in _UNSEEN for c in text):
        raise Invalid(f"{what}中有看不见的控制字符，请重新手工输入后再提交。", code="control-character")


def clean_email(email: str | None) -> str | None:
    """An e-mail address of plain shape; None for none, and empty stays empty (it takes an address away)."""
    if email is None or not email.strip():
        return email and ""
    clean = email.strip()
    if len(clean) > LONGEST_EMAIL or not _EMAIL.fullmatch(clean):
        raise Invalid(
            f"邮箱“{clean[:60]}”不像一个邮箱地址，请写成 name@example.gov.cn 的样子，没有就留空。",
            code="unreadable-email",
        )
    return clean


def clean_phone(phone: str | None) -> str | None:
    """A telephone number of plain shape; None for none, and empty stays empty."""
    if phone is None or not phone.strip():
        return phone and ""
    clean = unicodedata.normalize("NFKC", phone.strip())
    if not _PHONE.fullmatch(clean) or not 3 <= sum(c.isdigit() for c in clean) <= 20:
        raise Invalid(
            f"电话“{clean[:40]}”不像一个电话号码，请只写数字，区号和分机用短横隔开，没有就留空。",
            code="unreadable-phone",
        )
    return clean


def clean_roles(roles: tuple[Role, ...]) -> tuple[Role, ...]:
    """Roles each once, in the order they are listed in everywhere."""
    return tuple(role for role in Role if role in roles)


def effective_day(from_: date | None, today: date) -> date:
    """The day an act holds from; today where none is given. Not before 1949, not more than 50 years on."""
    day = from_ if from_ is not None else today
    if day < EARLIEST_DAY or day.year > today.year + FURTHEST_YEARS:
        raise Invalid(
            f"生效日期{day}不合情理，请写{EARLIEST_DAY.year}年以后、{FURTHEST_YEARS}年以内的日子。",
            code="implausible-date",
        )
    return day


def standing_unit(directory: Directory, unit: UnitId, on: date, what: str) -> Unit:
    """The unit where it is known and not closed on ``on``, whatever is planned for later.

    Raises Invalid ``unknown-unit`` or ``unit-closed``.
    """
    known = directory.units.get(unit)
    if known is None or not known.names:
        raise Invalid(
            f"{what}“{unit[:60]}”不在单位名录里，请从名录中选择，或先登记这个单位。", code="unknown-unit"
        )
    if known.closed(on):
        after = (
            f"，请改选承接单位“{directory.unit_name(known.successor, on)}”"
            if known.successor
            else "，请改选别的单位"
        )
        raise Invalid(f"{what}“{known.name(on)}”已于{known.closed_on}撤销{after}。", code="unit-closed")
    return known


def already(sentence: str) -> Conflict:
    """The refusal where things are as asked for before anything is done."""
    return Conflict(sentence, code="already-so")


def normalised(name: str) -> str:
    """A name as it is compared: width, case and blanks make no difference."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def shown(name: str) -> str:
    """A name quoted in a sentence, cut short where it is long."""
    return f"“{name if len(name) <= 30 else name[:30] + '…'}”"


LONGEST_NAME = 100
LONGEST_EMAIL = 254
EARLIEST_DAY = date(1949, 1, 1)
FURTHEST_YEARS = 50
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
_PHONE = re.compile(r"\+?[0-9][0-9 ()\-,*#转]*")
