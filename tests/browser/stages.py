"""One matter in each stage, to look at pages with."""

from tests.service.given import Office


def one_in_each_stage(office: Office) -> dict[str, str]:
    """Name of the stage, or of what is special → the matter's id; some are late by the day looked at."""
    office.at("2008-03-03")
    made = {
        "registered": office.register(title="竹溪乡通村公路塌方路段未设警示、未修复" * 3),
        "assigned": office.assigned(title="白渡镇三处临河砂石堆场未完成清退"),
        "acknowledged": office.acknowledged(title="双河镇敬老院消防设施整改不到位"),
        "planning": office.planning(title="县城北环路雨污分流改造工程未按序时进度推进"),
        "rectifying": office.rectifying(title="南坝镇集镇公厕长期关停"),
        "suspended": office.suspended(title="石桥镇撂荒地复垦任务进度滞后"),
        "objected": office.objected(title="群众反映自来水异味"),
        "reported": office.reported(title="旅游厕所管护责任不落实"),
        "verifying": office.verifying(title="松岭镇集中供水厂消毒设备故障"),
        "reviewed": office.reviewed(title="农村公路安防设施缺失路段整治"),
        "closed": office.closed(title="城关镇背街小巷路灯不亮"),
        "relapsed": office.relapsed(title="白渡镇非法采砂点取缔"),
    }
    made["instructed"] = office.reviewed(
        kind="leader_instruction", urgency="ordinary", title="县城内涝点整治"
    )
    office.do("submit-to-leader", by="clerk")
    asked = made["asked"] = office.rectifying(title="龙潭乡卫生院药品库房温湿度记录缺失")
    office.do("report-progress", {"text": "已换温湿度计", "percent": 60}, by="liaison")
    office.do("request-support", {"text": "请县里调两台车"}, by="liaison")
    office.do("request-extension", {"until": "2008-04-20", "reason": "连日降雨"}, by="liaison", matter=asked)
    made["recalled"] = office.assigned(title="县城东门停车场收费公示不全")
    office.do("recall-assignment", {"reason": "应交住建局"}, by="clerk")
    made["planned"] = office.register(title="2008年为民办实事项目")
    items = [{"title": f"第{n}片危房改造", "lead_unit": office.units["town"]} for n in (1, 2)]
    projects = [{"title": "安居工程", "parts": [{"title": "农村危房改造", "parts": items}]}]
    office.do("split", {"parts": projects, "quality_requirement": "建成", "time_limit": "9日内"}, by="clerk")
    office.tick("2008-04-02 08:30")
    return made
