"""Lives in which every fact of a matter happens."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from events.matter import assigning as a
from events.matter import ending
from events.matter.circulating import Naming, NoteNaming
from events.matter.closing import ReopenMatter
from events.matter.linking import LinkMatter, UnlinkMatter
from events.matter.links import Relation
from events.matter.registering import RegisterMatter
from events.matter.splitting import PartGiven, SplitMatter
from events.record.envelope import CLOCK
from events.rules.calendar import shipped_years
from events.rules.procedures import PRESETS
from events.vocabulary import UNIT_ROLES, BulletinId, MatterId
from tests.projections.office import REPORTED, VERIFIED, Office
from tests.projections.staff import CLERK, HEAD, LEADER, LIAISON, STAFF, TOWNS, VERIFIERS

YEAR_2010 = next(year for year in shipped_years() if year.year == 2010)

NAMED = NoteNaming(
    bulletin=BulletinId("b1"),
    title="关于2008年3月份督办事项办理情况的通报",
    document_no="云督〔2008〕6号",
    issue_no="2008-00003",
    why=Naming.PROBLEM,
)


def every_fact(office: Office) -> None:
    """Lives in which every fact of a matter happens, with days going by."""
    _the_long_way(office)
    objected = office.assigned()
    office.step(objected, "object", LIAISON)
    office.do(
        objected,
        "decide-objection",
        a.DecideObjection(upheld=True, to_unit=TOWNS[1], due_on=office.today),
        HEAD,
    )
    office.later(days=9)
    office.tick()
    office.do(objected, "note-naming", NAMED, CLOCK)
    office.step(objected, "reassign", CLERK)
    instructed = office.reviewed("leader_instruction")
    office.steps(
        instructed, ("submit-to-leader", CLERK), ("leader-acknowledge", LEADER), ("instruct-again", LEADER)
    )
    relapsed = office.reviewed()
    office.steps(relapsed, ("approve-write-off", HEAD), ("find-relapse", CLERK))
    waiting = office.assigned()
    office.steps(waiting, ("acknowledge", LIAISON), *REPORTED)
    office.steps(office.assigned(), ("acknowledge", LIAISON), ("request-support", LIAISON))
    office.later(days=30)
    office.tick()
    office.step(office.register(), "cancel", HEAD)
    office.step(office.register(), "transfer", HEAD)
    merged = office.register()
    office.do(merged, "merge", ending.MergeMatter(into=waiting), CLERK)
    linked = office.assigned()
    office.do(linked, "link", LinkMatter(to=waiting, relation=Relation.REPEATS), CLERK)
    office.do(waiting, "unlink", UnlinkMatter(to=linked, reason="不相干"), CLERK)
    _taken_back(office, merged)
    _shared(office)
    _approved(office)
    office.assigned(time_limit="600个工作日内")
    office.publish(YEAR_2010)
    office.tick()


def _the_long_way(office: Office) -> None:
    matter = office.register(kind="rectification")
    office.step(matter, "amend", CLERK)
    due_on = office.today + timedelta(days=10)
    office.do(matter, "assign", office.some_assignment(due_on=due_on), CLERK)
    office.step(matter, "object", LIAISON)
    office.do(matter, "decide-objection", a.DecideObjection(upheld=False), HEAD)
    plan = (
        ("acknowledge", LIAISON),
        ("submit-plan", LIAISON),
        ("return-plan", CLERK),
        ("submit-plan", LIAISON),
    )
    work = (("approve-plan", CLERK), ("report-progress", LIAISON), ("urge", CLERK))
    help_ = (("request-support", LIAISON), ("answer-support", CLERK))
    office.steps(matter, *plan, *work, *help_)
    first = office.store.stream(f"matter-{matter}")[0].position
    office.step(matter, "correct", HEAD, position=first, fields={"title": "更正后的标题"})
    until = office.today + timedelta(days=30)
    office.step(matter, "request-extension", LIAISON, until=until)
    office.step(matter, "refuse-extension", HEAD)
    office.step(matter, "request-extension", LIAISON, until=until)
    office.step(matter, "grant-extension", HEAD, until=until)
    office.later(days=28)
    office.tick()
    office.step(matter, "suspend", HEAD)
    office.later(days=3)
    office.step(matter, "resume", HEAD)
    office.steps(matter, *REPORTED, ("return-completion", CLERK), *REPORTED)
    office.steps(
        matter, ("schedule-verification", CLERK), ("fail-verification", VERIFIERS[0]), *REPORTED, *VERIFIED
    )
    office.steps(matter, ("reject-write-off", HEAD), *REPORTED, *VERIFIED, ("approve-write-off", HEAD))
    office.steps(matter, ("reopen", HEAD), ("approve-write-off", HEAD))
    office.step(matter, "select-look-back", CLERK, due_on=office.today + timedelta(days=5))
    office.later(days=6)
    office.tick()
    office.step(matter, "pass-look-back", VERIFIERS[1])


def _taken_back(office: Office, merged: MatterId) -> None:
    """Merged, assigned and attached by mistake, each answered by a fact that names it."""
    others = {state.id: state for state in office.states()}
    office.do(merged, "reopen", ReopenMatter(reason="并错"), HEAD, others=others)
    wrong = office.assigned()
    office.step(wrong, "attach-evidence", CLERK)
    office.step(wrong, "withdraw-evidence", CLERK)
    office.step(wrong, "recall-assignment", CLERK)
    office.step(wrong, "instruct", LEADER)


def _shared(office: Office) -> None:
    """Split, with parts that end and go on; co-units; another desk."""
    whole = office.register()
    parts = tuple(PartGiven(lead_unit=unit) for unit in TOWNS[:2])
    due_on = office.today + timedelta(days=9)
    office.do(whole, "split", SplitMatter(parts=parts, due_on=due_on, quality_requirement="达标"), CLERK)
    for part in office.states()[-2:]:
        others = {state.id: state for state in office.states()}
        office.do(part.id, "cancel", ending.CancelMatter(reason="重复"), HEAD, others=others)
    others = {state.id: state for state in office.states()}
    office.do(office.matters[-1], "reopen", ReopenMatter(reason="撤错"), HEAD, others=others)
    helped = office.assigned(co_units=TOWNS[1:2], co_time_limit="5日内")
    office.step(helped, "note-petitioner", CLERK)
    office.step(helped, "erase-petitioner", HEAD)
    office.step(helped, "mark-key-case", HEAD, key_case=True)
    office.step(helped, "hand-over", CLERK, to=HEAD.person)
    office.step(helped, "acknowledge", LIAISON)
    helper = next(one for one in STAFF if one.unit == TOWNS[1] and one.roles & UNIT_ROLES)
    for name in ("acknowledge-helping", "give-opinion", "co-sign"):
        procedures = {"immediate": replace(PRESETS["immediate"], co_sign=True)}
        office.act_as(helped, name, helper, procedures=procedures)
    office.step(helped, "ask-opinion", LIAISON)
    office.later(days=8)
    office.tick()


def _approved(office: Office) -> None:
    """Proposed, sent back, proposed again, approved."""
    careful = {
        "procedures": {**PRESETS, "immediate": replace(PRESETS["immediate"], registration_approval=True)}
    }
    matter = MatterId("careful")
    values = {"title": "审批件", "kind": "immediate", "source": "督查", "problem": "垃圾"}
    office.do(matter, "register", RegisterMatter(**values), CLERK, **careful)
    for name, by in (
        ("reject-registration", HEAD),
        ("amend", CLERK),
        ("submit-handling-proposal", CLERK),
        ("return-handling-proposal", HEAD),
        ("submit-handling-proposal", CLERK),
        ("approve-registration", LEADER),
    ):
        office.step(matter, name, by)
