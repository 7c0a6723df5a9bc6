"""许可表的下半: 分办、配合、交接 — what fills the office's week beside the plain path."""

from __future__ import annotations

from events.matter import (
    approving,
    desk,
    helping,
    leading,
    linking,
    noting,
    petitioning,
    registering,
    splitting,
    withdrawing,
)
from events.matter.authority import Who
from events.matter.permission import ACKNOWLEDGED, ASSIGNED, RECTIFYING, STAYS, WORKING, in_stages, row
from events.vocabulary import OPEN, Stage

OFFICE, HEAD = Who.OFFICE, Who.OFFICE_HEAD
HELPABLE = in_stages(ASSIGNED) | WORKING
REGISTERED = in_stages(Stage.REGISTERED)
RECALLABLE = in_stages(ASSIGNED, ACKNOWLEDGED, RECTIFYING)
SPLITTABLE = in_stages(Stage.REGISTERED) | HELPABLE

# fmt: off
ROWS = (
    row("split", splitting.SplitMatter, splitting.split, "分办", SPLITTABLE, "rectifying; a part for each unit",
        OFFICE, requires=(approving.nothing_pending,)),
    row("acknowledge-helping", helping.AcknowledgeHelping, helping.acknowledge_helping, "配合签收", HELPABLE, STAYS,
        Who.CO_UNIT, after=helping.assigned_at),
    row("give-opinion", helping.GiveOpinion, helping.give_opinion, "提意见", HELPABLE, STAYS, Who.CO_UNIT,
        after=helping.assigned_at),
    row("ask-opinion", helping.AskOpinion, helping.ask_opinion, "征求意见", HELPABLE, STAYS, Who.UNIT_OFFICE,
        after=helping.assigned_at, requires=(helping.has_co_units,)),
    row("co-sign", helping.CoSign, helping.co_sign, "会签", in_stages(RECTIFYING), STAYS, Who.CO_UNIT,
        requires=(helping.wants_co_signing,)),
    row("hand-over", desk.HandOver, desk.hand_over, "交接", OPEN, STAYS, OFFICE, after=registering.registered_at),
    row("mark-key-case", desk.MarkKeyCase, desk.mark_key_case, "专人督办", OPEN, STAYS, HEAD,
        after=registering.registered_at),
    row("note-petitioner", petitioning.NotePetitioner, petitioning.note_petitioner, "登记来信人", OPEN, STAYS, OFFICE,
        after=registering.registered_at),
    row("erase-petitioner", petitioning.ErasePetitioner, petitioning.erase_petitioner, "销毁来信人",
        frozenset(Stage), STAYS, HEAD, after=registering.registered_at, requires=(petitioning.has_petitioners,),
        grave=True),
    row("approve-registration", approving.ApproveRegistration, approving.approve_registration, "批准立项", REGISTERED,
        STAYS, Who.HEAD_LEADER, requires=(approving.registration_pending,)),
    row("reject-registration", approving.RejectRegistration, approving.reject_registration, "退回立项", REGISTERED,
        STAYS, Who.HEAD_LEADER, requires=(approving.registration_pending,)),
    row("submit-handling-proposal", approving.SubmitHandlingProposal, approving.propose_handling, "报拟办意见",
        REGISTERED, STAYS, OFFICE),
    row("approve-handling-proposal", approving.ApproveHandlingProposal, approving.approve_handling, "批准拟办",
        REGISTERED, STAYS, Who.HEAD_LEADER, requires=(approving.handling_pending,)),
    row("return-handling-proposal", approving.ReturnHandlingProposal, approving.return_handling, "退回拟办",
        REGISTERED, STAYS, Who.HEAD_LEADER, requires=(approving.handling_pending,)),
    row("link", linking.LinkMatter, linking.link, "关联", frozenset(Stage), STAYS, OFFICE,
        after=registering.registered_at),
    row("unlink", linking.UnlinkMatter, linking.unlink, "解除关联", frozenset(Stage), STAYS, OFFICE,
        after=registering.registered_at, requires=(linking.has_links,)),
    row("instruct", leading.InstructMatter, leading.instruct, "批示", OPEN, STAYS, Who.LEADER,
        after=registering.registered_at),
    row("note", noting.WriteNote, noting.note, "写批注", frozenset(Stage), STAYS, Who.OFFICE_LEADER,
        after=registering.registered_at),
    row("recall-assignment", withdrawing.RecallAssignment, withdrawing.recall, "收回交办", RECALLABLE, "registered",
        OFFICE, requires=(withdrawing.nothing_filed,), after=helping.assigned_at),
    row("withdraw-evidence", withdrawing.WithdrawEvidence, withdrawing.withdraw, "撤回佐证", OPEN, STAYS,
        Who.UNIT_VERIFIER_OFFICE, requires=(withdrawing.evidence_stands,), after=registering.registered_at),
)
# fmt: on

ON_A_SPLIT = frozenset(
    {
        "split",
        "attach-evidence",
        "withdraw-evidence",
        "cancel",
        "transfer",
        "hand-over",
        "mark-key-case",
        "correct",
        "note-petitioner",
        "erase-petitioner",
        "link",
        "unlink",
        "note",
    }
)
"""What is done to a matter whose parts are answered for; everything else is done to the parts."""
