/** The folder that VS Code opens in the tests: copies of the sample shop in various states, with real databases. */
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fillShop } from "../../scripts/demo/fill.ts";
import { type Postgres, startPostgres } from "../../scripts/demo/postgres.ts";
import { connect, copyShop } from "../../scripts/demo/project.ts";
import { shop } from "../../scripts/demo/shop.ts";
import { run } from "../../scripts/host/run.ts";
import type { Scope } from "../../scripts/host/scope.ts";
import { pythonWithAlembic } from "../support/python.ts";

export interface Ground {
  readonly postgres: Postgres;
  readonly python: string;
  /** The environment that `python` belongs to. */
  readonly environment: string;
}

export async function prepareGround(scope: Scope): Promise<Ground> {
  const python = await pythonWithAlembic();
  return { postgres: await startPostgres(scope), python, environment: path.dirname(path.dirname(python)) };
}

export interface ShopOptions {
  /** Name of a database to make, upgrade to the demo's standing and fill; without it the project names one that is not there. */
  readonly database?: string;
  /** `false`: the project has no Python of its own. */
  readonly python?: boolean;
}

/** A copy of the sample shop in a folder of its own below `parent`. */
export async function placeShop(scope: Scope, ground: Ground, parent: string, options: ShopOptions): Promise<string> {
  mkdirSync(parent, { recursive: true });
  const folder = copyShop(parent, options.python === false ? undefined : ground.environment);
  const { database } = options;
  if (database === undefined) {
    connect(folder, "postgresql://retort:secret-word@127.0.0.1:1/nowhere");
    return folder;
  }
  const { postgres } = ground;
  await postgres.createDatabase(database);
  connect(folder, postgres.url(database));
  await run(ground.python, ["-m", "alembic", "upgrade", shop.standing], {
    scope,
    cwd: folder,
    doing: "alembic upgrade",
  });
  await postgres.withClient(database, fillShop);
  return folder;
}

/** Files that a reader must survive, as revisions of a project of their own. */
export function placeBadFiles(parent: string): string {
  const folder = path.join(parent, "odd");
  const versions = path.join(folder, "migrations", "versions");
  mkdirSync(versions, { recursive: true });
  cpSync(path.join(shop.folder, "migrations", "env.py"), path.join(folder, "migrations", "env.py"));
  writeFileSync(path.join(folder, "alembic.ini"), "[alembic\nscript_location = migrations\n= what\n");
  const revision = (id: string, down: string | undefined, body: string): string =>
    `from alembic import op\nimport sqlalchemy as sa\n\nrevision = "${id}"\n` +
    `down_revision = ${down === undefined ? "None" : `"${down}"`}\n\n\ndef upgrade():\n${body}\n`;
  const mixed = `    op.add_column("t", sa.Column("a", sa.Text()))\n    op.execute("UPDATE t SET a = 'x'")\n    op.drop_column("t", "b")`;
  // Under and over the 5 MB up to which files are read.
  const row = '    ("a long row of text that says nothing", 1, 2, 3),\n';
  const files: Readonly<Record<string, string>> = {
    "empty.py": "",
    "not_python.py": "<html>%%% this is no Python at all (((\n",
    "half_typed.py": `${revision("half1", undefined, mixed)}    op.create_index("ix", "t", [\n`,
    "twice_a.py": revision("twice", "half1", "    pass"),
    "twice_b.py": revision("twice", "half1", "    pass"),
    "orphan.py": revision("orphan", "nobody_knows", "    pass"),
    "windows.py": `\uFEFF${revision("windows", "twice", mixed)}`.replaceAll("\n", "\r\n"),
    "tabs.py": revision("tabs", "windows", mixed.replaceAll("    ", "\t")),
    "large.py": `${revision("large", "tabs", mixed)}\nROWS = [\n${row.repeat(85_000)}]\n`,
    "too_large.py": `${revision("too_large", "large", mixed)}\nROWS = [\n${row.repeat(100_000)}]\n`,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(versions, name), text);
  return folder;
}
