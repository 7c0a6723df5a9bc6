"""The page of a command's form: what it asks, what one should know first, what changed while it was filled in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from events.matter.permitted import PERMITTED, REGISTER
from events.matter.state import Matter
from events.matter.telling import told
from events.record.envelope import Recorded
from events.vocabulary import UnitId
from service.pages import background
from service.pages.background import Part
from service.pages.command_fields import command_fields, extra_fields
from service.pages.fields import HAS_FILE, FieldView, Raw, first
from service.pages.likes import Likes, likes_of
from service.pages.matter import kept_under
from service.pages.shell import Shell
from service.pages.showing import address
from service.pages.timeline import by_line
from service.pages.views import Link, Notice, Problem, Row
from service.pages.visiting import Visit, shell_of
from service.pages.wording import FORMS
from service.pages.words import beijing, day_and_hour, file_size, joined
from service.staging import StagedFile

NEW = REGISTER.name
GO_ON = "您填表的时候这一件有了变化，您的还没有交。写的都在；看过变化可以改，也可以照原样再交。"


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPage:
    """A form with what one should know before filling it in."""

    shell: Shell
    title: str
    sub: str
    action: str
    verb: str
    grave: bool
    then: str
    back: str
    keep: str
    """Key under which the browser keeps what is typed."""
    until_recorded: bool
    """Whether it is kept until a page says that it was recorded; else until it is sent."""
    carried: tuple[tuple[str, str], ...]
    fields: tuple[FieldView, ...]
    extras: tuple[FieldView, ...]
    extras_title: str
    extras_open: bool
    has_file: bool
    problems: tuple[Problem, ...]
    problems_title: str
    notice: Notice | None
    aside: tuple[Part, ...]
    meanwhile: tuple[Row, ...] = ()
    """What others did since the form was opened, newest first; each opens its entry of the timeline."""
    likes: Likes | None = None
    """At 立项: matters like what is being typed."""
    again: bool = False
    """Whether it was filled in before: what is in it stands, whatever else is kept of it."""
    most_mb: int = 0
    """How large a file may be, where one is asked for."""


NOT_KEPT = frozenset({"note-petitioner"})
"""Forms whose typed text no browser may keep: it holds names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """A form being filled in."""

    command: str
    matter: Matter | None
    history: Sequence[Recorded]
    raw: Raw
    behalf: UnitId | None = None
    """The unit whose paper is entered."""
    staged: StagedFile | None = None
    """The file that came with it before, and need not be chosen again."""

    @property
    def opened_at(self) -> int | None:
        """The matter's version the form was opened at."""
        version = first(self.raw, "version")
        return int(version) if version.isascii() and version.isdigit() else None


def form_page(
    visit: Visit,
    filling: Filling,
    problems: Mapping[str, str],
    *,
    general: tuple[Problem, ...] = (),
    stale: bool = False,
    likely: bool = False,
) -> FormPage:
    """The form as it stands: ``problems`` by field, ``general`` ones, and what one hears whose version is stale."""
    command, found, raw = filling.command, filling.matter, filling.raw
    permission = REGISTER if command == NEW else PERMITTED[command]
    label = permission.label_for(visit.wording(found.kind)) if found else permission.label
    fields = with_staged(
        command_fields(visit, command, found, raw, problems, filling.history), filling.staged
    )
    extras = with_staged(
        extra_fields(raw, problems, command, paper=filling.behalf is not None), filling.staged
    )
    title = (
        f"代{visit.unit_name(filling.behalf)}录：{label}"
        if filling.behalf
        else "登记立项"
        if command == NEW
        else label
    )
    where = address(found.id) if found else "/matters"
    listed = (*(Problem(sentence=said, field=f"f-{name}") for name, said in problems.items()), *general)
    return FormPage(
        shell=shell_of(visit, title),
        title=title,
        sub=f"{visit.number(found.number)} {found.title}" if found else "",
        action=f"{where}/{command}",
        verb=label,
        grave=permission.grave,
        then=FORMS[command].then,
        back=where,
        keep="" if command in NOT_KEPT else kept_under(visit, found, command),
        until_recorded=True,
        carried=_carried(filling, told_of_changes=bool(stale or general)),
        fields=fields,
        extras=extras,
        extras_title="纸质件、来电人、附言、依据、实际发生时间"
        if filling.behalf
        else "附言、依据、实际发生时间",
        extras_open=filling.behalf is not None or any(field.value or field.problem for field in extras),
        has_file=any(field.widget == HAS_FILE for field in (*fields, *extras)),
        problems=listed,
        problems_title=f"还有 {len(listed)} 处要改" if problems else f"现在不能{label}",
        notice=_stale_notice(where) if stale else LIKELY if likely else None,
        likes=likes_of(visit, raw) if command == NEW else None,
        meanwhile=meanwhile(visit, filling) if stale or general else (),
        again="csrf" in raw,
        most_mb=visit.runtime.files.max_bytes // 1_000_000,
        aside=background.parts(visit, found, filling.history, command) if found else (),
    )


def with_staged(fields: Iterable[FieldView], staged: StagedFile | None) -> tuple[FieldView, ...]:
    """A form's fields, its file no more asked for where one waits already."""
    if staged is None:
        return tuple(fields)
    said = f"{staged.name}，{file_size(staged.stored.size)}"
    return tuple(
        replace(field, value=staged.token, words=said, required=False) if field.widget == HAS_FILE else field
        for field in fields
    )


def meanwhile(visit: Visit, filling: Filling) -> tuple[Row, ...]:
    """What happened since the form was opened, newest first."""
    found, since = filling.matter, filling.opened_at
    if found is None or since is None:
        return ()
    return tuple(_happened(visit, found, one) for one in reversed(filling.history) if one.version > since)


def _happened(visit: Visit, found: Matter, recorded: Recorded) -> Row:
    day = beijing(recorded.recorded_at).date()
    said = told(recorded, visit.directory, day, wording=visit.wording(found.kind))
    return Row(
        title=said.title,
        href=f"{address(found.id)}#f{recorded.position}",
        meta=joined(by_line(recorded, visit.directory, day), day_and_hour(recorded.recorded_at, visit.day)),
        note=" ".join(said.sentences),
    )


LIKELY = Notice(
    kind="stale",
    title="有相似的事项",
    text="还没有立项。",
    link=Link(text="看下面几件，不是同一件再点“立项”", href="#likes"),
)
"""Said once, before a matter like others is registered."""


def _stale_notice(where: str) -> Notice:
    look = Link(text="看最新情况", href=where)
    return Notice(
        kind="stale",
        title="别人刚改过",
        text=GO_ON,
        link=look,
    )


def _carried(filling: Filling, *, told_of_changes: bool) -> tuple[tuple[str, str], ...]:
    """A form goes on from the version it was opened at until its reader was shown what changed since."""
    if filling.matter is None:
        return ()
    opened = None if told_of_changes else filling.opened_at
    carried = [("version", str(filling.matter.version if opened is None else opened))]
    return (*carried, ("for", _named(filling.matter, filling.behalf))) if filling.behalf else tuple(carried)


def _named(matter: Matter, unit: UnitId) -> str:
    return "unit" if unit == matter.lead_unit else unit
