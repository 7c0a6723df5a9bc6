"""Nodes of the record's Merkle tree, kept for proofs."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0003"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "merkle_blocks",
        sa.Column("block", BIG, autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("block", name="pk_merkle_blocks"),
    )


def downgrade() -> None:
    op.drop_table("merkle_blocks")
