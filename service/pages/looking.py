"""看过去: the moment an auditor looks at, kept while walking through the service."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from events.refusals import Malformed
from events.vocabulary import BEIJING
from service.asking import Asking, asking
from service.clock import Clock
from service.pages.login import safe_path
from service.pages.visiting import Sent, Visit, Visiting

router = APIRouter(include_in_schema=False)

SEE_OTHER = 303
LONGEST = 40
_TO_THE_MINUTE = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)")
_TO_THE_SECOND = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)")
ONE_MINUTE = timedelta(minutes=1) - timedelta(microseconds=1)


@router.post("/past")
def look(visit: Visiting, form: Sent) -> Response:
    """Keeps a past moment for this log-in; every page shows it until it is left."""
    runtime = visit.runtime
    as_of = _typed(form, runtime.clock)
    asking(runtime.clock, runtime.store, as_of=as_of)
    runtime.accounts.choose(visit.session, as_of=as_of)
    return RedirectResponse(_without_as_of(form), SEE_OTHER)


@router.post("/past/leave")
def leave(visit: Visiting, form: Sent) -> Response:
    """Back to now."""
    visit.runtime.accounts.choose(visit.session, as_of=None)
    return RedirectResponse(_without_as_of(form), SEE_OTHER)


def local_moment(text: str, clock: Clock) -> str:
    """What people write as a moment, as an ``as_of``: a day or a position stays; a minute means to its end.

    Raises Malformed for a day or hour that is none.
    """
    text = text.strip()[:LONGEST]
    for form, rest in ((_TO_THE_MINUTE, ONE_MINUTE), (_TO_THE_SECOND, timedelta(0))):
        if found := form.fullmatch(text):
            try:
                moment = datetime.fromisoformat(f"{found[1]}T{found[2]}").replace(tzinfo=BEIJING)
            except ValueError:
                raise Malformed(f"没有 {text} 这个时刻；核对日期和钟点。", code="unreadable-moment") from None
            now = clock.now()
            return (min(moment + rest, now) if moment <= now else moment).isoformat()
    return text


def _typed(form: FormData, clock: Clock) -> str:
    position = str(form.get("position", "")).strip().replace(",", "").replace("，", "")
    if position:
        if not (position.isascii() and position.isdigit()):
            raise Malformed(f"位次“{position[:20]}”不是数；写成 47920 这样。", code="unreadable-moment")
        return position[:18]
    moment = local_moment(str(form.get("moment", "")), clock)
    if not moment:
        raise Malformed("没有写要看哪一刻；填时刻，或填位次。", code="unreadable-moment")
    return moment


def _without_as_of(form: FormData) -> str:
    """The page one came from, without a moment of its own."""
    path, _, query = safe_path(str(form.get("back", "/"))).partition("?")
    kept = [(name, value) for name, value in parse_qsl(query) if name not in ("as_of", "cursor", "done")]
    return f"{path}?{urlencode(kept)}" if kept else path


def at_moment(visit: Visit, text: str) -> Asking:
    """A typed moment with the position it comes to. Raises what an unreadable or future moment is."""
    runtime = visit.runtime
    return asking(runtime.clock, runtime.store, as_of=local_moment(text, runtime.clock))
