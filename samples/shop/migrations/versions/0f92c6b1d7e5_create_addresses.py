"""Create addresses

Revision ID: 0f92c6b1d7e5
Revises: 7b3d5e8f0a14
Create Date: 2024-05-06 13:31:22.870164

"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "0f92c6b1d7e5"
down_revision: str | Sequence[str] | None = "7b3d5e8f0a14"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Upgrade schema."""
    op.create_table(
        "addresses",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("street", sa.Text(), nullable=False),
        sa.Column("city", sa.Text(), nullable=False),
        sa.Column("country", sa.String(2), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="addresses_user_id_fkey", ondelete="CASCADE"),
    )
    op.create_index("ix_addresses_user_id", "addresses", ["user_id"])


def downgrade() -> None:
    """Downgrade schema."""
    op.drop_index("ix_addresses_user_id", table_name="addresses")
    op.drop_table("addresses")
