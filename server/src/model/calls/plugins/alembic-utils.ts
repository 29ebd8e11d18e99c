/**
 * Directives of alembic_utils, https://github.com/olirice/alembic_utils: an entity is built in the file and written as
 * SQL. The SQL here is what its `to_sql_statement_…` methods write.
 */
import type { Value } from "../../../syntax/value.ts";
import { parseSql } from "../../../sql/parse.ts";
import { bind, flag, type Bound } from "../arguments.ts";
import type { Directive } from "../directives/directive.ts";
import { opaque, type Sketch } from "../draft.ts";
import { booleanOf, lastOf, nameOf, textOf, whyUnknown } from "../terms.ts";

type Way = "create" | "replace" | "drop";

/** An entity by its parts, each as it is given. */
interface Entity {
  readonly schema: string;
  readonly signature: string;
  readonly definition: string;
  readonly on: string;
  readonly bound: Bound;
}

const quoted = (name: string): string => `"${name.replaceAll('"', "")}"`;
const inSchema = ({ schema, signature }: Entity): string => `${quoted(schema)}.${quoted(signature)}`;

type Write = (entity: Entity, way: Way) => string;

/** A name with its parameters; DROP does with the name alone. */
const callable =
  (noun: string): Write =>
  (entity, way) => {
    const { schema, signature, definition } = entity;
    const [name = "", ...rest] = signature.split("(");
    const path = `${quoted(schema)}.${quoted(name.trim())}`;
    if (way === "drop") return `DROP ${noun} ${path}`;
    return `CREATE ${way === "replace" ? "OR REPLACE " : ""}${noun} ${path}(${rest.join("(")} ${definition}`;
  };

const writers: Readonly<Record<string, Write>> = {
  PGFunction: callable("FUNCTION"),
  PGProcedure: callable("PROCEDURE"),
  PGView: (entity, way) =>
    way === "drop"
      ? `DROP VIEW ${inSchema(entity)}`
      : `CREATE ${way === "replace" ? "OR REPLACE " : ""}VIEW ${inSchema(entity)} AS ${entity.definition}`,
  PGMaterializedView: (entity, way) => {
    const drop = `DROP MATERIALIZED VIEW ${way === "replace" ? "IF EXISTS " : ""}${inSchema(entity)}`;
    if (way === "drop") return drop;
    const data = booleanOf(entity.bound.get("with_data")) === false ? "WITH NO DATA" : "WITH DATA";
    const query = entity.definition.trimEnd().replace(/;$/, "");
    const create = `CREATE MATERIALIZED VIEW ${inSchema(entity)} AS ${query} ${data}`;
    return way === "replace" ? `${drop}; ${create}` : create;
  },
  PGTrigger: (entity, way) => {
    const { signature, definition, on, bound } = entity;
    const drop = `DROP TRIGGER ${way === "replace" ? "IF EXISTS " : ""}${quoted(signature)} ON ${on}`;
    if (way === "drop") return drop;
    const constraint = booleanOf(bound.get("is_constraint")) === true ? "CONSTRAINT " : "";
    const create = `CREATE ${constraint}TRIGGER ${quoted(signature)} ${definition}`;
    return way === "replace" ? `${drop}; ${create}` : create;
  },
  PGPolicy: ({ signature, definition, on }, way) => {
    const drop = `DROP POLICY ${way === "replace" ? "IF EXISTS " : ""}${signature} ON ${on}`;
    if (way === "drop") return drop;
    const create = `CREATE POLICY ${signature} ON ${on} ${definition}`;
    return way === "replace" ? `${drop}; ${create}` : create;
  },
  PGExtension: ({ schema, signature }, way) =>
    way === "drop"
      ? `DROP EXTENSION ${quoted(signature)}`
      : `CREATE EXTENSION ${quoted(signature)} WITH SCHEMA ${quoted(schema)}`,
};

const parameters: Readonly<Record<string, readonly string[]>> = {
  PGTrigger: ["schema", "signature", "definition", "on_entity", "is_constraint"],
  PGPolicy: ["schema", "signature", "definition", "on_entity"],
  PGMaterializedView: ["schema", "signature", "definition", "with_data"],
};

function readEntity(value: Value | undefined, way: Way, cascade: boolean): readonly Sketch[] {
  const made = value?.kind === "call" ? value : undefined;
  const type = made && lastOf(made.callee);
  if (made === undefined || type === undefined) return [opaque("schema", whyUnknown(value, "the entity"))];
  if (type === "PGGrantTable") return [opaque("maintenance", "rights on a table are granted or revoked")];
  const write = Object.hasOwn(writers, type) ? writers[type] : undefined;
  const bound = bind(made.args, parameters[type] ?? ["schema", "signature", "definition"]);
  const part = (name: string): string | undefined => nameOf(bound.get(name));
  const [schema, signature] = [part("schema"), part("signature")];
  const definition = type === "PGExtension" || way === "drop" ? "" : textOf(bound.get("definition"));
  const on = type === "PGTrigger" || type === "PGPolicy" ? part("on_entity") : "";
  if (
    write === undefined ||
    schema === undefined ||
    signature === undefined ||
    definition === undefined ||
    on === undefined
  )
    return [opaque("schema", `what the \`${type}\` holds is not known`)];
  const sql = write({ schema, signature, definition, on, bound }, way) + (cascade ? " CASCADE" : "");
  return parseSql(sql, "postgresql").flatMap(({ actions, why }) =>
    actions.map((action): Sketch => ({
      action,
      doubts: why === undefined ? [] : [why],
      ...(action.kind === "opaque" && { opaque: true }),
    })),
  );
}

const directive = (way: Way): Directive => ({
  parameters: ["target", "cascade"],
  table: null,
  read: ({ bound }) => readEntity(bound.get("target"), way, flag(bound, "cascade") === true),
});

export const alembicUtils: readonly (readonly [name: string, directive: Directive])[] = [
  ["create_entity", directive("create")],
  ["replace_entity", directive("replace")],
  ["drop_entity", directive("drop")],
];
