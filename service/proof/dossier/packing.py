"""Making the package: everything gathered, its proofs and seals, a signed list of its files, and what checks it."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from events.record.store import COLUMNS
from events.record.tables import HEADER_COLUMNS
from events.refusals import Conflict
from events.sealing.facts import Occasion
from events.vocabulary import BEIJING
from service.circulating.document import official
from service.circulating.rendering import as_file, paper_of
from service.documents.jobs import Media
from service.proof.dossier.circulated import plain_bulletin
from service.proof.dossier.gathering import Gathered, gather
from service.proof.dossier.history import history
from service.proof.dossier.index import index_text, read_me
from service.proof.dossier.letters import Told
from service.proof.dossier.subjects import Subject
from service.proof.keys import SealKey, read_key
from service.proof.proving import Proof, prove_facts
from service.proof.sealing import all_seals, seal_now
from service.runtime import Runtime

FORMAT = "duban-dossier/1"
CHECK = Path(__file__).parent / "check.py"
_NAMES = tuple(COLUMNS.split(", "))


@dataclass(slots=True, kw_only=True)
class _Package:
    """A package in the making: what was put in, for the list."""

    archive: zipfile.ZipFile
    at: datetime
    listed: list[dict[str, Any]] = field(default_factory=list)

    def put(self, path: str, content: bytes | str) -> None:
        data = content.encode() if isinstance(content, str) else content
        self.archive.writestr(self._info(path), data)
        self._list(path, hashlib.sha256(data).hexdigest(), len(data))

    def copy(self, path: str, source: Path, sha256: str) -> None:
        """Copies a file; raises Conflict where it is not the one the record names."""
        digest, size = hashlib.sha256(), 0
        info = self._info(path)
        info.compress_type = zipfile.ZIP_STORED
        try:
            with source.open("rb") as file, self.archive.open(info, "w", force_zip64=True) as out:
                while part := file.read(1 << 20):
                    digest.update(part)
                    size += len(part)
                    out.write(part)
        except FileNotFoundError:
            raise _spoilt(path) from None
        if digest.hexdigest() != sha256:
            raise _spoilt(path)
        self._list(path, sha256, size)

    def close(self, subject: Subject, without_files: tuple[str, ...], key: SealKey) -> None:
        """Writes the list and its signature; ``without_files`` are streams whose attachments are not here."""
        manifest = {
            "format": FORMAT,
            "title": subject.title,
            "subject": subject.label,
            "made_at": self.at.isoformat(),
            "without_files": without_files,
            "files": self.listed,
        }
        written = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
        self.archive.writestr(self._info("manifest.json"), written)
        signature = f"public {key.public}\nsignature {key.sign(written)}\n"
        self.archive.writestr(self._info("manifest.sig"), signature)

    def _list(self, path: str, sha256: str, size: int) -> None:
        self.listed.append({"path": path, "sha256": sha256, "size": size})

    def _info(self, path: str) -> zipfile.ZipInfo:
        at = self.at.astimezone(BEIJING)
        info = zipfile.ZipInfo(path, at.timetuple()[:6])
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = 0o644 << 16
        return info


def export(runtime: Runtime, subject: Subject, out: Path, at: datetime) -> None:
    """Writes the dossier of a subject to a file that is not there yet.

    Seals the record first where a fact of it is not sealed yet. Raises Conflict where the file exists, an attachment is
    not what the record names, or the record no longer bears its seal out; Unavailable without a sealing key.
    """
    if out.exists():
        raise Conflict(f"{out} 已经有了；换一个文件名。")
    key = read_key(runtime.settings.keys_folder)
    gathered = gather(runtime, subject)
    proof = _proof(runtime, gathered, key, at)
    half = out.with_name(f".{out.name}.{secrets.token_hex(4)}")
    try:
        with zipfile.ZipFile(half, "w") as archive:
            package = _Package(archive=archive, at=at)
            _fill(package, runtime, gathered, proof)
            package.close(subject, gathered.without_files, key)
        os.link(half, out)
    finally:
        half.unlink(missing_ok=True)


def _proof(runtime: Runtime, gathered: Gathered, key: SealKey, at: datetime) -> Proof:
    seals = all_seals(runtime.store)
    newest = gathered.facts[-1].position
    if not seals or seals[-1].fact.size < newest or seals[-1].fact.key != key.id:
        seal_now(runtime, at, Occasion.DOSSIER)
        seals = all_seals(runtime.store)
    return prove_facts(runtime.store, gathered.subject.label, gathered.facts, seals)


def _fill(package: _Package, runtime: Runtime, gathered: Gathered, proof: Proof) -> None:
    plain = proof.plain()
    package.put("读我.txt", read_me(gathered, proof))
    package.put("卷内目录.txt", index_text(gathered))
    package.put("facts.jsonl", "".join(_lines(runtime, gathered)))
    for one in gathered.files:
        package.copy(one.path, runtime.files.path(one.sha256), one.sha256)
    report = history(gathered, proof, runtime.settings, runtime.directory.now())
    package.put("案卷.pdf", runtime.renderer.render(report, Media.PDF).content)
    if gathered.circulated is not None:
        bulletin = gathered.circulated.bulletin
        paper = official(paper_of(runtime, bulletin, public=False, marked=False))
        package.put("通报.docx", as_file(runtime, paper, Media.DOCX).content)
        package.put(
            "bulletin.json", json.dumps(plain_bulletin(gathered.circulated), ensure_ascii=False, indent=1)
        )
    letters = [_letter(one) for one in gathered.letters]
    package.put("letters.json", json.dumps(letters, ensure_ascii=False, indent=1))
    for told in gathered.letters:
        package.put(told.path, told.text)
    package.put("proof.json", json.dumps(plain, ensure_ascii=False, indent=1))
    package.put("seals/newest.seal", proof.kept.seal.text())
    package.put("seals/earlier.txt", "\n".join(kept.seal.text() for kept, _ in proof.growth))
    package.put("public-key.txt", f"{proof.kept.seal.public}\n")
    package.put("check.py", CHECK.read_bytes())


def _lines(runtime: Runtime, gathered: Gathered) -> Iterator[str]:
    """Every fact as one JSON line: the row as stored, what came before it in the chain, and its moments for reading."""
    rows = {
        row[0]: row
        for stream in dict.fromkeys(one.stream for one in gathered.facts)
        for row in runtime.store.stream_rows(stream)
    }
    for one in gathered.facts:
        row = rows[one.position]
        before = runtime.store.hash_at(one.position - 1)
        said: dict[str, Any] = dict(zip(_NAMES[:HEADER_COLUMNS], row, strict=False))
        said["body"] = bytes(row[HEADER_COLUMNS + 2]).decode()
        said["body_digest"] = bytes(row[HEADER_COLUMNS]).hex()
        said["previous"] = before.hex() if before is not None else "0" * 64
        said["hash"] = bytes(row[HEADER_COLUMNS + 1]).hex()
        said["recorded"] = one.recorded_at.isoformat()
        said["occurred"] = one.occurred_at.isoformat()
        yield json.dumps(said, ensure_ascii=False) + "\n"


def _letter(told: Told) -> dict[str, Any]:
    first = told.rows[0]
    return {
        "text": told.path,
        "title": first.title,
        "addressee": told.addressee,
        "about": first.position,
        "ways": [
            {
                "id": row.id,
                "channel": row.channel.label,
                "state": row.state.label,
                "written_at": row.written_at.isoformat(),
                "handed_at": row.handed_at.isoformat() if row.handed_at else None,
                "address": row.address,
                "message_id": row.message_id,
                "read_at": row.read_at.isoformat() if row.read_at else None,
                "read_by": row.read_by,
                "error": row.last_error,
            }
            for row in told.rows
        ],
    }


def _spoilt(path: str) -> Conflict:
    return Conflict(
        f"附件 {path.partition('-')[2]} 不见了，或与登记的摘要不符，案卷没有出；运行 duban verify 查明，从备份找回。",
        code="spoilt-attachment",
    )
