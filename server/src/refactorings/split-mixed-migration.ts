import type { HistoryProblem } from "../history/history.ts";
import type { Direction, Operation, RevisionFile } from "../model/revision.ts";
import type { Project } from "../project/snapshot.ts";
import { findChanges, runsOn } from "../schema/changes.ts";
import { defineRefactoring, type Offer, type Place } from "./define.ts";
import { cutRevision, type Cut } from "./split/cut.ts";
import { judgeHalves } from "./split/halves.ts";
import { lineOf, Refused } from "../rewrite/refused.ts";
import { writeParts } from "./split/write.ts";

export interface SplitPlan {
  readonly upgrade: Direction;
  readonly downgrade: Direction;
  readonly cut: Cut;
}

const absent: Direction = { name: "downgrade", form: "absent", indent: "", statements: [], operations: [] };

/** Asked at every request for code actions; a file and a project are the same values until they change. */
const memo = new WeakMap<RevisionFile, WeakMap<Project, Offer<SplitPlan>>>();

function plan({ project, file }: Place): Offer<SplitPlan> {
  const known = memo.get(file) ?? new WeakMap<Project, Offer<SplitPlan>>();
  memo.set(file, known);
  if (known.has(project)) return known.get(project);
  const offer = offerFor(project, file);
  known.set(project, offer);
  return offer;
}

function offerFor(project: Project, file: RevisionFile): Offer<SplitPlan> {
  if (!file.isRevision || (file.identifiers.downRevision?.value.length ?? 0) > 1) return undefined;
  if (!file.upgrades.some((upgrade) => isMixed(upgrade, project))) return undefined;
  const upgrade = file.upgrades[0];
  if (upgrade === undefined) return undefined;
  const reason = whyNever(project, file);
  if (reason !== undefined) return { unavailable: reason };
  const downgrade = file.downgrades[0] ?? absent;
  try {
    const cut = cutRevision(file, upgrade, downgrade, project);
    if (cut === undefined) return undefined;
    return {
      plan: { upgrade, downgrade, cut },
      title: `Split into ${list(cut.parts.map(({ name }) => name))} revisions`,
    };
  } catch (error) {
    if (error instanceof Refused) return { unavailable: error.message };
    throw error;
  }
}

/** What the rule finds; and rows that come through Python, which the split must follow to be right. */
function isMixed(upgrade: Direction, project: Project): boolean {
  const { schema, data } = findChanges(upgrade, project.config);
  if (schema.length > 0 && data.length > 0) return true;
  const halves = judgeHalves(upgrade, upgrade, project);
  const here = upgrade.operations.filter((operation) => runsOn(operation, project.config.dialect));
  return here.some(halves.changesExisting) && here.some((operation) => halves.of(operation) === "data");
}

const list = (words: readonly string[]): string =>
  words.length < 3 ? words.join(" and ") : `${words.slice(0, -1).join(", ")} and ${words.at(-1) ?? ""}`;

function whyNever(project: Project, file: RevisionFile): string | undefined {
  const syntax = file.problems.find(({ code }) => code === "syntax");
  if (syntax) return `The file does not parse (${lineOf(file, syntax.range)}).`;
  if (file.upgrades.length > 1 || file.upgrades.some(({ engine }) => engine !== undefined)) {
    return "The revision migrates several databases, and each would need its own cut.";
  }
  if (file.identifiers.downRevision === undefined) return "The file has no down_revision that could be changed.";
  if (project.config.dialect === "sqlite") {
    return "The project runs on SQLite, which locks its whole database for every change: a split would free nobody.";
  }
  if (hasProblem(project, file, "duplicate-revision")) {
    const id = file.identifiers.revision?.value ?? "";
    return `The revision id ${id} is used twice, so it is not clear what follows it.`;
  }
  if (hasProblem(project, file, "revision-cycle"))
    return "The revisions form a cycle, so there is no order that the parts could keep.";
  const endless = [...file.upgrades, ...file.downgrades].find(({ unfinished }) => unfinished === true);
  if (endless) return `There is too much code in ${endless.name}() to follow to its end.`;
  const inline = file.upgrades.find(
    ({ head, body }) =>
      head !== undefined && body !== undefined && !/[\r\n]/.test(file.text.slice(head.end, body.start)),
  );
  return inline && "The body of upgrade() stands on the line of its head.";
}

const hasProblem = ({ history }: Project, { path }: RevisionFile, code: HistoryProblem["code"]): boolean =>
  history.problems.some((problem) => problem.code === code && problem.path === path);

