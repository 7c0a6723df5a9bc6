"""Letters kept as files: whole or not at all, in rehearsal and where no server is named."""

from __future__ import annotations

import email
import email.policy
from pathlib import Path

import pytest

from events.delivery.facts import Outcome
from notifications.channels.keep import KeepChannel, keep, path_of
from notifications.messages import Message, Recipient
from notifications.outbox import LetterState
from tests.notifications.making import SENDER, county
from tests.spec.given import MONDAY, World

MESSAGE = Message(
    id="m1",
    to=(Recipient(name="何远舟", address="a@yunxi.example"),),
    subject="【督办通知】三号河道",
    text="青石镇：",
    html="<p>青石镇：</p>",
    at=World().now,
)


class TestKeeping:
    def test_writes_mail_any_program_opens(self, tmp_path: Path) -> None:
        """存下的信是标准邮件，按年月分开放。"""
        path = keep(tmp_path, MESSAGE, SENDER)
        assert path.relative_to(tmp_path).as_posix() == "2026/03/20260302-m1.eml"
        mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        assert mail["Subject"] == "【督办通知】三号河道"

    def test_writes_the_same_letter_over_itself(self, tmp_path: Path) -> None:
        """同一封信存两次还是一份。"""
        first = keep(tmp_path, MESSAGE, SENDER).read_bytes()
        assert keep(tmp_path, MESSAGE, SENDER).read_bytes() == first
        assert len(list(tmp_path.rglob("*"))) == 3

    def test_leaves_nothing_half_written(self, tmp_path: Path) -> None:
        """写到一半失败，不留下半封信。"""
        path_of(tmp_path, MESSAGE).mkdir(parents=True)
        with pytest.raises(OSError):
            keep(tmp_path, MESSAGE, SENDER)
        assert next(tmp_path.rglob("*.eml")).is_dir()

    def test_counts_as_kept(self, database_url: str, tmp_path: Path) -> None:
        """没有邮件服务器，信件存档，标为已存档而不是已送达。"""
        with county(database_url) as yunxi:
            yunxi.server = KeepChannel(folder=tmp_path / "letters", sender=SENDER)  # type: ignore[assignment]
            yunxi.assigned()
            assert yunxi.deliver() == {"kept": 2}
            assert yunxi.deliver() == {}
            assert len(list(tmp_path.rglob("*.eml"))) == 2
            kept = yunxi.letters(states=[LetterState.KEPT])
            assert {x.message_id for x in kept} == {f"<{x.id}@yunxi.example>" for x in kept}

    def test_a_file_in_the_way_loses_nothing(self, database_url: str, tmp_path: Path) -> None:
        """存档的地方被占，信等着；腾出来后同一时刻再投递就存下。"""
        folder = tmp_path / "letters"
        folder.write_text("占着")
        with county(database_url) as yunxi:
            yunxi.server = KeepChannel(folder=folder, sender=SENDER)  # type: ignore[assignment]
            yunxi.assigned()
            assert yunxi.deliver() == {"waiting": 2}
            assert "存不进" in (yunxi.letters(states=[LetterState.WAITING])[0].last_error or "")
            folder.unlink()
            assert yunxi.deliver() == {"kept": 2}

    def test_goes_out_at_any_hour_in_rehearsal(self, database_url: str, tmp_path: Path) -> None:
        """演练不管夜里白天，投递就存。"""
        with county(database_url) as yunxi:
            yunxi.server = KeepChannel(folder=tmp_path / "letters", sender=SENDER)  # type: ignore[assignment]
            assert yunxi.server.outcome is Outcome.KEPT
            yunxi.on(MONDAY).later(hours=14).assigned()
            assert yunxi.now.hour == 23
            assert yunxi.deliver() == {"kept": 2}
            assert yunxi.later(days=1).deliver() == {}
