"""What is said between the service and its rendering process: a setting, a job, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from service.documents.model import Printed


@dataclass(frozen=True, slots=True, kw_only=True)
class FontSetting:
    """Where fonts lie and which families are wished for, in order, by role: body title hei kai song."""

    paths: tuple[str, ...] = ()
    system: bool = True
    chains: tuple[tuple[str, tuple[str, ...]], ...] = ()


class Media(StrEnum):
    """What a document is rendered as."""

    PDF = "pdf"
    DOCX = "docx"

    @property
    def media_type(self) -> str:
        """As HTTP and mail name it."""
        return MEDIA_TYPES[self]


MEDIA_TYPES = {
    Media.PDF: "application/pdf",
    Media.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Versions:
    """What a file was made with. The same document under the same versions gives the same bytes."""

    renderer: str
    """Program and its version: typst 0.15.2."""
    layout: str
    """Start of the SHA-256 over the layouts."""
    fonts: str
    """Font files that may have drawn something, each with the start of its SHA-256."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A file, and what became of rare characters."""

    content: bytes
    media: Media
    versions: Versions
    borrowed: tuple[str, ...] = ()
    """Characters drawn by a font outside the chain."""
    missing: tuple[str, ...] = ()
    """Characters no font on the machine has, written as 〔U+20BB7〕."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one rendering may take: ``seconds`` of waiting, ``megabytes`` of address space; ``idle_seconds`` until
    an unused process ends."""

    seconds: float = 30
    megabytes: int = 1_500
    idle_seconds: float = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One rendering, as sent to the process."""

    document: Printed
    media: Media


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """Why a document could not be rendered, as sent back."""

    sentence: str
