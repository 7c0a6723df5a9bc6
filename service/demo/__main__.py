"""``make demo``: makes the made-up county where it is not there yet, says how to enter it, and serves it."""

# ruff: noqa: T201 - it speaks on the screen

from __future__ import annotations

import argparse
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

from events.refusals import Conflict, Refusal
from service.clock import machine_now
from service.demo.making import Made, make_or_find, settings_of
from service.demo.telling import told
from service.logs import start_logging
from service.serving import serve
from service.settings import WrongSetting


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the demonstration until it is stopped; 2 where it cannot start."""
    parser = argparse.ArgumentParser(prog="make demo", description="演示县：做好一份虚构的记录，开出服务")
    parser.add_argument("--port", type=int, default=8000, help="端口，默认 8000")
    parser.add_argument("--var", type=Path, default=Path("var/demo"), help="数据目录，默认 var/demo")
    options = parser.parse_args(arguments)
    start_logging(level="WARNING")
    try:
        return _run(options.port, options.var)
    except (Refusal, WrongSetting) as refused:
        print(" ".join(str(refused).split()), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 0


def _run(port: int, var: Path) -> int:
    _must_be_free(port)
    if not var.exists():
        print("正在写出云溪县近半年的督查记录，约十几秒……", flush=True)
    made = make_or_find(var)
    print(_how(made, var), told(port, machine_now().date()), sep="\n", flush=True)
    try:
        return serve(settings_of(var, port), host=None, port=port, role="all")
    finally:
        print("演示已停；再运行 make demo 接着用，数据都在。", flush=True)


def _how(made: Made, var: Path) -> str:
    if not made.fresh:
        return f"{var} 里已有演示县（{made.made_at} 做成），接着用；要重做就先删去这个目录。"
    what = f"{made.matters} 件事项、{made.facts} 条事实、{made.letters} 封信"
    return f"用 {made.seconds} 秒写好 {what}，存在 {var}。"


def _must_be_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise Conflict(f"端口 {port} 已被占用；换一个端口：make demo PORT={port + 1}。") from None


if __name__ == "__main__":
    sys.exit(main())
