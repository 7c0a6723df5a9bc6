"""Statements written once as SQLAlchemy Core, compiled once per engine, run on the driver's own connection.

The append path runs thousands of small statements a second; compiling and result processing would cost a factor
(record.md §3.2). Everything stored is text, whole numbers or bytes, so both drivers take and give the same values.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Table, bindparam, delete, func, insert, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql import ClauseElement

Engine = Literal["sqlite", "postgresql"]
Row = tuple[Any, ...]

_DIALECTS: dict[Engine, Any] = {
    "sqlite": sqlite.dialect(paramstyle="qmark"),
    "postgresql": postgresql.dialect(paramstyle="format"),  # type: ignore[no-untyped-call]
}


class Statement:
    """One statement for both engines; ``names`` is the order in which its parameters are given."""

    def __init__(self, build: Callable[[Engine], ClauseElement]) -> None:
        self._build = build
        self._compiled: dict[Engine, tuple[str, tuple[str, ...]]] = {}

    def compiled(self, engine: Engine) -> tuple[str, tuple[str, ...]]:
        """Text and parameter order for one engine, compiled at first use."""
        found = self._compiled.get(engine)
        if found is None:
            built = self._build(engine).compile(dialect=_DIALECTS[engine])
            found = (str(built), tuple(getattr(built, "positiontup", None) or ()))
            self._compiled[engine] = found
        return found


def _in_list(engine: Engine, column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    if engine == "sqlite":
        values = func.json_each(bindparam(name)).table_valued("value")
        return column.in_(select(values.c.value))
    return column == func.any(bindparam(name, type_=postgresql.ARRAY(column.type)))


def insert_rows(table: Table) -> Statement:
    """INSERT of whole rows, values in column order."""
    return Statement(lambda _: insert(table).values({c.name: bindparam(c.name) for c in table.columns}))


def upsert_rows(table: Table) -> Statement:
    """INSERT of whole rows in column order; an existing row with the same primary key is replaced."""

    def build(engine: Engine) -> ClauseElement:
        make = sqlite.insert if engine == "sqlite" else postgresql.insert
        statement = make(table).values({c.name: bindparam(c.name) for c in table.columns})
        keys = list(table.primary_key.columns)
        rest = {c.name: statement.excluded[c.name] for c in table.columns if c not in keys}
        return statement.on_conflict_do_update(index_elements=keys, set_=rest)

    return Statement(build)


def insert_missing(table: Table) -> Statement:
    """INSERT of whole rows in column order; a row whose key is there already is left as it is."""

    def build(engine: Engine) -> ClauseElement:
        make = sqlite.insert if engine == "sqlite" else postgresql.insert
        statement = make(table).values({c.name: bindparam(c.name) for c in table.columns})
        return statement.on_conflict_do_nothing()

    return Statement(build)


def add_to_rows(table: Table, counter: str) -> Statement:
    """INSERT of whole rows in column order; where the key exists, ``counter`` grows by the given value."""

    def build(engine: Engine) -> ClauseElement:
        make = sqlite.insert if engine == "sqlite" else postgresql.insert
        statement = make(table).values({c.name: bindparam(c.name) for c in table.columns})
        grown = {counter: table.c[counter] + statement.excluded[counter]}
        return statement.on_conflict_do_update(index_elements=list(table.primary_key.columns), set_=grown)

    return Statement(build)


def set_where(table: Table, values: Sequence[str], keys: Sequence[str]) -> Statement:
    """UPDATE of ``values`` where ``keys`` equal; parameters: first the values, then the keys."""

    def build(_: Engine) -> ClauseElement:
        statement = update(table).values({name: bindparam(f"v_{name}") for name in values})
        for key in keys:
            statement = statement.where(table.c[key] == bindparam(f"k_{key}"))
        return statement

    return Statement(build)


def delete_where(table: Table, keys: Sequence[str]) -> Statement:
    """DELETE where ``keys`` equal."""

    def build(_: Engine) -> ClauseElement:
        statement = delete(table)
        for key in keys:
            statement = statement.where(table.c[key] == bindparam(key))
        return statement

    return Statement(build)


def rows_in(table: Table, columns: Sequence[str], key: str) -> Statement:
    """SELECT of ``columns`` whose ``key`` is in a list; run with ``Driver.rows_in``."""
    return Statement(
        lambda engine: select(*(table.c[name] for name in columns)).where(
            _in_list(engine, table.c[key], "list")
        )
    )


def delete_in(table: Table, key: str) -> Statement:
    """DELETE of rows whose ``key`` is in a list; run with ``Driver.change_in``."""
    return Statement(lambda engine: delete(table).where(_in_list(engine, table.c[key], "list")))


class _Written(Statement):
    """SQL written by hand; no parameter names."""

    def __init__(self, texts: dict[Engine, str]) -> None:
        super().__init__(lambda engine: text(texts[engine]))
        self._compiled = {engine: (written, ()) for engine, written in texts.items()}


def plain_text(sqlite_text: str, postgresql_text: str | None = None) -> Statement:
    """SQL written by hand, ``?`` for parameters; PostgreSQL's text only where it must differ."""
    other = sqlite_text if postgresql_text is None else postgresql_text
    return _Written({"sqlite": sqlite_text, "postgresql": other.replace("?", "%s")})


