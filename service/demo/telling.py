"""What the demonstration says on the screen: where, as whom, and what to try first."""

from __future__ import annotations

import unicodedata
from datetime import date, timedelta

from events.vocabulary import Role
from service.demo.stock import County, read_county

SHOWN_UNITS = ("县水务局", "县教育局", "县住建局", "青石镇", "松岭镇")
"""Of the units' accounts only some are printed."""

MONTH = timedelta(days=30)

TRIES = """\
先试这五样：
  1. 用 jingban 登录，看工作台“要我办”，再开台账点一件逾期的，看它从立项起的每一步。
  2. 登记立项一件，交办给县水务局，时限写“15个工作日内”，看系统算出的到期日。
  3. 换 shuiwu 登录：签收、报方案、报进展、传照片、报结（缺照片会被挡住）。
  4. jingban 派 hecha（许念安）核查，hecha 核查通过，zhuren 销号；谁经手过就不能由谁核查、销号。
  5. 用 lingdao 看看板和逾期清单；打开 /board?as_of={then}，看那天是什么样。"""


def told(port: int, today: date) -> str:
    """Address, accounts and first steps."""
    county = read_county()
    lines = ["", f"{county.name}督查督办演示：http://127.0.0.1:{port}", "", _row("账号", "角色", "谁")]
    lines += [_row(*account) for account in accounts(county)]
    lines += [
        f"  密码都是 {county.password}",
        "",
        TRIES.format(then=today - MONTH),
        "",
        "按 Ctrl-C 停下。",
        "",
    ]
    return "\n".join(lines)


def accounts(county: County) -> list[tuple[str, str, str]]:
    """The accounts worth printing: name, role, person and unit."""
    shown = [(o.user, o.role.label, f"{o.name}（{o.unit}）") for o in county.officials]
    for name in SHOWN_UNITS:
        place = county.place(name)
        assert place.user is not None
        shown.append((place.user, Role.UNIT_LIAISON.label, f"{place.liaison}（{name}）"))
    shown.append(("admin", Role.ADMIN.label, "系统管理员"))
    return shown


def _row(account: str, role: str, who: str) -> str:
    return f"  {_wide(account, 13)}{_wide(role, 18)}{who}"


def _wide(text: str, width: int) -> str:
    taken = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
    return text + " " * max(1, width - taken)
