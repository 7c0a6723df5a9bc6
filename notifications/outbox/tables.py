"""The table of letters. Moments are whole microseconds since 1970 (UTC), as in the record."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, SmallInteger, Table, Text, text

from events.vocabulary import Labelled

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

BIG = BigInteger().with_variant(Integer, "sqlite")


class LetterState(Labelled):
    """Where a letter stands (contract: GET /letters)."""

    WAITING = "waiting", "待发"
    SENT = "sent", "已送达"
    KEPT = "kept", "已存档"
    REFUSED = "refused", "被拒收"
    GAVE_UP = "gave_up", "多次未送达"
    OVERTAKEN = "overtaken", "已过时未发"
    NO_ADDRESS = "no_address", "无收件人"
    READ = "read", "已阅"


_WAITING = text("state = 'waiting'")
_UNREAD = text("channel = 'inbox' AND state = 'sent'")

letters = Table(
    "letters",
    METADATA,
    # Digest of the natural key (matter, rule, slot, post, channel): its primary key is what keeps a letter single.
    Column("id", Text, primary_key=True),
    # Empty for a letter about a bulletin, which is named by its own column.
    Column("matter", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("slot", Text, nullable=False),
    Column("post", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("copy", SmallInteger, nullable=False),
    # The fact that caused it; what it says is read from the record when it is handed over or opened.
    Column("position", BIG, nullable=False),
    Column("made_at", BIG, nullable=False),
    Column("state", Text, nullable=False),
    # Delivery: next try by the service's clock, claim by the machine's; each claim raises the epoch.
    Column("next_try_at", BIG),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("epoch", Integer, nullable=False, server_default="0"),
    Column("claim_until", BIG),
    # The message on its way that holds this letter; kept after an unclear end, so that the same is sent again.
    Column("parcel", Text),
    # Outcome, from the facts of stream letter-<id>.
    Column("handed_at", BIG),
    Column("holder", Text),
    Column("address", Text),
    Column("message_id", Text),
    Column("last_error", Text),
    Column("read_at", BIG),
    Column("read_by", Text),
    Column("version", Integer, nullable=False, server_default="0"),
    Column("bulletin", Text),
    Index("ix_letters_matter", "matter"),
    Index("ix_letters_bulletin", "bulletin"),
    Index("ix_letters_post", "post", "position"),
    Index("ix_letters_position", "position"),
    Index("ix_letters_next_try_at", "next_try_at", sqlite_where=_WAITING, postgresql_where=_WAITING),
    Index("ix_letters_waiting", "post", sqlite_where=_WAITING, postgresql_where=_WAITING),
    Index("ix_letters_unread", "post", sqlite_where=_UNREAD, postgresql_where=_UNREAD),
)
