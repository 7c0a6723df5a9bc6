"""Which fact tells whom: a pure function from one change of a matter to the letters it causes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple, Protocol

from events.matter import (
    approving,
    assigning,
    closing,
    correcting,
    ending,
    extending,
    helping,
    leading,
    looking_back,
    pressing,
    rectifying,
    reporting,
    splitting,
    suspending,
    verifying,
    withdrawing,
)
from events.matter.state import Matter
from events.record.envelope import Recorded
from events.vocabulary import OFFICE, BulletinId, Labelled, MatterId
from notifications.posts import LEADERS, OFFICE_CLERKS, OFFICE_HEADS, Post, Posts

HEAD_FROM_DAYS_LATE = 3
"""From this rung on the unit's head is urged as well."""
OFFICE_FROM_DAYS_LATE = 7
"""From this rung on the 督查室 gets a copy."""


class Channel(Labelled):
    """The way a letter takes."""

    EMAIL = "email", "电子邮件"
    INBOX = "inbox", "站内信"


BOTH = (Channel.EMAIL, Channel.INBOX)


class Change(Protocol):
    """One fact of a matter with the matter before (None: it began here) and after it."""

    @property
    def before(self) -> Matter | None: ...
    @property
    def after(self) -> Matter: ...
    @property
    def recorded(self) -> Recorded: ...


class Letter(NamedTuple):
    """One letter by one channel. Matter or bulletin, rule, slot, post and channel are its natural key."""

    matter: MatterId
    rule: str
    slot: str
    """The rung's day; for an act ``p`` and the version of the matter it brought about."""
    post: Post
    channel: Channel
    copy: bool = False
    """抄送: told for information."""
    bulletin: BulletinId | None = None
    """The bulletin it is about; ``matter`` is empty then."""


class Told(NamedTuple):
    """One addressee of one fact."""

    rule: str
    post: Post
    copy: bool = False
    channels: tuple[Channel, ...] = BOTH


Telling = Callable[[Change, Posts], Iterable[Told]]


def letters_for(change: Change, posts: Posts) -> tuple[Letter, ...]:
    """The letters a fact causes, each addressee once. A fact nobody is told of causes none."""
    telling = TELLINGS.get(type(change.recorded.fact))
    if telling is None:
        return ()
    slot, matter = _slot(change.recorded), change.after.id
    once = {(told.rule, told.post.key): told for told in reversed(tuple(telling(change, posts)))}
    return tuple(
        Letter(matter=matter, rule=told.rule, slot=slot, post=told.post, channel=channel, copy=told.copy)
        for told in reversed(once.values())
        for channel in told.channels
    )


def _slot(recorded: Recorded) -> str:
    rung: date | None = getattr(recorded.fact, "slot", None)
    return rung.isoformat() if rung is not None else f"p{recorded.version}"


# -- tellings: one small function for each way of being told ---------------------------------------------------------


def _unit(rule: str) -> Telling:
    """The unit's liaison and head."""

    def telling(change: Change, posts: Posts) -> Iterator[Told]:
        if (unit := change.after.lead_unit) is not None:
            yield from (Told(rule=rule, post=post) for post in posts.unit(unit))

    return telling


def _liaison(rule: str) -> Telling:
    """The unit's liaison only."""

    def telling(change: Change, posts: Posts) -> Iterator[Told]:
        if (unit := change.after.lead_unit) is not None:
            yield Told(rule=rule, post=posts.liaison(unit))

    return telling


def _all_units(rule: str) -> Telling:
    """The lead unit, and its co-units for information: the whole matter comes to an end."""
    lead = _unit(rule)

    def telling(change: Change, posts: Posts) -> Iterator[Told]:
        yield from lead(change, posts)
        yield from (Told(rule=rule, post=posts.liaison(unit), copy=True) for unit in change.after.co_units)

    return telling


def _to(rule: str, *addressed: Post, channels: tuple[Channel, ...] = BOTH) -> Telling:
    """Fixed posts: clerks or heads of the 督查室, leaders."""

    def telling(_: Change, __: Posts) -> Iterator[Told]:
        yield from (Told(rule=rule, post=post, channels=channels) for post in addressed)

    return telling


def _with_verifier(rule: str) -> Telling:
    """The 督查室 and whoever verified: nobody of the unit hears of it."""

    def telling(change: Change, _: Posts) -> Iterator[Told]:
        yield Told(rule=rule, post=OFFICE_CLERKS)
        if change.after.verifier is not None:
            yield Told(rule=rule, post=Post(person=change.after.verifier))

    return telling


def _each(*tellings: Telling) -> Telling:
    def telling(change: Change, posts: Posts) -> Iterator[Told]:
        for one in tellings:
            yield from one(change, posts)

    return telling


