"""Fonts scanned once for all tests of documents."""

import pytest

from service.documents.fonts import FontShelf
from tests.documents.given import BARE


@pytest.fixture(scope="session")
def shelf() -> FontShelf:
    """The fonts of a bare machine."""
    return FontShelf(BARE)
