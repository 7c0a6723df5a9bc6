"""How the service says no: a stable code and one Chinese sentence that says what, why and what to do next."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):
    """A request that cannot be admitted.

    ``code`` is stable and read by programs; ``sentence`` is read by people; ``extra`` carries machine-readable
    particulars (for example ``missing``). Subclasses say what kind of no it is; the edge gives each a status.
    """

    code = "refused"

    def __init__(self, sentence: str, *, code: str | None = None, **extra: Any) -> None:
        sentence = " ".join(sentence.split())
        super().__init__(sentence)
        if code is not None:
            self.code = code
        self.sentence = sentence
        self.extra = extra


class Malformed(Refusal):
    """The request cannot be read (400)."""

    code = "unreadable"


class NotAuthenticated(Refusal):
    """Nobody is logged in (401)."""

    code = "not-authenticated"


class NotYours(Refusal):
    """May be seen, may not be done by this person (403)."""

    code = "not-yours"


class MustChangePassword(NotYours):
    """Logged in with a password somebody else gave: nothing may be done before it is changed."""

    code = "must-change-password"

    def __init__(self) -> None:
        super().__init__("您用的是别人给的一次性密码；先在网页上换成自己的，再办事。")


class NotFound(Refusal):
    """Is not there, or may not be seen (404)."""

    code = "not-found"


class WrongMethod(Refusal):
    """The address is there, but not for this method (405)."""

    code = "method-not-allowed"


class Conflict(Refusal):
    """Collides with what is already recorded (409)."""

    code = "conflict"


class WrongStage(Conflict):
    """The command does not fit the stage the matter is in."""

    code = "wrong-stage"


class StaleVersion(Conflict):
    """Somebody else wrote first."""

    code = "stale-version"


class MomentPassed(Conflict):
    """The given moment lies before what is already recorded."""

    code = "moment-passed"


class NameTaken(Conflict):
    """A name that must be unique is in use."""

    code = "name-taken"


class KeyReused(Conflict):
    """The same command key came with another body."""

    code = "key-reused"


class TooLarge(Refusal):
    """More bytes than are taken (413)."""

    code = "too-large"


class WrongMedia(Refusal):
    """A content type that is not read here (415)."""

    code = "wrong-media-type"


class Invalid(Refusal):
    """Readable, but breaks a rule or a form (422)."""

    code = "invalid"


class MissingEvidence(Invalid):
    """完成报结 lacks evidence of its kind's checklist (M056); ``missing`` names the kinds."""

    code = "missing-evidence"


class Unavailable(Refusal):
    """Cannot be answered just now (503); nothing was written."""

    code = "unavailable"
