import { expect, test } from "vitest";
import { splitMixedMigration as split } from "../../server/src/refactorings/split-mixed-migration.ts";
import { refactors } from "../support/cases.ts";

const template = `"""\${message}

Revision ID: \${up_revision}
Revises: \${down_revision | comma,n}
Create Date: \${create_date}

"""
from typing import Sequence, Union

from alembic import op

revision: str = \${repr(up_revision)}
down_revision: Union[str, Sequence[str], None] = \${repr(down_revision)}
`;

const old = `"""Add full name

Revision ID: 0002
Revises: 0001
Create Date: 2024-05-06 07:08:09

"""
from alembic import op
import sqlalchemy as sa

revision = "0002"
down_revision = "0001"


def upgrade():
    op.add_column("users", sa.Column("full_name", sa.Text()))
    op.execute("UPDATE users SET full_name = first_name")
    op.drop_column("users", "first_name")


def downgrade():
    pass
`;

test("new files of a split have the project's form, and the old file keeps its own", async () => {
  const { parts } = await refactors(
    split,
    `-- script.py.mako --\n${template}-- versions/0001_base.py --\npass\n-- versions/0002_case.py --\n${old}`,
  );
  const declarations = parts.map(({ text }) => text.match(/^(?:down_)?revision.*$/gm));
  expect(declarations).toEqual([
    [expect.stringMatching(/^revision: str = "\w+"$/), 'down_revision: Union[str, Sequence[str], None] = "0001"'],
    [
      expect.stringMatching(/^revision: str = "\w+"$/),
      expect.stringMatching(/^down_revision: Union\[str, Sequence\[str\], None\] = "\w+"$/),
    ],
    ['revision = "0002"', expect.stringMatching(/^down_revision = "\w+"$/)],
  ]);
  expect(parts.map(({ text }) => text.includes("from typing import Sequence, Union"))).toEqual([true, true, false]);
});
