"""The words of the forms of meetings: what each field means and what happens then."""

from __future__ import annotations

from collections.abc import Mapping

from service.pages.form_words import FieldWords, FormWords, Widget, area

KIND = FieldWords(label="会议类别", widget=Widget.CHOICE, required=True)
NOTE = area("说明", required=False, rows=2)
ATTENDEES = area("参会", "一行一位：单位，姓名，职务；名录里的单位和人会认出来", required=False, rows=6)
_SAID: Mapping[str, FieldWords] = {
    "kind": KIND,
    "title": FieldWords(label="会议名称", required=True),
    "held_on": FieldWords(label="哪天开的", widget=Widget.DATE, required=True),
    "chair": FieldWords(label="主持人", required=True),
    "place": FieldWords(label="地点"),
    "attendees": ATTENDEES,
    "topics": area("议题", "一行一个", required=False, rows=2),
}
ORGANIZERS = FieldWords(label="召集单位", widget=Widget.UNITS, hint="几家共同召集的联席会议才勾")

RECORD = FormWords(
    then="记下的议定事项可以一次立项；记错了由负责人更正，原来写的也留着。",
    fields={
        **_SAID,
        "decisions": area("议定事项", "一行一项，按纪要的次序", required=False, rows=8),
        "file": FieldWords(label="会议纪要", widget=Widget.FILE, hint="盖章的或印发的那份；也可以以后再存"),
        "organizers": ORGANIZERS,
        "text": NOTE,
    },
)

FORMS: Mapping[str, FormWords] = {
    "add-decision": FormWords(
        then="接在后面编号；记下以后可以立项。",
        fields={"decision": area("议定事项", "一项一句，写清做什么"), "text": NOTE},
    ),
    "attach-minutes": FormWords(
        then="打开的是最新那份，以前存的也留着。",
        fields={
            "file": FieldWords(label="会议纪要", widget=Widget.FILE, required=True),
            "text": NOTE,
        },
    ),
    "correct": FormWords(
        then="只改写错的；已经立项的事项不跟着变，要改请对那一件办“更正”。",
        fields={
            "reason": area("更正理由", rows=2),
            **_SAID,
            "organizers": ORGANIZERS,
            "decisions": area(
                "议定事项", "一行一项，行数和次序不能变；漏记的用“补记议定事项”", required=False, rows=8
            ),
            "text": NOTE,
        },
    ),
    "withdraw": FormWords(
        then="记重了、记错了会才撤销；议定事项立的件都了结以后才能撤。",
        fields={"reason": area("撤销理由"), "text": NOTE},
    ),
}
