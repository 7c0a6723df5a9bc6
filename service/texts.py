"""What people hand to the command line: text files, days."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from events.refusals import Invalid, Malformed


def text_of(file: Path) -> str:
    """A text file's content, in UTF-8 or as spreadsheets here save it (GB 18030). Raises Invalid for other files."""
    return decoded(file.read_bytes(), str(file))


def decoded(content: bytes, name: str) -> str:
    """As ``text_of``, of bytes at hand."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid(f"{name} 不是文本文件；另存为 CSV（UTF-8）再导入。", code="unreadable-calendar")


def day_of(text: str, option: str) -> date:
    """A day as an option gives it. Raises Malformed ``wrong-value``."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Malformed(
            f"{option} {text[:20]} 不是日期；写成 2025-06-30 这样。", code="wrong-value"
        ) from None
