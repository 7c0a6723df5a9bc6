"""The one door to a decision about a matter: who, when, which stage, what else; then the verb's own rules."""

from __future__ import annotations

from dataclasses import replace

from events.matter.acting import Command
from events.matter.assigning import decided_by_another
from events.matter.authority import BY_UNIT, Who, handled, helping_unit, role_for, scheduled
from events.matter.branching import told_upward
from events.matter.checking import refuse_bad_texts
from events.matter.evidencing import AttachEvidence, paper_attached
from events.matter.late_entry import by_telephone, stated_moment, with_effect
from events.matter.noting import WriteNote, refuse_quoting
from events.matter.permission import Permission
from events.matter.permitted import BY_STAGE, MACHINE, PERMITTED, REGISTER, MachineCommand
from events.matter.permitted_within import ON_A_SPLIT
from events.matter.standing_in import for_the_handler, principals
from events.matter.state import Matter
from events.matter.surroundings import Surroundings
from events.record.envelope import CLOCK, Decision, Draft
from events.refusals import NotYours, Refusal, WrongStage
from events.vocabulary import Role, Stage, UnitId


def decide(name: str, command: Command, matter: Matter, seen: Surroundings) -> Decision:
    """What the command makes fact, under which role.

    Raises, in this order: NotYours for who may not, WrongStage where the table has no such row, Invalid where a rule
    is broken. Raises KeyError for a name that is no command.
    """
    if name in MACHINE:
        return _by_clock(MACHINE[name], command, matter, seen)
    row = REGISTER if name == REGISTER.name else PERMITTED[name]
    role, seen = admitted(row, matter, seen)
    file_name = seen.paper.name if seen.paper is not None else None
    refuse_bad_texts(command, basis=seen.basis, file_name=file_name)
    if seen.caller is not None:
        command = by_telephone(command, seen)
    seen = with_effect(row, role, command, matter, seen)
    if seen.notes and row.name != NOTE:
        refuse_quoting(command, seen.notes)
    for requirement in row.requires:
        requirement(matter, seen)
    decision = told_upward(row.decide(command, matter, seen), matter, seen)
    for_person = seen.standing_in.person if seen.standing_in is not None else None
    return _with_paper(decision, command, matter, seen).under(role, for_person)


def permitted(matter: Matter, seen: Surroundings) -> tuple[str, ...]:
    """The commands this actor may send now, in the table's order."""
    return tuple(row.name for row in BY_STAGE[matter.stage] if _admissible(row, matter, seen))


def permitted_on_behalf(matter: Matter, seen: Surroundings, unit: UnitId | None = None) -> tuple[str, ...]:
    """代录: the commands of the lead unit, or of the co-unit named, that the office may enter now from paper."""
    unit = unit or matter.lead_unit
    if unit is None or not seen.actor.is_office:
        return ()
    standing_in = replace(seen, on_behalf_of=unit)
    helps = unit in matter.co_units
    rows = (
        row
        for row in BY_STAGE[matter.stage]
        if (row.who is Who.CO_UNIT if helps else row.who in BY_UNIT - {Who.CO_UNIT})
    )
    return tuple(row.name for row in rows if _admissible(row, matter, standing_in))


def admit(row: Permission, matter: Matter, seen: Surroundings) -> Role:
    """The role that admits the actor to a row, in his own name or another's; raises NotYours or WrongStage."""
    return admitted(row, matter, seen)[0]


def admitted(row: Permission, matter: Matter, seen: Surroundings) -> tuple[Role, Surroundings]:
    """As ``admit``, with the surroundings as the one sees them in whose name it is done."""
    if not seen.actor.stands_in:
        return _admit(row, matter, seen), seen
    try:
        role = _admit(row, matter, seen)
    except NotYours:
        for principal in principals(row, matter, seen):
            try:
                return _admit(row, matter, principal), principal
            except NotYours:
                continue
        raise
    return role, replace(seen, standing_in=for_the_handler(row, matter, seen))


