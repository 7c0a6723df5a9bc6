"""Files that came with a form which was not taken: kept for a while for whoever sent them, until the form is right."""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from events.vocabulary import UserName
from service.files import FileStore, StoredFile

KEPT_FOR = timedelta(days=3)
_TOKEN = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedFile:
    """A stored file that waits; ``token`` is what its sender names it by."""

    token: str
    stored: StoredFile
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Staging:
    """Slips below one folder that say whose a waiting file is; the files themselves lie in the store."""

    folder: Path

    def put(self, user: UserName, stored: StoredFile, name: str, at: datetime) -> StagedFile:
        """Keeps a stored file for a user; those kept for long enough are forgotten. ``at`` is the machine's moment."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._forget_before(at - KEPT_FOR)
        token = secrets.token_hex(16)
        slip = {"user": user, "name": name, "stored": asdict(stored)}
        (self.folder / token).write_text(json.dumps(slip), encoding="utf-8")
        return StagedFile(token=token, stored=stored, name=name)

    def of(self, user: UserName, token: str) -> StagedFile | None:
        """What a user left under a token; None where it is gone, or was somebody else's."""
        path = self._path(token)
        try:
            slip = json.loads(path.read_text(encoding="utf-8")) if path else {}
        except (FileNotFoundError, ValueError):
            return None
        if not slip or slip["user"] != user:
            return None
        return StagedFile(token=token, stored=StoredFile(**slip["stored"]), name=slip["name"])

    def drop(self, token: str) -> None:
        """Forgets a token, once its file is in the record or was replaced."""
        if (path := self._path(token)) is not None:
            path.unlink(missing_ok=True)

    def _path(self, token: str) -> Path | None:
        return self.folder / token if _TOKEN.fullmatch(token) else None

    def _forget_before(self, moment: datetime) -> None:
        for slip in self.folder.iterdir():
            if slip.stat().st_mtime < moment.timestamp():
                slip.unlink(missing_ok=True)


def staging_beside(files: FileStore) -> Staging:
    """The slips beside a store of files, shared by every process that shares it."""
    return Staging(folder=files.folder.parent / "staged")
