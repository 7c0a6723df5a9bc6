"""Ways to spoil a record through SQL or in the pages of its file; each says where the first break must be found."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from events.record.store import COLUMNS
from tests.record.forging import tamper

NAMES = COLUMNS.split(", ")
BYTES = {"body", "body_digest", "hash"}
NULLABLE = {"unit", "role", "on_behalf_of", "basis", "causation_id", "body"}

Spoiling = Callable[[sqlite3.Connection, random.Random], int]


def flip(connection: sqlite3.Connection, rng: random.Random) -> int:
    """One value of one row becomes another, by a bit, a character, a number, a kind or nothing at all."""
    place = _any(connection, rng)
    while True:
        name = rng.choice(NAMES)
        [old] = connection.execute(f"SELECT {name} FROM events WHERE position = ?", (place,)).fetchone()
        try:
            connection.execute(
                f"UPDATE events SET {name} = ? WHERE position = ?", (_other(name, old, rng), place)
            )
        except sqlite3.IntegrityError:
            continue
        row = connection.execute(f"SELECT {name} FROM events WHERE position = ?", (place,)).fetchone()
        if row is None or row[0] != old or type(row[0]) is not type(old):
            return place


def drop(connection: sqlite3.Connection, rng: random.Random) -> int:
    """One row goes, or several in a row."""
    place = _any(connection, rng)
    connection.execute(
        "DELETE FROM events WHERE position BETWEEN ? AND ?", (place, place + rng.choice((0, 0, 3)))
    )
    return place


def swap(connection: sqlite3.Connection, rng: random.Random) -> int:
    """Two rows change places."""
    first, second = sorted(rng.sample(_places(connection), 2))
    for old, new in ((first, -1), (second, first), (-1, second)):
        connection.execute("UPDATE events SET position = ? WHERE position = ?", (new, old))
    return first


def insert(connection: sqlite3.Connection, rng: random.Random) -> int:
    """A row is put in between, made like another one."""
    place, like = _any(connection, rng), _any(connection, rng)
    row = list(connection.execute(f"SELECT {COLUMNS} FROM events WHERE position = ?", (like,)).fetchone())
    connection.execute("UPDATE events SET position = -position - 1 WHERE position >= ?", (place,))
    connection.execute("UPDATE events SET position = -position WHERE position < 0")
    row[0], row[2] = place, row[2] + 1_000
    marks = ", ".join("?" for _ in row)
    connection.execute(f"INSERT INTO events ({COLUMNS}) VALUES ({marks})", row)
    return place


def truncate(connection: sqlite3.Connection, rng: random.Random) -> int:
    """The tail goes."""
    place = _any(connection, rng)
    connection.execute("DELETE FROM events WHERE position >= ?", (place,))
    return place


def overwrite(connection: sqlite3.Connection, rng: random.Random) -> int:
    """The content of one row is put over that of another of its kind."""
    places = _places(connection)
    while True:
        place, other = rng.sample(places, 2)
        kept = connection.execute(
            "SELECT body FROM events WHERE position IN (?, ?)", (place, other)
        ).fetchall()
        if kept[0] != kept[1]:
            break
    connection.execute(
        "UPDATE events SET (body, body_digest) = (SELECT body, body_digest FROM events o WHERE o.position = ?)"
        " WHERE position = ?",
        (other, place),
    )
    return place


BY_SQL: tuple[Spoiling, ...] = (flip, flip, flip, drop, swap, insert, truncate, overwrite)


def by_sql(file: Path, rng: random.Random) -> int:
    """Spoils a record in one of these ways; gives the first position that is wrong then."""
    with closing(sqlite3.connect(file)) as connection, connection:
        return rng.choice(BY_SQL)(connection, rng)


def rebuilt(file: Path, rng: random.Random, sealed_to: int) -> int:
    """A sealed fact is changed or the sealed tail cut, and the whole chain linked anew."""
    place = rng.randint(2, sealed_to)
    sql = rng.choice(
        (
            "UPDATE events SET actor = actor || 'x' WHERE position = ?",
            "UPDATE events SET recorded_at = recorded_at + 1 WHERE position = ?",
            "DELETE FROM events WHERE position >= ?",
        )
    )
    tamper(f"sqlite:///{file}", sql, place, rechain=True)
    return place


def in_a_page(file: Path, rng: random.Random) -> None:
    """Flips one bit somewhere in the file."""
    content = bytearray(file.read_bytes())
    content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
    file.write_bytes(content)


def _places(connection: sqlite3.Connection) -> list[int]:
    return [row[0] for row in connection.execute("SELECT position FROM events ORDER BY position")]


def _any(connection: sqlite3.Connection, rng: random.Random) -> int:
    return rng.choice(_places(connection))


def _other(name: str, old: Any, rng: random.Random) -> Any:
    if name in NULLABLE and rng.random() < 0.2:
        return None if old is not None else "别的"
    if isinstance(old, bytes):
        if rng.random() < 0.2:
            return rng.choice((old[:-1], old + b"\x00", old.decode("latin-1")))
        flipped = bytearray(old)
        flipped[rng.randrange(len(old))] ^= 1 << rng.randrange(8)
        return bytes(flipped)
    if isinstance(old, int):
        return rng.choice((old + rng.choice((-1, 1, 100)), f"{old}x", float(old) + 0.5))
    text = old or ""
    return rng.choice((text + " ", text[:-1] or "别", text.swapcase() + "x", text.encode() or b"x"))
