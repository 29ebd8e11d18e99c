import { renderName } from "../sql/action.ts";
import { at, defineRule, type Found } from "./define.ts";
import { lossesIn, shared, upgradeOf } from "./losses.ts";

interface Dropped extends Found {
  readonly what: "view" | "function";
  readonly name: string;
}

export const droppedViewOrFunction = defineRule({
  id: "dropped-view-or-function",
  group: "compatibility",
  severity: "warning",
  recommended: true,
  dialects: shared,
  summary: "A view or a function is dropped that the running code may still use.",
  why: `While the revision runs, and until the last instance of the old release has stopped, queries of that release reach the database. Each that
reads the view or calls the function fails. Reports and other services may use it as well, which no search in the code shows.`,
  instead: `Release code that does not use it any more, and drop it in a later release. If nothing uses it, say so:
\`# retort: allow dropped-view-or-function because …\`.`,
  allowed: [
    "A view or function that stands there again in the end: it is replaced.",
    "The function of a trigger that is dropped beside it.",
    "What the upgrade has made itself, and what is dropped only if it is there and is not.",
    "Downgrades.",
  ],
  sources: [
    "https://www.postgresql.org/docs/current/sql-dropview.html",
    "https://www.postgresql.org/docs/current/sql-dropfunction.html",
  ],
  options: {},
  examples: [
    {
      title: "A view that no code uses any more",
      before: `op.execute("DROP VIEW active_users")
`,
      after: [
        `# retort: allow dropped-view-or-function because no release since 4.2 reads it
op.execute("DROP VIEW active_users")
`,
      ],
    },
  ],
  catches: [
    { title: "A materialized view", code: `op.execute("DROP MATERIALIZED VIEW report")\n` },
    { title: "A function", code: `op.execute("DROP FUNCTION slug(text)")\n` },
    { title: "On MySQL", code: `op.execute("DROP VIEW active_users")\n`, dialect: "mysql" },
  ],
  passes: [
    {
      title: "A view that is made anew",
      code: `op.execute("DROP VIEW active_users")\nop.execute("CREATE VIEW active_users AS SELECT id FROM users")\n`,
    },
    {
      title: "The function of a trigger that goes with it",
      code: `op.execute("DROP TRIGGER keep ON users")\nop.execute("DROP FUNCTION keep()")\n`,
    },
    {
      title: "A function that the upgrade used for itself",
      code: `op.execute("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'")\nop.execute("DROP FUNCTION f()")\n`,
    },
    { title: "A view that is not there", code: `op.execute("DROP VIEW IF EXISTS active_users")\n` },
  ],
  yieldsTo: ["cascade"],
  *detect(subject) {
    const dropsTrigger = upgradeOf(subject).some(({ operation }) => operation.kind === "drop_trigger");
    for (const { one, thing } of lossesIn(subject)) {
      const { kind, details } = one.operation;
      const isView = kind === "drop_view" && thing.type === "view";
      const isFunction = kind === "drop_function" && thing.type === "function" && !dropsTrigger;
      if (!isView && !isFunction) continue;
      if (isView && details.ifExists && one.schema.view(thing.name) === "absent") continue;
      const dropped: Dropped = { ...at(one), what: isView ? "view" : "function", name: renderName(thing.name) };
      yield dropped;
    }
  },
  message: ({ what, name }) =>
    `Code that still ${what === "view" ? "reads the view" : "calls the function"} "${name}" fails once this has run.`,
});
