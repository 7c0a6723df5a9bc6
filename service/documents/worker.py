"""The rendering process: reads a job, answers with a file, until nobody asks any more.

Started by ``service.documents.rendering``; its one argument is the number of an open socket.
"""

from __future__ import annotations

import resource
import sys
from importlib.metadata import version
from multiprocessing.connection import Connection
from typing import Any

import typst

from service.documents.fonts import Faces, FontShelf
from service.documents.jobs import Failed, Job, Limits, Media, Rendered, Versions
from service.documents.model import Report
from service.documents.typesetting import layout_version, typeset
from service.documents.word import written


def main() -> None:
    """Serves one parent; ends when it does, or when it has been silent for long."""
    pipe: Connection[Any, Any] = Connection(int(sys.argv[1]))
    fonts, limits = pipe.recv()
    _confine(limits)
    shelf = FontShelf(fonts)
    while pipe.poll(limits.idle_seconds):
        try:
            job = pipe.recv()
        except EOFError:
            return
        pipe.send(answer(job, shelf))


def answer(job: Job, shelf: FontShelf) -> Rendered | Failed:
    """One job done, or why it cannot be."""
    document = job.document
    try:
        if job.media is Media.PDF:
            content, faces = typeset(document, shelf)
        elif isinstance(document, Report):
            return Failed(sentence="卷宗只出 PDF；换成 pdf 再取。")
        else:
            content, faces = written(document, shelf)
    except typst.TypstError as error:
        # The layouts are ours and text cannot break them: what remains is a drawing that is no SVG.
        return Failed(sentence=f"这份文书里的图画不出来（{error}）；去掉这幅图，或告诉运维。")
    return Rendered(
        content=content,
        media=job.media,
        versions=_versions(job.media, faces),
        borrowed=tuple(sorted(faces.borrowed)),
        missing=tuple(sorted(faces.missing)),
    )


def _versions(media: Media, faces: Faces) -> Versions:
    package = "typst" if media is Media.PDF else "python-docx"
    program = f"{package} {version(package)}"
    return Versions(renderer=program, layout=layout_version(), fonts=faces.version)


def _confine(limits: Limits) -> None:
    most = limits.megabytes * 1_000_000
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


if __name__ == "__main__":
    main()
