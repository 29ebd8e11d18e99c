/** Calls of code that the file does not show: what is handed a connection may do anything with it. */
import type { Call, Value } from "../../syntax/value.ts";
import { columnCall } from "./columns.ts";
import { opaque, type Sketch } from "./draft.ts";
import { roleOf } from "./roles.ts";
import { splitPath } from "./terms.ts";

/** Libraries whose functions do nothing to a database by being handed a connection. */
const harmless = new Set(
  (
    "builtins sqlalchemy alembic sqlmodel logging typing functools contextlib itertools operator collections copy inspect json re os sys time datetime uuid enum " +
    "warnings pprint types dataclasses abc traceback textwrap string random math decimal pathlib"
  ).split(" "),
);

/** What code from elsewhere may do to the database. `undefined`: nothing says that it is about one. */
export function readForeign(call: Call): Sketch | undefined {
  const { callee } = call;
  if (callee.kind === "reference") {
    if (harmless.has(callee.path.split(".")[0] ?? "")) return undefined;
    const { name } = splitPath(callee.path);
    // Making an object is taken to do nothing yet: its methods are looked at.
    if (/^[A-Z]/.test(name)) return undefined;
    if (hands(call)) return opaque("unknown", `\`${callee.path}\` is handed the database`);
    return isMigrating(callee.path, name) || call.args.some(({ value }) => columnCall(value) !== undefined)
      ? opaque("unknown", `\`${callee.path}\` is not in this file`)
      : undefined;
  }
  if (callee.kind === "unknown")
    return hands(call) ? opaque("unknown", `what is called is not known: ${callee.why}`) : undefined;
  if (callee.kind !== "member") return undefined;
  const receiver = callee.of;
  if (
    receiver.kind === "call" &&
    receiver.callee.kind === "reference" &&
    hands(receiver) &&
    !harmless.has(receiver.callee.path.split(".")[0] ?? "")
  ) {
    return opaque("unknown", `\`${receiver.callee.path}\` holds the database`);
  }
  const own = roleOf(receiver);
  if (own !== "other" || !["unknown", "member", "item", "call"].includes(receiver.kind)) return undefined;
  return hands(call) ? opaque("unknown", `\`${callee.name}\` is handed the database`) : undefined;
}

const live = new Set(["op", "batch", "connection", "session", "context"]);

/** An argument is a connection or a session, or a list that holds one. */
export const hands = (call: Call): boolean => call.args.some(({ value }) => holds(value));

function holds(value: Value): boolean {
  if (value.kind === "sequence") return value.items.some((item) => live.has(roleOf(item)));
  if (value.kind === "mapping") return value.entries.some(([, entry]) => live.has(roleOf(entry)));
  return live.has(roleOf(value));
}

const verbs =
  /^(?:add|create|drop|alter|rename|remove|delete|update|insert|upgrade|downgrade|migrate|change|modify|execute|run|fill|populate|backfill|convert)(?:_|$)/;

/** `app.migrations.util.drop_columns`: a function whose module and name say that it migrates. */
const isMigrating = (path: string, name: string): boolean =>
  verbs.test(name) &&
  /(?:^|[._])(?:migrations?|alembic|versions|revisions?|schema|db)(?:[._]|$)/i.test(splitPath(path).parent);
