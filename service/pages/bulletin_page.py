"""One bulletin: the sheet itself, where it stands, what one may do, its figures, who has received it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from events.bulletin.content import BulletinContent
from events.bulletin.deciding import permitted
from events.bulletin.permitted import DRAFT, PERMITTED
from events.bulletin.state import Bulletin, BulletinStage, Scan
from events.bulletin.surroundings import Surroundings
from events.bulletin.telling import told
from events.matter.words import Names
from events.record.envelope import Recorded
from events.vocabulary import OFFICE, BulletinId
from service.circulating import bulletins as seen_of
from service.circulating.document import official
from service.circulating.opening import Opening, anchor, figure_runs, previous_runs
from service.circulating.rendering import paper_of
from service.documents.model import Runs, plain
from service.documents.page import DocumentView, document_view
from service.pages.bulletin_steps import Step, steps
from service.pages.receipts import ReceiptRow, receipts
from service.pages.rendering import show
from service.pages.shell import Shell
from service.pages.views import Act, Link, Notice, Row
from service.pages.visiting import Visit, Visiting, shell_of
from service.pages.words import day_and_hour, joined
from service.proof.taking_away import TAKE_AWAY

router = APIRouter(include_in_schema=False)

FIRST = "acknowledge approve-naming sign issue check co-sign edit".split()
"""What is offered before everything else, likeliest first."""
ALWAYS_MORE = frozenset(("publish", "correct", "withdraw", "redraft"))


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureLine:
    """A figure beside the sheet, now and in the period before, each with the way to what it counts."""

    n: int
    id: str
    label: str
    shown: Runs
    previous: Runs
    """Nothing where there is none to compare with."""
    change: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A fact of the bulletin's history."""

    id: str
    seal: str
    make: str
    title: str
    who: str
    when: str
    sentences: tuple[str, ...]
    file: Link | None
    """The paper that came with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BulletinPage:
    """A bulletin."""

    shell: Shell
    title: str
    sub: str
    notice: Notice | None
    frozen: str
    acts: tuple[Act, ...]
    more: tuple[Act, ...]
    files: tuple[Link, ...]
    dossier: str
    """Where its 案卷 is taken; empty before the issue and for whoever may not."""
    view: DocumentView
    steps: tuple[Step, ...]
    sections: tuple[Link, ...]
    """The sections whose prose may be edited now."""
    figures: tuple[FigureLine, ...]
    mine: tuple[Row, ...]
    """For a unit, its own overdue matters."""
    under: tuple[Row, ...]
    """For a 首席责任领导, the matters under his name that went to him with it."""
    receipts: tuple[ReceiptRow, ...]
    received: str
    entries: tuple[Entry, ...]


def load(visit: Visit, bulletin_id: str) -> Bulletin:
    """The bulletin as of the visit. Raises NotFound where it may not be seen."""
    return seen_of.visible(
        visit.runtime, visit.actor, BulletinId(bulletin_id), visit.asking.moment, visit.asking.position
    )


def surroundings(visit: Visit, bulletin: Bulletin) -> Surroundings:
    """What decides about the buttons."""
    series = visit.runtime.settings.bulletins.get(bulletin.series)
    return seen_of.surroundings(visit.runtime, visit.actor, visit.asking.moment, series)


def allowed(visit: Visit, bulletin: Bulletin) -> tuple[str, ...]:
    """The commands that may be sent now; none while looking at the past."""
    return () if visit.asking.past else permitted(bulletin, surroundings(visit, bulletin))


@router.get("/bulletins/{bulletin_id}")
def bulletin(visit: Visiting, bulletin_id: str) -> Response:
    """A bulletin, read as 公文."""
    found = load(visit, bulletin_id)
    sight = seen_of.sight_of(visit.actor, visit.directory, visit.day)
    content, names = found.standing_content, allowed(visit, found)
    received, rows = receipts(visit, found, sight)
    acts, more = _acts(found, names, on_behalf=_may_stand_in(visit, found))
    frozen = content.frozen
    page = BulletinPage(
        shell=shell_of(visit, "".join(found.title.split()), body="has-bar print-doc"),
        title="".join(found.title.split()),
        sub=joined(found.series_name, found.document_no, found.issue_words, found.stage.label),
        notice=_notice(visit, found),
        frozen=f"记录第 {frozen.as_of:,} 位，按 {frozen.judged_on.isoformat()} 判迟早",
        acts=acts,
        more=more,
        files=_files(found, sight_all=sight.all),
        dossier=_dossier(visit, found),
        view=document_view(
            official(
                paper_of(visit.runtime, found, public=not sight.all, opening=_opening(visit, found, sight))
            )
        ),
        steps=steps(visit, found),
        sections=_sections(found, names),
        figures=tuple(_figures(content, sight)),
        mine=() if sight.all else _mine(found, sight),
        under=tuple(_under(visit, found)),
        receipts=rows,
        received=received,
        entries=_entries(visit, found) if sight.all else (),
    )
    return show("bulletin.html", page)


def _opening(visit: Visit, found: Bulletin, sight: seen_of.Sight) -> Opening:
    return Opening(
        content=found.standing_content,
        code=visit.runtime.settings.organization.code,
        units=None if sight.all else sight.units,
    )


def _figures(content: BulletinContent, sight: seen_of.Sight) -> Iterator[FigureLine]:
    """A unit reads the figures of the whole; what they count is not for it to open."""
    for n, figure in enumerate(content.figures, 1):
        before = previous_runs(content, figure) or ()
        yield FigureLine(
            n=n,
            id=anchor(n),
            label=figure.label,
            shown=figure_runs(content, figure) if sight.all else plain(figure.shown),
            previous=before if sight.all else plain(figure.previous_shown) if before else (),
            change=figure.change,
        )


def _acts(
    found: Bulletin, names: tuple[str, ...], *, on_behalf: bool
) -> tuple[tuple[Act, ...], tuple[Act, ...]]:
    offered = sorted(
        (name for name in names if name not in ALWAYS_MORE and name != "edit"),
        key=lambda name: FIRST.index(name) if name in FIRST else len(FIRST),
    )
    acts = tuple(
        Act(
            text=PERMITTED[name].label,
            href=f"/bulletins/{found.id}/{name}",
            make="primary" if index == 0 else "line",
        )
        for index, name in enumerate(offered)
    )
    more = [
        Act(text=f"{PERMITTED[name].label}…", href=f"/bulletins/{found.id}/{name}")
        for name in names
        if name in ALWAYS_MORE
    ]
    if on_behalf:
        name = "acknowledge" if found.stage is BulletinStage.ISSUED else "co-sign"
        text = f"代录：{PERMITTED[name].label}…"
        more.insert(0, Act(text=text, href=f"/bulletins/{found.id}/{name}?for=unit"))
    return acts, tuple(more)


def _may_stand_in(visit: Visit, found: Bulletin) -> bool:
    """Whether the office may enter a unit's paper now: a receipt, or a 会签."""
    if not visit.may(*OFFICE) or visit.asking.past:
        return False
    if found.stage is BulletinStage.ISSUED:
        return bool(found.unreceived)
    return found.stage is BulletinStage.CHECKED and bool(found.waiting_co_signers)


