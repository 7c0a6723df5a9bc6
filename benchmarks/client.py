"""A small HTTP/1.1 client that keeps its connection, so that what is measured is the server."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from typing import Any

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_END = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    body: bytes


class Connection(asyncio.Protocol):
    """One connection; one request at a time."""

    def __init__(self) -> None:
        self._transport: Any = None
        self._waiting: asyncio.Future[Answer] | None = None
        self._come = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """As asyncio calls it."""
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """As asyncio calls it; answers once a whole response is there."""
        self._come += data
        ends = self._come.find(_END)
        if ends < 0:
            return
        length = _LENGTH.search(self._come, 0, ends)
        whole = ends + len(_END) + (int(length.group(1)) if length else 0)
        if len(self._come) < whole or self._waiting is None:
            return
        answer = Answer(int(self._come[9:12]), bytes(self._come[ends + len(_END) : whole]))
        del self._come[:whole]
        waiting, self._waiting = self._waiting, None
        if not waiting.done():
            waiting.set_result(answer)

    def connection_lost(self, exc: Exception | None) -> None:
        """As asyncio calls it."""
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(exc or ConnectionResetError("the server closed the connection"))

    async def ask(self, method: str, path: str, headers: str = "", body: bytes = b"") -> Answer:
        """Sends a request and waits for its answer. ``headers`` are whole lines."""
        assert self._waiting is None
        self._waiting = asyncio.get_running_loop().create_future()
        framed = f"Content-Length: {len(body)}\r\n" if body else ""
        if body and "Content-Type" not in headers:
            framed += "Content-Type: application/json\r\n"
        head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\n{headers}{framed}\r\n"
        self._transport.write(head.encode() + body)
        return await self._waiting

    def close(self) -> None:
        """Ends the connection."""
        if self._transport is not None:
            self._transport.close()


async def connect(port: int) -> Connection:
    """A connection to a server on this machine."""
    _, connection = await asyncio.get_running_loop().create_connection(Connection, "127.0.0.1", port)
    return connection
