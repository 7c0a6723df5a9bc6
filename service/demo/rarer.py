"""Tales of a rarer kind: a matter with others below it, a unit that acts on paper only, a unit that is closed."""

from __future__ import annotations

from service.demo.passages import assign, finish, hand_over, register, start_work, strike_off, verify, work
from service.demo.tale import Tale, Unit


def above(tale: Tale) -> None:
    """A matter with others below it."""
    tale.begin(24)
    hand_over(tale, words="两个月内")
    start_work(tale)


def below(tale: Tale, *, parent: str, closed: bool) -> None:
    """A matter that belongs to another one."""
    tale.begin(20)
    register(tale, parent=parent)
    tale.wait(0)
    assign(tale, words="15个工作日内" if closed else "30个工作日内")
    start_work(tale)
    if closed:
        finish(tale, tale.back(tale.base, 8))
        verify(tale)
        strike_off(tale)
    else:
        work(tale, tale.base)


def by_paper(tale: Tale) -> None:
    """A unit without accounts: the office enters its papers (代录)."""
    tale.begin(9)
    hand_over(tale, words="七日内")
    unit, words = Unit(tale.unit), tale.setting.words["paper"]
    tale.wait(1)
    tale.act(tale.clerk, "acknowledge", on_behalf_of=unit, text=words["behalf"])
    tale.wait(3)
    photo = tale.file(str(tale.setting.words["captions"]["after"]), "photo", tale.brief.done)
    tale.act(
        tale.clerk, "attach-evidence", kind="photo", on_behalf_of=unit, text=words["report"], paper=photo
    )
    tale.wait(0)
    paper = tale.file(str(tale.setting.words["captions"]["report"]), "document", tale.brief.done)
    text = f"{tale.brief.done}（{words['report']}）"
    tale.act(tale.clerk, "report-completion", text=text, on_behalf_of=unit, paper=paper)


def successor(tale: Tale, *, to: str) -> None:
    """The unit is closed while it works; the matter is handed to the one that took over, on the same terms."""
    tale.begin(CLOSED_AGO + 12)
    hand_over(tale, words="两个月内")
    start_work(tale)
    tale.wait_until(tale.back(tale.base, CLOSED_AGO - 3))
    tale.unit = to
    assign(tale, due_on=tale.due_on, command="reassign")
    start_work(tale)
    work(tale, tale.base)


CLOSED_AGO = 30
"""How many working days before the last one the unit in ``successor`` was closed."""
