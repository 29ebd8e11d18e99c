import { renderName, type EntityType } from "../sql/action.ts";
import { at, defineRule, type Found } from "./define.ts";
import { lossesIn, shared } from "./losses.ts";

interface Renamed extends Found {
  readonly what: string;
  readonly name: string;
  readonly newName: string;
}

/** What code may name; indexes, constraints and triggers it seldom does. */
const named: Partial<Record<EntityType, string>> = {
  view: "view",
  sequence: "sequence",
  type: "type",
  function: "function",
  schema: "schema",
};

export const renamedObject = defineRule({
  id: "renamed-object",
  group: "compatibility",
  severity: "warning",
  recommended: true,
  reach: "file",
  dialects: shared,
  summary: "A view, sequence, type, function or schema is renamed in place.",
  why: `The old release names it by its old name, the new one by its new name, and the queries of one of them fail from the rename until its
last instance has been replaced. Types are named, too: drivers write casts such as \`$1::mood\` that one does not see in the code.`,
  instead: `Make the thing anew under the new name and leave the old one for a release: a view that reads the other, a function that calls the
other. A schema is best left as it is.`,
  allowed: [
    "A thing of the old name that stands there in the end, such as a type that is made anew.",
    "Indexes, constraints and triggers, which code seldom names.",
    "Things that the upgrade has made itself; downgrades.",
  ],
  sources: [
    "https://www.postgresql.org/docs/current/sql-alterview.html",
    "https://www.postgresql.org/docs/current/sql-altertype.html",
    "https://www.postgresql.org/docs/current/sql-alterschema.html",
  ],
  options: {},
  examples: [
    {
      title: "A view with a better name",
      before: `op.execute("ALTER VIEW active_users RENAME TO current_users")
`,
      after: [
        `op.execute("ALTER VIEW active_users RENAME TO current_users")
op.execute("CREATE VIEW active_users AS SELECT * FROM current_users")
`,
      ],
    },
  ],
  catches: [
    { title: "A type", code: `op.execute("ALTER TYPE mood RENAME TO feeling")\n` },
    { title: "A function", code: `op.execute("ALTER FUNCTION slug(text) RENAME TO slugify")\n` },
    { title: "A schema", code: `op.execute("ALTER SCHEMA app RENAME TO core")\n` },
  ],
  passes: [
    { title: "An index", code: `op.execute("ALTER INDEX ix RENAME TO ix_users_name")\n` },
    {
      title: "A type that is made anew",
      code: `op.execute("ALTER TYPE mood RENAME TO mood_old")\nop.execute("CREATE TYPE mood AS ENUM ('sad', 'ok')")\n`,
    },
    { title: "An attribute of a type", code: `op.execute("ALTER TYPE address RENAME ATTRIBUTE zip TO postcode")\n` },
  ],
  *detect(subject) {
    for (const { one, thing } of lossesIn(subject)) {
      const what = named[thing.type];
      const { newName } = one.operation.details;
      if (what === undefined || newName === undefined || one.operation.kind.startsWith("drop_")) continue;
      const renamed: Renamed = { ...at(one), what, name: renderName(thing.name), newName };
      yield renamed;
    }
  },
  message: ({ what, name, newName }) =>
    `Code that still names the ${what} "${name}" fails once this has run, and code that names "${newName}" fails before.`,
});
