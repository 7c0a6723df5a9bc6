"""The words of every command's form: what it is called, what its fields mean, what happens then."""

from __future__ import annotations

from collections.abc import Mapping

from service.pages.form_words import (
    LIMIT,
    LIMIT_HINT,
    REASON,
    FieldWords,
    FormWords,
    Widget,
    area,
    bare,
    date_field,
)
from service.pages.wording_within import WITHIN

RETURN_DUE = date_field("新的期限", "不填，则原期限按报结至退回的天数顺延，不算延期")

ASSIGNMENT: Mapping[str, FieldWords] = {
    "lead_unit": FieldWords(label="牵头单位", widget=Widget.UNIT, hint="只有一个，对结果负责", required=True),
    "co_units": FieldWords(label="配合单位", widget=Widget.UNITS, hint="可多选；不含牵头单位"),
    "co_time_limit": FieldWords(
        label="配合单位提意见的期限", hint="选了配合单位才算；不填就先不征求意见，报结不用等他们"
    ),
    "person": FieldWords(label="责任人", widget=Widget.PERSON, hint="姓名和职务，如“镇长 程立川”"),
    "time_limit": LIMIT,
    "quality_requirement": area("质量要求", "办到什么程度算办好，核查时就看这些"),
    "assessment_rule": FieldWords(label="考核办法", hint="逾期或虚假整改怎样计分，可写文件和条款"),
}

