"""Somebody looking at pages without a browser: a session's cookie, forms filled from the page they are on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import unescape
from typing import Any

from events.vocabulary import UserName
from service.app import make_app
from service.identity import COOKIE
from service.runtime import Runtime
from tests.service.given import Office
from tests.service.inside import client_of


@dataclass(kw_only=True)
class Visitor:
    """One log-in. ``page`` is what was answered last."""

    client: Any
    page: str = ""
    status: int = 0
    address: str = ""
    sent: list[str] = field(default_factory=list)

    def get(self, path: str, status: int = 200) -> str:
        """A page, as text."""
        return self._kept(self.client.get(path), status)

    def send(
        self,
        path: str,
        fields: Mapping[str, Any] | None = None,
        *,
        status: int = 200,
        files: Any = None,
        csrf: str | None = None,
    ) -> str:
        """A form, with the hidden fields of the page last looked at; redirects are followed."""
        hidden = {"csrf": self.csrf() if csrf is None else csrf, "command_id": self.hidden("command_id")}
        return self._kept(self.client.post(path, data={**hidden, **(fields or {})}, files=files), status)

    def csrf(self) -> str:
        return self.hidden("csrf")

    def hidden(self, name: str) -> str:
        found = re.search(rf'name="{name}" value="([^"]*)"', self.page)
        return unescape(found[1]) if found else ""

    def text(self) -> str:
        """The words of the page, without its tags."""
        plain = re.sub(r"<(script|style)[^>]*>.*?</\1>|<[^>]+>", " ", self.page, flags=re.DOTALL)
        return " ".join(unescape(plain).split())

    def links(self, pattern: str = r'href="(/[^"]*)"') -> list[str]:
        return [unescape(href) for href in re.findall(pattern, self.page)]

    def main(self) -> str:
        """The middle of the page."""
        return self.page.partition("<main")[2].partition("</main>")[0]

    def _kept(self, response: Any, status: int) -> str:
        self.page, self.status, self.address = response.text, response.status_code, str(response.url)
        assert response.status_code == status, f"{response.url}: {response.status_code}\n{self.text()[:600]}"
        return self.page


NUMBER = re.compile(r'<a class="fig" href="(/statistics/matters\?[^"]+)">(?:<b>)?(\d+)')


def numbers(page: Visitor) -> list[tuple[str, int]]:
    """Every number of a bulletin's page that leads to a list, with the address it leads to."""
    return [(unescape(href), int(number)) for href, number in NUMBER.findall(page.main())]


def visitor(office: Office, account: str) -> Visitor:
    """Somebody logged in at the office."""
    assert office.runtime is not None
    return _logged_in(stranger(office), office.runtime, account)


def signed_in(runtime: Runtime, account: str) -> Visitor:
    """Somebody logged in at a record that is no office of the tests."""
    return _logged_in(Visitor(client=client_of(make_app(runtime), raises=True)), runtime, account)


def _logged_in(one: Visitor, runtime: Runtime, account: str) -> Visitor:
    one.client.cookies.set(COOKIE, runtime.accounts.log_in(UserName(account), datetime.now(UTC)))
    return one


def stranger(office: Office) -> Visitor:
    """Somebody not logged in."""
    assert office.runtime is not None
    if office.pages is None:
        office.pages = make_app(office.runtime)
    return Visitor(client=client_of(office.pages, raises=True))
