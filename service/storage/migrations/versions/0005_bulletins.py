"""Letters about bulletins name the bulletin."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("letters", sa.Column("bulletin", sa.Text()))
    op.create_index("ix_letters_bulletin", "letters", ["bulletin"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_letters_bulletin", table_name="letters")
    op.drop_column("letters", "bulletin")
