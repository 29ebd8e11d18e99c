"""Create shipping methods

Revision ID: f7c08e2b6a45
Revises: 13e5a9d8c4b0
Create Date: 2024-11-05 14:12:03.905587

"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "f7c08e2b6a45"
down_revision: str | Sequence[str] | None = "13e5a9d8c4b0"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Upgrade schema."""
    shipping_methods = op.create_table(
        "shipping_methods",
        sa.Column("code", sa.String(20), primary_key=True),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("fee", sa.Numeric(12, 2), nullable=False),
    )
    # Rows of a table that nobody can see yet: no lock that anyone waits for.
    op.bulk_insert(
        shipping_methods,
        [
            {"code": "standard", "label": "Standard", "fee": 4.9},
            {"code": "express", "label": "Express", "fee": 12.5},
            {"code": "pickup", "label": "Pick up in store", "fee": 0},
        ],
    )


def downgrade() -> None:
    """Downgrade schema."""
    op.drop_table("shipping_methods")
