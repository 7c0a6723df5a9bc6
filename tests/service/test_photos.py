"""What a photo says of its time and place."""

from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.vocabulary import BEIJING
from service.photos import Shot, shot_of
from tests.photographs import jpeg


def written(folder: Path, content: bytes) -> Path:
    path = folder / "photo"
    path.write_bytes(content)
    return path


def test_tells_when_and_where(tmp_path: Path) -> None:
    """照片里记着的拍摄时间和经纬度读得出来。"""
    photo = jpeg(taken="2008:03:18 10:42:05", latitude=(30, 15, 18))
    assert shot_of(written(tmp_path, photo)) == Shot(
        taken_at=datetime(2008, 3, 18, 10, 42, 5, tzinfo=BEIJING), place="北纬 30.25500，东经 104.51000"
    )


def test_tells_the_half_of_the_earth(tmp_path: Path) -> None:
    """南纬写南纬。"""
    assert (
        shot_of(written(tmp_path, jpeg(latitude=(3, 0, 36), south=True))).place
        == "南纬 3.01000，东经 104.51000"
    )


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xd8",
        b"%PDF-1.4",
        jpeg(),
        jpeg(taken="0000:00:00 00:00:00"),
        jpeg(latitude=(0, 0, 0)),
        b"MZ" * 99,
    ],
    ids=["空", "只有开头", "不是照片", "没记", "没对过的相机", "没定到位", "程序"],
)
def test_tells_nothing_it_does_not_know(tmp_path: Path, content: bytes) -> None:
    """没有记的、不是照片的、记坏了的，都当没有。"""
    assert shot_of(written(tmp_path, content)) == Shot()


@given(cut=st.integers(0, 250), spoilt=st.integers(0, 249), byte=st.integers(0, 255))
def test_never_breaks(tmp_path_factory: pytest.TempPathFactory, cut: int, spoilt: int, byte: int) -> None:
    """照片坏在哪里都不出错。"""
    photo = bytearray(jpeg(taken="2008:03:18 10:42:05", latitude=(30, 15, 18)))
    photo[spoilt % len(photo)] = byte
    assert isinstance(shot_of(written(tmp_path_factory.getbasetemp(), bytes(photo[:cut]))), Shot)
    assert isinstance(shot_of(written(tmp_path_factory.getbasetemp(), bytes(photo))), Shot)
