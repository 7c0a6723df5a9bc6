"""The peer of the HTTP benchmark: a FastAPI route that appends one bare row durably, and nothing else."""

from __future__ import annotations

import sqlite3
import sys
from typing import Any

import uvicorn
from fastapi import FastAPI, Request


def make_app(file: str) -> FastAPI:
    """The application on an SQLite file."""
    connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("CREATE TABLE rows (id INTEGER PRIMARY KEY, body BLOB NOT NULL)")
    app = FastAPI()

    @app.post("/rows", status_code=201)
    async def append(request: Request) -> dict[str, Any]:
        """One row, one commit."""
        body = await request.body()
        written = connection.execute("INSERT INTO rows (body) VALUES (?)", (body,))
        return {"id": written.lastrowid}

    return app


if __name__ == "__main__":
    uvicorn.run(
        make_app(sys.argv[1]), host="127.0.0.1", port=int(sys.argv[2]), log_level="warning", access_log=False
    )
