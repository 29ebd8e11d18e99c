"""Add phone to users

Revision ID: 5d20f8b6a91e
Revises: c47b91e2d3a8
Create Date: 2024-03-19 08:27:33.004518

"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "5d20f8b6a91e"
down_revision: str | Sequence[str] | None = "c47b91e2d3a8"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Upgrade schema."""
    op.add_column("users", sa.Column("phone", sa.String(40)))


def downgrade() -> None:
    """Downgrade schema."""
    op.drop_column("users", "phone")
