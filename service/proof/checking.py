"""Checking everything that proves the record: chain, seals, signatures, seals kept outside, attachments."""

from __future__ import annotations

import email
import email.policy
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import psycopg
from sqlalchemy.exc import DBAPIError

from events.opening import facts as opening
from events.record.codec import UnknownFact
from events.record.connections import Database, open_database
from events.record.store import Store
from events.record.stretches import Broken
from events.record.verifying import Verified, verify
from events.refusals import Invalid, Refusal, Unavailable
from events.sealing.facts import KEYS
from events.sealing.statement import Seal, Statement, read_seal
from service.files import FileStore
from service.proof.attachments import broken_attachment
from service.proof.keys import key_id, read_key, signed_by
from service.proof.sealing import KeptSeal, all_seals, chosen_keys, file_name, record_id
from service.runtime import not_there
from service.settings import Settings
from service.storage.migrating import migrated

SPOILT = (
    sqlite3.DatabaseError,
    psycopg.DatabaseError,
    msgspec.MsgspecError,
    UnknownFact,
    ArithmeticError,
    AttributeError,
    LookupError,
    MemoryError,
    TypeError,
    ValueError,
)
"""How reading a spoilt record shows itself before the chain is checked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """A seal kept outside the database, and where it was read."""

    where: str
    seal: Seal


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a whole check found."""

    facts: int
    root: bytes
    seals: int = 0
    files: int = 0
    outside: int = 0
    """How many seals kept outside agree."""
    broken: Broken | None = None


def check(store: Store, settings: Settings, given: Outside | None = None) -> Checked:
    """Checks the whole record, first with what it holds itself, then with seals kept outside, then its attachments.

    ``given`` is a seal somebody kept elsewhere. The first break is named with its position; a chain rebuilt as a whole
    shows only against what was kept outside.
    """
    try:
        kept, keys = all_seals(store), chosen_keys(store)
    except (*SPOILT, Unavailable):
        kept, keys = (), ()
    outside, spoilt = _outside(settings.seals_folder, given)
    sizes = [one.fact.size for one in kept] + [one.seal.statement.size for one in outside]
    found = verify(store, sizes)
    broken = found.broken or _wrong_seal(store, found, kept) or _wrong_key(settings, keys) or spoilt
    agreed = 0
    if broken is None:
        broken, agreed = _wrong_outside(store, found, kept, outside, {public for _, public in keys})
    files = 0
    if broken is None:
        store_of_files = FileStore(folder=settings.var / "files", max_bytes=0)
        broken, files = broken_attachment(store, store_of_files)
    return Checked(
        facts=found.facts, root=found.root, seals=len(kept), files=files, outside=agreed, broken=broken
    )


def open_to_check(settings: Settings) -> Database:
    """The database as it lies there: nothing is made ready, built anew or written, for it may be spoilt.

    Raises WrongSetting where it holds no record of this program's version, Unavailable where it cannot be opened.
    """
    database = open_database(settings.database_url)
    try:
        ours = migrated(database)
    except (DBAPIError, *SPOILT) as error:
        database.close()
        said = " ".join(str(getattr(error, "orig", None) or error).split())
        raise Unavailable(
            f"数据库打不开，文件可能已损坏（{said[:80]}）；从备份恢复后再核对。", code="spoilt-database"
        ) from error
    if not ours:
        database.close()
        raise not_there(settings)
    return database


def read_outside(path: Path) -> Outside:
    """A seal from its file, or from the letter it came in. Raises Invalid, or FileNotFoundError."""
    content = path.read_bytes()
    if path.suffix.lower() == ".eml":
        message = email.message_from_bytes(content, policy=email.policy.default)
        body = message.get_body(("plain",))
        text = body.get_content() if body is not None else ""
    else:
        text = content.decode("utf-8", errors="replace")
    return Outside(where=path.name, seal=read_seal(text, path.name))


def _outside(folder: Path, given: Outside | None) -> tuple[list[Outside], Broken | None]:
    """The seals kept in the configured folder and the one given, smallest first; the first file that is spoilt."""
    found: list[Outside] = []
    spoilt: Broken | None = None
    for path in sorted(folder.glob("*.seal")):
        try:
            found.append(read_outside(path))
        except Invalid as refused:
            spoilt = spoilt or Broken(position=0, stream=None, what=f"封存目录里 {refused.sentence}")
    if given is not None:
        found.append(given)
    return sorted(found, key=lambda one: one.seal.statement.size), spoilt


