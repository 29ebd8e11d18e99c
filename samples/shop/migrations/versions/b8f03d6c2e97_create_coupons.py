"""Create coupons

Revision ID: b8f03d6c2e97
Revises: a4e8137bc9d0
Create Date: 2024-06-12 12:20:07.442190

"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "b8f03d6c2e97"
down_revision: str | Sequence[str] | None = "a4e8137bc9d0"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Upgrade schema."""
    op.create_table(
        "coupons",
        sa.Column("code", sa.String(20), primary_key=True),
        sa.Column("percent", sa.SmallInteger(), nullable=False),
        sa.Column("expires_on", sa.Date()),
    )


def downgrade() -> None:
    """Downgrade schema."""
    op.drop_table("coupons")
