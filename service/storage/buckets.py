"""Evidence files in an S3-compatible store, for services on several hosts without a shared folder."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from events.refusals import Unavailable

TRIES = 3
SECONDS = 10
"""How long one answer of the store is waited for."""
MISSING = frozenset({"404", "NoSuchKey", "NotFound"})


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketSettings:
    """Where the store is; an empty bucket keeps files in the data folder alone."""

    endpoint: str = ""
    bucket: str = ""
    region: str = "us-east-1"
    prefix: str = "files/"
    access_key: str = ""
    secret_key: str = field(default="", repr=False)


class Bucket:
    """One bucket; objects are named by their content's SHA-256 and never change."""

    def __init__(self, settings: BucketSettings) -> None:
        """Raises ImportError where the extra ``s3`` is not installed."""
        import boto3
        from botocore.config import Config

        self._settings = settings
        self._client: Any = boto3.client(
            "s3",
            endpoint_url=settings.endpoint or None,
            region_name=settings.region,
            aws_access_key_id=settings.access_key or None,
            aws_secret_access_key=settings.secret_key or None,
            config=Config(
                retries={"max_attempts": TRIES, "mode": "standard"},
                connect_timeout=SECONDS,
                read_timeout=SECONDS,
                s3={"addressing_style": "path"},
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )

    def put(self, sha256: str, path: Path) -> None:
        """Stores a file. Raises Unavailable where the store does not take it."""
        from boto3.exceptions import Boto3Error
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            self._client.upload_file(str(path), self._settings.bucket, self._key(sha256))
        except (Boto3Error, BotoCoreError, ClientError) as error:
            raise _away("存不进", error) from error

    def get(self, sha256: str, path: Path) -> bool:
        """Brings a file to ``path``; False where the store has none of that name, or other bytes under it.

        Raises Unavailable where the store does not answer.
        """
        from boto3.exceptions import Boto3Error
        from botocore.exceptions import BotoCoreError, ClientError

        path.parent.mkdir(parents=True, exist_ok=True)
        coming = path.with_name(f".coming-{secrets.token_hex(8)}")
        try:
            self._client.download_file(self._settings.bucket, self._key(sha256), str(coming))
            with coming.open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
                    return False
            coming.replace(path)
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") in MISSING:
                return False
            raise _away("取不出", error) from error
        except (Boto3Error, BotoCoreError) as error:
            raise _away("取不出", error) from error
        finally:
            coming.unlink(missing_ok=True)
        return True

    def _key(self, sha256: str) -> str:
        return f"{self._settings.prefix}{sha256}"


def _away(what: str, error: Exception) -> Unavailable:
    return Unavailable(
        f"佐证文件{what}对象存储（{error}）；请稍后再试，仍不行就请运维核对 [s3] 各项和存储服务。",
        code="files-unavailable",
    )
