"""One command on one bulletin, from fields to facts: for programs, pages, the command line and the clock alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any

import msgspec
from uuid_utils.compat import uuid7

from events.bulletin import drafting, issuing, signing
from events.bulletin.acting import Command
from events.bulletin.deciding import admit, decide
from events.bulletin.folding import LEADS
from events.bulletin.permitted import DRAFT, NUMBER, PERMITTED
from events.bulletin.series import Series
from events.bulletin.state import Bulletin, BulletinStage, Scan
from events.bulletin.surroundings import Surroundings
from events.record.admitting import reused_key
from events.record.envelope import Actor, Decision, Envelope
from events.record.handling import Folded
from events.refusals import NotFound
from events.vocabulary import BulletinId, UnitId
from service.circulating import bulletins as seen_of
from service.circulating.checking import recheck
from service.circulating.leaders import leader_lists
from service.circulating.rendering import render
from service.commands.bodies import convert
from service.commands.performing import Attached
from service.runtime import Runtime


@dataclass(frozen=True, slots=True, kw_only=True)
class Common:
    """What every command may carry beside its own fields."""

    basis: str | None = None
    expected_version: int | None = None
    on_behalf_of: UnitId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Circulating:
    """A command on a bulletin as it came in. ``id`` None drafts a new one."""

    actor: Actor
    name: str
    id: BulletinId | None
    fields: Mapping[str, Any]
    at: datetime
    received_at: datetime
    command_id: str | None = None
    fingerprint: bytes | None = None
    strict: bool = True
    attached: Attached | None = None
    """The scan that came with it."""
    due_on: date | None = None
    """For the clock's drafts: the day it was due."""


_COMMON = frozenset(field.name for field in fields(Common))


