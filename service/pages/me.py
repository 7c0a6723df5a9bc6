"""我的设置: size of type, contrast, keys, and the way to the password."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from service.pages.rendering import show
from service.pages.shell import Shell
from service.pages.views import Notice, Pair
from service.pages.visiting import Sent, Visit, Visiting, shell_of

router = APIRouter(include_in_schema=False)

SEE_OTHER = 303


@dataclass(frozen=True, slots=True, kw_only=True)
class MePage:
    """One's own settings."""

    shell: Shell
    notice: Notice | None
    pairs: tuple[Pair, ...]
    delegate: str
    """Where somebody is asked to stand in; empty for an account without a person."""
    large: bool
    high_contrast: bool
    keys: bool


@router.get("/me")
def me(visit: Visiting) -> Response:
    """The settings."""
    notice = None
    if visit.query.get("done"):
        notice = Notice(kind="told", title="已存下")
    if visit.query.get("changed"):
        notice = Notice(kind="told", title="密码已换好", text="别处的登录都已作废。")
    return show("me.html", _page(visit, notice))


@router.post("/me/look")
def look(visit: Visiting, form: Sent) -> Response:
    """Keeps size, contrast and keys for this account."""
    visit.runtime.accounts.prefer(
        visit.session.user,
        large_type=form.get("size") == "large",
        high_contrast=form.get("contrast") == "high",
        keys=form.get("keys") != "off",
    )
    return RedirectResponse("/me?done=1", SEE_OTHER)


def _page(visit: Visit, notice: Notice | None) -> MePage:
    roles = "、".join(role.label for role in sorted(visit.actor.roles))
    unit = visit.unit_name(visit.actor.unit)
    pairs = [Pair(term="姓名", lines=(visit.actor.name,)), Pair(term="账号", lines=(str(visit.actor.user),))]
    pairs += [Pair(term="单位", lines=(unit,))] if unit else []
    return MePage(
        shell=shell_of(visit, "我的设置"),
        notice=notice,
        delegate=f"/people/{visit.actor.person}" if visit.actor.person else "",
        pairs=(*pairs, Pair(term="角色", lines=(roles,))),
        large=visit.session.large_type,
        high_contrast=visit.session.high_contrast,
        keys=visit.session.keys,
    )