def _assignment(rule: str) -> Telling:
    """The lead unit acts, co-units take part, and a unit that had it before has it no longer."""

    def telling(change: Change, posts: Posts) -> Iterator[Told]:
        lead = change.after.lead_unit
        if lead is None:
            return
        yield from (Told(rule=rule, post=post) for post in posts.unit(lead))
        for unit in change.after.co_units:
            yield Told(rule="co-assigned", post=posts.liaison(unit), copy=True)
        before = change.before.lead_unit if change.before is not None else None
        if before is not None and before != lead and rule == "reassigned":
            yield from (Told(rule="withdrawn", post=post) for post in posts.unit(before))

    return telling


def _upheld(change: Change, posts: Posts) -> Iterator[Told]:
    fact: assigning.ObjectionUpheld = change.recorded.fact
    if fact.from_unit is not None:
        yield from (Told(rule="objection-upheld", post=post) for post in posts.unit(fact.from_unit))
    if fact.to_unit is not None and fact.to_unit != fact.from_unit:
        yield from _assignment("assigned")(change, posts)


def _verification(change: Change, posts: Posts) -> Iterator[Told]:
    fact: verifying.VerificationScheduled = change.recorded.fact
    yield Told(rule="verification-assigned", post=Post(person=fact.verifier))
    yield from _liaison("verification-scheduled")(change, posts)


def _overdue(change: Change, posts: Posts) -> Iterator[Told]:
    fact: pressing.OverdueReminded = change.recorded.fact
    unit = change.after.lead_unit
    if unit is None:
        return
    higher = fact.offset >= HEAD_FROM_DAYS_LATE
    addressed = posts.liaison_and_head(unit) if higher else (posts.liaison(unit),)
    yield from (Told(rule="overdue", post=post) for post in addressed)
    if fact.offset >= OFFICE_FROM_DAYS_LATE:
        yield Told(rule="overdue", post=OFFICE_CLERKS, copy=True)


def _instructed(change: Change, posts: Posts) -> Iterator[Told]:
    yield from _unit("instructed-again")(change, posts)
    yield Told(rule="instructed-again", post=OFFICE_CLERKS, copy=True)


def _corrected(change: Change, posts: Posts) -> Iterator[Told]:
    if change.before is not None and change.before.due_on != change.after.due_on:
        yield from _unit("due-changed")(change, posts)


def _relapse(change: Change, posts: Posts) -> Iterator[Told]:
    yield from _unit("relapsed")(change, posts)
    yield Told(rule="relapsed", post=OFFICE_CLERKS)
    yield Told(rule="relapsed", post=OFFICE_HEADS)


def _split(change: Change, posts: Posts) -> Iterator[Told]:
    """Each part tells its own unit; here only a unit that answered for the whole and has no part of it."""
    fact: splitting.MatterSplit = change.recorded.fact
    if fact.from_unit is not None and fact.from_unit not in {branch.unit for branch in fact.branches}:
        yield from (Told(rule="withdrawn", post=post) for post in posts.unit(fact.from_unit))


def _recalled(change: Change, posts: Posts) -> Iterator[Told]:
    """Everybody who was told of the assignment hears that it is taken back."""
    fact: withdrawing.AssignmentRecalled = change.recorded.fact
    if fact.from_unit is not None:
        yield from (Told(rule="recalled", post=post) for post in posts.unit(fact.from_unit))
    yield from (Told(rule="recalled", post=posts.liaison(unit), copy=True) for unit in fact.co_units)


def _evidence_withdrawn(change: Change, posts: Posts) -> Iterator[Told]:
    """The other side: the unit where the 督查室 withdrew it, else the 督查室."""
    unit = change.after.lead_unit
    if change.recorded.role in OFFICE and change.recorded.on_behalf_of is None:
        if unit is not None:
            yield Told(rule="evidence-withdrawn", post=posts.liaison(unit))
    else:
        yield Told(rule="evidence-withdrawn", post=OFFICE_CLERKS, channels=_INBOX)


def _handler(rule: str) -> Telling:
    """The person whose desk it is on; the clerks where it is on nobody's."""

    def telling(change: Change, _: Posts) -> Iterator[Told]:
        handler = change.after.handler
        yield Told(rule=rule, post=Post(person=handler) if handler is not None else OFFICE_CLERKS)

    return telling


def _support_due(change: Change, posts: Posts) -> Iterator[Told]:
    yield from _handler("support-due")(change, posts)
    if change.recorded.fact.offset >= HEAD_FROM_DAYS_LATE:
        yield Told(rule="support-due", post=OFFICE_HEADS)


