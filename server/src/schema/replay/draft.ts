/** One step of the replay while it is being made: the parts so far, and what contradicts them. */
import { Set as PersistentSet } from "immutable";
import { renderName, tableEntity, type QualifiedName } from "../../sql/action.ts";
import { renderContradiction, type Contradicted, type Contradicts } from "./contradiction.ts";
import type { Constraint, EnumType, Found, Index, Sequence, Table } from "../state.ts";
import { doubtfulOf, keyOf, KnownSchema, plainName, type Entry, type KnownView, type Parts } from "./schema.ts";

export class SchemaDraft {
  readonly #before: KnownSchema;
  #parts: Parts;
  readonly contradictions: Contradicted[] = [];

  constructor(before: KnownSchema) {
    this.#before = before;
    this.#parts = before.parts;
  }

  /** The same value as before where nothing has changed. */
  finish(): KnownSchema {
    return this.#parts === this.#before.parts ? this.#before : new KnownSchema(this.#parts);
  }

  get schema(): KnownSchema {
    return this.finish();
  }

  /**
   * The operation cannot be meant for this schema: what it needs is missing, or what it makes is there.
   * @param doing what the operation does, as a message begins: "Drops users.name"
   */
  contradict(doing: string, what: Contradicts): void {
    this.contradictions.push({ ...what, message: renderContradiction(doing, what) });
  }

  /** Anything may have changed. */
  doubtAll(why: string): void {
    this.#parts = { ...this.#parts, doubts: this.#parts.doubts + 1, doubt: why };
  }

  /** A table was made, and its name is not known. */
  addStranger(): void {
    this.#parts = { ...this.#parts, hasStrangers: true };
  }

  doubtTable(name: QualifiedName, why: string): void {
    const table = this.schema.table(name);
    if (typeof table !== "string") this.putTable({ ...table, doubt: table.doubt ?? why });
    else if (table === "absent") this.doubtAll(why);
  }

