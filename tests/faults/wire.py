"""A wire between two programs that a test can cut, at whatever is said over it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

CHUNK = 65_536
LAST_WORDS = 2.0
"""Seconds a server gets to answer what was said last, before it too is hung up on."""


@dataclass(slots=True)
class Wire:
    """Forwards connections from ``port`` to another one until told otherwise."""

    to: int
    port: int = 0
    cuts: int = 0
    """How often it was cut."""
    cut_after: Callable[[bytes], bool] | None = None
    """Asked of everything a client says: true forwards it, and cuts before any answer comes back."""
    _listening: socket.socket = field(default_factory=socket.socket)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def serve(self) -> None:
        """Takes connections until closed."""
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(("127.0.0.1", self.to), timeout=30)
            except OSError:
                _hang_up(client)
                continue
            threading.Thread(target=self._upstream, args=(client, server), daemon=True).start()

    def _upstream(self, client: socket.socket, server: socket.socket) -> None:
        cut = threading.Event()
        back = threading.Thread(target=self._downstream, args=(server, client, cut), daemon=True)
        back.start()
        with suppress(OSError):
            while said := client.recv(CHUNK):
                if self._to_be_cut(said):
                    cut.set()
                    server.sendall(said)
                    _hang_up(client)
                    back.join(LAST_WORDS)
                    break
                server.sendall(said)
        _hang_up(client, server)

    def _to_be_cut(self, said: bytes) -> bool:
        with self._lock:
            if self.cut_after is None or not self.cut_after(said):
                return False
            self.cut_after = None
            self.cuts += 1
            return True

    def _downstream(self, server: socket.socket, client: socket.socket, cut: threading.Event) -> None:
        with suppress(OSError):
            while said := server.recv(CHUNK):
                if cut.is_set():
                    return
                client.sendall(said)
        if not cut.is_set():
            _hang_up(client)


def _hang_up(*ends: socket.socket) -> None:
    for end in ends:
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()


@contextmanager
def wire(to: int) -> Iterator[Wire]:
    """A wire to a port of this machine."""
    made = Wire(to=to)
    made._listening.bind(("127.0.0.1", 0))
    made._listening.listen(64)
    made.port = made._listening.getsockname()[1]
    thread = threading.Thread(target=made.serve, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made._listening.shutdown(socket.SHUT_RDWR)
        made._listening.close()
        thread.join(10)
