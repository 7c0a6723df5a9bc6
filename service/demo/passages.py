"""Passages that many tales have in common: handing over, planning, working, reporting, verifying, striking off."""

from __future__ import annotations

from datetime import date, timedelta

from events.rules.procedures import PRESETS
from events.vocabulary import PetitionerKind, Urgency
from service.demo.tale import Matter, Person, Tale, Unit, dice


def register(tale: Tale, *, parent: str | None = None) -> None:
    """立项."""
    brief = tale.brief
    tale.act(
        tale.clerk,
        "register",
        title=brief.title,
        kind=brief.kind,
        source=brief.source,
        source_no=brief.source_no,
        urgency=brief.urgency,
        problem=brief.problem,
        place=brief.spot,
        object=brief.lead,
        parent=Matter(parent) if parent else None,
        chief_leader=Person("lingdao") if brief.kind == "leader_instruction" else None,
    )
    _note_people(tale)


def _note_people(tale: Tale) -> None:
    """登记来信人 and 被访户, by dice of their own: nobody else's fall otherwise."""
    people, rng = tale.setting.words["people"], dice(f"{tale.key} people")
    for kind in PetitionerKind:
        if tale.brief.source not in people[kind.value] or rng.random() < UNNAMED:
            continue
        for name in rng.sample(people["names"], rng.randint(1, 2)):
            phone = f"1390000{rng.randrange(10_000):04d}" if rng.random() < REACHED else None
            tale.act(tale.clerk, "note-petitioner", name=name, phone=phone, kind=kind.value)


UNNAMED, REACHED = 0.3, 0.7
"""How many matters of such a source say nobody's name; how many of those named left a phone."""


def assign(
    tale: Tale, *, due_on: date | None = None, words: str | None = None, command: str = "assign"
) -> None:
    """交办 to the brief's unit; by ``due_on``, ``words``, or what its kind usually gets."""
    brief = tale.brief
    tale.unit = tale.unit or brief.lead
    preset = PRESETS[brief.kind].preset_limit(Urgency(brief.urgency)) if brief.urgency else None
    if due_on is None and words is None and preset is None:
        words = tale.say("limits", brief.kind)
    if due_on is not None:
        words = None
        tale.due_on = due_on
    else:
        tale.limit(words or preset or "")
    tale.act(
        tale.clerk,
        command,
        lead_unit=Unit(tale.unit),
        co_units=[Unit(unit) for unit in brief.co if unit != tale.unit],
        person=tale.setting.county.place(tale.unit).head,
        quality_requirement=tale.say("assign", "quality"),
        assessment_rule=tale.say("assign", "assessment") if tale.rng.random() < 0.5 else None,
        text=tale.say("assign", "texts") if tale.rng.random() < 0.5 else None,
        due_on=due_on.isoformat() if due_on else None,
        time_limit=words,
    )


def hand_over(tale: Tale, *, due_on: date | None = None, words: str | None = None) -> None:
    """立项, then 交办 on the same or the next working day."""
    register(tale)
    tale.wait(0, 1)
    assign(tale, due_on=due_on, words=words)


def sign(tale: Tale, least: int = 0, most: int = 1) -> None:
    """签收."""
    tale.wait(least, most)
    tale.act(
        tale.liaison,
        "acknowledge",
        text=tale.say("acknowledge", "texts") if tale.rng.random() < 0.4 else None,
    )


