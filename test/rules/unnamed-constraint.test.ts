import { describe, test } from "vitest";
import { unnamedConstraint as rule } from "../../server/src/rules/unnamed-constraint.ts";
import { allows, fixes, flags, leaves } from "../support/cases.ts";

const users = `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("email", sa.String()), sa.Column("age", sa.Integer()))
`;
const second = (up: string, down: string): string =>
  `${users}-- versions/0002_case.py --\ndef upgrade():\n    ${up}\n\n\ndef downgrade():\n    ${down}\n`;
const unique = `op.create_unique_constraint(None, "users", ["email"])`;
const drop = `op.drop_constraint(None, "users", type_="unique")`;

describe("finds", () => {
  test("None, and knows what the server called it", () =>
    flags(
      rule,
      second(
        unique,
        `${drop}
       ^^^^^^^^^^^^^^^ warning: This drops a constraint of users whose name is None, and SQLAlchemy refuses to write the SQL for it; the server called it "users_email_key".`,
      ),
    ));

  test("None of a table that is not known", () =>
    flags(
      rule,
      `op.drop_constraint(None, "teams", type_="unique")
   ^^^^^^^^^^^^^^^ error: This drops a constraint of teams whose name is None, and SQLAlchemy refuses to write the SQL for it.
`,
    ));
});

describe("repairs", () => {
  test("it with the name that the server made", () =>
    fixes(
      rule,
      second(unique, drop).replace(
        "def upgrade",
        `from alembic import op\nimport sqlalchemy as sa\nrevision = "0002"\ndown_revision = "0001"\ndef upgrade`,
      ),
      `from alembic import op
import sqlalchemy as sa
revision = "0002"
down_revision = "0001"
def upgrade():
    op.create_unique_constraint(None, "users", ["email"])


def downgrade():
    op.drop_constraint(op.f("users_email_key"), "users", type_="unique")
`,
    ));

  test("not where two may be meant", () =>
    leaves(rule, second(`${unique}\n    op.create_unique_constraint(None, "users", ["age"])`, drop)));
  test("not where it is of another type", () => leaves(rule, second(unique, drop.replace("unique", "check"))));
});

describe("allows", () => {
  test.each([
    ["a name", `op.drop_constraint("uq", "users")`],
    ["a name that is not known", `op.drop_constraint(found, "users")`],
  ])("%s", (_, body) => allows(rule, body));

  test("a primary key that the convention names", () =>
    allows(
      rule,
      `-- env.py --
from alembic import context
from sqlalchemy import MetaData

metadata = MetaData(naming_convention={"pk": "pk_%(table_name)s"})
context.configure(target_metadata=metadata)
-- versions/0001_case.py --
op.drop_constraint(None, "users", type_="primary")
`,
    ));
});
