import { isFunctionMadeBefore } from "../facts/functions.ts";
import { namesMade } from "../schema/names.ts";
import { renderName } from "../sql/action.ts";
import { at, defineRule, type Found } from "./define.ts";
import { upgradeOf } from "./losses.ts";

interface Replaced extends Found {
  readonly name: string;
}

export const replacedFunction = defineRule({
  id: "replaced-function",
  group: "compatibility",
  severity: "information",
  recommended: false,
  dialects: ["postgresql"],
  summary: "A function of an earlier revision gets another body, for the running code as well.",
  why: `Triggers, views, defaults and the old release call the function by its name, and get the new body with the next statement after the commit.
If it does something else than before, the old release does so too.`,
  instead: `Give a function that does something else another name (\`slug_v2\`), let the new release call that, and drop the old one later. If only
a mistake was put right, say so: \`# retort: allow replaced-function because …\`.`,
  allowed: [
    "`CREATE OR REPLACE` of a function that no earlier revision has made.",
    "Functions that the upgrade has made itself; downgrades.",
  ],
  sources: ["https://www.postgresql.org/docs/current/sql-createfunction.html"],
  options: {},
  examples: [
    {
      title: "A function that does something else",
      before: `-- versions/0001_slug.py --
op.execute("CREATE FUNCTION slug(t text) RETURNS text LANGUAGE sql AS 'SELECT lower(t)'")
-- versions/0002_change.py --
op.execute("CREATE OR REPLACE FUNCTION slug(t text) RETURNS text LANGUAGE sql AS 'SELECT upper(t)'")
`,
      after: [
        `-- versions/0001_slug.py --
op.execute("CREATE FUNCTION slug(t text) RETURNS text LANGUAGE sql AS 'SELECT lower(t)'")
-- versions/0002_change.py --
op.execute("CREATE FUNCTION slug_v2(t text) RETURNS text LANGUAGE sql AS 'SELECT upper(t)'")
`,
      ],
    },
  ],
  catches: [
    {
      title: "A function that is replaced a second time",
      code: `-- versions/0001_slug.py --
op.execute("CREATE OR REPLACE FUNCTION slug(t text) RETURNS text LANGUAGE sql AS 'SELECT lower(t)'")
-- versions/0002_change.py --
op.execute("CREATE OR REPLACE FUNCTION slug(t text) RETURNS text LANGUAGE sql AS 'SELECT upper(t)'")
`,
    },
    {
      title: "The function of a trigger",
      code: `-- versions/0001_touch.py --
op.execute("CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'")
-- versions/0002_change.py --
op.execute("CREATE OR REPLACE FUNCTION public.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'")
`,
    },
  ],
  passes: [
    {
      title: "The first creation, with OR REPLACE",
      code: `op.execute("CREATE OR REPLACE FUNCTION slug(t text) RETURNS text LANGUAGE sql AS 'SELECT lower(t)'")\n`,
    },
    {
      title: "A function of its own, made twice",
      code: `op.execute("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'")
op.execute("CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 2'")
`,
    },
  ],
  *detect(subject) {
    const { project, file } = subject;
    for (const one of upgradeOf(subject)) {
      if (one.operation.kind !== "create_function" || !one.operation.details.orReplace || !one.isUnderstood) continue;
      for (const { type, name } of namesMade(one.operation)) {
        if (type !== "function" || !isFunctionMadeBefore(project, file, name)) continue;
        const replaced: Replaced = { ...at(one), name: renderName(name) };
        yield replaced;
      }
    }
  },
  message: ({ name }) =>
    `Whoever calls "${name}", the old release too, gets the new body as soon as this is committed.`,
});