  /**
   * The table that an operation works on. One that should be there and is not has been made elsewhere; it is a
   * contradiction once, and doubtful from then on.
   */
  tableFor(name: QualifiedName, verb: string): Table {
    const found = this.schema.table(name);
    if (typeof found !== "string") return found;
    const doubt =
      found === "absent"
        ? "no revision before makes this table"
        : (this.#parts.doubt ?? "it may have been made in a way that was not understood");
    if (found === "absent")
      this.contradict(`${verb} ${renderName(name)}`, { how: "missing", thing: tableEntity(name) });
    const table: Table = { name: plainName(name), kind: "table", columns: [], constraints: [], indexes: [], doubt };
    this.putTable(table);
    return table;
  }

  /** Adds the table, or puts it in the place of the one of its name. What was doubtful stays so. */
  putTable(table: Table, isNew = false): void {
    const key = keyOf(table.name);
    const before = this.#parts.tables.get(key);
    const doubts = isNew || before === undefined || before.value === "absent" ? this.#parts.doubts : before.doubts;
    const old = before?.value === "absent" ? undefined : before?.value;
    this.#parts = {
      ...this.#parts,
      tables: this.#parts.tables.set(key, { value: table, doubts }),
      doubtful: this.#parts.doubtful + doubtfulOf(table) - doubtfulOf(before?.value),
      tableOfIndex: reindex(this.#parts.tableOfIndex, old, table),
      constraintNames: recount(this.#parts.constraintNames, old, table),
      referrers: rerefer(this.#parts.referrers, old, table),
    };
  }

  removeTable(table: Table): void {
    const key = keyOf(table.name);
    this.#parts = {
      ...this.#parts,
      tables: this.#parts.tables.set(key, { value: "absent", doubts: this.#parts.doubts }),
      doubtful: this.#parts.doubtful - doubtfulOf(this.#parts.tables.get(key)?.value),
      tableOfIndex: reindex(this.#parts.tableOfIndex, table, undefined),
      constraintNames: recount(this.#parts.constraintNames, table, undefined),
      referrers: rerefer(this.#parts.referrers, table, undefined),
    };
    for (const sequence of this.ownedBy(table.name)) this.removeSequence(sequence.name);
  }

  /** The sequences of `serial` and identity columns, and those that a column was made the owner of. */
  ownedBy(table: QualifiedName, column?: string): readonly Sequence[] {
    const keys = this.#parts.owned.get(keyOf(table)) ?? PersistentSet<string>();
    return keys.toArray().flatMap((key) => {
      const value = this.#parts.sequences.get(key)?.value;
      return value === undefined || value === "absent" || (column !== undefined && value.ownedBy?.column !== column)
        ? []
        : [value];
    });
  }

  /** Tables with a foreign key to this one. */
  referrersOf(name: QualifiedName): readonly Table[] {
    const keys = this.#parts.referrers.get(keyOf(name)) ?? PersistentSet<string>();
    return keys.toArray().flatMap((key) => {
      const value = this.#parts.tables.get(key)?.value;
      return value === undefined || value === "absent" ? [] : [value];
    });
  }

  putEnum(type: EnumType): void {
    this.#parts = { ...this.#parts, enumTypes: this.#parts.enumTypes.set(keyOf(type.name), this.#entry(type)) };
  }

  removeEnum(name: QualifiedName): void {
    this.#parts = { ...this.#parts, enumTypes: this.#parts.enumTypes.set(keyOf(name), this.#absent()) };
  }

  putView(view: KnownView): void {
    this.#parts = { ...this.#parts, views: this.#parts.views.set(keyOf(view.name), this.#entry(view)) };
  }

  removeView(name: QualifiedName): void {
    this.#parts = { ...this.#parts, views: this.#parts.views.set(keyOf(name), this.#absent()) };
  }

  putSequence(sequence: Sequence): void {
    this.removeSequence(sequence.name);
    const key = keyOf(sequence.name);
    const owner = sequence.ownedBy && keyOf(sequence.ownedBy.table);
    const { owned, sequences } = this.#parts;
    this.#parts = {
      ...this.#parts,
      sequences: sequences.set(key, this.#entry(sequence)),
      owned: owner === undefined ? owned : owned.set(owner, (owned.get(owner) ?? PersistentSet<string>()).add(key)),
    };
  }

  removeSequence(name: QualifiedName): void {
    const key = keyOf(name);
    const old = this.#parts.sequences.get(key)?.value;
    const owner = old === undefined || old === "absent" || !old.ownedBy ? undefined : keyOf(old.ownedBy.table);
    const { owned, sequences } = this.#parts;
    this.#parts = {
      ...this.#parts,
      sequences: sequences.set(key, this.#absent()),
      owned: owner === undefined ? owned : owned.set(owner, (owned.get(owner) ?? PersistentSet<string>()).delete(key)),
    };
  }

  #entry<T extends { readonly name: QualifiedName }>(value: T): Entry<T> {
    return { value: { ...value, name: plainName(value.name) }, doubts: this.#parts.doubts };
  }

  #absent(): { readonly value: "absent"; readonly doubts: number } {
    return { value: "absent", doubts: this.#parts.doubts };
  }

  addSchema(name: string): void {
    this.#parts = { ...this.#parts, schemas: this.#parts.schemas.add(name) };
  }

  removeSchema(name: string): void {
    this.#parts = { ...this.#parts, schemas: this.#parts.schemas.delete(name) };
  }

  isConstraint(name: QualifiedName): boolean {
    return (this.#parts.constraintNames.get(keyOf(name)) ?? 0) > 0;
  }

  /** Is the name that of a table, index, sequence or view? They share one space of names. */
  isRelation(name: QualifiedName): boolean {
    const key = keyOf(name);
    const isThere = (found: Found<unknown>): boolean => found !== "absent" && found !== "unknown";
    return (
      this.#parts.tableOfIndex.has(key) ||
      isThere(this.schema.table(name)) ||
      isThere(this.schema.sequence(name)) ||
      isThere(this.schema.view(name))
    );
  }
}

const namesOf = (table: Table | undefined): readonly string[] =>
  (table?.indexes ?? []).flatMap(({ name }) =>
    name === undefined || table === undefined ? [] : [keyOf(besideTable(table, name))],
  );

/** Indexes live in the schema of their table. */
const besideTable = ({ name: { schema } }: Table, name: string): QualifiedName =>
  schema === undefined ? { name } : { schema, name };

/** Names of which one list has more than the other. Most steps add one to many, and a table keeps its name. */
function namesChanged(
  [old, before]: readonly [Table | undefined, readonly string[]],
  [now, after]: readonly [Table | undefined, readonly string[]],
): { readonly gone: readonly string[]; readonly come: readonly string[] } {
  if (!old || !now || keyOf(old.name) !== keyOf(now.name)) return { gone: before, come: after };
  const gone = before.slice();
  const come = after.filter((name) => {
    const at = gone.indexOf(name);
    if (at >= 0) gone.splice(at, 1);
    return at < 0;
  });
  return { gone, come };
}

function reindex(known: Parts["tableOfIndex"], old: Table | undefined, now: Table | undefined): Parts["tableOfIndex"] {
  if (old?.indexes === now?.indexes && old !== undefined && now !== undefined && keyOf(old.name) === keyOf(now.name))
    return known;
  const { gone, come } = namesChanged([old, namesOf(old)], [now, namesOf(now)]);
  let map = known;
  for (const name of gone) map = map.delete(name);
  if (now) for (const name of come) map = map.set(name, keyOf(now.name));
  return map;
}

type Names = Parts["constraintNames"];

const constraintsOf = (table: Table | undefined): readonly string[] =>
  (table?.constraints ?? []).flatMap(({ name }) =>
    name === undefined || table === undefined ? [] : [keyOf(besideTable(table, name))],
  );

function recount(known: Names, old: Table | undefined, now: Table | undefined): Names {
  if (old?.constraints === now?.constraints && old?.name === now?.name) return known;
  const { gone, come } = namesChanged([old, constraintsOf(old)], [now, constraintsOf(now)]);
  let map = known;
  for (const name of gone) map = map.set(name, (map.get(name) ?? 1) - 1);
  for (const name of come) map = map.set(name, (map.get(name) ?? 0) + 1);
  return map;
}

/** Tables that it points at: by its foreign keys, and as a partition or an heir. */
const referred = ({ constraints, partitionOf, inherits = [] }: Table): readonly string[] => [
  ...constraints.flatMap(({ references }) => (references === undefined ? [] : [keyOf(references.table)])),
  ...[...(partitionOf ? [partitionOf] : []), ...inherits].map(keyOf),
];

const sameParents = (a: Table, b: Table): boolean => a.partitionOf === b.partitionOf && a.inherits === b.inherits;

function rerefer(known: Parts["referrers"], old: Table | undefined, now: Table | undefined): Parts["referrers"] {
  if (old && now && old.constraints === now.constraints && old.name === now.name && sameParents(old, now)) return known;
  const before = old === undefined ? [] : referred(old);
  const after = now === undefined ? [] : referred(now);
  if (before.length === 0 && after.length === 0) return known;
  const { gone, come } = namesChanged([old, before], [now, after]);
  let map = known;
  for (const target of gone) {
    const set = map.get(target);
    // Another foreign key to the same table may be left.
    const isLeft = old && now && keyOf(old.name) === keyOf(now.name) && after.includes(target);
    if (set !== undefined && old !== undefined && !isLeft) map = map.set(target, set.delete(keyOf(old.name)));
  }
  for (const target of come)
    if (now !== undefined) map = map.set(target, (map.get(target) ?? PersistentSet<string>()).add(keyOf(now.name)));
  return map;
}

export const indexNamed = (table: Table, name: string): Index | undefined =>
  table.indexes.find((index) => index.name === name);

export const constraintNamed = (table: Table, name: string): Constraint | undefined =>
  table.constraints.find((constraint) => constraint.name === name);
