/**
 * The mapped classes that a revision imports from the application, as they are now. Only edits ask for them, so they are
 * no part of a reading.
 */
import type { QualifiedName } from "../sql/action.ts";
import { isImport, readImport } from "../syntax/imports.ts";
import { interpretModule } from "../syntax/interpret.ts";
import type { Modules } from "../syntax/interpreter.ts";
import { textOf, walk } from "../syntax/node.ts";
import { parseSource } from "../syntax/source.ts";
import type { Argument, Definition, Value } from "../syntax/value.ts";
import { columnOfAttribute, isModel, tableOf } from "./calls/tables.ts";
import { built } from "./calls/terms.ts";
import { resolveStar } from "./read.ts";
import type { RevisionFile } from "./revision.ts";

export interface ModelColumn {
  /** In the database. */
  readonly name: string;
  /** Python computes a value where an insert, or an update, gives none. */
  readonly fillsInsert: boolean;
  readonly fillsUpdate: boolean;
  /** The server, or the primary key's own sequence, fills it. */
  readonly isFilledByServer: boolean;
  /** Its type is not SQLAlchemy's: values may be changed on their way. */
  readonly hasOwnType: boolean;
}

export interface LiveModel {
  /** As the file calls it. */
  readonly name: string;
  readonly table: QualifiedName;
  /** By attribute. */
  readonly columns: ReadonlyMap<string, ModelColumn>;
  /** It shares its table with other classes, or rules of its own decide which rows it has. */
  readonly isMappedSpecially: boolean;
}

/** By the names under which the file imports them; of modules that could not be read there are none. */
export function liveModelsOf({ text, path }: RevisionFile, modules: Modules): ReadonlyMap<string, LiveModel> {
  const nodes = parseSource(text).statements.flatMap((statement) => [...walk(statement)].filter(isImport));
  const names = [...new Set(nodes.flatMap((node) => readImport(node, text).names.map(({ name }) => name)))];
  // A module is read when one of its names is asked for.
  const asked = names.map((name, i) => `_${i}_ = ${name}`);
  const imports = nodes.map((node) => textOf(text, node).replaceAll(/\s+/g, " "));
  const vm = interpretModule(parseSource(`${[...imports, ...asked].join("\n")}\n`), resolveStar, { path, modules });
  const found = new Map<string, LiveModel>();
  for (const [i, name] of names.entries()) {
    const value = vm.module.names.get(`_${i}_`);
    const model = value?.kind === "class" && isModel(value) ? readModel(name, value) : undefined;
    if (model) found.set(name, model);
  }
  return found;
}

function readModel(name: string, model: Definition): LiveModel | undefined {
  const table = tableOf(model)?.name;
  if (!table || model.members?.has("__table__") === true) return undefined;
  const columns = new Map<string, ModelColumn>();
  const classes = linesOf(model);
  for (const one of classes)
    for (const [attribute, value] of one.members ?? [])
      if (!columns.has(attribute) && value.kind === "call" && built(value) === "Column")
        columns.set(attribute, readColumn(columnOfAttribute(one, attribute), value.args));
  const isMappedSpecially = classes.some(({ members }) => members?.has("__mapper_args__") === true);
  return { name, table, columns, isMappedSpecially };
}

/** The class and those that it inherits from, nearest first. */
const linesOf = (model: Definition, depth = 8): readonly Definition[] => [
  model,
  ...(depth === 0 ? [] : (model.bases ?? [])).flatMap((base) =>
    base.kind === "class" ? linesOf(base, depth - 1) : [],
  ),
];

function readColumn(name: string, args: readonly Argument[]): ModelColumn {
  const has = (...names: readonly string[]): boolean => args.some((argument) => names.includes(argument.name ?? ""));
  return {
    name,
    fillsInsert: has("default", "insert_default", "default_factory"),
    fillsUpdate: has("onupdate"),
    isFilledByServer:
      has("server_default", "primary_key") ||
      args.some(({ value }) => ["Identity", "Sequence", "Computed"].includes(built(value) ?? "")),
    hasOwnType: args.some(
      ({ name: keyword, value }) => (keyword === undefined || keyword === "type_") && isForeign(value),
    ),
  };
}

/** A class of the application, or an object of one, or what was imported from elsewhere. */
function isForeign(value: Value): boolean {
  if (value.kind === "class") return true;
  // The members of a Python enumeration are no values of the server's.
  if (built(value) === "Enum") return value.kind === "call" && value.args.some((one) => isForeign(one.value));
  if (value.kind === "call")
    return built(value) === undefined && (isForeign(value.callee) || value.callee.kind === "reference");
  return value.kind === "reference" && !/^(?:sqlalchemy|sqlmodel|geoalchemy2|pgvector)\b/.test(value.path);
}