function notesFor({ project, file }: Place, { cut, downgrade }: SplitPlan): readonly string[] {
  const notes: string[] = [];
  const { env } = project.config;
  if (env !== undefined && !env.transactionPerMigration) {
    notes.push(
      "env.py does not set transaction_per_migration=True: `alembic upgrade head` runs all parts in one transaction, and the locks are shared as before.",
    );
  }
  for (const operation of cut.doubtful) notes.push(doubt(file, operation));
  if (downgrade.form === "absent") notes.push("There is no downgrade(), and the parts have none either.");
  if (downgrade.form === "pass") notes.push("downgrade() does nothing, in every part.");
  if (downgrade.form === "raise") notes.push("downgrade() refuses to run, in every part.");
  for (const [index, left] of cut.left.entries()) {
    if (left.length > 0) notes.push(leftover(cut.parts[index]?.name ?? "", left));
  }
  return [...new Set(notes)];
}

const shown = 3;

const leftover = (part: string, left: readonly string[]): string =>
  `The downgrade of the ${part} part alone leaves ${list(left.slice(0, shown))}${left.length > shown ? " and more" : ""} as it is, because downgrade() undoes it together with another part; go back through all parts before you run it again.`;

const doubt = (file: RevisionFile, operation: Operation): string =>
  `The statement on ${lineOf(file, operation.range)} was not fully understood${operation.why === undefined ? "" : ` (${operation.why})`}; look at it before you run the parts.`;

export const splitMixedMigration = defineRefactoring<SplitPlan>({
  id: "split-mixed-migration",
  title: "Split into schema and data revisions",
  summary: "Cuts a revision that mixes schema and data into expand, backfill and contract revisions.",
  why: `A schema change holds its lock until the transaction ends, and a data change can run for minutes. Apart, the locks are short,
each step can be checked, repeated and undone alone, and the code that uses the old columns has time to go.`,
  keeps: [
    "Every statement, with its comments and its formatting, exactly once.",
    "Every order that matters: over Python names, over tables, columns, rows, constraints and indexes.",
    "The original revision id, on the last part: children, stamped databases and merges stay true.",
    "Branch labels on the last part, dependencies on the first.",
    "A downgrade that is pass, raise or absent, in every part; any other is cut by what each statement undoes.",
    "In each part exactly the imports, constants and helpers that it uses.",
  ],
  refuses: [
    "Rows that are read before and used after a schema change in Python.",
    "A loop, a helper, a try block or one SQL text that changes both, unless it can be repeated around each half.",
    "A test of what the database holds that guards both halves, or that returns early.",
    "A statement between the halves that is not understood, or one in downgrade() that is not.",
    "A row change that must not run twice, where what undoes it would be in another part.",
    "Tables that are rebuilt by copying, revisions of several databases, and projects on SQLite.",
  ],
  keepsSchema: true,
  keepsOperations: true,
  createsFiles: true,
  examples: [
    {
      title: "Two columns become one",
      given: `op.create_table(
    "users",
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("first_name", sa.String(100)),
    sa.Column("last_name", sa.String(100)),
)
`,
      before: `def upgrade() -> None:
    op.add_column("users", sa.Column("full_name", sa.String(200)))
    op.execute("UPDATE users SET full_name = first_name || ' ' || last_name")
    op.drop_column("users", "first_name")
    op.drop_column("users", "last_name")


def downgrade() -> None:
    op.add_column("users", sa.Column("last_name", sa.String(100)))
    op.add_column("users", sa.Column("first_name", sa.String(100)))
    op.drop_column("users", "full_name")
`,
      after: [
        `def upgrade() -> None:
    op.add_column("users", sa.Column("full_name", sa.String(200)))


def downgrade() -> None:
    op.drop_column("users", "full_name")
`,
        `def upgrade() -> None:
    op.execute("UPDATE users SET full_name = first_name || ' ' || last_name")


def downgrade() -> None:
    op.execute("UPDATE users SET full_name = NULL")
`,
        `def upgrade() -> None:
    op.drop_column("users", "first_name")
    op.drop_column("users", "last_name")


def downgrade() -> None:
    op.add_column("users", sa.Column("last_name", sa.String(100)))
    op.add_column("users", sa.Column("first_name", sa.String(100)))
`,
      ],
    },
  ],
  plan,
  apply: (place, split) => writeParts(place.project, place.file, split, split.cut.parts, notesFor(place, split)),
});
