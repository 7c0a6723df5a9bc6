"""What goes into a dossier: the facts as stored, what they say in words, their files, and the letters they caused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from events.bulletin import telling as bulletin_telling
from events.bulletin.content import Named
from events.bulletin.drafting import BulletinDrafted, BulletinRedrafted
from events.bulletin.issuing import BulletinIssued
from events.bulletin.state import Bulletin, Rendition
from events.directory.state import Directory
from events.matter.circulating import MatterNamed
from events.matter.evidencing import EvidenceAttached
from events.matter.state import Matter
from events.matter.telling import told
from events.matter.words import Names
from events.record.envelope import Recorded
from events.vocabulary import BEIJING, BulletinId
from notifications.outbox import asking as box
from service.circulating.handing_out import file_name
from service.documents.jobs import Media
from service.documents.numbering import official
from service.pages.timeline import by_line
from service.proof.dossier.figures import FigureBehind, figures_behind
from service.proof.dossier.letters import MOST_LETTERS, Told, letters
from service.proof.dossier.ordering import Group, group_of
from service.proof.dossier.subjects import Subject, states_after
from service.runtime import Runtime

CONTENT = (BulletinDrafted, BulletinRedrafted)
"""The facts that hold what a bulletin says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One act as the index of a dossier lists it."""

    group: Group
    position: int
    about: str
    """Number and title of the matter or bulletin, as documents write them."""
    title: str
    by: str
    on: date
    at: datetime
    sentences: tuple[str, ...]
    basis: str
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """A file, where it lies in the package, and the fact that names it."""

    path: str
    sha256: str
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedMatter:
    """A matter a bulletin names, with its facts: those it was judged by, and all the dossier holds."""

    named: Named
    title: str
    counted: tuple[int, ...]
    """Positions of its facts up to the bulletin's frozen position."""
    noted: int | None
    """Position of the fact that notes the naming on the matter; None: the clock has not written it yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Circulated:
    """What a dossier holds of a bulletin beside its facts."""

    bulletin: Bulletin
    drafted: int
    """Position of the fact that holds the content that went out."""
    figures: tuple[FigureBehind, ...]
    named: tuple[NamedMatter, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """Everything about a subject."""

    subject: Subject
    matters: tuple[Matter, ...]
    facts: tuple[Recorded, ...]
    """Of the subject and of its letters, by position; a bulletin's with the whole life of every matter it names."""
    items: tuple[Item, ...]
    """In the order of a 卷宗, matter by matter."""
    files: tuple[Attached, ...]
    letters: tuple[Told, ...]
    circulated: Circulated | None = None
    without_files: tuple[str, ...] = ()
    """Streams whose facts are here and whose attachments are not."""

    @property
    def several(self) -> bool:
        """Whether the index has to say which matter an act belongs to."""
        return len(self.matters) > 1


def gather(runtime: Runtime, subject: Subject) -> Gathered:
    """Reads everything about a subject. Nothing is written."""
    if subject.bulletin is not None:
        return _of_bulletin(runtime, subject, subject.bulletin)
    directory = runtime.directory.now()
    matters: list[Matter] = []
    facts: list[Recorded] = []
    items: list[Item] = []
    files: list[Attached] = []
    sent: list[Told] = []
    for id_ in subject.matters:
        history = runtime.store.stream(f"matter-{id_}")
        states = states_after(runtime, history)
        matters.append(states[history[-1].position])
        mine = tuple(_attached(history, len(files)))
        files.extend(mine)
        listed = _items(runtime, history, matters[-1], directory, mine)
        items.extend(sorted(listed, key=lambda item: (item.group, item.position)))
        asked = box.Asked(matter=id_, limit=MOST_LETTERS)
        sent.extend(letters(runtime, asked, history, states, directory, len(sent)))
        facts.extend(history)
    return Gathered(
        subject=subject,
        matters=tuple(matters),
        facts=_in_order([*facts, *_of_letters(runtime, sent)]),
        items=tuple(items),
        files=tuple(files),
        letters=tuple(sent),
    )


def _of_letters(runtime: Runtime, sent: Sequence[Told]) -> Iterator[Recorded]:
    for one in sent:
        for row in one.rows:
            yield from runtime.store.stream(f"letter-{row.id}")


def _in_order(facts: Sequence[Recorded]) -> tuple[Recorded, ...]:
    return tuple(sorted(facts, key=lambda one: one.position))


