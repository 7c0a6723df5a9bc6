"""A furnished record to measure on: thirty units with their people, the office, verifiers; made once and copied."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from events.directory.commands import ImportDirectory, PersonRow, UnitRow
from events.record.envelope import OPERATOR, Actor
from events.vocabulary import Role, UserName
from service.clock import beijing_day, machine_now
from service.commands.directing import Directing, direct, import_directory
from service.identity import actor_of
from service.opening import init
from service.runtime import Runtime, open_runtime
from service.settings import read_settings

UNITS = 30
TOP = "县人民政府"
SQLITE = "sqlite:///var/duban.sqlite3"
_CONFIG = """[database]
url = "{url}"
[clock]
mode = "{mode}"
start = "2025-01-01T08:00:00+08:00"
max_gap_days = 400
[mail]
host = "{smtp_host}"
port = {smtp_port}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """Who can act, and where the record lies. The folder holds its ``config.toml`` and everything below ``var``."""

    folder: Path
    units: tuple[str, ...]
    """Ids; the liaison of unit ``n`` is the account ``liaison<n>``."""
    verifier: str
    """Person of the account ``verifier``."""
    tokens: dict[str, str]
    """Account → bearer token."""

    @property
    def config(self) -> Path:
        """Its configuration file."""
        return self.folder / "config.toml"

    def liaison(self, unit: int) -> str:
        """The account that acts for a unit."""
        return f"liaison{unit}"


def furnish(
    folder: Path,
    *,
    mode: str = "real",
    url: str = SQLITE,
    smtp: tuple[str, int] = ("", 25),
    at: datetime | None = None,
) -> Office:
    """A new record in a new folder. ``at`` is the moment everything is entered (rehearsal only)."""
    folder.mkdir(parents=True)
    text = _CONFIG.format(url=url, mode=mode, smtp_host=smtp[0], smtp_port=smtp[1])
    (folder / "config.toml").write_text(text, encoding="utf-8")
    settings = read_settings(folder / "config.toml", environment={})
    init(settings, UserName("admin"), "measured-4-times")
    runtime = open_runtime(settings)
    try:
        office = _people(runtime, folder, at or runtime.clock.now())
    finally:
        runtime.close()
    _note(office)
    return office


def _people(runtime: Runtime, folder: Path, at: datetime) -> Office:
    names = [f"第{n + 1}责任单位" for n in range(UNITS)]
    rows: list[UnitRow | PersonRow] = [UnitRow(line=1, name=TOP), UnitRow(line=2, name="督查室", parent=TOP)]
    rows += [UnitRow(line=3 + n, name=name, parent=TOP) for n, name in enumerate(names)]
    accounts = {"clerk": ("督查室", Role.OFFICE_CLERK), "head": ("督查室", Role.OFFICE_HEAD)}
    accounts |= {"verifier": (TOP, Role.VERIFIER), "leader": (TOP, Role.LEADER)}
    accounts |= {f"liaison{n}": (name, Role.UNIT_LIAISON) for n, name in enumerate(names)}
    posts = accounts | {f"chief{n}": (name, Role.UNIT_HEAD) for n, name in enumerate(names)}
    for line, (person, (unit, role)) in enumerate(posts.items(), start=100):
        rows.append(
            PersonRow(line=line, name=person, unit=unit, email=f"{person}@county.example", roles=(role,))
        )
    import_directory(runtime, OPERATOR, ImportDirectory(rows=tuple(rows)), at)
    known = runtime.directory.now()
    people = {person.name: key for key, person in known.people.items()}
    day = beijing_day(at)
    units = {unit.name(day): key for key, unit in known.units.items()}
    for name, (_, role) in accounts.items():
        fields = {
            "name": name,
            "person": people[name],
            "roles": [role.value],
            "password": f"{name[::-1]}-9x7y5z",
        }
        direct(
            runtime,
            Directing(actor=OPERATOR, collection="users", verb="register", id=None, fields=fields, at=at),
        )
    tokens = {name: runtime.accounts.make_token(UserName(name), machine_now()) for name in accounts}
    return Office(
        folder=folder,
        units=tuple(units[name] for name in names),
        verifier=people["verifier"],
        tokens=tokens,
    )


def _note(office: Office) -> None:
    plain = asdict(office) | {"folder": ""}
    (office.folder / "office.json").write_text(json.dumps(plain), encoding="utf-8")


def office_in(folder: Path) -> Office:
    """The office that was furnished, or copied, into a folder."""
    plain = json.loads((folder / "office.json").read_text(encoding="utf-8"))
    return Office(
        folder=folder, units=tuple(plain["units"]), verifier=plain["verifier"], tokens=plain["tokens"]
    )


def copied(office: Office, folder: Path, *, url: str | None = None) -> Office:
    """The same office in another folder; ``url`` names the copy of its database where that is not in the folder."""
    shutil.copytree(office.folder, folder)
    if url is not None:
        config = folder / "config.toml"
        lines = config.read_text(encoding="utf-8").splitlines()
        lines[1] = f'url = "{url}"'
        config.write_text("\n".join(lines), encoding="utf-8")
    return office_in(folder)


@contextmanager
def opened(office: Office) -> Iterator[Runtime]:
    """The service's parts on an office's record."""
    runtime = open_runtime(read_settings(office.config, environment={}))
    try:
        yield runtime
    finally:
        runtime.close()


def actors(runtime: Runtime, office: Office, at: datetime) -> dict[str, Actor]:
    """Every account as one who acts."""
    directory, day = runtime.directory.now(), beijing_day(at)
    return {name: actor_of(directory, UserName(name), day) for name in office.tokens}
