"""批注: said among insiders, on a stream of its own, never carried outside."""

from __future__ import annotations

import pytest

from events.matter.deciding import decide
from events.matter.noting import NoteWritten, WriteNote, is_insider
from events.matter.pressing import UrgeMatter
from events.refusals import Invalid, NotYours
from events.vocabulary import PersonId
from tests.spec.given import (
    ADMIN,
    AUDITOR,
    CLERK,
    HEAD,
    LEADER,
    LIAISON,
    VERIFIER,
    World,
    a_file,
    person,
    refused,
)

NOTE = WriteNote(text="该镇去年同类问题两次反弹，先不提处分", mentions=(person(LEADER),))


class TestNotes:
    def test_are_written_beside_the_matter(self) -> None:
        """批注写在事项之外的流里，事项本身一点不变；附件也不进佐证。"""
        w = World().rectifying()
        before = w.matter
        decision = w.seen(CLERK, paper=a_file(at=w.now))
        (draft,) = decide("note", NOTE, w.matter, decision).drafts
        assert draft.stream == f"notes-{w.current}"
        assert draft.fact == NoteWritten(
            text=NOTE.text, by=person(CLERK), mentions=NOTE.mentions, file=a_file(at=w.now)
        )
        assert w.matter == before

    @pytest.mark.parametrize("by", [LIAISON, VERIFIER, AUDITOR, ADMIN], ids=lambda who: who.name)
    def test_are_the_offices_and_the_leaders(self, by: object) -> None:
        """批注由督查室和领导写。"""
        with refused(NotYours):
            World().rectifying().do("note", NOTE, by)

    def test_mention_insiders_only(self) -> None:
        """只能提到看得到批注的人。"""
        w = World().rectifying()
        for stranger in (person(LIAISON), person(ADMIN), PersonId("nobody")):
            assert not is_insider(stranger, w.directory)
            with refused(Invalid, "not-insider"):
                w.do("note", WriteNote(text="请看", mentions=(stranger,)), CLERK)
        assert is_insider(person(AUDITOR), w.directory)
        with refused(Invalid, "blank-field"):
            w.do("note", WriteNote(text=" "), HEAD)

    @pytest.mark.parametrize(
        "text", ["另：该镇去年同类问题两次反弹，先不提处分。", "该镇去年同类问题 两次反弹；先不提处分"]
    )
    def test_are_not_quoted_in_a_letter(self, text: str) -> None:
        """对外的话里引了批注原文的，拒收；改了标点空格也认得出。"""
        w = World().rectifying()
        with refused(Invalid, "note-quoted"):
            w.do("urge", UrgeMatter(text=text), CLERK, notes=(NOTE.text,))
        w.do("urge", UrgeMatter(text="请抓紧"), CLERK, notes=(NOTE.text, "抓紧"))
