"""Every page there is, found by its route and not by a list: for every role, wide, narrow and at 200 %, nothing breaks.

A page all of whose elements and classes were looked at on the same route before is not looked at again; what is on
every route, as the rows of a list, is searched for faults where it is met first.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import pytest
from fastapi.routing import APIRoute
from playwright.sync_api import Page

import service.pages
from events.matter.permitted import PERMITTED
from service.commands.directing import COMMANDS
from service.guide import guide_page
from service.pages.helping import OF_ROLE
from tests.browser.given import DESK, PHONE, Site, overflow, violations
from tests.browser.stages import one_in_each_stage
from tests.service.circulating import Circulation
from tests.service.given import API, STAFF
from tests.service.test_meetings import meeting, take, taking

pytestmark = pytest.mark.browser

WHOLE = bool(os.environ.get("DUBAN_SOAK")) or os.environ.get("DUBAN_TEST_REQUIRE") == "all"
"""Every role, in continuous integration and in the soak; elsewhere the quickest ones."""
ACCOUNTS = ("clerk", "head", "liaison", "chief", "verifier", "leader", "auditor", "admin")
HALF = {"width": 640, "height": 450}
"""1280 pixels at 200 %."""
ANSWERED = (200, 403, 404, 409)
ELSEWHERE = {
    "/letters/paper/{batch}": "打印过一批才有，在信件的测试里走",
    "/login": "登录以后就不再给看，在登录页的测试里看",
}
"""Routes that cannot be looked at here, and where they are."""


@dataclass(kw_only=True)
class World:
    """What addresses are made of, and which makes of a page were looked at."""

    matters: Mapping[str, str]
    bulletins: tuple[str, ...]
    meeting: str
    permitted: dict[str, dict[str, str]] = field(default_factory=dict)
    """Account → command → a matter it may be sent to."""
    letters: dict[str, str] = field(default_factory=dict)
    """Account → a letter it may read."""
    looked_at: dict[str, frozenset[str]] = field(default_factory=dict)
    """Route → the elements and classes looked at on it."""


@pytest.fixture(scope="module")
def world(served_office: Site) -> World:
    office = served_office.office
    matters = one_in_each_stage(office)
    desk = Circulation(office=office)
    issued = desk.drafted(
        "ad_hoc", subject="防汛专项督查情况", **{"from": "2008-03-01", "to": "2008-04-01"}
    ).issued()
    held = meeting(office)
    take(office, held, taking(office, 2, "town", "schools", "environment"))
    drafted = Circulation(office=office).drafted().id
    made = World(matters=matters, bulletins=(issued.id, drafted), meeting=held)
    for account in ACCOUNTS:
        may: dict[str, str] = {}
        for matter in matters.values():
            shown = office.get(f"/matters/{matter}", by=account)
            if shown.status_code == 200:
                may.update(dict.fromkeys(shown.json()["permitted"], matter))
        made.permitted[account] = may
        found = office.get("/letters", by=account)
        items = found.json().get("items", []) if found.status_code == 200 else []
        made.letters[account] = items[0]["id"] if items else "none"
    return made


def routes() -> Iterator[str]:
    """The addresses of everything a browser can get."""
    for module in pkgutil.iter_modules(service.pages.__path__):
        router = getattr(importlib.import_module(f"service.pages.{module.name}"), "router", None)
        for route in getattr(router, "routes", ()):
            if isinstance(route, APIRoute) and "GET" in route.methods:
                yield route.path


def _verbs(collection: str) -> list[str]:
    return [verb for kind, verb in COMMANDS if kind == collection and verb != "register"]


Sampler = Callable[[World, Site, str], list[str]]
SAMPLES: Mapping[str, Sampler] = {
    "/matters/{matter_id}/{command}": lambda world, _, account: [
        f"/matters/{matter}/{command}"
        for command, matter in world.permitted[account].items()
        if command in PERMITTED
    ],
    "/matters/{matter_id}": lambda world, _, __: [f"/matters/{matter}" for matter in world.matters.values()],
    "/matters/{matter_id}/visit": lambda world, _, __: [f"/matters/{world.matters['verifying']}/visit"],
    "/matters/{matter_id}/documents/{name}": lambda world, _, __: [
        f"/matters/{world.matters['rectifying']}/documents/assignment-slip"
    ],
    "/bulk": lambda world, _, __: [f"/bulk?m={world.matters['rectifying']}&m={world.matters['assigned']}"],
    "/live": lambda *_: ["/live?of=/matters&at=1"],
    "/statistics/matters": lambda *_: ["/statistics/matters?counted=closed"],
    "/matters/{matter_id}/compare": lambda world, *_: [
        f"/matters/{world.matters['asked']}/compare?from=2008-03-03&to=2008-03-20"
    ],
    "/bulk/{command}": lambda world, _, __: [
        f"/bulk/{command}?m={world.matters['rectifying']}&m={world.matters['assigned']}"
        for command in ("urge", "assign", "acknowledge")
    ],
    "/bulletins/{bulletin_id}/{command}": lambda world, _, __: [
        f"/bulletins/{world.bulletins[1]}/{command}"
        for command in ("edit?section=situation", "check", "withdraw")
    ],
    "/meetings/{meeting_id}/{command}": lambda world, *_: [
        f"/meetings/{world.meeting}/{command}"
        for command in ("add-decision", "attach-minutes", "correct", "withdraw")
    ],
    "/people/{person_id}/{verb}": lambda _, site, __: [
        f"/people/{site.office.people['liaison']}/{verb}" for verb in _verbs("people")
    ],
    "/units/{unit_id}/{verb}": lambda _, site, __: [
        f"/units/{site.office.units['town']}/{verb}" for verb in _verbs("units")
    ],
    "/users/{name}": lambda *_: ["/users/clerk"],
    "/users/{name}/{verb}": lambda *_: [f"/users/clerk/{verb}" for verb in _verbs("users")],
    "/help/{name}": lambda *_: [f"/help/{name}" for name in ("terms", *(name for _, name in OF_ROLE))],
    "/matters": lambda *_: ["/matters", "/matters?q=没有这回事", "/matters?as_of=2008-03-20"],
    "/board": lambda *_: ["/board", "/board?by=unit"],
}
KNOWN: Mapping[str, Callable[[World, Site, str], str]] = {
    "matter_id": lambda world, *_: world.matters["asked"],
    "bulletin_id": lambda world, *_: world.bulletins[0],
    "meeting_id": lambda world, *_: world.meeting,
    "unit_id": lambda _, site, __: site.office.units["town"],
    "person_id": lambda _, site, __: site.office.people["liaison"],
    "letter_id": lambda world, _, account: world.letters[account],
    "year": lambda *_: "2008",
    "term": lambda *_: "销号",
    "name": lambda *_: "none",
    "file_id": lambda *_: "none",
    "evidence_id": lambda *_: "none",
    "sha256": lambda *_: "0" * 64,
}
"""What stands for a part of an address where its route has no samples of its own."""


def samples(route: str, world: World, site: Site, account: str) -> list[str]:
    """Addresses to look at; KeyError where nobody said what a part of the route stands for."""
    if route in SAMPLES:
        return SAMPLES[route](world, site, account)
    return [re.sub(r"\{(\w+)\}", lambda part: KNOWN[part[1]](world, site, account), route)]


def make_of(page: str) -> frozenset[str]:
    """The elements and classes of a page's middle."""
    middle = page.partition("<main")[2].partition("</main>")[0]
    return frozenset(
        f"{tag}.{one}" for tag, rest in re.findall(r"<(\w+)([^>]*)", middle) for one in _classes(rest)
    )


