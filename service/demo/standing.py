"""Tales that go on: every open stage, in time and late, with its complications."""

from __future__ import annotations

from datetime import date, timedelta

from service.demo.ended import fail
from service.demo.passages import (
    finish,
    finish_in_time,
    finish_late,
    hand_over,
    plan,
    register,
    send_verifier,
    sign,
    start_work,
    submit_plan,
    verify,
    work,
)
from service.demo.tale import Position, Tale, Unit


def registered(tale: Tale) -> None:
    """待交办; some were completed with a word after registration."""
    tale.begin(tale.rng.randint(0, 2))
    register(tale)
    if tale.rng.random() < 0.5:
        tale.wait(0)
        tale.act(tale.clerk, "amend", fields={"source_no": "督查专报第十二期", "place": tale.brief.spot})


def unsigned(tale: Tale, *, ago: int) -> None:
    """待签收."""
    tale.begin(ago)
    hand_over(tale, words=_usual(tale))


def signed(tale: Tale) -> None:
    """已签收, the plan not yet there."""
    tale.begin(tale.rng.randint(2, 4))
    hand_over(tale)
    sign(tale)


def planned(tale: Tale, *, returned: bool = False) -> None:
    """方案待审, one of them for the second time."""
    tale.begin(11 if returned else tale.rng.randint(6, 7))
    hand_over(tale, words="30个工作日内")
    sign(tale)
    submit_plan(tale)
    if returned:
        tale.wait(1)
        tale.act(tale.clerk, "return-plan", reason=tale.say("return_plan", "reasons"))
        submit_plan(tale)


def working(tale: Tale, *, left: int) -> None:
    """整改中, with so many days to the limit."""
    _until(tale, left)
    start_work(tale)
    work(tale, tale.base)


def overdue(tale: Tale, *, days: int) -> None:
    """整改中 and late; the long late were urged by the office as well."""
    _until(tale, -days)
    start_work(tale)
    work(tale, tale.base, late=True)
    if days > 9 and tale.due_on and tale.due_on < tale.back(tale.base, 4):
        tale.wait_until(tale.back(tale.base, tale.rng.randint(0, 2)))
        tale.act(tale.clerk, "urge", text=tale.say("urge", "texts"))


def corrected(tale: Tale) -> None:
    """A progress report was put right; a paper report was entered for an earlier day."""
    _until(tale, 9)
    start_work(tale)
    tale.wait(2)
    tale.act(tale.liaison, "report-progress", text=tale.brief.progress[0], percent=60)
    tale.wait(1)
    reason = tale.setting.words["correct"]["reason"]
    tale.act(
        tale.head, "correct", position=Position("progress-reported"), reason=reason, fields={"percent": 45}
    )
    tale.wait(2)
    paper = tale.file(str(tale.setting.words["captions"]["report"]), "document", tale.brief.progress[-1])
    tale.act(
        tale.clerk,
        "report-progress",
        text=f"{tale.brief.progress[-1]}（{tale.setting.words['paper']['report']}）",
        percent=70,
        occurred_at=(tale.at - timedelta(days=1)).isoformat(),
        on_behalf_of=Unit(tale.unit),
        paper=paper,
    )


def extending(tale: Tale, *, answer: str | None) -> None:
    """申请延期: waiting, granted or refused."""
    _until(tale, 2 if answer is None else -5)
    start_work(tale)
    assert tale.due_on is not None
    work(tale, tale.back(tale.due_on, 4))
    tale.wait_until(tale.back(min(tale.due_on, tale.base), 2))
    until = tale.due_on + timedelta(days=18)
    reason = tale.say("extension", "reasons")
    tale.act(tale.liaison, "request-extension", until=until.isoformat(), reason=reason)
    if answer == "granted":
        tale.wait(1)
        tale.act(tale.head, "grant-extension", until=until.isoformat())
    if answer == "refused":
        tale.wait(1)
        tale.act(tale.head, "refuse-extension", reason=tale.say("extension", "refusals"))
        work(tale, tale.base, late=True)


def supported(tale: Tale, *, answered: bool) -> None:
    """请示求助."""
    _until(tale, 7)
    start_work(tale)
    tale.wait(1, 2)
    tale.act(tale.liaison, "request-support", text=tale.say("support", "asks"))
    if answered:
        tale.wait(2)
        tale.act(tale.clerk, "answer-support", text=tale.say("support", "answers"))
        work(tale, tale.base)


