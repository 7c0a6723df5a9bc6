"""A small disk of its own for one service: filled, made read-only, emptied, without touching the machine's."""

from __future__ import annotations

import errno
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.faults.serving import TOP
from tests.require import require

CHUNK = b"\0" * 65_536


@dataclass(frozen=True, slots=True)
class SmallDisk:
    """A disk in memory, mounted where only processes started ``under`` it see it."""

    holder: int
    folder: Path

    @property
    def under(self) -> Sequence[str]:
        """Put before a command that is to see it."""
        inside = ("nsenter", "-t", f"{self.holder}", "-U", "-m", "--preserve-credentials")
        return (*inside, "env", f"--chdir={TOP}")

    @property
    def seen(self) -> Path:
        """The mounted folder, from outside."""
        return Path(f"/proc/{self.holder}/root{self.folder}")

    def fill(self) -> None:
        """Until not a byte more goes on it."""
        with (self.seen / "filler").open("ab", buffering=0) as file:
            try:
                while file.write(CHUNK):
                    pass
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise

    def clear(self) -> None:
        """Room again."""
        (self.seen / "filler").unlink()

    def remount(self, how: str) -> None:
        """``ro`` or ``rw``; for ``ro`` nobody may have a file open for writing."""
        subprocess.run([*self.under, "mount", "-o", f"remount,{how}", f"{self.folder}"], check=True)

    def take_out(self) -> None:
        """Everything on it to the real folder below."""
        for stale in self.folder.iterdir():  # the folder itself holds the disk
            if stale.is_dir():
                shutil.rmtree(stale)
            else:
                stale.unlink()
        shutil.copytree(self.seen, self.folder, dirs_exist_ok=True)


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[SmallDisk]:
    """A disk mounted over a folder, with what was in it; skips where the machine allows no namespaces."""
    say = (
        'cp -a "$1" "$1.seed" && mount -t tmpfs -o "size=$2m" none "$1" && cp -a "$1.seed/." "$1"'
        " && echo mounted && exec sleep 100000"
    )
    command = ["unshare", "-rm", "sh", "-c", say, "sh", f"{folder}", f"{megabytes}"]
    try:
        holder = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    except FileNotFoundError:
        require("磁盘满与只读", "没有 unshare（util-linux）")
    assert holder.stdout is not None
    try:
        if holder.stdout.readline().strip() != "mounted":
            require("磁盘满与只读", "这台机器不让建命名空间（unshare -rm）")
        yield SmallDisk(holder.pid, folder)
    finally:
        holder.kill()
        holder.wait()
        holder.stdout.close()
