"""督查室的一周, told once: what is done each day, and by hand what every list must hold that evening.

The story knows nothing of how it is walked: ``test_week_told.py`` walks it over HTTP, ``tests/browser/test_week.py``
over the pages. Nothing in an evening is computed; whoever doubts a figure counts the acts above it.
"""

from __future__ import annotations

from tests.service.given import Office
from tests.service.week_telling import (
    ApproveMany,
    Day,
    Do,
    Evening,
    GoAway,
    Meet,
    PrintLetters,
    Register,
)

TOWNS = tuple("白渡镇 双河镇 南坝镇 石桥镇 松岭镇 龙潭乡 竹溪乡 大坪镇 官渡镇 黄土乡 清泉乡".split())
"""Eleven towns whose liaisons have no e-mail and no account; 青石镇, the twelfth, has both."""
COLLEAGUE = "陆听雨"
CAREFUL = {"superior_transfer": {"registration_approval": True}}
"""What comes from above is approved before it is assigned."""

DRAIN, TOILET, WALL = "城东雨污分流改造滞后", "南街公厕长期关停", "河堤护栏破损"
LAMP, MARKET = "背街路灯不亮", "集贸市场占道经营"
RIVER = "各乡镇清理河道垃圾"
BRIDGE, CARE, OUTFALL = "青石镇修复柳湾桥护栏", "水务局制定河道管护办法", "水务局封堵北门排污口"
PONDS, WATCH, ILLEGAL = "教育局排查学校周边水塘", "环保局布设水质监测点", "白渡镇拆除临河违建"
STORE, NAMES = "青石镇修缮防汛物资仓库", "水务局公布河长名单"
SAND, MINE, DUST = "市转办：采砂场复垦不到位", "市转办：矿区道路破损", "市转办：砂石扬尘扰民"

DECISIONS = (
    (RIVER, ("青石镇", *TOWNS), ""),
    (BRIDGE, ("青石镇",), ""),
    (CARE, ("水务局",), ""),
    (OUTFALL, ("水务局",), "立行立改"),
    (PONDS, ("教育局",), ""),
    (WATCH, ("环保局",), ""),
    (ILLEGAL, ("白渡镇",), ""),
    (STORE, ("青石镇",), ""),
    (NAMES, ("水务局",), ""),
)
"""What was decided, whose it is, and its own limit where it is not ten days."""


TO_ASSIGN, SUPPORT, VERIFY, WRITE_OFF = "待交办", "求助待答复", "待派核查", "销号待批"
APPROVE, OURS, OPINION, GO = "待批准", "要办", "配合意见", "要我核查的"

TOWN = (RIVER, BRIDGE, STORE)
WATER = (OUTFALL, WALL, CARE, NAMES)
"""What 青石镇 and 水务局 owe from Monday on, by limit."""

APPROVED = {"立项已批准": 2, "拟办意见已批准": 1}
"""Of the two approved on Thursday one came with a proposal."""

