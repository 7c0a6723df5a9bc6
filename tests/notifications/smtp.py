"""A real SMTP server on loopback that answers as told, with or without TLS and log-in."""

from __future__ import annotations

import email
import email.policy
import ssl
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "duban", "mima-123"


@dataclass(slots=True)
class Postmaster:
    """What the server does with what it is told; keeps every mail it took."""

    taken: list[EmailMessage] = field(default_factory=list)
    sessions: int = 0
    recipients: dict[str, str] = field(default_factory=dict)
    """Address → answer at RCPT; all others are welcome."""
    sender: str | None = None
    """Answer at MAIL FROM."""
    data: Callable[[], str] = field(default=lambda: "250 taken")
    drops: bool = False
    """Takes the mail and hangs up without an answer."""
    port: int = 0
    trust: ssl.SSLContext | None = None

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.sessions += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.sender is not None:
            return self.sender
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.recipients:
            return self.recipients[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(mail, EmailMessage)
        answer = self.data()
        if answer.startswith("2"):
            mail["X-Envelope-To"] = ",".join(envelope.rcpt_tos)
            self.taken.append(mail)
        if self.drops:
            server.transport.close()
        return answer


def logged_in(server: Any, session: Any, envelope: Any, mechanism: str, said: Any) -> AuthResult:
    """Lets one account in. ``handled=False`` makes the server answer for itself."""
    good = isinstance(said, LoginPassword) and (said.login, said.password) == (
        USER.encode(),
        PASSWORD.encode(),
    )
    return AuthResult(success=good, handled=False)


class OnAnyPort(Controller):
    """A server on whatever port is free; the library's own first call goes to port 0 as asked."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def serving(
    *, certificate: Path | None = None, tls: bool = False, login: bool = False, **as_told: Any
) -> Iterator[Postmaster]:
    """A server on a free port: plain, STARTTLS with a certificate, or TLS from the first byte."""
    master = Postmaster(**as_told)
    context = None
    if certificate is not None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)
        master.trust = ssl.create_default_context(cafile=str(certificate))
    controller = OnAnyPort(
        master,
        hostname="127.0.0.1",
        port=0,
        ssl_context=context if tls else None,
        tls_context=context if not tls else None,
        require_starttls=context is not None and not tls,
        authenticator=logged_in if login else None,
        auth_required=login,
        auth_require_tls=certificate is not None,
        enable_SMTPUTF8=False,
    )
    controller.start()
    try:
        master.port = controller.port
        yield master
    finally:
        controller.stop()


def made_certificate(folder: Path) -> Path:
    """A self-made certificate for 127.0.0.1, key and certificate in one file."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        [
            *(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-days",
                "30",
                "-subj",
                "/CN=localhost",
            ),
            *("-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"),
            *("-keyout", str(key), "-out", str(certificate)),
        ],
        check=True,
        capture_output=True,
    )
    both = folder / "both.pem"
    both.write_text(key.read_text() + certificate.read_text())
    return both
