"""A document as a page shows it: the same model in views a template can draw, links and all."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from service.documents.model import (
    Attachment,
    Block,
    Chart,
    Document,
    Form,
    Format,
    Heading,
    Official,
    Orientation,
    Paragraph,
    Table,
)
from service.documents.numbering import attachment_label, day_words, numbered, title_lines, width_of


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockView:
    """One block; ``kind`` says which macro draws it."""

    kind: str
    block: Block
    label: str = ""
    image: str = ""
    """A chart as an address that holds it: shown as an image, so that nothing in it can run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentView:
    """附件 on its own pages."""

    label: str
    title: tuple[str, ...]
    blocks: tuple[BlockView, ...]
    wide: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentView:
    """A document ready to be drawn; ``document`` is the model itself."""

    kind: str
    """file, letter or form."""
    document: Document
    title: tuple[str, ...]
    blocks: tuple[BlockView, ...] = ()
    attachments: tuple[AttachmentView, ...] = ()
    day: str = ""
    """成文日期, or the date beside a form's number."""
    signed: str = ""
    """A form's date below its signature."""
    printed: str = ""
    mark: str = ""
    """Class of a 发文机关标志 that is too long to be printed in full size on one line."""
    body: str = "print-doc"
    """Class of the page's body, which chooses the printed page."""


def document_view(document: Document) -> DocumentView:
    """A document as a page shows it."""
    if isinstance(document, Form):
        return DocumentView(
            kind="form",
            document=document,
            title=tuple(document.title.split("\n")),
            day=day_words(document.dated_on),
            signed=day_words(document.signature.signed_on) if document.signature else "",
            body="print-form",
        )
    return _official(document)


def _official(document: Official) -> DocumentView:
    imprint = document.imprint
    return DocumentView(
        kind="letter" if document.format is Format.LETTER else "file",
        document=document,
        title=title_lines(document.title),
        blocks=_blocks(document.body),
        attachments=tuple(
            _attachment(document.attachments, index) for index in range(len(document.attachments))
        ),
        day=day_words(document.signature.signed_on),
        printed=day_words(imprint.printed_on) if imprint else "",
        mark=_mark_class(document.letterhead.issuer_mark),
        body="print-letter" if document.format is Format.LETTER else "print-doc",
    )


def _mark_class(mark: str) -> str:
    return next((name for name, most in MARK_SIZES if width_of(mark) <= most), "longest")


def _attachment(attachments: Sequence[Attachment], index: int) -> AttachmentView:
    one = attachments[index]
    return AttachmentView(
        label=attachment_label(attachments, index),
        title=title_lines(one.title),
        blocks=_blocks(one.blocks),
        wide=one.orientation is Orientation.LANDSCAPE,
    )


def _blocks(blocks: Sequence[Block]) -> tuple[BlockView, ...]:
    return tuple(
        BlockView(kind=_kind(one.block), block=one.block, label=one.label, image=_image(one.block))
        for one in numbered(blocks)
    )


def _kind(block: Block) -> str:
    match block:
        case Heading():
            return f"h{block.level}"
        case Paragraph():
            return "paragraph"
        case Table():
            return "table"
        case Chart():
            return "chart"


def _image(block: Block) -> str:
    if not isinstance(block, Chart):
        return ""
    return f"data:image/svg+xml;base64,{base64.b64encode(block.svg.encode()).decode()}"


MARK_SIZES = (("", 10), ("long", 12), ("longer", 16))
"""Class and how many characters fit one line in its size."""