MONDAY = Day(
    on="2008-03-03",
    acts=(Meet(by="clerk"),),
    evening=Evening(
        board=(0, 20, 0, 4, 0, 1),
        overdue=(),
        owed={
            "clerk": {SUPPORT: (WALL,)},
            "colleague": {},
            "head": {SUPPORT: (WALL,), WRITE_OFF: (LAMP,)},
            "leader": {},
            "liaison": {OURS: (TOILET, *TOWN, DRAIN)},
            "water": {OURS: WATER, OPINION: (DRAIN, TOILET)},
            "verifier": {},
        },
        rates={"closing_rate": (1, 25), "receipt_rate": (5, 25), "handling_rate": (0, 25)},
        letters={
            "liaison": {"督办通知": 3, "到期提醒": 1},
            "water": {"督办通知": 3, "到期提醒": 1, "配合意见提醒": 1},
            "clerk": {},
            "colleague": {},
            "head": {},
        },
        on_paper=14,
    ),
)
TUESDAY = Day(
    on="2008-03-04",
    stands_in=True,
    acts=(
        *(Do(by="liaison", command="acknowledge", matter=title, unit="青石镇") for title in TOWN),
        *(Do(by="water", command="acknowledge", matter=title) for title in (CARE, OUTFALL)),
        GoAway(by="clerk", to="colleague", until="2008-03-06"),
        Do(by="colleague", command="urge", matter=PONDS, said={"text": "汛前排查完"}),
        *(Register(by="colleague", title=title) for title in (SAND, MINE, DUST)),
        Do(
            by="colleague",
            command="submit-handling-proposal",
            matter=SAND,
            said={"text": "拟交教育局牵头", "lead_unit": "教育局", "time_limit": "7个工作日内"},
        ),
    ),
    evening=Evening(
        board=(3, 15, 0, 9, 0, 1),
        overdue=(),
        owed={
            "clerk": {SUPPORT: (WALL,)},
            "colleague": {TO_ASSIGN: (SAND, MINE, DUST), SUPPORT: (WALL,)},
            "head": {
                TO_ASSIGN: (SAND, MINE, DUST),
                SUPPORT: (WALL,),
                APPROVE: (SAND, MINE, DUST),
                WRITE_OFF: (LAMP,),
            },
            "leader": {APPROVE: (SAND, MINE, DUST)},
            "liaison": {OURS: (TOILET, *TOWN, DRAIN)},
            "water": {OURS: WATER, OPINION: (DRAIN, TOILET)},
            "verifier": {},
        },
        rates={"closing_rate": (1, 25), "receipt_rate": (10, 25), "handling_rate": (0, 25)},
        letters={
            "liaison": {"签收催办": 3, "到期提醒": 1},
            "water": {"签收催办": 3, "到期提醒": 2, "配合意见提醒": 1},
            "clerk": {},
            "colleague": {},
            "head": {"立项待批准": 3, "拟办意见待批准": 1},
        },
        on_paper=29,
    ),
)
WEDNESDAY = Day(
    on="2008-03-05",
    stands_in=True,
    acts=(
        PrintLetters(by="colleague", count=29, signed=("白渡镇", "双河镇")),
        Do(by="colleague", command="acknowledge", matter=ILLEGAL, unit="白渡镇", paper=True),
        Do(by="colleague", command="acknowledge", matter=RIVER, unit="白渡镇", paper=True),
        Do(by="colleague", command="acknowledge", matter=RIVER, unit="双河镇", paper=True),
        Do(
            by="colleague",
            command="report-progress",
            matter=ILLEGAL,
            unit="白渡镇",
            telephone=True,
            said={"text": "已拆三处", "caller": "白渡镇副镇长 冉启明"},
        ),
        Do(by="head", command="approve-write-off", matter=LAMP, said={"grade": "good"}),
    ),
    evening=Evening(
        board=(3, 12, 0, 12, 0, 0),
        overdue=((TOILET, 1), (OUTFALL, 1)),
        owed={
            "clerk": {SUPPORT: (WALL,)},
            "colleague": {TO_ASSIGN: (SAND, MINE, DUST), SUPPORT: (WALL,)},
            "head": {TO_ASSIGN: (SAND, MINE, DUST), SUPPORT: (WALL,), APPROVE: (SAND, MINE, DUST)},
            "leader": {APPROVE: (SAND, MINE, DUST)},
            "liaison": {OURS: (TOILET, *TOWN, DRAIN)},
            "water": {OURS: WATER, OPINION: (DRAIN, TOILET)},
            "verifier": {},
        },
        rates={"closing_rate": (2, 25), "receipt_rate": (10, 25), "handling_rate": (1, 25)},
        letters={
            "liaison": {"逾期催办": 1, "销号通知": 1},
            "water": {"逾期催办": 1, "到期提醒": 1, "配合意见提醒": 1},
            "clerk": {"求助待答复提醒": 1},
            "colleague": {"求助待答复提醒": 1},
            "head": {},
        },
        on_paper=0,
    ),
)
THURSDAY = Day(
    on="2008-03-06",
    stands_in=True,
    acts=(
        Do(
            by="liaison",
            command="report-completion",
            matter=DRAIN,
            said={"text": "管网已分开"},
            refused="水务局",
        ),
        Do(by="water", command="give-opinion", matter=DRAIN, said={"text": "管网由我局接收"}),
        Do(by="liaison", command="report-completion", matter=DRAIN, said={"text": "管网已分开"}),
        Do(
            by="liaison",
            command="report-completion",
            matter=TOILET,
            said={"text": "公厕已开放", "without_opinions": "水务局电话答复无意见"},
        ),
        Do(by="colleague", command="answer-support", matter=WALL, said={"text": "护栏由财政先垫"}),
        ApproveMany(by="leader", matters=(SAND, MINE)),
    ),
    evening=Evening(
        board=(3, 12, 0, 10, 2, 0),
        overdue=((OUTFALL, 2), (WALL, 1)),
        owed={
            "clerk": {VERIFY: (DRAIN, TOILET)},
            "colleague": {TO_ASSIGN: (SAND, MINE, DUST), VERIFY: (DRAIN, TOILET)},
            "head": {TO_ASSIGN: (SAND, MINE, DUST), VERIFY: (DRAIN, TOILET), APPROVE: (DUST,)},
            "leader": {APPROVE: (DUST,)},
            "liaison": {OURS: TOWN},
            "water": {OURS: WATER},
            "verifier": {},
        },
        rates={"closing_rate": (2, 25), "receipt_rate": (10, 25), "handling_rate": (1, 25)},
        letters={
            "liaison": {"到期提醒": 3, "配合意见已提": 1},
            "water": {"到期提醒": 2, "逾期催办": 1, "配合意见提醒": 2, "求助答复": 1},
            "clerk": {"求助待答复提醒": 1, "报结待核查": 2},
            "colleague": {"求助待答复提醒": 1, "报结待核查": 2, **APPROVED},
            "head": {},
        },
        on_paper=14,
    ),
)
FRIDAY = Day(
    on="2008-03-07",
    acts=(
        Do(by="head", command="reopen", matter=LAMP, said={"reason": "点错了，还有两盏没亮"}),
        Do(
            by="clerk",
            command="schedule-verification",
            matter=DRAIN,
            said={"verifier": "顾清和", "on": "2008-03-07"},
        ),
        Do(
            by="colleague",
            command="assign",
            matter=SAND,
            said={"lead_unit": "教育局", "time_limit": "7个工作日内", "quality_requirement": "复垦到位"},
        ),
    ),
    evening=Evening(
        board=(2, 13, 0, 10, 2, 1),
        overdue=((OUTFALL, 3), (WALL, 2)),
        owed={
            "clerk": {VERIFY: (TOILET,)},
            "colleague": {TO_ASSIGN: (MINE, DUST)},
            "head": {TO_ASSIGN: (MINE, DUST), VERIFY: (TOILET,), APPROVE: (DUST,), WRITE_OFF: (LAMP,)},
            "leader": {APPROVE: (DUST,)},
            "liaison": {OURS: TOWN},
            "water": {OURS: WATER},
            "verifier": {GO: (DRAIN,)},
        },
        rates={"closing_rate": (1, 26), "receipt_rate": (10, 26), "handling_rate": (1, 26)},
        letters={
            "liaison": {"重新办理通知": 1, "核查安排通知": 1},
            "water": {"逾期催办": 1, "签收催办": 1},
            "clerk": {},
            "colleague": {},
            "head": {},
            "verifier": {"核查任务": 1},
        },
        on_paper=14 + 9 + 2 + 1 + 1,
    ),
)
WEEK = (MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY)


