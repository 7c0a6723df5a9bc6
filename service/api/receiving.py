"""What a program sends with a command: body, file, key, moment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request as WebRequest

from events.refusals import Invalid, Malformed, TooLarge, WrongMedia
from events.vocabulary import EvidenceKind
from service.commands.bodies import LARGEST_JSON, read_json
from service.commands.performing import Attached
from service.files import FileStore, safe_name

LONGEST_KEY = 200
FORM_SLACK = 1_000_000
"""Bytes a form may have beside its file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """The body of a command. ``canonical`` is what a repeat is compared by."""

    fields: dict[str, Any]
    canonical: bytes
    attached: Attached | None = None
    strict: bool = True


def key_of(request: WebRequest) -> str | None:
    """The ``Idempotency-Key``, if one came. Raises Malformed for one that cannot be kept."""
    key = request.headers.get("idempotency-key")
    if key is None:
        return None
    if not key.strip() or len(key) > LONGEST_KEY or not key.isprintable():
        raise Malformed(
            f"Idempotency-Key 应是 1 到 {LONGEST_KEY} 个可见字符；换一个再发。", code="bad-header"
        )
    return key


async def receive(request: WebRequest, files: FileStore) -> Received:
    """Reads JSON, or a form with one file, which is stored first. Raises a Refusal."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media == "multipart/form-data":
        return await _form(request, files)
    if media not in ("", "application/json"):
        raise WrongMedia(f"不收 {media} 这种内容；命令用 application/json，带文件用 multipart/form-data。")
    body = await body_of(request, LARGEST_JSON)
    fields = read_json(body)
    return Received(fields=fields, canonical=body)


async def body_of(request: WebRequest, most: int) -> bytes:
    """The body, never holding more than ``most`` bytes. Raises TooLarge."""
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > most:
            raise TooLarge("请求超过 1 MB；文件请用 attach-evidence 以附件上传。")
        chunks.append(chunk)
    return b"".join(chunks)


async def _form(request: WebRequest, files: FileStore) -> Received:
    length = request.headers.get("content-length", "")
    if length.isdigit() and int(length) > files.max_bytes + FORM_SLACK:
        raise TooLarge(
            f"文件超过 {files.max_bytes // 1_000_000} MB；压缩、分卷或截取要紧部分后再传。",
            code="file-too-large",
        )
    try:
        form = await request.form(max_files=1, max_fields=40, max_part_size=LARGEST_JSON)
    except Exception as error:
        raise Malformed(
            "表单读不出来；检查 multipart 边界和字段个数，文件只能有一个。", code="unreadable-form"
        ) from error
    try:
        fields, upload = _parts(form)
        attached = None
        if upload is not None and upload.filename:
            attached = await run_in_threadpool(_attached, upload, fields, files)
    finally:
        await form.close()
    shown = {**fields, "file": attached.stored.sha256 if attached else ""}
    return Received(
        fields=fields,
        canonical=msgspec.json.encode(shown, order="deterministic"),
        attached=attached,
        strict=False,
    )


def _parts(form: FormData) -> tuple[dict[str, Any], UploadFile | None]:
    fields: dict[str, Any] = {}
    upload: UploadFile | None = None
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            upload = value
        elif name in fields:
            raise Invalid(f"字段 {name} 写了两次；只留一个。", code="doubled-field", field=name)
        elif value != "":
            fields[name] = value
    return fields, upload


def _attached(upload: UploadFile, fields: dict[str, Any], files: FileStore) -> Attached:
    stored = files.keep(_chunks(upload.file))
    kind = fields.get("kind", "")
    known = EvidenceKind(kind) if kind in set(EvidenceKind) else EvidenceKind.DOCUMENT
    return Attached(stored=stored, name=safe_name(upload.filename or ""), kind=known)


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    while chunk := file.read(1 << 18):
        yield chunk
