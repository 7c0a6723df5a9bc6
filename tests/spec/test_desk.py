"""经办与交接: whose desk a matter is on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from events.matter.desk import HandOver, MarkKeyCase
from events.refusals import Conflict, Invalid, NotYours, WrongStage
from events.vocabulary import PersonId
from tests.spec.given import CLERK, HEAD, LIAISON, OTHER_HEAD, World, hire, person, refused


class TestTheDesk:
    def test_is_that_of_who_registers(self) -> None:
        """谁立项谁经办；立项时也可以写明由谁经办。"""
        assert World().registered().matter.handler == person(CLERK)
        assert World().registered(handler=person(HEAD)).matter.handler == person(HEAD)
        with refused(Invalid, "not-office"):
            World().registered(handler=person(LIAISON))

    def test_goes_to_a_colleague(self) -> None:
        """经办可以交接给督查室的同事。"""
        w = World().rectifying()
        w.do("hand-over", HandOver(to=person(HEAD)), CLERK)
        assert (w.matter.handler, w.facts[-1].from_person) == (person(HEAD), person(CLERK))
        with refused(Conflict, "already-so"):
            w.do("hand-over", HandOver(to=person(HEAD)), CLERK)
        with refused(NotYours):
            w.do("hand-over", HandOver(to=person(CLERK)), LIAISON)
        with refused(WrongStage):
            World().closed().do("hand-over", HandOver(to=person(HEAD)), CLERK)

    @pytest.mark.parametrize(("to", "code"), [(person(LIAISON), "not-office"), ("nobody", "unknown-person")])
    def test_does_not_go_to_a_stranger(self, to: str, code: str) -> None:
        """不能交给督查室以外的人。"""
        with refused(Invalid, code):
            World().registered().do("hand-over", HandOver(to=PersonId(to)), CLERK)

    def test_does_not_go_to_who_left(self) -> None:
        """不能交给已经离任的人。"""
        w = World().registered()
        hire(w.directory, OTHER_HEAD)
        gone = w.directory.people[person(OTHER_HEAD)]
        w.directory.people[gone.id] = replace(gone, left_on=date(2026, 3, 1))
        with refused(Invalid, "person-left"):
            w.do("hand-over", HandOver(to=gone.id), CLERK)

    def test_of_a_key_case_changes_with_a_reason(self) -> None:
        """专人督办的件，换经办人要写理由；由督查室负责人定。"""
        w = World().registered()
        with refused(NotYours):
            w.do("mark-key-case", MarkKeyCase(reason="影响面广"), CLERK)
        w.do("mark-key-case", MarkKeyCase(reason="影响面广"), HEAD)
        with refused(Conflict, "already-so"):
            w.do("mark-key-case", MarkKeyCase(reason="影响面广"), HEAD)
        with refused(Invalid, "blank-field"):
            w.do("hand-over", HandOver(to=person(HEAD)), CLERK)
        w.do("hand-over", HandOver(to=person(HEAD), reason="挂职"), CLERK)
        w.do("mark-key-case", MarkKeyCase(key_case=False, reason="已平息"), HEAD)
        w.do("hand-over", HandOver(to=person(CLERK)), HEAD)
