"""云溪县 over HTTP: an opened rehearsal record, an account of each role, and a clock that is set before each act."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from events.vocabulary import UserName
from service.runtime import Runtime
from service.settings import Settings

BEIJING = timezone(timedelta(hours=8))
API = "/api/v1"
SENTENCE = "…清运干净，恢复原貌"
PHOTO = b"\xff\xd8\xff\xe0 a photo"

UNITS = {
    "office": ("县政府办", None),
    "town": ("青石镇", "office"),
    "water": ("水务局", "office"),
    "schools": ("教育局", "office"),
    "environment": ("环保局", "office"),
    "village": ("柳湾村", "town"),
    "government": ("县政府", None),
    "audit": ("审计局", None),
}
"""Key → (name, key of the parent)."""

STAFF = {
    "clerk": ("林砚秋", "office", "office_clerk"),
    "head": ("马国梁", "office", "office_head"),
    "deputy": ("秦望舒", "office", "office_head"),
    "liaison": ("何远舟", "town", "unit_liaison"),
    "chief": ("程立川", "town", "unit_head"),
    "water": ("苏念平", "water", "unit_liaison"),
    "verifier": ("顾清和", "environment", "verifier"),
    "verifier2": ("方知远", "schools", "verifier"),
    "town_verifier": ("许望山", "town", "verifier"),
    "leader": ("沈如松", "government", "leader"),
    "auditor": ("周景明", "audit", "auditor"),
}
"""Account → (name, key of the unit, role)."""


def moment(text: str) -> str:
    """``2008-03-03`` (then nine o'clock) or ``2008-03-03 14:30`` as a moment with zone."""
    day, _, clock = text.partition(" ")
    return f"{day}T{clock or '09:00'}:00+08:00"


def day(text: str) -> date:
    return date.fromisoformat(text)


@dataclass(kw_only=True)
class Office:
    """A client that speaks for anybody. ``units`` and ``people`` give ids by the keys above."""

    client: Any
    tokens: dict[str, str]
    units: dict[str, str] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)
    now: str | None = None
    matter: str = ""
    runtime: Runtime | None = None
    settings: Settings | None = None
    pages: Any = None
    """The application with its pages, made when first looked at."""

    def at(self, when: str) -> Office:
        """Sets the moment that goes with every request from here on."""
        self.now = when if "T" in when else moment(when)
        return self

    def send(
        self,
        method: str,
        path: str,
        *,
        by: str = "auditor",
        now: str | None = None,
        key: str | None = None,
        **sent: Any,
    ) -> Any:
        headers: dict[str, str] = {"Authorization": f"Bearer {self.tokens[by]}"} if by else {}
        when = now or self.now
        if when:
            headers["X-Duban-Now"] = when
        if key is not None:
            headers["Idempotency-Key"] = key
        headers.update(sent.pop("headers", {}))
        return self.client.request(method, API + path, headers=headers, **sent)

    def get(self, path: str, *, by: str = "auditor", now: str | None = None, **query: Any) -> Any:
        """A question; ``from_`` is the query's ``from``."""
        params = {name.rstrip("_"): value for name, value in query.items() if value is not None}
        return self.send("GET", path, by=by, now=now, params=params)

    def ask(self, path: str, **more: Any) -> Any:
        """The JSON of a question that must be answered."""
        response = self.get(path, **more)
        assert response.status_code == 200, f"GET {path} {more}: {response.status_code} {response.text}"
        return response.json()

    def post(self, path: str, body: Any = None, *, by: str = "admin", **more: Any) -> Any:
        """A command; the response as it is."""
        return self.send("POST", path, by=by, json={} if body is None else body, **more)

    def made(self, path: str, body: Any = None, *, by: str = "admin", **more: Any) -> Any:
        """The JSON of a command that must succeed."""
        response = self.post(path, body, by=by, **more)
        assert response.status_code in (200, 201), (
            f"POST {path} {body}: {response.status_code} {response.text}"
        )
        return response.json()

    def refused(self, status: int, code: str | None, response: Any) -> Any:
        """The problem of a response that must be this refusal, told as the contract says."""
        return problem(response, status, code)

    def newcomer(self, account: str, name: str, unit: str, *roles: str) -> None:
        """Somebody more in a unit (by key), with an e-mail address, an account and a token."""
        person = {"name": name, "unit": self.units[unit], "email": f"{account}@yunxi.example"}
        posts = [role for role in roles if role != "auditor"]
        self.people[account] = self.made("/people", {**person, "roles": posts})["id"]
        user = {"name": account, "person": self.people[account], "roles": list(roles)}
        self.made("/users", {**user, "password": "a-long-Passw0rd-2008"})
        assert self.runtime is not None
        self.tokens[account] = self.runtime.accounts.make_token(UserName(account), datetime.now(UTC))

    # -- matters

    def titled(self, title: str, unit: str = "") -> str:
        """The id of the only matter of this title, or of the one led by the unit of this name."""
        items = self.ask("/matters", q=title, limit=200)["items"]
        named = [one for one in items if one["title"] == title and unit in ("", one["lead_unit_name"])]
        (found,) = named
        return str(found["id"])

    def register(self, **fields: Any) -> str:
        """A new matter, remembered as the one at hand."""
        values = {
            "title": "三号河道垃圾堆放",
            "kind": "rectification",
            "source": "专项督查",
            "problem": "河道边堆放垃圾",
        }
        by = fields.pop("by", "clerk")
        self.matter = self.made("/matters", {**values, **fields}, by=by)["id"]
        return self.matter

    def try_(
        self, command: str, body: Mapping[str, Any] | None = None, *, by: str, matter: str = "", **more: Any
    ) -> Any:
        """A command on the matter at hand; the response as it is."""
        return self.post(f"/matters/{matter or self.matter}/{command}", body, by=by, **more)

    def do(
        self, command: str, body: Mapping[str, Any] | None = None, *, by: str, matter: str = "", **more: Any
    ) -> Any:
        """A command on the matter at hand that must succeed."""
        return self.made(f"/matters/{matter or self.matter}/{command}", body, by=by, **more)

    def attach(self, kind: str = "photo", *, by: str = "liaison", content: bytes = PHOTO, **more: Any) -> Any:
        response = self.try_attach(kind, by=by, content=content, **more)
        assert response.status_code == 200, response.text
        return response.json()

    def try_attach(
        self,
        kind: str = "photo",
        *,
        by: str = "liaison",
        content: bytes = PHOTO,
        name: str = "现场.jpg",
        **more: Any,
    ) -> Any:
        matter = more.pop("matter", "") or self.matter
        form = {"kind": kind, **more.pop("form", {})}
        files = {"file": (name, content, "image/jpeg")}
        path = f"/matters/{matter}/attach-evidence"
        return self.send("POST", path, by=by, data=form, files=files, **more)

    def paper(self, command: str, fields: Mapping[str, str], *, by: str = "clerk", **more: Any) -> Any:
        """A command with a file, as the office enters a unit's paper; the response as it is."""
        files = {"file": ("来文.pdf", b"%PDF-1.4 paper", "application/pdf")}
        return self.send(
            "POST", f"/matters/{self.matter}/{command}", by=by, data=dict(fields), files=files, **more
        )

    def look(self, matter: str = "", **more: Any) -> Any:
        return self.ask(f"/matters/{matter or self.matter}", **more)

    def history(self, matter: str = "", **more: Any) -> list[Any]:
        items: list[Any] = self.ask(f"/matters/{matter or self.matter}/history", **more)["items"]
        return items

    def tick(self, when: str | None = None) -> dict[str, int]:
        """What the clock says of matters, without the kinds it said nothing about. The day's seal is nothing said."""
        if when:
            self.at(when)
        answer: dict[str, int] = self.made("/tick")
        return {kind: count for kind, count in answer.items() if count and kind != "seals"}

    # -- a matter's ordinary way; every step at the moment the clock was set to

    def assigned(self, **fields: Any) -> str:
        """A matter 青石镇 is to sign for. ``kind``, ``urgency`` and such go into the registration."""
        given = {
            name: fields.pop(name)
            for name in ("kind", "urgency", "title", "source", "parent")
            if name in fields
        }
        self.register(**given)
        by = fields.pop("by", "clerk")
        if not {"due_on", "time_limit"} & set(fields) and given.get("kind") != "leader_instruction":
            fields["time_limit"] = "15个工作日内"
        body = {"lead_unit": self.units["town"], "quality_requirement": SENTENCE, **fields}
        self.do("assign", body, by=by)
        return self.matter

    def acknowledged(self, **fields: Any) -> str:
        self.assigned(**fields)
        self.do("acknowledge", by="liaison")
        return self.matter

    def planning(self, **fields: Any) -> str:
        self.acknowledged(**fields)
        self.do("submit-plan", plan(self.now), by="liaison")
        return self.matter

    def rectifying(self, **fields: Any) -> str:
        if fields.get("kind", "rectification") != "rectification":
            return self.acknowledged(**fields)
        self.planning(**fields)
        self.do("approve-plan", by="clerk")
        return self.matter

    def report(self, *, by: str = "liaison") -> None:
        kinds = self.look(by="clerk")["evidence_required"]
        for kind in kinds:
            self.attach(kind.partition("|")[0], by=by)
        self.do("report-completion", {"text": "已清运完毕"}, by=by)

    def reported(self, **fields: Any) -> str:
        self.rectifying(**fields)
        self.report()
        return self.matter

    def schedule(self, who: str = "verifier") -> None:
        assert self.now is not None
        self.do("schedule-verification", {"verifier": self.people[who], "on": self.now[:10]}, by="clerk")

    def verifying(self, **fields: Any) -> str:
        self.reported(**fields)
        self.schedule()
        return self.matter

    def reviewed(self, **fields: Any) -> str:
        self.verifying(**fields)
        self.do("pass-verification", {"findings": "现场已无垃圾"}, by="verifier")
        return self.matter

    def closed(self, **fields: Any) -> str:
        self.reviewed(**fields)
        self.do("approve-write-off", {"grade": "good"}, by="head")
        return self.matter

    def suspended(self, **fields: Any) -> str:
        self.rectifying(**fields)
        self.do("suspend", {"reason": "防汛三级响应"}, by="head")
        return self.matter

    def objected(self, **fields: Any) -> str:
        self.assigned(**fields)
        self.do("object", {"reason": "不属本镇管辖"}, by="liaison")
        return self.matter

    def confirmed(self, **fields: Any) -> str:
        self.closed(**fields)
        assert self.now is not None
        self.do("select-look-back", {"due_on": later(self.now, 10)}, by="clerk")
        self.do("pass-look-back", {"findings": "保持良好"}, by="verifier")
        return self.matter

    def relapsed(self, **fields: Any) -> str:
        self.closed(**fields)
        self.do("find-relapse", {"findings": "又堆上了"}, by="verifier")
        return self.matter

    def cancelled(self, **fields: Any) -> str:
        self.assigned(**fields)
        self.do("cancel", {"reason": "重复立项"}, by="head")
        return self.matter

    def transferred(self, **fields: Any) -> str:
        self.assigned(**fields)
        self.do("transfer", {"kind": "handover", "to": "市督查室"}, by="head")
        return self.matter

    def merged(self, **fields: Any) -> str:
        into = self.assigned(**fields)
        self.assigned(**fields)
        self.do("merge", {"into": into}, by="clerk")
        return self.matter

    def registered(self, **fields: Any) -> str:
        return self.register(**fields)


def later(now: str, days: int) -> str:
    return (date.fromisoformat(now[:10]) + timedelta(days=days)).isoformat()


def plan(now: str | None) -> dict[str, Any]:
    """A plan of one step."""
    assert now is not None
    return {
        "measures": "分两期清运",
        "goal": "见底",
        "steps": [{"title": "清运", "due_on": later(now, 5), "person": "何远舟"}],
    }


def problem(response: Any, status: int, code: str | None = None) -> Any:
    """Checks a refusal's form: status, media type, stable code, a Chinese sentence that says what to do next."""
    assert response.status_code == status, f"{response.status_code} {response.text[:400]}"
    assert response.headers["content-type"].split(";")[0] == "application/problem+json", response.headers
    told = response.json()
    assert {"code", "title", "detail"} <= set(told), told
    assert any("一" <= sign <= "鿿" for sign in told["detail"]), told
    assert "\n" not in told["detail"]
    if code is not None:
        assert told["code"] == code, told
    return told


def ids(answer: Any) -> list[str]:
    """The matters of a list."""
    return [item["id"] for item in answer["items"]]


def dates(office: Office) -> list[str]:
    """Every due date the matter at hand had, in order."""
    return [one["due_on"] for one in office.look()["due_dates"]]
