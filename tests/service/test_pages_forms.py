"""Forms: every command has one with all its fields, refusals stay beside what was typed, nothing foreign gets in."""

import dataclasses

import pytest

from events.matter.permitted import PERMITTED, REGISTER
from service.commands.directing import COMMANDS
from service.pages.directing_forms import FORMS as DIRECTORY_FORMS
from service.pages.labels import EXTRAS
from service.pages.wording import FORMS
from tests.service.given import API, Office, problem
from tests.service.pages import stranger, visitor

LIMIT = {"time_limit", "due_on", "starts", "co_due_on"}


@pytest.mark.parametrize("name", [REGISTER.name, *PERMITTED])
def test_every_command_has_a_form_with_all_its_fields(name: str) -> None:
    """许可表里的每一步都有表单，命令的每个字段都填得到。"""
    row = REGISTER if name == REGISTER.name else PERMITTED[name]
    wanted = {field.name for field in dataclasses.fields(row.command)}
    offered = set(FORMS[name].fields) - {"file", *({"plan"} if "parts" in wanted else ())}
    if "time_limit" in offered:
        offered |= LIMIT & wanted
    assert wanted <= offered | set(EXTRAS)
    assert offered <= wanted


@pytest.mark.parametrize(("collection", "verb"), COMMANDS)
def test_every_directory_command_has_a_form(collection: str, verb: str) -> None:
    """单位、人员、账号的每一步都有表单，字段齐全。"""
    renames = {"from_": "from"}
    kind = COMMANDS[collection, verb]
    wanted = {renames.get(field.name, field.name) for field in dataclasses.fields(kind)}
    offered = set(DIRECTORY_FORMS[collection, verb][2].fields)
    assert offered <= wanted
    assert wanted - offered <= ({"from"} if collection == "users" else set())


