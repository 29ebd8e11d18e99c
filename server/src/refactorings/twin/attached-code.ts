/** The code that makes what hangs on a column once more, and has it take the place of the other in the end. */
import { Refused } from "../../rewrite/refused.ts";
import { autocommitHead } from "../../rewrite/statement-edits.ts";
import { addKinds } from "../../schema/inverse.ts";
import { nextOf } from "../../schema/replay/numbering.ts";
import { renderName, type Action, type ActionKind, type QualifiedName } from "../../sql/action.ts";
import type { ColumnType, IdentityDefinition } from "../../sql/definition.ts";
import { renderColumnType } from "../../sql/postgres/type-text.ts";
import { renderFullName } from "../../sql/quote.ts";
import { constraintTypeOf, renderDirectives } from "../downgrade/directives.ts";
import type { Code } from "../downgrade/code.ts";
import type { Attached, NamedConstraint, NamedIndex, Numbering } from "./attached.ts";
import { execute, quote } from "./code.ts";
import type { Twin } from "./column.ts";

type Lines = readonly string[];
type Which = "old" | "twin";

/** Of a revision's body: in a transaction with all else, or each by itself while others go on. */
type Manner = "together" | "concurrently";

function written(code: Code, action: Action): Lines {
  const lines = renderDirectives(action, code, true);
  if (!lines) throw new Refused(`${action.name ?? "What is on the column"} cannot be written anew.`);
  return lines;
}

const actionOf = (kind: ActionKind, table: QualifiedName, name: string, details: Action["details"]): Action => ({
  kind,
  effect: "schema",
  table,
  name,
  columns: [],
  touches: [],
  details,
});

function addConstraint(code: Code, table: QualifiedName, given: NamedConstraint, notValid = given.notValid): Lines {
  const { notValid: _, ...constraint } = given;
  const definition = { ...constraint, ...(notValid && { notValid }), nameIsFinal: true as const };
  return written(code, actionOf(addKinds[given.type], table, given.name, { constraints: [definition] }));
}

const dropConstraint = (code: Code, table: QualifiedName, { name, type }: NamedConstraint): Lines => {
  const constraintType = constraintTypeOf(type);
  return written(
    code,
    actionOf("drop_constraint", table, name, { ...(constraintType !== undefined && { constraintType }) }),
  );
};

const alter = (code: Code, table: QualifiedName, what: string): string =>
  execute(code, `ALTER TABLE ${renderFullName(table)} ${what}`);

function createIndex(code: Code, table: QualifiedName, { ofConstraint: _, ...index }: NamedIndex, how: Manner): Lines {
  const concurrently = how === "concurrently" ? { concurrently: true as const } : {};
  const definition = { ...index, ...concurrently, nameIsFinal: true as const };
  return written(
    code,
    actionOf("create_index", table, index.name, { unique: index.unique, ...concurrently, indexes: [definition] }),
  );
}

const dropIndex = (code: Code, table: QualifiedName, name: string): Lines =>
  written(code, actionOf("drop_index", table, name, { concurrently: true }));

const beside = ({ schema }: QualifiedName, name: string): QualifiedName =>
  schema === undefined ? { name } : { schema, name };

const renameIndex = (code: Code, table: QualifiedName, from: string, to: string): string =>
  execute(code, `ALTER INDEX ${renderFullName(beside(table, from))} RENAME TO ${quote(to)}`);

const renameConstraint = (code: Code, table: QualifiedName, from: string, to: string): string =>
  alter(code, table, `RENAME CONSTRAINT ${quote(from)} TO ${quote(to)}`);

/** What is built for the column: an index each. */
const builtFor = ({ keys, indexes }: Attached): readonly NamedIndex[] => [
  ...keys.map(({ index }) => index),
  ...indexes.map(({ twin }) => twin),
];

/** Checks and foreign keys of the new column, which hold for every row that is written from now on. */
export const addUnchecked = (code: Code, { table, attached: { checks, references } }: Twin): Lines =>
  [...checks, ...references].flatMap(({ twin }) => addConstraint(code, table, twin, true));

