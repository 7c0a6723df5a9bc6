"""事项: one matter as a dossier, as of now or of any moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.responses import Response

from events.matter.looking_back import LookBackSelected
from events.matter.permitted import PERMITTED, REGISTER
from events.matter.pressing import LookBackReminded
from events.matter.state import Matter
from events.matter.withdrawing import withdrawable
from events.record.envelope import Recorded
from events.refusals import NotFound
from events.rules import deadlines
from events.vocabulary import OFFICE, EvidenceId, MatterId, Role
from projections import lists, meeting_lists
from service.commands.petitioners import SEE_PETITIONERS
from service.identity import may_see
from service.lights import Lamp, lamp
from service.noting import Hidden, note
from service.pages import acts, parts_of_matter, telling_letters, whole
from service.pages.clocks import ClockView, office_clock, unit_clock
from service.pages.documents import PaperLink, papers_of
from service.pages.notes_of_matter import NotesView, notes_view
from service.pages.papers import Paper, missing, papers, used_elsewhere
from service.pages.parts_of_matter import DueLine, PlanView, Said
from service.pages.reckoning import Reckoning, judged_on, reckoning
from service.pages.rendering import show
from service.pages.shell import Shell
from service.pages.showing import address, row, why_address, with_now
from service.pages.timeline import Telling, Timeline, corrections, timeline
from service.pages.track import TrackStep, track
from service.pages.views import Act, Link, Notice, Pair, Row
from service.pages.visiting import Visit, Visiting, shell_of
from service.pages.why import Why, why
from service.pages.words import full_day
from service.proof.taking_away import TAKE_AWAY
from service.storage.access import Kind

router = APIRouter(include_in_schema=False)

KNOW_LOOK_BACKS = (*OFFICE, Role.VERIFIER, Role.LEADER, Role.AUDITOR)
"""Who may take a whole dossier away: it holds what each party was told."""
LETTERS_SHOWN = 8
VISIT = "visit"
"""The form of a visit on the spot, in addresses."""
LIGHTS_ASKED_ABOUT = {"red": "红灯", "yellow": "黄灯", "green": "绿灯"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What is read first: which one, how late, how far."""

    number: str
    title: str
    tags: tuple[str, ...]
    lamp: Lamp
    due: str
    provisional: bool
    track: tuple[TrackStep, ...]
    acts: tuple[Act, ...]
    more: tuple[Act, ...]
    attention: Said | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What stands beside: people, papers, due days, letters, related matters."""

    people: tuple[Pair, ...]
    papers: tuple[Paper, ...]
    documents: tuple[PaperLink, ...]
    missing: str
    upload: str
    dues: tuple[DueLine, ...]
    letters: tuple[telling_letters.LetterLine, ...]
    told: int
    """Letters there are, shown or not."""
    told_words: str
    """How many were read, lie unread, or reached nobody."""
    all_letters: Link | None
    related: tuple[Row, ...]
    likes: str
    """Where matters like it are asked for; empty for who cannot act on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterPage:
    """The dossier."""

    shell: Shell
    here: str
    replay: str
    with_now: str
    """Where it is compared with now; empty where now is looked at."""
    back: str
    as_of: str
    latest: str
    may_take_away: bool
    """Whether the whole dossier may leave the house with this visitor."""
    notice: Notice | None
    head: Head
    unit_clock: ClockView
    office_clock: ClockView
    why: Why | None
    problem: str
    particulars: tuple[Pair, ...]
    plan: PlanView | None
    parts: whole.Parts | None
    notes: NotesView | None
    timeline: Timeline
    side: Side


@router.get("/matters/{matter_id}")
def matter(visit: Visiting, matter_id: str) -> Response:
    """One matter."""
    found, history = load(visit, MatterId(matter_id))
    if found.look_back_on is not None:
        note(visit.answer, Kind.COVERT, found.id, once=True)
    return show("matter.html", _page(visit, found, history))


def load(visit: Visit, matter_id: MatterId) -> tuple[Matter, Sequence[Recorded]]:
    """A matter and its facts as of the visit. Raises NotFound where there is none, or none to be seen."""
    handling = visit.runtime.handling
    stream = f"matter-{matter_id}"
    history = visit.runtime.store.stream(stream, up_to=visit.asking.position)
    folded = handling.fold(stream, history)
    if folded.version == 0:
        raise NotFound("没有这一件，或那时还没有立项；核对编号，到台账里查。")
    if not may_see(visit.visibility, folded.state):
        raise Hidden("没有这一件，或不归您看；您单位牵头、配合或要您核查的才看得到。")
    state: Matter = folded.state
    return (state, history) if visit.may(*KNOW_LOOK_BACKS) else _without_look_back(state, history)


