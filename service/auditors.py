"""The auditor's commands of ``duban``: what another rule would have changed, every rate counted by hand."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from service.runtime import Runtime

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
    recount = add("recount", _recount, "照着记录把每个率逐条重数，与读模型比；有差别时退出码 1")
    recount.add_argument("--from", metavar="DATE", dest="first", help="首次交办不早于这天")
    recount.add_argument("--to", metavar="DATE", dest="last", help="首次交办不晚于这天")
    recount.add_argument("--unit", metavar="ID", help="只数这个牵头单位的；不写就数合计和每个单位")
    recount.add_argument("--as-of", metavar="WHEN", help="数到哪一位、哪一天或哪一刻，默认到现在")
    recount.add_argument("--json", action="store_true", help="打印一个 JSON")


def _whatif(options: argparse.Namespace) -> int:
    from service.whatif.comparing import difference
    from service.whatif.supposition import read_supposition
    from service.whatif.telling import as_json, as_text

    with _runtime(options) as runtime:
        supposition = read_supposition(
            runtime,
            first=options.first,
            last=options.last,
            calendars=options.calendar,
            procedure=options.procedure,
        )
        found = difference(runtime, supposition, Bar(sys.stderr, "件"))
    print(json.dumps(as_json(found), ensure_ascii=False) if options.json else as_text(found))
    return DONE


def _recount(options: argparse.Namespace) -> int:
    from events.vocabulary import UnitId
    from service.asking import asking
    from service.noting import note_operator
    from service.recount.comparing import Wanted, recount
    from service.recount.telling import as_json, as_text
    from service.storage.access import Kind
    from service.texts import day_of

    wanted = Wanted(
        first=day_of(options.first, "--from") if options.first else None,
        last=day_of(options.last, "--to") if options.last else None,
        unit=UnitId(options.unit) if options.unit else None,
    )
    with _runtime(options) as runtime:
        asked = asking(runtime.clock, runtime.store, as_of=options.as_of)
        if options.as_of:
            note_operator(runtime.access, Kind.AS_OF, f"duban recount --as-of {options.as_of}")
        found = recount(runtime, asked, wanted, Bar(sys.stderr, "条"))
        directory = runtime.directory.at(found.position)
    print(
        json.dumps(as_json(found), ensure_ascii=False)
        if options.json
        else as_text(found, directory, asked.day)
    )
    return NO if found.different else DONE


@contextmanager
def _runtime(options: argparse.Namespace) -> Iterator[Runtime]:
    from service.runtime import open_runtime
    from service.settings import read_settings

    runtime = open_runtime(read_settings(Path(getattr(options, "config", "config.toml"))))
    try:
        yield runtime
    finally:
        runtime.close()


@dataclass(slots=True)
class Bar:
    """A progress bar on a terminal; elsewhere a line each quarter."""

    out: Any
    what: str
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
            self.out.write(
                f"\r{bar} {percent:3d}%　{done:,}/{whole:,} {self.what}" + ("\n" if done == whole else "")
            )
        else:
            self.out.write(f"{done}/{whole} {self.what}\n")
        self.out.flush()
