"""Reading the commands out of a page's console blocks."""

import re
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
