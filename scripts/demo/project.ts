import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { run } from "../host/run.ts";
import type { Scope } from "../host/scope.ts";
import { fillShop } from "./fill.ts";
import type { Postgres } from "./postgres.ts";
import { interpreterOf } from "./python.ts";
import { shop } from "./shop.ts";

export interface DemoProject {
  readonly folder: string;
  readonly database: string;
  readonly rows: number;
}

/** A copy of the sample shop whose database stands some revisions before the head, with rows in its tables. */
export async function createProject(scope: Scope, postgres: Postgres, environment: string): Promise<DemoProject> {
  const folder = copyShop(scope.folder("demo"), environment);
  await postgres.createDatabase("shop");
  const database = postgres.url("shop");
  connect(folder, database);
  await run(interpreterOf(environment), ["-m", "alembic", "upgrade", shop.standing], {
    scope,
    cwd: folder,
    doing: "Running the sample's migrations",
  });
  return { folder, database, rows: await postgres.withClient("shop", fillShop) };
}

/** Copies the sample into `parent`; its `.venv` is the environment given. */
export function copyShop(parent: string, environment?: string): string {
  const folder = path.join(parent, "shop");
  cpSync(shop.folder, folder, { recursive: true, filter: (file) => !file.endsWith("__pycache__") });
  if (environment !== undefined) symlinkSync(environment, path.join(folder, ".venv"), "junction");
  const quiet = { "files.exclude": { "**/__pycache__": true, "**/.venv": true, "**/.vscode": true } };
  mkdirSync(path.join(folder, ".vscode"));
  writeFileSync(path.join(folder, ".vscode", "settings.json"), JSON.stringify(quiet, null, 2));
  return folder;
}

/** Writes the address of a database into the project's `alembic.ini`. */
export function connect(folder: string, database: string): void {
  const file = path.join(folder, "alembic.ini");
  const address = database.replace(/^postgresql:/, "postgresql+psycopg:").replaceAll("%", "%%");
  const text = readFileSync(file, "utf8").replace(/^sqlalchemy\.url = .*$/m, () => `sqlalchemy.url = ${address}`);
  writeFileSync(file, text);
}
