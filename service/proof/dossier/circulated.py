"""A bulletin in its dossier: what it is, its figures, whom it names by which facts, who received it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from events.bulletin.content import PRAISE
from events.bulletin.state import Bulletin
from events.directory.state import Directory
from events.rules.rates import at_version
from events.vocabulary import BEIJING
from service.documents.model import Align, Block, Cell, Column, Heading, Table, cells
from service.documents.numbering import day_words
from service.documents.numbering import official as official_number
from service.proof.dossier.gathering import Circulated, NamedMatter

ABOUT = (Column(title="项目", width=6), Column(title="内容", width=26))
FIGURES = (
    Column(title="数字", width=5),
    Column(title="通报写的", width=6, align=Align.RIGHT),
    Column(title="口径", width=15),
    Column(title="分子", width=3, align=Align.RIGHT),
    Column(title="分母", width=3, align=Align.RIGHT),
)
NAMED = (
    Column(title="编号", width=6),
    Column(title="事项", width=11),
    Column(title="因", width=4, align=Align.CENTER),
    Column(title="定格以前的事实（位次）", width=8),
    Column(title="记入该件", width=3, align=Align.RIGHT),
)
RECEIPTS = (
    Column(title="单位", width=8),
    Column(title="印发时在岗", width=12),
    Column(title="签收", width=12),
)


def about_bulletin(circulated: Circulated, directory: Directory) -> Iterator[Block]:
    """The chapters that only a bulletin has."""
    bulletin = circulated.bulletin
    yield Heading(level=1, text="通报")
    yield _about(bulletin, directory)
    yield Heading(level=1, text="数字")
    yield _figures(circulated)
    if circulated.named:
        yield Heading(level=1, text="点到的事项")
        yield Table(columns=NAMED, rows=tuple(_named(one) for one in circulated.named))
    yield Heading(level=1, text="签收")
    yield _receipts(bulletin, directory)


def plain_bulletin(circulated: Circulated) -> dict[str, Any]:
    """The same for programs: which matters every figure counts, and where the facts of those named stand."""
    bulletin = circulated.bulletin
    content, frozen = bulletin.standing_content, bulletin.standing_content.frozen
    return {
        "stream": bulletin.stream,
        "content": circulated.drafted,
        "document_no": bulletin.document_no,
        "stage": bulletin.stage.value,
        "from": content.period.first.isoformat(),
        "to": content.period.last.isoformat(),
        "as_of": frozen.as_of,
        "judged_on": frozen.judged_on.isoformat(),
        "figures": [one.plain() for one in circulated.figures],
        "named": [
            {
                "stream": f"matter-{one.named.matter}",
                "id": one.named.matter,
                "number": one.named.number,
                "unit": one.named.unit,
                "why": one.named.why,
                "counted": list(one.counted),
                "noted": one.noted,
            }
            for one in circulated.named
        ],
    }


def _about(bulletin: Bulletin, directory: Directory) -> Table:
    content = bulletin.standing_content
    pairs = (
        ("发文字号", bulletin.document_no),
        ("标题", "".join(bulletin.title.split())),
        ("系列", "　".join(part for part in (bulletin.series_name, bulletin.issue_words) if part)),
        ("时段", f"{day_words(content.period.first)}至{day_words(content.period.last)}"),
        ("数据定格", f"记录第 {content.frozen.as_of:,} 位，按{day_words(content.frozen.judged_on)}判迟早"),
        ("核数", _by(directory, bulletin.checked_by, bulletin.checked_at)),
        (
            "批准点名",
            bulletin.naming_paper or _by(directory, bulletin.naming_approved_by, bulletin.naming_approved_at),
        ),
        ("签发", _by(directory, bulletin.signed_by, bulletin.signed_at)),
        ("印发", _by(directory, bulletin.issued_by, bulletin.issued_at)),
        ("现在", bulletin.stage.label),
        ("更正", f"更正{bulletin.corrects_no}" if bulletin.corrects_no else ""),
        ("被更正", f"由{bulletin.corrected_by_no}更正" if bulletin.corrected_by_no else ""),
        ("撤回理由", bulletin.withdrawn_reason or ""),
    )
    return Table(columns=ABOUT, rows=tuple(cells(term, text) for term, text in pairs if text))


def _by(directory: Directory, user: str | None, at: datetime | None) -> str:
    return f"{directory.user_label(user)}　{_when(at)}" if user is not None and at is not None else ""


def _when(at: datetime) -> str:
    return f"{at.astimezone(BEIJING):%Y-%m-%d %H:%M}"


def _figures(circulated: Circulated) -> Table:
    rows = tuple(
        cells(
            one.figure.label,
            one.figure.shown,
            f"{at_version(one.figure.rule, one.figure.rule_version).statement}（第 {one.figure.rule_version} 版）",
            str(len(one.numerator)),
            "—" if one.denominator is None else str(len(one.denominator)),
        )
        for one in circulated.figures
    )
    note = "分子、分母是件数，按数据定格重新从记录里数出；是哪几件，列在 bulletin.json。"
    return Table(columns=FIGURES, rows=rows, note=note)


def _named(one: NamedMatter) -> tuple[Cell, ...]:
    return cells(
        official_number(one.named.number, ""),
        one.title,
        "表扬" if one.named.why == PRAISE else "存在问题",
        "、".join(map(str, one.counted)),
        str(one.noted) if one.noted is not None else "待记",
    )


def _receipts(bulletin: Bulletin, directory: Directory) -> Table:
    received = {one.unit: one for one in bulletin.receipts}
    rows = []
    for to in bulletin.addressees:
        people = "；".join("、".join(map(directory.person_name, held)) or "空缺" for _, held in to.posts)
        found = received.get(to.unit)
        said = "未签收"
        if found is not None:
            by = "督查室代录" if found.on_behalf else directory.user_label(found.by)
            said = f"{by}　{_when(found.at)}"
        rows.append(cells(to.name, people, said))
    return Table(
        columns=RECEIPTS, rows=tuple(rows), note=f"{len(received)}/{len(bulletin.addressees)} 已签收"
    )
