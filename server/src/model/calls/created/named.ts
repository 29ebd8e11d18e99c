/** Schemas, sequences and types as objects of SQLAlchemy that are created and dropped by themselves. */
import type { ActionKind, Dialect } from "../../../sql/action.ts";
import type { Call } from "../../../syntax/value.ts";
import { bind } from "../arguments.ts";
import { action, present, type Sketch } from "../draft.ts";
import { optionsOf } from "../elements/server-default.ts";
import { onNamed } from "../entities.ts";
import { nameOf } from "../terms.ts";
import { readType } from "../types/index.ts";

export type Way = "create" | "drop";

export function readNamed(way: Way, entity: "schema" | "sequence", name: string | undefined, schema?: string): Sketch {
  const kind: ActionKind = `${way}_${entity}`;
  return {
    action: action({ kind, effect: "schema", name, touches: onNamed(way, entity, name, schema) }),
    doubts: name === undefined ? [`the ${entity}'s name is not known`] : [],
  };
}

const ofSequence = [
  "name",
  "start",
  "increment",
  "minvalue",
  "maxvalue",
  "nominvalue",
  "nomaxvalue",
  "cycle",
  "schema",
];

export function readSequence(way: Way, value: Call, dialect: Dialect): Sketch {
  const bound = bind(value.args, ofSequence);
  const sketch = readNamed(way, "sequence", nameOf(bound.get("name")), nameOf(bound.get("schema")));
  if (way === "drop") return sketch;
  const type = bound.get("data_type");
  const sequence = { ...optionsOf(bound), ...present({ type: type && readType(type, dialect).type }) };
  return { ...sketch, action: { ...sketch.action, details: { ...sketch.action.details, sequence } } };
}

/** `sa.Enum(…).create(bind)`, `DOMAIN(…).create(bind)`. */
export function readTypeObject(way: Way, value: Call, dialect: Dialect): Sketch {
  const own = readType(value, "postgresql").own;
  const made = way === "create" && dialect === "postgresql";
  return {
    action: action({
      kind: `${way}_type`,
      effect: "schema",
      name: own?.name.name,
      touches: own ? onNamed(way, "type", own.name.name, own.name.schema) : [],
      details: {
        enumTypes: made && own?.enum ? [own.enum] : undefined,
        typeKind: made && own ? (own.enum ? "enum" : "domain") : undefined,
        newSqlType: made ? own?.beneath : undefined,
      },
    }),
    doubts: own ? [] : ["the type's name is not known"],
  };
}
