"""The record, the letter box, and the service's own tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "claims",
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("position", BIG, nullable=False),
        sa.PrimaryKeyConstraint("scope", "key", name="pk_claims"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "commands",
        sa.Column("command_id", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("result", sa.LargeBinary(), nullable=False),
        sa.Column("position", BIG, nullable=False),
        sa.Column("kept_from", BIG, nullable=False),
        sa.PrimaryKeyConstraint("command_id", name="pk_commands"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_commands_kept_from", "commands", ["kept_from"], unique=False)
    op.create_table(
        "events",
        sa.Column("position", BIG, nullable=False, autoincrement=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("schema", sa.SmallInteger(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text()),
        sa.Column("role", sa.Text()),
        sa.Column("on_behalf_of", sa.Text()),
        sa.Column("basis", sa.Text()),
        sa.Column("occurred_at", BIG, nullable=False),
        sa.Column("recorded_at", BIG, nullable=False),
        sa.Column("command_id", sa.Text(), nullable=False),
        sa.Column("correlation_id", sa.Text(), nullable=False),
        sa.Column("causation_id", sa.Text()),
        sa.Column("body_digest", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("position", name="pk_events"),
    )
    op.create_index("uq_events_stream_version", "events", ["stream", "version"], unique=True)
    op.create_table(
        "log_head",
        sa.Column("id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("position", BIG, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("frontier", sa.LargeBinary(), nullable=False),
        sa.Column("epoch", BIG, nullable=False),
        sa.Column("moment", BIG),
        sa.Column("algorithm", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_log_head"),
    )
    op.create_table(
        "number_series",
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("next", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("series", name="pk_number_series"),
    )
    op.create_table(
        "streams",
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("last_position", BIG, nullable=False),
        sa.PrimaryKeyConstraint("stream", name="pk_streams"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "accounts",
        sa.Column("user_name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("must_change", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", BIG),
        sa.Column("changed_at", BIG, nullable=False),
        sa.PrimaryKeyConstraint("user_name", name="pk_accounts"),
    )
    op.create_table(
        "leases",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("until", BIG, nullable=False),
        sa.Column("epoch", BIG, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_leases"),
    )
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("user_name", sa.Text(), nullable=False),
        sa.Column("csrf", sa.Text(), nullable=False),
        sa.Column("created_at", BIG, nullable=False),
        sa.Column("seen_at", BIG, nullable=False),
        sa.Column("moment", BIG),
        sa.Column("large_type", sa.Integer(), nullable=False),
        sa.Column("high_contrast", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_sessions"),
    )
    op.create_index("ix_sessions_user_name", "sessions", ["user_name"], unique=False)
    op.create_table(
        "tokens",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("user_name", sa.Text(), nullable=False),
        sa.Column("created_at", BIG, nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_tokens"),
    )
    op.create_index("ix_tokens_user_name", "tokens", ["user_name"], unique=False)
    op.create_table(
        "letters",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("matter", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("slot", sa.Text(), nullable=False),
        sa.Column("post", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("copy", sa.SmallInteger(), nullable=False),
        sa.Column("position", BIG, nullable=False),
        sa.Column("made_at", BIG, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("next_try_at", BIG),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("epoch", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("claim_until", BIG),
        sa.Column("parcel", sa.Text()),
        sa.Column("handed_at", BIG),
        sa.Column("holder", sa.Text()),
        sa.Column("address", sa.Text()),
        sa.Column("message_id", sa.Text()),
        sa.Column("last_error", sa.Text()),
        sa.Column("read_at", BIG),
        sa.Column("read_by", sa.Text()),
        sa.Column("version", sa.Integer(), nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("id", name="pk_letters"),
    )
    op.create_index("ix_letters_matter", "letters", ["matter"], unique=False)
    op.create_index(
        "ix_letters_next_try_at",
        "letters",
        ["next_try_at"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index("ix_letters_position", "letters", ["position"], unique=False)
    op.create_index("ix_letters_post", "letters", ["post", "position"], unique=False)
    op.create_index(
        "ix_letters_unread",
        "letters",
        ["post"],
        unique=False,
        sqlite_where=sa.text("channel = 'inbox' AND state = 'sent'"),
        postgresql_where=sa.text("channel = 'inbox' AND state = 'sent'"),
    )
    op.create_index(
        "ix_letters_waiting",
        "letters",
        ["post"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )


def downgrade() -> None:
    op.drop_table("letters")
    op.drop_table("tokens")
    op.drop_table("sessions")
    op.drop_table("leases")
    op.drop_table("accounts")
    op.drop_table("streams")
    op.drop_table("number_series")
    op.drop_table("log_head")
    op.drop_table("events")
    op.drop_table("commands")
    op.drop_table("claims")
