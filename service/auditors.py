"""The auditor's commands of ``duban``: what another rule would have changed, every rate counted by hand."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DONE, NO = 0, 1

Run = Callable[[argparse.Namespace], int]


def add_commands(commands: Any, common: argparse.ArgumentParser) -> None:
    """Hangs the auditor's commands on the parser."""

    def add(name: str, run: Run, help_: str) -> argparse.ArgumentParser:
        command: argparse.ArgumentParser = commands.add_parser(
            name, help=help_, description=help_, parents=[common]
        )
        command.set_defaults(run=run)
        return command

    whatif = add("whatif", _whatif, "过去一段换一张工作日表或一套程序再走一遍，看哪些会不同；不改记录")
    whatif.add_argument("--from", required=True, metavar="DATE", dest="first")
    whatif.add_argument("--to", required=True, metavar="DATE", dest="last")
    whatif.add_argument(
        "--calendar", type=Path, action="append", default=[], metavar="FILE.csv", help="工作日表，可给几张"
    )
    whatif.add_argument(
        "--procedure",
        type=Path,
        metavar="FILE.toml",
        help="[procedures.类别]、[reminders]，写法同 config.toml",
    )
    whatif.add_argument("--json", action="store_true", help="打印一个 JSON")


def _whatif(options: argparse.Namespace) -> int:
    from service.runtime import open_runtime
    from service.settings import read_settings
    from service.whatif.comparing import difference
    from service.whatif.supposition import read_supposition
    from service.whatif.telling import as_json, as_text

    runtime = open_runtime(read_settings(Path(getattr(options, "config", "config.toml"))))
    try:
        supposition = read_supposition(
            runtime,
            first=options.first,
            last=options.last,
            calendars=options.calendar,
            procedure=options.procedure,
        )
        found = difference(runtime, supposition, Bar(sys.stderr))
    finally:
        runtime.close()
    print(json.dumps(as_json(found), ensure_ascii=False) if options.json else as_text(found))
    return DONE


@dataclass(slots=True)
class Bar:
    """A progress bar on a terminal; elsewhere a line each quarter."""

    out: Any
    shown: int = -1

    def __call__(self, done: int, whole: int) -> None:
        percent = 100 * done // whole if whole else 100
        terminal = self.out.isatty()
        step = percent if terminal else percent // 25 * 25
        if step == self.shown:
            return
        self.shown = step
        if terminal:
            bar = ("█" * (percent // 4)).ljust(25, "░")
            self.out.write(f"\r{bar} {percent:3d}%　{done:,}/{whole:,} 件" + ("\n" if done == whole else ""))
        else:
            self.out.write(f"{done}/{whole} 件\n")
        self.out.flush()