def before(office: Office) -> None:
    """The week before: five matters assigned on Monday, one of them closed, one up for writing off."""
    office.at("2008-02-25")
    for town in TOWNS:
        office.units[town] = office.made("/units", {"name": town, "parent": office.units["office"]})["id"]
        office.made(
            "/people", {"name": f"{town}联络员", "unit": office.units[town], "roles": ["unit_liaison"]}
        )
    office.newcomer("colleague", COLLEAGUE, "office", "office_clerk")
    helped = {"co_units": [office.units["water"]]}
    started = (
        (DRAIN, {"due_on": "2008-03-14", **helped, "co_time_limit": "5个工作日内"}),
        (TOILET, {"due_on": "2008-03-04", **helped, "co_time_limit": "10日内"}),
    )
    for title, limits in started:
        office.acknowledged(kind="immediate", title=title, **limits)
        office.attach()
    office.assigned(kind="immediate", title=WALL, due_on="2008-03-05", lead_unit=office.units["water"])
    office.do("acknowledge", by="water")
    wall = office.matter
    for title in (LAMP, MARKET):
        office.acknowledged(kind="immediate", title=title, due_on="2008-03-10")
    office.at("2008-02-28").do("request-support", {"text": "请协调资金"}, by="water", matter=wall)
    office.at("2008-02-29")
    for title in (LAMP, MARKET):
        office.matter = office.titled(title)
        office.report()
        office.schedule()
        office.do("pass-verification", {"findings": "属实"}, by="verifier")
    office.do("approve-write-off", {"grade": "good"}, by="head")