def _notice(visit: Visit, found: Bulletin) -> Notice | None:
    done = {DRAFT.name: DRAFT, **PERMITTED}.get(visit.query.get("done", ""))
    if done is not None:
        return Notice(kind="told", title="已办", text=f"{done.label}已记下。")
    if found.stage is BulletinStage.WITHDRAWN:
        return Notice(kind="stale", title="已撤回", text=f"{found.withdrawn_reason}")
    if found.corrected_by is not None:
        link = Link(text="看更正后的", href=f"/bulletins/{found.corrected_by}")
        return Notice(kind="stale", title="已更正", text=f"以{found.corrected_by_no}为准。", link=link)
    if found.returned_reason and found.stage is BulletinStage.DRAFTED:
        return Notice(kind="stale", title="退回修改", text=found.returned_reason)
    if found.corrects is not None:
        link = Link(text="看原通报", href=f"/bulletins/{found.corrects}")
        return Notice(kind="told", title="更正稿", text=f"更正{found.corrects_no}。", link=link)
    return None


def _files(found: Bulletin, *, sight_all: bool) -> tuple[Link, ...]:
    base = f"/bulletins/{found.id}/document"
    files = [Link(text="PDF", href=f"{base}?format=pdf"), Link(text="DOCX", href=f"{base}?format=docx")]
    if sight_all and found.standing_content.overdue.rows:
        files.append(Link(text="公开部分 PDF", href=f"{base}?format=pdf&part=public"))
    return tuple(files)


def _dossier(visit: Visit, found: Bulletin) -> str:
    offered = visit.may(*TAKE_AWAY) and found.stage in seen_of.OUT and not visit.asking.past
    return f"/bulletins/{found.id}/dossier" if offered else ""


def _sections(found: Bulletin, names: tuple[str, ...]) -> tuple[Link, ...]:
    if "edit" not in names:
        return ()
    return tuple(
        Link(
            text=f"{section.heading}{'（已改）' if section.id in found.prose else ''}",
            href=f"/bulletins/{found.id}/edit?section={section.id}",
        )
        for section in found.standing_content.sections
    )


def _mine(found: Bulletin, sight: seen_of.Sight) -> tuple[Row, ...]:
    content = found.standing_content
    return tuple(
        Row(
            title=row.title,
            href=f"/matters/{row.matter}",
            meta=f"期限 {row.due_on}，逾期 {row.days_late} 天",
        )
        for unit in sorted(sight.units)
        for row in content.mine(unit)
    )


def _under(visit: Visit, found: Bulletin) -> Iterator[Row]:
    """As it stood at the frozen place; the matter is opened as of then too."""
    frozen = found.standing_content.frozen.asked
    mine = next((one for one in found.leader_lists if one.leader == visit.actor.person), None)
    for one in mine.rows if mine is not None else ():
        late = f"逾期 {one.days_late} 天" if one.days_late else ""
        due = f"期限 {one.due_on}" if one.due_on is not None else ""
        yield Row(
            title=one.title,
            href=f"/matters/{one.matter}?as_of={frozen}",
            meta=joined(one.number, one.unit, one.stage, due, late),
        )


def _file(found: Bulletin, recorded: Recorded) -> Link | None:
    scan: Scan | None = getattr(recorded.fact, "file", None)
    if scan is None:
        return None
    return Link(text=f"打开 {scan.name}", href=f"/bulletins/{found.id}/files/{scan.sha256}")


def _entries(visit: Visit, found: Bulletin) -> tuple[Entry, ...]:
    names = Names(directory=visit.directory, on=visit.day, wording="")
    entries = []
    for recorded in visit.runtime.store.stream(found.stream, up_to=visit.asking.position):
        said = told(recorded, names)
        who = "时钟规则" if said.by_rule else visit.directory.user_label(recorded.actor)
        entries.append(
            Entry(
                id=f"f{recorded.position}",
                seal=said.seal,
                make="rule" if said.by_rule else "",
                title=said.title,
                who=who,
                when=joined(day_and_hour(recorded.recorded_at, visit.day), f"第 {recorded.position:,} 位"),
                sentences=said.sentences,
                file=_file(found, recorded),
            )
        )
    return tuple(reversed(entries))
