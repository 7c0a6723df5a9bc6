"""Rendering a bulletin once and for ever: the files that go out, and the digests by which they are known again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum

from events.bulletin.state import Addressee, Bulletin, Head, Rendition
from events.bulletin.surroundings import Rendered
from service.circulating.document import MARKS, Paper, official
from service.circulating.opening import Opening
from service.documents import configured
from service.documents.jobs import Media
from service.documents.jobs import Rendered as File
from service.documents.model import Official
from service.runtime import Runtime


def render(
    runtime: Runtime, bulletin: Bulletin, *, addressees: tuple[Addressee, ...], copies_to: tuple[str, ...]
) -> Rendered:
    """Both PDFs of a bulletin about to be issued, stored. Raises what rendering raises."""
    head = head_now(runtime)
    names = tuple(one.name for one in addressees)
    full, public = (
        _kept(
            runtime,
            official(Paper(bulletin=bulletin, public=part, head=head, addressees=names, copies_to=copies_to)),
        )
        for part in (False, True)
    )
    return Rendered(version=bulletin.version, head=head, full=full, public=public)


def head_now(runtime: Runtime) -> Head:
    """What stands on the paper beside the content, as configured now."""
    return Head(
        mark=configured.issuer_mark(runtime.settings),
        printed_by=configured.printed_by(runtime.settings),
    )


def paper_of(
    runtime: Runtime,
    bulletin: Bulletin,
    *,
    public: bool,
    marked: bool = True,
    opening: Opening | None = None,
) -> Paper:
    """What the document of a bulletin is made of; once issued, from the facts alone. ``opening``: for a screen."""
    return Paper(
        bulletin=bulletin,
        public=public,
        head=bulletin.head or head_now(runtime),
        addressees=tuple(one.name for one in bulletin.addressees),
        copies_to=bulletin.copies_to,
        mark=MARKS.get(bulletin.stage, "") if marked else "",
        opening=opening,
    )


def as_file(runtime: Runtime, document: Official, media: Media) -> File:
    """A document as a file made now."""
    return runtime.renderer.render(document, media)


def _kept(runtime: Runtime, document: Official) -> Rendition:
    made = as_file(runtime, document, Media.PDF)
    stored = runtime.files.keep([made.content])
    return Rendition(
        sha256=stored.sha256,
        size=stored.size,
        renderer=made.versions.renderer,
        fonts=made.versions.fonts,
        template=made.versions.layout,
        text=text_digest(document),
    )


def text_digest(document: Official) -> str:
    """SHA-256 of all a document says, whatever it is drawn with."""
    said = "\x1f".join(_said(document))
    return hashlib.sha256(said.encode()).hexdigest()


def _said(value: object) -> Iterable[str]:
    if isinstance(value, Enum):
        return
    if isinstance(value, str):
        yield value
    elif isinstance(value, date):
        yield value.isoformat()
    elif isinstance(value, tuple):
        for one in value:
            yield from _said(one)
    elif is_dataclass(value):
        for field in fields(value):
            if field.name not in NOT_SAID:
                yield from _said(getattr(value, field.name))


NOT_SAID = frozenset({"svg", "href", "mark"})
"""A drawing shows what its description says; links and the mark across the page are not the bulletin's words."""
