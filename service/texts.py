"""Text files as people here save them."""

from __future__ import annotations

from pathlib import Path

from events.refusals import Invalid


def text_of(file: Path) -> str:
    """A text file's content, in UTF-8 or as spreadsheets here save it (GB 18030). Raises Invalid for other files."""
    content = file.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid(f"{file} 不是文本文件；另存为 CSV（UTF-8）再导入。", code="unreadable-calendar")
