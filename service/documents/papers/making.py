"""A paper for whoever asks: the matter they may see, as of when they ask, worded and rendered."""

from __future__ import annotations

from urllib.parse import quote

from starlette.responses import Response

from events.matter.state import Matter
from events.refusals import Invalid, NotFound
from events.vocabulary import MatterId
from service.answering import Answering
from service.documents.jobs import Media, Rendered
from service.documents.model import Document
from service.documents.numbering import official
from service.documents.papers.kinds import PaperKind, kind_of, must_be_for, must_be_ready
from service.documents.papers.templates import compose
from service.documents.papers.words import Told
from service.identity import may_see

DIGEST_SHOWN = 16


def told(answer: Answering, matter_id: MatterId) -> Told:
    """A matter as the asker may see it. Raises NotFound."""
    runtime = answer.runtime
    stream = f"matter-{matter_id}"
    history = runtime.store.stream(stream, up_to=answer.position)
    folded = runtime.handling.fold(stream, history)
    if folded.version == 0 or not may_see(answer.visibility, folded.state):
        raise NotFound("没有这一件，或那时还没有立项，或不归您看；核对编号，到台账里查。")
    matter: Matter = folded.state
    return Told(
        matter=matter,
        history=history,
        directory=answer.directory,
        day=answer.day,
        position=answer.position,
        settings=runtime.settings,
    )


def paper(answer: Answering, matter_id: MatterId, name: str) -> tuple[Document, PaperKind, Told]:
    """A paper of a matter. Raises NotFound, NotYours, WrongStage, BrokenTemplate."""
    kind = kind_of(name)
    about = told(answer, matter_id)
    must_be_for(kind, answer.principal.actor)
    must_be_ready(kind, about.matter)
    label = kind.label_for(about.wording)
    return compose(kind.id, about, label=label, proof=_proof(about)), kind, about


def paper_file(answer: Answering, matter_id: MatterId, name: str, media: str, *, inline: bool) -> Response:
    """A paper as a file to read or keep. Raises what ``paper`` and rendering raise, Invalid for another format."""
    if media not in set(Media):
        raise Invalid(f"format 不能是 {media}；写 pdf 或 docx。", code="wrong-value", field="format")
    document, kind, about = paper(answer, matter_id, name)
    rendered = answer.runtime.renderer.render(document, Media(media))
    number = official(about.matter.number, about.settings.organization.code)
    return file_of(rendered, f"{kind.label_for(about.wording)}-{number}", inline=inline)


def file_of(rendered: Rendered, name: str, *, inline: bool) -> Response:
    """A rendered document as an answer; its versions and the characters no font has stand in the headers."""
    kind = "inline" if inline else "attachment"
    headers = {
        "content-disposition": f"{kind}; filename*=UTF-8''{quote(f'{name}.{rendered.media}')}",
        "cache-control": "no-store",
        "x-duban-renderer": rendered.versions.renderer,
        "x-duban-layout": rendered.versions.layout,
    }
    if rendered.missing:
        headers["x-duban-missing"] = " ".join(f"U+{ord(c):04X}" for c in rendered.missing)
    return Response(rendered.content, media_type=rendered.media.media_type, headers=headers)


def _proof(about: Told) -> str:
    newest = about.history[-1]
    place = about.position if about.position is not None else newest.position
    return (
        f"{about.settings.organization.name} · 记录第{place:,}位 · 本件摘要{newest.hash.hex()[:DIGEST_SHOWN]}"
    )