def submit_plan(tale: Tale) -> None:
    """报送整改方案 with steps spread over the time that is left."""
    tale.wait(1, 3)
    brief = tale.brief
    until = tale.due_on or tale.on(15)
    share = max((until - tale.day) // len(brief.steps), timedelta(days=1))
    steps = [
        {
            "title": title,
            "due_on": (tale.day + share * number).isoformat(),
            "person": tale.setting.county.place(tale.unit).head,
        }
        for number, title in enumerate(brief.steps, 1)
    ]
    tale.act(tale.liaison, "submit-plan", measures=brief.measures, goal=brief.goal, steps=steps)


def plan(tale: Tale) -> None:
    """报送 and 批准整改方案, where the kind needs one."""
    if PRESETS[tale.brief.kind].needs_plan:
        submit_plan(tale)
        tale.wait(1, 2)
        tale.act(tale.clerk, "approve-plan")


def start_work(tale: Tale) -> None:
    """From the sign-for into the work."""
    sign(tale)
    plan(tale)


def work(tale: Tale, until: date, *, late: bool = False) -> None:
    """报进展 every few days as long as the time lasts."""
    percent, told = 0, 0
    while (coming := tale.on(tale.rng.randint(3, 6))) < until and told < 4:
        tale.wait_until(coming)
        percent = min(95, percent + tale.rng.randint(18, 34))
        texts = tale.brief.progress
        text = texts[min(told, len(texts) - 1)]
        if late and told:
            text = tale.say("progress", "late")
        tale.act(
            tale.liaison,
            "report-progress",
            text=text,
            percent=percent,
            forecast_on=tale.due_on.isoformat() if tale.due_on and tale.due_on > tale.day and told else None,
        )
        if tale.rng.random() < 0.35:
            show(tale, "during")
        told += 1


def show(tale: Tale, moment: str, *, user: str | None = None, kind: str | None = None) -> None:
    """上传佐证: a photograph, or the report a kind asks for."""
    tale.wait(0)
    kind = kind or ("report" if moment == "report" else "photo")
    tale.act(
        user or tale.liaison,
        "attach-evidence",
        kind=kind,
        taken_at=(tale.at - timedelta(minutes=tale.rng.randint(40, 300))).isoformat()
        if kind == "photo"
        else None,
        place=tale.brief.spot if kind == "photo" else None,
        paper=tale.file(str(tale.setting.words["captions"][moment]), kind, tale.brief.done),
    )


def finish(tale: Tale, day: date) -> None:
    """佐证 and 报结 on a day, or as soon after as the tale allows."""
    tale.wait_until(day)
    if "report" in PRESETS[tale.brief.kind].evidence:
        show(tale, "report")
    else:
        show(tale, "before")
    show(tale, "after")
    tale.wait(0)
    tale.act(tale.chief, "report-completion", text=tale.brief.done)


def finish_in_time(tale: Tale) -> None:
    """Works on and reports up to some days before the limit."""
    assert tale.due_on is not None
    due = tale.due_on if tale.setting.calendar.is_working(tale.due_on) else tale.back(tale.due_on, 1)
    day = max(tale.back(due, tale.rng.randint(0, 3)), tale.day)
    work(tale, day)
    finish(tale, day)


def finish_late(tale: Tale, least: int = 1, most: int = 9) -> None:
    """Works on and reports some working days after the limit."""
    assert tale.due_on is not None
    day = tale.setting.calendar.nth_working_day_after(tale.due_on, tale.rng.randint(least, most)).on
    work(tale, day, late=True)
    finish(tale, day)


def send_verifier(tale: Tale, ahead: int = 2) -> str:
    """派人核查; gives the verifier's account."""
    tale.wait(1, 3)
    verifier = tale.sent = tale.verifier
    tale.act(tale.clerk, "schedule-verification", verifier=Person(verifier), on=tale.on(ahead).isoformat())
    return verifier


def verify(tale: Tale) -> None:
    """派人核查 and 核查通过."""
    verifier = send_verifier(tale)
    tale.wait(2)
    if tale.rng.random() < 0.3:
        show(tale, "after", user=verifier, kind="photo")
        tale.wait(0)
    tale.act(verifier, "pass-verification", findings=tale.brief.found)


def strike_off(tale: Tale, grade: str | None = None) -> None:
    """呈报领导 where a leader instructed, then 销号 or 办结."""
    if PRESETS[tale.brief.kind].leader_round:
        tale.wait(0, 1)
        tale.act(tale.clerk, "submit-to-leader", text=tale.say("leader", "submits"))
        tale.wait(1, 2)
        tale.act(tale.leader, "leader-acknowledge", text=tale.say("leader", "acknowledges"))
    tale.wait(1, 2)
    tale.act(
        tale.head, "approve-write-off", grade=grade or tale.rng.choice(("excellent", "good", "good", "pass"))
    )