def _wrong_seal(store: Store, found: Verified, kept: Sequence[KeptSeal]) -> Broken | None:
    """The first seal of the record that does not agree with the facts before it."""
    good = 0
    for one in kept:
        said = one.seal.statement
        if said.size >= one.position or not _agrees(store, found, said):
            what = (
                f"第 {good + 1} 至 {said.size} 位之间有改动，链被重算过：其前的事实与第 {one.position} 位"
                f"{said.day} 的封存不符"
            )
            return Broken(position=good + 1, stream=None, what=what)
        wrong = _wrong_signature(one.seal)
        if wrong is not None:
            return Broken(position=one.position, stream=f"seal-{said.day.year}", what=wrong)
        good = said.size
    return None


def _wrong_signature(seal: Seal) -> str | None:
    said = seal.statement
    if not seal.public:
        return f"封存用的钥匙 {said.key} 记录里没有启用过"
    if key_id(seal.public) != said.key or not signed_by(seal.public, said.signed(), seal.signature):
        return f"{said.day} 的封存签名不对，内容被改过"
    return None


def _wrong_key(settings: Settings, keys: Sequence[tuple[int, str]]) -> Broken | None:
    """Whether the key file speaks of another key than the record: somebody rebuilt the one or exchanged the other."""
    if not keys:
        return None
    try:
        at_hand = read_key(settings.keys_folder).public
    except Refusal:
        return None
    position, public = keys[-1]
    if at_hand == public:
        return None
    what = f"封存用的不是钥匙文件里的钥匙：记录里启用的是 {public}，文件里是 {at_hand}"
    return Broken(position=position, stream=KEYS, what=what)


def _wrong_outside(
    store: Store,
    found: Verified,
    kept: Sequence[KeptSeal],
    outside: Sequence[Outside],
    publics: set[str],
) -> tuple[Broken | None, int]:
    """The first seal kept outside that the record does not bear out, and how many agree."""
    record = record_id(store)
    names = {file_name(one.seal): one.seal for one in kept}
    good = 0
    for count, one in enumerate(outside):
        said = one.seal.statement
        what = _against(one, record, found, publics, names)
        if what is None and not _agrees(store, found, said):
            what = (
                f"记录在 {said.day} 封存之后被改过：第 {good + 1} 至 {said.size} 位之间的事实与外存封存 "
                f"{one.where} 不符"
            )
        if what is not None:
            return Broken(position=good + 1, stream=None, what=what + _restored_since(store, said)), count
        good = said.size
    return None, len(outside)


def _restored_since(store: Store, said: Statement) -> str:
    """What a restore from a backup older than a seal explains; empty where there was none."""
    for recorded in store.stream(opening.STREAM):
        fact = recorded.fact
        if not isinstance(fact, opening.RecordRestored):
            continue
        if fact.position < said.size:
            return f"；{recorded.recorded_at:%Y-%m-%d} 曾由备份恢复到第 {fact.position} 位，恢复前封存的其后部分已丢失"
    return ""


def _against(
    one: Outside, record: str, found: Verified, publics: set[str], names: dict[str, Seal]
) -> str | None:
    said = one.seal.statement
    if said.record != record:
        return (
            f"{one.where} 是另一部记录的封存：封存的记录编号 {said.record[:16]}…，这里是 {record[:16]}…；"
            "若本应是同一部，整部记录已被换过"
        )
    if what := _wrong_signature(one.seal):
        return f"{one.where}：{what}"
    if said.size > found.facts:
        return f"记录的末尾被截去：{one.where} 封存时有 {said.size} 条事实，现在只有 {found.facts} 条"
    if one.seal.public not in publics:
        return f"{one.where} 的签名钥匙 {said.key} 记录里没有用过：封存是伪造的，或整条链被重算过"
    inside = names.get(one.where)
    if inside is not None and inside != one.seal:
        return f"{one.where} 与记录里同一天的封存不符"
    return None


def _agrees(store: Store, found: Verified, said: Statement) -> bool:
    root = found.roots.get(said.size)
    head = store.hash_at(said.size)
    return root is not None and head is not None and (root.hex(), head.hex()) == (said.root, said.head)


def sentences(checked: Checked, given: Outside | None) -> Iterator[str]:
    """What a check that found nothing wrong tells."""
    yield f"记录完好：{checked.facts} 条事实，根 {checked.root.hex()}"
    yield f"封存 {checked.seals} 次，根与签名都对；外存的封存 {checked.outside} 份，都与记录一致"
    yield f"附件 {checked.files} 份，内容都与登记的摘要一致"
    if given is not None:
        said = given.seal.statement
        yield f"{given.where}：{said.day} 封存的前 {said.size} 条事实，至今一字未动"
