"""What is said between the service and its exporting process: which rows, read with which names, into which file."""

from __future__ import annotations

from dataclasses import dataclass

from projections.asking import Asked
from service.exchange.columns import KeptNames


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One workbook of the register."""

    file: str
    """Path of the file to be written."""
    title: str
    asked: Asked
    """The view; its position is given, so that every row is of one state of the record."""
    order: str
    """Name of the order the rows stand in."""
    columns: tuple[str, ...]
    names: KeptNames
    about: tuple[tuple[str, str], ...]
    """What the second sheet says of the first: term and words."""
    foot: str
    """Printed on every page beside its number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A workbook was written, with so many rows."""

    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TooMany:
    """More rows than a sheet holds; nothing was written."""
