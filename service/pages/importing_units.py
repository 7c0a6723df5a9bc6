"""批量录入: a table of units and people, looked at line by line before it is entered."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.datastructures import FormData, UploadFile
from starlette.responses import RedirectResponse, Response

from events.directory.reading import COLUMNS
from events.refusals import Invalid, Refusal
from service.commands.directing import import_directory, look_at_import, read_directory
from service.commands.performing import fingerprint
from service.errors import status_of
from service.identity import must_be_admin
from service.pages.rendering import show
from service.pages.shell import Shell
from service.pages.views import Problem
from service.pages.visiting import Sent, Visit, Visiting, shell_of
from service.texts import decoded

router = APIRouter(include_in_schema=False)

SEE_OTHER = 303
PATH = "/units/import"
LONGEST = 1_000_000
EXAMPLE = f"{','.join(COLUMNS)}\n单位,云溪县,,县级,,,\n单位,青石镇,云溪县,乡镇,,,\n人员,何远舟,青石镇,,,,责任单位联络员"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What becomes of one line."""

    line: int
    said: str
    """Its words, as typed."""
    fate: str
    wrong: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPage:
    """The form, with every line's fate once looked at."""

    shell: Shell
    action: str
    table: str
    example: str
    columns: str
    problems: tuple[Problem, ...]
    fates: tuple[Fate, ...]
    ready: str
    """What would be entered; empty while something is wrong or nothing was looked at."""


@router.get(PATH)
def begin(visit: Visiting) -> Response:
    """The empty form."""
    must_be_admin(visit.actor)
    return show("import_directory.html", _form(visit, ""))


@router.post(PATH)
def send(visit: Visiting, form: Sent) -> Response:
    """Looks at a table, or enters it."""
    must_be_admin(visit.actor)
    table = str(form.get("table", "")).replace("\r\n", "\n")
    actor, at = visit.actor, visit.asking.moment
    try:
        table = _text_of(form, table)
        command = read_directory(table)
        if form.get("step") != "enter":
            found = look_at_import(visit.runtime, actor, command, at)
            ready = f"{found['units']} 个单位、{found['people']} 人"
            return show("import_directory.html", _form(visit, table, fates=_fates(table, {}), ready=ready))
        key = str(form.get("command_id", ""))
        import_directory(
            visit.runtime,
            actor,
            command,
            at,
            command_id=f"{actor.user}:{key}" if key else None,
            fingerprint=fingerprint("POST", PATH, table.encode()) if key else None,
        )
    except Refusal as refusal:
        errors = {int(error["line"]): str(error["detail"]) for error in refusal.extra.get("errors", ())}
        problem = Problem(sentence=refusal.sentence, field="f-table")
        fates = _fates(table, errors) if errors else ()
        page = _form(visit, table, problem, fates=fates)
        return show("import_directory.html", page, status=status_of(refusal)[0])
    return RedirectResponse("/units", SEE_OTHER)


def _text_of(form: FormData, typed: str) -> str:
    """The table as typed, or as in the file that came with it. Raises Invalid."""
    upload = form.get("file")
    if isinstance(upload, UploadFile) and upload.filename:
        content = upload.file.read(LONGEST + 1)
        if len(content) > LONGEST:
            raise Invalid("文件超过 1 MB，请分成几个文件再传。", code="too-long")
        typed = decoded(content, "所选文件").replace("\r\n", "\n")
    if "\0" in typed:
        raise Invalid("表里有空字符，不是文本；用表格软件另存为 CSV 再传。", code="unreadable-rows")
    return typed


def _fates(table: str, errors: Mapping[int, str]) -> tuple[Fate, ...]:
    """Every line that says something; a line without a fault waits for the others' to be put right."""
    reader = csv.DictReader(io.StringIO(table))
    fates = []
    for row in reader:
        words = [str(row.get(column) or "").strip() for column in COLUMNS]
        if any(words):
            wrong = errors.get(reader.line_num)
            good = "可以录入" if not errors else "没有问题，等别的行改好一起录入"
            said = "，".join(word for word in words if word)
            fates.append(Fate(line=reader.line_num, said=said, fate=wrong or good, wrong=wrong is not None))
    return tuple(sorted(fates, key=lambda fate: (not fate.wrong, fate.line)))


def _form(
    visit: Visit,
    table: str,
    problem: Problem | None = None,
    *,
    fates: tuple[Fate, ...] = (),
    ready: str = "",
) -> ImportPage:
    return ImportPage(
        shell=shell_of(visit, "批量录入单位和人员"),
        action=PATH,
        table=table,
        example=EXAMPLE,
        columns="、".join(COLUMNS),
        problems=(problem,) if problem else (),
        fates=fates,
        ready=ready,
    )
