import type { RevisionFile, Statement } from "../model/revision.ts";
import { tryEdit } from "../rewrite/edit.ts";
import { slice, type Range } from "../text/range.ts";
import { defineRule, type Found } from "./define.ts";

interface Missing extends Found {
  readonly name: string;
  readonly path: string;
}

/** What autogenerate writes into a revision without importing it, and what it means by it. */
const emitted: Readonly<Record<string, string>> = {
  op: "alembic.op",
  sa: "sqlalchemy",
  sqlalchemy: "sqlalchemy",
  postgresql: "sqlalchemy.dialects.postgresql",
  mysql: "sqlalchemy.dialects.mysql",
  mssql: "sqlalchemy.dialects.mssql",
  oracle: "sqlalchemy.dialects.oracle",
  sqlite: "sqlalchemy.dialects.sqlite",
  sqlmodel: "sqlmodel",
  sqlalchemy_utils: "sqlalchemy_utils",
  geoalchemy2: "geoalchemy2",
  pgvector: "pgvector.sqlalchemy",
  fastapi_users_db_sqlalchemy: "fastapi_users_db_sqlalchemy.generics",
  advanced_alchemy: "advanced_alchemy.types",
};

const textOf = (path: string): string =>
  path === "sqlalchemy"
    ? "import sqlalchemy as sa"
    : path.includes("dialects") || path === "alembic.op"
      ? `from ${path.slice(0, path.lastIndexOf("."))} import ${path.slice(path.lastIndexOf(".") + 1)}`
      : `import ${path}`;

const isStar = ({ module, text }: RevisionFile): boolean =>
  module.some(({ kind, range }) => kind === "import" && slice(text, range).trimEnd().endsWith("*"));

function firstUse(
  name: string,
  { statements }: { readonly statements: readonly Statement[] },
  text: string,
): Range | undefined {
  const statement = statements.find(({ uses }) => uses.includes(name));
  if (!statement) return undefined;
  const at = slice(text, statement.range).search(new RegExp(`\\b${name}\\b`));
  const start = statement.range.start + Math.max(0, at);
  return { start, end: start + name.length };
}

export const missingImport = defineRule({
  id: "missing-import",
  group: "correctness",
  severity: "error",
  recommended: true,
  reach: "file",
  summary: "A name that autogenerate wrote is used and not imported.",
  why: `Autogenerate writes the types of the models as they call themselves (\`sqlmodel.sql.sqltypes.AutoString()\`, \`postgresql.UUID()\`), and imports only what
it knows. The revision raises a NameError, at the line that uses the name, after everything above it has run.`,
  instead: `Import it, and add the import to \`script.py.mako\`, so that the next revision has it.`,
  allowed: [
    "Names other than those that autogenerate writes: linters of Python find them.",
    "Files with an import of everything (`from x import *`), and names that the function itself binds.",
  ],
  sources: ["https://alembic.sqlalchemy.org/en/latest/autogenerate.html#affecting-the-rendering-of-types-themselves"],
  options: {},
  examples: [
    {
      title: "A type of SQLModel",
      before: `op.add_column("users", sa.Column("name", sqlmodel.sql.sqltypes.AutoString()))
`,
      after: [
        `import sqlmodel
from alembic import op
import sqlalchemy as sa

revision = "0001"
down_revision = None


def upgrade():
    op.add_column("users", sa.Column("name", sqlmodel.sql.sqltypes.AutoString()))


def downgrade():
    op.drop_column("users", "name")
`,
      ],
    },
  ],
  catches: [
    { title: "A type of a dialect", code: `op.add_column("users", sa.Column("tags", postgresql.JSONB()))\n` },
    {
      title: "A type of an extension, in the downgrade only",
      code: `def upgrade():\n    op.drop_column("users", "v")\n\n\ndef downgrade():\n    op.add_column("users", sa.Column("v", pgvector.sqlalchemy.vector.VECTOR(3)))\n`,
    },
  ],
  passes: [
    {
      title: "An import in the function",
      code: `from sqlalchemy.dialects import postgresql\nop.add_column("users", sa.Column("tags", postgresql.JSONB()))\n`,
    },
    {
      title: "A variable of that name",
      code: `mysql = op.get_bind().dialect.name == "mysql"\nif mysql:\n    op.drop_table("t")\n`,
    },
  ],
  *detect({ file, upgrade, downgrade }) {
    if (isStar(file)) return;
    const bound = new Set(file.module.flatMap(({ binds }) => binds));
    for (const direction of downgrade ? [upgrade, downgrade] : [upgrade]) {
      const own = new Set(bindsIn(direction.statements));
      for (const [name, path] of Object.entries(emitted)) {
        const at = bound.has(name) || own.has(name) ? undefined : firstUse(name, direction, file.text);
        if (at) yield { at, direction: direction.name, name, path } satisfies Missing;
      }
    }
  },
  message: ({ name, path }) => `"${name}" is not imported, so this raises a NameError: add "${textOf(path)}".`,
  repair: {
    safety: "safe",
    title: ({ path }) => `Add "${textOf(path)}"`,
    edits: ({ path }, { file }) =>
      tryEdit(file, (edit) => {
        edit.addImport(path);
      }),
  },
});

const bindsIn = (statements: readonly Statement[]): readonly string[] =>
  statements.flatMap(({ binds, compound }) => [
    ...binds,
    ...(compound?.blocks ?? []).flatMap((block) => bindsIn(block.statements)),
  ]);
