"""Which fact of a bulletin tells whom: a pure function from one change to the letters it causes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Protocol

from events.bulletin import drafting, ending, issuing, signing
from events.bulletin.state import Bulletin, BulletinStage
from events.directory.state import Directory
from events.record.envelope import Recorded
from events.vocabulary import MatterId, Role, UnitId
from notifications.policy import BOTH, Channel, Letter, Told
from notifications.posts import LEADERS, OFFICE_CLERKS, OFFICE_HEADS, Post, Posts, head_of


class Change(Protocol):
    """One fact of a bulletin with the bulletin before (None: it began here) and after it."""

    @property
    def before(self) -> Bulletin | None: ...
    @property
    def after(self) -> Bulletin: ...
    @property
    def recorded(self) -> Recorded: ...


Telling = Callable[[Change, Posts], Iterable[Told]]


def letters_of_bulletin(change: Change, posts: Posts) -> tuple[Letter, ...]:
    """The letters a fact causes, each addressee once."""
    telling = TELLINGS.get(type(change.recorded.fact))
    if telling is None:
        return ()
    once = {(told.rule, told.post.key): told for told in reversed(tuple(telling(change, posts)))}
    return tuple(
        Letter(
            matter=MatterId(""),
            bulletin=change.after.id,
            rule=told.rule,
            slot=_slot(change.recorded),
            post=told.post,
            channel=channel,
            copy=told.copy,
        )
        for told in reversed(once.values())
        for channel in told.channels
    )


def overtaken_bulletin(rule: str, post: Post, now: Bulletin) -> bool:
    """Whether a waiting letter is no longer worth sending: the bulletin has left what it speaks of."""
    match rule:
        case "bulletin-drafted" | "bulletin-returned":
            return now.stage is not BulletinStage.DRAFTED
        case "bulletin-to-sign":
            return now.stage is not BulletinStage.CHECKED
        case "bulletin-co-sign":
            return now.stage is not BulletinStage.CHECKED or post.unit not in now.waiting_co_signers
        case "bulletin-signed":
            return now.stage is not BulletinStage.SIGNED
        case "bulletin-issued":
            return now.stage is BulletinStage.WITHDRAWN
        case "bulletin-unreceived":
            owing = {one.unit for one in now.unreceived}
            return now.stage is not BulletinStage.ISSUED or (post.unit is not None and post.unit not in owing)
        case _:
            return False


def _slot(recorded: Recorded) -> str:
    fact = recorded.fact
    if isinstance(fact, issuing.AcknowledgementReminded):
        return fact.slot.isoformat()
    return f"p{recorded.version}"


def _drafted(change: Change, posts: Posts) -> Iterator[Told]:  # noqa: ARG001 - the shape of a telling
    yield Told(rule="bulletin-drafted", post=OFFICE_CLERKS, channels=(Channel.INBOX,))


def _checked(change: Change, posts: Posts) -> Iterator[Told]:
    fact: signing.NumbersChecked = change.recorded.fact
    yield Told(rule="bulletin-to-sign", post=OFFICE_HEADS)
    yield from (Told(rule="bulletin-to-sign", post=post) for post in administrative_heads(posts.directory))
    for unit in fact.co_signers:
        yield Told(rule="bulletin-co-sign", post=head_of(unit))


def _returned(change: Change, posts: Posts) -> Iterator[Told]:  # noqa: ARG001
    yield Told(rule="bulletin-returned", post=OFFICE_CLERKS)


def _signed(change: Change, posts: Posts) -> Iterator[Told]:  # noqa: ARG001
    yield Told(rule="bulletin-signed", post=OFFICE_CLERKS, channels=(Channel.INBOX,))


def _issued(change: Change, posts: Posts) -> Iterator[Told]:
    fact: issuing.BulletinIssued = change.recorded.fact
    for one in fact.addressees:
        yield from (Told(rule="bulletin-issued", post=post) for post in posts.unit(one.unit))
    yield Told(rule="bulletin-issued", post=LEADERS, copy=True)
    yield from (Told(rule="leader-list", post=Post(person=one.leader)) for one in fact.leader_lists)


def _reminded(change: Change, posts: Posts) -> Iterator[Told]:
    fact: issuing.AcknowledgementReminded = change.recorded.fact
    for unit in fact.units:
        yield from (Told(rule="bulletin-unreceived", post=post) for post in posts.liaison_and_head(unit))
    yield Told(rule="bulletin-unreceived", post=OFFICE_CLERKS, copy=True, channels=(Channel.INBOX,))


def _withdrawn(change: Change, posts: Posts) -> Iterator[Told]:
    for one in change.after.addressees:
        yield from (Told(rule="bulletin-withdrawn", post=post) for post in posts.unit(one.unit))
    channels = BOTH if change.after.addressees else (Channel.INBOX,)
    yield Told(rule="bulletin-withdrawn", post=OFFICE_CLERKS, copy=True, channels=channels)


def administrative_heads(directory: Directory) -> Iterator[Post]:
    """The 行政首长, as persons: the mark is a person's, not a post's."""
    for person in sorted(directory.people.values(), key=lambda one: one.id):
        if person.administrative_head:
            yield Post(person=person.id)


def speaks_to_unit(post: Post) -> UnitId | None:
    """The unit whose post it is; None for the office, a leader, a person."""
    return post.unit if post.role in (Role.UNIT_HEAD, Role.UNIT_LIAISON) else None


TELLINGS: Mapping[type[Any], Telling] = {
    drafting.BulletinDrafted: _drafted,
    signing.NumbersChecked: _checked,
    signing.BulletinReturned: _returned,
    signing.BulletinSigned: _signed,
    issuing.BulletinIssued: _issued,
    issuing.AcknowledgementReminded: _reminded,
    ending.BulletinWithdrawn: _withdrawn,
}
"""Fact → who is told. The other facts are seen on the bulletin's page."""
