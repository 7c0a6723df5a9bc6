"""The keys of ``[documents]``."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentSettings:
    """How papers are headed and set; chains of font families are preferences, in order, commas between."""

    organ: str = ""
    head: str = ""
    letter_code: str = ""
    printed_by: str = ""
    copies_to: str = ""
    fonts: tuple[str, ...] = ()
    system_fonts: bool = True
    body_face: str = "仿宋_GB2312,FangSong,仿宋,STFangsong,FandolFang R"
    title_face: str = "方正小标宋简体,FZXiaoBiaoSong-B05S,Noto Serif CJK SC"
    hei_face: str = "黑体,SimHei,STHeiti,Noto Sans CJK SC"
    kai_face: str = "楷体_GB2312,KaiTi,楷体,STKaiti,FandolKai"
    song_face: str = "宋体,SimSun,STSong"
    templates: str = ""
    seconds: int = 30
    megabytes: int = 1500
