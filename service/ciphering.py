"""Backups nobody can read who only finds them: sealed to a public key, opened with the key kept elsewhere.

A file key is agreed on by X25519 with a pair made for this one backup and stretched by HKDF-SHA-256; the content goes
in blocks of 1 MiB by AES-256-GCM, each under its number and whether it is the last, so that none can be left out,
moved or cut off without being noticed.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from events.refusals import Conflict, Invalid

MAGIC = b"duban-backup-1\n"
PUBLIC, BLOCK, TAG, NUMBER = 32, 2**20, 16, 11
"""Bytes of a public key, of a block in clear, of its tag, of its number."""
SUFFIX = ".pub"


def make_pair(secret: Path) -> Path:
    """A new key pair: the secret half into a new file, the public half beside it; gives where the latter is.

    Raises Conflict where there is a file already.
    """
    pair = X25519PrivateKey.generate()
    try:
        handle = os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Conflict(f"{secret} 已经有了；换一个文件名。", code="has-key") from None
    with os.fdopen(handle, "wb") as file:
        file.write(pair.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    public = secret.with_name(secret.name + SUFFIX)
    public.write_text(pair.public_key().public_bytes_raw().hex() + "\n", encoding="ascii")
    return public


def is_sealed(file: Path) -> bool:
    """Whether a file is a sealed backup."""
    with file.open("rb") as opened:
        return opened.read(len(MAGIC)) == MAGIC


def seal(source: Path, target: Path, public: Path) -> None:
    """Writes ``source`` sealed to a public key. Raises Invalid for what is no key."""
    try:
        recipient = bytes.fromhex(public.read_text(encoding="ascii").strip())
        to = X25519PublicKey.from_public_bytes(recipient)
    except (ValueError, UnicodeDecodeError) as error:
        raise Invalid(
            f"{public} 不是备份公钥；用 duban backup-key 生成一对，这里给 .pub 那一个。", code="bad-key"
        ) from error
    once = X25519PrivateKey.generate()
    mine = once.public_key().public_bytes_raw()
    cipher = AESGCM(_file_key(once.exchange(to), mine, recipient))
    with source.open("rb") as plain, target.open("wb") as sealed:
        sealed.write(MAGIC + mine)
        number, block = 0, plain.read(BLOCK)
        while True:
            following = plain.read(BLOCK)
            sealed.write(cipher.encrypt(_nonce(number, last=not following), block, MAGIC))
            if not following:
                break
            number, block = number + 1, following
        sealed.flush()
        os.fsync(sealed.fileno())


def unseal(source: Path, target: Path, secret: Path) -> None:
    """Writes what was sealed. Raises Invalid for another key, or where one bit is not as it was."""
    try:
        key = load_pem_private_key(secret.read_bytes(), password=None)
    except ValueError as error:
        raise Invalid(
            f"{secret} 不是备份私钥；换用 duban backup-key 生成的那一个。", code="bad-key"
        ) from error
    if not isinstance(key, X25519PrivateKey):
        raise Invalid(f"{secret} 不是备份私钥；换用 duban backup-key 生成的那一个。", code="bad-key")
    with source.open("rb") as sealed, target.open("wb") as plain:
        sealed.seek(len(MAGIC))
        theirs = sealed.read(PUBLIC)
        try:
            shared = key.exchange(X25519PublicKey.from_public_bytes(theirs))
            mine = key.public_key().public_bytes_raw()
            _unseal_blocks(AESGCM(_file_key(shared, theirs, mine)), sealed, plain)
        except (InvalidTag, ValueError) as error:
            raise Invalid(
                f"{source} 用 {secret} 打不开：不是封给这把钥匙的，或备份已残缺；换钥匙或换一份备份。",
                code="bad-backup",
            ) from error


def _unseal_blocks(cipher: AESGCM, sealed: BinaryIO, plain: BinaryIO) -> None:
    number, block = 0, sealed.read(BLOCK + TAG)
    while True:
        following = sealed.read(BLOCK + TAG)
        plain.write(cipher.decrypt(_nonce(number, last=not following), block, MAGIC))
        if not following:
            return
        number, block = number + 1, following


def _file_key(shared: bytes, once: bytes, recipient: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=once + recipient, info=MAGIC).derive(shared)


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(NUMBER) + bytes([last])
