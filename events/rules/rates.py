"""口径: what every rate and every figure of a 通报 counts, each rule with an id, a version and a statement.

A rule that counts otherwise than before is a new version beside the old one; what was computed under a version says so
and is recomputed under it for ever.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from events.refusals import NotFound
from events.vocabulary import Labelled

SIGNED_WITHIN_WORKING_DAYS = 1
"""签收及时: by the end of so many working days after the assignment (contract: Rates)."""


class Counted(Labelled):
    """What a matter can be counted as; its label says which matters these are.

    Unless said otherwise: of the matters first assigned in the span asked, without the cancelled, merged and
    transferred. A matter that was split is counted by its parts, which have units, limits and ends of their own. A
    condition never changes: a new meaning is a new member.
    """

    ALL = "all", "起止日内首次交办的事项，撤销、并案、移交的不计，分办的数各分件"
    CLOSED = "closed", "其中已销号（办结）的，重开的不算"
    CLOSED_ON_TIME = "closed_on_time", "其中已销号，且最后一次报结不晚于当时期限的"
    SIGNED_IN_TIME = "signed_in_time", "其中在交办后第一个工作日内签收的"
    VERIFIED = "verified", "其中核查通过的"
    HANDLED = "handled", "其中报过方案或进展的"
    RELAPSED = "relapsed", "其中销号后又反弹的"
    EXTENDED = "extended", "其中批准过延期的"
    SUPPORTED = "supported", "其中请示求助过的"
    SUPPORTED_IN_TIME = "supported_in_time", "其中请示求助过，督查室没有迟答复、当天也没有超期未答的"
    RECEIVED = "received", "本期立项的事项；分办的数各分件，不数总件"
    RECEIVED_ASSIGNED = "received_assigned", "本期立项、已经交办过的事项；分办的数各分件，不数总件"
    NEWLY_ASSIGNED = "newly_assigned", "本期首次交办的事项，撤销、并案、移交的不计，分办的数各分件"
    CLOSED_IN_PERIOD = "closed_in_period", "本期销号（办结）的事项，不论哪一期交办；分办的数各分件"
    CLOSED_IN_PERIOD_ON_TIME = (
        "closed_in_period_on_time",
        "本期销号，且最后一次报结不晚于当时期限的事项；分办的数各分件",
    )
    OPEN = "open", "当天在办的事项：交办过，还没有销号、移交、并案或撤销"
    OVERDUE = "overdue", "当天逾期的事项：责任单位还没有报结，期限在当天以前"


IN_PERIOD = frozenset(
    {
        Counted.RECEIVED,
        Counted.RECEIVED_ASSIGNED,
        Counted.NEWLY_ASSIGNED,
        Counted.CLOSED_IN_PERIOD,
        Counted.CLOSED_IN_PERIOD_ON_TIME,
    }
)
"""Counted by something that happened in the period asked."""
ON_THE_DAY = frozenset({Counted.OPEN, Counted.OVERDUE})
"""Counted as they stand on the day, whenever they began."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountingRule:
    """One version of a rule: the matters of ``numerator`` among those of ``denominator``."""

    id: str
    version: int
    label: str
    statement: str
    """The rule in one sentence, as people are told it."""
    numerator: Counted
    denominator: Counted | None = None
    """None: a plain count."""


