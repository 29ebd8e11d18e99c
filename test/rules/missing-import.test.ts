import { describe, test } from "vitest";
import { missingImport as rule } from "../../server/src/rules/missing-import.ts";
import { allows, fixes, flags } from "../support/cases.ts";

const revision = (imports: string, up: string): string => `-- versions/0001_case.py --
${imports}
revision = "0001"
down_revision = None


def upgrade():
    ${up}
`;

describe("finds", () => {
  test("a name that is not imported, where it is used first", () =>
    flags(
      rule,
      `op.add_column("users", sa.Column("a", sqlmodel.sql.sqltypes.AutoString()))
                                      ^^^^^^^^ error: "sqlmodel" is not imported, so this raises a NameError: add "import sqlmodel".
op.add_column("users", sa.Column("b", sqlmodel.sql.sqltypes.AutoString()))
`,
    ));

  test("sqlalchemy itself", () =>
    flags(
      rule,
      revision(
        "from alembic import op",
        `op.add_column("users", sa.Column("a"))
                           ^^ error: "sa" is not imported, so this raises a NameError: add "import sqlalchemy as sa".`,
      ),
    ));
});

describe("repairs", () => {
  test("by the import", () =>
    fixes(
      rule,
      revision(
        "from alembic import op\nimport sqlalchemy as sa",
        `op.add_column("users", sa.Column("a", postgresql.JSONB()))`,
      ),
      `from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
revision = "0001"
down_revision = None


def upgrade():
    op.add_column("users", sa.Column("a", postgresql.JSONB()))
`,
    ));
});

describe("allows", () => {
  const use = `op.add_column("users", sa.Column("a", postgresql.JSONB()))`;
  const plain = "from alembic import op\nimport sqlalchemy as sa";
  test.each([
    ["an import", revision(`${plain}\nfrom sqlalchemy.dialects import postgresql`, use)],
    ["an import under this name", revision(`${plain}\nfrom app import dialect as postgresql`, use)],
    ["an import of everything", revision(`${plain}\nfrom app.types import *`, use)],
    [
      "an import in a block",
      revision(plain, `if True:\n        from sqlalchemy.dialects import postgresql\n    ${use}`),
    ],
    ["another name that is not known", revision(plain, `op.add_column("users", sa.Column("a", types.JSON()))`)],
    [
      "an attribute of that name",
      revision(plain, `op.add_column("users", sa.Column("a", sa.dialects.postgresql.JSONB()))`),
    ],
  ])("%s", (_, source) => allows(rule, source));
});
