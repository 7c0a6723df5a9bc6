"""What a letter's template is given: the fact, the matter right after it, and names as they are at hand-over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from events.directory.state import Directory
from events.matter.state import Matter
from events.rules.procedures import HANDLING, Procedure
from events.vocabulary import BEIJING, Role, Stage, UnitId
from notifications.posts import Post
from notifications.rules import DIGEST, DIGEST_TITLE, RULES


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What is the same in every letter."""

    organization: str
    """Who writes: the name of the 督查室."""
    base_url: str = ""
    """Where the service is reached, without a slash at the end; empty: links are paths."""
    procedures: Mapping[str, Procedure]


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterPage:
    """One letter about one fact of one matter."""

    rule: str
    post: Post
    copy: bool
    matter: Matter
    """As it was right after the fact."""
    fact: Any
    at: datetime
    """When it is handed over."""
    house: House
    directory: Directory
    said: tuple[str, ...] = ()
    """The paragraphs of the plain text, for its HTML form: what happened …"""
    then: tuple[str, ...] = ()
    """… and what is to be done next."""

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
        """What the letter is called, in the words of the matter's kind."""
        title = RULES[self.rule].title
        return title.replace("销号", self.closing) if self.closing != "销号" else title

    @property
    def salutation(self) -> str:
        """Whom it speaks to."""
        return salutation(self.post, self.directory, self.house, self.today)

    @property
    def to_unit(self) -> bool:
        """Whether it speaks to a unit, not to the 督查室, a leader or a person."""
        return self.post.unit is not None

    @property
    def link(self) -> str:
        """Where the matter is opened."""
        return f"{self.house.base_url}/matters/{self.matter.id}"

    @property
    def kind(self) -> str:
        """The kind's Chinese name."""
        return self.procedure.label if self.procedure else self.matter.kind

    @property
    def procedure(self) -> Procedure | None:
        """The kind's procedure; None for a kind no longer configured."""
        return self.house.procedures.get(self.matter.kind)

    @property
    def closing(self) -> str:
        """销号, or 办结 where the kind is handled and not rectified."""
        return "办结" if self._handled else "销号"

    @property
    def work(self) -> str:
        """整改, or 办理."""
        return "办理" if self._handled else "整改"

    @property
    def _handled(self) -> bool:
        return self.procedure is not None and self.procedure.wording == HANDLING

    def stage(self, stage: Stage) -> str:
        """A stage's label in the words of the matter's kind."""
        return stage.label_for(self.procedure.wording if self.procedure else "")

    def unit(self, unit: UnitId | None) -> str:
        """A unit's name."""
        return self.directory.unit_name(unit, self.today)

    def units(self, units: tuple[UnitId, ...]) -> str:
        """Several units' names in a row."""
        return "、".join(self.unit(unit) for unit in units)

    def person(self, person: str | None) -> str:
        """A person's name; text that is no id stays as written."""
        return self.directory.person_name(person)


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestItem:
    """One letter in a digest, said in one line and its paragraphs."""

    title: str
    number: str
    name: str
    due_on: date | None
    link: str
    said: tuple[str, ...]
    copy: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestPage:
    """Several letters to one post in one message."""

    post: Post
    items: tuple[DigestItem, ...]
    at: datetime
    house: House
    directory: Directory
    rule: str = DIGEST
    title: str = DIGEST_TITLE

    @property
    def today(self) -> date:
        """The Beijing day of the hand-over."""
        return self.at.astimezone(BEIJING).date()

    @property
    def organization(self) -> str:
        """Who writes."""
        return self.house.organization

    @property
    def salutation(self) -> str:
        """Whom it speaks to."""
        return salutation(self.post, self.directory, self.house, self.today)

    @property
    def link(self) -> str:
        """Where all letters are opened."""
        return f"{self.house.base_url}/letters"


def salutation(post: Post, directory: Directory, house: House, on: date) -> str:
    """How a post is addressed."""
    if post.person is not None:
        return f"{directory.person_name(post.person)}同志"
    if post.unit is not None:
        name = directory.unit_name(post.unit, on)
        return f"{name}负责同志" if post.role is Role.UNIT_HEAD else name
    if post.role is Role.LEADER:
        return "领导同志"
    return f"{house.organization}负责同志" if post.role is Role.OFFICE_HEAD else house.organization