def circulate(runtime: Runtime, asked: Circulating) -> dict[str, Any]:
    """Does one command; gives ``id, stage, version, position, facts`` and what it adds. Raises a Refusal."""
    row = DRAFT if asked.id is None else PERMITTED.get(asked.name)
    if row is None:
        raise NotFound(f"通报没有 {asked.name} 这个命令；可用的是 {'、'.join(PERMITTED)}。")
    runtime.clock.must_not_pass(asked.at)
    common = convert({k: v for k, v in asked.fields.items() if k in _COMMON}, Common, strict=asked.strict)
    own = {k: v for k, v in asked.fields.items() if k not in _COMMON}
    command: Any = convert(own, row.command, strict=asked.strict)
    doing = _Doing(runtime=runtime, asked=asked, common=common, command=command)
    kept = doing.kept_answer()
    if kept is not None:
        return kept
    return doing.draft() if asked.id is None else doing.act()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Doing:
    """One command on its way: what takes time is done before the decision, what must hold is decided in it."""

    runtime: Runtime
    asked: Circulating
    common: Common
    command: Any

    def kept_answer(self) -> dict[str, Any] | None:
        """The answer of the first time for a repeat: nothing is composed or rendered again for it."""
        asked = self.asked
        if asked.command_id is None or asked.fingerprint is None:
            return None
        kept = self.runtime.store.command(asked.command_id)
        if kept is None:
            return None
        if kept[0] != asked.fingerprint:
            raise reused_key()
        answer: dict[str, Any] = msgspec.json.decode(kept[1])
        return answer

    def draft(self) -> dict[str, Any]:
        """拟稿."""
        command: drafting.DraftBulletin = self.command
        series = seen_of.series_of(self.runtime, command.series)
        new = Bulletin(id=BulletinId(uuid7().hex))
        seen = self._seen(series)
        admit(DRAFT, new, seen)
        usual = seen_of.usual_period(series, seen.today)
        period = drafting.period_asked(command, seen, usual)
        command = replace(command, first=period.first, last=period.last)
        subject = (command.subject or "").strip()
        drafting.refuse_taken(period, subject, seen)
        as_of = seen_of.frozen_at(self.runtime, period, self.asked.at)
        made = seen_of.composed(self.runtime, series, period, as_of, subject=subject)
        return self._handle(DRAFT.name, command, new, series, composed=made, due_on=self.asked.due_on)

    def act(self) -> dict[str, Any]:
        """Any other command."""
        assert self.asked.id is not None
        bulletin = seen_of.visible(self.runtime, self.asked.actor, self.asked.id, self.asked.at)
        series = self.runtime.settings.bulletins.get(bulletin.series)
        name, command = self.asked.name, self.command
        admit(PERMITTED[name], bulletin, self._seen(series))
        match command:
            case drafting.RedraftBulletin() | drafting.CorrectBulletin():
                return self._composing(bulletin, series)
            case signing.CheckNumbers():
                found = tuple(str(one) for one in recheck(self.runtime, bulletin.standing_content))
                return self._handle(name, command, bulletin, series, differences=found)
            case issuing.IssueBulletin():
                return self._issue(command, bulletin, series)
            case _:
                return self._handle(name, command, bulletin, series)

    def _composing(self, bulletin: Bulletin, series: Series | None) -> dict[str, Any]:
        assert bulletin.period is not None
        configured = series or seen_of.series_of(self.runtime, bulletin.series)
        correcting = isinstance(self.command, drafting.CorrectBulletin)
        compared = bulletin
        if not correcting and bulletin.corrects is not None:
            compared = seen_of.load(self.runtime, bulletin.corrects)
        as_of = seen_of.now_of(self.runtime, self.asked.at)
        made = seen_of.composed(
            self.runtime, configured, bulletin.period, as_of, subject=bulletin.subject, before=compared
        )
        new = BulletinId(uuid7().hex) if correcting else None
        return self._handle(self.asked.name, self.command, bulletin, series, composed=made, new_bulletin=new)

    def _issue(
        self, command: issuing.IssueBulletin, bulletin: Bulletin, series: Series | None
    ) -> dict[str, Any]:
        """Two facts: the number first, for it stands on the document whose bytes the second one fixes."""
        directory, today = self.runtime.directory.now(), self._seen(series).today
        addressees = issuing.addressees_of(bulletin, command.units, directory, today)
        copies = issuing.clean_copies(command.copies_to)
        if bulletin.stage is BulletinStage.SIGNED:
            number = replace(self._envelope(), command_id=uuid7().hex, fingerprint=None)
            self._handle(NUMBER.name, issuing.NumberBulletin(), bulletin, series, envelope=number)
            bulletin = seen_of.load(self.runtime, bulletin.id)
            envelope = replace(self._envelope(), expected_version=None)
        else:
            envelope = self._envelope()
        rendered = render(self.runtime, bulletin, addressees=addressees, copies_to=copies)
        under = leader_lists(self.runtime, bulletin)
        return self._handle(
            "issue", command, bulletin, series, rendered=rendered, leader_lists=under, envelope=envelope
        )

    def _handle(
        self,
        name: str,
        command: Command,
        bulletin: Bulletin,
        series: Series | None,
        *,
        envelope: Envelope | None = None,
        **more: Any,
    ) -> dict[str, Any]:
        runtime = self.runtime
        corrected = () if bulletin.corrects is None else (f"bulletin-{bulletin.corrects}",)
        streams = (bulletin.stream, *corrected)

        def deciding(loaded: Mapping[str, Folded]) -> Decision:
            state: Bulletin = loaded[bulletin.stream].state
            others = {loaded[stream].state.id: loaded[stream].state for stream in corrected}
            seen = self._seen(series, others=others, **more)
            decision = decide(name, command, state, seen)
            after = _stage_after(state, decision)
            return replace(decision, answer={"id": bulletin.id, "stage": after.value, **decision.answer})

        return runtime.handling.handle(envelope or self._envelope(), streams, deciding)

    def _seen(self, series: Series | None, **more: Any) -> Surroundings:
        return seen_of.surroundings(
            self.runtime,
            self.asked.actor,
            self.asked.at,
            series,
            on_behalf_of=self.common.on_behalf_of,
            basis=self.common.basis,
            file=self._file(),
            siblings=seen_of.siblings_of(self.runtime, series.id) if series is not None else (),
            **more,
        )

    def _file(self) -> Scan | None:
        attached = self.asked.attached
        if attached is None:
            return None
        stored = attached.stored
        return Scan(sha256=stored.sha256, name=attached.name, size=stored.size, media_type=stored.media_type)

    def _envelope(self) -> Envelope:
        asked = self.asked
        return Envelope(
            actor=asked.actor,
            at=asked.at,
            received_at=asked.received_at,
            command_id=asked.command_id or uuid7().hex,
            fingerprint=asked.fingerprint,
            expected_version=self.common.expected_version,
            on_behalf_of=self.common.on_behalf_of,
            basis=self.common.basis,
        )


def _stage_after(bulletin: Bulletin, decision: Decision) -> BulletinStage:
    """The stage a decision's facts lead to, before they are written."""
    own = (draft.fact for draft in decision.drafts if draft.stream == bulletin.stream)
    return next((LEADS[type(fact)] for fact in own if type(fact) in LEADS), bulletin.stage)