def _attached(history: Sequence[Recorded], already: int) -> Iterator[Attached]:
    attached = [
        (one.position, one.fact.evidence) for one in history if isinstance(one.fact, EvidenceAttached)
    ]
    for count, (position, one) in enumerate(attached, already + 1):
        yield Attached(path=f"files/{count:03d}-{one.name}", sha256=one.sha256, position=position)


def _items(
    runtime: Runtime,
    history: Sequence[Recorded],
    matter: Matter,
    directory: Directory,
    files: Sequence[Attached],
) -> Iterator[Item]:
    procedure = runtime.settings.procedures.get(matter.kind)
    wording = procedure.wording if procedure else ""
    number = official(matter.number, runtime.settings.organization.code)
    paths = {one.position: one.path for one in files}
    for recorded in history:
        at = recorded.recorded_at.astimezone(BEIJING)
        said = told(recorded, directory, at.date(), wording=wording)
        fact = recorded.fact
        yield Item(
            group=group_of(recorded.type),
            position=recorded.position,
            about=f"{number} {matter.title}",
            title=fact.evidence.name if isinstance(fact, EvidenceAttached) else said.title,
            by=by_line(recorded, directory, at.date()),
            on=at.date(),
            at=at,
            sentences=said.sentences,
            basis=recorded.basis or "",
            files=(paths[recorded.position],) if recorded.position in paths else (),
        )


def _of_bulletin(runtime: Runtime, subject: Subject, id_: BulletinId) -> Gathered:
    directory = runtime.directory.now()
    history = runtime.store.stream(f"bulletin-{id_}")
    states = states_after(runtime, history)
    bulletin: Bulletin = states[history[-1].position]
    files = tuple(_documents(history, bulletin))
    lives = {
        one.matter: runtime.store.stream(f"matter-{one.matter}") for one in bulletin.standing_content.named
    }
    asked = box.Asked(bulletin=id_, limit=MOST_LETTERS)
    sent = tuple(letters(runtime, asked, history, states, directory, 0))
    listed = _acts(subject, history, directory, files)
    return Gathered(
        subject=subject,
        matters=(),
        facts=_in_order(
            [*history, *_of_letters(runtime, sent), *(fact for life in lives.values() for fact in life)]
        ),
        items=tuple(sorted(listed, key=lambda item: (item.group, item.position))),
        files=files,
        letters=sent,
        circulated=Circulated(
            bulletin=bulletin,
            drafted=max(one.position for one in history if isinstance(one.fact, CONTENT)),
            figures=figures_behind(runtime, bulletin.standing_content),
            named=tuple(
                _named(runtime, bulletin, one, lives[one.matter]) for one in bulletin.standing_content.named
            ),
        ),
        without_files=tuple(f"matter-{matter}" for matter in lives),
    )


def _documents(history: Sequence[Recorded], bulletin: Bulletin) -> Iterator[Attached]:
    """The PDFs that went out, each once."""
    issued = next(one for one in history if isinstance(one.fact, BulletinIssued))
    kept: dict[str, Rendition] = {}
    for public, one in ((False, bulletin.full), (True, bulletin.public)):
        if one is not None and one.sha256 not in kept:
            name = file_name(bulletin, Media.PDF, public=public)
            kept[one.sha256] = one
            yield Attached(path=f"files/{len(kept):03d}-{name}", sha256=one.sha256, position=issued.position)


def _acts(
    subject: Subject, history: Sequence[Recorded], directory: Directory, files: Sequence[Attached]
) -> Iterator[Item]:
    for recorded in history:
        at = recorded.recorded_at.astimezone(BEIJING)
        said = bulletin_telling.told(recorded, Names(directory=directory, on=at.date(), wording=""))
        yield Item(
            group=group_of(recorded.type),
            position=recorded.position,
            about=subject.title,
            title=said.title,
            by=by_line(recorded, directory, at.date()),
            on=at.date(),
            at=at,
            sentences=said.sentences,
            basis=recorded.basis or "",
            files=tuple(one.path for one in files if one.position == recorded.position),
        )


def _named(runtime: Runtime, bulletin: Bulletin, named: Named, life: Sequence[Recorded]) -> NamedMatter:
    frozen = bulletin.standing_content.frozen.as_of
    state: Matter = runtime.handling.fold(life[0].stream, life).state
    return NamedMatter(
        named=named,
        title=state.title,
        counted=tuple(one.position for one in life if one.position <= frozen),
        noted=next(
            (
                one.position
                for one in life
                if isinstance(one.fact, MatterNamed) and one.fact.bulletin == bulletin.id
            ),
            None,
        ),
    )
