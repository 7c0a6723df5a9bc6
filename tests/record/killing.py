"""A service that is killed and started again under load: the child, the senders, what they were told."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2

from benchmarks.office import Office
from events.vocabulary import BEIJING

API = "/api/v1"
TOP = Path(__file__).parent.parent.parent
PATIENCE = 120.0
"""Seconds a start, or a command across restarts, may take."""
AFTER_LEASE = timedelta(minutes=16)
"""The clock is put forward by this at each start: past the lease a killed delivery leaves behind."""


def in_office_hours(moment: datetime) -> datetime:
    """The moment, or the next morning where it lies outside the hours in which letters leave."""
    moment = moment.astimezone(BEIJING)
    opens = moment.replace(hour=8, minute=30)
    if moment < opens:
        return opens
    return moment if moment.hour < 19 else opens + timedelta(days=1)


@dataclass(slots=True)
class Service:
    """``duban`` on one folder, by a clock that is in office hours at every start and never goes back."""

    folder: Path
    port: int
    ahead: timedelta = timedelta()
    child: subprocess.Popen[bytes] | None = None

    def forward(self) -> None:
        """Puts the clock past any lease, into office hours."""
        now = datetime.now(UTC)
        self.ahead = in_office_hours(now + self.ahead + AFTER_LEASE) - now

    def run(self, *words: str) -> str:
        """One command to its good end; gives what it printed."""
        done = subprocess.run(
            self._command(words),
            check=False,
            env=self._environment(),
            cwd=TOP,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, f"{words}: {done.returncode} {done.stdout} {done.stderr}"
        return done.stdout

    def start(self) -> None:
        """Serves, and comes back once it answers."""
        self.forward()
        command = self._command(("serve", "--port", str(self.port)))
        with (self.folder / "log").open("ab") as log:
            self.child = subprocess.Popen(command, env=self._environment(), cwd=TOP, stdout=log, stderr=log)
        ends = time.monotonic() + PATIENCE
        while not self._answers():
            assert self.child.poll() is None, (self.folder / "log").read_text(encoding="utf-8")[-3000:]
            assert time.monotonic() < ends, "the service did not answer"
            time.sleep(0.05)

    def kill(self) -> None:
        """kill -9."""
        assert self.child is not None
        self.child.kill()
        self.child.wait()

    def stop(self) -> None:
        """As an operator stops it."""
        if self.child is not None and self.child.poll() is None:
            self.child.terminate()
            self.child.wait(30)

    def _answers(self) -> bool:
        try:
            return httpx2.get(f"http://127.0.0.1:{self.port}/healthz").status_code == 200
        except httpx2.TransportError:
            return False

    def _command(self, words: tuple[str, ...]) -> list[str]:
        return [
            sys.executable,
            "-m",
            "tests.record.by_day",
            *words,
            "--config",
            str(self.folder / "config.toml"),
        ]

    def _environment(self) -> dict[str, str]:
        plain = {name: value for name, value in os.environ.items() if not name.startswith("DUBAN_")}
        return {**plain, "DUBAN_TEST_AHEAD": str(self.ahead.total_seconds())}


@dataclass(slots=True)
class Senders:
    """Who sends, and what each was told: command id → answer."""

    service: Service
    office: Office
    told: dict[str, dict[str, Any]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    """Answers that should not have come."""
    repeated: int = 0
    """Commands that had to be sent more than once."""
    ended: threading.Event = field(default_factory=threading.Event)

    def work(self, seed: int) -> None:
        """One sender: matter after matter until all is over, every command sent again until it is answered."""
        rng = random.Random(seed)
        with httpx2.Client(timeout=10.0) as client:
            while not self.ended.is_set():
                self._life(client, rng)

    def _life(self, client: httpx2.Client, rng: random.Random) -> None:
        title = f"三号河道第{rng.randrange(10**9)}处垃圾堆放"
        fields = {"title": title, "kind": "immediate", "source": "专项督查", "problem": "河道边堆放垃圾"}
        made = self._sent(client, rng, "clerk", "/matters", fields)
        if made is None:
            return
        matter = f"/matters/{made['id']}"
        unit = rng.randrange(len(self.office.units))
        by, lead = self.office.liaison(unit), self.office.units[unit]
        limit = {"lead_unit": lead, "time_limit": "15个工作日内", "quality_requirement": "清运干净，恢复原貌"}
        self._sent(client, rng, "clerk", f"{matter}/assign", limit)
        self._sent(client, rng, by, f"{matter}/acknowledge", {})
        self._sent(client, rng, by, f"{matter}/report-progress", {"text": "已清运一半", "percent": 50})
        self._sent(client, rng, "clerk", f"{matter}/urge", {"text": "请加快进度"})

    def _sent(
        self, client: httpx2.Client, rng: random.Random, by: str, path: str, body: Mapping[str, Any]
    ) -> dict[str, Any] | None:
        """Sends one command under one key until it is answered; None where it was refused."""
        key = f"{rng.getrandbits(80):020x}"
        headers = {"Authorization": f"Bearer {self.office.tokens[by]}", "Idempotency-Key": key}
        url = f"http://127.0.0.1:{self.service.port}{API}{path}"
        ends, tries = time.monotonic() + PATIENCE, 0
        while time.monotonic() < ends:
            tries += 1
            try:
                answer = client.post(url, json=dict(body), headers=headers)
            except httpx2.TransportError:
                time.sleep(0.05)
                continue
            if answer.status_code == 503:
                time.sleep(0.05)
                continue
            self.repeated += tries > 1
            if answer.status_code not in (200, 201):
                self.wrong.append(f"{path}: {answer.status_code} {answer.text}")
                return None
            found: dict[str, Any] = answer.json()
            self.told[f"{by}:{key}"] = found
            return found
        self.wrong.append(f"{path}: no answer within {PATIENCE:.0f} seconds")
        return None
