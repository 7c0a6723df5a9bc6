"""The moment an auditor looks at, and the log of who looked."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0009"
branch_labels = None
depends_on = None

NOTHING = bytes(32)
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("sessions", sa.Column("as_of", sa.Text()))
    op.create_table(
        "access_log",
        sa.Column("number", BIG, nullable=False, autoincrement=False),
        sa.Column("at", BIG, nullable=False),
        sa.Column("user_name", sa.Text(), nullable=False),
        sa.Column("person", sa.Text()),
        sa.Column("unit", sa.Text()),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("target", sa.Text()),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Text()),
        sa.Column("moment", BIG),
        sa.Column("refused", sa.Text()),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_access_log"),
    )
    op.create_index("ix_access_log_at", "access_log", ["at"], unique=False)
    op.create_index("ix_access_log_target", "access_log", ["target", "number"], unique=False)
    op.create_index("ix_access_log_user_name", "access_log", ["user_name", "number"], unique=False)
    head = op.create_table(
        "access_head",
        sa.Column("id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("number", BIG, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("pruned", BIG, nullable=False),
        sa.Column("pruned_hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_access_head"),
    )
    op.bulk_insert(
        head,
        [{"id": 1, "number": 0, "hash": NOTHING, "pruned": 0, "pruned_hash": NOTHING}],
    )


def downgrade() -> None:
    op.drop_table("access_head")
    op.drop_table("access_log")
    op.drop_column("sessions", "as_of")
