"""Fonts on this machine: which family serves which part of a document, and who draws a rare character.

Runs in the rendering process. What is preferred comes first in a chain; the two families of the font package end
every chain, so that a bare machine sets any common text.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pylopdf_fonts_zh_cn
import typst

from service.documents.cmap import Coverage, Unreadable, coverage
from service.documents.jobs import FontSetting

SERIF, SANS = "Noto Serif SC", "Noto Sans SC"
"""The families of the font package."""
SANS_FIRST = "hei"
"""The role that wants a face without serifs."""
BOLD_FROM = 600
BOLD_MARKS = ("小标宋",)
"""Families that are heavy by design."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Faces:
    """The families by role for one document, and what became of characters they do not have."""

    families: Mapping[str, tuple[str, ...]]
    stroked: tuple[str, ...]
    """Roles whose first family has no bold cut, so that weight is given by a stroke."""
    borrowed: Mapping[str, str]
    """Character → family outside the chains that draws it."""
    missing: frozenset[str]
    """Characters no font has."""
    version: str


class FontShelf:
    """All fonts at hand; scanned once per process, read when asked for."""

    def __init__(self, setting: FontSetting) -> None:
        self.setting = setting
        package = Path(pylopdf_fonts_zh_cn.__file__).parent
        folders = [package, *(_folder(path) for path in setting.paths)]
        self.fonts = typst.Fonts(
            include_system_fonts=setting.system,
            include_embedded_fonts=False,
            font_paths=list(map(str, folders)),
        )
        self._by_family: dict[str, list[typst.FontInfo]] = {}
        for info in self.fonts.fonts():
            self._by_family.setdefault(info.family, []).append(info)
        self._coverage: dict[str, Coverage] = {}
        self._digests: dict[str, str] = {}

    def faces(self, characters: Iterable[str]) -> Faces:
        """The families to set these characters with."""
        chains = {role: self._chain(role, wished) for role, wished in self.setting.chains}
        borrowed, missing = self._lacking(characters)
        tail = tuple(dict.fromkeys(borrowed.values()))
        families = {role: (*chain, *tail) for role, chain in chains.items()}
        return Faces(
            families=families,
            stroked=tuple(role for role, chain in families.items() if not self._has_bold(chain[0])),
            borrowed=borrowed,
            missing=missing,
            version=self._version(families.values()),
        )

    def _chain(self, role: str, wished: Sequence[str]) -> tuple[str, ...]:
        package = (SANS, SERIF) if role == SANS_FIRST else (SERIF, SANS)
        return tuple(name for name in dict.fromkeys((*wished, *package)) if name in self._by_family)

    def _has_bold(self, family: str) -> bool:
        heavy = any(info.weight >= BOLD_FROM for info in self._by_family[family])
        return heavy or any(mark in family for mark in BOLD_MARKS)

    def _lacking(self, characters: Iterable[str]) -> tuple[dict[str, str], frozenset[str]]:
        borrowed: dict[str, str] = {}
        missing: set[str] = set()
        for character in sorted(set(characters)):
            if any(self._covers(family, character) for family in (SERIF, SANS)):
                continue
            found = next((name for name in self._likely_first() if self._covers(name, character)), None)
            if found is None:
                missing.add(character)
            else:
                borrowed[character] = found
        return borrowed, frozenset(missing)

    def _likely_first(self) -> list[str]:
        """Families in the order a reader of 公文 would rather see a borrowed character from."""
        return sorted(
            self._by_family,
            key=lambda name: ("Mono" in name, "Serif" not in name, not name.endswith("SC"), name),
        )

    def _covers(self, family: str, character: str) -> bool:
        if family not in self._coverage:
            self._coverage[family] = self._read(family)
        return self._coverage[family].covers(character)

    def _read(self, family: str) -> Coverage:
        info = self._by_family[family][0]
        try:
            return coverage(Path(str(info.path)), info.index)
        except Unreadable:
            # One damaged file among a machine's fonts must not stop a document that never needed it.
            return Coverage(starts=(), ends=())

    def _version(self, chains: Iterable[tuple[str, ...]]) -> str:
        """Every file that may have drawn something, by name and the start of its SHA-256."""
        names = sorted({name for chain in chains for name in chain})
        paths = {str(info.path) for name in names for info in self._by_family[name]}
        return " ".join(f"{Path(path).name}:{self._digest(path)}" for path in sorted(paths))

    def _digest(self, path: str) -> str:
        if path not in self._digests:
            with Path(path).open("rb") as file:
                self._digests[path] = hashlib.file_digest(file, "sha256").hexdigest()[:16]
        return self._digests[path]


def _folder(path: str) -> Path:
    """typst looks into folders; a single file brings its folder along."""
    found = Path(path)
    return found if found.is_dir() else found.parent
