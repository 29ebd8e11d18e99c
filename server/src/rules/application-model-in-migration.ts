import type { ForeignCode } from "../model/revision.ts";
import type { ProjectConfig } from "../project/snapshot.ts";
import { at, defineRule, type Found } from "./define.ts";

interface Live extends Found {
  readonly name: string;
  readonly is: "model" | "metadata" | "code";
}

const sayings: Readonly<Record<Live["is"], string>> = {
  model: "is the application's model as it is today: when it changes, this revision breaks.",
  metadata: "is what the application's models say today: when they change, this revision makes or drops other tables.",
  code: "is the application's code and gets access to the database: when it changes, this revision does something else.",
};

/** A module among migrations, by its dotted name. */
const ofMigrations = /(?:^|\.)_?(?:db_)?(?:migrations?|alembic\w*|versions)(?:\.|$)/;

/** What is kept with the migrations changes no more than these. */
const isKeptWithMigrations = (
  { name, path }: ForeignCode,
  { scriptLocation, versionLocations }: ProjectConfig,
): boolean =>
  path === undefined
    ? ofMigrations.test(name)
    : [scriptLocation, ...versionLocations].some((folder) => folder !== undefined && path.startsWith(`${folder}/`));

export const applicationModelInMigration = defineRule({
  id: "application-model-in-migration",
  group: "history",
  severity: "warning",
  recommended: true,
  reach: "file",
  summary: "The revision works with a model of the application, or hands the database to the application's code.",
  why: `A revision is run for years, on every new database; the application's code goes on changing. As soon as the model has a column that a later revision adds, this one selects it
before it is there and fails, on the machine of whoever sets up a new database.`,
  instead: `Write down what the revision needs, in the revision: \`users = sa.table("users", sa.column("id"), sa.column("name"))\`, or a small model class of its own. Copy the function that it calls.`,
  allowed: [
    "Types, constants and enumerations of the application: autogenerate writes such imports itself.",
    "Helpers that lie with the migrations (`…migrations.utils`, a module beside the revisions).",
    "Models that the revision defines itself.",
    "Functions of the project that could be read: what they do is judged as if it stood in the revision.",
  ],
  sources: [
    "https://alembic.sqlalchemy.org/en/latest/cookbook.html#data-migrations-general-techniques",
    "https://alembic.sqlalchemy.org/en/latest/ops.html#alembic.operations.Operations.bulk_insert",
  ],
  options: {},
  examples: [
    {
      title: "A query through a model",
      before: `from app.models import User
session = sa.orm.Session(bind=op.get_bind())
session.query(User).filter(User.role == "user").update({"role": "member"})
`,
      after: [
        `users = sa.table("users", sa.column("role"))
op.execute(users.update().where(users.c.role == "user").values(role="member"))
`,
      ],
    },
  ],
  catches: [
    {
      title: "A model's table",
      code: `from app.models import User\nop.execute(User.__table__.update().where(User.id == 1).values(role="x"))\n`,
    },
    {
      title: "All tables of the application",
      code: `from app.db import Base\nBase.metadata.create_all(op.get_bind())\n`,
    },
    {
      title: "A column of a model",
      code: `from app.models import User\nids = op.get_bind().execute(sa.select(User.id)).scalars()\n`,
    },
    {
      title: "A function that is handed the connection",
      code: `from app.services import recalculate\nrecalculate(op.get_bind())\n`,
    },
  ],
  passes: [
    { title: "A type", code: `from app.types import GUID\nop.add_column("users", sa.Column("key", GUID()))\n` },
    {
      title: "A helper of the migrations",
      code: `from app.migrations.helpers import recalculate\nrecalculate(op.get_bind())\n`,
    },
  ],
  *detect({ judged, project: { config } }) {
    const seen = new Set<string>();
    for (const one of judged) {
      const { application, kind, effect } = one.operation;
      if (application === undefined || isKeptWithMigrations(application, config)) continue;
      const { name } = application;
      const key = `${one.direction.name} ${name}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const is = effect === "schema" && kind !== "opaque" ? "metadata" : kind === "opaque" ? "code" : "model";
      const live: Live = { ...at(one), name, is };
      yield live;
    }
  },
  message: ({ name, is }) => `${name} ${sayings[is]}`,
  refactorings: ["freeze-models"],
});
