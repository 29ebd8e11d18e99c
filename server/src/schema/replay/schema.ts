/** The one implementation of `Schema`: persistent maps, so that each step of a history shares what it does not change. */
import { Set as PersistentSet } from "immutable";
import type { QualifiedName } from "../../sql/action.ts";
import type { Column, EnumType, Found, Schema, Sequence, Table, View } from "../state.ts";
import { Trie } from "./trie.ts";

/** A view with what it reads, which goes with it in a cascade. */
export interface KnownView extends View {
  readonly reads: readonly QualifiedName[];
}

/** Something that was made, or was seen to go, after so many doubts about the whole schema. */
export interface Entry<T> {
  readonly value: T | "absent";
  readonly doubts: number;
}

type Entries<T> = Trie<Entry<T>>;

export interface Parts {
  readonly tables: Entries<Table>;
  readonly enumTypes: Entries<EnumType>;
  readonly sequences: Entries<Sequence>;
  readonly views: Entries<KnownView>;
  /** By the name of an index, constraints' own included: its table. */
  readonly tableOfIndex: Trie<string>;
  /** How many constraints of a schema have this name; the server gives each a new one. */
  readonly constraintNames: Trie<number>;
  /** By the key of a table: those with a foreign key to it, its partitions and its heirs. */
  readonly referrers: Trie<PersistentSet<string>>;
  /** By the key of a table: the sequences that go with it. */
  readonly owned: Trie<PersistentSet<string>>;
  readonly schemas: PersistentSet<string>;
  /** How many tables have a doubt of their own: asked for each name that is not known, so it is counted as they come and go. */
  readonly doubtful: number;
  /** How often something ran that may have changed anything, and why the last time. */
  readonly doubts: number;
  readonly doubt?: string;
  /** Tables were made whose names are not known: what seems to be absent may be one of them. */
  readonly hasStrangers?: true;
}

export const emptyParts: Parts = {
  tables: Trie.empty(),
  enumTypes: Trie.empty(),
  sequences: Trie.empty(),
  views: Trie.empty(),
  tableOfIndex: Trie.empty(),
  constraintNames: Trie.empty(),
  referrers: Trie.empty(),
  owned: Trie.empty(),
  schemas: PersistentSet(),
  doubtful: 0,
  doubts: 0,
};

/** PostgreSQL's `public` is where names without a schema go, unless a search path says otherwise. */
export const keyOf = ({ schema, name }: QualifiedName): string =>
  schema === undefined || schema === "" || schema === "public" ? name : `${schema}\0${name}`;

/** The same name without what goes without saying. */
export const plainName = ({ schema, name }: QualifiedName): QualifiedName =>
  schema === undefined || schema === "" || schema === "public" ? { name } : { schema, name };

export class KnownSchema implements Schema {
  readonly parts: Parts;

  constructor(parts: Parts = emptyParts) {
    this.parts = parts;
  }

  get doubt(): string | undefined {
    return this.parts.doubt;
  }

  table(name: QualifiedName): Found<Table> {
    return this.#table(this.parts.tables.get(keyOf(name)));
  }

  enumType(name: QualifiedName): Found<EnumType> {
    const found = this.#find(this.parts.enumTypes, name);
    return typeof found !== "string" && found.since < this.parts.doubts
      ? { name: found.value.name, values: undefined }
      : valueOf(found);
  }

  sequence(name: QualifiedName): Found<Sequence> {
    return valueOf(this.#find(this.parts.sequences, name));
  }

  view(name: QualifiedName): Found<KnownView> {
    return valueOf(this.#find(this.parts.views, name));
  }

  tableOfIndex(name: QualifiedName): Found<Table> {
    const key = this.parts.tableOfIndex.get(keyOf(name));
    if (key === undefined) return this.#mayHideTables() || this.parts.doubtful > 0 ? "unknown" : "absent";
    return this.#table(this.parts.tables.get(key));
  }

  related(name: QualifiedName): readonly Table[] {
    const keys = this.parts.referrers.get(keyOf(name))?.toArray() ?? [];
    return keys.sort().flatMap((key) => {
      const found = this.#table(this.parts.tables.get(key));
      return typeof found === "string" ? [] : [found];
    });
  }

  owned(table: QualifiedName): readonly Sequence[] {
    const keys = this.parts.owned.get(keyOf(table))?.toArray() ?? [];
    return keys.sort().flatMap((key) => {
      const value = this.parts.sequences.get(key)?.value;
      return value === undefined || value === "absent" ? [] : [value];
    });
  }

  get tables(): Iterable<Table> {
    return lists.tables.of(this.parts.tables).map((entry) => this.#doubted(entry));
  }

  get enumTypes(): Iterable<EnumType> {
    return lists.enumTypes.of(this.parts.enumTypes).map(({ value }) => value);
  }

  get sequences(): Iterable<Sequence> {
    return lists.sequences.of(this.parts.sequences).map(({ value }) => value);
  }

  get views(): Iterable<View> {
    return lists.views.of(this.parts.views).map(({ value }) => value);
  }

  knownViews(): readonly KnownView[] {
    return lists.views.of(this.parts.views).map(({ value }) => value);
  }

  get schemas(): Iterable<string> {
    return this.parts.schemas.toArray().sort();
  }

  #table(entry: Entry<Table> | undefined): Found<Table> {
    if (entry === undefined || entry.value === "absent") {
      const isDoubtful = (entry?.doubts ?? 0) < this.parts.doubts || this.parts.hasStrangers === true;
      return isDoubtful ? "unknown" : "absent";
    }
    return this.#doubted({ value: entry.value, doubts: entry.doubts });
  }

  #doubted({ value, doubts }: { readonly value: Table; readonly doubts: number }): Table {
    return doubts < this.parts.doubts && this.parts.doubt !== undefined && value.doubt === undefined
      ? { ...value, doubt: this.parts.doubt }
      : value;
  }

  #find<T>(entries: Entries<T>, name: QualifiedName): Found<{ readonly value: T; readonly since: number }> {
    const entry = entries.get(keyOf(name));
    if (entry === undefined) return this.parts.doubts > 0 ? "unknown" : "absent";
    if (entry.value === "absent") return entry.doubts < this.parts.doubts ? "unknown" : "absent";
    return { value: entry.value, since: entry.doubts };
  }

