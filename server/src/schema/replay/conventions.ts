/** SQLAlchemy's names by convention: `MetaData(naming_convention={"uq": "uq_%(table_name)s_%(column_0_name)s"})`. */
import { md5 } from "@noble/hashes/legacy.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { QualifiedName } from "../../sql/action.ts";
import type { Reference } from "../../sql/definition.ts";

/** From `ix`, `uq`, `ck`, `fk`, `pk` and the project's own tokens to the pattern. */
export type NamingConvention = ReadonlyMap<string, string>;

/** What SQLAlchemy does where no convention is given: only indexes of `Column(index=True)` get a name. */
export const defaultConvention: NamingConvention = new Map([["ix", "ix_%(column_0_label)s"]]);

export interface ToName {
  readonly type: "ix" | "uq" | "ck" | "fk" | "pk";
  readonly table: QualifiedName;
  readonly columns: readonly string[] | undefined;
  readonly name?: string;
  readonly references?: Reference;
}

const columnToken = /^(referred_)?column_(\d+)(_?N)?_(name|key|label)$/;

/** The value of one token; undefined where it cannot be told. */
function tokenValue(token: string, { table, columns, name, references }: ToName): string | undefined {
  if (token === "table_name") return table.name;
  if (token === "referred_table_name") return references?.table.name;
  if (token === "constraint_name") return name;
  const match = columnToken.exec(token);
  if (!match) return undefined;
  const [, referred, first = "0", all, form] = match;
  const own = referred === undefined ? columns : references?.columns;
  const owner = referred === undefined ? table : references?.table;
  const from = Number(first);
  const some = all === undefined ? own?.slice(from, from + 1) : own?.slice(from);
  if (!some || some.length === 0) return undefined;
  const spelled = form === "label" ? some.map((column) => `${owner?.name ?? ""}_${column}`) : some;
  return spelled.join(all === "_N" ? "_" : "");
}

/**
 * The name by convention; `given` where the convention has none for it; undefined where the server names it, or
 * where the convention asks for what is not known.
 */
export function nameByConvention(convention: NamingConvention, subject: ToName): string | undefined {
  const template = convention.get(subject.type);
  // A name that was given stands, unless the convention builds on it.
  if (template === undefined || (subject.name !== undefined && !template.includes("%(constraint_name)s")))
    return subject.name;
  let known = true;
  const name = template.replaceAll(/%\((\w+)\)s/g, (_, token: string) => {
    const value = tokenValue(token, subject);
    known &&= value !== undefined;
    return value ?? "";
  });
  return known ? truncated(name) : undefined;
}

/** PostgreSQL's `max_identifier_length`; SQLAlchemy counts characters. */
const longest = 63;

/** `_truncate_and_render_maxlen_name()` of SQLAlchemy's `sql/compiler.py`: names that it makes itself, and those of `op.f()`, are cut and marked. */
export function truncated(name: string): string {
  if (name.length <= longest) return name;
  const digest = bytesToHex(md5(utf8ToBytes(name)));
  return `${name.slice(0, longest - 8)}_${digest.slice(-4)}`;
}
