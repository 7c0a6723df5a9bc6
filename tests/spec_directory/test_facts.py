"""What is stored of the directory, the calendars, the letters and the record itself comes back as it was."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.calendars.facts import FACTS as CALENDAR_FACTS
from events.delivery import folding as letters
from events.delivery.facts import FACTS as DELIVERY_FACTS
from events.delivery.facts import LetterHandedOver, LetterRead, Outcome, letter_stream, masked
from events.directory.facts import FACTS as DIRECTORY_FACTS
from events.directory.facts import PersonRegistered, UnitRenamed
from events.directory.folding import CATEGORIES, apply, begin, evolve
from events.directory.state import Directory
from events.opening import facts as opening
from events.opening.facts import FACTS as OPENING_FACTS
from events.opening.facts import ClockAccepted, Mode, OpenedState, RecordOpened
from events.record.codec import Codec, Stored
from events.vocabulary import BEIJING, MatterId, PersonId, Role, UnitId, UserName
from tests.spec_directory.given import recorded_as

FACTS = (*DIRECTORY_FACTS, *CALENDAR_FACTS, *DELIVERY_FACTS, *OPENING_FACTS)
CODEC = Codec(FACTS)
AT = datetime(2026, 3, 2, 9, tzinfo=BEIJING)

for choice in (Role, Outcome, Mode):
    st.register_type_strategy(choice, st.sampled_from(list(choice)))
st.register_type_strategy(datetime, st.just(AT))


class TestStoring:
    @pytest.mark.parametrize("stored", FACTS, ids=lambda stored: stored.name)
    @given(data=st.data())
    def test_gives_back_what_was_stored(self, stored: Stored, data: st.DataObject) -> None:
        """每种事实存下去再读出来，一字不差。"""
        fact = data.draw(st.from_type(stored.type))
        body = CODEC.encode(fact)
        assert CODEC.decode(stored.name, stored.schema, body) == fact
        assert CODEC.encode(CODEC.decode(stored.name, stored.schema, body)) == body

    def test_keeps_the_stored_names(self) -> None:
        """事实的存储名称一经使用，不再更改。"""
        assert [stored.name for stored in CODEC.stored] == (
            "calendar-published clock-accepted delegation-ended duty-delegated letter-handed-over letter-printed "
            "letter-read letter-received letters-released numbers-continued person-changed person-left "
            "person-moved person-registered record-opened record-restored unit-closed unit-moved unit-registered unit-renamed "
            "user-created user-disabled user-enabled user-password-reset user-roles-set"
        ).split()

    def test_writes_days_as_days(self) -> None:
        """日期按年月日存，不带时刻。"""
        assert CODEC.encode(UnitRenamed(name="生态环境局", from_on=date(2026, 4, 1))) == (
            '{"name":"生态环境局","from_on":"2026-04-01"}'.encode()
        )

    def test_holds_no_secret(self) -> None:
        """没有哪种事实有密码一类的栏目。"""
        for stored in FACTS:
            assert not {"password", "secret", "token", "hash"} & set(stored.type.__dataclass_fields__)


class TestFolding:
    def test_folds_a_stream_and_the_whole_directory_alike(self) -> None:
        """单个人员和整个名录，从同样的事实得出同样的结果。"""
        fact = PersonRegistered(
            name="王五", unit=UnitId("u1"), from_on=date(2026, 3, 2), roles=(Role.VERIFIER,)
        )
        recorded = recorded_as(fact, "person-p1", position=7, version=1, at=AT)
        directory = Directory()
        apply(directory, recorded)
        assert directory.people == {"p1": evolve(begin("person-p1"), recorded)}
        assert directory.position == 7

    def test_leaves_other_streams_alone(self) -> None:
        """别的事实不影响名录。"""
        directory = Directory()
        apply(directory, recorded_as(object(), "matter-m1", position=7, version=1, at=AT))
        assert directory == Directory()
        with pytest.raises(KeyError):
            begin("matter-m1")
        assert {begin(f"{category}-x").version for category in CATEGORIES} == {0}


class TestLetters:
    def test_know_how_they_ended_and_when_they_were_read(self) -> None:
        """每封信记下结果，第一次打开的时刻为已阅。"""
        letter = letters.begin(letter_stream("l1"))
        facts = [
            LetterHandedOver(
                outcome=Outcome.SENT,
                rule="overdue",
                slot="2026-03-01",
                channel="email",
                matter=MatterId("m1"),
                holder=PersonId("p1"),
                address=masked("zhangsan@example.gov.cn"),
                message_id="<l1@example.gov.cn>",
            ),
            LetterRead(by=UserName("zhang")),
            LetterRead(by=UserName("li")),
        ]
        for version, fact in enumerate(facts, 1):
            letter = letters.evolve(
                letter, recorded_as(fact, "letter-l1", position=version, version=version, at=AT)
            )
        assert (letter.id, letter.outcome, letter.read_by, letter.version) == ("l1", Outcome.SENT, "zhang", 3)

    @pytest.mark.parametrize(
        ("address", "shown"),
        [
            ("zhangsan@x.gov.cn", "z***n@x.gov.cn"),
            ("ab@x.cn", "a***@x.cn"),
            ("a@x.cn", "a***@x.cn"),
            ("没有", "***"),
        ],
    )
    def test_keep_an_address_masked(self, address: str, shown: str) -> None:
        """记录里的邮箱地址中间遮住。"""
        assert masked(address) == shown


class TestOpening:
    def test_knows_the_mode_and_the_accepted_clock(self) -> None:
        """第一个事实写明是正式还是演练，认可时钟另记一笔。"""
        state = opening.begin("record")
        assert state == OpenedState()
        facts = [
            RecordOpened(mode=Mode.REHEARSAL, algorithm="sha256"),
            ClockAccepted(seen_at=AT, standing_at=None),
        ]
        for version, fact in enumerate(facts, 1):
            state = opening.evolve(
                state, recorded_as(fact, "record", position=version, version=version, at=AT)
            )
        assert state == OpenedState(
            mode=Mode.REHEARSAL, algorithm="sha256", opened_at=AT, clock_accepted_at=AT, version=2
        )
