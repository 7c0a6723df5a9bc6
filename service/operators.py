"""The operator's commands of ``duban``: users, a test letter, moving house, how things stand."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from service.runtime import Runtime
    from service.settings import Settings

DONE, NO = 0, 1

Run = Callable[[argparse.Namespace], int]


def add_commands(commands: Any, common: argparse.ArgumentParser) -> None:
    """Hangs the operator's commands on the parser."""

    def add(group: Any, name: str, run: Run, help_: str) -> argparse.ArgumentParser:
        command: argparse.ArgumentParser = group.add_parser(
            name, help=help_, description=help_, parents=[common]
        )
        command.set_defaults(run=run)
        return command

    def family(name: str, help_: str, verbs: str) -> Any:
        group = commands.add_parser(name, help=help_, description=help_)
        return group.add_subparsers(metavar=verbs, required=True, parser_class=type(common))

    add(commands, "status", _status, "看记录、信件、走钟和磁盘的状况")
    add(commands, "move", _move, "把整份记录搬到另一个空的数据库").add_argument("to", metavar="TO_URL")
    mail = family("mail", "邮件：test 试送一封", "test")
    add(mail, "test", _mail_test, "按 [mail] 的设置试送一封").add_argument("address", metavar="ADDRESS")
    letters = family("letters", "信件：release 恢复之后放行", "release")
    add(letters, "release", _letters_release, "恢复之后核对过了，信件照常送出")
    series = family("numbers", "编号：list 看编到几号，raise 从更大的号续编", "list|raise")
    add(series, "list", _numbers_list, "每个序列编到几号")
    raised = add(series, "raise", _numbers_raise, "恢复前已编到更大的号，从它续编，免得重号")
    raised.add_argument("series", metavar="SERIES")
    raised.add_argument("after", type=int, metavar="LAST")
    users = family("user", "账号：list 列出，reset 重置密码，disable 停用", "list|reset|disable")
    add(users, "list", _user_list, "列出全部账号")
    for verb, run, help_ in (
        ("reset", _user_reset, "重置密码，打印一次性密码"),
        ("disable", _user_disable, "停用账号，并让它的登录和令牌当即失效"),
    ):
        add(users, verb, run, help_).add_argument("name", metavar="NAME")


def _settings(options: argparse.Namespace) -> Settings:
    from service.settings import read_settings

    return read_settings(Path(getattr(options, "config", "config.toml")))


def _with_runtime(options: argparse.Namespace, work: Callable[[Runtime], int]) -> int:
    from service.runtime import open_runtime

    runtime = open_runtime(_settings(options))
    try:
        return work(runtime)
    finally:
        runtime.close()


def _status(options: argparse.Namespace) -> int:
    from service.standing import shown, standing

    def work(runtime: Runtime) -> int:
        found = shown(runtime, standing(runtime))
        print(json.dumps(found, ensure_ascii=False))
        return NO if found["wrong"] else DONE

    return _with_runtime(options, work)


def _move(options: argparse.Namespace) -> int:
    from service.moving import move

    def progress(table: str, rows: int) -> None:
        print(f"{table}：{rows} 行", file=sys.stderr)

    moved = move(_settings(options), options.to, progress)
    print(f"已搬 {moved.facts} 条事实（共 {moved.rows} 行），根 {moved.root.hex()}，两边一致")
    print("把 config.toml 里 [database] url 改成新的地址再起服务；佐证文件仍在数据目录，不用搬。")
    return DONE


def _mail_test(options: argparse.Namespace) -> int:
    import asyncio

    from service.delivery import send_test

    def work(runtime: Runtime) -> int:
        said = asyncio.run(send_test(runtime, options.address))
        print(said.sentence, file=sys.stdout if said.taken else sys.stderr)
        return DONE if said.taken else NO

    return _with_runtime(options, work)


def _letters_release(options: argparse.Namespace) -> int:
    from service.restoring import release_letters

    def work(runtime: Runtime) -> int:
        print(f"已放行，{release_letters(runtime)} 封在等，下一轮送出")
        return DONE

    return _with_runtime(options, work)


def _numbers_list(options: argparse.Namespace) -> int:
    from service.restoring import numbers

    def work(runtime: Runtime) -> int:
        for series, last in numbers(runtime).items():
            print(f"{series}\t{last}")
        return DONE

    return _with_runtime(options, work)


def _numbers_raise(options: argparse.Namespace) -> int:
    from service.restoring import continue_numbers

    def work(runtime: Runtime) -> int:
        continue_numbers(runtime, options.series, options.after)
        print(f"{options.series} 下一个号是 {options.after + 1}")
        return DONE

    return _with_runtime(options, work)


def _user_list(options: argparse.Namespace) -> int:
    def work(runtime: Runtime) -> int:
        directory = runtime.directory.now()
        for user in sorted(directory.users.values(), key=lambda user: user.name):
            roles = "、".join(role.label for role in sorted(user.current_roles)) or "—"
            state = "已停用" if user.disabled else "在用"
            print(f"{user.name}\t{directory.person_name(user.person) or '—'}\t{roles}\t{state}")
        return DONE

    return _with_runtime(options, work)


def _user_reset(options: argparse.Namespace) -> int:
    def work(runtime: Runtime) -> int:
        answer = _direct(runtime, options.name, "reset-password")
        print(f"{options.name} 的一次性密码：{answer['one_time_password']}")
        return DONE

    return _with_runtime(options, work)


def _user_disable(options: argparse.Namespace) -> int:
    def work(runtime: Runtime) -> int:
        _direct(runtime, options.name, "disable")
        print(f"{options.name} 已停用")
        return DONE

    return _with_runtime(options, work)


def _direct(runtime: Runtime, name: str, verb: str) -> dict[str, Any]:
    from events.record.envelope import OPERATOR
    from service.commands.directing import Directing, direct

    at = runtime.clock.now()
    return direct(
        runtime, Directing(actor=OPERATOR, collection="users", verb=verb, id=name, fields={}, at=at)
    )
