"""Labels shared by forms: what every command takes, what sources there are, what a field of a fact is called."""

from __future__ import annotations

from collections.abc import Mapping

from service.pages.form_words import FieldWords, Widget

EXTRAS: Mapping[str, FieldWords] = {
    "text": FieldWords(label="附言", widget=Widget.AREA, hint="随这一步记下的话，可以不写", rows=2),
    "basis": FieldWords(label="依据", hint="文号、会议、法规条款"),
    "occurred_at": FieldWords(label="实际发生时间", widget=Widget.MOMENT, hint="和现在不同时填，不能在将来"),
}
"""What every command takes beside its own fields."""

PAPER = FieldWords(label="纸质件扫描件", widget=Widget.FILE, hint="代录要附扫描件，或写附言说明来历")
CALLER = FieldWords(label="来电人", hint="电话告知的写这里：谁、什么职务；没有扫描件时要写")
PAPER_FIELDS: Mapping[str, FieldWords] = {"file": PAPER, "caller": CALLER}
"""What the office adds when it enters a unit's act from paper."""

SOURCES = (
    "专项督查",
    "日常督查",
    "暗访督查",
    "领导批示",
    "会议议定",
    "政府工作报告",
    "上级督查移交",
    "人大建议",
    "政协提案",
    "群众来信来访",
    "媒体曝光",
    "审计移送",
)
"""What is offered as 来源; any other may be written."""

FIELD_LABELS: Mapping[str, str] = {
    "title": "事项",
    "kind": "类别",
    "source": "来源",
    "source_no": "来源文号",
    "problem": "问题",
    "place": "地点",
    "object": "涉及对象",
    "urgency": "缓急",
    "parent": "上级事项",
    "lead_unit": "牵头单位",
    "co_units": "配合单位",
    "person": "责任人",
    "quality_requirement": "质量要求",
    "assessment_rule": "考核办法",
    "basis": "依据",
    "time_limit": "时限",
    "due_on": "期限",
    "until": "延到",
    "reason": "理由",
    "text": "内容",
    "measures": "整改措施",
    "goal": "整改目标",
    "steps": "分步安排",
    "percent": "完成（%）",
    "quantity": "数量",
    "forecast_on": "预计完成",
    "findings": "看到的情况",
    "grade": "办结等级",
    "verifier": "核查人员",
    "on": "核查日期",
    "to": "接收机关",
    "name": "文件名",
    "taken_at": "拍摄时间",
}
"""What a field of a fact is called, where it is shown or corrected."""
