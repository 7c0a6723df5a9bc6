"""名录表: lines of a spreadsheet or a CSV file, read into the rows of a bulk import."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from events.directory.checking import shown
from events.directory.commands import ImportDirectory, PersonRow, UnitRow
from events.directory.importing import rows_refused
from events.refusals import Invalid
from events.vocabulary import Role

COLUMNS = ("种类", "名称", "所在", "类别", "邮箱", "电话", "职务")
"""种类 is 单位 or 人员; 所在 is a unit's parent or a person's unit; 类别 is a unit's, the last three are a person's."""


def read_rows(rows: Iterable[tuple[int, Mapping[str, object]]]) -> ImportDirectory:
    """The import a table stands for, from its numbered lines; blank ones are passed over.

    Raises UnreadableRows naming every line that cannot be read.
    """
    taken: list[UnitRow | PersonRow] = []
    errors: list[tuple[int, str]] = []
    for line, row in rows:
        cells = {column: str(row.get(column) or "").strip() for column in COLUMNS}
        if not any(cells.values()):
            continue
        try:
            taken.append(_read(line, cells))
        except Invalid as refused:
            errors.append((line, refused.sentence))
    if errors:
        raise rows_refused(errors)
    return ImportDirectory(rows=tuple(taken))


def read_roles(written: str) -> tuple[Role, ...]:
    """Posts written by label or id, separated by 、 or a comma; raises Invalid for an unknown one."""
    roles: list[Role] = []
    for word in filter(None, (part.strip() for part in _BETWEEN.split(written))):
        role = _ROLES.get(word)
        if role is None:
            known = "、".join(r.label for r in Role)
            raise Invalid(f"职务{shown(word)}不认识，请从这些里选：{known}。")
        roles.append(role)
    return tuple(roles)


def _read(line: int, cells: Mapping[str, str]) -> UnitRow | PersonRow:
    match cells["种类"]:
        case "单位":
            return UnitRow(
                line=line, name=cells["名称"], parent=cells["所在"] or None, kind=cells["类别"] or None
            )
        case "人员":
            return PersonRow(
                line=line,
                name=cells["名称"],
                unit=cells["所在"],
                email=cells["邮箱"] or None,
                phone=cells["电话"] or None,
                roles=read_roles(cells["职务"]),
            )
        case other:
            raise Invalid(f"种类写的是{shown(other)}，应写“单位”或“人员”。")


_BETWEEN = re.compile(r"[、,，;；]")
_ROLES = {word: role for role in Role for word in (role.value, role.label)}
