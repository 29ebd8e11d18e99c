import { expect, test } from "vitest";
import { envDropsForeignTables as rule } from "../../server/src/rules/env-drops-foreign-tables.ts";
import { allows, findsIn, flags } from "../support/cases.ts";

const project = (options: string, sql: string): string => `-- env.py --
from alembic import context
from app.models import Base

context.configure(connection=connection${options})
-- versions/0001_a.py --
op.execute("${sql}")
`;

const metadata = ", target_metadata=Base.metadata";

test("names the extension and what would go", () =>
  flags(
    rule,
    `-- env.py --
from alembic import context
from app.models import Base

context.configure(connection=connection, target_metadata=Base.metadata)
        ^^^^^^^^^ warning: The history installs postgis, and nothing here keeps autogenerate from dropping spatial_ref_sys.
-- versions/0001_a.py --
op.execute("CREATE EXTENSION IF NOT EXISTS postgis")
`,
  ));

test("an extension in another schema is seen with include_schemas only", async () => {
  const sql = "CREATE EXTENSION postgis WITH SCHEMA gis";
  await allows(rule, project(metadata, sql));
  expect(await findsIn(rule, project(`${metadata}, include_schemas=True`, sql))).toHaveLength(1);
});

test("TimescaleDB makes indexes of hypertables", async () => {
  const sql = "CREATE EXTENSION timescaledb";
  await allows(rule, project(metadata, sql));
  const hypertable = `${project(metadata, sql)}op.execute("SELECT create_hypertable('logs', 'at')")\n`;
  expect(await findsIn(rule, hypertable)).toEqual([
    expect.stringContaining("the indexes that create_hypertable() makes"),
  ]);
});

test.each([
  ["a filter", `${metadata}, include_object=Base.mine`],
  ["a filter by name", `${metadata}, include_name=Base.mine`],
  ["what changes the new revision", `${metadata}, process_revision_directives=Base.tidy`],
  ["no metadata", ""],
  ["options that are not known", `${metadata}, **Base.options`],
])("is silent with %s", (_, options) => allows(rule, project(options, "CREATE EXTENSION postgis")));

test("is silent without such an extension", () => allows(rule, project(metadata, "CREATE EXTENSION pg_trgm")));