/** The indexes of the new column, and the foreign keys that point at it, each by itself. */
export function buildBlock(code: Code, { table, attached }: Twin): Lines {
  const built = builtFor(attached);
  if (built.length === 0) return [];
  const { referrers } = attached;
  const dropped = referrers.map(({ table: on, twin }) =>
    alter(code, on, `DROP CONSTRAINT IF EXISTS ${quote(twin.name)}`),
  );
  return block(code, [
    "# A run that failed before has left some of them, perhaps invalid.",
    ...dropped,
    ...built.flatMap((index) => [
      ...dropIndex(code, table, index.name),
      ...createIndex(code, table, index, "concurrently"),
    ]),
    ...referrers.flatMap(({ table: on, twin }) => addConstraint(code, on, twin, true)),
  ]);
}

const block = (code: Code, lines: Lines): Lines => [autocommitHead(code.op), ...lines.map((line) => `    ${line}`)];

/** The way back from there. */
export function dropBlock(code: Code, { table, attached }: Twin): Lines {
  const built = builtFor(attached);
  if (built.length === 0) return [];
  return block(code, [
    ...attached.referrers.map(({ table: on, twin }) =>
      alter(code, on, `DROP CONSTRAINT IF EXISTS ${quote(twin.name)}`),
    ),
    ...built.flatMap(({ name }) => dropIndex(code, table, name)),
  ]);
}

/** Of those that were valid before. */
export const validateAll = (code: Code, { table, attached: { checks, references, referrers } }: Twin): Lines =>
  [...[...checks, ...references].map((one) => ({ table, ...one })), ...referrers].flatMap(({ table: on, old, twin }) =>
    old.notValid ? [] : [alter(code, on, `VALIDATE CONSTRAINT ${quote(twin.name)}`)],
  );

/** What the block builds, one after the other and in one transaction. */
export const buildTogether = (code: Code, twin: Twin): Lines => [
  ...twin.attached.indexes.flatMap((index) => createIndex(code, twin.table, index.twin, "together")),
  ...buildKeysTogether(code, twin),
];

/** The same where its plain indexes are there. */
export const buildKeysTogether = (code: Code, { table, attached }: Twin): Lines => [
  ...attached.keys.flatMap(({ index }) => createIndex(code, table, index, "together")),
  ...attached.referrers.flatMap(({ table: on, twin }) => addConstraint(code, on, twin)),
];

export const dropReferrers = (code: Code, { attached: { referrers } }: Twin, which: Which): Lines =>
  referrers.flatMap(({ table, [which]: one }) => dropConstraint(code, table, one));

/** Once the old column is gone, and with it what hung on it: the others take its names. */
export const takeNames = (code: Code, { table, attached }: Twin): Lines => [
  ...attached.keys.map(({ old, index }) =>
    alter(
      code,
      table,
      `ADD CONSTRAINT ${quote(old.name)} ${old.type === "primary_key" ? "PRIMARY KEY" : "UNIQUE"} USING INDEX ${quote(index.name)}`,
    ),
  ),
  ...attached.indexes.map(({ old, twin }) => renameIndex(code, table, twin.name, old.name)),
  ...[...attached.checks, ...attached.references].map(({ old, twin }) =>
    renameConstraint(code, table, twin.name, old.name),
  ),
  ...attached.referrers.map(({ table: on, old, twin }) => renameConstraint(code, on, twin.name, old.name)),
];

/** The reverse: they have the names of before, and get those of their own again, while keys go. */
export const giveNames = (code: Code, { table, attached }: Twin): Lines => [
  ...attached.referrers.flatMap(({ table: on, old }) => dropConstraint(code, on, old)),
  ...attached.keys.flatMap(({ old }) => dropConstraint(code, table, old)),
  ...attached.indexes.map(({ old, twin }) => renameIndex(code, table, old.name, twin.name)),
  ...[...attached.checks, ...attached.references].map(({ old, twin }) =>
    renameConstraint(code, table, old.name, twin.name),
  ),
];

