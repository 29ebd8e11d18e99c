import { defineInquiry } from "../facts/inquiry.ts";
import { replayOf } from "../project/replay.ts";
import { renderName, type QualifiedName } from "../sql/action.ts";
import { at, defineRule, type Found } from "./define.ts";

interface Unenforced extends Found {
  readonly table: string;
  readonly name: string;
  /** It is not checked at all; else only of the rows that were there. */
  readonly never: boolean;
}

interface NamedConstraint {
  readonly table: QualifiedName;
  readonly name: string;
}

/** At the end of a history with one head, the constraint is there and has never been validated. */
const staysUnvalidated = defineInquiry("unvalidated at end", (project, { table, name }: NamedConstraint) => {
  const [head, ...others] = project.history.heads;
  if (head === undefined || others.length > 0) return false;
  const after = replayOf(project).revision(head)?.after;
  const found = after?.table(table);
  if (found === undefined || typeof found === "string" || found.doubt !== undefined) return false;
  return found.constraints.some((constraint) => constraint.name === name && constraint.notValid === true);
});

const isHead = defineInquiry("head", ({ history }, id: string) => history.heads.includes(id));

export const unenforcedConstraint = defineRule({
  id: "unenforced-constraint",
  group: "correctness",
  severity: "warning",
  recommended: true,
  dialects: ["postgresql"],
  summary:
    "A constraint is added that old rows need not meet, and no later revision validates it; or one that is never checked.",
  why: `The name promises what the rows do not keep. Code and people rely on it, the planner does not; the row that breaks it comes up much later, in an UPDATE that has nothing
to do with it or in the restore of a dump.`,
  instead: `Validate it in a revision of its own, once the rows are cleaned up: \`ALTER TABLE orders VALIDATE CONSTRAINT fk_orders_user\`. That blocks no writers.`,
  allowed: [
    "A constraint of the newest revision: the one that validates it comes next.",
    "A constraint that a later revision validates or drops.",
    "Histories with several heads, and tables of which something is not known.",
  ],
  sources: ["https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES"],
  options: {},
  examples: [
    {
      title: "Added, and forgotten",
      before: `-- versions/0001_a.py --
op.execute("CREATE TABLE orders (id integer, total integer)")
-- versions/0002_b.py --
op.execute("ALTER TABLE orders ADD CONSTRAINT ck_total CHECK (total > 0) NOT VALID")
-- versions/0003_c.py --
op.add_column("orders", sa.Column("note", sa.Text()))
`,
      after: [
        `-- versions/0001_a.py --
op.execute("CREATE TABLE orders (id integer, total integer)")
-- versions/0002_b.py --
op.execute("ALTER TABLE orders ADD CONSTRAINT ck_total CHECK (total > 0) NOT VALID")
-- versions/0003_c.py --
op.execute("ALTER TABLE orders VALIDATE CONSTRAINT ck_total")
`,
      ],
    },
  ],
  catches: [
    {
      title: "NOT ENFORCED",
      code: `op.execute("ALTER TABLE orders ADD CONSTRAINT ck CHECK (total > 0) NOT ENFORCED")\n`,
    },
    {
      title: "Through Alembic's own directive",
      code: `-- versions/0001_a.py --\nop.execute("CREATE TABLE t (a integer)")\n-- versions/0002_b.py --\nop.create_check_constraint("ck", "t", "a > 0", postgresql_not_valid=True)\n-- versions/0003_c.py --\nop.add_column("t", sa.Column("b", sa.Integer()))\n`,
    },
  ],
  passes: [
    {
      title: "The newest revision",
      code: `-- versions/0001_a.py --\nop.execute("CREATE TABLE t (a integer)")\n-- versions/0002_b.py --\nop.execute("ALTER TABLE t ADD CONSTRAINT ck CHECK (a > 0) NOT VALID")\n`,
    },
    {
      title: "A constraint that is checked at once",
      code: `op.execute("ALTER TABLE t ADD CONSTRAINT ck CHECK (a > 0)")\n`,
    },
  ],
  *detect({ judged, file, project }) {
    const id = file.identifiers.revision?.value;
    const isLast = (): boolean => id === undefined || isHead(project, id);
    for (const one of judged) {
      const { details, table } = one.operation;
      if (one.direction.name !== "upgrade" || table === undefined) continue;
      for (const { name, notValid, notEnforced } of details.constraints ?? []) {
        const stays =
          notValid === true && name !== undefined && !isLast() && staysUnvalidated(project, { table, name });
        if (notEnforced !== true && !stays) continue;
        const found: Unenforced = {
          ...at(one),
          table: renderName(table),
          name: name ?? "This constraint",
          never: notEnforced === true,
        };
        yield found;
      }
    }
  },
  message: ({ table, name, never }) =>
    never
      ? `${name} on ${table} is NOT ENFORCED: nothing is ever checked.`
      : `${name} on ${table} is NOT VALID, and no later revision validates it: old rows may break it.`,
});
