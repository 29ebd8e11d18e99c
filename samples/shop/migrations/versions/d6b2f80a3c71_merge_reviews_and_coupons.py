"""Merge reviews and coupons

Revision ID: d6b2f80a3c71
Revises: 96d1e4a7f0b3, 41a7c9e5d2f6
Create Date: 2024-06-24 09:05:12.689433

"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "d6b2f80a3c71"
down_revision: str | Sequence[str] | None = ("96d1e4a7f0b3", "41a7c9e5d2f6")
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Upgrade schema."""
    pass


def downgrade() -> None:
    """Downgrade schema."""
    pass
