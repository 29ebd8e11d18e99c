/** `user.roles.append(role)`: a relationship between rows, changed through an object. */
import type { Call, Value } from "../../syntax/value.ts";
import { anyWithin, lastName } from "../values.ts";
import type { CallReading } from "../reading.ts";
import { action, draft, opaque, placeOf } from "./draft.ts";
import { onTable } from "./entities.ts";
import { tableOf } from "./tables.ts";

const additions = new Set(["append", "extend", "add", "insert"]);
const removals = new Set(["remove", "discard", "clear", "pop"]);

/**
 * What a change of a relationship writes: rows of the table between both, where the model names one as `secondary`.
 * `undefined`: the call changes no relationship that a model of the project declares.
 */
export function readRelationship(call: Call): CallReading | undefined {
  const { callee } = call;
  if (callee.kind !== "member" || callee.of.kind !== "member") return undefined;
  if (!additions.has(callee.name) && !removals.has(callee.name)) return undefined;
  const { of, name } = callee.of;
  const relationship = relationshipNamed(of, name);
  if (!relationship) return undefined;
  const place = placeOf(call, "orm");
  const secondary = relationship.args.find((argument) => argument.name === "secondary")?.value;
  const table = secondary && tableOf(secondary)?.name;
  const kind = additions.has(callee.name) ? "insert" : "delete";
  if (!table) {
    const unknown = opaque("data", `what the relationship \`${name}\` writes is not known`);
    return { drafts: [draft({ ...unknown, action: { ...unknown.action, kind: "insert" } }, place)] };
  }
  const made = action({ kind, effect: "data", table, touches: onTable(kind, table), incomplete: true });
  return { drafts: [draft({ action: made, doubts: ["which rows the relationship writes is not known"] }, place)] };
}

/** The declaration of the name in the model that the object is of. */
function relationshipNamed(object: Value, name: string): Call | undefined {
  let found: Call | undefined;
  anyWithin(object, (part) => {
    const member = part.kind === "class" ? part.members?.get(name) : undefined;
    if (member?.kind !== "call" || !["relationship", "relation", "backref"].includes(lastName(member) ?? ""))
      return false;
    found = member;
    return true;
  });
  return found;
}
