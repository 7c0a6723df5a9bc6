"""Reading the commands out of a page's console blocks."""

import os
import re
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
_BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)


def commands(page: str) -> list[str]:
    """Every line after a dollar sign, in order."""
    text = (ROOT / page).read_text(encoding="utf-8")
    lines = (line for block in _BLOCK.findall(text) for line in block.splitlines())
    return [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]


def links(page: str) -> list[str]:
    """Every file of the repository a page links to."""
    text = (ROOT / page).read_text(encoding="utf-8")
    found = re.findall(r"\]\(([^)#]+)\)", text)
    return [link for link in found if "://" not in link]


def furnish(folder: Path) -> dict[str, str]:
    """Makes a folder as it is after ``make install``: configuration, ``.venv`` with duban; gives its environment."""
    (folder / "config.toml").write_bytes((ROOT / "config.toml").read_bytes())
    programs = folder / ".venv" / "bin"
    programs.mkdir(parents=True)
    duban = programs / "duban"
    duban.write_text(f'#!/bin/sh\nexec {sys.executable} -m service.cli "$@"\n')
    duban.chmod(0o755)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DUBAN_")}
    return {**environment, "PYTHONPATH": str(ROOT)}
