"""What a test needs from the machine, and what happens where the machine does not have it.

A missing program skips the test with one line beginning 未测, gathered again at the end of the run;
under ``DUBAN_TEST_REQUIRE=all`` (as in continuous integration) it fails the test instead.
"""

import os
import shutil
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NoReturn

import pytest

SKIPPED = "未测"


def require(what: str, why: str) -> NoReturn:
    """End the test, for ``what`` is not to be had here: a loud skip, or a failure where all is required."""
    line = f"{SKIPPED} {what}：{why}"
    if os.environ.get("DUBAN_TEST_REQUIRE") == "all":
        pytest.fail(line, pytrace=False)
    pytest.skip(line)


def program(*names: str, what: str, package: str) -> Path:
    """The first of these programs found on the path; without any, ``require``."""
    for name in names:
        if found := shutil.which(name):
            return Path(found)
    require(what, f"没有 {'、'.join(names)}，Debian 上安装 {package}")


def untested(reports: Iterable[pytest.TestReport]) -> Counter[str]:
    """The lines ``require`` skipped with, and how many tests each took out."""
    reasons = (report.longrepr[2] for report in reports if isinstance(report.longrepr, tuple))
    lines = (reason.removeprefix("Skipped: ") for reason in reasons)
    return Counter(line for line in lines if line.startswith(f"{SKIPPED} "))
