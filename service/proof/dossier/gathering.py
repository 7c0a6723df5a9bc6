"""What goes into a dossier: the facts as stored, what they say in words, their files, and the letters they caused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from events.directory.state import Directory
from events.matter.evidencing import EvidenceAttached
from events.matter.state import Evidence, Matter
from events.matter.telling import told
from events.record.envelope import Recorded
from events.refusals import Invalid, NotFound
from events.vocabulary import BEIJING, MatterId, UnitId
from notifications.outbox import asking as box
from notifications.outbox.asking import LetterRow
from notifications.pages import House, LetterPage
from notifications.posts import Post
from notifications.rendering import render_text
from projections.lists import matter_of_number
from service.delivery import post_office
from service.documents.numbering import official
from service.pages.timeline import by_line
from service.proof.dossier.ordering import Group, group_of
from service.runtime import Runtime

MOST_LETTERS = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a dossier is about: one matter, or a unit's year."""

    title: str
    label: str
    """As manifests and file names call it."""
    matters: tuple[MatterId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One act as the index of a dossier lists it."""

    group: Group
    position: int
    matter: str
    """Number and title of its matter, as documents write them."""
    title: str
    by: str
    on: date
    at: datetime
    sentences: tuple[str, ...]
    basis: str
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """A file and where it lies in the package."""

    path: str
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A letter in words, with every way it took."""

    path: str
    text: str
    rows: tuple[LetterRow, ...]
    addressee: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """Everything about a subject."""

    subject: Subject
    matters: tuple[Matter, ...]
    facts: tuple[Recorded, ...]
    """Of the matters and of their letters, by position."""
    items: tuple[Item, ...]
    """In the order of a 卷宗, matter by matter."""
    files: tuple[Attached, ...]
    letters: tuple[Told, ...]


def of_matter(runtime: Runtime, matter: str) -> Subject:
    """The dossier of a matter by number or id. Raises NotFound."""
    with runtime.database.reading.connect() as connection:
        found = matter_of_number(connection, matter) or MatterId(matter)
    state: Matter = runtime.handling.load(f"matter-{found}").state
    if not state.number:
        raise NotFound(f"没有编号为 {matter} 的事项；用台账里的编号（如 2026-00007）或事项的 id。")
    number = official(state.number, runtime.settings.organization.code)
    return Subject(title=f"{number} {state.title}", label=state.number, matters=(found,))


def of_unit(runtime: Runtime, unit: str, year: int) -> Subject:
    """The dossier of a unit's year: every matter it led at some moment of that year.

    Raises NotFound for an unknown unit, Invalid ``empty-dossier`` where it led none.
    """
    directory = runtime.directory.now()
    last = date(year, 12, 31)
    known = [u for u in directory.units.values() if unit in (u.id, u.name(last))]
    if len(known) != 1:
        raise NotFound(f"没有（或不止一个）单位叫 {unit}；改写单位的 id，在单位页的网址里。")
    matters = tuple(_led(runtime, known[0].id, year))
    if not matters:
        raise Invalid(f"{known[0].name(last)}在 {year} 年没有牵头过事项；核对年份。", code="empty-dossier")
    title = f"{known[0].name(last)} {year} 年督办事项"
    return Subject(title=title, label=f"{known[0].id}-{year}", matters=matters)


def gather(runtime: Runtime, subject: Subject) -> Gathered:
    """Reads everything about a subject. Nothing is written."""
    directory = runtime.directory.now()
    matters: list[Matter] = []
    facts: list[Recorded] = []
    items: list[Item] = []
    files: list[Attached] = []
    letters: list[Told] = []
    for id_ in subject.matters:
        history = runtime.store.stream(f"matter-{id_}")
        states = _states(runtime, history)
        matters.append(states[history[-1].position])
        mine = tuple(_attached(history, len(files)))
        files.extend(mine)
        listed = _items(runtime, history, matters[-1], directory, mine)
        items.extend(sorted(listed, key=lambda item: (item.group, item.position)))
        sent = tuple(_letters(runtime, history, states, directory, len(letters)))
        letters.extend(sent)
        facts.extend(history)
        for one in sent:
            for row in one.rows:
                facts.extend(runtime.store.stream(f"letter-{row.id}"))
    return Gathered(
        subject=subject,
        matters=tuple(matters),
        facts=tuple(sorted(facts, key=lambda one: one.position)),
        items=tuple(items),
        files=tuple(files),
        letters=tuple(letters),
    )


def _led(runtime: Runtime, unit: UnitId, year: int) -> Iterator[MatterId]:
    from projections.lists import ever_led

    with runtime.database.reading.connect() as connection:
        candidates = ever_led(connection, unit)
    for matter in candidates:
        history = runtime.store.stream(f"matter-{matter}")
        states = _states(runtime, history)
        before: UnitId | None = None
        for recorded in history:
            lead = states[recorded.position].lead_unit
            if recorded.recorded_at.astimezone(BEIJING).year == year and unit in (before, lead):
                yield matter
                break
            before = lead


def _states(runtime: Runtime, history: Sequence[Recorded]) -> dict[int, Matter]:
    """The matter right after each of its facts."""
    folder = runtime.handling.folder(history[0].stream)
    state = folder.begin(history[0].stream)
    found: dict[int, Matter] = {}
    for recorded in history:
        state = found[recorded.position] = folder.evolve(state, recorded)
    return found


def _attached(history: Sequence[Recorded], already: int) -> Iterator[Attached]:
    evidence = [one.fact.evidence for one in history if isinstance(one.fact, EvidenceAttached)]
    for count, one in enumerate(evidence, already + 1):
        yield Attached(path=f"files/{count:03d}-{one.name}", evidence=one)


def _items(
    runtime: Runtime,
    history: Sequence[Recorded],
    matter: Matter,
    directory: Directory,
    files: Sequence[Attached],
) -> Iterator[Item]:
    procedure = runtime.settings.procedures.get(matter.kind)
    wording = procedure.wording if procedure else ""
    paths = {one.evidence.id: one.path for one in files}
    for recorded in history:
        at = recorded.recorded_at.astimezone(BEIJING)
        said = told(recorded, directory, at.date(), wording=wording)
        fact = recorded.fact
        yield Item(
            group=group_of(recorded.type),
            position=recorded.position,
            matter=f"{official(matter.number, runtime.settings.organization.code)} {matter.title}",
            title=fact.evidence.name if isinstance(fact, EvidenceAttached) else said.title,
            by=by_line(recorded, directory, at.date()),
            on=at.date(),
            at=at,
            sentences=said.sentences,
            basis=recorded.basis or "",
            files=(paths[fact.evidence.id],) if isinstance(fact, EvidenceAttached) else (),
        )


def _letters(
    runtime: Runtime,
    history: Sequence[Recorded],
    states: dict[int, Matter],
    directory: Directory,
    already: int,
) -> Iterator[Told]:
    house = post_office(runtime).desk.house
    by_position = {one.position: one for one in history}
    matter = states[history[-1].position].id
    with runtime.database.reading.connect() as connection:
        rows = box.found(connection, box.Asked(matter=matter, limit=MOST_LETTERS))
    together: dict[tuple[int, str, str], list[LetterRow]] = {}
    for row in sorted(rows, key=lambda row: (row.position, row.id)):
        if row.position in by_position:
            together.setdefault((row.position, row.rule, row.post.key), []).append(row)
    for count, ((position, _, _), same) in enumerate(together.items(), already + 1):
        text = _text(same[0], states[position], by_position[position], house, directory)
        yield Told(
            path=f"letters/{count:03d}.txt",
            text=text,
            rows=tuple(same),
            addressee=_addressee(same[0].post, directory, same[0].written_at),
        )


def _text(row: LetterRow, matter: Matter, recorded: Recorded, house: House, directory: Directory) -> str:
    page = LetterPage(
        rule=row.rule,
        post=row.post,
        copy=row.copy,
        matter=matter,
        fact=recorded.fact,
        at=row.handed_at or row.written_at,
        house=house,
        directory=directory,
    )
    return render_text(page)


def _addressee(post: Post, directory: Directory, at: datetime) -> str:
    if post.person is not None:
        return directory.person_name(post.person)
    unit = directory.unit_name(post.unit, at.astimezone(BEIJING).date()) if post.unit else ""
    role = post.role.label if post.role else ""
    return f"{unit}{role.removeprefix('责任单位')}" if unit else role
