import { returnedBy } from "../facts/returned.ts";
import type { Difference } from "../schema/difference.ts";
import { renderRemainder } from "../schema/round-trip.ts";
import { defineRule, type Found } from "./define.ts";
import { hasReason, placeOf } from "./reversal.ts";

/** More would make a message that nobody reads; the rest is in the related information. */
const named = 3;

interface Remaining extends Found {
  readonly remainders: readonly string[];
}

const list = (items: readonly string[]): string =>
  items.length <= named ? items.join("; ") : `${items.slice(0, named).join("; ")}; and ${items.length - named} more`;

/** Types have rules of their own; a schema may be there for others; a view that is replaced may have been there before. */
const isJudged = ({ thing, how }: Difference): boolean =>
  thing !== "type" && thing !== "schema" && (thing !== "view" || how !== "added");

export const downgradeNotInverse = defineRule({
  id: "downgrade-not-inverse",
  group: "reversibility",
  severity: "warning",
  recommended: true,
  summary: "After upgrade and downgrade the schema is not what it was before.",
  why: `Whoever goes back one revision gets a schema that no revision describes: what remains makes the next upgrade fail, since it
exists already; what is missing the old code asks for. It is found out when a release has to be taken back in a hurry.`,
  instead: `Complete the downgrade: take away what remains, and make again what is missing, with the type, default and constraints that it had.`,
  allowed: [
    "A downgrade that raises, or says in a docstring or comment of your own words what it leaves out.",
    "Tables that are not known in full: made elsewhere, by reflection, under a condition, or touched by what could not be read.",
    "The order of columns, rows, views, and enum types (they have rules of their own).",
  ],
  counted: ["Both directions are played on the schema that all revisions before lead to; nothing is run."],
  sources: ["https://alembic.sqlalchemy.org/en/latest/tutorial.html#downgrading"],
  options: {},
  examples: [
    {
      title: "An index that is not made again",
      before: `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer()), sa.Column("email", sa.String(200)))
op.create_index("ix_users_email", "users", ["email"])
-- versions/0002_drop.py --
def upgrade():
    op.drop_column("users", "email")


def downgrade():
    op.add_column("users", sa.Column("email", sa.String(200)))
`,
      after: [
        `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer()), sa.Column("email", sa.String(200)))
op.create_index("ix_users_email", "users", ["email"])
-- versions/0002_drop.py --
def upgrade():
    op.drop_column("users", "email")


def downgrade():
    op.add_column("users", sa.Column("email", sa.String(200)))
    op.create_index("ix_users_email", "users", ["email"])
`,
      ],
    },
  ],
  catches: [
    {
      title: "A type that comes back narrower",
      code: `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer()), sa.Column("email", sa.String(200)))
-- versions/0002_text.py --
def upgrade():
    op.alter_column("users", "email", type_=sa.Text())


def downgrade():
    op.alter_column("users", "email", type_=sa.String(100))
`,
    },
    {
      title: "A default that is gone",
      code: `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer()), sa.Column("age", sa.Integer(), server_default="0"))
-- versions/0002_drop.py --
def upgrade():
    op.drop_column("users", "age")


def downgrade():
    op.add_column("users", sa.Column("age", sa.Integer()))
`,
    },
  ],
  passes: [
    {
      title: "A column that comes back at the end of the table",
      code: `-- versions/0001_users.py --
op.create_table("users", sa.Column("age", sa.Integer()), sa.Column("id", sa.Integer()))
-- versions/0002_drop.py --
def upgrade():
    op.drop_column("users", "age")


def downgrade():
    op.add_column("users", sa.Column("age", sa.Integer()))
`,
    },
    {
      title: "A table that no revision makes",
      code: `def upgrade():
    op.add_column("users", sa.Column("age", sa.Integer()))


def downgrade():
    op.execute("SELECT 1")
`,
    },
    {
      title: "A comment that says what is left out",
      code: `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer()), sa.Column("age", sa.Integer()))
-- versions/0002_drop.py --
def upgrade():
    op.drop_column("users", "age")
    op.create_index("ix_users_id", "users", ["id"])


def downgrade():
    # The ages are not needed any more.
    op.drop_index("ix_users_id")
`,
    },
  ],
  *detect({ file, project, downgrade, upgrade }) {
    if (!downgrade || hasReason(downgrade) || upgrade !== file.upgrades[0]) return;
    const at = placeOf(downgrade);
    const returned = returnedBy(project, file);
    const remainders = (returned?.differences ?? []).filter(isJudged).map(renderRemainder);
    if (!at || remainders.length === 0) return;
    const related = remainders.slice(named).map((message) => ({ range: at, message }));
    yield { at, remainders, related } satisfies Remaining;
  },
  message: ({ remainders }) => `After upgrade() and downgrade() the schema is not what it was: ${list(remainders)}.`,
  refactorings: ["complete-downgrade"],
});
