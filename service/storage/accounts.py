"""Passwords, log-ins and bearer tokens. Only digests are stored; a table read by a thief opens nothing."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import bindparam, case, delete, insert, select, update

from events.record.connections import Database
from events.record.moments import to_micros
from events.record.sql import plain_text
from events.refusals import Invalid, NotAuthenticated, Refusal
from events.vocabulary import UserName
from service.storage.tables import accounts, preferences, sessions, tokens

SHORTEST_PASSWORD = 10
FAILURES_BEFORE_LOCK = 5
LOCKED_FOR = timedelta(minutes=10)
A_MOMENT = 0.1
"""Seconds, as the directory's: a program sends many commands with one token."""
MOST_SEEN = 1_000

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_hashing = threading.BoundedSemaphore(2)
"""Two at a time: hashing is heavy on purpose and must not become a way to stop the service."""
_NOBODY = _hasher.hash(secrets.token_hex(16))


class Locked(Refusal):
    """Too many wrong passwords; the account rests for a while (429)."""

    code = "locked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One log-in.

    ``moment`` is the rehearsal moment chosen in the banner, microseconds; ``as_of`` the past moment looked at;
    ``keys`` says whether single keys do something;
    ``must_change`` says that the password is one somebody else gave, good for nothing but changing it.
    """

    key: bytes
    user: UserName
    csrf: str
    moment: int | None
    as_of: str | None
    large_type: bool = False
    high_contrast: bool = False
    keys: bool = True
    must_change: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """The secrets of users. Every method is one short transaction."""

    database: Database
    idle: timedelta
    longest: timedelta
    tokens_seen: dict[bytes, tuple[float, UserName]] = field(default_factory=dict)
    """Digest → when it was last looked up, and whose token it is: only for a moment, and only here."""

    def set_password(self, user: UserName, password: str, at: datetime, *, must_change: bool = False) -> None:
        """Stores a password's hash and ends the user's sessions. Raises Invalid for a weak one."""
        check_password(password, user)
        with _hashing:
            digest = _hasher.hash(password)
        row = {
            "password_hash": digest,
            "must_change": int(must_change),
            "failures": 0,
            "locked_until": None,
            "changed_at": to_micros(at),
        }
        with self.database.writing.connect() as connection, connection.begin():
            found = connection.execute(update(accounts).where(accounts.c.user_name == user).values(**row))
            if found.rowcount == 0:
                connection.execute(insert(accounts).values(user_name=user, **row))
            connection.execute(delete(sessions).where(sessions.c.user_name == user))

    def check(self, user: UserName, password: str, at: datetime) -> None:
        """Whether the password is right. Raises NotAuthenticated, or Locked after too many wrong ones."""
        with self.database.reading.connect() as connection:
            row = connection.execute(select(accounts).where(accounts.c.user_name == user)).one_or_none()
        if row is not None and row.locked_until is not None and row.locked_until > to_micros(at):
            raise Locked("密码连续输错，这个账号先停用 10 分钟；过后再试，忘了密码就请系统管理员重置。")
        with _hashing:
            right = _matches(row.password_hash if row else _NOBODY, password)
        if row is None or not right:
            if row is not None:
                self._count_failure(user, at)
            raise NotAuthenticated("账号或密码不对；看看大小写和输入法，再输一次。", code="wrong-password")
        if row.failures:
            with self.database.writing.connect() as connection, connection.begin():
                reset = {"failures": 0, "locked_until": None}
                connection.execute(update(accounts).where(accounts.c.user_name == user).values(**reset))

    def _count_failure(self, user: UserName, at: datetime) -> None:
        """Counted by the database in one statement, so that tries on several nodes at once are all counted."""
        enough = accounts.c.failures + 1 >= FAILURES_BEFORE_LOCK
        counted = {
            "failures": case((enough, 0), else_=accounts.c.failures + 1),
            "locked_until": case((enough, to_micros(at + LOCKED_FOR)), else_=accounts.c.locked_until),
        }
        with self.database.writing.connect() as connection, connection.begin():
            connection.execute(update(accounts).where(accounts.c.user_name == user).values(**counted))

    def log_in(self, user: UserName, at: datetime) -> str:
        """Opens a session; gives the secret that goes into the cookie."""
        secret = secrets.token_urlsafe(32)
        moment = to_micros(at)
        with self.database.writing.connect() as connection, connection.begin():
            connection.execute(
                insert(sessions).values(
                    token_hash=_digest(secret),
                    user_name=user,
                    csrf=secrets.token_urlsafe(24),
                    created_at=moment,
                    seen_at=moment,
                    moment=None,
                    as_of=None,
                )
            )
        return secret

    def session(self, secret: str, at: datetime, *, seen: bool = True) -> Session | None:
        """The live session of a cookie; None when unknown, idle too long or too old.

        Notes that it was ``seen``; not where a page asks by itself, or nobody would ever be idle.
        """
        key, now = _digest(secret), to_micros(at)
        with self.database.reading.connect() as connection:
            row = connection.execute(_SESSION, {"key": key}).one_or_none()
        if row is None:
            return None
        if now - row.seen_at > self.idle / _TICK or now - row.created_at > self.longest / _TICK:
            self.log_out(key)
            return None
        if seen and now - row.seen_at > _MINUTE:
            with self.database.writing.connect() as connection, connection.begin():
                connection.execute(update(sessions).where(sessions.c.token_hash == key).values(seen_at=now))
        return Session(
            key=key,
            user=UserName(row.user_name),
            csrf=row.csrf,
            moment=row.moment,
            as_of=row.as_of,
            large_type=bool(row.large_type),
            high_contrast=bool(row.high_contrast),
            keys=row.single_keys is None or bool(row.single_keys),
            must_change=bool(row.must_change),
        )

    def choose(self, session: Session, **values: int | str | None) -> None:
        """Keeps a choice in the session: ``moment``, ``as_of``."""
        with self.database.writing.connect() as connection, connection.begin():
            connection.execute(update(sessions).where(sessions.c.token_hash == session.key).values(**values))

    def prefer(self, user: UserName, *, large_type: bool, high_contrast: bool, keys: bool) -> None:
        """Keeps how somebody likes the pages, wherever he logs in."""
        liked = {"large_type": int(large_type), "high_contrast": int(high_contrast), "single_keys": int(keys)}
        with self.database.writing.connect() as connection, connection.begin():
            mine = preferences.c.user_name == user
            if connection.execute(update(preferences).where(mine).values(**liked)).rowcount == 0:
                connection.execute(insert(preferences).values(user_name=user, **liked))

    def log_out(self, key: bytes) -> None:
        """Ends one session."""
        with self.database.writing.connect() as connection, connection.begin():
            connection.execute(delete(sessions).where(sessions.c.token_hash == key))

    def end_everything(self, user: UserName) -> None:
        """Ends all sessions and tokens of a user (disabled, left)."""
        with self.database.writing.connect() as connection, connection.begin():
            connection.execute(delete(sessions).where(sessions.c.user_name == user))
            connection.execute(delete(tokens).where(tokens.c.user_name == user))
        self.tokens_seen.clear()

    def make_token(self, user: UserName, at: datetime) -> str:
        """A new bearer token; shown once, only its digest is kept."""
        secret = "duban_" + secrets.token_urlsafe(32)
        with self.database.writing.connect() as connection, connection.begin():
            connection.execute(
                insert(tokens).values(token_hash=_digest(secret), user_name=user, created_at=to_micros(at))
            )
        return secret

    def token_user(self, secret: str) -> UserName | None:
        """Whose bearer token this is. One that another process has ended since may pass for a moment longer."""
        digest, now = _digest(secret), time.monotonic()
        seen = self.tokens_seen.get(digest)
        if seen is not None and now - seen[0] < A_MOMENT:
            return seen[1]
        with self.database.reader() as driver:
            found = driver.rows(_TOKEN, (digest,))
        if not found:
            return None
        if len(self.tokens_seen) >= MOST_SEEN:
            self.tokens_seen.clear()
        user = UserName(found[0][0])
        self.tokens_seen[digest] = (now, user)
        return user


_TICK = timedelta(microseconds=1)
_SESSION = (
    select(
        sessions,
        accounts.c.must_change,
        preferences.c.large_type,
        preferences.c.high_contrast,
        preferences.c.single_keys,
    )
    .outerjoin(accounts, accounts.c.user_name == sessions.c.user_name)
    .outerjoin(preferences, preferences.c.user_name == sessions.c.user_name)
    .where(sessions.c.token_hash == bindparam("key"))
)
_TOKEN = plain_text("SELECT user_name FROM tokens WHERE token_hash = ?")
_MINUTE = 60_000_000


def one_time_password() -> str:
    """A password for the first log-in, without letters that look alike."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))


def check_password(password: str, user: str) -> None:
    """Raises Invalid for a password that is too short, too long, or contains the account's name."""
    if len(password) < SHORTEST_PASSWORD or len(password) > 200:
        raise Invalid(f"密码要 {SHORTEST_PASSWORD} 到 200 个字符；换一个长一些的。", code="weak-password")
    if user.lower() in password.lower() or len(set(password)) < 4:
        raise Invalid("密码里不能有账号名，也不能只用几个字符；换一个别人猜不到的。", code="weak-password")


def _matches(digest: str, password: str) -> bool:
    try:
        return _hasher.verify(digest, password)
    except (VerificationError, InvalidHashError):
        return False


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