def _admit(row: Permission, matter: Matter, seen: Surroundings) -> Role:
    """The role that admits the actor to a row in the matter's stage; raises NotYours or WrongStage."""
    role = role_for(row.who, matter, seen)
    if role is None:
        raise NotYours(_not_yours(row, matter, seen))
    if row.judges and handled(matter, seen):
        raise NotYours(
            f"您或您所在单位承办过本件，按回避规定不能办理“{_label(row, matter, seen)}”；请由其他人办理。"
        )
    if row is not REGISTER:
        _refuse_stage(row, matter, seen)
    if row.who is Who.SCHEDULED_VERIFIER and not scheduled(matter, seen):
        verifier = seen.directory.person_name(matter.verifier)
        raise NotYours(f"本件指定由{verifier}核查；请由其本人办理，需要换人请督查室重新派人核查。")
    if (
        matter.stage is Stage.OBJECTED
        and row.name == DECIDE_OBJECTION
        and not decided_by_another(matter, seen)
    ):
        raise NotYours("本件是您交办的，异议应由另一位督查室负责人裁定；请转请其办理。")
    return role


def _refuse_stage(row: Permission, matter: Matter, seen: Surroundings) -> None:
    procedure = seen.procedure(matter.kind)
    if matter.branches and row.name not in ON_A_SPLIT:
        raise WrongStage(
            f"本件已分办成{len(matter.branches)}份，“{_label(row, matter, seen)}”要对各份分别办理；请打开其中一份。"
        )
    if row.leader_round and not procedure.leader_round:
        raise WrongStage(
            f"“{_label(row, matter, seen)}”只用于领导批示件，本件是{procedure.label}；请直接按本类流程办理。"
        )
    if matter.stage in row.stages:
        return
    stands = matter.stage.label_for(procedure.wording)
    stages = "、".join(s.label_for(procedure.wording) for s in Stage if s in row.stages)
    raise WrongStage(
        f"本件现为“{stands}”，“{_label(row, matter, seen)}”只能在“{stages}”时办理；{_what_next(matter, seen)}"
    )


def _what_next(matter: Matter, seen: Surroundings) -> str:
    wording = seen.procedure(matter.kind).wording
    acts = "、".join(PERMITTED[name].label_for(wording) for name in permitted(matter, seen))
    return f"您现在可以：{acts}。" if acts else "请刷新页面，查看最新情况。"


def _not_yours(row: Permission, matter: Matter, seen: Surroundings) -> str:
    label = _label(row, matter, seen)
    if row.who not in BY_UNIT:
        return f"“{label}”由{row.who.label}办理，您不在其列；请转请其办理。"
    if row.who is Who.CO_UNIT:
        units = "、".join(seen.directory.unit_name(unit, seen.today) for unit in matter.co_units)
        return f"“{label}”由{row.who.label}（{units or '本件没有'}）办理，您不在其列；请由其办理。"
    unit = seen.directory.unit_name(matter.lead_unit, seen.today) or "尚未交办"
    if helping_unit(matter, seen) is not None:
        return f"“{label}”由牵头单位（{unit}）办理，您单位是配合单位；请办“配合签收”或“提意见”。"
    return f"“{label}”由{row.who.label}（{unit}）办理，您不在其列；请由其办理，督查室代录须注明代谁录入。"


def _label(row: Permission, matter: Matter, seen: Surroundings) -> str:
    return row.label_for(seen.procedure(matter.kind).wording)


def _admissible(row: Permission, matter: Matter, seen: Surroundings) -> bool:
    try:
        _, seen = admitted(row, matter, seen)
        for requirement in row.requires:
            requirement(matter, seen)
    except Refusal:
        return False
    return True


def _by_clock(machine: MachineCommand, command: Command, matter: Matter, seen: Surroundings) -> Decision:
    if seen.actor.user != CLOCK.user:
        raise NotYours(f"“{machine.label}”只由时钟规则发出，人不能办理；要催促请用催办。")
    return machine.decide(command, matter, seen)


def _with_paper(decision: Decision, command: Command, matter: Matter, seen: Surroundings) -> Decision:
    """The decision with its stated moment, and the paper that came along as evidence before the act."""
    occurred_at = stated_moment(seen)
    attached = None if isinstance(command, AttachEvidence | WriteNote) else paper_attached(seen)
    if attached is None and occurred_at is None:
        return decision
    drafts = tuple(replace(draft, occurred_at=occurred_at) for draft in decision.drafts)
    if attached is None:
        return replace(decision, drafts=drafts)
    paper = Draft(stream=matter.stream, fact=attached)
    if matter.version == 0:  # a stream begins with its registration
        return replace(decision, drafts=(*drafts, paper))
    numbers = tuple(replace(wish, draft=wish.draft + 1) for wish in decision.numbers)
    return replace(decision, drafts=(paper, *drafts), numbers=numbers)


NOTE = "note"
DECIDE_OBJECTION = "decide-objection"
