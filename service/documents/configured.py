"""What ``[documents]`` says, as rendering needs it."""

from __future__ import annotations

from service.documents.jobs import FontSetting, Limits
from service.settings import Settings


def font_setting(settings: Settings) -> FontSetting:
    """Where fonts lie and which are preferred."""
    chosen = settings.documents
    chains = {
        "body": chosen.body_face,
        "title": chosen.title_face,
        "hei": chosen.hei_face,
        "kai": chosen.kai_face,
        "song": chosen.song_face,
    }
    return FontSetting(
        paths=tuple(str((settings.root / path).resolve()) for path in chosen.fonts),
        system=chosen.system_fonts,
        chains=tuple((role, _families(chain)) for role, chain in chains.items()),
    )


def limits(settings: Settings) -> Limits:
    """What one rendering may take."""
    return Limits(seconds=settings.documents.seconds, megabytes=settings.documents.megabytes)


def organ(settings: Settings) -> str:
    """发文机关: who signs."""
    return settings.documents.organ or settings.organization.name


def issuer_mark(settings: Settings) -> str:
    """发文机关标志 of 文件格式."""
    return settings.documents.head or f"{organ(settings)}文件"


def letter_code(settings: Settings) -> str:
    """机关代字 of a 督办函."""
    return settings.documents.letter_code or f"{settings.organization.code}函"


def printed_by(settings: Settings) -> str:
    """印发机关 of the imprint."""
    return settings.documents.printed_by or organ(settings)


def copies_to(settings: Settings) -> tuple[str, ...]:
    """抄送机关 of a 督办函."""
    return tuple(one for one in settings.documents.copies_to.split("、") if one)


def _families(chain: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in chain.split(",") if name.strip())
