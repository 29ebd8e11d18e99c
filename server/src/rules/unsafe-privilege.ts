import { gatherShares, upgradesOnce } from "../facts/gathered.ts";
import { defineInquiry } from "../facts/inquiry.ts";
import type { Project } from "../project/snapshot.ts";
import type { Operation } from "../model/revision.ts";
import { renderName, sameName, type QualifiedName } from "../sql/action.ts";
import { at, defineRule, type Found } from "./define.ts";

interface Privilege extends Found {
  readonly says: string;
}

/** The tables that a revision makes policies for, `all` where it may be any. */
const policiesIn = gatherShares<"all" | readonly QualifiedName[]>((file) => {
  const making = upgradesOnce(file)
    .flatMap(({ operations }) => operations)
    .filter(({ kind }) => kind === "opaque" || kind === "create_policy");
  if (making.length === 0) return undefined;
  const tables = making.map(({ kind, table }) => (kind === "opaque" ? undefined : table));
  return tables.includes(undefined) ? "all" : tables.flatMap((table) => table ?? []);
});

const hasPolicy = defineInquiry("policy", (project, table: QualifiedName) =>
  [...policiesIn(project).values()].some((made) => made === "all" || made.some((one) => sameName(one, table))),
);

function saysOf({ kind, details, name, table }: Operation, project: Project): string | undefined {
  const what = table ? renderName(table) : (name ?? "it");
  switch (details.privilege) {
    case "public":
      return `This grants rights on ${what} to PUBLIC: to every role that there is, and every one that will be made.`;
    case "all":
      return `This grants all rights on ${what}: for a table TRUNCATE, REFERENCES and TRIGGER are among them.`;
    case "superuser":
      return `This makes ${what} a superuser, whom no right and no policy holds back.`;
    case "definer-open":
      return `The function ${what} runs with its owner's rights under the caller's search_path: whoever calls it chooses which tables and functions it finds.`;
    default:
  }
  const secures = kind === "alter_table" && details.alteration?.command === "enable_row_security";
  return secures && table !== undefined && !hasPolicy(project, table)
    ? `Row level security of ${what} is on and no revision makes a policy for it: roles other than the owner see no row.`
    : undefined;
}

export const unsafePrivilege = defineRule({
  id: "unsafe-privilege",
  group: "correctness",
  severity: "warning",
  recommended: true,
  dialects: ["postgresql"],
  summary: "The revision hands out more rights than its words show, or shuts everybody out.",
  why: `Rights that a migration grants are kept by nobody: they stay, on every environment, long after the reason is gone. A SECURITY DEFINER function without a search_path of its own lets any caller run code
as its owner. Row level security without a policy makes the service find empty tables.`,
  instead: `Grant single rights to named roles. Give a SECURITY DEFINER function \`SET search_path = app, pg_temp\`. Make the policies in the revision that turns row level security on.`,
  allowed: [
    "Single rights for a named role, and every REVOKE.",
    "SECURITY DEFINER with a search_path of the function's own.",
    "Row level security of a table that some revision has a policy for, or where a revision is not understood.",
  ],
  sources: [
    "https://www.postgresql.org/docs/current/sql-grant.html",
    "https://www.postgresql.org/docs/current/sql-createfunction.html#SQL-CREATEFUNCTION-SECURITY",
    "https://www.postgresql.org/docs/current/ddl-rowsecurity.html",
  ],
  options: {},
  examples: [
    {
      title: "Rights for a report",
      before: `op.execute("GRANT ALL ON orders TO reporting")
`,
      after: [
        `op.execute("GRANT SELECT ON orders TO reporting")
`,
      ],
    },
  ],
  catches: [
    { title: "PUBLIC", code: `op.execute("GRANT SELECT ON orders TO PUBLIC")\n` },
    {
      title: "SECURITY DEFINER without a search_path",
      code: `op.execute("CREATE FUNCTION f() RETURNS void AS $$ DELETE FROM t WHERE id < 0 $$ LANGUAGE sql SECURITY DEFINER")\n`,
    },
    {
      title: "Row level security without a policy",
      code: `op.execute("ALTER TABLE orders ENABLE ROW LEVEL SECURITY")\n`,
    },
    { title: "A superuser", code: `op.execute("ALTER ROLE app SUPERUSER")\n` },
  ],
  passes: [
    {
      title: "A pinned search_path",
      code: `op.execute("CREATE FUNCTION f() RETURNS void AS $$ DELETE FROM t WHERE id < 0 $$ LANGUAGE sql SECURITY DEFINER SET search_path = app, pg_temp")\n`,
    },
    { title: "REVOKE", code: `op.execute("REVOKE ALL ON orders FROM PUBLIC")\n` },
    {
      title: "A policy beside row level security",
      code: `op.execute("ALTER TABLE orders ENABLE ROW LEVEL SECURITY")\nop.execute("CREATE POLICY own ON orders USING (owner = current_user)")\n`,
    },
  ],
  *detect({ judged, project }) {
    for (const one of judged) {
      if (one.direction.name !== "upgrade") continue;
      const says = saysOf(one.operation, project);
      if (says === undefined) continue;
      const privilege: Privilege = { ...at(one), says };
      yield privilege;
    }
  },
  message: ({ says }) => says,
});
