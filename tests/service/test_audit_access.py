"""查阅日志: what is written down of who looked, that it holds together, and that nobody shortens it early."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from events.refusals import Invalid
from service.noting import note_operator
from service.runtime import open_runtime
from service.storage.access import Asked, Kind, Look, Looked
from tests.service.given import Office
from tests.service.opened import settings_at
from tests.service.pages import visitor
from tests.service.programs import did, duban, said_no

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def looks(office: Office, **asked: object) -> list[Looked]:
    assert office.runtime is not None
    return list(office.runtime.access.found(Asked(**asked)))  # type: ignore[arg-type]


class TestWhoLooked:
    def test_is_written_down(self, office_on_both: Office) -> None:
        """看过去、看当时记录、看别单位的材料、看回头看安排，都记下谁、何时、看了什么；看自己的、看现在的不记。"""
        office = office_on_both
        matter = office.at("2008-03-03").closed()
        office.do("select-look-back", {"due_on": "2008-04-03"}, by="clerk")
        evidence = office.look(matter, by="liaison")["evidence"][0]["id"]
        assert looks(office) == []
        office.get(f"/evidence/{evidence}", by="liaison")
        office.ask("/overdue", by="leader")
        assert looks(office) == []
        office.get(f"/evidence/{evidence}", by="clerk")
        office.get(f"/evidence/{evidence}", by="clerk")
        office.ask("/board", as_of="2008-03-03", by="leader")
        office.look(matter, by="auditor")
        found = looks(office)
        assert [(one.user, one.kind, one.target) for one in reversed(found)] == [
            ("clerk", Kind.EVIDENCE, evidence),
            ("leader", Kind.AS_OF, None),
            ("auditor", Kind.COVERT, matter),
        ]
        assert found[1].address == "/api/v1/board?as_of=2008-03-03"
        assert found[1].as_of == "2008-03-03"
        assert found[0].unit == office.units["audit"]
        assert office.runtime is not None
        assert office.runtime.access.verify().broken is None

    def test_refused_attempts_too(self, office: Office) -> None:
        """不归他看的、不归他办的，拒了也记下；不存在的不记。答复里分不出是没有还是不许看。"""
        matter = office.at("2008-03-03").rectifying()
        hidden = office.get(f"/matters/{matter}", by="water")
        missing = office.get("/matters/no-such-thing", by="water")
        assert hidden.json() == missing.json()
        office.try_("suspend", {"reason": "天热"}, by="clerk")
        assert [(one.user, one.kind, one.refused, one.target) for one in reversed(looks(office))] == [
            ("water", Kind.REFUSED, "not-found", matter),
            ("clerk", Kind.REFUSED, "not-yours", matter),
        ]

    def test_only_auditors_read_it(self, office: Office) -> None:
        """查阅日志只给审计看；筛选按人、按类、按件、按日子；看它本身也记下。"""
        matter = office.at("2008-03-03").rectifying(title="有人来查过的一件")
        number = office.look()["number"]
        office.get(f"/matters/{matter}", by="water")
        for account in ("clerk", "head", "leader", "admin", "liaison"):
            visitor(office, account).get("/access", 403)
        auditor = visitor(office, "auditor")
        auditor.get("/access")
        assert "未获准" in auditor.main()
        assert "有人来查过的一件" in auditor.main()
        assert "看查阅日志" in auditor.main()
        auditor.get(f"/access?matter={number}&kind=refused&user=water")
        assert auditor.main().count("data-row") == 1
        auditor.get("/access?until=2008-03-03")
        assert "没有这样的查阅" in auditor.main()
        auditor.get("/access?kind=nothing", 400)
        auditor.get("/access?since=2008-13-01", 400)


LOOKS: dict[str, tuple[str, str, Kind]] = {
    "来信人的姓名电话，接口": ("clerk", "/api/v1/matters/{matter}/petitioners", Kind.PERSONAL),
    "来信人的姓名电话，页面": ("leader", "/matters/{matter}/petitioners", Kind.PERSONAL),
    "不打招呼的回头看安排，接口": ("auditor", "/api/v1/matters/{matter}", Kind.COVERT),
    "不打招呼的回头看安排，页面": ("clerk", "/matters/{matter}", Kind.COVERT),
    "别单位的材料，接口": ("auditor", "/api/v1/evidence/{evidence}", Kind.EVIDENCE),
    "别单位的材料，页面": ("clerk", "/evidence/{evidence}", Kind.EVIDENCE),
    "导出台账": ("clerk", "/matters.xlsx?state=all", Kind.EXPORT),
    "证明": ("auditor", "/api/v1/matters/{matter}/proof", Kind.EXPORT),
    "案卷，接口": ("auditor", "POST /api/v1/matters/{matter}/dossier", Kind.DOSSIER),
    "案卷，页面": ("leader", "POST /matters/{matter}/dossier", Kind.DOSSIER),
    "单位一年的案卷": ("auditor", "POST /api/v1/units/{unit}/dossier?year=2008", Kind.DOSSIER),
    "过去的台账，接口": ("leader", "/api/v1/matters?as_of=2008-03-03", Kind.AS_OF),
    "过去的看板，页面": ("clerk", "/board?as_of=2008-03-03", Kind.AS_OF),
    "过去的事项": ("auditor", "/matters/{matter}?as_of=2008-03-03", Kind.AS_OF),
    "当时记录": ("auditor", "/matters/{matter}/replay", Kind.REPLAY),
    "单位的当时记录": ("auditor", "/units/{unit}/replay", Kind.REPLAY),
    "查阅日志": ("auditor", "/access", Kind.ACCESS),
    "看不到的事项，接口": ("water", "/api/v1/matters/{matter}", Kind.REFUSED),
    "看不到的事项，页面": ("water", "/matters/{matter}", Kind.REFUSED),
    "看不到的材料": ("water", "/evidence/{evidence}", Kind.REFUSED),
    "不许看的来信人，接口": ("liaison", "/api/v1/matters/{matter}/petitioners", Kind.REFUSED),
    "不许看的来信人，页面": ("liaison", "/matters/{matter}/petitioners", Kind.REFUSED),
    "不许取的案卷，接口": ("liaison", "POST /api/v1/matters/{matter}/dossier", Kind.REFUSED),
    "不许取的案卷，页面": ("liaison", "POST /matters/{matter}/dossier", Kind.REFUSED),
    "不许看的查阅日志": ("clerk", "/access", Kind.REFUSED),
    "不许走的封存": ("liaison", "/seals", Kind.REFUSED),
}
"""What is sensitive: who asks for it, where, and as what it is written down."""


@pytest.mark.parametrize(("who", "path", "kind"), LOOKS.values(), ids=LOOKS)
def test_every_sensitive_look_is_written_down(office: Office, who: str, path: str, kind: Kind) -> None:
    """来信人、回头看安排、别单位的材料、案卷、导出、看过去、当时记录、被拒的尝试：看一次记一次，写明谁、看的哪里。"""
    matter = office.at("2008-03-03").reviewed()
    office.do("note-petitioner", {"name": "邵长庚", "phone": "13800001234"}, by="clerk")
    office.do("approve-write-off", by="head")
    office.do("select-look-back", {"due_on": "2008-04-03"}, by="clerk")
    office.tick("2008-03-04")
    evidence = office.look(matter, by="liaison")["evidence"][0]["id"]
    assert office.runtime is not None
    before = {one.number for one in looks(office)}
    ids = {"matter": matter, "evidence": evidence, "unit": office.units["town"]}
    method, _, address = ("GET " + path.format(**ids)).rpartition(" ")
    if address.startswith("/api/v1"):
        office.send(method.split()[-1], address.removeprefix("/api/v1"), by=who)
    else:
        somebody = visitor(office, who)
        csrf = {"csrf": (somebody.get("/"), somebody.csrf())[1]}
        somebody.client.request(method.split()[-1], address, data=csrf if "POST" in method else None)
    found = [one for one in looks(office, kind=kind) if one.number not in before]
    assert [(one.user, one.address.removeprefix("GET ").removeprefix("POST ")) for one in found] == [
        (who, address)
    ]
    assert office.runtime.access.verify().broken is None


def test_what_is_taken_by_command_too(opened: Path) -> None:
    """命令行取案卷、出证明、按过去重数，也记在查阅日志里，账号是运维人员；审计在页面上看得到，日志照样核得通过。"""
    did(duban(opened, "tick", "--at", "2008-03-04T09:00:00+08:00"))
    did(duban(opened, "prove", "2008-00001"))
    did(duban(opened, "export", "dossier", "2008-00001", "one.zip"))
    did(duban(opened, "export", "dossier", "青石镇", "year.zip", "--year", "2008"))
    assert duban(opened, "recount", "--as-of", "2008-03-03").returncode == 0
    said_no(duban(opened, "export", "dossier", "2008-00009", "none.zip"))
    assert "查阅日志完好：4 条" in did(duban(opened, "verify"))
    runtime = open_runtime(settings_at(opened))
    try:
        found = [(one.user, one.kind, one.address) for one in reversed(runtime.access.found(Asked()))]
    finally:
        runtime.close()
    assert found == [
        ("operator", Kind.EXPORT, "duban prove 2008-00001"),
        ("operator", Kind.DOSSIER, "duban export dossier 2008-00001"),
        ("operator", Kind.DOSSIER, "duban export dossier 青石镇 --year 2008"),
        ("operator", Kind.AS_OF, "duban recount --as-of 2008-03-03"),
    ]


def test_an_auditor_reads_who_was_at_the_machine(office: Office) -> None:
    """查阅日志页上，命令行取走的写着“运维人员（命令行）”，可以只看它的。"""
    assert office.runtime is not None
    note_operator(office.runtime.access, Kind.DOSSIER, "duban export dossier 青石镇", office.units["town"])
    auditor = visitor(office, "auditor")
    auditor.get("/access?user=operator")
    assert "运维人员（命令行）" in auditor.main()
    assert "青石镇" in auditor.main()
    assert auditor.main().count("data-row") == 1


def _change(**values: str) -> str:
    sets = ", ".join(f"{name} = {value}" for name, value in values.items())
    return f"UPDATE access_log SET {sets} WHERE number = 3"


SWAP = (
    "UPDATE access_log SET number = -3 WHERE number = 3",
    "UPDATE access_log SET number = 3 WHERE number = 4",
    "UPDATE access_log SET number = 4 WHERE number = -3",
)
DAMAGES = {
    **{
        f"{name} 被改": (_change(**{name: value}),)
        for name, value in (
            ("at", "at + 1"),
            ("user_name", "'clerk'"),
            ("person", "'p'"),
            ("unit", "NULL"),
            ("kind", "'export'"),
            ("target", "'other'"),
            ("address", "'/'"),
            ("as_of", "'1'"),
            ("moment", "1"),
            ("refused", "'x'"),
            ("hash", "(SELECT hash FROM access_log WHERE number = 2)"),
        )
    },
    "删去中间": ("DELETE FROM access_log WHERE number = 3",),
    "调换": SWAP,
    "删去末尾": ("DELETE FROM access_log WHERE number = 6",),
    "删去开头": ("DELETE FROM access_log WHERE number = 1",),
    "首行被改": ("UPDATE access_head SET number = 5",),
    "首行不见": ("DELETE FROM access_head",),
    "装作清理过": ("DELETE FROM access_log WHERE number < 3", "UPDATE access_head SET pruned = 2"),
}


@pytest.fixture
def logged(office_on_both: Office) -> Office:
    assert office_on_both.runtime is not None
    for number in range(6):
        office_on_both.runtime.access.note(look(NOW + timedelta(hours=number), target=f"m{number}"))
    return office_on_both


def look(at: datetime, **more: str) -> Look:
    return Look(
        at=at, user="auditor", unit="u", kind=Kind.AS_OF, address="/board", as_of="2008-03-03", **more
    )


def test_any_change_is_found(logged: Office) -> None:
    """改任一列、删一条、调换两条、砍掉头尾、装作清理过：都查得出来；恢复原样就对得上。"""
    assert logged.runtime is not None
    access, database = logged.runtime.access, logged.runtime.database
    for name, statements in DAMAGES.items():
        with database.writing.connect() as connection:
            connection.exec_driver_sql("BEGIN")
            kept = [
                connection.execute(text(f"SELECT * FROM {t}")).all() for t in ("access_log", "access_head")
            ]
            for statement in statements:
                connection.execute(text(statement))
            connection.exec_driver_sql("COMMIT")
            assert access.verify().broken is not None, name
            connection.exec_driver_sql("BEGIN")
            for table, rows in zip(("access_log", "access_head"), kept, strict=True):
                connection.execute(text(f"DELETE FROM {table}"))
                for row in rows:
                    marks = ", ".join(f":{key}" for key in row._mapping)
                    connection.execute(text(f"INSERT INTO {table} VALUES ({marks})"), dict(row._mapping))
            connection.exec_driver_sql("COMMIT")
            assert access.verify().broken is None, name


def test_is_kept_as_long_as_it_must(logged: Office) -> None:
    """没到保存期的清理不掉；到期的清理后，剩下的仍然对得上，清理本身也记一条。"""
    assert logged.runtime is not None
    access, keep = logged.runtime.access, timedelta(days=186)
    pruning = Look(at=NOW + keep + timedelta(hours=8), user="operator", kind=Kind.PRUNED, address="prune")
    with pytest.raises(Invalid, match="至少保存 186 天"):
        access.prune(pruning, NOW + timedelta(days=1), keep)
    assert access.prune(pruning, NOW + timedelta(hours=3, minutes=30), keep) == 4
    assert [one.number for one in access.found(Asked())] == [7, 6, 5]
    assert access.verify().broken is None
    access.note(look(NOW + keep + timedelta(hours=9)))
    assert access.verify().rows == 4


def test_over_the_command_line(opened: Path) -> None:
    """duban verify 连查阅日志一起核对；没到保存期的 duban access prune 被拒；保存期配不到六个月以下。"""
    done = duban(opened, "verify")
    assert "查阅日志完好：0 条" in did(done)
    refused = duban(opened, "access", "prune", "--before", "2026-11-01")
    assert "至少保存 1116 天" in said_no(refused)
    short = duban(opened, "config", "check", DUBAN_AUDIT__KEEP_ACCESS_MONTHS="5")
    assert "应不小于 6" in said_no(short)
