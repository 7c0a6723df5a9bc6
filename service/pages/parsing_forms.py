"""Reading a form to its end, so that an answer is heard, and of its files no more than may be kept."""

from __future__ import annotations

from starlette.datastructures import FormData
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from events.refusals import Malformed, TooLarge

LONGEST_TEXT = 20_000_000
"""Bytes of a form beside its files; what is too long for the record is told beside its field."""
READ_TO_THE_END = 1_000_000_000
"""Bytes of a form that is read to its end though its file is too large: a browser shows no answer before that."""
MOST_FIELDS = 1000

_UNSEEN = {
    **dict.fromkeys((0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF)),
    0x2028: "\n",
    0x2029: "\n",
}
"""Zero-width characters, and line ends of other programs; what turns the direction of text stays, to be refused."""


class _Cutting(MultiPartParser):
    """Takes of each file one byte more than may be kept: enough to know that it is too large."""

    most: int
    taken = 0
    text = 0

    def on_part_begin(self) -> None:
        super().on_part_begin()
        self.taken = 0

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        if self._current_part.file is not None:
            end = min(end, start + self.most + 1 - self.taken)
            self.taken += end - start
        else:
            self.text += end - start
            if self.text > LONGEST_TEXT:
                raise MultiPartException("too much text")
        if end > start:
            super().on_part_data(data, start, end)


async def read_form(request: Request, *, most: int, files: int = 1) -> FormData:
    """The fields of a form and up to ``files`` files, each cut one byte after ``most``.

    Raises TooLarge for what is not even read, Malformed for what cannot be read.
    """
    length = request.headers.get("content-length", "")
    with_files = request.headers.get("content-type", "").startswith("multipart/")
    longest = max(READ_TO_THE_END, most * files + LONGEST_TEXT) if with_files else LONGEST_TEXT
    if length.isdigit() and int(length) > longest and not with_files:
        raise TooLarge("写得太长，收不下；长的材料作为附件传。", code="too-long")
    if length.isdigit() and int(length) > longest:
        raise TooLarge(
            f"文件太大，一次最多 {most // 1_000_000} MB；压缩、分卷或截取要紧部分后再传。",
            code="file-too-large",
        )
    try:
        if not with_files:
            return await request.form(max_files=0, max_fields=MOST_FIELDS, max_part_size=LONGEST_TEXT)
        parser = _Cutting(
            request.headers,
            request.stream(),
            max_files=files,
            max_fields=MOST_FIELDS,
            max_part_size=LONGEST_TEXT,
        )
        parser.most = most
        return await parser.parse()
    except Exception as error:
        raise Malformed("表单读不出来；回到页面重新打开再交。", code="unreadable-form") from error


def raw_of(form: FormData) -> dict[str, list[str]]:
    """The texts of a form, by field; what nobody sees of text pasted from elsewhere is left out."""
    raw: dict[str, list[str]] = {}
    for name, value in form.multi_items():
        if isinstance(value, str):
            raw.setdefault(name, []).append(value.translate(_UNSEEN).replace("\r\n", "\n").strip())
    return raw
