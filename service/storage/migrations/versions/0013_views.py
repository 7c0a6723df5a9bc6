"""Saved views of the register, and how each person likes the pages to look."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0005"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "views",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("user_name", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text()),
        sa.Column("reach", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("made_at", BIG, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_views"),
    )
    op.create_index("ix_views_user_name", "views", ["user_name", "name"], unique=True)
    op.create_table(
        "preferences",
        sa.Column("user_name", sa.Text(), nullable=False),
        sa.Column("large_type", sa.Integer(), nullable=False),
        sa.Column("high_contrast", sa.Integer(), nullable=False),
        sa.Column("single_keys", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("user_name", name="pk_preferences"),
    )
    op.drop_column("sessions", "large_type")
    op.drop_column("sessions", "high_contrast")