def _classes(rest: str) -> list[str]:
    found = re.search(r'class="([^"]*)"', rest)
    kind = re.search(r'type="([^"]*)"', rest)
    return [*(found[1].split() if found else [""]), *([kind[1]] if kind else [])]


def test_every_route_has_something_to_look_at(served_office: Site, world: World) -> None:
    """每个网址都有样例可看；加了新页面而没有样例，这里会说出是哪一个。"""
    paths = set(routes())
    assert len(paths) > 50
    for path in paths - ELSEWHERE.keys():
        assert samples(path, world, served_office, "clerk") or path in SAMPLES, path
    assert set(ELSEWHERE) <= paths
    assert all(guide_page(name) for _, name in OF_ROLE)
    assert set(ACCOUNTS) - {"admin"} <= set(STAFF)


@pytest.mark.soak
@pytest.mark.parametrize("account", ACCOUNTS if WHOLE else ("liaison", "verifier", "admin"))
def test_every_page_for_every_role(served_office: Site, world: World, account: str) -> None:
    """每个角色打得开的每一页：无障碍检查零问题；宽屏、手机、放大一倍都不横向溢出；打不开的说得清楚，从不出错。"""
    served_office.seen.clear()
    wrong: list[str] = []
    with served_office.as_(account) as page:
        for route in routes():
            if route in ELSEWHERE:
                continue
            for path in samples(route, world, served_office, account):
                wrong += _looked_at(page, route, path, world)
    assert wrong == []
    assert served_office.seen == []
    assert served_office.office.get("/me", by=account).url.path == f"{API}/me"


