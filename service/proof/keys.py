"""The key pair seals are signed with: a file beside the record, never in the database nor in a backup."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from events.refusals import Conflict, Unavailable

FILE = "seal.pem"


@dataclass(frozen=True, slots=True, kw_only=True)
class SealKey:
    """A key pair (Ed25519)."""

    private: Ed25519PrivateKey

    @property
    def public(self) -> str:
        """The public half, 64 hexadecimal digits."""
        return self.private.public_key().public_bytes_raw().hex()

    @property
    def id(self) -> str:
        """The first 16 digits of the SHA-256 of the public half."""
        return key_id(self.public)

    def sign(self, data: bytes) -> str:
        """The signature, 128 hexadecimal digits."""
        return self.private.sign(data).hex()


def key_id(public: str) -> str:
    """How a key is named in a seal."""
    return hashlib.sha256(bytes.fromhex(public)).hexdigest()[:16]


def signed_by(public: str, data: bytes, signature: str) -> bool:
    """Whether a signature over bytes is that of a key's."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(bytes.fromhex(signature), data)
    except (InvalidSignature, ValueError):
        return False
    return True


def make_key(folder: Path) -> SealKey:
    """A new key pair in a folder that has none, readable by the service's account alone. Raises Conflict."""
    path = folder / FILE
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    private = Ed25519PrivateKey.generate()
    content = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Conflict(f"{path} 已有封存钥匙；要换新的，先运行 duban key --renew。", code="has-key") from None
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return SealKey(private=private)


def read_key(folder: Path) -> SealKey:
    """The key pair of a folder. Raises Unavailable that says what to do where there is none to be used."""
    path = folder / FILE
    try:
        private = load_pem_private_key(path.read_bytes(), password=None)
    except FileNotFoundError:
        raise Unavailable(
            f"没有封存钥匙 {path}，封存停着；从备份放回它，原件已失就运行 duban key --renew。",
            code="no-seal-key",
        ) from None
    except (OSError, ValueError) as error:
        raise Unavailable(
            f"封存钥匙 {path} 读不出：{error}；从备份放回完好的一份。", code="bad-seal-key"
        ) from error
    if not isinstance(private, Ed25519PrivateKey):
        raise Unavailable(f"{path} 不是 Ed25519 私钥；从备份放回原来的一份。", code="bad-seal-key")
    return SealKey(private=private)


def put_aside(folder: Path) -> Path | None:
    """Renames the key pair in use after its id, so that a new one can be made; None where there is none."""
    path = folder / FILE
    if not path.exists():
        return None
    try:
        name = read_key(folder).id
    except Unavailable:
        name = hashlib.sha256(path.read_bytes()).hexdigest()[:16] + "-spoilt"
    aside = folder / f"seal-{name}.pem"
    path.replace(aside)
    return aside
