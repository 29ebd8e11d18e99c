import { gatherShares, upgradesOnce } from "../facts/gathered.ts";
import { defineInquiry } from "../facts/inquiry.ts";
import type { Dialect } from "../sql/action.ts";
import { missingFunction } from "./foreign-functions.ts";
import { isForPostgres, isForServer } from "./other-servers.ts";
import { at, defineRule, type Found } from "./define.ts";

interface Foreign extends Found {
  readonly says: string;
}

const names: Readonly<Record<Dialect, string>> = {
  postgresql: "PostgreSQL",
  mysql: "MySQL",
  mariadb: "MariaDB",
  sqlite: "SQLite",
  mssql: "SQL Server",
  oracle: "Oracle",
};

interface OwnFunctions {
  readonly names: readonly string[];
  readonly orafce: boolean;
}

/** What a revision brings of functions. */
const functionsIn = gatherShares<OwnFunctions>((file) => {
  const all = upgradesOnce(file).flatMap(({ operations }) => operations);
  const names = all.flatMap(({ kind, name }) => (kind === "create_function" && name !== undefined ? [name] : []));
  const orafce = all.some(({ kind, name }) => kind === "create_extension" && name === "orafce");
  return names.length > 0 || orafce ? { names, orafce } : undefined;
});

/** Whether a revision of the project defines the function, or an extension that may bring it. */
const isOwnFunction = defineInquiry("own function", (project, name: string) =>
  [...functionsIn(project).values()].some(({ names, orafce }) => orafce || names.includes(name)),
);

export const otherDialectSql = defineRule({
  id: "other-dialect-sql",
  group: "portability",
  severity: "error",
  recommended: true,
  dialects: ["postgresql", "mysql", "mariadb", "sqlite"],
  summary: "The SQL is another server's: the project's own refuses it.",
  why: `The server answers with a syntax error, or says that the function does not exist, and the migration fails. It may well have passed a test suite that runs
on SQLite.`,
  instead: `Write it as the project's server does. Where the project really runs on several servers, branch: \`if op.get_context().dialect.name == "postgresql":\`.`,
  allowed: [
    "Statements under a test for another dialect, under a test that could not be read, or in a `try`.",
    "Statements with a part that is not known, as far as the grammar goes.",
    "Projects of which it is not known for which server they are, and those for CockroachDB or Redshift.",
    "Functions that a revision of the project defines under that name, and those of the extension orafce.",
    "Whatever else than functions on MySQL, MariaDB and SQLite, whose own grammars are not at hand.",
  ],
  sources: [
    "https://www.postgresql.org/docs/current/functions.html",
    "https://www.postgresql.org/docs/current/sql-update.html#id-1.9.3.183.8",
    "https://dev.mysql.com/doc/refman/8.4/en/built-in-function-reference.html",
    "https://www.sqlite.org/lang_corefunc.html",
  ],
  options: {},
  examples: [
    {
      title: "MySQL's function that splits a text",
      before: `op.execute("UPDATE users SET first_name = SUBSTRING_INDEX(full_name, ' ', 1) WHERE full_name IS NOT NULL")
`,
      after: [
        `op.execute("UPDATE users SET first_name = split_part(full_name, ' ', 1) WHERE full_name IS NOT NULL")
`,
      ],
    },
    {
      title: "A batch by LIMIT",
      before: `op.execute("UPDATE users SET email_new = email WHERE email_new IS NULL LIMIT 10000")
`,
      after: [
        `op.execute("UPDATE users SET email_new = email WHERE id IN (SELECT id FROM users WHERE email_new IS NULL LIMIT 10000)")
`,
      ],
    },
  ],
  catches: [
    { title: "SQLite's dates", code: `op.execute("UPDATE users SET created_year = strftime('%Y', created_at)")\n` },
    {
      title: "PostgreSQL's functions in a project of MySQL's",
      code: `op.execute("UPDATE users SET first_name = split_part(name, ' ', 1) WHERE id = 1")\n`,
      dialect: "mysql",
    },
    {
      title: "The time in a project of SQLite's",
      code: `op.execute("UPDATE users SET seen = now() WHERE id = 1")\n`,
      dialect: "sqlite",
    },
    { title: "Backticks", code: "op.execute(\"UPDATE `users` SET `role` = 'x' WHERE `id` = 1\")\n" },
  ],
  passes: [
    {
      title: "A branch over the dialect",
      code: `if op.get_context().dialect.name == "mysql":\n    op.execute("UPDATE users SET a = IFNULL(b, c)")\nelse:\n    op.execute("UPDATE users SET a = coalesce(b, c)")\n`,
    },
    {
      title: "A function of the project's own",
      code: `op.execute("CREATE FUNCTION ifnull(a text, b text) RETURNS text AS $$ SELECT coalesce(a, b) $$ LANGUAGE sql")\nop.execute("UPDATE users SET a = ifnull(b, c)")\n`,
    },
  ],
  *detect({ judged, project }) {
    for (const one of judged) {
      const { operation } = one;
      if (operation.via !== "sql" || !isForServer(operation, project.config)) continue;
      const { dialect } = project.config;
      const { refusal, details } = operation;
      if (refusal?.speaks !== undefined && isForPostgres(operation, project.config)) {
        const foreign: Foreign = {
          ...at(one),
          says: `PostgreSQL does not accept this SQL (${refusal.why}); ${names[refusal.speaks]} does.`,
        };
        yield foreign;
        continue;
      }
      for (const name of [...(details.functions ?? []), ...(details.calls ?? [])]) {
        const known = missingFunction(dialect, name);
        if (!known) continue;
        if (isOwnFunction(project, name)) continue;
        const says = `${names[dialect]} has no function ${name}: that is ${known[0]}'s. Use ${known[1]}.`;
        const foreign: Foreign = { ...at(one), says };
        yield foreign;
      }
    }
  },
  message: ({ says }) => says,
  refactorings: ["translate-sql"],
});
