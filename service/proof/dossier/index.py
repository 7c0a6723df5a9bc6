"""卷内目录 and 读我: what a reader opens first."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from service.proof.dossier.gathering import Gathered, Item
from service.proof.proving import Proof


def index_text(gathered: Gathered) -> str:
    """The index in the order of a 卷宗, as text."""
    return "\n".join(_index(gathered)) + "\n"


def _index(gathered: Gathered) -> Iterator[str]:
    yield "卷内目录"
    yield ""
    yield gathered.subject.title
    yield ""
    yield "顺序号　责任者　题名　日期　记录位次　附件"
    count = 0
    for about, items in groupby(gathered.items, key=lambda item: item.about):
        if gathered.several:
            yield ""
            yield f"【{about}】"
        for group, members in groupby(items, key=lambda item: item.group):
            yield ""
            yield group.label
            for item in members:
                count += 1
                yield _line(count, item)
    if gathered.letters:
        yield ""
        yield "往来信件"
        for told in gathered.letters:
            count += 1
            first = told.rows[0]
            ways = "，".join(f"{row.channel.label}{row.state.label}" for row in told.rows)
            yield f"{count:>4}　{told.addressee}　{first.title}（{ways}）　{first.written_at:%Y-%m-%d}　{told.path}"
    if gathered.circulated is not None:
        yield ""
        yield "数字与点到的事项　bulletin.json（每个数数的是哪几件，点到的每件在记录的哪几位）、通报.docx"
    yield ""
    yield "证明　facts.jsonl（事实原文）、proof.json（在封存之内的证明）、seals（封存）、public-key.txt（公钥）"
    yield "核对程序　check.py"


def _line(count: int, item: Item) -> str:
    files = "　".join(item.files)
    return (
        f"{count:>4}　{item.by}　{item.title}　{item.on.isoformat()}　第 {item.position} 位　{files}".rstrip(
            "　"
        )
    )


def read_me(gathered: Gathered, proof: Proof) -> str:
    """What the package is and how it is checked."""
    said = proof.kept.seal.statement
    return f"""{gathered.subject.title}

{_first(gathered)}

怎样核对（任何一台有 Python 3.8 以上的机器，不装任何东西，不连网，也不用督办系统）：

    python3 -I check.py

在解开的目录里运行；没有解开就把 check.py 单独取出，运行 python3 -I check.py 案卷.zip。
不放心包里的 check.py，可以用自己存的同一程序来核这个包。

核对什么：
1. 包里的文件一个不多、一个不少、一字未动（清单有签名）。
2. 每条事实与它在记录里的链值相符，版本前后相连，没有缺页。
3. 每条事实都在 {said.day} 的封存之内：那时全部记录 {said.size} 条，根 {said.root}。
4. 附件的内容与事实里登记的摘要相符。
5. 更早的封存都是这一份的前身。手里有存在别处的旧封存（封存信、.seal 文件），加上 --seal 文件名 一并核对。
{_more(gathered)}
签名用的公钥（Ed25519），请与使用说明或公报上印的对一遍：
{proof.kept.seal.public}

证明不了什么：封存之前就没有记下的事，这里看不到；说的是不是真的，要看附件和核查。
"""


def _first(gathered: Gathered) -> str:
    what = "这份通报" if gathered.circulated else "这件事"
    return (
        f"这个包里是{what}的全部经过：先看 案卷.pdf；每条事实的原文、附件、往来信件，"
        "以及证明它们没有被改过的证据都在。"
    )


def _more(gathered: Gathered) -> str:
    """What is checked of a bulletin beside."""
    if gathered.circulated is None:
        return ""
    return """6. 通报里的每个数，都与 bulletin.json 里列的件数相符；点到的每件事项，一生的事实都在这里，也都在封存之内。
   点到的事项的附件只写明摘要，没有装入；需要时另出那件事项的案卷。
"""
