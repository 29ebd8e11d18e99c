/** The naming convention of the metadata that env.py hands to Alembic: what names constraints get that are given none. */
import { argumentOf, calleeName } from "./env-run.ts";
import { isKnown } from "../syntax/text.ts";
import type { Call, Definition, Mapping, Value } from "../syntax/value.ts";

/** From `ix`, `uq`, `ck`, `fk`, `pk` and the project's own tokens to the pattern. */
export type NamingConvention = ReadonlyMap<string, string>;

/** SQLAlchemy's own, where the metadata is given none. */
export const defaultConvention: NamingConvention = new Map([["ix", "ix_%(column_0_label)s"]]);

const maximalDepth = 12;

/** Of what is given as `target_metadata`; undefined where that is not known. */
export function conventionOf(value: Value, depth = 0): NamingConvention | undefined {
  if (depth > maximalDepth) return undefined;
  switch (value.kind) {
    case "scalar":
      return value.value === null ? defaultConvention : undefined;
    case "sequence":
      // Alembic looks for the convention of one metadata, and a list of several has none.
      return defaultConvention;
    case "choice":
      return agreed(value.options.map((option) => conventionOf(option, depth + 1)));
    case "call":
      return isFrom(value.callee, "MetaData") ? ofMetadata(value) : undefined;
    case "member":
      return value.name === "metadata" ? ofOwner(value.of, depth + 1) : undefined;
    default:
      return undefined;
  }
}

const isFrom = (callee: Value, name: string): boolean =>
  callee.kind === "reference" && callee.path.startsWith("sqlalchemy.") && callee.path.endsWith(`.${name}`);

function ofMetadata(call: Call): NamingConvention | undefined {
  if (call.args.some(({ starred }) => starred)) return undefined;
  const given = argumentOf(call, "naming_convention", 2);
  if (given === undefined || (given.kind === "scalar" && given.value === null)) return defaultConvention;
  return given.kind === "mapping" ? readConvention(given) : undefined;
}

const standard = ["ix", "uq", "ck", "fk", "pk"];

/** SQLAlchemy takes the classes as keys as well. */
const classes: Readonly<Record<string, string>> = {
  Index: "ix",
  UniqueConstraint: "uq",
  CheckConstraint: "ck",
  ForeignKeyConstraint: "fk",
  PrimaryKeyConstraint: "pk",
};

/** Tokens that functions make are left out: a pattern that names one cannot be followed. */
export function readConvention({ entries, complete }: Mapping): NamingConvention | undefined {
  if (!complete) return undefined;
  const found = new Map<string, string>();
  for (const [key, value] of entries) {
    const name = isKnown(key)
      ? key.text
      : key.kind === "reference"
        ? classes[key.path.split(".").at(-1) ?? ""]
        : undefined;
    if (name === undefined) return undefined;
    if (isKnown(value)) found.set(name, value.text);
    else if (standard.includes(name)) return undefined;
  }
  return found.size === 0 ? defaultConvention : found;
}

/** Of the object whose attribute `metadata` is asked for: a declarative base, a registry, Flask-SQLAlchemy's `db`. */
function ofOwner(owner: Value, depth: number): NamingConvention | undefined {
  if (depth > maximalDepth) return undefined;
  if (owner.kind === "class") return ofClass(owner, depth);
  if (owner.kind === "choice") return agreed(owner.options.map((option) => ofOwner(option, depth + 1)));
  if (owner.kind !== "call") return undefined;
  if (owner.callee.kind === "member")
    return owner.callee.name === "generate_base" ? ofOwner(owner.callee.of, depth + 1) : undefined;
  if (!makers.has(calleeName(owner) ?? "") || owner.callee.kind !== "reference") return undefined;
  if (owner.args.some(({ starred }) => starred)) return undefined;
  const metadata = owner.args.find(({ name }) => name === "metadata")?.value;
  const model = owner.args.find(({ name }) => name === "model_class")?.value;
  if (metadata !== undefined) return conventionOf(metadata, depth + 1);
  return model === undefined ? defaultConvention : ofOwner(model, depth + 1);
}

const makers = new Set(["declarative_base", "automap_base", "registry", "SQLAlchemy"]);

function ofClass({ members, bases = [] }: Definition, depth: number): NamingConvention | undefined {
  const own = members?.get("metadata");
  if (own !== undefined) return conventionOf(own, depth + 1);
  const registry = members?.get("registry");
  if (registry !== undefined) return ofOwner(registry, depth + 1);
  for (const base of bases) {
    const inherited =
      isFrom(base, "DeclarativeBase") || isFrom(base, "DeclarativeBaseNoMeta")
        ? defaultConvention
        : ofOwner(base, depth + 1);
    if (inherited !== undefined) return inherited;
  }
  return undefined;
}

function agreed(all: readonly (NamingConvention | undefined)[]): NamingConvention | undefined {
  const [first] = all;
  const texts = new Set(all.map((one) => one && JSON.stringify([...one].sort())));
  return texts.size === 1 ? first : undefined;
}
