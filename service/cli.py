"""The command line ``duban``. Exit codes: 0 done, 1 the answer is no, 2 used wrongly; errors are one line on stderr."""

from __future__ import annotations

import argparse
import errno
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from service import auditors, operators
from service.proof import command_line as proof

if TYPE_CHECKING:
    from service.runtime import Runtime
    from service.settings import Settings

DONE, NO, WRONG = 0, 1, 2
DISK = {errno.EROFS: "磁盘是只读的", errno.ENOSPC: "磁盘已满", errno.EACCES: "没有权限"}
"""What is wrong outside this program, by the system's number."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and gives its exit code."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if not hasattr(options, "run"):
        parser.print_help()
        return WRONG
    return _guarded(options)


def _guarded(options: argparse.Namespace) -> int:
    from events.record.failing import ASKED, ERRORS, failure_of
    from events.refusals import Refusal
    from service.logs import start_logging
    from service.settings import WrongSetting

    start_logging()
    try:
        code: int = options.run(options)
    except (Refusal, WrongSetting) as refused:
        return _say_no(str(refused))
    except ERRORS as error:
        failure = failure_of(error)
        if failure is None:
            raise
        return _say_no(f"{ASKED[failure]}（{getattr(error, 'orig', None) or error}）")
    except FileNotFoundError as missing:
        return _say_no(f"找不到文件 {missing.filename}；核对路径后再试。")
    except (KeyboardInterrupt, BrokenPipeError):
        return DONE
    except OSError as error:
        if error.errno not in DISK:
            raise
        return _say_no(f"写不了 {error.filename or '文件'}：{DISK[error.errno]}；处理好再试。")
    return code


def _say_no(sentence: str) -> int:
    print(" ".join(sentence.split()), file=sys.stderr)
    return WRONG


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> Any:
        print(f"用法不对：{message}；看 {self.prog} --help。", file=sys.stderr)
        sys.exit(WRONG)


def _parser() -> argparse.ArgumentParser:
    from service.circulating.command_line import add_bulletins

    common = _Parser(add_help=False)
    common.add_argument(
        "--config", default=argparse.SUPPRESS, metavar="FILE", help="配置文件，默认 config.toml"
    )
    parser = _Parser(prog="duban", description="督查督办：交办、整改、核查、通报、回头看", parents=[common])
    commands = parser.add_subparsers(title="命令", metavar="命令", parser_class=_Parser)

    def add(name: str, run: Callable[[argparse.Namespace], int], help_: str) -> argparse.ArgumentParser:
        command: argparse.ArgumentParser = commands.add_parser(
            name, help=help_, description=help_, parents=[common]
        )
        command.set_defaults(run=run)
        return command

    add("init", _init, "建库开账，打印第一个管理员的一次性密码").add_argument(
        "--admin", default="admin", metavar="NAME"
    )
    serve = add("serve", _serve, "开始服务")
    serve.add_argument("--host")
    serve.add_argument("--port", type=int)
    serve.add_argument("--role", choices=("web", "worker", "all"), default="all")
    _group(commands, common, "token", "令牌", "create", _token, "打印一个新令牌").add_argument(
        "--user", required=True
    )
    for name, run, help_ in (
        ("tick", _tick, "把到点的提醒催办各说一次，打印一个 JSON"),
        ("deliver", _deliver, "把等着的信件送一轮，打印各结果的件数"),
    ):
        add(name, run, help_).add_argument("--at", metavar="MOMENT", help="演练：在这一刻（带时区）")
    imported = _group(commands, common, "calendar", "工作日历", "import", _calendar, "公布一年的工作日安排")
    imported.add_argument("year", type=int)
    imported.add_argument("file", type=Path)
    imported.add_argument("--source", default="", help="依据的通知名称")
    imported.add_argument("--dry-run", action="store_true", help="只看哪些时限会变，不公布")
    entered = _group(
        commands, common, "directory", "名录", "import", _directory, "把一张单位和人员的表一次录入"
    )
    entered.add_argument("file", type=Path, help="CSV，表头：种类,名称,所在,类别,邮箱,电话,职务")
    add_bulletins(commands, common, _Parser, _with_runtime)
    rebuild = add("rebuild", _rebuild, "由记录重建看板、台账等")
    rebuild.add_argument("names", nargs="*", metavar="NAME")
    rebuild.add_argument("--check", action="store_true", help="只比对，不改；有差别时退出码 1")
    proof.add_commands(commands, common)
    backup = add("backup", _backup, "在线备份")
    backup.add_argument("out", type=Path)
    backup.add_argument("--to", type=Path, metavar="PUBLIC", help="加密给这把公钥，见 duban backup-key")
    add("backup-key", _backup_key, "生成一对备份钥匙").add_argument("secret", type=Path)
    restored = add("restore", _restore, "由备份恢复到空的数据目录")
    restored.add_argument("source", type=Path, metavar="IN")
    restored.add_argument(
        "--seal", type=Path, metavar="FILE", help="存在别处的最近一份封存，看备份之后丢了多少"
    )
    restored.add_argument("--key", type=Path, metavar="SECRET", help="加密的备份用哪把私钥打开")
    restored.add_argument("--position", type=int, metavar="N", help="只恢复到第 N 位，其后的不要")
    _group(commands, common, "config", "配置", "check", _config_check, "检查配置")
    _group(commands, common, "clock", "时钟", "accept", _clock_accept, "认可本机时钟的跳变")
    pruned = _group(commands, common, "access", "查阅日志", "prune", _prune, "清理过了保存期的查阅日志")
    pruned.add_argument("--before", required=True, metavar="DATE", help="清理这一天以前的")
    add("upgrade", _upgrade, "升级程序后，把已有的记录升到这一版")
    operators.add_commands(commands, common)
    auditors.add_commands(commands, common)
    return parser


def _group(
    commands: Any,
    common: _Parser,
    name: str,
    title: str,
    verb: str,
    run: Callable[[argparse.Namespace], int],
    help_: str,
) -> argparse.ArgumentParser:
    group = commands.add_parser(name, help=f"{title}：{help_}")
    inner = group.add_subparsers(metavar=verb, required=True, parser_class=_Parser)
    command: argparse.ArgumentParser = inner.add_parser(verb, help=help_, description=help_, parents=[common])
    command.set_defaults(run=run)
    return command


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


def _print_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False))


def _init(options: argparse.Namespace) -> int:
    from events.vocabulary import UserName
    from service.opening import init

    settings = _settings(options)
    secret = init(settings, UserName(options.admin))
    print(f"已建库开账：{settings.database_url}")
    print(f"管理员账号：{options.admin}")
    print(f"一次性密码：{secret}")
    return DONE


def _serve(options: argparse.Namespace) -> int:
    from service.serving import serve

    return serve(_settings(options), host=options.host, port=options.port, role=options.role)


def _token(options: argparse.Namespace) -> int:
    from events.refusals import NotFound
    from events.vocabulary import UserName
    from service.clock import machine_now

    def work(runtime: Runtime) -> int:
        user = UserName(options.user)
        known = runtime.directory.now().users.get(user)
        if known is None or known.disabled:
            raise NotFound(f"没有账号 {user}，或已停用；先由管理员建立或启用。")
        print(runtime.accounts.make_token(user, machine_now()))
        return DONE

    return _with_runtime(options, work)


def _tick(options: argparse.Namespace) -> int:
    import asyncio

    from service.ticking import tick

    def work(runtime: Runtime) -> int:
        _print_json(asyncio.run(tick(runtime, runtime.clock.now(options.at))).answer())
        return DONE

    return _with_runtime(options, work)


def _deliver(options: argparse.Namespace) -> int:
    import asyncio

    from service.delivery import deliver

    def work(runtime: Runtime) -> int:
        _print_json(asyncio.run(deliver(runtime, runtime.clock.now(options.at))))
        return DONE

    return _with_runtime(options, work)


def _calendar(options: argparse.Namespace) -> int:
    from service.commands.publishing import import_calendar
    from service.texts import text_of

    def work(runtime: Runtime) -> int:
        text = text_of(options.file)
        source = options.source or options.file.name
        result = import_calendar(runtime, options.year, text, source, dry_run=options.dry_run)
        for moved in result.moves:
            mark = "（仍为暂定）" if moved.still_provisional else ""
            print(f"{moved.number}　{moved.old} → {moved.new}{mark}")
        done = "会有" if options.dry_run else "已公布；"
        print(f"{options.year} 年工作日安排第 {result.version} 版：{done}{len(result.moves)} 件时限改期")
        return DONE

    return _with_runtime(options, work)


def _directory(options: argparse.Namespace) -> int:
    from events.record.envelope import OPERATOR
    from service.commands.directing import import_directory, read_directory
    from service.texts import text_of

    def work(runtime: Runtime) -> int:
        command = read_directory(text_of(options.file))
        answer = import_directory(runtime, OPERATOR, command, runtime.clock.now())
        print(f"已录入 {len(answer['facts'])} 条：单位和人员")
        return DONE

    return _with_runtime(options, work)


def _rebuild(options: argparse.Namespace) -> int:
    from service.maintaining import rebuild

    return _with_runtime(options, lambda runtime: rebuild(runtime, options.names, check=options.check))


def _backup(options: argparse.Namespace) -> int:
    from service.maintaining import backup

    return backup(_settings(options), options.out, options.to)


def _backup_key(options: argparse.Namespace) -> int:
    from service.maintaining import make_backup_key

    return make_backup_key(options.secret)


def _restore(options: argparse.Namespace) -> int:
    from service.maintaining import restore

    return restore(
        _settings(options), options.source, options.seal, key=options.key, position=options.position
    )


def _config_check(options: argparse.Namespace) -> int:
    settings = _settings(options)
    print(
        f"配置可用：{settings.organization.name}，数据库 {settings.database_url}，时钟 {settings.clock.mode}"
    )
    return DONE


def _clock_accept(options: argparse.Namespace) -> int:
    from service.maintaining import accept_clock

    return _with_runtime(options, accept_clock)


def _prune(options: argparse.Namespace) -> int:
    from service.maintaining import prune_access

    return _with_runtime(options, lambda runtime: prune_access(runtime, options.before))


def _upgrade(options: argparse.Namespace) -> int:
    from service.maintaining import upgrade

    return upgrade(_settings(options))


if __name__ == "__main__":
    sys.exit(main())