class Question:
    """A SELECT whose parameters have names: compiled once per engine, asked many times with other values.

    Building and compiling one takes some milliseconds, asking it some hundredths of one.
    """

    __slots__ = ("_compiled", "_statement")

    def __init__(self, statement: ClauseElement) -> None:
        self._statement = statement
        self._compiled: dict[Engine, tuple[Statement, tuple[str, ...], dict[str, Any]]] = {}

    def ask(self, driver: Driver, values: Mapping[str, Any]) -> list[Row]:
        """All rows. ``values`` may hold more than is named; constants of the statement need not be given.

        A list is one parameter: JSON to SQLite, an array to PostgreSQL.
        """
        found = self._compiled.get(driver.engine)
        if found is None:
            built = self._statement.compile(dialect=_DIALECTS[driver.engine])
            names = tuple(getattr(built, "positiontup", None) or ())
            constants = {name: value for name, value in built.params.items() if value is not None}
            found = self._compiled[driver.engine] = (_Written({driver.engine: str(built)}), names, constants)
        statement, names, constants = found
        known = {**constants, **values}
        return driver.rows(statement, tuple([_whole(driver, known[name]) for name in names]))


def _whole(driver: Driver, value: Any) -> Any:
    return driver.whole(value) if type(value) is list else value


def driver_of(connection: Connection) -> Driver:
    """A reading connection as a driver, for questions asked too often for anything dearer."""
    kind: Engine = "sqlite" if connection.dialect.name == "sqlite" else "postgresql"
    return Driver(kind, connection.connection.driver_connection)


class Driver:
    """A driver's connection and the few ways statements are run on it. Whoever made it commits."""

    __slots__ = ("_cursor", "connection", "engine")

    def __init__(self, engine: Engine, connection: Any) -> None:
        self.engine: Engine = engine
        self.connection = connection
        self._cursor = connection.cursor()

    def run(self, statement: Statement, rows: Sequence[Row]) -> None:
        """Executes once per row; nothing for no rows."""
        if rows:
            self._cursor.executemany(statement.compiled(self.engine)[0], rows)

    def copy_in(self, table: Table, rows: Sequence[Row]) -> None:
        """Writes many whole rows, values in column order, the fastest way the engine has."""
        if self.engine == "sqlite":
            self.run(insert_rows(table), rows)
            return
        with self._cursor.copy(f"COPY {table.name} ({', '.join(table.columns.keys())}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    def change(self, statement: Statement, parameters: Row = ()) -> int:
        """Executes once and gives the number of rows touched."""
        self._cursor.execute(statement.compiled(self.engine)[0], parameters)
        return int(self._cursor.rowcount)

    def rows(self, statement: Statement, parameters: Row = ()) -> list[Row]:
        """All rows of a query."""
        self._cursor.execute(statement.compiled(self.engine)[0], parameters)
        found: list[Row] = self._cursor.fetchall()
        return found

    def rows_in(self, statement: Statement, values: Sequence[Any]) -> list[Row]:
        """All rows of a ``rows_in`` query for a list of values; no query for an empty list."""
        return self.rows(statement, (self.whole(values),)) if values else []

    def change_in(self, statement: Statement, values: Sequence[Any]) -> int:
        """Runs a ``delete_in`` for a list of values."""
        return self.change(statement, (self.whole(values),)) if values else 0

    def whole(self, values: Sequence[Any]) -> Any:
        """A list as one parameter."""
        return json.dumps(list(values)) if self.engine == "sqlite" else list(values)

    def say(self, sql: str) -> None:
        """Executes a bare command such as BEGIN or COMMIT."""
        self._cursor.execute(sql)
