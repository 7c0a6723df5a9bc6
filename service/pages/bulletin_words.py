"""The words of the forms of 通报: what each field means and what happens then."""

from __future__ import annotations

from collections.abc import Mapping

from service.pages.form_words import FieldWords, FormWords, Widget

SELECT = "select"


def _area(label: str, hint: str = "", *, required: bool = True, rows: int = 3) -> FieldWords:
    return FieldWords(label=label, widget=Widget.AREA, hint=hint, required=required, rows=rows)


NOTE = _area("说明", required=False, rows=2)
SCAN = FieldWords(label="扫描件", widget=Widget.FILE, hint="纸质批准的照片或扫描件，和这一步一起存进记录")
PAPER = FieldWords(label="扫描件", widget=Widget.FILE, hint="附了扫描件，来件情况可以不写")

DRAFT = FormWords(
    then="数字由记录在一个时刻上得出，拟好后只改文字，不改数字。",
    fields={
        "series": FieldWords(label="系列", widget=Widget.CHOICE, required=True),
        "from": FieldWords(label="起日", widget=Widget.DATE, hint="起止都不填，取刚过去的一整期"),
        "to": FieldWords(label="止日", widget=Widget.DATE, hint="当天也算在内"),
        "subject": FieldWords(label="事由", hint="一督查一通报必填，如：全县防汛专项督查情况"),
    },
)

FORMS: Mapping[str, FormWords] = {
    "redraft": FormWords(
        then="按现在的记录重新取数，数据定格改到此刻；改过的文字，用的数字还在的照旧留着。",
        fields={"text": NOTE},
    ),
    "check": FormWords(
        then="系统按定格处把每个数字重算一遍，都相符才能送签。要会签的单位，全部会签后才能签发。",
        fields={
            "co_signers": FieldWords(label="请这些单位会签", widget=Widget.UNITS, hint="不需要会签就不选"),
            "text": NOTE,
        },
    ),
    "return": FormWords(
        then="退回拟稿；已有的核数、会签、点名批准和发文字号都不再算。",
        fields={"reason": _area("退回理由", "写清要改什么")},
    ),
    "co-sign": FormWords(then="会签后不能撤回；有不同意见，请联系督查室退回修改。", fields={"text": NOTE}),
    "approve-naming": FormWords(
        then="批准后，可以点名表扬、批评所列单位（《政府督查工作条例》第二十一条）。",
        fields={
            "basis": FieldWords(label="批准的依据", hint="文件或批示的名称、日期、批准人"),
            "file": SCAN,
            "text": NOTE,
        },
    ),
    "sign": FormWords(
        then="签发后即可印发。发文字号到发文登记处取，可以跳号，不能重号。",
        fields={
            "document_no": FieldWords(
                label="发文字号", hint="机关代字〔年份〕n号；方括号、圆括号都会改成六角括号", required=True
            ),
            "text": NOTE,
        },
    ),
    "issue": FormWords(
        then="编上第几期，出好 PDF 存档，发给各单位联络员和负责人（邮件附 PDF，并有站内信）。印发后只能更正或撤回。",
        fields={
            "units": FieldWords(
                label="另外发给", widget=Widget.UNITS, hint="附件1里的单位都会收到，不用再选"
            ),
            "copies_to": _area("抄送", "每行一个机关，印在版记里", required=False),
            "text": NOTE,
        },
    ),
    "acknowledge": FormWords(then="签收即表示本单位已收到并传达。", fields={"text": NOTE}),
    "publish": FormWords(
        then="记下这份通报何时、在哪里公开。公开的应是公开部分（不含逾期事项台账）；另有别处的，再登一次。",
        fields={
            "channel": FieldWords(label="渠道", widget=Widget.CHOICE, required=True),
            "place": FieldWords(
                label="登在哪里", hint="报纸版面、网址、哪个村的公示栏、哪次会议", required=True
            ),
            "on": FieldWords(label="公开日期", widget=Widget.DATE, required=True),
            "basis": FieldWords(
                label="批准公开的依据", hint="文件或批示的名称、日期、批准人；行政首长本人登记的可不填"
            ),
            "file": FieldWords(label="见证", widget=Widget.FILE, hint="报样、截图或照片，可不附"),
            "text": NOTE,
        },
    ),
    "correct": FormWords(
        then="另拟一份更正稿：按现在的记录重新取数，列出与原通报不同之处。更正稿印发之时，原通报标为已更正。",
        fields={"reason": _area("更正理由", "写清哪里错了、依据什么更正")},
    ),
    "withdraw": FormWords(
        then="撤回后不再有效，已收到的单位都会收到通知；记录里永远留有这一份。",
        fields={"reason": _area("撤回理由", "已收到的单位会看到原话")},
    ),
}
"""Command → its form; ``edit`` has a page of its own."""
