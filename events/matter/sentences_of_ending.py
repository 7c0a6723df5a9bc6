"""What the facts of 退回、核查、销号、回头看, of other endings and of the clock say in words."""

from __future__ import annotations

# ruff: noqa: ARG001 - every saying has the same shape, whether or not it names somebody
from collections.abc import Iterator

from events.matter import (
    circulating,
    closing,
    correcting,
    ending,
    leading,
    looking_back,
    pressing,
    reporting,
    verifying,
    withdrawing,
)
from events.matter.words import (
    Names,
    change_words,
    day,
    limit_words,
    moved_words,
    own_text,
    sentence,
)
from events.vocabulary import Stage


def returned(fact: reporting.CompletionReturned | closing.WriteOffRejected, names: Names) -> Iterator[str]:
    """退回."""
    yield sentence(f"理由：{fact.reason}")
    yield from moved_words(fact.from_due_on, fact.limit)


def scheduled(fact: verifying.VerificationScheduled, names: Names) -> Iterator[str]:
    """安排核查."""
    yield f"由{names.person(fact.verifier)}于{day(fact.on)}核查。"


def verification_failed(fact: verifying.VerificationFailed, names: Names) -> Iterator[str]:
    """核查不通过."""
    yield sentence(f"{fact.kind.label}：{fact.findings}")
    yield from moved_words(fact.from_due_on, fact.limit)


def written_off(fact: closing.WriteOffApproved, names: Names) -> Iterator[str]:
    """销号."""
    if fact.grade is not None:
        yield f"办结等级：{fact.grade.label}。"
    yield f"逾期{fact.days_late}日办结。" if fact.closed_late else "按期办结。"
    if fact.look_back_on is not None:
        yield f"{day(fact.look_back_on)}前回头看。"


def reopened(fact: closing.MatterReopened, names: Names) -> Iterator[str]:
    """重开."""
    yield f"由“{names.stage(fact.from_stage)}”回到“{names.stage(fact.stage)}”。"
    yield sentence(f"理由：{fact.reason}")


def look_back_selected(fact: looking_back.LookBackSelected, names: Names) -> Iterator[str]:
    """抽取回头看."""
    yield f"{day(fact.due_on)}前回头看。"


def relapse(fact: looking_back.RelapseFound, names: Names) -> Iterator[str]:
    """反弹."""
    yield sentence(fact.findings)
    yield "已另立关联事项，本件销号记录不变。"


def instructed_again(fact: leading.LeaderInstructedAgain, names: Names) -> Iterator[str]:
    """再次批示."""
    yield sentence(fact.text)
    yield f"第{fact.round}轮，{limit_words(fact.limit)}"


def transferred(fact: ending.MatterTransferred, names: Names) -> Iterator[str]:
    """移交."""
    yield f"{fact.kind.label}{fact.to}。"


def merged(fact: ending.MatterMerged, names: Names) -> Iterator[str]:
    """并案."""
    yield f"并入{fact.into_number}一并办理。"


def absorbed(fact: ending.MatterAbsorbed, names: Names) -> Iterator[str]:
    """并入."""
    yield f"{fact.merged_number}“{fact.merged_title}”并入本件。"


def released(fact: ending.MatterReleased, names: Names) -> Iterator[str]:
    """并案收回."""
    yield f"{fact.merged_number}“{fact.merged_title}”并错了，重新单独办理，不再由本件带办。"


def recalled(fact: withdrawing.AssignmentRecalled, names: Names) -> Iterator[str]:
    """收回交办."""
    yield f"交{names.unit(fact.from_unit)}办理一节收回，回到“{names.stage(Stage.REGISTERED)}”；原交办仍留在记录里。"
    yield sentence(f"理由：{fact.reason}")


def withdrawn(fact: withdrawing.EvidenceWithdrawn, names: Names) -> Iterator[str]:
    """撤回佐证."""
    yield f"{fact.kind.label}“{fact.name}”撤回，不再算佐证；文件仍留在记录里。"
    yield sentence(f"理由：{fact.reason}")


def urged(fact: pressing.MatterUrged, names: Names) -> Iterator[str]:
    """催办."""
    yield f"第{fact.times}次催办。"
    yield from own_text(fact, names)


def due(fact: pressing.DueReminded, names: Names) -> Iterator[str]:
    """到期提醒."""
    left = f"还有{fact.days_left}日" if fact.days_left else "就在今日"
    yield f"期限{day(fact.due_on)}，{left}。"
    yield from passed_words(fact.passed_over)


def overdue(fact: pressing.OverdueReminded, names: Names) -> Iterator[str]:
    """逾期催办."""
    yield f"期限{day(fact.due_on)}已过{fact.days_late}日，未报结。"
    yield from passed_words(fact.passed_over)


def unsigned(fact: pressing.UnsignedReminded, names: Names) -> Iterator[str]:
    """未签收催办."""
    yield f"{day(fact.assigned_on)}交办，第{fact.offset}个工作日仍未签收。"
    yield from passed_words(fact.passed_over)


def extension_ending(fact: pressing.ExtensionReminded, names: Names) -> Iterator[str]:
    """延期将满."""
    yield f"延期后的期限{day(fact.due_on)}将到。"
    yield from passed_words(fact.passed_over)


def verification_overdue(fact: pressing.VerificationReminded, names: Names) -> Iterator[str]:
    """核查超时."""
    yield f"{day(fact.reported_on)}报结，应于{day(fact.verify_due_on)}前核查，尚未作出结论。"
    yield from passed_words(fact.passed_over)


def look_back_due(fact: pressing.LookBackReminded, names: Names) -> Iterator[str]:
    """回头看."""
    yield f"应于{day(fact.look_back_on)}前回头看，尚未完成。"
    yield from passed_words(fact.passed_over)


def passed_words(passed: tuple[pressing.PassedOver, ...]) -> Iterator[str]:
    """Rungs that went by unsaid."""
    if passed:
        yield f"其间未发的提醒：{'、'.join(day(rung.slot) for rung in passed)}。"


def recomputed(fact: pressing.DueDateRecomputed, names: Names) -> Iterator[str]:
    """重算时限."""
    now = fact.limit.due_on
    mark = "，仍为暂定" if fact.limit.provisional else ""
    if now is None or now == fact.from_due_on:
        yield f"放假安排已公布，期限{day(fact.from_due_on)}不变{mark}。"
    else:
        yield f"放假安排已公布，期限由{day(fact.from_due_on)}改为{day(now)}{mark}。"


def named(fact: circulating.MatterNamed, names: Names) -> Iterator[str]:
    """通报."""
    yield f"在《{''.join(fact.title.split())}》（{fact.document_no}）中被通报，属{fact.why.label}。"


def corrected(fact: correcting.FactCorrected, names: Names) -> Iterator[str]:
    """更正."""
    yield f"更正第{fact.position}号记录。"
    yield from change_words(fact.old, fact.new, names)
    yield sentence(f"理由：{fact.reason}")
