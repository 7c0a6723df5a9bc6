"""An office with half a year behind it, on each engine; nobody changes it."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from events.matter import correcting
from events.matter.extending import GrantExtension, RequestExtension
from tests.conftest import new_database
from tests.projections.office import Office
from tests.projections.opening import an_office
from tests.projections.staff import HEAD, LIAISON


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def lived(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Months in which only titles were corrected, so that a plain loop can follow."""

    def harmless(self: Office, facts: Mapping[int, object]) -> correcting.CorrectFact:
        fields = {"title": f"更正后的标题{next(self.ids)}"}
        return correcting.CorrectFact(position=min(facts), reason="笔误", fields=fields)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Office, "some_correction", harmless)
        if request.param == "sqlite":
            with an_office(f"sqlite:///{tmp_path_factory.mktemp('lived')}/duban.sqlite3") as office:
                yield _after_months(office)
            return
        with (
            new_database(request.getfixturevalue("postgres_server")) as url,
            an_office(url) as office,
        ):
            yield _after_months(office)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """A new record of this test alone, on SQLite."""
    with an_office(f"sqlite:///{tmp_path}/duban.sqlite3") as opened:
        yield opened


def _after_months(office: Office) -> Office:
    for _ in range(8):
        _extended(office)
        for _ in range(3):
            office.live(20)
            office.later(days=5)
    return office


def _extended(office: Office) -> None:
    """A matter with an extension granted: left to chance alone, months may pass without one."""
    late = office.assigned(due_on=office.today + timedelta(days=5))
    office.step(late, "acknowledge", LIAISON)
    until = office.today + timedelta(days=60)
    office.do(late, "request-extension", RequestExtension(until=until, reason="汛期"), LIAISON)
    office.do(late, "grant-extension", GrantExtension(until=until), HEAD)
