"""A furnished office for each test: copied, not made anew, on SQLite or on both engines."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from service.runtime import open_runtime
from tests.conftest import new_database
from tests.service.given import Office
from tests.service.opened import Furnished, furnished, served, settings_at
from tests.service.programs import CONFIG, did, duban
from tests.service.week_story import CAREFUL

SEALED_ON = ("2008-03-04", "2008-03-05", "2008-03-25")


@pytest.fixture(scope="session")
def an_opened_office(tmp_path_factory: pytest.TempPathFactory) -> Furnished:
    """An office on SQLite, closed, to be copied."""
    return furnished(tmp_path_factory.mktemp("office"))


@pytest.fixture
def office(an_opened_office: Furnished, tmp_path: Path) -> Iterator[Office]:
    """An office of this test alone, on SQLite."""
    with an_opened_office.copy(tmp_path) as copy:
        yield copy


@pytest.fixture(scope="session")
def an_opened_office_on_postgres(
    postgres_server: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Furnished]:
    """An office on PostgreSQL, closed, to be copied."""
    with new_database(postgres_server) as url:
        yield furnished(tmp_path_factory.mktemp("office-pg"), url)


BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(params=BOTH)
def office_on_both(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    """An office of this test alone; the test runs once on each engine."""
    with office_on(request, tmp_path) as office:
        yield office


@pytest.fixture(params=BOTH)
def careful_on_both(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    """The same, where what comes from above is approved before it is assigned."""
    with office_on(request, tmp_path, procedures=CAREFUL) as office:
        yield office


@contextmanager
def office_on(request: pytest.FixtureRequest, folder: Path, **sections: Any) -> Iterator[Office]:
    """A copy of the opened office on the engine the fixture's parameter names."""
    if request.param == "sqlite":
        local: Furnished = request.getfixturevalue("an_opened_office")
        with local.copy(folder, **sections) as copy:
            yield copy
        return
    model: Furnished = request.getfixturevalue("an_opened_office_on_postgres")
    assert model.url is not None
    server = request.getfixturevalue("postgres_server")
    template = model.url.rpartition("/")[2]
    with new_database(server, template) as url, model.copy(folder, url=url, **sections) as copy:
        yield copy


@pytest.fixture
def opened(an_opened_office: Furnished, tmp_path: Path) -> Path:
    """A folder with a furnished office, a matter due 2008-03-20 in it, and its config.toml."""
    with an_opened_office.copy(tmp_path) as office:
        office.at("2008-03-03").rectifying(due_on="2008-03-20")
        office.attach()
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    return tmp_path


@pytest.fixture
def online(an_opened_office: Furnished, tmp_path: Path) -> Iterator[Office]:
    """The office behind a real server."""
    with an_opened_office.copy(tmp_path):
        pass
    runtime = open_runtime(settings_at(tmp_path))
    with served(runtime) as client:
        model = an_opened_office
        yield Office(
            client=client, tokens=dict(model.tokens), units=dict(model.units), people=dict(model.people)
        ).at("2008-03-03")


@pytest.fixture(scope="session")
def sealed(an_opened_office: Furnished, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an office, a matter with a file, and three seals; never changed, only copied."""
    folder = tmp_path_factory.mktemp("sealed")
    with an_opened_office.copy(folder) as office:
        office.at("2008-03-03").rectifying(due_on="2008-03-20")
        office.attach()
        (folder / "matter").write_text(office.matter, encoding="utf-8")
        for day in SEALED_ON:
            office.at(day)
            assert office.made("/tick")["seals"] == 1
            assert office.made("/tick")["seals"] == 0
    (folder / "config.toml").write_text(CONFIG, encoding="utf-8")
    did(duban(folder, "deliver"))
    return folder


@pytest.fixture
def copied(sealed: Path, tmp_path: Path) -> Callable[[], Path]:
    """Makes copies of that folder."""
    serial = count()

    def copy() -> Path:
        return Path(shutil.copytree(sealed, tmp_path / f"copy{next(serial)}"))

    return copy
