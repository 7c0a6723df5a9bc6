"""演练: moving the clock from the banner."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from events.record.moments import to_micros
from events.refusals import Malformed
from service.clock import read_moment
from service.identity import must_be_admin
from service.pages.login import safe_path
from service.pages.visiting import Sent, Visit, Visiting
from service.ticking import tick

router = APIRouter(include_in_schema=False)

SEE_OTHER = 303
LENGTH_TO_MINUTES = len("2008-06-30T09:00")


@router.post("/rehearsal/moment")
def choose(visit: Visiting, form: Sent) -> Response:
    """Keeps a moment in the session; the record's clock moves with the next act. An earlier one is looked back at."""
    back, moment = _read(visit, form)
    if moment < visit.runtime.clock.standing():
        path, _, query = back.partition("?")
        kept = [(name, value) for name, value in parse_qsl(query) if name != "as_of"]
        return RedirectResponse(f"{path}?{urlencode([*kept, ('as_of', moment.isoformat())])}", SEE_OTHER)
    visit.runtime.accounts.choose(visit.session, moment=to_micros(moment))
    return RedirectResponse(back, SEE_OTHER)


@router.post("/rehearsal/tick")
async def walk(visit: Visiting, form: Sent) -> Response:
    """Goes to a moment and says what is due then."""
    must_be_admin(visit.actor)
    back, moment = _read(visit, form)
    await tick(visit.runtime, visit.runtime.clock.now(moment))
    return RedirectResponse(back, SEE_OTHER)


def _read(visit: Visit, form: FormData) -> tuple[str, datetime]:
    if not visit.runtime.clock.rehearsal or visit.runtime.clock.runs:
        raise Malformed("只有时钟停着的演练才能拨时间。", code="not-rehearsing")
    typed = str(form.get("moment", "")).strip()[:LENGTH_TO_MINUTES]
    return safe_path(str(form.get("back", "/"))), read_moment(f"{typed}:00+08:00")
