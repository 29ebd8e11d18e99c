import type { RevisionFile } from "../model/revision.ts";
import type { Range } from "../text/range.ts";
import { defineRule, type Found } from "./define.ts";

interface Mismatch extends Found {
  readonly label: "Revision ID" | "Revises";
  readonly written: string;
  readonly right: string;
}

const idsIn = (text: string): readonly string[] => text.split(/[,\s()'"]+/).filter((id) => id !== "" && id !== "None");

const isSame = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((id) => b.includes(id));

function* mismatches({ header, identifiers }: RevisionFile): Iterable<Mismatch> {
  const { revision, downRevision } = identifiers;
  const { revisionId, revises } = header ?? {};
  if (revisionId && revision && idsIn(revisionId.value).join(" ") !== revision.value)
    yield { at: placeOf(revisionId), label: "Revision ID", written: revisionId.value, right: revision.value };
  if (revises && downRevision && !isSame(idsIn(revises.value), downRevision.value))
    yield { at: placeOf(revises), label: "Revises", written: revises.value, right: downRevision.value.join(", ") };
}

const placeOf = ({ range }: { readonly range: Range }): Range => range;

export const headerMismatch = defineRule({
  id: "header-mismatch",
  group: "history",
  severity: "information",
  recommended: true,
  reach: "file",
  summary: "The docstring names another revision or parent than the variables do.",
  why: `Alembic reads the variables, people read the docstring. After a revision was moved to another parent by hand, the docstring still tells the
old story to everybody who looks for it, and to every search.`,
  instead: `Write into the docstring what the variables say.`,
  allowed: ["A docstring without these lines, and variables that are worked out."],
  sources: ["https://alembic.sqlalchemy.org/en/latest/tutorial.html#create-a-migration-script"],
  options: {},
  examples: [
    {
      title: "A parent that has changed",
      before: `-- versions/0001_a.py --
pass
-- versions/0002_age.py --
"""age

Revision ID: 0002
Revises: 0000

"""
revision = "0002"
down_revision = "0001"
`,
      after: [
        `-- versions/0001_a.py --
pass
-- versions/0002_age.py --
"""age

Revision ID: 0002
Revises: 0001

"""
revision = "0002"
down_revision = "0001"
`,
      ],
    },
  ],
  catches: [
    {
      title: "A base that the docstring gives a parent",
      code: `-- versions/0001_a.py --\n"""a\n\nRevision ID: 0001\nRevises: 0000\n\n"""\nrevision = "0001"\ndown_revision = None\n`,
    },
    {
      title: "Another id",
      code: `-- versions/0001_a.py --\n"""a\n\nRevision ID: 1\nRevises:\n\n"""\nrevision = "0001"\ndown_revision = None\n`,
    },
  ],
  passes: [
    {
      title: "The parents of a merge in another order",
      code: `-- versions/0001_a.py --\npass\n-- versions/0002_b.py --\npass\n-- versions/0003_a.py --\n"""a\n\nRevision ID: 0003\nRevises: 0002, 0001\n\n"""\nrevision = "0003"\ndown_revision = ("0001", "0002")\n`,
    },
    {
      title: "A docstring of one line",
      code: `-- versions/0001_a.py --\n"""a"""\nrevision = "0001"\ndown_revision = None\n`,
    },
  ],
  *detect({ file, upgrade }) {
    // Once for a file, however many databases it is for.
    if (upgrade === file.upgrades[0]) yield* mismatches(file);
  },
  message: ({ label, written, right }) =>
    `The docstring says "${label}: ${written}", and the variables ${right === "" ? "name no parent" : `say ${right}`}.`,
  repair: {
    safety: "safe",
    title: ({ label, right }) => `Write "${label}: ${right}" into the docstring`,
    edits: ({ at, right }, { file: { text } }) => [
      { range: at, newText: at.start === at.end && text[at.start - 1] === ":" ? ` ${right}` : right },
    ],
  },
});
