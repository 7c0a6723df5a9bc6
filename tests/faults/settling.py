"""What an operator does when all is over, in one process: the rest delivered, the clock caught up, all compared."""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from pathlib import Path
from typing import Any

from service.cli import main
from tests.faults.serving import Ahead

ROUNDS = 12


def settle(config: str) -> int:
    """Prints one JSON object: what each command said."""
    clock = Ahead(Path(os.environ["DUBAN_TEST_CLOCK"]))
    told: dict[str, Any] = {"delivered": [], "ticked": []}
    for _ in range(ROUNDS):
        clock.forward()
        told["delivered"].append(json.loads(_said(config, "deliver")))
        if not told["delivered"][-1]["waiting"]:
            break
    clock.forward()
    told["again"] = json.loads(_said(config, "deliver"))
    for _ in range(2):
        told["ticked"].append(json.loads(_said(config, "tick")))
    told["verify"] = _said(config, "verify")
    told["compare"] = _said(config, "rebuild", "--check")
    sys.stdout.write(json.dumps(told))
    return 0


def _said(config: str, *words: str) -> str:
    """What a command printed at its good end."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        code = main([*words, "--config", config])
    if code:
        raise SystemExit(f"{words}: {code} {out.getvalue()}")
    return out.getvalue()