  #mayHideTables(): boolean {
    return this.parts.doubts > 0 || this.parts.hasStrangers === true;
  }
}

/** What an entry adds to the number of doubtful tables. */
export const doubtfulOf = (table: Table | "absent" | undefined): number =>
  table === undefined || table === "absent" || table.doubt === undefined ? 0 : 1;

const valueOf = <T>(found: Found<{ readonly value: T }>): Found<T> => (typeof found === "string" ? found : found.value);

type Present<T> = readonly { readonly value: T; readonly doubts: number }[];

const isPresent = <T>({ value }: Entry<T>): boolean => value !== "absent";

/**
 * What is there, by the map, which the schemas before and after most operations share. Only the last few: lists of thousands
 * of tables at each of thousands of revisions would fill memory. What follows upon a list that is known is made of it.
 */
class Lists<T> {
  readonly #lists: { readonly entries: Entries<T>; readonly keys: readonly string[]; readonly rows: Present<T> }[] = [];

  of(entries: Entries<T>): Present<T> {
    const known = this.#lists.find((one) => one.entries === entries);
    if (known) return known.rows;
    const [latest] = this.#lists;
    const unlike = latest && entries.unlike(latest.entries);
    const made =
      latest && unlike && unlike.length <= fewUnlike
        ? patched(latest, entries, unlike)
        : listed(entries.entries().filter(([, entry]) => isPresent(entry)));
    this.#lists.unshift({ entries, ...made });
    this.#lists.length = Math.min(this.#lists.length, mostLists);
    return made.rows;
  }
}

const mostLists = 4;
const fewUnlike = 32;

interface Listed<T> {
  readonly keys: readonly string[];
  readonly rows: Present<T>;
}

const listed = <T>(entries: readonly (readonly [string, Entry<T>])[]): Listed<T> => ({
  keys: entries.map(([key]) => key),
  rows: entries.map(([, entry]) => entry) as Present<T>,
});

function patched<T>(from: Listed<T>, entries: Entries<T>, unlike: readonly string[]): Listed<T> {
  const keys = from.keys.slice();
  const rows = from.rows.slice();
  for (const key of unlike) {
    const at = findPlace(keys, key);
    const entry = entries.get(key);
    const there = entry && isPresent(entry) ? [entry as Present<T>[number]] : [];
    const gone = keys[at] === key ? 1 : 0;
    keys.splice(at, gone, ...there.map(() => key));
    rows.splice(at, gone, ...there);
  }
  return { keys, rows };
}

/** Of the key, or where it would stand. */
function findPlace(sorted: readonly string[], key: string): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? "") < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

const lists = {
  tables: new Lists<Table>(),
  enumTypes: new Lists<EnumType>(),
  sequences: new Lists<Sequence>(),
  views: new Lists<KnownView>(),
};

/** Of each schema what the other has not, or not so; in the order of their names. */
export interface Unlike {
  readonly tables: readonly Table[];
  readonly enumTypes: readonly EnumType[];
  readonly sequences: readonly Sequence[];
  readonly views: readonly View[];
}

export function findUnlike(
  before: KnownSchema,
  after: KnownSchema,
): { readonly before: Unlike; readonly after: Unlike } {
  const [a, b] = [before.parts, after.parts];
  const keys = {
    tables: a.tables.unlike(b.tables),
    enumTypes: a.enumTypes.unlike(b.enumTypes),
    sequences: a.sequences.unlike(b.sequences),
    views: a.views.unlike(b.views),
  };
  const pick = <T>(entries: Entries<T>, some: readonly string[]): readonly T[] =>
    some.flatMap((key) => {
      const value = entries.get(key)?.value;
      return value === undefined || value === "absent" ? [] : [value];
    });
  const side = ({ tables, enumTypes, sequences, views }: Parts): Unlike => ({
    tables: pick(tables, keys.tables),
    enumTypes: pick(enumTypes, keys.enumTypes),
    sequences: pick(sequences, keys.sequences),
    views: pick(views, keys.views),
  });
  return { before: side(a), after: side(b) };
}

export const columnOf = (table: Table, name: string): Column | undefined =>
  table.columns.find((column) => column.name === name);
