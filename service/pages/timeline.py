"""经过: what happened, newest first by day, every act under its seal and the runs of one rule folded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from urllib.parse import urlencode

from events.directory.state import Directory
from events.matter.correctable import CORRECTABLE
from events.matter.correcting import FactCorrected, MatterAmended
from events.matter.evidencing import EvidenceAttached
from events.matter.extending import ExtensionGranted, ExtensionRefused, ExtensionRequested
from events.matter.petitioning import PetitionerNoted
from events.matter.pressing import DueDateRecomputed
from events.matter.suspending import MatterResumed, MatterSuspended
from events.matter.telling import Maker, Told, told
from events.matter.withdrawing import AssignmentRecalled, EvidenceWithdrawn
from events.record.envelope import CLOCK, FOR_A_PERSON, Recorded
from events.vocabulary import PersonId, Role, UserName
from service.pages.views import Link
from service.pages.words import beijing, full_day, hour, place_in_record


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """A kind of entries one may look at alone."""

    label: str
    takes: Callable[[Recorded], bool]


def _of_clock(recorded: Recorded) -> bool:
    return recorded.actor == CLOCK.user


def _moves_the_limit(recorded: Recorded) -> bool:
    return isinstance(recorded.fact, LIMIT_FACTS) or (
        not _of_clock(recorded) and getattr(recorded.fact, "due_on", None) is not None
    )


LIMIT_FACTS = (
    ExtensionRequested,
    ExtensionGranted,
    ExtensionRefused,
    MatterSuspended,
    MatterResumed,
    DueDateRecomputed,
)
FILTERS: Mapping[str, Filter] = {
    "people": Filter(label="人办的", takes=lambda recorded: not _of_clock(recorded)),
    "rules": Filter(label="规则办的", takes=_of_clock),
    "files": Filter(label="材料", takes=lambda recorded: isinstance(recorded.fact, EvidenceAttached)),
    "limits": Filter(label="期限", takes=_moves_the_limit),
    "fixes": Filter(
        label="更正", takes=lambda recorded: isinstance(recorded.fact, FactCorrected | MatterAmended)
    ),
}
"""Name in the address → what is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One sentence of an entry, with a link where there is something to open."""

    text: str
    struck: bool = False
    term: str = ""
    href: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """One of a folded run."""

    position: int
    when: str
    place: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One act."""

    position: int
    make: str
    seal: str
    title: str
    by: str
    when: str
    place: str
    lines: tuple[Line, ...] = ()
    quote: str = ""
    """A leader's own words."""
    corrected: int | None = None
    """Position of the fact that corrects this one, or takes it back."""
    corrected_as: str = ""
    """已更正, 已收回, 已撤回."""
    correct: str = ""
    """Where this one can be corrected."""
    folded: tuple[Folded, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day's entries."""

    label: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """The whole of it."""

    count: int
    links: tuple[Link, ...]
    days: tuple[Day, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What telling a history needs."""

    directory: Directory
    today: date
    wording: str
    address: str
    """Of the matter's page."""
    may_correct: bool
    may_reveal: bool
    """Whether names of who told of the matter may be seen."""
    corrected: dict[int, Recorded]
    """Position → the fact that corrects it or takes it back."""


TAKEN_BACK: Mapping[type[object], str] = {
    FactCorrected: "已更正",
    AssignmentRecalled: "已收回",
    EvidenceWithdrawn: "已撤回",
}
"""Facts that name the one they answer by its position, and what that one is from then on."""


def timeline(
    history: Sequence[Recorded], telling: Telling, *, only: str = "", oldest_first: bool = False
) -> Timeline:
    """The history as a timeline; ``only`` names one of ``FILTERS``, anything else shows all."""
    chosen = FILTERS.get(only)
    shown = [r for r in history if chosen is None or chosen.takes(r)]
    runs = [list(run) for _, run in groupby(shown if oldest_first else reversed(shown), key=_run)]
    days = tuple(
        Day(label=_day_label(day, telling.today), entries=tuple(_entries(runs_of_day, telling)))
        for day, runs_of_day in groupby(runs, key=lambda run: beijing(run[0].recorded_at).date())
    )
    links = _links(history, telling.address, only if chosen else "", oldest_first)
    return Timeline(count=len(shown), links=links, days=days)


def _run(recorded: Recorded) -> str:
    """Neighbours of one rule are told as one."""
    return recorded.type if recorded.actor == CLOCK.user else str(recorded.position)


def _day_label(day: date, today: date) -> str:
    return f"今天 {full_day(day, today)}" if day == today else full_day(day, today)


def corrections(history: Sequence[Recorded]) -> dict[int, Recorded]:
    """Which facts, by position, were corrected or taken back, and by which."""
    return {r.fact.position: r for r in history if type(r.fact) in TAKEN_BACK}


def by_line(recorded: Recorded, directory: Directory, day: date) -> str:
    """Who acted: “督查室 林砚秋”, “规则”."""
    if recorded.actor == CLOCK.user:
        return f"规则 {_offset(recorded.fact)}".strip()
    unit = directory.unit_name(recorded.unit, day, recorded.position)
    role = Role(recorded.role).label if recorded.role in set(Role) and not unit else ""
    name = _account(recorded.actor, directory)
    behalf = (
        f"，{_behalf(recorded.on_behalf_of, directory, day, recorded.position)}"
        if recorded.on_behalf_of
        else ""
    )
    return f"{unit or role} {name}{behalf}".strip()


def _behalf(for_whom: str, directory: Directory, day: date, position: int) -> str:
    """代 for a person who is away, 代…录 for a unit's paper."""
    if for_whom.startswith(FOR_A_PERSON):
        return f"代{directory.person_name(for_whom.removeprefix(FOR_A_PERSON))}"
    return f"代{directory.unit_name(for_whom, day, position)}录"


def _account(user: str, directory: Directory) -> str:
    known = directory.users.get(UserName(user))
    person = directory.people.get(PersonId(known.person)) if known and known.person else None
    return person.name if person else user


def _entries(runs: Iterable[list[Recorded]], telling: Telling) -> Iterator[Entry]:
    for run in runs:
        yield _entry(run[0], telling) if len(run) == 1 else _folded(run, telling)


def _entry(recorded: Recorded, telling: Telling) -> Entry:
    day = beijing(recorded.recorded_at).date()
    said = told(recorded, telling.directory, day, wording=telling.wording)
    corrected = telling.corrected.get(recorded.position)
    quote, lines = _lines(recorded, said, struck=corrected is not None, telling=telling)
    may = telling.may_correct and type(recorded.fact) in CORRECTABLE
    return Entry(
        position=recorded.position,
        make=said.maker.value,
        seal=said.seal,
        title=said.title,
        by=by_line(recorded, telling.directory, day),
        when=hour(recorded.recorded_at),
        place=place_in_record(recorded.position),
        quote=quote,
        lines=lines,
        corrected=corrected.position if corrected else None,
        corrected_as=TAKEN_BACK[type(corrected.fact)] if corrected else "",
        correct=f"{telling.address}/correct?position={recorded.position}" if may else "",
    )


def _lines(recorded: Recorded, said: Told, *, struck: bool, telling: Telling) -> tuple[str, tuple[Line, ...]]:
    sentences = list(said.sentences)
    quote = sentences.pop(0) if said.maker is Maker.LEADER and sentences else ""
    lines = [Line(text=sentence, struck=struck) for sentence in sentences]
    if isinstance(recorded.fact, EvidenceAttached):
        evidence = recorded.fact.evidence
        lines.append(Line(text="", href=f"/evidence/{evidence.id}", link=f"打开 {evidence.name}"))
    if isinstance(recorded.fact, PetitionerNoted) and telling.may_reveal:
        lines.append(
            Line(text="", href=f"{telling.address.partition('?')[0]}/petitioners", link="看姓名电话")
        )
    if recorded.basis:
        lines.append(Line(term="依据", text=recorded.basis))
    if _stated_apart(recorded):
        occurred = beijing(recorded.occurred_at)
        lines.append(Line(text=f"所述发生时间 {full_day(occurred.date(), telling.today)} {hour(occurred)}"))
    if type(recorded.fact) in TAKEN_BACK:
        lines.append(
            Line(
                text="",
                href=f"#f{recorded.fact.position}",
                link=f"看原来那一条（{place_in_record(recorded.fact.position)}）",
            )
        )
    return quote, tuple(lines)


def _stated_apart(recorded: Recorded) -> bool:
    if getattr(recorded.fact, "effective_at", None) is not None:
        return False
    return abs((recorded.recorded_at - recorded.occurred_at).total_seconds()) > 60


def _folded(facts: list[Recorded], telling: Telling) -> Entry:
    newest = max(facts, key=lambda r: r.position)
    whole = _entry(newest, telling)
    runs = tuple(
        Folded(
            position=one.position,
            when=f"{beijing(one.recorded_at).month}月{beijing(one.recorded_at).day}日 {hour(one.recorded_at)}",
            place=place_in_record(one.position),
            text=" ".join(told(one, telling.directory, telling.today, wording=telling.wording).sentences),
        )
        for one in facts
        if one is not newest
    )
    return Entry(
        position=whole.position,
        make=whole.make,
        seal=whole.seal,
        title=f"{whole.title} {len(facts)} 次",
        by=whole.by,
        when=whole.when,
        place=whole.place,
        lines=whole.lines,
        folded=runs,
    )


def _offset(fact: object) -> str:
    offset = getattr(fact, "offset", None)
    if offset is None:
        return ""
    if offset == 0:
        return "当天"
    return f"提前 {-offset} 天" if offset < 0 else f"第 {offset} 天"


def _links(history: Sequence[Recorded], address: str, only: str, oldest_first: bool) -> tuple[Link, ...]:
    """All, each kind there is something of with its count, and the other order."""

    def to(name: str, *, oldest: bool) -> str:
        said = {**({"line": name} if name else {}), **({"order": "oldest"} if oldest else {})}
        joint = "&" if "?" in address else "?"
        return f"{address}{joint if said else ''}{urlencode(said)}#timeline"

    links = [Link(text="全部", href=to("", oldest=oldest_first), current=not only, count=str(len(history)))]
    for name, kind in FILTERS.items():
        if count := sum(kind.takes(recorded) for recorded in history):
            text, current = kind.label, name == only
            href = to(name, oldest=oldest_first)
            links.append(Link(text=text, href=href, current=current, count=str(count)))
    other = "新的在前" if oldest_first else "旧的在前"
    return (*links, Link(text=other, href=to(only, oldest=not oldest_first)))
