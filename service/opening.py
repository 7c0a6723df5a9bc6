"""开账: making the database, the first fact, the shipped calendars and the first administrator."""

from __future__ import annotations

from uuid_utils.compat import uuid7

from events.calendars.publishing import shipped_drafts
from events.opening.facts import STREAM, Mode, RecordOpened
from events.record.admitting import Append
from events.record.chain import ALGORITHMS, GENESIS
from events.record.envelope import OPERATOR, Decision, Draft, Envelope
from events.record.sql import insert_rows, plain_text
from events.record.tables import log_head
from events.refusals import Conflict, Unavailable
from events.vocabulary import Role, UserName
from service.commands.directing import Directing, direct
from service.proof.keys import FILE, make_key
from service.runtime import Runtime, follow_the_record, open_runtime
from service.settings import Settings
from service.storage.migrating import migrate

_HEAD = insert_rows(log_head)
_ANY = plain_text("SELECT 1 FROM log_head")


def init(settings: Settings, admin: UserName = UserName("admin"), password: str | None = None) -> str:
    """Creates everything the configuration names; gives the administrator's one-time password.

    Raises Conflict when there is a record already, Unavailable where the machine has not the digest asked for.
    """
    _must_have(settings.seals.digest)
    for folder in (settings.var, settings.var / "files", settings.var / "letters"):
        folder.mkdir(parents=True, exist_ok=True)
    runtime = open_runtime(settings, opened=False)
    try:
        migrate(runtime.database)
        with runtime.database.transaction() as driver:
            if driver.rows(_ANY):
                raise Conflict(
                    "这里已经有一份记录了；要另开一份，先在 config.toml 里换一个数据库和数据目录。"
                )
            driver.run(_HEAD, [(1, 0, GENESIS, b"", 1, None, settings.seals.digest)])
        follow_the_record(runtime)
        if not (settings.keys_folder / FILE).exists():
            make_key(settings.keys_folder)
        _open(runtime)
        return _first_admin(runtime, admin, password)
    finally:
        runtime.close()


def _must_have(digest: str) -> None:
    try:
        ALGORITHMS[digest](b"")
    except ValueError:
        raise Unavailable(
            f"本机的 OpenSSL 没有 {digest}，开不了账；装上带 {digest} 的 OpenSSL，或改 [seals] digest。",
            code="no-digest",
        ) from None


def _open(runtime: Runtime) -> None:
    mode = Mode(runtime.settings.clock.mode)
    opened = Draft(stream=STREAM, fact=RecordOpened(mode=mode, algorithm=runtime.settings.seals.digest))
    drafts = (opened, *shipped_drafts())
    envelope = Envelope(actor=OPERATOR, at=runtime.clock.now(), command_id=uuid7().hex)
    conditions = {draft.stream: 0 for draft in drafts}
    decision = Decision(drafts=drafts)
    runtime.writer.append(Append(envelope=envelope, decision=decision, conditions=conditions))


def _first_admin(runtime: Runtime, admin: UserName, password: str | None) -> str:
    fields = {"name": admin, "roles": [Role.ADMIN.value], **({"password": password} if password else {})}
    answer = direct(
        runtime,
        Directing(
            actor=OPERATOR,
            collection="users",
            verb="register",
            id=None,
            fields=fields,
            at=runtime.clock.now(),
        ),
    )
    return password or str(answer["one_time_password"])
