"""Letters kept as ``.eml`` files: where no mail server is configured, and always in rehearsal."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from events.delivery.facts import Outcome
from notifications.channels import ChannelDown, Fate, Handed, HandOver
from notifications.messages import Message, Sender, as_mail


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepChannel:
    """Writes each message under ``folder/YYYY/MM/``."""

    folder: Path
    sender: Sender

    @property
    def outcome(self) -> Outcome:
        """Kept, not sent."""
        return Outcome.KEPT

    @asynccontextmanager
    async def open(self) -> AsyncIterator[HandOver]:
        """A round of keeping."""

        async def hand_over(message: Message) -> Handed:
            try:
                await asyncio.to_thread(keep, self.folder, message, self.sender)
            except OSError as error:
                raise ChannelDown(f"信件存不进 {self.folder}：{error.strerror or error}") from error
            return Handed(fate=Fate.ACCEPTED)

        yield hand_over


def path_of(folder: Path, message: Message) -> Path:
    """Where a message is kept: by its day, under its own id."""
    return folder / f"{message.at:%Y}" / f"{message.at:%m}" / f"{message.at:%Y%m%d}-{message.id}.eml"


def keep(folder: Path, message: Message, sender: Sender) -> Path:
    """Writes the message whole or not at all, and onto the disk. Raises OSError."""
    path = path_of(folder, message)
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(".part")
    with half.open("wb") as file:
        file.write(as_mail(message, sender).as_bytes())
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)
    entry = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(entry)
    finally:
        os.close(entry)
    return path
