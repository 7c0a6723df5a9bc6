"""A served office and a browser for each test module."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.given import Site, site
from tests.service.opened import Furnished, furnished


@pytest.fixture(scope="session")
def furnished_office(tmp_path_factory: pytest.TempPathFactory) -> Furnished:
    """An office on SQLite, closed, to be copied."""
    return furnished(tmp_path_factory.mktemp("browser-office"))


@pytest.fixture(scope="module")
def served_office(
    furnished_office: Furnished, tmp_path_factory: pytest.TempPathFactory, chromium: Browser
) -> Iterator[Site]:
    """The office of this module behind a real server."""
    with site(furnished_office, tmp_path_factory.mktemp("site"), chromium) as served:
        yield served
