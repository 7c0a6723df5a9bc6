"""钥匙柜: a key for each person noted, as a file beside the record; without it what is kept of the person is noise.

Keys are in no database and no backup of it. A key destroyed is gone from here at once; whoever copies the folder
answers for the copies.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from events.vocabulary import PetitionerId

FOLDER, PEPPER = "people", "pepper"
NONCE, KEY, BLOCK = 12, 32, 64
"""Bytes; texts are filled up to whole blocks, so that their length tells nothing of the name."""
_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Vault:
    """The keys below one folder, one file each, readable by the service's account alone."""

    folder: Path

    def seal(self, person: PetitionerId, said: Mapping[str, str]) -> str:
        """What is said of a person under the person's key, which is made where there is none. Raises OSError."""
        key = self._key(person) or self._make(self._path(person))
        text = json.dumps(dict(said), ensure_ascii=False, sort_keys=True).encode()
        text += b" " * (-len(text) % BLOCK)
        nonce = secrets.token_bytes(NONCE)
        return base64.b64encode(nonce + AESGCM(key).encrypt(nonce, text, person.encode())).decode()

    def open(self, person: PetitionerId, sealed: str) -> Mapping[str, str] | None:
        """What was said of a person; None where the key is gone or does not fit."""
        key = self._key(person)
        if key is None:
            return None
        try:
            data = base64.b64decode(sealed, validate=True)
            text = AESGCM(key).decrypt(data[:NONCE], data[NONCE:], person.encode())
            said: Mapping[str, str] = json.loads(text)
        except (InvalidTag, ValueError, binascii.Error):
            return None
        return said

    def knows(self, person: PetitionerId) -> bool:
        """Whether a person's key is here."""
        return self._key(person) is not None

    def destroy(self, person: PetitionerId) -> None:
        """Overwrites and removes a person's key; gone already means nothing happens."""
        path = self._path(person)
        if path is None or not path.exists():
            return
        with path.open("r+b") as file:
            file.write(secrets.token_bytes(KEY))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
        _flush(path.parent)

    def keyed(self, data: bytes) -> bytes:
        """A digest nobody can try names against without this folder (for what is kept to know a repeat by)."""
        path = self.folder / FOLDER / PEPPER
        pepper = path.read_bytes() if path.exists() else self._make(path)
        return hmac.new(pepper, data, hashlib.sha256).digest()

    def _key(self, person: PetitionerId) -> bytes | None:
        path = self._path(person)
        try:
            key = path.read_bytes() if path is not None else b""
        except FileNotFoundError:
            return None
        return key if len(key) == KEY else None

    def _path(self, person: PetitionerId) -> Path | None:
        return self.folder / FOLDER / person[-2:] / f"{person}.key" if _ID.fullmatch(person) else None

    def _make(self, path: Path | None) -> bytes:
        if path is None:
            raise ValueError("an id is 32 hexadecimal digits")
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        key = secrets.token_bytes(KEY)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(key)
            file.flush()
            os.fsync(file.fileno())
        _flush(path.parent)
        return key


def _flush(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
