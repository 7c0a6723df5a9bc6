"""The readable history: 卷内目录, what it is about, everything that happened, letters, and how to check it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from events.directory.state import Directory
from events.matter.state import Matter
from events.vocabulary import BEIJING
from service.documents.model import (
    Align,
    Block,
    Cell,
    Column,
    Heading,
    Paragraph,
    Report,
    Table,
    cells,
    plain,
)
from service.documents.numbering import day_words, official
from service.proof.dossier.circulated import about_bulletin
from service.proof.dossier.gathering import Gathered, Item
from service.proof.dossier.letters import Told
from service.proof.proving import Proof
from service.settings import Settings

PART = (
    Column(title="序", width=2, align=Align.CENTER),
    Column(title="责任者", width=7),
    Column(title="题名", width=8),
    Column(title="日期", width=5, align=Align.CENTER),
    Column(title="记录位次", width=4, align=Align.RIGHT),
    Column(title="备注", width=6),
)
ACTS = (
    Column(title="时间", width=5, align=Align.CENTER),
    Column(title="谁", width=6),
    Column(title="办了什么", width=21),
)
LETTERS = (
    Column(title="日期", width=5, align=Align.CENTER),
    Column(title="给谁", width=7),
    Column(title="信件", width=7),
    Column(title="送达", width=13),
)
ABOUT = (Column(title="项目", width=6), Column(title="内容", width=26))


def history(gathered: Gathered, proof: Proof, settings: Settings, directory: Directory) -> Report:
    """The dossier's history as a document."""
    said = proof.kept.seal.statement
    blocks: list[Block] = [Heading(level=1, text="卷内目录"), *_index(gathered)]
    if gathered.circulated is not None:
        items = sorted(gathered.items, key=lambda item: item.position)
        blocks += [
            *about_bulletin(gathered.circulated, directory),
            Heading(level=1, text="全部经过"),
            _acts(items),
        ]
    for matter in gathered.matters:
        number = official(matter.number, settings.organization.code)
        prefix = f"{number}　" if gathered.several else ""
        title = f"{number} {matter.title}"
        items = sorted((i for i in gathered.items if i.about == title), key=lambda item: item.position)
        blocks += [
            Heading(level=1, text=f"{prefix}事项"),
            _about(matter, number, settings, directory),
            Heading(level=1, text=f"{prefix}全部经过"),
            _acts(items),
        ]
    if gathered.letters:
        blocks += [Heading(level=1, text="往来信件"), _letters(gathered.letters)]
    blocks += [Heading(level=1, text="封存与核对"), *_proof(proof)]
    return Report(
        title="\n".join(("督办案卷", *gathered.subject.title.split(" ", 1))),
        organ=settings.organization.name,
        blocks=tuple(blocks),
        proof=f"{said.day} 封存 · 全部记录前 {said.size:,} 条 · 根 {said.root[:16]}…",
    )


def _index(gathered: Gathered) -> Iterator[Block]:
    count = 0
    for about, items in groupby(gathered.items, key=lambda item: item.about):
        rows: list[tuple[Cell, ...]] = []
        for group, members in groupby(items, key=lambda item: item.group):
            rows.append((Cell(text=""), Cell(text=group.label, bold=True), *cells("", "", "", "")))
            for item in members:
                count += 1
                files = "、".join(path.removeprefix("files/").partition("-")[0] for path in item.files)
                note = f"附件 {files}" if files else ""
                rows.append(
                    cells(str(count), item.by, item.title, item.on.isoformat(), str(item.position), note)
                )
        yield Table(columns=PART, rows=tuple(rows), caption=about if gathered.several else "")


def _about(matter: Matter, number: str, settings: Settings, directory: Directory) -> Table:
    procedure = settings.procedures.get(matter.kind)
    registered = matter.registered_at.astimezone(BEIJING).date() if matter.registered_at else None
    today = registered or matter.first_assigned_on
    assert today is not None, "a matter is registered on a day"
    pairs = (
        ("编号", number),
        ("事项", matter.title),
        ("类别", procedure.label if procedure else matter.kind),
        ("来源", "　".join(part for part in (matter.source, matter.source_no) if part)),
        ("立项日期", day_words(registered)),
        ("地点", matter.place or ""),
        ("涉及对象", matter.object or ""),
        ("问题", matter.problem),
        ("牵头单位", directory.unit_name(matter.lead_unit, today) if matter.lead_unit else ""),
        ("配合单位", "、".join(directory.unit_name(unit, today) for unit in matter.co_units)),
        ("责任人", directory.person_name(matter.person) if matter.person else ""),
        ("办理期限", day_words(matter.due_on)),
        ("质量要求", matter.quality_requirement or ""),
        ("现在的阶段", matter.stage.label_for(procedure.wording if procedure else "")),
    )
    return Table(columns=ABOUT, rows=tuple(cells(term, text) for term, text in pairs if text))


def _acts(items: list[Item]) -> Table:
    return Table(columns=ACTS, rows=tuple(_act(item) for item in items))


def _act(item: Item) -> tuple[Cell, ...]:
    basis = f"依据：{item.basis}" if item.basis else ""
    said = "\n".join(part for part in (f"【{item.title}】", *item.sentences, basis) if part)
    return cells(f"{item.at:%Y-%m-%d\n%H:%M}\n第 {item.position} 位", item.by, said)


def _letters(letters: tuple[Told, ...]) -> Table:
    rows = (
        cells(
            f"{told.rows[0].written_at.astimezone(BEIJING):%Y-%m-%d}",
            told.addressee,
            f"{told.rows[0].title}\n{told.path}",
            "\n".join(_way(told, place) for place in range(len(told.rows))),
        )
        for told in letters
    )
    return Table(columns=LETTERS, rows=tuple(rows))


def _way(told: Told, place: int) -> str:
    row = told.rows[place]
    moment = row.read_at or row.handed_at
    when = f"{moment.astimezone(BEIJING):%m-%d %H:%M}　" if moment else ""
    return f"{when}{row.channel.label}{row.state.label}"


def _proof(proof: Proof) -> Iterator[Block]:
    said = proof.kept.seal.statement
    yield Paragraph(
        runs=plain(
            f"以上每一条都在 {day_words(said.day)}的封存之内；那时全部记录 {said.size:,} 条事实，根与签名如下。"
            "核对办法：在案卷目录里运行 python3 -I check.py；手里有存在别处的封存，加上 --seal 文件名。"
        )
    )
    yield Table(
        columns=ABOUT,
        rows=(
            cells("记录编号", _grouped(said.record)),
            cells("根", _grouped(said.root)),
            cells("公钥（Ed25519）", _grouped(proof.kept.seal.public)),
            cells("签名", _grouped(proof.kept.seal.signature)),
        ),
    )


def _grouped(digits: str) -> str:
    """Sixteen digits at a time, so that they can be read aloud and break over lines."""
    return " ".join(digits[at : at + 16] for at in range(0, len(digits), 16))