/** What the old column had, once it is there again. */
export const addAgain = (code: Code, { table, attached }: Twin): Lines => [
  ...attached.keys.flatMap(({ old }) => addConstraint(code, table, old)),
  ...attached.indexes.flatMap(({ old }) => createIndex(code, table, old, "together")),
  ...[...attached.checks, ...attached.references].flatMap(({ old }) => addConstraint(code, table, old)),
  ...attached.referrers.flatMap(({ table: on, old }) => addConstraint(code, on, old)),
];

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** The column by whose sequence rows are numbered from now on. */
export interface Numbered {
  readonly to: string;
  /** What a sequence of `serial` is to count in; absent where it stays as it is. */
  readonly type?: ColumnType;
}

/** The sequences change their owner, and with it the column that they give a number to. */
export function moveSequences(code: Code, { table, attached: { numbering } }: Twin, { to, type }: Numbered): Lines {
  const { sequences, serial } = numbering;
  const column = quote(to);
  const counts = serial && type ? ` AS ${renderColumnType(type)}` : "";
  return [
    ...sequences.map((name) =>
      execute(code, `ALTER SEQUENCE ${renderFullName(name)}${counts} OWNED BY ${renderFullName(table)}.${column}`),
    ),
    ...(serial ? [alter(code, table, `ALTER COLUMN ${column} SET DEFAULT ${nextOf(serial)}`)] : []),
  ];
}

type Identity = NonNullable<Numbering["identity"]>;

/** A sequence of an identity cannot change its owner: another one goes on where it stands. */
export function addIdentity(code: Code, { table, attached: { numbering } }: Twin, to: string): Lines {
  const { identity } = numbering;
  if (!identity) return [];
  const { definition, sequence, twin } = identity;
  return [
    alter(code, table, `ALTER COLUMN ${quote(to)} ADD ${renderIdentity(definition, twin)}`),
    execute(
      code,
      `SELECT setval(${literal(renderFullName(twin))}, last_value, is_called) FROM ${renderFullName(sequence)}`,
    ),
  ];
}

/** Once the other one is gone. */
export const renameIdentity = (code: Code, { attached: { numbering } }: Twin): Lines =>
  numbering.identity
    ? [
        execute(
          code,
          `ALTER SEQUENCE ${renderFullName(numbering.identity.twin)} RENAME TO ${quote(numbering.identity.sequence.name)}`,
        ),
      ]
    : [];

export const dropIdentity = (code: Code, { table, attached: { numbering } }: Twin, of: string): Lines =>
  numbering.identity ? [alter(code, table, `ALTER COLUMN ${quote(of)} DROP IDENTITY`)] : [];

function renderIdentity(definition: IdentityDefinition, sequence: Identity["twin"]): string {
  const { always, start, increment, minimum, maximum, cache, cycle } = definition;
  const options = [
    `SEQUENCE NAME ${renderFullName(sequence)}`,
    ...[
      ["START WITH", start],
      ["INCREMENT BY", increment],
      ["MINVALUE", minimum],
      ["MAXVALUE", maximum],
      ["CACHE", cache],
    ].flatMap(([words, value]) => (value === undefined ? [] : [`${String(words)} ${String(value)}`])),
    ...(cycle ? ["CYCLE"] : []),
  ];
  return `GENERATED ${always ? "ALWAYS" : "BY DEFAULT"} AS IDENTITY (${options.join(" ")})`;
}

/** Above what takes the old column away. */
export const swapComment = ({ attached, old, name }: Twin): Lines => {
  const { checks, references, indexes, keys } = attached;
  const isBare = [checks, references, indexes, keys].every((some) => some.length === 0);
  return isBare ? [] : [`# What is on ${old.name} goes with it; what was made for ${name} takes its names.`];
};

/** What the person should know of it, in one sentence each. */
export function notesOf({ table, attached }: Twin): Lines {
  const { referrers, keys, indexes } = attached;
  const others = [...new Set(referrers.map((one) => renderName(one.table)))].filter(
    (name) => name !== renderName(table),
  );
  const isUnique = keys.length > 0 || indexes.some(({ old }) => old.unique);
  return [
    ...(others.length > 0
      ? [
          `The last stage locks ${[renderName(table), ...others].join(", ")} at once, for a moment: set a lock_timeout, so that it gives up rather than holds up others while it waits.`,
        ]
      : []),
    ...(isUnique
      ? [
          "While both unique indexes are there, two sessions that insert the same new value at once with ON CONFLICT may get a unique violation in place of the conflict.",
        ]
      : []),
  ];
}
