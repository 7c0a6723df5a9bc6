"""The forms of units, people and accounts, from one table of words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import msgspec
from starlette.datastructures import FormData
from starlette.responses import Response

from events.matter.permitted import PERMITTED
from events.refusals import Refusal
from events.vocabulary import Role
from service.commands.directing import Directing, direct
from service.commands.performing import fingerprint
from service.errors import status_of
from service.pages.fields import FieldView, Group, Raw, first, options, unit_groups, view
from service.pages.form_page import FormPage
from service.pages.form_words import FieldWords, FormWords, Widget
from service.pages.reading_forms import problem_of, raw_of
from service.pages.rendering import show
from service.pages.views import Option, Problem
from service.pages.visiting import Visit, shell_of

SEE_OTHER = 303
FROM = FieldWords(label="从哪一天起", widget=Widget.DATE, hint="不填就是今天")
UNIT = FieldWords(label="单位", widget=Widget.UNIT, required=True)
NAME = FieldWords(label="名称", required=True)
ROLES = FieldWords(label="担任的职务", widget=Widget.UNITS, hint="按职务收信；一人可以兼几个")
GRANTED = FieldWords(
    label="能办什么", widget=Widget.UNITS, hint="可以兼几个；兼了也不能核查、裁定自己经手的事", required=True
)
EMAIL = FieldWords(label="电子邮箱", hint="通知发到这里；不填就只有站内信")
PHONE = FieldWords(label="电话")
CHIEF = FieldWords(label="行政首长", widget=Widget.CHOICE, hint="可批准通报点名表扬、批评")

FORMS: Mapping[tuple[str, str], tuple[str, str, FormWords]] = {
    ("units", "register"): (
        "新设单位",
        "登记",
        FormWords(
            then="名称在同一上级下不能重复；改名、划转、撤销都注明日期，旧事项仍显示当时的名称。",
            fields={
                "name": NAME,
                "parent": FieldWords(label="上级单位", widget=Widget.UNIT, hint="没有就不选"),
                "kind": FieldWords(label="性质", hint="如：乡镇、县直部门、县属企业"),
            },
        ),
    ),
    ("units", "rename"): (
        "更名",
        "更名",
        FormWords(then="从那一天起用新名称；以前的记录仍显示旧名称。", fields={"name": NAME, "from": FROM}),
    ),
    ("units", "move"): (
        "划转",
        "划转",
        FormWords(
            then="从那一天起归另一上级；在办事项不动。",
            fields={
                "parent": FieldWords(label="新的上级", widget=Widget.UNIT, hint="不选就是没有上级"),
                "from": FROM,
            },
        ),
    ),
    ("units", "close"): (
        "撤销单位",
        "撤销单位",
        FormWords(
            then="有在办事项的要写承接单位；事项还要由督查室逐件改派或由承接单位接着办。",
            fields={
                "successor": FieldWords(label="承接单位", widget=Widget.UNIT, hint="有在办事项时必选"),
                "from": FROM,
            },
        ),
    ),
    ("people", "register"): (
        "登记人员",
        "登记",
        FormWords(
            then="职务决定收什么信；要登录办事，还要另开账号。",
            fields={
                "name": replace(NAME, label="姓名"),
                "unit": UNIT,
                "email": EMAIL,
                "phone": PHONE,
                "roles": ROLES,
                "administrative_head": CHIEF,
            },
        ),
    ),
    ("people", "move"): (
        "调动",
        "调动",
        FormWords(
            then="人走，责任留在岗位上：原单位的事由接任的人办，信件也改发给接任的人。",
            fields={"unit": UNIT, "roles": ROLES, "from": FROM},
        ),
    ),
    ("people", "leave"): (
        "离任",
        "离任",
        FormWords(then="不再担任职务，账号也不能再登录。", fields={"from": FROM}),
    ),
    ("people", "change"): (
        "改姓名、邮箱、电话",
        "存下",
        FormWords(
            then="改的是更正；调动和离任另办。",
            fields={
                "name": FieldWords(label="姓名"),
                "email": EMAIL,
                "phone": PHONE,
                "administrative_head": CHIEF,
            },
        ),
    ),
    ("people", "delegate"): (
        "请人代办",
        "定下",
        FormWords(
            then="那段时间里，代办的人能办这些事、收这些信，工作台上也列着；办了都记明是代的。",
            fields={
                "to": FieldWords(label="由谁代", widget=Widget.VERIFIER, required=True),
                "from": FROM,
                "until": FieldWords(label="到哪一天", widget=Widget.DATE, hint="含当天", required=True),
                "acts": FieldWords(label="代办哪些事", widget=Widget.UNITS, hint="一个不选就是全部"),
            },
        ),
    ),
    ("people", "end-delegation"): (
        "结束代办",
        "结束",
        FormWords(then="从那一天起自己办，代办的人不再收信、不再列待办。", fields={"from": FROM}),
    ),
    ("users", "register"): (
        "开账号",
        "开账号",
        FormWords(
            then="密码不填，就生成一个一次性密码，只显示一次，首次登录后要改。",
            fields={
                "name": FieldWords(label="账号", hint="2 到 40 个字母、数字、点、横线或汉字", required=True),
                "person": FieldWords(label="是谁的", widget=Widget.VERIFIER, required=True),
                "roles": GRANTED,
                "password": FieldWords(label="密码", hint="可以不填"),
            },
        ),
    ),
    ("users", "roles"): ("调整角色", "存下", FormWords(then="马上生效。", fields={"roles": GRANTED})),
    ("users", "disable"): (
        "停用账号",
        "停用",
        FormWords(then="马上不能登录，令牌也作废；记录都留着，可以再启用。", fields={}),
    ),
    ("users", "enable"): ("启用账号", "启用", FormWords(then="可以再登录。", fields={})),
    ("users", "reset-password"): (
        "重设密码",
        "重设",
        FormWords(
            then="密码不填，就生成一个一次性密码，只显示一次。原来的登录都失效。",
            fields={"password": FieldWords(label="新密码", hint="可以不填")},
        ),
    ),
    ("users", "token"): (
        "发令牌",
        "发令牌",
        FormWords(then="给程序用的令牌，只显示一次；拿到的人就能以这个账号办事。", fields={}),
    ),
}


YES_OR_NO = (("true", "是"), ("false", "不是"))


def form_page(
    visit: Visit,
    collection: str,
    verb: str,
    *,
    action: str,
    back: str,
    sub: str,
    raw: Raw,
    problems: tuple[Problem, ...] = (),
) -> FormPage:
    """The form of a command on the directory."""
    title, button, words = FORMS[collection, verb]
    wrong = {problem.field: problem.sentence for problem in problems if problem.field}
    fields = tuple(_field(visit, collection, name, known, raw, wrong) for name, known in words.fields.items())
    return FormPage(
        shell=shell_of(visit, title),
        title=title,
        sub=sub,
        action=action,
        verb=button,
        grave=verb in ("close", "leave", "disable"),
        then=words.then,
        back=back,
        keep=f"{visit.actor.user}:{action}",
        until_recorded=False,
        carried=(),
        fields=fields,
        extras=(),
        extras_title="",
        extras_open=False,
        has_file=False,
        problems=tuple(
            Problem(sentence=p.sentence, field=f"f-{p.field}" if p.field else None) for p in problems
        ),
        problems_title=f"没有{button}",
        notice=None,
        aside=(),
    )


def directed(
    visit: Visit, form: FormData, collection: str, verb: str, id_: str | None
) -> tuple[dict[str, Any], Raw, Refusal | None]:
    """Sends a command on the directory; gives its answer, what was typed, and the refusal if there was one."""
    raw = raw_of(form)
    fields, key = _fields(collection, verb, raw), _key(visit, collection, raw)
    said = msgspec.json.encode(fields, order="deterministic")
    directing = Directing(
        actor=visit.actor,
        collection=collection,
        verb=verb,
        id=id_,
        fields=fields,
        at=visit.asking.moment,
        command_id=key,
        fingerprint=fingerprint("POST", f"/{collection}/{id_}/{verb}", said) if key else None,
        strict=False,
    )
    try:
        return direct(visit.runtime, directing), raw, None
    except Refusal as refusal:
        return {}, raw, refusal


def _key(visit: Visit, collection: str, raw: Raw) -> str | None:
    """A form sent twice is one act; not so for accounts, whose one-time password is told by the answer alone."""
    key = first(raw, "command_id")
    return f"{visit.actor.user}:{key}" if key and collection != "users" else None


def refused(visit: Visit, page: FormPage, refusal: Refusal, collection: str, verb: str) -> Response:
    """The same form with what is wrong."""
    labels = {name: words.label for name, words in FORMS[collection, verb][2].fields.items()}
    problem = problem_of(refusal, labels)
    fields = tuple(
        replace(field, problem=problem.sentence) if field.name == problem.field else field
        for field in page.fields
    )
    listed = Problem(sentence=problem.sentence, field=f"f-{problem.field}" if problem.field else None)
    del visit
    return show("form.html", replace(page, fields=fields, problems=(listed,)), status=status_of(refusal)[0])


def _fields(collection: str, verb: str, raw: Raw) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name, words in FORMS[collection, verb][2].fields.items():
        if words.widget is Widget.UNITS:
            fields[name] = [value for value in raw.get(name, []) if value]
        elif first(raw, name):
            fields[name] = first(raw, name)
        elif verb == "change" and name in raw:
            fields[name] = ""
    if verb == "change" and not fields.get("name"):
        fields.pop("name", None)
    return fields


def _field(
    visit: Visit, collection: str, name: str, words: FieldWords, raw: Raw, wrong: Mapping[str, str]
) -> FieldView:
    field = view(name, words, raw, wrong)
    if name == "acts":
        acts = ((row.name, row.label) for row in PERMITTED.values())
        return replace(field, groups=(Group(title="", options=options(acts, raw.get(name, []))),))
    if words.widget is Widget.UNITS:
        picks = options(((role.value, role.label) for role in Role), raw.get(name, []))
        return replace(field, groups=(Group(title="", options=_for_people(picks, collection)),))
    if words.widget is Widget.CHOICE:
        return replace(field, options=options(YES_OR_NO, [field.value]))
    if words.widget is Widget.UNIT:
        return replace(field, groups=unit_groups(visit, [field.value]))
    return replace(field, groups=_people(visit, field.value)) if words.widget is Widget.VERIFIER else field


def _for_people(picks: tuple[Option, ...], collection: str) -> tuple[Option, ...]:
    return tuple(pick for pick in picks if collection == "users" or pick.value != Role.ADMIN.value)


def _people(visit: Visit, chosen: str) -> tuple[Group, ...]:
    groups: dict[str, list[Option]] = {}
    for person in visit.directory.people.values():
        if person.left_on is None or person.left_on > visit.day:
            option = Option(value=person.id, label=person.name, chosen=person.id == chosen)
            groups.setdefault(visit.unit_name(person.unit(visit.day)), []).append(option)
    return tuple(Group(title=unit, options=tuple(groups[unit])) for unit in sorted(groups))