def _looked_at(page: Page, route: str, path: str, world: World) -> list[str]:
    answer = page.request.get(path, timeout=120_000)
    if answer.status not in ANSWERED:
        return [f"{path}: {answer.status}"]
    if "text/html" not in answer.headers.get("content-type", ""):
        return []
    text, known = answer.text(), world.looked_at.get(route, frozenset())
    make = make_of(text)
    if "<main" not in text or make <= known:
        return []
    anywhere = frozenset().union(*world.looked_at.values())
    world.looked_at[route] = known | make
    page.goto(path, timeout=120_000)
    wrong = violations(page) if not known or make - anywhere else []
    if page.locator("h1").count() != 1:
        wrong.append(f"{path}: {page.locator('h1').count()} h1")
    for size in (HALF, PHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        if overflow(page) > 0:
            wrong.append(f"{path}: {overflow(page)} px too wide at {size['width']}")
    if not known:
        wrong += violations(page)
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    return wrong


TABBED = """() => {
    const at = document.activeElement;
    const form = at.closest("form.act-form");
    const outline = getComputedStyle(at);
    return {
        name: form ? at.name || at.textContent.trim() : "",
        folded: Boolean(form && at.matches("details:not([open]) > summary")),
        send: Boolean(form && at.matches("button.btn-primary, button.btn-grave")),
        shown: outline.outlineStyle !== "none" || outline.boxShadow !== "none",
        hidden: (() => {
            const box = at.getBoundingClientRect();
            const over = document.elementFromPoint(box.left + Math.min(box.width, 40) / 2, box.top + box.height / 2);
            return Boolean(over && !at.contains(over) && !over.contains(at) && over.closest(".mast, .tabbar, .actbar"));
        })(),
    };
}"""
CONTROLS = """() => [...document.querySelectorAll(
    "form.act-form input:not([type=hidden]), form.act-form select, form.act-form textarea"
)].filter((one) => one.offsetParent !== null && one.name).map((one) => one.name)"""


@pytest.mark.soak
@pytest.mark.parametrize(
    "account", ("clerk", "head", "chief", "verifier", "leader") if WHOLE else ("chief", "leader")
)
def test_every_act_by_keyboard(served_office: Site, world: World, account: str) -> None:
    """每一步的表单只用键盘：从头按 Tab，每一栏都走得到，看得见走到哪里，最后走到那个按钮。"""
    wrong = []
    with served_office.as_(account) as page:
        for command, matter in world.permitted[account].items():
            page.goto(f"/matters/{matter}/{command}")
            wrong += [f"{account} {command}: {what}" for what in _tabbed_through(page)]
    assert wrong == []


def _tabbed_through(page: Page) -> Iterator[str]:
    left = set(page.evaluate(CONTROLS))
    page.evaluate("document.querySelector('form.act-form').setAttribute('tabindex', '-1')")
    page.locator("form.act-form").focus()
    before = ""
    for _ in range(200):
        page.keyboard.press("Tab")
        at = page.evaluate(TABBED)
        if at["folded"]:
            page.keyboard.press("Enter")
        left.discard(at["name"])
        if at["name"] and not at["shown"] and at["name"] != before:
            yield f"看不见走到了 {at['name']}"
        if at["hidden"]:
            yield f"{at['name']} 被横条遮住"
        before = at["name"]
        if at["send"]:
            break
    else:
        yield "走不到按钮"
    if left:
        yield f"走不到 {sorted(left)}"


def test_nothing_moves_for_who_wants_no_motion(served_office: Site, world: World) -> None:
    """系统里选了“减少动态效果”，页面上没有会动的。"""
    with served_office.as_("clerk") as page:
        page.emulate_media(reduced_motion="reduce")
        for path in ("/", "/matters", "/board", f"/matters/{world.matters['asked']}", "/matters/register"):
            page.goto(path)
            moving = page.evaluate(
                """() => [...document.querySelectorAll("*")].filter((one) => {
                    const style = getComputedStyle(one);
                    const seconds = (text) => Math.max(...text.split(",").map(parseFloat));
                    return seconds(style.transitionDuration) > 0.01 || seconds(style.animationDuration) > 0.01;
                }).map((one) => one.outerHTML.slice(0, 80))"""
            )
            assert moving == [], path
