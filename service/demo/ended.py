"""Tales that have ended: struck off in time or late, looked back at, relapsed, cancelled, transferred, merged."""

from __future__ import annotations

from service.demo.passages import (
    assign,
    finish,
    finish_in_time,
    finish_late,
    hand_over,
    register,
    send_verifier,
    sign,
    start_work,
    strike_off,
    verify,
    work,
)
from service.demo.tale import Matter, Tale, Unit


def in_time(tale: Tale) -> None:
    """Struck off in time."""
    short = tale.brief.kind == "immediate"
    tale.begin(tale.rng.randint(18, 120) if short else tale.rng.randint(60, 128))
    hand_over(tale)
    start_work(tale)
    finish_in_time(tale)
    verify(tale)
    strike_off(tale)


def late(tale: Tale) -> None:
    """Struck off, and late for ever."""
    short = tale.brief.kind == "immediate"
    tale.begin(tale.rng.randint(35, 120) if short else tale.rng.randint(70, 128))
    hand_over(tale)
    start_work(tale)
    finish_late(tale)
    verify(tale)
    strike_off(tale, "pass")


def second_try(tale: Tale) -> None:
    """Verification failed once, then passed; struck off."""
    tale.begin(tale.rng.randint(90, 125))
    hand_over(tale)
    start_work(tale)
    finish_in_time(tale)
    fail(tale, "incomplete")
    finish(tale, tale.on(4))
    verify(tale)
    strike_off(tale, "pass")


def fail(tale: Tale, kind: str) -> None:
    """核查不通过."""
    verifier = send_verifier(tale)
    tale.wait(2)
    tale.act(verifier, "fail-verification", kind=kind, findings=tale.brief.undone)


def long_ago(tale: Tale, least: int = 95, most: int = 128) -> None:
    """Struck off so long ago that it can be looked back at."""
    tale.begin(tale.rng.randint(least, most))
    hand_over(tale)
    start_work(tale)
    finish_in_time(tale)
    verify(tale)
    strike_off(tale)


def looked_back(tale: Tale) -> None:
    """回头看通过."""
    long_ago(tale)
    tale.wait(8, 14)
    tale.act(tale.clerk, "select-look-back", due_on=tale.on(8).isoformat())
    tale.wait(3, 7)
    tale.act(tale.sent, "pass-look-back", findings=tale.say("look_back", "passed"))


def to_look_back(tale: Tale) -> None:
    """抽取回头看, some of them due about now."""
    long_ago(tale, 70, 100)
    tale.wait_until(tale.back(tale.base, tale.rng.randint(1, 6)))
    tale.act(tale.clerk, "select-look-back", due_on=tale.on(tale.rng.randint(2, 12)).isoformat())


def relapsed(tale: Tale, *, then: str) -> None:
    """反弹: a new matter carries on; ``then`` says how far it came."""
    long_ago(tale)
    tale.wait_until(tale.back(tale.base, 16 if then == "worked" else 3))
    child = f"{tale.key}b"
    tale.act(tale.sent, "find-relapse", findings=tale.brief.back, begets=child)
    tale.key = child
    if then == "registered":
        return
    tale.wait(1)
    assign(tale, words="15个工作日内")
    if then == "worked":
        start_work(tale)
        work(tale, tale.base)


def cancelled(tale: Tale) -> None:
    """撤销."""
    tale.begin(tale.rng.randint(20, 90))
    hand_over(tale)
    sign(tale)
    tale.wait(2, 4)
    tale.act(tale.head, "cancel", reason=tale.say("end", "cancel"))


def transferred(tale: Tale, *, kind: str) -> None:
    """移交, 移送 or 移办."""
    tale.begin(tale.rng.randint(25, 80))
    hand_over(tale)
    start_work(tale)
    tale.wait(2, 4)
    tale.act(tale.head, "transfer", kind=kind, to=tale.setting.words["end"][kind], text="附有关材料。")


def merged(tale: Tale, *, into: str) -> None:
    """并案 into a matter still open."""
    tale.begin(tale.rng.randint(3, 6))
    register(tale)
    tale.wait(1)
    tale.act(tale.clerk, "merge", into=Matter(into), text=tale.say("end", "merge"))


def reopened(tale: Tale) -> None:
    """重开 two working days after it was struck off."""
    tale.begin(70)
    hand_over(tale, words="30个工作日内")
    start_work(tale)
    finish_in_time(tale)
    verify(tale)
    tale.wait_until(tale.back(tale.base, 6))
    strike_off(tale)
    tale.wait(2)
    tale.act(tale.head, "reopen", reason=tale.say("end", "reopen"))
    tale.wait(1)
    tale.act(tale.head, "reject-write-off", reason=tale.say("reject", "reasons"))


def reassigned(tale: Tale, *, to: str) -> None:
    """改派, then struck off by the second unit."""
    tale.begin(85)
    hand_over(tale)
    sign(tale)
    tale.wait(2, 3)
    tale.unit = to
    tale.limit("20个工作日内")
    tale.act(
        tale.clerk,
        "reassign",
        lead_unit=Unit(to),
        quality_requirement=tale.say("assign", "quality"),
        time_limit="20个工作日内",
        text=tale.say("reassign", "texts"),
    )
    start_work(tale)
    finish_in_time(tale)
    verify(tale)
    strike_off(tale)
