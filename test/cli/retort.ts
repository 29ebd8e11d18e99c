/** The command line on files in memory. */
import { WriteRefused, type Io } from "../../server/src/cli/io.ts";
import { run } from "../../server/src/cli/run.ts";
import type { Repository } from "../../server/src/project/ports.ts";
import { applyEdits } from "../../server/src/text/edit.ts";
import { memoryFiles } from "../support/memory.ts";
import { readFixture } from "../support/txtar.ts";

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** Files afterwards, relative to the working directory. */
  readonly files: ReadonlyMap<string, string>;
}

const cwd = "/repo";

/** What a fixture gets that says nothing of settings: these tests are not about how many rules there are. */
const oneRule = ["retort.toml", 'preset = "off"\nrules.mixed-schema-and-data = "warning"\n'] as const;

/** Runs the command in `/repo`, where the fixture's members lie. */
export async function retort(
  argv: readonly string[],
  source: string,
  locked: readonly string[] = [],
  environment: Io["environment"] = {},
  repository?: Repository,
): Promise<Ran> {
  const { files } = readFixture(source);
  const isSet = [...files.keys()].some((path) => /(?:^|\/)(?:retort|pyproject)\.toml$/.test(path));
  const memory = memoryFiles(
    new Map([...(isSet ? [] : [oneRule]), ...files].map(([path, text]) => [`${cwd}/${path}`, text])),
  );
  for (const path of locked) memory.lock(`${cwd}/${path}`);
  let out = "";
  let err = "";
  const io: Io = {
    cwd,
    files: memory,
    environment,
    colours: false,
    ...(repository && { repository }),
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    save: (path, text) => {
      if (path.includes("/denied/")) return Promise.reject(new WriteRefused("permission denied"));
      memory.texts.set(path, text);
      return Promise.resolve();
    },
    write: async ({ create, edit }) => {
      const taken = create.find(({ path }) => memory.texts.has(path));
      if (taken !== undefined) throw new WriteRefused(`${taken.path} exists`);
      for (const { path, text } of create) memory.texts.set(path, text);
      for (const { path, edits } of edit) memory.texts.set(path, applyEdits(memory.texts.get(path) ?? "", edits));
      return Promise.resolve();
    },
  };
  const code = await run(argv, io);
  if (!isSet) memory.texts.delete(`${cwd}/${oneRule[0]}`);
  const after = new Map([...memory.texts].map(([path, text]) => [path.slice(cwd.length + 1), text]));
  return { code, out, err, files: after };
}

export const ini = `-- alembic.ini --
[alembic]
script_location = %(here)s/migrations
sqlalchemy.url = postgresql://localhost/shop
-- migrations/env.py --
from alembic import context
`;

/** A project whose second revision mixes schema and data, like the first example of the rule. */
export const mixed = `${ini}-- migrations/versions/0001_users.py --
op.create_table(
    "users",
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("first_name", sa.String(100)),
    sa.Column("last_name", sa.String(100)),
)
-- migrations/versions/0002_full_name.py --
op.add_column("users", sa.Column("full_name", sa.String(200)))

connection = op.get_bind()
connection.execute(
    sa.text("UPDATE users SET full_name = first_name || ' ' || last_name")
)

op.drop_column("users", "first_name")
op.drop_column("users", "last_name")
`;

export const clean = `${ini}-- migrations/versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))
`;
