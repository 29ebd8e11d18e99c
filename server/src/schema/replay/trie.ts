/**
 * A persistent map of names: a step shares with the one before all that it does not change, and two that came of each other
 * are compared at the cost of what differs.
 */

interface Leaf<V> {
  readonly hash: number;
  readonly key: string;
  readonly value: V;
}

/** Keys of one hash. */
interface Bucket<V> {
  readonly hash: number;
  readonly leaves: readonly Leaf<V>[];
}

interface Branch<V> {
  /** A bit for each child that is there. */
  readonly bits: number;
  readonly children: readonly Node<V>[];
}

type Node<V> = Leaf<V> | Bucket<V> | Branch<V>;

const width = 5;
const mask = 31;

function hashOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return hash;
}

const isLeaf = <V>(node: Node<V>): node is Leaf<V> => "key" in node;
const isBranch = <V>(node: Node<V>): node is Branch<V> => "bits" in node;

function countBits(bits: number): number {
  let left = bits - ((bits >>> 1) & 0x55555555);
  left = (left & 0x33333333) + ((left >>> 2) & 0x33333333);
  return Math.imul((left + (left >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

const bitAt = (hash: number, shift: number): number => 1 << ((hash >>> shift) & mask);
const placeOf = (bits: number, bit: number): number => countBits(bits & (bit - 1));

function findLeaf<V>(root: Node<V> | undefined, key: string, hash: number): Leaf<V> | undefined {
  let node = root;
  for (let shift = 0; node !== undefined && isBranch(node); shift += width) {
    const bit = bitAt(hash, shift);
    node = (node.bits & bit) === 0 ? undefined : node.children[placeOf(node.bits, bit)];
  }
  if (node === undefined) return undefined;
  if (isLeaf(node)) return node.key === key ? node : undefined;
  return isBranch(node) ? undefined : node.leaves.find((leaf) => leaf.key === key);
}

function replaced<T>(list: readonly T[], at: number, item: T): readonly T[] {
  const copy = list.slice();
  copy[at] = item;
  return copy;
}

function inserted<T>(list: readonly T[], at: number, item: T): readonly T[] {
  const copy = list.slice();
  copy.splice(at, 0, item);
  return copy;
}

/** Both below one branch, or in one bucket where the hashes are the same. */
function joined<V>(one: Leaf<V> | Bucket<V>, leaf: Leaf<V>, shift: number): Node<V> {
  if (one.hash === leaf.hash) return { hash: leaf.hash, leaves: [...(isLeaf(one) ? [one] : one.leaves), leaf] };
  const [a, b] = [bitAt(one.hash, shift), bitAt(leaf.hash, shift)];
  if (a === b) return { bits: a, children: [joined(one, leaf, shift + width)] };
  return { bits: a | b, children: a >>> 0 < b >>> 0 ? [one, leaf] : [leaf, one] };
}

function put<V>(node: Node<V> | undefined, leaf: Leaf<V>, shift: number): Node<V> {
  if (node === undefined) return leaf;
  if (isBranch(node)) {
    const bit = bitAt(leaf.hash, shift);
    const at = placeOf(node.bits, bit);
    return (node.bits & bit) === 0
      ? { bits: node.bits | bit, children: inserted(node.children, at, leaf) }
      : { bits: node.bits, children: replaced(node.children, at, put(node.children[at], leaf, shift + width)) };
  }
  if (isLeaf(node)) return node.key === leaf.key ? leaf : joined(node, leaf, shift);
  const at = node.leaves.findIndex(({ key }) => key === leaf.key);
  return at < 0 ? joined(node, leaf, shift) : { hash: node.hash, leaves: replaced(node.leaves, at, leaf) };
}

/** @param leaf one that is there */
function without<V>(node: Node<V>, leaf: Leaf<V>, shift: number): Node<V> | undefined {
  if (isLeaf(node)) return undefined;
  if (!isBranch(node)) {
    const leaves = node.leaves.filter((one) => one !== leaf);
    return leaves.length === 1 ? leaves[0] : { hash: node.hash, leaves };
  }
  const bit = bitAt(leaf.hash, shift);
  const at = placeOf(node.bits, bit);
  const child = node.children[at];
  const left = child && without(child, leaf, shift + width);
  if (left !== undefined) {
    // A single key stands as high as it can, so that the same keys always give the same shape.
    if (node.children.length === 1 && !isBranch(left)) return left;
    return { bits: node.bits, children: replaced(node.children, at, left) };
  }
  const children = node.children.filter((_, index) => index !== at);
  const [only] = children;
  if (only === undefined) return undefined;
  return children.length === 1 && !isBranch(only) ? only : { bits: node.bits & ~bit, children };
}

function* leavesIn<V>(node: Node<V> | undefined): Generator<Leaf<V>, undefined> {
  if (node === undefined) return undefined;
  if (isLeaf(node)) yield node;
  else if (isBranch(node)) for (const child of node.children) yield* leavesIn(child);
  else yield* node.leaves;
  return undefined;
}

function collectUnlike<V>(a: Node<V> | undefined, b: Node<V> | undefined, into: string[]): void {
  if (a === b) return;
  if (a && b && isBranch(a) && isBranch(b)) {
    for (let left = a.bits | b.bits; left !== 0; left &= left - 1) {
      const bit = left & -left;
      const childOf = ({ bits, children }: Branch<V>): Node<V> | undefined =>
        (bits & bit) === 0 ? undefined : children[placeOf(bits, bit)];
      collectUnlike(childOf(a), childOf(b), into);
    }
    return;
  }
  const others = new Map([...leavesIn(b)].map(({ key, value }) => [key, value]));
  for (const { key, value } of leavesIn(a)) {
    if (!others.has(key) || others.get(key) !== value) into.push(key);
    others.delete(key);
  }
  into.push(...others.keys());
}

export class Trie<V> {
  static readonly #empty = new Trie<never>(undefined);
  readonly #root: Node<V> | undefined;

  private constructor(root: Node<V> | undefined) {
    this.#root = root;
  }

  static empty<V>(): Trie<V> {
    return Trie.#empty as Trie<V>;
  }

  get(key: string): V | undefined {
    return findLeaf(this.#root, key, hashOf(key))?.value;
  }

  has(key: string): boolean {
    return findLeaf(this.#root, key, hashOf(key)) !== undefined;
  }

  /** The same where it has that value already. */
  set(key: string, value: V): Trie<V> {
    const hash = hashOf(key);
    const known = findLeaf(this.#root, key, hash);
    return known !== undefined && known.value === value ? this : new Trie(put(this.#root, { hash, key, value }, 0));
  }

  delete(key: string): Trie<V> {
    const leaf = findLeaf(this.#root, key, hashOf(key));
    if (leaf === undefined || this.#root === undefined) return this;
    return new Trie(without(this.#root, leaf, 0));
  }

  /** In the order of the keys. */
  entries(): readonly (readonly [key: string, value: V])[] {
    return [...leavesIn(this.#root)]
      .map(({ key, value }) => [key, value] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1));
  }

  /** The keys that one has and the other has not, or with another value; in their order. */
  unlike(other: Trie<V>): readonly string[] {
    const keys: string[] = [];
    collectUnlike(this.#root, other.#root, keys);
    return keys.sort((a, b) => (a < b ? -1 : 1));
  }
}
