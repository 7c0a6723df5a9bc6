"""Evidence files: stored under their digest, written and flushed before the fact that names them."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from events.refusals import Invalid, TooLarge, Unavailable

HEADS: tuple[tuple[bytes, int, str], ...] = (
    (b"\xff\xd8\xff", 0, "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", 0, "image/png"),
    (b"GIF8", 0, "image/gif"),
    (b"WEBP", 8, "image/webp"),
    (b"%PDF-", 0, "application/pdf"),
    (b"ftyp", 4, "video/mp4"),
    (b"PK\x03\x04", 0, "application/zip"),
    (b"\xd0\xcf\x11\xe0", 0, "application/x-ole-storage"),
)
"""First bytes by which a type is known; what a sender claims is not believed."""

SHOWN_IN_PAGE = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
"""Types a browser may show within the site; everything else is only ever downloaded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A file as it lies in the data folder."""

    sha256: str
    size: int
    media_type: str


class Remote(Protocol):
    """A store several hosts share."""

    def put(self, sha256: str, path: Path) -> None:
        """Stores a file under its digest."""

    def get(self, sha256: str, path: Path) -> bool:
        """Brings the file of a digest to a path; False where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileStore:
    """Content-addressed files below ``var/files``; with a ``remote`` that folder only keeps copies of its files."""

    folder: Path
    max_bytes: int
    remote: Remote | None = None

    def path(self, sha256: str) -> Path:
        """Where the file of a digest lies; fetched first where only the remote store has it.

        There is no file at the path where it was lost. Raises Unavailable where the remote store does not answer.
        """
        path = self._place(sha256)
        if self.remote is not None and not path.is_file():
            self.remote.get(sha256, path)
        return path

    def _place(self, sha256: str) -> Path:
        return self.folder / sha256[:2] / sha256[2:4] / sha256

    def keep(self, chunks: Iterable[bytes]) -> StoredFile:
        """Stores a file durably. The same content twice is one file.

        Raises TooLarge, Invalid for an empty file, Unavailable when the disk is full; nothing is left behind then.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        temporary = self.folder / f".coming-{secrets.token_hex(8)}"
        digest, size, head = hashlib.sha256(), 0, b""
        try:
            with temporary.open("wb") as file:
                for chunk in chunks:
                    size += len(chunk)
                    if size > self.max_bytes:
                        raise TooLarge(
                            f"文件超过 {self.max_bytes // 1_000_000} MB；压缩、分卷或截取要紧部分后再传。",
                            code="file-too-large",
                        )
                    head = head or chunk[:16]
                    digest.update(chunk)
                    file.write(chunk)
                if size == 0:
                    raise Invalid("文件是空的；重新选择文件再传。", code="empty-file")
                file.flush()
                os.fsync(file.fileno())
            if self.remote is not None:
                self.remote.put(digest.hexdigest(), temporary)
            final = self._place(digest.hexdigest())
            final.parent.mkdir(parents=True, exist_ok=True)
            temporary.replace(final)
            _flush_folder(final.parent)
        except OSError as error:
            raise Unavailable(
                "文件没有存下，磁盘可能已满；请运维清出空间后再传。", code="disk-full"
            ) from error
        finally:
            temporary.unlink(missing_ok=True)
        return StoredFile(sha256=digest.hexdigest(), size=size, media_type=media_type_of(head))


def media_type_of(head: bytes) -> str:
    """The type told by a file's first bytes; plain bytes when unknown."""
    for mark, offset, media_type in HEADS:
        if head[offset : offset + len(mark)] == mark:
            return media_type
    return "application/octet-stream"


NAMED: Mapping[str, tuple[str, frozenset[str]]] = {
    **dict.fromkeys(("jpg", "jpeg", "png", "gif", "webp"), ("图片", SHOWN_IN_PAGE)),
    "pdf": ("PDF", frozenset({"application/pdf"})),
    **dict.fromkeys(("docx", "xlsx", "pptx", "zip"), ("这类文件", frozenset({"application/zip"}))),
    **dict.fromkeys(("doc", "xls", "ppt"), ("这类文件", frozenset({"application/x-ole-storage"}))),
    "mp4": ("视频", frozenset({"video/mp4"})),
}
"""Ending of a name → what it promises, and the types that keep the promise."""


def misnamed(name: str, media_type: str) -> str:
    """“名字是 .jpg，内容不是图片” where a file's name promises what its bytes are not; else nothing."""
    ending = name.rpartition(".")[2].lower()
    promised = NAMED.get(ending)
    return f"名字是 .{ending}，内容不是{promised[0]}" if promised and media_type not in promised[1] else ""


def safe_name(name: str) -> str:
    """A file's name as shown and offered for download: no folders, no control characters, at most 120 characters."""
    last = name.replace("\\", "/").rpartition("/")[2]
    clean = "".join(c for c in last if c.isprintable()).strip(". ")
    return clean[-120:] or "未命名"


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
