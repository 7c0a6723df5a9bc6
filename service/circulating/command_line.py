"""``duban bulletin list|draft|show|check``. Imports what it needs when run: ``duban --help`` stays quick."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from events.bulletin.state import Bulletin
    from service.runtime import Runtime

DONE, NO = 0, 1
Running = Callable[[argparse.Namespace, "Callable[[Runtime], int]"], int]


def add_bulletins(
    commands: Any, common: argparse.ArgumentParser, parser: type[argparse.ArgumentParser], running: Running
) -> None:
    """Adds the group to the command line; ``running`` opens the runtime for a piece of work."""
    group = commands.add_parser("bulletin", help="通报：列出、拟稿、查看、核对")
    inner = group.add_subparsers(metavar="list|draft|show|check", required=True, parser_class=parser)

    def add(name: str, work: Callable[[argparse.Namespace, Runtime], int], help_: str) -> Any:
        command = inner.add_parser(name, help=help_, description=help_, parents=[common])
        command.set_defaults(run=lambda options: running(options, lambda runtime: work(options, runtime)))
        return command

    listing = add("list", _list, "列出通报，最近的在前")
    listing.add_argument("--series", help="只列这个系列")
    listing.add_argument("--json", action="store_true", help="打印 JSON")
    drafting = add("draft", _draft, "拟一份稿，数字取自记录")
    drafting.add_argument("series", metavar="SERIES", help="系列，如 monthly")
    drafting.add_argument("--from", dest="first", metavar="DATE", help="起日，不写取上一期")
    drafting.add_argument("--to", dest="last", metavar="DATE", help="止日")
    drafting.add_argument("--subject", help="一督查一通报的事由")
    drafting.add_argument("--at", metavar="MOMENT", help="演练：在这一刻（带时区）")
    showing = add("show", _show, "打印一份通报的文字")
    showing.add_argument("number", metavar="NUMBER", help="发文字号或编号")
    checking = add("check", _check, "按记录重算已印发通报的每个数字，并比对存档的 PDF")
    which = checking.add_mutually_exclusive_group(required=True)
    which.add_argument("number", metavar="NUMBER", nargs="?", help="发文字号或编号")
    which.add_argument("--all", action="store_true", help="全部已印发的")


def _list(options: argparse.Namespace, runtime: Runtime) -> int:
    from projections import bulletin_lists
    from service.api.shown_bulletins import item

    asked = bulletin_lists.Asked(all=True, series=options.series, limit=10_000)
    with runtime.database.reading.connect() as connection:
        rows = bulletin_lists.listed(connection, asked)
    if options.json:
        _say(json.dumps([item(row) for row in rows], ensure_ascii=False, default=str))
        return DONE
    for row in rows:
        number = row.document_no or row.id
        receipts = f"，签收 {row.receipts}/{row.addressees}" if row.addressees else ""
        _say(f"{number}　{row.series_name}　{_flat(row.title)}　{row.stage.label}{receipts}")
    return DONE


def _draft(options: argparse.Namespace, runtime: Runtime) -> int:
    from events.record.envelope import OPERATOR
    from service.clock import machine_now
    from service.commands.circulating import Circulating, circulate

    given = {
        "series": options.series,
        "from": options.first,
        "to": options.last,
        "subject": options.subject,
    }
    asked = Circulating(
        actor=OPERATOR,
        name="draft",
        id=None,
        fields={name: value for name, value in given.items() if value is not None},
        at=runtime.clock.now(options.at),
        received_at=machine_now(),
        strict=False,
    )
    answer = circulate(runtime, asked)
    _say(json.dumps(answer, ensure_ascii=False))
    return DONE


def _show(options: argparse.Namespace, runtime: Runtime) -> int:
    from events.bulletin.prose import shown

    bulletin = _found(runtime, options.number)
    content = bulletin.standing_content
    _say(f"{content.organ}{_flat(bulletin.title)}")
    _say(f"{bulletin.document_no or '未编发文字号'}　{bulletin.issue_words}　{bulletin.stage.label}")
    _say(f"数据定格：记录第 {content.frozen.as_of} 位，{content.frozen.judged_on}")
    for one in bulletin.publications:
        _say(f"公开：{one.on}，{one.channel.label}，{one.place}")
    for section in content.sections:
        _say(f"\n{section.heading}")
        for paragraph in shown(content, section.id, bulletin.prose):
            _say(paragraph)
        for item in section.items:
            _say(f"{item.heading}：{item.text}")
    return DONE


def _check(options: argparse.Namespace, runtime: Runtime) -> int:
    from service.circulating.proving import issued, prove, prove_all

    proofs = (
        prove_all(runtime, issued(runtime))
        if options.all
        else [prove(runtime, _found(runtime, options.number))]
    )
    checked = unsound = 0
    for proof in proofs:
        checked += 1
        bulletin = proof.bulletin
        name = bulletin.document_no or bulletin.id
        for remark in proof.remarks:
            _say(f"{name} {remark}")
        for difference in proof.differences:
            print(f"{name} {difference}", file=sys.stderr)  # noqa: T201 - a command prints its answer
        unsound += not proof.sound
    figures = "每个数字都与记录相符" if not unsound else f"{unsound} 份不符"
    _say(f"核对 {checked} 份通报：{figures}")
    return NO if unsound else DONE


def _found(runtime: Runtime, number: str) -> Bulletin:
    from projections import bulletin_lists
    from service.circulating import bulletins as seen_of

    with runtime.database.reading.connect() as connection:
        found = bulletin_lists.by_number(connection, number)
    if found is None:
        raise seen_of.unknown()
    return seen_of.load(runtime, found)


def _flat(title: str) -> str:
    return "".join(title.split())


def _say(text: str) -> None:
    print(text)  # noqa: T201 - a command prints its answer
