"""来信人: noted without a name in the fact, erased for good."""

from __future__ import annotations

import pytest

from events.matter.petitioning import ErasePetitioner, NotePetitioner
from events.refusals import Conflict, Invalid, NotYours, WrongStage
from events.vocabulary import PetitionerId, PetitionerKind
from tests.spec.given import CLERK, HEAD, LIAISON, World, refused

WHO = PetitionerId("1" * 32)
SEALED = (WHO, "6L+Z5piv5a+G5paH")


def noted(world: World) -> World:
    world.do("note-petitioner", NotePetitioner(name="邵长庚", phone="0571-8800 1234"), CLERK, sealed=SEALED)
    return world


class TestNoting:
    def test_keeps_the_sealed_text_alone(self) -> None:
        """登记来信人：事实里只有密文，没有姓名电话；经过里也不说。"""
        w = noted(World().registered())
        fact = w.facts[-1]
        assert (fact.petitioner, fact.sealed) == SEALED
        assert fact.kind is PetitionerKind.PETITIONER
        assert "邵长庚" not in repr(w.facts)
        assert [one.id for one in w.matter.petitioners] == [WHO]

    @pytest.mark.parametrize(
        ("name", "phone", "code"),
        [
            (" ", None, "blank-field"),
            ("名" * 41, None, "too-long"),
            ("邵长庚", "八八零零", "bad-phone"),
            ("邵长庚", "12", "bad-phone"),
        ],
    )
    def test_refuses_what_is_no_name_or_phone(self, name: str, phone: str | None, code: str) -> None:
        """空名、过长的名、不是号码的电话，各有一句话。"""
        with refused(Invalid, code):
            World().registered().do(
                "note-petitioner", NotePetitioner(name=name, phone=phone), CLERK, sealed=SEALED
            )

    def test_is_the_offices(self) -> None:
        """由督查室登记，责任单位不行；不认识的来信人编号要说清；了结后不再登记。"""
        with refused(NotYours):
            World().rectifying().do("note-petitioner", NotePetitioner(name="邵长庚"), LIAISON, sealed=SEALED)
        with refused(Invalid, "unknown-petitioner"):
            World().registered().do("note-petitioner", NotePetitioner(name="邵长庚", petitioner=WHO), CLERK)
        with refused(WrongStage):
            World().closed().do("note-petitioner", NotePetitioner(name="邵长庚"), CLERK, sealed=SEALED)


class TestErasing:
    def test_is_said_for_good(self) -> None:
        """销毁由督查室负责人办，写明理由，了结后也能办；再办一次、没有登记过，都说清。"""
        w = noted(World().registered())
        with refused(NotYours):
            w.do("erase-petitioner", ErasePetitioner(petitioner=WHO, reason="本人要求"), CLERK)
        with refused(Invalid, "unknown-petitioner"):
            w.do("erase-petitioner", ErasePetitioner(petitioner=PetitionerId("x"), reason="本人要求"), HEAD)
        with refused(Invalid, "blank-field"):
            w.do("erase-petitioner", ErasePetitioner(petitioner=WHO, reason=" "), HEAD)
        w.do("erase-petitioner", ErasePetitioner(petitioner=WHO, reason="本人要求"), HEAD)
        assert w.matter.petitioners[0].erased_at is not None
        with refused(Conflict, "no-petitioner"):
            w.do("erase-petitioner", ErasePetitioner(petitioner=WHO, reason="本人要求"), HEAD)
        with refused(Conflict, "no-petitioner"):
            World().registered().do(
                "erase-petitioner", ErasePetitioner(petitioner=WHO, reason="本人要求"), HEAD
            )