def _without_look_back(found: Matter, history: Sequence[Recorded]) -> tuple[Matter, Sequence[Recorded]]:
    """回头看 is not announced: whoever is looked at sees it once it is done (M071)."""
    known = [r for r in history if not isinstance(r.fact, LookBackSelected | LookBackReminded)]
    return replace(found, look_back_on=None), known


def lamp_of(visit: Visit, found: Matter, *, href: str | None) -> Lamp:
    """The light on a matter's own page."""
    judged = judged_on(found, visit.day)
    light = deadlines.light(
        stage=found.stage, due_on=found.due_on, judged_on=judged, today=visit.day, calendar=visit.calendar
    )
    return lamp(
        stage=found.stage,
        light=light,
        due_on=found.due_on,
        days_late=deadlines.days_late(found.due_on, judged) if found.due_on else None,
        today=visit.day,
        calendar=visit.calendar,
        wording=visit.wording(found.kind),
        href=href,
    )


def _page(visit: Visit, found: Matter, history: Sequence[Recorded]) -> MatterPage:
    day, calendar = visit.day, visit.calendar
    names = acts.allowed(visit, found)
    counted = reckoning(found, history, day, calendar)
    if counted is not None:
        counted = replace(counted, kind=visit.kind_label(found.kind), then=visit.then)
    parts = whole.parts(visit, found)
    own = lamp_of(visit, found, href=why_address(found.id, visit.as_of) if counted else None)
    lit = parts.lamp if parts else own
    position = visit.asking.position or history[-1].position
    foot = f"/matters/{found.id}/foot.css?at={position}"
    return MatterPage(
        shell=shell_of(visit, f"{visit.number(found.number)} {found.title}", foot=foot),
        here=address(found.id),
        replay=visit.then(f"/matters/{found.id}/replay"),
        with_now=with_now(visit, found.id),
        back="/",
        as_of=visit.as_of,
        latest=visit.runtime.clock.now().date().isoformat(),
        may_take_away=visit.may(*TAKE_AWAY) and not visit.asking.past,
        notice=_notice(visit, found),
        head=_head(visit, found, history, names, lit),
        unit_clock=unit_clock(found, counted, day, calendar),
        office_clock=office_clock(found, history, day, calendar, visit.runtime.settings.rules),
        why=_why(visit, counted, lit),
        problem=found.problem,
        particulars=(*parts_of_matter.particulars(visit, found), *parts_of_matter.again(visit, found)),
        plan=parts_of_matter.plan(visit, found),
        parts=parts,
        notes=notes_view(visit, found.id, may_write="note" in names),
        timeline=_timeline(visit, found, history, names),
        side=_side(visit, found, names),
    )


def _why(visit: Visit, counted: Reckoning | None, lit: Lamp) -> Why | None:
    if counted is None:
        return None
    asked = bool(visit.query.get("why"))
    return replace(why(counted, LIGHTS_ASKED_ABOUT.get(lit.kind)), opened=asked)


def _head(visit: Visit, found: Matter, history: Sequence[Recorded], names: Sequence[str], lit: Lamp) -> Head:
    return Head(
        number=visit.number(found.number),
        title=found.title,
        tags=parts_of_matter.tags(visit, found),
        lamp=lit,
        due=full_day(found.due_on, visit.day) if found.due_on else "",
        provisional=bool(found.limit and found.limit.provisional),
        track=track(visit, found, history),
        acts=acts.buttons(visit, found, names),
        more=acts.rest(visit, found, names, acts.allowed_for_unit(visit, found)),
        attention=parts_of_matter.attention(visit, found),
    )


def _timeline(visit: Visit, found: Matter, history: Sequence[Recorded], names: Sequence[str]) -> Timeline:
    telling = Telling(
        directory=visit.directory,
        today=visit.day,
        wording=visit.wording(found.kind),
        address=address(found.id, visit.as_of),
        may_correct="correct" in names,
        may_reveal=visit.may(*SEE_PETITIONERS),
        corrected=corrections(history),
    )
    oldest_first = visit.query.get("order") == "oldest"
    return timeline(history, telling, only=visit.query.get("line", ""), oldest_first=oldest_first)


