"""What is kept of a form that was not taken: its file, its words, its version; and from whom it is kept."""

import os
from datetime import timedelta
from html import unescape

from service.clock import machine_now
from service.staging import KEPT_FOR, staging_beside
from tests.service.given import PHOTO, Office
from tests.service.pages import Visitor, visitor

FILES = {"file": ("清运后.jpg", PHOTO, "image/jpeg")}
SAME_SITE = {"sec-fetch-site": "same-origin"}


def staged(page: Visitor) -> str:
    return page.hidden("staged")


class TestAFileThatWaits:
    def test_need_not_be_chosen_again(self, office: Office) -> None:
        """表单没填全，文件已收下；补填再交就成，交成以后不再留。"""
        assert office.runtime is not None
        office.at("2008-03-03")
        matter = office.rectifying()
        liaison = visitor(office, "liaison")
        liaison.get(f"/matters/{matter}/attach-evidence")
        liaison.send(f"/matters/{matter}/attach-evidence", files=FILES, status=422)
        assert "已收下 清运后.jpg" in liaison.text()
        token = staged(liaison)
        liaison.send(f"/matters/{matter}/attach-evidence", {"kind": "photo", "staged": token})
        assert "清运后.jpg" in liaison.text()
        assert [f["type"] for f in office.history()].count("evidence-attached") == 1
        assert not list((office.runtime.settings.var / "staged").iterdir())

    def test_is_nobody_elses(self, office: Office) -> None:
        """别人收下的文件，拿着它的号也用不上；乱写的号也一样。"""
        office.at("2008-03-03")
        matter = office.rectifying()
        liaison, chief = visitor(office, "liaison"), visitor(office, "chief")
        liaison.get(f"/matters/{matter}/attach-evidence")
        liaison.send(f"/matters/{matter}/attach-evidence", files=FILES, status=422)
        for token in (staged(liaison), "../../config.toml", "0" * 32):
            chief.get(f"/matters/{matter}/attach-evidence")
            fields = {"kind": "photo", "staged": token}
            chief.send(f"/matters/{matter}/attach-evidence", fields, status=422)
            assert "选文件" in chief.text()

    def test_is_forgotten_in_time(self, office: Office) -> None:
        """三天没有交，就不再留。"""
        assert office.runtime is not None
        waiting = staging_beside(office.runtime.files)
        user = next(iter(office.runtime.directory.now().users))
        stored = office.runtime.files.keep(iter([PHOTO]))
        old = waiting.put(user, stored, "旧的.jpg", machine_now())
        before = (machine_now() - KEPT_FOR - timedelta(hours=1)).timestamp()
        os.utime(waiting.folder / old.token, (before, before))
        new = waiting.put(user, stored, "新的.jpg", machine_now())
        assert waiting.of(user, old.token) is None
        assert waiting.of(user, new.token) == new


class TestAVersion:
    def test_is_that_of_the_form_until_its_reader_was_told(self, office: Office) -> None:
        """填表期间别人改过：没填全退回一次也不算看过；看过变化再交才办。"""
        office.at("2008-03-03")
        matter = office.planning()
        head = visitor(office, "head")
        head.get(f"/matters/{matter}/return-plan")
        version = head.hidden("version")
        office.do("urge", {"text": "抓紧"}, by="clerk")
        head.send(f"/matters/{matter}/return-plan", {"version": version}, status=422)
        assert head.hidden("version") == version
        sent = {"reason": "目标要有数字"}
        head.send(f"/matters/{matter}/return-plan", {**sent, "version": head.hidden("version")}, status=409)
        assert "您打开表单以后" in head.text()
        assert "抓紧" in head.text()
        head.send(f"/matters/{matter}/return-plan", {**sent, "version": head.hidden("version")})
        assert office.look()["stage"] == "acknowledged"


class TestWordsAtTheDoor:
    def test_only_those_of_our_own_forms(self, office: Office) -> None:
        """别的网站替人提交的表单，不把它写的字带进来。"""
        office.at("2008-03-03")
        matter = office.rectifying()
        liaison = visitor(office, "liaison")
        address = f"/matters/{matter}/report-progress"
        liaison.get(address)
        sent = {"csrf": liaison.csrf(), "typed_by": "liaison", "text": "别人替我写的话"}
        liaison.client.cookies.clear()
        for headers, told in (
            ({}, False),
            ({"sec-fetch-site": "cross-site"}, False),
            ({"origin": "http://evil.example"}, False),
            (SAME_SITE, True),
            ({"origin": "http://testserver", "host": "testserver"}, True),
        ):
            page = liaison.client.post(address, data=sent, headers=headers)
            assert ("别人替我写的话" in unescape(page.text)) is told, headers

    def test_secrets_do_not_pass(self, office: Office) -> None:
        """登录过期时正在写的密码，不带过登录页。"""
        office.at("2008-03-03")
        admin = visitor(office, "admin")
        admin.get("/users/register")
        sent = {"csrf": admin.csrf(), "name": "xin", "password": "不能带走的密码"}
        admin.client.cookies.clear()
        page = admin.client.post("/users/register", data=sent, headers=SAME_SITE)
        assert "不能带走的密码" not in page.text

    def test_another_log_in_of_the_same_person_goes_on(self, office: Office) -> None:
        """在别处重新登录过，旧表单交上来：写的还在，按一下就接着办；换了人就不行。"""
        office.at("2008-03-03")
        matter = office.rectifying()
        liaison, chief = visitor(office, "liaison"), visitor(office, "chief")
        address = f"/matters/{matter}/report-progress"
        for one, status, told in ((liaison, 200, True), (chief, 403, False)):
            one.get(address)
            sent = {"csrf": "旧登录的", "typed_by": "liaison", "text": "清运 300 吨"}
            page = one.client.post(address, data=sent, headers=SAME_SITE)
            assert page.status_code == status
            assert ("清运 300 吨" in page.text) is told


class TestDirectoryForms:
    def test_sent_twice_are_one_act(self, office: Office) -> None:
        """登记人员的表单连交两次，只有一个人。"""
        office.at("2008-03-03")
        admin = visitor(office, "admin")
        admin.get("/people/register")
        hidden = {"csrf": admin.csrf(), "command_id": admin.hidden("command_id")}
        person = {"name": "江临川", "unit": office.units["town"]}
        for _ in range(2):
            assert admin.client.post("/people/register", data={**hidden, **person}).status_code in (200, 303)
        names = [one["name"] for one in office.ask("/people", by="admin")["items"]]
        assert names.count("江临川") == 1
