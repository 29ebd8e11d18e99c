/** Entries replaced in large maps without copying them: an edit of one file of thousands must not cost thousands. */

/** After so many replaced entries they are written into a map of their own, so that looking up stays one or two steps. */
const mostReplaced = 64;

class ReplacedMap<K, V> implements ReadonlyMap<K, V> {
  readonly base: ReadonlyMap<K, V>;
  /** Only of keys that the base has: their order is the base's. */
  readonly replaced: ReadonlyMap<K, V>;

  constructor(base: ReadonlyMap<K, V>, replaced: ReadonlyMap<K, V>) {
    this.base = base;
    this.replaced = replaced;
  }

  get size(): number {
    return this.base.size;
  }

  get(key: K): V | undefined {
    return this.replaced.has(key) ? this.replaced.get(key) : this.base.get(key);
  }

  has(key: K): boolean {
    return this.base.has(key);
  }

  forEach(visit: (value: V, key: K, map: ReadonlyMap<K, V>) => void): void {
    for (const [key, value] of this) visit(value, key, this);
  }

  keys(): MapIterator<K> {
    return this.base.keys();
  }

  *values(): Generator<V, undefined> {
    for (const [, value] of this) yield value;
    return undefined;
  }

  *entries(): Generator<[K, V], undefined> {
    for (const [key, value] of this.base) yield [key, this.replaced.has(key) ? (this.replaced.get(key) as V) : value];
    return undefined;
  }

  [Symbol.iterator](): Generator<[K, V], undefined> {
    return this.entries();
  }
}

/** Keys under which two maps may have other values; all of them where nothing is known of how they came about. */
export function changedKeys<K, V>(a: ReadonlyMap<K, V>, b: ReadonlyMap<K, V>): Iterable<K> {
  if (a === b) return [];
  const [known, other] = [a, b].map((map) =>
    map instanceof ReplacedMap ? (map as ReplacedMap<K, V>) : new ReplacedMap<K, V>(map, new Map()),
  );
  if (known === undefined || other === undefined || known.base !== other.base) return b.keys();
  return new Set([...known.replaced.keys(), ...other.replaced.keys()]);
}

/** The same map with another value of a key that it has, in the same order. */
export function withReplaced<K, V>(map: ReadonlyMap<K, V>, key: K, value: V): ReadonlyMap<K, V> {
  if (!(map instanceof ReplacedMap)) return new ReplacedMap(map, new Map([[key, value]]));
  const known = map as ReplacedMap<K, V>;
  const replaced = new Map(known.replaced).set(key, value);
  return replaced.size > mostReplaced ? new Map(known).set(key, value) : new ReplacedMap(known.base, replaced);
}