class TestSending:
    def test_registers_and_assigns(self, office: Office) -> None:
        """督查室在页面上立项、交办，期限写成话也行，写成日期也行。"""
        office.tick("2008-03-03")
        clerk = visitor(office, "clerk")
        clerk.get("/matters/register")
        fields = {
            "title": "柳溪沟清运",
            "kind": "rectification",
            "source": "专项督查",
            "problem": "渗滤液直排",
        }
        clerk.send("/matters/register", fields)
        assert "已立项" in clerk.text()
        matter = clerk.address.partition("?")[0].rpartition("/")[2]
        clerk.get(f"/matters/{matter}/assign")
        body = {"lead_unit": office.units["town"], "quality_requirement": "见底", "time_limit": "2008-3-20"}
        clerk.send(f"/matters/{matter}/assign", body)
        assert "期限 3月20日（周四）" in clerk.text()

    def test_reads_a_bare_month_and_day(self, office: Office) -> None:
        """期限写成 3.28，就是 3月28日前。"""
        office.at("2008-03-03")
        matter = office.register()
        clerk = visitor(office, "clerk")
        clerk.get(f"/matters/{matter}/assign")
        body = {"lead_unit": office.units["town"], "quality_requirement": "见底", "time_limit": "3.28"}
        clerk.send(f"/matters/{matter}/assign", body)
        assert "期限 3月28日（周五）" in clerk.text()

    def test_keeps_what_was_typed_beside_the_refusal(self, office: Office) -> None:
        """交不上去时，页面用同一个状态码，写明哪里不对，写好的都还在。"""
        office.at("2008-03-03")
        matter = office.register()
        clerk = visitor(office, "clerk")
        clerk.get(f"/matters/{matter}/assign")
        body = {
            "lead_unit": office.units["town"],
            "quality_requirement": "见底，长期保持",
            "time_limit": "尽快",
        }
        clerk.send(f"/matters/{matter}/assign", body, status=422)
        assert "时限“尽快”读不懂" in clerk.text()
        assert "见底，长期保持" in clerk.page
        assert 'href="#f-time_limit"' in clerk.page

    def test_names_missing_evidence(self, office: Office) -> None:
        """缺佐证不能报结，页面写明缺什么。"""
        office.at("2008-03-03")
        matter = office.rectifying()
        liaison = visitor(office, "liaison")
        liaison.get(f"/matters/{matter}")
        assert "报结还缺： 照片" in liaison.text()
        liaison.get(f"/matters/{matter}/report-completion")
        liaison.send(f"/matters/{matter}/report-completion", {"text": "办完了"}, status=422)
        assert "照片" in liaison.text()

    def test_refuses_a_form_from_elsewhere(self, office: Office) -> None:
        """不是从本站页面交的表单，不办，什么也不记。"""
        office.at("2008-03-03")
        matter = office.assigned()
        liaison = visitor(office, "liaison")
        liaison.get(f"/matters/{matter}/acknowledge")
        liaison.send(f"/matters/{matter}/acknowledge", status=403, csrf="别处来的")
        assert "不是从本站页面提交的" in liaison.text()
        assert office.look()["stage"] == "assigned"

    def test_adds_lines_without_script(self, office: Office) -> None:
        """方案的步骤不够写，没有脚本也能再加，写好的还在。"""
        office.at("2008-03-03")
        matter = office.acknowledged()
        liaison = visitor(office, "liaison")
        liaison.get(f"/matters/{matter}/submit-plan")
        before = liaison.page.count('name="step_title"')
        typed = {
            "step_title": ["一期", "二期", "三期"],
            "step_due_on": ["", "", ""],
            "step_person": ["", "", ""],
        }
        liaison.send(f"/matters/{matter}/submit-plan", {**typed, "measures": "分三期", "more_steps": "1"})
        assert liaison.page.count('name="step_title"') == before + 2
        assert "三期" in liaison.page
        assert "分三期" in liaison.page

    def test_amends_only_what_changed(self, office: Office) -> None:
        """补正立项：只有改动的字段进记录。"""
        office.at("2008-03-03")
        matter = office.register(place="柳湾村")
        clerk = visitor(office, "clerk")
        clerk.get(f"/matters/{matter}/amend")
        clerk.send(f"/matters/{matter}/amend", {"place": "柳湾村二组", "title": "三号河道垃圾堆放"})
        assert [fact["body"]["new"] for fact in office.history() if fact["type"] == "matter-amended"] == [
            [["place", "柳湾村二组"]]
        ]

    def test_corrects_a_fact(self, office: Office) -> None:
        """负责人从经过里点“更正这一条”，改掉写错的数字；原来的划去还看得到。"""
        office.at("2008-03-03")
        matter = office.rectifying()
        office.do("report-progress", {"text": "清运", "percent": 60}, by="liaison")
        head = visitor(office, "head")
        head.get(f"/matters/{matter}")
        path = next(link for link in reversed(head.links()) if "/correct?position=" in link)
        newest = max(
            (link for link in head.links() if "/correct?" in link),
            key=lambda link: int(link.rpartition("=")[2]),
        )
        head.get(newest)
        position = newest.rpartition("=")[2]
        body = {"position": position, "said_percent": "45", "said_text": "清运", "reason": "误将二期计入"}
        head.send(path.partition("?")[0], body)
        assert office.look()["id"] == matter
        assert "已更正" in head.text()

    def test_decides_an_objection_three_ways(self, office: Office) -> None:
        """异议可以改交、退回待交办、不成立。"""
        for verdict, stage in (("to-unit", "assigned"), ("back", "registered"), ("dismissed", "assigned")):
            office.at("2008-03-03")
            matter = office.objected()
            head = visitor(office, "deputy")
            head.get(f"/matters/{matter}/decide-objection")
            body = {"upheld": verdict, "to_unit": office.units["water"], "time_limit": "15个工作日内"}
            head.send(f"/matters/{matter}/decide-objection", body)
            assert office.look()["stage"] == stage

    def test_merges_by_number(self, office: Office) -> None:
        """并案写编号就行，写成〔2008〕1号或 2008-00001 都认；没有的编号说清楚。"""
        office.at("2008-03-03")
        first = office.look(office.assigned())["number"]
        second = office.assigned()
        clerk = visitor(office, "clerk")
        clerk.get(f"/matters/{second}/merge")
        clerk.send(f"/matters/{second}/merge", {"into": "〔2008〕999号"}, status=422)
        assert "没有编号是“〔2008〕999号”的事项" in clerk.text()
        year, _, serial = first.partition("-")
        clerk.send(f"/matters/{second}/merge", {"into": f"督〔{year}〕{int(serial)}号"})
        assert office.look(second)["stage"] == "merged"

    def test_refuses_a_wrong_stage_with_what_can_be_done(self, office: Office) -> None:
        """还没到那一步，表单打不开，写明现在能办什么。"""
        office.at("2008-03-03")
        matter = office.assigned()
        visitor(office, "liaison").get(f"/matters/{matter}/report-completion", status=409)
        other = visitor(office, "clerk")
        other.get(f"/matters/{matter}/approve-write-off", status=403)

    def test_too_large_a_file_says_so(self, office: Office) -> None:
        """文件太大：说多大为止，什么也不记。"""
        assert office.runtime is not None
        office.at("2008-03-03")
        matter = office.rectifying()
        liaison = visitor(office, "liaison")
        liaison.get(f"/matters/{matter}/attach-evidence")
        most = office.runtime.files.max_bytes
        files = {"file": ("大.bin", b"\0" * (most + 1), "application/octet-stream")}
        liaison.send(f"/matters/{matter}/attach-evidence", {"kind": "photo"}, files=files, status=413)
        assert "MB" in liaison.text()
        assert [f["type"] for f in office.history()].count("evidence-attached") == 0


