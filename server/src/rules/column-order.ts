import { renderName, type ColumnDefinition } from "../sql/action.ts";
import { at, defineRule, option, type Found } from "./define.ts";

interface Padded extends Found {
  readonly table: string;
  readonly bytes: number;
}

/** Bytes of types of a fixed length, each of which begins at a multiple of that on a machine of 64 bits. */
const widths: Readonly<Record<string, number>> = {
  boolean: 1,
  smallint: 2,
  integer: 4,
  serial: 4,
  date: 4,
  real: 4,
  bigint: 8,
  bigserial: 8,
  "double precision": 8,
  "timestamp with time zone": 8,
  "timestamp without time zone": 8,
  "time without time zone": 8,
};

const widthOf = ({ sqlType }: ColumnDefinition): number | undefined =>
  sqlType && sqlType.dimensions === 0 && Object.hasOwn(widths, sqlType.name) ? widths[sqlType.name] : undefined;

/** What is lost between columns of fixed length that stand beside each other. */
function padding(all: readonly (number | undefined)[]): number {
  let at = 0;
  let lost = 0;
  for (const width of all) {
    if (width === undefined) {
      at = 0;
      continue;
    }
    const gap = (width - (at % width)) % width;
    lost += gap;
    at += gap + width;
  }
  return lost;
}

export const columnOrder = defineRule({
  id: "column-order",
  group: "correctness",
  severity: "information",
  recommended: false,
  reach: "file",
  dialects: ["postgresql"],
  summary: "The order of a new table's columns leaves gaps in every row.",
  why: `A bigint begins at a multiple of eight bytes, so behind a boolean seven bytes stay empty, in each row and for good: the order cannot be changed later without writing the table anew.`,
  instead: `Put the columns of eight bytes first, then those of four, of two and of one, and those of varying length last.`,
  allowed: ["Gaps below the option `minimumBytes` in all, and tables with a column of which the type is not known."],
  sources: ["https://www.postgresql.org/docs/current/catalog-pg-type.html"],
  options: {
    minimumBytes: option.integer({ default: 8, description: "Allow what is lost below so many bytes in each row." }),
  },
  examples: [
    {
      title: "Flags between dates",
      before: `op.create_table(
    "events",
    sa.Column("seen", sa.Boolean()),
    sa.Column("id", sa.BigInteger(), primary_key=True),
    sa.Column("done", sa.Boolean()),
    sa.Column("at", sa.DateTime(timezone=True)),
)
`,
      after: [
        `op.create_table(
    "events",
    sa.Column("id", sa.BigInteger(), primary_key=True),
    sa.Column("at", sa.DateTime(timezone=True)),
    sa.Column("seen", sa.Boolean()),
    sa.Column("done", sa.Boolean()),
)
`,
      ],
    },
  ],
  catches: [
    {
      title: "SQL text",
      code: `op.execute("CREATE TABLE t (a boolean, b bigint, c smallint, d bigint, PRIMARY KEY (b))")\n`,
    },
    { title: "Several small gaps", code: `op.execute("CREATE TABLE t (a smallint, b bigint, c integer, d bigint)")\n` },
  ],
  passes: [
    { title: "Large ones first", code: `op.execute("CREATE TABLE t (b bigint, d bigint, a boolean, c smallint)")\n` },
    {
      title: "Texts between them, whose length nobody knows",
      code: `op.execute("CREATE TABLE t (a boolean, x text, b bigint, y text, c boolean)")\n`,
    },
  ],
  *detect({ judged }, { minimumBytes }) {
    for (const one of judged) {
      const { kind, table, details } = one.operation;
      if (one.direction.name !== "upgrade" || kind !== "create_table" || !table || details.temporary) continue;
      const definitions = details.definitions ?? [];
      if (definitions.some(({ sqlType }) => sqlType === undefined)) continue;
      const bytes = padding(definitions.map(widthOf));
      if (bytes < minimumBytes) continue;
      const padded: Padded = { ...at(one), table: renderName(table), bytes };
      yield padded;
    }
  },
  message: ({ table, bytes }) =>
    `The order of these columns leaves ${String(bytes)} bytes empty in every row of ${table}.`,
});
