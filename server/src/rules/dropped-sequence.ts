import { renderName } from "../sql/action.ts";
import { at, defineRule, type Found } from "./define.ts";
import { lossesIn, shared } from "./losses.ts";

interface Dropped extends Found {
  readonly name: string;
}

export const droppedSequence = defineRule({
  id: "dropped-sequence",
  group: "compatibility",
  severity: "warning",
  recommended: true,
  dialects: shared,
  summary: "A sequence is dropped that the running code may still take numbers from.",
  why: `The old release may ask for the next number by name (\`nextval('invoice_number')\`, SQLAlchemy's \`Sequence\`), and each such statement
fails. Where the sequence stood is lost: one that is made again begins anew.`,
  instead: `Release code that does not use it any more, and drop it in a later release.`,
  allowed: [
    "A sequence that goes with the column or table that owns it, and one that is not there.",
    "A sequence that is made again in the end; one that the upgrade has made itself; downgrades.",
  ],
  sources: ["https://www.postgresql.org/docs/current/sql-dropsequence.html"],
  options: {},
  examples: [
    {
      title: "A sequence that no code uses any more",
      before: `op.execute("DROP SEQUENCE invoice_number")
`,
      after: [
        `# retort: allow dropped-sequence because no release since 4.2 uses it
op.execute("DROP SEQUENCE invoice_number")
`,
      ],
    },
  ],
  catches: [
    { title: "By SQLAlchemy", code: `op.execute(sa.schema.DropSequence(sa.Sequence("invoice_number")))\n` },
    { title: "In a schema", code: `op.execute("DROP SEQUENCE app.invoice_number")\n` },
  ],
  passes: [
    {
      title: "A sequence that went with its table",
      code: `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))
-- versions/0002_drop.py --
op.drop_table("users")
op.execute("DROP SEQUENCE IF EXISTS users_id_seq")
`,
    },
    {
      title: "A sequence of its own",
      code: `op.execute("CREATE SEQUENCE scratch")\nop.execute("DROP SEQUENCE scratch")\n`,
    },
  ],
  yieldsTo: ["cascade"],
  *detect(subject) {
    for (const { one, thing } of lossesIn(subject)) {
      if (one.operation.kind !== "drop_sequence" || thing.type !== "sequence") continue;
      if (one.operation.details.ifExists && one.schema.sequence(thing.name) === "absent") continue;
      const dropped: Dropped = { ...at(one), name: renderName(thing.name) };
      yield dropped;
    }
  },
  message: ({ name }) => `Code that still takes numbers from "${name}" fails once this has run.`,
});
