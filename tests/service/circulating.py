"""A bulletin on its way over HTTP, in 云溪县 with matters of 2008."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.service.given import Office

SWITCHED_ON: dict[str, Any] = {"enabled": True}
PAPER = "县政府第12次常务会议纪要"


@dataclass(kw_only=True)
class Circulation:
    """A client at one bulletin."""

    office: Office
    id: str = ""

    @property
    def path(self) -> str:
        return f"/bulletins/{self.id}"

    def do(self, name: str, by: str, **body: Any) -> Any:
        return self.office.made(f"{self.path}/{name}", body, by=by)

    def try_(self, name: str, by: str, **body: Any) -> Any:
        return self.office.post(f"{self.path}/{name}", body, by=by)

    def look(self, by: str = "clerk", **query: Any) -> Any:
        return self.office.ask(self.path, by=by, **query)

    def listed(self, by: str = "clerk", **query: Any) -> list[Any]:
        items: list[Any] = self.office.ask("/bulletins", by=by, **query)["items"]
        return items

    def drafted(self, series: str = "monthly", **body: Any) -> Circulation:
        self.id = self.office.made("/bulletins", {"series": series, **body}, by="clerk")["id"]
        return self

    def signed(self, number: str = "云督〔2008〕6号") -> Circulation:
        self.do("check", "clerk")
        if not self.look()["naming_settled"]:
            self.do("approve-naming", "head", basis=PAPER)
        self.do("sign", "head", document_no=number)
        return self

    def issued(self, number: str = "云督〔2008〕6号") -> Circulation:
        self.signed(number).do("issue", "clerk")
        return self


def two_matters(office: Office) -> Circulation:
    """March of 2008: one matter overdue at its end; then the 6th of April."""
    office.at("2008-03-03").assigned(due_on="2008-03-20")
    office.at("2008-03-11").closed(title="四号河道")
    office.at("2008-04-06")
    return Circulation(office=office)