def _co_units(rule: str) -> Telling:
    """The co-units the fact names."""

    def telling(change: Change, posts: Posts) -> Iterator[Told]:
        yield from (Told(rule=rule, post=posts.liaison(unit)) for unit in change.recorded.fact.units)

    return telling


def _opinion(change: Change, posts: Posts) -> Iterator[Told]:
    if (unit := change.after.lead_unit) is not None:
        yield Told(rule="opinion-given", post=posts.liaison(unit), channels=_INBOX)


_INBOX = (Channel.INBOX,)

TELLINGS: Mapping[type[Any], Telling] = {
    assigning.MatterAssigned: _assignment("assigned"),
    assigning.MatterReassigned: _assignment("reassigned"),
    assigning.AssignmentObjected: _to("objected", OFFICE_HEADS),
    assigning.ObjectionUpheld: _upheld,
    assigning.ObjectionDismissed: _unit("objection-dismissed"),
    rectifying.PlanSubmitted: _to("plan-submitted", OFFICE_CLERKS, channels=_INBOX),
    rectifying.PlanReturned: _liaison("plan-returned"),
    rectifying.PlanApproved: _liaison("plan-approved"),
    rectifying.SupportRequested: _to("support-requested", OFFICE_CLERKS),
    rectifying.SupportAnswered: _liaison("support-answered"),
    extending.ExtensionRequested: _to("extension-requested", OFFICE_HEADS),
    extending.ExtensionGranted: _unit("extension-granted"),
    extending.ExtensionRefused: _unit("extension-refused"),
    suspending.MatterSuspended: _unit("suspended"),
    suspending.MatterResumed: _unit("resumed"),
    reporting.CompletionReported: _to("completion-reported", OFFICE_CLERKS, channels=_INBOX),
    reporting.CompletionReturned: _unit("completion-returned"),
    verifying.VerificationScheduled: _verification,
    verifying.VerificationPassed: _each(
        _liaison("verification-passed"), _to("write-off-awaited", OFFICE_HEADS)
    ),
    verifying.VerificationFailed: _unit("verification-failed"),
    closing.WriteOffApproved: _all_units("write-off-approved"),
    closing.WriteOffRejected: _unit("write-off-rejected"),
    closing.MatterReopened: _all_units("reopened"),
    looking_back.LookBackSelected: _with_verifier("look-back-selected"),
    looking_back.LookBackPassed: _liaison("look-back-passed"),
    looking_back.RelapseFound: _relapse,
    leading.ResultSubmitted: _to("result-submitted", LEADERS),
    leading.LeaderAcknowledged: _to("leader-acknowledged", OFFICE_CLERKS, OFFICE_HEADS),
    leading.LeaderInstructed: _each(_unit("leader-instructed"), _to("leader-instructed", OFFICE_CLERKS)),
    leading.LeaderInstructedAgain: _instructed,
    ending.MatterCancelled: _all_units("cancelled"),
    ending.MatterTransferred: _all_units("transferred"),
    ending.MatterMerged: _all_units("merged"),
    ending.MatterAbsorbed: _liaison("absorbed"),
    ending.MatterReleased: _liaison("released"),
    withdrawing.AssignmentRecalled: _recalled,
    withdrawing.EvidenceWithdrawn: _evidence_withdrawn,
    pressing.MatterUrged: _unit("urged"),
    pressing.DueReminded: _liaison("due"),
    pressing.OverdueReminded: _overdue,
    pressing.UnsignedReminded: _liaison("unsigned"),
    pressing.ExtensionReminded: _unit("extension-ending"),
    pressing.VerificationReminded: _to("verification-overdue", OFFICE_CLERKS, OFFICE_HEADS),
    pressing.LookBackReminded: _with_verifier("look-back-due"),
    pressing.DueDateRecomputed: _unit("due-changed"),
    correcting.FactCorrected: _corrected,
    approving.RegistrationProposed: _to("approval-awaited", OFFICE_HEADS),
    approving.RegistrationApproved: _handler("approval-given"),
    approving.RegistrationRejected: _handler("approval-refused"),
    approving.HandlingProposed: _to("proposal-awaited", OFFICE_HEADS),
    approving.HandlingApproved: _handler("proposal-approved"),
    approving.HandlingReturned: _handler("proposal-returned"),
    splitting.MatterSplit: _split,
    helping.OpinionAsked: _co_units("opinion-asked"),
    helping.OpinionGiven: _opinion,
    pressing.OpinionReminded: _co_units("opinion-due"),
    pressing.SupportReminded: _support_due,
}
"""Fact → who is told. Facts in ``untold.UNTOLD`` tell nobody; every fact is in one of the two."""
