"""What operators do: rebuild, back up, restore, accept a clock, ask how things stand."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import sys
import tarfile
import tempfile
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

from uuid_utils.compat import uuid7

from events.opening.facts import STREAM, ClockAccepted
from events.record.admitting import Append
from events.record.connections import open_database
from events.record.envelope import OPERATOR, Decision, Draft, Envelope
from events.record.moments import from_micros
from events.record.sql import plain_text
from events.record.store import Store
from events.record.verifying import verify
from events.refusals import Conflict, Invalid, Malformed
from events.vocabulary import BEIJING
from service.ciphering import is_sealed, make_pair, seal, unseal
from service.clock import machine_now
from service.progress import Bar
from service.proof.keys import FILE, make_key
from service.proof.sealing import chosen_keys
from service.restoring import note_restored
from service.rewinding import rewind_copy
from service.runtime import CODEC, Runtime, open_runtime
from service.settings import Settings
from service.storage.access import AccessLog, Kind, Look
from service.storage.building import only_rebuild
from service.storage.migrating import migrate

DAYS_A_MONTH = 31
_ANY = plain_text("SELECT 1 FROM log_head")
DATABASE, FILES, MANIFEST = "duban.sqlite3", "files", "manifest.json"


def rebuild(runtime: Runtime, names: Sequence[str], *, check: bool) -> int:
    """Rebuilds projections, or with ``check`` compares them and changes nothing; 1 where they differ."""
    with only_rebuild(runtime.database) as guard:
        if check:
            return _compare(runtime, names)
        bar = Bar("重建")
        try:
            done = runtime.projections.rebuild(runtime.writer, names, told=bar, guard=guard)
        finally:
            bar.end()
    for rebuilt in done:
        print(rebuilt)
    return 0


def _compare(runtime: Runtime, names: Sequence[str]) -> int:
    differences = runtime.projections.compare(names, runtime.writer)
    for difference in differences:
        print(difference, file=sys.stderr)
    if not differences:
        print("与记录一致")
    return 1 if differences else 0


def verify_access(access: AccessLog) -> int:
    """Checks the access log; 1 where it does not hold together."""
    found = access.verify()
    if found.broken is None:
        print(f"查阅日志完好：{found.rows} 条")
        return 0
    print(f"查阅日志被改动：第 {found.broken.number} 条，{found.broken.what}", file=sys.stderr)
    return 1


def prune_access(runtime: Runtime, before: str) -> int:
    """Drops what is older than a day. Raises Malformed for what is no day, Invalid for what must still be kept."""
    try:
        day = datetime.combine(date.fromisoformat(before), time.min, tzinfo=BEIJING)
    except ValueError:
        raise Malformed(f"--before {before} 不是日期；写成 2025-06-30 这样。", code="wrong-value") from None
    keep = timedelta(days=DAYS_A_MONTH * runtime.settings.audit.keep_access_months)
    look = Look(
        at=machine_now(),
        user=OPERATOR.user,
        kind=Kind.PRUNED,
        address=f"duban access prune --before {day:%F}",
    )
    dropped = runtime.access.prune(look, day, keep)
    print(f"已清理 {dropped} 条")
    return 0


def backup(settings: Settings, out: Path, to: Path | None = None) -> int:
    """Writes database and files into one archive while the service runs; checks the copy before it is kept.

    ``to``: a public key the archive is sealed to. Raises Invalid on PostgreSQL, whose own tools do this, and Conflict
    when the file exists.
    """
    source = _sqlite_file(settings)
    if out.exists():
        raise Conflict(f"{out} 已经有了；换一个文件名。")
    with tempfile.TemporaryDirectory(dir=out.resolve().parent) as folder:
        copy = Path(folder) / DATABASE
        _copy_database(source, copy)
        facts = _check_copy(copy)
        temporary = Path(folder) / "archive.tar"
        with tarfile.open(temporary, "w") as archive:
            archive.add(copy, DATABASE)
            if (settings.var / FILES).is_dir():
                archive.add(settings.var / FILES, FILES)
            manifest = Path(folder) / MANIFEST
            manifest.write_text(json.dumps({"facts": facts, "sha256": _digest(copy)}), encoding="utf-8")
            archive.add(manifest, MANIFEST)
        if to is not None:
            sealed = Path(folder) / "sealed"
            seal(temporary, sealed, to)
            temporary = sealed
        temporary.replace(out)
    print(f"已备份 {facts} 条事实到 {out}{'' if to is None else '，已加密'}")
    return 0


def restore(
    settings: Settings,
    source: Path,
    outside: Path | None = None,
    *,
    key: Path | None = None,
    position: int | None = None,
) -> int:
    """Puts a backup into an empty place, checks the record and lets it go on in a new epoch.

    ``outside``: a seal kept outside, to say what is lost. ``key``: opens a sealed backup. ``position``: what came
    later is left out. Raises Conflict where there is a record already.
    """
    target = _sqlite_file(settings, must_exist=False)
    if target.exists():
        raise Conflict(f"{target} 已经有记录；恢复要到空的数据目录，先把它移开。")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        try:
            with tarfile.open(_opened(source, key, Path(folder))) as archive:
                archive.extractall(folder, filter="data")
            manifest = json.loads((Path(folder) / MANIFEST).read_text(encoding="utf-8"))
        except (tarfile.TarError, OSError, ValueError) as error:
            if isinstance(error, FileNotFoundError) and error.filename == str(source):
                raise
            raise Invalid(
                f"{source} 不是完整的备份：{error}；换一份备份再恢复。", code="bad-backup"
            ) from error
        copy = Path(folder) / DATABASE
        if _digest(copy) != manifest.get("sha256"):
            raise Invalid(f"{source} 里的数据库与清单不符；换一份备份再恢复。", code="bad-backup")
        facts = _check_copy(copy)
        if position is not None:
            rewind_copy(copy, position)
            facts = _check_copy(copy)
        if (Path(folder) / FILES).is_dir():
            shutil.copytree(Path(folder) / FILES, settings.var / FILES, dirs_exist_ok=True)
        copy.replace(target)
    print(f"已恢复 {facts} 条事实到 {target}")
    runtime = open_runtime(settings)
    try:
        for sentence in note_restored(runtime, outside):
            print(sentence)
    finally:
        runtime.close()
    return 0


def make_backup_key(secret: Path) -> int:
    """Makes a key pair for sealed backups."""
    public = make_pair(secret)
    print(f"私钥 {secret}：放到别处锁好，不要留在这台机器上；没有它，加密的备份谁也打不开。")
    print(f"公钥 {public}：备份时用 duban backup OUT --to {public}")
    return 0


def _opened(source: Path, key: Path | None, folder: Path) -> Path:
    """The archive in clear."""
    if not is_sealed(source):
        return source
    if key is None:
        raise Invalid(f"{source} 是加密的备份；加上 --key 私钥文件再恢复。", code="needs-key")
    plain = folder / "archive.tar"
    unseal(source, plain, key)
    return plain


def upgrade(settings: Settings) -> int:
    """Brings the stored tables to this program's version; read models are made anew at the next start.

    Raises Invalid where there is no record yet.
    """
    if settings.database_url.startswith("sqlite"):
        _sqlite_file(settings)
    database = open_database(settings.database_url)
    try:
        migrate(database)
        with database.reader() as driver:
            opened = driver.rows(_ANY)
        never_sealed = not chosen_keys(Store(database, CODEC))
    finally:
        database.close()
    if not opened:
        raise Invalid("这里还没有记录；先运行 duban init。", code="no-record")
    if never_sealed and not (settings.keys_folder / FILE).exists():
        make_key(settings.keys_folder)
    print("已升到这一版；重启服务即可。")
    return 0


def accept_clock(runtime: Runtime) -> int:
    """Records that an operator found the machine's clock right although it jumped."""
    if runtime.clock.rehearsal:
        raise Conflict("演练的时钟由演练时刻决定，不用认可。", code="rehearsing")
    now = machine_now()
    standing = runtime.store.head().moment
    fact = ClockAccepted(seen_at=now, standing_at=None if standing is None else from_micros(standing))
    loaded = runtime.handling.load(STREAM)
    append = Append(
        envelope=Envelope(actor=OPERATOR, at=now, command_id=uuid7().hex),
        decision=Decision(drafts=(Draft(stream=STREAM, fact=fact),)),
        conditions={STREAM: loaded.version},
        accepts_jump=True,
    )
    runtime.writer.append(append)
    print(f"已认可本机时钟 {now:%Y-%m-%d %H:%M:%S}")
    return 0


def _sqlite_file(settings: Settings, *, must_exist: bool = True) -> Path:
    scheme, _, path = settings.database_url.partition(":///")
    if not scheme.startswith("sqlite"):
        raise Invalid(
            "PostgreSQL 请用 pg_dump 和 pg_restore 备份恢复，佐证文件另外复制 var/files。", code="not-sqlite"
        )
    if must_exist and not Path(path).exists():
        raise Invalid(f"{path} 还没有记录；先运行 duban init。", code="no-record")
    return Path(path)


def _copy_database(source: Path, copy: Path) -> None:
    reading, writing = sqlite3.connect(f"file:{source}?mode=ro", uri=True), sqlite3.connect(copy)
    try:
        reading.backup(writing, pages=2_000)
        writing.execute("PRAGMA journal_mode=DELETE")
    finally:
        reading.close()
        writing.close()


def _check_copy(copy: Path) -> int:
    database = open_database(f"sqlite:///{copy}")
    try:
        found = verify(Store(database, CODEC))
    finally:
        database.close()
    if found.broken is not None:
        broken = found.broken
        raise Invalid(
            f"备份的记录在第 {broken.position} 位不完整：{broken.what}；先查明再用。", code="bad-backup"
        )
    return found.facts


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
