"""令牌: whose it is, and that one which was ended opens nothing."""

from __future__ import annotations

from datetime import datetime

import pytest

from events.vocabulary import UserName
from service.storage import accounts as storage
from tests.service.given import Office, moment


def test_an_ended_token_opens_nothing_at_once(office: Office) -> None:
    """账号一停用，令牌在本进程里当下就不能用；刚用过的也一样。"""
    assert office.runtime is not None
    known, clerk = office.runtime.accounts, UserName("clerk")
    secret = known.make_token(clerk, datetime.fromisoformat(moment("2008-03-03")))
    assert [known.token_user(secret), known.token_user(secret)] == [clerk, clerk]
    known.end_everything(clerk)
    assert known.token_user(secret) is None


def test_a_token_ended_elsewhere_passes_for_a_moment_at_most(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """别的进程停用的，过了那一小会儿再来就不认了；没有的令牌从不记住。"""
    assert office.runtime is not None
    known, clerk = office.runtime.accounts, UserName("clerk")
    assert known.token_user("duban_nothing") is None
    secret = known.make_token(clerk, datetime.fromisoformat(moment("2008-03-03")))
    assert known.token_user(secret) == clerk
    elsewhere = storage.Accounts(database=known.database, idle=known.idle, longest=known.longest)
    elsewhere.end_everything(clerk)
    now = storage.time.monotonic()
    monkeypatch.setattr(storage.time, "monotonic", lambda: now + storage.A_MOMENT)
    assert known.token_user(secret) is None


def test_no_more_tokens_are_remembered_than_there_is_room_for(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """记住的令牌有个数，满了从头记起，不会越积越多。"""
    assert office.runtime is not None
    monkeypatch.setattr(storage, "MOST_SEEN", 2)
    known, at = office.runtime.accounts, datetime.fromisoformat(moment("2008-03-03"))
    known.tokens_seen.clear()
    for secret in [known.make_token(UserName("clerk"), at) for _ in range(5)]:
        assert known.token_user(secret) == UserName("clerk")
    assert len(known.tokens_seen) <= 2
