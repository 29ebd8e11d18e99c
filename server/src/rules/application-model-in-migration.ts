import type { ForeignCode } from "../model/revision.ts";
import type { ProjectConfig } from "../project/snapshot.ts";
import { at, defineRule, type Found } from "./define.ts";

interface Live extends Found {
  readonly name: string;
  readonly isModel: boolean;
}

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
  summary: "The revision queries through a model of the application, or hands the database to the application's code.",
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
      const { application, kind } = one.operation;
      if (application === undefined || isKeptWithMigrations(application, config)) continue;
      const { name } = application;
      const key = `${one.direction.name} ${name}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const live: Live = { ...at(one), name, isModel: kind !== "opaque" };
      yield live;
    }
  },
  message: ({ name, isModel }) =>
    isModel
      ? `${name} is the application's model as it is today: when it changes, this revision breaks.`
      : `${name} is the application's code and gets access to the database: when it changes, this revision does something else.`,
  refactorings: ["freeze-models"],
});
