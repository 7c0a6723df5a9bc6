"""What the template of a bulletin's letter is given, and the file that goes with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from events.bulletin.content import OverdueRow
from events.bulletin.state import Bulletin, Rendition, UnderLeader
from events.directory.state import Directory
from events.vocabulary import BEIJING, UnitId
from notifications.circulating import speaks_to_unit
from notifications.pages import House, salutation
from notifications.posts import Post
from notifications.rules import BULLETIN_TITLES

WITH_FILE = "bulletin-issued"
"""The rule whose e-mail carries the document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BulletinLetterPage:
    """One letter about one fact of one bulletin."""

    rule: str
    post: Post
    copy: bool
    bulletin: Bulletin
    """As it was right after the fact."""
    fact: Any
    at: datetime
    """When it is handed over."""
    house: House
    directory: Directory
    said: tuple[str, ...] = ()
    then: tuple[str, ...] = ()

    @property
    def today(self) -> date:
        """The Beijing day of the hand-over."""
        return self.at.astimezone(BEIJING).date()

    @property
    def organization(self) -> str:
        """Who writes."""
        return self.house.organization

    @property
    def title(self) -> str:
        """What the letter is called."""
        return BULLETIN_TITLES[self.rule]

    @property
    def name(self) -> str:
        """The bulletin's title in one line."""
        return "".join(self.bulletin.title.split())

    @property
    def salutation(self) -> str:
        """Whom it speaks to."""
        return salutation(self.post, self.directory, self.house, self.today)

    @property
    def to_unit(self) -> bool:
        """Whether it speaks to a unit, not to the 督查室, a leader or a person."""
        return speaks_to_unit(self.post) is not None

    @property
    def link(self) -> str:
        """Where the bulletin is opened."""
        return f"{self.house.base_url}/bulletins/{self.bulletin.id}"

    @property
    def mine(self) -> tuple[OverdueRow, ...]:
        """The overdue register's lines of the unit it speaks to."""
        unit = speaks_to_unit(self.post)
        return self.bulletin.standing_content.mine(unit) if unit is not None else ()

    @property
    def under(self) -> tuple[UnderLeader, ...]:
        """The matters of the leader it speaks to."""
        lists = self.bulletin.leader_lists
        return next((one.rows for one in lists if one.leader == self.post.person), ())

    def unit(self, unit: UnitId | None) -> str:
        """A unit's name."""
        return self.directory.unit_name(unit, self.today)

    def units(self, units: tuple[UnitId, ...]) -> str:
        """Several units' names in a row."""
        return "、".join(self.unit(unit) for unit in units)

    @property
    def file(self) -> Rendition | None:
        """The document that goes along: a unit gets the public part."""
        if self.rule != WITH_FILE:
            return None
        return self.bulletin.public if self.to_unit else self.bulletin.full

    @property
    def file_name(self) -> str:
        """How the attached document is called."""
        return f"{self.bulletin.document_no} {self.name}.pdf"
