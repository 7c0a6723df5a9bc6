"""``duban --help`` is there at once: it loads nothing that only some command needs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).parent.parent.parent
NOT_FOR_HELP = ("asyncio", "fastapi", "jinja2", "msgspec", "sqlalchemy", "structlog", "uvicorn")


def test_help_loads_neither_database_nor_server() -> None:
    """看一眼帮助不用等：数据库、网页、事件循环都不装进来。"""
    code = f"""
import sys
from service.cli import main
main([])
print([name for name in {NOT_FOR_HELP!r} if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=TOP, capture_output=True, text=True, check=True)
    assert "serve" in done.stdout
    assert done.stdout.splitlines()[-1] == "[]"
