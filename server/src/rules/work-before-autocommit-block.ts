import type { Judged } from "../facts/judged.ts";
import { renderDataChange, renderSchemaChange } from "../schema/wording.ts";
import { at, defineRule } from "./define.ts";

/** More would make a message that nobody reads. */
const named = 3;

/** It leaves something behind that makes the revision fail, or do the work twice, when it runs again from the start. */
function leavesTraces({ operation, isAutocommit, isUnderstood }: Judged): boolean {
  const { effect, details, context, ownConnection } = operation;
  if (!isUnderstood || isAutocommit || ownConnection || (effect !== "schema" && effect !== "data")) return false;
  if (details.ifNotExists || details.ifExists || details.onConflict || details.orReplace || details.temporary)
    return false;
  return !context.some((one) => one.kind === "branch" && one.on === "existence");
}

const words = ({ operation }: Judged): string =>
  operation.effect === "data" ? renderDataChange(operation) : renderSchemaChange(operation);

const list = (items: readonly string[]): string =>
  items.length <= named ? items.join(", ") : `${items.slice(0, named).join(", ")} and ${items.length - named} more`;

export const workBeforeAutocommitBlock = defineRule({
  id: "work-before-autocommit-block",
  group: "correctness",
  severity: "warning",
  recommended: true,
  dialects: ["postgresql"],
  reach: "file",
  summary:
    "An autocommit block follows other changes of the same revision, and commits them while the revision is not recorded yet.",
  why: `autocommit_block() commits the transaction that is open. Alembic records the revision only at its end: if the block fails, and building an index concurrently does fail (a deadlock, a duplicate, a
timeout), what stands above it stays, and the next attempt runs the revision from the start and fails at that.`,
  instead: `Give the block a revision of its own. Or make what stands above it able to run twice: \`if_not_exists=True\`, \`if_exists=True\`, ON CONFLICT.`,
  allowed: [
    "What can run twice: IF NOT EXISTS, IF EXISTS, OR REPLACE, ON CONFLICT, or under a test whether it is there already.",
    "Settings and queries.",
    "What follows the block.",
  ],
  sources: [
    "https://alembic.sqlalchemy.org/en/latest/api/runtime.html#alembic.runtime.migration.MigrationContext.autocommit_block",
  ],
  options: {},
  examples: [
    {
      title: "A column and its index",
      before: `op.add_column("users", sa.Column("team_id", sa.Integer()))
with op.get_context().autocommit_block():
    op.create_index("ix_users_team", "users", ["team_id"], postgresql_concurrently=True)
`,
      after: [
        `op.add_column("users", sa.Column("team_id", sa.Integer()))
`,
        `with op.get_context().autocommit_block():
    op.create_index("ix_users_team", "users", ["team_id"], postgresql_concurrently=True)
`,
      ],
    },
  ],
  catches: [
    {
      title: "Rows that were changed",
      code: `op.execute("UPDATE users SET team_id = 1")
with op.get_context().autocommit_block():
    op.execute("CREATE INDEX CONCURRENTLY ix ON users (team_id)")
`,
    },
    {
      title: "In a downgrade",
      code: `def upgrade():
    pass

def downgrade():
    op.drop_column("users", "age")
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY ix")
`,
    },
  ],
  passes: [
    {
      title: "What can run twice",
      code: `op.add_column("users", sa.Column("team_id", sa.Integer()), if_not_exists=True)
with op.get_context().autocommit_block():
    op.execute("CREATE INDEX CONCURRENTLY ix ON users (team_id)")
`,
    },
    {
      title: "A setting",
      code: `op.execute("SET lock_timeout = '5s'")
with op.get_context().autocommit_block():
    op.execute("CREATE INDEX CONCURRENTLY ix ON users (team_id)")
`,
    },
    {
      title: "What follows the block",
      code: `with op.get_context().autocommit_block():
    op.execute("ALTER TYPE mood ADD VALUE IF NOT EXISTS 'glad'")
op.execute("UPDATE users SET mood = 'glad'")
`,
    },
    {
      title: "Two blocks",
      code: `with op.get_context().autocommit_block():
    op.execute("CREATE INDEX CONCURRENTLY ix ON users (team_id)")
with op.get_context().autocommit_block():
    op.execute("DROP INDEX CONCURRENTLY ix_old")
`,
    },
  ],
  *detect({ judged }) {
    for (const name of ["upgrade", "downgrade"] as const) {
      const own = judged.filter(({ direction }) => direction.name === name);
      const block = own.findIndex(({ isAutocommit }) => isAutocommit);
      const first = own[block];
      const before = own.slice(0, Math.max(block, 0)).filter(leavesTraces);
      if (first && before.length > 0) yield { ...at(first), before: [...new Set(before.map(words))] };
    }
  },
  message: ({ before }) =>
    `The block commits what stands above it (${list(before)}): if something fails from here on, the revision is half done and runs again from the start.`,
  refactorings: ["extract-operations"],
});
