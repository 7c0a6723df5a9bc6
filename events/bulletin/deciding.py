"""The one door to a decision about a bulletin: who, which stage; then the verb's own rules."""

from __future__ import annotations

from dataclasses import replace

from events.bulletin.acting import Command
from events.bulletin.issuing import receiving_unit
from events.bulletin.permitted import DRAFT, NUMBER, PERMITTED, Permission, Who, rows_in
from events.bulletin.signing import is_administrative_head, signing_unit
from events.bulletin.state import Bulletin, BulletinStage
from events.bulletin.surroundings import Surroundings
from events.matter.checking import refuse_bad_texts
from events.record.envelope import CLOCK, OPERATOR, Decision
from events.refusals import Invalid, NotYours, Refusal, WrongStage
from events.vocabulary import UNIT_ROLES, Role


def decide(name: str, command: Command, bulletin: Bulletin, seen: Surroundings) -> Decision:
    """What the command makes fact, under which role.

    Raises NotYours for who may not, WrongStage where the table has no such row, Invalid where a rule is broken.
    Raises KeyError for a name that is no command.
    """
    row = {DRAFT.name: DRAFT, NUMBER.name: NUMBER}.get(name) or PERMITTED[name]
    role = admit(row, bulletin, seen)
    if seen.file is not None and not row.paper:
        raise Invalid(
            f"“{row.label}”不带附件；去掉附件再提交，要留的话写在说明里。", code="no-file", field="file"
        )
    refuse_bad_texts(command, basis=seen.basis, file_name=seen.file.name if seen.file is not None else None)
    return replace(row.decide(command, bulletin, seen), role=role)


def permitted(bulletin: Bulletin, seen: Surroundings) -> tuple[str, ...]:
    """The commands this actor may send now, in the table's order."""
    return tuple(row.name for row in rows_in(bulletin.stage) if _open(row, bulletin, seen))


def admit(row: Permission, bulletin: Bulletin, seen: Surroundings) -> Role | None:
    """The role that admits the actor to a row in the bulletin's stage; None for the clock and the operator.

    Raises NotYours or WrongStage.
    """
    _refuse_wrong_behalf(row, bulletin, seen)
    if seen.actor.user in (CLOCK.user, OPERATOR.user) and row is DRAFT:
        return None
    role = role_for(row.who, bulletin, seen)
    if role is None:
        raise NotYours(_not_yours(row, bulletin))
    if row is not DRAFT and bulletin.stage not in row.stages:
        raise WrongStage(_wrong_stage(row, bulletin, seen))
    return role


def role_for(who: Who, bulletin: Bulletin, seen: Surroundings) -> Role | None:
    """The role under which the actor is admitted; None where the actor is not of these persons at all."""
    roles = seen.actor.roles
    office = next((role for role in (Role.OFFICE_HEAD, Role.OFFICE_CLERK) if role in roles), None)
    head = Role.OFFICE_HEAD if Role.OFFICE_HEAD in roles else None
    leader = Role.LEADER if Role.LEADER in roles else None
    chief = leader if leader is not None and is_administrative_head(seen) else None
    match who:
        case Who.OFFICE:
            return office
        case Who.OFFICE_HEAD:
            return head
        case Who.SIGNER | Who.NAMING:
            return chief or head
        case Who.PUBLISHER:
            return office or chief
        case Who.REVIEWER:
            return head or leader
        case Who.CO_SIGNER:
            return _co_signer(bulletin, seen, office, leader)
        case Who.ADDRESSEE:
            return _addressee(bulletin, seen, office)


def _co_signer(
    bulletin: Bulletin, seen: Surroundings, office: Role | None, leader: Role | None
) -> Role | None:
    if seen.on_behalf_of is not None:
        return office
    if Role.UNIT_HEAD in seen.actor.roles and signing_unit(bulletin, seen) is not None:
        return Role.UNIT_HEAD
    return leader


def _addressee(bulletin: Bulletin, seen: Surroundings, office: Role | None) -> Role | None:
    if seen.on_behalf_of is not None:
        return office
    held = seen.actor.roles & UNIT_ROLES
    if not held or receiving_unit(bulletin, seen) is None:
        return None
    return Role.UNIT_HEAD if Role.UNIT_HEAD in held else Role.UNIT_LIAISON


def _refuse_wrong_behalf(row: Permission, bulletin: Bulletin, seen: Surroundings) -> None:
    if seen.on_behalf_of is None:
        return
    if row.who is Who.CO_SIGNER and seen.on_behalf_of in bulletin.co_signers:
        return
    if row.who is Who.ADDRESSEE and receiving_unit(bulletin, seen) is not None:
        return
    name = seen.directory.unit_name(seen.on_behalf_of, seen.today)
    if row.who in (Who.CO_SIGNER, Who.ADDRESSEE):
        what = "会签" if row.who is Who.CO_SIGNER else "收文"
        raise Invalid(
            f"{name}不在这份通报的{what}单位之列，不能代录；改正代录单位再提交。", code="not-on-behalf"
        )
    raise Invalid(f"“{row.label}”不是单位的事，不能代录；去掉代录单位再提交。", code="not-on-behalf")


def _not_yours(row: Permission, bulletin: Bulletin) -> str:
    if row.who is Who.ADDRESSEE and bulletin.stage is BulletinStage.ISSUED:
        return "签收由收文单位的联络员或负责人自己办，不能替别的单位签收；请转请收文单位办理。"
    return f"“{row.label}”由{row.who.label}办理，您不在其列；请转请其办理。"


def _wrong_stage(row: Permission, bulletin: Bulletin, seen: Surroundings) -> str:
    stages = "、".join(stage.label for stage in BulletinStage if stage in row.stages)
    acts = "、".join(PERMITTED[name].label for name in permitted(bulletin, seen))
    then = f"您现在可以：{acts}。" if acts else "刷新页面看最新情况。"
    return f"这份通报现为“{bulletin.stage.label}”，“{row.label}”只能在“{stages}”时办理；{then}"


def _open(row: Permission, bulletin: Bulletin, seen: Surroundings) -> bool:
    try:
        admit(row, bulletin, seen)
        _refuse_done(row, bulletin, seen)
    except Refusal:
        return False
    return True


def _refuse_done(row: Permission, bulletin: Bulletin, seen: Surroundings) -> None:
    """What the decision itself would refuse as done already; asked for buttons only."""
    done = {
        "approve-naming": bulletin.naming_settled,
        "sign": bool(bulletin.waiting_co_signers) or not bulletin.naming_settled,
        "co-sign": any(one.by == seen.actor.user for one in bulletin.co_signatures)
        or (signing_unit(bulletin, seen) or "") in {one.unit for one in bulletin.co_signatures},
        "acknowledge": (receiving_unit(bulletin, seen) or "") in {one.unit for one in bulletin.receipts},
    }
    if done.get(row.name, False):
        raise WrongStage(f"“{row.label}”已经办过，或还缺别的一步。")
