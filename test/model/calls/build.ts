/** Symbolic values by hand, much as the Python that they stand for. */
import type { Draft } from "../../../server/src/model/reading.ts";
import { readCall } from "../../../server/src/model/calls/index.ts";
import { renderName, type Dialect } from "../../../server/src/sql/action.ts";
import type {
  Argument,
  Call,
  Definition,
  Mapping,
  Member,
  Operator,
  Reference,
  Sequence,
  Text,
  Unknown,
  Value,
} from "../../../server/src/syntax/value.ts";

const nowhere = { start: 0, end: 0 };

/** Plain values stand for themselves; a list is a list, `null` is None. */
export type Plain = Value | string | number | boolean | null | readonly Plain[];

export function value(plain: Plain): Value {
  if (typeof plain === "string") return text(plain);
  if (plain === null || typeof plain === "number" || typeof plain === "boolean")
    return { kind: "scalar", value: plain, range: nowhere };
  if (isList(plain))
    return {
      kind: "sequence",
      type: "list",
      items: plain.map(value),
      complete: true,
      range: nowhere,
    } satisfies Sequence;
  return plain;
}

const isList = (plain: Plain): plain is readonly Plain[] => Array.isArray(plain);

/** A string that stands at an offset of the file. */
export const text = (characters: string, at = 0): Text => ({
  kind: "text",
  text: characters,
  holes: [...characters]
    .filter((c) => c === "\uFFFC")
    .map(() => ({ value: unknown("computed"), by: "f-string" as const })),
  pieces: [{ start: 0, end: characters.length, range: { start: at, end: at + characters.length }, exact: true }],
  range: { start: at, end: at + characters.length },
});

export const reference = (path: string): Reference => ({ kind: "reference", path, range: nowhere });
export const unknown = (why: string, from?: Value): Unknown => ({
  kind: "unknown",
  why,
  range: nowhere,
  ...(from && { from }),
});
export const member = (of: Value, name: string): Member => ({
  kind: "member",
  of,
  name,
  nameRange: nowhere,
  range: nowhere,
});
export const operator = (left: Plain, sign: string, right: Plain): Operator => ({
  kind: "operator",
  operator: sign,
  operands: [value(left), value(right)],
  range: nowhere,
});
export const choice = (...options: readonly Plain[]): Value => ({
  kind: "choice",
  options: options.map(value),
  range: nowhere,
});
export const mapping = (...entries: readonly (readonly [Plain, Plain])[]): Mapping => ({
  kind: "mapping",
  entries: entries.map(([key, entry]) => [value(key), value(entry)] as const),
  complete: true,
  range: nowhere,
});

/** A class of the file, as `class Name(Base)` with its assignments. */
export const model = (name: string, members: Readonly<Record<string, Plain>>): Definition => ({
  kind: "class",
  name,
  bases: [call(reference("sqlalchemy.orm.declarative_base"))],
  members: new Map(Object.entries(members).map(([key, plain]) => [key, value(plain)])),
  range: nowhere,
});

export interface Keywords {
  readonly keywords: Readonly<Record<string, Plain>>;
}
export const keywords = (given: Readonly<Record<string, Plain>>): Keywords => ({ keywords: given });
const isKeywords = (argument: Plain | Keywords): argument is Keywords =>
  typeof argument === "object" && argument !== null && "keywords" in argument;

export function call(callee: Value, ...given: readonly (Plain | Keywords)[]): Call {
  const args = given.flatMap((argument): Argument[] => {
    if (!isKeywords(argument)) return [{ value: value(argument), range: nowhere }];
    return Object.entries(argument.keywords).map(([name, plain]) => ({ name, value: value(plain), range: nowhere }));
  });
  return { kind: "call", callee, args, nameRange: { start: 1, end: 2 }, range: { start: 0, end: 3 } };
}

export const op = (name: string, ...given: readonly (Plain | Keywords)[]): Call =>
  call(reference(`alembic.op.${name}`), ...given);
export const sa = (name: string, ...given: readonly (Plain | Keywords)[]): Call =>
  call(reference(`sqlalchemy.${name}`), ...given);
export const method = (of: Value, name: string, ...given: readonly (Plain | Keywords)[]): Call =>
  call(member(of, name), ...given);
export const column = (table: Value, name: string): Member => member(member(table, "c"), name);

export const bind = op("get_bind");
export const session = call(reference("sqlalchemy.orm.Session"), keywords({ bind }));

export function read(of: Call, dialect: Dialect = "postgresql"): readonly Draft[] {
  const reading = readCall(of, dialect);
  if (reading === undefined) throw new Error("the call has nothing to do with the database");
  return reading.drafts;
}

/** The only draft of a call. */
export function readOne(of: Call, dialect: Dialect = "postgresql"): Draft {
  const [first, ...others] = read(of, dialect);
  if (first === undefined || others.length > 0) throw new Error(`${others.length + (first ? 1 : 0)} drafts`);
  return first;
}

/** Touches as `how table` and `how table.column`; other things as `how type:name`. */
export const touches = (draft: Draft): readonly string[] =>
  draft.touches.map(({ how, on }) => {
    if (on.type === "column") return `${how} ${renderName(on.name)}.${on.column ?? ""}`;
    return on.type === "table" ? `${how} ${renderName(on.name)}` : `${how} ${on.type}:${renderName(on.name)}`;
  });
