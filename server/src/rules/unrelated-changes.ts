import type { Judged } from "../facts/judged.ts";
import { renderName } from "../sql/action.ts";
import { defineRule, type Found } from "./define.ts";

interface Unrelated extends Found {
  readonly groups: readonly (readonly string[])[];
}

/** The tables that one operation brings together: its own, those that it reads, those that its keys point at. */
const tablesOf = ({ operation }: Judged): readonly string[] => [
  ...new Set([
    ...(operation.table ? [renderName(operation.table)] : []),
    ...operation.touches
      .filter(({ on }) => on.type === "table" || on.type === "column")
      .map(({ on }) => renderName(on.name)),
  ]),
];

/** What two tables have in common where the same is done to both: the same kind of change of the same columns. */
const likeness = ({ operation: { kind, columns } }: Judged): string => `${kind} ${columns.join(",")}`;

/** Tables, put together by whatever connects them. */
function groupsOf(changes: readonly Judged[]): readonly (readonly string[])[] {
  const groupOf = new Map<string, Set<string>>();
  const join = (names: readonly string[]): void => {
    const merged = new Set(names.flatMap((name) => [...(groupOf.get(name) ?? [name])]));
    for (const name of merged) groupOf.set(name, merged);
  };
  for (const change of changes) join(tablesOf(change));
  const alike = new Map<string, string[]>();
  for (const change of changes) {
    const { table } = change.operation;
    if (table) alike.set(likeness(change), [...(alike.get(likeness(change)) ?? []), renderName(table)]);
  }
  for (const same of alike.values()) join(same);
  return [...new Set(groupOf.values())].map((group) => [...group]);
}

export const unrelatedChanges = defineRule({
  id: "unrelated-changes",
  group: "history",
  severity: "information",
  recommended: false,
  reach: "file",
  summary: "One revision makes several changes that have nothing to do with each other.",
  why: `They can only be rolled back together, fail together and hold each other's locks. Whoever looks for the change that broke something has to read them all.`,
  instead: `Make a revision of each: one logical change is easy to name, to check and to undo.`,
  allowed: [
    "Tables that a foreign key or a query of the revision connects, and tables to which the same is done.",
    "New tables: they lock nobody, and the first revision of a project makes all of them.",
    "Merges, and revisions with a part that is not understood.",
  ],
  sources: ["https://alembic.sqlalchemy.org/en/latest/tutorial.html#create-a-migration-script"],
  options: {},
  examples: [
    {
      title: "A column here, an index there",
      before: `op.add_column("users", sa.Column("phone", sa.String(20)))
op.drop_column("invoices", "remark")
`,
      after: [
        `op.add_column("users", sa.Column("phone", sa.String(20)))
`,
        `op.drop_column("invoices", "remark")
`,
      ],
    },
  ],
  catches: [
    {
      title: "SQL text",
      code: `op.execute("ALTER TABLE users ADD COLUMN a integer")\nop.execute("UPDATE invoices SET paid = true WHERE id = 1")\n`,
    },
    {
      title: "Three of them",
      code: `op.add_column("a", sa.Column("x", sa.Integer()))\nop.drop_column("b", "y")\nop.create_index("ix", "c", ["z"])\n`,
    },
  ],
  passes: [
    {
      title: "The same for several tables",
      code: `for table in ("users", "invoices"):\n    op.add_column(table, sa.Column("tenant_id", sa.Integer()))\n`,
    },
    {
      title: "A foreign key between them",
      code: `op.add_column("invoices", sa.Column("user_id", sa.Integer()))\nop.create_foreign_key("fk", "invoices", "users", ["user_id"], ["id"])\nop.drop_column("users", "invoice")\n`,
    },
    {
      title: "A new table beside a change",
      code: `op.create_table("tags", sa.Column("id", sa.Integer(), primary_key=True))\nop.drop_column("users", "tags")\n`,
    },
  ],
  *detect({ judged, upgrade, file }) {
    if ((file.identifiers.downRevision?.value.length ?? 0) > 1 || upgrade.nameRange === undefined) return;
    const all = judged.filter(({ direction }) => direction === upgrade);
    if (all.some(({ isUnderstood }) => !isUnderstood)) return;
    const changes = all.filter(({ operation: { effect } }) => effect === "schema" || effect === "data");
    const groups = groupsOf(changes).filter((group) =>
      changes.some((change) => change.isOnExistingTable && group.includes(tablesOf(change)[0] ?? "")),
    );
    if (groups.length < 2) return;
    const unrelated: Unrelated = { at: upgrade.nameRange, direction: "upgrade", groups };
    yield unrelated;
  },
  message: ({ groups }) =>
    `This revision makes ${String(groups.length)} changes that have nothing to do with each other: of ${groups.map((group) => group.join(", ")).join("; of ")}.`,
  refactorings: ["split-by-table"],
});
