import { test } from "vitest";
import { enumLeftBehind as rule } from "../../server/src/rules/enum-left-behind.ts";
import { allows, fixes, flags, leaves } from "../support/cases.ts";

const revision = (
  down: string,
  up = `op.create_table("days", sa.Column("mood", sa.Enum("sad", "ok", name="mood")))`,
): string => `def upgrade():\n    ${up}\n\n\ndef downgrade():\n    ${down}\n`;

test("marks what takes the last column of the type", () =>
  flags(
    rule,
    `def upgrade():
    op.create_table("days", sa.Column("mood", sa.Enum("sad", "ok", name="mood")))


def downgrade():
    op.execute("SELECT 1")
    op.drop_table("days")
       ^^^^^^^^^^ warning: The enum "mood" is still there after this downgrade, so that the next upgrade fails to create it.
`,
  ));

test("drops it at the end", () =>
  fixes(
    rule,
    revision(`op.drop_table("days")`).replace("def upgrade", "\n\ndef upgrade"),
    `"""case

Revision ID: 0001
Revises: 
Create Date: 2026-01-02 03:04:05.000000

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "0001"
down_revision: Union[str, Sequence[str], None] = None
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade():
    op.create_table("days", sa.Column("mood", sa.Enum("sad", "ok", name="mood")))


def downgrade():
    op.drop_table("days")
    op.execute("DROP TYPE mood")
`,
  ));

test("leaves a downgrade that returns early", () => leaves(rule, revision(`op.drop_table("days")\n    return`)));

test("a type of an earlier revision is none of this one's", () =>
  allows(
    rule,
    `-- versions/0001_type.py --
op.execute("CREATE TYPE mood AS ENUM ('sad', 'ok')")
-- versions/0002_days.py --
${revision(`op.drop_table("days")`, `op.create_table("days", sa.Column("mood", postgresql.ENUM("sad", "ok", name="mood", create_type=False)))`)}`,
  ));

test("a table that stays needs its type", () => allows(rule, revision(`op.execute("SELECT 1")`)));

test("of a downgrade that does something unknown nothing is said", () =>
  allows(rule, revision(`op.drop_table("days")\n    op.execute(make_sql())`)));

test("DROP TYPE … is enough, and so is CASCADE alone", () =>
  allows(rule, revision(`op.execute("DROP TYPE mood CASCADE")`)));