def _side(visit: Visit, found: Matter, names: Sequence[str]) -> Side:
    with visit.connect() as connection:
        letters, total = telling_letters.about(connection, visit, found.id, LETTERS_SHOWN)
        told_words = telling_letters.summed_up(connection, visit, found.id)
        related = _related(connection, visit, found)
        also = used_elsewhere(connection, visit, found)
    may_list = total > len(letters) and visit.may(*OFFICE, Role.AUDITOR)
    may_upload = "attach-evidence" in names and not visit.may(*OFFICE)
    return Side(
        people=parts_of_matter.people(visit, found),
        papers=papers(visit, found, also, _withdrawable(visit, found, names)),
        documents=papers_of(visit, found),
        missing=missing(visit, found),
        upload=f"{address(found.id)}/attach-evidence" if may_upload else "",
        dues=parts_of_matter.due_lines(visit, found),
        letters=letters,
        told=total,
        told_words=told_words,
        all_letters=Link(text=f"全部 {total} 封", href=visit.then(f"/letters/sent?matter={found.id}"))
        if may_list
        else None,
        related=related,
        likes=f"{address(found.id)}/likes" if "link" in names and not found.stage.ended else "",
    )


def _withdrawable(visit: Visit, found: Matter, names: Sequence[str]) -> frozenset[EvidenceId]:
    may = "withdraw-evidence" in names
    return frozenset(one.id for one in withdrawable(found, acts.surroundings(visit))) if may else frozenset()


def _related(connection: Connection, visit: Visit, found: Matter) -> tuple[Row, ...]:
    named = {
        "上级事项": found.parent,
        "由它反弹而来": found.relapse_of,
        "反弹后另立": found.relapse_matter,
        "已并入": found.merged_into,
    }
    why_related = {id_: label for label, id_ in named.items() if id_ is not None}
    why_related.update(dict.fromkeys(found.absorbed, "并入本件"))
    why_related.update({one.other: one.label for one in found.links})
    asked, calendar = visit.asked(), visit.calendar
    others = lists.chosen(connection, asked, calendar, why_related).items if why_related else ()
    origin = meeting_lists.origin(connection, found.id, visit.asking.position)
    children = () if found.branches else lists.children(connection, asked, calendar, found.id).items
    return (
        *_meeting(visit, origin),
        *(row(visit, item, why_related[item.id], visit.number(item.number)) for item in others),
        *(row(visit, item, "下级事项", visit.number(item.number)) for item in children),
    )


def _meeting(visit: Visit, origin: meeting_lists.Origin | None) -> tuple[Row, ...]:
    """The meeting whose decision it is, for whoever may read its record."""
    if origin is None or not visit.sees_all:
        return ()
    return (
        Row(
            title=f"{origin.title}第 {origin.n} 项",
            href=visit.then(f"/meetings/{origin.meeting}"),
            meta=f"{origin.kind.label}议定事项，{full_day(origin.held_on, visit.day)}",
        ),
    )


def _notice(visit: Visit, found: Matter) -> Notice | None:
    done = visit.query.get("done", "")
    if done == REGISTER.name:
        text = "接下来交办：定牵头单位、期限和质量要求。"
        return Notice(kind="told", title="已立项", text=text, recorded=kept_under(visit, None, done))
    if done == VISIT:
        text = "照片和结论都记下了，下面看得到。"
        return Notice(kind="told", title="核查结论已交", text=text, recorded=kept_under(visit, found, done))
    permission = PERMITTED.get(done)
    if permission is None:
        return None
    title = f"已办：{permission.label_for(visit.wording(found.kind))}"
    recorded = kept_under(visit, found, done)
    return Notice(kind="told", title=title, text="记入经过，下面看得到。", recorded=recorded)


def kept_under(visit: Visit, found: Matter | None, command: str) -> str:
    """The key under which a browser keeps what was typed in a command's form."""
    return kept_as(visit, found.id if found else "", command)


def kept_as(visit: Visit, matter: str, command: str) -> str:
    """The same, of a matter that need not be seen any more; ``matter`` is empty for one not yet registered."""
    return f"{visit.actor.user}:{matter}:{command}"
