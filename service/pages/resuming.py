"""A log-in that ended while a form was being filled in: what was typed goes through the door with its writer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.requests import Request

from events.matter.permitted import PERMITTED, REGISTER
from events.refusals import Refusal
from service.identity import runtime_of
from service.pages.parsing_forms import raw_of, read_form
from service.pages.shell import Shell
from service.pages.visiting import doorway
from service.runtime import Runtime

KEPT = "kept."
"""Before the names of fields that pass the door."""
NOT_KEPT = frozenset({"csrf", "resume"})
SECRET = ("/login", "/logout", "/me", "/users")
"""Forms that hold passwords, or nothing that was typed."""

Kept = tuple[tuple[str, str], ...]
"""Fields of a form and what was typed in them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumePage:
    """Logged in again: what was typed, to be gone on with."""

    shell: Shell
    action: str
    kept: Kept
    form_again: bool
    """Whether the form itself is shown first; else it is sent at once."""


async def typed_before(request: Request) -> Kept:
    """What was typed in a form of ours that came without a log-in; nothing where another site may have sent it."""
    if request.method != "POST" or request.url.path.startswith(SECRET) or not _from_here(request):
        return ()
    typed = getattr(request.state, "typed", None)
    if typed is None:
        try:
            form = await read_form(request, most=runtime_of(request).files.max_bytes)
        except Refusal:
            return ()
        typed = raw_of(form)
        await form.close()
    return tuple((name, one) for name, many in typed.items() if name not in NOT_KEPT for one in many)


def passed_on(raw: Mapping[str, list[str]]) -> Kept:
    """What came through the door with a log-in."""
    return tuple(
        (name.removeprefix(KEPT), one) for name, many in raw.items() if name.startswith(KEPT) for one in many
    )


def resume_page(runtime: Runtime, action: str, kept: Kept, csrf: str) -> ResumePage:
    """The page between the door and the form."""
    command = action.partition("?")[0].rpartition("/")[2]
    known = command in PERMITTED or command == REGISTER.name
    return ResumePage(
        shell=doorway(runtime, "接着办", csrf=csrf),
        action=action,
        kept=kept,
        form_again=action.startswith("/matters/") and known,
    )


def of_another(kept: Kept, user: str) -> bool:
    """Whether somebody else wrote it."""
    return any(name == "typed_by" and value != user for name, value in kept)


def _from_here(request: Request) -> bool:
    """Whether a page of this site sent it: another's could have us show its own words as the visitor's."""
    fetched = request.headers.get("sec-fetch-site")
    if fetched is not None:
        return fetched == "same-origin"
    origin = urlsplit(request.headers.get("origin", "")).netloc
    own = urlsplit(runtime_of(request).settings.web.base_url).netloc
    return bool(origin) and origin in (request.headers.get("host", ""), own)