FORMS: Mapping[str, FormWords] = {
    "register": FormWords(
        then="立项后编号，进入“待交办”；还没有期限，也不通知单位。",
        fields={
            "title": FieldWords(
                label="事项", hint="一事一件，写清地点、对象和问题，200 字以内", required=True
            ),
            "kind": FieldWords(
                label="类别", widget=Widget.CHOICE, hint="类别决定流程、材料和时限", required=True
            ),
            "urgency": FieldWords(
                label="缓急", widget=Widget.CHOICE, hint="领导批示件填：决定不写期限时的默认时限"
            ),
            "source": FieldWords(label="来源", widget=Widget.SOURCE, hint="从哪里来的", required=True),
            "source_no": FieldWords(label="来源文号", hint="批示、会议纪要、转办件的编号"),
            "problem": area("问题", "发现了什么，何时何地，涉及多少；不得写涉密内容", rows=5),
            "place": FieldWords(label="地点"),
            "object": FieldWords(label="涉及对象", hint="项目、企业、设施或人群"),
            "parent": FieldWords(
                label="上级事项",
                widget=Widget.MATTER,
                hint="由另一件拆出来的，写那一件的编号；下级办完，上级才能办结",
            ),
            "handler": FieldWords(label="经办人", widget=Widget.COLLEAGUE, hint="不选就是您自己"),
            "chief_leader": FieldWords(
                label="首席责任领导", widget=Widget.LEADER, hint="月通报印发时，他会收到名下在办事项的清单"
            ),
        },
    ),
    "assign": FormWords(
        then="交办即开始计时（或自签收起计时），通知牵头单位的联络员和负责人，配合单位抄送。",
        fields=ASSIGNMENT,
    ),
    "reassign": FormWords(
        then="新单位重新签收，期限是新的；原来的期限和经过都留着，不算延期。",
        fields=ASSIGNMENT,
    ),
    "acknowledge": bare("签收表示收到并承办。要报方案的，接着报方案；其他的，接着办。"),
    "object": FormWords(
        then="转督查室负责人裁定；裁定前期限照走。",
        fields={"reason": area("异议理由", "为什么不该由本单位办，应当由谁办，依据是什么")},
    ),
    "decide-objection": FormWords(
        then="裁定后通知提出异议的单位；改交另一单位的，重新签收、重新计时。",
        fields={
            "upheld": FieldWords(label="裁定", widget=Widget.VERDICT, required=True),
            "to_unit": FieldWords(label="改交单位", widget=Widget.UNIT, hint="成立并改交时选"),
            "time_limit": LIMIT,
        },
    ),
    "submit-plan": FormWords(
        then="送督查室审；批准后进入整改，退回则改好再报。期限照走。",
        fields={
            "measures": area("整改措施", "准备怎么做", rows=4),
            "goal": area("整改目标", "做到什么程度，最好有数字"),
            "steps": FieldWords(
                label="分步安排",
                widget=Widget.STEPS,
                hint="每一步写做什么、哪天完成、谁负责；空行不算",
                required=True,
            ),
        },
    ),
    "return-plan": FormWords(
        then="退回后单位改好再报，期限不变。",
        fields={"reason": area("退回理由", "哪里要改，改成什么样")},
    ),
    "approve-plan": bare("批准后进入整改；各步日子作为以后核对的依据。"),
    "report-progress": FormWords(
        then="记入经过，督查室可见；不改变阶段和期限。",
        fields={
            "text": area("进展", "做了什么，还差什么"),
            "percent": FieldWords(label="完成（%）", widget=Widget.NUMBER, hint="0 到 100"),
            "quantity": FieldWords(label="数量", hint="如“清运 1,200 吨”；写成“24/32”的与比例核对"),
            "forecast_on": date_field("预计完成", "本单位自己的估计，不改变期限"),
        },
    ),
    "request-support": FormWords(
        then="转督查室答复，督查室有自己的答复期限，超了由系统催督查室；本件期限照走。",
        fields={"text": area("需要什么支持", "缺什么、要谁帮、什么时候要")},
    ),
    "answer-support": FormWords(
        then="答复送责任单位，记入经过。",
        fields={"text": area("答复", "同意什么、由谁办、何时办")},
    ),
    "request-extension": FormWords(
        then="送督查室负责人定；没有同意之前，原期限照算，逾期照亮红灯。",
        fields={
            "until": date_field("延到哪一天", "在原期限之后", required=True),
            "reason": area("延期理由", "为什么按期完不成，延期后怎么保证"),
        },
    ),
    "grant-extension": FormWords(
        then="期限改到这一天，计一次延期；原期限留在“期限变化”里。",
        fields={"until": date_field("延到哪一天", "可以比申请的早", required=True)},
    ),
    "refuse-extension": FormWords(
        then="原期限不变，理由送责任单位。",
        fields={"reason": REASON},
    ),
    "suspend": FormWords(
        then="停表，灯灭；恢复时期限按停的天数顺延。",
        fields={"reason": area("中止理由", "等什么，大约到什么时候")},
    ),
    "resume": bare("回到中止前的阶段，期限按停的天数顺延，不算延期。"),
    "attach-evidence": FormWords(
        then="存下原文件和校验值，记入经过；报结时按清单核对。",
        fields={
            "file": FieldWords(label="文件", widget=Widget.FILE, required=True),
            "kind": FieldWords(label="是什么材料", widget=Widget.CHOICE, required=True),
            "taken_at": FieldWords(label="拍摄或形成时间", widget=Widget.MOMENT),
            "place": FieldWords(label="拍摄地点"),
        },
    ),
    "report-completion": FormWords(
        then="报结即停表；督查室在 10 个工作日内核查。不属实的退回，表接着走。",
        fields={
            "text": area("完成情况", "对照质量要求逐条写：做了什么、结果怎样", rows=5),
            "without_opinions": area(
                "不等配合单位的理由", "配合单位还没提意见就报结的，写明为什么", required=False
            ),
        },
    ),
    "return-completion": FormWords(
        then="回到整改中，表接着走。",
        fields={"reason": area("退回理由", "缺什么、哪里不实、补到什么程度"), "due_on": RETURN_DUE},
    ),
    "schedule-verification": FormWords(
        then="通知核查人员和责任单位；办这件事的单位和人不能核查。",
        fields={
            "verifier": FieldWords(
                label="核查人员", widget=Widget.VERIFIER, hint="不能是经办单位的人", required=True
            ),
            "on": date_field("哪一天去", required=True),
        },
    ),
    "pass-verification": FormWords(
        then="转督查室负责人审批。",
        fields={"findings": area("看到了什么", "写现场事实，对照质量要求；不写“情况属实”四个字了事", rows=4)},
    ),
    "fail-verification": FormWords(
        then="回到整改中，表接着走；结论和理由通知责任单位。",
        fields={
            "kind": FieldWords(label="哪一种不通过", widget=Widget.CHOICE, required=True),
            "findings": area("看到了什么", "写现场事实，和报结哪里不一致", rows=4),
            "due_on": RETURN_DUE,
        },
    ),
    "approve-write-off": FormWords(
        then="办结后不再提醒；5 个工作日内可以重开，之后只能回头看。",
        fields={"grade": FieldWords(label="办结等级", widget=Widget.CHOICE)},
    ),
    "reject-write-off": FormWords(
        then="回到整改中，表接着走。",
        fields={"reason": REASON, "due_on": RETURN_DUE},
    ),
    "reopen": FormWords(
        then="回到办结前的阶段；办结那一步留在经过里。",
        fields={"reason": REASON},
    ),
    "select-look-back": FormWords(
        then="只通知督查室和核查人员，不通知责任单位。",
        fields={"due_on": date_field("哪天以前看", required=True)},
    ),
    "pass-look-back": FormWords(
        then="记为回头看通过，这一件到此为止。",
        fields={"findings": area("看到了什么", "问题有没有反弹，凭什么这样说", rows=4)},
    ),
    "find-relapse": FormWords(
        then="本件记为已反弹，另立一件关联的新事项待交办；本件的办结记录不改。",
        fields={"findings": area("看到了什么", "反弹成什么样，和销号时比", rows=4)},
    ),
    "submit-to-leader": bare("结果送批示的领导阅示。"),
    "leader-acknowledge": FormWords(
        then="记为领导已阅；督查室据此办结。",
        fields={"text": area("阅示意见", "可以不写", required=False)},
    ),
    "instruct-again": FormWords(
        then="开始新的一轮：原单位重新签收，期限重新计。",
        fields={
            "text": area("批示", "要办到什么程度"),
            "time_limit": FieldWords(label="办理期限", widget=Widget.LIMIT, hint=LIMIT_HINT, required=True),
        },
    ),
    "cancel": FormWords(
        then="不再督办，通知责任单位；5 个工作日内可以重开。不计入办结率。",
        fields={"reason": REASON},
    ),
    "transfer": FormWords(
        then="由接收机关办理，本件到此为止，不计入办结率。",
        fields={
            "kind": FieldWords(label="方式", widget=Widget.CHOICE, required=True),
            "to": FieldWords(label="接收机关", hint="写全称", required=True),
        },
    ),
    "merge": FormWords(
        then="本件不再单独办，由并入的那一件继续；两件互相看得到。",
        fields={
            "into": FieldWords(
                label="并入哪一件", widget=Widget.MATTER, hint="写编号，如〔2025〕12号", required=True
            )
        },
    ),
    "link": FormWords(
        then="两件的经过里都记下，互相点得开；关联错了可以解除。",
        fields={
            "to": FieldWords(
                label="关联哪一件", widget=Widget.MATTER, hint="写编号，如〔2025〕12号", required=True
            ),
            "relation": FieldWords(label="什么关系", widget=Widget.CHOICE, required=True),
            "text": area("说明", required=False, rows=2),
        },
    ),
    "unlink": FormWords(
        then="两件都解除；关联过的事实留在经过里。",
        fields={
            "to": FieldWords(
                label="和哪一件解除", widget=Widget.MATTER, hint="写编号，如〔2025〕12号", required=True
            ),
            "reason": REASON,
        },
    ),
    "urge": FormWords(
        then="立即通知责任单位的联络员和负责人，记入经过。",
        fields={"text": area("催什么", "可以不写", required=False)},
    ),
    "amend": FormWords(
        then="只在交办前可以改；改前改后都留着。",
        fields={"fields": FieldWords(label="立项内容", widget=Widget.PARTICULARS)},
    ),
    "correct": FormWords(
        then="原记录留着，划去并注明更正；只改说的内容，不改阶段、单位和先后。",
        fields={
            "position": FieldWords(label="更正哪一条", widget=Widget.CHOICE, required=True),
            "fields": FieldWords(label="改成", widget=Widget.SAID),
            "reason": area("更正理由", "错在哪里，凭什么改"),
        },
    ),
    **WITHIN,
}
