"""People at work while parts die: each sends a command again, as it was, until it is answered."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2

from benchmarks.office import Office
from tests.faults.serving import PATIENCE

API = "/api/v1"
SENDERS = 4


@dataclass(slots=True)
class Senders:
    """Who sends, to any of some ports, and what each was told: command id → answer."""

    office: Office
    ports: Sequence[int]
    told: dict[str, dict[str, Any]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    """Answers that should not have come."""
    repeated: int = 0
    """Commands that had to be sent more than once."""
    ended: threading.Event = field(default_factory=threading.Event)
    broken_off: threading.Event = field(default_factory=threading.Event)
    """Set where a test failed: nobody waits for an answer any more."""

    @contextmanager
    def at_work(self, many: int = SENDERS) -> Iterator[None]:
        """While the block runs."""
        chance = random.SystemRandom()
        threads = [threading.Thread(target=self._work, args=(chance.getrandbits(64),)) for _ in range(many)]
        for thread in threads:
            thread.start()
        try:
            yield
        except BaseException:
            self.broken_off.set()
            raise
        finally:
            self.ended.set()
            for thread in threads:
                thread.join()
            self.ended.clear()

    def wait_for(self, more: int) -> None:
        """Until so many further commands were answered."""
        goal, ends = len(self.told) + more, time.monotonic() + PATIENCE
        while len(self.told) < goal:
            assert time.monotonic() < ends, f"no answers: {self.wrong[-3:]}"
            assert not self.wrong, self.wrong[:3]
            time.sleep(0.02)

    def send(self, by: str, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """One command by an account, until it is answered."""
        with httpx2.Client(timeout=10.0) as client:
            found = self._sent(client, random.Random(), by, path, body)
        assert found is not None, self.wrong
        return found

    def _work(self, seed: int) -> None:
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
        ends, tries = time.monotonic() + PATIENCE, 0
        while time.monotonic() < ends and not self.broken_off.is_set():
            tries += 1
            url = f"http://127.0.0.1:{rng.choice(self.ports)}{API}{path}"
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