RULES: tuple[CountingRule, ...] = (
    CountingRule(
        id="closing_rate",
        version=1,
        label="办结率",
        statement="已办结（销号）的 ÷ 起止日内首次交办的；撤销、并案、移交的不计，重开的按未办结算。",
        numerator=Counted.CLOSED,
        denominator=Counted.ALL,
    ),
    CountingRule(
        id="on_time_closing_rate",
        version=1,
        label="按期办结率",
        statement="已办结且最后一次报结不晚于当时期限的 ÷ 已办结的；批准的延期算在期限内。",
        numerator=Counted.CLOSED_ON_TIME,
        denominator=Counted.CLOSED,
    ),
    CountingRule(
        id="receipt_rate",
        version=1,
        label="签收率",
        statement="交办后第一个工作日内签收的 ÷ 起止日内首次交办的；改派的按现在的牵头单位算。",
        numerator=Counted.SIGNED_IN_TIME,
        denominator=Counted.ALL,
    ),
    CountingRule(
        id="rectification_rate",
        version=1,
        label="整改率",
        statement="核查通过的 ÷ 起止日内首次交办的。",
        numerator=Counted.VERIFIED,
        denominator=Counted.ALL,
    ),
    CountingRule(
        id="write_off_rate",
        version=1,
        label="销号率",
        statement="已销号的 ÷ 起止日内首次交办的。",
        numerator=Counted.CLOSED,
        denominator=Counted.ALL,
    ),
    CountingRule(
        id="handling_rate",
        version=1,
        label="处理率",
        statement="报过方案或进展的 ÷ 起止日内首次交办的。",
        numerator=Counted.HANDLED,
        denominator=Counted.ALL,
    ),
    CountingRule(
        id="conclusion_rate",
        version=1,
        label="结案率",
        statement="已结案（销号、办结）的 ÷ 起止日内首次交办的。",
        numerator=Counted.CLOSED,
        denominator=Counted.ALL,
    ),
    CountingRule(
        id="relapse_rate",
        version=1,
        label="反弹率",
        statement="销号后又反弹的 ÷ 曾经销号的；低为好。",
        numerator=Counted.RELAPSED,
        denominator=Counted.CLOSED,
    ),
    CountingRule(
        id="extension_rate",
        version=1,
        label="延期率",
        statement="批准过延期的 ÷ 起止日内首次交办的；低为好。",
        numerator=Counted.EXTENDED,
        denominator=Counted.ALL,
    ),
    CountingRule(
        id="support_answer_rate",
        version=1,
        label="求助答复及时率",
        statement="请示求助过、督查室都按时答复或还没到期的 ÷ 起止日内首次交办、请示求助过的；考的是督查室。",
        numerator=Counted.SUPPORTED_IN_TIME,
        denominator=Counted.SUPPORTED,
    ),
    CountingRule(
        id="received",
        version=1,
        label="立项",
        statement="本期立项登记的事项数，不论后来怎样。",
        numerator=Counted.RECEIVED,
    ),
    CountingRule(
        id="assignment_rate",
        version=1,
        label="交办率",
        statement="本期立项、已经交办过的 ÷ 本期立项的。",
        numerator=Counted.RECEIVED_ASSIGNED,
        denominator=Counted.RECEIVED,
    ),
    CountingRule(
        id="newly_assigned",
        version=1,
        label="新交办",
        statement="本期首次交办的事项数；撤销、并案、移交的不计。",
        numerator=Counted.NEWLY_ASSIGNED,
    ),
    CountingRule(
        id="period_on_time_rate",
        version=1,
        label="本期办结及时率",
        statement="本期办结且最后一次报结不晚于当时期限的 ÷ 本期办结的，不论哪一期交办。",
        numerator=Counted.CLOSED_IN_PERIOD_ON_TIME,
        denominator=Counted.CLOSED_IN_PERIOD,
    ),
    CountingRule(
        id="closed_in_period",
        version=1,
        label="本期办结",
        statement="本期办结（销号）的事项数，不论哪一期交办；重开的不算。",
        numerator=Counted.CLOSED_IN_PERIOD,
    ),
    CountingRule(
        id="open",
        version=1,
        label="在办",
        statement="当天在办的事项数：交办过，还没有销号、移交、并案或撤销。",
        numerator=Counted.OPEN,
    ),
    CountingRule(
        id="overdue_rate",
        version=1,
        label="逾期率",
        statement="当天逾期的 ÷ 当天在办的；已报结待核查的、中止的不算逾期，申请中的延期不改期限；低为好。",
        numerator=Counted.OVERDUE,
        denominator=Counted.OPEN,
    ),
    CountingRule(
        id="overdue",
        version=1,
        label="逾期",
        statement="当天逾期的事项数：责任单位还没有报结，期限在当天以前。",
        numerator=Counted.OVERDUE,
    ),
)
"""Every version of every rule, in the order shown."""

RATES = (
    "closing_rate",
    "on_time_closing_rate",
    "receipt_rate",
    "rectification_rate",
    "write_off_rate",
    "handling_rate",
    "conclusion_rate",
    "relapse_rate",
)
"""Those asked by a span of first assignment alone (domain C.5); 满意率 joins once satisfaction is recorded."""


def current(rule_id: str, rules: Iterable[CountingRule] = RULES) -> CountingRule:
    """The newest version of a rule. Raises NotFound."""
    found = [rule for rule in rules if rule.id == rule_id]
    if not found:
        known = "、".join(dict.fromkeys(rule.id for rule in RULES))
        raise NotFound(f"没有 {rule_id[:40]} 这项口径；有的是 {known}。")
    return max(found, key=lambda rule: rule.version)


def at_version(rule_id: str, version: int, rules: Iterable[CountingRule] = RULES) -> CountingRule:
    """One version of a rule, as an old bulletin names it. Raises NotFound."""
    for rule in rules:
        if (rule.id, rule.version) == (rule_id, version):
            return rule
    raise NotFound(f"没有口径 {rule_id[:40]} 第 {version} 版；口径只增不删，请用当时或更新的程序来看。")


def share(numerator: int, denominator: int | None) -> Decimal | None:
    """Per cent, half-up to one decimal; None where nothing was to be counted."""
    if not denominator:
        return None
    return (Decimal(100 * numerator) / Decimal(denominator)).quantize(ONE_DECIMAL, rounding=ROUND_HALF_UP)


ONE_DECIMAL = Decimal("0.1")
