"""The words of the forms that fill the office's week: 分办、配合、交接 and what goes with them."""

from __future__ import annotations

from collections.abc import Mapping

from service.pages.form_words import LIMIT_HINT, FieldWords, FormWords, Widget, area, bare

WITHIN: Mapping[str, FormWords] = {
    "split": FormWords(
        then="每个单位各立一份，编号 n-1、n-2……，各有期限、各自签收；总件看各份办结几份，最后一份办结，总件随之办结。",
        fields={
            "parts": FieldWords(
                label="分给哪些单位",
                widget=Widget.PARTS,
                hint="勾选的单位用下面共同的期限；另有期限或责任人的，写在后面几行",
                required=True,
            ),
            "plan": FieldWords(
                label="或照计划表分",
                widget=Widget.PLAN,
                hint="从表格里复制粘贴，每行一项：项目、计划、事项、牵头单位、期限、责任人。没有计划一层的那一格空着；"
                "期限空着的用下面共同的期限",
                rows=6,
            ),
            "time_limit": FieldWords(label="共同期限", widget=Widget.LIMIT, hint=LIMIT_HINT),
            "quality_requirement": area("质量要求", "办到什么程度算办好，各份都照这个"),
            "assessment_rule": FieldWords(label="考核办法", hint="不填照总件"),
        },
    ),
    "acknowledge-helping": bare("表示知道要配合；接着提意见。不改变牵头单位的签收和期限。"),
    "give-opinion": FormWords(
        then="送牵头单位，记入经过；再提一次以新的为准，原来的留着。",
        fields={"text": area("意见", "本单位做什么、什么时候做；没有意见也写明", rows=4)},
    ),
    "ask-opinion": FormWords(
        then="通知这些配合单位在期限前提意见；提过的要重新提。",
        fields={
            "units": FieldWords(label="哪些配合单位", widget=Widget.CO_UNITS, hint="一个不选就是全部"),
            "time_limit": FieldWords(
                label="提意见的期限", widget=Widget.LIMIT, hint=f"不填按本类默认；{LIMIT_HINT}"
            ),
        },
    ),
    "co-sign": bare("表示同意牵头单位准备报结的内容；退回重办的，要重新会签。"),
    "hand-over": FormWords(
        then="以后由新的经办人办，列在他的“要我办”里；经过里记下谁交给谁。",
        fields={
            "to": FieldWords(label="交给谁", widget=Widget.COLLEAGUE, required=True),
            "reason": area("理由", "专人督办的件必须写", required=False, rows=2),
        },
    ),
    "instruct": FormWords(
        then="立即送责任单位联络员、负责人和督查室，记入经过，不可删改，可更正；期限不变。",
        fields={"text": area("批示", "要办到什么程度，什么时候要结果")},
    ),
    "mark-key-case": FormWords(
        then="专人督办的件由经办人一抓到底，换人要写理由。",
        fields={
            "key_case": FieldWords(label="专人督办", widget=Widget.YES_NO, required=True),
            "reason": area("理由", "为什么要定，或者为什么不再定"),
        },
    ),
    "note-petitioner": FormWords(
        then="姓名、电话加密存放，不进信件、检索和案卷；督查室、领导、审计可看，每看一次都留痕。附言和其他栏里不要写姓名电话。",
        fields={
            "name": FieldWords(label="姓名", required=True),
            "phone": FieldWords(label="电话"),
            "kind": FieldWords(label="是谁", widget=Widget.CHOICE, required=True),
            "petitioner": FieldWords(
                label="同一人的编号", hint="别的事项里登记过同一人的，填他的编号，以后一并销毁"
            ),
        },
    ),
    "erase-petitioner": FormWords(
        then="钥匙一毁，这个人的姓名、电话在所有事项里从此谁也读不出，不能恢复；经过照旧，记录照样核得通过。",
        fields={
            "petitioner": FieldWords(label="销毁谁的", widget=Widget.CHOICE, required=True),
            "reason": area("理由", "本人要求、保存期满等"),
        },
    ),
    "approve-registration": bare("批准以后才能交办；连同报来的拟办意见一并批准。"),
    "reject-registration": FormWords(
        then="退回经办人；补充以后重新报批，或者撤销。",
        fields={"reason": area("退回理由", "缺什么、哪里不妥")},
    ),
    "submit-handling-proposal": FormWords(
        then="送督查室负责人或领导批准；批准以前不能交办，批准以后交办时照此填好。",
        fields={
            "text": area("拟办意见", "拟怎么办、由谁办、为什么", rows=4),
            "lead_unit": FieldWords(label="拟牵头单位", widget=Widget.UNIT),
            "co_units": FieldWords(label="拟配合单位", widget=Widget.UNITS),
            "time_limit": FieldWords(label="拟定时限", hint="如“15个工作日内”“6月30日前”"),
            "quality_requirement": area("质量要求", "办到什么程度算办好", required=False),
        },
    ),
    "approve-handling-proposal": bare("批准以后，经办人照拟办意见交办。"),
    "return-handling-proposal": FormWords(
        then="退回经办人，改好再报。",
        fields={"reason": area("退回理由", "哪里要改")},
    ),
    "note": FormWords(
        then="只给督查室、领导和审计看，不进信件、文书和档案包，责任单位看不到、查不到。",
        fields={
            "text": area("批注", "对内说的话", rows=4),
            "mentions": FieldWords(
                label="提到谁", widget=Widget.INSIDERS, hint="会列在他的工作台上，直到他也写一条批注"
            ),
            "file": FieldWords(label="附件", widget=Widget.FILE, hint="只给看得到批注的人看"),
        },
    ),
    "recall-assignment": FormWords(
        then="回到“待交办”，可以另行交办；原交办留在经过里，收到过通知的单位另收收回通知。单位报过方案或进展的，改用改派。",
        fields={"reason": area("收回理由", "错在哪里：单位选错、事项选错")},
    ),
    "withdraw-evidence": FormWords(
        then="这份不再算佐证，页面标明“已撤回”；文件和上传的经过都留着。",
        fields={
            "evidence": FieldWords(label="撤回哪一份", widget=Widget.CHOICE, required=True),
            "reason": area("撤回理由", "传错了什么，该是哪一份", rows=2),
        },
    ),
}
"""Command → its words."""
