"""``duban verify``, ``prove`` and ``key``: what auditors and operators run to prove the record."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from events.record.store import Store
    from service.runtime import Runtime
    from service.settings import Settings

DONE, NO = 0, 1

Run = Callable[[argparse.Namespace], int]


def add_commands(commands: Any, common: argparse.ArgumentParser) -> None:
    """Hangs the commands on the parser."""

    def add(group: Any, name: str, run: Run, help_: str) -> argparse.ArgumentParser:
        command: argparse.ArgumentParser = group.add_parser(
            name, help=help_, description=help_, parents=[common]
        )
        command.set_defaults(run=run)
        return command

    verify = add(commands, "verify", _verify, "核对整部记录：哈希链、封存、签名、附件，有没有被改动")
    verify.add_argument(
        "--seal", type=Path, metavar="FILE", help="拿一份存在别处的封存（.seal 或信件 .eml）来对"
    )
    prove = add(commands, "prove", _prove, "一件事项的每条事实都在封存之内的证明（JSON）")
    prove.add_argument("matter", metavar="MATTER", help="事项编号，如 2026-00007，或事项的 id")
    export = commands.add_parser("export", help="导出：dossier 案卷", description="导出：dossier 案卷")
    verbs = export.add_subparsers(metavar="dossier", required=True, parser_class=type(common))
    dossier = add(verbs, "dossier", _dossier, "一件事项、一份通报或一个单位一年的案卷，外人可以自己核对")
    dossier.add_argument(
        "subject", metavar="MATTER", help="事项编号或 id；给了 --year 写单位，给了 --bulletin 写通报"
    )
    dossier.add_argument("out", type=Path, metavar="OUT.zip")
    what = dossier.add_mutually_exclusive_group()
    what.add_argument("--year", type=int, metavar="YEAR", help="出这个单位（名称或 id）这一年牵头的全部事项")
    what.add_argument("--bulletin", action="store_true", help="出这份通报（发文字号或 id）")
    key = add(commands, "key", _key, "印出封存钥匙的公钥，存档、刊印用")
    key.add_argument("--renew", action="store_true", help="换一把钥匙（原来的丢了或泄露了）")


def _verify(options: argparse.Namespace) -> int:
    from service.maintaining import verify_access
    from service.proof.checking import check, read_outside, sentences
    from service.storage.access import AccessLog

    given = None if options.seal is None else read_outside(options.seal)
    with _store(options) as (store, settings):
        checked = check(store, settings, given)
        if checked.broken is None:
            for sentence in sentences(checked, given):
                _print(sentence)
            return verify_access(AccessLog(database=store.database))
    broken = checked.broken
    _print(f"记录被改动：第 {broken.position} 位，流 {broken.stream or '—'}，{broken.what}", error=True)
    return NO


def _prove(options: argparse.Namespace) -> int:
    from projections.lists import matter_of_number
    from service.noting import note_operator
    from service.proof.proving import prove
    from service.storage.access import Kind

    def work(runtime: Runtime) -> int:
        with runtime.database.reading.connect() as connection:
            matter = matter_of_number(connection, options.matter) or options.matter
        proven = prove(runtime.store, matter)
        note_operator(runtime.access, Kind.EXPORT, f"duban prove {options.matter}", matter)
        _print(json.dumps(proven.plain(), ensure_ascii=False))
        return DONE

    return _with_runtime(options, work)


def _dossier(options: argparse.Namespace) -> int:
    from service.noting import note_operator
    from service.proof.dossier.packing import export
    from service.proof.dossier.subjects import Subject, of_bulletin, of_matter, of_unit
    from service.storage.access import Kind

    def subject_in(runtime: Runtime) -> Subject:
        if options.bulletin:
            return of_bulletin(runtime, options.subject)
        if options.year is not None:
            return of_unit(runtime, options.subject, options.year)
        return of_matter(runtime, options.subject)

    def work(runtime: Runtime) -> int:
        subject = subject_in(runtime)
        more = f" --year {options.year}" if options.year is not None else " --bulletin" * options.bulletin
        note_operator(
            runtime.access, Kind.DOSSIER, f"duban export dossier {options.subject}{more}", subject.target
        )
        export(runtime, subject, options.out, runtime.clock.now())
        _print(f"已导出案卷 {subject.title} 到 {options.out}")
        return DONE

    return _with_runtime(options, work)


def _key(options: argparse.Namespace) -> int:
    from events.record.envelope import OPERATOR
    from service.proof.keys import key_id, read_key
    from service.proof.sealing import renew_key

    def renew(runtime: Runtime) -> int:
        public = renew_key(runtime, runtime.clock.now(), OPERATOR)
        _print(f"已启用新的封存钥匙\n公钥 {public}\n编号 {key_id(public)}")
        return DONE

    if options.renew:
        return _with_runtime(options, renew)
    key = read_key(_settings(options).keys_folder)
    _print(f"公钥 {key.public}\n编号 {key.id}")
    return DONE


@contextmanager
def _store(options: argparse.Namespace) -> Iterator[tuple[Store, Settings]]:
    from events.record.store import Store
    from service.proof.checking import open_to_check
    from service.runtime import CODEC

    settings = _settings(options)
    database = open_to_check(settings)
    try:
        store = Store(database, CODEC)
        _same_mode(store, settings)
        yield store, settings
    finally:
        database.close()


def _same_mode(store: Store, settings: Settings) -> None:
    """Raises WrongSetting where the record was opened in the other mode; a first fact that is spoilt says nothing."""
    from service.proof.checking import SPOILT
    from service.runtime import wrong_mode

    try:
        first = store.at(1)
    except SPOILT:
        return
    mode = getattr(first.fact, "mode", None) if first is not None else None
    if mode is not None and mode != settings.clock.mode:
        raise wrong_mode(settings, mode)


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


def _print(text: Any, *, error: bool = False) -> None:
    print(text, file=sys.stderr if error else sys.stdout)
