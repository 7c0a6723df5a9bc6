"""恢复: a record that goes on from a backup says what is lost, holds its letters, continues its numbers."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

from tests.service.given import moment
from tests.service.programs import CONFIG, did, duban, said_no


def restored(folder: Path, *more: str) -> tuple[Path, str]:
    """A backup from before the last seal, restored elsewhere with the seals kept outside at hand."""
    did(duban(folder, "backup", "out.tar"))
    did(duban(folder, "tick", "--at", moment("2008-04-20")))
    other = folder / "other"
    other.mkdir()
    (other / "config.toml").write_text(CONFIG, encoding="utf-8")
    for kept_apart in ("seals", "keys"):
        shutil.copytree(folder / "var" / kept_apart, other / "var" / kept_apart)
    return other, did(duban(other, "restore", str(folder / "out.tar"), *more))


class TestRestoring:
    def test_says_what_is_lost_and_holds_the_letters(self, copied: Callable[[], Path]) -> None:
        """恢复时说出丢了多少、编到几号；信件停着，放行才送；放行一次就够。"""
        other, told = restored(copied())
        assert "至少丢了" in told
        assert "duban letters release" in told
        did(duban(other, "tick", "--at", moment("2008-04-20")))
        held = json.loads(did(duban(other, "deliver", "--at", moment("2008-04-21"))))
        assert held == {"held": held["held"]}
        assert held["held"] > 0
        assert any("放行" in alarm for alarm in json.loads(did(duban(other, "status")))["alarms"])
        did(duban(other, "letters", "release"))
        said_no(duban(other, "letters", "release"))
        assert json.loads(did(duban(other, "deliver", "--at", moment("2008-04-21"))))["waiting"] == 0

    def test_continues_numbers_after_those_given_out(self, copied: Callable[[], Path]) -> None:
        """恢复前编到更大的号：续号后不重号；往回、离谱、不认识的序列都退回。"""
        other, _ = restored(copied())
        series, last = did(duban(other, "numbers", "list")).splitlines()[0].split("\t")
        did(duban(other, "numbers", "raise", series, "158"))
        assert f"{series}\t158" in did(duban(other, "numbers", "list"))
        for wrong in (last, "158", "99999999"):
            said_no(duban(other, "numbers", "raise", series, wrong))
        said_no(duban(other, "numbers", "raise", "nothing", "5"))
        did(duban(other, "verify"))
        [lost] = list((other / "var/seals").glob("lost-after-*/*.seal"))
        assert "曾由备份恢复" in said_no(duban(other, "verify", "--seal", str(lost)), code=1)

    def test_is_refused_against_a_seal_of_another_record(self, copied: Callable[[], Path]) -> None:
        """拿别的记录的封存来对：说清楚是另一部。"""
        folder = copied()
        foreign = next((folder / "var/seals").glob("*.seal"))
        text = foreign.read_text(encoding="ascii").splitlines()
        record = next(line for line in text if line.startswith("record "))
        other_record = f"record {'0' * 64}"
        stranger = folder / "stranger.seal"
        stranger.write_text(
            "\n".join(other_record if line == record else line for line in text), encoding="ascii"
        )
        did(duban(folder, "backup", "out.tar"))
        empty = folder / "empty"
        empty.mkdir()
        (empty / "config.toml").write_text(CONFIG, encoding="utf-8")
        refused = duban(empty, "restore", str(folder / "out.tar"), "--seal", str(stranger))
        assert refused.returncode == 2
        assert "另一部记录" in refused.stderr
