"""Evidence in a store several hosts share: every host finds every file, and a changed one is not believed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from events.refusals import Unavailable
from service.files import FileStore
from service.storage.buckets import Bucket, BucketSettings
from tests.conftest import free_port
from tests.service.opened import Furnished

CONTENT = "整改后的河道照片".encode()


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def s3(endpoint: str, request: pytest.FixtureRequest) -> BucketSettings:
    """An empty bucket of this test alone."""
    made = settings(endpoint, f"duban-{abs(hash(request.node.name))}")
    client(made).create_bucket(Bucket=made.bucket)
    return made


def settings(endpoint: str, bucket: str) -> BucketSettings:
    return BucketSettings(endpoint=endpoint, bucket=bucket, access_key="duban", secret_key="duban-secret")


def client(of: BucketSettings) -> Any:
    return boto3.client(
        "s3",
        endpoint_url=of.endpoint,
        region_name=of.region,
        aws_access_key_id=of.access_key,
        aws_secret_access_key=of.secret_key,
    )


def host(folder: Path, s3: BucketSettings) -> FileStore:
    return FileStore(folder=folder, max_bytes=1_000_000, remote=Bucket(s3))


class TestSharedFiles:
    def test_are_found_from_every_host(self, tmp_path: Path, s3: BucketSettings) -> None:
        """一台主机收下的佐证，另一台取得到，字节不差；第二次不用再取。"""
        here, there = host(tmp_path / "here", s3), host(tmp_path / "there", s3)
        kept = here.keep([CONTENT])
        assert there.path(kept.sha256).read_bytes() == CONTENT
        client(s3).delete_object(Bucket=s3.bucket, Key=f"files/{kept.sha256}")
        assert there.path(kept.sha256).read_bytes() == CONTENT
        assert not host(tmp_path / "third", s3).path(kept.sha256).exists()

    def test_that_were_changed_are_not_believed(self, tmp_path: Path, s3: BucketSettings) -> None:
        """桶里的字节被换过：不取来用，也不留半点在本机。"""
        digest = hashlib.sha256(CONTENT).hexdigest()
        client(s3).put_object(Bucket=s3.bucket, Key=f"files/{digest}", Body=b"other")
        there = host(tmp_path / "there", s3)
        assert not there.path(digest).exists()
        assert [path for path in (tmp_path / "there").rglob("*") if path.is_file()] == []

    def test_are_not_taken_while_the_store_is_away(self, tmp_path: Path) -> None:
        """存储服务不在：收件和取件都说清楚，不假装存下。"""
        away = host(tmp_path / "here", settings(f"http://127.0.0.1:{free_port()}", "duban"))
        with pytest.raises(Unavailable, match="存不进"):
            away.keep([CONTENT])
        assert [path for path in (tmp_path / "here").rglob("*") if path.is_file()] == []
        with pytest.raises(Unavailable, match="取不出"):
            away.path(hashlib.sha256(CONTENT).hexdigest())

    def test_show_through_another_node(
        self, an_opened_office: Furnished, tmp_path: Path, s3: BucketSettings
    ) -> None:
        """经接口传上的佐证进了桶；数据目录里没有了也下载得到，核对附件照样通过。"""
        section = {name: getattr(s3, name) for name in s3.__dataclass_fields__}
        with an_opened_office.copy(tmp_path, s3=section) as office:
            office.at("2008-03-03").rectifying(due_on="2008-03-20")
            office.attach()
            assert office.runtime is not None
            local = [path for path in (tmp_path / "var/files").rglob("*") if path.is_file()]
            assert len(local) == 1
            content = local[0].read_bytes()
            local[0].unlink()
            (piece,) = office.look()["evidence"]
            assert office.get(f"/evidence/{piece['id']}", by="liaison").content == content
