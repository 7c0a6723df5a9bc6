"""接口说明: whatever its OpenAPI document describes is answered as documented, and never with a broken server."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks as documented

from tests.service.given import API, Office

CASES = 40 if os.environ.get("DUBAN_SOAK") == "full" else 3
"""For each operation."""
CHECKS = [
    documented.status_code_conformance,
    documented.content_type_conformance,
    documented.response_schema_conformance,
]
WAYS = ("registered", "assigned", "rectifying", "verifying", "reviewed", "closed")


@pytest.fixture
def document(office: Office) -> dict[str, Any]:
    found: dict[str, Any] = office.client.get(f"{API}/openapi.json").json()
    return found


def answered(office: Office, case: Any, who: str) -> Any:
    """The answer to a generated request."""
    sent = case.as_transport_kwargs(base_url="http://testserver")
    request = requests.Request(**{name: value for name, value in sent.items() if name in REQUEST}).prepare()
    headers = {name: value for name, value in request.headers.items() if name.lower() not in DROPPED}
    headers["Authorization"] = f"Bearer {office.tokens[who]}"
    return office.client.request(request.method, request.url, headers=headers, content=request.body)


REQUEST = {"method", "url", "headers", "files", "data", "json", "params", "cookies"}
DROPPED = {"authorization", "content-length", "cookie"}


@dataclass(kw_only=True)
class Trial:
    """The office under trial, and what its answers did wrong."""

    office: Office
    mode: GenerationMode
    matters: list[str]
    tried: int = 0
    wrong: list[str] = field(default_factory=list)

    def of(self, operation: Any) -> None:
        """Sends the operation some generated requests."""
        strategy = operation.as_strategy(generation_mode=self.mode)

        @settings(
            max_examples=CASES,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=strategy, data=st.data())
        def send(case: Any, data: st.DataObject) -> None:
            self.send(operation, case, data)

        send()

    def send(self, operation: Any, case: Any, data: st.DataObject) -> None:
        self.tried += 1
        if "matter_id" in case.path_parameters and data.draw(st.booleans()):
            case.path_parameters["matter_id"] = data.draw(st.sampled_from(self.matters))
        case.headers.pop("X-Duban-Now", None) if data.draw(st.booleans()) else None
        who = data.draw(st.sampled_from(CALLERS))
        if operation.path.endswith(("/disable", "/leave", "/roles")):
            who = "clerk"  # the callers must stay
        if case.query.get("min_position") not in (None, 1):
            case.query["min_position"] = data.draw(st.sampled_from((1, "x", -1)))  # later ones wait
        response = answered(self.office, case, who)
        if response.status_code >= 500:
            self.wrong.append(f"{operation.label} as {who}: {response.status_code} {response.text[:300]}")
        try:
            case.validate_response(response, checks=CHECKS)
        except (AssertionError, BaseExceptionGroup) as failure:
            self.wrong.append(f"{operation.label} as {who}: {response.status_code} {failure!r}"[:900])


@pytest.mark.soak
@pytest.mark.parametrize(
    "mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=lambda mode: mode.name.lower()
)
def test_is_kept_by_every_answer(office: Office, document: dict[str, Any], mode: GenerationMode) -> None:
    """按接口说明随机造出的请求，合规的不合规的，答复的状态码、类型、结构都在说明之列，没有 5xx。"""
    office.at("2008-03-03")
    matters = [getattr(office, way)() for way in WAYS]
    matters += [getattr(office, way)(kind="immediate", time_limit="7日内") for way in WAYS[1:]]
    trial = Trial(office=office, mode=mode, matters=matters)
    for found in schemathesis.openapi.from_dict(document).get_all_operations():
        operation = found.ok()
        if not operation.path.endswith(("/openapi.json", "/session")):
            trial.of(operation)
    assert trial.wrong == [], "\n".join(trial.wrong[:20])
    assert trial.tried > 60 * CASES


def test_describes_every_call_of_the_contract(document: dict[str, Any]) -> None:
    """合约上的每个地址、每个命令都在说明里，有请求体、有错误的样子。"""
    paths = document["paths"]
    for method, path in CALLS:
        found = [one for one in paths if re.sub(r"{[^}]+}", "{}", one) == API + path and method in paths[one]]
        assert found, (method, path)
        operation = paths[found[0]][method]
        assert {"400", "401"} & set(operation["responses"]), path
        problem = operation["responses"]["401"]["content"]
        assert list(problem) == ["application/problem+json"]


CALLERS = ("clerk", "head", "liaison", "verifier", "leader", "admin")
COMMANDS = """assign acknowledge object decide-objection reassign submit-plan return-plan approve-plan report-progress
request-support answer-support request-extension grant-extension refuse-extension suspend resume attach-evidence
report-completion return-completion schedule-verification pass-verification fail-verification approve-write-off
reject-write-off reopen select-look-back pass-look-back find-relapse submit-to-leader leader-acknowledge
instruct-again cancel transfer merge urge amend correct""".split()
READ = "/units /people /me /matters /matters/{} /matters/{}/history /overdue /awaiting-verification /board /rates"
READ += " /letters /evidence/{}"
CALLS = [
    *(("get", path) for path in READ.split()),
    *(("post", path) for path in ("/units", "/people", "/users", "/matters", "/calendars/{}", "/tick")),
    *(("post", f"/units/{{}}/{verb}") for verb in ("rename", "move", "close")),
    *(("post", f"/people/{{}}/{verb}") for verb in ("move", "leave")),
    *(("post", f"/users/{{}}/{verb}") for verb in ("disable", "enable", "reset-password", "roles")),
    *(("post", f"/matters/{{}}/{command}") for command in COMMANDS),
]
