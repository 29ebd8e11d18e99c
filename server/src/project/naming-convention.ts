/** The naming convention of the metadata that env.py hands to Alembic: what names constraints get that are given none. */
import { argumentOf, calleeName } from "./env-run.ts";
import { defaultConvention, type NamingConvention } from "../schema/replay/conventions.ts";
import { isKnown } from "../syntax/text.ts";
import type { Call, Definition, Mapping, Value } from "../syntax/value.ts";

const maximalDepth = 12;

/** What a dotted name of another module stands for: `app.models.Base`. */
type Resolve = (path: string) => Value | undefined;

/** Finds the convention of what is given as `target_metadata`. */
export class Conventions {
  readonly #resolve: Resolve;
  #depth = 0;

  constructor(resolve: Resolve) {
    this.#resolve = resolve;
  }

  /** Undefined where it is not known. */
  of(value: Value): NamingConvention | undefined {
    return this.#deeper(() => this.#ofValue(value));
  }

  #deeper<T>(find: () => T): T | undefined {
    if (this.#depth >= maximalDepth) return undefined;
    this.#depth++;
    try {
      return find();
    } finally {
      this.#depth--;
    }
  }

  #ofValue(value: Value): NamingConvention | undefined {
    switch (value.kind) {
      case "scalar":
        return value.value === null ? defaultConvention : undefined;
      case "sequence":
        // Alembic looks for the convention of one metadata, and a list of several has none.
        return defaultConvention;
      case "choice":
        return agreedConvention(value.options.map((option) => this.of(option)));
      case "call":
        return isFrom(value.callee, "MetaData") ? this.#ofMetadata(value) : undefined;
      case "member":
        return value.name === "metadata" ? this.#ofOwner(value.of) : undefined;
      case "reference":
        return this.#ofReference(value.path);
      default:
        return undefined;
    }
  }

  #ofReference(path: string): NamingConvention | undefined {
    const value = this.#resolve(path);
    if (value !== undefined) return this.of(value);
    const owner = path.endsWith(".metadata") ? this.#resolve(path.slice(0, -".metadata".length)) : undefined;
    return owner && this.#ofOwner(owner);
  }

  /** What a name of another module stands for, through as many modules as it takes. */
  #resolved(value: Value | undefined): Value | undefined {
    return value?.kind === "reference" ? (this.#resolve(value.path) ?? value) : value;
  }

  #ofMetadata(call: Call): NamingConvention | undefined {
    if (call.args.some(({ starred }) => starred)) return undefined;
    const given = this.#resolved(argumentOf(call, "naming_convention", 2));
    if (given === undefined || (given.kind === "scalar" && given.value === null)) return defaultConvention;
    return given.kind === "mapping" ? readConvention(given) : undefined;
  }

  /** Of the object whose attribute `metadata` is asked for: a declarative base, a registry, Flask-SQLAlchemy's `db`. */
  #ofOwner(given: Value): NamingConvention | undefined {
    return this.#deeper(() => {
      const owner = this.#resolved(given) ?? given;
      if (owner.kind === "class") return this.#ofClass(owner);
      if (owner.kind === "choice") return agreedConvention(owner.options.map((option) => this.#ofOwner(option)));
      return owner.kind === "call" ? this.#ofMade(owner) : undefined;
    });
  }

  #ofMade(call: Call): NamingConvention | undefined {
    const { callee, args } = call;
    if (callee.kind === "member") return callee.name === "generate_base" ? this.#ofOwner(callee.of) : undefined;
    if (callee.kind !== "reference" || !makers.has(calleeName(call) ?? "")) return undefined;
    if (args.some(({ starred }) => starred)) return undefined;
    const metadata = args.find(({ name }) => name === "metadata")?.value;
    const model = args.find(({ name }) => name === "model_class")?.value;
    if (metadata !== undefined) return this.of(metadata);
    return model === undefined ? defaultConvention : this.#ofOwner(model);
  }

  #ofClass({ members, bases = [] }: Definition): NamingConvention | undefined {
    const own = members?.get("metadata");
    if (own !== undefined) return this.of(own);
    const registry = members?.get("registry");
    if (registry !== undefined) return this.#ofOwner(registry);
    for (const base of bases) {
      const isPlain = isFrom(base, "DeclarativeBase") || isFrom(base, "DeclarativeBaseNoMeta");
      const inherited = isPlain ? defaultConvention : this.#ofOwner(base);
      if (inherited !== undefined) return inherited;
    }
    return undefined;
  }
}

const makers = new Set(["declarative_base", "automap_base", "registry", "SQLAlchemy"]);

const isFrom = (callee: Value, name: string): boolean =>
  callee.kind === "reference" && callee.path.startsWith("sqlalchemy.") && callee.path.endsWith(`.${name}`);

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

/** What all ways to configure agree on; undefined also where one of them is not known. */
export function agreedConvention(all: readonly (NamingConvention | undefined)[]): NamingConvention | undefined {
  const [first] = all;
  const texts = new Set(all.map((one) => one && JSON.stringify([...one].sort())));
  return texts.size === 1 ? first : undefined;
}

/**
 * A convention that is put into metadata after it was made, `metadata.naming_convention = …`: by env.py, whose
 * `attributes` are given, or by one of the other modules, of which only the texts are.
 */
export function assignedConvention(
  texts: readonly string[],
  attributes: readonly { readonly name: string; readonly value: Value }[],
): NamingConvention | "none" | "unknown" {
  const own = attributes.findLast(({ name }) => name === "naming_convention")?.value;
  if (own?.kind === "mapping") return readConvention(own) ?? "unknown";
  return own !== undefined || texts.some((text) => text.includes(".naming_convention")) ? "unknown" : "none";
}
