"""Opening 云溪县: a record made once and copied for each test, behind a client in this process or a real server."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import uvicorn
from sqlalchemy import update

from events.vocabulary import UserName
from service.app import make_app
from service.opening import init
from service.runtime import Runtime, open_runtime
from service.settings import Settings, settings_from
from service.storage.tables import accounts
from tests.service.given import STAFF, UNITS, Office
from tests.service.inside import client_of, living


def settings_at(folder: Path, url: str | None = None, **sections: Mapping[str, Any]) -> Settings:
    """A rehearsal's settings, everything under one folder; no bulletins unless a test is about them."""
    tables: dict[str, Any] = {
        "clock": {"mode": "rehearsal"},
        "bulletins": {"enabled": False},
        "database": {"url": url or f"sqlite:///{folder}/var/duban.sqlite3"},
        **{name: dict(section) for name, section in sections.items()},
    }
    return settings_from(tables, path=folder / "config.toml")


def furnish(runtime: Runtime, client: Any) -> Office:
    """An office with its units, people and accounts, made through the API at the standing clock."""
    real = datetime.now(UTC)
    office = Office(
        client=client,
        tokens={"admin": runtime.accounts.make_token(UserName("admin"), real)},
        runtime=runtime,
        settings=runtime.settings,
    )
    for key, (name, parent) in UNITS.items():
        body = {"name": name, **({"parent": office.units[parent]} if parent else {})}
        office.units[key] = office.made("/units", body)["id"]
    for account, (name, unit, role) in STAFF.items():
        person = {
            "name": name,
            "unit": office.units[unit],
            "roles": [role],
            "email": f"{account}@yunxi.example",
        }
        office.people[account] = office.made("/people", person)["id"]
        office.made("/users", {"name": account, "person": office.people[account], "roles": [role]})
        office.tokens[account] = runtime.accounts.make_token(UserName(account), real)
    with runtime.database.writing.connect() as connection, connection.begin():
        connection.execute(update(accounts).values(must_change=0))  # as if all had changed theirs
    return office


@contextmanager
def app_client(runtime: Runtime) -> Iterator[Any]:
    """A client of the application in this process; it closes the runtime."""
    app = make_app(runtime, pages=False)
    with living(app), client_of(app, raises=False) as client:
        yield client


@contextmanager
def an_office(settings: Settings) -> Iterator[Office]:
    """A new record, furnished."""
    init(settings)
    runtime = open_runtime(settings)
    with app_client(runtime) as client:
        yield furnish(runtime, client)


@dataclass(frozen=True, kw_only=True)
class Furnished:
    """A furnished office that was closed, to be copied: opening one anew takes a second, a copy a blink."""

    folder: Path
    url: str | None
    tokens: dict[str, str]
    units: dict[str, str]
    people: dict[str, str]

    @contextmanager
    def copy(self, folder: Path, url: str | None = None, **sections: Mapping[str, Any]) -> Iterator[Office]:
        """The same office in another folder."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        settings = settings_at(folder, url, **sections)
        runtime = open_runtime(settings)
        with app_client(runtime) as client:
            yield Office(
                client=client,
                tokens=dict(self.tokens),
                units=dict(self.units),
                people=dict(self.people),
                runtime=runtime,
                settings=settings,
            )


def furnished(folder: Path, url: str | None = None) -> Furnished:
    """Makes an office to be copied."""
    with an_office(settings_at(folder, url)) as office:
        tokens, units, people = office.tokens, office.units, office.people
    return Furnished(folder=folder, url=url, tokens=tokens, units=units, people=people)


@contextmanager
def served(runtime: Runtime) -> Iterator[Any]:
    """A client of a real server on a free port of the loopback."""
    config = uvicorn.Config(
        make_app(runtime, pages=False),
        host="127.0.0.1",
        port=0,
        log_level="error",
        access_log=False,
        lifespan="on",
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    ends = time.monotonic() + 20
    while not server.started:
        assert thread.is_alive()
        assert time.monotonic() < ends, "the server did not start"
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
            yield client
    finally:
        server.should_exit = True
        thread.join(timeout=20)