def suspended(tale: Tale, *, resumed: bool = False) -> None:
    """已中止, or running again since."""
    tale.begin(26)
    hand_over(tale, words="30个工作日内")
    start_work(tale)
    tale.wait(3, 5)
    tale.act(tale.head, "suspend", reason=tale.say("suspend", "reasons"))
    if resumed:
        tale.wait(4)
        tale.act(tale.head, "resume")
        work(tale, tale.base)


def sent_back(tale: Tale, *, by: str) -> None:
    """Back in the work: the report returned, the verification failed, or the write-off refused."""
    tale.begin(34)
    hand_over(tale, words="20个工作日内")
    start_work(tale)
    finish(tale, tale.back(tale.base, 12))
    if by == "office":
        tale.wait(2)
        tale.act(tale.clerk, "return-completion", reason=tale.say("return_completion", "reasons"))
    elif by == "head":
        verify(tale)
        tale.wait(1)
        tale.act(tale.head, "reject-write-off", reason=tale.say("reject", "reasons"))
    else:
        fail(tale, by)
    work(tale, tale.base)


def reported(tale: Tale, *, ago: int, late: bool = False) -> None:
    """已报结待核查; one so long that the office itself is late."""
    tale.begin(ago + 24)
    hand_over(tale, words="15个工作日内" if late else "一个月内")
    start_work(tale)
    if late:
        finish_late(tale, 1, 3)
    else:
        finish(tale, tale.back(tale.base, ago))


def verifying(tale: Tale, *, in_days: int) -> None:
    """核查中."""
    tale.begin(30)
    hand_over(tale, words="30日内")
    start_work(tale)
    finish(tale, tale.back(tale.base, 5))
    send_verifier(tale, ahead=in_days)


def reviewed(tale: Tale, *, leader: str | None = None) -> None:
    """待销号; a leader's matter may lie before the leader, or come back from there."""
    tale.begin(32)
    hand_over(tale, words="30日内" if leader is None else None)
    start_work(tale)
    if leader is None:
        finish(tale, tale.back(tale.base, 8))
    else:
        finish_in_time(tale)
    verify(tale)
    if leader in ("submitted", "acknowledged", "again"):
        tale.wait(0, 1)
        tale.act(tale.clerk, "submit-to-leader", text=tale.say("leader", "submits"))
    if leader == "acknowledged":
        tale.wait(1)
        tale.act(tale.leader, "leader-acknowledge", text=tale.say("leader", "acknowledges"))
    if leader == "again":
        tale.wait(1)
        text = tale.say("leader", "again")
        tale.limit("20个工作日内")
        tale.act(tale.leader, "instruct-again", text=text, time_limit="20个工作日内")
        sign(tale)
        work(tale, tale.base)


def objected(tale: Tale, *, decided: str | None = None, to: str | None = None) -> None:
    """异议待裁定, or decided: dismissed, upheld to another unit, upheld back to 待交办."""
    tale.begin(4 if decided is None else 12)
    hand_over(tale, words=_usual(tale))
    tale.wait(1)
    tale.act(tale.liaison, "object", reason=tale.say("object", "reasons"))
    if decided is None:
        return
    tale.wait(2)
    upheld, back = tale.setting.words["object"]["decisions"][:2]
    if decided == "dismissed":
        tale.act(
            tale.head, "decide-objection", upheld=False, text=tale.setting.words["object"]["decisions"][2]
        )
        start_work(tale)
    elif to is not None:
        tale.act(
            tale.head,
            "decide-objection",
            upheld=True,
            to_unit=Unit(to),
            time_limit="20个工作日内",
            text=upheld,
        )
        tale.unit = to
        tale.limit("20个工作日内")
        sign(tale)
        plan(tale)
    else:
        tale.act(tale.head, "decide-objection", upheld=True, text=back)


def _until(tale: Tale, left: int) -> None:
    """Hands over so that ``left`` calendar days remain from today (below 0: that it is late)."""
    due_on: date = tale.setting.today + timedelta(days=left)
    tale.begin_on(tale.back(due_on, tale.rng.randint(18, 26) if left < 4 else tale.rng.randint(24, 30)))
    if tale.day > tale.back(tale.base, 9):
        tale.begin(9)
    spoken = tale.rng.random() < 0.4
    hand_over(
        tale,
        due_on=None if spoken else due_on,
        words=f"{due_on.month}月{due_on.day}日前" if spoken else None,
    )


def _usual(tale: Tale) -> str | None:
    return None if tale.brief.urgency else "20个工作日内"