class TestLoggingIn:
    def test_shows_the_door_and_comes_back(self, office: Office) -> None:
        """没登录先到登录页，登录后回到原来要看的那一页；别处的网址不跟。"""
        assert office.runtime is not None
        anyone = stranger(office)
        anyone.get("/matters?state=all")
        assert anyone.address.endswith("/login?next=/matters%3Fstate%3Dall")
        assert anyone.hidden("next") == "/matters?state=all"
        anyone.get("/login?next=//evil.example/")
        assert anyone.hidden("next") == "/"

    def test_a_made_up_password_must_be_changed(self, office: Office) -> None:
        """管理员开账号，一次性密码只显示一次；本人登录后先换密码。"""
        office.at("2008-03-03")
        admin = visitor(office, "admin")
        admin.get("/users/register")
        admin.send(
            "/users/register", {"name": "xin", "person": office.people["clerk"], "roles": ["office_clerk"]}
        )
        secret = admin.main().partition('class="secret')[2].partition(">")[2].partition("<")[0]
        assert len(secret) > 10
        admin.get("/users/xin")
        assert secret not in admin.page
        new = stranger(office)
        new.get("/login")
        new.send("/login", {"name": "xin", "password": secret})
        assert "先换密码" in new.text()
        for path in ("/", "/matters", "/me", "/board?as_of=2008-03-03", "/users"):
            new.get(path)
            assert "/me/password" in new.address
            assert "先换密码" in new.text()
        told = problem(new.client.get(f"{API}/matters"), 403, "must-change-password")
        assert "一次性密码" in told["detail"]
        better = "青石-柳湾-清运-3721"
        new.get("/matters?state=all")
        for wrong, said in (("写错了写错了写错了", "两次写的新密码不一样"), (secret, "等于没换")):
            changed = {"current": secret, "new": secret if wrong == secret else better, "again": wrong}
            new.send("/me/password", {**changed, "next": "/matters?state=all"}, status=422)
            assert said in new.text()
        changed = {"current": secret, "new": better, "again": better}
        new.send("/me/password", {**changed, "next": new.hidden("next")})
        assert new.address.endswith("/matters?state=all")
        assert new.client.get(f"{API}/matters").status_code == 200
        again = stranger(office)
        again.get("/login")
        again.send("/login", {"name": "xin", "password": better})
        assert again.address.endswith("/")

    def test_a_reset_password_lets_nobody_work_and_a_token_goes_on(self, office: Office) -> None:
        """管理员重置密码，原来的登录作废，新密码只够换密码；运维发的令牌照用。"""
        office.at("2008-03-03")
        clerk = visitor(office, "clerk")
        secret = office.made("/users/clerk/reset-password")["one_time_password"]
        clerk.get("/matters")
        assert "/login" in clerk.address
        clerk.send("/login", {"name": "clerk", "password": secret})
        assert "先换密码" in clerk.text()
        clerk.send("/matters/register", {"title": "没有换密码的人立的项"})
        assert "先换密码" in clerk.text()
        assert office.ask("/matters", by="clerk")["items"] == []

    def test_changing_ones_password_ends_the_other_log_ins(self, office: Office) -> None:
        """自己换密码，这里接着用，别处的登录作废。"""
        office.at("2008-03-03")
        secret = office.made("/users/clerk/reset-password")["one_time_password"]
        here, there = stranger(office), stranger(office)
        for one in (here, there):
            one.get("/login")
            one.send("/login", {"name": "clerk", "password": secret})
        better = "青石-柳湾-清运-3721"
        here.send("/me/password", {"current": secret, "new": better, "again": better})
        assert "密码已换好" in here.text()
        there.get("/")
        assert "/login" in there.address

    def test_logging_out_ends_the_session(self, office: Office) -> None:
        """退出以后，页面就看不到了。"""
        clerk = visitor(office, "clerk")
        clerk.get("/me")
        clerk.send("/logout")
        clerk.get("/matters")
        assert "/login" in clerk.address
