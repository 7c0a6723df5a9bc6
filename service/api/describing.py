"""The OpenAPI document: every body from the command types themselves, every error as problem+json."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from events.calendars.publishing import PublishCalendar
from events.matter.permission import Permission
from events.matter.permitted import PERMITTED, REGISTER
from events.meeting.permitted import PERMITTED as MEETING
from events.meeting.recording import RecordMeeting
from service.commands.approving_many import ApproveMany
from service.commands.directing import COMMANDS as DIRECTING
from service.commands.directing import ImportTable
from service.commands.handing_over import HandOverAll
from service.commands.papering import EnterReceipt, PrintLetters
from service.commands.performing import Common
from service.commands.taking_up import RegisterDecisions

COMMANDS: Mapping[str, Permission] = {REGISTER.name: REGISTER, **PERMITTED}

PROBLEM = {
    "type": "object",
    "required": ["code", "title", "detail", "status"],
    "properties": {
        "type": {"type": "string"},
        "code": {"type": "string", "description": "Stable, read by programs"},
        "title": {"type": "string"},
        "detail": {"type": "string", "description": "One Chinese sentence: what, why, what next"},
        "status": {"type": "integer"},
    },
}
ANSWER = {
    "type": "object",
    "required": ["id", "version", "position", "facts"],
    "properties": {
        "id": {"type": "string"},
        "stage": {"type": "string"},
        "version": {"type": "integer"},
        "position": {"type": "integer"},
        "facts": {
            "type": "array",
            "items": {"type": "string"},
            "description": "Stored names of the facts written",
        },
        "number": {"type": "string"},
        "relapse_matter": {"type": "string"},
    },
}
REFUSALS = {
    "400": "Unreadable JSON, bad header, moment without zone",
    "401": "Not logged in",
    "403": "May see, may not do",
    "404": "Is not there, or may not be seen",
    "409": "Wrong stage, stale version, moment passed, key reused",
    "413": "Too large",
    "415": "Content type not read here",
    "422": "Unknown field, wrong type, or a rule broken",
    "503": "Cannot be written just now",
}
KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200},
    "description": "The same key and body again give the first answer; kept 90 days",
}
NOW = {
    "name": "X-Duban-Now",
    "in": "header",
    "schema": {"type": "string", "format": "date-time"},
    "description": "Rehearsal only: the moment of the command",
}
MATTER = {"name": "matter_id", "in": "path", "required": True, "schema": {"type": "string"}}

BESIDE: Mapping[str, tuple[str, type[Any]]] = {
    "/units/import": ("import-units", ImportTable),
    "/calendars/{year}": ("publish-calendar", PublishCalendar),
    "/people/{id}/hand-over": ("hand-over-desk", HandOverAll),
    "/approvals": ("approve-many", ApproveMany),
    "/letters/print": ("print-letters", PrintLetters),
    "/letters/{id}/receipt": ("enter-receipt", EnterReceipt),
    "/meetings": ("record-meeting", RecordMeeting),
    "/meetings/{id}/register": ("register-decisions", RegisterDecisions),
    **{f"/meetings/{{id}}/{name}": (f"meeting-{name}", row.command) for name, row in MEETING.items()},
}
MADE = frozenset({"/meetings"})
"""Where something new is made."""
"""Commands that are neither a matter's nor the directory's: address → name and body."""


def problems() -> dict[str, Any]:
    """The error answers every operation may give."""
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {code: {"description": text, "content": content} for code, text in REFUSALS.items()}


def describe(document: dict[str, Any]) -> dict[str, Any]:
    """Adds to a generated document what generation cannot know: commands, bodies, errors, security."""
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    schemas["Problem"] = PROBLEM
    schemas["Answer"] = ANSWER
    components["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer"}}
    document["security"] = [{"bearer": []}]
    bodies, definitions = _bodies()
    schemas.update(definitions)
    for name, body in bodies.items():
        _add_command(document, name, body)
    for (collection, verb), kind in DIRECTING.items():
        path = f"/api/v1/{collection}" if verb == "register" else f"/api/v1/{collection}/{{id}}/{verb}"
        _add(document, path, f"{collection}-{verb}", schema_of(kind, schemas), created=verb == "register")
    for path, (name, kind) in BESIDE.items():
        _add(document, f"/api/v1{path}", name, schema_of(kind, schemas), created=path in MADE)
    for path in document["paths"].values():
        for operation in path.values():
            operation.setdefault("responses", {}).update(problems())
    return document


def _bodies() -> tuple[dict[str, dict[str, Any]], dict[str, Any]]:
    kinds = {name: permission.command for name, permission in COMMANDS.items()}
    schemas, definitions = msgspec.json.schema_components(
        [*kinds.values(), Common], ref_template="#/components/schemas/{name}"
    )
    common = definitions["Common"]["properties"]
    for schema in definitions.values():
        if schema.get("type") == "object":
            schema["additionalProperties"] = False
    for kind in set(kinds.values()):
        definition = definitions[kind.__name__]
        definition["properties"] = {**common, **definition["properties"]}
    return dict(zip(kinds, schemas, strict=False)), definitions


def _add_command(document: dict[str, Any], name: str, schema: Mapping[str, Any]) -> None:
    permission = COMMANDS[name]
    registers = name == REGISTER.name
    path = "/api/v1/matters" if registers else f"/api/v1/matters/{{matter_id}}/{name}"
    content: dict[str, Any] = {"application/json": {"schema": dict(schema)}}
    if name == "attach-evidence":
        content = {"multipart/form-data": {"schema": _with_file(document, schema)}}
    ok = {
        "description": "Written and durable",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Answer"}}},
    }
    document["paths"].setdefault(path, {})["post"] = {
        "operationId": name,
        "summary": permission.label,
        "tags": ["matters"],
        "parameters": [*([] if registers else [MATTER]), KEY, NOW],
        "requestBody": {"required": registers, "content": content},
        "responses": {"201" if registers else "200": ok},
    }


def _add(document: dict[str, Any], path: str, name: str, schema: Mapping[str, Any], *, created: bool) -> None:
    """A POST on units, people, accounts or calendars."""
    number = {"schema": {"type": "integer", "minimum": 1949, "maximum": 2200}}
    parameters = [
        {
            "name": part,
            "in": "path",
            "required": True,
            **(number if part == "year" else {"schema": {"type": "string"}}),
        }
        for part in ("id", "year")
        if f"{{{part}}}" in path
    ]
    answer = {"type": "object", "required": ["position", "facts"]}
    ok = {"description": "Written and durable", "content": {"application/json": {"schema": answer}}}
    document["paths"].setdefault(path, {})["post"] = {
        "operationId": name,
        "tags": ["directory"],
        "parameters": [*parameters, KEY, NOW],
        "requestBody": {"required": created, "content": {"application/json": {"schema": dict(schema)}}},
        "responses": {"201" if created else "200": ok},
    }


def _with_file(document: dict[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    name = str(schema["$ref"]).rpartition("/")[2]
    own = document["components"]["schemas"][name]
    properties = {"file": {"type": "string", "format": "binary"}, **own["properties"]}
    return {"type": "object", "required": ["file", *own.get("required", ())], "properties": properties}


def schema_of(kind: type[Any], components: dict[str, Any]) -> dict[str, Any]:
    """The schema of a dataclass, its parts put into ``components``; Python's own words given back their names."""
    schemas, definitions = msgspec.json.schema_components([kind], ref_template="#/components/schemas/{name}")
    renames: Mapping[str, str] = getattr(kind, "RENAMES", {})
    own = definitions[kind.__name__]
    for outer, inner in renames.items():
        if inner in own["properties"]:
            own["properties"][outer] = own["properties"].pop(inner)
    own["additionalProperties"] = False
    components.update(definitions)
    (found,) = schemas
    return found
