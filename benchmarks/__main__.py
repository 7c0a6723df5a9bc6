"""``python -m benchmarks [NAME …] [--quick]``: measures, prints tables, writes JSON beside them."""

from __future__ import annotations

import argparse
import dataclasses
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import structlog

from benchmarks.measuring import FULL, QUICK, Benchmark
from benchmarks.running import BENCHMARKS, each_apart
from benchmarks.telling import head, write_docs, write_json
from benchmarks.yardstick import machine

DOCS = Path(__file__).parent.parent / "docs" / "performance.md"


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the benchmarks named, all of them where none is; 1 where a bar is missed and ``--strict`` was given."""
    known = {one.name: one for one in BENCHMARKS}
    options = _parser(known).parse_args(arguments)
    unknown = [name for name in options.names if name not in known]
    if unknown:
        print(f"没有基准测试 {'、'.join(unknown)}；可用的有 {'、'.join(known)}", file=sys.stderr)
        return 2
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    sizes = QUICK if options.quick else FULL
    if options.matters:
        sizes = dataclasses.replace(sizes, matters=options.matters)
    sizes = dataclasses.replace(sizes, peers=not options.no_peers)
    home = bench_home()
    home.mkdir(parents=True, exist_ok=True)
    about = machine()
    print(head(about), flush=True)
    results, tables = zip(*each_apart(options.names or list(known), sizes, home), strict=True)
    written = (
        options.json
        or home / "results" / f"{about['at'].replace(':', '')}-{about['commit'].rstrip('+')}.json"
    )
    write_json(written, about, results)
    print(f"\n全部数据：{written}")
    if options.docs:
        write_docs(DOCS, "\n".join((head(about), *tables)))
    missed = any(line["reached"] is False for result in results for line in result["lines"])
    return 1 if missed and options.strict else 0


def _parser(known: dict[str, Benchmark]) -> argparse.ArgumentParser:
    listed = "；".join(f"{one.name} {one.title}" for one in known.values())
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=f"基准测试。{listed}")
    parser.add_argument("names", nargs="*", metavar="NAME", help="只测这几项")
    parser.add_argument("--quick", action="store_true", help="规模小、次数少，几分钟内完成")
    parser.add_argument(
        "--matters", type=int, default=0, help="样本库的在办事项数，默认 100000（--quick 为 10000）"
    )
    parser.add_argument("--no-peers", action="store_true", help="不装、不测同类程序")
    parser.add_argument("--json", type=Path, default=None, help="数据写到这个文件")
    parser.add_argument("--docs", action="store_true", help="把结果写进 docs/performance.md")
    parser.add_argument("--strict", action="store_true", help="有一项没达到要求时退出码为 1")
    return parser


def bench_home() -> Path:
    """Where stocks are kept between runs and scratch files are made: ``DUBAN_BENCH_DIR``."""
    return Path(os.environ.get("DUBAN_BENCH_DIR") or Path(tempfile.gettempdir()) / "duban-bench")


if __name__ == "__main__":
    sys.exit(main())
